import { claimsOf, subjectForms } from "@augeo/azure";
import { readSubjectCustomisation } from "@augeo/github";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";

/** The ID token, the subject it carries, and whether Entra takes it. */
export async function checkSignIn({ session, context }: Examination): Promise<Finding[]> {
  try {
    const token = await session.signIn.token(session.signIn.cloud.management);
    const { oid, exp } = claimsOf(token);
    const minutes = Math.round((Number(exp) * 1000 - context.clock.now()) / 60_000);
    const what = `Signed in by federation as the principal ${String(oid)}; the token lives ${minutes} minutes.`;
    return [{ area: "sign-in", state: "ok", what }];
  } catch (error) {
    return [findingOf("sign-in", "problem", error)];
  }
}

/** Which of the two forms of the subject this repository's tokens carry: the other one does not match. */
export async function checkSubject({ federation, github }: Examination): Promise<Finding[]> {
  const claims = await federation?.claims().catch(() => undefined);
  if (claims === undefined) return [];
  const { sent, classic, immutable } = subjectForms(claims);
  const form = sent === classic ? "classic" : sent === immutable ? "immutable" : "customised";
  const what = `The subject of this job's ID token is ${sent} (${form} form).`;
  const found: Finding[] = [{ area: "sign-in", state: "ok", what }];
  if (claims.environment === undefined) {
    found.push({
      area: "sign-in",
      state: "warning",
      what: "This job names no environment, so its subject is not the one of a job that deploys.",
      why: "With environment: in a job GitHub writes the environment into the subject, in place of the branch.",
      fix: "Run the doctor in a job with the same environment: as the deployment.",
    });
  }
  const custom = await readSubjectCustomisation(github).catch(() => undefined);
  if (custom !== undefined && form === "classic" && custom.prefix?.includes("@")) {
    found.push({
      area: "sign-in",
      state: "warning",
      what: `GitHub will write this repository's subjects in the immutable form: ${custom.prefix}…`,
      why: "Repositories that are renamed or transferred get it; a credential for the classic form then no longer matches.",
      fix: `Add a second federated credential beside the first, for the subject:\n${immutable}`,
    });
  }
  return found;
}
