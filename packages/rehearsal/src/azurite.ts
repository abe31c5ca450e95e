import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";

import { endProcess } from "./end-process.ts";
import { onFreePort } from "./free-port.ts";
import { guardProcess } from "./reaper.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Microsoft's own emulator of Blob Storage, over HTTPS and signed in with Entra tokens. */
export interface AzuriteServer {
  port: number;
  /** `https://127.0.0.1:port/<account>`: what `https://<account>.blob.core.windows.net` is in Azure. */
  accountUrl(account?: string): string;
  close(): Promise<void>;
}

export interface AzuriteOptions {
  /** The server certificate and its key, PEM files. */
  tls: { cert: string; key: string };
  /** Names of the storage accounts to offer. The first is the default one. */
  accounts?: readonly string[];
}

const START_TIMEOUT_MS = 60_000;

/** `--skipApiVersionCheck`: the SDK of the same month speaks a newer version than Azurite knows, and would be refused. */
const flags = ["--oauth", "basic", "--skipApiVersionCheck", "--disableTelemetry", "--inMemoryPersistence"];

function command(port: number, { cert, key }: AzuriteOptions["tls"]): string[] {
  const main = createRequire(import.meta.url).resolve("azurite/dist/src/blob/main.js");
  const place = ["--blobHost", "127.0.0.1", "--blobPort", String(port)];
  return [main, ...place, "--cert", cert, "--key", key, ...flags];
}

/** Account keys are random and told to nobody: Entra tokens, and what they can delegate, are the only way in. */
function accountList(accounts: readonly string[]): string {
  return accounts.map((account) => `${account}:${randomBytes(64).toString("base64")}`).join(";");
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    const fail = (why: string) => reject(new Error(`Azurite did not start: ${why}.\n${log.slice(-4000)}`));
    const timer = setTimeout(() => fail(`no answer within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    const settle = (work: () => void) => {
      clearTimeout(timer);
      work();
    };
    const read = (text: Buffer) => {
      if (log.length < 8000) log += text.toString();
      if (log.includes("successfully listen")) settle(resolve);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", (error) => settle(() => fail(error.message)));
    child.once("exit", (code) => settle(() => fail(`it ended with exit code ${code}`)));
  });
}

async function launch(
  options: AzuriteOptions,
  accounts: readonly string[],
  port: number,
  cwd: string,
): Promise<ChildProcess> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, command(port, options.tls), {
    cwd,
    env: { ...env, AZURITE_ACCOUNTS: accountList(accounts) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  guardProcess(child);
  await untilReady(child).catch(async (error: unknown) => {
    await endProcess(child, "SIGKILL");
    throw error;
  });
  return child;
}

/** Starts Azurite on a free loopback port. It is ready when this resolves (about 1 s); what it stores is in memory. */
export async function startAzurite(options: AzuriteOptions): Promise<AzuriteServer> {
  const { accounts = ["augeo"] } = options;
  const folder = await temporaryFolder("azurite");
  try {
    const start = async (port: number) => ({ child: await launch(options, accounts, port, folder.path), port });
    const { child, port } = await onFreePort(start);
    const [first = "augeo"] = accounts;
    return {
      port,
      accountUrl: (account = first) => `https://127.0.0.1:${port}/${account}`,
      async close() {
        await endProcess(child, "SIGKILL");
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
