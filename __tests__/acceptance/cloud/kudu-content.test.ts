import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type HostedSite, hostSite, zipOf } from "./hosted-site.ts";
import { KuduClient } from "./kudu-client.ts";

let hosted: HostedSite;
let kudu: KuduClient;

beforeAll(async () => {
  hosted = await hostSite();
  kudu = new KuduClient(hosted);
});
afterAll(() => hosted.close());

describe("what a deployment copies", () => {
  test("a zip deletes what it does not hold, unless clean=false", async () => {
    await kudu.publish({ "old.txt": "old", "both.txt": "1" });
    await kudu.publish({ "both.txt": "2" }, "type=zip&clean=false");
    expect([await kudu.file("old.txt"), await kudu.file("both.txt")]).toEqual(["old", "2"]);
    await kudu.publish({ "both.txt": "3" });
    expect(await kudu.file("old.txt")).toBeUndefined();
  });

  test("a file with the same time and size is taken for unchanged, whatever is in it", async () => {
    await kudu.publish({ "same.txt": "aaaa", "other.txt": "a" });
    await kudu.publish({ "same.txt": "bbbb", "other.txt": "bb" });
    expect([await kudu.file("same.txt"), await kudu.file("other.txt")]).toEqual(["aaaa", "bb"]);
    const later = await zipOf({ "same.txt": "bbbb" }, new Date("2026-01-02T03:04:10Z"));
    await kudu.scm("/api/publish?type=zip", { method: "POST", body: later });
    expect(await kudu.file("same.txt")).toBe("bbbb");
  });

  test("zipdeploy deletes only what the deployment before it had brought", async () => {
    const zip = async (files: Record<string, string>) =>
      expect(
        (await kudu.scm("/api/zipdeploy?deployer=tests", { method: "POST", body: await zipOf(files) })).status,
      ).toBe(200);
    await kudu.scm("/api/vfs/site/wwwroot/uploaded.txt", { method: "PUT", body: "kept" });
    await zip({ "first.txt": "1" });
    await kudu.scm("/api/vfs/site/wwwroot/uploaded.txt", { method: "PUT", body: "kept", headers: { "if-match": "*" } });
    await zip({ "second.txt": "2" });
    expect([await kudu.file("first.txt"), await kudu.file("second.txt"), await kudu.file("uploaded.txt")]).toEqual([
      undefined,
      "2",
      "kept",
    ]);
    expect(await kudu.latest()).toMatchObject({ deployer: "tests", message: "Created via a push deployment" });
  });
});

describe("packages that are no good", () => {
  const cases: [string, () => Promise<Buffer>, RegExp][] = [
    ["is no zip", async () => Buffer.from("not a zip at all"), /end of central directory/i],
    [
      "is cut off",
      async () => (await zipOf({ "a.txt": "text".repeat(5000) })).subarray(0, 60),
      /end of central directory/i,
    ],
    ["has spoilt content in one of its files", spoilt, /^a\.txt: /],
    ["has a name that climbs out", climbing, /invalid relative path/],
  ];
  test.each(cases)(
    "a package that %s fails with the reason, and the site keeps its content",
    async (_what, body, reason) => {
      await kudu.publish({ "kept.txt": "kept" });
      const answer = await kudu.scm("/api/publish?type=zip", { method: "POST", body: await body() });
      expect(answer.status).toBe(400);
      const record = await kudu.latest();
      expect(record).toMatchObject({ status: 3, status_text: expect.stringMatching(reason) });
      expect(await kudu.logText(record)).toMatch(/Deployment Failed/);
      expect(await kudu.file("kept.txt")).toBe("kept");
    },
  );
});

/** Two files; the compressed bytes of the first are overwritten. */
async function spoilt(): Promise<Buffer> {
  const zip = await zipOf({ "a.txt": "text of some length, ".repeat(100), "b.txt": "b" });
  return zip.fill(0xff, 40, 60);
}

/** The writer refuses such names, so that one of the same length is written and changed afterwards. */
async function climbing(): Promise<Buffer> {
  const zip = await zipOf({ "xx/evil.txt": "evil" });
  return Buffer.from(zip.toString("latin1").replaceAll("xx/evil.txt", "../evil.txt"), "latin1");
}

describe("the build", () => {
  test("fails the deployment when a requirement cannot be had, shows pip's output, and leaves wwwroot alone", async () => {
    await kudu.publish({ "kept.txt": "kept" });
    hosted.staging.appSettings = { SCM_DO_BUILD_DURING_DEPLOYMENT: "true" };
    hosted.hosting.configurationChanged(hosted.staging, "config");
    const answer = await kudu.publish({ "requirements.txt": "no-such-package-anywhere==1.0\n" });
    expect(answer.status).toBe(400);
    const record = await kudu.latest();
    expect(record).toMatchObject({
      status: 3,
      build_summary: { errors: expect.arrayContaining([expect.stringMatching(/ERROR/)]) },
    });
    expect(await kudu.logText(record)).toMatch(
      /Running oryx build\.\.\.[\s\S]*Running pip install[\s\S]*no-such-package-anywhere/,
    );
    expect(await kudu.file("kept.txt")).toBe("kept");
  });

  test("succeeds with requirements that the image's Python has", async () => {
    expect((await kudu.publish({ "requirements.txt": "fastapi\nuvicorn\n", "app.txt": "x" })).status).toBe(200);
    expect(await kudu.logText(await kudu.latest())).toMatch(/Requirement already satisfied: fastapi/);
    expect(await kudu.file("antenv/pyvenv.cfg")).toMatch(/include-system-site-packages = true/);
    hosted.staging.appSettings = {};
    hosted.hosting.configurationChanged(hosted.staging, "config");
  });
});

describe("the file API and the rest", () => {
  test("a file is read, replaced only with its ETag, and deleted", async () => {
    const path = "/api/vfs/site/wwwroot/notes.txt";
    expect((await kudu.scm(path, { method: "PUT", body: "one" })).status).toBe(201);
    expect((await kudu.scm(path, { method: "PUT", body: "two" })).status).toBe(412);
    expect((await kudu.scm(path, { method: "PUT", body: "two", headers: { "if-match": '"stale"' } })).status).toBe(412);
    const etag = String((await kudu.scm(path, { method: "HEAD" })).headers.etag);
    expect((await kudu.scm(path, { method: "PUT", body: "two", headers: { "if-match": etag } })).status).toBe(204);
    expect((await kudu.scm(path)).text).toBe("two");
    expect((await kudu.scm(path, { method: "DELETE", headers: { "if-match": "*" } })).status).toBe(200);
    expect((await kudu.scm(path)).status).toBe(404);
  });

  test("a folder is listed, and nothing outside of /home is served", async () => {
    await kudu.publish({ "listed/x.txt": "x" });
    expect((await kudu.scm("/api/vfs/site/wwwroot/listed/")).json()).toMatchObject([{ name: "x.txt", size: 1 }]);
    expect((await kudu.scm("/api/vfs/..%2f..%2f..%2f..%2fetc/passwd")).status).toBe(404);
  });

  test("a folder goes out and comes in as a zip", async () => {
    expect(
      (await kudu.scm("/api/zip/site/wwwroot/zipped/", { method: "PUT", body: await zipOf({ "z.txt": "z" }) })).status,
    ).toBe(200);
    expect(await kudu.file("zipped/z.txt")).toBe("z");
    const zip = await kudu.scm("/api/zip/site/wwwroot/zipped/");
    expect([zip.status, zip.text.startsWith("PK")]).toEqual([200, true]);
  });

  test("commands run below /home, settings and environment are told, logs are there", async () => {
    const command = await kudu.scm("/api/command", {
      method: "POST",
      body: JSON.stringify({ command: "pwd; exit 3", dir: "/home/site" }),
    });
    expect(command.json()).toMatchObject({ ExitCode: 3, Output: expect.stringMatching(/\/home\/site\n$/) });
    expect((await kudu.scm("/api/settings")).json()).toMatchObject({ WEBSITE_SITE_NAME: "auction-api" });
    expect((await kudu.scm("/diagnostics/runtime")).json()).toMatchObject({
      system: { os_name: expect.stringContaining("Unix") },
    });
    expect((await kudu.scm("/api/environment")).status).toBe(200);
    const [log] = (await kudu.scm("/api/logs/docker")).json() as { href: string }[];
    expect((await kudu.scm(new URL(log?.href ?? "").pathname)).text).toMatch(/initialized successfully/);
  });
});
