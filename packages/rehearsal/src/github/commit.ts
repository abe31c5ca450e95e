import { repositoryUrl } from "./actors.ts";
import { type Json, nodeId, type Scene, timestamp } from "./state.ts";

/** A commit as the API shows it. `author`: the account behind it, null where GitHub knows none. */
export function commitJson(scene: Scene, sha: string, author: Json | null): Json {
  const url = `${repositoryUrl(scene)}/commits/${sha}`;
  const signature = { name: "A person", email: "person@example.com", date: timestamp() };
  const tree = { sha, url: `${repositoryUrl(scene)}/git/trees/${sha}` };
  return {
    url,
    sha,
    node_id: nodeId("Commit", 1),
    html_url: `https://github.com/${scene.job.repository}/commit/${sha}`,
    comments_url: `${url}/comments`,
    commit: { url, author: signature, committer: signature, message: "A change", comment_count: 0, tree },
    author,
    committer: author,
    parents: [],
  };
}
