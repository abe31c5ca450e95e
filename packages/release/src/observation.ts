/** The two vocabularies between the reducer and the loop that serves it. */
import type { Hold, Reason, ReleaseRecord, SchemaChange, StepVerdict } from "./ledger-records.ts";
import type { Milliseconds, OperationStatus, SlotsObservation } from "./ports.ts";
import type { Verdict } from "./probe-verdict.ts";

/** A canary's step as its judge is asked about it. */
export interface JudgedStep {
  /** From 0. */
  step: number;
  /** How many there are. */
  steps: number;
  /** Share of production's requests, in percent. */
  weight: number;
  /** When the weight was seen to be set. */
  setAt: Milliseconds;
  windowStart: Milliseconds;
  windowEnd: Milliseconds;
}

/** What the loop saw, and when. */
export type Observation = { now: Milliseconds } & (
  | { kind: "started" }
  | { kind: "migrated"; change: SchemaChange | null }
  | { kind: "staged" }
  /** Migrations or staging said no; production is as it was. */
  | { kind: "refused"; reason: Reason }
  | { kind: "slots"; slots: SlotsObservation }
  | { kind: "swap"; status: OperationStatus }
  | { kind: "routed" }
  /** `sure`: the service said no, so that nothing was changed; else the reply was lost. */
  | { kind: "unrouted"; sure: boolean; why: string }
  /** The act was not sent: the share of the traffic was no longer what it was decided on. */
  | { kind: "withheld"; weight: number }
  | { kind: "judged"; verdict: StepVerdict; why: string }
  | { kind: "verdict"; verdict: Pick<Verdict, "verdict" | "why"> }
  | { kind: "held"; hold: Hold }
  /** The run was cancelled, or the run that led this rollout is over: only the safe side is sought from here. */
  | { kind: "cancelled"; by: "cancelled" | "abandoned" }
);

/** What the loop has to do next; every act is absolute. `after` is a wait before it. */
export type Command =
  | { do: "migrate" }
  /** Brings a release into the staging slot; harmless when it is there. */
  | { do: "stage"; record: ReleaseRecord }
  /** `identityOnly`: only which release is where matters now; the weight need not be asked for. */
  | { do: "observe"; after: Milliseconds; identityOnly?: boolean }
  | { do: "swap" }
  | { do: "poll"; operationUrl: string; after: Milliseconds }
  /** `expected`: the share that must be there right before, or nothing is sent; null: any. */
  | { do: "route"; weight: number; expected: number | null }
  /** Probes until healthy (staging) or while healthy (production). Ages count from now. */
  | { do: "probe"; where: "staging" | "production"; atLeast: Milliseconds; atMost: Milliseconds }
  /** Judges the canary's step: may fail it early, passes it at the end of its window only. */
  | { do: "judge"; step: JudgedStep }
  | { do: "hold"; until: Milliseconds | null }
  | { do: "stop" };
