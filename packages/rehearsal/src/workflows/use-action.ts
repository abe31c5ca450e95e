import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { type ActionFile, type CompositeAction, type JavaScriptAction, readAction } from "./action-file.ts";
import { asText, type Contexts, holds, interpolateAll, type Scope } from "./expressions.ts";
import { collect, type Ran } from "./run-script.ts";
import { type Level, runSteps, type StepSetting, scopeOf, texts } from "./run-steps.ts";
import { runProcess, StepFiles } from "./step-process.ts";
import { optional } from "./workflow-file.ts";

/** A third-party action as this runner plays it. */
export type StandIn = (
  inputs: Readonly<Record<string, string>>,
  setting: StepSetting,
) => Promise<Record<string, string>>;

/** Where actions come from. */
export interface Uses {
  /** `owner/repo` → folder of its checked-out root. */
  readonly repositories: Readonly<Record<string, string>>;
  /** `owner/repo` or `owner/repo/path` → what plays it. */
  readonly standIns: Readonly<Record<string, StandIn>>;
  /** Stand in for what an action declares where its user gives nothing: shorter times than anyone needs in earnest. */
  readonly defaults?: Readonly<Record<string, string>>;
}

/** Source: actions/runner, nested composites. */
const DEEPEST = 9;

export async function useAction(setting: StepSetting): Promise<Ran> {
  const uses = String(setting.step.uses);
  const given = texts(optional(setting.step.with, `${uses}: with`), setting.scope);
  const found = locate(uses, setting.level);
  if (typeof found === "function") return { ok: true, outputs: await found(given, setting) };
  const action = readAction(found.folder, found.root);
  const inputs = inputsOf(action, given, setting);
  return action.kind === "javascript"
    ? useJavaScript(action, inputs, setting, uses)
    : useComposite(action, inputs, setting);
}

function locate(uses: string, level: Level): StandIn | { folder: string; root: string } {
  if (uses.startsWith("$/")) return { folder: join(level.root, uses.slice(2)), root: level.root };
  // The classic trap: inside a composite this is the caller's workspace too.
  if (uses.startsWith("./")) return { folder: resolve(level.job.workspace, uses), root: level.job.workspace };
  const parts = /^([^/@]+\/[^/@]+)(\/[^@]*)?@(.+)$/.exec(uses);
  const [, repository = "", path = ""] = parts ?? [];
  const standIn = level.uses.standIns[`${repository}${path}`];
  if (standIn !== undefined) return standIn;
  const root = level.uses.repositories[repository];
  if (root === undefined) throw new Error(`the local runner has no stand-in for ${uses}`);
  return { folder: join(root, path), root };
}

function inputsOf(action: ActionFile, given: Record<string, string>, setting: StepSetting): Record<string, string> {
  const { job, uses } = setting.level;
  for (const name of Object.keys(given)) {
    if (!(name.toLowerCase() in lower(action.inputs))) {
      const valid = Object.keys(action.inputs).map((input) => `'${input}'`);
      job.log.take(`::warning::Unexpected input(s) '${name}', valid inputs are [${valid.join(", ")}]`);
    }
  }
  const scope = job.scope(setting.level.contexts);
  const defaults = Object.entries(action.inputs).map(([name, value]) => {
    return [name, value === undefined ? "" : (uses.defaults?.[name] ?? asText(interpolateAll(value, scope)))];
  });
  return { ...Object.fromEntries(defaults), ...given };
}

function lower(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
}

async function useJavaScript(
  action: JavaScriptAction,
  inputs: Record<string, string>,
  setting: StepSetting,
  uses: string,
): Promise<Ran> {
  const { job } = setting.level;
  const env = { ...setting.env, ...inputVariables(inputs), ...reference(uses) };
  // A step that began has its post, also when it failed. Source: actions/runner.
  let state: Record<string, string> = {};
  if (action.post !== undefined) {
    const script = join(action.folder, action.post);
    job.posts.push(() => runPost(script, action, { ...env, ...stateVariables(state) }, setting));
  }
  const ok = await runNode(join(action.folder, action.main), env, setting, setting.files);
  if (!job.lost.aborted) state = setting.files.pairs("STATE");
  return collect(setting, ok);
}

async function runPost(
  script: string,
  action: JavaScriptAction,
  env: Record<string, string>,
  setting: StepSetting,
): Promise<void> {
  const { job } = setting.level;
  const name = `Post ${setting.name}`;
  const scope: Scope = job.scope(setting.level.contexts);
  if (job.lost.aborted || !holds(action.postIf, scope)) return;
  const files = new StepFiles(join(job.temp, `files-${randomUUID()}`));
  job.log.write(`── ${name}`);
  const from = job.log.annotations.length;
  const began = Date.now();
  const ok = await runNode(script, env, { ...setting, cancelled: new AbortController().signal }, files);
  const outcome = ok ? "success" : "failure";
  const annotations = job.log.annotations.slice(from);
  const times = { began, ended: Date.now() };
  const summary = job.log.masked(files.summary());
  job.finished({ name, ...times, outcome, conclusion: outcome, summary, annotations, post: true });
  if (!ok && job.status === "success") job.status = "failure";
}

async function runNode(
  script: string,
  env: Record<string, string>,
  setting: StepSetting,
  files: StepFiles,
): Promise<boolean> {
  const { job } = setting.level;
  const ended = await runProcess({
    command: job.setting.node,
    args: [script],
    cwd: job.workspace,
    env: job.environment({ ...env, ...files.env }),
    cancelled: setting.cancelled,
    lost: job.lost,
    budget: job.setting.budget,
    timeout: setting.timeout,
    onLine: (line) => job.log.take(line),
  });
  return ended.exitCode === 0 && !ended.timedOut;
}

/** Spaces become underscores, letters upper case, hyphens stay. Source: actions/runner. */
function inputVariables(inputs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]),
  );
}

function stateVariables(state: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
}

function reference(uses: string): Record<string, string> {
  const [, repository, , ref] = /^([^/@]+\/[^/@]+)(\/[^@]*)?@(.+)$/.exec(uses) ?? [];
  return repository === undefined ? {} : { GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref ?? "" };
}

/** Contexts a composite's steps may name; secrets, vars and needs are not among them. Source: actions/runner. */
const COMPOSITE_CONTEXTS = ["github", "strategy", "matrix", "job", "runner"];

async function useComposite(
  action: CompositeAction,
  inputs: Record<string, string>,
  setting: StepSetting,
): Promise<Ran> {
  const outer = setting.level;
  if (outer.depth >= DEEPEST) throw new Error(`actions are nested deeper than ${DEEPEST}`);
  const kept = Object.entries(outer.contexts).filter(([name]) => COMPOSITE_CONTEXTS.includes(name));
  const contexts: Contexts = { ...Object.fromEntries(kept), inputs };
  const level: Level = {
    ...outer,
    contexts,
    env: setting.env,
    defaults: {},
    root: action.root,
    depth: outer.depth + 1,
    records: {},
    status: "success",
  };
  await runSteps(action.steps, level);
  const scope = scopeOf(level, setting.env);
  return { ok: level.status === "success", outputs: texts(action.outputs, scope) };
}
