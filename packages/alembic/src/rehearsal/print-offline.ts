import type { Revision } from "@augeo/migrations";
import type { PrintedPiece, PythonFailure } from "../alembic-events.ts";
import { AlembicProcess } from "../alembic-process.ts";
import type { Environment } from "../python-environment.ts";
import type { AlembicProject } from "../read-project.ts";
import { canGoPlain, settingsOf, whyPlain, withStandIns } from "./plain-environment.ts";

export interface OfflineRevision {
  id: string;
  pieces: readonly PrintedPiece[];
  /** A revision that reads from the database cannot be printed. */
  failure: PythonFailure | null;
  /** Why it was printed without the project's env.py; null where that was used. */
  plain: string | null;
}

/** Nothing listens there: offline, Alembic only looks at the scheme. */
const NOWHERE = "postgresql://offline@127.0.0.1:1/offline";

/** The SQL of each revision by itself, without a database: one that fails hides no other. */
export async function printOffline(
  project: AlembicProject,
  revisions: readonly Revision[],
  databaseUrlEnv: string,
  env: Environment,
): Promise<OfflineRevision[]> {
  const environment = { ...env, [databaseUrlEnv]: env[databaseUrlEnv] ?? NOWHERE };
  const own = await printEach(project, revisions, environment, null);
  const blocked = own.find(({ failure }) => failure !== null && failure.revision === null)?.failure;
  if (blocked == null || !canGoPlain(blocked)) return own;
  return printEach(project, revisions, environment, whyPlain(blocked));
}

async function printEach(
  project: AlembicProject,
  revisions: readonly Revision[],
  env: Environment,
  plain: string | null,
): Promise<OfflineRevision[]> {
  const { python, directory, config } = project;
  let pieces: readonly PrintedPiece[] = [];
  const standIns = new Set<string>();
  const together = new Map<string, Pick<OfflineRevision, "pieces" | "failure">>();
  const alembic = new AlembicProcess({
    python,
    directory,
    config,
    env,
    settings: { url: NOWHERE, ...settingsOf(project, plain !== null) },
    onEvent: (event) => {
      if (event.event === "offline") pieces = event.pieces;
      if (event.event === "printed") together.set(event.revision, event);
      if (event.event === "stand-in") standIns.add(event.module);
    },
    onOutput: () => undefined,
  });
  try {
    const printed: OfflineRevision[] = [];
    const known = new Set(revisions.map(({ id }) => id));
    // From the first revision on, all of them take one run of env.py instead of one each.
    if (revisions.length > 1 && revisions.every((revision) => revision.downRevisions.every((id) => known.has(id))))
      await alembic.request({ do: "offline-all", revisions: revisions.map(({ id }) => id) });
    for (const { id, downRevisions } of revisions) {
      const seen = together.get(id);
      if (seen !== undefined) {
        const { failure, pieces: own } = seen;
        printed.push({ id, pieces: own, failure, plain: plain === null ? null : withStandIns(plain, standIns) });
        continue;
      }
      pieces = [];
      const [from] = downRevisions;
      const answer = await alembic.request({ do: "offline", target: id, ...(from === undefined ? {} : { from }) });
      const failure = answer.kind === "failed" ? answer.failure : null;
      printed.push({ id, pieces, failure, plain: plain === null ? null : withStandIns(plain, standIns) });
      // One that the environment keeps from being printed tells of all the others.
      if (plain === null && failure !== null && failure.revision === null && canGoPlain(failure)) return printed;
    }
    return printed;
  } finally {
    await alembic.close();
  }
}
