import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud } from "@augeo/rehearsal";

export interface MeasuredRun {
  /** Milliseconds from the start of the process to its end. */
  readonly wall: number;
  /** Milliseconds until the cloud saw the first request; undefined when it saw none. */
  readonly firstRequest: number | undefined;
  /** The same for the first request that is not part of signing in. */
  readonly firstSignedRequest: number | undefined;
  /** The most memory the process ever held, in megabytes (Linux's VmHWM). */
  readonly peakMemory: number;
  readonly requests: number;
  /** Bytes of request bodies. */
  readonly bytesSent: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly reason: string;
}

/** Runs one built action against the cloud, as the runner does, and measures it from outside. */
export async function measureAction(
  script: string,
  cloud: Cloud,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<MeasuredRun> {
  const folder = await mkdtemp(join(tmpdir(), "augeo-bench-"));
  try {
    const files = Object.fromEntries(
      ["OUTPUT", "STATE", "STEP_SUMMARY"].map((name) => [`GITHUB_${name}`, join(folder, name)]),
    );
    for (const path of Object.values(files)) await writeFile(path, "");
    const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    const before = cloud.requests.entries.length;
    const run = await measureProcess([script], {
      ...cloud.env,
      ...files,
      ...Object.fromEntries(given),
      RUNNER_TEMP: folder,
      ...env,
    });
    const requests = cloud.requests.entries.slice(before);
    const [first] = requests;
    const signed = requests.find(({ host }) => host !== "oidc" && host !== "login");
    return {
      ...run,
      firstRequest: first === undefined ? undefined : first.at - run.startedAt,
      firstSignedRequest: signed === undefined ? undefined : signed.at - run.startedAt,
      requests: requests.length,
      bytesSent: requests.reduce((sum, { requestBytes }) => sum + requestBytes, 0),
      reason: /^reason<<(\S+)\n(.*)\n\1$/m.exec(await readFile(join(folder, "OUTPUT"), "utf8"))?.[2] ?? "",
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds after which a run that was to be measured is given up. */
const LONGEST_RUN = 120_000;

/** Runs this Node with the given arguments. */
export async function measureProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ wall: number; peakMemory: number; startedAt: number }> {
  const startedAt = Date.now();
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), LONGEST_RUN);
  let peak = 0;
  const watch = setInterval(async () => {
    peak = Math.max(peak, await residentPeak(child.pid));
  }, 25);
  await new Promise<void>((ended, failed) => {
    child.once("error", failed);
    child.once("exit", () => ended());
  });
  clearInterval(watch);
  clearTimeout(limit);
  return { wall: performance.now() - started, peakMemory: peak, startedAt };
}

/** The kernel keeps the maximum itself, so that looking now and then misses only the very end. */
async function residentPeak(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const [, kilobytes = "0"] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
  return Number(kilobytes) / 1_000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Says on standard error what is under way: standard output belongs to the figures. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

export const round = (value: number, digits = 0): number => Number(value.toFixed(digits));
