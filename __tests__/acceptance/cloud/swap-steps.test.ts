import { existsSync } from "node:fs";
import { Agent, request } from "node:https";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { exitsAtStart, neverStarts } from "../../../packages/rehearsal/src/slots/behaviour.ts";
import { ask, deployRelease, type HostedSite, hostSite, releaseAt, until } from "./hosted-site.ts";

let hosted: HostedSite;

beforeEach(async () => {
  hosted = await hostSite();
  await deployRelease(hosted, hosted.production, "1");
  await deployRelease(hosted, hosted.staging, "2");
});
afterEach(() => hosted.close());

interface Seen {
  release: string;
  environment: Record<string, string | null>;
}

async function seenAt(slot: HostedSite["staging"]): Promise<Seen> {
  return (await ask(hosted.ca, slot.hostName, "/", { token: "" })).json() as Seen;
}

function swap(): Promise<void> {
  return hosted.hosting.swap(hosted.staging, hosted.production);
}

/** Clients that call without a pause until they are stopped: on kept connections, half of them with a body. */
function load(host: string, clients: number) {
  const agent = new Agent({ keepAlive: true, ca: hosted.ca, maxSockets: clients });
  const failures: string[] = [];
  const releases: string[] = [];
  let running = true;
  const once = (method: string): Promise<void> =>
    new Promise((resolve) => {
      const fail = (why: string): void => {
        failures.push(why);
        resolve();
      };
      const outgoing = request(`https://${host}/`, { method, agent }, (incoming) => {
        let text = "";
        incoming.on("data", (part) => (text += part));
        incoming.on("error", (error) => fail(error.message));
        incoming.on("end", () => {
          if (incoming.statusCode !== 200) return fail(`${method} ${incoming.statusCode} ${text}`);
          releases.push(String(JSON.parse(text).release));
          resolve();
        });
      });
      outgoing.on("error", (error) => fail(error.message));
      outgoing.end(method === "POST" ? "x".repeat(20_000) : undefined);
    });
  const loops = Array.from({ length: clients }, async (_, index) => {
    while (running) await once(index % 2 === 0 ? "GET" : "POST");
  });
  return {
    failures,
    releases,
    async stop() {
      running = false;
      await Promise.all(loops);
      agent.destroy();
    },
  };
}

describe("a swap that works", () => {
  test("exchanges the releases and drops not one request of clients that call all the while", async () => {
    const clients = load(hosted.production.hostName, 8);
    await until("clients are served", () => clients.releases.length > 20);
    for (const live of ["2", "1", "2"]) {
      await swap();
      expect(await releaseAt(hosted, hosted.production)).toBe(live);
      const served = clients.releases.length;
      await until("clients are served on", () => clients.releases.length > served + 20);
    }
    await clients.stop();
    expect(clients.failures).toEqual([]);
    expect(new Set(clients.releases)).toEqual(new Set(["1", "2"]));
  });

  test("lets a request under way end in the process where it began", async () => {
    const slow = ask(hosted.ca, hosted.production.hostName, "/slow", { token: "" });
    await until("it arrived", () => hosted.requests.of({ host: "front", path: /slow/ }).length > 0);
    await swap();
    expect(await releaseAt(hosted, hosted.production)).toBe("2");
    expect(((await slow).json() as Seen).release).toBe("1");
  });

  test("leaves its evidence on both slots", async () => {
    await swap();
    const evidence = { sourceSlotName: "staging", destinationSlotName: "production" };
    expect(hosted.production.slotSwapStatus).toMatchObject(evidence);
    expect(hosted.staging.slotSwapStatus).toMatchObject(evidence);
  });

  test("takes the deployment history and the files along, and leaves the host names", async () => {
    const [host, scm] = [hosted.production.hostName, hosted.production.scmHostName];
    const [record] = hosted.hosting.deployments(hosted.staging);
    await swap();
    expect([hosted.production.hostName, hosted.production.scmHostName]).toEqual([host, scm]);
    expect(hosted.hosting.deployments(hosted.production)[0]?.id).toBe(record?.id);
    expect((await ask(hosted.ca, scm, "/api/vfs/site/wwwroot/release.txt")).text).toBe("2");
  });
});

describe("settings in a swap", () => {
  beforeEach(async () => {
    hosted.site.slotConfigNames.appSettingNames = ["STICKY", "ONLY_STAGING"];
    hosted.production.appSettings = { STICKY: "of production", MOVING: "with 1" };
    hosted.staging.appSettings = { STICKY: "of staging", MOVING: "with 2", ONLY_STAGING: "stays" };
    hosted.staging.connectionStrings = { MAIN: { value: "postgres://2", type: "PostgreSQL" } };
    for (const slot of [hosted.production, hosted.staging]) {
      hosted.hosting.configurationChanged(slot, "settings");
      await until("the settings are there", async () => (await seenAt(slot)).environment.STICKY !== null);
    }
  });

  test("sticky ones stay with the slot, the others go with the app, in the model and in the processes", async () => {
    await swap();
    expect(hosted.production.appSettings).toEqual({ STICKY: "of production", MOVING: "with 2" });
    expect(hosted.staging.appSettings).toEqual({ STICKY: "of staging", MOVING: "with 1", ONLY_STAGING: "stays" });
    expect(hosted.production.connectionStrings).toHaveProperty("MAIN");
    const live = await seenAt(hosted.production);
    expect(live).toMatchObject({ release: "2", environment: { STICKY: "of production", MOVING: "with 2" } });
    expect(live.environment.POSTGRESQLCONNSTR_MAIN).toBe("postgres://2");
    await until(
      "the old app restarted",
      async () => (await seenAt(hosted.staging)).environment.STICKY === "of staging",
    );
    expect(await seenAt(hosted.staging)).toMatchObject({ release: "1", environment: { MOVING: "with 1" } });
  });

  test("the process that went live still believes to be in the slot where it started", async () => {
    await swap();
    const { environment } = await seenAt(hosted.production);
    expect([environment.WEBSITE_SLOT_NAME, environment.WEBSITE_HOSTNAME]).toEqual(["staging", hosted.staging.hostName]);
    const headers = (await ask(hosted.ca, hosted.production.hostName, "/", { token: "" })).json();
    expect(headers).toMatchObject({ headers: { "was-default-hostname": hosted.production.hostName } });
  });

  test("of the configuration the command line moves, health check and ramp-up rules stay", async () => {
    hosted.production.config.healthCheckPath = "/health";
    hosted.production.config.experiments.rampUpRules = [{ actionHostName: "x", reroutePercentage: 0, name: "staging" }];
    hosted.staging.config.appCommandLine += " --of-2";
    await swap();
    expect(hosted.production.config.appCommandLine).toMatch(/--of-2$/);
    expect(hosted.production.config).toMatchObject({
      healthCheckPath: "/health",
      experiments: { rampUpRules: [{ name: "staging" }] },
    });
    expect(hosted.staging.config.healthCheckPath).toBeUndefined();
  });
});

describe("a swap that fails", () => {
  async function failsWith(status: number, code: string, message: RegExp): Promise<void> {
    const { appSettings } = hosted.production;
    await expect(swap()).rejects.toMatchObject({ status, code, message: expect.stringMatching(message) });
    expect(await releaseAt(hosted, hosted.production)).toBe("1");
    expect(hosted.production.appSettings).toEqual(appSettings);
    expect(hosted.production.slotSwapStatus).toBeUndefined();
  }

  /** Makes step 1 restart the source, as a sticky setting does. */
  function stickySetting(): void {
    hosted.site.slotConfigNames.appSettingNames = ["STICKY"];
    hosted.production.appSettings = { STICKY: "of production" };
  }

  test("400 when the worker process dies under production's settings; the source comes back by itself", async () => {
    stickySetting();
    hosted.hosting.behave(hosted.staging, exitsAtStart);
    await failsWith(400, "BadRequest", /because the worker process for 'staging' slot could not be started\.$/);
    hosted.hosting.behave(hosted.staging, {});
    // The process that could not start is tried again until the one with the slot's own settings takes over.
    await until("the source is back, on its own settings", async () => {
      if ((await releaseAt(hosted, hosted.staging)) !== "2") return false;
      return (await seenAt(hosted.staging)).environment.STICKY === null;
    });
  });

  test("400 when it never comes up within the start limit", async () => {
    stickySetting();
    hosted.staging.appSettings = { WEBSITES_CONTAINER_START_TIME_LIMIT: "10" };
    hosted.hosting.behave(hosted.staging, neverStarts);
    await failsWith(400, "BadRequest", /application initialization in 'staging' slot either took too long or failed/);
  });

  test("400 when the warm-up path answers a status that does not count", async () => {
    hosted.staging.appSettings = {
      WEBSITE_SWAP_WARMUP_PING_PATH: "/warm",
      WEBSITE_SWAP_WARMUP_PING_STATUSES: "200,202",
      ANSWER_STATUS: "500",
    };
    await failsWith(400, "BadRequest", /application initialization in 'staging' slot either took too long or failed/);
  });

  test("417 when nothing answers the warm-up pings in time", async () => {
    hosted.staging.appSettings = { WEBSITE_SWAP_WARMUP_PING_PATH: "/slow" };
    Object.assign(hosted.timing, { swapPingTimeout: 500, swapPingTries: 2 });
    await failsWith(417, "ExpectationFailed", /because the 'staging' slot did not respond to http ping\.$/);
  });

  test("any status counts unless statuses are named", async () => {
    hosted.staging.appSettings = { ANSWER_STATUS: "500" };
    await swap();
    expect((await ask(hosted.ca, hosted.production.hostName, "/", { token: "" })).status).toBe(500);
  });
});

test("a swap that is under way when all is closed starts nothing any more", async () => {
  const swapped = swap().catch(() => undefined);
  await hosted.close();
  await swapped;
  // Longer than what was started anew would need to make its folder.
  await setTimeout(300);
  expect(existsSync(hosted.folder)).toBe(false);
});

describe("a swap with preview", () => {
  test("stops with production's settings on the source, refuses other swaps, and completes", async () => {
    hosted.site.slotConfigNames.appSettingNames = ["STICKY"];
    hosted.production.appSettings = { STICKY: "of production" };
    await hosted.hosting.applySlotConfig(hosted.staging, hosted.production);
    expect(hosted.staging.targetSwapSlot).toBe("production");
    expect(await seenAt(hosted.staging)).toMatchObject({ release: "2", environment: { STICKY: "of production" } });
    await expect(hosted.hosting.swap(hosted.production, hosted.staging)).rejects.toMatchObject({
      status: 409,
      message: "The slot cannot be changed because its configuration settings have been prepared for swap.",
    });
    await swap();
    expect(hosted.staging.targetSwapSlot).toBeUndefined();
    expect(await releaseAt(hosted, hosted.production)).toBe("2");
  });

  test("is undone by a reset, asked of either slot", async () => {
    hosted.site.slotConfigNames.appSettingNames = ["STICKY"];
    hosted.production.appSettings = { STICKY: "of production" };
    await hosted.hosting.applySlotConfig(hosted.staging, hosted.production);
    await hosted.hosting.resetSlotConfig(hosted.production);
    expect(hosted.staging.targetSwapSlot).toBeUndefined();
    await until("its own settings are back", async () => (await seenAt(hosted.staging)).environment.STICKY === null);
  });

  test("is impossible with site authentication", async () => {
    hosted.production.siteAuthEnabled = true;
    await expect(hosted.hosting.applySlotConfig(hosted.staging, hosted.production)).rejects.toMatchObject({
      status: 409,
    });
  });
});
