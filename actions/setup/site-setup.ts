/** What all steps share: the services, and what was found out on the way. */
import { type AzureSession, fieldsOf, Graph, groupPath, operationState, textOf, untilDone } from "@augeo/azure";
import type { GitHubClient } from "@augeo/github";
import type { EnvironmentSettings, Settings } from "../settings/settings.ts";
import { variableOf } from "./step.ts";

/** GitHub's issuer of ID tokens. Source: docs.github.com, OpenID Connect reference. */
export const ISSUER = "https://token.actions.githubusercontent.com";

export const VERSIONS = {
  resources: "2021-04-01",
  identities: "2023-01-31",
  storage: "2024-01-01",
  authorization: "2022-04-01",
  web: "2025-05-01",
} as const;

export interface DeployIdentity {
  readonly clientId: string;
  /** Object id of the service principal: what roles are assigned to. */
  readonly principalId: string;
  /** Object id of the app registration; undefined for a managed identity. */
  readonly applicationId?: string;
}

export interface Repository {
  readonly id: string;
  readonly ownerId: string;
  readonly defaultBranch: string;
}

export class SiteSetup {
  readonly settings: Settings;
  readonly session: AzureSession;
  readonly graph: Graph;
  readonly github: GitHubClient;
  readonly #identities = new Map<string, DeployIdentity>();
  readonly #known = new Map<string, string>();
  #repository: Promise<Repository> | undefined;

  constructor(settings: Settings, session: AzureSession, github: GitHubClient) {
    this.settings = settings;
    this.session = session;
    this.github = github;
    this.graph = new Graph(session.context, session.http, session.signIn);
  }

  groupPath(group: string): string {
    return groupPath(this.session.arm, group);
  }

  /** A resource, or undefined where it does not exist. */
  async find(path: string, version: string, operation: string): Promise<unknown> {
    const query = { "api-version": version };
    const reply = await this.session.arm.call({ operation, method: "GET", path, query, accept: [404] });
    return reply.status === 404 ? undefined : reply.body;
  }

  /** Creates or sets a resource, and waits until it is done. */
  async put(path: string, version: string, operation: string, body: unknown): Promise<unknown> {
    const { arm, context } = this.session;
    const reply = await arm.call({ operation, method: "PUT", path, query: { "api-version": version }, body });
    const patience = { deadline: context.clock.now() + 600_000, signal: context.signal };
    return untilDone(arm, operation, operationState(reply, context.clock.now()), patience);
  }

  remember(environment: EnvironmentSettings, identity: DeployIdentity): DeployIdentity {
    this.#identities.set(environment.name, identity);
    this.#known.set(variableOf("CLIENT", environment.name), identity.clientId);
    this.#known.set(variableOf("PRINCIPAL", environment.name), identity.principalId);
    return identity;
  }

  /** A command of the script as it can be run alone: what was found out stands in it in place of variables. */
  alone(command: string): string {
    return command.replaceAll(/\$([A-Z][A-Z0-9_]*)/g, (variable, name: string) => this.#known.get(name) ?? variable);
  }

  /** The identity of an environment; undefined while it does not exist. Its own step finds or makes it first. */
  identityOf(environment: EnvironmentSettings): DeployIdentity | undefined {
    return this.#identities.get(environment.name);
  }

  /** The repository's ids, which the immutable form of a subject carries. */
  repository(): Promise<Repository> {
    this.#repository ??= this.#readRepository();
    return this.#repository;
  }

  async #readRepository(): Promise<Repository> {
    const data = fieldsOf(
      await this.github.call({
        operation: "read the repository",
        permission: "metadata: read",
        route: "GET /repos/{owner}/{repo}",
        repeatable: true,
      }),
    );
    const repository = {
      id: String(data.id),
      ownerId: String(fieldsOf(data.owner).id),
      defaultBranch: textOf(data.default_branch) || "main",
    };
    this.#known.set("REPOSITORY_ID", repository.id);
    this.#known.set("OWNER_ID", repository.ownerId);
    this.#known.set("DEFAULT_BRANCH", repository.defaultBranch);
    return repository;
  }
}
