import type { Step } from "../engine/step.ts";
import type { Finding, Phase } from "../finding.ts";

/** The phase of a revision: contract as soon as one thing in it breaks old code, backfill when it only moves rows. */
export function phaseOfFindings(findings: readonly Finding[], steps: readonly Step[] = []): Phase {
  if (findings.some(({ severities }) => severities.oldCode === "block")) return "contract";
  const changes = steps.filter(({ operation }) => !/^(transaction|set|select|other)$/.test(operation.kind));
  const rows = changes.filter(
    ({ operation, situation }) => operation.kind === "change-rows" && situation.existed(operation.table),
  );
  const others = changes.filter(({ operation }) => operation.kind !== "change-rows");
  return rows.length > 0 && others.length === 0 ? "backfill" : "expand";
}

export interface PhasePlan<T> {
  /** Before the swap. */
  readonly now: readonly T[];
  /** Once the new code serves. */
  readonly afterSwap: readonly T[];
  /** When no rollback can bring the old code back. */
  readonly nextRelease: readonly T[];
}

/**
 * When each revision of a chain may run. Revisions run in order, so the first that must wait holds up all after it:
 * a chain is releasable before the swap only up to its last expand revision.
 */
export function planPhases<T extends { readonly phase: Phase }>(chain: readonly T[]): PhasePlan<T> {
  const firstWaiting = chain.findIndex(({ phase }) => phase !== "expand");
  const firstContract = chain.findIndex(({ phase }) => phase === "contract");
  const wait = firstWaiting < 0 ? chain.length : firstWaiting;
  const contract = firstContract < 0 ? chain.length : firstContract;
  return { now: chain.slice(0, wait), afterSwap: chain.slice(wait, contract), nextRelease: chain.slice(contract) };
}

/** Whether something blocks a revision whenever it runs: what only breaks old code is mended by waiting. */
export const needsMending = (findings: readonly Finding[]): boolean =>
  findings.some(
    ({ severity, severities: { lock, oldCode } }) => severity === "block" && (lock === "block" || oldCode !== "block"),
  );
