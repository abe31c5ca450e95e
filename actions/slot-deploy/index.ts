import { implement } from "@augeo/action-kit";
import { reportLeftover, slotDeploy } from "./slot-deploy.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: slotDeploy, post: reportLeftover });
