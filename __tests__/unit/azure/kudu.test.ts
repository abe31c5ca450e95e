import { describe, expect, test } from "@jest/globals";
import { isReceiving, oursAmong } from "../../../packages/azure/src/find-deployment.ts";
import { hasEnded, pollPause } from "../../../packages/azure/src/follow-deployment.ts";
import {
  type DeploymentRecord,
  decodeDeployment,
  decodeLogEntry,
  decodeSite,
} from "../../../packages/azure/src/index.ts";
import { isThrottled, pauseBefore, retryAfterOf } from "../../../packages/azure/src/retry.ts";

const record = (more: Partial<DeploymentRecord> = {}): DeploymentRecord => ({
  id: "d1",
  status: 1,
  statusText: "",
  message: "OneDeploy",
  deployer: "OneDeploy",
  progress: "",
  receivedTime: 0,
  complete: false,
  active: false,
  temporary: false,
  ...more,
});

describe("records", () => {
  test("are decoded, and what is none is not", () => {
    expect(
      decodeDeployment({
        id: "d",
        status: 4,
        status_text: "",
        received_time: "2026-11-22T10:00:00.5Z",
        complete: true,
        is_temp: false,
      }),
    ).toMatchObject({
      id: "d",
      status: 4,
      receivedTime: Date.UTC(2026, 10, 22, 10, 0, 0, 500),
      complete: true,
      temporary: false,
    });
    for (const none of [null, [], {}, { id: "d" }, { status: 4 }, "x"]) expect(decodeDeployment(none)).toBeUndefined();
  });

  test("without a zone count as UTC", () => {
    expect(decodeDeployment({ id: "d", status: 0, received_time: "2026-11-22T10:00:00" })?.receivedTime).toBe(
      Date.UTC(2026, 10, 22, 10),
    );
  });

  test("with a temporary id are placeholders even when they do not say so", () => {
    expect(decodeDeployment({ id: "temp-1a2b", status: 0 })?.temporary).toBe(true);
  });

  test.each([
    [{ status: 4 }, true],
    [{ status: 3 }, true],
    [{ status: 1 }, false],
    [{ status: 0, complete: true }, false],
    [{ status: 5, complete: true }, true],
    [{ status: 5, complete: false }, false],
  ])("%j has ended: %s", (more, ended) => expect(hasEnded(record(more))).toBe(ended));

  test("log entries carry their kind", () => {
    expect(decodeLogEntry({ id: "1", message: "m", type: 2, details_url: "https://x" })).toEqual({
      id: "1",
      message: "m",
      kind: "error",
      hasDetails: true,
    });
    expect(decodeLogEntry({})).toBeUndefined();
  });
});

describe("our own deployment", () => {
  const before = { ids: new Set(["old"]), marker: "augeo:r1:abc" };

  test("is the marked one, whoever else deployed", () => {
    const records = [
      record({ id: "theirs" }),
      record({ id: "ours", message: "augeo:r1:abc commit" }),
      record({ id: "old" }),
    ];
    expect(oursAmong(records, before)?.id).toBe("ours");
  });

  test("is, where the site keeps no message, the first that was not there before", () => {
    expect(oursAmong([record({ id: "later" }), record({ id: "first" }), record({ id: "old" })], before)?.id).toBe(
      "first",
    );
  });

  test("is never a placeholder, which only shows that something is received", () => {
    const temporary = record({ id: "temp-1", temporary: true });
    expect(oursAmong([temporary, record({ id: "old" })], before)).toBeUndefined();
    expect(isReceiving([temporary], before)).toBe(true);
    expect(isReceiving([{ ...temporary, complete: true }], before)).toBe(false);
  });
});

describe("the pause between looks", () => {
  test("loses at most 0.4 s on average for deployments of 0.3 to 30 s", () => {
    const losses = Array.from({ length: 298 }, (_, index) => lossFor(300 + index * 100));
    expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeLessThanOrEqual(400);
  });

  test("is never shorter than the server asks for", () => {
    for (const elapsed of [0, 500, 5_000, 500_000]) expect(pollPause(elapsed, 30_000)).toBeGreaterThanOrEqual(30_000);
  });

  test("grows for long builds, so that the site is not throttled into refusing", () => {
    expect(pollPause(600_000, undefined)).toBe(5_000);
  });

  function lossFor(duration: number): number {
    let now = 0;
    while (now < duration) now += pollPause(now, undefined);
    return now - duration;
  }
});

describe("retries", () => {
  test.each([
    ["5", 5_000],
    ["0.5", 500],
    ["Thu, 01 Jan 1970 00:01:00 GMT", 60_000],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("Retry-After %j is %s ms", (value, wait) => {
    expect(retryAfterOf(value === undefined ? {} : { "retry-after": value }, 0)).toBe(wait);
  });

  test("never come before the time that was asked for", () => {
    for (const random of [0, 0.5, 0.999]) expect(pauseBefore(1, 5_000, () => random)).toBeGreaterThanOrEqual(5_000);
  });

  test("come at growing, jittered distances otherwise", () => {
    expect(pauseBefore(1, undefined, () => 0)).toBe(500);
    expect(pauseBefore(4, undefined, () => 1)).toBe(8_000);
    expect(pauseBefore(20, undefined, () => 1)).toBe(30_000);
  });

  test("know the SCM front end's own way to say 429", () => {
    expect(isThrottled(406, "Excessive SCM Site operation requests. Retry after 5 seconds")).toBe(true);
    expect(isThrottled(406, "Not Acceptable")).toBe(false);
  });
});

test("a site's SCM host is the one Azure names, not one made from the app's name", () => {
  const hostNameSslStates = [
    { name: "app-x1.azurewebsites.net", hostType: "Standard" },
    { name: "app-x1.scm.westeurope-01.azurewebsites.net", hostType: "Repository" },
  ];
  expect(decodeSite({ properties: { hostNameSslStates } }).scmHostName).toBe(
    "app-x1.scm.westeurope-01.azurewebsites.net",
  );
  expect(decodeSite({}).scmHostName).toBeUndefined();
});
