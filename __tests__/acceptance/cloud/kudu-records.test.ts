import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type HostedSite, hostSite } from "./hosted-site.ts";
import { KuduClient, recordOf, recordsOf } from "./kudu-client.ts";

let hosted: HostedSite;
let kudu: KuduClient;

beforeAll(async () => {
  hosted = await hostSite();
  kudu = new KuduClient(hosted);
});
afterAll(() => hosted.close());

describe("deployment records", () => {
  test("latest reads another's deployment: the one that ended last", async () => {
    await kudu.publish({ "a.txt": "mine" });
    const mine = await kudu.latest();
    await kudu.publish({ "a.txt": "theirs" });
    expect((await kudu.latest()).id).not.toBe(mine.id);
    expect(recordOf(await kudu.scm(`/api/deployments/${mine.id}`))).toMatchObject({ active: false, status: 4 });
  });

  test("the list has an ETag that turns an unchanged one into 304", async () => {
    const list = await kudu.scm("/api/deployments");
    const etag = String(list.headers.etag);
    expect((await kudu.scm("/api/deployments", { headers: { "if-none-match": etag } })).status).toBe(304);
    await kudu.publish({ "a.txt": "new" });
    expect((await kudu.scm("/api/deployments", { headers: { "if-none-match": etag } })).status).toBe(200);
  });

  test("an unknown id is 404 with its name", async () => {
    const answer = await kudu.scm("/api/deployments/nothing");
    expect([answer.status, answer.json()]).toEqual([404, { Message: "Deployment 'nothing' not found." }]);
  });

  test("a record put there is read-only history: once only, success or failure only", async () => {
    const put = (body: unknown) => kudu.scm("/api/deployments/by-hand", { method: "PUT", body: JSON.stringify(body) });
    expect((await put({ status: 2 })).status).toBe(400);
    expect((await put({ status: 3, active: true })).status).toBe(400);
    expect((await put({ status: 3, message: "m" })).status).toBe(200);
    expect((await put({ status: 4 })).status).toBe(409);
    expect((await kudu.scm("/api/deployments/by-hand", { method: "DELETE" })).status).toBe(204);
    expect((await kudu.scm("/api/deployments/by-hand")).status).toBe(404);
  });

  test("ten successes are kept", async () => {
    for (let count = 0; count < 11; count += 1) await kudu.publish({ "a.txt": String(count) });
    const successes = recordsOf(await kudu.scm("/api/deployments")).filter(({ status }) => status === 4);
    expect(successes).toHaveLength(10);
  });
});
