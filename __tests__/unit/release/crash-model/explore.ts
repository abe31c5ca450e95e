/**
 * Every story that a scenario has with up to so many deaths. One run of a process yields every moment at which it could
 * have died; moments that no later decision can tell apart are one, and count as often as there are stories that lead
 * to them. So three deaths are counted in full without being played one by one.
 */
import { type Head, isOver } from "@augeo/release";
import { seededRandom } from "../../../../packages/release/src/judge/traffic-model.ts";
import { AFTER, type Interference, type Mutant, Process, type Role } from "./process.ts";
import type { Scenario } from "./scenario.ts";
import { type Moment, World } from "./world.ts";
import { wrongs } from "./wrongs.ts";

export interface Bounds {
  deaths: number;
  successors: readonly Role[];
  /** How long after a death the next process begins. */
  gaps: readonly number[];
  mutant?: Mutant | undefined;
  /** Of the moments after the last death only this share (0 to 1) is played on from, drawn with a fixed seed. */
  share?: number | undefined;
  /** What happens in the middle of the first run. */
  interference?: Interference | undefined;
}

export interface Explored {
  /** Stories by the number of deaths in them. */
  traces: number[];
  /** Moments that were really played on from. */
  played: number;
  /** Stories that ended wrong, and what was wrong with the first few. */
  wrong: number;
  wrongs: string[];
}

/** A moment from which a story goes on: who comes, how many stories lead here, and one of them. */
interface Branch {
  stored: string;
  /** How much later. */
  gap: number;
  role: Role;
  stories: number;
  path: string;
}

/** Ages beyond this are one: every time limit of the model is shorter. */
const OLD = 1_000_000;
/** Runs that end on hold are followed by others without a death; so many of them end every hold. */
const MOST_RESUMPTIONS = 6;
export const RESUMED_AFTER = 1_200_000;

export async function explore(scenario: Scenario, bounds: Bounds): Promise<Explored> {
  const found: Explored = { traces: [], played: 0, wrong: 0, wrongs: [] };
  let level = new Level();
  const stored = World.begin(scenario).keep();
  level.add(likeness(scenario, stored), { stored, gap: 0, role: "first", stories: 1, path: "" });
  for (let deaths = 0; deaths <= bounds.deaths; deaths++) {
    const next = new Level();
    found.traces.push(0);
    if (deaths === bounds.deaths && bounds.share !== undefined) level.thin(bounds.share);
    await playLevel(scenario, bounds, level, { found, deaths, next });
    level = next;
  }
  return found;
}

/** Branches to play on from, of which those that no later decision can tell apart are one. */
class Level {
  readonly branches = new Map<string, Branch>();
  /** A moment is some thousand letters long, and many branches share it. */
  readonly #numbers = new Map<string, number>();

  add(moment: string, ...branches: readonly Branch[]): void {
    const number = this.#numbers.get(moment) ?? this.#numbers.size;
    this.#numbers.set(moment, number);
    for (const branch of branches) {
      const key = `${branch.role} ${branch.gap} ${number}`;
      const known = this.branches.get(key);
      if (known) known.stories += branch.stories;
      else this.branches.set(key, branch);
    }
  }

  /** Keeps a share of the branches, each with the same chance whatever it is. */
  thin(share: number): void {
    const draw = seededRandom(SEED);
    for (const key of [...this.branches.keys()]) if (draw() >= share) this.branches.delete(key);
  }
}

const SEED = 4;

interface Counting {
  found: Explored;
  deaths: number;
  next: Level;
}

/** Plays on from every moment of a level; runs that end on hold add moments to the same level. */
async function playLevel(scenario: Scenario, bounds: Bounds, level: Level, to: Counting): Promise<void> {
  let open = level;
  for (let round = 0; open.branches.size > 0; round++) {
    if (round > MOST_RESUMPTIONS) throw new Error(`${scenario.name}: a hold that never ends`);
    const resumed = new Level();
    for (const branch of open.branches.values()) await playOn(scenario, bounds, branch, { ...to, resumed });
    open = resumed;
  }
}

async function playOn(
  scenario: Scenario,
  bounds: Bounds,
  branch: Branch,
  { found, deaths, next, resumed }: Counting & { resumed: Level },
): Promise<void> {
  const world = World.restore(scenario, branch.stored);
  world.pass(branch.gap);
  const isLast = deaths === bounds.deaths;
  const process = new Process(world, {
    mutant: bounds.mutant,
    remembers: !isLast,
    inHalves: true,
    interference: branch.role === "first" ? bounds.interference : undefined,
  });
  found.played += 1;
  const result = await process.run(branch.role);
  if (!isLast) spread(scenario, bounds, { next, branch, deaths: process.deaths });
  if (result?.kind === "settled") {
    const stored = world.keep();
    const path = `${branch.path} ${branch.role},`;
    resumed.add(likeness(scenario, stored), { stored, gap: 0, role: AFTER, stories: branch.stories, path });
    return;
  }
  if (result?.kind === "on-hold" || isLeftToOthers(world)) {
    const roles: readonly Role[] = result ? ["rerun", "next"] : ["next"];
    const path = `${branch.path} ${branch.role}…`;
    const left = { stored: world.keep(), gap: RESUMED_AFTER, stories: branch.stories, path };
    resumed.add(likeness(scenario, left.stored), ...roles.map((role) => ({ ...left, role })));
    return;
  }
  found.traces[deaths] = (found.traces[deaths] ?? 0) + branch.stories;
  const bad = wrongs(world);
  if (bad.length === 0) return;
  found.wrong += branch.stories;
  if (found.wrongs.length < 10) found.wrongs.push(`${scenario.name}:${branch.path} ${branch.role}: ${bad.join("; ")}`);
}

/** The action without a post step has another run after it, and so has the post step itself. */
function withoutPost(roles: readonly Role[]): readonly Role[] {
  const others = roles.filter((role) => role !== "post");
  return others.length > 0 ? others : ["next"];
}

/** The lock is another run's: of one that waits on hold, or of one that died and has no successor yet. */
const isLeftToOthers = ({ at: { head, run } }: World): boolean =>
  head.holder !== null && head.holder.runId !== `${run.id}`;

/** Every death of a run, with everybody who can come after it. */
function spread(
  scenario: Scenario,
  bounds: Bounds,
  { next, branch, deaths }: { next: Level; branch: Branch; deaths: readonly string[] },
): void {
  const counted = new Map<string, { count: number; first: number }>();
  deaths.forEach((stored, first) => {
    const known = counted.get(stored);
    if (known) known.count += 1;
    else counted.set(stored, { count: 1, first });
  });
  for (const [stored, { count, first }] of counted) {
    const { run } = JSON.parse(stored) as Moment;
    const hasNoPost = run.role === "reconcile" || branch.role === "post";
    const path = `${branch.path} ${branch.role}†${first}`;
    const stories = branch.stories * count;
    const roles = hasNoPost ? withoutPost(bounds.successors) : bounds.successors;
    const branches = roles.flatMap((role) => bounds.gaps.map((gap) => ({ stored, gap, role, stories, path })));
    next.add(likeness(scenario, stored), ...branches);
  }
}

/**
 * What a moment has in common with all that no later decision can tell from it: ages instead of times, the number of
 * the write left out, of an open operation only how it stands, no words. A difference that is kept without need costs
 * time; one that is dropped wrongly would hide stories, so only what is never compared is dropped.
 */
function likeness({ swaps, routes, verdicts, hand }: Scenario, stored: string): string {
  const moment = JSON.parse(stored) as Moment;
  const { now, head, sent, finished, pending } = moment;
  const keyOf = (epoch: number, seq: number) => `${epoch - head.epoch}/${seq - head.seq}`;
  const standingOf = (url: string) =>
    pending.some((each) => each.url === url) ? "open" : (finished[url]?.kind ?? "?");
  const told: Record<string, (value: never) => unknown> = {
    now: () => 0,
    epoch: () => 0,
    seq: () => 0,
    sent: () => 0,
    url: () => 0,
    finished: () => 0,
    why: () => 0,
    fix: () => 0,
    place: () => 0,
    policy: () => 0,
    swaps: (count: number) => Math.min(count, lastTurn(swaps)),
    routes: (count: number) => Math.min(count, lastTurn(routes)),
    judged: (count: number | object) => (typeof count === "number" ? Math.min(count, lastTurn(verdicts)) : count),
    moments: (count: number) => Math.min(count, (hand?.moment ?? 0) + 1),
    opId: (id: string) => id === sent,
    asyncUrl: (url: string | null) => url && standingOf(url),
    unlogged: (keys: string[]) => keys.map((key) => keyOf(...(key.split("-").map(Number) as [number, number]))),
    outbox: (events: Head["outbox"]) => events.map(({ epoch, seq, runId }) => [keyOf(epoch, seq), runId]),
  };
  if (head.rollout && isOver(head.rollout)) Object.assign(head.rollout, OVER);
  return JSON.stringify(moment, function (this: object, name, value: unknown) {
    if (name in TOLD && TOLD[name]?.some((sign) => sign in this)) return 0;
    if (typeof value === "number" && value > 1e12) return name === "now" ? 0 : Math.max(value - now, -OLD);
    return Object.hasOwn(told, name) ? told[name]?.(value as never) : value;
  });
}

/** Times and words that people are told, by the field next to which they stand: they are never compared. */
const TOLD: Record<string, readonly string[]> = {
  at: ["artifact", "from"],
  since: ["claimId"],
  startedAt: ["phase"],
  what: ["code"],
};
/** Of a release that is over only its phase and its name are asked for again. */
const OVER = {
  since: 0,
  before: null,
  fallback: null,
  schemaChange: null,
  reason: null,
  ramp: null,
  canary: null,
  undo: false,
};

/** From which of its fates on a scenario has one and the same. */
const lastTurn = (fates: readonly string[]): number => fates.findLastIndex((fate) => fate !== fates.at(-1)) + 1;
