import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { addApplication } from "../../../packages/rehearsal/src/arm/index.ts";
import { azureLimits } from "../../../packages/rehearsal/src/arm/throttle.ts";
import { type Answer, ask, askArm, type ControlPlane, startControlPlane, webSites } from "./control-plane.ts";

const arm = "https://management.azure.com";
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(() => plane.close());
afterEach(() => {
  plane.arm.throttle.limits = azureLimits;
  plane.entra.lifetime = 3599;
});

function withToken(token: string | undefined, path = plane.sitePath): Promise<Answer> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return ask(plane, "GET", `${plane.arm.service.origin}${path}?api-version=2025-05-01`, { headers });
}

function errorOf(answer: Answer): { code: string; message: string } {
  return (answer.json() as { error: { code: string; message: string } }).error;
}

describe("sign-in", () => {
  test("is asked for when there is no token", async () => {
    const answer = await withToken(undefined);
    expect([answer.status, errorOf(answer).code]).toEqual([401, "AuthenticationFailed"]);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer authorization_uri=/);
  });

  test("refuses a token that is none of Entra's", async () => {
    const answer = await withToken(await plane.oidc.mint(arm));
    expect([answer.status, errorOf(answer).code]).toEqual([401, "InvalidAuthenticationToken"]);
    expect(answer.headers["www-authenticate"]).toContain('error="invalid_token"');
  });

  test("refuses a token meant for another service", async () => {
    const answer = await withToken(await plane.entra.mint(plane.application, "https://storage.azure.com"));
    expect([answer.status, errorOf(answer).code]).toEqual([401, "InvalidAuthenticationTokenAudience"]);
  });

  test("refuses a token whose lifetime is over", async () => {
    plane.entra.lifetime = -10;
    const answer = await withToken(await plane.entra.mint(plane.application, arm));
    expect([answer.status, errorOf(answer).code]).toEqual([401, "ExpiredAuthenticationToken"]);
  });

  test("refuses every token that was expired on demand, and takes the next", async () => {
    const old = await plane.entra.mint(plane.application, arm);
    plane.entra.expireTokens();
    expect(errorOf(await withToken(old)).code).toBe("ExpiredAuthenticationToken");
    expect((await withToken(await plane.entra.mint(plane.application, arm))).status).toBe(200);
  });

  test("takes tokens for ARM's own origin and for the older audience", async () => {
    for (const audience of [plane.arm.service.origin, "https://management.core.windows.net/"])
      expect((await withToken(await plane.entra.mint(plane.application, audience))).status).toBe(200);
  });
});

describe("what does not exist", () => {
  test("is told apart: subscription, resource group, site, slot", async () => {
    const { subscriptionId } = plane;
    const unknown = "00000000-0000-0000-0000-000000000003";
    const codes = [
      plane.sitePath.replace(subscriptionId, unknown),
      plane.sitePath.replace("rg-auction", "rg-nothing"),
      plane.sitePath.replace("/auction", "/nothing"),
      `${plane.sitePath}/slots/nothing`,
    ].map(async (path) => {
      const answer = await askArm(plane, "GET", path);
      return `${answer.status} ${errorOf(answer).code}`;
    });
    expect(await Promise.all(codes)).toEqual([
      "404 SubscriptionNotFound",
      "403 AuthorizationFailed",
      "404 ResourceNotFound",
      "404 ResourceNotFound",
    ]);
  });

  test("a resource group is only missed by someone who may look", async () => {
    plane.world.roleAssignments.push({
      principalId: plane.application.objectId,
      role: "Reader",
      scope: `/subscriptions/${plane.subscriptionId}`,
    });
    const answer = await askArm(plane, "GET", plane.sitePath.replace("rg-auction", "rg-nothing"));
    expect([answer.status, errorOf(answer)]).toEqual([
      404,
      { code: "ResourceGroupNotFound", message: "Resource group 'rg-nothing' could not be found." },
    ]);
  });

  test("an unknown operation is answered 501 with its name", async () => {
    const answer = await askArm(plane, "POST", `${plane.sitePath}/migrate`);
    expect(answer.status).toBe(501);
    expect(answer.body).toContain(`POST ${plane.sitePath}/migrate`);
  });
});

test("a request without a version is refused", async () => {
  const token = await plane.entra.mint(plane.application, arm);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await ask(plane, "GET", `${plane.arm.service.origin}${plane.sitePath}`, { headers });
  expect([answer.status, errorOf(answer).code]).toEqual([400, "MissingApiVersionParameter"]);
});

test("paths are compared without case and with doubled slashes", async () => {
  const path = plane.sitePath.toUpperCase().replace("/SITES/", "//sites//");
  expect((await askArm(plane, "GET", path)).status).toBe(200);
});

describe("rights", () => {
  const rights: [string, string, string, string, number][] = [
    ["Reader", "GET", "", "Microsoft.Web/sites/read", 200],
    ["Reader", "POST", "/config/appsettings/list", "Microsoft.Web/sites/config/list/Action", 403],
    ["Reader", "POST", "/slots/staging/slotsswap", "Microsoft.Web/sites/slots/slotsswap/Action", 403],
    ["Reader", "PUT", "/slots/blue", "Microsoft.Web/sites/slots/write", 403],
    ["Reader", "POST", "/slots/staging/restart", "Microsoft.Web/sites/slots/restart/Action", 403],
    ["Website Contributor", "POST", "/config/appsettings/list", "Microsoft.Web/sites/config/list/Action", 200],
    ["Nobody", "GET", "", "Microsoft.Web/sites/read", 403],
  ];
  test.each(rights)("%s: %s …%s needs %s and gets %i", async (role, method, suffix, action, status) => {
    const other = addApplication(plane.world, { role, scope: plane.sitePath });
    const token = await plane.entra.mint(other, arm);
    const url = `${plane.arm.service.origin}${plane.sitePath}${suffix}?api-version=2025-05-01`;
    const answer = await ask(plane, method, url, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(status);
    if (status !== 403) return;
    expect(errorOf(answer).code).toBe("AuthorizationFailed");
    expect(errorOf(answer).message).toContain(`'${other.clientId}' with object id '${other.objectId}'`);
    expect(errorOf(answer).message).toContain(`perform action '${action}' over scope '/subscriptions/`);
  });

  test("the SDK shows the refusal with its code", async () => {
    const kept = plane.world.roleAssignments.splice(0);
    await expect(webSites(plane).webApps.get("rg-auction", "auction")).rejects.toMatchObject({
      statusCode: 403,
      code: "AuthorizationFailed",
    });
    plane.world.roleAssignments.push(...kept);
  });

  test("a subscription is listed for those alone who have a role in it", async () => {
    const listed = await askArm(plane, "GET", "/subscriptions");
    expect(listed.body).toContain(plane.subscriptionId);
    const token = await plane.entra.mint(addApplication(plane.world, {}), arm);
    expect((await withToken(token, "/subscriptions")).json()).toMatchObject({ value: [] });
  });
});

describe("limits", () => {
  test("each reply says what is left", async () => {
    const [first, second] = [await askArm(plane, "GET", plane.sitePath), await askArm(plane, "GET", plane.sitePath)];
    const left = (answer: Answer) => Number(answer.headers["x-ms-ratelimit-remaining-subscription-reads"]);
    expect(left(first)).toBeGreaterThan(200);
    expect(left(second)).toBeLessThanOrEqual(left(first));
    expect(first.headers["x-ms-request-id"]).not.toBe(second.headers["x-ms-request-id"]);
    expect(first.headers).toHaveProperty("x-ms-correlation-request-id");
    expect(first.headers).toHaveProperty("x-ms-routing-request-id");
  });

  test("an empty bucket is answered 429 with the seconds to wait", async () => {
    plane.arm.throttle.limits = { ...azureLimits, writes: { size: 1, refill: 0.5 } };
    const restart = () => askArm(plane, "POST", `${plane.sitePath}/restart`);
    expect((await restart()).status).toBe(200);
    const answer = await restart();
    expect([answer.status, errorOf(answer).code]).toEqual([429, "SubscriptionRequestsThrottled"]);
    expect(answer.headers["retry-after"]).toBe("2");
    expect((await askArm(plane, "GET", plane.sitePath)).status).toBe(200);
  });
});

describe("what surrounds a site", () => {
  test("deploy tools find a site by filter", async () => {
    const filter = encodeURIComponent("resourceType EQ 'Microsoft.Web/Sites' AND name EQ 'AUCTION'");
    const answer = await askArm(plane, "GET", `/subscriptions/${plane.subscriptionId}/resources?$filter=${filter}`);
    expect(answer.json()).toMatchObject({ value: [{ id: plane.sitePath, type: "Microsoft.Web/sites" }] });
  });

  test("the SDK reads the plan", async () => {
    const plan = await webSites(plane).appServicePlans.get("rg-auction", "plan-auction");
    expect(plan).toMatchObject({ name: "plan-auction", sku: { name: "P1v3", tier: "PremiumV3" }, reserved: true });
  });

  test("tools learn the cloud's endpoints from ARM without sign-in", async () => {
    const read = async (version: string) =>
      (await ask(plane, "GET", `${plane.arm.service.origin}/metadata/endpoints?api-version=${version}`)).json();
    const cloud = { authentication: { loginEndpoint: plane.entra.service.origin } };
    expect(await read("2022-09-01")).toMatchObject(cloud);
    expect(await read("2019-05-01")).toMatchObject([cloud]);
  });

  test("a disabled subscription is read-only", async () => {
    const [subscription] = plane.world.subscriptions;
    if (subscription) subscription.state = "Disabled";
    expect((await askArm(plane, "GET", plane.sitePath)).status).toBe(200);
    const answer = await askArm(plane, "POST", `${plane.sitePath}/restart`);
    expect([answer.status, errorOf(answer).code]).toEqual([409, "ReadOnlyDisabledSubscription"]);
    if (subscription) subscription.state = "Enabled";
  });
});
