import { implement } from "@augeo/action-kit";
import { reconcile } from "./reconcile.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: reconcile });
