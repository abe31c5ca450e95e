import { implement } from "@augeo/action-kit";
import { changeFreeze } from "./change-freeze.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: changeFreeze });
