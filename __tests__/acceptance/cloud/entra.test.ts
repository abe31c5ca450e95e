import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import {
  ask,
  type ControlPlane,
  credentialFor,
  exchangeAudience,
  idToken,
  startControlPlane,
} from "./control-plane.ts";

const scope = "https://management.azure.com/.default";
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(() => plane.close());
beforeEach(() => {
  plane.oidc.job.environment = "production";
  plane.oidc.job.immutableSubject = false;
});

async function refusal(assertion: () => Promise<string>, ids = {}, wanted = scope): Promise<string> {
  const credential = credentialFor(plane, assertion, ids);
  return credential.getToken(wanted).then(
    () => "no refusal",
    (error: Error) => error.message,
  );
}

function tokenRequest(form: Record<string, string>, tenant = plane.world.tenantId) {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams(form).toString();
  return ask(plane, "POST", `${plane.entra.service.origin}/${tenant}/oauth2/v2.0/token`, { headers, body });
}

async function signInForm(): Promise<Record<string, string>> {
  return {
    client_id: plane.application.clientId,
    scope,
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await idToken(plane),
  };
}

describe("sign-in with the SDK's credential", () => {
  test("gives a token for ARM that names the service principal", async () => {
    const token = await credentialFor(plane).getToken(scope);
    const claims = decodeJwt(token.token);
    expect(claims).toMatchObject({ aud: "https://management.azure.com", oid: plane.application.objectId });
    expect(plane.requests.of({ host: "login", method: "POST" }).at(-1)?.principal).toBe(plane.application.objectId);
  });

  test("gives a token for storage with the issuer that Azurite accepts", async () => {
    const token = await credentialFor(plane).getToken("https://storage.azure.com/.default");
    const claims = decodeJwt(token.token);
    expect(claims.aud).toBe("https://storage.azure.com");
    expect(claims.iss).toMatch(/^https:\/\/sts\.windows\.net\//);
  });
});

describe("refusals", () => {
  test("700213 quotes a subject that no credential has", async () => {
    plane.oidc.job.environment = "preview";
    const message = await refusal(() => idToken(plane));
    expect(message).toContain("AADSTS700213: No matching federated identity record found");
    expect(message).toContain("subject 'repo:auction/api:environment:preview'");
  });

  test("700213 meets the immutable form of a subject registered in the classic form", async () => {
    plane.oidc.job.immutableSubject = true;
    const message = await refusal(() => idToken(plane));
    expect(message).toContain("subject 'repo:auction@9812345/api@740123456:environment:production'");
  });

  test("7002138 tells a subject that differs in case alone", async () => {
    plane.oidc.job.environment = "Production";
    expect(await refusal(() => idToken(plane))).toContain("AADSTS7002138:");
  });

  test("700212 quotes a foreign audience", async () => {
    const message = await refusal(() => idToken(plane, "api://AzureADTokenExchangeUSGov"));
    expect(message).toContain("AADSTS700212:");
    expect(message).toContain("audience 'api://AzureADTokenExchangeUSGov'");
  });

  test("700211 quotes a foreign issuer", async () => {
    const message = await refusal(() => plane.oidc.mint(exchangeAudience, { iss: "https://evil.example" }));
    expect(message).toContain("AADSTS700211:");
    expect(message).toContain("issuer 'https://evil.example'");
  });

  test("700024 gives the times of an assertion that has expired", async () => {
    const message = await refusal(() => plane.oidc.mint(exchangeAudience, { nbf: 1_700_000_000, exp: 1_700_000_300 }));
    expect(message).toContain("AADSTS700024: Client assertion is not within its valid time range.");
    expect(message).toContain("expiry time of assertion 2023-11-14T22:18:20.0000000Z");
  });

  test("700024 meets an assertion that is not valid yet", async () => {
    const later = Math.floor(Date.now() / 1000) + 600;
    expect(await refusal(() => plane.oidc.mint(exchangeAudience, { nbf: later, exp: later + 300 }))).toContain(
      "AADSTS700024:",
    );
  });

  test("700027 meets a tampered assertion", async () => {
    const [header, payload, signature = ""] = (await idToken(plane)).split(".");
    const forged = `${header}.${payload}.${signature.slice(0, -6)}AAAAAA`;
    expect(await refusal(async () => forged)).toContain("AADSTS700027:");
  });

  test("50027 meets what is no JWT", async () => {
    expect(await refusal(async () => "no token")).toContain("AADSTS50027:");
  });

  test("700016 names an unknown application", async () => {
    const clientId = "00000000-0000-0000-0000-000000000001";
    const message = await refusal(() => idToken(plane), { clientId });
    expect(message).toContain(`AADSTS700016: Application with identifier '${clientId}' was not found`);
  });

  test("90002 names an unknown tenant", async () => {
    const tenantId = "00000000-0000-0000-0000-000000000002";
    const answer = await tokenRequest(await signInForm(), tenantId);
    expect(answer.body).toContain(`AADSTS90002: Tenant '${tenantId}' not found.`);
    expect(await refusal(() => idToken(plane), { tenantId })).not.toBe("no refusal");
  });

  test("500011 names an unknown resource", async () => {
    const message = await refusal(() => idToken(plane), {}, "https://unknown.example/.default");
    expect(message).toContain("AADSTS500011: The resource principal named https://unknown.example was not found");
  });

  test("a scope without /.default, a missing parameter and a secret are refused each with its own code", async () => {
    const form = await signInForm();
    const codes = async (changed: Record<string, string>) => {
      const answer = await tokenRequest({ ...form, ...changed });
      return (answer.json() as { error_codes: number[] }).error_codes[0];
    };
    expect(await codes({ scope: "https://management.azure.com/user" })).toBe(1002012);
    expect(await codes({ client_id: "" })).toBe(900144);
    expect(await codes({ client_secret: "s" })).toBe(7000215);
    expect(await codes({ grant_type: "password" })).toBe(70003);
    const { client_assertion: _left, ...without } = form;
    expect((await tokenRequest(without)).body).toContain("AADSTS7000218");
  });

  test("have OAuth's shape with Entra's codes, ids and address", async () => {
    const answer = await tokenRequest({ ...(await signInForm()), client_id: "nobody" });
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({
      error: "unauthorized_client",
      error_description: expect.stringMatching(/^AADSTS700016: .* Trace ID: .* Correlation ID: .* Timestamp: .*Z$/),
      error_codes: [700016],
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: expect.any(String),
      correlation_id: expect.any(String),
      error_uri: "https://login.microsoftonline.com/error?code=700016",
    });
  });
});

test("a flexible credential matches by its expression, and 7002131 says that none did", async () => {
  const claimsMatchingExpression =
    "claims['sub'] matches 'repo:auction/api:ref:refs/heads/*' and claims['repository_visibility'] eq 'private'";
  const base = { name: "branches", issuer: plane.oidc.issuer, subject: "", audiences: [exchangeAudience] };
  const kept = plane.application.federatedCredentials.splice(0);
  plane.application.federatedCredentials.push({ ...base, claimsMatchingExpression });
  plane.oidc.job.environment = undefined;
  expect((await credentialFor(plane).getToken(scope)).token).not.toBe("");
  plane.oidc.job.ref = "refs/tags/v1";
  expect(await refusal(() => idToken(plane))).toContain("AADSTS7002131:");
  plane.oidc.job.ref = "refs/heads/main";
  plane.oidc.job.visibility = "public";
  expect(await refusal(() => idToken(plane))).toContain("AADSTS7002131:");
  plane.oidc.job.visibility = "private";
  plane.application.federatedCredentials.splice(0, 1, ...kept);
});

test("a credential may hold a wide trust: one application, several subjects", async () => {
  const credential = { name: "main", issuer: plane.oidc.issuer, audiences: [exchangeAudience] };
  plane.application.federatedCredentials.push({ ...credential, subject: "repo:auction/api:ref:refs/heads/main" });
  plane.oidc.job.environment = undefined;
  expect((await credentialFor(plane).getToken(scope)).token).not.toBe("");
});

test("authority discovery for tools that insist on it names this host alone", async () => {
  const answer = await ask(plane, "GET", `${plane.entra.service.origin}/common/discovery/instance?api-version=1.1`);
  const host = plane.entra.service.host;
  expect(answer.json()).toMatchObject({ metadata: [{ preferred_network: host, aliases: [host] }] });
});
