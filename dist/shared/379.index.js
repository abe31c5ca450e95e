export const id = 379;
export const ids = [379];
export const modules = {

/***/ 2379:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 16 modules
var src = __webpack_require__(7316);
// EXTERNAL MODULE: ./packages/release/src/index.ts + 39 modules
var release_src = __webpack_require__(1034);
// EXTERNAL MODULE: ./actions/slot-swap/connection.ts
var connection = __webpack_require__(3597);
// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var slot_swap_ending = __webpack_require__(998);
// EXTERNAL MODULE: ./actions/slot-swap/engine.ts
var engine = __webpack_require__(2095);
// EXTERNAL MODULE: ./actions/slot-swap/report.ts
var slot_swap_report = __webpack_require__(8439);
// EXTERNAL MODULE: ./actions/slot-swap/session.ts + 2 modules
var slot_swap_session = __webpack_require__(7675);
// EXTERNAL MODULE: ./actions/slot-swap/settings-differences.ts
var settings_differences = __webpack_require__(901);
// EXTERNAL MODULE: ./actions/slot-swap/staged-release.ts
var staged_release = __webpack_require__(4775);
// EXTERNAL MODULE: ./actions/canary/lead-canary.ts + 9 modules
var lead_canary = __webpack_require__(5257);
// EXTERNAL MODULE: ./actions/canary/summary.ts
var summary = __webpack_require__(4235);
;// CONCATENATED MODULE: ./actions/canary/canary.ts










/** Gives what is in the slot a growing share of the requests, and the rest by a swap once every step has passed. */
async function runCanary(context) {
    const { inputs, log } = context;
    const lead = lead_canary/* CanaryLead */.R.from(context, inputs);
    if (!lead)
        throw new Error("steps is required");
    const options = { canary: lead.judgeFor, holdWait: inputs["hold-wait"] };
    const opened = await (0,slot_swap_session/* beginRun */.Te)(context, inputs, options);
    if (opened.kind === "ended")
        return outcome(context, lead, opened.ending, opened.result, opened);
    const { session } = opened;
    const differences = await (0,settings_differences/* readDifferences */.$)(log, session.connection.slots, (0,connection/* refOf */.H8)(inputs));
    const target = await (0,staged_release/* stagedRelease */.S)(context, session);
    if (target.release === (0,release_src/* identify */.ls)(session.slots.production))
        return (0,staged_release/* alreadyLive */.x)(context, session, target);
    await lead.sayWhatItCanShow(context, session, target);
    const place = { place: (0,connection/* refOf */.H8)(inputs), policy: (0,engine/* policyOf */.U)(inputs) };
    const { ramp } = lead.plan;
    const plan = { kind: "swap", from: "STAGED", ...place, target, ramp, before: (0,slot_swap_session/* bearingsOf */.HC)(session) };
    const result = await (0,release_src/* carryOutPlan */.Ly)(session.engine, session.held, plan);
    const ending = (0,slot_swap_ending/* endingOf */.z6)(result);
    await (0,slot_swap_session/* markEnded */.oz)(context);
    return outcome(context, lead, ending, result, session, differences);
}
/** The weight goes to 0 and the rule away; what was swapped in without proof is swapped out. */
const undoCanary = async (context) => {
    await (0,slot_swap_session/* undoUnfinished */.YS)(context, context.inputs);
};
async function outcome(context, lead, ending, result, run, differences) {
    const { app, slot } = context.inputs;
    const report = await (0,slot_swap_report/* reportOf */.E)({
        context,
        app,
        ending,
        result,
        run,
        completed: ({ target, before }) => ({
            heading: `${target.release} is live`,
            message: `${target.release} passed every step and is live; ${(0,release_src/* nameOf */.Vb)(before?.production ?? null)} is in slot ${slot}.`,
        }),
        lead: (0,summary/* canaryMarkdown */.M)(lead),
        parts: [(0,settings_differences/* differencesMarkdown */.W)(differences)],
    });
    const done = { ...report, result: { ...report.result, canary: (0,summary/* canaryResult */.G)(lead) } };
    const { reason } = ending;
    if (reason === "completed")
        return { reason: "promoted", ...done };
    return { reason: reason === "gate" ? "stopped" : reason, ...done };
}

// EXTERNAL MODULE: ./actions/slot-swap/rollout-inputs.ts
var rollout_inputs = __webpack_require__(2344);
// EXTERNAL MODULE: ./actions/slot-swap/rollout-reasons.ts
var rollout_reasons = __webpack_require__(3896);
// EXTERNAL MODULE: ./actions/canary/canary-inputs.ts
var canary_inputs = __webpack_require__(9313);
;// CONCATENATED MODULE: ./actions/canary/spec.ts




const { gate: _gate, ...reasons } = rollout_reasons/* rolloutReasons */.X;
const spec = (0,src/* defineAction */.QP)({
    name: "canary",
    title: "Ramp a slot up and judge it at each step",
    description: "Gives what is in a slot a growing share of production's requests, judges each step against the live release, swaps it in when all have passed, and takes its share away when it is worse.",
    post: true,
    inputs: {
        ...src/* appInputs */.VY,
        steps: { ...canary_inputs/* stepsInput */.w, required: true },
        ...canary_inputs/* canaryInputs */.K,
        ...rollout_inputs/* rolloutInputs */.Ff,
        ...rollout_inputs/* optionalLedger */.sH,
        ...rollout_inputs/* lockInputs */.NP,
        ...rollout_inputs/* freezeInputs */.ZN,
    },
    outputs: {
        "live-release": {
            doc: "Release that production runs now. Empty when only a look can tell, or for content without a release file.",
        },
        "previous-release": { doc: "Release that production ran before." },
        url: { doc: "Address of production." },
    },
    permissions: {
        "id-token": { level: "write", why: "To sign in to Azure without a secret." },
        actions: {
            level: "read",
            optional: true,
            why: "With a ledger: to ask whether the run that holds the lock is over.",
        },
    },
    reasons: {
        promoted: {
            decision: "proceed",
            doc: "Every step passed; the slot's release is in production and stayed healthy.",
        },
        "already-live": { decision: "nothing-to-do", doc: "Production runs the slot's release already." },
        ...rollout_reasons/* canaryReasons */.o,
        ...reasons,
    },
});

;// CONCATENATED MODULE: ./actions/canary/index.ts



const action = (0,src/* implement */.yx)(spec, { main: runCanary, post: undoCanary });


/***/ }),

/***/ 4775:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S: () => (/* binding */ stagedRelease),
/* harmony export */   x: () => (/* binding */ alreadyLive)
/* harmony export */ });
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1034);
/* harmony import */ var _session_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7675);
/* harmony import */ var _summary_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5365);



/** The slot's release, by its own release file: without one, no one could tell afterwards whether the swap took place. */
async function stagedRelease(context, session) {
    const file = await session.connection.slots.releaseFile("staging");
    if (!file) {
        await (0,_session_js__WEBPACK_IMPORTED_MODULE_1__/* .giveBack */ .F5)(context, session);
        throw notLabelled(context.inputs.slot, session.slots);
    }
    const known = session.held.head.history.find(({ release }) => release === file.release);
    return {
        release: file.release,
        commit: file.commit === "" ? null : file.commit,
        artifact: known?.artifact ?? null,
        schemaHead: file.schemaHead,
        at: context.clock.now(),
    };
}
function notLabelled(slot, { production }) {
    return new _augeo_release__WEBPACK_IMPORTED_MODULE_0__/* .UsageError */ .eb({
        what: `Slot ${slot} holds no release: there is no augeo-release.json in its content.`,
        why: `The release file travels with the swap and tells afterwards whether it took place; production runs ${(0,_augeo_release__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)((0,_augeo_release__WEBPACK_IMPORTED_MODULE_0__/* .identify */ .ls)(production) ?? null)}.`,
        fix: "deploy to the slot with augeo/deploy-action/actions/slot-deploy, which puts the file in, and swap then.",
    });
}
/** Production runs the slot's release: the lock is given back, and nothing else is done. */
async function alreadyLive(context, session, { release }) {
    await (0,_session_js__WEBPACK_IMPORTED_MODULE_1__/* .giveBack */ .F5)(context, session);
    const host = (await session.connection.slots.sites()).production.defaultHostName;
    const message = `Production runs ${release} already, and so does slot ${context.inputs.slot}.`;
    const empty = { facts: [], moments: [], end: context.clock.now(), sessions: [], parts: [] };
    return {
        reason: "already-live",
        message,
        outputs: { "live-release": release, url: `https://${host}` },
        result: { release, live: release },
        summary: (0,_summary_js__WEBPACK_IMPORTED_MODULE_2__/* .summarise */ .f)({ ...empty, heading: "Nothing to swap", isGood: true, message }),
    };
}


/***/ })

};
