import { ServiceError } from "@augeo/release";
import type { Step } from "../setup/step.ts";
import type { Terminal } from "./terminal.ts";

export interface Applied {
  readonly made: number;
  readonly found: number;
}

/** Looks at each step, and makes what is missing unless only looking was asked. Stops at the first refusal. */
export async function applySetup(
  steps: readonly Step[],
  { say }: Pick<Terminal, "say">,
  dryRun: boolean,
): Promise<Applied> {
  let [made, found] = [0, 0];
  let environment: string | undefined;
  for (const step of steps) {
    if (step.environment !== environment && step.environment !== undefined) say(`${step.environment}:`);
    environment = step.environment;
    const look = await asPerson(step.look());
    const note = look.note === undefined ? "" : ` (${look.note})`;
    if (look.there) {
      found += 1;
      say(`  = ${step.what}${note}`);
      continue;
    }
    made += 1;
    if (!dryRun) await asPerson(step.make());
    say(`  ${dryRun ? "would make" : "+"} ${step.what}${note}`);
  }
  return { made, found };
}

/** A refusal's fix is worded for the identity of a workflow; here a person was refused. */
async function asPerson<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 403 || error.service !== "Azure Resource Manager")
      throw error;
    const { service, operation, status, code, what, why, fix, correlationId } = error;
    const asUser = fix.replace("--assignee-principal-type ServicePrincipal", "--assignee-principal-type User");
    throw new ServiceError({
      ...{ service, operation, status, code, what, why, correlationId },
      fix: `Let an owner of the subscription run this command, or give you the role: ${asUser}`,
      cause: error,
    });
  }
}
