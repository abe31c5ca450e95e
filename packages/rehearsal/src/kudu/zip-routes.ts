import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { SlotHost } from "../hosting/slot-host.ts";
import type { Call, Reply, Routes } from "../http.ts";
import { filesBelow, kuduSync } from "./kudu-sync.ts";
import { savePackage } from "./package-source.ts";
import { PackageError, unpack } from "./unpack.ts";
import { homePath } from "./vfs-routes.ts";

/** `/api/zip/…`: a folder of the app's `/home` as one zip, out and in. */
export function addZipRoutes(routes: Routes, host: SlotHost): void {
  routes.add("GET", "/api/zip/{*path}", (call) => download(call, host));
  routes.add("PUT", "/api/zip/{*path}", (call) => upload(call, host));
}

async function download(call: Call, host: SlotHost): Promise<Reply> {
  const folder = homePath(host, call.param("path"));
  const files = folder === undefined ? [] : await filesBelow(folder);
  if (folder === undefined || files.length === 0) return { status: 404, body: { Message: "Nothing to zip." } };
  return { status: 200, headers: { "content-type": "application/zip" }, body: await zipOf(folder, files) };
}

async function zipOf(folder: string, files: string[]): Promise<Readable> {
  const zip = new ZipFile();
  for (const file of files) zip.addBuffer(await readFile(join(folder, file)).catch(() => Buffer.alloc(0)), file);
  zip.end();
  return new Readable().wrap(zip.outputStream);
}

/** Copies over what is there and deletes nothing; no deployment, no lock, no restart. */
async function upload(call: Call, host: SlotHost): Promise<Reply> {
  const folder = homePath(host, call.param("path"));
  if (folder === undefined) return { status: 404, body: { Message: "Not below /home." } };
  const scratch = await mkdtemp(join(host.app.home, "..", "zip-"));
  const { signal } = host.scm.container;
  try {
    await savePackage(call.stream, join(scratch, "package.zip"), signal);
    await unpack(join(scratch, "package.zip"), join(scratch, "content"), signal);
    await kuduSync({ from: join(scratch, "content"), to: folder, deletes: "nothing", always: true, signal });
    return { status: 200 };
  } catch (error) {
    if (error instanceof PackageError) return { status: 400, body: { Message: error.message } };
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
