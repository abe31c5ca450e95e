/** The two vocabularies between the reducer and the loop that serves it. */
import type { Hold, Reason, ReleaseRecord, SchemaChange } from "./ledger-records.ts";
import type { Milliseconds, OperationStatus, SlotsObservation } from "./ports.ts";
import type { Verdict } from "./probe-verdict.ts";

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
  | { kind: "verdict"; verdict: Pick<Verdict, "verdict" | "why"> }
  | { kind: "held"; hold: Hold }
  | { kind: "hold-lifted" }
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
  | { do: "route"; weight: number }
  /** Probes until healthy (staging) or while healthy (production). Ages count from now. */
  | { do: "probe"; where: "staging" | "production"; atLeast: Milliseconds; atMost: Milliseconds }
  | { do: "hold"; until: Milliseconds | null }
  | { do: "stop" };
