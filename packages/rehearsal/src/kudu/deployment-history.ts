import { randomUUID } from "node:crypto";
import type { DeploymentLogEntry, DeploymentRecord } from "../model.ts";

/** `status` of a record. */
export const DeploymentStatus = { pending: 0, building: 1, deploying: 2, failed: 3, success: 4 } as const;

export interface LogLine {
  id: string;
  time: string;
  message: string;
  type: 0 | 1 | 2;
  details: LogLine[];
}

/** A record without what depends on the host it is read from: a swap takes records to another SCM site's host. */
export interface StoredDeployment extends Omit<DeploymentRecord, "url" | "log_url" | "site_name" | "build_summary"> {
  errors: string[];
  log: LogLine[];
}

/** Successes that are kept; older ones go. */
const keptSuccesses = 10;

/** The deployment records of one app's content, oldest first. */
export class DeploymentHistory {
  readonly #records: StoredDeployment[] = [];

  get records(): readonly StoredDeployment[] {
    return this.#records;
  }

  find(id: string): StoredDeployment | undefined {
    return this.#records.find((record) => record.id.toLowerCase() === id.toLowerCase());
  }

  /** The record a client asking for `latest` gets: one that is under way, else the one that ended last. */
  latest(): StoredDeployment | undefined {
    const pending = this.#records.find(({ status }) => status !== 3 && status !== 4);
    return pending ?? this.#records.toSorted((one, other) => ending(other).localeCompare(ending(one)))[0];
  }

  add(fields: Partial<StoredDeployment> & { id: string }): StoredDeployment {
    const record = { ...emptyRecord(new Date().toISOString()), ...fields };
    this.#records.push(record);
    return record;
  }

  remove(record: StoredDeployment): void {
    const at = this.#records.indexOf(record);
    if (at >= 0) this.#records.splice(at, 1);
  }

  /** Ends a record. A success becomes the active one, and the oldest successes beyond ten are forgotten. */
  finish(record: StoredDeployment, status: 3 | 4, text: string): void {
    const now = new Date().toISOString();
    Object.assign(record, { status, status_text: text, progress: "", end_time: now, complete: true });
    if (status !== DeploymentStatus.success) return;
    for (const other of this.#records) other.active = other === record;
    record.last_success_end_time = now;
    const successes = this.#records.filter((one) => one.status === DeploymentStatus.success);
    for (const old of successes.slice(0, Math.max(0, successes.length - keptSuccesses))) this.remove(old);
  }
}

function ending(record: StoredDeployment): string {
  return record.end_time ?? "";
}

function emptyRecord(now: string): Omit<StoredDeployment, "id"> {
  return {
    status: DeploymentStatus.pending,
    status_text: "",
    author_email: "N/A",
    author: "N/A",
    deployer: "OneDeploy",
    message: "OneDeploy",
    progress: "",
    received_time: now,
    start_time: now,
    end_time: null,
    last_success_end_time: null,
    complete: false,
    active: false,
    is_temp: false,
    is_readonly: true,
    errors: [],
    log: [],
  };
}

export function logLine(message: string, type: 0 | 1 | 2 = 0): LogLine {
  return { id: randomUUID(), time: new Date().toISOString(), message, type, details: [] };
}

/** A record as the SCM host at `origin` shows it. */
export function toRecord(stored: StoredDeployment, origin: string, siteName: string): DeploymentRecord {
  const { errors, log: _log, ...fields } = stored;
  const url = `${origin}/api/deployments/${stored.id}`;
  const build_summary = { errors, warnings: [] };
  return { ...fields, url, log_url: `${url}/log`, site_name: siteName, build_summary };
}

/** Log lines as the SCM host at `origin` shows them; lines with details say where those are. */
export function toLogEntries(lines: readonly LogLine[], deploymentId: string, origin: string): DeploymentLogEntry[] {
  return lines.map(({ id, time, message, type, details }) => ({
    log_time: time,
    id,
    message,
    type,
    details_url: details.length > 0 ? `${origin}/api/deployments/${deploymentId}/log/${id}` : null,
  }));
}
