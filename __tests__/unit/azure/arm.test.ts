import { expect, test } from "@jest/globals";
import { Arm, type AzureContext, cloudFrom, readOperation, type SignIn } from "../../../packages/azure/src/index.ts";

function armWithoutNetwork(): { arm: Arm; asked: () => number } {
  let tokens = 0;
  const signIn = {
    cloud: cloudFrom("AzureCloud"),
    token: async () => {
      tokens += 1;
      return "secret";
    },
  };
  const log = { debug() {}, info() {}, warning() {}, quote() {}, mask() {} };
  const context: AzureContext = {
    env: {},
    clock: { now: Date.now, sleep: async () => {} },
    log,
    signal: new AbortController().signal,
  };
  return { arm: new Arm(context, signIn as unknown as SignIn, "sub"), asked: () => tokens };
}

test.each([
  "https://management.azure.com.evil.example/operations/1",
  "http://management.azure.com/operations/1",
  "https://management.azure.com:444/x",
])("an operation at %s is not asked about: the token stays here", async (url) => {
  const { arm, asked } = armWithoutNetwork();
  await expect(readOperation(arm, "swap", url)).rejects.toMatchObject({
    name: "ServiceError",
    what: expect.stringContaining("another host"),
  });
  expect(asked()).toBe(0);
});
