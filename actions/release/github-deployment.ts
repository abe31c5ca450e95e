import { createDeployment, type DeploymentState, GitHubClient, setDeploymentStatus } from "@augeo/github";
import { ServiceError } from "@augeo/release";
import type { RunContext } from "../slot-swap/connection.ts";

export interface DeploymentRequest {
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
        payload: { release, run: run.runId, attempt: run.attempt },
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
