import { ancestors, buildGraph, topologicalOrder } from "@augeo/migrations";
import type { Findings } from "./summary.ts";

/** More boxes than this cannot be read; GitHub also refuses to draw very long diagrams. */
const SHOWN_NODES = 16;

/** The end of the graph as a Mermaid drawing: heads, what was applied, what is held, where the database is. Pure. */
export function revisionDiagram({ project, applied, held, to, reason }: Findings): string {
  const graph = buildGraph(project.revisions);
  if (graph.nodes.size < 2 || reason === "broken-chain") return "";
  const order = topologicalOrder(ancestors(graph, graph.heads), graph.parents);
  const shown = order.slice(-SHOWN_NODES);
  const name = new Map(shown.map((id, index) => [id, `r${index}`]));
  const nodes = shown.map((id) => `  ${name.get(id)}["${label(id, graph.nodes.get(id)?.message ?? "")}"]`);
  const edges = shown.flatMap((id) =>
    (graph.parents.get(id) ?? []).map((parent) => `  ${name.get(parent) ?? "before"} --> ${name.get(id)}`),
  );
  const cut = edges.some((edge) => edge.includes("before -->")) ? ['  before(["…"])'] : [];
  const marks = [
    ...mark(
      "applied",
      applied.map(({ id }) => id),
      name,
    ),
    ...mark(
      "held",
      held.map(({ id }) => id),
      name,
    ),
    ...mark("database", to ?? [], name),
  ];
  const styles = [
    "  classDef applied fill:#d1f5d3,stroke:#1a7f37,color:#111",
    "  classDef held fill:#fff3c4,stroke:#9a6700,color:#111",
    "  classDef database stroke-width:3px",
  ];
  return [
    "```mermaid",
    "flowchart LR",
    ...cut,
    ...nodes,
    ...edges,
    ...(marks.length > 0 ? [...styles, ...marks] : []),
    "```",
  ].join("\n");
}

function mark(style: string, ids: readonly string[], name: ReadonlyMap<string, string>): string[] {
  const known = ids.flatMap((id) => name.get(id) ?? []);
  return known.length === 0 ? [] : [`  class ${known.join(",")} ${style}`];
}

/** Ids and messages come from files: only letters, digits and a few signs reach the diagram. */
function label(id: string, message: string): string {
  const plain = (text: string, length: number): string =>
    text
      .replaceAll(/[^\p{L}\p{N} _.,()/-]/gu, " ")
      .trim()
      .slice(0, length);
  return message === "" ? plain(id, 24) : `${plain(id, 24)}<br/>${plain(message, 32)}`;
}
