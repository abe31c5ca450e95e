import { afterEach, describe, expect, test } from "@jest/globals";
import { storageScope } from "../../../packages/rehearsal/src/blob-host.ts";
import type { RunOptions } from "../../support/run-action.ts";
import { type AppInSlots, errorOf, startAppInSlots } from "../slot-swap/app-in-slots.ts";
import { packageFolder } from "./package-folder.ts";

let app: AppInSlots;
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

const run = (action: string, inputs: RunOptions["inputs"]) =>
  app.run(action, inputs, { env: { GITHUB_RUN_ID: "2001" } });

async function release(ledger: string) {
  const folder = await packageFolder("r3");
  folders.push(folder);
  return run("release", { package: folder.path, release: "r3", ledger });
}

const containersMade = () =>
  app.cloud.requests.of({ method: "PUT", host: "blob" }).filter(({ query }) => query.includes("restype=container"));

describe("a ledger whose container is not there", () => {
  test("refuses a release with the containers there are and the command that makes it, and makes none; made by that, it takes the first release", async () => {
    app = await startAppInSlots();
    const name = `${app.ledger.split("/").at(-1)}x`;
    const before = containersMade().length;
    const refused = await release(`${app.ledger}x`);
    expect(refused.exitCode).toBe(1);
    expect(refused.outputs).toMatchObject({ decision: "hold", reason: "service-error" });
    expect(errorOf(refused)).toContain(`There is no container "${name}" in the storage account`);
    expect(errorOf(refused)).toMatch(/404 ContainerNotFound\. Containers there: \w/);
    expect(errorOf(refused)).toMatch(
      new RegExp(`az storage container create --account-name \\S+ --name ${name} --auth-mode login`),
    );
    expect(containersMade()).toHaveLength(before);
    expect([app.swaps(), await app.live()]).toEqual([0, ["r1", "r2"]]);

    await app.cloud.newContainer(name);
    expect((await release(`${app.ledger}x`)).outputs).toMatchObject({ reason: "released" });
  });

  test.each<[string, RunOptions["inputs"]]>([
    ["slot-swap", {}],
    ["rollback", { why: "too slow" }],
    ["freeze", { reason: "sale", until: "4h" }],
    ["reconcile", {}],
  ])("refuses %s as well, which would find nothing in an empty one", async (action, inputs) => {
    app = await startAppInSlots();
    const before = containersMade().length;
    const refused = await run(action, { ...inputs, ledger: `${app.ledger}x` });
    expect([refused.exitCode, errorOf(refused)]).toEqual([1, expect.stringContaining("There is no container")]);
    expect(containersMade()).toHaveLength(before);
    expect([app.swaps(), await app.live()]).toEqual([0, ["r1", "r2"]]);
  });

  test("says so where the identity's role is on one container, and does not let it list the others", async () => {
    app = await startAppInSlots();
    const { world } = app.cloud;
    const granted = world.roleAssignments.find(({ role }) => role === "Storage Blob Data Contributor");
    if (granted === undefined) throw new Error("the identity has no role");
    const scope = `${storageScope(world)}/blobServices/default/containers/${app.ledger.split("/").at(-1)}x`;
    world.roleAssignments.splice(world.roleAssignments.indexOf(granted), 1, { ...granted, scope });
    const refused = await release(`${app.ledger}x`);
    expect(errorOf(refused)).toContain("This identity could not list the account's containers.");
    expect(refused.exitCode).toBe(1);
  });
});
