import { createReadStream, type Stats } from "node:fs";
import { mkdir, readdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { SlotHost } from "../hosting/slot-host.ts";
import type { Call, Reply, Routes } from "../http.ts";

/** `/api/vfs/…`: the app's `/home`, file by file. A path that ends in a slash is a directory. */
export function addVfsRoutes(routes: Routes, host: SlotHost): void {
  routes.add("GET", "/api/vfs/{*path}", (call) => read(call, host));
  routes.add("PUT", "/api/vfs/{*path}", (call) => write(call, host));
  routes.add("DELETE", "/api/vfs/{*path}", (call) => remove(call, host));
}

/** A path below the app's home; what climbs out is not there. */
export function homePath(host: SlotHost, path: string): string | undefined {
  const full = join(host.app.home, path);
  return relative(host.app.home, full).startsWith("..") ? undefined : full;
}

function missing(call: Call): Reply {
  return { status: 404, body: { Message: `'/home/${call.param("path")}' not found.` } };
}

async function look(call: Call, host: SlotHost): Promise<{ path: string; stats: Stats } | undefined> {
  const path = homePath(host, call.param("path"));
  if (path === undefined) return undefined;
  const stats = await stat(path).catch(() => undefined);
  return stats && { path, stats };
}

function etagOf(stats: Stats): string {
  return `"${Math.round(stats.mtimeMs * 1000).toString(16)}${stats.size.toString(16)}"`;
}

async function read(call: Call, host: SlotHost): Promise<Reply> {
  const there = await look(call, host);
  if (there === undefined) return missing(call);
  const { path, stats } = there;
  if (stats.isDirectory()) return readFolder(call, path);
  const etag = etagOf(stats);
  if (call.header("if-none-match") === etag) return { status: 304, headers: { etag } };
  const headers = {
    etag,
    "last-modified": stats.mtime.toUTCString(),
    "content-type": path.endsWith(".json") ? "application/json" : "application/octet-stream",
    "content-length": stats.size,
  };
  return call.method === "HEAD" ? { status: 200, headers } : { status: 200, headers, body: createReadStream(path) };
}

async function readFolder(call: Call, path: string): Promise<Reply> {
  if (!call.path.endsWith("/")) return { status: 307, headers: { location: `${call.origin}${call.path}/` } };
  const names = (await readdir(path)).sort();
  const entries = await Promise.all(names.map((name) => entryOf(call, path, name)));
  return { status: 200, body: entries.filter((entry) => entry !== undefined) };
}

async function entryOf(call: Call, folder: string, name: string) {
  const stats = await stat(join(folder, name)).catch(() => undefined);
  if (stats === undefined) return undefined;
  return {
    name,
    size: stats.isDirectory() ? 0 : stats.size,
    mtime: stats.mtime.toISOString(),
    crtime: stats.birthtime.toISOString(),
    mime: stats.isDirectory() ? "inode/directory" : "application/octet-stream",
    href: `${call.origin}${call.path}${encodeURIComponent(name)}${stats.isDirectory() ? "/" : ""}`,
    path: `/home/${call.param("path")}/${name}`,
  };
}

/** Replacing or deleting a file needs its ETag, or `*`. */
function conflict(call: Call, stats: Stats): Reply | undefined {
  const wanted = call.header("if-match");
  if (wanted === "*" || wanted === etagOf(stats)) return undefined;
  if (wanted === undefined)
    return { status: 412, body: { Message: "If-Match header must be specified to replace an existing file." } };
  return { status: 412, body: { Message: "ETag does not represent the latest state of the resource." } };
}

async function write(call: Call, host: SlotHost): Promise<Reply> {
  const path = homePath(host, call.param("path"));
  if (path === undefined) return missing(call);
  if (call.path.endsWith("/")) {
    await mkdir(path, { recursive: true });
    return { status: 201 };
  }
  const there = await look(call, host);
  const refused = there && conflict(call, there.stats);
  if (refused) return refused;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await call.bytes());
  return { status: there ? 204 : 201, headers: { etag: etagOf(await stat(path)) } };
}

async function remove(call: Call, host: SlotHost): Promise<Reply> {
  const there = await look(call, host);
  if (there === undefined) return missing(call);
  if (there.stats.isDirectory()) return removeFolder(call, there.path);
  const refused = conflict(call, there.stats);
  if (refused) return refused;
  await rm(there.path);
  return { status: 200 };
}

async function removeFolder(call: Call, path: string): Promise<Reply> {
  if (call.query.isTrue("recursive")) await rm(path, { recursive: true, force: true });
  else if ((await readdir(path)).length > 0) return { status: 409, body: { Message: "The directory is not empty." } };
  else await rmdir(path);
  return { status: 200 };
}
