/** What is proved, at two sizes: a part that fits into every test run, and all of it. */
import { type Explored, explore } from "./explore.ts";
import { merge, noted, nothingFound, paused } from "./interfere.ts";
import type { Mutant, Role } from "./process.ts";
import { type Scenario, scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

const ALL: readonly Role[] = ["rerun", "post", "next", "reconcile"];
/** The next run comes at once, or when everything has landed and every time limit is over. */
const GAPS = [5_000, 1_800_000];

export interface Part {
  name: string;
  /** One piece of work each; independent of one another. */
  pieces: readonly (() => Promise<Explored>)[];
}

const deathsOf = (
  deaths: number,
  scenarios: readonly Scenario[],
  successors: readonly Role[],
  gaps: readonly number[],
) => scenarios.map((each) => () => explore(each, { deaths, successors, gaps }));

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

export const BUDGETED: readonly Part[] = [
  ONE_DEATH,
  { name: "two deaths, whoever comes next", pieces: deathsOf(2, FEW.slice(0, 2), ALL, [5_000]) },
  { name: "three deaths, other runs come next", pieces: deathsOf(3, FEW.slice(0, 1), ["next"], [5_000]) },
];

export const WHOLE: readonly Part[] = [
  ONE_DEATH,
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

export async function prove({ pieces }: Part): Promise<Explored> {
  const found = nothingFound();
  for (const piece of pieces) merge(found, await piece());
  return found;
}

export const describeFound = (name: string, { traces, played, wrong }: Explored): string =>
  `${name}: ${traces.reduce((sum, count) => sum + count, 0).toLocaleString("en")} stories (${played.toLocaleString("en")} played), ${wrong} wrong`;
