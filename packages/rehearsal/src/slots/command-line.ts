import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

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
  const command = appCommandLine.trim() || (existsSync(join(wwwroot, "startup.sh")) ? "startup.sh" : "");
  if (command === "") return undefined;
  const script = join(wwwroot, command);
  if (!/^[\w./-]+\.(sh|txt)$/.test(command) || !existsSync(script)) return mapFixedPort(command, port);
  const mapped = join(scratch, `startup-${port}.sh`);
  await writeFile(mapped, mapFixedPort(await readFile(script, "utf8"), port));
  return `exec /bin/sh '${mapped}'`;
}
