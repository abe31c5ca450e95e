import { execFileSync } from "node:child_process";
import type { Routes } from "../http.ts";
import { jobActor, repositoryUrl } from "./actors.ts";
import { commitJson } from "./commit.ts";
import { type Act, describedBy } from "./route.ts";
import type { Json, Scene } from "./state.ts";

const compare = "/repos/{owner}/{repo}/compare/{basehead}";

/** Asks the git repository behind the API; undefined for what it does not know. */
function git({ state }: Scene, ...args: string[]): string | undefined {
  if (state.gitFolder === undefined) return undefined;
  try {
    return execFileSync("git", ["-C", state.gitFolder, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}

/** `behind`: all of head is in base already. Source: docs.github.com, compare two commits. */
function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
  return behind > 0 ? "behind" : "identical";
}

function show({ call, scene, notFound }: Act): Json {
  const [base = "", head = ""] = call.param("basehead").split("...");
  const [common = notFound(), counts = notFound()] = [
    git(scene, "merge-base", base, head),
    git(scene, "rev-list", "--left-right", "--count", `${base}...${head}`),
  ];
  const [behind = 0, ahead = 0] = counts.split("\t").map(Number);
  const page = `https://github.com/${scene.job.repository}/compare/${base}...${head}`;
  return {
    url: `${repositoryUrl(scene)}/compare/${base}...${head}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: commitJson(scene, base, jobActor(scene)),
    merge_base_commit: commitJson(scene, common, jobActor(scene)),
    status: statusOf(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: [],
    files: [],
  };
}

export function addCompare(routes: Routes, scene: Scene): void {
  const act = (request: Act) => ({ status: 200, body: show(request) });
  routes.add("GET", compare, describedBy(scene, "GET", compare, { needs: ["contents", "read"], act }));
}
