import { implement } from "@augeo/action-kit";
import { spec } from "./spec.ts";
import { swapSlots, undoSwap } from "./swap-slots.ts";

export const action = implement(spec, { main: swapSlots, post: undoSwap });
