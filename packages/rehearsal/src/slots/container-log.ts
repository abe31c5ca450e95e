import { EventEmitter } from "node:events";

const limit = 2000;

/** The last lines an app wrote and what its platform said about it, as `/api/logs/docker` and log streams show them. */
export class ContainerLog extends EventEmitter<{ line: [string] }> {
  readonly #lines: string[] = [];

  /** A line of the app's own output. */
  write(line: string): void {
    this.#push(`${new Date().toISOString()} ${line}`);
  }

  /** A line of the platform's: container started, pings, time limits. */
  platform(level: "INFO" | "ERROR" | "WARN", message: string): void {
    this.#push(`${new Date().toISOString()} ${level.padEnd(5)} - ${message}`);
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  tail(count: number): string[] {
    return this.#lines.slice(-count);
  }

  #push(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > limit) this.#lines.splice(0, this.#lines.length - limit);
    this.emit("line", line);
  }
}
