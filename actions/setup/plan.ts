import { appSteps, groupStep } from "./app-steps.ts";
import { environmentSteps } from "./github-steps.ts";
import { identitySteps } from "./identity-steps.ts";
import { assignmentSteps, definitionSteps } from "./role-steps.ts";
import type { SiteSetup } from "./site-setup.ts";
import type { Step } from "./step.ts";
import { accountStep, containerStep } from "./storage-steps.ts";

/** Everything that has to be there, in an order in which each step finds what it needs. */
export function setupSteps(setup: SiteSetup): Step[] {
  const { environments, "storage-resource-group": storageGroup } = setup.settings;
  const groups = [...new Set([storageGroup, ...environments.map((place) => place["resource-group"])])];
  return [
    ...groups.map((group) => groupStep(setup, group)),
    accountStep(setup),
    ...definitionSteps(setup),
    ...environments.flatMap((place) => [
      ...appSteps(setup, place),
      containerStep(setup, place),
      ...identitySteps(setup, place),
      ...assignmentSteps(setup, place),
      ...environmentSteps(setup, place),
    ]),
  ];
}

/** The same by hand: one shell script, to be read before it is run. */
export function setupScript({ settings }: SiteSetup, steps: readonly Step[]): string {
  const { repository } = settings;
  const needsIds = settings.subject !== "classic";
  const head = [
    "#!/bin/sh",
    "# Sets up Azure and GitHub for the releases of this repository. Needs az and gh, both signed in.",
    "# What is there already makes a command fail or do nothing: npx @augeo/deploy init --apply looks first.",
    "set -eu",
    `az account set --subscription ${settings["subscription-id"]}`,
    `DEFAULT_BRANCH=$(gh api repos/${repository} --jq .default_branch)`,
    ...(needsIds
      ? [
          `REPOSITORY_ID=$(gh api repos/${repository} --jq .id)`,
          `OWNER_ID=$(gh api repos/${repository} --jq .owner.id)`,
        ]
      : []),
  ];
  const body = steps.flatMap(({ what, environment, commands }, index) => [
    ...(environment === steps[index - 1]?.environment ? [] : ["", `# ${environment ?? "All environments"}`]),
    `# ${what}`,
    ...commands,
  ]);
  return [...head, ...(steps[0]?.environment === undefined ? ["", "# All environments"] : []), ...body, ""].join("\n");
}
