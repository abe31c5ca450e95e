/** Deletes the stored packages that no ledger of the container names any more. What fails here fails no reconciler. */
import { type ActionContext, ServiceError } from "@augeo/action-kit";
import { type AzureSession, openPackages, type Packages } from "@augeo/azure";
import { decideRetention, type Explanation, type KeptPackage, oldPackages, type Retention } from "@augeo/release";
import { placeOf, readHeads } from "./heads.ts";
import type { spec } from "./spec.ts";

type Context = ActionContext<typeof spec>;

export interface PackagesReport {
  /** With `dry-run`: what would be deleted. */
  readonly deleted: number;
  /** Of those. */
  readonly bytes: number;
  readonly kept: number;
  readonly keptBytes: number;
  readonly isDry: boolean;
  /** Why something, or all, was left that may be old enough. */
  readonly warnings: readonly Explanation[];
}

/** Undefined: switched off, or the list was not given; then nothing can be said of packages. */
export async function listPackages(context: Context, azure: AzureSession): Promise<KeptPackage[] | undefined> {
  if (context.inputs["keep-packages"] === 0) return undefined;
  try {
    return await packagesOf(context, azure).list();
  } catch (error) {
    warn(context, explanationOf(context, error));
    return undefined;
  }
}

const packagesOf = ({ inputs }: Context, azure: AzureSession): Packages =>
  openPackages(azure.context, azure.signIn.asCredential(), placeOf(azure, inputs.ledger));

/** `listed` before anything else was read: see `decideRetention`. */
export async function retainPackages(
  context: Context,
  azure: AzureSession,
  listed: readonly KeptPackage[],
): Promise<PackagesReport> {
  const { inputs } = context;
  const isDry = inputs["dry-run"];
  const decided = await decide(context, azure, listed);
  const goes = decided.kind === "decided" ? decided.goes : [];
  const warnings = decided.kind === "decided" ? [] : [decided.explanation];
  const deleted: KeptPackage[] = [];
  const packages = packagesOf(context, azure);
  for (const each of goes) {
    const end = isDry || (await remove(context, packages, each));
    if (end === true) deleted.push(each);
    else if (end !== false) warnings.push(end);
  }
  for (const warning of warnings) warn(context, warning);
  const kept = listed.filter((each) => !deleted.includes(each));
  const report = { deleted: deleted.length, bytes: sizeOf(deleted), kept: kept.length, keptBytes: sizeOf(kept) };
  return { ...report, isDry, warnings };
}

/** The heads are read only where a package is old enough to go. */
async function decide(context: Context, azure: AzureSession, listed: readonly KeptPackage[]): Promise<Retention> {
  const { inputs, clock } = context;
  const keep = inputs["keep-packages"];
  if (oldPackages(listed, keep, clock.now()).length === 0) return { kind: "decided", goes: [], stays: listed };
  try {
    return decideRetention(listed, await readHeads(azure, inputs.ledger), keep, clock.now());
  } catch (error) {
    return { kind: "in-doubt", explanation: explanationOf(context, error) };
  }
}

async function remove(context: Context, packages: Packages, listed: KeptPackage): Promise<boolean | Explanation> {
  try {
    const isDeleted = await packages.remove(listed);
    if (isDeleted) context.log.info(`Deleted artifacts/${listed.sha256}.zip: no ledger names it.`);
    return isDeleted;
  } catch (error) {
    return explanationOf(context, error);
  }
}

function explanationOf({ signal }: Context, error: unknown): Explanation {
  if (signal.aborted || !(error instanceof ServiceError)) throw error;
  return error;
}

const warn = ({ log }: Context, { what, why, fix }: Explanation): void => log.warning(`${what} ${why} Fix: ${fix}`);

const sizeOf = (packages: readonly KeptPackage[]): number => packages.reduce((sum, { bytes }) => sum + bytes, 0);
