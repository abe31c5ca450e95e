import { implement } from "@augeo/action-kit";
import { runCanary, undoCanary } from "./canary.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: runCanary, post: undoCanary });
