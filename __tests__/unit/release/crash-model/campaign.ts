/** What is proved, at two sizes: a part that fits into every test run, and all of it. */
import { type Explored, explore } from "./explore.ts";
import { meddled, merge, noted, nothingFound, paused } from "./interfere.ts";
import type { Mutant, Role } from "./process.ts";
import { type Scenario, scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

const ALL: readonly Role[] = ["rerun", "post", "next", "reconcile"];
/** The next run comes at once, or when everything has landed and every time limit is over. */
const GAPS = [5_000, 1_800_000];

export interface Part {
  name: string;
  /** One piece of work each; independent of one another. `share` is `Bounds`' own, where the part is about deaths alone. */
  pieces: readonly ((share?: number) => Promise<Explored>)[];
}

const deathsOf = (
  deaths: number,
  scenarios: readonly Scenario[],
  successors: readonly Role[],
  gaps: readonly number[],
) => scenarios.map((each) => (share?: number) => explore(each, { deaths, successors, gaps, share }));

const pick = (...names: string[]) => SCENARIOS.filter(({ name }) => names.includes(name));
const FEW = pick(
  "swap lost-late",
  "unhealthy: out lost-done, back refused",
  "canary: route 1 lost-late",
  "hold: promote",
);

const ONE_DEATH: Part = {
  name: "one death, whoever comes next, at once or late",
  pieces: deathsOf(1, SCENARIOS, ALL, GAPS),
};

/** The traffic's weight is changed by hand: the brake, a share between two steps', and more than was ever asked for. */
const BY_HAND = SCENARIOS.filter(({ way }) => way === "release").flatMap((each) =>
  [0, 5, 70].map((weight) => ({ scenario: each, weight })),
);
const byHand = (deaths: number, stories: typeof BY_HAND, every: number): Part["pieces"] =>
  stories.map(
    ({ scenario: each, weight }) =>
      () =>
        meddled(each, weight, { deaths, successors: ALL, gaps: GAPS }, every),
  );
const HAND_ALONE: Part = {
  name: "a weight changed by hand at every moment",
  pieces: byHand(0, BY_HAND, 1),
};
const few = BY_HAND.filter(({ scenario: each }) => FEW.slice(2).includes(each));

export const BUDGETED: readonly Part[] = [
  ONE_DEATH,
  HAND_ALONE,
  { name: "a weight changed by hand, and a death", pieces: byHand(1, few, 16) },
  { name: "two deaths, whoever comes next", pieces: deathsOf(2, FEW.slice(0, 2), ALL, [5_000]) },
  { name: "three deaths, other runs come next", pieces: deathsOf(3, FEW.slice(0, 1), ["next"], [5_000]) },
];

export const WHOLE: readonly Part[] = [
  ONE_DEATH,
  HAND_ALONE,
  { name: "a weight changed by hand at every moment, and a death, whoever comes next", pieces: byHand(1, BY_HAND, 1) },
  { name: "a weight changed by hand at every 16th moment, and two deaths", pieces: byHand(2, few, 16) },
  { name: "two deaths, whoever comes next, at once or late", pieces: deathsOf(2, SCENARIOS, ALL, GAPS) },
  { name: "three deaths, whoever comes next, at once", pieces: deathsOf(3, SCENARIOS, ALL, [5_000]) },
];

/** Without deaths: others write into the head in between, or take over from a run that was only paused. */
export const INTERFERENCE: readonly Part[] = [
  {
    name: "a note of another run at every call, then a death",
    pieces: SCENARIOS.map((each) => () => noted(each, ["rerun"])),
  },
  ...(["next", "rerun", "reconcile"] as const).map((role) => ({
    name: `paused at every call, taken over by ${role}, woken up`,
    pieces: SCENARIOS.map((each) => () => paused(each, role)),
  })),
];

/** A rule that is broken, and stories in which that must show. */
export const MUTATIONS: readonly { mutant: Mutant; breaks: () => Promise<Explored> }[] = [
  { mutant: "replay-intent", breaks: () => broken("replay-intent") },
  { mutant: "assume-done", breaks: () => broken("assume-done") },
  { mutant: "skip-observe", breaks: () => broken("skip-observe") },
  { mutant: "forget-weight", breaks: () => broken("forget-weight") },
  { mutant: "no-settling", breaks: () => broken("no-settling") },
  { mutant: "no-outbox", breaks: () => broken("no-outbox") },
  { mutant: "overrule-hand", breaks: () => overruled() },
  { mutant: "no-epoch", breaks: async () => paused(scenario("paused"), "next", "no-epoch") },
];

/** Stories in which every rule matters to somebody. */
const TELLING = [
  ...FEW,
  ...pick(
    "swap synchronous",
    "swap polled",
    "canary fails at once: lost-late",
    "canary: swap polled",
    "back-by-swap lost-late",
  ),
];

async function broken(mutant: Mutant): Promise<Explored> {
  const found = nothingFound();
  const bounds = { deaths: 1, successors: ALL, gaps: [5_000], mutant };
  for (const each of TELLING) merge(found, await explore(each, bounds));
  return found;
}

async function overruled(): Promise<Explored> {
  const found = nothingFound();
  const bounds = { deaths: 0, successors: [], gaps: [], mutant: "overrule-hand" } as const;
  for (const { scenario: each, weight } of few) merge(found, await meddled(each, weight, bounds));
  return found;
}

export async function prove({ pieces }: Part): Promise<Explored> {
  const found = nothingFound();
  for (const piece of pieces) merge(found, await piece());
  return found;
}

export const describeFound = (name: string, { traces, played, wrong }: Explored): string =>
  `${name}: ${traces.reduce((sum, count) => sum + count, 0).toLocaleString("en")} stories (${played.toLocaleString("en")} played), ${wrong} wrong`;
