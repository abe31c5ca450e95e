import type { InputsOf } from "@augeo/action-kit";
import type { environmentKeys, sharedKeys } from "./declaration.ts";

export const SETTINGS_FILE = ".augeo/deploy.yml";

type Shared = InputsOf<{ inputs: typeof sharedKeys }>;
type Declared = InputsOf<{ inputs: typeof environmentKeys }>;

/** One environment, with every default filled in. */
export interface EnvironmentSettings extends Omit<Declared, "container" | "identity-name" | "plan"> {
  readonly name: string;
  readonly container: string;
  readonly "identity-name": string;
  readonly plan: string;
}

/** `.augeo/deploy.yml`, checked and with every default filled in. Environments are in the order of the file. */
export interface Settings extends Shared {
  readonly environments: readonly EnvironmentSettings[];
}

/** Fills in what follows from other keys. */
export function environmentOf(name: string, declared: Declared): EnvironmentSettings {
  const container = `releases-${name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/-+$/, "")}`;
  return {
    ...declared,
    name,
    container: declared.container ?? container,
    "identity-name": declared["identity-name"] ?? `${declared.app}-deploy`,
    plan: declared.plan ?? `${declared.app}-plan`,
  };
}

/** Whether an address carries a password, which belongs in no file and in no variable. */
export function holdsPassword(url: string): boolean {
  return /^[^:]+:\/\/[^:@/]*:[^@/]+@/.test(url);
}
