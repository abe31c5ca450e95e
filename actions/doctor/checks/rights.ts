import { fieldsOf, listAll, listOf, sitePath } from "@augeo/azure";
import { RELEASE_ACTIONS } from "../../setup/release-role.ts";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";
import { missingActions, type Permission } from "./permitted.ts";

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
  const missing = missingActions(RELEASE_ACTIONS, listed.map(decode));
  if (missing.length === 0)
    return [
      {
        area: "rights",
        state: "ok",
        what: `All ${RELEASE_ACTIONS.length} actions of a release are allowed on the app.`,
      },
    ];
  return [
    {
      area: "rights",
      state: "problem",
      what: `This identity may not do ${missing.length} of the ${RELEASE_ACTIONS.length} actions of a release.`,
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
