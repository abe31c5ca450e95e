import { implement } from "@augeo/action-kit";
import { runRelease, undoRelease } from "./release.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: runRelease, post: undoRelease });
