/** What Azure, the release and the people do in one story; everything in it is decided beforehand. */
import { emptyHead, type Head, type Plan, type Ramp, type ReleaseRecord, type StepVerdict } from "@augeo/release";

/** How the service treats one swap. */
export type SwapFate =
  /** 200 at once. */
  | "synchronous"
  /** 202, done after some polls. */
  | "polled"
  /** Accepted and done at once; the reply never arrives. */
  | "lost-done"
  /** Accepted; the reply never arrives and the swap lands a minute later. */
  | "lost-late"
  /** Never reached the service. */
  | "lost-unsent"
  /** 202, then 417: production stays as it is. */
  | "refused"
  /** 409 because another operation is under way for two minutes. */
  | "busy";

/** How it treats one change of the traffic. */
export type RouteFate = "done" | "lost-done" | "lost-late" | "lost-unsent" | "refused";

export const SWAP_FATES: readonly SwapFate[] = [
  "synchronous",
  "polled",
  "lost-done",
  "lost-late",
  "lost-unsent",
  "refused",
  "busy",
];
export const ROUTE_FATES: readonly RouteFate[] = ["done", "lost-done", "lost-late", "lost-unsent", "refused"];

/** Somebody sets the share of the traffic past the ledger, once, at one moment of the story. */
export interface Hand {
  /** Moments are counted from 0, whoever runs or waits in them. */
  moment: number;
  weight: number;
}

export interface Scenario {
  name: string;
  /** What the first process does: release r2 over r1, or go back from r2 to r1, which is in the slot or only stored. */
  way: "release" | "back-by-swap" | "back-by-package";
  staging: "healthy" | "unhealthy";
  production: "healthy" | "unhealthy" | "unknown";
  migration: "none" | "expand" | "refused";
  /** Of the first, second, … swap that the service receives; the last one holds for all further ones. */
  swaps: readonly SwapFate[];
  /** The same of changes of the traffic. */
  routes: readonly RouteFate[];
  /** Weights of the canary's steps; none: no canary. */
  steps: readonly number[];
  /** What the judge says of r2, one after the other. Every other release passes. */
  verdicts: readonly StepVerdict[];
  /** What a person decides on a hold after ten minutes; undefined: nobody comes. */
  person: "promote" | "abort" | "judge" | undefined;
  /** How long a run stays at a hold itself. */
  holdWait: number;
  hand?: Hand | undefined;
}

export const scenario = (name: string, change: Partial<Scenario> = {}): Scenario => ({
  name,
  way: "release",
  staging: "healthy",
  production: "healthy",
  migration: "none",
  swaps: ["polled"],
  routes: ["done"],
  steps: [],
  verdicts: ["pass"],
  person: undefined,
  holdWait: 0,
  ...change,
});

const policy = {
  bakeTime: 120_000,
  warmUpTimeout: 60_000,
  swapTimeout: 600_000,
  observeTimeout: 120_000,
  settleTime: 90_000,
  pollInterval: 15_000,
};
const place = { app: "api", resourceGroup: "rg", slot: "staging" };

export const releaseOf = (release: string): ReleaseRecord => ({
  release,
  commit: null,
  artifact: `sha-${release}`,
  schemaHead: null,
  at: 0,
});

export function firstHead({ way }: Scenario): Head {
  const history = (way === "release" ? ["r1", "r0"] : ["r2", "r1"]).map(releaseOf);
  const [live = null, previous = null] = history;
  return { ...emptyHead("api", "prod"), live, previous, history };
}

/** What the n-th run does: the first one what the scenario is about, every later one a release of its own. */
export function planOf({ way, steps }: Scenario, run: number, settleTime = policy.settleTime): Plan {
  const isBack = way !== "release" && run === 1;
  const common = { place, policy: { ...policy, settleTime } };
  if (isBack)
    return {
      kind: "rollback",
      from: way === "back-by-swap" ? "STAGED" : "EXPANDED",
      target: releaseOf("r1"),
      ...common,
    };
  return { kind: "release", from: "PREPARED", target: releaseOf(`r${run + 1}`), ramp: rampOf(steps), ...common };
}

const rampOf = (steps: readonly number[]): Ramp => ({
  steps: steps.map((weight) => ({ weight, duration: 300_000 })),
  unsure: { insufficient: "hold", inconclusive: "rollback", providerError: "promote" },
  holdTimeout: 1_800_000,
  onHoldTimeout: "rollback",
});
