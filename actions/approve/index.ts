import { implement } from "@augeo/action-kit";
import { approve } from "./approve.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: approve });
