/** What GitHub signs in as, and the subjects that it trusts. No secret is made anywhere. */
import { createHash } from "node:crypto";
import { type Credential, fieldsOf, listAll, listOf, textOf } from "@augeo/azure";
import type { EnvironmentSettings } from "../settings/settings.ts";
import { type DeployIdentity, ISSUER, type SiteSetup, VERSIONS } from "./site-setup.ts";
import { ABSENT, type Found, type Step, THERE, variableOf, word } from "./step.ts";

type Place = EnvironmentSettings;

export function identitySteps(setup: SiteSetup, place: Place): Step[] {
  const step = setup.settings.identity === "managed-identity" ? managedIdentity : appRegistration;
  const forms = setup.settings.subject === "both" ? (["classic", "immutable"] as const) : [setup.settings.subject];
  return [step(setup, place), ...forms.map((form) => credentialStep(setup, place, form as Form))];
}

function identityPath(setup: SiteSetup, place: Place): string {
  const provider = "providers/Microsoft.ManagedIdentity/userAssignedIdentities";
  return `${setup.groupPath(place["resource-group"])}/${provider}/${place["identity-name"]}`;
}

function managedIdentity(setup: SiteSetup, place: Place): Step {
  const { "identity-name": name, "resource-group": group } = place;
  const [client, principal] = [variableOf("CLIENT", place.name), variableOf("PRINCIPAL", place.name)];
  const show = `az identity show --resource-group ${word(group)} --name ${name} --output tsv --query`;
  const keep = (body: unknown): Found => {
    const { clientId, principalId } = fieldsOf(fieldsOf(body).properties);
    setup.remember(place, { clientId: textOf(clientId), principalId: textOf(principalId) });
    return THERE;
  };
  return {
    area: "Azure",
    environment: place.name,
    what: `the managed identity ${name}`,
    commands: [
      `az identity create --resource-group ${word(group)} --name ${name} --location ${setup.settings.region}`,
      `${client}=$(${show} clientId)`,
      `${principal}=$(${show} principalId)`,
    ],
    look: async () => {
      const body = await setup.find(identityPath(setup, place), VERSIONS.identities, "look for the managed identity");
      return body === undefined ? ABSENT : keep(body);
    },
    make: async () => {
      const body = { location: setup.settings.region };
      keep(
        await setup.put(identityPath(setup, place), VERSIONS.identities, `create the managed identity ${name}`, body),
      );
    },
  };
}

function appRegistration(setup: SiteSetup, place: Place): Step {
  const { "identity-name": name } = place;
  const [client, principal] = [variableOf("CLIENT", place.name), variableOf("PRINCIPAL", place.name)];
  const { graph } = setup;
  return {
    area: "Entra",
    environment: place.name,
    what: `the app registration ${name}`,
    commands: [
      `${client}=$(az ad app create --display-name ${name} --query appId --output tsv)`,
      `${principal}=$(az ad sp create --id "$${client}" --query id --output tsv)`,
    ],
    look: async () => {
      const application = await graph.findApplication(name);
      if (application === undefined) return ABSENT;
      const principalId = await graph.findServicePrincipal(application.clientId);
      if (principalId === undefined) return { there: false, note: "it is registered, but has no service principal" };
      const { clientId, objectId } = application;
      setup.remember(place, { clientId, principalId, applicationId: objectId });
      return THERE;
    },
    make: async () => {
      const { clientId, objectId } = (await graph.findApplication(name)) ?? (await graph.createApplication(name));
      const principalId =
        (await graph.findServicePrincipal(clientId)) ?? (await graph.createServicePrincipal(clientId));
      setup.remember(place, { clientId, principalId, applicationId: objectId });
    },
  };
}

type Form = "classic" | "immutable";

/** The subject that GitHub writes for a job of this environment. A colon inside a name is escaped. */
async function subjectOf(setup: SiteSetup, place: Place, form: Form): Promise<string> {
  const context = `environment:${place.name.replaceAll(":", "%3A")}`;
  const { repository } = setup.settings;
  if (form === "classic") return `repo:${repository}:${context}`;
  const [owner, name] = repository.split("/");
  const { id, ownerId } = await setup.repository();
  return `repo:${owner}@${ownerId}/${name}@${id}:${context}`;
}

function subjectWord({ settings }: SiteSetup, place: Place, form: Form): string {
  const [owner, name] = settings.repository.split("/");
  const repository = form === "classic" ? settings.repository : `${owner}@$OWNER_ID/${name}@$REPOSITORY_ID`;
  return `repo:${repository}:environment:${place.name}`;
}

function credentialStep(setup: SiteSetup, place: Place, form: Form): Step {
  const audience = setup.session.signIn.cloud.audience;
  const subject = subjectWord(setup, place, form);
  return {
    area: setup.settings.identity === "managed-identity" ? "Azure" : "Entra",
    environment: place.name,
    what: `the trust of ${place["identity-name"]} in ${subject.replace(/@\$\w+/g, "@…")}`,
    commands: [credentialCommand(setup, place, "create", credentialName(setup, place, form), subject)],
    look: async () => {
      const identity = setup.identityOf(place);
      if (identity === undefined) return ABSENT;
      const wanted = await subjectOf(setup, place, form);
      const registered = await listCredentials(setup, place, identity);
      if (registered.some((one) => matches(one, wanted, audience))) return THERE;
      const near = registered.find((one) => isNear(one, wanted));
      if (near === undefined) return ABSENT;
      const commands = [credentialCommand(setup, place, "update", near.name, subject)];
      return { there: false, note: differenceOf(near, wanted, audience), commands };
    },
    make: async () => {
      const identity = setup.identityOf(place);
      const wanted = await subjectOf(setup, place, form);
      const registered = identity === undefined ? [] : await listCredentials(setup, place, identity);
      const near = registered.find((one) => isNear(one, wanted));
      const name = near?.name ?? credentialName(setup, place, form);
      await register(setup, place, { name, issuer: ISSUER, subject: wanted, audiences: [audience] }, near);
    },
  };
}

/**
 * One of its own for each repository, as several may sign in as one identity: an existing name would be taken over.
 * 3 to 120 letters, digits, hyphens and underscores. Source: Microsoft Learn, workload identity federation.
 */
function credentialName({ settings }: SiteSetup, place: Place, form: Form): string {
  const whole = `${settings.repository}-${place.name}-${form}`.replaceAll(/[^\w-]/g, "-");
  if (whole.length <= 120) return whole;
  return `${whole.slice(0, 111)}-${createHash("sha256").update(whole).digest("hex").slice(0, 8)}`;
}

/** `create` and `update` take the same words. */
function credentialCommand(
  setup: SiteSetup,
  place: Place,
  verb: "create" | "update",
  name: string,
  subject: string,
): string {
  const audience = setup.session.signIn.cloud.audience;
  if (setup.settings.identity === "managed-identity")
    return `az identity federated-credential ${verb} --resource-group ${word(place["resource-group"])} --identity-name ${place["identity-name"]} --name ${name} --issuer ${ISSUER} --audiences ${audience} --subject "${subject}"`;
  const id = `--id "$${variableOf("CLIENT", place.name)}"${verb === "update" ? ` --federated-credential-id ${name}` : ""}`;
  return `az ad app federated-credential ${verb} ${id} --parameters "{\\"name\\":\\"${name}\\",\\"issuer\\":\\"${ISSUER}\\",\\"subject\\":\\"${subject}\\",\\"audiences\\":[\\"${audience}\\"]}"`;
}

/** As Entra compares: exactly and with case. */
function matches({ issuer, subject, audiences }: Credential, wanted: string, audience: string): boolean {
  return issuer === ISSUER && subject === wanted && audiences.includes(audience);
}

/** Meant for this subject, and of no use to any other. */
function isNear({ subject }: Credential, wanted: string): boolean {
  return subject.toLowerCase() === wanted.toLowerCase();
}

function differenceOf({ name, issuer, subject, audiences }: Credential, wanted: string, audience: string): string {
  if (subject !== wanted) return `"${subject}" is registered, which differs`;
  return issuer === ISSUER
    ? `${name} has the audience ${audiences.join(", ")}, not ${audience}`
    : `${name} has the issuer ${issuer}, not ${ISSUER}`;
}

async function listCredentials(
  setup: SiteSetup,
  place: Place,
  identity: DeployIdentity,
): Promise<readonly Credential[]> {
  if (identity.applicationId !== undefined) return setup.graph.listCredentials(identity.applicationId);
  const path = `${identityPath(setup, place)}/federatedIdentityCredentials`;
  const request = { operation: "list the federated credentials", method: "GET", path } as const;
  const found = await listAll(setup.session.arm, { ...request, query: { "api-version": VERSIONS.identities } });
  return found.map((one) => {
    const { issuer, subject, audiences } = fieldsOf(fieldsOf(one).properties);
    return {
      name: textOf(fieldsOf(one).name),
      issuer: textOf(issuer),
      subject: textOf(subject),
      audiences: listOf(audiences).map(String),
    };
  });
}

async function register(setup: SiteSetup, place: Place, credential: Credential, near?: Credential): Promise<void> {
  const identity = setup.identityOf(place);
  if (identity?.applicationId !== undefined) {
    if (near === undefined) await setup.graph.addCredential(identity.applicationId, credential);
    else await setup.graph.updateCredential(identity.applicationId, credential);
    return;
  }
  const { name, ...properties } = credential;
  const path = `${identityPath(setup, place)}/federatedIdentityCredentials/${name}`;
  await setup.put(path, VERSIONS.identities, `add the federated credential ${name}`, { properties });
}
