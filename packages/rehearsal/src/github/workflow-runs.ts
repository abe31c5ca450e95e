import type { Routes } from "../http.ts";
import { jobActor, minimalRepository, repositoryUrl } from "./actors.ts";
import { type Act, describedBy } from "./route.ts";
import { type Json, nodeId, type Scene, timestamp } from "./state.ts";

const run = "/repos/{owner}/{repo}/actions/runs/{run_id}";
const attempt = `${run}/attempts/{attempt_number}`;
const subject = "/repos/{owner}/{repo}/actions/oidc/customization/sub";

const links = ["jobs", "logs", "check_suite", "artifacts", "cancel", "rerun", "workflow"];

/** The job's own run, as it looks while the job is running. */
function ownRun(scene: Scene): Json {
  const { job } = scene;
  const id = Number(job.runId);
  const url = `${repositoryUrl(scene)}/actions/runs/${id}`;
  const now = timestamp();
  return {
    id,
    name: job.workflow,
    node_id: nodeId("WorkflowRun", id),
    check_suite_id: 1,
    check_suite_node_id: nodeId("CheckSuite", 1),
    head_branch: job.ref.replace(/^refs\/(heads|tags)\//, ""),
    head_sha: job.sha,
    path: job.workflowRef.replace(/^[^/]*\/[^/]*\//, "").replace(/@.*/, ""),
    display_title: job.workflow,
    run_number: Number(job.runNumber),
    run_attempt: Number(job.runAttempt),
    event: job.event,
    status: "in_progress",
    conclusion: null,
    workflow_id: 1,
    url,
    html_url: `https://github.com/${job.repository}/actions/runs/${id}`,
    pull_requests: [],
    created_at: now,
    updated_at: now,
    run_started_at: now,
    actor: jobActor(scene),
    triggering_actor: jobActor(scene),
    ...Object.fromEntries(links.map((name) => [`${name}_url`, `${url}/${name}`])),
    previous_attempt_url: null,
    head_commit: {
      id: job.sha,
      tree_id: job.sha,
      message: "A change",
      timestamp: now,
      author: { name: job.actor, email: `${job.actor}@users.noreply.github.com` },
      committer: { name: "GitHub", email: "noreply@github.com" },
    },
    repository: minimalRepository(scene),
    head_repository: minimalRepository(scene),
  };
}

function find({ call, scene, notFound }: Act): Json {
  const id = call.param("run_id");
  const change = scene.state.runs.get(id);
  if (id !== scene.job.runId && change === undefined) notFound();
  return { ...ownRun(scene), id: Number(id), ...change };
}

function findAttempt(request: Act): Json {
  const found = find(request);
  const wanted = Number(request.call.param("attempt_number"));
  if (wanted < 1 || wanted > Number(found.run_attempt)) request.notFound();
  return wanted === found.run_attempt
    ? found
    : { ...found, run_attempt: wanted, status: "completed", conclusion: "failure" };
}

/** How subjects are made up; `sub_claim_prefix` is their beginning, whatever the other fields say. */
function subjectTemplate({ scene: { job } }: Act): Json {
  const [owner, name] = job.repository.split("/");
  const prefix = job.immutableSubject
    ? `repo:${owner}@${job.ownerId}/${name}@${job.repositoryId}`
    : `repo:${job.repository}`;
  return { use_default: true, use_immutable_subject: job.immutableSubject, sub_claim_prefix: prefix };
}

export function addWorkflowRuns(routes: Routes, scene: Scene): void {
  const read: ["actions", "read"] = ["actions", "read"];
  const show = (read: (request: Act) => Json) => (request: Act) => ({ status: 200, body: read(request) });
  routes
    .add("GET", run, describedBy(scene, "GET", run, { needs: read, act: show(find) }))
    .add("GET", attempt, describedBy(scene, "GET", attempt, { needs: read, act: show(findAttempt) }))
    .add("GET", subject, describedBy(scene, "GET", subject, { needs: read, act: show(subjectTemplate) }));
}
