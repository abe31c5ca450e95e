import { setTimeout as sleep } from "node:timers/promises";
import type { MainRun } from "../../../__tests__/support/run-action.ts";
import { during, type Step, span } from "../figures.ts";
import { isFailure } from "../load.ts";
import { act, expect, expectLive, expectNoFailures, openToClients, type Play, releaseInputsFor } from "../scenario.ts";
import type { CanaryStep, CanaryStory } from "./story.ts";

/**
 * A canary in a minute: bins of a second, because the rehearsal cloud counts by the second and shows its metrics a
 * second or so late. Nothing else differs from `5% 15m, 25% 10m, 50% 20m` in bins of a minute.
 */
const canaryInputs = {
  "health-path": "/health/ready",
  steps: "20% 20s, 50% 15s",
  bin: "1s",
  "step-warm-up": "2s",
  lag: "2s",
  "bake-time": "3s",
};

function storyOf(title: string, release: string, run: MainRun, step: Step): CanaryStory {
  const canary = (run.result?.canary ?? {}) as { steps?: CanaryStep[] };
  const steps = canary.steps ?? [];
  const first = Date.parse(steps[0]?.["set-at"] ?? "");
  const last = steps.at(-1);
  const seconds = Math.max(0, ...(last?.metrics ?? []).map(({ series }) => series.at(-1)?.[0] ?? 0));
  const ended = last ? Date.parse(last["set-at"]) + seconds * 1000 + 5000 : step.ended;
  return {
    title,
    release,
    began: Number.isNaN(first) ? step.began : first - 3000,
    ended: Math.min(ended, step.ended),
    outcome: step.outcome,
    steps,
  };
}

const verdictsOf = ({ steps }: CanaryStory): string =>
  steps.map(({ weight, verdict }) => `${weight} %: ${verdict}`).join(", ");

async function rampGood(play: Play, stories: CanaryStory[]): Promise<void> {
  const inputs = { ...(await releaseInputsFor(play, "2")), ...canaryInputs };
  const { run, step } = await act(play, "Release 2, a good one, as a canary", "release", inputs, "released");
  const story = storyOf("A good release: every step passes, then the swap", "r2", run, step);
  stories.push(story);
  expect(
    play,
    "both steps pass",
    story.steps.length === 2 && story.steps.every(({ verdict }) => verdict === "pass"),
    verdictsOf(story),
  );
  expectRulesGone(play);
  await expectLive(play, "r2");
  expectNoFailures(play, step);
  const answered = during(play.findings.samples, step).filter(({ release }) => release === "r2").length;
  expect(play, "clients met it before the swap", answered > 0, `${answered} of their requests`);
}

async function rampBad(play: Play, stories: CanaryStory[]): Promise<void> {
  const inputs = { ...(await releaseInputsFor(play, "worse")), ...canaryInputs, "step-warm-up": "2s" };
  const { run, step } = await act(play, "Release worse, healthy by every probe", "release", inputs, "worse");
  const story = storyOf("A bad release: ended in its first step", "rworse", run, step);
  stories.push(story);
  expect(
    play,
    "its first step fails",
    story.steps.length === 1 && story.steps[0]?.verdict === "fail",
    verdictsOf(story),
  );
  expectRulesGone(play);
  await expectLive(play, "r2");
  const seen = during(play.findings.samples, step);
  const failed = seen.filter(isFailure);
  expect(
    play,
    "few clients are hit, all by that release",
    failed.every(({ release }) => release === "rworse"),
    `${failed.length} of ${seen.length} requests failed within ${span(step.ended - step.began)}`,
  );
  const after = Date.now();
  await sleep(4000);
  const since = play.findings.samples.filter(({ at }) => at >= after);
  const others = since.filter(({ release }) => release !== "r2").length;
  expect(
    play,
    "everybody is back on release 2",
    since.length > 0 && others === 0,
    `${since.length - others} of ${since.length} requests`,
  );
}

function expectRulesGone(play: Play): void {
  const rules = play.stage.site.production.config.experiments.rampUpRules;
  expect(play, "the routing rule is gone", rules.length === 0, `${rules.length} rules`);
}

/** The first release, clients, a good canary, a bad one. */
export async function playCanaries(play: Play, stories: CanaryStory[]): Promise<void> {
  const first = { ...(await releaseInputsFor(play, "1")), "bake-time": "2s" };
  await act(play, "Release 1, the first", "release", first, "released");
  await expectLive(play, "r1");
  const load = await openToClients(play, 6);
  try {
    await rampGood(play, stories);
    await sleep(2000);
    await rampBad(play, stories);
  } finally {
    await load.stop();
    play.findings.ended = Date.now();
  }
}
