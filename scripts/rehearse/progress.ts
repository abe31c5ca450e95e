import { stripVTControlCharacters, styleText } from "node:util";
import { clock, figuresOf } from "./figures.ts";
import type { Sample } from "./load.ts";

type Style = Parameters<typeof styleText>[0];

/** Colours where they can be seen; `NO_COLOR` and a pipe turn them off. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Columns of the terminal; a pipe gets 100. */
export function width(): number {
  return process.stdout.columns ?? 100;
}

export const visibleLength = (text: string): number => stripVTControlCharacters(text).length;

/** Tells what happens as it happens: lines that stay, and on a terminal one at the bottom that is renewed. */
export class Progress {
  readonly #began: number;
  readonly #isTerminal = process.stdout.isTTY === true;
  #samples: readonly Sample[] = [];
  #detail = "";
  #status = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(began: number) {
    this.#began = began;
  }

  /** Shows the traffic from now on: each half second on a terminal, else each 15 s as a line. */
  watch(samples: readonly Sample[]): void {
    this.#samples = samples;
    this.#timer = setInterval(() => this.#renew(), this.#isTerminal ? 500 : 15_000);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  say(text: string): void {
    this.#clear();
    const time = paint("dim", clock(Date.now() - this.#began).padStart(5));
    process.stdout.write(`${time}  ${text}\n`);
    this.#draw();
  }

  /** What is going on within the step, shown in the renewed line alone. */
  detail(text: string): void {
    this.#detail = text;
  }

  #renew(): void {
    this.#status = this.#traffic();
    if (!this.#isTerminal) {
      this.say(paint("dim", this.#status));
      return;
    }
    this.#clear();
    this.#draw();
  }

  #traffic(): string {
    const now = Date.now();
    const { requests, failures, p95 } = figuresOf(this.#samples.filter(({ at }) => at > now - 5000));
    const failed = failures === 0 ? "0 failed" : paint("red", `${failures} failed`);
    return `traffic: ${Math.round(requests / 5)} requests/s, ${failed}, p95 ${Math.round(p95)} ms`;
  }

  #clear(): void {
    if (this.#isTerminal && this.#timer !== undefined) process.stdout.write("\r\u001b[K");
  }

  #draw(): void {
    if (!this.#isTerminal || this.#timer === undefined) return;
    const time = clock(Date.now() - this.#began).padStart(5);
    const room = width() - visibleLength(this.#status) - 12;
    const detail = this.#detail.length > room ? `${this.#detail.slice(0, Math.max(0, room - 1))}…` : this.#detail;
    process.stdout.write(`${paint("dim", time)}  ${this.#status}${paint("dim", detail === "" ? "" : ` · ${detail}`)}`);
  }
}
