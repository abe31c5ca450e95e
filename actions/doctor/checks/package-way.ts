import { openKudu } from "@augeo/azure";
import { type Examination, findingOf } from "../examination.ts";
import type { Finding } from "../finding.ts";

/** Whether this machine reaches the slot's SCM site, where packages go. */
export async function checkPackageWay({ session, staging }: Examination): Promise<Finding[]> {
  try {
    const kudu = await openKudu(session, staging);
    const busy = await kudu.isDeploying();
    if (!busy)
      return [
        { area: "package", state: "ok", what: `The SCM site ${kudu.origin} answers and takes this identity's token.` },
      ];
    return [
      {
        area: "package",
        state: "warning",
        what: "Another deployment to the slot is under way.",
        why: "A release waits for it.",
      },
    ];
  } catch (error) {
    const finding = findingOf("package", "problem", error);
    return [
      {
        ...finding,
        fix: `${finding.fix ?? ""}\nWhere the SCM site is closed to this machine on purpose: set via: arm.`.trim(),
      },
    ];
  }
}
