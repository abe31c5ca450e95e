/**
 * Serves a built single-page front end on App Service, beside which it lies: `site/` is what the bundler wrote.
 * Start command: `node server.mjs`. Needs nothing but Node.
 *
 *   /config.json    every app setting PUBLIC_<NAME>, as {"<NAME>": …}: one package serves every environment
 *   /health/ready   503 while a setting that the site needs is missing
 *   /assets/…       names carry a hash of the content, so browsers keep them for ever; one that is not here is asked of
 *                   the other slot (app setting OTHER_SLOT_URL), where the release before or after this one lies
 *   everything else the file, else index.html, so that addresses inside the app can be opened and reloaded
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

/** App settings without which the site cannot work. */
const required = ["PUBLIC_API_URL"];

const site = join(import.meta.dirname, "site");
const settings = Object.entries(process.env).filter(([name]) => name.startsWith("PUBLIC_"));
const config = Object.fromEntries(settings.map(([name, value]) => [name.slice("PUBLIC_".length), value]));
const missing = required.filter((name) => !process.env[name]);
const label = await readFile(join(import.meta.dirname, "augeo-release.json"), "utf8").catch(() => "{}");
const { release = null } = JSON.parse(label);

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};
const typeOf = (path) => types[extname(path)] ?? "application/octet-stream";

const FOREVER = "public, max-age=31536000, immutable";
/** May be kept, but has to be asked about each time: the page names the assets of one release. */
const ASK_FIRST = "no-cache";
const NEVER = "no-store";

const json = (status, body) => ({ status, type: "application/json", cache: NEVER, body: JSON.stringify(body) });
const nothing = { status: 404, type: "text/plain; charset=utf-8", cache: NEVER, body: "Not found" };

async function file(path, cache) {
  const body = await readFile(join(site, path)).catch(() => undefined);
  return body && { status: 200, type: typeOf(path), cache, body };
}

/** A page that was opened before a swap, or before a way back, still asks for the scripts of its own release. */
async function fromOtherSlot(path, request) {
  const other = process.env.OTHER_SLOT_URL;
  if (!other || request.headers["x-from-slot"]) return undefined;
  try {
    const headers = { "x-from-slot": process.env.WEBSITE_SLOT_NAME ?? "slot" };
    const reply = await fetch(new URL(path, other), { headers, signal: AbortSignal.timeout(5000), redirect: "error" });
    if (!reply.ok) return undefined;
    return { status: 200, type: typeOf(path), cache: FOREVER, body: Buffer.from(await reply.arrayBuffer()) };
  } catch {
    return undefined;
  }
}

async function answer(request) {
  if (request.method !== "GET" && request.method !== "HEAD") return { ...nothing, status: 405, body: "GET only" };
  const path = normalize(decodeURIComponent(new URL(request.url, "http://site").pathname));
  if (path === "/health/ready") return json(missing.length === 0 ? 200 : 503, { release, missing });
  if (path === "/config.json") return json(200, config);
  if (path.startsWith("/assets/"))
    return (await file(path, FOREVER)) ?? (await fromOtherSlot(path, request)) ?? nothing;
  const found = path === "/" ? undefined : await file(path, ASK_FIRST);
  if (found) return found;
  return extname(path) === "" ? await file("/index.html", ASK_FIRST) : nothing;
}

createServer(async (request, response) => {
  const { status, type, cache, body } = await answer(request).catch(() => ({ ...nothing, status: 400 }));
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": cache,
    "x-content-type-options": "nosniff",
    ...(release && { "x-release": release }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}).listen(process.env.PORT ?? 8080);
