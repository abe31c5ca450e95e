import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { decideSettings } from "../../../actions/cli/decide-settings.ts";
import { BY_HAND, fitStarter, type StarterChoice } from "../../../actions/cli/starters.ts";
import { differenceOf } from "../../../actions/cli/write-files.ts";
import { root } from "../../support/source-files.ts";
import { fieldsOf } from "../../support/workflow-documents.ts";

const folder = join(root, "workflows-templates");
const starters = readdirSync(folder).filter((name) => name.endsWith(".yml") && !BY_HAND.has(name));
const textOf = (name: string) => readFileSync(join(folder, name), "utf8");

async function choice(flags: Record<string, string>): Promise<StarterChoice> {
  const required = {
    repository: "octo-org/auction",
    "tenant-id": "00000000-0000-0000-0000-000000000001",
    "subscription-id": "00000000-0000-0000-0000-000000000002",
  };
  const settings = await decideSettings({ ...required, ...flags }, {}, { ask: undefined, say: () => undefined });
  return { settings, defaultBranch: "main" };
}

interface Stage {
  readonly id: string;
  readonly needs: readonly string[];
  readonly with: Readonly<Record<string, unknown>>;
}

/** Jobs of a workflow, with what each waits for. */
function jobsOf(text: string): Stage[] {
  return Object.entries(fieldsOf(fieldsOf(parse(text)).jobs)).map(([id, job]) => ({
    id,
    needs: [fieldsOf(job).needs ?? []].flat().map(String),
    with: fieldsOf(fieldsOf(job).with),
  }));
}

describe("a starter", () => {
  test.each(starters)("%s is as it was written for the three usual environments, but for the branch", async (name) => {
    expect(fitStarter(textOf(name), await choice({}))).toBe(textOf(name).replaceAll("$default-branch", "main"));
  });

  test.each(["production", "test,live", "dev,qa,staging,production", "eu.live"])(
    "deploys through %s, one after the other, and deploy-ok waits for all",
    async (environments) => {
      const names = environments.split(",");
      const jobs = jobsOf(fitStarter(textOf("deploy.yml"), await choice({ environments })));
      const stages = jobs.filter((job) => "environment" in job.with && "artifact-id" in job.with);
      expect(stages.map((job) => job.with.environment)).toEqual(names);
      const ids = stages.map(({ id }) => id);
      stages.forEach(({ needs }, index) => {
        expect(needs.filter((need) => ids.includes(need))).toEqual(index === 0 ? [] : [ids[index - 1]]);
        expect(needs).toContain("build");
      });
      expect(jobs.find(({ id }) => id === "deploy-ok")?.needs).toEqual(expect.arrayContaining(ids));
      const known = new Set(jobs.map(({ id }) => id));
      expect(jobs.flatMap(({ needs }) => needs.filter((need) => !known.has(need)))).toEqual([]);
    },
  );

  test("says another health path to each environment, and the folder to upload and to judge", async () => {
    const fit = await choice({ "health-path": "/ready", package: "backend" });
    const stages = jobsOf(fitStarter(textOf("deploy.yml"), fit)).filter((job) => "artifact-id" in job.with);
    expect(stages.map((job) => job.with["health-path"])).toEqual(["/ready", "/ready", "/ready"]);
    expect(fitStarter(textOf("deploy.yml"), fit)).toMatch(/^ +path: backend$/m);
    expect(fitStarter(textOf("deploy.yml"), fit)).toMatch(/^ +PATHS: backend :/m);
    const gate = jobsOf(fitStarter(textOf("migration-gate.yml"), fit));
    expect(gate.map((job) => job.with["working-directory"])).toContain("backend");
  });
});

describe("settings that are decided", () => {
  const required = {
    "tenant-id": "00000000-0000-0000-0000-000000000001",
    "subscription-id": "00000000-0000-0000-0000-000000000002",
  };

  test("are asked of a person, who is told at once what is not allowed", async () => {
    const said: string[] = [];
    const answers = new Map([["identity", ["robot", "app-registration"]]]);
    const asked: string[] = [];
    const settings = await decideSettings(
      required,
      { repository: { value: "octo-org/Bid.Room", from: "git remote origin" } },
      {
        ask: async (question, proposal) => {
          asked.push(`${question} [${proposal}]`);
          return answers.get(question.split(" ")[0] ?? "")?.shift() ?? "";
        },
        say: (text) => said.push(text),
      },
    );
    expect(settings.identity).toBe("app-registration");
    expect(said).toContain("  Allowed is one of managed-identity, app-registration.");
    expect(said[0]).toBe("  repository: octo-org/Bid.Room (from git remote origin)");
    expect(asked).toContain("app [bid-room-{environment}]");
    expect(settings.environments.map(({ app }) => app)).toEqual([
      "bid-room-dev",
      "bid-room-staging",
      "bid-room-production",
    ]);
    expect(settings["storage-account"]).toMatch(/^bidroom[0-9a-f]{6}$/);
  });
});

describe("a difference", () => {
  test("shows the lines that changed with what surrounds them", () => {
    expect(differenceOf("a\nb\nc\nd\ne\nf\ng\nold\n", "a\nX\nc\nd\ne\nf\ng\nnew\n")).toBe(
      ["  a", "- b", "+ X", "  c", "  d", "  …", "  f", "  g", "- old", "+ new", "  "].join("\n"),
    );
  });
});
