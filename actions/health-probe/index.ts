import { implement } from "@augeo/action-kit";
import { probeHealth } from "./probe-health.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: probeHealth });
