/** How a rollout can end that did not end well; the same words in every action that moves traffic. */
export const rolloutReasons = {
  unhealthy: {
    decision: "rolled-back",
    fails: true,
    doc: "The new release was not healthy in production within the bake time; the old one was put back.",
    fix: "The release is in the slot now: read its log there, mend it, and release again.",
  },
  "unhealthy-slot": {
    decision: "hold",
    fails: true,
    doc: "The release did not become healthy in its slot. Production was not touched.",
    fix: "Read the slot's log, mend the release, and release again.",
  },
  gate: {
    decision: "hold",
    fails: true,
    doc: "The migrations were refused or failed. Production was not touched.",
    fix: "Follow the message.",
  },
  "stage-failed": {
    decision: "hold",
    fails: true,
    doc: "The slot could not be made to hold the release. Production was not touched.",
    fix: "Follow the message.",
  },
  "swap-refused": {
    decision: "hold",
    fails: true,
    doc: "Azure could not swap (it says why). Production is as it was.",
    fix: "Mend what Azure names.",
  },
  "swap-lost": {
    decision: "hold",
    fails: true,
    doc: "The reply to the swap was lost and the swap did not take place. It was not sent again. Production is as it was.",
    fix: "Run again.",
  },
  busy: {
    decision: "hold",
    fails: true,
    doc: "Another operation on the app was under way until the time ran out. Production was not touched.",
    fix: "Wait for it to end, then run again.",
  },
  unreadable: {
    decision: "hold",
    fails: true,
    doc: "Which release is in which slot could not be read. Production was not touched.",
    fix: "Check that the SCM sites of both slots answer and let this identity in.",
  },
  "swapped-by-hand": {
    decision: "rolled-back",
    fails: true,
    doc: "Somebody else swapped the old release back while it was watched.",
    fix: "Ask who did, then release again.",
  },
  drift: {
    decision: "hold",
    fails: true,
    doc: "Production runs another release than the ledger says. Nothing was changed.",
    fix: "Look which release is right, then run again with `accept-live`.",
  },
  stopped: {
    decision: "rolled-back",
    fails: true,
    doc: "The release was stopped and undone.",
    fix: "Release again when ready.",
  },
  "on-hold": {
    decision: "hold",
    fails: true,
    doc: "The release waits for a decision; it keeps its place and the lock.",
    fix: "Decide with the `approve` action (`promote`, `abort` or `judge-again`), then run the failed jobs again.",
  },
  "needs-human": {
    decision: "hold",
    fails: true,
    doc: "What is live is not what the release expects, and acting on it could make it worse. The lock is kept.",
    fix: "Follow the message, then run again with `accept-live`.",
  },
  frozen: {
    decision: "hold",
    fails: true,
    doc: "A freeze is in force: no new release goes out. Nothing was changed. A rollback is never held back.",
    fix: "Wait for its end, have it lifted, or run again with `override-freeze: <why>`.",
  },
  "routing-rule": {
    decision: "hold",
    fails: true,
    doc: "A routing rule that no open release set sends a share of production's requests to the slot. Nothing was changed. A rollback is never held back.",
    fix: "Remove the rule (the message has the command) once nobody needs it, then run again.",
  },
  locked: {
    decision: "hold",
    fails: true,
    doc: "Another run holds the lock.",
    fix: "Wait for it, or set `lock-wait`.",
  },
  "ledger-unreadable": {
    decision: "hold",
    fails: true,
    doc: "The ledger is damaged or was written by a newer version. Nothing was changed.",
    fix: "Follow the message.",
  },
  overtaken: {
    decision: "hold",
    fails: true,
    doc: "Another run took the lock over meanwhile; this one did nothing more.",
    fix: "Follow the other run.",
  },
} as const;

export type RolloutReason = keyof typeof rolloutReasons;

/** How a canary can end besides; production runs what it ran before, all of it. */
export const canaryReasons = {
  worse: {
    decision: "rolled-back",
    fails: true,
    doc: "The new release was worse than the live one while it had a share of the requests. It gets none any more; nothing was swapped.",
    fix: "The summary shows which metric, and by how much. Mend the release, and release again.",
  },
  unproved: {
    decision: "rolled-back",
    fails: true,
    doc: "A step could not be judged, and the policy for that is `rollback`; or nobody decided in time. Nothing was swapped.",
    fix: "Give the step more requests, a longer duration or load, or choose another policy.",
  },
  "weight-changed": {
    decision: "rolled-back",
    fails: true,
    doc: "Somebody else changed the share of the traffic. The canary was ended and the routing rule removed.",
    fix: "Ask who did, then release again.",
  },
  "route-refused": {
    decision: "hold",
    fails: true,
    doc: "Azure did not set the share of the traffic. Nothing was swapped.",
    fix: "Follow the message.",
  },
} as const;

export type CanaryReason = keyof typeof canaryReasons;
