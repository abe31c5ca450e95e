import { dirname, resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "../..");

/**
 * What is wrong with a SARIF 2.1.0 log, by the standard's own shape as `@types/sarif` writes it: missing and unknown
 * properties, wrong types, words that are in no list. Empty when nothing is.
 */
export function sarifFaults(log: string): string[] {
  const name = resolve(root, "__tests__/support/log-under-test.ts");
  const source = `import type { Log } from "sarif";\nexport const log: Log = ${log};\n`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ["lib.es2022.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version) =>
    file === name ? ts.createSourceFile(file, source, version) : read(file, version);
  host.fileExists = (file) => file === name || ts.sys.fileExists(file);
  host.getCurrentDirectory = () => dirname(name);
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}
