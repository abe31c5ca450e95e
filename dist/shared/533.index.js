export const id = 533;
export const ids = [533];
export const modules = {

/***/ 5533:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/github/src/index.ts + 11 modules
var github_src = __webpack_require__(3359);
// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var release_src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/freeze/open-notes.ts
var open_notes = __webpack_require__(6794);
// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var ending = __webpack_require__(998);
// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var migrations_src = __webpack_require__(9626);
;// CONCATENATED MODULE: ./actions/approve/summary.ts

/** The last line of the log, and the job summary. Pure. */
function summarise({ app, environment, word, isNew, approval }) {
    const { release, artifact, replaces, authors, decision, url } = approval;
    const message = `${decision?.by} ${isNew ? "" : "had "}${word} ${release} for ${app} (${environment}).`;
    const next = word === "approved"
        ? `Now re-run the failed jobs of the run that waits (${url}), or start it again. A job that waits goes on by itself.`
        : "It does not go out.";
    const facts = [
        ["Release", release],
        ["Package", artifact ?? ""],
        ["Replaces", replaces ?? ""],
        ["Authors", authors.join(", ")],
        [word === "approved" ? "Approved by" : "Rejected by", decision?.by ?? ""],
        ["Why", decision?.why ?? ""],
    ];
    return { message, summary: page(word === "approved" ? "✅" : "⛔", message, facts, next) };
}
const DONE = {
    promote: ["✅", "promoted", "Until then its share of the requests stays as it is."],
    judge: ["✅", "asked for another judgement of", "Until then its share of the requests stays as it is."],
    abort: ["⛔", "aborted", "The next release and the scheduled reconciler carry it out as well."],
};
/** The same for a word on a canary that is on hold. */
function summariseHold({ app, environment, holder, rollout }, isNew) {
    const { target, hold, canary, ramp } = rollout ?? {};
    const lift = hold?.lift;
    if (!target || !lift)
        throw new Error("nothing was decided");
    const [icon, word, more] = DONE[lift.how];
    const before = isNew ? "" : " It was decided before.";
    const message = `${lift.by} ${word} ${target.release} on ${app} (${environment}).${before}`;
    const run = holder ? ` of ${holder.url}` : "";
    const next = `A run that waits (hold-wait) carries it out by itself; else re-run the failed jobs${run}. ${more}`;
    const step = canary && ramp ? `${canary.step + 1} of ${ramp.steps.length}, ${canary.weight} % of the requests` : "";
    const facts = [
        ["Release", target.release],
        ["Step", step],
        ["On hold because", hold.reason],
        ["Decided by", lift.by],
        ["Why", lift.why],
    ];
    return { message, summary: page(icon, message, facts, next) };
}
function page(icon, heading, facts, next) {
    const table = (0,migrations_src/* factsTable */.wd)(facts.map(([name, value]) => [name, (0,migrations_src/* plain */.pj)(value)]));
    return `${[`### ${icon} ${(0,migrations_src/* plain */.pj)(heading)}`, table, (0,migrations_src/* plain */.pj)(next)].join("\n\n")}\n`;
}
const refusalSummary = ({ what, why, fix }) => `### ❌ Not recorded\n\n${(0,migrations_src/* plain */.pj)(`${what} ${why}`)}\n\n**Fix:** ${(0,migrations_src/* plain */.pj)(fix)}\n`;

;// CONCATENATED MODULE: ./actions/approve/approve.ts






/** Records what a person decided; whoever leads the release, or takes it up, reads it in the ledger. */
async function approve(context) {
    const { inputs } = context;
    demandDispatch(context);
    const refusal = await accessRefusal(context);
    if (refusal)
        return refused(context, "no-access", refusal);
    const { decision } = inputs;
    return decision === "approve" || decision === "reject"
        ? decideOnApproval(context, decision)
        : decideOnHold(context, decision);
}
async function decideOnApproval(context, how) {
    let deciding;
    const unreadable = await note(context, (head) => {
        deciding = (0,release_src/* decideApproval */.gC)(head, wordOf(context, how), authorOf(context), context.clock.now());
        return deciding.kind === "decided" ? deciding.head : undefined;
    });
    if (unreadable)
        return unreadable;
    if (!deciding)
        throw new Error("the ledger was read and nothing decided");
    if (deciding.kind === "refused")
        return refused(context, deciding.code, deciding.explanation);
    return decided(context, deciding, how);
}
/** What becomes of a canary on hold: the engine's word for it, and the reason of this action. */
const HOLDS = {
    promote: { how: "promote", reason: "promoted" },
    abort: { how: "abort", reason: "aborted" },
    "judge-again": { how: "judge", reason: "judged-again" },
};
async function decideOnHold(context, decision) {
    const { inputs, run, clock } = context;
    const { how, reason } = HOLDS[decision];
    let lifting;
    const unreadable = await note(context, (head) => {
        const lift = { how, by: run.triggeringActor, at: clock.now(), why: inputs.why ?? "" };
        lifting = (0,release_src/* liftHold */.nX)(head, inputs.release, lift, authorOf(context));
        return lifting.kind === "lifted" ? lifting.head : undefined;
    });
    if (unreadable)
        return unreadable;
    if (!lifting)
        throw new Error("the ledger was read and nothing decided");
    if (lifting.kind === "refused")
        return refused(context, "not-on-hold", lifting.explanation);
    const { head, kind } = lifting;
    const hold = head.rollout?.hold;
    return {
        reason: kind === "already" ? "already-decided" : reason,
        ...summariseHold(head, kind === "lifted"),
        outputs: { by: hold?.lift?.by ?? "", artifact: head.rollout?.target.artifact ?? "" },
        result: { ...placeOf(context), hold: hold ? { ...hold, lift: hold.lift && { ...hold.lift } } : null },
    };
}
/** Writes into the ledger what `move` makes of its head; how it ended where the ledger cannot be read. */
async function note(context, move) {
    const { inputs } = context;
    const ledger = (0,open_notes/* openNotes */.A)(context, inputs);
    const noted = await (0,release_src/* noteInHead */.Qj)(ledger, (0,release_src/* emptyHead */.Cc)(inputs.app, inputs.environment), move);
    if (noted.kind !== "unreadable")
        return undefined;
    return refused(context, "ledger-unreadable", (0,release_src/* explainUnreadable */.x5)(ledger.where, noted));
}
/** Only a person who starts a workflow by hand can be taken to have decided something. */
function demandDispatch({ run }) {
    if (run.eventName === "workflow_dispatch")
        return;
    throw new src/* UsageError */.eb({
        what: `An approval cannot come from a ${run.eventName || "run without an event"}.`,
        why: "Whoever started this run need not have meant to approve anything.",
        fix: "run this action in a workflow with on: workflow_dispatch, and start it by hand.",
    });
}
/** Why this actor may not decide; GitHub lets only those start a workflow who may write, so silence is no refusal. */
async function accessRefusal({ run, inputs, clock, signal, log }) {
    const { apiUrl, repository, triggeringActor: login } = run;
    if (login.endsWith("[bot]"))
        return {
            what: `${login} is no person, and may not decide on a release.`,
            why: "An approval says that a human being looked.",
            fix: "Start the workflow by hand.",
        };
    const client = new github_src.GitHubClient({
        apiUrl,
        token: inputs["github-token"],
        repository,
        clock,
        signal,
        patience: 15_000,
    });
    try {
        if (inputs["github-token"] === "" || (await (0,github_src/* mayWrite */.J)(client, login)))
            return undefined;
    }
    catch (error) {
        if (!(error instanceof src/* ServiceError */._7))
            throw error;
        log.notice(`Whether ${login} may write to ${repository} could not be asked. ${error.why}`);
        return undefined;
    }
    return {
        what: `${login} may not write to ${repository}, and so may not decide on its releases.`,
        why: "GitHub says so.",
        fix: "Ask somebody with write access to start the workflow.",
    };
}
const wordOf = ({ inputs, run }, how) => ({
    release: inputs.release,
    how,
    by: run.triggeringActor,
    why: inputs.why ?? "",
    url: run.runUrl,
    package: inputs.package,
});
const authorOf = ({ run: { runId, attempt, triggeringActor: actor } }) => ({ runId, attempt, actor });
const placeOf = ({ inputs: { app, environment, release } }) => ({ app, environment, release });
function decided({ inputs, run }, { kind, approval }, how) {
    const by = approval.decision?.by ?? run.triggeringActor;
    const word = how === "approve" ? "approved" : "rejected";
    const { app, environment } = inputs;
    const { message, summary } = summarise({ app, environment, word, isNew: kind === "decided", approval });
    return {
        reason: kind === "already" ? "already-decided" : word,
        message,
        outputs: { by, artifact: approval.artifact ?? "" },
        result: { app, environment, approval: { ...approval, decision: approval.decision && { ...approval.decision } } },
        summary,
    };
}
function refused(context, reason, explanation) {
    return {
        reason,
        ...(0,ending/* wordsOf */.Z9)(explanation),
        result: placeOf(context),
        summary: refusalSummary(explanation),
    };
}

// EXTERNAL MODULE: ./actions/freeze/spec.ts
var spec = __webpack_require__(8821);
// EXTERNAL MODULE: ./actions/slot-swap/rollout-reasons.ts
var rollout_reasons = __webpack_require__(3896);
;// CONCATENATED MODULE: ./actions/approve/spec.ts



const spec_spec = (0,src/* defineAction */.QP)({
    name: "approve",
    title: "Approve or reject a release",
    description: "Records a person's decision: on a release that waits with `approval: required`, or on a canary that is on hold.",
    branding: { icon: "check-circle", color: "blue" },
    inputs: {
        release: { ...src/* releaseInputs */.zy.release, required: true, doc: "Id of the release that waits, or is on hold." },
        decision: {
            kind: "choice",
            options: ["approve", "reject", "promote", "abort", "judge-again"],
            default: "approve",
            doc: "On a release that waits: `approve` or `reject`, which may be changed until it went out. On a canary on hold: `promote` (on to its next step, or to the swap), `abort` (its requests are taken back) or `judge-again` (the same step for as long again).",
        },
        why: { kind: "string", max: 500, doc: "Why, in a sentence. Recorded with who decided." },
        package: {
            kind: "string",
            pattern: /^[0-9a-f]{8,64}$/i,
            hint: "the first 8 to 64 hexadecimal digits of the package's SHA-256, as the summary of the waiting run shows it",
            doc: "SHA-256 of the package, or its beginning: a release that was built again meanwhile is then not approved unseen. For `approve` and `reject`.",
        },
        ...spec/* noteInputs */.K,
        ...src/* githubInputs */.dN,
    },
    outputs: {
        by: { doc: "Login of who decided." },
        artifact: { doc: "SHA-256 of the package that was decided on." },
    },
    permissions: {
        "id-token": { level: "write", why: "To sign in to Azure without a secret." },
    },
    reasons: {
        approved: {
            decision: "proceed",
            doc: "The release may go out: re-run the failed jobs of its run, or start it again.",
        },
        rejected: { decision: "hold", doc: "The release does not go out." },
        promoted: {
            decision: "proceed",
            doc: "The canary goes on past the step that it is held at: re-run the failed jobs of its run.",
        },
        "judged-again": {
            decision: "proceed",
            doc: "The step is judged for as long again: re-run the failed jobs of its run.",
        },
        aborted: {
            decision: "hold",
            doc: "The release gets no requests any more, as soon as its run, the next one or the reconciler carries that out.",
        },
        "already-decided": { decision: "nothing-to-do", doc: "The same was decided before." },
        "own-release": {
            decision: "hold",
            fails: true,
            doc: "Who started the release's run or wrote its commit may not decide on it.",
            fix: "Ask somebody else with write access to run this.",
        },
        "no-access": {
            decision: "hold",
            fails: true,
            doc: "Who ran this may not write to the repository, or is no person.",
            fix: "Ask somebody with write access to start the workflow by hand.",
        },
        "not-awaiting": {
            decision: "hold",
            fails: true,
            doc: "No such release waits for an approval.",
            fix: "Take the id from the summary of the run that waits.",
        },
        "not-on-hold": {
            decision: "hold",
            fails: true,
            doc: "No such release is on hold, or its time is over, or something else was decided already.",
            fix: "Follow the message.",
        },
        "another-package": {
            decision: "hold",
            fails: true,
            doc: "The release waits with another package than `package` names.",
            fix: "Look at what the new run would release, and approve that.",
        },
        "ledger-unreadable": rollout_reasons/* rolloutReasons */.X["ledger-unreadable"],
    },
});

;// CONCATENATED MODULE: ./actions/approve/index.ts



const action = (0,src/* implement */.yx)(spec_spec, { main: approve });


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
