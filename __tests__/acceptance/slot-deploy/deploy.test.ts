import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { openStage, type Stage, served } from "./stage.ts";

const run = promisify(execFile);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ slots: ["staging", "other"] });
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

describe("a folder", () => {
  test("is sent once and ends as the running release, which the outputs and the summary name", async () => {
    const path = await stage.package("first");
    const result = await stage.deploy({ package: path, release: "r1", "schema-head": "a1b2" });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({
      decision: "proceed",
      reason: "deployed",
      release: "r1",
      "slot-created": "false",
    });
    expect(result.result).toMatchObject({ schema: 1, uploads: 1, redeployed: false, "schema-head": "a1b2" });
    expect(stage.uploads()).toHaveLength(1);
    // One ID token and one exchange for everything.
    expect(stage.cloud.requests.of({ host: "oidc" })).toHaveLength(1);
    expect(stage.cloud.requests.of({ host: "login", method: "POST" })).toHaveLength(1);
    expect(await served(stage)).toMatchObject({
      schema: 1,
      release: "r1",
      content: result.outputs.content,
      "schema-head": "a1b2",
    });
    expect(result.summary).toContain("### ✅ `r1` runs in the slot `staging`");
    expect(result.stdout).toContain("Deployment successful.");
    expect(result.stderr).toBe("");
  });

  test("that the slot runs already is not sent again", async () => {
    const path = await stage.package("first");
    const result = await stage.deploy({ package: path, release: "r1", "schema-head": "a1b2" });
    expect(result.outputs).toMatchObject({
      decision: "nothing-to-do",
      reason: "already-deployed",
      "deployment-id": "",
    });
    expect(stage.uploads()).toHaveLength(0);
  });

  test("with changed content is sent, and exactly what changed is copied", async () => {
    const one = await stage.package("second", { "same.txt": "same", "changes.txt": "one" });
    await stage.deploy({ package: one, release: "r2" });
    const two = await stage.package("second", { "same.txt": "same", "changes.txt": "two" });
    const result = await stage.deploy({ package: two, release: "r3" });
    expect(result.outputs.reason).toBe("deployed");
    expect(result.stdout).toMatch(/2 copied, 0 deleted, 2 unchanged/);
    expect(await served(stage)).toMatchObject({ release: "r3" });
  });

  test("without a release id gets one from commit and content", async () => {
    const result = await stage.deploy({ package: await stage.package("third", { "third.txt": "3" }) });
    expect(result.outputs.release).toMatch(/^0123456-[0-9a-f]{8}$/);
    expect(result.outputs.release?.slice(8)).toBe(result.outputs.content?.slice(0, 8));
  });
});

describe("a zip", () => {
  test("of the same content counts as the same package, whoever made it", async () => {
    const path = await stage.package("zipped", { "z.txt": "z" });
    const zip = join(stage.folder.path, "zipped.zip");
    await run("python3", ["-m", "zipfile", "-c", zip, join(path, "app.py"), join(path, "z.txt")]);
    const first = await stage.deploy({ package: zip, release: "z1" });
    expect(first.outputs).toMatchObject({ reason: "deployed" });
    expect(stage.uploads()[0]?.headers["content-length"]).toBeDefined();
    const second = await stage.deploy({ package: path, release: "z1" });
    expect(second.outputs).toMatchObject({ reason: "already-deployed", content: first.outputs.content });
  });
});

describe("a slot that does not exist", () => {
  test("is created as a copy of production's configuration when asked", async () => {
    stage.site.production.appSettings = { SHARED: "yes" };
    stage.site.production.connectionStrings = { DB: { value: "postgres://", type: "PostgreSQL" } };
    const path = await stage.package("created");
    const result = await stage.deploy({ package: path, release: "c1", slot: "fresh", "create-slot": true });
    expect(result.outputs).toMatchObject({ reason: "deployed", "slot-created": "true" });
    const slot = stage.site.slots.get("fresh");
    expect(slot?.appSettings).toMatchObject({ SHARED: "yes" });
    expect(slot?.connectionStrings).toEqual({ DB: { value: "postgres://", type: "PostgreSQL" } });
    expect(slot?.config.appCommandLine).toBe("python3 app.py");
    expect(stage.uploads()).toHaveLength(1);
  });

  test("is an error that names the slots there are, when not asked", async () => {
    const result = await stage.deploy({ package: await stage.package("first"), slot: "blue" });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(/Slot "blue" does not exist on app "auction-api"/);
    expect(result.stdout).toMatch(/Existing slots: .*staging/);
    expect(result.stdout).toMatch(/create-slot: true/);
    expect(stage.uploads()).toHaveLength(0);
  });
});

test("an app whose instances do not report themselves ready runs when it answers", async () => {
  const body = { value: [{ name: "i1", properties: { state: "UNKNOWN" } }] };
  stage.cloud.faults.add({
    match: { host: "management", path: /\/instances/ },
    action: { kind: "status", status: 200, body },
  });
  const path = await stage.package("unreported", { "u.txt": "unreported" });
  const result = await stage.deploy({ package: path, release: "unreported", "start-timeout": "1s" });
  expect(result.outputs.reason).toBe("deployed");
});

describe("an app that does not start", () => {
  test("is an outcome that fails, with the container's log", async () => {
    const path = await stage.package("broken", { "app.py": "raise SystemExit('no database configured')\n" });
    const result = await stage.deploy({ package: path, release: "b1", slot: "other", "start-timeout": "6s" });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ decision: "hold", reason: "not-started" });
    expect(result.summary).toContain("no database configured");
  });
});

test("tokens appear in the log only to be masked, and in no file", async () => {
  const path = await stage.package("masked", { "m.txt": "m" });
  const result = await stage.deploy({ package: path });
  const tokens = [...result.stdout.matchAll(/^::add-mask::(eyJ[\w-]+\.[\w-]+\.[\w-]+)$/gm)].map(
    ([, token]) => token ?? "",
  );
  expect(tokens.length).toBeGreaterThanOrEqual(2);
  const rest =
    result.stdout.replace(/^::add-mask::.*$/gm, "") + result.summary + JSON.stringify([result.state, result.outputs]);
  for (const token of tokens) expect(rest).not.toContain(token);
});

test("a proxy is used for every host", async () => {
  const { startProxy } = await import("./proxy.ts");
  const proxy = await startProxy();
  try {
    const path = await stage.package("proxied", { "p.txt": "p" });
    const result = await stage.deploy({ package: path }, { env: { https_proxy: proxy.url } });
    expect(result.outputs.reason).toBe("deployed");
    const hosts = new Set(stage.cloud.requests.entries.filter(({ host }) => host !== "front").map(({ host }) => host));
    expect([...hosts].sort()).toEqual(["login", "management", "oidc", "scm"]);
    expect(proxy.targets.size).toBe(4);
    const direct = await stage.deploy(
      { package: path },
      { env: { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "127.0.0.1" } },
    );
    expect(direct.outputs.reason).toBe("already-deployed");
  } finally {
    await proxy.close();
  }
});

test("the package on disk is left as it was", async () => {
  const path = await stage.package("untouched", { "u.txt": "u" });
  await writeFile(join(path, "augeo-release.json"), "{}");
  const result = await stage.deploy({ package: path, release: "u1" });
  expect(result.outputs.reason).toBe("deployed");
  expect(await readFile(join(path, "augeo-release.json"), "utf8")).toBe("{}");
  expect(await served(stage)).toMatchObject({ release: "u1" });
});
