/** Runs the command line as `npx @augeo/deploy` does: the built program, as a child process. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Cloud } from "@augeo/rehearsal";
import { dist } from "./run-action.ts";

export interface DeployRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a person's shell holds who is signed in to this cloud, as far as the command reads it. */
export function shellOf(cloud: Cloud, azFolder: string): Record<string, string> {
  return {
    PATH: [azFolder, process.env.PATH].join(":"),
    HOME: azFolder,
    LANG: "C.UTF-8",
    NODE_EXTRA_CA_CERTS: cloud.tls.files.ca,
    AZURE_CLOUD: cloud.inputs.cloud,
    GITHUB_API_URL: cloud.endpoints.github,
    GH_TOKEN: cloud.github.userToken,
  };
}

export function runDeploy(
  args: readonly string[],
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): Promise<DeployRun> {
  const child = spawn(process.execPath, [join(dist, "deploy.js"), ...args], { cwd: folder, env: { ...env } });
  child.stdin.end();
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((fulfil, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => fulfil({ exitCode, stdout, stderr }));
  });
}
