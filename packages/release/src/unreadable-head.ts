/** What people are told when the head cannot be read: nothing is repaired by itself, so the commands are given. */
import type { Explanation } from "./errors.ts";

/** `where` is the address of the blob. */
export function explainUnreadable(where: string, read: { newer: boolean; why: string }): Explanation {
  const az = commandsFor(where);
  if (read.newer)
    return {
      what: `The ledger ${where} was written by a newer version of this action.`,
      why: `${read.why}. Writing it with this version would lose what the newer one noted, so nothing was changed.`,
      fix: `Raise the version of augeo/deploy-action in this workflow to the one that wrote it (the newest always reads older ledgers). To look at it: ${az.look}`,
    };
  return {
    what: `The ledger ${where} cannot be read, so nothing was changed.`,
    why: `${read.why}. A ledger that is not understood blocks: it may say that a release is under way.`,
    fix: [
      `Keep a copy and look at it: ${az.look}`,
      `Find its earlier versions and snapshots: ${az.versions}`,
      `Put the last good one back: ${az.fetch} and then ${az.upload}`,
      `Where the account keeps no versions, mend in the copy what is named above, by what the last events say, and upload that: ${az.events}`,
      `Only while no release is under way may it be deleted; the next run then starts a new one, which knows no release to go back to: ${az.remove}`,
    ].join(" · "),
  };
}

/** A host that is an account's, or the account in the path as emulators have it. */
const ADDRESS = /^https:\/\/([^./]+)[^/]*\/(?:([^/]+)\/)?([^/]+)\/([^/]+\/[^/]+)\/head\.json$/;

/** Ends a lease that no run of ours has: theirs are over within a minute. */
export const breakLeaseCommand = (where: string): string => commandsFor(where).breakLease;

function commandsFor(where: string) {
  const [, host, inPath, container, folder = "<app>/<environment>"] = ADDRESS.exec(where) ?? [];
  const [account, box] = [inPath ?? host ?? "<account>", container ?? "<container>"];
  const place = `--auth-mode login --account-name ${account} -c ${box}`;
  const blob = `${place} -n ${folder}/head.json`;
  const columns = "[].[versionId, snapshot, properties.lastModified]";
  return {
    look: `az storage blob download ${blob} --file broken.json`,
    versions: `az storage blob list ${place} --prefix ${folder}/head.json --include vs --query "${columns}" -o table`,
    fetch: `az storage blob download ${blob} --version-id <version> --file head.json (or --snapshot <snapshot>)`,
    upload: `az storage blob upload ${blob} --file head.json --overwrite`,
    events: `az storage blob list ${place} --prefix ${folder}/events/ --query "[-5:].name"`,
    breakLease: `az storage blob lease break --auth-mode login --account-name ${account} -c ${box} -b ${folder}/head.json`,
    remove: `az storage blob delete ${blob}`,
  };
}
