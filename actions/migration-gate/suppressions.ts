import type { Finding, Revision } from "@augeo/migrations";

const IGNORE = /^ignore\s+([a-z][a-z0-9-]*|all)\s+reason\s*=\s*(\S.*)$/;

/**
 * The reason for which a revision's file accepts a finding: `# migration-gate: ignore RULE reason=…` on the
 * operation's line, or on the one above it; above `def upgrade()` it counts for the whole revision. Without a reason it
 * does not count. Pure.
 */
export function acceptedBy(revision: Revision, { rule, line }: Pick<Finding, "rule" | "line">): string | undefined {
  const body = revision.upgrade?.line ?? 0;
  for (const ignore of revision.ignores) {
    const [, name, reason] = IGNORE.exec(ignore.text) ?? [];
    if (name !== rule && name !== "all") continue;
    const isWhole = ignore.line < body;
    if (isWhole || ignore.line === line || ignore.line === line - 1) return reason;
  }
  return undefined;
}
