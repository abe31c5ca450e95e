/** One process of a race: works on the ledger as told on its command line and prints one JSON line per step. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger, openPackages } from "@augeo/azure";
import type { Event, Holder, RunState, ServiceError } from "@augeo/release";
import { acquire, emptyHead, moveHeld, release } from "@augeo/release";
import { ContainerClient } from "@azure/storage-blob";

const [container = "", runId = "", task = "claim"] = process.argv.slice(2);

/** Azurite checks the claims of a token and not its signature. */
function storageToken(): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const tid = "11111111-1111-1111-1111-111111111111";
  const claims = {
    aud: "https://storage.azure.com",
    iss: `https://sts.windows.net/${tid}/`,
    tid,
    oid: tid,
    nbf: now - 60,
    iat: now - 60,
    exp: now + 3600,
  };
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.x`;
}

const signal = new AbortController().signal;
const clock = {
  now: Date.now,
  sleep: (duration: number) => new Promise<void>((resolve) => setTimeout(resolve, duration)),
};
const log = { debug() {}, info(_: string) {}, warning() {}, quote() {}, mask() {} };
const credential = { getToken: async () => ({ token: storageToken(), expiresOnTimestamp: Date.now() + 3_600_000 }) };
const place = { container, audience: "https://storage.azure.com/.default", app: "api", environment: "prod" };
const context = { env: process.env, clock, log, signal };
const ledger = openLedger(context, credential, place);

const me: Omit<Holder, "since"> = {
  claimId: `o/r/${runId}`,
  repository: "o/r",
  runId,
  attempt: 1,
  actor: "ann",
  url: `https://github.example/o/r/actions/runs/${runId}`,
};

const say = (step: object) => process.stdout.write(`${JSON.stringify({ runId, ...step })}\n`);

function claim(holderRun: RunState, lockWait = 0) {
  return acquire({
    ledger,
    clock,
    signal,
    app: "api",
    environment: "prod",
    where: ledger.where,
    me,
    // Runs from 90 on are dead, as GitHub would say.
    askRun: async (run) => (Number(run.runId) >= 90 ? "over" : holderRun),
    lockWait,
    pollInterval: 100,
  });
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => process.stdin.once("data", () => resolve()));
}

async function race(): Promise<void> {
  await ledger.read();
  say({ step: "ready" });
  await untilTold();
  const acquired = await claim("running");
  say({ step: "claimed", kind: acquired.kind, why: acquired.kind === "acquired" ? "" : acquired.explanation.why });
}

/** Claims, is paused while another run takes over, then tries to act and to record. */
async function pausedHolder(): Promise<void> {
  const acquired = await claim("running");
  say({ step: "claimed", kind: acquired.kind });
  await untilTold();
  if (acquired.kind !== "acquired") return;
  const { head, etag } = acquired.held;
  let acted = false;
  const guarded = await ledger.guard(etag, async () => {
    acted = true;
  });
  const written = await ledger.write({ ...head, seq: head.seq + 1 }, etag);
  say({ step: "woke", guarded: guarded.kind, written: written.kind, acted });
}

/** Dies, or is expected to, under the lease. */
async function dieInAct(): Promise<void> {
  const acquired = await claim("running");
  if (acquired.kind !== "acquired") return;
  await ledger.guard(acquired.held.etag, async () => {
    say({ step: "acting" });
    await untilTold();
  });
}

/** Takes over from it, in a time that runs twenty times as fast as the lease's; says what a person reads meanwhile. */
async function waitOutLease(): Promise<void> {
  const began = Date.now();
  clock.now = () => began + (Date.now() - began) * 20;
  const sleep = clock.sleep;
  clock.sleep = (duration) => sleep(duration / 20);
  log.info = (line) => {
    lines.push(line);
    if (lines.length === 1) say({ step: "waiting" });
  };
  const lines: string[] = [];
  const ended = await claim("over").catch((error: ServiceError) => ({ kind: "failed", fix: error.fix }));
  say({ step: "waited", lines, ...ended });
}

async function create(): Promise<void> {
  await new ContainerClient(container, credential, { audience: place.audience }).create();
  say({ step: "created" });
}

async function breakLease(): Promise<void> {
  const client = new ContainerClient(container, credential, { audience: place.audience });
  await client.getBlobClient("api/prod/head.json").getBlobLeaseClient().breakLease(0);
  say({ step: "broken" });
}

async function takeOver(): Promise<void> {
  const acquired = await claim("over");
  say({ step: "claimed", kind: acquired.kind, how: acquired.kind === "acquired" ? acquired.how : "" });
}

/** Waits for the lock in the queue, holds it for a moment, and gives it back. */
async function waitInLine(): Promise<void> {
  const acquired = await claim("running", 60_000);
  say({ step: "claimed", kind: acquired.kind, epoch: acquired.kind === "acquired" ? acquired.held.head.epoch : 0 });
  if (acquired.kind === "acquired") await moveHeld(ledger, acquired.held, (head) => release(head, Date.now()));
}

/** Holds the lock until told. */
async function hold(): Promise<void> {
  const acquired = await claim("running");
  say({ step: "claimed", kind: acquired.kind });
  await untilTold();
  if (acquired.kind === "acquired") await moveHeld(ledger, acquired.held, (head) => release(head, Date.now()));
  say({ step: "released" });
}

/** Says who waits, once as many do as told. */
async function watchQueue(): Promise<void> {
  for (;;) {
    const read = await ledger.read();
    const waiting = read.kind === "head" ? read.head.queue.map((each) => each.runId) : [];
    if (waiting.length >= Number(runId)) return void say({ step: "queue", waiting });
    await clock.sleep(50);
  }
}

async function store(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "store-"));
  const head = emptyHead("api", "prod");
  const absent = (await ledger.read()).kind;
  const first = await ledger.write(head, undefined);
  const again = (await ledger.write(head, undefined)).kind;
  const stale = (await ledger.write({ ...head, seq: 7 }, '"0x0"')).kind;
  const read = await ledger.read();
  const etag = first.kind === "written" ? first.etag : "";
  let other: Promise<{ kind: string }> | undefined;
  const guarded = await ledger.guard(etag, async () => {
    other = ledger.write({ ...head, seq: 1 }, etag);
    await clock.sleep(300);
  });
  const whileLeased = (await other)?.kind;
  const event: Event = {
    schema: 1,
    epoch: 1,
    seq: 1,
    at: 0,
    what: "noted",
    release: null,
    phase: null,
    runId: "1",
    attempt: 1,
    actor: "ann",
    details: {},
  };
  await ledger.append(event);
  await ledger.append({ ...event, what: "forged" });
  const events = (await ledger.readEvents()).filter((text) => text.includes("noted")).length;
  await writeFile(join(folder, "a"), "a package");
  await ledger.storeArtifact("abc", join(folder, "a"));
  await ledger.storeArtifact("abc", join(folder, "a"));
  await ledger.fetchArtifact("abc", join(folder, "b"));
  const artifact = await readFile(join(folder, "b"), "utf8");
  await rm(folder, { recursive: true });
  const client = new ContainerClient(container, credential, { audience: place.audience });
  const newerHead = JSON.stringify({ ...head, schema: 99, freeze: {} });
  await client.getBlockBlobClient("api/prod/head.json").upload(newerHead, newerHead.length);
  const newest = await ledger.read();
  const newer = newest.kind === "unreadable" ? { kind: newest.kind, newer: newest.newer } : newest.kind;
  say({
    step: "stored",
    absent,
    written: first.kind,
    again,
    stale,
    read: read.kind,
    held: guarded.kind,
    whileLeased,
    events,
    artifact,
    newer,
  });
}

/** A release stores a package again before and after a reconciler deletes what it had listed. */
async function packages(): Promise<void> {
  const stored = openPackages(context, credential, place);
  const folder = await mkdtemp(join(tmpdir(), "packages-"));
  const sha256 = "a".repeat(64);
  const [file, copy] = [join(folder, "a"), join(folder, "b")];
  await writeFile(file, "a package");
  const none = await stored.list();
  await ledger.read();
  await ledger.storeArtifact(sha256, file);
  await ledger.storeArtifact("not-a-hash", file);
  const [listed, ...more] = await stored.list();
  if (!listed) throw new Error("the package was not listed");
  await clock.sleep(1_100);
  await ledger.storeArtifact(sha256, file);
  const [again] = await stored.list();
  if (!again) throw new Error("the package was not listed again");
  const storedFirst = await stored.remove(listed);
  await ledger.fetchArtifact(sha256, copy);
  const kept = await readFile(copy, "utf8");
  const unchanged = await stored.remove(again);
  const empty = await stored.list();
  await ledger.storeArtifact(sha256, file);
  const deletedFirst = await stored.remove(again);
  await ledger.fetchArtifact(sha256, copy);
  const sentAnew = await readFile(copy, "utf8");
  const [last] = await stored.list();
  const twice = last && [await stored.remove(last), await stored.remove(last)];
  await rm(folder, { recursive: true });
  const counts = { none: none.length, more: more.length, empty: empty.length };
  const isNewer = again.storedAt > listed.storedAt && again.etag !== listed.etag && again.bytes === 9;
  say({ step: "packages", ...counts, isNewer, storedFirst, kept, unchanged, deletedFirst, sentAnew, twice });
}

const tasks: Record<string, () => Promise<void>> = {
  store,
  packages,
  race,
  paused: pausedHolder,
  "take-over": takeOver,
  die: dieInAct,
  "wait-out": waitOutLease,
  create,
  break: breakLease,
  wait: waitInLine,
  hold,
  queue: watchQueue,
};
await tasks[task]?.();
process.exit(0);
