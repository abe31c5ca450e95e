import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type AppOnCloud, appOnCloud, layOutFrontend } from "../../../scripts/rehearse/workflow/app-on-cloud.ts";
import { checks, logOf, outcome, outputsOf } from "../outcome.ts";
import { states } from "../states.ts";

let app: AppOnCloud;
const environments = ["dev", "staging", "production"];

/** Called by the tests that begin from what an earlier one left: else one failure would be told in the words of all. */
const { leave, from } = states<"the first release" | "the front end's second release">();

beforeAll(async () => {
  app = await appOnCloud({ environments, frontend: true });
  mkdirSync(join(app.folder, "backend"));
});
afterAll(() => app.close());

const stages = (part: string, result: string, called = true) =>
  Object.fromEntries(environments.map((name) => [`${name}-${part}${called ? " / release" : ""}`, result]));
const frontendOut = {
  changes: "success",
  "build-frontend": "success",
  ...stages("frontend", "success"),
  "deploy-ok": "success",
};
const backendOut = { "build-backend": "success", ...stages("backend", "success") };
const backendUntouched = { "build-backend": "skipped", ...stages("backend", "skipped", false) };

const changeFrontend = (word: string) => app.commit((folder) => layOutFrontend(join(folder, "frontend"), word));
const page = (path: string, environment = "production") => app.ask(app.frontends[environment], path);
/** The script that is loaded on demand, by the page that is live. */
async function lazyScript(): Promise<string> {
  const [, main = ""] = /src="([^"]+)"/.exec((await page("/")).text) ?? [];
  const [, lazy = ""] = /import\("\.\/([^"]+)"\)/.exec((await page(main)).text) ?? [];
  return `/assets/${lazy}`;
}

describe("deploy-full-stack.yml", () => {
  test("takes both parts through all environments, the backend first, each built once", async () => {
    await app.commitRelease("1", "backend");
    await changeFrontend("first");
    const run = await app.run("deploy-full-stack.yml");
    expect(outcome(run)).toEqual({ checks: { ...frontendOut, ...backendOut }, log: "" });
    const live = environments.map((name) => outputsOf(run, `${name}-frontend / release`)["live-release"]);
    expect(new Set(live).size).toBe(1);
    const order = run.jobs.map(({ check }) => check).filter((check) => check.startsWith("production"));
    expect(order).toEqual(["production-backend / release", "production-frontend / release"]);
    leave("the first release");
  }, 300_000);

  test("serves one package with the configuration of each environment", async () => {
    from("the first release");
    const configurations = await Promise.all(environments.map((name) => page("/config.json", name)));
    expect(configurations.map(({ text }) => JSON.parse(text))).toEqual(
      environments.map((name) => ({ API_URL: `https://${app.sites[name]?.production.hostName}` })),
    );
  });

  test("answers addresses inside the app with the page, and a script that is not there with 404", async () => {
    from("the first release");
    const inside = await page("/items/42");
    expect([inside.status, inside.headers["cache-control"]]).toEqual([200, "no-cache"]);
    expect(inside.text).toContain("<title>Auction</title>");
    expect((await page("/assets/none-00000000.js")).status).toBe(404);
    const script = await page(await lazyScript());
    expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });

  test("releases the front end alone when nothing else changed, and open pages find their old scripts", async () => {
    from("the first release");
    const before = await app.commit();
    const old = await lazyScript();
    await changeFrontend("second");
    const run = await app.run("deploy-full-stack.yml", { payload: { before } });
    expect(outcome(run)).toEqual({ checks: { ...frontendOut, ...backendUntouched }, log: "" });
    const now = await lazyScript();
    expect(now).not.toBe(old);
    expect((await page(old)).text).toContain("// first");
    expect((await page(now)).text).toContain("// second");
    leave("the front end's second release");
  }, 240_000);

  test("only builds what a pull request touches, and deploy-ok is there for it to be required", async () => {
    const base = await app.commit();
    await changeFrontend("proposed");
    const run = await app.run("deploy-full-stack.yml", {
      event: "pull_request",
      fork: true,
      payload: { before: "0".repeat(40), pull_request: { base: { sha: base }, title: "Bids" } },
    });
    const nothingOut = { ...stages("backend", "skipped", false), ...stages("frontend", "skipped", false) };
    const built = { changes: "success", "build-backend": "skipped", "build-frontend": "success" };
    expect(outcome(run)).toEqual({ checks: { ...nothingOut, ...built, "deploy-ok": "success" }, log: "" });
  }, 60_000);

  test("is frozen with its backend, and goes back alone, by the buttons", async () => {
    from("the front end's second release");
    const [backend, frontend] = [app.sites.dev?.name, app.frontends.dev?.name];
    for (const mode of ["set", "lift"]) {
      const run = await app.dispatch("freeze.yml", { environment: "dev", reason: "sale", mode });
      expect(outcome(run)).toEqual({ checks: { freeze: "success" }, log: "" });
      for (const name of [backend, frontend]) expect(logOf(run, "freeze")).toContain(`→ ${name}`);
    }
    const serving = await app.live("production");
    const back = { environment: "production", why: "blank page", app: app.frontends.production?.name ?? "" };
    const run = await app.dispatch("rollback.yml", back);
    expect(outcome(run)).toEqual({ checks: { "rollback / rollback": "success" }, log: "" });
    expect((await page(await lazyScript())).text).toContain("// first");
    expect(await app.live("production")).toBe(serving);
  }, 120_000);

  test("stops a front end in its slot that lacks a setting, and deploy-ok is red", async () => {
    from("the first release");
    const live = await lazyScript();
    const production = app.frontends.dev?.production.appSettings ?? {};
    const { PUBLIC_API_URL: url = "" } = production;
    const staging = app.frontends.dev?.slots.get("staging");
    delete staging?.appSettings.PUBLIC_API_URL;
    if (staging) app.cloud.hosting.configurationChanged(staging, "settings");
    const before = await app.commit();
    await changeFrontend("third");
    const run = await app.run("deploy-full-stack.yml", { payload: { before } });
    expect(checks(run)).toMatchObject({ "dev-frontend / release": "failure", "deploy-ok": "failure" });
    expect(checks(run)).toMatchObject({ "staging-frontend": "skipped", "production-frontend": "skipped" });
    expect(outputsOf(run, "dev-frontend / release").reason).toBe("unhealthy-slot");
    expect(production.PUBLIC_API_URL).toBe(url);
    expect(await lazyScript()).toBe(live);
  }, 240_000);
});

describe("the package's digest", () => {
  test("stops another package than the one that was built before anything is asked of Azure", async () => {
    app.cloud.requests.clear();
    const path = join(app.folder, ".github/workflows/tampered.yml");
    await app.commit(() => writeFileSync(path, TAMPERED));
    const run = await app.run("tampered.yml");
    expect(checks(run)).toEqual({ build: "success", "dev / release": "failure" });
    expect(logOf(run, "dev / release")).toContain("The package is not the one that was built");
    expect(outputsOf(run, "dev / release").reason).toBe("artifact-mismatch");
    expect(app.cloud.requests.of({ host: "management" })).toEqual([]);
  });
});

/** The digest of one artifact and the id of another. */
const TAMPERED = `name: Tampered
on: push
permissions: {}
jobs:
  build:
    name: build
    runs-on: ubuntu-latest
    permissions: { contents: read }
    outputs:
      artifact-id: \${{ steps.other.outputs.artifact-id }}
      artifact-digest: \${{ steps.built.outputs.artifact-digest }}
    steps:
      - run: mkdir one two && echo 1 > one/server.mjs && echo 2 > two/server.mjs
      - { id: built, uses: actions/upload-artifact@v7, with: { name: one, path: one } }
      - { id: other, uses: actions/upload-artifact@v7, with: { name: two, path: two } }
  dev:
    needs: build
    permissions: { contents: read, id-token: write, actions: read }
    uses: augeo/deploy-action/.github/workflows/deploy-frontend.yml@v1
    with:
      environment: dev
      artifact-id: \${{ needs.build.outputs.artifact-id }}
      artifact-digest: \${{ needs.build.outputs.artifact-digest }}
`;
