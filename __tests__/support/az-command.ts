/**
 * The az command line as far as it holds a sign-in: `account show` and `account get-access-token` print what the real
 * one prints. Everything else ends with an error, as an unknown command does.
 */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud } from "@augeo/rehearsal";

const AUDIENCES = ["https://management.azure.com", "https://graph.microsoft.com", "https://storage.azure.com"];

const PROGRAM = `#!/usr/bin/env node
const { account, tokens } = JSON.parse(require("node:fs").readFileSync(__dirname + "/account.json", "utf8"));
const args = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
const print = (value) => console.log(JSON.stringify(value, null, 2));
const fail = (text, code) => { console.error(text); process.exit(code); };
if (account === null) fail("ERROR: Please run 'az login' to setup account.", 1);
if (args[0] === "account" && args[1] === "show") print(account);
else if (args[0] === "account" && args[1] === "get-access-token") {
  const token = tokens[option("--resource")];
  if (token === undefined) fail("ERROR: AADSTS500011: The resource principal named " + option("--resource") + " was not found.", 1);
  if (option("--tenant") !== account.tenantId) fail("ERROR: Please run 'az login' to setup account.", 1);
  const seconds = Math.floor(Date.now() / 1000) + 3599;
  print({ accessToken: token, expires_on: seconds, subscription: account.id, tenant: account.tenantId, tokenType: "Bearer" });
} else fail("ERROR: '" + args.join(" ") + "' is misspelled or not recognized by the system.", 2);
`;

export interface AzCommand {
  /** To be put first on PATH. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** Signed in as the cloud's person, or as nobody. */
export async function azCommand(cloud: Cloud, signedIn = true): Promise<AzCommand> {
  const folder = await mkdtemp(join(tmpdir(), "augeo-az-"));
  const tokens = await Promise.all(AUDIENCES.map(async (audience) => [audience, await cloud.userToken(audience)]));
  const account = { id: cloud.subscriptionId, tenantId: cloud.tenantId, user: { name: cloud.user.name, type: "user" } };
  const state = { account: signedIn ? account : null, tokens: Object.fromEntries(tokens) };
  await writeFile(join(folder, "account.json"), JSON.stringify(state), { mode: 0o600 });
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "commonjs" }));
  await writeFile(join(folder, "az"), PROGRAM);
  await chmod(join(folder, "az"), 0o755);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
