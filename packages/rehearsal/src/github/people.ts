import type { Routes } from "../http.ts";
import { person } from "./actors.ts";
import { commitJson } from "./commit.ts";
import { type Act, describedBy } from "./route.ts";
import type { Json, Scene } from "./state.ts";

const permission = "/repos/{owner}/{repo}/collaborators/{username}/permission";
const commit = "/repos/{owner}/{repo}/commits/{ref}";

/** Roles that a repository has, as the older field of four words tells them. Source: docs.github.com, collaborators. */
const WORDS: Readonly<Record<string, string>> = { maintain: "write", triage: "read" };

/** Of a public repository everyone may read; somebody unknown is nobody's collaborator. */
function showPermission({ call, scene }: Act): Json {
  const login = call.param("username");
  const role = scene.state.roles.get(login.toLowerCase()) ?? (scene.job.visibility === "public" ? "read" : "none");
  const user = { ...person(scene, login), permissions: undefined, role_name: role };
  return { permission: WORDS[role] ?? role, role_name: role, user };
}

function showCommit({ call, scene, notFound }: Act): Json {
  const sha = call.param("ref");
  const login = scene.state.commitAuthors.get(sha);
  if (login === undefined && sha !== scene.job.sha) notFound();
  return commitJson(scene, sha, login === null ? null : person(scene, login ?? scene.job.actor));
}

export function addPeople(routes: Routes, scene: Scene): void {
  const show = (read: (request: Act) => Json) => (request: Act) => ({ status: 200, body: read(request) });
  routes
    .add(
      "GET",
      permission,
      describedBy(scene, "GET", permission, { needs: ["metadata", "read"], act: show(showPermission) }),
    )
    .add("GET", commit, describedBy(scene, "GET", commit, { needs: ["contents", "read"], act: show(showCommit) }));
}
