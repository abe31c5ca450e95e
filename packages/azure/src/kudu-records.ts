/** Kudu's records, decoded. */
import { fieldsOf, numberOf, optionalText, textOf } from "./decode.ts";

export interface DeploymentRecord {
  id: string;
  /** 0 pending, 1 building, 2 deploying, 3 failed, 4 succeeded; others exist for other kinds of app. */
  status: number;
  statusText: string;
  message: string;
  deployer: string;
  progress: string;
  /** Milliseconds since 1970. */
  receivedTime: number | undefined;
  complete: boolean;
  active: boolean;
  /** A placeholder that gets its true id when the upload has been received. */
  temporary: boolean;
}

export const STATUS_NAMES: Readonly<Record<number, string>> = {
  0: "pending",
  1: "building",
  2: "deploying",
  3: "failed",
  4: "succeeded",
};
export const FAILED = 3;
export const SUCCEEDED = 4;

export function decodeDeployment(value: unknown): DeploymentRecord | undefined {
  const fields = fieldsOf(value);
  const id = textOf(fields.id);
  const status = numberOf(fields.status);
  if (id === "" || status === undefined) return undefined;
  return {
    id,
    status,
    statusText: textOf(fields.status_text),
    message: textOf(fields.message),
    deployer: textOf(fields.deployer),
    progress: textOf(fields.progress),
    receivedTime: timeOf(fields.received_time),
    complete: fields.complete === true,
    active: fields.active === true,
    temporary: fields.is_temp === true || id.startsWith("temp-"),
  };
}

/** Kudu writes UTC and sometimes leaves the zone out. */
function timeOf(value: unknown): number | undefined {
  const text = optionalText(value);
  if (text === undefined) return undefined;
  const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : time;
}

export interface LogEntry {
  id: string;
  message: string;
  kind: "message" | "warning" | "error";
  hasDetails: boolean;
}

export function decodeLogEntry(value: unknown): LogEntry | undefined {
  const fields = fieldsOf(value);
  const id = textOf(fields.id);
  if (id === "" && textOf(fields.message) === "") return undefined;
  const kind = fields.type === 2 ? "error" : fields.type === 1 ? "warning" : "message";
  return { id, message: textOf(fields.message), kind, hasDetails: optionalText(fields.details_url) !== undefined };
}
