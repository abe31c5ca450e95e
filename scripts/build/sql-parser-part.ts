import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const MODULE = "libpg-query.wasm";

/** Whether a part of the bundle is the loader of PostgreSQL's parser. */
export function isSqlParser(source: string): boolean {
  return source.includes(`"${MODULE}"`) && source.includes("scriptDirectory=__dirname");
}

/**
 * The loader reads its WASM module from its own folder, which a bundle has to be told, and 1.7 MB of it would be a
 * fifth of `dist/`: it is kept compressed (a sixth) and unpacked when it is read.
 * @throws Error when the loader is no longer written as expected.
 */
export function withCompressedModule(source: string): string {
  const told = source.replace("scriptDirectory=__dirname", "scriptDirectory=import.meta.dirname");
  const unpacked = told.replaceAll(
    /fs\.readFileSync\(filename\)/g,
    'process.getBuiltinModule("node:zlib").brotliDecompressSync(fs.readFileSync(filename+".br"))',
  );
  if (unpacked === told) throw new Error("libpg-query reads its module in another way than scripts/build expects");
  return unpacked;
}

export async function compressedModule(root: string): Promise<[name: string, content: Buffer]> {
  const module = await readFile(join(root, "node_modules/libpg-query/wasm", MODULE));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: module.length };
  return [`${MODULE}.br`, brotliCompressSync(module, { params })];
}
