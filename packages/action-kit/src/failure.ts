import { Interrupted, ServiceError, UsageError } from "@augeo/release";
import type { CommonReason, Json } from "./spec.ts";

/** Where defects of ours are reported. */
const ISSUES = "https://github.com/augeo/deploy-action/issues/new";

/** An error in the one shape that is printed, summarised and put into `result`. */
export interface Failure {
  readonly reason: CommonReason;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  /** Machine-readable facts of the error, for `result`. */
  readonly facts: { readonly [key: string]: Json | undefined };
}

/** Puts anything that was thrown into words. What is not one of ours is a defect of ours, and says so. */
export function failureOf(error: unknown, action: string): Failure {
  if (error instanceof UsageError) return { reason: "usage-error", ...textOf(error), facts: {} };
  if (error instanceof Interrupted) {
    return { reason: "interrupted", ...textOf(error), facts: { done: [...error.done], undone: [...error.undone] } };
  }
  if (error instanceof ServiceError) return { reason: "service-error", ...textOf(error), facts: serviceFacts(error) };
  return defect(error, action);
}

function textOf({ what, why, fix }: { what: string; why: string; fix: string }): {
  what: string;
  why: string;
  fix: string;
} {
  return { what, why, fix };
}

function serviceFacts(error: ServiceError): Failure["facts"] {
  const { service, operation, status, code, correlationId, retryable } = error;
  return { service, operation, status, code, correlationId, retryable };
}

function defect(error: unknown, action: string): Failure {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    reason: "internal-error",
    what: `The action ${action} has a defect: ${text}`,
    why: `It met something it was not written for.\n${traceOf(error)}`,
    fix: `report it at ${ISSUES} with these lines; they hold no secret that the action was given.`,
    facts: { message: text },
  };
}

function traceOf(error: unknown): string {
  const lines: string[] = [];
  for (let cause = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth++) {
    lines.push(...(cause.stack ?? cause.message).split("\n").slice(0, depth === 0 ? 8 : 4));
  }
  return lines.join("\n");
}

/** The error as its annotation shows it: the runner itself puts `Error:` before the first line. */
export function failureText({ what, why, fix }: Failure): string {
  return [what, `Why: ${why}`, `Fix: ${fix}`].join("\n");
}

export function failureSummary(title: string, failure: Failure): string {
  const icon = failure.reason === "interrupted" ? "⚠️" : "❌";
  const text = failureText(failure).replaceAll("```", "'''");
  return `### ${icon} ${title}: ${failure.reason}\n\n\`\`\`text\n${text}\n\`\`\`\n`;
}
