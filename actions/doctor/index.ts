import { implement } from "@augeo/action-kit";
import { examine } from "./examine.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: examine });
