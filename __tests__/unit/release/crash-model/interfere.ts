/** Stories in which somebody comes in between: another run notes something, or takes over from a run that only paused. */
import { type Bounds, type Explored, explore, RESUMED_AFTER } from "./explore.ts";
import { type Mutant, noteSomething, Process, type Role } from "./process.ts";
import type { Scenario } from "./scenario.ts";
import { World } from "./world.ts";
import { wrongs } from "./wrongs.ts";

/** At every call of the first run somebody notes something in the head; from there on, every death. */
export async function noted(scenario: Scenario, successors: readonly Role[]): Promise<Explored> {
  const found = nothingFound();
  for (let call = 0; call < (await callsOf(scenario)); call++) {
    const interference = { call, act: noteSomething };
    merge(found, await explore(scenario, { deaths: 1, successors, gaps: [5_000], interference }));
  }
  return found;
}

/** At every call the first run pauses, another one takes over and ends, and the first one wakes up and goes on. */
export async function paused(scenario: Scenario, role: Role, mutant?: Mutant): Promise<Explored> {
  const found = nothingFound();
  for (let call = 0; call < (await callsOf(scenario)); call++) {
    const world = World.begin(scenario);
    const act = async () => {
      await new Process(world, { mutant, remembers: false }).run(role);
      world.pass(5_000);
    };
    const sleeper = new Process(world, { mutant, remembers: false, interference: { call, act } });
    await sleeper.run("first");
    // A run that waits on hold, as the one that took over may, is followed by another one.
    if (world.at.head.holder) await new Process(world, { remembers: false }).run("next");
    const bad = wrongs(world);
    merge(found, {
      traces: [1],
      played: 2,
      wrong: bad.length > 0 ? 1 : 0,
      wrongs: bad.length > 0 ? [`${scenario.name}: paused at ${call}, ${role}: ${bad.join("; ")}`] : [],
    });
  }
  return found;
}

/** At every moment of a story somebody sets another weight by hand; around it, every death. */
export async function meddled(scenario: Scenario, weight: number, bounds: Bounds, every = 1): Promise<Explored> {
  const found = nothingFound();
  const moments = await momentsOf(scenario);
  for (let moment = 0; moment < moments; moment += every)
    merge(
      found,
      await explore(
        { ...scenario, name: `${scenario.name}, ${weight} % by hand at ${moment}`, hand: { moment, weight } },
        bounds,
      ),
    );
  return found;
}

/** In a story without a death; a hold is followed by others until it is over. */
async function momentsOf(scenario: Scenario): Promise<number> {
  const world = World.begin({ ...scenario, hand: { moment: Number.POSITIVE_INFINITY, weight: 0 } });
  await new Process(world, { remembers: false }).run("first");
  for (let run = 0; run < 6 && world.at.head.holder; run++) {
    world.pass(RESUMED_AFTER);
    await new Process(world, { remembers: false }).run("rerun");
  }
  return world.at.moments;
}

async function callsOf(scenario: Scenario): Promise<number> {
  const process = new Process(World.begin(scenario), { remembers: false });
  await process.run("first");
  return process.calls;
}

export const nothingFound = (): Explored => ({ traces: [], played: 0, wrong: 0, wrongs: [] });

export function merge(into: Explored, { traces, played, wrong, wrongs: more }: Explored): void {
  traces.forEach((count, deaths) => {
    into.traces[deaths] = (into.traces[deaths] ?? 0) + count;
  });
  into.played += played;
  into.wrong += wrong;
  into.wrongs = [...into.wrongs, ...more].slice(0, 10);
}
