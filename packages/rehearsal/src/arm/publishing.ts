import { zipSync } from "fflate";
import type { Call, Reply } from "../http.ts";
import type { Slot } from "../model.ts";
import { type Context, ok, part, paths, propertiesOf, slotOf } from "./context.ts";
import { badRequest } from "./errors.ts";

function credentials(context: Context, call: Call): Reply {
  const slot = slotOf(context, call);
  const { publishingUserName, publishingPassword, scmHostName } = slot;
  const scmUri = `https://${encodeURIComponent(publishingUserName)}:${publishingPassword}@${scmHostName}`;
  const properties = {
    name: null,
    publishingUserName,
    publishingPassword,
    publishingPasswordHash: null,
    publishingPasswordHashSalt: null,
    metadata: null,
    isDeleted: false,
    scmUri,
  };
  return ok(part(slot, "publishingcredentials/$", "publishingcredentials", properties, publishingUserName));
}

type Channel = "scm" | "ftp";

function channelOf(call: Call): Channel {
  const channel = call.param("channel").toLowerCase();
  if (channel === "scm" || channel === "ftp") return channel;
  throw badRequest(`The publishing channel '${channel}' is not known.`, "51008");
}

function policyView(slot: Slot, channel: Channel): unknown {
  const path = `basicPublishingCredentialsPolicies/${channel}`;
  return part(slot, path, "basicPublishingCredentialsPolicies", { allow: slot.basicPublishing[channel] });
}

function getPolicy(context: Context, call: Call): Reply {
  return ok(policyView(slotOf(context, call), channelOf(call)));
}

function listPolicies(context: Context, call: Call): Reply {
  const slot = slotOf(context, call);
  return ok({ value: [policyView(slot, "scm"), policyView(slot, "ftp")], nextLink: null });
}

async function putPolicy(context: Context, call: Call): Promise<Reply> {
  const slot = slotOf(context, call);
  const channel = channelOf(call);
  const { allow } = await propertiesOf(call);
  if (typeof allow !== "boolean") throw badRequest("The parameter allow has an invalid value.", "51008");
  slot.basicPublishing[channel] = allow;
  return ok(policyView(slot, channel));
}

function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

function profile(slot: Slot, method: string, url: string): string {
  const user = slot.publishingUserName;
  // Azure writes REDACTED for the channels whose basic authentication is switched off.
  const allowed = method === "FTP" ? slot.basicPublishing.ftp : slot.basicPublishing.scm;
  const site = slot === slot.site.production ? slot.site.name : `${slot.site.name}__${slot.name}`;
  const fields: Record<string, string> = {
    profileName: `${slot.site.name} - ${method === "MSDeploy" ? "Web Deploy" : method === "FTP" ? "FTP" : "Zip Deploy"}`,
    publishMethod: method,
    publishUrl: url,
    msdeploySite: site,
    userName: user,
    userPWD: allowed ? slot.publishingPassword : "REDACTED",
    destinationAppUrl: `https://${slot.hostName}`,
    SQLServerDBConnectionString: "",
    mySQLDBConnectionString: "",
    hostingProviderForumLink: "",
    controlPanelLink: "https://portal.azure.com",
    webSystem: "WebSites",
  };
  const attributes = Object.entries(fields).map(([name, value]) => `${name}="${attribute(value)}"`);
  return `<publishProfile ${attributes.join(" ")}><databases /></publishProfile>`;
}

function publishXml(context: Context, call: Call): Reply {
  const slot = slotOf(context, call);
  const profiles = [
    profile(slot, "MSDeploy", slot.scmHostName),
    profile(slot, "FTP", `ftps://${slot.hostName}/site/wwwroot`),
    profile(slot, "ZipDeploy", slot.scmHostName),
  ];
  const headers = { "content-type": "application/xml" };
  return { status: 200, headers, body: `<publishData>${profiles.join("")}</publishData>` };
}

function containerLogs(context: Context, call: Call): Reply {
  const text = context.hosting.containerLog(slotOf(context, call));
  if (text === "") return { status: 204 };
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body: Buffer.from(text) };
}

function containerLogsZip(context: Context, call: Call): Reply {
  const text = context.hosting.containerLog(slotOf(context, call));
  if (text === "") return { status: 204 };
  const name = `${new Date().toISOString().slice(0, 10).replaceAll("-", "_")}_default_docker.log`;
  const body = zipSync({ [name]: Buffer.from(text) });
  return { status: 200, headers: { "content-type": "application/zip" }, body };
}

export const publishingRoutes = [
  ["POST", `${paths.slot}/config/publishingcredentials/list`, credentials],
  ["GET", `${paths.slot}/basicPublishingCredentialsPolicies`, listPolicies],
  ["GET", `${paths.slot}/basicPublishingCredentialsPolicies/{channel}`, getPolicy],
  ["PUT", `${paths.slot}/basicPublishingCredentialsPolicies/{channel}`, putPolicy],
  ["POST", `${paths.slot}/publishxml`, publishXml],
  ["POST", `${paths.slot}/containerlogs`, containerLogs],
  ["POST", `${paths.slot}/containerlogs/zip/download`, containerLogsZip],
] as const;
