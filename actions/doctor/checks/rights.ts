import { fieldsOf, listAll, listOf, sitePath } from "@augeo/azure";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";
import { missingActions, type Permission } from "./permitted.ts";

/** What a release does on an app and its slot, by Azure's names. Source: Microsoft.Web's resource provider operations. */
const NEEDED = [
  "Microsoft.Web/sites/read",
  "Microsoft.Web/sites/config/read",
  "Microsoft.Web/sites/config/write",
  "Microsoft.Web/sites/config/list/action",
  "Microsoft.Web/sites/publish/action",
  "Microsoft.Web/sites/slotsdiffs/action",
  "Microsoft.Web/sites/slotsswap/action",
  "Microsoft.Web/sites/containerlogs/action",
  "Microsoft.Web/sites/slots/read",
  "Microsoft.Web/sites/slots/config/read",
  "Microsoft.Web/sites/slots/config/list/action",
  "Microsoft.Web/sites/slots/publish/action",
  "Microsoft.Web/sites/slots/restart/action",
  "Microsoft.Web/sites/slots/containerlogs/action",
];

/** Asks Azure what this identity may do on the app, and names what is missing action by action. */
export async function checkRights({ session, inputs, production }: Examination): Promise<Finding[]> {
  const scope = sitePath(session.arm, production);
  const path = `${scope}/providers/Microsoft.Authorization/permissions`;
  let listed: readonly unknown[];
  try {
    const query = { "api-version": "2022-04-01" };
    listed = await listAll(session.arm, { operation: "list the permissions", method: "GET", path, query });
  } catch (error) {
    return [findingOf("rights", "unknown", error)];
  }
  const missing = missingActions(NEEDED, listed.map(decode));
  if (missing.length === 0)
    return [{ area: "rights", state: "ok", what: `All ${NEEDED.length} actions of a release are allowed on the app.` }];
  return [
    {
      area: "rights",
      state: "problem",
      what: `This identity may not do ${missing.length} of the ${NEEDED.length} actions of a release.`,
      why: `Missing: ${missing.join(", ")}.`,
      fix: `az role assignment create --assignee ${inputs["client-id"]} --role "Website Contributor" --scope ${scope}`,
    },
  ];
}

function decode(value: unknown): Permission {
  const fields = fieldsOf(value);
  const texts = (key: string): string[] =>
    listOf(fields[key]).filter((item): item is string => typeof item === "string");
  return { actions: texts("actions"), notActions: texts("notActions") };
}
