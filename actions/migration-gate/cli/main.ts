/** The gate where no runner is: on a laptop, in pre-commit, inside a network. `augeo-gate COMMAND …`. */
import { explain, Interrupted, ServiceError, UsageError } from "@augeo/action-kit";
import { APPLY_USAGE, applyCommand } from "./apply-command.ts";
import { ALEMBIC_USAGE, alembicCommand, CHECK_USAGE, checkCommand } from "./revision-commands.ts";
import { type CommandResult, SQL_USAGE, sqlCommand } from "./sql-command.ts";

interface Command {
  readonly usage: string;
  readonly run: (args: readonly string[]) => Promise<CommandResult>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  check: { usage: CHECK_USAGE, run: checkCommand },
  alembic: { usage: ALEMBIC_USAGE, run: alembicCommand },
  sql: { usage: SQL_USAGE, run: sqlCommand },
  apply: { usage: APPLY_USAGE, run: applyCommand },
};

const usage = (): string =>
  [...Object.values(COMMANDS).map((command) => command.usage), "augeo-gate --version, -V prints the version.\n"].join(
    "\n",
  );

async function answer(args: readonly string[], version: string): Promise<CommandResult> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-V") return { stdout: `${version}\n`, exitCode: 0 };
  const command = Object.hasOwn(COMMANDS, name ?? "") ? COMMANDS[name ?? ""] : undefined;
  if (name === undefined || name === "--help" || name === "-h" || rest.includes("--help"))
    return { stdout: command?.usage ?? usage(), exitCode: 0 };
  if (command === undefined) {
    throw new UsageError({
      what: `There is no command "${name}".`,
      why: "The first word says what to do.",
      fix: `Commands are ${Object.keys(COMMANDS).join(", ")}; augeo-gate --help describes them.`,
    });
  }
  return command.run(rest);
}

/** Carries out one command line: report to standard output, errors and progress to standard error. */
export async function runGate(args: readonly string[], version: string): Promise<void> {
  // Whoever reads the report may stop early, as `head` does: nothing is wrong then.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    const { stdout, exitCode } = await answer(args, version);
    process.exitCode = exitCode;
    process.stdout.write(stdout);
  } catch (error) {
    const isOurs = error instanceof UsageError || error instanceof ServiceError || error instanceof Interrupted;
    if (!isOurs) throw error;
    process.exitCode = error instanceof UsageError ? 2 : 1;
    process.stderr.write(`${explain(error)}\n`);
  }
}
