import { describe, expect, test } from "@jest/globals";
import {
  type Arm,
  type ArmReply,
  operationState,
  readOperation,
  untilDone,
} from "../../../packages/azure/src/index.ts";

const ORIGIN = "https://management.example";
const reply = (status: number, more: Partial<ArmReply> = {}): ArmReply => ({
  status,
  headers: {},
  body: undefined,
  url: `${ORIGIN}/start`,
  ...more,
});
const POLL = `${ORIGIN}/operations/1`;

describe("an operation", () => {
  test.each([
    [
      "202 with a Location runs",
      reply(202, { headers: { location: "/operations/1" } }),
      { kind: "running", operationUrl: POLL, retryAfter: undefined },
    ],
    ["200 is done", reply(200, { body: { id: "x" } }), { kind: "succeeded", body: { id: "x" } }],
    [
      "a new resource's 200 with a provisioning state of its own is done",
      reply(200, { body: { properties: { state: "Running" } } }),
      { kind: "succeeded" },
    ],
    [
      "201 with Azure-AsyncOperation runs",
      reply(201, { headers: { "azure-asyncoperation": POLL, location: "/other" } }),
      { kind: "running", operationUrl: POLL },
    ],
    [
      "Retry-After is kept in milliseconds",
      reply(202, { headers: { location: POLL, "retry-after": "15" } }),
      { kind: "running", retryAfter: 15_000 },
    ],
  ])("that starts: %s", (_, started, state) => {
    expect(operationState(started, 0)).toMatchObject(state);
  });

  test.each([
    ["202 without a Location still runs", reply(202), { kind: "running", operationUrl: POLL }],
    ["204 is done", reply(204), { kind: "succeeded" }],
    ["200 InProgress runs", reply(200, { body: { status: "InProgress" } }), { kind: "running", operationUrl: POLL }],
    ["200 Succeeded is done", reply(200, { body: { status: "Succeeded" } }), { kind: "succeeded" }],
    [
      "200 Failed has failed",
      reply(200, { body: { status: "Failed", error: { code: "X", message: "no" } } }),
      { kind: "failed", code: "X", message: "no" },
    ],
    [
      "417 has failed, in App Service's own shape",
      reply(417, { body: { Code: "ExpectationFailed", Message: "did not respond to http ping" } }),
      { kind: "failed", status: 417, code: "ExpectationFailed", message: "did not respond to http ping" },
    ],
  ])("that is polled: %s", (_, polled, state) => {
    expect(operationState(polled, 0, POLL)).toMatchObject(state);
  });

  test("is followed no faster than Retry-After says, and to its end", async () => {
    const { arm, slept } = armAnswering([reply(202, { headers: { "retry-after": "3" } }), reply(204)]);
    const first = operationState(reply(202, { headers: { location: POLL, "retry-after": "7" } }), 0);
    await untilDone(arm, "swap", first, { deadline: 60_000 });
    expect(slept).toEqual([7_000, 3_000]);
  });

  test("that does not end in time is an error that says it may yet", async () => {
    const { arm } = armAnswering([]);
    const first = operationState(reply(202, { headers: { location: POLL, "retry-after": "30" } }), 0);
    await expect(untilDone(arm, "swap", first, { deadline: 10_000 })).rejects.toMatchObject({
      name: "ServiceError",
      retryable: true,
    });
  });

  test("that fails is an error with the service's code", async () => {
    const { arm } = armAnswering([reply(409, { body: { Code: "Conflict", Message: "another operation" } })]);
    const state = await readOperation(arm, "swap", POLL);
    expect(state).toMatchObject({ kind: "failed", status: 409, code: "Conflict" });
    await expect(untilDone(arm, "swap", state, { deadline: 1 })).rejects.toMatchObject({ code: "Conflict" });
  });
});

/** The one method of Arm that is used here, answering from a list. */
function armAnswering(replies: ArmReply[]): { arm: Arm; slept: number[] } {
  const slept: number[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (duration: number) => {
      slept.push(duration);
      now += duration;
    },
  };
  const arm = {
    context: { clock, signal: new AbortController().signal },
    call: async () => replies.shift() ?? reply(500),
  };
  return { arm: arm as unknown as Arm, slept };
}
