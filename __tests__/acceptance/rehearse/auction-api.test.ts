import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { auctionReleases, createDatabaseOn, materialiseRelease, pythonPath } from "@augeo/rehearsal";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { onFreePort } from "../../../packages/rehearsal/src/free-port.ts";
import { announcedServers } from "../../../packages/rehearsal/src/servers.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";

let folder: TemporaryFolder;
let database: string;

beforeAll(async () => {
  folder = await temporaryFolder("auction-test");
  database = await createDatabaseOn(announcedServers()?.postgresUrl ?? "");
  for (const release of Object.keys(await auctionReleases()))
    await materialiseRelease(release, join(folder.path, release));
});
afterAll(() => folder.remove());

/** One command of a release, with the release's folder as its own. */
function python(release: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  const cwd = join(folder.path, release);
  return spawn(pythonPath(), ["-m", ...args], {
    cwd,
    env: { ...process.env, DATABASE_URL: database, ...env },
    stdio: "ignore",
  });
}

async function upgrade(release: string): Promise<number | null> {
  const [code] = (await once(python(release, ["alembic", "upgrade", "head"]), "exit")) as [number | null];
  return code;
}

interface App {
  ask(path: string, body?: unknown): Promise<{ status: number; release: string | null; body: unknown }>;
}

async function ask(origin: string, path: string, body?: unknown): ReturnType<App["ask"]> {
  const init =
    body === undefined
      ? {}
      : { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const answer = await fetch(`${origin}${path}`, init);
  const text = await answer.text();
  return {
    status: answer.status,
    release: answer.headers.get("x-release"),
    body: /^[[{]/.test(text) ? JSON.parse(text) : text,
  };
}

/** Runs a release while `work` asks it; resolves to the exit code if it ended before it answered. */
function whileRunning(
  release: string,
  env: Record<string, string>,
  work: (app: App) => Promise<void>,
): Promise<number | null> {
  return onFreePort(async (port) => {
    const child = python(release, ["uvicorn", "auction.main:app", "--port", String(port)], env);
    const ended = once(child, "exit");
    const origin = `http://127.0.0.1:${port}`;
    while (child.exitCode === null && !(await ask(origin, "/health/live").catch(() => undefined)))
      await new Promise((done) => setTimeout(done, 50));
    if (child.exitCode !== null) return child.exitCode;
    try {
      await work({ ask: (path, body) => ask(origin, path, body) });
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
    return null;
  });
}

const ceiling = { BID_CEILING_CENTS: "5000000" };

/** The tests go on where the one before left the database, as releases do. */
describe("the example app, release by release", () => {
  test("1 is not ready before its migrations ran", async () => {
    await whileRunning("1", {}, async ({ ask }) => {
      expect(await ask("/health/ready")).toMatchObject({ status: 503, body: { status: "unready" } });
      expect((await ask("/health/live")).status).toBe(200);
    });
  });

  test("1 takes bids, refuses one that is too low, and names itself in every answer", async () => {
    expect(await upgrade("1")).toBe(0);
    await whileRunning("1", {}, async ({ ask }) => {
      expect(await ask("/health/ready")).toMatchObject({
        status: 200,
        release: "unreleased",
        body: { revision: "0002" },
      });
      await ask("/events", { title: "Spring", ends_at: "2031-05-01T18:00:00Z" });
      expect((await ask("/events/1/items", { title: "Chair", starting_cents: 500 })).status).toBe(201);
      expect((await ask("/items/1/bids", { bidder: "ann", amount_cents: 500 })).status).toBe(201);
      expect(await ask("/items/1/bids", { bidder: "bob", amount_cents: 550 })).toMatchObject({
        status: 409,
        release: "unreleased",
      });
      expect((await ask("/items/1")).body).toMatchObject({ highest_cents: 500, next_minimum_cents: 600 });
    });
  });

  test("1 goes on serving after the expand migration of 2, and 2 serves its bids", async () => {
    expect(await upgrade("2")).toBe(0);
    await whileRunning("1", {}, async ({ ask }) => {
      expect(await ask("/health/ready")).toMatchObject({ status: 200, body: { revision: "0003" } });
      expect((await ask("/items/1/bids", { bidder: "bob", amount_cents: 600 })).status).toBe(201);
    });
    await whileRunning("2", {}, async ({ ask }) => {
      expect((await ask("/items/1/bids")).body).toMatchObject([{ channel: null }, { channel: null }]);
      expect((await ask("/items/1/bids", { bidder: "ann", amount_cents: 700, channel: "phone" })).body).toMatchObject({
        channel: "phone",
      });
    });
  });

  test("3 is healthy in a slot, and under production's setting fails where it matters while it says it is ready", async () => {
    await whileRunning("3", {}, async ({ ask }) => expect((await ask("/items")).status).toBe(200));
    await whileRunning("3", ceiling, async ({ ask }) => {
      expect((await ask("/health/ready")).status).toBe(200);
      expect((await ask("/items")).status).toBe(500);
      expect((await ask("/items/1/bids", { bidder: "bob", amount_cents: 900 })).status).toBe(500);
    });
  });

  test("4 has two heads, and Alembic refuses it", async () => {
    expect(await upgrade("4")).not.toBe(0);
  });

  test("a migration that fails leaves the schema as it was", async () => {
    expect(await upgrade("failing-migration")).toBe(1);
    await whileRunning("2", {}, async ({ ask }) => {
      expect(await ask("/health/ready")).toMatchObject({ status: 200, body: { revision: "0003" } });
    });
  });

  test("never-starts ends by itself, unready answers 500 where it should say that it is ready", async () => {
    expect(await whileRunning("never-starts", {}, async () => undefined)).toBe(3);
    await whileRunning("unready", {}, async ({ ask }) => expect((await ask("/health/ready")).status).toBe(500));
  });

  test("after the contract migration 1 says that it cannot serve, and 2 goes on", async () => {
    expect(await upgrade("contract")).toBe(0);
    await whileRunning("1", {}, async ({ ask }) => {
      expect(await ask("/health/ready")).toMatchObject({
        status: 503,
        body: { problem: expect.stringContaining("revision 0003") },
      });
    });
    await whileRunning("2", {}, async ({ ask }) => expect((await ask("/health/ready")).status).toBe(200));
  });

  test("the list of releases and the folders name the same ones", async () => {
    const base = await readdir(join(import.meta.dirname, "../../../examples/auction-api/releases"));
    expect(base.toSorted()).toEqual(
      Object.keys(await auctionReleases())
        .filter((name) => name !== "1")
        .toSorted(),
    );
  });
});
