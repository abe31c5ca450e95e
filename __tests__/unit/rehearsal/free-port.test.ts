import { describe, expect, test } from "@jest/globals";
import { onFreePort } from "../../../packages/rehearsal/src/free-port.ts";

describe("a server on a free port", () => {
  test("is started on another one when somebody took the port first", async () => {
    const ports: number[] = [];
    const started = await onFreePort(async (port) => {
      ports.push(port);
      if (ports.length < 3) throw new Error('could not bind IPv4 address "127.0.0.1": Address already in use');
      return "started";
    });
    expect(started).toBe("started");
    expect(new Set(ports).size).toBe(3);
  });

  test("is given up after five ports, and at once for any other reason", async () => {
    let tries = 0;
    const fail = (message: string) =>
      onFreePort(async () => {
        tries += 1;
        throw new Error(message);
      });
    await expect(fail("listen EADDRINUSE")).rejects.toThrow("EADDRINUSE");
    expect(tries).toBe(5);
    await expect(fail("no data directory")).rejects.toThrow("no data directory");
    expect(tries).toBe(6);
  });
});
