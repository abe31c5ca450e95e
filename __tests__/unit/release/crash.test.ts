import { describe, expect, test } from "@jest/globals";
import { BUDGETED, describeFound, INTERFERENCE, MUTATIONS, type Part, prove } from "./crash-model/campaign.ts";
import { explore } from "./crash-model/explore.ts";
import { SCENARIOS } from "./crash-model/scenarios.ts";

const tell = (text: string) => process.stderr.write(`crash model: ${text}\n`);

async function expectNothingWrong(part: Part): Promise<void> {
  const found = await prove(part);
  tell(describeFound(part.name, found));
  expect(found.wrongs).toEqual([]);
  expect(found.played).toBeGreaterThan(part.pieces.length);
}

describe("a release that dies", () => {
  test("without a death every story ends right", async () => {
    for (const scenario of SCENARIOS) {
      const { wrongs } = await explore(scenario, { deaths: 0, successors: [], gaps: [] });
      expect(wrongs).toEqual([]);
    }
  });

  test.each(BUDGETED.map((part) => [part.name, part] as const))(
    "is brought to the right end: %s",
    (_, part) => expectNothingWrong(part),
    240_000,
  );
});

describe("a release that others meddle with", () => {
  test.each(INTERFERENCE.map(({ name, pieces }) => [name, { name, pieces: sample(pieces) }] as const))(
    "ends right: %s",
    (_, part) => expectNothingWrong(part),
    120_000,
  );
});

describe("the model notices", () => {
  test.each(MUTATIONS.map(({ mutant, breaks }) => [mutant, breaks] as const))("%s", async (mutant, breaks) => {
    const found = await breaks();
    tell(describeFound(`broken on purpose, ${mutant}`, found));
    expect(found.wrong).toBeGreaterThan(0);
  });
});

/** All kinds of stories in a small part of the time. `npm run prove` plays the rest. */
function sample<T>(pieces: readonly T[]): readonly T[] {
  return pieces.filter((_, index) => index % 19 === 0);
}
