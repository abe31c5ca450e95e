/** The newcomer's path as it is written: every block of docs/tutorial.md is run, in order, by a reader's shell. */
import { join } from "node:path";
import { type Cloud, startCloud } from "@augeo/rehearsal";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { root } from "../../support/source-files.ts";
import { states } from "../states.ts";
import { type Block, blocksOf } from "./read-page.ts";
import { type Reader, startReader } from "./reader.ts";

const blocks = blocksOf(join(root, "docs/tutorial.md"));

/** The only blocks that may be left out, by how they begin. Another one fails the test that follows. */
const LEFT_OUT = ["az group create", "az group delete"];

test("every block of the tutorial is a shell's, and is run, or is one of the two that cannot be", () => {
  expect(blocks.filter(({ language }) => language !== "sh")).toEqual([]);
  const left = blocks.filter(({ notRun }) => notRun !== undefined);
  expect(left.map(({ text }) => LEFT_OUT.find((start) => text.startsWith(start)))).toEqual(LEFT_OUT);
  expect(blocks.length).toBeGreaterThan(12);
});

describe("the tutorial, read from its first block to its last", () => {
  let cloud: Cloud;
  let reader: Reader;
  beforeAll(async () => {
    cloud = await startCloud();
    reader = await startReader(cloud);
  });
  afterAll(async () => {
    await reader.close();
    await cloud.close();
  });

  const run = async (heading: string): Promise<string[]> => {
    const printed: string[] = [];
    for (const block of blocks.filter((one) => one.heading.startsWith(heading) && one.notRun === undefined))
      printed.push(await reader.run(textOf(block, cloud)));
    return printed;
  };
  const live = () => cloud.world.sites.find(({ name }) => name === "api-production");
  const releaseIn = (text: string | undefined): string => JSON.parse(text ?? "{}").release;
  let first = "";
  /** A reader comes to a part through the one before it. */
  const { leave, from } = states<"part 3" | "part 4" | "part 5" | "part 6" | "part 7">();

  test("1 to 3: signs in, chooses names, makes a repository", async () => {
    await run("1.");
    await run("2.");
    await run("3.");
    leave("part 3");
  });

  test("4: init makes everything, and doctor finds nothing that would stop a release", async () => {
    from("part 3");
    const [made, , checked] = await run("4.");
    expect(made).toContain("+ the app api-production");
    expect(checked).toMatch(/^0 would stop a release/m);
    expect(live()?.slots.get("staging")?.appSettings).toHaveProperty("DATABASE_URL");
    leave("part 4");
  });

  test("5: a push releases, and the app serves", async () => {
    from("part 4");
    const [pushed, used] = await run("5.");
    expect(pushed).toContain(": success");
    expect(used).toContain('"title":"Lot 1"');
    first = releaseIn(/\{"status"[^}]*\}/.exec(used ?? "")?.[0]);
    expect(first).not.toBe("");
    leave("part 5");
  });

  test("6: a release that is bad in production comes back by itself", async () => {
    from("part 5");
    const [pushed, served] = await run("6.");
    expect(pushed).toContain("The run is red, and the old release is back.");
    const job = reader.runs.at(-1)?.jobs.find(({ check }) => check === "production / release");
    expect(job?.outputs).toMatchObject({ decision: "rolled-back", reason: "unhealthy", "live-release": first });
    expect(served).toContain('"title":"Lot 1"');
    leave("part 6");
  });

  test("7: a mended release goes out on the new schema", async () => {
    from("part 6");
    const [pushed] = await run("7.");
    expect(pushed).toContain(": success");
    const job = reader.runs.at(-1)?.jobs.find(({ check }) => check === "production / release");
    expect(job?.outputs["live-release"]).not.toBe(first);
    leave("part 7");
  });

  test("8: a rollback by dispatch puts the release before back", async () => {
    from("part 7");
    const [back] = await run("8.");
    expect(back).toContain("Roll back production to the release before: success");
    expect(releaseIn(/\{"status"[^}]*\}/.exec(back ?? "")?.[0])).toBe(first);
  });

  test("and every block that has to be run was run", () => {
    const headings = new Set(
      blocks.filter(({ notRun }) => notRun === undefined).map(({ heading }) => heading.slice(0, 2)),
    );
    expect([...headings]).toEqual(["1.", "2.", "4.", "5.", "6.", "7.", "8."]);
  });
});

/** The page says: replace each value by yours. */
function textOf({ text }: Block, cloud: Cloud): string {
  if (!text.startsWith("export OWNER=")) return text;
  const [owner, name] = cloud.oidc.job.repository.split("/");
  const own: Record<string, string> = {
    OWNER: owner ?? "",
    REPO: name ?? "",
    STORAGE: "augeo",
    DATABASE_URL: cloud.databaseUrl,
    DATABASE_AUTH: "url",
  };
  const replaced = text.replaceAll(/^export (\w+)=.*$/gm, (line, key: string) =>
    own[key] === undefined ? line : `export ${key}='${own[key]}'`,
  );
  expect(Object.keys(own).filter((key) => !text.includes(`export ${key}=`))).toEqual([]);
  return replaced;
}
