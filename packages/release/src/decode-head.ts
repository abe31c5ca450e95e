/** The strict reader of the ledger's head. What it does not understand blocks; nothing is guessed or repaired. */

import type { Decoder } from "./decoder.ts";
import {
  asObject,
  count,
  dictionary,
  finite,
  flag,
  list,
  nullable,
  oneOf,
  record,
  text,
  Undecodable,
  withDefault,
} from "./decoder.ts";
import type {
  Approval,
  CanaryPosition,
  Event,
  Freeze,
  Head,
  Hold,
  Holder,
  Intent,
  Place,
  Policy,
  Ramp,
  Reason,
  ReleaseRecord,
  Rollout,
  SchemaChange,
  Surroundings,
  Waiter,
} from "./ledger-records.ts";
import { LEDGER_SCHEMA, PHASES, REASON_CODES } from "./ledger-records.ts";

export type HeadRead = { kind: "head"; head: Head } | { kind: "unreadable"; newer: boolean; why: string };

/** Decodes the stored text of a head. */
export function readHead(stored: string): HeadRead {
  try {
    const value: unknown = JSON.parse(stored);
    const schema = count(asObject(value, "").schema, "schema");
    if (schema > LEDGER_SCHEMA)
      return {
        kind: "unreadable",
        newer: true,
        why: `it is of version ${schema}, this action knows versions up to ${LEDGER_SCHEMA}`,
      };
    if (schema < 1) throw new Undecodable("schema", "at least 1", schema);
    // Fields that came with a later version have defaults; the next write is of this version.
    return { kind: "head", head: { ...head(value, ""), schema: LEDGER_SCHEMA } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: "unreadable", newer: false, why: error instanceof Undecodable ? why : `it is not JSON: ${why}` };
  }
}

const holder: Decoder<Holder> = record<Holder>({
  claimId: text,
  repository: text,
  runId: text,
  attempt: count,
  actor: text,
  url: text,
  since: finite,
});

const waiter: Decoder<Waiter> = record<Waiter>({
  claimId: text,
  repository: text,
  runId: text,
  attempt: count,
  actor: text,
  url: text,
  asked: finite,
  until: finite,
});

const releaseRecord: Decoder<ReleaseRecord> = record<ReleaseRecord>({
  release: text,
  commit: nullable(text),
  artifact: nullable(text),
  schemaHead: nullable(text),
  at: finite,
});

const schemaChange: Decoder<SchemaChange> = record<SchemaChange>({
  from: nullable(text),
  to: nullable(text),
  kind: oneOf(["expand", "contract"]),
  release: text,
  at: finite,
});

const reason: Decoder<Reason> = record<Reason>({ code: oneOf(REASON_CODES), what: text, why: text, fix: text });

const intent: Decoder<Intent> = record<Intent>({
  op: oneOf(["swap", "route"]),
  opId: text,
  args: record<Intent["args"]>({ weight: nullable(finite) }),
  expect: record<Intent["expect"]>({ production: nullable(text), staging: nullable(text), weight: finite }),
  asyncUrl: nullable(text),
  startedAt: finite,
  deadline: finite,
  endedAt: nullable(finite),
  acknowledged: withDefault(flag, false),
  refusal: nullable(
    record<NonNullable<Intent["refusal"]>>({
      status: nullable(finite),
      code: nullable(text),
      message: text,
      busy: flag,
    }),
  ),
});

const onDeadline = oneOf(["proceed", "rollback", "stay"]);

const hold: Decoder<Hold> = record<Hold>({
  reason: text,
  since: finite,
  deadline: nullable(finite),
  onDeadline,
  lift: withDefault(
    nullable(
      record<NonNullable<Hold["lift"]>>({ how: oneOf(["promote", "abort", "judge"]), by: text, at: finite, why: text }),
    ),
    null,
  ),
});

const whenUnsure = oneOf(["hold", "rollback", "promote"]);

const ramp: Decoder<Ramp> = record<Ramp>({
  steps: list(record<Ramp["steps"][number]>({ weight: finite, duration: finite })),
  unsure: record<Ramp["unsure"]>({ insufficient: whenUnsure, inconclusive: whenUnsure, providerError: whenUnsure }),
  holdTimeout: finite,
  onHoldTimeout: onDeadline,
});

const canary: Decoder<CanaryPosition> = record<CanaryPosition>({
  step: count,
  weight: finite,
  window: nullable(record<NonNullable<CanaryPosition["window"]>>({ setAt: finite, start: finite, end: finite })),
  judged: nullable(
    record<NonNullable<CanaryPosition["judged"]>>({
      step: count,
      verdict: oneOf(["pass", "fail", "insufficient", "inconclusive", "provider-error"]),
      why: text,
      at: finite,
    }),
  ),
});

const policy: Decoder<Policy> = record<Policy>({
  bakeTime: finite,
  warmUpTimeout: finite,
  swapTimeout: finite,
  observeTimeout: finite,
  settleTime: finite,
  pollInterval: finite,
});

const place: Decoder<Place> = record<Place>({ app: text, resourceGroup: text, slot: text });

const rollout: Decoder<Rollout> = record<Rollout>({
  kind: oneOf(["release", "rollback", "swap"]),
  place,
  policy,
  phase: oneOf(PHASES),
  since: finite,
  startedAt: finite,
  target: releaseRecord,
  before: nullable(record<NonNullable<Rollout["before"]>>({ production: nullable(text), staging: nullable(text) })),
  fallback: nullable(releaseRecord),
  schemaChange: nullable(schemaChange),
  intent: nullable(intent),
  hold: nullable(hold),
  undo: flag,
  attempts: count,
  reason: nullable(reason),
  ramp: withDefault(nullable(ramp), null),
  canary: nullable(canary),
  weight: withDefault(nullable(finite), null),
});

const detail: Decoder<Event["details"][string]> = (value, path) => {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  throw new Undecodable(path, "text, a number, true, false or null", value);
};

export const event: Decoder<Event> = record<Event>({
  schema: count,
  epoch: count,
  seq: count,
  at: finite,
  what: text,
  release: nullable(text),
  phase: nullable(oneOf(PHASES)),
  runId: text,
  attempt: count,
  actor: text,
  details: dictionary(detail),
});

const freeze: Decoder<Freeze> = record<Freeze>({
  reason: text,
  by: text,
  url: text,
  since: finite,
  until: nullable(finite),
});

const approval: Decoder<Approval> = record<Approval>({
  release: text,
  artifact: nullable(text),
  replaces: nullable(text),
  authors: list(text),
  url: text,
  requestedAt: finite,
  decision: nullable(
    record<NonNullable<Approval["decision"]>>({
      how: oneOf(["approve", "reject"]),
      by: text,
      at: finite,
      why: text,
      url: text,
    }),
  ),
});

const surroundings: Decoder<Surroundings> = record<Surroundings>({
  release: text,
  sticky: list(text),
  healthCheckPath: nullable(text),
});

const head: Decoder<Head> = record<Head>({
  schema: count,
  app: text,
  environment: text,
  epoch: count,
  seq: count,
  holder: nullable(holder),
  rollout: nullable(rollout),
  live: nullable(releaseRecord),
  previous: nullable(releaseRecord),
  history: list(releaseRecord),
  schemaChanges: list(schemaChange),
  freeze: withDefault(nullable(freeze), null),
  approvals: withDefault(list(approval), []),
  surroundings: withDefault(nullable(surroundings), null),
  queue: withDefault(list(waiter), []),
  outbox: list(event),
});
