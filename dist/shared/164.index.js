export const id = 164;
export const ids = [164];
export const modules = {

/***/ 2164:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var release_src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var ending = __webpack_require__(998);
// EXTERNAL MODULE: ./actions/freeze/open-notes.ts
var open_notes = __webpack_require__(6794);
// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var migrations_src = __webpack_require__(9626);
;// CONCATENATED MODULE: ./actions/freeze/summary.ts


/** The last line of the log, and the job summary. Pure. */
function summarise(report) {
    const { heading, message } = words(report);
    const icon = report.reason === "frozen-longer" ? "❌" : report.reason === "frozen" ? "⏸️" : "✅";
    const blocks = [
        `### ${icon} ${(0,migrations_src/* plain */.pj)(heading)}`,
        (0,migrations_src/* plain */.pj)(message),
        table(report),
        report.isNew
            ? "> ⚠️ The ledger knows no release of this app and environment yet. If there was one, check `app`, `environment` and `ledger`."
            : "",
        report.freeze ? "A rollback is never held back, nor is undoing what a run has begun." : "",
    ];
    return { message, summary: `${blocks.filter((block) => block !== "").join("\n\n")}\n` };
}
function words({ reason, app, environment, freeze, before, by, now }) {
    const place = `${app} (${environment})`;
    const end = freeze ? (0,release_src/* describeEnd */.lA)(freeze, now) : "";
    switch (reason) {
        case "frozen":
            return { heading: `${place} is frozen`, message: `No new release of ${place} goes out ${end}.` };
        case "frozen-longer":
            return {
                heading: `${place} was frozen already, and for longer`,
                message: `${freeze?.by} froze ${place} ${end}, which is longer; it was left as it is.`,
            };
        case "lifted":
            return {
                heading: `${place} is no longer frozen`,
                message: `${by} lifted the freeze that ${before?.by} had set; releases go out again.`,
            };
        case "not-frozen":
            return { heading: "Nothing to lift", message: `${place} was not frozen.` };
    }
}
function table({ reason, by, why, freeze, before, now }) {
    const rows = [
        ...(freeze ? freezeRows(freeze, now) : []),
        ...(reason === "lifted"
            ? [
                ["Lifted by", by],
                ["Why", why],
            ]
            : []),
        ...(before ? [[reason === "lifted" ? "It was set for" : "In place of", past(before)]] : []),
    ];
    return (0,migrations_src/* factsTable */.wd)(rows.map(([name, value]) => [name, (0,migrations_src/* plain */.pj)(value)]));
}
const freezeRows = ({ reason, by, since, until }, now) => [
    ["Why", reason],
    ["By", by],
    ["Since", (0,release_src/* utc */.n$)(since)],
    ["Until", until === null ? "it is lifted" : `${(0,release_src/* utc */.n$)(until)} (in ${(0,release_src/* describeAge */.HK)(until - now)})`],
];
const past = ({ reason, by, until }) => `${reason}, by ${by}, until ${until === null ? "it is lifted" : (0,release_src/* utc */.n$)(until)}`;

;// CONCATENATED MODULE: ./actions/freeze/change-freeze.ts





/** Sets or lifts the freeze, whoever holds the lock. */
async function changeFreeze(context) {
    const { inputs } = context;
    const until = endOf(context);
    const ledger = (0,open_notes/* openNotes */.A)(context, inputs);
    const fresh = (0,release_src/* emptyHead */.Cc)(inputs.app, inputs.environment);
    let told = { change: { kind: "nothing" }, isNew: false };
    const noted = await (0,release_src/* noteInHead */.Qj)(ledger, fresh, (head) => {
        told = { change: decide(context, head, until), isNew: head === fresh };
        return told.change.kind === "write" ? told.change.head : undefined;
    });
    if (noted.kind === "unreadable")
        return unreadable(context, (0,ending/* wordsOf */.Z9)((0,release_src/* explainUnreadable */.x5)(ledger.where, noted)));
    return report(context, told, (0,release_src/* freezeInForce */.iY)(noted.head, context.clock.now()));
}
/** The end in milliseconds, null without one. Throws `UsageError` for an end that is over or no moment at all. */
function endOf({ inputs, clock }) {
    const { until, mode } = inputs;
    if (until === undefined || mode === "lift")
        return null;
    const now = clock.now();
    const duration = (0,src/* parseDuration */.E9)(until);
    const end = duration === undefined ? Date.parse(isoOf(until)) : now + duration;
    if (Number.isNaN(end))
        throw new src/* UsageError */.eb({
            what: `until: ${until} is no moment.`,
            why: "Its month, day, hour or zone does not exist.",
            fix: "write it as 2026-12-27T08:00Z, or say how long: 4h.",
        });
    if (end > now)
        return end;
    throw new src/* UsageError */.eb({
        what: `until: ${until} is over already.`,
        why: `It is ${new Date(now).toISOString()} now, so this freeze would hold nothing back.`,
        fix: "name a moment to come, or say how long: 4h.",
    });
}
/** `2026-12-27 08:00 +0100` as ISO 8601 writes it; the spec has checked its form. */
const isoOf = (moment) => moment
    .replace(/^(\S{10}) /, "$1T")
    .replace(/\s*UTC$/i, "Z")
    .replace(/\s+(?=[Z+-])/i, "")
    .replace(/([+-]\d\d)(\d\d)$/, "$1:$2");
function decide({ inputs, run, clock }, head, until) {
    const now = clock.now();
    const { runId, attempt, triggeringActor: actor, runUrl: url } = run;
    const by = { runId, attempt, actor };
    const { reason } = inputs;
    if (inputs.mode === "lift")
        return (0,release_src/* liftFreeze */.zk)(head, reason, by, now);
    return (0,release_src/* setFreeze */.kB)(head, { reason, by: actor, url, since: now, until }, by, now);
}
function report(context, { change, isNew }, freeze) {
    const { inputs, run, clock } = context;
    const reason = reasonOf(change, inputs.mode);
    const before = change.kind === "write" ? change.before : undefined;
    const { app, environment, reason: why } = inputs;
    const facts = { reason, app, environment, by: run.triggeringActor, why, freeze, before, isNew, now: clock.now() };
    const { message, summary } = summarise(facts);
    const until = freeze?.until == null ? "" : new Date(freeze.until).toISOString();
    return {
        reason,
        message,
        outputs: { frozen: freeze !== undefined, until, by: freeze?.by ?? "" },
        result: { app, environment, freeze: freeze ? { ...freeze } : null, before: before ? { ...before } : null },
        summary,
    };
}
function reasonOf({ kind }, mode) {
    if (kind === "longer")
        return "frozen-longer";
    if (kind === "nothing")
        return "not-frozen";
    return mode === "lift" ? "lifted" : "frozen";
}
function unreadable({ inputs }, words) {
    const { app, environment } = inputs;
    const summary = `### ❌ Not changed\n\n${words.message}\n\n**Fix:** ${words.fix}\n`;
    return { reason: "ledger-unreadable", ...words, result: { app, environment }, summary };
}

// EXTERNAL MODULE: ./actions/freeze/spec.ts
var spec = __webpack_require__(8821);
;// CONCATENATED MODULE: ./actions/freeze/index.ts



const action = (0,src/* implement */.yx)(spec/* spec */.I, { main: changeFreeze });


/***/ }),

/***/ 6794:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ openNotes)
/* harmony export */ });
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1910);

/** The ledger alone, to note something in its head: nothing is asked of the app. */
function openNotes(context, inputs) {
    const { log, clock, env, signal } = context;
    const azure = { log, clock, env, signal };
    const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"] };
    const signIn = new _augeo_azure__WEBPACK_IMPORTED_MODULE_0__.SignIn(azure, new _augeo_azure__WEBPACK_IMPORTED_MODULE_0__.Http(env), (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.cloudFrom)(inputs.cloud), identity);
    signIn.start();
    const { app, environment, ledger: container } = inputs;
    const audience = `${signIn.cloud.storageAudience}/.default`;
    return (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.openLedger)(azure, signIn.asCredential(), { app, environment, container, audience });
}


/***/ }),

/***/ 8821:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ spec),
/* harmony export */   K: () => (/* binding */ noteInputs)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _slot_swap_rollout_reasons_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3896);


const { "subscription-id": _subscription, ...identityInputs } = _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .azureInputs */ .Ro;
/** Sign-in and the ledger of one app and environment: all that is needed to write a note into it. */
const noteInputs = { ...identityInputs, app: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .appInputs */ .VY.app, ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .ledgerInputs */ .hE };
const spec = (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .defineAction */ .QP)({
    name: "freeze",
    title: "Freeze releases, or lift a freeze",
    description: "Holds back new releases of an app and environment until a time, with a reason; a rollback is never held back.",
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
            pattern: /^(?:(?:\d+(?:\.\d+)?(?:ms|s|m|h|d)\s*)+|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d\d:?\d\d))?)$/i,
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
        "ledger-unreadable": _slot_swap_rollout_reasons_js__WEBPACK_IMPORTED_MODULE_1__/* .rolloutReasons */ .X["ledger-unreadable"],
    },
});


/***/ }),

/***/ 998:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Of: () => (/* binding */ refusalOf),
/* harmony export */   Z9: () => (/* binding */ wordsOf),
/* harmony export */   pz: () => (/* binding */ liveAfter),
/* harmony export */   vQ: () => (/* binding */ withoutCanary),
/* harmony export */   z6: () => (/* binding */ endingOf)
/* harmony export */ });
/* unused harmony export interruption */
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);
/* harmony import */ var _rollout_reasons_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3896);



/** What a rollout that was led to an end means. Throws `Interrupted` when it was not. */
function endingOf(result) {
    if (result.kind === "interrupted")
        throw interruption(result.rollout);
    if (result.kind === "fenced")
        return { reason: "overtaken", message: `Another run took over: ${result.why}.` };
    if (result.kind === "on-hold")
        return holdOf(result.rollout);
    const { phase, reason } = result.rollout;
    if (phase === "COMPLETED")
        return { reason: "completed", message: "" };
    const text = reason ?? { what: `The release ended in ${phase}.`, why: "", fix: "Look at the ledger." };
    return { reason: reasonOf(result.rollout), message: `${text.what} ${text.why}`.trim(), fix: text.fix };
}
/** The lock and the place stay in the ledger; whoever comes next goes on from there. */
function holdOf({ target, hold }) {
    const until = hold?.deadline == null ? "" : ` until ${new Date(hold.deadline).toISOString()}`;
    const isLate = hold?.onDeadline === "proceed"
        ? " Without a word, run them again after that time (on-hold-timeout: proceed); the scheduled reconciler cannot judge what goes on, and undoes it."
        : "";
    return {
        reason: "on-hold",
        message: `Release ${target.release} waits for a decision${until}: ${hold?.reason ?? ""}`,
        fix: `Decide with the approve action (release: ${target.release}, decision: promote, abort or judge-again), then run the failed jobs of this run again: they go on where it stands.${isLate}`,
    };
}
function reasonOf({ phase, reason }) {
    if (phase === "NEEDS_HUMAN")
        return "needs-human";
    const code = reason?.code;
    if (code !== undefined && code in _rollout_reasons_js__WEBPACK_IMPORTED_MODULE_2__/* .canaryReasons */ .o)
        return code;
    if (code === "expired")
        return "unproved";
    if (phase === "ROLLED_BACK")
        return code === "swapped-by-hand" ? code : isAboutHealth(code) ? "unhealthy" : "stopped";
    if (isAboutHealth(code))
        return "unhealthy-slot";
    return code !== undefined && isSame(code) ? code : "stopped";
}
/** Codes of the engine that are reasons of the actions under the same name. */
const SAME = ["busy", "swap-refused", "swap-lost", "unreadable", "stage-failed", "gate"];
const isSame = (code) => SAME.some((each) => each === code);
const isAboutHealth = (code) => code === "unhealthy" || code === "unknown-health";
/** For actions that lead no canary: one that an earlier run left can end in their hands all the same. */
function withoutCanary(reason) {
    return reason in _rollout_reasons_js__WEBPACK_IMPORTED_MODULE_2__/* .canaryReasons */ .o ? "stopped" : reason;
}
/** Why the lock could not be had. */
function refusalOf({ kind, explanation }) {
    const reason = kind === "unreadable" ? "ledger-unreadable" : kind;
    return { reason, ...wordsOf(explanation) };
}
const wordsOf = ({ what, why, fix }) => ({
    message: `${what} ${why}`,
    fix,
});
/** The run was cancelled: what is done, and what the post step or the next run has to end. */
function interruption({ phase, target, before, intent, place, canary, schemaChange }) {
    const done = [];
    const undone = [];
    if (schemaChange)
        done.push(`the schema was expanded to ${schemaChange.to ?? "(empty)"}`);
    if (phase === "PREPARED" && before)
        undone.push("expand migrations, of which some may have been applied");
    if (phase === "EXPANDED")
        undone.push(`${target.release} was on its way into slot ${place.slot}`);
    if (phase === "CANARY")
        undone.push(`${canary?.weight ?? 0} % of the requests go to ${target.release}`);
    if (phase === "PROMOTING" && intent?.op === "swap")
        undone.push(`the swap of ${target.release} into production, which was asked for`);
    if (phase === "WATCHING") {
        done.push(`${target.release} was swapped into production`);
        undone.push("it was not watched to the end of the bake time");
    }
    if (phase === "ROLLING_BACK")
        undone.push(`all requests were being given back from ${target.release} to ${(0,_augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .nameOf */ .Vb)(before?.production ?? null)}`);
    if (phase === "STAGED" || (phase === "PROMOTING" && !intent))
        done.push(`${target.release} is in slot ${place.slot}`);
    return new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .Interrupted */ .j$({ what: `The release of ${target.release} was cancelled in ${phase}.`, done, undone });
}
/** What production runs now, as far as the rollout knows; undefined when only a look can tell. */
function liveAfter({ phase, target, before, intent }) {
    if (phase === "COMPLETED" || phase === "WATCHING")
        return target.release;
    const isBefore = phase === "ROLLED_BACK" || phase === "FAILED" || intent?.op !== "swap";
    return phase === "NEEDS_HUMAN" || !isBefore ? undefined : before?.production;
}


/***/ }),

/***/ 3896:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ rolloutReasons),
/* harmony export */   o: () => (/* binding */ canaryReasons)
/* harmony export */ });
/** How a rollout can end that did not end well; the same words in every action that moves traffic. */
const rolloutReasons = {
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
};
/** How a canary can end besides; production runs what it ran before, all of it. */
const canaryReasons = {
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
};


/***/ })

};
