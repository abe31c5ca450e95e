/** New revisions that the base branch has overtaken: alone they make one chain, merged they make several heads. */
import type { GraphFacts } from "./revision-facts.ts";
import { ancestors, buildGraph, type Revision } from "./revision-graph.ts";

/**
 * @param added the revisions that are new
 * @param tip the revisions on the base branch as it stands now
 */
export function behindBase(added: readonly Revision[], tip: readonly Revision[]): GraphFacts["behindBase"] {
  const base = buildGraph(tip);
  const isMerged = new Set(added.flatMap(({ downRevisions }) => downRevisions));
  return added.flatMap(({ id, file, downRevisions }) =>
    downRevisions.flatMap((parent) => {
      const heads = base.heads.filter((head) => head !== parent && ancestors(base, [head]).has(parent));
      // A revision that joins the base's head already is what would be asked for.
      const open = heads.filter((head) => !isMerged.has(head));
      return open.length === 0 || base.nodes.has(id) ? [] : [{ revision: id, file, parent, heads: open }];
    }),
  );
}
