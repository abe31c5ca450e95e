/** Everything that can be wrong with a package, each in its own words; found before anything is changed remotely. */
import { UsageError } from "@augeo/release";

/** Bytes; limit of the SCM site for one package. */
export const PACKAGE_LIMIT = 2048 * 1024 * 1024;

export function missing(path: string): UsageError {
  return fault(
    path,
    "There is nothing at this path.",
    "Check the path: it counts from the workspace. Run the build before this step, or download the artifact into the workspace (actions/download-artifact).",
  );
}

export function unreadable(path: string, names: readonly string[], code: string): UsageError {
  return fault(
    path,
    `The runner's user may not read ${list(names)} (${code}).`,
    "Give it read permission: chmod -R u+rX on the package, before this step.",
  );
}

export function notFolderNorFile(path: string): UsageError {
  return fault(path, "It is neither a folder nor a file.", "Give a folder, or a zip file.");
}

export function empty(path: string): UsageError {
  return fault(
    path,
    "It contains no file.",
    "Run the build before this step, and check that package names its output.",
  );
}

export function notAZip(path: string, hint: string): UsageError {
  return fault(path, `It is not a zip file${hint}.`, "Give a folder (it is packed here), or a file made by zip.");
}

export function truncated(path: string, why: string): UsageError {
  return fault(
    path,
    `The zip is damaged or was cut off: ${why}.`,
    "Build it again; after an upload or download, compare its size with the original's (unzip -t names the damage).",
  );
}

export function singleFolder(path: string, folder: string): UsageError {
  return fault(
    path,
    `All its files are inside one folder, "${folder}/": App Service would find no app at the root.`,
    `Zip the folder's content and not the folder (cd ${folder} && zip -r ../app.zip .), or set package to the folder itself.`,
  );
}

export function climbsOut(path: string, names: readonly string[]): UsageError {
  return fault(
    path,
    `It has entries that lead out of the folder it is unpacked into: ${list(names)}.`,
    "Zip with relative paths, from inside the folder. Do not deploy a zip that you did not make.",
  );
}

export function linksOrSpecials(path: string, names: readonly string[]): UsageError {
  return fault(
    path,
    `It has links or special files, which App Service does not unpack: ${list(names)}.`,
    "Replace links by what they point to (cp -rL source package), and leave out sockets, pipes and devices. Build a virtual environment with --copies, or vendor packages with pip install --target.",
  );
}

export function duplicates(path: string, names: readonly string[]): UsageError {
  return fault(
    path,
    `It has more than one file of the same name: ${list(names)}.`,
    "Build the zip anew instead of adding to it.",
  );
}

export function encrypted(path: string, names: readonly string[]): UsageError {
  return fault(path, `It has encrypted entries: ${list(names)}.`, "Zip without a password.");
}

export function unknownMethod(path: string, names: readonly string[]): UsageError {
  return fault(
    path,
    `It has entries compressed in a way that App Service may not read: ${list(names)}.`,
    "Zip with deflate, the usual method.",
  );
}

export function tooLarge(path: string, bytes: number): UsageError {
  const megabytes = Math.ceil(bytes / (1024 * 1024));
  return fault(
    path,
    `It has ${megabytes} MB; an App Service package may have 2048 MB.`,
    "Leave out what the app does not need at run time: tests, caches, .git, build tools. Put large data into Blob Storage.",
  );
}

export function changedWhilePacked(path: string, name: string): UsageError {
  return fault(
    path,
    `"${name}" changed while the package was read.`,
    "Let nothing write into the package while it is deployed: stop what does, or copy the folder first.",
  );
}

const SHOWN = 5;

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => JSON.stringify(name));
  return names.length > SHOWN ? `${shown.join(", ")} and ${names.length - SHOWN} more` : shown.join(", ");
}

function fault(path: string, why: string, fix: string): UsageError {
  return new UsageError({ what: `The package ${path} cannot be deployed.`, why, fix });
}
