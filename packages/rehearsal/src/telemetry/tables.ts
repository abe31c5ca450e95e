/** The tables that the query services offer, in the classic shape of Application Insights and in that of a workspace. */
import { createHash } from "node:crypto";
import type { StoredTable } from "./kql/evaluate.ts";
import type { Column, Type, Value } from "./kql/values.ts";
import type { AppProcess, Ingested, ServedRequest, Telemetry, ThrownException } from "./telemetry.ts";

type Reader<Entry> = (entry: Entry, itemCount: number) => Value;

/** Classic name, workspace name, type, and where the value comes from. */
type Field<Entry> = readonly [classic: string, workspace: string, type: Type, of: Reader<Entry>];

/**
 * The role is named after the slot that the process was started in. Nothing refreshes it: after a swap the process that
 * serves production still names staging, which is why only the release baked into the content can be trusted.
 */
function roleOf({ startedIn }: AppProcess): string {
  const { site, name } = startedIn;
  return name === "production" ? site.name : `${site.name}-${name}`;
}

const shared = [
  ["application_Version", "AppVersion", "string", ({ app }) => app?.release ?? ""],
  ["cloud_RoleName", "AppRoleName", "string", ({ app }) => (app ? roleOf(app) : "")],
  ["cloud_RoleInstance", "AppRoleInstance", "string", ({ app }) => app?.instanceId ?? ""],
  ["itemCount", "ItemCount", "long", (_, itemCount) => itemCount],
] as const satisfies Field<{ app: AppProcess | undefined }>[];

const requestFields: readonly Field<ServedRequest>[] = [
  ["timestamp", "TimeGenerated", "datetime", ({ at }) => at],
  ["id", "Id", "string", ({ at, path }) => createHash("sha1").update(`${at} ${path}`).digest("hex").slice(0, 16)],
  ["name", "Name", "string", ({ method, path }) => `${method} ${path}`],
  ["url", "Url", "string", ({ path }) => path],
  // The SDKs' own rule: anything from 400 on is no success, a client's mistake included.
  ["success", "Success", "bool", ({ status }) => status < 400],
  ["resultCode", "ResultCode", "string", ({ status }) => String(status)],
  ["duration", "DurationMs", "real", ({ duration }) => duration],
  ["operation_SyntheticSource", "SyntheticSource", "string", () => ""],
  [
    "customDimensions",
    "Properties",
    "dynamic",
    ({ app, userAgent }) => ({ release: app?.release ?? "", "user_agent.original": userAgent }),
  ],
  ...shared,
];

const exceptionFields: readonly Field<ThrownException>[] = [
  ["timestamp", "TimeGenerated", "datetime", ({ at }) => at],
  ["type", "ExceptionType", "string", ({ type }) => type],
  ["outerMessage", "OuterMessage", "string", ({ message }) => message],
  ["customDimensions", "Properties", "dynamic", ({ app }) => ({ release: app.release ?? "" })],
  ...shared,
];

function tableOf<Entry>(
  fields: readonly Field<Entry>[],
  rows: readonly Ingested<Entry>[],
  isClassic: boolean,
  visible: (row: Ingested<Entry>) => boolean,
): StoredTable {
  const columns = fields.map(([classic, workspace, type]): Column => ({ name: isClassic ? classic : workspace, type }));
  return {
    columns,
    // When a row came in stands behind its last column, where no query finds it but `ingestion_time()`.
    rows: rows
      .filter(visible)
      .map((row) => [...fields.map(([, , , of]) => of(row.entry, row.itemCount)), row.ingestedAt]),
    ingestion: (row) => Number(row[columns.length]),
  };
}

/** What can be queried at `now`, of the last `since` on. */
export function tablesAt(
  { requests, exceptions }: Telemetry,
  isClassic: boolean,
  now: number,
  [from, to]: readonly [number, number],
): Map<string, StoredTable> {
  const visible = ({ entry, ingestedAt }: Ingested<{ at: number }>): boolean =>
    ingestedAt <= now && entry.at >= from && entry.at < to;
  return new Map([
    [isClassic ? "requests" : "AppRequests", tableOf(requestFields, requests, isClassic, visible)],
    [isClassic ? "exceptions" : "AppExceptions", tableOf(exceptionFields, exceptions, isClassic, visible)],
  ]);
}
