import { implement } from "@augeo/action-kit";
import { closeLeftAccess } from "./database-access.ts";
import { judgeMigrations } from "./judge-migrations.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, {
  main: judgeMigrations,
  post: (context) => closeLeftAccess(context, context.inputs),
});
