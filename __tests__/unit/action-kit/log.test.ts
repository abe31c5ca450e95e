import { createLog, type Log } from "@augeo/action-kit";
import { describe, expect, test } from "@jest/globals";
import { readCommands } from "../../support/annotations.ts";

function recorder(): { log: Log; text: () => string } {
  const lines: string[] = [];
  return { log: createLog((text) => lines.push(text)), text: () => lines.join("\n") };
}

const ESCAPE = String.fromCharCode(27);

describe("text from outside", () => {
  test("cannot issue a workflow command", () => {
    const { log, text } = recorder();
    log.quote("::error::boo\n::set-output name=x::y\n  ::add-mask::z\n##[group]x");
    expect(readCommands(text())).toEqual([]);
  });

  test("cannot end the quotation, because its token is not to be guessed", () => {
    const { log, text } = recorder();
    log.quote("a");
    log.quote("a");
    const tokens = [...text().matchAll(/::stop-commands::(.+)/g)].map(([, token]) => token);
    expect(new Set(tokens).size).toBe(2);
  });

  test("loses terminal sequences and control characters, and keeps lines and tabs", () => {
    const { log, text } = recorder();
    log.quote(
      `${ESCAPE}[31mred${ESCAPE}[0m ${ESCAPE}]0;title${String.fromCharCode(7)}b\r\nc${String.fromCharCode(0)}\td`,
    );
    expect(text()).toContain("\nred b\nc\td\n");
  });

  test("is neutral also inside a line of ours", () => {
    const { log, text } = recorder();
    log.info("::error::not ours");
    log.notice("a\n::error::b");
    expect(readCommands(text())).toEqual([{ name: "notice", message: "a\n::error::b", properties: {} }]);
  });

  test("may come right after a quotation that ends without a newline", () => {
    const { log, text } = recorder();
    log.quote("no newline");
    log.warning("seen");
    expect(readCommands(text()).map(({ message }) => message)).toEqual(["seen"]);
  });
});

describe("secrets", () => {
  test("are hidden in every form they may take", () => {
    const { log, text } = recorder();
    const secret = 'p@ss "word"/+ü';
    log.mask(secret);
    const masked = readCommands(text()).map(({ message }) => message);
    expect(masked).toEqual(
      expect.arrayContaining([
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
        Buffer.from(secret).toString("base64"),
        Buffer.from(secret).toString("base64url"),
        "p%40ss+%22word%22%2F%2B%C3%BC",
      ]),
    );
  });

  test("inside an address are hidden by themselves", () => {
    const { log, text } = recorder();
    log.mask("postgresql://app:s%40cret1@db:5432/auction");
    const masked = readCommands(text()).map(({ message }) => message);
    expect(masked).toEqual(expect.arrayContaining(["s%40cret1", "s@cret1"]));
  });

  test("of several lines are hidden line by line", () => {
    const { log, text } = recorder();
    log.mask("first line\nsecond line");
    expect(readCommands(text()).map(({ message }) => message)).toEqual(
      expect.arrayContaining(["first line", "second line"]),
    );
  });

  test("too short to tell apart from other text are left alone", () => {
    const { log, text } = recorder();
    log.mask("abc");
    expect(text()).not.toContain("::add-mask::abc\n");
    expect(readCommands(text()).every(({ message }) => message.length >= 4)).toBe(true);
  });
});

test("only the first error becomes an annotation, and a long one is cut there and whole in the log", () => {
  const { log, text } = recorder();
  const long = "x".repeat(5_000);
  log.error(long, { title: "a: b, c" });
  log.error("second");
  const commands = readCommands(text());
  expect(commands).toHaveLength(1);
  expect(commands[0]?.properties).toEqual({ title: "a: b, c" });
  expect(commands[0]?.message.length).toBeLessThanOrEqual(4_096);
  expect(text()).toContain(long);
  expect(text()).toContain("\nsecond");
});

test("groups never nest, and close when their work fails", async () => {
  const { log, text } = recorder();
  const failing = log.group("Outer", () => log.group("Inner", () => Promise.reject(new Error("no"))));
  await expect(failing).rejects.toThrow("no");
  expect(text()).toBe("::group::Outer\nInner\n::endgroup::");
});
