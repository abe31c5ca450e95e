/** The rules of the tree: who may import whom, and how large a file and a function may grow. */
import { describe, expect, test } from "@jest/globals";
import { type SourceFile, sourceFiles } from "./support/source-files.ts";

const PURE = ["release", "migrations"];
const KIT = "action-kit";
const PRIVATE = "rehearsal";

const files = sourceFiles("packages", "actions");
const scripts = sourceFiles("scripts");

/** The package a file belongs to, or `actions`. */
function roomOf({ path }: SourceFile): string {
  const [top, room = ""] = path.split("/");
  return top === "packages" ? room : "actions";
}

interface Import {
  readonly from: string;
  readonly file: string;
  readonly to: string;
}

const imports: Import[] = files.flatMap((file) =>
  file.imports.map((to) => ({ from: roomOf(file), file: file.path, to })),
);

/** `@augeo/azure` → `azure`. */
function workspaceOf({ to }: Import): string | undefined {
  return /^@augeo\/([^/]+)/.exec(to)?.[1];
}

function shown(broken: readonly Import[]): string[] {
  return broken.map(({ file, to }) => `${file} imports ${to}`);
}

describe("imports", () => {
  test("are found at all", () => {
    expect(imports.length).toBeGreaterThan(200);
    expect(new Set(files.map(roomOf))).toEqual(expect.objectContaining(new Set(["actions", KIT, PRIVATE, ...PURE])));
  });

  test("of the pure packages are their own files alone: not even node's modules", () => {
    const broken = imports.filter(({ from, to }) => PURE.includes(from) && !to.startsWith("."));
    expect(shown(broken)).toEqual([]);
  });

  test("of the action kit are the release package, node and npm", () => {
    const broken = imports.filter((one) => one.from === KIT && !["release", undefined].includes(workspaceOf(one)));
    expect(shown(broken)).toEqual([]);
  });

  test("of the shells are the pure packages, never each other, the kit or an action", () => {
    const shells = imports.filter(({ from }) => ![...PURE, KIT, PRIVATE, "actions"].includes(from));
    const broken = shells.filter((one) => ![...PURE, undefined].includes(workspaceOf(one)));
    expect(shown(broken)).toEqual([]);
  });

  test("never reach the rehearsal cloud from what ships", () => {
    const broken = imports.filter((one) => one.from !== PRIVATE && workspaceOf(one) === PRIVATE);
    expect(shown(broken)).toEqual([]);
  });

  test("cross from one package to another by name only, and name a file with its ending", () => {
    const broken = imports.filter(
      ({ file, to }) => to.startsWith(".") && (leavesRoom(file, to) || !/\.(?:ts|json)$/.test(to)),
    );
    expect(shown(broken)).toEqual([]);
  });

  test("of an SDK are on demand: what only some runs need is not loaded by all", () => {
    const heavy = /^@(?:azure|azure-rest)\/|^@actions\/(?:core|github)$|^pg$/;
    const broken = files
      .filter((file) => ![PRIVATE].includes(roomOf(file)))
      .flatMap((file) => file.eager.filter((to) => heavy.test(to)).map((to) => `${file.path} imports ${to}`));
    expect(broken).toEqual([]);
  });
});

function leavesRoom(file: string, to: string): boolean {
  const target = new URL(to, `file:///${file}`).pathname.slice(1);
  const room = (path: string): string =>
    path
      .split("/")
      .slice(0, path.startsWith("packages/") ? 2 : 1)
      .join("/");
  return room(file) !== room(target);
}

describe("actions", () => {
  test("have an entry of at most 30 lines", () => {
    const entries = files.filter(({ path }) => /^actions\/[^/]+\/index\.ts$/.test(path));
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter(({ lines }) => lines > 30).map(({ path }) => path)).toEqual([]);
  });
});

describe("sizes", () => {
  const all = [...files, ...scripts];
  const named = all.flatMap((file) => file.functions.map((one) => ({ ...one, path: file.path })));

  test("of files: over 250 lines is the exception, over 400 too much", () => {
    // One rule after another, and programs in Python: long, and yet nothing in them has to be read together.
    const isList = ({ path }: SourceFile) =>
      /^packages\/(?:migrations\/src\/rules|alembic\/src\/programs)\//.test(path);
    const large = all.filter((file) => file.lines > 250 && !isList(file));
    report(
      "Files over 250 lines",
      large.map(({ path, lines }) => `${path}: ${lines}`),
    );
    expect(large.length / all.length).toBeLessThan(0.08);
    expect(large.filter(({ lines }) => lines > 400).map(({ path }) => path)).toEqual([]);
  });

  test("of functions: over 40 lines is the exception, over 90 too much", () => {
    const large = named.filter(({ lines }) => lines > 40);
    report(
      "Functions over 40 lines",
      large.map(({ path, name, lines }) => `${path} ${name}: ${lines}`),
    );
    expect(large.length / named.length).toBeLessThan(0.02);
    expect(large.filter(({ lines }) => lines > 90).map(({ name }) => name)).toEqual([]);
  });

  test("follow the curve we aim for: a median function of about 11 lines, nine in ten under 30", () => {
    expect(
      quantile(
        named.map(({ lines }) => lines),
        0.5,
      ),
    ).toBeLessThanOrEqual(13);
    expect(
      quantile(
        named.map(({ lines }) => lines),
        0.9,
      ),
    ).toBeLessThanOrEqual(30);
  });
});

/** Shown with AUGEO_SIZES=1: a list to choose from when there is time to split. */
function report(title: string, lines: readonly string[]): void {
  if (process.env.AUGEO_SIZES === "1")
    process.stderr.write(`${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}
