import { appInputs, defineAction, ledgerInputs } from "@augeo/action-kit";
import { stageInputs } from "../release/stage-inputs.ts";
import { lockInputs, rolloutInputs } from "../slot-swap/rollout-inputs.ts";
import { rolloutReasons } from "../slot-swap/rollout-reasons.ts";

const { unhealthy, drift, gate, frozen, "routing-rule": rule, ...reasons } = rolloutReasons;

/** What only a release ends with: a rollback neither swaps back nor asks for the ledger's opinion. */
export const ofReleases = { unhealthy, drift, gate, frozen, "routing-rule": rule };

export const spec = defineAction({
  name: "rollback",
  title: "Put an earlier release back",
  description:
    "Returns production to the previous or a named release: by one swap while it is still in the slot, else by its stored package.",
  post: true,
  inputs: {
    ...appInputs,
    ledger: ledgerInputs.ledger,
    release: { kind: "string", doc: "Release to return to. Without it: the one before the live one." },
    why: { kind: "string", max: 500, doc: "Why, in a sentence. Recorded with who asked." },
    "ignore-schema": {
      kind: "boolean",
      default: false,
      doc: "Go back although the schema was contracted since. The database is never downgraded: the old code has to do without what was taken away.",
    },
    ...rolloutInputs,
    "bake-time": {
      ...rolloutInputs["bake-time"],
      default: "30s",
      doc: "How long production is watched after the swap.",
    },
    ...stageInputs,
    ...lockInputs,
  },
  outputs: {
    "live-release": { doc: "Release that production runs now. Empty when only a look can tell." },
    "previous-release": { doc: "Release that production ran before." },
    url: { doc: "Address of production." },
  },
  permissions: {
    "id-token": { level: "write", why: "To sign in to Azure without a secret." },
    actions: { level: "read", optional: true, why: "To ask whether the run that holds the lock is over." },
  },
  reasons: {
    "rolled-back": { decision: "rolled-back", doc: "The earlier release is live and healthy." },
    "already-live": { decision: "nothing-to-do", doc: "Production runs that release already." },
    schema: {
      decision: "hold",
      fails: true,
      doc: "The schema was contracted since that release: it no longer fits the database. Nothing was changed.",
      fix: "Release a mended version, or set `ignore-schema: true` if the old code does without what was taken away.",
    },
    "no-such-release": {
      decision: "hold",
      fails: true,
      doc: "The ledger does not know that release, or knows none before the live one.",
      fix: "Set `release` to one that the message lists.",
    },
    "no-artifact": {
      decision: "hold",
      fails: true,
      doc: "The release is neither in the slot nor stored.",
      fix: "Build its commit again and release it.",
    },
    ...reasons,
  },
});
