import type { GitHubClient } from "./client.ts";
import { fieldsOf, textOf } from "./decode.ts";

/** How the `sub` claim of this repository's ID tokens is made. */
export interface SubjectCustomisation {
  /** The plain form: `repo:owner/name:environment:name`. */
  readonly usesDefault: boolean;
  /** Names and ids: `repo:owner@1/name@2:environment:name`. */
  readonly usesImmutable: boolean;
  readonly claimKeys: readonly string[];
  /** What every `sub` of this repository starts with, where GitHub tells. */
  readonly prefix: string | undefined;
}

export async function readSubjectCustomisation(client: GitHubClient): Promise<SubjectCustomisation> {
  const data = await client.call({
    operation: "read the customisation of the OIDC subject",
    permission: "actions: read",
    route: "GET /repos/{owner}/{repo}/actions/oidc/customization/sub",
    repeatable: true,
  });
  const body = fieldsOf(data);
  const { use_default: usesDefault, use_immutable_subject: usesImmutable, include_claim_keys: keys } = body;
  return {
    usesDefault: usesDefault !== false,
    usesImmutable: usesImmutable === true,
    claimKeys: Array.isArray(keys) ? keys.filter((key): key is string => typeof key === "string") : [],
    prefix: textOf(body.sub_claim_prefix),
  };
}
