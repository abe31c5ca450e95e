import { appInputs, azureInputs, defineAction, type InputsOf, parseInputs, UsageError } from "@augeo/action-kit";
import { describe, expect, test } from "@jest/globals";

const spec = defineAction({
  name: "example",
  title: "Example",
  description: "",
  inputs: {
    name: { kind: "string", required: true, doc: "" },
    note: { kind: "string", doc: "" },
    force: { kind: "boolean", default: false, doc: "" },
    count: { kind: "integer", default: 3, min: 1, max: 9, doc: "" },
    share: { kind: "percentage", default: "10%", doc: "" },
    wait: { kind: "duration", default: "5m", min: "1s", max: "1h", doc: "" },
    mode: { kind: "choice", options: ["fast", "safe"], default: "safe", doc: "" },
    paths: { kind: "lines", doc: "" },
    data: { kind: "json", doc: "" },
    package: { kind: "path", default: ".", doc: "" },
    page: { kind: "url", doc: "" },
    password: { kind: "secret", min: 8, doc: "" },
  },
  outputs: {},
  permissions: {},
  reasons: { done: { decision: "proceed", doc: "" } },
});

type Expected = {
  readonly name: string;
  readonly note: string | undefined;
  readonly force: boolean;
  readonly count: number;
  readonly mode: "fast" | "safe";
  readonly paths: readonly string[] | undefined;
};
// Fails to compile when the types of the inputs drift from their kinds.
const typed = (inputs: InputsOf<typeof spec>): Expected => inputs;

function parse(inputs: Record<string, string>): InputsOf<typeof spec> {
  const env = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  return parseInputs(spec, { GITHUB_WORKSPACE: "/work", ...env });
}

function faultsOf(inputs: Record<string, string>): UsageError {
  try {
    parse(inputs);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("no fault was found");
}

describe("inputs that are right", () => {
  test("defaults stand in for what is left out, and the rest is undefined", () => {
    expect(typed(parse({ name: "x" }))).toEqual({
      name: "x",
      note: undefined,
      force: false,
      count: 3,
      share: 10,
      wait: 300_000,
      mode: "safe",
      paths: undefined,
      data: undefined,
      package: "/work",
      page: undefined,
      password: undefined,
    });
  });

  test.each([
    ["force", "TRUE", true],
    ["count", "9", 9],
    ["share", "12.5 %", 12.5],
    ["wait", "1m 30s", 90_000],
    ["wait", "1h", 3_600_000],
    ["mode", "Fast", "fast"],
    ["paths", "  /a\n\n /b \r\n", ["/a", "/b"]],
    ["data", '{"a":[1]}', { a: [1] }],
    ["package", "dist/app.zip", "/work/dist/app.zip"],
    ["package", "/abs", "/abs"],
    ["page", "https://example.com/x", "https://example.com/x"],
    ["note", "  spaces around are dropped  ", "spaces around are dropped"],
  ] as const)("%s: %j is read", (name, raw, value) => {
    expect(parse({ name: "x", [name]: raw })[name]).toEqual(value);
  });
});

describe("inputs that are wrong", () => {
  test.each([
    ["name", "", "a value: it is required"],
    ["name", "two\nlines", "one line"],
    ["force", "yes", "true or false"],
    ["count", "3.5", "a whole number from 1 to 9"],
    ["count", "10", "a whole number from 1 to 9"],
    ["count", "0x5", "a whole number from 1 to 9"],
    ["share", "101", "a percentage from 0 to 100"],
    ["wait", "90", "write 90s for seconds"],
    ["wait", "2h", "lower it to 1h or less"],
    ["wait", "5 minutes", "such as 90s, 5m or 1h 30m"],
    ["mode", "quick", "one of fast, safe"],
    ["data", "{", "JSON"],
    ["page", "example.com", "start it with https://"],
    ["page", "ftp://example.com", "an address such as https://example.com"],
    ["password", "short", "at least 8 characters"],
  ] as const)("%s: %j is refused with what is allowed", (name, raw, words) => {
    const { what, why, fix } = faultsOf({ name: "x", [name]: raw });
    expect(what).toBe(`Input ${name} is wrong.`);
    expect(`${why} ${fix}`).toContain(words);
  });

  test("all faults of all inputs come in one error, a line each", () => {
    const { what, why } = faultsOf({ count: "x", wait: "3", mode: "?" });
    expect(what).toBe("4 inputs are wrong: name, count, wait, mode.");
    expect(why.split("\n").filter((line) => line.startsWith("- "))).toHaveLength(4);
  });

  test("a secret is not repeated in the error", () => {
    const { why } = faultsOf({ name: "x", password: "hunter2" });
    expect(why).not.toContain("hunter2");
  });

  test("a long value is cut", () => {
    expect(faultsOf({ name: "x", mode: "y".repeat(5_000) }).why.length).toBeLessThan(300);
  });
});

test("the shared inputs know an app from a host name and an id from a name", () => {
  const shared = defineAction({ ...spec, inputs: { ...azureInputs, ...appInputs } });
  const guid = "11111111-2222-3333-4444-555555555555";
  const env = {
    "INPUT_CLIENT-ID": guid,
    "INPUT_TENANT-ID": "contoso",
    "INPUT_SUBSCRIPTION-ID": guid,
    INPUT_APP: "api.azurewebsites.net",
    "INPUT_RESOURCE-GROUP": "rg",
  };
  expect(() => parseInputs(shared, env)).toThrow("2 inputs are wrong: tenant-id, app.");
});
