import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { defaultJob, subjectOf } from "../../../packages/rehearsal/src/oidc.ts";
import { ask, type ControlPlane, idToken, startControlPlane } from "./control-plane.ts";

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(() => plane.close());

describe("subjects", () => {
  test.each([
    ["an environment", {}, "repo:auction/api:environment:production"],
    ["an environment before a pull request", { event: "pull_request" }, "repo:auction/api:environment:production"],
    ["a pull request", { environment: undefined, event: "pull_request" }, "repo:auction/api:pull_request"],
    ["a branch", { environment: undefined }, "repo:auction/api:ref:refs/heads/main"],
    ["a tag", { environment: undefined, ref: "refs/tags/v1" }, "repo:auction/api:ref:refs/tags/v1"],
    ["a colon", { environment: "eu:prod" }, "repo:auction/api:environment:eu%3Aprod"],
    ["ids", { immutableSubject: true }, "repo:auction@9812345/api@740123456:environment:production"],
  ])("with %s", (_what, job, subject) => {
    expect(subjectOf({ ...defaultJob, ...job })).toBe(subject);
  });
});

test("the request URL carries a query, so that the audience is appended", async () => {
  expect(new URL(plane.oidc.requestUrl).search).not.toBe("");
  expect(decodeJwt(await idToken(plane, "api://Other")).aud).toBe("api://Other");
});

test("an audience appended as a second query is none, and GitHub's default answers", async () => {
  const headers = { authorization: `Bearer ${plane.oidc.requestToken}` };
  const answer = await ask(plane, "GET", `${plane.oidc.requestUrl}?audience=api://Other`, { headers });
  expect(decodeJwt((answer.json() as { value: string }).value).aud).toBe("https://github.com/auction");
});

test("without the request token there is no ID token", async () => {
  const answer = await ask(plane, "GET", `${plane.oidc.requestUrl}&audience=x`);
  expect(answer.status).toBe(401);
});

test("a token lives 5 minutes, is valid 10 minutes back, and is signed by the published key", async () => {
  const token = await idToken(plane);
  const { payload } = await jwtVerify(token, createLocalJWKSet(plane.oidc.jwks));
  const issued = payload.iat ?? 0;
  expect((payload.exp ?? 0) - issued).toBe(300);
  expect(issued - (payload.nbf ?? 0)).toBe(600);
  expect(payload.iss).toBe("https://token.actions.githubusercontent.com");
});

test("a token has the claims that GitHub documents", async () => {
  const claims = Object.keys(decodeJwt(await idToken(plane)));
  const documented = `actor actor_id aud base_ref check_run_id environment event_name exp head_ref iat iss
    job_workflow_ref job_workflow_sha jti nbf ref ref_type repository repository_id repository_owner
    repository_owner_id repository_visibility run_attempt run_id run_number runner_environment sha sub workflow
    workflow_ref workflow_sha`;
  expect(claims).toEqual(expect.arrayContaining(documented.split(/\s+/)));
});
