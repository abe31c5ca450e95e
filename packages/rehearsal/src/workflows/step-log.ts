import type { Annotation } from "./step-process.ts";

/** The log of a job: masks, workflow commands and annotations as the runner treats them. */
export class StepLog {
  readonly lines: string[] = [];
  readonly annotations: Annotation[] = [];
  readonly #masks: Set<string>;
  readonly #onLine: (line: string) => void;
  #stopped: string | undefined;

  constructor(masks: Set<string>, onLine: (line: string) => void) {
    this.#masks = masks;
    this.#onLine = onLine;
  }

  /** One line of a step's output. Every line that looks like a command is one, unless commands are stopped. */
  take(line: string): void {
    const command = /^\s*::([A-Za-z-]+)(?:\s+[^:]*)?::(.*)$/.exec(line);
    if (this.#stopped !== undefined) {
      if (line.trim() === `::${this.#stopped}::`) this.#stopped = undefined;
      else this.write(line);
      return;
    }
    if (command === null) this.write(line);
    else this.#obey(command[1]?.toLowerCase() ?? "", unescaped(command[2] ?? ""), line);
  }

  write(line: string): void {
    const masked = this.masked(line);
    this.lines.push(masked);
    this.#onLine(masked);
  }

  masked(text: string): string {
    return [...this.#masks].reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
  }

  #obey(name: string, message: string, line: string): void {
    if (name === "add-mask") {
      for (const part of [message, ...message.split("\n")]) if (part.trim() !== "") this.#masks.add(part);
    } else if (name === "stop-commands") this.#stopped = message;
    else if (name === "notice" || name === "warning" || name === "error") {
      // Source: actions/runner cuts messages at 4,096 characters.
      this.annotations.push({ level: name, message: this.masked(message).slice(0, 4096) });
      this.write(`${name}: ${message}`);
    } else if (["group", "endgroup", "debug", "echo", "add-matcher", "remove-matcher"].includes(name)) {
      if (name === "group") this.write(`▸ ${message}`);
    } else this.write(line);
  }
}

function unescaped(message: string): string {
  return message.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}
