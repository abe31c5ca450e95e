import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "yaml";
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
      ".augeo/deploy.yml:14: slto is no key; did you mean slot?.",
    ],
    [
      "a mistyped key at the top",
      GOOD.replace("tenant-id", "tenantid"),
      ".augeo/deploy.yml:2: tenantid is no key; did you mean tenant-id?.",
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

  test("agrees with the parser on what is good and what is not", () => {
    const texts = [
      GOOD,
      GOOD.replace("slot: blue", "slto: blue"),
      GOOD.replace("slot: blue", "slot: b/l"),
      GOOD.replace("auctionreleases", "Auction"),
      GOOD.replace("octo-org/auction", "auction"),
      GOOD.replace("repository:", "identity: secret\nrepository:"),
      settingsText(readSettings(GOOD)),
    ];
    const verdicts = texts.map((text) => [validate(parse(text)), whyOf(text) === ""]);
    expect(verdicts.map(([bySchema]) => bySchema)).toEqual(verdicts.map(([, byParser]) => byParser));
    expect(verdicts.map(([verdict]) => verdict)).toEqual([true, false, false, false, false, false, true]);
  });
});
