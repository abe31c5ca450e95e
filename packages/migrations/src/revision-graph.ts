/**
 * Alembic's revision graph as the files declare it: nodes are revisions, edges point from a revision to its parents
 * (`down_revision`) and to what it depends on (`depends_on`). Nothing here runs Alembic, so a pull request's graph can
 * be judged before any of its code is trusted.
 */

/** What `ast` could read of one argument: a literal's value, or the source text of anything else. */
export type Literal = { value: unknown } | { expression: string };

/** One call on `op`, on a batch, or on a connection, inside a revision file. Lines and columns count from 1. */
export interface OperationCall {
  name: string;
  /** `context`: it changes nothing, and only asks the database or Alembic something. */
  receiver: "op" | "batch" | "connection" | "autocommit" | "context";
  /** The top-level function it stands in: `upgrade`, `downgrade`, or a function they call. */
  function: string;
  batchTable: string | null;
  line: number;
  endLine: number;
  column: number;
  arguments: readonly Literal[];
  keywords: Readonly<Record<string, Literal>>;
  /** Inside `op.get_context().autocommit_block()`. */
  autocommit: boolean;
  conditional: boolean;
  loop: boolean;
}

export interface RevisionFunction {
  line: number;
  empty: boolean;
  raises: boolean;
}

export interface Revision {
  id: string;
  downRevisions: readonly string[];
  dependsOn: readonly string[];
  branchLabels: readonly string[];
  /** First paragraph of the docstring, on one line. */
  message: string;
  /** Relative to the directory Alembic is started in. */
  file: string;
  line: number;
  /** SHA-256 of the file with line ends normalised. */
  contentHash: string;
  operations: readonly OperationCall[];
  imports: readonly { module: string; line: number }[];
  upgrade: RevisionFunction | null;
  downgrade: RevisionFunction | null;
  /** `# migration-gate: …` comments, the text after the colon. */
  ignores: readonly { line: number; text: string }[];
}

/** The part of a revision the graph needs; `Revision` fits. */
export type Node = Pick<Revision, "id" | "downRevisions" | "dependsOn" | "branchLabels" | "file">;

export type GraphFault =
  | { kind: "duplicate"; id: string; files: readonly string[] }
  | { kind: "missing-parent"; id: string; file: string; parent: string }
  | { kind: "missing-dependency"; id: string; file: string; dependency: string }
  | { kind: "duplicate-label"; label: string; ids: readonly string[] }
  | { kind: "cycle"; ids: readonly string[] };

export interface RevisionGraph<N extends Node = Node> {
  /** By id; of duplicates the first. */
  readonly nodes: ReadonlyMap<string, N>;
  /** Every parent and dependency of an id that exists, dependencies resolved to ids. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** Ids that name it as `down_revision`; dependencies do not count, as in Alembic. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Revisions no other revision comes after, sorted. */
  readonly heads: readonly string[];
  /** Revisions without `down_revision`, sorted. */
  readonly roots: readonly string[];
  /** Revisions with several parents, and revisions with several children, sorted. */
  readonly merges: readonly string[];
  readonly branchPoints: readonly string[];
  readonly faults: readonly GraphFault[];
}

export function buildGraph<N extends Node>(revisions: readonly N[]): RevisionGraph<N> {
  const nodes = firstById(revisions);
  const labels = new Map([...nodes.values()].flatMap((node) => node.branchLabels.map((label) => [label, node.id])));
  const children = new Map<string, string[]>();
  const parents = new Map<string, string[]>();
  for (const node of nodes.values()) {
    const known = node.downRevisions.filter((id) => nodes.has(id));
    for (const parent of known) children.set(parent, [...(children.get(parent) ?? []), node.id]);
    const depended = node.dependsOn.flatMap((name) => resolveId(nodes, labels, name) ?? []);
    parents.set(node.id, [...new Set([...known, ...depended])]);
  }
  const ids = [...nodes.keys()].sort();
  return {
    nodes,
    parents,
    children,
    heads: ids.filter((id) => !children.has(id)),
    roots: ids.filter((id) => nodes.get(id)?.downRevisions.length === 0),
    merges: ids.filter((id) => (nodes.get(id)?.downRevisions.length ?? 0) > 1),
    branchPoints: ids.filter((id) => (children.get(id)?.length ?? 0) > 1),
    faults: [...duplicates(revisions), ...duplicateLabels(nodes), ...missing(nodes, labels), ...cycles(ids, parents)],
  };
}

function firstById<N extends Node>(revisions: readonly N[]): Map<string, N> {
  const nodes = new Map<string, N>();
  for (const revision of revisions) if (!nodes.has(revision.id)) nodes.set(revision.id, revision);
  return nodes;
}

function duplicates(revisions: readonly Node[]): GraphFault[] {
  const files = new Map<string, string[]>();
  for (const { id, file } of revisions) files.set(id, [...(files.get(id) ?? []), file]);
  return [...files].flatMap(([id, named]) =>
    named.length > 1 ? [{ kind: "duplicate", id, files: named } as const] : [],
  );
}

function duplicateLabels(nodes: ReadonlyMap<string, Node>): GraphFault[] {
  const owners = new Map<string, string[]>();
  for (const node of nodes.values()) {
    for (const label of new Set(node.branchLabels)) owners.set(label, [...(owners.get(label) ?? []), node.id]);
  }
  return [...owners].flatMap(([label, ids]) =>
    ids.length > 1 ? [{ kind: "duplicate-label", label, ids: ids.sort() } as const] : [],
  );
}

function missing(nodes: ReadonlyMap<string, Node>, labels: ReadonlyMap<string, string>): GraphFault[] {
  return [...nodes.values()].flatMap(({ id, file, downRevisions, dependsOn }) => [
    ...downRevisions
      .filter((parent) => !nodes.has(parent))
      .map((parent) => ({ kind: "missing-parent", id, file, parent }) as const),
    ...dependsOn
      .filter((name) => resolveId(nodes, labels, name) === undefined)
      .map((dependency) => ({ kind: "missing-dependency", id, file, dependency }) as const),
  ]);
}

/** Alembic lets a dependency be an id, an unambiguous start of one, or a branch label. */
function resolveId(
  nodes: ReadonlyMap<string, Node>,
  labels: ReadonlyMap<string, string>,
  name: string,
): string | undefined {
  if (nodes.has(name)) return name;
  const labelled = labels.get(name);
  if (labelled !== undefined) return labelled;
  if (name.length < 4) return undefined;
  const started = [...nodes.keys()].filter((id) => id.startsWith(name));
  return started.length === 1 ? started[0] : undefined;
}

/** What is left once every revision whose parents are gone was taken away holds the cycles and what hangs on them. */
function cycles(ids: readonly string[], parents: ReadonlyMap<string, readonly string[]>): GraphFault[] {
  const order = new Set(topologicalOrder(ids, parents));
  const stuck = new Set(ids.filter((id) => !order.has(id)));
  const faults: GraphFault[] = [];
  for (const id of [...stuck].sort()) {
    const cycle = stuck.has(id) ? walkCycle(id, parents, stuck) : [];
    if (cycle.length > 0) faults.push({ kind: "cycle", ids: cycle });
    for (const member of cycle) stuck.delete(member);
  }
  return faults;
}

function walkCycle(
  start: string,
  parents: ReadonlyMap<string, readonly string[]>,
  stuck: ReadonlySet<string>,
): string[] {
  const path: string[] = [];
  for (let id: string | undefined = start; id !== undefined; ) {
    const seenAt = path.indexOf(id);
    if (seenAt >= 0) return path.slice(seenAt).sort();
    path.push(id);
    id = parents.get(id)?.find((parent) => stuck.has(parent));
  }
  return [];
}

/** Parents before children, ties by id; members of cycles are left out. */
export function topologicalOrder(ids: Iterable<string>, parents: ReadonlyMap<string, readonly string[]>): string[] {
  const wanted = new Set(ids);
  const waiting = new Map([...wanted].map((id) => [id, (parents.get(id) ?? []).filter((p) => wanted.has(p)).length]));
  const followers = new Map<string, string[]>();
  for (const id of wanted) {
    for (const parent of parents.get(id) ?? []) followers.set(parent, [...(followers.get(parent) ?? []), id]);
  }
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  ready.sort();
  const order: string[] = [];
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    order.push(id);
    const freed = (followers.get(id) ?? []).filter((child) => countDown(waiting, child) === 0);
    if (freed.length > 0) ready.unshift(...freed.sort());
  }
  return order;
}

function countDown(waiting: Map<string, number>, id: string): number | undefined {
  const left = waiting.get(id);
  if (left === undefined) return undefined;
  waiting.set(id, left - 1);
  return left - 1;
}

/** The given ids and everything before them, through parents and dependencies. Unknown ids are left out. */
export function ancestors(graph: RevisionGraph, ids: Iterable<string>): Set<string> {
  const found = new Set<string>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id) || !graph.nodes.has(id)) continue;
    found.add(id);
    open.push(...(graph.parents.get(id) ?? []));
  }
  return found;
}

/** What an upgrade from the database's current revisions to the targets has to run, in an order that works. */
export function pathBetween(graph: RevisionGraph, from: Iterable<string>, to: Iterable<string>): string[] {
  const applied = ancestors(graph, from);
  return topologicalOrder(
    [...ancestors(graph, to)].filter((id) => !applied.has(id)),
    graph.parents,
  );
}

/** Revisions the database is at that no file declares: it was migrated by newer, or by other, code. */
export function unknownRevisions(graph: RevisionGraph, current: readonly string[]): string[] {
  return current.filter((id) => !graph.nodes.has(id)).sort();
}

export type Target = { kind: "revisions"; ids: readonly string[] } | { kind: "unresolved"; why: string };

/**
 * Heads that nobody meant: all of several, but for one of each of the given branch labels. A head belongs to the nearest
 * revision before it that carries one of them; where a branch has two heads, both are told.
 */
export function unexpectedHeads(graph: RevisionGraph, branches: readonly string[]): string[] {
  if (graph.heads.length <= 1) return [];
  const owners = new Map(graph.heads.map((head) => [head, branchOf(graph, head, branches)]));
  const taken = [...owners.values()];
  return graph.heads.filter((head) => {
    const branch = owners.get(head);
    return branch === undefined || taken.indexOf(branch) !== taken.lastIndexOf(branch);
  });
}

/** Breadth first, along `down_revision` alone: to depend on a branch is not to be of it. */
function branchOf({ nodes }: RevisionGraph, head: string, branches: readonly string[]): string | undefined {
  const seen = new Set([head]);
  for (const id of seen) {
    const label = nodes.get(id)?.branchLabels.find((name) => branches.includes(name));
    if (label !== undefined) return label;
    for (const parent of nodes.get(id)?.downRevisions ?? []) seen.add(parent);
  }
  return undefined;
}

/** Alembic's words for a target: `head`, `heads`, `label@head`, a label, a revision id or an unambiguous start of one. */
export function resolveTarget(graph: RevisionGraph, target: string): Target {
  if (target === "heads") return { kind: "revisions", ids: graph.heads };
  if (target === "head") return oneHead(graph.heads);
  const [label, rest] = target.split("@");
  if (label !== undefined && (rest === "head" || rest === "heads")) return labelledHead(graph, label);
  const labels = new Map([...graph.nodes.values()].flatMap((node) => node.branchLabels.map((name) => [name, node.id])));
  const id = resolveId(graph.nodes, labels, target);
  return id === undefined
    ? { kind: "unresolved", why: `No revision is called ${target}.` }
    : { kind: "revisions", ids: [id] };
}

function oneHead(heads: readonly string[]): Target {
  if (heads.length <= 1) return { kind: "revisions", ids: heads };
  return { kind: "unresolved", why: `There are ${heads.length} heads: ${heads.join(", ")}.` };
}

function labelledHead(graph: RevisionGraph, label: string): Target {
  const labelled = [...graph.nodes.values()].filter((node) => node.branchLabels.includes(label)).map((node) => node.id);
  if (labelled.length === 0) return { kind: "unresolved", why: `No revision carries the branch label ${label}.` };
  const heads = graph.heads.filter((head) => labelled.some((id) => ancestors(graph, [head]).has(id)));
  return oneHead(heads);
}
