/** The log of a deployment, each line shown once, as it comes. */
import type { Kudu } from "./kudu.ts";
import type { LogEntry } from "./kudu-records.ts";

/** Lines kept for explaining a failure. */
const KEPT = 20;

export class DeploymentLog {
  readonly #kudu: Kudu;
  readonly #shown = new Map<string, number>();
  readonly #recent: string[] = [];
  readonly #errors: string[] = [];

  constructor(kudu: Kudu) {
    this.#kudu = kudu;
  }

  /** The last error lines, else the last lines. */
  get tail(): readonly string[] {
    return this.#errors.length > 0 ? this.#errors : this.#recent;
  }

  /** Shows what is new in the deployment's log and in the details of its newest entries. */
  async show(id: string): Promise<void> {
    const entries = await this.#kudu.log(id);
    this.#showNew("", entries);
    for (const entry of entries.filter(({ hasDetails }) => hasDetails)) {
      this.#showNew(entry.id, await this.#kudu.log(id, entry.id));
    }
  }

  #showNew(parent: string, entries: readonly LogEntry[]): void {
    const known = this.#shown.get(parent) ?? 0;
    for (const { message, kind } of entries.slice(known)) {
      const line = parent === "" ? message : `  ${message}`;
      this.#kudu.context.log.quote(line);
      keep(this.#recent, line.trim());
      if (kind === "error") keep(this.#errors, line.trim());
    }
    this.#shown.set(parent, Math.max(known, entries.length));
  }
}

function keep(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > KEPT) lines.shift();
}
