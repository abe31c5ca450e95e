import { azureInputs, defineAction, githubInputs, ledgerInputs } from "@augeo/action-kit";
import { stageInputs } from "../release/stage-inputs.ts";

export const spec = defineAction({
  name: "reconcile",
  title: "Finish what lost runs left, and report drift",
  description:
    "For a scheduled workflow: ends releases whose run is dead on the safe side, frees their locks, ends their GitHub deployments, removes stray routing and firewall rules, and reports what differs from the ledger.",
  branding: { icon: "refresh-cw", color: "blue" },
  inputs: {
    ...azureInputs,
    ...githubInputs,
    ledger: ledgerInputs.ledger,
    targets: {
      kind: "lines",
      max: 100,
      pattern: /^[^\s/@]{1,90}\/[A-Za-z0-9-]{1,60}(?:\/[A-Za-z0-9-]{1,59})?(?:@[A-Za-z0-9][A-Za-z0-9._-]*)?$/,
      hint: "resource-group/app, with /slot (default staging) and @environment (default production) behind it",
      doc: "What to look after, one a line: `resource-group/app`, `resource-group/app/slot` or `resource-group/app/slot@environment`. Slot `staging` and environment `production` may be left out. Without it, every app and environment that was ever released to this ledger.",
    },
    "database-servers": {
      kind: "lines",
      max: 50,
      pattern: /^[^\s/@]{1,90}\/[a-z0-9-]{1,63}$/i,
      hint: "resource-group/server, the server's name alone",
      doc: "PostgreSQL flexible servers whose firewall is looked through for rules that a lost run left open, one a line: `resource-group/server`. Rules that this toolkit did not open are never touched.",
    },
    "dry-run": {
      kind: "boolean",
      default: false,
      doc: "Change nothing: say what would be done.",
    },
    issue: {
      kind: "boolean",
      default: false,
      doc: "Keep one GitHub issue: opened or updated while a person is needed, closed once nobody is. Needs `issues: write`.",
    },
    "keep-packages": {
      kind: "duration",
      default: "90d",
      max: "3650d",
      doc: "How long a stored package stays that no ledger of the container names any more, counted from when it was last stored; no less than a day is sensible. `0s` keeps all of them for ever.",
    },
    ...stageInputs,
  },
  outputs: {
    done: { doc: "How many things were done (with `dry-run`: would be)." },
    people: { doc: "How many findings need a person." },
    issue: { doc: "Number of the issue that was opened, updated or closed. Empty without one." },
  },
  permissions: {
    "id-token": { level: "write", why: "To sign in to Azure without a secret." },
    actions: { level: "read", why: "To ask whether the run that holds a lock is over. Without it nothing is touched." },
    deployments: {
      level: "write",
      optional: true,
      why: "To end the GitHub deployment that a run which is over left in progress: without it, a warning names it.",
    },
    issues: { level: "write", optional: true, why: "With `issue: true`: to open, update and close the one issue." },
  },
  reasons: {
    "all-well": { decision: "nothing-to-do", doc: "Nothing had to be done, and nobody is needed." },
    reconciled: {
      decision: "proceed",
      doc: "What lost runs had left is ended on the safe side, and nobody is needed.",
    },
    "would-act": { decision: "hold", doc: "With `dry-run`: something would be done. Nothing was." },
    "needs-human": {
      decision: "hold",
      fails: true,
      doc: "At least one finding needs a person. All that could be done safely was done.",
      fix: "Follow the findings in the summary: each says what to do.",
    },
    incomplete: {
      decision: "hold",
      fails: true,
      doc: "Something could not be looked at or ended; the rest was.",
      fix: "Follow the findings in the summary. The next run tries again.",
    },
  },
});
