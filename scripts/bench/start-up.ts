import { join } from "node:path";
import { materialiseRelease, pythonPath } from "@augeo/rehearsal";
import { measureAction, measureProcess, median, progress, round } from "./measured-run.ts";
import { openStage, type Stage, writePackage } from "./stage.ts";

const REPEATS = 5;

interface Case {
  readonly action: string;
  readonly inputs: (stage: Stage, folder: string) => Promise<Record<string, string>>;
  /** Variables of its own. */
  readonly env?: Record<string, string>;
}

/** Each action where it has the least to do, so that the figures are its own start and end. */
const CASES: readonly Case[] = [
  {
    action: "health-probe",
    inputs: async ({ site }) => ({
      "health-path": `https://${site.slots.get("staging")?.hostName}/`,
      successes: "1",
      status: "100-599",
    }),
  },
  {
    action: "slot-deploy",
    inputs: async ({ inputs }, folder) => ({
      ...inputs,
      package: await writePackage(join(folder, "small")),
      release: "r1",
    }),
  },
  {
    action: "slot-swap",
    inputs: async ({ inputs }) => inputs,
  },
  {
    action: "rollback",
    inputs: async ({ cloud, inputs }) => ({
      ...inputs,
      ledger: await cloud.newContainer(),
    }),
  },
  {
    action: "release",
    inputs: async ({ cloud, inputs }, folder) => ({
      ...inputs,
      ledger: await cloud.newContainer(),
      package: await writePackage(join(folder, "small")),
      release: "r1",
      successes: "1",
      "bake-time": "0s",
      deployment: "false",
    }),
  },
  {
    action: "migration-gate",
    inputs: async ({ cloud }, folder) => ({
      mode: "apply",
      "working-directory": await materialiseRelease("1", join(folder, "auction")),
      python: pythonPath(),
      "database-url": cloud.databaseUrl,
    }),
  },
  {
    action: "doctor",
    inputs: async ({ inputs }) => inputs,
  },
];

/** Start to first request and to the end, against a bare Node that does nothing. */
export async function benchStartUp(dist: string, actions: readonly string[], folder: string): Promise<object> {
  const bare = await bareNode();
  const stage = await openStage("bench-start", 0, "own", "own");
  try {
    const results: Record<string, object> = {};
    for (const one of CASES.filter(({ action }) => actions.includes(action))) {
      progress(`start-up: ${one.action}`);
      results[one.action] = await benchCase(one, stage, dist, folder, bare);
    }
    return { "node -e 0 (ms)": round(bare), ...results };
  } finally {
    await stage.cloud.close();
  }
}

/** What starting Node costs, in milliseconds. */
export async function bareNode(): Promise<number> {
  const walls: number[] = [];
  for (let index = 0; index < REPEATS * 2; index++) walls.push((await measureProcess(["-e", "0"])).wall);
  return median(walls);
}

async function benchCase(one: Case, stage: Stage, dist: string, folder: string, bare: number): Promise<object> {
  const inputs = { "github-token": stage.cloud.inputs["github-token"], ...(await one.inputs(stage, folder)) };
  const script = join(dist, one.action, "index.js");
  // Not counted: it warms the page cache, and brings slot and database to where nothing is left to do.
  await measureAction(script, stage.cloud, inputs, one.env);
  const runs = [];
  for (let index = 0; index < REPEATS; index++) runs.push(await measureAction(script, stage.cloud, inputs, one.env));
  const first = medianOf(runs.map(({ firstRequest }) => firstRequest));
  const signed = medianOf(runs.map(({ firstSignedRequest }) => firstSignedRequest));
  const wall = median(runs.map((run) => run.wall));
  return {
    reason: runs[0]?.reason,
    firstRequestMs: first === undefined ? null : round(first),
    firstRequestTimesBareNode: first === undefined ? null : round(first / bare, 1),
    firstSignedRequestMs: signed === undefined ? null : round(signed),
    firstSignedRequestTimesBareNode: signed === undefined ? null : round(signed / bare, 1),
    endMs: round(wall),
    endTimesBareNode: round(wall / bare, 1),
    requests: median(runs.map(({ requests }) => requests)),
    peakMemoryMB: round(median(runs.map(({ peakMemory }) => peakMemory))),
  };
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : median(known);
}
