import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { azureBehaviour } from "../../../packages/rehearsal/src/arm/index.ts";
import { ProviderError } from "../../../packages/rehearsal/src/model.ts";
import { type Answer, ask, askArm, type ControlPlane, startControlPlane, webSites } from "./control-plane.ts";

const group = "rg-auction";
const swapWith = { targetSlot: "production", preserveVnet: true };
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(() => plane.close());
afterEach(async () => {
  release();
  plane.hosting.gate = Promise.resolve();
  plane.faults.clear();
  await plane.arm.settled();
  Object.assign(plane.arm.behaviour, azureBehaviour, { retryAfter: 0 });
  for (const slot of plane.site.slots.values()) slot.targetSwapSlot = undefined;
  plane.hosting.asked.length = 0;
});

function beginSwap(): Promise<Answer> {
  return askArm(plane, "POST", `${plane.sitePath}/slots/staging/slotsswap`, swapWith);
}

let release = () => {};

/** Holds the next swap until `release`, which the end of a test calls in any case. */
function hold(): void {
  plane.hosting.gate = new Promise((resolve) => {
    release = resolve;
  });
}

async function poll(url: string | string[] | undefined): Promise<Answer> {
  const token = await plane.entra.mint(plane.application, "https://management.azure.com");
  return ask(plane, "GET", String(url), { headers: { authorization: `Bearer ${token}` } });
}

async function pollToEnd(url: string | string[] | undefined): Promise<Answer> {
  await plane.arm.settled();
  return poll(url);
}

describe("a swap", () => {
  test("exchanges the settings of the two slots, seen by the SDK", async () => {
    const client = webSites(plane).webApps;
    await client.updateApplicationSettings(group, "auction", { properties: { RELEASE: "1" } });
    await client.updateApplicationSettingsSlot(group, "auction", "staging", { properties: { RELEASE: "2" } });
    await client.swapSlot(group, "auction", "staging", swapWith);
    expect((await client.listApplicationSettings(group, "auction")).properties).toEqual({ RELEASE: "2" });
    const staging = await client.getSlot(group, "auction", "staging");
    expect(staging.slotSwapStatus).toMatchObject({ sourceSlotName: "staging", destinationSlotName: "production" });
  });

  test("makes production the target also when the site itself is asked", async () => {
    await webSites(plane).webApps.swapSlotWithProduction(group, "auction", {
      targetSlot: "staging",
      preserveVnet: true,
    });
    expect(plane.hosting.asked).toContain("swap into production: staging");
  });

  test("is a 202 whose Location answers 202 until it is done, then 200", async () => {
    plane.arm.behaviour.retryAfter = 15;
    hold();
    const begun = await beginSwap();
    expect(begun.status).toBe(202);
    expect(begun.headers.location).toMatch(
      /\/slots\/staging\/operationresults\/[0-9a-f-]{36}\?api-version=2025-05-01$/,
    );
    expect(begun.headers["retry-after"]).toBe("15");
    expect((await poll(begun.headers.location)).status).toBe(202);
    const { properties } = (await askArm(plane, "GET", plane.sitePath)).json() as { properties: object };
    expect(properties).toHaveProperty("inProgressOperationId", expect.stringMatching(/^[0-9a-f-]{36}$/));
    release();
    expect((await pollToEnd(begun.headers.location)).status).toBe(200);
  });

  test("without Retry-After, with a 204 at the end, or ending late, when switched so", async () => {
    Object.assign(plane.arm.behaviour, { retryAfter: undefined, finalStatus: 204, lag: 300 });
    const begun = await beginSwap();
    expect(begun.headers).not.toHaveProperty("retry-after");
    expect((await poll(begun.headers.location)).status).toBe(202);
    expect((await pollToEnd(begun.headers.location)).status).toBe(204);
  });

  test("in the other style reports its status in the body, which the SDK follows too", async () => {
    plane.arm.behaviour.operationStyle = "azure-async";
    const begun = await beginSwap();
    expect(begun.headers).not.toHaveProperty("location");
    expect((await pollToEnd(begun.headers["azure-asyncoperation"])).json()).toMatchObject({ status: "Succeeded" });
    await webSites(plane).webApps.swapSlot(group, "auction", "staging", swapWith);
  });

  test("that fails says why at the poll and leaves the site free for the next", async () => {
    const text = "Cannot swap site slots for site 'auction' because the 'staging' slot did not respond to http ping.";
    plane.hosting.gate = Promise.reject(new ProviderError(417, "ExpectationFailed", text));
    const begun = await beginSwap();
    const end = await pollToEnd(begun.headers.location);
    expect([end.status, end.json()]).toEqual([
      417,
      expect.objectContaining({ Code: "ExpectationFailed", Message: text }),
    ]);
    plane.hosting.gate = Promise.resolve();
    expect((await beginSwap()).status).toBe(202);
  });

  test("that fails is an exception of the SDK with the status alone: the body's shape is lost on it", async () => {
    plane.hosting.gate = Promise.reject(new ProviderError(400, "BadRequest", "could not be started."));
    await expect(webSites(plane).webApps.swapSlot(group, "auction", "staging", swapWith)).rejects.toThrow();
  });

  test("with an unknown slot, with itself or with none is refused at once", async () => {
    const ask = (body: unknown) => askArm(plane, "POST", `${plane.sitePath}/slots/staging/slotsswap`, body);
    expect((await ask({ targetSlot: "blue" })).json()).toMatchObject({
      Code: "NotFound",
      Message: "Cannot find Slot with name blue.",
    });
    expect((await ask({ targetSlot: "staging" })).status).toBe(400);
    expect((await ask({})).status).toBe(400);
    expect(plane.hosting.asked).toEqual([]);
  });
});

describe("while a swap runs", () => {
  test("every other change of the site is refused with 409 and the operation's name, in the provider's shape", async () => {
    hold();
    await beginSwap();
    const changes: [string, string, unknown][] = [
      ["POST", "/slots/staging/slotsswap", swapWith],
      ["PUT", "/config/appsettings", { properties: {} }],
      ["PATCH", "/slots/staging/config/web", { properties: { alwaysOn: true } }],
      ["PUT", "/slots/blue", { location: "westeurope", properties: {} }],
      ["DELETE", "/slots/staging", undefined],
      ["POST", "/slots/staging/applySlotConfig", swapWith],
    ];
    for (const [method, suffix, body] of changes) {
      const answer = await askArm(plane, method, `${plane.sitePath}${suffix}`, body);
      expect(answer.status).toBe(409);
      expect(answer.json()).toEqual({
        Code: "Conflict",
        Message: expect.stringMatching(
          /^Cannot modify this site because another operation is in progress\. Details: Id: [0-9a-f-]{36}, OperationName: SwapSiteSlots, CreatedTime: \d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M/,
        ),
        Target: null,
        Details: [
          { Message: expect.any(String) },
          { Code: "Conflict" },
          { ErrorEntity: expect.objectContaining({ ExtendedCode: "59203", Code: "Conflict" }) },
        ],
        Innererror: null,
      });
    }
    release();
  });

  test("the error is wrapped instead when switched so", async () => {
    plane.arm.behaviour.errors = "wrapped";
    hold();
    await beginSwap();
    expect((await beginSwap()).json()).toMatchObject({ error: { code: "Conflict" } });
    release();
  });

  test("reading goes on", async () => {
    hold();
    await beginSwap();
    expect((await askArm(plane, "GET", plane.sitePath)).status).toBe(200);
    release();
  });
});

describe("a lost reply", () => {
  test("of an accepted swap leaves the swap going on, and one swap done", async () => {
    const fault = plane.faults.add({
      match: { host: "management", method: "POST", path: /slotsswap/ },
      times: 1,
      action: { kind: "reset", when: "after" },
    });
    await expect(beginSwap()).rejects.toMatchObject({ code: "ECONNRESET" });
    await plane.arm.settled();
    expect(fault.struck).toBe(1);
    expect(plane.hosting.asked.filter((one) => one.startsWith("swap"))).toHaveLength(1);
  });
});

describe("swap with preview", () => {
  const apply = () => webSites(plane).webApps.applySlotConfigurationSlot(group, "auction", "staging", swapWith);

  test("prepares the source, shows its target, and is completed by the swap", async () => {
    await apply();
    expect((await webSites(plane).webApps.getSlot(group, "auction", "staging")).targetSwapSlot).toBe("production");
    await webSites(plane).webApps.swapSlot(group, "auction", "staging", swapWith);
    expect((await webSites(plane).webApps.getSlot(group, "auction", "staging")).targetSwapSlot ?? null).toBe(null);
  });

  test("locks the prepared slot until it is reset", async () => {
    await apply();
    const change = () => askArm(plane, "PUT", `${plane.sitePath}/slots/staging/config/appsettings`, { properties: {} });
    const refused = await change();
    expect(refused.status).toBe(409);
    expect(refused.body).toContain(
      "The slot cannot be changed because its configuration settings have been prepared for swap.",
    );
    await webSites(plane).webApps.resetSlotConfigurationSlot(group, "auction", "staging");
    expect((await change()).status).toBe(200);
    expect(plane.hosting.asked).toContain("reset settings: staging");
  });

  test("is ended also by asking its target, as the az command line does", async () => {
    await apply();
    expect((await askArm(plane, "POST", `${plane.sitePath}/slots/production/resetSlotConfig`)).status).toBe(200);
    expect(plane.hosting.asked).toContain("reset settings: staging");
  });

  test("is refused where a slot has site authentication", async () => {
    await webSites(plane).webApps.updateAuthSettingsV2(group, "auction", { platform: { enabled: true } });
    const answer = await askArm(plane, "POST", `${plane.sitePath}/slots/staging/applySlotConfig`, swapWith);
    expect(answer.status).toBe(409);
    plane.site.production.siteAuthEnabled = false;
  });
});

describe("slotsdiffs", () => {
  test("tells what a swap changes, adds, and leaves behind", async () => {
    const client = webSites(plane).webApps;
    const staging = { SAME: "1", CHANGED: "new", ADDED: "x", STICKY: "staging", TWIN: "t" };
    const production = { SAME: "1", CHANGED: "old", GONE: "y", STICKY: "production", TWIN: "t" };
    await client.updateApplicationSettingsSlot(group, "auction", "staging", { properties: staging });
    await client.updateApplicationSettings(group, "auction", { properties: production });
    await client.updateSlotConfigurationNames(group, "auction", { appSettingNames: ["STICKY", "TWIN"] });
    const found: Record<string, string | undefined> = {};
    for await (const one of client.listSlotDifferencesSlot(group, "auction", "staging", swapWith))
      found[one.settingName ?? ""] = one.diffRule;
    expect(found).toEqual({
      CHANGED: "SettingsWillBeModifiedInDestination",
      ADDED: "SettingsWillBeAddedToDestination",
      GONE: "SettingsNotInSource",
      TWIN: "SlotSettingsSameValue",
    });
  });
});
