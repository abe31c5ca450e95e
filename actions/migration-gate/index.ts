import { implement } from "@augeo/action-kit";
import { judgeMigrations } from "./judge-migrations.ts";
import { spec } from "./spec.ts";

export const action = implement(spec, { main: judgeMigrations });
