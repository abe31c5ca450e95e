import type { Routes } from "../http.ts";
import { actionsApp, actionsBot, repositoryUrl } from "./actors.ts";
import { type Act, describedBy, page } from "./route.ts";
import { type Json, nodeId, type Scene, timestamp } from "./state.ts";

const comments = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const comment = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

/** GitHub's limit of a comment, in characters. */
const BODY_LIMIT = 65_536;

function bodyOf({ body, invalid }: Act): string {
  const text = String(body.body);
  if (text.trim() === "") invalid("IssueComment", "body", "body cannot be blank");
  if (text.length > BODY_LIMIT)
    invalid("IssueComment", "body", `body is too long (maximum is ${BODY_LIMIT} characters)`);
  return text;
}

function issueOf({ call, scene, notFound }: Act): number {
  const number = Number(call.param("issue_number"));
  return scene.state.issues.has(number) ? number : notFound();
}

function create(request: Act) {
  const { scene } = request;
  const issue = issueOf(request);
  const id = scene.nextId();
  const now = timestamp();
  const made: Json = {
    url: `${repositoryUrl(scene)}/issues/comments/${id}`,
    html_url: `https://github.com/${scene.job.repository}/issues/${issue}#issuecomment-${id}`,
    issue_url: `${repositoryUrl(scene)}/issues/${issue}`,
    id,
    node_id: nodeId("IssueComment", id),
    user: actionsBot(scene),
    created_at: now,
    updated_at: now,
    body: bodyOf(request),
    author_association: "NONE",
    performed_via_github_app: actionsApp(scene),
  };
  scene.state.comments.push(made);
  return { status: 201, headers: { location: String(made.url) }, body: made };
}

function list(request: Act) {
  const suffix = `/issues/${issueOf(request)}`;
  return page(
    request.call,
    request.scene.state.comments.filter((one) => String(one.issue_url).endsWith(suffix)),
  );
}

function find({ call, scene, notFound }: Act): Json {
  return scene.state.comments.find(({ id }) => id === Number(call.param("comment_id"))) ?? notFound();
}

function update(request: Act) {
  const found = Object.assign(find(request), { body: bodyOf(request), updated_at: timestamp() });
  return { status: 200, body: found };
}

function remove(request: Act) {
  const { comments: all } = request.scene.state;
  all.splice(all.indexOf(find(request)), 1);
  return { status: 204 };
}

export function addComments(routes: Routes, scene: Scene): void {
  const read: ["issues", "read"] = ["issues", "read"];
  const write: ["issues", "write"] = ["issues", "write"];
  const show = (request: Act) => ({ status: 200, body: find(request) });
  routes
    .add("GET", comments, describedBy(scene, "GET", comments, { needs: read, act: list }))
    .add("POST", comments, describedBy(scene, "POST", comments, { needs: write, act: create }))
    .add("GET", comment, describedBy(scene, "GET", comment, { needs: read, act: show }))
    .add("PATCH", comment, describedBy(scene, "PATCH", comment, { needs: write, act: update }))
    .add("DELETE", comment, describedBy(scene, "DELETE", comment, { needs: write, act: remove }));
}
