import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository, SetupError } from "./step.mjs";

/** The major version of Node that GitHub's runner starts the actions with (`using: node24`). */
const MAJOR = 24;

/** The Node to run with: the pinned one from npm, else the caller's own if it is new enough to run TypeScript as is. */
export function actionsNode() {
  const pinned = join(repository, "node_modules", ".bin", "node");
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= MAJOR) return process.execPath;
  throw new SetupError(
    `There is no Node ${MAJOR} for ${process.platform} on ${process.arch}.`,
    `the repository pins it for Linux on x64 only, and the Node in use is ${process.versions.node}.`,
    `install Node ${MAJOR} and run the command with it.`,
  );
}
