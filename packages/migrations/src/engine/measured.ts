import type { Situation } from "../physics/predict.ts";
import { isConcurrent } from "../rules/indexes.ts";
import type { Schema } from "../schema/schema.ts";
import type { Operation } from "../sql/operation.ts";
import { type Effects, lockRank, type Trace } from "../trace.ts";

/** What a trace shows of relations that existed before the revision. */
export function measured(
  trace: Trace,
  predicted: Effects,
  operation: Operation,
  { existed, schema }: Situation,
): Effects {
  if (trace.error !== undefined) return predicted;
  const scans = trace.scans.filter(existed);
  const seen = trace.locks.filter((lock) => lock.preexisting && existed(lock.relation));
  return {
    // A build that lets writes pass locks outright only the old index as it drops it, which no query uses by then. That
    // is over so soon that it is seldom seen.
    locks: isConcurrent(operation) ? seen.filter(({ mode }) => lockRank(mode) <= PASSING) : seen,
    rewrites: trace.rewrites.filter(existed),
    scans: isQuery(operation) ? queryScans(scans, predicted, schema) : scans,
    indexBuilds: trace.indexBuilds.filter((build) => existed(build.relation)),
  };
}

const PASSING = lockRank("ShareUpdateExclusiveLock");

const isQuery = ({ kind }: Operation): boolean => kind === "change-rows" || kind === "select";

/**
 * How a query reads an empty table says little of how it reads a large one: its planner passes over the index of a table
 * with wide rows, and a join with nothing on its left never looks at its right. What is known of the table outranks it.
 */
function queryScans(scans: readonly string[], predicted: Effects, schema: Schema): string[] {
  const isNamed = (relation: string) => predicted.locks.some((lock) => lock.relation === relation);
  const isKnown = (relation: string) => schema.tables.get(relation)?.complete === true;
  const unforeseen = scans.filter((relation) => !isNamed(relation) || !isKnown(relation));
  return [...new Set([...unforeseen, ...predicted.scans.filter(isKnown)])];
}

/**
 * The part of one operation in what was measured of several at once, such as a script that was sent as one or a DO block:
 * what was foreseen of it. What none of `foreseen` explains is added where they are given, that is, to the last one.
 */
export function apportioned(whole: Effects, own: Effects, foreseen: readonly Effects[] = []): Effects {
  const isRest = foreseen.length > 0;
  const takes =
    <T>(nameOf: (item: T) => string, list: (effects: Effects) => readonly T[]) =>
    (item: T): boolean => {
      const names = (effects: Effects) => list(effects).some((candidate) => nameOf(candidate) === nameOf(item));
      return names(own) || (isRest && !foreseen.some(names));
    };
  const nameOf = (name: string) => name;
  const relationOf = ({ relation }: { readonly relation: string }) => relation;
  // A rewrite by one of them builds the indexes of another anew, and only the rewrite shows.
  const hidden = own.indexBuilds.filter(({ relation }) => whole.rewrites.includes(relation));
  return {
    locks: whole.locks.filter(takes(relationOf, ({ locks }) => locks)),
    rewrites: whole.rewrites.filter(takes(nameOf, ({ rewrites }) => rewrites)),
    scans: whole.scans.filter(takes(nameOf, ({ scans }) => scans)),
    indexBuilds: [...whole.indexBuilds.filter(takes(relationOf, ({ indexBuilds }) => indexBuilds)), ...hidden],
  };
}
