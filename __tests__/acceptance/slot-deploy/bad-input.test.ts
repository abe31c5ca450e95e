import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { ZipFile } from "yazl";
import { errorOf, openStage, type Stage } from "./stage.ts";

const run = promisify(execFile);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(() => stage.reset());

const at = (name: string) => join(stage.folder.path, name);

/** Deploys it and expects one usage error, before anything was asked of Azure but the sign-in. */
async function refused(path: string): Promise<string> {
  const result = await stage.deploy({ package: path });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ decision: "hold", reason: "usage-error" });
  for (const host of ["management", "scm"]) expect(stage.cloud.requests.of({ host })).toEqual([]);
  expect(result.annotations.filter(({ level }) => level === "error")).toHaveLength(1);
  return errorOf(result);
}

async function zipOf(name: string, files: Record<string, string>): Promise<string> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), path);
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  await writeFile(at(name), Buffer.concat(parts));
  return at(name);
}

/** Replaces names in a zip by others of the same length, which no library would write. */
async function renamed(path: string, from: string, to: string): Promise<string> {
  expect(to).toHaveLength(from.length);
  const bytes = (await readFile(path)).toString("latin1").replaceAll(from, to);
  await writeFile(path, bytes, "latin1");
  return path;
}

describe("a package", () => {
  test("that is missing", async () => {
    expect(await refused(at("nothing"))).toMatch(/nothing cannot be deployed\.\nWhy: There is nothing at this path/);
  });

  test("that is an empty folder", async () => {
    await mkdir(at("empty/below"), { recursive: true });
    expect(await refused(at("empty"))).toMatch(/It contains no file/);
  });

  test("that is an empty file or an empty zip", async () => {
    await writeFile(at("empty.zip"), "");
    expect(await refused(at("empty.zip"))).toMatch(/It contains no file/);
    stage.reset();
    expect(await refused(await zipOf("hollow.zip", {}))).toMatch(/It contains no file/);
  });

  test("that is a tarball", async () => {
    await stage.package("tarred");
    await run("tar", ["-czf", at("app.tar.gz"), "-C", at("tarred"), "."]);
    expect(await refused(at("app.tar.gz"))).toMatch(/not a zip file, but gzip data/);
  });

  test("that is an error page", async () => {
    await writeFile(at("page.zip"), "<!doctype html><html>404</html>");
    expect(await refused(at("page.zip"))).toMatch(/looks like HTML/);
  });

  test("that was cut off", async () => {
    const path = await zipOf("cut.zip", { "app.py": "x".repeat(5_000), "other.py": "y" });
    await truncate(path, 60);
    expect(await refused(path)).toMatch(/damaged or was cut off/);
  });

  test("whose content is damaged", async () => {
    const path = await zipOf("damaged.zip", { "app.py": "print('hello')\n".repeat(50), "other.py": "y" });
    const bytes = await readFile(path);
    bytes.fill(0x55, 40, 48);
    await writeFile(path, bytes);
    expect(await refused(path)).toMatch(/"app.py" (cannot be unpacked|does not match its checksum)/);
  });

  test("with one top-level folder", async () => {
    const error = await refused(await zipOf("nested.zip", { "build/app.py": "1", "build/lib/x.py": "2" }));
    expect(error).toMatch(/inside one folder, "build\/"/);
    expect(error).toMatch(/cd build && zip -r/);
  });

  test("with names that climb out", async () => {
    const path = await zipOf("climbs.zip", { "app.py": "1", "aa/bb/evil.py": "2" });
    expect(await refused(await renamed(path, "aa/bb/evil.py", "../../evil.py"))).toMatch(
      /lead out of the folder.*"..\/..\/evil.py"/,
    );
  });

  test("with an absolute name", async () => {
    const path = await zipOf("absolute.zip", { "app.py": "1", "xetc/passwd": "2" });
    expect(await refused(await renamed(path, "xetc/passwd", "/etc/passwd"))).toMatch(
      /lead out of the folder.*"\/etc\/passwd"/,
    );
  });

  test("with two files of one name", async () => {
    const path = await zipOf("twice.zip", { "app.py": "1", "apq.py": "2" });
    expect(await refused(await renamed(path, "apq.py", "app.py"))).toMatch(
      /more than one file of the same name: "app.py"/,
    );
  });

  test("with a link in the folder", async () => {
    const path = await stage.package("linked");
    await symlink("/etc/passwd", join(path, "link"));
    const error = await refused(path);
    expect(error).toMatch(/links or special files.*"link"/);
    expect(error).toContain("cp -rL");
  });

  test("with a link in the zip", async () => {
    const path = await stage.package("zip-linked");
    await symlink("app.py", join(path, "link"));
    await run("python3", [
      "-c",
      "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1],'w')\nz.writestr('app.py','1')\ni=zipfile.ZipInfo('link');i.create_system=3;i.external_attr=0o120777<<16\nz.writestr(i,'app.py')",
      at("linked.zip"),
    ]);
    expect(await refused(at("linked.zip"))).toMatch(/links or special files.*"link"/);
  });

  test("with a pipe in the folder", async () => {
    const path = await stage.package("piped");
    await run("mkfifo", [join(path, "pipe")]);
    expect(await refused(path)).toMatch(/links or special files.*"pipe"/);
  });

  test("over the limit", async () => {
    await writeFile(at("huge.zip"), "PK");
    await truncate(at("huge.zip"), 2_049 * 1024 * 1024);
    const error = await refused(at("huge.zip"));
    expect(error).toMatch(/It has 2049 MB; an App Service package may have 2048 MB/);
  });
});

test("every wrong input is named at once", async () => {
  const result = await stage.deploy({
    package: "",
    "client-id": "me",
    via: "ftp",
    timeout: "20",
    slot: "a/b",
    cloud: "Mars",
  });
  expect(result.outputs.reason).toBe("usage-error");
  const error = errorOf(result);
  for (const name of ["package", "client-id", "via", "timeout", "slot"]) expect(error).toContain(name);
  expect(stage.cloud.requests.entries).toEqual([]);
});

test("a cloud that is none names the clouds there are", async () => {
  const result = await stage.deploy({ package: await stage.package("fine"), cloud: "Mars" });
  expect(errorOf(result)).toMatch(/AzureCloud, AzureUSGovernment, AzureChinaCloud/);
  expect(stage.cloud.requests.entries).toEqual([]);
});

test("via arm without a container says what is missing", async () => {
  const result = await stage.deploy({ package: await stage.package("fine"), via: "arm" });
  expect(result.outputs.reason).toBe("usage-error");
  expect(errorOf(result)).toMatch(/via: arm needs the input ledger/);
});
