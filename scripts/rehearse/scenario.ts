import { setTimeout as sleep } from "node:timers/promises";
import type { MainRun } from "../../__tests__/support/run-action.ts";
import { during, type Expectation, figuresOf, type Step, span } from "./figures.ts";
import { type AcceptedBid, isFailure, type Load, type Sample, startLoad } from "./load.ts";
import { type Progress, paint } from "./progress.ts";
import { query, type Stage } from "./stage.ts";
import { expectFewCalls, expectQuickReturn } from "./way-back.ts";

/** All that a rehearsal found, for its reports. */
export interface Findings {
  began: number;
  ended: number;
  steps: Step[];
  expectations: Expectation[];
  samples: readonly Sample[];
}

const ITEMS = 6;
/** What is asked of a release before and after the swap: the second breaks with release 3 in production. */
const healthPaths = "/health/ready\n/items";

const releaseInputs = {
  "health-path": healthPaths,
  successes: "2",
  failures: "3",
  "probe-interval": "500ms",
  "poll-interval": "500ms",
};

/** A rehearsal under way: what the steps share. */
export interface Play {
  stage: Stage;
  progress: Progress;
  findings: Findings;
  /** What expectations are about now. */
  about: string;
}

export function expect({ findings, progress, about }: Play, what: string, met: boolean, found: string): void {
  findings.expectations.push({ step: about, what, met, found });
  progress.say(`       ${met ? paint("green", "✓") : paint("red", "✗")} ${what}: ${found}`);
}

/** The end of a bundle's log, without what only the runner reads. */
function tailOf(run: MainRun): string {
  const lines = `${run.stdout}\n${run.stderr}`
    .split("\n")
    .filter((line) => !/^::(add-mask|endgroup|stop-commands)/.test(line));
  return lines.slice(-25).join("\n");
}

interface Played {
  run: MainRun;
  step: Step;
}

/** Runs one bundle as a step and tells how it ended; `wanted` are the reasons it may end with. */
export async function act(
  play: Play,
  title: string,
  action: string,
  inputs: Record<string, string>,
  wanted: string,
): Promise<Played> {
  const { stage, progress, findings } = play;
  play.about = title.replace(/,.*/, "");
  progress.say(`${paint("cyan", "▸")} ${paint("bold", title)}`);
  const began = Date.now();
  const file = `${findings.steps.length + 1}-${action}`;
  const run = await stage.run(file, action, inputs, (line) => progress.detail(line.replace(/^::[^:]*::/, "")));
  progress.detail("");
  const reason = run.outputs.reason ?? `exit code ${run.exitCode}`;
  const step: Step = { title, began, ended: Date.now(), outcome: reason, asExpected: wanted === reason };
  findings.steps.push(step);
  expect(play, `${action} ends with ${wanted}`, step.asExpected, `${reason}, after ${span(step.ended - began)}`);
  if (!step.asExpected) progress.say(paint("dim", tailOf(run)));
  return { run, step };
}

export async function liveRelease({ stage }: Play): Promise<string> {
  const { body } = await stage.ask("GET", "/health/ready");
  return typeof body === "object" && body !== null && "release" in body ? String(body.release) : "none";
}

export async function expectLive(play: Play, release: string): Promise<void> {
  const live = await liveRelease(play);
  expect(play, `${release} is live`, live === release, `production answers as ${live}`);
}

export function expectNoFailures(play: Play, between: Pick<Step, "began" | "ended">): void {
  const { requests, failures } = figuresOf(during(play.findings.samples, between));
  expect(play, "no request fails", failures === 0 && requests > 0, `${failures} of ${requests} failed`);
}

export async function releaseInputsFor(play: Play, number: string): Promise<Record<string, string>> {
  const folder = await play.stage.layOut(number);
  return { ...releaseInputs, package: folder, "working-directory": folder, release: `r${number}` };
}

async function openAuction({ stage }: Play): Promise<number[]> {
  const event = await stage.ask("POST", "/events", { title: "Spring auction", ends_at: "2031-05-01T18:00:00Z" });
  const { id } = event.body as { id: number };
  const items: number[] = [];
  for (let number = 1; number <= ITEMS; number += 1) {
    const made = await stage.ask("POST", `/events/${id}/items`, { title: `Lot ${number}`, starting_cents: 1000 });
    items.push((made.body as { id: number }).id);
  }
  return items;
}

export async function openToClients(play: Play, readers = 14): Promise<Load> {
  const itemIds = await openAuction(play);
  const { production, cloud } = play.stage;
  const load = startLoad({ origin: production, ca: cloud.tls.ca, itemIds, readers, requestsPerSecond: 2 });
  play.findings.samples = load.samples;
  play.progress.watch(load.samples);
  play.progress.say(
    `${paint("cyan", "▸")} ${paint("bold", `clients call production from now on`)}: ${ITEMS} bidders and ${readers} readers, ${2 * (ITEMS + readers)} requests a second`,
  );
  await sleep(5000);
  return load;
}

/** When a run entered a phase, by its own account. */
function momentOf(run: MainRun, phase: string): number | undefined {
  const timeline = (run.result?.timeline ?? []) as readonly { at: number; phase: string }[];
  return timeline.find((moment) => moment.phase === phase)?.at;
}

/** A release that only production breaks: noticed by itself, undone by itself. */
async function releaseBroken(play: Play): Promise<void> {
  const { findings } = play;
  const inputs = { ...(await releaseInputsFor(play, "3")), "bake-time": "30s" };
  const title = "Release 3, broken under production's settings";
  const { step, run } = await act(play, title, "release", inputs, "unhealthy");
  await expectLive(play, "r2");
  expectQuickReturn(play, step, "r2", momentOf(run, "ROLLING_BACK") ?? step.began);
  const failed = during(findings.samples, step).filter(isFailure);
  const [first, last] = [failed[0], failed.at(-1)];
  const lasted = first === undefined || last === undefined ? 0 : last.at - first.at;
  expect(
    play,
    "clients notice, and not for long",
    failed.length > 0 && lasted < 20_000,
    `${failed.length} failed within ${span(lasted)}`,
  );
  const kinds = [...new Set(failed.map(({ release = "no answer", status }) => `${status} by ${release}`))];
  const isOurs = failed.every(({ release }) => release === "r3");
  expect(play, "every failure is release 3's", isOurs, kinds.join(", "));
}

/** Two heads: refused before anything was sent, and nobody notices. */
async function releaseTwoHeads(play: Play): Promise<void> {
  const { stage } = play;
  const before = await stage.revision();
  const seen = stage.cloud.requests.entries.length;
  const { run, step } = await act(
    play,
    "Release 4, with two Alembic heads",
    "release",
    await releaseInputsFor(play, "4"),
    "gate",
  );
  const named = ["0004a", "0004b"].filter((head) => run.stdout.includes(head));
  expect(play, "the message names both heads", named.length === 2, named.join(", "));
  const writes = stage.cloud.requests.entries
    .slice(seen)
    .filter(({ host, method }) => ["management", "scm"].includes(host) && !["GET", "HEAD"].includes(method));
  expect(
    play,
    "nothing is sent to Azure",
    writes.every(({ path }) => /\/list$/i.test(path)),
    `${writes.length} writes`,
  );
  const after = await stage.revision();
  expect(play, "the database stays as it is", before === after, `revision ${after}`);
  await expectLive(play, "r2");
  expectNoFailures(play, step);
}

/** To the release that was replaced last: one swap, counted from the start of the run. */
async function swapBack(play: Play): Promise<void> {
  const title = "Back to release 2, which is still in the slot";
  const { step } = await act(play, title, "rollback", { ...releaseInputs, "bake-time": "5s" }, "rolled-back");
  await expectLive(play, "r2");
  expectNoFailures(play, step);
  expectQuickReturn(play, step, "r2", step.began);
  expectFewCalls(play, step);
}

async function bidsMissing(stage: Stage, accepted: readonly AcceptedBid[]): Promise<AcceptedBid[]> {
  const rows = await query<{ id: number; item_id: number; bidder: string; amount_cents: number }>(
    stage.cloud.databaseUrl,
    "select id, item_id, bidder, amount_cents from bids",
  );
  const kept = new Set(rows.map((row) => `${row.id} ${row.item_id} ${row.bidder} ${row.amount_cents}`));
  return accepted.filter((bid) => !kept.has(`${bid.id} ${bid.itemId} ${bid.bidder} ${bid.amountCents}`));
}

async function closeAuction(play: Play, load: Load): Promise<void> {
  play.about = "In the end";
  await sleep(3000);
  await load.stop();
  const { accepted } = load;
  const missing = await bidsMissing(play.stage, accepted);
  expect(
    play,
    "every accepted bid is there",
    missing.length === 0 && accepted.length > 0,
    `${accepted.length - missing.length} of ${accepted.length}`,
  );
  const outside = load.samples.filter(({ release }) => release !== "r3").filter(isFailure);
  expect(
    play,
    "no request fails but release 3's",
    outside.length === 0,
    `${outside.length} of ${load.samples.length} failed elsewhere`,
  );
}

/** The whole rehearsal on a stage that is set. */
export async function playBlueGreen(play: Play): Promise<void> {
  const { stage, findings } = play;
  await act(
    play,
    "Release 1, the first",
    "release",
    { ...(await releaseInputsFor(play, "1")), "bake-time": "2s" },
    "released",
  );
  await expectLive(play, "r1");
  const load = await openToClients(play);
  try {
    const inputs = { ...(await releaseInputsFor(play, "2")), "bake-time": "15s" };
    const { step } = await act(play, "Release 2, with an expand migration", "release", inputs, "released");
    await expectLive(play, "r2");
    expect(
      play,
      "the database has the new column",
      (await stage.revision()) === "0003",
      `revision ${await stage.revision()}`,
    );
    expectNoFailures(play, step);
    await releaseBroken(play);
    await sleep(3000);
    const back = await act(
      play,
      "Back to release 1, by hand",
      "rollback",
      { ...releaseInputs, release: "r1", "bake-time": "5s" },
      "rolled-back",
    );
    await expectLive(play, "r1");
    expectNoFailures(play, back.step);
    await swapBack(play);
    await releaseTwoHeads(play);
  } finally {
    findings.ended = Date.now();
    await closeAuction(play, load);
    findings.ended = Date.now();
  }
}
