import { stripControls } from "@augeo/action-kit";
import type { Milliseconds, Phase, Rollout } from "@augeo/release";

export interface Moment {
  at: Milliseconds;
  phase: Phase;
  /** What happened, for people. */
  what: string;
}

/** The moments of a run, as they come. Pure but for its own list. */
export class Timeline {
  readonly moments: Moment[] = [];
  #last: Rollout | undefined;

  /** Notes a stored state; returns what is new about it, if anything. */
  note(rollout: Rollout, at: Milliseconds): Moment | undefined {
    const what = changeOf(this.#last, rollout);
    this.#last = rollout;
    if (what === undefined) return undefined;
    const moment = { at, phase: rollout.phase, what };
    this.moments.push(moment);
    return moment;
  }
}

function changeOf(before: Rollout | undefined, after: Rollout): string | undefined {
  if (before?.phase !== after.phase || before.target.release !== after.target.release) return phaseText(after);
  if (!before.intent && after.intent) return askText(after.intent);
  if (after.hold && !before.hold) return `on hold: ${after.hold.reason}`;
  if (after.canary !== before.canary) return canaryText(after);
  if (after.intent?.refusal && !before.intent?.refusal) return `Azure refused: ${after.intent.refusal.message}`;
  if (after.intent?.op === "swap" && after.intent.endedAt !== null && before.intent?.endedAt === null)
    return after.intent.asyncUrl ? "the swap ended" : "no reply, or at once: looking which release is where";
  return undefined;
}

function askText({ op, args }: NonNullable<Rollout["intent"]>): string {
  if (op === "swap") return "asked Azure to swap the slots";
  return args.weight === 0 ? "asked Azure to remove the routing rule" : `asked Azure to route ${args.weight} %`;
}

function canaryText({ canary, ramp, target }: Rollout): string | undefined {
  if (!canary?.window) return undefined;
  return `step ${canary.step + 1} of ${ramp?.steps.length ?? 0}: ${canary.weight} % of the requests go to ${target.release}`;
}

function phaseText({ phase, target, place, before, policy, reason }: Rollout): string {
  const old = before?.production ?? "the content that was live";
  const texts: Record<Phase, string> = {
    PREPARED: `release ${target.release} begins`,
    EXPANDED: `bringing ${target.release} into slot ${place.slot}`,
    STAGED: `${target.release} is in slot ${place.slot}; warming it up`,
    CANARY: `${target.release} gets a share of the traffic`,
    PROMOTING: `${target.release} is healthy in slot ${place.slot}; swapping it into production`,
    WATCHING: `${target.release} is live; watching for ${Math.round(policy.bakeTime / 1000)} s`,
    COMPLETED: `${target.release} stayed healthy: done`,
    ROLLING_BACK: `${isOfCanary(reason) ? `taking the requests back from ${target.release}` : `putting ${old} back`}: ${reason?.why ?? "stopped"}`,
    ROLLED_BACK: isOfCanary(reason) ? `all requests go to ${old} again` : `${old} is live again`,
    FAILED: "stopped; production runs what it ran before",
    NEEDS_HUMAN: "a person has to look",
  };
  return texts[phase];
}

/** Ended while the new release had a share of the requests: nothing was swapped. */
const isOfCanary = (reason: Rollout["reason"]): boolean =>
  reason !== null && ["worse", "unproved", "weight-changed", "expired", "aborted"].includes(reason.code);

const SECTIONS: Partial<Record<Phase, string>> = {
  PREPARED: "Migrate",
  EXPANDED: "Deploy to the slot",
  STAGED: "Warm up",
  CANARY: "Ramp up",
  PROMOTING: "Swap",
  WATCHING: "Watch production",
  ROLLING_BACK: "Roll back",
};

/** The run as a mermaid gantt chart and a table. `end` closes the last phase. */
export function timelineMarkdown(moments: readonly Moment[], end: Milliseconds): string {
  if (moments.length === 0) return "";
  return [gantt(moments, end), table(moments)].join("\n\n");
}

interface Span {
  phase: Phase;
  from: Milliseconds;
  to: Milliseconds;
}

function spans(moments: readonly Moment[], end: Milliseconds): Span[] {
  const starts = moments.filter((each, index) => index === 0 || moments[index - 1]?.phase !== each.phase);
  return starts.map(({ phase, at }, index) => ({ phase, from: at, to: starts[index + 1]?.at ?? end }));
}

/**
 * The axis counts from the start. Mermaid knows clocks only, in the reader's time zone, so one unit of the axis is given
 * to it as one second, of which `%s` counts the whole ones in every zone.
 */
const UNITS: readonly { name: string; length: Milliseconds }[] = [
  { name: "min", length: 60_000 },
  { name: "s", length: 1000 },
];

function gantt(moments: readonly Moment[], end: Milliseconds): string {
  const start = moments[0]?.at ?? end;
  const unit = UNITS.find(({ length }) => end - start >= 10 * length) ?? { name: "ms", length: 1 };
  const onAxis = (time: Milliseconds): number => Math.round(((time - start) * 1000) / unit.length);
  const rows = spans(moments, end).flatMap(({ phase, from, to }) => {
    const label = SECTIONS[phase];
    if (label === undefined) return [];
    const mark = phase === "ROLLING_BACK" ? "crit, " : "done, ";
    const length = Math.max(1, to - from);
    return [`  ${label} (${lengthText(length)}) :${mark}${onAxis(from)}, ${Math.max(onAxis(from) + 1, onAxis(to))}`];
  });
  const axis = [`  axisFormat %s ${unit.name}`, ...ticks((end - start) / unit.length)];
  return ["```mermaid", "gantt", "  dateFormat x", ...axis, ...rows, "```"].join("\n");
}

/** Few enough that their words do not run together on a phone; of more units than these Mermaid itself shows few. */
function ticks(units: number): string[] {
  const step = [1, 2, 5, 10, 15, 20, 30, 60].find((each) => units / each <= 8);
  return step === undefined ? [] : [`  tickInterval ${step}second`];
}

function table(moments: readonly Moment[]): string {
  const start = moments[0]?.at ?? 0;
  const rows = moments.map(
    ({ at, phase, what }) =>
      `| ${clock(at)} | +${lengthText(at - start).replace(" ", "&nbsp;")} | ${phase} | ${cell(what)} |`,
  );
  return ["| time (UTC) | since start | phase | what happened |", "| --- | --: | --- | --- |", ...rows].join("\n");
}

const clock = (at: Milliseconds) => new Date(at).toISOString().slice(11, 19);
function lengthText(duration: Milliseconds): string {
  if (duration >= 600_000) return `${(duration / 60_000).toFixed(1)} min`;
  return `${(duration / 1000).toFixed(duration < 10_000 ? 1 : 0)} s`;
}

/** One line for a cell or a paragraph, in which no HTML, link or image can begin. Our own code spans stay. */
export function cell(text: string): string {
  const line = stripControls(text).replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  // A backslash before one of them would take our own away from it, so those are written twice.
  return line.replace(/(\\*)([|[])/g, "$1$1\\$2");
}
