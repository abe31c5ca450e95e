import type { Clock } from "@augeo/release";
import type { Log } from "./log.ts";
import type { Environment } from "./parse-inputs.ts";
import type { RunInfo } from "./run-info.ts";
import type { ActionSpec, InputsOf, Json, Outcome } from "./spec.ts";

/** What one run began, kept by the runner for the action's own `post` step, also when the process is killed. */
export interface Journal {
  /** Resolves once the runner's state file holds the entry: await it before the act that it announces. */
  record(key: string, value: Json): Promise<void>;
  /** The latest entry under this key, of this process or of the `main` step. */
  read(key: string): Json | undefined;
}

export interface ActionContext<S extends ActionSpec = ActionSpec> {
  readonly inputs: InputsOf<S>;
  readonly log: Log;
  /** Aborted when the run is cancelled. Its reason is an `Interrupted`. */
  readonly signal: AbortSignal;
  /** Milliseconds until the runner kills this process; `Infinity` unless the run was cancelled. */
  readonly remaining: () => number;
  readonly journal: Journal;
  readonly run: RunInfo;
  readonly clock: Clock;
  readonly env: Environment;
}

export interface Implementation<S extends ActionSpec> {
  main(context: ActionContext<S>): Promise<Outcome<S>>;
  /** Runs after the job's other steps, whatever happened, unless the machine was lost. */
  post?(context: ActionContext<S>): Promise<void>;
}

/** A spec with its behaviour, the inputs' types hidden again: what `runAction` runs. */
export interface Action {
  readonly spec: ActionSpec;
  main(context: ActionContext): Promise<Outcome>;
  post?(context: ActionContext): Promise<void>;
}

/** Joins a spec with its behaviour. Nothing runs until the bundle's entry calls `runAction`. */
export function implement<S extends ActionSpec>(spec: S, implementation: Implementation<S>): Action {
  // runAction parses the inputs with this same spec, so the context it hands over is an ActionContext<S>.
  const { main, post } = implementation as unknown as Implementation<ActionSpec>;
  return { spec, main, ...(post === undefined ? {} : { post }) };
}
