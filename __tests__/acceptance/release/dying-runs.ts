/** Runs of the shipped bundles that die, or are cancelled, at one request that changes something; and who comes next. */
import type { RequestFilter } from "@augeo/rehearsal";
import type { Head } from "@augeo/release";
import { expect } from "@jest/globals";
import { type MainRun, type RunOptions, runAction } from "../../support/run-action.ts";
import { rulesOf } from "../canary/app-under-load.ts";
import { until } from "../cloud/hosted-site.ts";
import { type AppInSlots, errorOf } from "../slot-swap/app-in-slots.ts";
import { packageFolder } from "./package-folder.ts";

/** Every kind of request by which a release changes something: the ledger, its lease, the slot, the app, GitHub. */
const JOURNAL = {
  head: { host: "blob", method: "PUT", path: /\/head\.json\?(?!.*comp=)/ },
  event: { host: "blob", method: "PUT", path: /\/events\// },
  lease: { host: "blob", method: "PUT", path: /\/head\.json\?.*comp=lease/ },
  package: { host: "blob", method: "PUT", path: /\/artifacts\// },
  upload: { host: "scm", method: "POST" },
  route: { host: "management", method: "PATCH", path: /\/config\/web/ },
  swap: { host: "management", method: "POST", path: /\/slotsswap/ },
  deployment: { host: "github", method: "POST", path: /\/deployments/ },
} as const satisfies Record<string, RequestFilter>;

/** What is sent with a body and changes nothing. */
const HARMLESS = /\/list(\?|$)|\/slotsdiffs/;

export interface Point {
  call: keyof typeof JOURNAL;
  /** Which of the run's calls of this kind, from 1. */
  number: number;
  when: "before" | "after";
}

export const namePoint = ({ call, number, when }: Point): string => `${when} ${call} ${number}`;

/** A way to bring a release out, over and over on one app. */
export interface Story {
  action: "release" | "canary" | "slot-swap";
  inputs: RunOptions["inputs"];
  /** Brings the release itself; else it swaps in what is in the slot. */
  isWhole?: true;
}

/** A canary of three seconds, judged by probes of its own. */
const quickCanary = {
  steps: "50% 3s",
  bin: "1s",
  "step-warm-up": "0s",
  "metric-source": "probes",
  "health-path": "/health",
  extensions: "0",
  "on-insufficient": "promote",
  "on-inconclusive": "promote",
} as const;

export const STORIES: readonly Story[] = [
  { action: "release", inputs: {}, isWhole: true },
  { action: "canary", inputs: quickCanary },
  { action: "slot-swap", inputs: {} },
];

/** One app on which run after run dies, each with a release and a run id of its own. */
export class Deathbed {
  readonly #app: AppInSlots;
  readonly #story: Story;
  readonly #folders: { remove(): Promise<void> }[] = [];
  /** Cancelled runs that did not end by themselves. */
  killed = 0;
  #count = 0;
  /** Requests before the run that began last. */
  #began = 0;
  /** Events that were looked at already, and the swaps that they meant. */
  #seen = 0;
  #meant = 0;

  constructor(app: AppInSlots, story: Story) {
    this.#app = app;
    this.#story = story;
  }

  /** The first release of all, which has no events of an earlier one to append again. */
  first = async (): Promise<void> => this.#expectOut(await this.#begin(), this.#release);

  /** A run that nothing happens to; resolves to every point at which the next one could die. */
  async points(): Promise<Point[]> {
    const { requests } = this.#app.cloud;
    const run = await this.#begin();
    const end = requests.entries.length;
    await this.#expectOut(run, this.#release);
    const changes = requests.entries
      .slice(this.#began, end)
      .filter(({ method, host }) => method !== "GET" && method !== "HEAD" && host !== "login" && host !== "front")
      .filter(({ path }) => !HARMLESS.test(path));
    const points: Point[] = [];
    for (const [call, filter] of Object.entries(JOURNAL) as [Point["call"], RequestFilter][]) {
      const ids = new Set(requests.of(filter).map(({ id }) => id));
      const own = changes.filter(({ id }) => ids.has(id));
      changes.splice(0, changes.length, ...changes.filter(({ id }) => !ids.has(id)));
      own.forEach((_, index) => {
        for (const when of ["before", "after"] as const) points.push({ call, number: index + 1, when });
      });
    }
    // A change of a kind that nobody named would be a death that nobody dies.
    expect(changes.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    return points;
  }

  /** SIGKILL at a point, then another run: with a release of its own, or with what is in the slot. */
  async killThenNext(point: Point): Promise<void> {
    await this.#kill(point);
    const left = this.#release;
    if (this.#story.isWhole) return this.#expectOut(await this.#begin(), this.#release);
    const { rollout, previous } = (await this.#app.readHead()) as unknown as Head;
    const isOut = rollout?.phase === "COMPLETED" && rollout.target.release === left;
    this.#count += 1;
    await this.#expectOut(await this.#run({}), isOut ? (previous?.release ?? "") : left);
  }

  /** SIGKILL at a point, then the reconciler, which leaves nothing for a second one. */
  async killThenReconcile(point: Point): Promise<void> {
    await this.#kill(point);
    const out = await this.#reconcile();
    expect(errorOf(out)).toBe("");
    expect(["reconciled", "all-well"]).toContain(out.outputs.reason);
    await this.#expectSound();
  }

  /** The runner's cancellation at a point, which kills a run that does not end by itself; then the post step. */
  async cancel(point: Point): Promise<void> {
    const run = await this.#strike(point, "SIGINT");
    if (run.signal === "SIGKILL") this.killed += 1;
    const post = await run.post({ timeout: LONG });
    expect(post.exitCode).toBe(0);
    await this.#expectSound();
    const [live] = await this.#app.live();
    if (this.#story.isWhole && live === this.#release) expect(errorOf(run)).not.toMatch(/before anything was changed/);
  }

  async #kill(point: Point): Promise<void> {
    const dead = await this.#strike(point, "SIGKILL");
    expect(dead.signal).toBe("SIGKILL");
    this.#app.setRun("completed", this.#runId);
    // It would end by itself after a minute, which `ledger-store.test.ts` waits for.
    await this.#app.breakLease();
  }

  /** Runs a new release until the call arrives, which then never gets its reply, and sends the signal. */
  async #strike({ call, number, when }: Point, signal: "SIGKILL" | "SIGINT"): Promise<MainRun> {
    const fault = this.#app.cloud.faults.add({
      match: JOURNAL[call],
      action: { kind: "hang", when },
      times: 1,
      after: number - 1,
    });
    const moment = () => until("the call has arrived", () => fault.struck > 0, LONG);
    try {
      const run = await this.#begin({ signalAfter: { signal, moment, ...(signal === "SIGINT" && { insists: true }) } });
      expect(fault.struck).toBe(1);
      return run;
    } finally {
      fault.remove();
    }
  }

  get #runId(): string {
    return `${5000 + this.#count}`;
  }

  /** Of the run that began last. */
  get #release(): string {
    return `k${this.#count}`;
  }

  async #begin(options: Partial<RunOptions> = {}): Promise<MainRun> {
    this.#count += 1;
    const release = this.#release;
    if (!this.#story.isWhole) {
      await this.#app.deploy(this.#app.staging, release);
      return this.#run({}, options);
    }
    const folder = await packageFolder(release);
    this.#folders.push(folder);
    return this.#run({ package: folder.path, release }, options);
  }

  #run(inputs: RunOptions["inputs"], options: Partial<RunOptions> = {}): Promise<MainRun> {
    const { action, inputs: own } = this.#story;
    const env = { GITHUB_RUN_ID: this.#runId };
    const all = { ...own, ...inputs, ledger: this.#app.ledger };
    this.#began = this.#app.cloud.requests.entries.length;
    return this.#app.run(action, all, { env, timeout: LONG, ...options });
  }

  #reconcile(): Promise<MainRun> {
    this.#count += 1;
    const { cloud, site, ledger } = this.#app;
    const targets = `${cloud.resourceGroup}/${site.name}/staging`;
    const env = { GITHUB_RUN_ID: this.#runId };
    return runAction("reconcile", { cloud, inputs: { ...cloud.inputs, ledger, targets }, env, timeout: LONG });
  }

  async #expectOut(run: MainRun, release: string): Promise<void> {
    expect(errorOf(run)).toBe("");
    expect(run.outputs).toMatchObject({ "live-release": release });
    expect((await this.#app.live())[0]).toBe(release);
    await this.#expectSound();
  }

  /**
   * The ledger, production and the traffic agree, nothing is held or under way, no event is missing, and no swap was
   * sent without an intent of its own.
   */
  async #expectSound(): Promise<void> {
    const [live] = await this.#app.live();
    const { holder, rollout, live: known, seq } = (await this.#app.readHead()) as unknown as Head;
    expect(holder).toBeNull();
    expect(["COMPLETED", "ROLLED_BACK", "FAILED"]).toContain(rollout?.phase);
    expect(rollout?.phase === "COMPLETED" ? rollout.target.release : rollout?.fallback?.release).toBe(live);
    expect(known?.release).toBe(live);
    expect(rulesOf(this.#app)).toEqual([]);
    expect(this.#app.site.operation).toBeUndefined();
    const events = await this.#app.readEvents(this.#seen);
    expect(events.map((event) => event.seq)).toEqual(
      Array.from({ length: seq - this.#seen }, (_, index) => this.#seen + index + 1),
    );
    this.#seen = seq;
    this.#meant += events.filter(({ what, details }) => what === "intent" && isSwap(details)).length;
    expect(this.#app.swaps()).toBeLessThanOrEqual(this.#meant);
    this.#expectTold(live ?? "");
  }

  /** GitHub shows none of the app's deployments as under way, and the live release's, where it has one, as a success. */
  #expectTold(live: string): void {
    const { deployments, statuses } = this.#app.cloud.github.state;
    const told = deployments.map(({ id, payload }) => {
      const { release } = payload as { release: string };
      return { release, state: statuses.get(Number(id))?.at(-1)?.state };
    });
    expect(told.filter(({ state }) => !ENDED.includes(state))).toEqual([]);
    const ofLive = told.filter(({ release }) => release === live);
    expect(ofLive.map(({ state }) => state)).toEqual(ofLive.map(() => "success"));
  }

  async close(): Promise<void> {
    for (const folder of this.#folders) await folder.remove();
  }
}

const ENDED: readonly unknown[] = ["success", "failure", "error", "inactive"];

const isSwap = (details: unknown): boolean => (details as { op?: string }).op === "swap";

const LONG = 120_000;
