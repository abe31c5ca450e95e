/** The specs themselves, and what is generated from them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ActionSpec, parseInputs, UsageError } from "@augeo/action-kit";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { actionNames, entrySource } from "../../scripts/build/action-folders.ts";
import { actionSpecs, generatedFiles } from "../../scripts/build/generated-files.ts";
import { root } from "../support/source-files.ts";

let specs: readonly ActionSpec[];
beforeAll(async () => {
  specs = await actionSpecs();
});

function read(path: string): string | undefined {
  const full = join(root, path);
  return existsSync(full) ? readFileSync(full, "utf8") : undefined;
}

const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

describe("what is generated", () => {
  test("is what the specs give: run npm run generate", async () => {
    const files = await generatedFiles();
    files.set("actions/main.ts", entrySource(await actionNames()));
    expect([...files].filter(([path, content]) => read(path) !== content).map(([path]) => path)).toEqual([]);
  });

  test("goes into a README of every action", async () => {
    const names = await actionNames();
    expect(names.filter((name) => read(`actions/${name}/README.md`) === undefined)).toEqual([]);
  });
});

describe("every spec", () => {
  test("uses kebab-case words and explains each of them", () => {
    const faults = specs.flatMap(({ name, inputs, allOutputs, allReasons }) =>
      Object.entries({ ...inputs, ...allOutputs, ...allReasons })
        .filter(([key, { doc }]) => !KEBAB.test(key) || doc.trim() === "")
        .map(([key]) => `${name}: ${key}`),
    );
    expect(faults).toEqual([]);
  });

  test("has no input that is required and has a default", () => {
    const faults = specs.flatMap(({ name, inputs }) =>
      Object.entries(inputs)
        .filter(([, input]) => input.required === true && input.default !== undefined)
        .map(([key]) => `${name}: ${key}`),
    );
    expect(faults).toEqual([]);
  });

  test("has defaults that its own kinds accept", () => {
    const faults = specs.flatMap((spec) => defaultsRefused(spec).map((words) => `${spec.name}: ${words}`));
    expect(faults).toEqual([]);
  });

  test("tells what to do for each reason that fails", () => {
    const faults = specs.flatMap(({ name, allReasons }) =>
      Object.entries(allReasons)
        .filter(([, { fails, fix }]) => fails === true && fix === undefined)
        .map(([key]) => `${name}: ${key}`),
    );
    expect(faults).toEqual([]);
  });

  test("says nothing twice: no input or output takes a common output's name", () => {
    const faults = specs.flatMap(({ name, outputs }) =>
      ["decision", "reason", "result"].filter((key) => key in outputs).map((key) => `${name}: ${key}`),
    );
    expect(faults).toEqual([]);
  });
});

/** Parses the spec with its required inputs left out of it, so that only defaults are read. */
function defaultsRefused(spec: ActionSpec): string[] {
  const optional = Object.entries(spec.inputs).filter(
    ([, input]) => input.required !== true && !String(input.default ?? "").includes("${{"),
  );
  try {
    parseInputs({ inputs: Object.fromEntries(optional) }, {});
    return [];
  } catch (error) {
    if (error instanceof UsageError) return [error.what];
    throw error;
  }
}
