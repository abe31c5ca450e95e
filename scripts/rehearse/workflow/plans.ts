/** What has to be there before a workflow can be rehearsed, and what starts it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Trigger } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { type AppOnCloud, type AppOptions, layOutFrontend } from "./app-on-cloud.ts";
import { ship, tidy } from "./callers.ts";

export interface Plan {
  /** The starter that runs, or the workflow around a reusable one. */
  readonly file: string;
  readonly setting: AppOptions;
  /** Makes what the workflow acts on; `release` is one of the example app's. */
  prepare(app: AppOnCloud, release: string, say: (text: string) => void): Promise<unknown>;
  readonly trigger: Partial<Trigger>;
}

const THREE = { environments: ["dev", "staging", "production"] };
const ONE = {
  environments: ["production"],
  workflows: { "ship.yml": ship("backend"), "ship-slowly.yml": ship("backend", "60s"), "tidy.yml": tidy },
};
const commit: Plan["prepare"] = (app, release) => app.commitRelease(release);
const dispatched = (inputs: Trigger["inputs"]): Partial<Trigger> => ({
  event: "workflow_dispatch",
  actor: "hubot",
  ...(inputs && { inputs }),
});

/** Releases 1 and another one are live, one after the other. */
async function shipTwo(app: AppOnCloud, say: (text: string) => void): Promise<void> {
  for (const release of ["1", "2"]) {
    say(`preparing: release ${release} goes to production`);
    await app.commitRelease(release);
    await app.run("ship.yml");
  }
}

/** A release is live and being watched when its machine is lost. */
async function loseOne(app: AppOnCloud, say: (text: string) => void): Promise<void> {
  await app.commitRelease("1");
  say("preparing: release 1 goes to production");
  await app.run("ship.yml");
  await app.commit((folder) => writeFileSync(join(folder, "auction/note.txt"), "a change"));
  say("preparing: the next one is live and watched, and its machine is lost");
  const started = app.start("ship-slowly.yml");
  await started.line(/WATCHING: /);
  started.loseMachines();
  await started.done;
}

const withFrontend: Plan["prepare"] = async (app, release) => {
  await app.commit((folder) => layOutFrontend(join(folder, "frontend"), "first"));
  await app.commitRelease(release, "backend");
};

/** By the name of a starter, or of a reusable workflow that no starter is called after. */
export const plans: Readonly<Record<string, Plan>> = {
  "deploy.yml": { file: "deploy.yml", setting: THREE, prepare: commit, trigger: {} },
  "deploy-full-stack.yml": {
    file: "deploy-full-stack.yml",
    setting: { ...THREE, frontend: true },
    prepare: withFrontend,
    trigger: {},
  },
  "deploy-backend.yml": { file: "ship.yml", setting: ONE, prepare: commit, trigger: {} },
  "deploy-frontend.yml": {
    file: "ship.yml",
    setting: { environments: ["production"], frontend: true, workflows: { "ship.yml": ship("frontend") } },
    prepare: withFrontend,
    trigger: {},
  },
  "migration-gate.yml": {
    file: "migration-gate.yml",
    setting: ONE,
    prepare: commit,
    trigger: { event: "pull_request", ref: "refs/pull/7/merge", fork: true },
  },
  "rollback.yml": {
    file: "rollback.yml",
    setting: ONE,
    prepare: (app, _, say) => shipTwo(app, say),
    trigger: dispatched({ environment: "production", why: "bids are slow" }),
  },
  "reconcile.yml": {
    file: "tidy.yml",
    setting: ONE,
    prepare: (app, _, say) => loseOne(app, say),
    trigger: { event: "schedule" },
  },
  "freeze.yml": {
    file: "freeze.yml",
    setting: ONE,
    prepare: commit,
    trigger: dispatched({ environment: "production", reason: "Christmas sale", until: "2d" }),
  },
};
