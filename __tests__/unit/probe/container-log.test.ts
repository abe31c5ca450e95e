import { expect, test } from "@jest/globals";
import { lastErrorIn, lastLines } from "../../../actions/health-probe/container-log-text.ts";

test.each([
  [
    "2026-11-26T10:00:00.123456789Z ModuleNotFoundError: No module named 'x'\n2026-11-26T10:00:01Z exit 1",
    "ModuleNotFoundError: No module named 'x'",
  ],
  [
    "KeyError: 'A'\nsqlalchemy.exc.OperationalError: (psycopg) refused\nbye",
    "sqlalchemy.exc.OperationalError: (psycopg) refused",
  ],
  ["KeyboardInterrupt\nAssertionError", "AssertionError"],
  ["Starting.\nErrors: none", undefined],
  ["", undefined],
])("the last exception of a log: %j", (log, error) => expect(lastErrorIn(log)).toBe(error));

test("a long line is cut, and of a long log the end is shown", () => {
  expect(lastErrorIn(`ValueError: ${"x".repeat(900)}`)).toHaveLength(200);
  expect(
    lastLines(Array.from({ length: 100 }, (_, line) => line).join("\n"))
      .split("\n")
      .at(0),
  ).toBe("40");
});
