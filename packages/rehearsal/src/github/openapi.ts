import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";

/** GitHub's published description of its REST API, as far as it is asked for. */
export interface Operation {
  id: string;
  documentationUrl: string;
  /** What is wrong with the query and path parameters, one sentence each; empty when nothing is. */
  checkParameters(path: Record<string, string>, query: URLSearchParams): string[];
  /** What is wrong with a request's body. */
  checkBody(body: unknown): string[];
  /** What is wrong with an answer; a success that the description does not list is wrong too. */
  checkReply(status: number, body: unknown): string[];
}

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

/** OpenAPI 3.0 says `nullable: true` where JSON Schema says that null is one of the types. */
function withNull(schema: Node): Node {
  const { nullable, ...rest } = schema;
  if (nullable !== true) return schema;
  const enumeration = Array.isArray(rest.enum) ? { enum: [...new Set([...rest.enum, null])] } : {};
  if (typeof rest.type === "string") return { ...rest, ...enumeration, type: [rest.type, "null"] };
  return { anyOf: [rest, { type: "null" }] };
}

function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (!isNode(value)) return value;
  const { example: _example, examples: _examples, ...schema } = value;
  return withNull(Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, toJsonSchema(part)])));
}

const formats = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  // GitHub gives an empty text where it has no address, which is the default its description names.
  uri: /^$|^[a-z][a-z\d+.-]*:/i,
  "uri-template": true,
  email: true,
  timestamp: true,
  "ssh-key": true,
} as const;

function say(errors: readonly ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map(({ instancePath, message, params }) => {
    const detail = "allowedValues" in params ? ` (${params.allowedValues.join(", ")})` : "";
    return `${instancePath === "" ? "The value" : instancePath} ${message}${detail}`;
  });
}

/** Compiles the description's schemas when they are first needed. */
class Description {
  readonly #document: Node;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, formats, logger: false });
  readonly #coercing = new Ajv({ strict: false, allErrors: true, coerceTypes: true, formats, logger: false });
  readonly #compiled = new Map<unknown, ValidateFunction>();
  readonly #added = new Map<Ajv, Set<string>>([
    [this.#ajv, new Set()],
    [this.#coercing, new Set()],
  ]);

  constructor(document: Node) {
    this.#document = document;
  }

  /** Follows `#/a/b~1c` and what it leads to. */
  resolve(value: unknown): Node {
    if (!isNode(value)) throw new Error("GitHub's description is not shaped as OpenAPI.");
    if (typeof value.$ref !== "string") return value;
    const steps = value.$ref.slice(2).split("/");
    return this.resolve(
      steps.reduce<unknown>((node, step) => {
        return isNode(node) ? node[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
      }, this.#document),
    );
  }

  operation(method: string, template: string): Node {
    const path = this.resolve(this.resolve(this.#document.paths)[template]);
    return this.resolve(path[method.toLowerCase()]);
  }

  check(schema: unknown, value: unknown, coerce = false): string[] {
    const ajv = coerce ? this.#coercing : this.#ajv;
    const validate = this.#compiled.get(schema) ?? ajv.compile(this.#prepared(schema, ajv));
    this.#compiled.set(schema, validate);
    validate(value);
    return say(validate.errors);
  }

  /** The schema with its references named after the components, which are added on the way. */
  #prepared(schema: unknown, ajv: Ajv): Node {
    const prepared = toJsonSchema(schema) as Node;
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) for (const part of node) visit(part);
      if (!isNode(node)) return;
      if (typeof node.$ref === "string" && node.$ref.startsWith("#/")) node.$ref = this.#component(node.$ref, ajv);
      for (const part of Object.values(node)) visit(part);
    };
    visit(prepared);
    return prepared;
  }

  #component(reference: string, ajv: Ajv): string {
    const name = reference.replace("#/components/schemas/", "component-");
    const added = this.#added.get(ajv);
    if (added?.has(name) === false) {
      added.add(name);
      ajv.addSchema(this.#prepared(this.resolve({ $ref: reference }), ajv), name);
    }
    return name;
  }
}

let description: Description | undefined;

/** Reads the 13 MB once, in 0.15 s: only that of github.com, of the many in the package. */
function published(): Description {
  if (description !== undefined) return description;
  const path = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");
  description = new Description(JSON.parse(readFileSync(path, "utf8")));
  return description;
}

function jsonSchema(source: Description, holder: unknown): unknown {
  if (holder === undefined) return undefined;
  const { content } = source.resolve(holder);
  return content === undefined ? undefined : source.resolve(source.resolve(content)["application/json"]).schema;
}

type Parameter = { in: string; name: string; required?: boolean; schema: unknown };

function checkParameter(source: Description, parameter: Parameter, value: string | undefined): string[] {
  if (value === undefined) return parameter.required === true ? [`${parameter.name} is missing`] : [];
  const schema = { type: "object", properties: { [parameter.name]: parameter.schema } };
  return source.check(schema, { [parameter.name]: value }, true);
}

/** One operation, by method and the path as the description writes it (`/repos/{owner}/{repo}/deployments`). */
export function githubOperation(method: string, template: string): Operation {
  const source = published();
  const operation = source.operation(method, template);
  const parameters = ((operation.parameters ?? []) as unknown[]).map((one) => source.resolve(one) as Parameter);
  const body = jsonSchema(source, operation.requestBody);
  const replies = source.resolve(operation.responses);
  return {
    id: String(operation.operationId),
    documentationUrl: String(source.resolve(operation.externalDocs).url),
    checkParameters: (path, query) =>
      parameters.flatMap((one) =>
        checkParameter(source, one, one.in === "path" ? path[one.name] : (query.get(one.name) ?? undefined)),
      ),
    checkBody: (value) => (body === undefined ? [] : source.check(body, value)),
    checkReply(status, value) {
      const reply = replies[String(status)];
      // The description leaves out many refusals that GitHub gives.
      if (reply === undefined) return status < 400 ? [`status ${status} is not described`] : [];
      const schema = jsonSchema(source, reply);
      return schema === undefined ? [] : source.check(schema, value);
    },
  };
}
