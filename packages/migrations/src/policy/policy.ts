import { type Finding, type Phase, worse } from "../finding.ts";
import { ruleById } from "../rules/index.ts";
import type { Severity } from "../rules/rule.ts";

/** What to do about revisions that no downgrade takes back. */
export type Irreversible = "allow" | "warn" | "block";

/** `.augeo/migrations.yml`, read. */
export interface Policy {
  /** Severity of a rule in revisions of a phase; `any` for all phases. `none` turns the rule off. */
  readonly severities: Readonly<Record<Phase | "any", ReadonlyMap<string, Severity>>>;
  readonly irreversible: Irreversible;
  /** Rows of tables, where no database tells. */
  readonly sizes: ReadonlyMap<string, TableSize>;
  /** Revisions, or `revision:rule:relation`, that were accepted when the gate came. */
  readonly baseline: ReadonlySet<string>;
  readonly postgresVersion: number | undefined;
  /** Branch labels that may each have a head of its own. */
  readonly branches: readonly string[];
}

export interface TableSize {
  readonly rows: number;
  readonly bytes?: number;
}

export interface PolicyFault {
  /** Where in the file, as `severities.expand.drop-column`. */
  readonly path: string;
  readonly what: string;
  readonly fix: string;
}

const PHASES = ["expand", "backfill", "contract", "any"] as const;
const SEVERITIES: readonly Severity[] = ["block", "warn", "info", "none"];
const KEYS = ["severities", "irreversible", "sizes", "baseline", "postgres-version", "branches"];

export const DEFAULT_POLICY: Policy = {
  severities: { expand: new Map(), backfill: new Map(), contract: new Map(), any: new Map() },
  irreversible: "warn",
  sizes: new Map(),
  baseline: new Set(),
  postgresVersion: undefined,
  branches: [],
};

type Faults = PolicyFault[];

/** Reads the decoded file. All faults are told at once; what is sound counts even so. */
export function readPolicy(value: unknown): { policy: Policy; faults: readonly PolicyFault[] } {
  if (value === null || value === undefined) return { policy: DEFAULT_POLICY, faults: [] };
  const faults: Faults = [];
  const file = recordAt(value, "", faults);
  for (const key of Object.keys(file)) {
    if (!KEYS.includes(key))
      faults.push({ path: key, what: `There is no setting "${key}".`, fix: `Settings are ${KEYS.join(", ")}.` });
  }
  const policy: Policy = {
    severities: readSeverities(file.severities, faults),
    irreversible: readChoice(file.irreversible, "irreversible", ["allow", "warn", "block"], "warn", faults),
    sizes: readSizes(file.sizes, faults),
    baseline: readBaseline(file.baseline, faults),
    postgresVersion: readVersion(file["postgres-version"], faults),
    branches: readBranches(file.branches, faults),
  };
  return { policy, faults };
}

function recordAt(value: unknown, path: string, faults: Faults): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return { ...value };
  faults.push({ path, what: "A mapping is expected here.", fix: "Write one setting a line, as `name: value`." });
  return {};
}

function readSeverities(value: unknown, faults: Faults): Policy["severities"] {
  const phases = recordAt(value, "severities", faults);
  for (const phase of Object.keys(phases)) {
    if (!PHASES.some((known) => known === phase))
      faults.push({
        path: `severities.${phase}`,
        what: `There is no phase "${phase}".`,
        fix: `Phases are ${PHASES.join(", ")}.`,
      });
  }
  const read = (phase: (typeof PHASES)[number]): ReadonlyMap<string, Severity> => {
    const path = `severities.${phase}`;
    return new Map(
      Object.entries(recordAt(phases[phase], path, faults)).map(([rule, severity]) => [
        rule,
        readSeverity(rule, severity, `${path}.${rule}`, faults),
      ]),
    );
  };
  return { expand: read("expand"), backfill: read("backfill"), contract: read("contract"), any: read("any") };
}

function readSeverity(rule: string, value: unknown, path: string, faults: Faults): Severity {
  if (rule !== "*" && ruleById(rule) === undefined) {
    faults.push({
      path,
      what: `There is no rule "${rule}".`,
      fix: 'See docs/rules/README.md for the rules, or use "*" for all.',
    });
  }
  // YAML 1.1 readers make a boolean of `off`.
  const written = value === false || value === "off" ? "none" : value;
  return readChoice(written, path, SEVERITIES, "block", faults);
}

function readChoice<T extends string>(
  value: unknown,
  path: string,
  choices: readonly T[],
  fallback: T,
  faults: Faults,
): T {
  if (value === undefined || value === null) return fallback;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined)
    faults.push({ path, what: `${JSON.stringify(value)} is not a choice here.`, fix: `Choose ${choices.join(", ")}.` });
  return choice ?? fallback;
}

function readSizes(value: unknown, faults: Faults): ReadonlyMap<string, TableSize> {
  const sizes = new Map<string, TableSize>();
  for (const [table, size] of Object.entries(recordAt(value, "sizes", faults))) {
    const rows = typeof size === "string" ? Number(size.replace(/_/g, "")) : size;
    if (typeof rows === "number" && Number.isFinite(rows) && rows >= 0) sizes.set(table, { rows });
    else
      faults.push({
        path: `sizes.${table}`,
        what: "The number of rows is expected here.",
        fix: `Write: ${table}: 1200000`,
      });
  }
  return sizes;
}

function readBaseline(value: unknown, faults: Faults): ReadonlySet<string> {
  if (value === undefined || value === null) return new Set();
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string" || typeof entry === "number"))
    return new Set(value.map(String));
  faults.push({
    path: "baseline",
    what: "A list of revisions is expected here.",
    fix: "Write `- revision` or `- revision:rule:relation`, one a line.",
  });
  return new Set();
}

function readBranches(value: unknown, faults: Faults): readonly string[] {
  if (value === undefined || value === null) return [];
  const isLabel = (one: unknown): one is string => typeof one === "string" && one !== "";
  if (Array.isArray(value) && value.every(isLabel)) return value;
  faults.push({
    path: "branches",
    what: "A list of branch labels is expected here.",
    fix: "Write the names that branch_labels has in the revision files, as `branches: [core, billing]`.",
  });
  return [];
}

function readVersion(value: unknown, faults: Faults): number | undefined {
  if (value === undefined || value === null) return undefined;
  const version = Number(value);
  if (Number.isFinite(version) && version >= 9 && version < 100) return version;
  faults.push({
    path: "postgres-version",
    what: "A major version of PostgreSQL is expected here.",
    fix: "Write: postgres-version: 16",
  });
  return undefined;
}

/** What a finding is called in a baseline. */
export const fingerprint = (revision: string, { rule, relation }: Pick<Finding, "rule" | "relation">): string =>
  `${revision}:${rule}:${relation ?? ""}`;

/** Below this a table is read or rewritten within the time a lock would be waited for anyway. */
export const SMALL_TABLE_ROWS = 10_000;

export interface PolicyContext {
  readonly revision: string;
  /** Phase of the revision as a whole. */
  readonly phase: Phase;
  /** The revision runs in a contract release: no code is left that the change could break. */
  readonly isContractRelease?: boolean;
}

/** The findings with the severities that the policy gives them; those turned off or in the baseline are left out. */
export function applyPolicy(findings: readonly Finding[], policy: Policy, context: PolicyContext): Finding[] {
  if (policy.baseline.has(context.revision)) return [];
  return findings
    .filter((finding) => !policy.baseline.has(fingerprint(context.revision, finding)))
    .map((finding) => judged(weighed(finding, policy.sizes), policy, context))
    .filter(({ severity }) => severity !== "none");
}

function judged(finding: Finding, policy: Policy, { phase, isContractRelease }: PolicyContext): Finding {
  const { severities } = policy;
  const set =
    severities[phase].get(finding.rule) ??
    severities.any.get(finding.rule) ??
    severities[phase].get("*") ??
    severities.any.get("*");
  if (set !== undefined) return { ...finding, severity: set };
  if (isContractRelease !== true || finding.severities.oldCode !== "block") return finding;
  const relaxed = { ...finding.severities, oldCode: "info" } as const;
  return { ...finding, severities: relaxed, severity: worse(relaxed.lock, relaxed.oldCode) };
}

/** How large the table is, where it is known: work on a small one is over at once. */
function weighed(finding: Finding, sizes: ReadonlyMap<string, TableSize>): Finding {
  const size = finding.relation === null ? undefined : sizes.get(finding.relation);
  const works = finding.rewrite || finding.scan || finding.indexBuild;
  if (size === undefined) return finding;
  const sized = { ...finding, rows: size.rows };
  if (!works) return sized;
  const note = [finding.note, `about ${estimate(finding, size)}`].filter(Boolean).join("; ");
  if (size.rows >= SMALL_TABLE_ROWS || finding.severities.lock !== "block") return { ...sized, note };
  const severities = { ...finding.severities, lock: "info" } as const;
  return { ...sized, note, severities, severity: worse(severities.lock, severities.oldCode) };
}

/** Rows a second on a small cloud server, in order of magnitude: reading, building an index, writing anew. */
const SPEEDS = { scan: 2_000_000, indexBuild: 500_000, rewrite: 200_000 };

function estimate({ rewrite, indexBuild }: Finding, { rows }: TableSize): string {
  const seconds = rows / (rewrite ? SPEEDS.rewrite : indexBuild ? SPEEDS.indexBuild : SPEEDS.scan);
  if (seconds < 1) return "less than a second";
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
