import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Value } from "./expressions.ts";
import { workflowParser } from "./github-parser.ts";

export type Mapping = { readonly [key: string]: Value };

/** A workflow file as it is written; nothing is evaluated yet. */
export interface WorkflowFile {
  /** Relative to its repository: `.github/workflows/x.yml`. */
  readonly path: string;
  readonly name: string;
  readonly runName: string | undefined;
  readonly on: Mapping;
  readonly env: Mapping;
  readonly permissions: Value | undefined;
  readonly concurrency: Value | undefined;
  readonly defaults: Mapping;
  readonly jobs: Readonly<Record<string, JobFile>>;
}

export interface JobFile {
  readonly id: string;
  readonly needs: readonly string[];
  readonly raw: Mapping;
  readonly steps: readonly StepFile[];
}

export interface StepFile {
  readonly id: string | undefined;
  readonly raw: Mapping;
}

/** What the runner knows how to do. Whatever else a file holds is an error, never silently ignored. */
const KNOWN = {
  workflow: ["name", "run-name", "on", "env", "permissions", "concurrency", "defaults", "jobs"],
  job: [
    ...["name", "needs", "if", "permissions", "runs-on", "environment", "concurrency", "outputs", "env", "defaults"],
    ...["steps", "timeout-minutes", "strategy", "continue-on-error", "uses", "with", "secrets"],
  ],
  step: [
    "id",
    "name",
    "if",
    "uses",
    "run",
    "with",
    "env",
    "shell",
    "working-directory",
    "continue-on-error",
    "timeout-minutes",
  ],
  strategy: ["matrix", "fail-fast", "max-parallel"],
} as const;

/** Reads a workflow. GitHub's own schema judges it first, then what this runner cannot do is refused by name. */
export function readWorkflow(file: string, path: string): WorkflowFile {
  const content = readFileSync(file, "utf8");
  const trace = new workflowParser.NoOperationTraceWriter();
  const errors = workflowParser.parseWorkflow({ name: path, content }, trace).context.errors.getErrors();
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join("\n"));
  const raw = mapping(parse(content, { merge: true }), path);
  known(raw, "workflow", path);
  return {
    path,
    name: typeof raw.name === "string" ? raw.name : path,
    runName: typeof raw["run-name"] === "string" ? raw["run-name"] : undefined,
    on: triggers(raw.on ?? null),
    env: optional(raw.env, `${path}: env`),
    permissions: raw.permissions,
    concurrency: raw.concurrency,
    defaults: optional(raw.defaults, `${path}: defaults`),
    jobs: Object.fromEntries(
      Object.entries(mapping(raw.jobs ?? null, `${path}: jobs`)).map(([id, job]) => [id, readJob(id, job, path)]),
    ),
  };
}

function readJob(id: string, value: Value, path: string): JobFile {
  const where = `${path}: job ${id}`;
  const raw = mapping(value, where);
  known(raw, "job", where);
  if (raw.strategy !== undefined) known(mapping(raw.strategy, where), "strategy", where);
  return { id, raw, needs: texts(raw.needs ?? []), steps: readSteps(raw.steps ?? [], where) };
}

export function readSteps(value: Value, where: string): StepFile[] {
  if (!Array.isArray(value)) throw new Error(`${where}: steps is a list`);
  return value.map((item, index) => {
    const raw = mapping(item, `${where}, step ${index + 1}`);
    known(raw, "step", `${where}, step ${index + 1}`);
    return { id: typeof raw.id === "string" ? raw.id : undefined, raw };
  });
}

function triggers(on: Value): Mapping {
  if (typeof on === "string") return { [on]: null };
  if (Array.isArray(on)) return Object.fromEntries(on.map((event) => [String(event), null]));
  return mapping(on, "on");
}

function known(raw: Mapping, kind: keyof typeof KNOWN, where: string): void {
  const names: readonly string[] = KNOWN[kind];
  const unknown = Object.keys(raw).filter((key) => !names.includes(key));
  if (unknown.length > 0) throw new Error(`${where}: the local runner does not know ${unknown.join(", ")}`);
}

export function texts(value: Value): string[] {
  return typeof value === "string" ? [value] : Array.isArray(value) ? value.map(String) : [];
}

export function optional(value: Value | undefined, where: string): Mapping {
  return value === undefined || value === null ? {} : mapping(value, where);
}

export function mapping(value: unknown, where: string): Mapping {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error(`${where} is not a mapping`);
  return value as Mapping;
}
