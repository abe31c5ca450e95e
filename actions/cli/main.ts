/** `npx @augeo/deploy COMMAND …`: sets up a repository for releases, and says what would stop one. */
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { explain, ServiceError, UsageError } from "@augeo/release";
import type { Terminal } from "./terminal.ts";

const USAGE = `deploy COMMAND [options]

  init      writes the workflows and .augeo/deploy.yml, and sets up Azure and GitHub
  doctor    says what would stop a release, and the command that mends it

deploy COMMAND --help says more.
`;

/** Runs one command; resolves to the exit code. `toolkit` is the folder of this package. */
export async function runCommand(args: readonly string[], terminal: Terminal, toolkit: string): Promise<number> {
  try {
    return await dispatch(args, terminal, toolkit);
  } catch (error) {
    if (terminal.signal.aborted) {
      const { reason } = terminal.signal;
      terminal.say(reason instanceof Error ? reason.message : String(reason));
      return 130;
    }
    if (!(error instanceof UsageError || error instanceof ServiceError)) throw error;
    terminal.say(explain(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch([name, ...rest]: readonly string[], terminal: Terminal, toolkit: string): Promise<number> {
  const help = rest.includes("--help");
  if (name === "init") {
    const { INIT_USAGE, init } = await import("./init.ts");
    return help ? shown(INIT_USAGE, terminal) : init(rest, terminal, toolkit);
  }
  if (name === "doctor") {
    const { DOCTOR_USAGE, doctor } = await import("./doctor.ts");
    return help ? shown(DOCTOR_USAGE, terminal) : doctor(rest, terminal);
  }
  if (name === undefined || name === "--help") return shown(USAGE, terminal);
  throw new UsageError({
    what: `There is no command "${name}".`,
    why: "Commands are init and doctor.",
    fix: "npx @augeo/deploy --help",
  });
}

function shown(text: string, { print }: Terminal): number {
  print(text);
  return 0;
}

/** The terminal this process was started in. Where nobody is there, nothing is asked. */
export function processTerminal(): Terminal {
  const interrupted = new AbortController();
  process.once("SIGINT", () =>
    interrupted.abort(
      new Error("Interrupted. What was made stays; the same command again finds it, and goes on from there."),
    ),
  );
  const isPerson = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return {
    folder: process.cwd(),
    env: process.env,
    signal: interrupted.signal,
    print: (text) => process.stdout.write(text),
    say: (text) => process.stderr.write(`${text}\n`),
    ask: isPerson ? (question, proposal) => ask(question, proposal, interrupted) : undefined,
  };
}

async function ask(question: string, proposal: string, interrupted: AbortController): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D close the interface. An older Node leaves the question open then, a newer one rejects it.
  const closed = once(lines, "close");
  const answered = lines.question(`${question}${proposal === "" ? "" : ` [${proposal}]`}: `);
  try {
    const answer = await Promise.race([answered, closed.then(() => undefined)]).catch(() => undefined);
    if (answer !== undefined) return answer;
    interrupted.abort(new Error("\nEnded before the last answer. Nothing was written, and nothing was set up."));
    throw interrupted.signal.reason;
  } finally {
    lines.close();
  }
}
