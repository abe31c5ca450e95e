import { type InputsOf, ServiceError, UsageError } from "@augeo/action-kit";
import type { AzureContext, AzureSession, SignIn, SlotRef } from "@augeo/azure";
import type { GitHubClient } from "@augeo/github";
import type { Finding } from "./finding.ts";
import type { spec } from "./spec.ts";

/** What every check may use. */
export interface Examination {
  readonly inputs: InputsOf<typeof spec>;
  readonly context: AzureContext;
  readonly session: AzureSession;
  /** The sign-in of a job, with its ID token; undefined where a person is signed in. */
  readonly federation: SignIn | undefined;
  readonly github: GitHubClient;
  readonly production: SlotRef;
  readonly staging: SlotRef;
  readonly defaultBranch: string;
}

/** What an error says of itself. One that explains nothing is a fault of ours and goes on. */
export function findingOf(area: Finding["area"], state: Finding["state"], error: unknown): Finding {
  if (!(error instanceof ServiceError || error instanceof UsageError)) throw error;
  return { area, state, what: error.what, why: error.why, fix: error.fix };
}
