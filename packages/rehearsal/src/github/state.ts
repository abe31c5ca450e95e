import type { Job } from "../oidc.ts";

export type Json = Record<string, unknown>;

/** What a token of the job may do, as `permissions:` in a workflow names it. */
export type Permissions = Record<string, "read" | "write" | undefined>;

/** What is configured of one environment. */
export interface EnvironmentState {
  reviewers?: boolean;
  /** Only branches of a list may deploy. */
  branches?: boolean;
  policies?: string[];
  variables?: Record<string, string>;
}

/** What the repository holds, readable and writable by tests. */
export interface GithubState {
  readonly deployments: Json[];
  /** By deployment id, oldest first. */
  readonly statuses: Map<number, Json[]>;
  readonly checkRuns: Json[];
  /** By check run id, oldest first. */
  readonly annotations: Map<number, Json[]>;
  readonly comments: Json[];
  /** Numbers of the issues and pull requests that can be commented. */
  readonly issues: Set<number>;
  /** Issues that were opened through the API. */
  readonly openedIssues: Json[];
  /** Roles of people by login in lower case: `admin`, `maintain`, `write`, `triage`, `read`. */
  readonly roles: Map<string, string>;
  /** Login of a commit's author by its SHA; null: GitHub knows no account for it. */
  readonly commitAuthors: Map<string, string | null>;
  /** What is different about a run, by run id; the job's own run is always there. */
  readonly runs: Map<string, Json>;
  /** What is configured of the repository's environments. */
  readonly environments: Map<string, EnvironmentState>;
  /** Checks that a ruleset of the default branch requires. */
  readonly requiredChecks: string[];
  permissions: Permissions;
  /** A git repository on this machine that holds the commits; undefined: no commit is known. */
  gitFolder: string | undefined;
  /** What the token of a person may do who administers the repository. */
  userPermissions: Permissions;
}

export function newState(): GithubState {
  return {
    deployments: [],
    statuses: new Map(),
    checkRuns: [],
    annotations: new Map(),
    comments: [],
    issues: new Set([7]),
    openedIssues: [],
    roles: new Map(),
    commitAuthors: new Map(),
    runs: new Map(),
    environments: new Map(),
    requiredChecks: [],
    permissions: {
      actions: "write",
      checks: "write",
      contents: "read",
      deployments: "write",
      issues: "write",
      metadata: "read",
      "pull-requests": "write",
    },
    gitFolder: undefined,
    userPermissions: {
      actions: "read",
      administration: "write",
      contents: "read",
      environments: "write",
      metadata: "read",
    },
  };
}

/** Everything an answer is made from. */
export interface Scene {
  origin: string;
  job: Job;
  state: GithubState;
  /** The token of a person, beside those of jobs. */
  userToken: string;
  /** A new number, unlike any before. */
  nextId(): number;
}

/** GitHub's times have no fraction of a second. */
export function timestamp(at = Date.now()): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

export function nodeId(kind: string, id: number): string {
  return Buffer.from(`0:${kind}${id}`).toString("base64url");
}
