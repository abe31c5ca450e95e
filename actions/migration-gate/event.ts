import type { RunInfo } from "@augeo/action-kit";

type Run = Pick<RunInfo, "event" | "sha">;

/** What the event holds under a path of keys; undefined where it holds nothing there. */
function inEvent(run: Run, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => {
    const isObject = typeof value === "object" && value !== null;
    return isObject ? Reflect.get(value, key) : undefined;
  }, run.event());
}

export function pullRequestOf(run: Run): number | undefined {
  const number = inEvent(run, "pull_request", "number");
  return typeof number === "number" ? number : undefined;
}

/** Of a pull request its own head, and not the merge that was checked out: the head is what a branch rule looks at. */
export function headOf(run: Run): string {
  const head = inEvent(run, "pull_request", "head", "sha") ?? inEvent(run, "merge_group", "head_sha");
  return typeof head === "string" ? head : run.sha;
}

/** What a merge group stands on. */
export function mergeGroupBase(run: Run): string | undefined {
  const base = inEvent(run, "merge_group", "base_sha");
  return typeof base === "string" ? base : undefined;
}
