import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type RunOptions, runAction } from "../../support/run-action.ts";
import { packageFolder } from "../release/package-folder.ts";
import { type AppInSlots, blob, errorOf, startAppInSlots } from "../slot-swap/app-in-slots.ts";

let app: AppInSlots;
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

const STRAY = "a".repeat(64);
const addressOf = (hash: string) => `${app.ledger}/artifacts/${hash}.zip`;

async function release(id: string): Promise<string> {
  const folder = await packageFolder(id);
  folders.push(folder);
  const out = await app.run("release", { package: folder.path, release: id, ledger: app.ledger });
  expect(errorOf(out)).toBe("");
  expect(out.summary).toMatch(
    new RegExp(`<details><summary>The last releases[^]*\\| ${id} \\| [0-9a-f]{7} .*\\| live \\|`),
  );
  expect(resultOf(out)).toMatchObject({
    schema: 1,
    releases: expect.arrayContaining([expect.objectContaining({ release: id, state: "live" })]),
  });
  const { live } = (await app.readHead()) as { live: { artifact: string } };
  return live.artifact;
}

const reconcile = (inputs: RunOptions["inputs"] = {}) =>
  runAction("reconcile", {
    cloud: app.cloud,
    inputs: { ...app.cloud.inputs, ledger: app.ledger, ...inputs },
    env: { GITHUB_RUN_ID: "900" },
    timeout: 120_000,
  });

/** Hashes of the packages that are there. */
async function packages(): Promise<string[]> {
  const list = await blob(app.cloud, `${app.ledger}?restype=container&comp=list&prefix=artifacts/`, "GET");
  return [...list.matchAll(/<Name>artifacts\/([^<]+)\.zip<\/Name>/g)].map(([, name = ""]) => name).sort();
}

const resultOf = ({ outputs }: { outputs: Record<string, string> }): unknown => JSON.parse(outputs.result ?? "");

describe("stored packages", () => {
  test("that no ledger names go once they are old, and one that is live, young or in doubt stays", async () => {
    app = await startAppInSlots();
    const live = [await release("r3"), await release("r4")];
    await blob(app.cloud, addressOf(STRAY), "PUT", "an old package");
    const all = [...live, STRAY].sort();
    expect(await packages()).toEqual(all);

    const young = await reconcile();
    expect(young.summary).toMatch(/^Stored packages: none had to go; 3 kept \(/m);
    expect(await packages()).toEqual(all);

    // The time of a blob is the service's own and has whole seconds.
    await setTimeout(2_000);
    const old = { "keep-packages": "1s" };
    await app.writeHead({ schema: 1, what: "is this" }, "dev", "other-app");
    const target = `${app.cloud.resourceGroup}/${app.site.name}`;
    const doubt = await reconcile({ ...old, targets: target });
    expect(doubt.exitCode).toBe(0);
    expect(doubt.outputs).toMatchObject({ reason: "all-well" });
    const warning = doubt.annotations.find(({ level }) => level === "warning")?.message;
    expect(warning).toMatch(/^No stored package was deleted\. .*other-app\/dev\/head\.json cannot be read/);
    expect(doubt.summary).toMatch(/none had to go; 3 kept .* No stored package was deleted/);
    expect(await packages()).toEqual(all);
    await app.writeHead({ ...(await app.readHead()), rollout: null }, "dev", "other-app");

    const off = await reconcile({ "keep-packages": "0s", targets: target });
    expect(off.summary).not.toContain("Stored packages");
    const dry = await reconcile({ ...old, "dry-run": true, targets: target });
    expect(dry.summary).toMatch(
      /^Stored packages: 1 would be deleted \(0\.0 MB\) that no ledger names any more; 2 kept/m,
    );
    expect(await packages()).toEqual(all);

    const lease = { "x-ms-lease-action": "acquire", "x-ms-lease-duration": "-1", "content-length": "0" };
    await blob(app.cloud, `${addressOf(STRAY)}?comp=lease`, "PUT", undefined, {
      ...lease,
      "x-ms-proposed-lease-id": "11111111-2222-4333-8444-555555555555",
    });
    const refused = await reconcile({ ...old, targets: target });
    expect(refused.exitCode).toBe(0);
    expect(refused.outputs).toMatchObject({ reason: "all-well" });
    expect(refused.summary).toMatch(/none had to go; 3 kept .*did not let this run delete a stored package/);
    const free = { "x-ms-lease-action": "break", "x-ms-lease-break-period": "0", "content-length": "0" };
    await blob(app.cloud, `${addressOf(STRAY)}?comp=lease`, "PUT", undefined, free);

    const out = await reconcile({ ...old, targets: target });
    expect(errorOf(out)).toBe("");
    expect(out.outputs).toMatchObject({ reason: "all-well", done: "0" });
    expect(out.summary).toMatch(/^Stored packages: 1 deleted \(0\.0 MB\) that no ledger names any more; 2 kept/m);
    expect(resultOf(out)).toMatchObject({
      schema: 1,
      packages: { deleted: 1, bytes: "an old package".length, kept: 2, isDry: false, warnings: [] },
      targets: [
        {
          releases: [
            { release: "r4", state: "live", back: null },
            { release: "r3", state: "previous", back: "swap" },
          ],
        },
      ],
    });
    expect(out.summary).toMatch(
      /\| r4 \| [0-9a-f]{7} \|.*\| live \|\n\| r3 \|.*previous; can be put back by a swap: it is in the slot \|/,
    );
    expect(await packages()).toEqual(live.sort());
    expect((await app.readEvents()).length).toBeGreaterThan(5);
  }, 240_000);
});
