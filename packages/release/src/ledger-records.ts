/**
 * What the ledger stores, one JSON document each: the head (mutable, compare-and-swap) and events (create-only).
 * Times are milliseconds since 1970 (UTC). Position and start times are stored, never timers.
 */
import type { Milliseconds } from "./ports.ts";

/** Version of the head's and the events' form that this code writes, and the newest it can read. */
export const LEDGER_SCHEMA = 3;

/** Who may act now: one workflow run. A re-run keeps the run id and raises the attempt, so it takes up its own claim. */
export interface Holder {
  /** `<owner>/<repo>/<run id>`. */
  claimId: string;
  repository: string;
  runId: string;
  attempt: number;
  actor: string;
  /** The run's page, for people. */
  url: string;
  since: Milliseconds;
}

/** A run that waits for the lock. Its place ends with its run, and with its patience in any case. */
export interface Waiter extends Omit<Holder, "since"> {
  asked: Milliseconds;
  until: Milliseconds;
}

/** A release as the ledger knows it. */
export interface ReleaseRecord {
  release: string;
  commit: string | null;
  /** SHA-256 of the stored package (`artifacts/<sha256>.zip`), null when none was stored. */
  artifact: string | null;
  /** Alembic head the release was built for. */
  schemaHead: string | null;
  /** When it went live; for the release under way, when it was prepared. */
  at: Milliseconds;
}

/** A change of the database's schema that a release made. */
export interface SchemaChange {
  from: string | null;
  to: string | null;
  /** `contract` changes take something away that older releases need. */
  kind: "expand" | "contract";
  release: string;
  at: Milliseconds;
}

export const PHASES = [
  "PREPARED",
  "EXPANDED",
  "STAGED",
  "CANARY",
  "PROMOTING",
  "WATCHING",
  "COMPLETED",
  "ROLLING_BACK",
  "ROLLED_BACK",
  "FAILED",
  "NEEDS_HUMAN",
] as const;
export type Phase = (typeof PHASES)[number];

/** A release id, or null for content that carries none. */
export type Identity = string | null;

/** An act that was begun: written before the act, taken away with its outcome. */
export interface Intent {
  op: "swap" | "route";
  opId: string;
  args: { weight: number | null };
  /** What was observed just before, and what the act relies on. */
  expect: { production: Identity; staging: Identity; weight: number };
  /** Where an accepted asynchronous operation can be asked for. */
  asyncUrl: string | null;
  startedAt: Milliseconds;
  /** After this moment the act is no longer waited for. */
  deadline: Milliseconds;
  /** When the service gave its last word, or the reply was lost; null while the act may be under way. */
  endedAt: Milliseconds | null;
  /** The service said yes to a change of the traffic. Absent in heads of schema 2 and before. */
  acknowledged: boolean;
  /** The service's refusal, in its words; null when it did not refuse. */
  refusal: { status: number | null; code: string | null; message: string; busy: boolean } | null;
}

export const REASON_CODES = [
  "gate",
  "stage-failed",
  "unhealthy",
  "unknown-health",
  "worse",
  "unproved",
  "weight-changed",
  "route-refused",
  "busy",
  "swap-refused",
  "swap-lost",
  "unreadable",
  "drift",
  "already-live",
  "swapped-by-hand",
  "cancelled",
  "abandoned",
  "aborted",
  "expired",
  "rollback-failed",
  "rollback-unhealthy",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** A flag on a phase: a manual gate, an inconclusive verdict. */
export interface Hold {
  reason: string;
  since: Milliseconds;
  deadline: Milliseconds | null;
  onDeadline: "proceed" | "rollback" | "stay";
  /** What a person decided meanwhile, written by another run; null until then. */
  lift: Lift | null;
}

/** A person's word on a hold. `judge`: the canary's step is judged again, with a longer window. */
export interface Lift {
  how: "promote" | "abort" | "judge";
  by: string;
  at: Milliseconds;
  why: string;
}

/** One stage of a canary: so much of production's requests, for so long. */
export interface RampStep {
  /** Percent, 1 to 99. */
  weight: number;
  duration: Milliseconds;
}

export type WhenUnsure = "hold" | "rollback" | "promote";

/** How a release gets its traffic before the swap; stored with it, so that whoever resumes it keeps to it. */
export interface Ramp {
  /** At least one. */
  steps: readonly RampStep[];
  /** What follows the verdicts that are neither pass nor fail. */
  unsure: { insufficient: WhenUnsure; inconclusive: WhenUnsure; providerError: WhenUnsure };
  /** How long a hold waits for a person. */
  holdTimeout: Milliseconds;
  /** What happens when nobody came. */
  onHoldTimeout: Hold["onDeadline"];
}

export type StepVerdict = "pass" | "fail" | "insufficient" | "inconclusive" | "provider-error";

/** Where a canary stands. The step's window is open once its weight was seen to be set. */
export interface CanaryPosition {
  /** From 0. */
  step: number;
  /** The step's share of production's requests, in percent. */
  weight: number;
  window: { setAt: Milliseconds; start: Milliseconds; end: Milliseconds } | null;
  /** The last verdict, of this step or the one before. */
  judged: { step: number; verdict: StepVerdict; why: string; at: Milliseconds } | null;
}

/** Why the release went the way it went, in words for people. */
export interface Reason {
  /** One of the engine's codes (`reasons.ts`). */
  code: ReasonCode;
  what: string;
  why: string;
  fix: string;
}

/** Time limits of one rollout; stored with it, so that whoever resumes it keeps them. */
export interface Policy {
  /** How long production is watched after the swap. */
  bakeTime: Milliseconds;
  /** How long the staged release may take to become healthy. */
  warmUpTimeout: Milliseconds;
  /** How long one swap may take, and how long another operation on the app is waited for. */
  swapTimeout: Milliseconds;
  /** How long slots may stay unreadable. */
  observeTimeout: Milliseconds;
  /** Quiet time after which a swap without a reply, of which nothing is seen, is taken as never begun. */
  settleTime: Milliseconds;
  /** Between two questions to a service about the same thing. */
  pollInterval: Milliseconds;
}

/** How people and Azure call the place: used in messages only. */
export interface Place {
  app: string;
  resourceGroup: string;
  slot: string;
}

/** One release on its way, or the last one that was. */
export interface Rollout {
  kind: "release" | "rollback" | "swap";
  place: Place;
  policy: Policy;
  phase: Phase;
  /** When the phase was entered. */
  since: Milliseconds;
  startedAt: Milliseconds;
  target: ReleaseRecord;
  /** What the slots ran at the start; null until observed. */
  before: { production: Identity; staging: Identity } | null;
  /** What the ledger knows of the release to go back to. */
  fallback: ReleaseRecord | null;
  /** What the expand migrations of this release changed. */
  schemaChange: SchemaChange | null;
  intent: Intent | null;
  hold: Hold | null;
  /** Set once the run was cancelled or died: from here on only the safe side is sought. */
  undo: boolean;
  /** Swaps back that were sent, so that a refusing service is not asked for ever. */
  attempts: number;
  reason: Reason | null;
  /** Null: the release is swapped in without a canary. */
  ramp: Ramp | null;
  /** Null until the canary began. Stays when it is over: from then on the release has been seen by users. */
  canary: CanaryPosition | null;
  /**
   * The share of production's requests that this release set last and saw set, in percent: what is found instead is
   * somebody else's. Null (heads of schema 2 and before): not known.
   */
  weight: number | null;
}

export interface Event {
  schema: number;
  epoch: number;
  seq: number;
  at: Milliseconds;
  /** `claimed`, `taken-over`, `phase`, `intent`, `outcome`, `released`, … */
  what: string;
  release: string | null;
  phase: Phase | null;
  runId: string;
  attempt: number;
  actor: string;
  details: Readonly<Record<string, string | number | boolean | null>>;
}

/** No new release until `until`; a way back is never stopped. The end is stored and no timer: past it there is no freeze. */
export interface Freeze {
  reason: string;
  /** Login of who set it. */
  by: string;
  /** Page of the run that set it. */
  url: string;
  since: Milliseconds;
  /** null: until it is lifted. */
  until: Milliseconds | null;
}

/** A release that waits for a person's yes, or has it. It counts for this package in place of this release only. */
export interface Approval {
  release: string;
  /** SHA-256 of its package. */
  artifact: string | null;
  /** What was live when it was asked for. */
  replaces: string | null;
  /** Logins that may not approve it. */
  authors: readonly string[];
  /** Page of the run that asked. */
  url: string;
  requestedAt: Milliseconds;
  decision: { how: "approve" | "reject"; by: string; at: Milliseconds; why: string; url: string } | null;
}

/** What lay around the live release when it was first found in place; what differs later was changed past a release. */
export interface Surroundings {
  release: string;
  /** Names of settings that stay with their slot. */
  sticky: readonly string[];
  /** Path of App Service's own health check; null: it is off. */
  healthCheckPath: string | null;
}

export interface Head {
  schema: number;
  app: string;
  environment: string;
  /** Raised by every claim: a writer of an older epoch can record nothing. */
  epoch: number;
  /** Raised by every write. */
  seq: number;
  holder: Holder | null;
  rollout: Rollout | null;
  /** What production runs, as far as the ledger knows. */
  live: ReleaseRecord | null;
  /** What production ran before. */
  previous: ReleaseRecord | null;
  /** Releases that were live, newest first, the live one included. */
  history: readonly ReleaseRecord[];
  schemaChanges: readonly SchemaChange[];
  /** Absent in heads of schema 1. May be set and lifted by those who do not hold the lock (`notes.ts`). */
  freeze: Freeze | null;
  /** Newest first; an entry goes once its release has been in production. Absent in heads of schema 1. */
  approvals: readonly Approval[];
  /** Noted by the reconciler; absent in heads of schema 1. */
  surroundings: Surroundings | null;
  /** Runs that wait for the lock, in the order in which they asked. Absent in heads of schema 1. */
  queue: readonly Waiter[];
  /** Events of this write, appended to the log after it; whoever reads them appends them again, so none is lost. */
  outbox: readonly Event[];
}
