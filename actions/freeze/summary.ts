import { factsTable, plain } from "@augeo/migrations";
import { describeAge, describeEnd, type Freeze, utc } from "@augeo/release";

export interface FreezeReport {
  reason: "frozen" | "lifted" | "not-frozen" | "frozen-longer";
  app: string;
  environment: string;
  /** Who ran this. */
  by: string;
  /** The reason that was given. */
  why: string;
  /** In force now. */
  freeze: Freeze | undefined;
  /** In force before. */
  before: Freeze | undefined;
  /** There was no ledger of this app and environment yet. */
  isNew: boolean;
  now: number;
}

/** The last line of the log, and the job summary. Pure. */
export function summarise(report: FreezeReport): { message: string; summary: string } {
  const { heading, message } = words(report);
  const icon = report.reason === "frozen-longer" ? "❌" : report.reason === "frozen" ? "⏸️" : "✅";
  const blocks = [
    `### ${icon} ${plain(heading)}`,
    plain(message),
    table(report),
    report.isNew
      ? "> ⚠️ The ledger knows no release of this app and environment yet. If there was one, check `app`, `environment` and `ledger`."
      : "",
    report.freeze ? "A rollback is never held back, nor is undoing what a run has begun." : "",
  ];
  return { message, summary: `${blocks.filter((block) => block !== "").join("\n\n")}\n` };
}

function words({ reason, app, environment, freeze, before, by, now }: FreezeReport) {
  const place = `${app} (${environment})`;
  const end = freeze ? describeEnd(freeze, now) : "";
  switch (reason) {
    case "frozen":
      return { heading: `${place} is frozen`, message: `No new release of ${place} goes out ${end}.` };
    case "frozen-longer":
      return {
        heading: `${place} was frozen already, and for longer`,
        message: `${freeze?.by} froze ${place} ${end}, which is longer; it was left as it is.`,
      };
    case "lifted":
      return {
        heading: `${place} is no longer frozen`,
        message: `${by} lifted the freeze that ${before?.by} had set; releases go out again.`,
      };
    case "not-frozen":
      return { heading: "Nothing to lift", message: `${place} was not frozen.` };
  }
}

function table({ reason, by, why, freeze, before, now }: FreezeReport): string {
  const rows: (readonly [string, string])[] = [
    ...(freeze ? freezeRows(freeze, now) : []),
    ...(reason === "lifted"
      ? ([
          ["Lifted by", by],
          ["Why", why],
        ] as const)
      : []),
    ...(before ? ([[reason === "lifted" ? "It was set for" : "In place of", past(before)]] as const) : []),
  ];
  return factsTable(rows.map(([name, value]) => [name, plain(value)]));
}

const freezeRows = ({ reason, by, since, until }: Freeze, now: number): (readonly [string, string])[] => [
  ["Why", reason],
  ["By", by],
  ["Since", utc(since)],
  ["Until", until === null ? "it is lifted" : `${utc(until)} (in ${describeAge(until - now)})`],
];

const past = ({ reason, by, until }: Freeze) =>
  `${reason}, by ${by}, until ${until === null ? "it is lifted" : utc(until)}`;
