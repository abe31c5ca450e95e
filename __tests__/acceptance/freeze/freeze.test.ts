import { afterEach, describe, expect, test } from "@jest/globals";
import type { RunOptions } from "../../support/run-action.ts";
import { packageFolder } from "../release/package-folder.ts";
import { type AppInSlots, errorOf, startAppInSlots } from "../slot-swap/app-in-slots.ts";

let app: AppInSlots;
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

const freeze = (inputs: RunOptions["inputs"] = {}, actor = "ann") =>
  app.run(
    "freeze",
    { reason: "Christmas sale", until: "4h", ledger: app.ledger, ...inputs },
    { env: { GITHUB_RUN_ID: "500", GITHUB_TRIGGERING_ACTOR: actor } },
  );

async function release(id: string, runId: number, inputs: RunOptions["inputs"] = {}) {
  const folder = await packageFolder(id);
  folders.push(folder);
  return app.run(
    "release",
    { package: folder.path, release: id, ledger: app.ledger, ...inputs },
    { env: { GITHUB_RUN_ID: String(runId) } },
  );
}

const swap = (inputs: RunOptions["inputs"] = {}, runId = 700) =>
  app.run("slot-swap", { ledger: app.ledger, ...inputs }, { env: { GITHUB_RUN_ID: String(runId) } });

describe("a freeze", () => {
  test("holds a release back, with who, why, until when and how to go on; overriding it is recorded and lifts nothing", async () => {
    app = await startAppInSlots();
    const set = await freeze();
    expect(errorOf(set)).toBe("");
    expect(set.outputs).toMatchObject({ decision: "proceed", reason: "frozen", frozen: "true", by: "ann" });
    expect(set.summary).toContain("knows no release of this app and environment yet");
    const refused = await release("r3", 1);
    expect(refused.exitCode).toBe(1);
    expect(refused.outputs).toMatchObject({ decision: "hold", reason: "frozen" });
    expect(errorOf(refused)).toMatch(
      /is frozen until 20\d\d-\d\d-\d\d \d\d:\d\d UTC \(in \d+ \w+\).*ann froze it.*Christmas sale.*override-freeze: <why>/s,
    );
    expect(refused.summary).toContain("Christmas sale");
    expect(await app.live()).toEqual(["r1", "r2"]);
    expect(await app.readHead()).toMatchObject({ holder: null, rollout: null });
    const forced = await release("r3", 2, { "override-freeze": "bids are lost" });
    expect(errorOf(forced)).toBe("");
    expect(forced.outputs).toMatchObject({ reason: "released", "live-release": "r3" });
    expect(await app.readHead()).toMatchObject({ freeze: { by: "ann" } });
    const events = await app.readEvents();
    expect(events.find(({ what }) => what === "frozen")).toMatchObject({ actor: "ann", runId: "500" });
    expect(events.find(({ what }) => what === "freeze-overridden")).toMatchObject({
      runId: "2",
      actor: "octocat",
      details: { why: "bids are lost", frozenBy: "ann" },
    });
  });

  test("holds a swap back and never a rollback, and lets all through once it is lifted", async () => {
    app = await startAppInSlots();
    await release("r3", 1);
    await release("r4", 2);
    await freeze();
    expect((await swap()).outputs).toMatchObject({ decision: "hold", reason: "frozen" });
    expect(app.swaps()).toBe(2);
    const back = await app.run("rollback", { ledger: app.ledger }, { env: { GITHUB_RUN_ID: "701" } });
    expect(back.outputs).toMatchObject({ reason: "rolled-back", "live-release": "r3" });
    const lifted = await freeze({ mode: "lift", reason: "sale is over" }, "bob");
    expect(lifted.outputs).toMatchObject({ decision: "proceed", reason: "lifted", frozen: "false", by: "" });
    expect(lifted.summary).toMatch(/bob lifted the freeze that ann had set/);
    expect((await freeze({ mode: "lift", reason: "twice" })).outputs).toMatchObject({
      decision: "nothing-to-do",
      reason: "not-frozen",
    });
    expect((await swap({}, 702)).outputs).toMatchObject({ reason: "swapped", "live-release": "r4" });
  });

  test("that comes back every week holds back in its window, and a zone that does not exist is said at once", async () => {
    app = await startAppInSlots();
    const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const today = new Date().getUTCDay();
    const window = `${days[(today + 6) % 7]} 00:00 - ${days[(today + 2) % 7]} 00:00 UTC`;
    const held = await swap({ "freeze-windows": window });
    expect(held.outputs).toMatchObject({ decision: "hold", reason: "frozen" });
    expect(errorOf(held)).toMatch(/is frozen until .* freeze-windows say so.*override-freeze/s);
    expect(await app.readHead()).toMatchObject({ holder: null, freeze: null });
    app.cloud.requests.clear();
    const wrong = await swap({ "freeze-windows": "Fri 16:00 - Mon 08:00 Europe/Zurch" });
    expect(errorOf(wrong)).toMatch(/"Fri 16:00 - Mon 08:00 Europe\/Zurch" is no window/);
    expect(app.cloud.requests.of({ host: "management" })).toHaveLength(0);
    const forced = await swap({ "freeze-windows": window, "override-freeze": "bids are lost" }, 703);
    expect(forced.outputs).toMatchObject({ reason: "swapped" });
  });

  test("set while a release runs lets that one end, also the way back that it needs", async () => {
    app = await startAppInSlots();
    let setting: ReturnType<typeof freeze> | undefined;
    const folder = await packageFolder("r3");
    folders.push(folder);
    // The slot gets warm only once the freeze is set.
    const warmUp = { host: "front", label: "staging" };
    const out = await app.run(
      "release",
      { package: folder.path, release: "r3", ledger: app.ledger },
      {
        onLine: (line) => {
          if (!/^STAGED: /.test(line)) return;
          setting = freeze();
          app.cloud.faults.add({ match: warmUp, action: { kind: "hold", until: setting } });
        },
      },
    );
    expect((await setting)?.outputs).toMatchObject({ reason: "frozen" });
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({ reason: "released" });
    expect(await app.readHead()).toMatchObject({ holder: null, live: { release: "r3" }, freeze: { by: "ann" } });
  });

  test("is not shortened by somebody else, and an end that is over is refused before anything is sent", async () => {
    app = await startAppInSlots();
    await freeze({ until: undefined });
    const shorter = await freeze({ until: "1h" }, "bob");
    expect(shorter.outputs).toMatchObject({ decision: "hold", reason: "frozen-longer", by: "ann", until: "" });
    expect(errorOf(shorter)).toMatch(/ann froze .* until it is lifted.*Lift it first/s);
    const { outputs } = await freeze({ mode: "lift", reason: "written anew" });
    expect(outputs).toMatchObject({ reason: "lifted" });
    const year = new Date().getUTCFullYear() + 1;
    for (const until of [`${year}-12-27T08:00+01:00`, `${year}-12-27 08:00 +0100`, `${year}-12-27 07:00 UTC`])
      expect((await freeze({ until })).outputs.until).toBe(`${year}-12-27T07:00:00.000Z`);
    app.cloud.requests.clear();
    const over = await freeze({ until: "2020-01-01T00:00Z" });
    expect(errorOf(over)).toMatch(/until: 2020-01-01T00:00Z is over already/);
    const local = await freeze({ until: "2026-12-27T08:00" });
    expect(errorOf(local)).toMatch(/a moment with its time zone/);
    expect(app.cloud.requests.of({ host: "blob" })).toHaveLength(0);
  });

  test("whose reason is hostile can neither issue a command nor leave its cell", async () => {
    app = await startAppInSlots();
    const reason = "::error::x | <img src=x> ![](https://evil) `$(id)` [a](javascript:1) @team";
    const set = await freeze({ reason });
    expect(set.summary).not.toMatch(/<img|!\[\]|\| <|`\$\(|\]\(javascript|@team/);
    const refused = await swap();
    expect(refused.annotations.map(({ level }) => level)).toEqual(["error"]);
    expect(refused.summary).not.toMatch(/<img|!\[\]\(/);
  });
});
