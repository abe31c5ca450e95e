import type { Routes } from "../http.ts";
import { actionsApp, repositoryUrl } from "./actors.ts";
import { type Act, describedBy, page } from "./route.ts";
import { type Json, nodeId, type Scene, timestamp } from "./state.ts";

const checkRuns = "/repos/{owner}/{repo}/check-runs";
const checkRun = `${checkRuns}/{check_run_id}`;
const ofRun = `${checkRun}/annotations`;
const ofCommit = "/repos/{owner}/{repo}/commits/{ref}/check-runs";

interface Output {
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations_count: number;
  annotations_url: string;
}

function newCheckRun(scene: Scene, body: Json): Json {
  const id = scene.nextId();
  const url = `${repositoryUrl(scene)}/check-runs/${id}`;
  const page = `https://github.com/${scene.job.repository}/runs/${id}`;
  const output: Output = {
    title: null,
    summary: null,
    text: null,
    annotations_count: 0,
    annotations_url: `${url}/annotations`,
  };
  return {
    id,
    node_id: nodeId("CheckRun", id),
    name: body.name,
    head_sha: body.head_sha,
    external_id: "",
    url,
    html_url: page,
    details_url: page,
    status: "queued",
    conclusion: null,
    started_at: timestamp(),
    completed_at: null,
    output,
    check_suite: { id: 1 },
    app: actionsApp(scene),
    pull_requests: [],
  };
}

/** Updates add annotations to those that are there. */
function applyOutput({ state }: Scene, run: Json, change: unknown): void {
  if (typeof change !== "object" || change === null) return;
  const output = run.output as Output;
  const { annotations, images: _, ...rest } = change as Json;
  Object.assign(output, rest);
  const all = state.annotations.get(Number(run.id)) ?? [];
  if (Array.isArray(annotations)) all.push(...annotations.map((one) => annotationView(run, one)));
  state.annotations.set(Number(run.id), all);
  output.annotations_count = all.length;
}

function annotationView({ head_sha, html_url }: Json, annotation: Json): Json {
  const rest = { start_column: null, end_column: null, title: null, raw_details: null };
  return { ...rest, ...annotation, blob_href: `${html_url}#${head_sha}` };
}

/** `conclusion` completes the run, and `completed` needs one. */
function apply({ body, invalid, scene }: Act, run: Json): Json {
  const { output, actions: _, ...rest } = body;
  const conclusion = rest.conclusion ?? run.conclusion;
  if (rest.status === "completed" && conclusion === null)
    invalid("CheckRun", "conclusion", "conclusion is required when status is completed");
  Object.assign(run, rest);
  if (rest.conclusion !== undefined)
    Object.assign(run, { status: "completed", completed_at: rest.completed_at ?? timestamp() });
  applyOutput(scene, run, output);
  return run;
}

function create(request: Act) {
  const run = apply(request, newCheckRun(request.scene, request.body));
  request.scene.state.checkRuns.push(run);
  return { status: 201, headers: { location: String(run.url) }, body: run };
}

function find({ call, scene, notFound }: Act): Json {
  return scene.state.checkRuns.find(({ id }) => id === Number(call.param("check_run_id"))) ?? notFound();
}

function list({ call, scene }: Act) {
  const name = call.query.get("check_name");
  const found = scene.state.checkRuns.filter(
    (run) => run.head_sha === call.param("ref") && (name === undefined || run.name === name),
  );
  // `latest`, the default: of one name in one suite the newest counts.
  const isLatest = call.query.get("filter") !== "all";
  const shown = isLatest ? found.filter((run) => found.findLast((one) => one.name === run.name) === run) : found;
  return page(call, shown.toReversed(), (part) => ({ total_count: shown.length, check_runs: part }));
}

export function addCheckRuns(routes: Routes, scene: Scene): void {
  const read: ["checks", "read"] = ["checks", "read"];
  const write: ["checks", "write"] = ["checks", "write"];
  const show = (request: Act) => ({ status: 200, body: find(request) });
  const annotations = (request: Act) =>
    page(request.call, request.scene.state.annotations.get(Number(find(request).id)) ?? []);
  const update = (request: Act) => ({ status: 200, body: apply(request, find(request)) });
  routes
    .add("POST", checkRuns, describedBy(scene, "POST", checkRuns, { needs: write, act: create }))
    .add("GET", checkRun, describedBy(scene, "GET", checkRun, { needs: read, act: show }))
    .add("PATCH", checkRun, describedBy(scene, "PATCH", checkRun, { needs: write, act: update }))
    .add("GET", ofRun, describedBy(scene, "GET", ofRun, { needs: read, act: annotations }))
    .add("GET", ofCommit, describedBy(scene, "GET", ofCommit, { needs: read, act: list }));
}
