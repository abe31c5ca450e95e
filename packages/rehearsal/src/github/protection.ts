import type { Reply, Routes } from "../http.ts";
import { jobActor, repositoryUrl } from "./actors.ts";
import { type Act, describedBy } from "./route.ts";
import { type Json, nodeId, timestamp } from "./state.ts";

const environment = "/repos/{owner}/{repo}/environments/{environment_name}";
const rulesets = "/repos/{owner}/{repo}/rulesets";
const rules = "/repos/{owner}/{repo}/rules/branches/{branch}";

/** An environment exists once it was configured, or a job has used it. */
export function environmentView({ call, scene, notFound }: Act): Json {
  const name = call.param("environment_name");
  const setting = scene.state.environments.get(name);
  if (setting === undefined) notFound();
  const id = 161_088_068;
  const url = `${repositoryUrl(scene)}/environments/${encodeURIComponent(name)}`;
  const now = timestamp();
  return {
    id,
    node_id: nodeId("Environment", id),
    name,
    url,
    html_url: `https://github.com/${scene.job.repository}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: now,
    updated_at: now,
    protection_rules: [
      ...(setting?.reviewers ? [reviewers(jobActor(scene))] : []),
      ...(setting?.branches ? [{ id: 3, node_id: nodeId("Gate", 3), type: "branch_policy" }] : []),
    ],
    deployment_branch_policy: setting?.branches ? { protected_branches: false, custom_branch_policies: true } : null,
  };
}

function reviewers(reviewer: Json): Json {
  return {
    id: 2,
    node_id: nodeId("Gate", 2),
    prevent_self_review: true,
    type: "required_reviewers",
    reviewers: [{ type: "User", reviewer }],
  };
}

function listRules({ scene }: Act): Json[] {
  if (scene.state.requiredChecks.length === 0) return [];
  return [
    {
      type: "required_status_checks",
      parameters: {
        strict_required_status_checks_policy: true,
        required_status_checks: scene.state.requiredChecks.map((context) => ({ context })),
      },
      ruleset_source_type: "Repository",
      ruleset_source: scene.job.repository,
      ruleset_id: 42,
    },
  ];
}

/** A ruleset of the default branch, as far as it requires checks. */
function addRuleset({ body, scene }: Act): Reply {
  for (const { parameters } of body.rules as { parameters?: { required_status_checks?: Json[] } }[])
    scene.state.requiredChecks.push(
      ...(parameters?.required_status_checks ?? []).map(({ context }) => String(context)),
    );
  return { status: 201, body: { id: 42, source_type: "Repository", source: scene.job.repository, ...body } };
}

export function addProtection(routes: Routes, scene: Parameters<typeof describedBy>[0]): void {
  routes
    .add(
      "GET",
      environment,
      describedBy(scene, "GET", environment, {
        needs: ["actions", "read"],
        act: (request) => ({ status: 200, body: environmentView(request) }),
      }),
    )
    .add(
      "GET",
      rules,
      describedBy(scene, "GET", rules, {
        needs: ["metadata", "read"],
        act: (request) => ({ status: 200, body: listRules(request) }),
      }),
    )
    .add(
      "POST",
      rulesets,
      describedBy(scene, "POST", rulesets, { needs: ["administration", "write"], act: addRuleset }),
    );
}
