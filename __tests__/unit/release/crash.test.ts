import { isOver } from "@augeo/release";
import { describe, expect, test } from "@jest/globals";
import type { CrashPoint, Scenario, Successor, SwapFate, Trace } from "./crash-model.ts";
import { play } from "./crash-model.ts";

const FATES: readonly SwapFate[] = [
  "synchronous",
  "polled",
  "lost-done",
  "lost-late",
  "lost-unsent",
  "refused",
  "busy",
];
const SUCCESSORS: readonly Successor[] = ["same-run", "next-run", "post"];

const scenario = (change: Partial<Scenario>): Scenario => ({
  name: JSON.stringify(change),
  staging: "healthy",
  production: "healthy",
  fates: ["polled"],
  migration: "expand",
  ...change,
});

const SCENARIOS: readonly Scenario[] = [
  ...FATES.map((fate) => scenario({ fates: [fate, "polled"] })),
  ...FATES.flatMap((out) =>
    (["polled", "lost-late", "lost-unsent", "refused"] as const).map((back) =>
      scenario({ production: "unhealthy", fates: [out, back, "polled"] }),
    ),
  ),
  scenario({ production: "unknown" }),
  scenario({ staging: "unhealthy" }),
  scenario({ migration: "refused" }),
  scenario({ migration: "none", fates: ["lost-late", "lost-late"] }),
];

const BACK: readonly Scenario[] = (["back-by-swap", "back-by-package"] as const).flatMap((way) =>
  FATES.map((fate) => scenario({ way, fates: [fate, "polled"] })),
);

/** A way back, once taken, is never undone. */
function wrongsBack({ world, head, successor }: Trace): string[] {
  const found: string[] = [];
  const must = (holds: boolean, what: string) => holds || found.push(what);
  const landedBack = world.landed.some((each) => each.production === "r1");
  must(world.overlapping === 0, "a swap was sent while another was under way");
  must(isOver(head.rollout) && head.rollout?.phase !== "NEEDS_HUMAN", `left in ${head.rollout?.phase}`);
  must(head.holder === null, "the lock is held by nobody");
  must(
    head.live?.release === world.production,
    `the ledger says ${head.live?.release}, production runs ${world.production}`,
  );
  must(!landedBack || world.production === "r1" || successor === "next-run", `${world.production} came back`);
  return found;
}

/** Everything that is wrong with how a trace ended; empty when it ended right. */
function wrongs({ world, head, scenario }: Trace): string[] {
  const found: string[] = [];
  const must = (holds: boolean, what: string) => holds || found.push(what);
  must(world.overlapping === 0, "a swap was sent while another was under way");
  must(isOver(head.rollout), `left in ${head.rollout?.phase}`);
  must(
    head.rollout?.phase !== "NEEDS_HUMAN",
    `a human is asked although nobody interfered: ${head.rollout?.reason?.why}`,
  );
  must(head.holder === null, "the lock is held by nobody");
  must(
    head.live?.release === world.production,
    `the ledger says ${head.live?.release}, production runs ${world.production}`,
  );
  must(world.weight === 0, "traffic is still routed aside");
  must(!(world.production === "r2" && scenario.production !== "healthy"), "the bad release is live");
  must(!(world.production === "r2" && scenario.staging !== "healthy"), "an unproved release is live");
  const outcome = head.rollout?.phase;
  must(outcome !== "COMPLETED" || world.production === head.rollout?.target.release, "COMPLETED and not live");
  const intoR2 = world.landed.filter((each) => each.production === "r2").length;
  const opened = world.ledger.events.filter((event) => event.what === "opened" && event.release === "r2").length;
  must(intoR2 <= opened, `r2 was swapped in ${intoR2} times by ${opened} rollouts`);
  const logged = new Set([...world.ledger.events, ...head.outbox].map((event) => `${event.epoch}-${event.seq}`));
  const lost = world.stored.filter((key) => !logged.has(key));
  must(lost.length === 0, `events lost: ${lost.join(", ")}`);
  return found;
}

const describeTrace = ({ scenario, crashes, successor }: Trace) =>
  `${scenario.name} ${successor} ${crashes.map(({ call, when }) => `${when} ${call}`).join(", ")}`;

async function pointsAfter(
  scenario: Scenario,
  crashes: readonly CrashPoint[],
  successor: Successor,
): Promise<CrashPoint[]> {
  const { calls } = await play(scenario, crashes, successor);
  const last = calls.at(-1) ?? 0;
  return Array.from(
    { length: last },
    (_, call) =>
      [
        { call, when: "before" },
        { call, when: "after" },
      ] as const,
  ).flat();
}

async function check(
  failures: string[],
  scenario: Scenario,
  crashes: readonly CrashPoint[],
  successor: Successor,
): Promise<void> {
  const trace = await play(scenario, crashes, successor);
  for (const wrong of wrongs(trace)) failures.push(`${describeTrace(trace)}: ${wrong}`);
}

describe("a release that dies", () => {
  test("without a crash every scenario ends right", async () => {
    const failures: string[] = [];
    for (const each of SCENARIOS) await check(failures, each, [], "same-run");
    expect(failures).toEqual([]);
  });

  test("at any one point is brought to the right end by whoever comes next", async () => {
    const failures: string[] = [];
    let traces = 0;
    for (const each of SCENARIOS)
      for (const successor of SUCCESSORS)
        for (const point of await pointsAfter(each, [], successor)) {
          await check(failures, each, [point], successor);
          traces += 1;
        }
    process.stdout.write(`crash model: ${traces} traces with one crash, ${failures.length} wrong\n`);
    expect(failures.slice(0, 20)).toEqual([]);
  }, 120_000);

  test("on its way back goes no way forth", async () => {
    const failures: string[] = [];
    let traces = 0;
    for (const each of BACK)
      for (const successor of SUCCESSORS)
        for (const point of await pointsAfter(each, [], successor)) {
          const trace = await play(each, [point], successor);
          for (const wrong of wrongsBack(trace)) failures.push(`${describeTrace(trace)}: ${wrong}`);
          traces += 1;
        }
    process.stdout.write(`crash model: ${traces} traces of rollbacks, ${failures.length} wrong\n`);
    expect(failures.slice(0, 20)).toEqual([]);
  }, 120_000);

  test("at any two points is brought to the right end by whoever comes next", async () => {
    const failures: string[] = [];
    let traces = 0;
    const chosen = [
      scenario({ fates: ["lost-late", "polled"] }),
      scenario({ production: "unhealthy", fates: ["polled", "lost-late", "polled"] }),
      scenario({ production: "unhealthy", fates: ["lost-done", "refused", "polled"] }),
    ];
    for (const each of chosen)
      for (const successor of SUCCESSORS)
        for (const first of await pointsAfter(each, [], successor))
          for (const second of await pointsAfter(each, [first], successor)) {
            await check(failures, each, [first, second], successor);
            traces += 1;
          }
    process.stdout.write(`crash model: ${traces} traces with two crashes, ${failures.length} wrong\n`);
    expect(failures.slice(0, 20)).toEqual([]);
  }, 240_000);
});
