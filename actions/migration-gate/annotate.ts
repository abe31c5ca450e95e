import type { Log } from "@augeo/action-kit";
import type { Objection } from "@augeo/migrations";

/** The first one is the step's error; the runner shows ten warnings at most. */
export function annotate(objections: readonly Objection[], log: Log, folder: string, fails = true): void {
  for (const [index, { file, line, what, fix }] of objections.entries()) {
    const place = file === undefined ? {} : { file: folder === "" ? file : `${folder}/${file}`, line: line ?? 1 };
    const show = index === 0 && fails ? log.error : log.warning;
    show(`${what}\nFix: ${fix}`, { title: "migration-gate", ...place });
  }
}
