import { appInputs, azureInputs, defineAction, ledgerInputs } from "@augeo/action-kit";
import { rolloutReasons } from "../slot-swap/rollout-reasons.ts";

const { "subscription-id": _subscription, ...identityInputs } = azureInputs;

/** Sign-in and the ledger of one app and environment: all that is needed to write a note into it. */
export const noteInputs = { ...identityInputs, app: appInputs.app, ...ledgerInputs } as const;

export const spec = defineAction({
  name: "freeze",
  title: "Freeze releases, or lift a freeze",
  description:
    "Holds back new releases of an app and environment until a time, with a reason; a rollback is never held back.",
  branding: { icon: "pause-circle", color: "blue" },
  inputs: {
    mode: {
      kind: "choice",
      options: ["set", "lift"],
      default: "set",
      doc: "`set`: freeze, in place of a freeze that is there. `lift`: end the freeze that is in force.",
    },
    reason: {
      kind: "string",
      required: true,
      max: 500,
      doc: "Why, in a sentence. Everyone who is held back reads it.",
    },
    until: {
      kind: "string",
      pattern:
        /^(?:(?:\d+(?:\.\d+)?(?:ms|s|m|h|d)\s*)+|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d\d:?\d\d))?)$/i,
      hint: "how long, such as 4h or 2d, or a moment with its time zone, such as 2026-12-27T08:00Z or 2026-12-27T08:00+01:00",
      doc: "The end: how long from now (`4h`, `2d`), a moment with its time zone (`2026-12-27T08:00+01:00`), or a date, which ends at its beginning in UTC. Without it, the freeze lasts until it is lifted.",
    },
    ...noteInputs,
  },
  outputs: {
    frozen: { doc: "`true` while a freeze is in force now." },
    until: { doc: "End of the freeze that is in force, ISO 8601 in UTC. Empty without one, or when it has no end." },
    by: { doc: "Login of who set the freeze that is in force. Empty without one." },
  },
  permissions: {
    "id-token": { level: "write", why: "To sign in to Azure without a secret." },
  },
  reasons: {
    frozen: { decision: "proceed", doc: "No new release goes out until the end." },
    lifted: { decision: "proceed", doc: "The freeze is over; releases go out again." },
    "not-frozen": { decision: "nothing-to-do", doc: "No freeze was in force, so there was none to lift." },
    "frozen-longer": {
      decision: "hold",
      fails: true,
      doc: "A freeze that somebody else set lasts longer. It was left as it is.",
      fix: "Lift it first (`mode: lift`) if it is no longer needed, and set yours then.",
    },
    "ledger-unreadable": rolloutReasons["ledger-unreadable"],
  },
});
