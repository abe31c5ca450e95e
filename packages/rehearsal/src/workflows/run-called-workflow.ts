import { join } from "node:path";
import { asText, type Contexts, interpolateAll, type Scope, type Value } from "./expressions.ts";
import { inGroup } from "./in-group.ts";
import { conclusionOf, type Frame, type JobEnd, type ReadyJob, runJobs } from "./run-jobs.ts";
import { type Mapping, mapping, optional, readWorkflow } from "./workflow-file.ts";

/** Source: changelog of 2025-11-06. */
const DEEPEST = 10;

/** A job that calls a reusable workflow. */
export async function runCalledWorkflow(ready: ReadyJob): Promise<JobEnd> {
  const { frame, job } = ready;
  if (frame.depth + 1 >= DEEPEST) throw new Error(`reusable workflows are nested deeper than ${DEEPEST}`);
  const { root, path } = locate(String(job.raw.uses), frame);
  const file = readWorkflow(join(root, path), path);
  const call = file.on.workflow_call;
  if (call === undefined) throw new Error(`${path}: 'workflow_call' is missing, it cannot be called`);
  const declared = optional(call, "workflow_call");
  const scope: Scope = { contexts: { ...ready.contexts, secrets: frame.secrets }, status: "success" };
  const inputs = readInputs(optional(declared.inputs, "inputs"), interpolateAll(job.raw.with ?? {}, scope), path);
  const secrets = readSecrets(job.raw.secrets, frame, scope);
  const contexts = { github: frame.contexts.github ?? null, vars: frame.contexts.vars ?? null, inputs, secrets };
  const called: Frame = {
    ...frame,
    ...{
      file,
      root,
      contexts,
      secrets,
      permissions: ready.permissions,
      prefix: `${ready.check} / `,
      depth: frame.depth + 1,
    },
  };
  const group =
    file.concurrency === undefined ? undefined : interpolateAll(file.concurrency, { contexts, status: "success" });
  const run = async (): Promise<JobEnd> => ended(await runJobs(called), called, declared);
  return inGroup(frame.state, group, run, () => ({ result: "cancelled", outputs: {}, failed: false }));
}

function locate(uses: string, frame: Frame): { root: string; path: string } {
  if (uses.startsWith("$/") || uses.startsWith("./")) return { root: frame.root, path: uses.slice(2) };
  const [, repository = "", path = ""] = /^([^/@]+\/[^/@]+)\/(\.github\/workflows\/[^/@]+)@.+$/.exec(uses) ?? [];
  const root = frame.state.github.uses.repositories[repository];
  if (root === undefined) throw new Error(`the local runner does not know the workflow ${uses}`);
  return { root, path };
}

/** Types and requirements are enforced when a workflow is called. Source: docs.github.com, `on.workflow_call.inputs`. */
export function readInputs(declared: Mapping, given: Value, path: string): Record<string, Value> {
  const values = mapping(given, `${path}: with`);
  for (const name of Object.keys(values))
    if (declared[name] === undefined) throw new Error(`${path}: invalid input, ${name} is not defined`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, declaration]) => {
      const { type, required, default: fallback } = optional(declaration, name);
      const value = values[name];
      if (value === undefined && required === true)
        throw new Error(`${path}: input ${name} is required, but not provided`);
      return [name, typed(value ?? fallback ?? null, type ?? "string", `${path}: input ${name}`)];
    }),
  );
}

function typed(value: Value, type: Value, where: string): Value {
  if (value === null) return type === "boolean" ? false : type === "number" ? 0 : "";
  if (type === "boolean" || type === "number") {
    if (typeof value !== type) throw new Error(`${where}: ${JSON.stringify(value)} is not a ${type}`);
    return value;
  }
  return asText(value);
}

function readSecrets(value: Value | undefined, frame: Frame, scope: Scope): Record<string, string> {
  const token = { GITHUB_TOKEN: frame.secrets.GITHUB_TOKEN ?? "" };
  if (value === "inherit") return { ...frame.secrets };
  const given = Object.entries(mapping(interpolateAll(value ?? {}, scope), "secrets"));
  return { ...token, ...Object.fromEntries(given.map(([name, secret]) => [name, asText(secret)])) };
}

function ended(ends: Readonly<Record<string, JobEnd>>, { file, contexts }: Frame, declared: Mapping): JobEnd {
  const jobs = Object.fromEntries(Object.entries(ends).map(([id, { result, outputs }]) => [id, { result, outputs }]));
  const scope: Scope = { contexts: { ...(contexts as Contexts), jobs }, status: "success" };
  const outputs = Object.entries(optional(declared.outputs, `${file.path}: outputs`)).map(([name, output]) => {
    return [name, asText(interpolateAll(mapping(output, name).value ?? "", scope))];
  });
  const result = conclusionOf(ends);
  return { result, outputs: Object.fromEntries(outputs), failed: result === "failure" };
}
