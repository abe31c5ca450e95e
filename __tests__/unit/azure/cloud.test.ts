import { describe, expect, test } from "@jest/globals";
import { cloudFrom, containerAddress } from "../../../packages/azure/src/index.ts";

describe("the input cloud", () => {
  test.each([
    ["AzureCloud", "https://login.microsoftonline.com", "api://AzureADTokenExchange"],
    ["azureusgovernment", "https://login.microsoftonline.us", "api://AzureADTokenExchangeUSGov"],
    ["AzureChinaCloud", "https://login.partner.microsoftonline.cn", "api://AzureADTokenExchangeChina"],
  ])("%s signs in at %s", (name, authority, audience) => {
    expect(cloudFrom(name)).toMatchObject({ authority, audience });
  });

  test("takes a JSON object of endpoints, the rest being the public cloud's", () => {
    const cloud = cloudFrom(
      '{"authority":"https://login.test:1","management":"https://arm.test/","storageAudience":"https://s"}',
    );
    expect(cloud).toMatchObject({
      authority: "https://login.test:1",
      management: "https://arm.test",
      storageAudience: "https://s",
      audience: "api://AzureADTokenExchange",
    });
  });

  test.each([
    ["Azure", /AzureCloud, AzureUSGovernment, AzureChinaCloud/],
    ["{", /mend the JSON/],
    ['{"authority":"http://x","management":"https://y"}', /"authority": "https:/],
    ['{"authority":"https://x"}', /"management": "https:/],
    ['{"authority":"https://x","management":"https://y","managment":"https://z"}', /use only authority, management/],
  ])("refuses %j and says what to write", (input, fix) => {
    expect(() => cloudFrom(input)).toThrow(
      expect.objectContaining({ name: "UsageError", fix: expect.stringMatching(fix) }),
    );
  });
});

test.each([
  [
    "https://acct.blob.core.windows.net/releases",
    { serviceUrl: "https://acct.blob.core.windows.net", account: "acct", container: "releases" },
  ],
  [
    "https://127.0.0.1:1/acct/releases/",
    { serviceUrl: "https://127.0.0.1:1/acct", account: "acct", container: "releases" },
  ],
])("%s names a container", (url, address) => expect(containerAddress(url)).toEqual(address));

test.each(["https://acct.blob.core.windows.net", "nonsense", "https://x/a/b/c"])("%s names none", (url) => {
  expect(() => containerAddress(url)).toThrow(/not the address of a blob container/);
});
