import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { AzuriteServer } from "../../../packages/rehearsal/src/azurite.ts";
import { startAzurite } from "../../../packages/rehearsal/src/azurite.ts";
import { createTls } from "../../../packages/rehearsal/src/tls.ts";

const worker = join(import.meta.dirname, "ledger-process.ts");
let folder: string;
let ca: string;
let azurite: AzuriteServer;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ledger-"));
  const tls = await createTls(folder);
  ca = tls.files.ca;
  azurite = await startAzurite({ tls: tls.files });
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await azurite?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Step {
  step: string;
  [key: string]: unknown;
}

/** A process on the ledger: its steps in order, and a word that lets it go on. */
function start(container: string, runId: string, task: string) {
  const child = spawn(process.execPath, [worker, container, runId, task], {
    env: { ...process.env, NODE_OPTIONS: "", NODE_EXTRA_CA_CERTS: ca },
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next(): Promise<Step> {
      const line = await lines.next();
      if (line.done) throw new Error(`process ${runId} ended without a further step`);
      return JSON.parse(line.value) as Step;
    },
    go: () => child.stdin?.write("go\n"),
    kill: (signal: NodeJS.Signals) => child.kill(signal),
  };
}

async function container(): Promise<string> {
  const place = `${azurite.accountUrl()}/ledger-${randomUUID()}`;
  expect(await start(place, "0", "create").next()).toMatchObject({ step: "created" });
  return place;
}

async function race(count: number): Promise<Step[]> {
  const place = await container();
  const racers = Array.from({ length: count }, (_, index) => start(place, `${index + 1}`, "race"));
  for (const racer of racers) expect(await racer.next()).toMatchObject({ step: "ready" });
  for (const racer of racers) racer.go();
  return Promise.all(racers.map((racer) => racer.next()));
}

describe("the lock in Blob Storage", () => {
  test("two processes that claim at once: one has it, the other is told who", async () => {
    const steps = await race(2);
    expect(steps.map(({ kind }) => kind).sort()).toEqual(["acquired", "locked"]);
    const winner = steps.find(({ kind }) => kind === "acquired");
    const loser = steps.find(({ kind }) => kind === "locked");
    expect(loser?.why).toContain(`actions/runs/${winner?.runId}`);
  });

  test("of five processes one has it", async () => {
    const steps = await race(5);
    expect(steps.filter(({ kind }) => kind === "acquired")).toHaveLength(1);
    expect(steps.filter(({ kind }) => kind === "locked")).toHaveLength(4);
  });

  test("a holder that was paused and overtaken can neither act nor record", async () => {
    const place = await container();
    const paused = start(place, "1", "paused");
    expect(await paused.next()).toMatchObject({ step: "claimed", kind: "acquired" });
    paused.kill("SIGSTOP");
    paused.go();
    expect(await start(place, "2", "take-over").next()).toMatchObject({ kind: "acquired", how: "taken-over" });
    paused.kill("SIGCONT");
    expect(await paused.next()).toEqual({ runId: "1", step: "woke", guarded: "lost", written: "lost", acted: false });
  });
});

describe("a lease that a dead run has left", () => {
  test("is waited out with a word on whose it is and until when; one that does not end, with how to end it", async () => {
    const place = await container();
    const dead = start(place, "1", "die");
    expect(await dead.next()).toEqual({ runId: "1", step: "acting" });
    dead.kill("SIGKILL");
    const next = start(place, "2", "wait-out");
    expect(await next.next()).toMatchObject({ step: "waiting" });
    const { lines, kind, fix } = (await next.next()) as Step & { lines: string[] };
    expect(lines[0]).toMatch(
      /^Run https:\/\/github\.example\/o\/r\/actions\/runs\/1, attempt 1, started by ann, has a short lease.*ends by itself, at \d\d:\d\d:\d\d UTC at the latest\.$/,
    );
    expect(lines.slice(1)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^The lease is still there after \d+ s\.$/)]),
    );
    expect(kind).toBe("failed");
    expect(fix).toMatch(/az storage blob lease break .*-b api\/prod\/head\.json$/);
    expect(await start(place, "3", "break").next()).toMatchObject({ step: "broken" });
    expect(await start(place, "4", "take-over").next()).toMatchObject({ kind: "acquired", how: "taken-over" });
  });
});

describe("five runs that wait for the lock", () => {
  test("get it in the order in which they asked, past one that died waiting", async () => {
    const place = await container();
    const holder = start(place, "1", "hold");
    expect(await holder.next()).toMatchObject({ kind: "acquired" });
    const waiters = [];
    for (const runId of ["10", "99", "20", "30", "40"]) {
      const waiter = start(place, runId, "wait");
      waiters.push({ runId, waiter });
      await start(place, `${waiters.length}`, "queue").next();
    }
    const [, dead] = waiters;
    dead?.waiter.kill("SIGKILL");
    holder.go();
    const alive = waiters.filter((each) => each !== dead);
    const claims = await Promise.all(alive.map(({ waiter }) => waiter.next()));
    expect(claims.map(({ kind }) => kind)).toEqual(["acquired", "acquired", "acquired", "acquired"]);
    const inOrder = [...claims].sort((one, other) => Number(one.epoch) - Number(other.epoch));
    expect(inOrder.map(({ runId }) => runId)).toEqual(["10", "20", "30", "40"]);
  });
});

describe("the store", () => {
  test("keeps heads, events and packages, and gives an event's name away once", async () => {
    const store = start(await container(), "1", "store");
    expect(await store.next()).toEqual({
      runId: "1",
      step: "stored",
      absent: "absent",
      written: "written",
      again: "written",
      stale: "lost",
      read: "head",
      held: "held",
      whileLeased: "written",
      events: 1,
      artifact: "a package",
      newer: { kind: "unreadable", newer: true },
    });
  });

  test("deletes no package that was stored again after it was listed, and one that was deleted is sent anew", async () => {
    const packages = start(await container(), "1", "packages");
    expect(await packages.next()).toEqual({
      runId: "1",
      step: "packages",
      none: 0,
      more: 0,
      isNewer: true,
      storedFirst: false,
      kept: "a package",
      unchanged: true,
      empty: 0,
      deletedFirst: false,
      sentAnew: "a package",
      twice: [true, false],
    });
  });
});
