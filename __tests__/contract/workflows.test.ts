/** Every workflow, template and fenced YAML block, held against what the actions and reusable workflows declare. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ActionSpec } from "@augeo/action-kit";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { publishedSpecs } from "../../scripts/build/generated-files.ts";
import { root } from "../support/source-files.ts";
import { fieldsOf, type Use, usesIn, type WorkflowDocument, workflowDocuments } from "../support/workflow-documents.ts";

const documents = workflowDocuments();
const uses = documents.flatMap(usesIn);
const actions = uses.filter(({ kind }) => kind === "action");
const workflows = uses.filter(({ kind }) => kind === "workflow");
let specs: ReadonlyMap<string, ActionSpec>;

beforeAll(async () => {
  specs = new Map((await publishedSpecs()).map((spec) => [spec.name, spec]));
});

function specOf({ name }: Use): ActionSpec | undefined {
  return specs.get(name);
}

test("every block is YAML", () => {
  expect(documents.filter(({ errors }) => errors.length > 0).map(({ place, errors }) => [place, errors])).toEqual([]);
});

describe("each use of an action", () => {
  test("names one that exists", () => {
    expect(actions.filter((use) => specOf(use) === undefined).map(({ place, name }) => [place, name])).toEqual([]);
  });

  test("gives declared inputs only", () => {
    const unknown = actions.flatMap((use) => {
      const declared = Object.keys(specOf(use)?.inputs ?? {});
      return Object.keys(use.given)
        .filter((key) => !declared.includes(key))
        .map((key) => [use.place, use.name, key]);
    });
    expect(unknown).toEqual([]);
  });

  test("gives every required input", () => {
    const missing = actions.flatMap((use) =>
      Object.entries(specOf(use)?.inputs ?? {})
        .filter(([name, input]) => input.required === true && !(name in use.given))
        .map(([name]) => [use.place, use.name, name]),
    );
    expect(missing).toEqual([]);
  });

  test("is granted the permissions it needs, where its document grants any", () => {
    const lacking = actions.flatMap((use) =>
      Object.entries(specOf(use)?.permissions ?? {})
        .filter(([name, { level, optional }]) => optional !== true && !covers(use.permissions, name, level))
        .map(([name, { level }]) => [use.place, use.name, `${name}: ${level}`]),
    );
    expect(lacking).toEqual([]);
  });
});

function covers(granted: Use["permissions"], name: string, level: "read" | "write"): boolean {
  if (granted === undefined || granted === "write-all") return true;
  if (typeof granted === "string") return level === "read" && granted === "read-all";
  return granted[name] === "write" || granted[name] === level;
}

describe("each use of an output", () => {
  test("names one that its step's action declares", () => {
    expect(documents.flatMap(undeclaredOutputs)).toEqual([]);
  });
});

function undeclaredOutputs(document: WorkflowDocument): [string, string][] {
  const steps = new Map(usesIn(document).flatMap((use) => (use.id === undefined ? [] : [[use.id, use] as const])));
  return [...document.text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)].flatMap(([whole, id = "", output = ""]) => {
    const use = steps.get(id);
    const declared = use === undefined ? undefined : specOf(use)?.allOutputs;
    return declared === undefined || output in declared ? [] : [[document.place, whole]];
  });
}

describe("each call of a reusable workflow", () => {
  const declarations = new Map(
    workflows.map(({ name }) => {
      const path = join(root, ".github/workflows", name);
      const workflow = existsSync(path) ? fieldsOf(parse(readFileSync(path, "utf8"))) : {};
      return [name, fieldsOf(fieldsOf(workflow.on).workflow_call)] as const;
    }),
  );
  const inputsOf = (name: string) => fieldsOf(declarations.get(name)?.inputs);

  test("names one that exists and can be called", () => {
    const missing = workflows.filter(({ name }) => Object.keys(declarations.get(name) ?? {}).length === 0);
    expect(missing.map(({ place, name }) => [place, name])).toEqual([]);
  });

  test("gives declared inputs only, and every required one", () => {
    const wrong = workflows.flatMap(({ place, name, given }) => [
      ...Object.keys(given)
        .filter((key) => !(key in inputsOf(name)))
        .map((key) => [place, name, `unknown: ${key}`]),
      ...Object.entries(inputsOf(name))
        .filter(([key, input]) => fieldsOf(input).required === true && !(key in given))
        .map(([key]) => [place, name, `missing: ${key}`]),
    ]);
    expect(wrong).toEqual([]);
  });
});

describe("each complete workflow that uses this toolkit", () => {
  const complete = documents.filter(
    ({ value, place }) => "jobs" in fieldsOf(value) && usesIn({ place, value, text: "", errors: [] }).length > 0,
  );

  test("says what it is permitted", () => {
    const silent = complete.flatMap(usesIn).filter(({ permissions }) => permissions === undefined);
    expect(silent.map(({ place }) => place)).toEqual([]);
  });

  test("never cancels a run that changes traffic or schema", () => {
    const looks = ["health-probe", "doctor", "migration-gate.yml"];
    const changes = (use: Use) => !looks.includes(use.name);
    const cancelling = complete.filter(
      (document) => usesIn(document).some(changes) && /cancel-in-progress:\s*true/.test(document.text),
    );
    expect(cancelling.map(({ place }) => place)).toEqual([]);
  });
});
