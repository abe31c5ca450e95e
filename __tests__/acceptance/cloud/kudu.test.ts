import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stoppedByRestart } from "../../../packages/rehearsal/src/kudu/deployment.ts";
import { type Answer, type Asking, ask, type HostedSite, hostSite, until, zipOf } from "./hosted-site.ts";

interface SeenRecord {
  id: string;
  status: number;
  status_text: string;
  complete: boolean;
  active: boolean;
  is_temp: boolean;
  log_url: string;
}

function recordOf(answer: Answer): SeenRecord {
  return answer.json() as SeenRecord;
}

function recordsOf(answer: Answer): SeenRecord[] {
  return answer.json() as SeenRecord[];
}

let hosted: HostedSite;
/** Whose deployments take half a second at each stage: long enough to look at them. */
let slow: HostedSite;

beforeAll(async () => {
  hosted = await hostSite();
  slow = await hostSite({ timing: { deploymentStage: 250, deploymentReceiving: 250 } });
});
afterAll(async () => {
  await hosted.close();
  await slow.close();
});

function scm(path: string, asking?: Asking, site = hosted): Promise<Answer> {
  return ask(site.ca, site.staging.scmHostName, path, asking);
}

async function publish(files: Record<string, string>, query = "type=zip", site = hosted): Promise<Answer> {
  return scm(`/api/publish?${query}`, { method: "POST", body: await zipOf(files) }, site);
}

async function latest(site = hosted): Promise<SeenRecord> {
  let answer = await scm("/api/deployments/latest", {}, site);
  await until("the latest deployment ends", async () => {
    answer = await scm("/api/deployments/latest", {}, site);
    return answer.status === 200;
  });
  return recordOf(answer);
}

async function file(path: string): Promise<string | undefined> {
  const answer = await scm(`/api/vfs/site/wwwroot/${path}`);
  return answer.status === 200 ? answer.text : undefined;
}

async function logTexts(record: SeenRecord): Promise<string> {
  const texts: string[] = [];
  const entries = (await scm(new URL(record.log_url).pathname)).json() as {
    message: string;
    details_url: string | null;
  }[];
  for (const { message, details_url } of entries) {
    texts.push(message);
    if (details_url !== null)
      for (const line of (await scm(new URL(details_url).pathname)).json() as { message: string }[])
        texts.push(line.message);
  }
  return texts.join("\n");
}

describe("who may come in", () => {
  test("without credentials, or with a token of no use, the answer is 401", async () => {
    expect((await scm("/api/deployments", { token: "" })).status).toBe(401);
    expect((await scm("/api/deployments", { token: "expired" })).status).toBe(401);
  });

  test("a token without the publish action is answered 403", async () => {
    expect((await scm("/api/deployments", { token: "reader" })).status).toBe(403);
  });

  test("publishing credentials work until the slot forbids them", async () => {
    const basic = Buffer.from("$auction-api__staging:publishing-password").toString("base64");
    const asking = { token: "", headers: { authorization: `Basic ${basic}` } };
    expect((await scm("/api/deployments", asking)).status).toBe(200);
    hosted.staging.basicPublishing.scm = false;
    expect((await scm("/api/deployments", asking)).status).toBe(401);
    hosted.staging.basicPublishing.scm = true;
  });
});

describe("a cold SCM site", () => {
  test("answers 503, 502 and a foreign 404 page while it starts, and then as itself", async () => {
    const cold = await hostSite({ timing: { scmStart: 400 } });
    try {
      const statuses = [];
      for (let count = 0; count < 3; count += 1) statuses.push((await scm("/api/deployments", {}, cold)).status);
      expect(statuses).toEqual([503, 502, 404]);
      await until("it is up", async () => (await scm("/api/deployments?warmup=true", {}, cold)).status === 200);
    } finally {
      await cold.close();
    }
  });
});

describe("POST /api/publish", () => {
  test("synchronous success is 200 with an empty body, the content in wwwroot, and one active record", async () => {
    const answer = await publish({ "a.txt": "one", "folder/b.txt": "two" });
    expect([answer.status, answer.text]).toEqual([200, ""]);
    expect(await file("folder/b.txt")).toBe("two");
    expect(await latest()).toMatchObject({
      status: 4,
      complete: true,
      active: true,
      deployer: "OneDeploy",
      is_temp: false,
    });
  });

  test("asynchronous is 202 with the racing Location and no Retry-After", async () => {
    const answer = await publish({ "a.txt": "one" }, "type=zip&async=true");
    expect(answer.status).toBe(202);
    expect(answer.headers.location).toMatch(
      /^https:\/\/127\.0\.0\.1:\d+\/api\/deployments\/latest\?deployer=OneDeploy&time=\d{4}-\d\d-\d\d_\d\d-\d\d-\d\dZ$/,
    );
    expect(answer.headers["retry-after"]).toBeUndefined();
    expect(answer.headers["scm-deployment-id"]).toBeUndefined();
    expect((await latest()).status).toBe(4);
  });

  test("with tracking the reply names the id that the record will have", async () => {
    const answer = await publish({ "a.txt": "tracked" }, "type=zip&async=true&trackDeploymentProgress=true");
    const id = answer.headers["scm-deployment-id"];
    expect((await latest()).id).toBe(id);
  });

  test.each([
    ["type=foo", "type='foo' not recognized"],
    ["type=static", "Path must be defined for type='static'"],
    ["type=static&path=folder/", "Path cannot end with a '/' for type='static'"],
    ["type=lib&path=../../escape", "path='../../escape' is not allowed: it leaves the site."],
  ])("%s is answered 400 with the reason", async (query, reason) => {
    const answer = await publish({ "a.txt": "x" }, query);
    expect([answer.status, answer.text]).toEqual([400, reason]);
  });

  test("JSON without a package URL is answered 400", async () => {
    const headers = { "content-type": "application/json" };
    expect((await scm("/api/publish?type=zip", { method: "POST", headers, body: "{}" })).status).toBe(400);
    expect((await scm("/api/publish?type=zip", { method: "POST", headers, body: "{" })).status).toBe(400);
  });

  test("a site that runs from a package URL is answered 409 in Kudu's words", async () => {
    hosted.staging.appSettings = { WEBSITE_RUN_FROM_PACKAGE: "https://127.0.0.1/package.zip" };
    const answer = await publish({ "a.txt": "x" });
    hosted.staging.appSettings = {};
    expect(answer.status).toBe(409);
    expect(answer.text).toBe(
      "Run-From-Zip is set to a remote URL using WEBSITE_RUN_FROM_PACKAGE or WEBSITE_USE_ZIP app setting. Deployment is not supported in this configuration.",
    );
  });

  test("a package over 2048 MB is refused by its length", async () => {
    const headers = { "content-length": String(2049 * 1024 * 1024) };
    const answer = await scm("/api/publish?type=zip", { method: "POST", headers }).catch((error: Error) => error);
    expect(answer).toMatchObject({ status: 413 });
  });

  test("a package is fetched from its URL by a plain GET", async () => {
    await publish({ "package.bin": (await zipOf({ "fetched.txt": "yes" })).toString("latin1") });
    const stored = await scm("/api/vfs/site/served.zip", {
      method: "PUT",
      body: await zipOf({ "fetched.txt": "yes" }),
    });
    expect(stored.status).toBe(201);
    const basic = encodeURIComponent(hosted.staging.publishingUserName);
    const uri = `https://${basic}:publishing-password@${hosted.staging.scmHostName}/api/vfs/site/served.zip`;
    const headers = { "content-type": "application/json" };
    const answer = await scm("/api/publish?type=zip", {
      method: "POST",
      headers,
      body: JSON.stringify({ packageUri: uri }),
    });
    expect(answer.status).toBe(200);
    expect(await file("fetched.txt")).toBe("yes");
  });

  test("a package that cannot be fetched leaves its temporary record behind, failed", async () => {
    const packageUri = `https://${hosted.staging.scmHostName}/api/vfs/site/served.zip`;
    const headers = { "content-type": "application/json" };
    const answer = await scm("/api/publish?type=zip&async=true", {
      method: "POST",
      headers,
      body: JSON.stringify({ packageUri }),
    });
    expect(answer.status).toBe(202);
    expect(await latest()).toMatchObject({ id: expect.stringMatching(/^temp-[0-9a-f]{8}$/), status: 3, is_temp: true });
  });

  test("a multipart body is taken like raw bytes", async () => {
    const boundary = "----boundary";
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="p.zip"\r\n\r\n`;
    const body = Buffer.concat([
      Buffer.from(head),
      await zipOf({ "part.txt": "p" }),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
    expect((await scm("/api/publish?type=zip", { method: "POST", headers, body })).status).toBe(200);
    expect(await file("part.txt")).toBe("p");
  });

  test("static and startup files go where their type says", async () => {
    const body = "echo started";
    expect((await scm("/api/publish?type=static&path=pages/index.html", { method: "POST", body })).status).toBe(200);
    expect(await file("pages/index.html")).toBe(body);
    expect((await scm("/api/publish?type=startup", { method: "POST", body })).status).toBe(200);
    expect((await scm("/api/vfs/site/scripts/startup.sh")).text).toBe(body);
  });
});

describe("what a deployment copies", () => {
  test("a zip deletes what it does not hold, unless clean=false", async () => {
    await publish({ "old.txt": "old", "both.txt": "1" });
    await publish({ "both.txt": "2" }, "type=zip&clean=false");
    expect([await file("old.txt"), await file("both.txt")]).toEqual(["old", "2"]);
    await publish({ "both.txt": "3" });
    expect(await file("old.txt")).toBeUndefined();
  });

  test("a file with the same time and size is taken for unchanged, whatever is in it", async () => {
    await publish({ "same.txt": "aaaa", "other.txt": "a" });
    await publish({ "same.txt": "bbbb", "other.txt": "bb" });
    expect([await file("same.txt"), await file("other.txt")]).toEqual(["aaaa", "bb"]);
    const later = await zipOf({ "same.txt": "bbbb" }, new Date("2026-01-02T03:04:10Z"));
    await scm("/api/publish?type=zip", { method: "POST", body: later });
    expect(await file("same.txt")).toBe("bbbb");
  });

  test("zipdeploy deletes only what the deployment before it had brought", async () => {
    const zip = async (files: Record<string, string>) =>
      expect((await scm("/api/zipdeploy?deployer=tests", { method: "POST", body: await zipOf(files) })).status).toBe(
        200,
      );
    await scm("/api/vfs/site/wwwroot/uploaded.txt", { method: "PUT", body: "kept" });
    await zip({ "first.txt": "1" });
    await scm("/api/vfs/site/wwwroot/uploaded.txt", { method: "PUT", body: "kept", headers: { "if-match": "*" } });
    await zip({ "second.txt": "2" });
    expect([await file("first.txt"), await file("second.txt"), await file("uploaded.txt")]).toEqual([
      undefined,
      "2",
      "kept",
    ]);
    expect(await latest()).toMatchObject({ deployer: "tests", message: "Created via a push deployment" });
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
    ["has a name that climbs out", climbing, /invalid relative path/],
  ];
  test.each(cases)(
    "a package that %s fails with the reason, and the site keeps its content",
    async (_what, body, reason) => {
      await publish({ "kept.txt": "kept" });
      const answer = await scm("/api/publish?type=zip", { method: "POST", body: await body() });
      expect(answer.status).toBe(400);
      const record = await latest();
      expect(record).toMatchObject({ status: 3, status_text: expect.stringMatching(reason) });
      expect(await logTexts(record)).toMatch(/Deployment Failed/);
      expect(await file("kept.txt")).toBe("kept");
    },
  );
});

/** The writer refuses such names, so that one of the same length is written and changed afterwards. */
async function climbing(): Promise<Buffer> {
  const zip = await zipOf({ "xx/evil.txt": "evil" });
  return Buffer.from(zip.toString("latin1").replaceAll("xx/evil.txt", "../evil.txt"), "latin1");
}

describe("the lock", () => {
  test("answers 409 at once while another deployment runs, after the whole body was taken in", async () => {
    await publish({ "a.txt": "1" }, "type=zip&async=true", slow);
    expect((await scm("/api/isdeploying", {}, slow)).json()).toEqual({ value: "True", msg: "" });
    slow.requests.clear();
    const body = await zipOf({ "a.txt": "2".repeat(10_000) });
    const answer = await scm("/api/publish?type=zip", { method: "POST", body }, slow);
    expect([answer.status, answer.text]).toEqual([
      409,
      "There is a deployment currently in progress. Please try again when it completes.",
    ]);
    expect(slow.requests.of({ host: "scm", method: "POST" })[0]?.requestBytes).toBe(body.length);
    await latest(slow);
    expect((await scm("/api/isdeploying", {}, slow)).json()).toEqual({ value: "False", msg: "" });
  });

  test("a temporary record comes first and is replaced by the deployment's own", async () => {
    await publish({ "a.txt": "1" }, "type=zip&async=true", slow);
    const first = recordOf(await scm("/api/deployments/latest", {}, slow));
    expect(first).toMatchObject({
      id: expect.stringMatching(/^temp-/),
      is_temp: true,
      status: 0,
      status_text: "Receiving changes.",
    });
    const last = await latest(slow);
    expect(last.is_temp).toBe(false);
    expect(recordsOf(await scm("/api/deployments", {}, slow)).map(({ id }) => id)).not.toContain(first.id);
  });

  test("while it is held, latest is 202 with itself as Location and every record reads as pending", async () => {
    const before = await latest(slow);
    await publish({ "a.txt": "1" }, "type=zip&async=true", slow);
    const pending = await scm("/api/deployments/latest?deployer=OneDeploy", {}, slow);
    expect([pending.status, recordOf(pending).status]).toEqual([202, 0]);
    expect(pending.headers.location).toBe(
      `https://${slow.staging.scmHostName}/api/deployments/latest?deployer=OneDeploy`,
    );
    expect(recordOf(await scm(`/api/deployments/${before.id}`, {}, slow)).status).toBe(0);
    await latest(slow);
    expect(recordOf(await scm(`/api/deployments/${before.id}`, {}, slow)).status).toBe(4);
  });

  test("a synchronous request is cut off at the front end's limit while the work goes on", async () => {
    const hasty = await hostSite({ timing: { frontEndIdle: 100, deploymentStage: 300 } });
    try {
      const answer = await publish({ "a.txt": "1" }, "type=zip", hasty);
      expect([answer.status, /request timed out/.test(answer.text)]).toEqual([500, true]);
      expect((await latest(hasty)).status).toBe(4);
    } finally {
      await hasty.close();
    }
  });

  test("a settings change restarts the SCM container, which kills the deployment in Kudu's words", async () => {
    await publish({ "a.txt": "1" }, "type=zip&async=true", slow);
    slow.hosting.configurationChanged(slow.staging, "settings");
    const record = await latest(slow);
    expect(record).toMatchObject({ status: 3, status_text: stoppedByRestart });
    expect((await scm("/api/isdeploying", {}, slow)).json()).toMatchObject({ value: "False" });
  });
});

describe("deployment records", () => {
  test("latest reads another's deployment: the one that ended last", async () => {
    await publish({ "a.txt": "mine" });
    const mine = await latest();
    await publish({ "a.txt": "theirs" });
    expect((await latest()).id).not.toBe(mine.id);
    expect(recordOf(await scm(`/api/deployments/${mine.id}`))).toMatchObject({ active: false, status: 4 });
  });

  test("the list has an ETag that turns an unchanged one into 304", async () => {
    const list = await scm("/api/deployments");
    const etag = String(list.headers.etag);
    expect((await scm("/api/deployments", { headers: { "if-none-match": etag } })).status).toBe(304);
    await publish({ "a.txt": "new" });
    expect((await scm("/api/deployments", { headers: { "if-none-match": etag } })).status).toBe(200);
  });

  test("an unknown id is 404 with its name", async () => {
    const answer = await scm("/api/deployments/nothing");
    expect([answer.status, answer.json()]).toEqual([404, { Message: "Deployment 'nothing' not found." }]);
  });

  test("a record put there is read-only history: once only, success or failure only", async () => {
    const put = (body: unknown) => scm("/api/deployments/by-hand", { method: "PUT", body: JSON.stringify(body) });
    expect((await put({ status: 2 })).status).toBe(400);
    expect((await put({ status: 3, active: true })).status).toBe(400);
    expect((await put({ status: 3, message: "m" })).status).toBe(200);
    expect((await put({ status: 4 })).status).toBe(409);
    expect((await scm("/api/deployments/by-hand", { method: "DELETE" })).status).toBe(204);
    expect((await scm("/api/deployments/by-hand")).status).toBe(404);
  });

  test("ten successes are kept", async () => {
    for (let count = 0; count < 11; count += 1) await publish({ "a.txt": String(count) });
    const successes = recordsOf(await scm("/api/deployments")).filter(({ status }) => status === 4);
    expect(successes).toHaveLength(10);
  });
});

describe("the build", () => {
  test("fails the deployment when a requirement cannot be had, shows pip's output, and leaves wwwroot alone", async () => {
    await publish({ "kept.txt": "kept" });
    hosted.staging.appSettings = { SCM_DO_BUILD_DURING_DEPLOYMENT: "true" };
    hosted.hosting.configurationChanged(hosted.staging, "config");
    const answer = await publish({ "requirements.txt": "no-such-package-anywhere==1.0\n" });
    expect(answer.status).toBe(400);
    const record = await latest();
    expect(record).toMatchObject({
      status: 3,
      build_summary: { errors: expect.arrayContaining([expect.stringMatching(/ERROR/)]) },
    });
    expect(await logTexts(record)).toMatch(
      /Running oryx build\.\.\.[\s\S]*Running pip install[\s\S]*no-such-package-anywhere/,
    );
    expect(await file("kept.txt")).toBe("kept");
  });

  test("succeeds with requirements that the image's Python has", async () => {
    expect((await publish({ "requirements.txt": "fastapi\nuvicorn\n", "app.txt": "x" })).status).toBe(200);
    expect(await logTexts(await latest())).toMatch(/Requirement already satisfied: fastapi/);
    expect(await file("antenv/pyvenv.cfg")).toMatch(/include-system-site-packages = true/);
    hosted.staging.appSettings = {};
    hosted.hosting.configurationChanged(hosted.staging, "config");
  });
});

describe("the file API and the rest", () => {
  test("a file is read, replaced only with its ETag, and deleted", async () => {
    const path = "/api/vfs/site/wwwroot/notes.txt";
    expect((await scm(path, { method: "PUT", body: "one" })).status).toBe(201);
    expect((await scm(path, { method: "PUT", body: "two" })).status).toBe(412);
    expect((await scm(path, { method: "PUT", body: "two", headers: { "if-match": '"stale"' } })).status).toBe(412);
    const etag = String((await scm(path, { method: "HEAD" })).headers.etag);
    expect((await scm(path, { method: "PUT", body: "two", headers: { "if-match": etag } })).status).toBe(204);
    expect((await scm(path)).text).toBe("two");
    expect((await scm(path, { method: "DELETE", headers: { "if-match": "*" } })).status).toBe(200);
    expect((await scm(path)).status).toBe(404);
  });

  test("a folder is listed, and nothing outside of /home is served", async () => {
    await publish({ "listed/x.txt": "x" });
    expect((await scm("/api/vfs/site/wwwroot/listed/")).json()).toMatchObject([{ name: "x.txt", size: 1 }]);
    expect((await scm("/api/vfs/..%2f..%2f..%2f..%2fetc/passwd")).status).toBe(404);
  });

  test("a folder goes out and comes in as a zip", async () => {
    expect(
      (await scm("/api/zip/site/wwwroot/zipped/", { method: "PUT", body: await zipOf({ "z.txt": "z" }) })).status,
    ).toBe(200);
    expect(await file("zipped/z.txt")).toBe("z");
    const zip = await scm("/api/zip/site/wwwroot/zipped/");
    expect([zip.status, zip.text.startsWith("PK")]).toEqual([200, true]);
  });

  test("commands run below /home, settings and environment are told, logs are there", async () => {
    const command = await scm("/api/command", {
      method: "POST",
      body: JSON.stringify({ command: "pwd; exit 3", dir: "/home/site" }),
    });
    expect(command.json()).toMatchObject({ ExitCode: 3, Output: expect.stringMatching(/\/home\/site\n$/) });
    expect((await scm("/api/settings")).json()).toMatchObject({ WEBSITE_SITE_NAME: "auction-api" });
    expect((await scm("/diagnostics/runtime")).json()).toMatchObject({
      system: { os_name: expect.stringContaining("Unix") },
    });
    expect((await scm("/api/environment")).status).toBe(200);
    const [log] = (await scm("/api/logs/docker")).json() as { href: string }[];
    expect((await scm(new URL(log?.href ?? "").pathname)).text).toMatch(/initialized successfully/);
  });
});
