import {
  ancestors,
  buildGraph,
  type GraphFault,
  type OperationCall,
  pathBetween,
  type Revision,
  type RevisionGraph,
  resolveTarget,
  unexpectedHeads,
  unknownRevisions,
} from "./revision-graph.ts";

/** Something a reader could not make sense of in a revision file, found while reading and not in the graph. */
export interface ReadingFault {
  kind: "syntax" | "no-revision-id" | "no-down-revision" | "not-literal" | "no-folder";
  file: string;
  line: number;
  message: string;
}

/** One reason to refuse, in the words of whoever has to act on it. */
export interface Objection {
  /** The file and line to point at, where there is one. */
  file?: string;
  line?: number;
  what: string;
  fix: string;
}

export type GraphReason = "several-heads" | "broken-chain";

export type GraphVerdict<N extends Revision = Revision> =
  /** `target` is `heads` where `head` was asked for and several are meant. */
  | { kind: "sound"; graph: RevisionGraph<N>; target: string }
  | { kind: "refused"; reason: GraphReason; graph: RevisionGraph<N>; objections: readonly Objection[] };

/**
 * Whether the files alone make one chain that Alembic can walk. Several heads are refused unless the target names
 * every one of them (`heads`) or one of them (`label@head`, an id), or the project declares its branches: then each may
 * have one head, and no other is let pass, whatever the target.
 */
export function judgeGraph<N extends Revision>(
  revisions: readonly N[],
  faults: readonly ReadingFault[],
  target = "head",
  branches: readonly string[] = [],
): GraphVerdict<N> {
  const graph = buildGraph(revisions);
  const broken = [...faults.map(explainReading), ...graph.faults.map((fault) => explainFault(fault, graph))];
  if (broken.length > 0) return { kind: "refused", reason: "broken-chain", graph, objections: broken };
  const unexpected = unexpectedHeads(graph, branches);
  if (unexpected.length > 0 && (target === "head" || branches.length > 0)) {
    return { kind: "refused", reason: "several-heads", graph, objections: [explainHeads(graph, unexpected, branches)] };
  }
  return { kind: "sound", graph, target: target === "head" && graph.heads.length > 1 ? "heads" : target };
}

function explainHeads(graph: RevisionGraph, unexpected: readonly string[], branches: readonly string[]): Objection {
  const named = (ids: readonly string[]) => ids.map((id) => `${id} (${graph.nodes.get(id)?.file ?? "?"})`).join(", ");
  const last = graph.nodes.get(unexpected.at(-1) ?? "")?.file;
  const place = last === undefined ? {} : { file: last, line: 1 };
  if (branches.length > 0)
    return {
      ...place,
      what: `The migrations have heads beside the one that each branch (${branches.join(", ")}) may have: ${named(unexpected)}.`,
      fix: "Join heads of one branch (alembic merge with their ids, or rebase the newer one); add the label of a new branch to branches in .augeo/migrations.yml.",
    };
  return {
    ...place,
    what: `The migrations have ${unexpected.length} heads: ${named(unexpected)}.`,
    fix: `Two changes were built on the same revision. Rebase the newer one (set its down_revision to the other head), or join them: alembic merge -m "merge heads" ${graph.heads.join(" ")}. Where they are meant to stay apart, name their branch labels: branches in .augeo/migrations.yml`,
  };
}

function explainReading({ kind, file, line, message }: ReadingFault): Objection {
  const texts: Record<ReadingFault["kind"], [what: string, fix: string]> = {
    syntax: [
      `${file} is not valid Python: ${message}.`,
      "Mend the file; Alembic cannot load any revision while it is there.",
    ],
    "no-revision-id": [
      `${file} stands among the revisions and declares no revision id.`,
      'Add revision = "…" and down_revision = "…", or move the file out of the versions folder.',
    ],
    "no-down-revision": [
      `Revision ${message} (${file}) declares no down_revision.`,
      "Add down_revision = the id of the revision it comes after (None for the first).",
    ],
    "not-literal": [
      `${file}:${line} computes what must be written out: ${message}.`,
      "Write the ids as plain strings, so that the chain can be read without running the file.",
    ],
    "no-folder": [
      `The versions folder ${file} does not exist.`,
      "Correct version_locations in the configuration, or add the folder.",
    ],
  };
  const [what, fix] = texts[kind];
  return kind === "no-folder" ? { what, fix } : { file, line, what, fix };
}

function explainFault(fault: GraphFault, graph: RevisionGraph): Objection {
  switch (fault.kind) {
    case "duplicate":
      return {
        file: fault.files[1] ?? fault.files[0] ?? "",
        line: 1,
        what: `Revision id ${fault.id} is used by ${fault.files.length} files: ${fault.files.join(", ")}.`,
        fix: "Give the newer file an id of its own, and correct what names it as down_revision.",
      };
    case "missing-parent":
      return {
        file: fault.file,
        line: 1,
        what: `Revision ${fault.id} (${fault.file}) comes after ${fault.parent}, which no file declares.`,
        fix: `Add the missing revision file, or set down_revision to a revision that exists (${someIds(graph)}).`,
      };
    case "missing-dependency":
      return {
        file: fault.file,
        line: 1,
        what: `Revision ${fault.id} (${fault.file}) depends on ${fault.dependency}, which no file declares.`,
        fix: "Correct depends_on: a revision id, an unambiguous start of one, or a branch label.",
      };
    case "duplicate-label":
      return {
        what: `Branch label ${fault.label} is used by ${fault.ids.join(" and ")}.`,
        fix: "A branch label may stand in one revision only: remove or rename the others.",
      };
    case "cycle":
      return {
        file: graph.nodes.get(fault.ids[0] ?? "")?.file ?? "",
        line: 1,
        what: `Revisions ${fault.ids.join(", ")} come after one another in a circle.`,
        fix: "Correct the down_revision that points the wrong way.",
      };
  }
}

function someIds(graph: RevisionGraph): string {
  const ids = graph.heads.length > 0 ? graph.heads : [...graph.nodes.keys()];
  return ids.slice(0, 3).join(", ");
}

export type Phase = "expand" | "backfill" | "contract";

/** Calls that take something away from the code that is still running, or tighten what it may write. */
const contractCalls = new Set(["drop_column", "drop_table", "rename_table"]);
const contractSql =
  /^\s*(?:drop\s+(?:table|column|view|type|schema)|truncate|alter\s+table\s[\s\S]*?\b(?:drop\s+column|rename\b|drop\s+default|set\s+not\s+null|(?:set\s+data\s+)?type\s))/i;
const backfillSql = /^\s*(?:update|insert|delete|with\b[\s\S]*\b(?:update|insert|delete))\b/i;

/** A revision's phase as its calls show it; the trace and the contract diff know better where they ran. */
export function phaseOf(revision: Pick<Revision, "operations">): Phase {
  const calls = revision.operations.filter((call) => call.function !== "downgrade");
  if (calls.some(isContract)) return "contract";
  const working = calls.filter(({ receiver }) => receiver !== "autocommit" && receiver !== "context");
  return working.length > 0 && working.every(isBackfill) ? "backfill" : "expand";
}

function isContract(call: OperationCall): boolean {
  if (contractCalls.has(call.name)) return true;
  if (call.name === "alter_column") return tightens(call);
  return contractSql.test(sqlOf(call));
}

function tightens({ keywords }: OperationCall): boolean {
  const nullable = keywords.nullable;
  const notNull = nullable !== undefined && "value" in nullable && nullable.value === false;
  return notNull || "new_column_name" in keywords || narrows(keywords);
}

/** A longer text, or one without a limit, holds and gives what the shorter one did; of other types nothing is known. */
function narrows({ type_: to, existing_type: from }: OperationCall["keywords"]): boolean {
  if (to === undefined) return false;
  const [before, after] = [textLength(from), textLength(to)];
  return before === undefined || after === undefined || after < before;
}

function textLength(type: OperationCall["keywords"][string] | undefined): number | undefined {
  if (type === undefined || !("expression" in type)) return undefined;
  if (/^(?:\w+\.)*(?:Text|TEXT|String|VARCHAR)(?:\(\))?$/.test(type.expression)) return Number.POSITIVE_INFINITY;
  const length = /^(?:\w+\.)*(?:String|VARCHAR)\((?:length=)?(\d+)\)$/.exec(type.expression)?.[1];
  return length === undefined ? undefined : Number(length);
}

function isBackfill(call: OperationCall): boolean {
  return call.name === "bulk_insert" || (call.name.startsWith("exec") && backfillSql.test(sqlOf(call)));
}

/** The statement of an `execute` call, where it is written out: as a text, or inside `sa.text("…")`. */
function sqlOf({ name, arguments: [first] }: OperationCall): string {
  if (!name.startsWith("exec") || first === undefined) return "";
  if ("value" in first) return typeof first.value === "string" ? first.value : "";
  return /^(?:\w+\.)?text\(\s*[rfu]?(?:'''|"""|'|")([\s\S]*)$/.exec(first.expression)?.[1] ?? "";
}

export interface PlannedRevision<N extends Revision = Revision> {
  revision: N;
  phase: Phase;
}

export type UpgradePlan<N extends Revision = Revision> =
  | { kind: "nothing" }
  /** `targets`, in Alembic's words: several where it ends within several branches. */
  | {
      kind: "run";
      targets: readonly string[];
      revisions: readonly PlannedRevision<N>[];
      held: readonly PlannedRevision<N>[];
    }
  | { kind: "contract-only"; held: readonly PlannedRevision<N>[] }
  | { kind: "ahead"; unknown: readonly string[]; beyond: readonly string[] }
  | { kind: "unresolved"; why: string };

/**
 * What an upgrade has to run, given where the database is. With `expandOnly` the plan ends before the first contract
 * revision, and everything from there on is held for a release of its own. `beyond` names known revisions the
 * database is at that come after the target.
 */
export function planUpgrade<N extends Revision>(
  graph: RevisionGraph<N>,
  current: readonly string[],
  target: string,
  expandOnly = false,
): UpgradePlan<N> {
  const unknown = unknownRevisions(graph, current);
  if (unknown.length > 0) return { kind: "ahead", unknown, beyond: [] };
  const resolved = resolveTarget(graph, target);
  if (resolved.kind === "unresolved") return resolved;
  const revisions = pathBetween(graph, current, resolved.ids).flatMap((id) => planned(graph, id));
  if (revisions.length === 0) return nothingOrAhead(graph, current, resolved.ids);
  const first = expandOnly ? revisions.findIndex(({ phase }) => phase === "contract") : -1;
  if (first < 0) return { kind: "run", targets: [target], revisions, held: [] };
  const held = revisions.slice(first);
  if (first === 0) return { kind: "contract-only", held };
  const now = revisions.slice(0, first);
  const inner = new Set(now.flatMap(({ revision }) => graph.parents.get(revision.id) ?? []));
  const targets = now.map(({ revision }) => revision.id).filter((id) => !inner.has(id));
  return { kind: "run", targets, revisions: now, held };
}

function planned<N extends Revision>(graph: RevisionGraph<N>, id: string): PlannedRevision<N>[] {
  const revision = graph.nodes.get(id);
  return revision === undefined ? [] : [{ revision, phase: phaseOf(revision) }];
}

function nothingOrAhead<N extends Revision>(
  graph: RevisionGraph<N>,
  current: readonly string[],
  target: readonly string[],
): UpgradePlan<N> {
  const wanted = ancestors(graph, target);
  const beyond = current.filter((id) => !wanted.has(id) && target.some((goal) => ancestors(graph, [id]).has(goal)));
  return beyond.length > 0 && wanted.size > 0 ? { kind: "ahead", unknown: [], beyond } : { kind: "nothing" };
}
