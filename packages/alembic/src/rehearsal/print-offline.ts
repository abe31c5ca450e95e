import type { Revision } from "@augeo/migrations";
import type { PrintedPiece, PythonFailure } from "../alembic-events.ts";
import { AlembicProcess } from "../alembic-process.ts";
import type { Environment } from "../python-environment.ts";
import type { AlembicProject } from "../read-project.ts";

export interface OfflineRevision {
  id: string;
  pieces: readonly PrintedPiece[];
  /** A revision that reads from the database cannot be printed. */
  failure: PythonFailure | null;
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
  const { python, directory, config } = project;
  let pieces: readonly PrintedPiece[] = [];
  const alembic = new AlembicProcess({
    python,
    directory,
    config,
    env: { ...env, [databaseUrlEnv]: env[databaseUrlEnv] ?? NOWHERE },
    settings: { url: NOWHERE },
    onEvent: (event) => {
      if (event.event === "offline") pieces = event.pieces;
    },
    onOutput: () => undefined,
  });
  try {
    const printed: OfflineRevision[] = [];
    for (const { id, downRevisions } of revisions) {
      pieces = [];
      const [from] = downRevisions;
      const answer = await alembic.request({ do: "offline", target: id, ...(from === undefined ? {} : { from }) });
      printed.push({ id, pieces, failure: answer.kind === "failed" ? answer.failure : null });
    }
    return printed;
  } finally {
    await alembic.close();
  }
}
