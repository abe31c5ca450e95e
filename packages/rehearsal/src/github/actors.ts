import { type Json, nodeId, type Scene, timestamp } from "./state.ts";

const userLinks = ["followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events"];

function account(origin: string, login: string, id: number, type: "User" | "Bot" | "Organization"): Json {
  const url = `${origin}/users/${encodeURIComponent(login)}`;
  const links = [...userLinks, "received_events"].map((name) => [
    `${name}_url`,
    `${url}/${name.replace("organizations", "orgs")}`,
  ]);
  return {
    login,
    id,
    node_id: nodeId("User", id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `https://github.com/${login}`,
    ...Object.fromEntries(links),
    type,
    site_admin: false,
  };
}

/** Who acts with the token that a job is given. */
export function actionsBot({ origin }: Scene): Json {
  return account(origin, "github-actions[bot]", 41898282, "Bot");
}

export function jobActor({ origin, job }: Scene): Json {
  return account(origin, job.actor, Number(job.actorId), "User");
}

/** Somebody with an account, by login. */
export function person({ origin }: Scene, login: string): Json {
  return account(origin, login, 1_000 + login.length, "User");
}

/** The GitHub App behind that token. */
export function actionsApp({ origin, state }: Scene): Json {
  return {
    id: 15368,
    slug: "github-actions",
    node_id: nodeId("App", 15368),
    owner: account(origin, "github", 9919, "Organization"),
    name: "GitHub Actions",
    description: "Automate your workflow from idea to production",
    external_url: "https://help.github.com/en/actions",
    html_url: "https://github.com/apps/github-actions",
    created_at: "2018-07-30T09:30:17Z",
    updated_at: timestamp(),
    permissions: { ...state.permissions },
    events: [],
  };
}

const repositoryLinks =
  "archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees".split(
    " ",
  );

export function repositoryUrl({ origin, job }: Scene): string {
  return `${origin}/repos/${job.repository}`;
}

/** The repository as `GET /repos/{owner}/{repo}` shows it. */
export function fullRepository(scene: Scene): Json {
  const now = timestamp();
  const { html_url: page } = minimalRepository(scene);
  const counts = ["forks", "open_issues", "watchers"].flatMap((name) => [
    [name, 0],
    [`${name}_count`, 0],
  ]);
  return {
    ...minimalRepository(scene),
    ...Object.fromEntries(counts),
    archived: false,
    disabled: false,
    default_branch: "main",
    clone_url: `${page}.git`,
    git_url: `git://github.com/${scene.job.repository}.git`,
    ssh_url: `git@github.com:${scene.job.repository}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: "Python",
    license: null,
    has_discussions: false,
    has_downloads: true,
    has_issues: true,
    has_pages: false,
    has_projects: true,
    has_wiki: true,
    network_count: 0,
    subscribers_count: 0,
    stargazers_count: 0,
    size: 1,
    created_at: now,
    pushed_at: now,
    updated_at: now,
  };
}

export function minimalRepository(scene: Scene): Json {
  const { job, origin } = scene;
  const [owner = "", name = ""] = job.repository.split("/");
  const url = repositoryUrl(scene);
  return {
    id: Number(job.repositoryId),
    node_id: nodeId("Repository", Number(job.repositoryId)),
    name,
    full_name: job.repository,
    owner: account(origin, owner, Number(job.ownerId), "Organization"),
    private: job.visibility !== "public",
    html_url: `https://github.com/${job.repository}`,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(repositoryLinks.map((link) => [`${link}_url`, `${url}/${link}`])),
  };
}
