import { fieldsOf, listOf, textOf } from "@augeo/azure";
import { word } from "../../setup/step.ts";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";

/** The environment's protection, and the checks that must be required on the default branch. */
export async function checkGitHub(examination: Examination): Promise<Finding[]> {
  return (await Promise.all([checkEnvironment(examination), checkRequiredChecks(examination)])).flat();
}

async function checkEnvironment({ github, inputs }: Examination): Promise<Finding[]> {
  const name = inputs.environment;
  try {
    const data = await github.call({
      operation: "read the environment",
      permission: "actions: read",
      route: "GET /repos/{owner}/{repo}/environments/{environment_name}",
      parameters: { environment_name: name },
      repeatable: true,
      accept: [404],
    });
    if (data === undefined) return [missingEnvironment(name)];
    const rules = listOf(fieldsOf(data).protection_rules).map((rule) => textOf(fieldsOf(rule).type));
    const guards = rules.length === 0 ? "no protection rules" : rules.join(", ");
    const state = rules.includes("required_reviewers") || rules.includes("branch_policy") ? "ok" : "warning";
    return [
      { area: "GitHub", state, what: `The environment ${name} has ${guards}.`, ...(state === "ok" ? {} : unguarded) },
    ];
  } catch (error) {
    return [findingOf("GitHub", "unknown", error)];
  }
}

const unguarded = {
  why: "Any branch that can run a workflow could deploy there.",
  fix: "Settings → Environments → Deployment branches and tags: only the default branch; required reviewers where the plan has them.",
};

function missingEnvironment(name: string): Finding {
  return {
    area: "GitHub",
    state: "warning",
    what: `The environment ${name} does not exist yet.`,
    why: "GitHub makes it on first use, without any protection.",
    fix: `gh api --method PUT repos/{owner}/{repo}/environments/${name}`,
  };
}

async function checkRequiredChecks({ github, inputs, defaultBranch }: Examination): Promise<Finding[]> {
  const wanted = inputs["required-checks"] ?? [];
  if (wanted.length === 0) return [];
  try {
    const rules = await github.call({
      operation: "read the branch's rules",
      permission: "metadata: read",
      route: "GET /repos/{owner}/{repo}/rules/branches/{branch}",
      parameters: { branch: defaultBranch },
      repeatable: true,
    });
    const required = listOf(rules)
      .flatMap((rule) => listOf(fieldsOf(fieldsOf(rule).parameters).required_status_checks))
      .map((check) => textOf(fieldsOf(check).context));
    return wanted.map((check) => requiredOrNot(check, required));
  } catch (error) {
    return [findingOf("GitHub", "unknown", error)];
  }
}

function requiredOrNot(check: string, required: readonly string[]): Finding {
  if (required.includes(check)) return { area: "GitHub", state: "ok", what: `The check "${check}" is required.` };
  return {
    area: "GitHub",
    state: "warning",
    what: `The check "${check}" is not required on the default branch.`,
    why:
      required.length === 0
        ? "No ruleset of the branch requires checks, so that what it would show stops no merge."
        : `Required are: ${required.join(", ")}.`,
    fix: `Settings → Rules → Rulesets → Require status checks to pass: add "${check}" exactly so, or a ruleset for it:\n${rulesetCommand(check)}`,
  };
}

/** Source: docs.github.com, REST: create a repository ruleset. */
function rulesetCommand(check: string): string {
  const rule = { strict_required_status_checks_policy: false, required_status_checks: [{ context: check }] };
  const body = {
    name: `Require ${check}`,
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: [{ type: "required_status_checks", parameters: rule }],
  };
  return `echo ${word(JSON.stringify(body))} | gh api --method POST repos/{owner}/{repo}/rulesets --input -`;
}
