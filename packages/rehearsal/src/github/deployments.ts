import type { Routes } from "../http.ts";
import { actionsApp, actionsBot, repositoryUrl } from "./actors.ts";
import { type Act, describedBy, page, refusal } from "./route.ts";
import { type Json, nodeId, type Scene, timestamp } from "./state.ts";

const deployments = "/repos/{owner}/{repo}/deployments";
const deployment = `${deployments}/{deployment_id}`;
const statuses = `${deployment}/statuses`;

/** GitHub's own limit of a status's description, in characters. */
const DESCRIPTION_LIMIT = 140;

const text = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback);

/** The job's branch or tag by its short or full name, its commit, or any other commit's full hash. */
function isRef({ job }: Scene, ref: string): boolean {
  const short = job.ref.replace(/^refs\/(heads|tags)\//, "");
  return [short, job.ref, "main"].includes(ref) || /^[0-9a-f]{40}$/.test(ref);
}

function create({ scene, body, invalid }: Act) {
  const ref = text(body.ref, "");
  if (!isRef(scene, ref))
    throw refusal(422, `No ref found for: ${ref}`, "https://docs.github.com/rest/deployments/deployments");
  if (text(body.description, "").length > DESCRIPTION_LIMIT)
    invalid("Deployment", "description", `description is too long (maximum is ${DESCRIPTION_LIMIT} characters)`);
  const id = scene.nextId();
  const environment = text(body.environment, "production");
  const url = `${repositoryUrl(scene)}/deployments/${id}`;
  const now = timestamp();
  const made: Json = {
    url,
    id,
    node_id: nodeId("Deployment", id),
    sha: /^[0-9a-f]{40}$/.test(ref) ? ref : scene.job.sha,
    ref,
    task: text(body.task, "deploy"),
    payload: body.payload ?? {},
    original_environment: environment,
    environment,
    description: body.description ?? null,
    creator: actionsBot(scene),
    created_at: now,
    updated_at: now,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(scene),
    transient_environment: body.transient_environment ?? false,
    production_environment: body.production_environment ?? environment === "production",
    performed_via_github_app: actionsApp(scene),
  };
  scene.state.deployments.push(made);
  scene.state.statuses.set(id, []);
  return { status: 201, headers: { location: url }, body: made };
}

function find({ call, scene, notFound }: Act): Json {
  return scene.state.deployments.find(({ id }) => id === Number(call.param("deployment_id"))) ?? notFound();
}

function list({ call, scene }: Act) {
  const filters = ["sha", "ref", "task", "environment"].flatMap((name) => {
    const wanted = call.query.get(name);
    return wanted === undefined || wanted === "none" ? [] : [[name, wanted] as const];
  });
  const fits = (one: Json) => filters.every(([name, wanted]) => one[name] === wanted);
  return page(call, scene.state.deployments.filter(fits).toReversed());
}

function newStatus(scene: Scene, of: Json, state: string, body: Json): Json {
  const id = scene.nextId();
  const now = timestamp();
  return {
    url: `${of.url}/statuses/${id}`,
    id,
    node_id: nodeId("DeploymentStatus", id),
    state,
    creator: actionsBot(scene),
    description: text(body.description, ""),
    environment: text(body.environment, text(of.environment, "")),
    target_url: text(body.target_url, text(body.log_url, "")),
    log_url: text(body.log_url, text(body.target_url, "")),
    environment_url: text(body.environment_url, ""),
    created_at: now,
    updated_at: now,
    deployment_url: of.url,
    repository_url: of.repository_url,
    performed_via_github_app: actionsApp(scene),
  };
}

const latest = (scene: Scene, id: unknown): Json | undefined => scene.state.statuses.get(Number(id))?.at(-1);

/** What `auto_inactive` does when a deployment succeeds: earlier ones of its environment are retired. */
function retireOthers(scene: Scene, of: Json): void {
  for (const other of scene.state.deployments) {
    if (other === of || other.environment !== of.environment || other.transient_environment === true) continue;
    if (latest(scene, other.id)?.state === "success")
      scene.state.statuses.get(Number(other.id))?.push(newStatus(scene, other, "inactive", {}));
  }
}

function createStatus(request: Act) {
  const { scene, body, invalid } = request;
  const of = find(request);
  if (text(body.description, "").length > DESCRIPTION_LIMIT)
    invalid("DeploymentStatus", "description", `description is too long (maximum is ${DESCRIPTION_LIMIT} characters)`);
  const status = newStatus(scene, of, text(body.state, ""), body);
  scene.state.statuses.get(Number(of.id))?.push(status);
  of.updated_at = status.created_at;
  if (status.state === "success" && body.auto_inactive !== false) retireOthers(scene, of);
  return { status: 201, headers: { location: text(status.url, "") }, body: status };
}

function remove(request: Act) {
  const found = find(request);
  const { deployments: all, statuses: byId } = request.scene.state;
  const state = latest(request.scene, found.id)?.state;
  if (all.length > 1 && state !== "inactive")
    request.invalid("Deployment", "state", "We cannot delete an active deployment unless it is the only deployment.");
  all.splice(all.indexOf(found), 1);
  byId.delete(Number(found.id));
  return { status: 204 };
}

export function addDeployments(routes: Routes, scene: Scene): void {
  const read: ["deployments", "read"] = ["deployments", "read"];
  const write: ["deployments", "write"] = ["deployments", "write"];
  const listStatuses = (request: Act) =>
    page(request.call, (request.scene.state.statuses.get(Number(find(request).id)) ?? []).toReversed());
  routes
    .add("GET", deployments, describedBy(scene, "GET", deployments, { needs: read, act: list }))
    .add("POST", deployments, describedBy(scene, "POST", deployments, { needs: write, act: create }))
    .add(
      "GET",
      deployment,
      describedBy(scene, "GET", deployment, { needs: read, act: (request) => ({ status: 200, body: find(request) }) }),
    )
    .add("DELETE", deployment, describedBy(scene, "DELETE", deployment, { needs: write, act: remove }))
    .add("GET", statuses, describedBy(scene, "GET", statuses, { needs: read, act: listStatuses }))
    .add("POST", statuses, describedBy(scene, "POST", statuses, { needs: write, act: createStatus }));
}
