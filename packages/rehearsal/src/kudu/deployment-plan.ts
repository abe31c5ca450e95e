import { join, normalize } from "node:path";
import type { Slot } from "../model.ts";

export const packageTypes = ["zip", "static", "startup", "script", "lib", "war", "jar", "ear"] as const;
export type PackageType = (typeof packageTypes)[number];

/** One deployment that was asked for, whichever door it came through. */
export interface DeploymentPlan {
  door: "OneDeploy" | "ZipDeploy";
  type: PackageType;
  /** Where the package is: a file that was uploaded, or a URL to fetch it from. */
  package: { file: string } | { uri: string };
  path: string | undefined;
  /** Delete what the package does not hold. */
  clean: boolean;
  restart: boolean;
  deployer: string;
  author: string;
  authorEmail: string;
  message: string;
  /** The id asked for in advance, when progress is tracked. */
  id: string;
}

export class PlanError extends Error {}

/** Where a plan's package goes below the app's home: a directory for zips, a file for everything else. */
export function targetOf(plan: Pick<DeploymentPlan, "type" | "path">, home: string): string {
  const wwwroot = join(home, "site", "wwwroot");
  if (plan.type === "zip") return plan.path ? below(wwwroot, home, plan.path) : wwwroot;
  if (plan.type === "startup") return join(home, "site", "scripts", "startup.sh");
  if (plan.type === "script") return below(join(home, "site", "scripts"), home, required(plan));
  if (plan.type === "lib") return below(join(home, "site", "libs"), home, required(plan));
  return below(wwwroot, home, required(plan));
}

function required({ type, path }: Pick<DeploymentPlan, "type" | "path">): string {
  if (!path) throw new PlanError(`Path must be defined for type='${type}'`);
  if (path.endsWith("/")) throw new PlanError(`Path cannot end with a '/' for type='${type}'`);
  return path;
}

/** `/home/…` means the app's home, anything else is below `base`. */
function below(base: string, home: string, path: string): string {
  if (normalize(path).split("/").includes(".."))
    throw new PlanError(`path='${path}' is not allowed: it leaves the site.`);
  if (path.startsWith("/home/")) return join(home, path.slice("/home/".length));
  return join(base, path);
}

/** Why nothing can be deployed to a slot that runs straight from a package URL, in Kudu's words; `undefined` when it does not. */
export function remotePackageRefusal({ appSettings }: Slot): string | undefined {
  const source = appSettings.WEBSITE_RUN_FROM_PACKAGE ?? appSettings.WEBSITE_USE_ZIP ?? "";
  if (!/^https?:/i.test(source)) return undefined;
  return "Run-From-Zip is set to a remote URL using WEBSITE_RUN_FROM_PACKAGE or WEBSITE_USE_ZIP app setting. Deployment is not supported in this configuration.";
}
