import { randomBytes } from "node:crypto";
import { addCheckRuns } from "./github/check-runs.ts";
import { addComments } from "./github/comments.ts";
import { addCompare } from "./github/compare.ts";
import { addDeployments } from "./github/deployments.ts";
import { addEnvironments } from "./github/environments.ts";
import { addIssues } from "./github/issues.ts";
import { addPeople } from "./github/people.ts";
import { addProtection } from "./github/protection.ts";
import { type GithubState, newState, type Scene } from "./github/state.ts";
import { addWorkflowRuns } from "./github/workflow-runs.ts";
import { type Call, type Ground, listen, type Reply, Routes, type Service } from "./http.ts";
import type { Job } from "./oidc.ts";

export type { GithubState, Permissions } from "./github/state.ts";

/** GitHub's REST API for one repository, held against GitHub's own description in both directions. */
export interface Github {
  readonly service: Service;
  /** `GITHUB_API_URL` */
  readonly url: string;
  /** `GITHUB_TOKEN`; tokens in `tokens` are valid. */
  readonly token: string;
  /** Of a person who administers the repository. */
  readonly userToken: string;
  readonly tokens: Set<string>;
  readonly state: GithubState;
}

const documentation_url = "https://docs.github.com/rest";

function signIn(tokens: ReadonlySet<string>, call: Call): Reply | undefined {
  const [, token] = /^(?:bearer|token)\s+(\S+)$/i.exec(call.header("authorization") ?? "") ?? [];
  const message = token === undefined ? "Requires authentication" : "Bad credentials";
  if (token === undefined || !tokens.has(token))
    return { status: 401, body: { message, documentation_url, status: "401" } };
  call.log.principal = "github-actions[bot]";
  return undefined;
}

/** Loudly, unlike GitHub's 404: an action that needs this route needs it built here. */
function unknown(call: Call): Reply {
  const message = `The rehearsal cloud's GitHub does not know ${call.method} ${call.path}.`;
  return { status: 501, body: { message, documentation_url, status: "501" } };
}

function headersOf(reply: Reply): Reply {
  const reset = Math.floor(Date.now() / 1000) + 3600;
  const limits = {
    "x-ratelimit-limit": 1000,
    "x-ratelimit-remaining": 990,
    "x-ratelimit-used": 10,
    "x-ratelimit-reset": reset,
  };
  const id = randomBytes(8).toString("hex").toUpperCase();
  const common = { "x-github-media-type": "github.v3; format=json", "x-github-request-id": id, ...limits };
  return { ...reply, headers: { ...common, ...reply.headers } };
}

/** Opens GitHub's REST API for the job's repository. */
export async function startGithub(ground: Ground, job: Job): Promise<Github> {
  const state = newState();
  const token = `ghs_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "x")}`;
  const userToken = `gho_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "x")}`;
  const tokens = new Set([token, userToken]);
  let last = 1_000_000;
  const scene: Scene = { origin: "", job, state, userToken, nextId: () => ++last };
  const routes = new Routes();
  const parts = [addDeployments, addCheckRuns, addComments, addIssues, addPeople, addWorkflowRuns, addProtection];
  for (const add of [...parts, addCompare, addEnvironments]) add(routes, scene);
  const before = (call: Call) => signIn(tokens, call);
  const service = await listen(ground, {
    kind: "github",
    routes,
    before,
    unknown,
    finish: (_, reply) => headersOf(reply),
  });
  scene.origin = service.origin;
  return { service, url: service.origin, token, userToken, tokens, state };
}
