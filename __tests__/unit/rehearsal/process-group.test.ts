import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ProcessGroup } from "../../../packages/rehearsal/src/slots/process-group.ts";

const module = join(import.meta.dirname, "../../../packages/rehearsal/src/slots/process-group.ts");
const environment = { PATH: process.env.PATH ?? "" };

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && isThere(pid); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  return !isThere(pid);
}

function start(command: string): { group: ProcessGroup; line: Promise<string> } {
  let told: (line: string) => void = () => undefined;
  const line = new Promise<string>((resolve) => {
    told = resolve;
  });
  return { group: new ProcessGroup({ command, directory: "/", environment, onLine: told }), line };
}

test("stopping ends what the command started too", async () => {
  const { group, line } = start("sleep 300 & echo $!; wait");
  const pid = Number(await line);
  expect(isThere(pid)).toBe(true);
  await group.stop(1000);
  expect(await gone(pid)).toBe(true);
  expect(group.exit).toBeDefined();
});

test("a command that ignores SIGTERM is killed after the grace", async () => {
  const { group, line } = start("trap '' TERM; echo ready; while :; do sleep 0.1; done");
  await line;
  await group.stop(50);
  expect(group.exit?.signal).toBe("SIGKILL");
});

test("what a command leaves behind ends with it", async () => {
  const { group, line } = start("sleep 300 & echo $!; exit 4");
  expect(await group.exited).toEqual({ code: 4, signal: null });
  expect(await gone(Number(await line))).toBe(true);
});

test("nothing outlives a process that was killed without a chance to clean up", async () => {
  const script = `
    import { ProcessGroup } from ${JSON.stringify(module)};
    new ProcessGroup({ command: "sleep 300 & echo $!; wait", directory: "/", environment: process.env, onLine: console.log });
  `;
  const parent = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await once(parent.stdout, "data");
  const pid = Number(String(output));
  expect(isThere(pid)).toBe(true);
  parent.kill("SIGKILL");
  expect(await gone(pid)).toBe(true);
});
