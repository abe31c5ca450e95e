import { join } from "node:path";
import { type Log, UsageError } from "@augeo/action-kit";
import { readPackage } from "@augeo/azure";
import type { ReleaseRecord, Steps } from "@augeo/release";
import { deployToSlot } from "../slot-deploy/deploy-to-slot.ts";
import { type Connection, type ConnectionInputs, type RunContext, refOf } from "../slot-swap/connection.ts";

/** How long one deployment to the slot and the start of its app may take. */
export interface StageInputs extends ConnectionInputs {
  readonly "deploy-timeout": number;
  readonly "start-timeout": number;
}

/** Brings a release of the ledger back into the slot, by the package that was stored of it. */
export async function stageStored(
  context: RunContext,
  connection: Connection,
  inputs: StageInputs,
  record: ReleaseRecord,
): Promise<void> {
  const { ledger } = connection;
  if (!ledger || record.artifact === null) throw notStored(record);
  const path = join(context.run.tempFolder, `${record.artifact}.zip`);
  await context.log.group(`Fetch the stored package of ${record.release}`, () =>
    ledger.fetchArtifact(record.artifact ?? "", path),
  );
  const pack = await readPackage(path);
  const label = pack.label ?? { release: record.release, commit: record.commit ?? "", schemaHead: record.schemaHead };
  if (label.release !== record.release) throw notItself(record, label.release);
  await stage(context, connection, inputs, { package: pack, packed: path, ...label });
}

interface Staged {
  package: Parameters<typeof deployToSlot>[1]["package"];
  packed: string;
  release: string;
  commit: string;
  schemaHead: string | null;
}

/** Sends a packed release to the slot, at most once, until the slot holds it. */
export async function stage(
  { log }: { log: Log },
  { session }: Connection,
  inputs: StageInputs,
  staged: Staged,
): Promise<void> {
  const options = {
    slot: refOf(inputs),
    createSlot: false,
    via: "scm" as const,
    storage: undefined,
    timeout: inputs["deploy-timeout"],
    startTimeout: inputs["start-timeout"],
    ...staged,
  };
  // The ledger says how far the release came; the deployment itself is found again by its release.
  const record = async () => {};
  await log.group(`Deploy ${staged.release} to slot ${inputs.slot}`, () => deployToSlot({ session, record }, options));
}

/** Steps of a rollback: nothing is migrated, ever, and what comes into the slot is what was stored. */
export const storedSteps =
  (context: RunContext, inputs: StageInputs) =>
  (connection: Connection): Steps => ({
    migrate: async () => null,
    stage: (record) => stageStored(context, connection, inputs, record),
  });

function notStored({ release }: ReleaseRecord): UsageError {
  return new UsageError({
    what: `Release ${release} can no longer be brought back into the slot.`,
    why: "It is not in the slot any more and its package was not stored.",
    fix: "build its commit again and release it.",
  });
}

function notItself({ release, artifact }: ReleaseRecord, found: string): UsageError {
  return new UsageError({
    what: `The stored package of ${release} is not ${release}.`,
    why: `artifacts/${artifact}.zip names itself ${found}.`,
    fix: "build the release's commit again and release it; find out who writes to the ledger's container.",
  });
}
