import {
  createDeployment,
  type DeploymentState,
  type DeploymentStatus,
  findOpenDeployments,
  GitHubClient,
  setDeploymentStatus,
} from "@augeo/github";
import { ServiceError } from "@augeo/release";
import type { RunContext } from "../slot-swap/connection.ts";

export interface DeploymentRequest {
  readonly app: string;
  readonly environment: string;
  readonly "github-token": string;
  readonly deployment: boolean;
}

/** Where a release stands, as GitHub is told. */
export interface DeploymentEnd {
  readonly state: DeploymentState;
  readonly description: string;
  /** Where the release can be seen. */
  readonly url?: string;
}

/** The release as GitHub shows it. A record that cannot be written is a warning: it is not what is released. */
export class GitHubDeployment {
  readonly id: number;
  readonly #client: GitHubClient;
  readonly #context: RunContext;

  private constructor(context: RunContext, client: GitHubClient, id: number) {
    this.#context = context;
    this.#client = client;
    this.id = id;
  }

  static async begin(
    context: RunContext,
    inputs: DeploymentRequest,
    release: string,
  ): Promise<GitHubDeployment | undefined> {
    const { run } = context;
    if (!inputs.deployment || inputs["github-token"] === "") return undefined;
    const client = clientOf(context, inputs["github-token"]);
    const created = await orWarn(context, () =>
      createDeployment(client, {
        ref: run.sha,
        environment: inputs.environment,
        description: `Release ${release}`,
        isProduction: inputs.environment === "production",
        payload: { app: inputs.app, release, run: run.runId, attempt: run.attempt },
      }),
    );
    if (created === undefined) return undefined;
    const deployment = new GitHubDeployment(context, client, created);
    await deployment.set({ state: "in_progress", description: `Releasing ${release}` });
    return deployment;
  }

  /** Ends what is open of one release, also a deployment that was created and whose id never arrived; all `but` one. */
  static async endRelease(
    context: RunContext,
    inputs: DeploymentRequest,
    release: string,
    end: DeploymentEnd,
    but?: number,
  ): Promise<void> {
    const { environment, app } = inputs;
    const client = clientOf(context, inputs["github-token"]);
    const open = await orWarn(context, () => findOpenDeployments(client, { environment, app }));
    const own = (open ?? []).filter((each) => each.release === release && each.id !== but);
    for (const { id } of own) await new GitHubDeployment(context, client, id).set(end);
  }

  /** False when GitHub was not told. */
  async set({ state, description, url }: DeploymentEnd): Promise<boolean> {
    const { runUrl: logUrl } = this.#context.run;
    const status = { state, description, logUrl, ...(url === undefined ? {} : { environmentUrl: url }) };
    const told = await orWarn(this.#context, async () => {
      await setDeploymentStatus(this.#client, this.id, status);
      return true;
    });
    return told ?? false;
  }

  /**
   * Ends what runs that died left in progress. To be called with the app's lock held: no other run of it goes on then.
   * `live`: the release in production, which went out whatever became of its run.
   */
  async endLost({ environment, app }: DeploymentRequest, live: string | undefined): Promise<void> {
    const client = this.#client;
    const lost = await orWarn(this.#context, () => findOpenDeployments(client, { environment, app, own: this.id }));
    for (const { id, release } of lost ?? [])
      await orWarn(this.#context, () => setDeploymentStatus(client, id, lostStatus(release === live)));
  }
}

/** What GitHub is told of a release whose run ended without a word. */
export const lostStatus = (isLive: boolean): DeploymentStatus =>
  isLive
    ? { state: "success", description: "It is live; its run ended without a word" }
    : { state: "error", description: "Its run ended without a word; what it left was ended by a later one" };

function clientOf({ run, clock, signal }: RunContext, token: string): GitHubClient {
  const { apiUrl, repository } = run;
  return new GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
}

/** Undefined also when the run is cancelled meanwhile: that is no reason to say less of a release that is over. */
async function orWarn<T>({ log, signal }: RunContext, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (signal.aborted) return undefined;
    if (!(error instanceof ServiceError)) throw error;
    log.warning(`${error.what} ${error.why} Fix: ${error.fix} Or set deployment: false.`);
    return undefined;
  }
}
