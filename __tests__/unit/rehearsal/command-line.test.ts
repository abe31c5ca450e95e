import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { mapFixedPort, startCommand } from "../../../packages/rehearsal/src/slots/command-line.ts";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";

test.each([
  ["gunicorn -w 2 -k uvicorn.workers.UvicornWorker -b 0.0.0.0:8000 main:app", "-b 0.0.0.0:41000 main:app"],
  ["uvicorn main:app --port 8000", "--port 41000"],
  ["uvicorn main:app --port=8000", "--port=41000"],
  ["python -m http.server 8000", "http.server 41000"],
  ["uvicorn main:app --port $PORT --limit-max-requests 80000", "--port $PORT --limit-max-requests 80000"],
  ["run --version 1.8000", "--version 1.8000"],
])("the image's port in %p becomes the process's own", (command, expected) => {
  expect(mapFixedPort(command, 41000)).toContain(expected);
});

test("an app without a command line starts by its startup script, or shows the default page", async () => {
  const folder = await temporaryFolder("command");
  const wwwroot = join(folder.path, "site", "wwwroot");
  await mkdir(join(folder.path, "site", "scripts"), { recursive: true });
  await mkdir(wwwroot, { recursive: true });
  expect(await startCommand("", wwwroot, 41000, folder.path)).toBeUndefined();
  await writeFile(join(folder.path, "site", "scripts", "startup.sh"), "exec uvicorn main:app --port 8000");
  const command = await startCommand("", wwwroot, 41000, folder.path);
  expect(await readFile(command?.match(/'(.*)'/)?.[1] ?? "", "utf8")).toBe("exec uvicorn main:app --port 41000");
  await writeFile(join(wwwroot, "run.sh"), "exec python server.py 8000");
  expect(await startCommand("run.sh", wwwroot, 41001, folder.path)).toMatch(/startup-41001\.sh/);
  expect(await startCommand("missing.sh", wwwroot, 41001, folder.path)).toBe("missing.sh");
  await folder.remove();
});
