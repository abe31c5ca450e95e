import type { Routes } from "../http.ts";
import { actionsBot, repositoryUrl } from "./actors.ts";
import { type Act, describedBy, page } from "./route.ts";
import { type Json, nodeId, type Scene, timestamp } from "./state.ts";

const issues = "/repos/{owner}/{repo}/issues";
const issue = `${issues}/{issue_number}`;

function titleOf({ body, invalid }: Act): string {
  const title = String(body.title ?? "");
  return title.trim() === "" ? invalid("Issue", "title", "title cannot be blank") : title;
}

/** GitHub makes a label that it does not know yet. */
const labelsOf = (labels: unknown): Json[] =>
  (Array.isArray(labels) ? labels : []).map((name) => ({ name: String(name), color: "ededed" }));

function create(request: Act) {
  const { scene, body } = request;
  const number = 100 + scene.state.openedIssues.length;
  const url = `${repositoryUrl(scene)}/issues/${number}`;
  const now = timestamp();
  const made: Json = {
    id: scene.nextId(),
    node_id: nodeId("Issue", number),
    url,
    repository_url: repositoryUrl(scene),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `https://github.com/${scene.job.repository}/issues/${number}`,
    number,
    state: "open",
    title: titleOf(request),
    body: body.body ?? null,
    user: actionsBot(scene),
    labels: labelsOf(body.labels),
    assignee: null,
    milestone: null,
    locked: false,
    comments: 0,
    closed_at: null,
    created_at: now,
    updated_at: now,
  };
  scene.state.openedIssues.push(made);
  return { status: 201, headers: { location: url }, body: made };
}

function list({ call, scene }: Act) {
  const state = call.query.get("state") ?? "open";
  const wanted = (call.query.get("labels") ?? "").split(",").filter(Boolean);
  const found = scene.state.openedIssues.filter((one) => {
    const names = (one.labels as Json[]).map(({ name }) => name);
    return (state === "all" || one.state === state) && wanted.every((name) => names.includes(name));
  });
  return page(call, found);
}

function update(request: Act) {
  const { call, scene, body, notFound } = request;
  const found =
    scene.state.openedIssues.find(({ number }) => number === Number(call.param("issue_number"))) ?? notFound();
  if (body.title !== undefined) titleOf(request);
  Object.assign(found, body, { updated_at: timestamp() });
  if (body.state === "closed") found.closed_at = timestamp();
  return { status: 200, body: found };
}

export function addIssues(routes: Routes, scene: Scene): void {
  const write: ["issues", "write"] = ["issues", "write"];
  routes
    .add("GET", issues, describedBy(scene, "GET", issues, { needs: ["issues", "read"], act: list }))
    .add("POST", issues, describedBy(scene, "POST", issues, { needs: write, act: create }))
    .add("PATCH", issue, describedBy(scene, "PATCH", issue, { needs: write, act: update }));
}
