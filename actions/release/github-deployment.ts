import {
  createDeployment,
  type DeploymentState,
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
    await deployment.set("in_progress", `Releasing ${release}`);
    return deployment;
  }

  /** The deployment that `main` began, for its post step. */
  static resume(context: RunContext, inputs: DeploymentRequest, id: number): GitHubDeployment {
    return new GitHubDeployment(context, clientOf(context, inputs["github-token"]), id);
  }

  async set(state: DeploymentState, description: string, environmentUrl?: string): Promise<void> {
    const { runUrl: logUrl } = this.#context.run;
    const status = { state, description, logUrl, ...(environmentUrl === undefined ? {} : { environmentUrl }) };
    await orWarn(this.#context, () => setDeploymentStatus(this.#client, this.id, status));
  }

  /**
   * Ends what runs that died left in progress. To be called with the app's lock held: no other run of it goes on then.
   */
  async endLost({ environment, app }: DeploymentRequest): Promise<void> {
    const client = this.#client;
    const lost = await orWarn(this.#context, () => findOpenDeployments(client, { environment, app, own: this.id }));
    const description = "Its run ended without a word; a later one went on";
    for (const { id } of lost ?? [])
      await orWarn(this.#context, () => setDeploymentStatus(client, id, { state: "error", description }));
  }
}

function clientOf({ run, clock, signal }: RunContext, token: string): GitHubClient {
  const { apiUrl, repository } = run;
  return new GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
}

async function orWarn<T>({ log }: RunContext, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.warning(`${error.what} ${error.why} Fix: ${error.fix} Or set deployment: false.`);
    return undefined;
  }
}
