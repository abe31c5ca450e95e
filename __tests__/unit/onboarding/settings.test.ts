import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { settingsSchema } from "../../../actions/settings/json-schema.ts";
import { readSettings } from "../../../actions/settings/read-settings.ts";
import { holdsPassword } from "../../../actions/settings/settings.ts";
import { settingsText } from "../../../actions/settings/write-settings.ts";
import { root } from "../../support/source-files.ts";

const GOOD = `repository: octo-org/auction
tenant-id: 00000000-0000-0000-0000-000000000001
subscription-id: 00000000-0000-0000-0000-000000000002
storage-account: auctionreleases
storage-resource-group: rg-auction
health-path: [/health/ready, /items]
environments:
  dev:
    app: auction-dev
    resource-group: rg-auction
  production:
    app: auction
    resource-group: rg-auction
    slot: blue
`;

const RIGHT_VALUES = [
  ...["octo-org/auction", "00000000-0000-0000-0000-00000000000A", "AzureCloud", "westeurope", "both", "custom"],
  ...["managed-identity", "Website Contributor", "auctionreleases", "rg (auction)", "backend", "/ready", "deploy-ok"],
  ...[
    "production / release",
    "blue",
    "releases-dev",
    "postgresql+psycopg://a@h/d",
    "entra",
    "p1mv3",
    "S1",
    "PYTHON|3.14",
  ],
];

const WRONG_VALUES = [
  ...[
    "",
    " ",
    "Both",
    "MANAGED-IDENTITY",
    "F1",
    "Bad_Name",
    "../up",
    "/abs",
    "ready",
    "a\nb",
    " /x",
    "/x ",
    "/a\n/b",
    "rg.",
  ],
  ...["postgres://", "mysql://h/d", "a--b", "x".repeat(91), "auction", 1, 1.5, true, null],
  ...[{}, { a: "b" }, []],
];

function whyOf(text: string): string {
  try {
    readSettings(text, ".augeo/deploy.yml");
  } catch (error) {
    return error instanceof Error && "why" in error ? String(error.why) : String(error);
  }
  return "";
}

describe(".augeo/deploy.yml", () => {
  test("is read with every default filled in", () => {
    const { environments, ...shared } = readSettings(GOOD);
    expect(shared).toMatchObject({
      identity: "managed-identity",
      subject: "both",
      "health-path": ["/health/ready", "/items"],
    });
    expect(
      environments.map(({ name, slot, container, "identity-name": identity }) => [name, slot, container, identity]),
    ).toEqual([
      ["dev", "staging", "releases-dev", "auction-dev-deploy"],
      ["production", "blue", "releases-production", "auction-deploy"],
    ]);
  });

  test("is written so that it reads the same, with nothing in it that is a default", () => {
    const settings = readSettings(GOOD);
    const text = settingsText(settings);
    expect(readSettings(text)).toEqual(settings);
    expect(text).not.toMatch(/staging|managed-identity|identity-name|container/);
  });

  test.each([
    [
      "a mistyped key",
      GOOD.replace("    slot:", "    slto:"),
      ".augeo/deploy.yml:14: slto is no key; did you mean slot?",
    ],
    [
      "a mistyped key at the top",
      GOOD.replace("tenant-id", "tenantid"),
      ".augeo/deploy.yml:2: tenantid is no key; did you mean tenant-id?",
    ],
    [
      "a missing key",
      GOOD.replace("    app: auction\n", ""),
      ".augeo/deploy.yml:12: app is missing: Name of the App Service app.",
    ],
    [
      "a value that is not allowed",
      GOOD.replace("slot: blue", "slot: b/l"),
      '.augeo/deploy.yml:14: slot is "b/l"; allowed is the slot\'s name alone',
    ],
    [
      "a value of another type",
      GOOD.replace("app: auction\n", "app: 42\n"),
      '.augeo/deploy.yml:12: app is the number 42; allowed is a text, which quotes make of it: "42".',
    ],
    [
      "an empty value",
      GOOD.replace("slot: blue", "slot:"),
      ".augeo/deploy.yml:14: slot is empty; leave it out for staging.",
    ],
    [
      "a list where one value is wanted",
      GOOD.replace("slot: blue", "slot: [blue, green]"),
      ".augeo/deploy.yml:14: slot is a list; allowed is one value.",
    ],
    ["a tab", GOOD.replace("    slot:", "\tslot:"), ".augeo/deploy.yml:14: "],
    ["broken YAML", GOOD.replace("environments:", "environments: ["), ".augeo/deploy.yml:"],
    [
      "no environments",
      GOOD.slice(0, GOOD.indexOf("environments:")),
      "environments is missing: name at least one, with its app",
    ],
  ])("says of %s the line, and what was meant or is allowed", (_, text, words) => {
    expect(whyOf(text)).toContain(words);
  });

  test("names every fault at once, in the order of the lines", () => {
    const why = whyOf(GOOD.replace("slot: blue", "slto: blue").replace("octo-org/auction", "auction"));
    expect(why.split("\n").map((line) => line.split(":")[1])).toEqual(["1", "14"]);
  });

  test("refuse one app for two environments, whose locks would not keep them apart", () => {
    expect(whyOf(GOOD.replace("app: auction\n", "app: Auction-Dev\n"))).toBe(
      ".augeo/deploy.yml:1: dev and production have one app, Auction-Dev: each environment needs its own.",
    );
  });

  test("knows an address with a password from one without", () => {
    expect(["postgresql://a:b@h/d", "postgresql://a@h:5432/d", "postgresql://h/d"].map(holdsPassword)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("its schema", () => {
  const schema = JSON.parse(readFileSync(join(root, "schemas/deploy.schema.json"), "utf8"));
  const validate = new Ajv({ strict: false }).compile({ ...schema, $id: "test" });

  test("is published as the parser's declaration makes it", () => {
    expect(schema).toEqual(settingsSchema());
  });

  test("has words for every key, and a default, a list of choices or a pattern", () => {
    const { environments, ...shared } = schema.properties;
    const keys = { ...shared, ...environments.additionalProperties.properties };
    for (const [name, key] of Object.entries<Record<string, unknown>>(keys)) {
      expect([name, key.description]).toEqual([name, expect.stringMatching(/\w.*\.$/)]);
      expect([name, "enum" in key || "pattern" in key || "anyOf" in key]).toEqual([name, true]);
    }
    expect(validate.schema).toBeTruthy();
  });

  /** Values that somebody might write for a key: right, of another type, with a slip, empty, and some at random. */
  const value = fc.oneof(
    fc.constantFrom(...RIGHT_VALUES, ...WRONG_VALUES),
    fc.string({ maxLength: 6 }),
    fc.array(fc.constantFrom(...RIGHT_VALUES, ...WRONG_VALUES), { maxLength: 3 }),
  );
  const settings = parse(GOOD);
  const all = Object.keys(settings);
  const sharedNames = Object.keys(schema.properties).filter((name) => name !== "environments");
  const environmentNames = Object.keys(schema.properties.environments.additionalProperties.properties);

  /** The third environment has an app of its own: that no two share one is what a schema cannot say. */
  const third = { ...settings.environments.dev, app: "auction-third" };

  test("and the parser accept the same", () => {
    const key = (names: string[]) => fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string());
    const name = fc.oneof(fc.constantFrom("dev", "eu.live", "a b", "-x", "1.10"), fc.string({ maxLength: 4 }));
    let [good, bad] = [0, 0];
    fc.assert(
      fc.property(
        fc.dictionary(key(sharedNames), value, { maxKeys: 1 }),
        fc.dictionary(key(environmentNames), value, { maxKeys: 1 }),
        name,
        fc.oneof({ weight: 9, arbitrary: fc.constant(all) }, { weight: 1, arbitrary: fc.subarray(all) }),
        (shared, own, environment, kept) => {
          const whole = {
            ...Object.fromEntries(kept.map((one) => [one, settings[one]])),
            ...shared,
            ...(kept.includes("environments")
              ? { environments: { ...settings.environments, [environment]: { ...third, ...own } } }
              : {}),
          };
          const text = stringify(whole);
          const why = whyOf(text);
          const verdict = validate(parse(text));
          if (verdict) good += 1;
          else bad += 1;
          expect({ text, verdict, why: verdict ? why : "" }).toEqual({ text, verdict: why === "", why: "" });
        },
      ),
      { numRuns: 1500 },
    );
    // Neither verdict is rare, or the agreement would say little.
    expect(Math.min(good, bad)).toBeGreaterThan(100);
  });

  test("lets several environments share what an anchor holds, as the parser does", () => {
    const text = GOOD.replace(
      "    resource-group: rg-auction\n  production",
      "    resource-group: &group rg-auction\n  production",
    ).replace("    resource-group: rg-auction\n    slot", "    resource-group: *group\n    slot");
    expect(text).toContain("*group");
    expect([validate(parse(text)), whyOf(text)]).toEqual([true, ""]);
    expect(readSettings(text).environments.map((one) => one["resource-group"])).toEqual(["rg-auction", "rg-auction"]);
  });
});
