import type { GitHubClient } from "./client.ts";
import { cutText, fieldsOf, idOf, textOf } from "./decode.ts";

export type DeploymentState = "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";

export interface NewDeployment {
  /** Commit, branch or tag. */
  readonly ref: string;
  readonly environment: string;
  /** At most 140 characters are kept. */
  readonly description?: string;
  readonly isProduction?: boolean;
  /** Facts of the release, for those who read the deployment. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

export interface DeploymentStatus {
  readonly state: DeploymentState;
  /** At most 140 characters are kept. */
  readonly description?: string;
  /** Where the release can be seen. */
  readonly environmentUrl?: string;
  /** Page of the run. */
  readonly logUrl?: string;
}

const PERMISSION = "deployments: write";
/** Limit of GitHub's API for descriptions of deployments and their statuses. */
const DESCRIPTION_LIMIT = 140;

/** Creates a deployment and returns its id. Commit statuses are not asked: the workflow has decided by itself. */
export async function createDeployment(client: GitHubClient, deployment: NewDeployment): Promise<number> {
  const { ref, environment, description = "", isProduction = false, payload = {} } = deployment;
  const data = await client.call({
    operation: "create a deployment",
    permission: PERMISSION,
    route: "POST /repos/{owner}/{repo}/deployments",
    repeatable: false,
    parameters: {
      ref,
      environment,
      payload,
      description: cutText(description, DESCRIPTION_LIMIT),
      production_environment: isProduction,
      auto_merge: false,
      required_contexts: [],
    },
  });
  return idOf(data);
}

/** Adds a status. A success retires the environment's earlier deployments. */
export async function setDeploymentStatus(client: GitHubClient, id: number, status: DeploymentStatus): Promise<void> {
  const { state, description = "", environmentUrl, logUrl } = status;
  await client.call({
    operation: `set the deployment's status to ${state}`,
    permission: PERMISSION,
    route: "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    // The same status twice reads like once.
    repeatable: true,
    parameters: {
      deployment_id: id,
      state,
      description: cutText(description, DESCRIPTION_LIMIT),
      auto_inactive: state === "success",
      ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
      ...(logUrl === undefined ? {} : { log_url: logUrl }),
    },
  });
}

/** Most deployments that are looked through for those that a lost run left. */
const LOOKED_AT = 30;

/** States of what has not ended; one that a run died on may have none. */
const OPEN: readonly unknown[] = ["in_progress", "queued", "pending", undefined];

/** A deployment that has not ended, and what its payload says of the run that created it. */
export interface OpenDeployment {
  readonly id: number;
  readonly release: string;
  /** Empty where the payload names none. */
  readonly runId: string;
  readonly attempt: number;
}

/**
 * The deployments that earlier runs left open: of those to an environment whose payload names the same `app`, newest
 * first, all up to the first that has ended. `own` is the caller's, which is passed over.
 */
export async function findOpenDeployments(
  client: GitHubClient,
  { environment, app, own }: { readonly environment: string; readonly app: string; readonly own?: number },
): Promise<OpenDeployment[]> {
  const listed = await client.call({
    operation: "list the deployments",
    permission: PERMISSION,
    route: "GET /repos/{owner}/{repo}/deployments",
    repeatable: true,
    parameters: { environment, per_page: LOOKED_AT },
  });
  const earlier = (Array.isArray(listed) ? listed : [])
    .filter((one) => fieldsOf(fieldsOf(one).payload).app === app)
    .map(decodeDeployment)
    .filter(({ id }) => id !== own);
  const open: OpenDeployment[] = [];
  for (const deployment of earlier) {
    if (!OPEN.includes(await stateOf(client, deployment.id))) return open;
    open.push(deployment);
  }
  return open;
}

function decodeDeployment(listed: unknown): OpenDeployment {
  const { release, run, attempt } = fieldsOf(fieldsOf(listed).payload);
  return { id: idOf(listed), release: textOf(release) ?? "", runId: textOf(run) ?? "", attempt: Number(attempt) };
}

async function stateOf(client: GitHubClient, id: number): Promise<unknown> {
  const [latest] = (await client.call({
    operation: "read the deployment's status",
    permission: PERMISSION,
    route: "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    repeatable: true,
    parameters: { deployment_id: id, per_page: 1 },
  })) as unknown[];
  return fieldsOf(latest).state;
}
