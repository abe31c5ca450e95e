import { type ActionContext, type InputsOf, UsageError } from "@augeo/action-kit";
import { type AlembicProject, type MigrationOutcome, readProject } from "@augeo/alembic";
import { ancestors, judgeGraph, type Phase, pathBetween, resolveTarget } from "@augeo/migrations";
import {
  beginContract,
  type Explanation,
  endContract,
  release as giveBack,
  type Head,
  type Held,
  moveHeld,
  permitContract,
  type SchemaChange,
} from "@augeo/release";
import { openNotes } from "../freeze/open-notes.ts";
import { holdLock } from "../slot-swap/hold-lock.ts";
import { readBranches } from "./policy-file.ts";
import type { spec } from "./spec.ts";

type Context = ActionContext<typeof spec>;

/** What was applied, and in whose terms it is told. */
export interface Applied<T> extends Pick<MigrationOutcome, "from" | "to"> {
  readonly applied: readonly { readonly phase: Phase }[];
  readonly told: T;
}

/** Why nothing was contracted. */
export interface ContractRefusal {
  readonly reason: "rollback-window-open" | "contract-not-live" | "frozen" | "release-lock";
  readonly explanation: Explanation;
}

const REASONS = { "window-open": "rollback-window-open", "not-live": "contract-not-live", frozen: "frozen" } as const;

/**
 * Applies contract revisions as a release of their own: under the ledger's lock, so that nothing is released or rolled
 * back meanwhile, and recorded in the ledger before the first statement, so that no rollback trusts the old schema.
 */
export async function contractSchema<T>(
  context: Context,
  apply: () => Promise<Applied<T>>,
): Promise<Applied<T> | ContractRefusal> {
  const { inputs, log, clock } = context;
  const place = placeOf(inputs);
  const project = await readProject(projectOptions(inputs), context.env);
  const branches = await readBranches(inputs["working-directory"], context.run.workspace);
  const ledger = openNotes(context, place);
  const lock = { ...place, "github-token": inputs["github-token"], "lock-wait": inputs["lock-wait"] };
  const acquired = await holdLock(context, ledger, lock);
  if (acquired.kind !== "acquired") return { reason: "release-lock", explanation: acquired.explanation };
  let { held } = acquired;
  const move = async (change: (head: Head) => Head): Promise<void> => {
    held = await moved(ledger, held, change);
  };
  const permit = permitContract(held.head, {
    now: clock.now(),
    rollbackWindow: inputs["rollback-window"],
    knows: (schemaHead) => knowsTarget(project, inputs.target, branches, schemaHead),
  });
  if (permit.kind === "refused") {
    await move((head) => giveBack(head, clock.now()));
    return { reason: REASONS[permit.code], explanation: permit.explanation };
  }
  const { release, schemaHead } = permit.live;
  const from = held.head.schemaChanges.at(-1)?.to ?? null;
  const announced: SchemaChange = { from, to: schemaHead, kind: "contract", release, at: clock.now() };
  await move((head) => beginContract(head, announced, clock.now()));
  log.info(`The ledger knows: from here on no rollback before ${release} fits the schema.`);
  let done: Applied<T> | undefined;
  try {
    done = await apply();
    return done;
  } finally {
    // Where an error hides what was done, what was announced stays: a rollback too few is better than one too many.
    const real = done === undefined ? announced : changeOf(done, announced);
    await move((head) => endContract(head, announced, real, clock.now()));
  }
}

function changeOf({ from, to, applied }: Applied<unknown>, announced: SchemaChange): SchemaChange | null {
  if (applied.length === 0) return null;
  const kind = applied.some(({ phase }) => phase === "contract") ? "contract" : "expand";
  return { ...announced, from: nodeOf(from), to: nodeOf(to), kind };
}

const nodeOf = (ids: readonly string[] | null): string | null => (ids && ids.length > 0 ? ids.join(" ") : null);

async function moved(ledger: Parameters<typeof moveHeld>[0], held: Held, change: (head: Head) => Head): Promise<Held> {
  const result = await moveHeld(ledger, held, change);
  if (result.kind === "written") return result.held;
  throw new UsageError({
    what: "Somebody else took the ledger's lock over while the schema was contracted.",
    why: result.why,
    fix: "Look where the database is (alembic current), and keep other releases from taking this lock over.",
  });
}

/** The target, with all before it, is part of the code that was built for this head. */
function knowsTarget(
  { revisions, faults }: AlembicProject,
  target: string,
  branches: readonly string[],
  schemaHead: string | null,
): boolean {
  const verdict = judgeGraph(revisions, faults, target, branches);
  const { graph } = verdict;
  const resolved = resolveTarget(graph, verdict.kind === "sound" ? verdict.target : target);
  const heads = schemaHead?.split(" ") ?? [];
  if (resolved.kind !== "revisions" || heads.length === 0 || heads.some((id) => !graph.nodes.has(id))) return false;
  const known = ancestors(graph, heads);
  return pathBetween(graph, [], resolved.ids).every((id) => known.has(id));
}

const projectOptions = (inputs: InputsOf<typeof spec>) => ({
  directory: inputs["working-directory"],
  config: inputs["alembic-config"],
  python: inputs.python,
});

function placeOf(inputs: InputsOf<typeof spec>) {
  const { app, ledger, environment, cloud, "client-id": client, "tenant-id": tenant } = inputs;
  if (app !== undefined && ledger !== undefined && client !== undefined && tenant !== undefined)
    return { app, ledger, environment, cloud, "client-id": client, "tenant-id": tenant };
  const missing = (["app", "ledger", "client-id", "tenant-id"] as const).filter((name) => inputs[name] === undefined);
  throw new UsageError({
    what: "phase: contract has to read the ledger: it says which code is live and whether a rollback may still need what goes.",
    why: `Missing: ${missing.join(", ")}.`,
    fix: "Set them as in the job that releases; where there is no ledger, and no rollback either, apply with phase: all.",
  });
}
