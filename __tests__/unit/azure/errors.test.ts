import { describe, expect, test } from "@jest/globals";
import { armErrorBody, armFailure, roleFor } from "../../../packages/azure/src/arm-errors.ts";
import { entraError } from "../../../packages/azure/src/entra-errors.ts";
import { subjectForms } from "../../../packages/azure/src/federated-subject.ts";
import { TransportError } from "../../../packages/azure/src/http.ts";
import { kuduFailure, kuduNoReply } from "../../../packages/azure/src/kudu-errors.ts";

const claims = {
  iss: "https://token.actions.githubusercontent.com",
  aud: "api://AzureADTokenExchange",
  sub: "repo:octo@11/app@22:environment:production",
  repository: "octo/app",
  repository_id: "22",
  repository_owner_id: "11",
};
const presented = { clientId: "client", tenantId: "tenant", audience: "api://AzureADTokenExchange", claims };

describe("subjects", () => {
  test.each([
    ["repo:octo/app:environment:production", "environment:production"],
    ["repo:octo@11/app@22:ref:refs/heads/main", "ref:refs/heads/main"],
    ["repo:octo/app:pull_request", "pull_request"],
    [
      "repo:octo/app:environment:a:job_workflow_ref:octo/flows/.github/workflows/x.yml@refs/heads/main",
      "environment:a:job_workflow_ref:octo/flows/.github/workflows/x.yml@refs/heads/main",
    ],
  ])("%s is shown in both forms", (sub, context) => {
    expect(subjectForms({ ...claims, sub })).toEqual({
      sent: sub,
      classic: `repo:octo/app:${context}`,
      immutable: `repo:octo@11/app@22:${context}`,
    });
  });

  test.each([
    [{ environment: "a:b", ref: "refs/heads/x" }, "environment:a%3Ab"],
    [{ event_name: "pull_request", ref: "refs/pull/1/merge" }, "pull_request"],
    [{ event_name: "push", ref: "refs/tags/v1" }, "ref:refs/tags/v1"],
  ])("a sub of another template is completed from the other claims: %j", (more, context) => {
    expect(subjectForms({ ...claims, sub: "custom", ...more }).classic).toBe(`repo:octo/app:${context}`);
  });
});

describe("Entra's refusals", () => {
  const message = (code: number) =>
    `invalid_client: Error(s): ${code} - Timestamp: 2026-11-22 10:00:00Z - Description: AADSTS${code}: What Entra said. Trace ID: t Correlation ID: 11111111-2222-3333-4444-555555555555 Timestamp: now`;

  test.each([70021, 700211, 700212, 700213, 7002131])(
    "%i is explained with what was sent and how to register it",
    (code) => {
      const error = entraError(message(code), presented, undefined);
      expect(error).toMatchObject({
        service: "Entra",
        code: `AADSTS${code}`,
        correlationId: "11111111-2222-3333-4444-555555555555",
        retryable: false,
      });
      expect(error.why).toContain("sub: repo:octo@11/app@22:environment:production");
      expect(error.why).toContain("classic:   repo:octo/app:environment:production");
      expect(error.fix).toContain("az ad app federated-credential create --id client --parameters");
      expect(error.fix).toContain("--subject 'repo:octo@11/app@22:environment:production'");
    },
  );

  test.each([700016, 90002, 700024, 700027, 500011, 53003, 7000215])("%i is known", (code) => {
    expect(entraError(message(code), presented, undefined).fix).not.toContain("Look the code up");
  });

  test("an unknown code is shown as it came, and not tried again", () => {
    const error = entraError(message(999999), presented, undefined);
    expect(error.why).toContain("AADSTS999999: What Entra said.");
    expect(error).toMatchObject({ code: "AADSTS999999", retryable: false });
  });

  test("no code at all is trouble on the way, worth another try", () => {
    expect(entraError("socket hang up", presented, undefined)).toMatchObject({ code: undefined, retryable: true });
  });
});

describe("Resource Manager's refusals", () => {
  const refusal = (status: number, body: unknown) =>
    armFailure("ask", { status, headers: { "x-ms-correlation-request-id": "corr" }, body, url: "https://x/" });

  test.each([
    [{ error: { code: "NotFound", message: "gone" } }, { code: "NotFound", message: "gone" }],
    [
      { Code: "Conflict", Message: "busy", Details: [] },
      { code: "Conflict", message: "busy" },
    ],
    ["<html><h1>Bad</h1> Gateway</html>", { code: undefined, message: "Bad Gateway" }],
    [undefined, { code: undefined, message: "" }],
    [null, { code: undefined, message: "" }],
  ])("are read in every shape: %j", (body, expected) => {
    expect(armErrorBody(body)).toEqual(expected);
  });

  test("403 names action, scope, role and the command", () => {
    const message =
      "The client 'app' with object id 'oid-1' does not have authorization to perform action 'Microsoft.Web/sites/slots/write' over scope '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/a/slots/b' or the scope is invalid.";
    const { why, fix } = refusal(403, { error: { code: "AuthorizationFailed", message } });
    expect(why).toContain("lacks the action Microsoft.Web/sites/slots/write on /subscriptions/s");
    expect(fix).toContain(
      'az role assignment create --assignee-object-id oid-1 --assignee-principal-type ServicePrincipal --role "Website Contributor" --scope /subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/a',
    );
    expect(fix).not.toContain("/slots/b");
  });

  test.each([
    ["Microsoft.Web/sites/slots/slotsswap/Action", "Website Contributor"],
    ["Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action", "Storage Blob Delegator"],
    ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write", "Storage Blob Data Contributor"],
    ["Microsoft.Resources/deployments/write", "Contributor"],
  ])("%s is part of %s", (action, role) => expect(roleFor(action)).toBe(role));

  test.each([
    [
      409,
      { Code: "Conflict", Message: "Cannot modify this site because another operation is in progress." },
      /concurrency group/,
    ],
    [
      409,
      {
        Code: "Conflict",
        Message: "The slot cannot be changed because its configuration settings have been prepared for swap.",
      },
      /--action reset/,
    ],
    [409, { error: { code: "ScopeLocked", message: "locked" } }, /az lock list/],
    [409, { Code: "Conflict", Message: "Website with given name x already exists." }, /unique in all of Azure/],
    [
      409,
      {
        error: {
          code: "MissingSubscriptionRegistration",
          message: "The subscription is not registered to use namespace 'Microsoft.ManagedIdentity'.",
        },
      },
      /az provider register --wait --namespace Microsoft\.ManagedIdentity/,
    ],
    [403, { error: { code: "RequestDisallowedByPolicy", message: "policy" } }, /exemption/],
    [401, { error: { code: "SubscriptionIsOverQuotaForSku", message: "quota" } }, /Choose another sku/],
    [429, {}, /stagger/],
    [500, {}, /azure.status.microsoft/],
  ])("%i %j has a remedy", (status, body, fix) => {
    const error = refusal(status, body);
    expect(error.fix).toMatch(fix);
    expect(error.why).toContain("(correlation corr)");
  });
});

describe("the SCM site's refusals", () => {
  const failure = (status: number, text: string) => kuduFailure("deploy the package", { status, headers: {}, text });

  test("show the reason in a JSON body, in plain text and in HTML", () => {
    expect(failure(400, '{"Message":"bad type"}').why).toBe(
      "It answered 400 when asked to deploy the package: bad type",
    );
    expect(failure(400, "plain").why).toMatch(/: plain$/);
    expect(failure(502, "<html><style>x{}</style><h1>Bad Gateway</h1></html>").why).toMatch(/: Bad Gateway$/);
    expect(failure(502, "").why).toMatch(/package\.$/);
  });

  test.each([
    [403, "Ip Forbidden", /via: arm/],
    [403, "", /publish\/action/],
    [409, "There is a deployment currently in progress.", /concurrency group/],
    [409, "There is an auto swap deployment currently ongoing", /auto swap off/],
    [413, "", /2048 MB/],
    [429, "", /stagger/],
    [406, "Excessive SCM Site operation requests. Retry after 5 seconds", /stagger/],
  ])("%i %j has a remedy", (status, text, fix) => expect(failure(status, text).fix).toMatch(fix));

  test("a name that does not resolve points to private endpoints", () => {
    const error = new TransportError("getaddrinfo ENOTFOUND x", "ENOTFOUND", "connecting");
    expect(kuduNoReply("deploy", error, "https://x.scm.example").fix).toMatch(/private endpoint/);
  });
});
