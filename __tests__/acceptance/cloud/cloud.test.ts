import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { startCloud } from "@augeo/rehearsal";
import { describe, expect, test } from "@jest/globals";
import pg from "pg";
import { httpsClient } from "../../support/https-json.ts";

const main = resolve(import.meta.dirname, "../../../packages/rehearsal/src/main.ts");

interface Description {
  ca: string;
  databaseUrl: string;
  endpoints: Record<string, string>;
  idToken: { url: string; token: string; subject: string };
  ledger: string;
  slots: Record<string, { url: string; scm: string }>;
}

/** Started as `npm run cloud` starts it, with servers of its own as no test run is around it. */
function startMain(wrapper: string[] = []): ChildProcess {
  const { AUGEO_REHEARSAL_SERVERS: _, ...env } = process.env;
  const [command = "", ...args] = [...wrapper, process.execPath, main];
  return spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"] });
}

async function readLine(child: ChildProcess): Promise<Description> {
  if (child.stdout === null) throw new Error("no standard output");
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error("The cloud ended before it printed its line.");
}

async function isListening(url: string, ca: string): Promise<boolean> {
  const client = httpsClient(url, ca);
  const answered = await client.ask("/").then(
    () => true,
    () => false,
  );
  client.close();
  return answered;
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 50));
}

describe("npm run cloud", () => {
  test("prints one line of JSON when all is ready, and leaves nothing behind when it is stopped", async () => {
    const child = startMain();
    const described = await readLine(child);
    const ca = await readFile(described.ca, "utf8");
    const client = httpsClient(described.idToken.url, ca, { authorization: `Bearer ${described.idToken.token}` });
    expect((await client.ask(described.idToken.url)).status).toBe(200);
    client.close();
    const database = new pg.Client({ connectionString: described.databaseUrl });
    await database.connect();
    await database.end();
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(existsSync(dirname(described.ca))).toBe(false);
    expect(await isListening(described.endpoints.blob ?? "", ca)).toBe(false);
    await expect(new pg.Client({ connectionString: described.databaseUrl }).connect()).rejects.toThrow("ECONNREFUSED");
  });

  test("ends when whoever started it is gone", async () => {
    const child = startMain(["/bin/sh", "-c", '"$0" "$@"; exit']);
    const described = await readLine(child);
    const ca = await readFile(described.ca, "utf8");
    child.kill("SIGKILL");
    await until(() => !existsSync(dirname(described.ca)));
    expect(await isListening(described.endpoints.management ?? "", ca)).toBe(false);
  });

  test("that is killed outright takes its servers and folders with it", async () => {
    const child = startMain();
    const described = await readLine(child);
    child.kill("SIGKILL");
    await until(() => !existsSync(dirname(described.ca)));
    await expect(new pg.Client({ connectionString: described.databaseUrl }).connect()).rejects.toThrow("ECONNREFUSED");
  });
});

describe("startCloud", () => {
  test("gives each cloud a database and containers of its own on the run's shared servers", async () => {
    const [one, other] = [await startCloud(), await startCloud()];
    expect(one.databaseUrl).not.toBe(other.databaseUrl);
    expect(new URL(one.databaseUrl).host).toBe(new URL(other.databaseUrl).host);
    expect(await one.newContainer()).not.toBe(await one.newContainer());
    await Promise.all([one.close(), other.close()]);
  });

  test("says what is missing when it was started without it", async () => {
    const cloud = await startCloud({ postgres: "none", blob: "none" });
    expect(() => cloud.databaseUrl).toThrow("started without PostgreSQL");
    await expect(async () => cloud.newContainer()).rejects.toThrow("started without Blob Storage");
    await cloud.close();
  });

  test("trusts nobody before it is told to", async () => {
    const cloud = await startCloud({ postgres: "none", blob: "none" });
    const client = httpsClient(cloud.endpoints.authority, cloud.tls.ca);
    const signIn = async () => {
      const client_assertion = await cloud.oidc.mint("api://AzureADTokenExchange");
      const form = {
        client_id: cloud.application.clientId,
        scope: "https://management.azure.com/.default",
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion,
      };
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const body = new URLSearchParams(form).toString();
      return (await client.ask(`/${cloud.tenantId}/oauth2/v2.0/token`, { method: "POST", headers, body })).status;
    };
    expect(await signIn()).toBe(401);
    cloud.trust();
    expect(await signIn()).toBe(200);
    client.close();
    await cloud.close();
  });
});
