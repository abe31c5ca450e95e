export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** The annotations among the lines of a log, as the runner finds them: not between stop-commands and its token. */
export function readAnnotations(stdout: string): Annotation[] {
  return readCommands(stdout)
    .filter(({ name }) => name === "error" || name === "warning" || name === "notice")
    .map(({ name, message, properties }) => ({ level: name as Annotation["level"], message, properties }));
}

export interface Command {
  readonly name: string;
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** Every workflow command that a runner would carry out. */
export function readCommands(stdout: string): Command[] {
  const commands: Command[] = [];
  let stopped: string | undefined;
  for (const line of stdout.split(/\r?\n/)) {
    const found = /^\s*::([a-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line);
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      continue;
    }
    if (found === null) continue;
    const [, name = "", list = "", message = ""] = found;
    if (name === "stop-commands") stopped = message;
    else commands.push({ name, message: unescaped(message), properties: readProperties(list) });
  }
  return commands;
}

function readProperties(list: string): Record<string, string> {
  return Object.fromEntries(
    list
      .split(",")
      .filter((pair) => pair.includes("="))
      .map((pair) => [pair.slice(0, pair.indexOf("=")), unescaped(pair.slice(pair.indexOf("=") + 1))]),
  );
}

function unescaped(text: string): string {
  return text
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%");
}
