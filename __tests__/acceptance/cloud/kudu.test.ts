import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type HostedSite, hostSite, until, zipOf } from "./hosted-site.ts";
import { KuduClient } from "./kudu-client.ts";

let hosted: HostedSite;
let kudu: KuduClient;

beforeAll(async () => {
  hosted = await hostSite();
  kudu = new KuduClient(hosted);
});
afterAll(() => hosted.close());

describe("who may come in", () => {
  test("without credentials, or with a token of no use, the answer is 401", async () => {
    expect((await kudu.scm("/api/deployments", { token: "" })).status).toBe(401);
    expect((await kudu.scm("/api/deployments", { token: "expired" })).status).toBe(401);
  });

  test("a token without the publish action is answered 403", async () => {
    expect((await kudu.scm("/api/deployments", { token: "reader" })).status).toBe(403);
  });

  test("publishing credentials work until the slot forbids them", async () => {
    const basic = Buffer.from("$auction-api__staging:publishing-password").toString("base64");
    const asking = { token: "", headers: { authorization: `Basic ${basic}` } };
    expect((await kudu.scm("/api/deployments", asking)).status).toBe(200);
    hosted.staging.basicPublishing.scm = false;
    expect((await kudu.scm("/api/deployments", asking)).status).toBe(401);
    hosted.staging.basicPublishing.scm = true;
  });
});

describe("an SCM site that is not up", () => {
  test("holds requests when it was cold, and answers them as itself", async () => {
    const cold = await hostSite({ timing: { scmStart: 300 } });
    try {
      const before = Date.now();
      expect((await new KuduClient(cold).scm("/api/deployments?warmup=true")).status).toBe(200);
      expect(Date.now() - before).toBeGreaterThanOrEqual(290);
    } finally {
      await cold.close();
    }
  });

  test("answers 503, 502 and a foreign 404 page while it restarts, and when cold ones refuse", async () => {
    const cold = await hostSite({ timing: { scmStart: 1500 }, quirks: { coldScmHolds: false } });
    const client = new KuduClient(cold);
    const statuses = async () => {
      const seen = [];
      for (let count = 0; count < 3; count += 1) seen.push((await client.scm("/api/deployments")).status);
      return seen;
    };
    const isUp = async () => (await client.scm("/api/deployments?warmup=true")).status === 200;
    try {
      expect(await statuses()).toEqual([503, 502, 404]);
      await until("it is up", isUp);
      const restarted = cold.hosting.restartScm(cold.staging);
      expect((await statuses()).sort()).toEqual([404, 502, 503]);
      await restarted;
      expect(await isUp()).toBe(true);
    } finally {
      await cold.close();
    }
  });
});

describe("POST /api/publish", () => {
  test("synchronous success is 200 with an empty body, the content in wwwroot, and one active record", async () => {
    const answer = await kudu.publish({ "a.txt": "one", "folder/b.txt": "two" });
    expect([answer.status, answer.text]).toEqual([200, ""]);
    expect(await kudu.file("folder/b.txt")).toBe("two");
    expect(await kudu.latest()).toMatchObject({
      status: 4,
      complete: true,
      active: true,
      deployer: "OneDeploy",
      is_temp: false,
    });
  });

  test("asynchronous is 202 with the racing Location and no Retry-After", async () => {
    const answer = await kudu.publish({ "a.txt": "one" }, "type=zip&async=true");
    expect(answer.status).toBe(202);
    expect(answer.headers.location).toMatch(
      /^https:\/\/127\.0\.0\.1:\d+\/api\/deployments\/latest\?deployer=OneDeploy&time=\d{4}-\d\d-\d\d_\d\d-\d\d-\d\dZ$/,
    );
    expect(answer.headers["retry-after"]).toBeUndefined();
    expect(answer.headers["scm-deployment-id"]).toBeUndefined();
    expect((await kudu.latest()).status).toBe(4);
  });

  test("with tracking the reply names the id that the record will have", async () => {
    const answer = await kudu.publish({ "a.txt": "tracked" }, "type=zip&async=true&trackDeploymentProgress=true");
    const id = answer.headers["scm-deployment-id"];
    expect((await kudu.latest()).id).toBe(id);
  });

  test.each([
    ["type=foo", "type='foo' not recognized"],
    ["type=static", "Path must be defined for type='static'"],
    ["type=static&path=folder/", "Path cannot end with a '/' for type='static'"],
    ["type=lib&path=../../escape", "path='../../escape' is not allowed: it leaves the site."],
  ])("%s is answered 400 with the reason", async (query, reason) => {
    const answer = await kudu.publish({ "a.txt": "x" }, query);
    expect([answer.status, answer.text]).toEqual([400, reason]);
  });

  test("JSON without a package URL is answered 400", async () => {
    const headers = { "content-type": "application/json" };
    expect((await kudu.scm("/api/publish?type=zip", { method: "POST", headers, body: "{}" })).status).toBe(400);
    expect((await kudu.scm("/api/publish?type=zip", { method: "POST", headers, body: "{" })).status).toBe(400);
  });

  test("a site that runs from a package URL is answered 409 in Kudu's words", async () => {
    hosted.staging.appSettings = { WEBSITE_RUN_FROM_PACKAGE: "https://127.0.0.1/package.zip" };
    const answer = await kudu.publish({ "a.txt": "x" });
    hosted.staging.appSettings = {};
    expect(answer.status).toBe(409);
    expect(answer.text).toBe(
      "Run-From-Zip is set to a remote URL using WEBSITE_RUN_FROM_PACKAGE or WEBSITE_USE_ZIP app setting. Deployment is not supported in this configuration.",
    );
  });

  test("a package over 2048 MB is refused by its length", async () => {
    const headers = { "content-length": String(2049 * 1024 * 1024) };
    const answer = await kudu.scm("/api/publish?type=zip", { method: "POST", headers }).catch((error: Error) => error);
    expect(answer).toMatchObject({ status: 413 });
  });

  test("a package is fetched from its URL by a plain GET", async () => {
    await kudu.publish({ "package.bin": (await zipOf({ "fetched.txt": "yes" })).toString("latin1") });
    const stored = await kudu.scm("/api/vfs/site/served.zip", {
      method: "PUT",
      body: await zipOf({ "fetched.txt": "yes" }),
    });
    expect(stored.status).toBe(201);
    const basic = encodeURIComponent(hosted.staging.publishingUserName);
    const uri = `https://${basic}:publishing-password@${hosted.staging.scmHostName}/api/vfs/site/served.zip`;
    const headers = { "content-type": "application/json" };
    const answer = await kudu.scm("/api/publish?type=zip", {
      method: "POST",
      headers,
      body: JSON.stringify({ packageUri: uri }),
    });
    expect(answer.status).toBe(200);
    expect(await kudu.file("fetched.txt")).toBe("yes");
  });

  test("a package that cannot be fetched leaves its temporary record behind, failed", async () => {
    const packageUri = `https://${hosted.staging.scmHostName}/api/vfs/site/served.zip`;
    const headers = { "content-type": "application/json" };
    const answer = await kudu.scm("/api/publish?type=zip&async=true", {
      method: "POST",
      headers,
      body: JSON.stringify({ packageUri }),
    });
    expect(answer.status).toBe(202);
    expect(await kudu.latest()).toMatchObject({
      id: expect.stringMatching(/^temp-[0-9a-f]{8}$/),
      status: 3,
      is_temp: true,
    });
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
    expect((await kudu.scm("/api/publish?type=zip", { method: "POST", headers, body })).status).toBe(200);
    expect(await kudu.file("part.txt")).toBe("p");
  });

  test("static and startup files go where their type says", async () => {
    const body = "echo started";
    expect((await kudu.scm("/api/publish?type=static&path=pages/index.html", { method: "POST", body })).status).toBe(
      200,
    );
    expect(await kudu.file("pages/index.html")).toBe(body);
    expect((await kudu.scm("/api/publish?type=startup", { method: "POST", body })).status).toBe(200);
    expect((await kudu.scm("/api/vfs/site/scripts/startup.sh")).text).toBe(body);
  });
});
