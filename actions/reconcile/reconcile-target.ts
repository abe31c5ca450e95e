import { type InputsOf, ServiceError, UsageError } from "@augeo/action-kit";
import type { AzureSession } from "@augeo/azure";
import {
  appendAll,
  describeAge,
  explainHold,
  explainUnreadable,
  type Head,
  type Held,
  isMeddledWith,
  isOver,
  releaseTable,
  type Standing,
  standingOf,
} from "@augeo/release";
import { connectionOf, type RunContext } from "../slot-swap/connection.ts";
import { askRun } from "../slot-swap/hold-lock.ts";
import { Timeline } from "../slot-swap/timeline.ts";
import { freeLock, settle, type Work } from "./act.ts";
import { failed, note, person, type Report } from "./finding.ts";
import { lookAround } from "./look-around.ts";
import { endLostDeployments } from "./lost-deployments.ts";
import type { spec } from "./spec.ts";
import { nameOfTarget, type Target } from "./target.ts";

export type Inputs = InputsOf<typeof spec>;

/** How often a head is read anew that others write at the same time. */
const ATTEMPTS = 5;

export interface Task {
  readonly inputs: Inputs;
  readonly target: Target;
  /** Hashes of the packages that are there; undefined where they were not listed. */
  readonly stored: ReadonlySet<string> | undefined;
}

/** Looks after one app and environment. What fails here is a finding: the other targets are still handled. */
export async function reconcileTarget(
  context: RunContext,
  azure: AzureSession,
  { inputs, target, stored }: Task,
): Promise<Report> {
  const connection = connectionOf(azure, { ...inputs, ...target });
  const work: Work = { context, inputs: { ...inputs, ...target }, connection, timeline: new Timeline(), findings: [] };
  let head: Head | undefined;
  try {
    head = await pursue(work);
    await endLostDeployments(work, head);
  } catch (error) {
    const isExplained = error instanceof ServiceError || error instanceof UsageError;
    if (context.signal.aborted || !isExplained) throw error;
    work.findings.push(failed(error));
  }
  return { ...reportOf(work, target, head), releases: head ? releaseTable(head, stored) : [] };
}

/** Ends what is open where that may be done, then looks around. The head as it was left; undefined without one. */
async function pursue(work: Work): Promise<Head | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const held = await readHeld(work);
    if (!held) return undefined;
    const { holder } = held.head;
    const run = holder ? await askRun(work.context, holder, work.inputs["github-token"]) : "over";
    const standing = standingOf(held.head, run, work.context.clock.now());
    const after = await attend(whereItIs(work, held.head), held, standing);
    if (after) return after.head;
  }
  work.findings.push(note("Other runs wrote the ledger the whole time; the next reconciler looks again."));
  return undefined;
}

/**
 * The ledger knows which slot its release is in. Looking into another one could only find what nobody expects, so what
 * `targets` says counts for a ledger without a release.
 */
function whereItIs(work: Work, { rollout }: Head): Work {
  const { inputs, connection, findings } = work;
  if (!rollout) return work;
  const { slot, resourceGroup } = rollout.place;
  const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  if (isSame(slot, inputs.slot) && isSame(resourceGroup, inputs["resource-group"])) return work;
  const what = `targets names slot ${inputs.slot} in ${inputs["resource-group"]}; the last release was in slot ${slot} in ${resourceGroup}, and that is looked at.`;
  if (!findings.some((each) => each.what === what)) findings.push(note(what));
  const there = { ...inputs, slot, "resource-group": resourceGroup };
  return { ...work, inputs: there, connection: connectionOf(connection.session, there) };
}

async function readHeld({ connection, findings }: Work): Promise<Held | undefined> {
  const { ledger } = connection;
  if (!ledger) throw new Error("reconcile runs with a ledger only");
  const read = await ledger.read();
  if (read.kind === "unreadable") findings.push(person(explainUnreadable(ledger.where, read)));
  if (read.kind === "absent") findings.push(note("The ledger knows no release of it."));
  if (read.kind !== "head") return undefined;
  // What a run that died between its write and its event left.
  await appendAll(ledger, read.head);
  return read;
}

/** Undefined: somebody wrote the head meanwhile, so it is to be read anew. */
async function attend(work: Work, held: Held, standing: Standing): Promise<Held | undefined> {
  switch (standing.kind) {
    case "led":
      work.findings.push(note(ledText(standing, work.context.clock.now())));
      return held;
    case "on-hold": {
      const { rollout } = standing;
      const { slots } = work.connection;
      // Nobody waits who would notice it; the engine takes the rest of the requests back.
      if (isMeddledWith(rollout, await slots.weight()))
        return settle(work, held, { rollout, how: "follow" }, await slots.observe());
      const { what, why, fix } = explainHold(rollout, standing.hold, work.context.clock.now());
      work.findings.push({ kind: "person", what: `${what} ${why}`, fix });
      return held;
    }
    case "needs-human":
      work.findings.push(person(needsHuman(held.head)));
      return lookAround(work, held, { mayAct: false });
    case "abandoned": {
      const settled = await settle(work, held, standing);
      return settled && isOver(settled.head.rollout) && !settled.head.holder
        ? lookAround(work, settled, { mayAct: true })
        : settled;
    }
    case "stale-lock": {
      const freed = await freeLock(work, held, standing.holder);
      return freed && lookAround(work, freed, { mayAct: true });
    }
    case "idle":
      return lookAround(work, held, { mayAct: true });
  }
}

function ledText({ holder, run }: Standing & { kind: "led" }, now: number): string {
  const who = `Run ${holder.url} of ${holder.actor} has held the lock for ${describeAge(now - holder.since)}`;
  if (run === "running") return `${who} and goes on: left alone.`;
  return `${who}, and GitHub did not say whether it is over: left alone. A run of another repository needs a github-token that may read it.`;
}

function needsHuman({ rollout }: Head) {
  const { reason, target } = rollout ?? {};
  return {
    what: reason?.what ?? `${target?.release ?? "The last release"} ended without a clear outcome.`,
    why: reason?.why ?? "",
    fix: reason?.fix ?? "See which release is live, then run the workflow again with accept-live: <that release>.",
  };
}

function reportOf({ context, timeline, findings }: Work, target: Target, head: Head | undefined): Report {
  const now = context.clock.now();
  const { holder = null, rollout = null, live = null } = head ?? {};
  return {
    name: nameOfTarget(target),
    live: live?.release ?? "",
    state: rollout ? `${rollout.phase} (${rollout.target.release}) for ${describeAge(now - rollout.since)}` : "",
    holder: holder ? `${holder.url} (${holder.actor}, ${describeAge(now - holder.since)})` : "",
    findings,
    moments: timeline.moments,
  };
}
