/** The starter workflows, fitted to the environments and the folder of one repository. */
import type { Settings } from "../settings/settings.ts";

interface Job {
  readonly name: string;
  readonly text: string;
}

/** The environments that the starters are written for. */
const WRITTEN_FOR = ["dev", "staging", "production"];
/** What the reusable workflows take without being told. */
const DEFAULT_HEALTH_PATH = "/health/ready";

/** Stands in place of deploy.yml where a front end goes out as well, and names its folders: copied by hand. */
export const BY_HAND: ReadonlySet<string> = new Set(["deploy-full-stack.yml"]);

export interface StarterChoice {
  readonly settings: Pick<Settings, "package" | "health-path" | "environments">;
  readonly defaultBranch: string;
}

/** One starter as a repository has it. For the three usual environments nothing but the branch is different. */
export function fitStarter(text: string, { settings, defaultBranch }: StarterChoice): string {
  const names = settings.environments.map(({ name }) => name);
  const fitted = replaceLists(withStages(text.replaceAll("$default-branch", defaultBranch), names), names);
  return withFolder(withHealthPath(fitted, settings["health-path"]), settings.package);
}

/** A job for each environment, one after the other. */
function withStages(text: string, names: readonly string[]): string {
  const { head, jobs } = jobsOf(text);
  const stages = jobs.filter(isStage);
  const first = stages[0];
  if (first === undefined) return text;
  const written = stages.map(({ name }) => name);
  const fitted = names.map((name, index) => {
    const model = index === 0 ? first : (stages.find((stage) => stage.name === name) ?? stages.at(-1) ?? first);
    return stageFrom(index > 0 && model === first ? (stages[1] ?? first) : model, name, names[index - 1]);
  });
  const at = jobs.indexOf(first);
  const others = jobs.filter((job) => !isStage(job));
  const before = others.filter((job) => jobs.indexOf(job) < at);
  const after = others.filter((job) => jobs.indexOf(job) > at);
  const rest = after.map(({ text: job }) => withNeeds(job, (needs) => replaceRun(needs, written, names)));
  return [head, ...before.map((job) => job.text), ...fitted, ...rest].join("");
}

function isStage({ text }: Job): boolean {
  return /^ {4}uses: .*\/deploy-backend\.yml/m.test(text);
}

/** Everything to `jobs:`, and each job with the comment above it. */
function jobsOf(text: string): { head: string; jobs: Job[] } {
  const start = /^jobs:\n/m.exec(text);
  if (start === null) return { head: text, jobs: [] };
  const from = start.index + start[0].length;
  const parts = text.slice(from).split(/^(?=(?: {2}#[^\n]*\n)* {2}[\w-]+:\s*(?:#[^\n]*)?\n)/m);
  const jobs = joinComments(parts).map((part) => ({ name: /^ {2}([\w-]+):/m.exec(part)?.[1] ?? "", text: part }));
  return { head: text.slice(0, from), jobs };
}

/** The split above cuts before each line of a comment: its lines belong together with the job below. */
function joinComments(parts: readonly string[]): string[] {
  const joined: string[] = [];
  let pending = "";
  for (const part of parts) {
    pending += part;
    if (!/^ {2}[\w-]+:/m.test(part)) continue;
    joined.push(pending);
    pending = "";
  }
  return pending === "" ? joined : [...joined, pending];
}

function stageFrom({ name: model, text }: Job, name: string, previous: string | undefined): string {
  const renamed = text.replace(`  ${model}:`, `  ${jobId(name)}:`).replace(/^( +environment: )\S+$/m, `$1${name}`);
  return withNeeds(renamed, (needs) => {
    const builds = needs.filter((need) => !WRITTEN_FOR.includes(need));
    return previous === undefined ? builds : [...builds, jobId(previous)];
  });
}

/** Ids of jobs take no dot. */
function jobId(environment: string): string {
  return environment.replaceAll(".", "-");
}

function withNeeds(job: string, change: (needs: string[]) => string[]): string {
  return job.replace(/^( {4}needs: )(.+)$/m, (_, key: string, value: string) => {
    const needs = change(
      value
        .replaceAll(/[[\]]/g, "")
        .split(",")
        .map((one) => one.trim()),
    );
    return `${key}${needs.length === 1 ? needs[0] : `[${needs.join(", ")}]`}`;
  });
}

/** The first of `run` gives way to `names`, the others go. */
function replaceRun(list: readonly string[], run: readonly string[], names: readonly string[]): string[] {
  const first = list.findIndex((one) => run.includes(one));
  if (first < 0) return [...list];
  return list.flatMap((one, index) => (index === first ? names.map(jobId) : run.includes(one) ? [] : [one]));
}

/** Lists that name the usual environments, as a matrix does. */
function replaceLists(text: string, names: readonly string[]): string {
  return text.replaceAll(`[${WRITTEN_FOR.join(", ")}]`, `[${names.join(", ")}]`);
}

function withHealthPath(text: string, paths: readonly string[]): string {
  if (paths.length === 1 && paths[0] === DEFAULT_HEALTH_PATH) return text;
  const value = paths.length === 1 ? paths[0] : `|\n        ${paths.join("\n        ")}`;
  return text.replaceAll(
    /^( {6})(environment: (?!\S+:)\S.*)$/gm,
    (line, indent: string) => `${line}\n${indent}health-path: ${value}`,
  );
}

/** Where the app lies in a folder of its repository: what is uploaded, what counts as a change, where the gate works. */
function withFolder(text: string, folder: string): string {
  if (folder === ".") return text;
  const uploaded = text.replace(/^( +)path: \.$/m, `$1path: ${folder}`).replace(/^( +PATHS: )\. /m, `$1${folder} `);
  return uploaded.replace(
    /^( {4}uses: \S*\/migration-gate\.yml@\S+)\n(?! {4}with:)/m,
    `$1\n    with:\n      working-directory: ${folder}\n`,
  );
}
