import type { Value } from "./expressions.ts";
import { mapping } from "./workflow-file.ts";

export type Level = "none" | "read" | "write";
export type Permissions = Readonly<Record<string, Level>>;

/** What a job's token may do where no file says anything. Source: docs.github.com, the restricted default. */
export const DEFAULT_PERMISSIONS: Permissions = { contents: "read", packages: "read" };

const SCOPES = [
  ...["actions", "artifact-metadata", "attestations", "checks", "contents", "deployments", "discussions", "id-token"],
  ...["issues", "models", "packages", "pages", "pull-requests", "repository-projects", "security-events", "statuses"],
];

/** `permissions:` as levels by scope: naming one scope sets all others to none. */
export function readPermissions(value: Value | undefined, inherited: Permissions): Permissions {
  if (value === undefined) return inherited;
  if (value === "read-all" || value === "write-all") {
    const level = value === "read-all" ? "read" : "write";
    return Object.fromEntries(
      SCOPES.map((scope) => [scope, scope === "id-token" && level === "read" ? "none" : level]),
    );
  }
  const given = Object.entries(mapping(value, "permissions"));
  return Object.fromEntries(given.map(([scope, level]) => [scope, asLevel(level)]));
}

function asLevel(value: Value): Level {
  if (value === "read" || value === "write" || value === "none") return value;
  throw new Error(`permissions: ${value} is not read, write or none`);
}

const ORDER: readonly Level[] = ["none", "read", "write"];

/**
 * Refuses what GitHub refuses to start: a called workflow asks for more than its caller has.
 * Source: github-actions facts, reusable workflows: permissions only narrow.
 */
export function refuseWidening(wanted: Permissions, allowed: Permissions, where: string): void {
  const wider = Object.entries(wanted).filter(
    ([scope, level]) => ORDER.indexOf(level) > ORDER.indexOf(allowed[scope] ?? "none"),
  );
  if (wider.length === 0) return;
  const asked = wider.map(([scope, level]) => `'${scope}: ${level}'`).join(", ");
  const has = wider.map(([scope]) => `'${scope}: ${allowed[scope] ?? "none"}'`).join(", ");
  throw new Error(`${where}: the nested job is requesting ${asked}, but is only allowed ${has}.`);
}
