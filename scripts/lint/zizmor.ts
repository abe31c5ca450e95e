/** zizmor, a security linter for workflows: from PyPI into `.rehearsal/`, as strict as it gets and asking nobody. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./finding.ts";

const VERSION = "1.32.0";

interface Reported {
  ident: string;
  desc: string;
  ignored: boolean;
  locations: {
    symbolic: { kind: string; annotation: string; key: { Local?: { verbatim_path: string; given_path?: string } } };
    concrete: { location: { start_point: { row: number } } };
  }[];
}

/** The findings; or why zizmor could not be had here, in which case nothing was looked at. */
export function audit(root: string, files: readonly string[]): Finding[] | { readonly absent: string } {
  const folder = join(root, ".rehearsal", `zizmor-${VERSION}`);
  const program = join(folder, "bin", "zizmor");
  if (!existsSync(program)) {
    const { status, stderr } = install(folder);
    if (status !== 0) return { absent: lastLine(String(stderr)) };
  }
  const flags = ["--offline", "--persona=pedantic", "--no-progress", "--no-exit-codes", "--format=json"];
  const config = join(root, ".github", "zizmor.yml");
  const run = spawnSync(program, [...flags, "--config", config, ...files], { cwd: root, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`zizmor ended with ${run.status}: ${run.stderr}`);
  return (JSON.parse(run.stdout) as Reported[]).filter(({ ignored }) => !ignored).map(asFinding);
}

function install(folder: string) {
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--target", folder];
  return spawnSync(process.env.AUGEO_PYTHON ?? "python3", [...pip, `zizmor==${VERSION}`], { encoding: "utf8" });
}

function asFinding({ ident, desc, locations }: Reported): Finding {
  const place = locations.find(({ symbolic }) => symbolic.kind === "Primary") ?? locations[0];
  const file = place?.symbolic.key.Local?.verbatim_path ?? place?.symbolic.key.Local?.given_path ?? "";
  const line = (place?.concrete.location.start_point.row ?? 0) + 1;
  return { file, line, message: `${ident}: ${desc} (https://docs.zizmor.sh/audits/#${ident})` };
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
