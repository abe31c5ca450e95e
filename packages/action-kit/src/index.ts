export { explain, Interrupted, ServiceError, UsageError } from "@augeo/release";
export { systemClock } from "./clock.ts";
export { formatDuration, type Milliseconds, parseDuration } from "./duration.ts";
export { type Action, type ActionContext, type Implementation, implement, type Journal } from "./implement.ts";
export {
  appInputs,
  azureInputs,
  databaseAccessInputs,
  databaseInputs,
  githubInputs,
  ledgerInputs,
  optionalAzureInputs,
  releaseInputs,
} from "./input-groups.ts";
export { type Reading, readInput } from "./input-kinds.ts";
export { type AnnotationPlace, createLog, type Log } from "./log.ts";
export { closest } from "./near-misses.ts";
export { type Environment, inputVariable, parseInputs } from "./parse-inputs.ts";
export { runAction } from "./run-action.ts";
export type { RunInfo } from "./run-info.ts";
export {
  type ActionSpec,
  COMMON_OUTPUTS,
  COMMON_REASONS,
  type Decision,
  defineAction,
  type InputSpec,
  type InputSpecs,
  type InputsOf,
  type Json,
  type Outcome,
  type OutputSpecs,
  type PermissionSpecs,
  type ReasonSpecs,
} from "./spec.ts";
export { stripControls } from "./workflow-command.ts";
