import type { ActionContext, Outcome } from "@augeo/action-kit";
import { fieldsOf, openSession, PRODUCTION, textOf } from "@augeo/azure";
import { GitHubClient } from "@augeo/github";
import { checkGitHub } from "./checks/github.ts";
import { checkHealth } from "./checks/health.ts";
import { checkLedger } from "./checks/ledger.ts";
import { checkNames } from "./checks/names.ts";
import { checkPackageWay } from "./checks/package-way.ts";
import { checkRights } from "./checks/rights.ts";
import { checkSettings } from "./checks/settings.ts";
import { checkSignIn, checkSubject } from "./checks/sign-in.ts";
import type { Examination } from "./examination.ts";
import { type Finding, lineOf } from "./finding.ts";
import type { spec } from "./spec.ts";
import { summarise } from "./summary.ts";

/** Examines everything it can see; without a sign-in only what needs none. */
export async function examine(ctx: ActionContext<typeof spec>): Promise<Outcome<typeof spec>> {
  const { inputs, log, run, clock, env, signal } = ctx;
  const context = { env, clock, log, signal };
  const session = openSession(context, inputs);
  const github = new GitHubClient({
    apiUrl: run.apiUrl,
    token: inputs["github-token"],
    repository: run.repository,
    clock,
    signal,
  });
  const app = { resourceGroup: inputs["resource-group"], app: inputs.app };
  const examination: Examination = {
    inputs,
    context,
    session,
    federation: session.signIn,
    github,
    production: { ...app, slot: PRODUCTION },
    staging: { ...app, slot: inputs.slot },
    defaultBranch: textOf(fieldsOf(fieldsOf(run.event()).repository).default_branch) || "main",
  };
  try {
    const findings = await allFindings(examination);
    for (const finding of findings) log.info(lineOf(finding));
    return outcomeOf(findings, `${inputs.app}, slot ${inputs.slot}`);
  } finally {
    session.close();
  }
}

async function allFindings(examination: Examination): Promise<Finding[]> {
  // GitHub's client is heavy to load: the sign-in is under way before that begins.
  const [signIn, subject] = await Promise.all([checkSignIn(examination), checkSubject(examination)]);
  if (signIn.some((finding) => finding.state === "problem"))
    return [...signIn, ...subject, ...(await checkGitHub(examination))];
  return [...signIn, ...subject, ...(await examineEnvironment(examination))];
}

/** Everything of one environment that the sign-in lets be seen, whoever is signed in. */
export async function examineEnvironment(examination: Examination): Promise<Finding[]> {
  const github = checkGitHub(examination);
  const ledger = checkLedger(examination);
  const { findings: names, isThere } = await checkNames(examination);
  // What a person may do says nothing of the identity that will deploy.
  const checks = [
    ...(examination.federation === undefined ? [] : [checkRights]),
    checkSettings,
    checkPackageWay,
    checkHealth,
  ];
  // Without the app or its slot, what would be asked of them only repeats that they are not there.
  const rest = isThere ? await Promise.all(checks.map((check) => check(examination))) : [];
  return [...names, ...rest.flat(), ...(await ledger), ...(await github)];
}

function outcomeOf(findings: readonly Finding[], place: string): Outcome<typeof spec> {
  const count = (state: Finding["state"]): number => findings.filter((finding) => finding.state === state).length;
  const problems = count("problem");
  const warnings = count("warning");
  return {
    reason: problems > 0 ? "problems-found" : "all-well",
    outputs: { problems, warnings },
    result: { problems, warnings, findings: findings.map((finding) => ({ ...finding })) },
    summary: summarise(findings, place),
    message:
      problems > 0
        ? `${problems} findings would stop a release.`
        : `Nothing would stop a release (${warnings} warnings).`,
  };
}
