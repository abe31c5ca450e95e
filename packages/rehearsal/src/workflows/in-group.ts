import type { GroupRule } from "./concurrency.ts";
import type { Value } from "./expressions.ts";
import { mapping } from "./workflow-file.ts";
import type { RunState } from "./workflow-run.ts";

/** Runs work inside its concurrency group, when it has one; `refused` gives the end of work that never began. */
export async function inGroup<T>(
  state: RunState,
  group: Value | undefined,
  work: () => Promise<T>,
  refused: () => T,
): Promise<T> {
  if (group === undefined || group === null) return work();
  const member = { cancel: () => state.cancelled.abort() };
  const leave = await state.github.groups.enter(readRule(group), member);
  if (leave === undefined) return refused();
  try {
    return await work();
  } finally {
    leave();
  }
}

function readRule(value: Value): GroupRule {
  if (typeof value === "string") return { group: value, cancelInProgress: false, queue: "single" };
  const rule = mapping(value, "concurrency");
  if (rule.queue !== undefined && rule.queue !== "single" && rule.queue !== "max")
    throw new Error(`concurrency.queue: ${rule.queue}`);
  const queue = rule.queue === "max" ? "max" : "single";
  return { group: String(rule.group), cancelInProgress: rule["cancel-in-progress"] === true, queue };
}
