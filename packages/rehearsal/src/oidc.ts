import { randomUUID } from "node:crypto";
import type { JSONWebKeySet, JWTPayload } from "jose";
import { type Call, type Ground, listen, type Reply, Routes, type Service } from "./http.ts";
import { createSigner, type Signer } from "./oidc-signer.ts";

/** The job that asks for ID tokens: what GitHub would write into its claims. */
export interface Job {
  repository: string;
  repositoryId: string;
  ownerId: string;
  /** `private`, `internal` or `public`. */
  visibility: string;
  /** The job's `environment:`; it decides the subject before everything else. */
  environment: string | undefined;
  /** `push`, `pull_request`, `workflow_dispatch`… */
  event: string;
  /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge`. */
  ref: string;
  sha: string;
  headRef: string;
  baseRef: string;
  workflow: string;
  /** Path and ref of the workflow: `owner/repo/.github/workflows/release.yml@refs/heads/main`. */
  workflowRef: string;
  /** The reusable workflow that the job runs in; the subject does not change with it. */
  jobWorkflowRef: string;
  actor: string;
  actorId: string;
  runId: string;
  runNumber: string;
  runAttempt: string;
  /** Subjects carry the ids of owner and repository: default for repositories made after 2026-07-15. */
  immutableSubject: boolean;
}

export const defaultJob: Job = {
  repository: "auction/api",
  repositoryId: "740123456",
  ownerId: "9812345",
  visibility: "private",
  environment: "production",
  event: "push",
  ref: "refs/heads/main",
  sha: "0123456789abcdef0123456789abcdef01234567",
  headRef: "",
  baseRef: "",
  workflow: "Release",
  workflowRef: "auction/api/.github/workflows/release.yml@refs/heads/main",
  jobWorkflowRef: "auction/api/.github/workflows/release.yml@refs/heads/main",
  actor: "octocat",
  actorId: "583231",
  runId: "1658821493",
  runNumber: "10",
  runAttempt: "1",
  immutableSubject: false,
};

/** GitHub writes a colon inside a value of the subject as `%3A`. */
function escaped(value: string): string {
  return value.replaceAll(":", "%3A");
}

/** The `sub` of a job's tokens: environment before pull request before ref, in the classic or the immutable form. */
export function subjectOf(job: Job): string {
  const [owner = "", name = ""] = job.repository.split("/");
  const repository = job.immutableSubject ? `${owner}@${job.ownerId}/${name}@${job.repositoryId}` : job.repository;
  if (job.environment !== undefined) return `repo:${repository}:environment:${escaped(job.environment)}`;
  if (/^pull_request/.test(job.event)) return `repo:${repository}:pull_request`;
  return `repo:${repository}:ref:${escaped(job.ref)}`;
}

/** Seconds: GitHub's documented sample token is good for 5 minutes, and valid from 10 minutes before it was made. */
const lifetime = 300;
const leeway = 600;

function claimsOf(job: Job, issuer: string, audience: string): JWTPayload {
  const [owner = ""] = job.repository.split("/");
  const now = Math.floor(Date.now() / 1000);
  return {
    jti: randomUUID(),
    sub: subjectOf(job),
    aud: audience,
    iss: issuer,
    iat: now,
    nbf: now - leeway,
    exp: now + lifetime,
    actor: job.actor,
    actor_id: job.actorId,
    base_ref: job.baseRef,
    check_run_id: "51234567890",
    ...(job.environment === undefined ? {} : { environment: job.environment }),
    event_name: job.event,
    head_ref: job.headRef,
    job_workflow_ref: job.jobWorkflowRef,
    job_workflow_sha: job.sha,
    ref: job.ref,
    ref_protected: "true",
    ref_type: job.ref.startsWith("refs/tags/") ? "tag" : "branch",
    repository: job.repository,
    repository_id: job.repositoryId,
    repository_owner: owner,
    repository_owner_id: job.ownerId,
    repository_visibility: job.visibility,
    run_attempt: job.runAttempt,
    run_id: job.runId,
    run_number: job.runNumber,
    runner_environment: "github-hosted",
    sha: job.sha,
    workflow: job.workflow,
    workflow_ref: job.workflowRef,
    workflow_sha: job.sha,
  };
}

/** GitHub's issuer of ID tokens for the jobs of Actions. */
export interface Oidc {
  readonly service: Service;
  /** `ACTIONS_ID_TOKEN_REQUEST_URL`; carries a query already, so the audience is appended with `&`. */
  readonly requestUrl: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN` */
  readonly requestToken: string;
  readonly issuer: string;
  readonly jwks: JSONWebKeySet;
  /** The job whose tokens are asked for; assign its fields to ask as another. */
  readonly job: Job;
  /** What another job asks with, beside `job`: many run at once. */
  issueFor(job: Partial<Job>): Promise<{ requestUrl: string; requestToken: string }>;
  /** A token as the endpoint would give it, with claims replaced: for assertions that are wrong on purpose. */
  mint(audience: string, replaced?: JWTPayload): Promise<string>;
}

export interface OidcOptions {
  job?: Partial<Job>;
  issuer?: string;
}

const githubIssuer = "https://token.actions.githubusercontent.com";

interface Issuer {
  signer: Signer;
  issuer: string;
  job: Job;
}

function mint(from: Issuer, audience: string, replaced: JWTPayload = {}): Promise<string> {
  return from.signer.sign({ ...claimsOf(from.job, from.issuer, audience), ...replaced });
}

function tokenHandler(from: Issuer, jobs: ReadonlyMap<string, Job>) {
  return async (call: Call): Promise<Reply> => {
    const job = jobs.get(call.bearer() ?? "");
    if (job === undefined) {
      const message = "The ID-token request carries no valid token (ACTIONS_ID_TOKEN_REQUEST_TOKEN).";
      return { status: 401, body: { $id: "1", message, typeKey: "UnauthorizedRequestException", errorCode: 0 } };
    }
    call.log.principal = job.repository;
    const [owner = ""] = job.repository.split("/");
    const audience = call.query.get("audience") ?? `https://github.com/${owner}`;
    return { status: 200, body: { count: 1, value: await mint({ ...from, job }, audience) } };
  };
}

/** Opens the ID-token endpoint. */
export async function startOidc(ground: Ground, options: OidcOptions = {}): Promise<Oidc> {
  const from: Issuer = {
    signer: await createSigner(),
    issuer: options.issuer ?? githubIssuer,
    job: { ...defaultJob, ...options.job },
  };
  const jobs = new Map<string, Job>();
  const admit = async (job: Job): Promise<string> => {
    const token = await from.signer.sign({ orch_id: randomUUID(), scp: "Actions.GenericRead:job" });
    jobs.set(token, job);
    return token;
  };
  const requestToken = await admit(from.job);
  const path = `${randomUUID().replaceAll("-", "")}//idtoken/${randomUUID()}/${randomUUID()}`;
  const routes = new Routes()
    .add("GET", path.replace("//", "/"), tokenHandler(from, jobs))
    .add("GET", "/.well-known/jwks", () => ({ status: 200, body: from.signer.jwks }))
    .add("GET", "/.well-known/openid-configuration", (call) => ({
      status: 200,
      body: { issuer: from.issuer, jwks_uri: `${call.origin}/.well-known/jwks` },
    }));
  const service = await listen(ground, { kind: "oidc", routes });
  const requestUrl = `${service.origin}/${path}?api-version=2.0`;
  return {
    service,
    requestUrl,
    requestToken,
    issueFor: async (job) => ({ requestUrl, requestToken: await admit({ ...defaultJob, ...job }) }),
    issuer: from.issuer,
    jwks: from.signer.jwks,
    job: from.job,
    mint: (audience, replaced) => mint(from, audience, replaced),
  };
}
