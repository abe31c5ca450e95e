/**
 * The two generations of GitHub's `sub` claim. Repositories created, renamed or transferred after 2026-07-15 get the
 * immutable form (`repo:OWNER@OWNERID/REPO@REPOID:…`), older ones the classic (`repo:OWNER/REPO:…`); a federated
 * credential matches exactly one of them.
 */
export interface SubjectForms {
  /** The `sub` that GitHub sent. */
  sent: string;
  classic: string;
  immutable: string;
}

export function subjectForms(claims: Readonly<Record<string, unknown>>): SubjectForms {
  const sent = text(claims.sub);
  const [owner = "", repository = ""] = text(claims.repository).split("/");
  const context = /^repo:[^:]*:(.*)$/s.exec(sent)?.[1] ?? contextOf(claims);
  return {
    sent,
    classic: `repo:${owner}/${repository}:${context}`,
    immutable: `repo:${owner}@${text(claims.repository_owner_id)}/${repository}@${text(claims.repository_id)}:${context}`,
  };
}

/** GitHub's order: environment, then pull request, then ref; a colon inside a value is escaped. */
function contextOf(claims: Readonly<Record<string, unknown>>): string {
  const environment = text(claims.environment);
  if (environment !== "") return `environment:${environment.replaceAll(":", "%3A")}`;
  if (claims.event_name === "pull_request") return "pull_request";
  return `ref:${text(claims.ref)}`;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/**
 * The two commands that register the subject that was sent, for an app registration and for a managed identity, which is
 * looked up by its client id. Each subject has a credential of its own name, so that none takes another's place.
 */
export function registrationCommands(
  claims: Readonly<Record<string, unknown>>,
  clientId: string,
  audience: string,
): string[] {
  const issuer = text(claims.iss);
  const subject = text(claims.sub);
  const name = subject
    .replace(/^repo:/, "")
    .replaceAll(/[^\w-]+/g, "-")
    .slice(0, 120);
  const parameters = JSON.stringify({ name, issuer, subject, audiences: [audience] });
  const create = `az identity federated-credential create --identity-name "$NAME" --resource-group "$GROUP" --name ${name} --issuer '${issuer}' --subject '${subject}' --audiences '${audience}'`;
  return [
    `az ad app federated-credential create --id ${clientId} --parameters '${parameters}'`,
    `az identity list --query "[?clientId=='${clientId}'].[name,resourceGroup]" --output tsv | while read -r NAME GROUP; do ${create}; done`,
  ];
}
