import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Timing } from "../../../packages/rehearsal/src/hosting/timing.ts";
import { exitsAtStart, neverStarts } from "../../../packages/rehearsal/src/slots/behaviour.ts";
import {
  type Answer,
  type Asking,
  ask,
  deployRelease,
  type HostedSite,
  hostSite,
  newSlot,
  releaseAt,
  until,
} from "./hosted-site.ts";

let hosted: HostedSite;
let drawn = 0.5;

beforeAll(async () => {
  hosted = await hostSite({ random: () => drawn });
  await deployRelease(hosted, hosted.production, "1");
  await deployRelease(hosted, hosted.staging, "2");
});
afterAll(() => hosted.close());

function get(path: string, headers: Record<string, string> = {}, asking: Asking = {}): Promise<Answer> {
  return ask(hosted.ca, hosted.production.hostName, path, { token: "", headers, ...asking });
}

function releaseOf(answer: Answer): unknown {
  return (answer.json() as { release: string }).release;
}

function cookiesOf(answer: Answer): string[] {
  return [answer.headers["set-cookie"] ?? []].flat().map((cookie) => String(cookie).split(";")[0] ?? "");
}

describe("production's front end with a ramp-up rule", () => {
  beforeAll(() => {
    hosted.production.config.experiments.rampUpRules = [
      { name: "staging", actionHostName: hosted.staging.hostName, reroutePercentage: 10 },
    ];
  });
  afterAll(() => {
    hosted.production.config.experiments.rampUpRules = [];
  });

  test("draws a client without cookies on each request", async () => {
    drawn = 0.05;
    expect(releaseOf(await get("/"))).toBe("2");
    drawn = 0.5;
    expect(releaseOf(await get("/"))).toBe("1");
  });

  test("pins a client by the cookie it gave it", async () => {
    drawn = 0.05;
    const cookies = cookiesOf(await get("/"));
    expect(cookies).toEqual(expect.arrayContaining(["x-ms-routing-name=staging", "TiPMix=5"]));
    drawn = 0.5;
    expect(releaseOf(await get("/", { cookie: "x-ms-routing-name=staging" }))).toBe("2");
  });

  test("is forced by the query, which reaches the app like any other", async () => {
    const answer = await get("/x?x-ms-routing-name=staging&y=1");
    expect(answer.json()).toMatchObject({ release: "2", path: "/x?x-ms-routing-name=staging&y=1" });
    expect(cookiesOf(answer)).toContain("x-ms-routing-name=staging");
    expect(releaseOf(await get("/?x-ms-routing-name=self", { cookie: "x-ms-routing-name=staging" }))).toBe("1");
  });

  test("answers 404 to the cookie of a deleted slot", async () => {
    const gone = newSlot(hosted.site, "gone");
    hosted.site.slots.set("gone", gone);
    await hosted.hosting.create(gone);
    expect((await get("/", { cookie: "x-ms-routing-name=gone" })).status).toBe(200);
    hosted.site.slots.delete("gone");
    await hosted.hosting.destroy(gone);
    expect((await get("/", { cookie: "x-ms-routing-name=gone" })).status).toBe(404);
  });
});

test("a slot's own host never splits", async () => {
  const answer = await ask(hosted.ca, hosted.staging.hostName, "/?x-ms-routing-name=self", { token: "" });
  expect(releaseOf(answer)).toBe("2");
  expect(cookiesOf(answer).filter((cookie) => cookie.startsWith("x-ms"))).toEqual([]);
});

test("bodies and headers pass through, and the app learns whom it was asked for", async () => {
  const posted = await get("/", {}, { method: "POST", body: "x".repeat(300_000) });
  expect(posted.json()).toEqual({ release: "1", received: 300_000 });
  const seen = (await get("/", { "x-own": "1" })).json();
  expect(seen).toMatchObject({
    headers: {
      host: hosted.production.hostName,
      "x-own": "1",
      "x-forwarded-proto": "https",
      "was-default-hostname": hosted.production.hostName,
    },
  });
});

test("a new slot shows the platform's default page", async () => {
  const fresh = newSlot(hosted.site, "fresh");
  hosted.site.slots.set("fresh", fresh);
  await hosted.hosting.create(fresh);
  const answer = await ask(hosted.ca, fresh.hostName, "/", { token: "" });
  expect([answer.status, /waiting for your content/.test(answer.text)]).toEqual([200, true]);
  hosted.site.slots.delete("fresh");
  await hosted.hosting.destroy(fresh);
});

describe("a slot whose containers are not up", () => {
  test("is answered 403 when it was stopped, and serves again when it was started", async () => {
    await hosted.hosting.stop(hosted.staging);
    const answer = await ask(hosted.ca, hosted.staging.hostName, "/", { token: "" });
    expect([answer.status, /Site Disabled/.test(answer.text)]).toEqual([403, true]);
    expect(hosted.hosting.instances(hosted.staging)).toMatchObject([{ state: "STOPPED" }]);
    await hosted.hosting.start(hosted.staging);
    expect(await releaseAt(hosted, hosted.staging)).toBe("2");
  });

  test("holds requests while the only container starts slowly", async () => {
    hosted.hosting.behave(hosted.staging, { startDelay: 600 });
    await hosted.hosting.stop(hosted.staging);
    await hosted.hosting.start(hosted.staging);
    expect(await releaseAt(hosted, hosted.staging)).toBe("2");
    hosted.hosting.behave(hosted.staging, {});
  });

  test.each([
    ["dies as it starts", exitsAtStart],
    ["never listens", neverStarts],
  ])("is answered 503 when the container %s, and comes back once it can", async (_what, behaviour) => {
    hosted.hosting.behave(hosted.staging, behaviour);
    hosted.timing.containerStartLimit = 1000;
    await hosted.hosting.restart(hosted.staging, true);
    hosted.timing.containerStartLimit = Timing.fast.containerStartLimit;
    const answer = await ask(hosted.ca, hosted.staging.hostName, "/", { token: "" });
    expect([answer.status, /Application Error/.test(answer.text)]).toEqual([503, true]);
    expect(hosted.hosting.containerLog(hosted.staging)).toMatch(/failing site start/);
    hosted.hosting.behave(hosted.staging, {});
    await until("it is back", async () => (await releaseAt(hosted, hosted.staging)) === "2");
  });

  test("comes back by itself after a crash", async () => {
    await ask(hosted.ca, hosted.staging.hostName, "/crash", { token: "" });
    expect(await releaseAt(hosted, hosted.staging)).toBe("2");
    expect(hosted.hosting.containerLog(hosted.staging)).toMatch(/Container exited with code 7; starting it again/);
  });

  test("answers what it was told to answer", async () => {
    hosted.hosting.behave(hosted.staging, { answers: 500 });
    expect((await ask(hosted.ca, hosted.staging.hostName, "/", { token: "" })).status).toBe(500);
    hosted.hosting.behave(hosted.staging, {});
  });
});

test("with several instances, the affinity cookie brings a client back to its own", async () => {
  const wide = await hostSite({ instances: 3 });
  try {
    await deployRelease(wide, wide.production, "1");
    const ids = wide.hosting.instances(wide.production).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) {
      const answer = await ask(wide.ca, wide.production.hostName, "/", {
        token: "",
        headers: { cookie: `ARRAffinity=${id}` },
      });
      expect(answer.json()).toMatchObject({ environment: { WEBSITE_INSTANCE_ID: id } });
      expect(cookiesOf(answer)).toEqual([]);
    }
    const first = await ask(wide.ca, wide.production.hostName, "/", { token: "" });
    expect(cookiesOf(first)).toHaveLength(2);
  } finally {
    await wide.close();
  }
});
