/** How long production waited for the old release once it was decided on, and what it took. */
import { during, type Step, span } from "./figures.ts";
import { isFailure } from "./load.ts";
import { expect, type Play } from "./scenario.ts";
import { RETRY_AFTER } from "./stage.ts";

/** Milliseconds beyond what the platform needs for the swap itself. */
const MOST_BEYOND = 10_000;
const MOST_CALLS = 9;

const SWAP = { host: "management", method: "POST", path: /\/slotsswap/ };

/**
 * Expects that clients were served by `release` again soon after `decided`. The platform's own time is from the last
 * swap's arrival there until it switched the routing, which is when its `slotSwapStatus` says so.
 */
export function expectQuickReturn(play: Play, step: Step, release: string, decided: number): void {
  const { stage, findings } = play;
  const asked = stage.cloud.requests.of(SWAP).findLast(({ at }) => at >= decided && at <= step.ended)?.at;
  const switched = Date.parse(stage.site.production.slotSwapStatus?.timestampUtc ?? "");
  const served = during(findings.samples, { began: asked ?? decided, ended: step.ended }).find(
    (sample) => sample.release === release && !isFailure(sample),
  );
  const what = `${release} serves within ${span(MOST_BEYOND)} of the decision, the swap itself aside`;
  if (asked === undefined || served === undefined) {
    expect(play, what, false, "it never did");
    return;
  }
  const platform = switched - asked;
  const beyond = served.at + served.milliseconds - decided - platform;
  expect(play, what, beyond <= MOST_BEYOND, `${span(beyond)}, and ${span(platform)} of the swap itself`);
}

/**
 * Expects that a whole run asked Azure Resource Manager for little: nine calls, and one more for each `Retry-After` that
 * the swap takes. Azure's is 15 s, so that a swap of up to 45 s comes to twelve in all.
 */
export function expectFewCalls(play: Play, { began, ended }: Step): void {
  const calls = play.stage.cloud.requests.of({ host: "management" }).filter(({ at }) => at >= began && at <= ended);
  const polls = calls.filter(({ path }) => /operationresults/.test(path));
  const others = calls.length - polls.length;
  const what = `at most ${MOST_CALLS} calls of Resource Manager, polls of the swap aside`;
  expect(play, what, others <= MOST_CALLS, `${others}`);
  const asked = calls.filter(({ path }) => SWAP.path.test(path)).map(({ at }) => at);
  const times = [...asked, ...polls.map(({ at }) => at)];
  const least = Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
  expect(
    play,
    "no poll sooner than Retry-After asks",
    least >= RETRY_AFTER * 1_000,
    `${polls.length}, at least ${span(least)} apart`,
  );
}
