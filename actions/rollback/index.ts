import { implement } from "@augeo/action-kit";
import { rollBack, undoRollBack } from "./roll-back.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: rollBack, post: undoRollBack });
