import type { CanaryJudge, Engine, Health, Ledger, Policy, Steps } from "@augeo/release";
import { UsageError } from "@augeo/release";
import type { Connection, RunContext } from "./connection.ts";
import type { Timeline } from "./timeline.ts";

export interface PolicyInputs {
  readonly "bake-time": number;
  readonly "warm-up-timeout": number;
  readonly "swap-timeout": number;
  readonly "settle-time": number;
  readonly "poll-interval": number;
}

/** How long the SCM sites may stay unreadable; longer than a slow SCM container takes to start. */
const OBSERVE_TIMEOUT = 180_000;

export const policyOf = (inputs: PolicyInputs): Policy => ({
  bakeTime: inputs["bake-time"],
  warmUpTimeout: inputs["warm-up-timeout"],
  swapTimeout: inputs["swap-timeout"],
  observeTimeout: OBSERVE_TIMEOUT,
  settleTime: inputs["settle-time"],
  pollInterval: inputs["poll-interval"],
});

/** Everything the release engine needs of this run; each stored state is noted and told. */
export function engineOf(
  { log, clock }: RunContext,
  { slots, session }: Connection,
  parts: {
    ledger: Ledger;
    health: Health;
    timeline: Timeline;
    steps?: Steps | undefined;
    canary?: CanaryJudge | undefined;
    holdWait?: number | undefined;
  },
): Engine {
  const { ledger, health, timeline, steps = noSteps, canary, holdWait } = parts;
  return {
    ledger,
    slots,
    health,
    steps,
    ...(canary && { canary }),
    ...(holdWait !== undefined && { holdWait }),
    clock,
    signal: session.context.signal,
    onState: (rollout, now) => {
      const moment = timeline.note(rollout, now);
      if (moment) log.info(`${moment.phase}: ${moment.what}`);
    },
  };
}

/** A swap alone neither migrates nor deploys. */
const noSteps: Steps = {
  migrate: async () => null,
  stage: async ({ release }) => {
    throw new UsageError({
      what: `Release ${release} is no longer in the slot.`,
      why: "This action swaps what is there and deploys nothing.",
      fix: `bring it back with the rollback action (release: ${release}).`,
    });
  },
};
