import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type ControlPlane, startControlPlane, webSites } from "./control-plane.ts";

const group = "rg-auction";
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(() => plane.close());

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test("the SDK reads a site with its plan, host names and SCM host", async () => {
  const site = await webSites(plane).webApps.get(group, "auction");
  expect(site.name).toBe("auction");
  expect(site.state).toBe("Running");
  expect(site.reserved).toBe(true);
  expect(site.defaultHostName).toBe(plane.site.production.hostName);
  expect(site.hostNameSslStates?.find((one) => one.hostType === "Repository")?.name).toBe(
    plane.site.production.scmHostName,
  );
});

test("the SDK lists a site's slots by their full names", async () => {
  const slots = await all(webSites(plane).webApps.listSlots(group, "auction"));
  expect(slots.map((slot) => slot.name)).toEqual(["auction/staging"]);
});

test("the SDK replaces the whole set of app settings, and the hosting hears of it", async () => {
  const client = webSites(plane);
  await client.webApps.updateApplicationSettingsSlot(group, "auction", "staging", { properties: { A: "1", B: "2" } });
  const read = await client.webApps.listApplicationSettingsSlot(group, "auction", "staging");
  expect(read.properties).toEqual({ A: "1", B: "2" });
  expect(plane.hosting.asked).toContain("settings changed: staging");
});

test("the SDK swaps a slot into production and both slots remember it", async () => {
  await webSites(plane).webApps.swapSlotWithProduction(group, "auction", { targetSlot: "staging", preserveVnet: true });
  expect(plane.hosting.asked).toContain("swap into production: staging");
  const site = await webSites(plane).webApps.get(group, "auction");
  expect(site.slotSwapStatus).toMatchObject({ sourceSlotName: "staging", destinationSlotName: "production" });
});
