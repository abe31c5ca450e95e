import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ActionSpec } from "@augeo/action-kit";
import {
  actionMetadata,
  inputsTable,
  outputsTable,
  permissionsTable,
  reasonsTable,
  referencePage,
  replaceMarked,
} from "@augeo/action-kit/writers";
import { stringify } from "yaml";
import { settingsSchema } from "../../actions/settings/json-schema.ts";
import { actionNames, root } from "./action-folders.ts";
import { composites } from "./composites.ts";
import { rulePages } from "./rule-pages.ts";

/** The whole release is the action at the repository's root; the others are used by their path. */
const ROOT_ACTION = "release";
const REPOSITORY = "augeo/deploy-action";
const HEADING = "# Written by scripts/generate.ts from the action's spec.ts.\n";

/** The specs of all actions with a bundle, in order of their names. */
export async function actionSpecs(): Promise<ActionSpec[]> {
  const names = await actionNames();
  return Promise.all(
    names.map(async (name) => {
      const { spec } = (await import(join(root, "actions", name, "spec.ts"))) as { spec: ActionSpec };
      if (spec.name !== name) throw new Error(`actions/${name}/spec.ts names itself ${spec.name}`);
      return spec;
    }),
  );
}

/** The specs of everything a workflow can use: composites as well, which have no bundle of their own. */
export async function publishedSpecs(): Promise<ActionSpec[]> {
  const bundled = await actionSpecs();
  const all = [...bundled, ...composites(bundled).map(({ spec }) => spec)];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a workflow writes after `uses:`. */
export function usesOf(name: string): string {
  return name === ROOT_ACTION ? `${REPOSITORY}@v1` : `${REPOSITORY}/actions/${name}@v1`;
}

/**
 * The metadata of an action, by its path from the repository's root. The whole release has two: at the root for its
 * users, and in its folder for this repository's own workflows, which name it as `$/actions/release`.
 */
function metadataFiles(spec: ActionSpec): [string, string][] {
  const own: [string, string] = [`actions/${spec.name}/action.yml`, metadataText(spec, "../../dist")];
  return spec.name === ROOT_ACTION ? [["action.yml", metadataText(spec, "dist")], own] : [own];
}

/** Every generated file, from the repository's root, with what it has to hold. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const bundled = await actionSpecs();
  const files = new Map<string, string>(rulePages());
  for (const spec of bundled) for (const [path, text] of metadataFiles(spec)) files.set(path, text);
  for (const { spec, metadata } of composites(bundled)) files.set(`actions/${spec.name}/action.yml`, metadata);
  const specs = await publishedSpecs();
  files.set("schemas/deploy.schema.json", `${JSON.stringify(settingsSchema(), null, 2)}\n`);
  for (const spec of specs) {
    files.set(`docs/reference/${spec.name}.md`, referencePage(spec, usesOf(spec.name)));
    const readme = `actions/${spec.name}/README.md`;
    if (existsSync(join(root, readme))) files.set(readme, withTables(await read(readme), spec));
  }
  if (existsSync(join(root, "README.md"))) {
    files.set("README.md", replaceMarked(await read("README.md"), "actions", actionsTable(specs)));
  }
  return files;
}

function read(path: string): Promise<string> {
  return readFile(join(root, path), "utf8");
}

function metadataText(spec: ActionSpec, dist: string): string {
  return HEADING + stringify(actionMetadata(spec, dist), { lineWidth: 0 });
}

function withTables(readme: string, spec: ActionSpec): string {
  const tables = {
    inputs: inputsTable(spec),
    outputs: outputsTable(spec),
    reasons: reasonsTable(spec),
    permissions: permissionsTable(spec),
  };
  return Object.entries(tables).reduce((text, [name, table]) => replaceMarked(text, name, table), readme);
}

function actionsTable(specs: readonly ActionSpec[]): string {
  const rows = specs.map(({ name, description }) => `| [${name}](actions/${name}/README.md) | ${description} |`);
  return ["| action | what it does |", "| --- | --- |", ...rows].join("\n");
}
