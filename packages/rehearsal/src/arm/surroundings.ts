import type { Call, Reply } from "../http.ts";
import type { Slot } from "../model.ts";
import { beginWrite, type Context, isRecord, ok, part, paths, propertiesOf, slotOf } from "./context.ts";
import { armName } from "./site-view.ts";

/** Parts of a site that tools read around a deployment, and of which the cloud keeps only what it is told. */
type View = (slot: Slot) => unknown;

function show(view: View) {
  return (context: Context, call: Call): Reply => ok(view(slotOf(context, call)));
}

function listOf(view: (slot: Slot) => unknown[]) {
  return (context: Context, call: Call): Reply => ok({ value: view(slotOf(context, call)), nextLink: null });
}

/** Keeps what a client wrote, whole, until it writes again. */
function kept(path: string, defaults: Record<string, unknown>) {
  const stored = new WeakMap<Slot, Record<string, unknown>>();
  const view: View = (slot) => part(slot, path, "config", stored.get(slot) ?? defaults);
  const put = async (context: Context, call: Call): Promise<Reply> => {
    const slot = slotOf(context, call);
    const wanted = await propertiesOf(call);
    beginWrite(slot);
    stored.set(slot, { ...defaults, ...wanted });
    return ok(view(slot));
  };
  return { view, put };
}

const logs = kept("config/logs", {
  applicationLogs: {
    fileSystem: { level: "Off" },
    azureBlobStorage: { level: "Off", sasUrl: null, retentionInDays: null },
  },
  httpLogs: {
    fileSystem: { retentionInMb: 100, retentionInDays: 3, enabled: true },
    azureBlobStorage: { enabled: false },
  },
  failedRequestsTracing: { enabled: false },
  detailedErrorMessages: { enabled: false },
});
const metadata = kept("config/metadata", {});
const storageAccounts = kept("config/azurestorageaccounts", {});

function authView(slot: Slot): unknown {
  return part(slot, "config/authsettings", "config", { enabled: slot.siteAuthEnabled });
}

function authV2View(slot: Slot): unknown {
  return part(slot, "config/authsettingsV2", "config", { platform: { enabled: slot.siteAuthEnabled } });
}

async function putAuth(context: Context, call: Call): Promise<Reply> {
  const slot = slotOf(context, call);
  const { platform, enabled } = await propertiesOf(call);
  beginWrite(slot);
  slot.siteAuthEnabled = (isRecord(platform) ? platform.enabled : enabled) === true;
  return ok(isRecord(platform) ? authV2View(slot) : authView(slot));
}

function sourceControl(slot: Slot): unknown {
  const properties = { repoUrl: `https://${slot.scmHostName}`, branch: null, isManualIntegration: false };
  return part(slot, "sourcecontrols/web", "sourcecontrols", { ...properties, isGitHubAction: false }, armName(slot));
}

function hostNames(slot: Slot): unknown[] {
  const properties = { siteName: slot.site.name, hostNameType: "Verified", sslState: null, thumbprint: null };
  return [part(slot, `hostNameBindings/${slot.hostName}`, "hostNameBindings", properties)];
}

export const surroundingRoutes = [
  ["GET", `${paths.slot}/config/logs`, show(logs.view)],
  ["PUT", `${paths.slot}/config/logs`, logs.put],
  ["POST", `${paths.slot}/config/metadata/list`, show(metadata.view)],
  ["PUT", `${paths.slot}/config/metadata`, metadata.put],
  ["POST", `${paths.slot}/config/azurestorageaccounts/list`, show(storageAccounts.view)],
  ["PUT", `${paths.slot}/config/azurestorageaccounts`, storageAccounts.put],
  ["POST", `${paths.slot}/config/authsettings/list`, show(authView)],
  ["PUT", `${paths.slot}/config/authsettings`, putAuth],
  ["GET", `${paths.slot}/config/authsettingsV2`, show(authV2View)],
  ["POST", `${paths.slot}/config/authsettingsV2/list`, show(authV2View)],
  ["PUT", `${paths.slot}/config/authsettingsV2`, putAuth],
  ["GET", `${paths.slot}/sourcecontrols/web`, show(sourceControl)],
  ["GET", `${paths.slot}/hostNameBindings`, listOf(hostNames)],
  ["GET", `${paths.slot}/sitecontainers`, listOf(() => [])],
] as const;
