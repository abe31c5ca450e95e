import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { root } from "./source-files.ts";

/** A piece of YAML that a user may copy: a workflow file, or a fenced block of a page. */
export interface WorkflowDocument {
  /** File, and for a block the line it begins at. */
  readonly place: string;
  readonly text: string;
  readonly value: unknown;
  /** Faults of the YAML itself. */
  readonly errors: readonly string[];
}

/** Every workflow, template and fenced `yaml` block of the repository. */
export function workflowDocuments(): WorkflowDocument[] {
  const workflows = [...filesBelow(".github/workflows"), ...filesBelow("workflows-templates")].filter((path) =>
    /\.ya?ml$/.test(path),
  );
  const pages = ["README.md", ...filesBelow("docs"), ...filesBelow("actions"), ...filesBelow("examples")].filter(
    (path) => path.endsWith(".md"),
  );
  return [
    ...workflows.map((path) => document(path, read(path))),
    ...pages.filter((path) => existsSync(join(root, path))).flatMap((path) => fencedBlocks(path, read(path))),
  ];
}

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => !path.includes("node_modules"))
    .sort();
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function fencedBlocks(path: string, text: string): WorkflowDocument[] {
  return [...text.matchAll(/^( *)```ya?ml[^\n]*\n([\s\S]*?)^ *```/gm)].map((match) => {
    const [, indent = "", body = ""] = match;
    const line = text.slice(0, match.index).split("\n").length;
    return document(`${path}:${line}`, body.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
  });
}

function document(place: string, text: string): WorkflowDocument {
  const parsed = parseDocument(text);
  return { place, text, value: parsed.toJS() as unknown, errors: parsed.errors.map(({ message }) => message) };
}

type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A step or a job that uses something of this repository. */
export interface Use {
  readonly place: string;
  readonly id: string | undefined;
  /** The action's folder, `release` for the root action, or a workflow's file name. */
  readonly name: string;
  readonly kind: "action" | "workflow";
  readonly given: Fields;
  /** What GitHub grants the job that holds it; `undefined` where the document does not say. */
  readonly permissions: Fields | string | undefined;
}

const OURS =
  /^(?:augeo\/deploy-action|\$|\.)(?:\/(actions\/([a-z-]+)|\.github\/workflows\/([\w.-]+\.ya?ml)))?(?:@\S+)?$/;

export function usesIn({ place, value }: WorkflowDocument): Use[] {
  const workflow = fieldsOf(value);
  const jobs = Object.entries(fieldsOf(workflow.jobs));
  if (jobs.length === 0) return stepsIn(value).flatMap((step) => useOf(place, step, permissionsOf(workflow)));
  return jobs.flatMap(([, job]) => {
    const permissions = permissionsOf(fieldsOf(job)) ?? permissionsOf(workflow);
    return [
      ...useOf(place, fieldsOf(job), permissions),
      ...stepsIn(fieldsOf(job).steps).flatMap((step) => useOf(place, step, permissions)),
    ];
  });
}

function permissionsOf(holder: Fields): Fields | string | undefined {
  const permissions = holder.permissions;
  return typeof permissions === "string" ? permissions : permissions === undefined ? undefined : fieldsOf(permissions);
}

/** Steps in a list, in a single step, or anywhere below a job's or composite action's `steps`. */
function stepsIn(value: unknown): Fields[] {
  if (Array.isArray(value)) return value.flatMap(stepsIn);
  const fields = fieldsOf(value);
  const nested = ["steps", "runs", "parallel"].flatMap((key) => (key in fields ? stepsIn(fields[key]) : []));
  return "uses" in fields ? [fields, ...nested] : nested;
}

function useOf(place: string, holder: Fields, permissions: Use["permissions"]): Use[] {
  const { uses, id } = holder;
  const match = typeof uses === "string" ? OURS.exec(uses) : null;
  if (match === null) return [];
  const [, , action, workflow] = match;
  const kind = workflow === undefined ? "action" : "workflow";
  return [
    {
      place,
      kind,
      id: typeof id === "string" ? id : undefined,
      name: workflow ?? action ?? "release",
      given: fieldsOf(holder.with),
      permissions,
    },
  ];
}
