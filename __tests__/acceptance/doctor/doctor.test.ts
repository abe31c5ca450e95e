import { type Cloud, startCloud } from "@augeo/rehearsal";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { httpsClient } from "../../support/https-json.ts";
import { type MainRun, type RunOptions, runAction } from "../../support/run-action.ts";

interface Found {
  area: string;
  state: string;
  what: string;
  why?: string;
  fix?: string;
}

let cloud: Cloud;
let ledger: string;
beforeAll(async () => {
  cloud = await startCloud({ postgres: "none" });
  ledger = await cloud.newContainer();
});
afterAll(() => cloud.close());

let site: Awaited<ReturnType<Cloud["createSite"]>>;
let count = 0;
beforeEach(async () => {
  cloud.trust();
  const settings = { WEBSITE_SWAP_WARMUP_PING_PATH: "/", WEBSITE_SWAP_WARMUP_PING_STATUSES: "200" };
  count += 1;
  site = await cloud.createSite({ name: `doctor-${count}`, slots: ["staging"], appSettings: settings });
  site.production.config.healthCheckPath = "/health";
  cloud.github.state.environments.set("production", { reviewers: true, branches: true });
});
afterEach(() => cloud.github.state.environments.clear());

function examine(inputs: RunOptions["inputs"] = {}, env: RunOptions["env"] = {}): Promise<MainRun> {
  const place = { app: site.name, "resource-group": site.resourceGroup, ledger };
  return runAction("doctor", { cloud, inputs: { ...cloud.inputs, ...place, ...inputs }, env });
}

function findings(run: MainRun, state: string): Found[] {
  const all = (run.result?.findings ?? []) as Found[];
  return all.filter((finding) => finding.state === state);
}

describe("doctor", () => {
  test("finds nothing that stops a release where all is set up, and says what it looked at", async () => {
    const run = await examine();
    expect(findings(run, "problem")).toEqual([]);
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ decision: "proceed", reason: "all-well", problems: "0" });
    const areas = findings(run, "ok").map((finding) => finding.area);
    expect(new Set(areas)).toEqual(
      new Set(["sign-in", "names", "rights", "settings", "health", "package", "ledger", "GitHub"]),
    );
    expect(run.summary).toMatch(/^### ✅ A release can go out/);
  });

  test("shows the subject of the ID token in its form", async () => {
    const run = await examine();
    const shown = findings(run, "ok").map((finding) => finding.what);
    expect(shown.join("\n")).toMatch(
      /subject of this job's ID token is repo:.*:environment:production \(classic form\)/,
    );
  });

  test("says what to register when no federated credential matches, and asks nothing of Azure", async () => {
    cloud.oidc.job.environment = "nowhere";
    const from = cloud.requests.of({ host: "management" }).length;
    try {
      const run = await examine();
      expect(run.exitCode).toBe(1);
      expect(run.outputs.reason).toBe("problems-found");
      const [problem] = findings(run, "problem");
      expect(problem?.why).toContain(":environment:nowhere");
      expect(problem?.fix).toContain("federated-credential create");
      expect(cloud.requests.of({ host: "management" })).toHaveLength(from);
    } finally {
      cloud.oidc.job.environment = "production";
    }
  });

  test("names the existing slots when the slot is missing", async () => {
    const run = await examine({ slot: "blue" });
    const [problem] = findings(run, "problem");
    expect(problem).toMatchObject({
      area: "names",
      what: 'The slot "blue" does not exist.',
      why: "Existing slots: staging.",
    });
    expect(problem?.fix).toContain("--slot blue");
    // What would be asked of it only repeats that.
    expect(findings(run, "problem")).toHaveLength(1);
    expect(findings(run, "unknown")).toEqual([]);
  });

  test("names the rights that are missing, action by action, and the role that has them", async () => {
    const kept = cloud.world.roleAssignments.splice(0);
    const storage = kept.filter((one) => one.role === "Storage Blob Data Contributor");
    const principalId = kept[0]?.principalId ?? "";
    const subscription = `/subscriptions/${cloud.inputs["subscription-id"]}`;
    cloud.world.roleAssignments.push(...storage, { principalId, role: "Reader", scope: subscription });
    try {
      const rights = findings(await examine(), "problem").find((finding) => finding.area === "rights");
      expect(rights?.why).toContain("Microsoft.Web/sites/slotsswap/action");
      expect(rights?.why).not.toContain("Microsoft.Web/sites/read");
      expect(rights?.fix).toContain('--role "Website Contributor"');
    } finally {
      cloud.world.roleAssignments.splice(0, cloud.world.roleAssignments.length, ...kept);
    }
  });

  test("warns of settings that would change sides with a swap, and shows no value", async () => {
    const staging = site.slots.get("staging");
    if (staging) staging.appSettings = { ...staging.appSettings, API_KEY: "very-secret-value", SHARED: "1" };
    site.slotConfigNames.appSettingNames.push("SHARED");
    const run = await examine();
    const warning = findings(run, "warning").find((finding) => finding.what.includes("API_KEY"));
    expect(warning?.what).toContain("API_KEY");
    expect(warning?.what).not.toContain("SHARED");
    expect(run.stdout + run.summary).not.toContain("very-secret-value");
    // Names only, those that stick already among them: they are written as a whole.
    expect(warning?.fix).toMatch(
      /^az rest --method put --url '.*\/config\/slotConfigNames\?.*"appSettingNames":\["SHARED","API_KEY"\]/,
    );
  });

  test("finds auto swap on the slot that it is set on, and unset statuses in both slots", async () => {
    const staging = site.slots.get("staging");
    if (staging === undefined) throw new Error("no staging slot");
    staging.config.autoSwapSlotName = "production";
    for (const { appSettings } of [site.production, staging]) delete appSettings.WEBSITE_SWAP_WARMUP_PING_STATUSES;
    try {
      const run = await examine();
      const problem = findings(run, "problem").find((finding) => finding.area === "settings");
      expect(problem?.what).toBe("Auto swap from staging into production is on.");
      expect(problem?.fix).toMatch(/auto-swap .*--slot staging --disable$/);
      const warm = findings(run, "warning").find((finding) => finding.what.includes("WARMUP_PING_STATUSES"));
      const lines = warm?.fix?.split("\n").map((line) => /--slot staging/.test(line));
      expect(lines).toEqual([false, true]);
    } finally {
      staging.config.autoSwapSlotName = null;
    }
  });

  test("says that the ledger cannot be written when the role is missing", async () => {
    const kept = cloud.world.roleAssignments.splice(0);
    cloud.world.roleAssignments.push(...kept.filter((one) => one.role !== "Storage Blob Data Contributor"));
    try {
      const problem = findings(await examine(), "problem").find((finding) => finding.area === "ledger");
      expect(problem?.fix).toContain("Storage Blob Data Contributor");
    } finally {
      cloud.world.roleAssignments.splice(0, cloud.world.roleAssignments.length, ...kept);
    }
  });

  test("tells which required check is missing, and finds the one that is there", async () => {
    cloud.github.state.requiredChecks.push("deploy-ok");
    try {
      const run = await examine({ "required-checks": "deploy-ok\nmigration-gate" });
      expect(findings(run, "ok").map((finding) => finding.what)).toContain('The check "deploy-ok" is required.');
      const warning = findings(run, "warning").find((finding) => finding.area === "GitHub");
      expect(warning?.what).toBe('The check "migration-gate" is not required on the default branch.');
      // The command's body is one that GitHub takes, and mends it.
      const [, body = ""] =
        /echo '(.*)' \| gh api --method POST repos\/\{owner\}\/\{repo\}\/rulesets/.exec(warning?.fix ?? "") ?? [];
      const github = httpsClient(cloud.endpoints.github, cloud.tls.ca, {
        authorization: `Bearer ${cloud.github.userToken}`,
      });
      const made = await github.ask(`/repos/${cloud.oidc.job.repository}/rulesets`, { method: "POST", body });
      github.close();
      expect(made.status).toBe(201);
      expect(
        findings(await examine({ "required-checks": "migration-gate" }), "warning").map(({ area }) => area),
      ).not.toContain("GitHub");
    } finally {
      cloud.github.state.requiredChecks.splice(0);
    }
  });

  test("without id-token: write it says which line is missing", async () => {
    const run = await examine(
      {},
      { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined },
    );
    expect(findings(run, "problem")[0]?.fix).toContain("id-token: write");
  });
});
