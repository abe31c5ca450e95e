import { execFileSync } from "node:child_process";
import { matchesGlob } from "node:path";
import type { Value } from "./expressions.ts";
import { type Mapping, optional, texts } from "./workflow-file.ts";
import type { GitHubSetting, Trigger } from "./workflow-run.ts";

/** Filters of `on.push` and `on.pull_request` that are played. Source: docs.github.com, workflow syntax, `on`. */
const FILTERS = ["branches", "branches-ignore", "paths", "paths-ignore", "types"];
/** Events that nothing filters here. */
const FREE = ["workflow_dispatch", "schedule", "workflow_run", "merge_group"];

/** Why the event starts no run of this workflow; undefined when it does. Unknown filters throw. */
export function filteredOut(event: Value | undefined, trigger: Trigger, github: GitHubSetting): string | undefined {
  if (FREE.includes(trigger.event)) return undefined;
  const filters = optional(event, `on.${trigger.event}`);
  const unknown = Object.keys(filters).filter((name) => !FILTERS.includes(name));
  if (unknown.length > 0) throw new Error(`the local runner does not know on.${trigger.event}.${unknown.join(", ")}`);
  const branch = trigger.ref.replace(/^refs\/(heads|tags)\//, "");
  if (trigger.event === "push" && !passes(filters, "branches", [branch])) return `branch ${branch}`;
  if (!passes(filters, "paths", changedPaths(filters, trigger, github))) return "no path that matches was changed";
  return undefined;
}

/** One match suffices; a leading `!` takes matches back. With `-ignore`, one value that is not ignored suffices. */
function passes(filters: Mapping, name: "branches" | "paths", values: readonly string[]): boolean {
  const wanted = filters[name];
  if (wanted !== undefined && wanted !== null) return values.some((value) => selects(texts(wanted), value));
  const ignored = filters[`${name}-ignore`];
  return ignored === undefined || ignored === null || values.some((value) => !selects(texts(ignored), value));
}

function selects(patterns: readonly string[], value: string): boolean {
  return patterns.reduce((selected, pattern) => {
    if (pattern.startsWith("!")) return selected && !matchesGlob(value, pattern.slice(1));
    return selected || matchesGlob(value, pattern);
  }, false);
}

/** What a push brought: the difference between the two commits that its event names. */
function changedPaths(filters: Mapping, { sha, payload }: Trigger, { repository }: GitHubSetting): string[] {
  if (filters.paths === undefined && filters["paths-ignore"] === undefined) return [];
  const before = String(payload?.before ?? `${sha}^`);
  const args = ["-C", repository.folder, "diff", "--name-only", before, sha];
  return execFileSync("git", args, { encoding: "utf8" }).split("\n").filter(Boolean);
}
