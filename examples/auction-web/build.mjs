/**
 * `node build.mjs <folder>`: builds the site as bundlers do, with the hash of each script's content in its name, and puts
 * the server beside it. What is in the folder then is the package: the same one for every environment.
 */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const [folder = "dist"] = process.argv.slice(2);
const source = (name) => join(import.meta.dirname, "src", name);
const assets = join(folder, "site", "assets");

/** Writes a script under its hashed name, which it resolves to. */
async function emit(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const hashed = name.replace(/\.js$/, `-${hash}.js`);
  await writeFile(join(assets, hashed), text);
  return hashed;
}

await mkdir(assets, { recursive: true });
const items = await emit("items.js", await readFile(source("items.js"), "utf8"));
const main = await emit("main.js", (await readFile(source("main.js"), "utf8")).replace("items.js", items));
const page = (await readFile(source("index.html"), "utf8")).replace('src="main.js"', `src="/assets/${main}"`);
await writeFile(join(folder, "site", "index.html"), page);
await copyFile(join(import.meta.dirname, "server.mjs"), join(folder, "server.mjs"));
