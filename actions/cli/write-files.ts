import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface PlannedFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

export type FileState = "new" | "same" | "differs";

export interface ComparedFile extends PlannedFile {
  readonly state: FileState;
  readonly current: string | undefined;
}

export async function compareFiles(root: string, files: readonly PlannedFile[]): Promise<ComparedFile[]> {
  return Promise.all(
    files.map(async (file) => {
      const current = await readFile(join(root, file.path), "utf8").catch(() => undefined);
      const state = current === undefined ? "new" : current === file.text ? "same" : "differs";
      return { ...file, current, state };
    }),
  );
}

/** Writes what is new; what a person changed only with `force`. */
export async function writeFiles(root: string, files: readonly ComparedFile[], force: boolean): Promise<void> {
  for (const { path, text, state } of files) {
    if (state === "same" || (state === "differs" && !force)) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** The lines that differ, with what surrounds them, as `diff -u` shows them. */
export function differenceOf(current: string, wanted: string): string {
  const [old, fresh] = [current.split("\n"), wanted.split("\n")];
  const common = commonLines(old, fresh);
  const lines: { mark: string; text: string }[] = [];
  let [a, b] = [0, 0];
  for (const [i, j] of [...common, [old.length, fresh.length] as const]) {
    while (a < i) lines.push({ mark: "-", text: old[a++] ?? "" });
    while (b < j) lines.push({ mark: "+", text: fresh[b++] ?? "" });
    if (i < old.length) lines.push({ mark: " ", text: old[i] ?? "" });
    [a, b] = [i + 1, j + 1];
  }
  const near = (index: number) => lines.slice(Math.max(0, index - 2), index + 3).some(({ mark }) => mark !== " ");
  return lines
    .map((line, index) => ({ ...line, index }))
    .filter(({ index }) => near(index))
    .map(({ mark, text, index }, at, kept) => {
      const gap = at > 0 && kept[at - 1]?.index !== index - 1 ? "  …\n" : "";
      return `${gap}${mark} ${text}`;
    })
    .join("\n");
}

/** Indices of a longest common subsequence. Files are short: the plain table is enough. */
function commonLines(old: readonly string[], fresh: readonly string[]): (readonly [number, number])[] {
  const length = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  const at = (i: number, j: number): number => length[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--) {
      const row = length[i];
      if (row) row[j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < old.length && j < fresh.length; ) {
    if (old[i] === fresh[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
