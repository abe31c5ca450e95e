import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { unzipSync, zipSync } from "fflate";
import type { StepSetting } from "./run-steps.ts";
import type { StandIn } from "./use-action.ts";

/** Artifacts of one run, by name. */
export class Artifacts {
  readonly #folder: string;
  readonly #kept = new Map<string, { id: string; digest: string; zip: string }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  readonly upload: StandIn = async (inputs, setting) => {
    onlyKnows("actions/upload-artifact", inputs, ["name", "path", "if-no-files-found", "retention-days"]);
    const name = inputs.name || "artifact";
    if (this.#kept.has(name))
      throw new Error(`an artifact with the name ${name} exists already: artifacts are immutable`);
    const sources = (inputs.path ?? "")
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    const files = sources.flatMap((source) => filesOf(resolve(setting.level.job.workspace, source)));
    if (files.length === 0) return this.#nothing(inputs, setting);
    const zip = join(this.#folder, `${randomUUID()}.zip`);
    const content = zipSync(Object.fromEntries(files.map(({ file, at }) => [at, readFileSync(file)])), { level: 1 });
    writeFileSync(zip, content);
    // The digest is that of the zip as it was uploaded. Source: actions/upload-artifact, output artifact-digest.
    const digest = createHash("sha256").update(content).digest("hex");
    const kept = { id: String(this.#kept.size + 1), digest, zip };
    this.#kept.set(name, kept);
    return {
      "artifact-id": kept.id,
      "artifact-digest": kept.digest,
      "artifact-url": `https://github.com/artifacts/${kept.id}`,
    };
  };

  readonly download: StandIn = async (inputs, setting) => {
    onlyKnows("actions/download-artifact", inputs, DOWNLOAD_INPUTS);
    const path = resolve(setting.level.job.workspace, inputs.path || ".");
    const ids = (inputs["artifact-ids"] ?? "")
      .split(",")
      .map((id) => id.trim())
      .filter(Boolean);
    const wanted = [...this.#kept].filter(([name, kept]) =>
      inputs.name ? name === inputs.name : ids.length === 0 || ids.includes(kept.id),
    );
    if (wanted.length === 0)
      throw new Error(`Unable to download artifact(s): Artifact not found for name: ${inputs.name ?? ids.join()}`);
    for (const [name, kept] of wanted) {
      const single = Boolean(inputs.name) || ids.length === 1 || inputs["merge-multiple"] === "true";
      const target = single ? path : join(path, name);
      if (inputs["skip-decompress"] === "true") write(target, `${name}.zip`, readFileSync(kept.zip));
      else for (const [at, data] of Object.entries(unzipSync(readFileSync(kept.zip)))) write(target, at, data);
    }
    return { "download-path": path };
  };

  #nothing(inputs: Readonly<Record<string, string>>, setting: StepSetting): Record<string, string> {
    const message = `No files were found with the provided path: ${inputs.path}. No artifacts will be uploaded.`;
    if (inputs["if-no-files-found"] === "error") throw new Error(message);
    setting.level.job.log.take(`::warning::${message}`);
    return {};
  }
}

const DOWNLOAD_INPUTS = ["name", "artifact-ids", "path", "merge-multiple", "skip-decompress"];

/** What a stand-in does not play is an error, as unknown syntax is. */
function onlyKnows(action: string, inputs: Readonly<Record<string, string>>, known: readonly string[]): void {
  const unknown = Object.keys(inputs).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`the local runner's ${action} does not know ${unknown.join(", ")}`);
}

/** Permissions are lost on the way, as they are on GitHub. */
function write(folder: string, at: string, data: Uint8Array): void {
  mkdirSync(dirname(join(folder, at)), { recursive: true });
  writeFileSync(join(folder, at), data);
}

/** Files below a path or matching a pattern, placed below their least common folder; hidden ones are left out. */
function filesOf(path: string): { file: string; at: string }[] {
  if (existsSync(path) && statSync(path).isFile()) return [{ file: path, at: basename(path) }];
  const folder = existsSync(path) ? path : dirname(path.slice(0, path.search(/[*?[]/) + 1 || undefined));
  const pattern = existsSync(path) ? join(path, "**") : path;
  return globSync(pattern)
    .filter((file) => statSync(file).isFile())
    .map((file) => ({ file, at: relative(folder, file) }))
    .filter(({ at }) => !at.split("/").some((part) => part.startsWith(".")));
}

/** Puts the pushed commit of the app's repository into the workspace. */
export function checkout(repository: string, sha: string): StandIn {
  return async (inputs, setting) => {
    onlyKnows("actions/checkout", inputs, ["path", "ref", "fetch-depth", "persist-credentials"]);
    const target = resolve(setting.level.job.workspace, inputs.path || ".");
    mkdirSync(target, { recursive: true });
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", target, ...args], { encoding: "utf8", stdio: "pipe" });
    git("init", "--quiet");
    git("fetch", "--quiet", "--no-tags", repository, "+refs/heads/*:refs/remotes/origin/*", sha);
    git("checkout", "--quiet", "--force", inputs.ref || sha);
    return { commit: git("rev-parse", "HEAD").trim(), ref: inputs.ref ?? "" };
  };
}

/** The machine has them already. */
export const alreadyThere: StandIn = async () => ({});
