/** The az command line, as far as the tutorial uses it beyond its sign-in: each command asks what the real one asks. */
const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { request } = require("node:https");

const args = process.argv.slice(2);
const env = process.env;

/** Values after an option, to the next option. */
function values(name) {
  const at = args.indexOf(name);
  if (at < 0) return [];
  const rest = args.slice(at + 1);
  const end = rest.findIndex((one) => one.startsWith("--"));
  return end < 0 ? rest : rest.slice(0, end);
}

const is = (...words) => words.every((word, index) => args[index] === word);

function ask(method, path, body) {
  const account = JSON.parse(execFileSync(env.READER_AZ, ["account", "show"], { encoding: "utf8" }));
  const token = JSON.parse(
    execFileSync(
      env.READER_AZ,
      ["account", "get-access-token", "--resource", "https://management.azure.com", "--tenant", account.tenantId],
      { encoding: "utf8" },
    ),
  ).accessToken;
  const url = `${env.READER_MANAGEMENT}${path}?api-version=2025-05-01`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ca: readFileSync(env.READER_CA) }, async (reply) => {
      const text = Buffer.concat(await reply.toArray()).toString();
      if (reply.statusCode >= 300) reject(new Error(`${method} ${path}: ${reply.statusCode} ${text}`));
      else resolve(text === "" ? undefined : JSON.parse(text));
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function sitePath() {
  const [group] = values("--resource-group");
  const [name] = values("--name");
  const site = `/subscriptions/${env.READER_SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Web/sites/${name}`;
  const [slot] = values("--slot");
  return { site, path: slot === undefined ? site : `${site}/slots/${slot}` };
}

const pairs = (list) =>
  Object.fromEntries(list.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]));

async function setSettings() {
  const { site, path } = sitePath();
  const sticky = pairs(values("--slot-settings"));
  const { properties } = await ask("POST", `${path}/config/appsettings/list`);
  const wanted = { ...properties, ...pairs(values("--settings")), ...sticky };
  await ask("PUT", `${path}/config/appsettings`, { properties: wanted });
  if (Object.keys(sticky).length === 0) return;
  const names = (await ask("GET", `${site}/config/slotConfigNames`)).properties;
  const appSettingNames = [...new Set([...(names.appSettingNames ?? []), ...Object.keys(sticky)])];
  await ask("PUT", `${site}/config/slotConfigNames`, { properties: { ...names, appSettingNames } });
}

async function main() {
  if (is("login")) return;
  if (is("account")) return process.stdout.write(execFileSync(env.READER_AZ, args));
  if (is("webapp", "config", "appsettings", "set")) return setSettings();
  if (is("webapp", "show") && values("--query")[0] === "defaultHostName") {
    console.log((await ask("GET", sitePath().path)).properties.defaultHostName);
    return;
  }
  throw new Error(`'${args.join(" ")}' is misspelled or not recognized by the system.`);
}

main().catch((error) => {
  console.error(`ERROR: ${error.message}`);
  process.exitCode = 2;
});
