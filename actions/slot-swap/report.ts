import type { Json } from "@augeo/action-kit";
import { type DriveResult, type Identity, nameOf, type ReleaseRow, type Rollout, releaseTable } from "@augeo/release";
import type { RunContext } from "./connection.ts";
import { type Ending, liveAfter } from "./ending.ts";
import { releasesJson, releasesMarkdown } from "./releases.ts";
import type { Session } from "./session.ts";
import { summarise } from "./summary.ts";

export interface ReportRequest {
  context: RunContext;
  app: string;
  ending: Ending;
  result?: DriveResult | undefined;
  run: Pick<Session, "timeline" | "health" | "connection">;
  /** What is said when all went well. */
  completed: (rollout: Rollout) => { heading: string; message: string };
  /** Markdown that belongs before the timeline. */
  lead?: string;
  /** Further Markdown for the summary. */
  parts?: readonly string[];
  /** Further rows for the table at the top. */
  facts?: readonly (readonly [string, string])[];
}

export interface Report {
  message: string;
  fix?: string;
  outputs: { "live-release": string; "previous-release": string; url: string };
  result: { readonly [key: string]: Json };
  summary: string;
}

/** Outputs, result and summary of a rollout, however it ended. */
export async function reportOf(request: ReportRequest): Promise<Report> {
  const { ending, result, run, completed } = request;
  const rollout = result?.rollout;
  const isGood = ending.reason === "completed" && rollout !== undefined;
  const words = isGood ? completed(rollout) : { heading: headingOf(ending), message: ending.message };
  const url = `https://${(await run.connection.slots.sites()).production.defaultHostName}`;
  const live = liveOf(request);
  const previous = rollout?.before?.production ?? null;
  const releases = releasesOf(request);
  return {
    message: words.message,
    ...(ending.fix === undefined ? {} : { fix: ending.fix }),
    outputs: { "live-release": live ?? "", "previous-release": previous ?? "", url },
    result: {
      release: rollout?.target.release ?? null,
      phase: rollout?.phase ?? null,
      live: live ?? null,
      previous,
      reason: rollout?.reason ? { ...rollout.reason } : null,
      releases: releasesJson(releases),
      timeline: run.timeline.moments.map(({ at, phase, what }) => ({ at, phase, what })),
    },
    summary: summaryOf(request, words, isGood, releases),
  };
}

/** Whoever took over may have changed what is live since this run last looked. */
const liveOf = ({ result }: ReportRequest): Identity | undefined =>
  result && result.kind !== "fenced" ? liveAfter(result.rollout) : undefined;

/** Of a run without a ledger there is nothing to tell: it remembers its own release only. */
function releasesOf({ result, run }: ReportRequest): ReleaseRow[] {
  return run.connection.ledger && result && "held" in result ? releaseTable(result.held.head) : [];
}

function summaryOf(
  request: ReportRequest,
  words: { heading: string; message: string },
  isGood: boolean,
  releases: readonly ReleaseRow[],
): string {
  const { context, app, ending, result, run, facts = [], lead, parts = [] } = request;
  const rollout = result?.rollout;
  const live = liveOf(request);
  const known: (readonly [string, string])[] = rollout
    ? [
        ["Release", rollout.target.release],
        ["Live now", live === undefined ? "not certain: look" : nameOf(live)],
        ["Before", rollout.before ? nameOf(rollout.before.production) : "could not be read"],
      ]
    : [];
  return summarise({
    ...words,
    isGood,
    ...(ending.reason === "frozen" || ending.reason === "on-hold" ? { icon: "⏸️" } : {}),
    fix: ending.fix,
    facts: [["App", app], ...known, ...facts],
    ...(lead !== undefined && { lead }),
    moments: run.timeline.moments,
    end: context.clock.now(),
    sessions: run.health.sessions,
    parts: [...parts, releasesMarkdown(releases)],
  });
}

const HEADINGS: Partial<Record<Ending["reason"], string>> = {
  unhealthy: "Unhealthy in production: the old release is back",
  "unhealthy-slot": "Unhealthy in the slot: production was not touched",
  "needs-human": "A person has to look",
  locked: "Locked by another run",
  "swap-refused": "Azure refused the swap: production is as it was",
  frozen: "Frozen: no new release goes out",
  "routing-rule": "Requests are routed to the slot already: nothing was changed",
  drift: "Production runs what the ledger does not know",
  worse: "Worse than the live release: it gets no requests any more",
  unproved: "Not proved good enough: it gets no requests any more",
  "weight-changed": "Somebody else changed the traffic: the canary was ended",
  "on-hold": "On hold: a person has to decide",
};

const headingOf = ({ reason }: Ending) => HEADINGS[reason] ?? `Not released: ${reason}`;
