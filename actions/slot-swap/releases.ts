import type { Json } from "@augeo/action-kit";
import type { ReleaseRow, WayBack } from "@augeo/release";
import { cell } from "./timeline.ts";

const WAYS: Readonly<Record<NonNullable<WayBack>, string>> = {
  swap: "can be put back by a swap: it is in the slot",
  package: "can be put back from its stored package",
  "not-stored": "cannot be put back: its package was not stored",
  "package-gone": "cannot be put back: its package is gone",
  schema: "no longer fits the database: the schema was contracted since",
};

/** The last releases, folded away. Empty without one. Pure. */
export function releasesMarkdown(rows: readonly ReleaseRow[]): string {
  if (rows.length === 0) return "";
  const lines = rows.map(({ release, commit, schemaHead, liveSince, ...row }) => {
    const cells = [release, commit?.slice(0, 7) ?? "", schemaHead ?? "", timeOf(liveSince), wordsOf(row)];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  const head = ["| release | commit | schema | live since (UTC) | |", "| --- | --- | --- | --- | --- |"];
  const table = [...head, ...lines].join("\n");
  return `<details><summary>The last releases, and the way back to each</summary>\n\n${table}\n\n</details>`;
}

function wordsOf({ state, back }: Pick<ReleaseRow, "state" | "back">): string {
  const way = back === null ? "" : WAYS[back];
  return [state === "earlier" ? "" : state, way].filter((word) => word !== "").join("; ");
}

const timeOf = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** The same for machines. */
export const releasesJson = (rows: readonly ReleaseRow[]): Json => rows.map((row) => ({ ...row }));
