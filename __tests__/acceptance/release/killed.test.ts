/**
 * Runs of the shipped bundles that are killed or cancelled at a request that changes something, before and after it
 * took effect; then whoever comes next. A few deaths of different kinds in every test run, all with AUGEO_PROVE=1.
 */
import { afterEach, describe, expect, test } from "@jest/globals";
import { type AppInSlots, startAppInSlots } from "../slot-swap/app-in-slots.ts";
import { Deathbed, namePoint, type Point, STORIES, type Story } from "./dying-runs.ts";

const isWhole = process.env.AUGEO_PROVE !== undefined;

let app: AppInSlots;
let bed: Deathbed | undefined;
afterEach(async () => {
  await bed?.close();
  await app?.close();
});

type Fate = "killThenNext" | "killThenReconcile" | "cancel";
type Death = readonly [Fate, Point];

/** The last call of its kind. */
const LAST = Number.POSITIVE_INFINITY;

const death = (fate: Fate, when: Point["when"], call: Point["call"], number = 1): Death => [
  fate,
  { when, call, number },
];

/** A death at the last call, whichever that is. */
const among = (points: readonly Point[], [fate, point]: Death): Death => {
  const last = Math.max(...points.filter(({ call }) => call === point.call).map(({ number }) => number));
  return [fate, { ...point, number: Math.min(point.number, last) }];
};

/**
 * Deaths that differ in kind: nothing live touched yet, within the lease, an act on its way, its outcome not logged, the
 * release over and GitHub not told.
 */
const FEW: Record<Story["action"], readonly Death[]> = {
  release: [
    death("killThenReconcile", "after", "upload"),
    death("killThenNext", "after", "swap"),
    death("cancel", "after", "head", LAST),
    death("cancel", "before", "deployment", LAST),
    death("killThenReconcile", "before", "deployment", LAST),
  ],
  canary: [
    death("killThenReconcile", "after", "route", 1),
    death("killThenNext", "before", "route", 2),
    death("cancel", "after", "route", 1),
  ],
  "slot-swap": [],
};

/**
 * What was changed is the same after one request and before the next: of the two, the next run comes to the one and
 * the reconciler to the other. A run that is cancelled can tell them apart.
 */
const allOf = (points: readonly Point[]): Death[] => [
  ...points.map((point) => [point.when === "before" ? "killThenReconcile" : "killThenNext", point] as const),
  ...points.map((point) => ["cancel", point] as const),
];

const tell = (text: string) => process.stderr.write(`dying bundles: ${text}\n`);

describe("a run that dies or is cancelled", () => {
  test.each(
    STORIES.filter(({ action }) => isWhole || FEW[action].length > 0).map((story) => [story.action, story] as const),
  )(
    "leaves nothing that whoever comes next does not end: %s",
    async (action, story) => {
      app = await startAppInSlots();
      bed = new Deathbed(app, story);
      if (isWhole) await bed.first();
      const points = await bed.points();
      const deaths = isWhole ? allOf(points) : FEW[action].map((each) => among(points, each));
      expect(points.map(namePoint)).toEqual(expect.arrayContaining(deaths.map(([, point]) => namePoint(point))));
      const wrong: string[] = [];
      for (const [fate, point] of deaths) {
        const name = `${action}, ${fate}, ${namePoint(point)}`;
        await bed[fate](point).then(
          () => isWhole && tell(name),
          (error: Error) => {
            wrong.push(`${name}: ${error.message}`);
            tell(wrong.at(-1) ?? "");
          },
        );
      }
      const ended = `${wrong.length} ended wrong, ${bed.killed} cancelled ones had to be killed`;
      if (isWhole) tell(`${action}: ${points.length} points, ${deaths.length} deaths, ${ended}`);
      expect(wrong).toEqual([]);
    },
    isWhole ? 7_200_000 : 240_000,
  );
});
