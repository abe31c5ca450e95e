import { compactVerify, createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload } from "jose";
import type { Application, FederatedCredential } from "./arm/world.ts";
import { aadsts, refuse } from "./entra-errors.ts";
import { fulfils } from "./entra-expression.ts";
import type { Call } from "./http.ts";

/** Public keys of the issuers whose assertions Entra can check, by issuer. */
export type TrustedIssuers = ReadonlyMap<string, JSONWebKeySet>;

function decode(call: Call, assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion);
  } catch {
    return refuse(call, aadsts.malformed());
  }
}

async function checkSignature(call: Call, assertion: string, keys: JSONWebKeySet | undefined): Promise<void> {
  if (keys === undefined) return refuse(call, aadsts.signature("The key was not found."));
  try {
    // The signature alone: validity has Entra's own words below.
    await compactVerify(assertion, createLocalJWKSet(keys));
  } catch (error) {
    const unknownKey = error instanceof errors.JWKSNoMatchingKey;
    refuse(call, aadsts.signature(unknownKey ? "The key was not found." : "The signature does not match."));
  }
}

/** Entra writes times with seven decimals. */
function tickTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace("Z", "0000Z");
}

function checkValidity(call: Call, claims: JWTPayload): void {
  const now = Date.now() / 1000;
  const from = claims.nbf ?? 0;
  const to = claims.exp ?? 0;
  if (now < from || now >= to) refuse(call, aadsts.validity(tickTime(now), tickTime(from), tickTime(to)));
}

function audienceOf(claims: JWTPayload): string {
  return Array.isArray(claims.aud) ? claims.aud.join(",") : (claims.aud ?? "");
}

function trusts(credential: FederatedCredential, claims: JWTPayload): boolean {
  const { claimsMatchingExpression, subject } = credential;
  return claimsMatchingExpression === undefined ? subject === claims.sub : fulfils(claimsMatchingExpression, claims);
}

/** Issuer, audience and subject must all be those of one credential, letter by letter. */
function checkCredential(call: Call, credentials: readonly FederatedCredential[], claims: JWTPayload): void {
  const audience = audienceOf(claims);
  const subject = claims.sub ?? "";
  const ofIssuer = credentials.filter((one) => one.issuer === claims.iss);
  const ofAudience = ofIssuer.filter((one) => one.audiences.includes(audience));
  if (ofAudience.some((one) => trusts(one, claims))) return;
  if (ofAudience.length === 0) refuse(call, aadsts.audience(audience));
  if (ofAudience.every((one) => one.claimsMatchingExpression !== undefined)) refuse(call, aadsts.expression(subject));
  const byCase = ofAudience.some((one) => one.subject.toLowerCase() === subject.toLowerCase());
  refuse(call, byCase ? aadsts.subjectCase(subject) : aadsts.subject(subject));
}

/** Lets a client assertion pass that one of the application's federated credentials trusts; else ends the request. */
export async function checkAssertion(
  call: Call,
  application: Application,
  issuers: TrustedIssuers,
  assertion: string,
): Promise<void> {
  const claims = decode(call, assertion);
  const issuer = claims.iss ?? "";
  if (!application.federatedCredentials.some((one) => one.issuer === issuer)) refuse(call, aadsts.issuer(issuer));
  await checkSignature(call, assertion, issuers.get(issuer));
  checkValidity(call, claims);
  checkCredential(call, application.federatedCredentials, claims);
}
