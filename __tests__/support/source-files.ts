import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";

export const root = resolve(import.meta.dirname, "../..");

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  /** What it imports or re-exports, as written. */
  readonly imports: readonly string[];
  /** Those of them that load with the file: neither types alone nor `import()`. */
  readonly eager: readonly string[];
  readonly functions: readonly { readonly name: string; readonly lines: number }[];
}

/** Every TypeScript file below the given folders, parsed. */
export function sourceFiles(...folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.parentPath.includes("node_modules"))
    .map((entry) => parse(join(entry.parentPath, entry.name)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function parse(path: string): SourceFile {
  const text = readFileSync(path, "utf8");
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: string[] = [];
  const eager: string[] = [];
  const functions: SourceFile["functions"][number][] = [];
  const visit = (node: ts.Node): void => {
    const from = moduleOf(node);
    if (from !== undefined) imports.push(from);
    if (from !== undefined && loadsWithFile(node)) eager.push(from);
    const name = functionName(node);
    if (name !== undefined) functions.push({ name, lines: lineCount(file, node) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  const lines = text.split("\n").length - 1;
  return { path: relative(root, path).replaceAll("\\", "/"), lines, imports, eager, functions };
}

function moduleOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? textOf(node.arguments[0]) : undefined;
}

function loadsWithFile(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
  return ts.isExportDeclaration(node) && !node.isTypeOnly;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** Named functions and methods: a callback's length counts with what holds it. */
function functionName(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return node.name?.getText();
  if (ts.isConstructorDeclaration(node)) return "constructor";
  const isNamed = ts.isVariableDeclaration(node) && node.initializer !== undefined;
  return isNamed && ts.isArrowFunction(node.initializer) ? node.name.getText() : undefined;
}

function lineCount(file: ts.SourceFile, node: ts.Node): number {
  const from = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
  return file.getLineAndCharacterOfPosition(node.getEnd()).line - from + 1;
}
