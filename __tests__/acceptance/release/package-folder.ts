import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../../packages/rehearsal/src/temporary-folder.ts";
import { appFiles } from "../slot-swap/app-in-slots.ts";

/** The app of one release as a build leaves it; `more` adds files, such as a different line that changes the content. */
export async function packageFolder(
  release: string,
  more: Record<string, string> = {},
): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await temporaryFolder("package");
  for (const [name, text] of Object.entries({ ...appFiles(release), ...more })) {
    await mkdir(join(folder.path, name, ".."), { recursive: true });
    await writeFile(join(folder.path, name), text);
  }
  return folder;
}
