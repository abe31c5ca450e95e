import type { Finding, Phase } from "../finding.ts";
import type { Suppressed, SuppressionFault } from "../policy/suppression.ts";
import type { Trace } from "../trace.ts";

/** All that a report says. Pure values: rendering needs nothing else. */
export interface GateReport {
  /** `fail` stops the pull request; `unknown` when something could not be judged: neither safe nor unsafe. */
  readonly conclusion: "pass" | "fail" | "unknown";
  /** The verdict in a sentence. */
  readonly verdict: string;
  /** What was done: run on a server, or only read. */
  readonly mode: "rehearsed" | "static";
  readonly postgresVersion: number;
  /** What was not looked at, and why: a sentence each. */
  readonly unseen: readonly string[];
  readonly revisions: readonly RevisionReport[];
  /** Findings that belong to no revision: graph, drift, configuration. */
  readonly project: readonly Finding[];
  /** A script of SQL, reported as one revision. */
  readonly script?: true;
  /** Where the rule pages are, with a slash at the end. */
  readonly rulesUrl: string;
}

export interface RevisionReport {
  readonly revision: string;
  readonly message: string;
  readonly file: string;
  readonly phase: Phase;
  readonly sql: string;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  readonly faults: readonly SuppressionFault[];
  /** What the server showed, where one ran. */
  readonly traces?: readonly Trace[];
}
