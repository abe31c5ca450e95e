/** The gate on a laptop: `augeo-gate COMMAND …`. */
import { UsageError } from "@augeo/release";
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
};

const usage = (): string =>
  Object.values(COMMANDS)
    .map((command) => command.usage)
    .join("\n");

function explain({ message, why, fix }: UsageError): string {
  return `Error: ${message}\n${why === "" ? "" : `Why: ${why}\n`}Fix: ${fix}\n`;
}

async function main(args: readonly string[]): Promise<CommandResult> {
  const [name, ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name ?? "") ? COMMANDS[name ?? ""] : undefined;
  if (name === undefined || name === "--help" || rest.includes("--help"))
    return { stdout: command?.usage ?? usage(), exitCode: 0 };
  if (command === undefined) {
    throw new UsageError({
      what: `There is no command "${name}".`,
      why: "",
      fix: `Commands are ${Object.keys(COMMANDS).join(", ")}.`,
    });
  }
  return command.run(rest);
}

try {
  const { stdout, exitCode } = await main(process.argv.slice(2));
  process.exitCode = exitCode;
  process.stdout.write(stdout);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.exitCode = 2;
  process.stderr.write(explain(error));
}
