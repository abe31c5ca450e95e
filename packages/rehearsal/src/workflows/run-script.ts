import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { asText, interpolateAll, type Value } from "./expressions.ts";
import type { StepSetting } from "./run-steps.ts";
import { runProcess } from "./step-process.ts";
import { optional } from "./workflow-file.ts";

export interface Ran {
  readonly ok: boolean;
  readonly outputs: Record<string, string>;
}

/** How the runner starts each shell. Source: docs.github.com, `jobs.<job_id>.steps[*].shell`. */
const SHELLS: Readonly<Record<string, (file: string) => readonly [string, ...string[]]>> = {
  "": (file) => ["bash", "-e", file],
  bash: (file) => ["bash", "--noprofile", "--norc", "-eo", "pipefail", file],
  sh: (file) => ["sh", "-e", file],
  python: (file) => ["python3", file],
};

const LONGEST_SCRIPT = 21_000;

export async function runScript(setting: StepSetting): Promise<Ran> {
  const { level, step, scope, files } = setting;
  const defaults = optional(level.defaults.run, "defaults.run");
  const shell = text(step.shell ?? defaults.shell, setting);
  const start = SHELLS[shell];
  if (start === undefined) throw new Error(`the local runner does not know the shell '${shell}'`);
  const script = asText(interpolateAll(step.run ?? "", scope));
  if (script.length > LONGEST_SCRIPT) throw new Error(`a script is at most ${LONGEST_SCRIPT} characters`);
  const file = join(level.job.temp, `${randomUUID()}.sh`);
  writeFileSync(file, script);
  const [command, ...args] = start(file);
  const folder = text(step["working-directory"] ?? defaults["working-directory"], setting);
  const ended = await runProcess({
    command,
    args,
    cwd: resolve(level.job.workspace, folder),
    env: level.job.environment({ ...setting.env, ...files.env }),
    cancelled: setting.cancelled,
    lost: level.job.lost,
    budget: level.job.setting.budget,
    timeout: setting.timeout,
    onLine: (line) => level.job.log.take(line),
  });
  return collect(setting, ended.exitCode === 0 && !ended.timedOut);
}

/** The runner reads a step's files after it has ended, also when it was cancelled; not when the machine was lost. */
export function collect(setting: StepSetting, ok: boolean): Ran {
  const { job } = setting.level;
  if (job.lost.aborted) return { ok: false, outputs: {} };
  Object.assign(job.addedEnv, setting.files.pairs("ENV"));
  if ("NODE_OPTIONS" in job.addedEnv) {
    delete job.addedEnv.NODE_OPTIONS;
    job.log.take("::error::Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
  }
  job.addedPath.unshift(...setting.files.paths().reverse());
  return { ok, outputs: setting.files.pairs("OUTPUT") };
}

function text(value: Value | undefined, setting: StepSetting): string {
  return value === undefined ? "" : asText(interpolateAll(value, setting.scope));
}
