import { afterEach, describe, expect, test } from "@jest/globals";
import { type AppInSlots, blob, errorOf, startAppInSlots } from "../slot-swap/app-in-slots.ts";
import { packageFolder } from "./package-folder.ts";

let app: AppInSlots;
const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await app?.close();
  for (const folder of folders.splice(0)) await folder.remove();
});

async function release(id: string, runId: string) {
  const folder = await packageFolder(id);
  folders.push(folder);
  const inputs = { package: folder.path, release: id, ledger: app.ledger };
  return app.run("release", inputs, { env: { GITHUB_RUN_ID: runId } });
}

const address = () => `${app.ledger}/${app.site.name}/production/head.json`;

/** What a refused release leaves as it was. */
async function traces(): Promise<unknown[]> {
  const { cloud, ledger } = app;
  const list = await blob(cloud, `${ledger}?restype=container&comp=list`, "GET");
  const names = [...list.matchAll(/<Name>([^<]+)<\/Name>.*?<Etag>([^<]+)<\/Etag>/gs)].map(([, ...each]) => each);
  return [await blob(cloud, address(), "GET"), names, app.swaps(), await app.live()];
}

const placed = (command: string) =>
  new RegExp(
    `az storage blob ${command} --auth-mode login --account-name \\S+ -c \\S+ (-n|--prefix) ${app.site.name}/production/`,
  );

describe("a release on a ledger that cannot be read", () => {
  test.each<[string, (head: string) => string, RegExp, string[]]>([
    [
      "because it was cut off",
      (head) => head.slice(0, 200),
      /head\.json cannot be read, so nothing was changed\. it is not JSON/,
      ["download", "list", "upload", "delete"],
    ],
    [
      "because a field of it is wrong",
      (head) => head.replace('"epoch": 1', '"epoch": "one"'),
      /epoch should be a whole number.*and is "one"/,
      ["download", "list", "upload", "delete"],
    ],
    [
      "because a newer version wrote it",
      (head) => JSON.stringify({ ...(JSON.parse(head) as object), schema: 99, thaw: {} }),
      /written by a newer version.*Raise the version of augeo\/deploy-action/s,
      ["download"],
    ],
  ])("%s stops with the commands that repair it, and changes nothing", async (_, damage, says, commands) => {
    app = await startAppInSlots();
    expect(errorOf(await release("r3", "2001"))).toBe("");
    const good = await blob(app.cloud, address(), "GET");
    const broken = damage(good);
    expect(broken).not.toBe(good);
    await blob(app.cloud, address(), "PUT", broken);
    const before = await traces();
    const out = await release("r4", "2002");
    expect(out.exitCode).toBe(1);
    expect(out.outputs).toMatchObject({ decision: "hold", reason: "ledger-unreadable" });
    expect(errorOf(out)).toMatch(says);
    for (const command of commands) expect(errorOf(out)).toMatch(placed(command));
    expect(await traces()).toEqual(before);
    // The last good one is put back, as the message says, and the release goes out.
    await blob(app.cloud, address(), "PUT", good);
    expect((await release("r4", "2003")).outputs).toMatchObject({ reason: "released" });
  });

  test("because Blob Storage refuses it stops with the role that is missing, and changes nothing", async () => {
    app = await startAppInSlots();
    expect(errorOf(await release("r3", "2001"))).toBe("");
    const before = await traces();
    const { roleAssignments } = app.cloud.world;
    const kept = roleAssignments.splice(0);
    roleAssignments.push(...kept.filter(({ role }) => role !== "Storage Blob Data Contributor"));
    const out = await release("r4", "2002");
    roleAssignments.splice(0, roleAssignments.length, ...kept);
    expect(out.exitCode).toBe(1);
    expect(out.outputs).toMatchObject({ decision: "hold", reason: "service-error" });
    expect(errorOf(out)).toMatch(
      /did not let this run read the ledger.*403 AuthorizationPermissionMismatch.*az role assignment create .*--role "Storage Blob Data Contributor"/s,
    );
    expect(await traces()).toEqual(before);
    expect((await release("r4", "2003")).outputs).toMatchObject({ reason: "released" });
  });
});
