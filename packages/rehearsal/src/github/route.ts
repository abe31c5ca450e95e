import { type Call, type Handler, type Reply, ReplyError } from "../http.ts";
import { githubOperation, type Operation } from "./openapi.ts";
import type { Json, Scene } from "./state.ts";

/** A refusal as GitHub shapes it. */
export function refusal(status: number, message: string, documentation_url: string, errors?: unknown[]): ReplyError {
  const body = { message, ...(errors === undefined ? {} : { errors }), documentation_url, status: String(status) };
  return new ReplyError({ status, body });
}

export interface Act {
  call: Call;
  scene: Scene;
  body: Json;
  /** Ends the request: 422 for one field. */
  invalid(resource: string, field: string, message: string): never;
  notFound(): never;
}

export interface RouteOptions {
  /** The permission and its level that GitHub asks of the token. */
  needs: [permission: string, level: "read" | "write"];
  act(request: Act): Reply;
}

function demandPermission(
  { state, userToken }: Scene,
  call: Call,
  [permission, level]: RouteOptions["needs"],
  url: string,
): void {
  const isUser = call.header("authorization")?.endsWith(userToken) === true;
  const granted = (isUser ? state.userPermissions : state.permissions)[permission];
  if (granted === "write" || granted === level) return;
  const error = refusal(403, "Resource not accessible by integration", url);
  error.reply.headers = { "x-accepted-github-permissions": `${permission.replace("-", "_")}=${level}` };
  throw error;
}

function demandRepository(call: Call, { job }: Scene): void {
  const asked = `${call.param("owner")}/${call.param("repo")}`;
  if (asked.toLowerCase() !== job.repository.toLowerCase())
    throw refusal(404, "Not Found", "https://docs.github.com/rest");
}

async function readBody(call: Call, operation: Operation): Promise<Json> {
  const text = (await call.bytes()).toString("utf8");
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, "Problems parsing JSON", operation.documentationUrl);
  }
}

/** GitHub words this its own way; the sentences behind it are ours, from its description. */
function demandValid(problems: string[], operation: Operation): void {
  if (problems.length === 0) return;
  throw refusal(422, `Invalid request.\n\n${problems.join("\n")}`, operation.documentationUrl);
}

function actFor(call: Call, scene: Scene, body: Json, { documentationUrl }: Operation): Act {
  return {
    call,
    scene,
    body,
    invalid(resource, field, message) {
      throw refusal(422, "Validation Failed", documentationUrl, [{ resource, code: "custom", field, message }]);
    },
    notFound() {
      throw refusal(404, "Not Found", documentationUrl);
    },
  };
}

/** An answer that GitHub could not give is a fault of the rehearsal cloud, and is not given. */
function proven(reply: Reply, operation: Operation): Reply {
  const problems = operation.checkReply(reply.status, reply.body);
  if (problems.length === 0) return reply;
  throw new Error(`The answer to ${operation.id} does not fit GitHub's description: ${problems.join("; ")}`);
}

/** A handler for one operation of the description, which request and answer are held against. */
export function describedBy(scene: Scene, method: string, template: string, { needs, act }: RouteOptions): Handler {
  return async (call) => {
    const operation = githubOperation(method, template);
    demandRepository(call, scene);
    demandPermission(scene, call, needs, operation.documentationUrl);
    demandValid(operation.checkParameters(call.params, new URLSearchParams(call.log.query)), operation);
    const body = await readBody(call, operation);
    demandValid(operation.checkBody(body), operation);
    try {
      return proven(act(actFor(call, scene, body, operation)), operation);
    } catch (error) {
      if (error instanceof ReplyError) proven(error.reply, operation);
      throw error;
    }
  };
}

/** One page of a list, with the `Link` header that leads to the next. */
export function page(call: Call, list: readonly Json[], wrap: (part: Json[]) => unknown = (part) => part): Reply {
  const size = Math.min(Number(call.query.get("per_page") ?? 30), 100);
  const number = Number(call.query.get("page") ?? 1);
  const body = wrap(list.slice((number - 1) * size, number * size));
  if (number * size >= list.length) return { status: 200, body };
  const query = new URLSearchParams(call.log.query);
  query.set("page", String(number + 1));
  return { status: 200, headers: { link: `<${call.origin}${call.path}?${query}>; rel="next"` }, body };
}
