import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/**
 * The built-in Python image listens on 8000. Here many apps share one loopback address, so that a command line that
 * names the image's port gets the port of its own process instead: `:8000`, `--port 8000`, `--port=8000`, `-p 8000`.
 * A command that reads `$PORT` needs no mapping. A script of the package that binds 8000 itself is mapped the same way.
 */
export function mapFixedPort(command: string, port: number): string {
  return command.replace(/(?<=[:=\s])8000\b/g, String(port));
}

/**
 * What to run for a slot: `appCommandLine` when set; a script of the package, when that is what it names; nothing for
 * an app that has neither, which then shows the platform's default page.
 */
export async function startCommand(
  appCommandLine: string,
  wwwroot: string,
  port: number,
  scratch: string,
): Promise<string | undefined> {
  const command = appCommandLine.trim();
  const script = startScript(command, wwwroot);
  if (script === undefined) return command === "" ? undefined : mapFixedPort(command, port);
  const mapped = join(scratch, `startup-${port}.sh`);
  await writeFile(mapped, mapFixedPort(await readFile(script, "utf8"), port));
  return `exec /bin/sh '${mapped}'`;
}

/** The script that a command line is, if that is all it is; without a command line, the one deployed as `startup`. */
function startScript(command: string, wwwroot: string): string | undefined {
  if (command !== "" && !/^[\w./-]+\.(sh|txt)$/.test(command)) return undefined;
  const named = command === "" ? ["startup.sh", "../scripts/startup.sh"] : [command];
  return named.map((name) => (isAbsolute(name) ? name : join(wwwroot, name))).find((path) => existsSync(path));
}
