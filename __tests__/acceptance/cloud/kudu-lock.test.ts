import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stoppedByRestart } from "../../../packages/rehearsal/src/kudu/deployment.ts";
import { type HostedSite, hostSite, zipOf } from "./hosted-site.ts";
import { KuduClient, recordOf, recordsOf } from "./kudu-client.ts";

let hosted: HostedSite;
let kudu: KuduClient;

beforeAll(async () => {
  hosted = await hostSite({ timing: { deploymentStage: 400, deploymentReceiving: 800 } });
  kudu = new KuduClient(hosted);
});
afterAll(() => hosted.close());

describe("the lock", () => {
  test("answers 409 at once while another deployment runs, after the whole body was taken in", async () => {
    await kudu.publish({ "a.txt": "1" }, "type=zip&async=true");
    expect((await kudu.scm("/api/isdeploying")).json()).toEqual({ value: "True", msg: "" });
    hosted.requests.clear();
    const body = await zipOf({ "a.txt": "2".repeat(10_000) });
    const answer = await kudu.scm("/api/publish?type=zip", { method: "POST", body });
    expect([answer.status, answer.text]).toEqual([
      409,
      "There is a deployment currently in progress. Please try again when it completes.",
    ]);
    expect(hosted.requests.of({ host: "scm", method: "POST" })[0]?.requestBytes).toBe(body.length);
    await kudu.latest();
    expect((await kudu.scm("/api/isdeploying")).json()).toEqual({ value: "False", msg: "" });
  });

  test("a temporary record comes first and is replaced by the deployment's own", async () => {
    await kudu.publish({ "a.txt": "1" }, "type=zip&async=true");
    const first = recordOf(await kudu.scm("/api/deployments/latest"));
    expect(first).toMatchObject({
      id: expect.stringMatching(/^temp-/),
      is_temp: true,
      status: 0,
      status_text: "Receiving changes.",
    });
    const last = await kudu.latest();
    expect(last.is_temp).toBe(false);
    expect(recordsOf(await kudu.scm("/api/deployments")).map(({ id }) => id)).not.toContain(first.id);
  });

  test("while it is held, latest is 202 with itself as Location and every record reads as pending", async () => {
    await kudu.publish({ "a.txt": "0" });
    const before = await kudu.latest();
    await kudu.publish({ "a.txt": "1" }, "type=zip&async=true");
    const pending = await kudu.scm("/api/deployments/latest?deployer=OneDeploy");
    expect([pending.status, recordOf(pending).status]).toEqual([202, 0]);
    expect(pending.headers.location).toBe(
      `https://${hosted.staging.scmHostName}/api/deployments/latest?deployer=OneDeploy`,
    );
    expect(recordOf(await kudu.scm(`/api/deployments/${before.id}`)).status).toBe(0);
    await kudu.latest();
    expect(recordOf(await kudu.scm(`/api/deployments/${before.id}`)).status).toBe(4);
  });

  test("a synchronous request is cut off at the front end's limit while the work goes on", async () => {
    const hasty = await hostSite({ timing: { frontEndIdle: 100, deploymentStage: 300 } });
    try {
      const client = new KuduClient(hasty);
      const answer = await client.publish({ "a.txt": "1" });
      expect([answer.status, /request timed out/.test(answer.text)]).toEqual([500, true]);
      expect((await client.latest()).status).toBe(4);
    } finally {
      await hasty.close();
    }
  });

  test("a settings change restarts the SCM container, which kills the deployment in Kudu's words", async () => {
    await kudu.publish({ "a.txt": "1" }, "type=zip&async=true");
    hosted.hosting.configurationChanged(hosted.staging, "settings");
    const record = await kudu.latest();
    expect(record).toMatchObject({ status: 3, status_text: stoppedByRestart });
    expect((await kudu.scm("/api/isdeploying")).json()).toMatchObject({ value: "False" });
  });
});

describe("ARM's deployment by package URL", () => {
  test("is fetched, deployed, and refused while another runs", async () => {
    await kudu.scm("/api/vfs/site/served.zip", { method: "PUT", body: await zipOf({ "by-url.txt": "yes" }) });
    const user = encodeURIComponent(hosted.staging.publishingUserName);
    const packageUri = `https://${user}:publishing-password@${hosted.staging.scmHostName}/api/vfs/site/served.zip`;
    const started = hosted.hosting.oneDeploy(hosted.staging, { packageUri, type: "zip" });
    expect(started).toMatchObject({ is_temp: true, status: 0 });
    const again = () => hosted.hosting.oneDeploy(hosted.staging, { packageUri, type: "zip" });
    expect(again).toThrow("There is a deployment currently in progress. Please try again when it completes.");
    expect((await kudu.latest()).status).toBe(4);
    expect(await kudu.file("by-url.txt")).toBe("yes");
  });

  test("is refused on a site that runs from a package URL, and for what is no URL", () => {
    const deploy = (packageUri: string) => () => hosted.hosting.oneDeploy(hosted.staging, { packageUri, type: "zip" });
    expect(deploy("package.zip")).toThrow("packageUri is not a URL.");
    hosted.staging.appSettings = { WEBSITE_RUN_FROM_PACKAGE: "https://127.0.0.1/package.zip" };
    expect(deploy("https://127.0.0.1/other.zip")).toThrow(/^Run-From-Zip is set to a remote URL/);
    hosted.staging.appSettings = {};
  });
});
