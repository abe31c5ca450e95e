import { join } from "node:path";
import { type InputsOf, UsageError } from "@augeo/action-kit";
import { readProject } from "@augeo/alembic";
import { type Package, type ReleaseFile, readPackage, writePackage } from "@augeo/azure";
import { judgeGraph, type Objection } from "@augeo/migrations";
import type { ReleaseRecord } from "@augeo/release";
import { readBranches } from "../migration-gate/policy-file.ts";
import { labelOf } from "../slot-deploy/deploy-to-slot.ts";
import type { RunContext } from "../slot-swap/connection.ts";
import { findMismatch, type Mismatch } from "./artifact-digest.ts";
import type { spec } from "./spec.ts";

export type Inputs = InputsOf<typeof spec>;

/** A release made ready on this machine: nothing was asked of anyone yet. */
export interface Prepared {
  package: Package;
  label: ReleaseFile;
  /** The zip that will be sent and stored. */
  packed: string;
  record: ReleaseRecord;
  /** Branches of the revision graph that may stay apart, as the project's policy names them. */
  branches: readonly string[];
}

/** The gate said no on this machine already. */
export interface Refused {
  objections: readonly Objection[];
}

/**
 * Reads the package and the revision graph. Another package than the one that was built, or a graph that is not sound,
 * is refused, which is an outcome; throws `UsageError` for all else that is wrong with either.
 */
export async function prepare(context: RunContext, inputs: Inputs): Promise<Prepared | Refused | Mismatch> {
  const { log, run, clock } = context;
  const mismatch = await findMismatch(inputs);
  if (mismatch) return mismatch;
  const pack = await readPackage(inputs.package);
  const schema =
    inputs["database-url"] === undefined ? { head: null, branches: [] } : await schemaHeadOf(context, inputs, pack);
  if ("objections" in schema) return schema;
  const schemaHead = schema.head;
  const label = labelOf({ release: inputs.release, commit: run.sha, schemaHead }, pack.content);
  const packed = join(run.tempFolder, `${label.content.slice(0, 16)}-release.zip`);
  const { sha256, size } = await writePackage(pack.labelled(label), packed);
  log.info(
    `Release ${label.release}: ${pack.files.length} files, ${(size / 1e6).toFixed(1)} MB packed, schema ${schemaHead ?? "not looked at"}.`,
  );
  const { release, commit } = label;
  const record = { release, commit: commit === "" ? null : commit, artifact: sha256, schemaHead, at: clock.now() };
  return { package: pack, label, packed, record, branches: schema.branches };
}

/** Where the migrations are: `working-directory`, or the package itself when it is a folder. */
export function projectFolder(inputs: Inputs, pack: Pick<Package, "kind">): string {
  if (inputs["working-directory"] !== undefined) return inputs["working-directory"];
  if (pack.kind === "folder") return inputs.package;
  throw new UsageError({
    what: "There is no folder to find the migrations in.",
    why: "database-url asks for migrations, package is a zip, and working-directory is not set.",
    fix: "set working-directory to the folder with alembic.ini.",
  });
}

/** The head of the revision graph, of each branch that is meant; others are refused before anything is changed anywhere. */
async function schemaHeadOf(
  { env, run }: RunContext,
  inputs: Inputs,
  pack: Package,
): Promise<{ head: string | null; branches: readonly string[] } | Refused> {
  const directory = projectFolder(inputs, pack);
  const project = await readProject({ directory, config: inputs["alembic-config"], python: inputs.python }, env);
  const branches = await readBranches(directory, run.workspace);
  const verdict = judgeGraph(project.revisions, project.faults, "head", branches);
  if (verdict.kind === "refused") return { objections: verdict.objections };
  const { heads } = verdict.graph;
  return { head: heads.length === 0 ? null : heads.join(" "), branches };
}
