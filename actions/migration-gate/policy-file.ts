import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "@augeo/action-kit";
import { DEFAULT_POLICY, type Policy, readPolicy } from "@augeo/migrations";
import type { GateContext } from "./judge-change.ts";

const NAME = ".augeo/migrations.yml";

/** The project's policy, or the repository's; sizes come from a database where one is given. */
export async function readPolicyFile({ inputs, run, log }: GateContext): Promise<Policy> {
  const own = await filePolicy([inputs["working-directory"], run.workspace]);
  const file = inputs["sizes-file"];
  const policy = file === undefined ? own : { ...own, sizes: (await decodeSizes(file)).sizes };
  const url = inputs["size-database-url"];
  if (url === undefined) return policy;
  const { readTableSizes } = await import("@augeo/alembic");
  const sizes = await readTableSizes(url);
  log.info(`Sizes of ${sizes.size} tables were read.`);
  return { ...policy, sizes: new Map([...policy.sizes, ...sizes]) };
}

/** Branch labels that the project's policy lets have a head each. */
export const readBranches = async (...folders: readonly string[]): Promise<readonly string[]> =>
  (await filePolicy(folders)).branches;

async function filePolicy(folders: readonly string[]): Promise<Policy> {
  for (const folder of folders) {
    const path = join(folder, NAME);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return decode(text, path);
  }
  return DEFAULT_POLICY;
}

async function decodeSizes(path: string): Promise<Policy> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError({ what: `The file of sizes ${path} cannot be read.`, why, fix: "Correct its path.", cause });
  });
  const value = await yamlIn(text, path);
  // The policy's own part may be given whole, or what stands under its key.
  const isWhole = typeof value === "object" && value !== null && "sizes" in value;
  return checked(isWhole ? { sizes: value.sizes } : { sizes: value }, path);
}

async function decode(text: string, path: string): Promise<Policy> {
  return checked(await yamlIn(text, path), path);
}

async function yamlIn(text: string, path: string): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new UsageError({ what: `${path} is not YAML.`, why, fix: "Correct the file.", cause });
  }
}

/** @throws UsageError with every fault and its place. */
function checked(value: unknown, path: string): Policy {
  const { policy, faults } = readPolicy(value);
  if (faults.length === 0) return policy;
  throw new UsageError({
    what: `${path} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}.`,
    why: faults.map(({ path: place, what }) => `${place}: ${what}`).join("\n"),
    fix: faults.map(({ path: place, fix }) => `${place}: ${fix}`).join("\n"),
  });
}
