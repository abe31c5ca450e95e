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

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./actions/slot-swap/session.ts + 2 modules
var session = __webpack_require__(7675);
// EXTERNAL MODULE: ./actions/slot-swap/swap-staged.ts + 1 modules
var swap_staged = __webpack_require__(9930);
// EXTERNAL MODULE: ./actions/canary/lead-canary.ts + 9 modules
var lead_canary = __webpack_require__(5257);
// EXTERNAL MODULE: ./actions/canary/summary.ts
var summary = __webpack_require__(4235);
;// CONCATENATED MODULE: ./actions/canary/canary.ts




/** Gives what is in the slot a growing share of the requests, and the rest by a swap once every step has passed. */
async function runCanary(context) {
    const { inputs } = context;
    const lead = lead_canary/* CanaryLead */.R.from(context, inputs);
    if (!lead)
        throw new Error("steps is required");
    const swapped = await (0,swap_staged/* swapStaged */.E)(context, {
        options: { canary: lead.judgeFor, holdWait: inputs["hold-wait"] },
        ramp: lead.plan.ramp,
        prepare: (session, target) => lead.sayWhatItCanShow(context, session, target),
        markdown: () => (0,summary/* canaryMarkdown */.M)(lead),
    });
    if (swapped.kind === "not-begun")
        return swapped.done;
    const { reason, report } = swapped;
    const told = { ...report, result: { ...report.result, canary: (0,summary/* canaryResult */.G)(lead) } };
    if (reason === "completed")
        return { reason: "promoted", ...told };
    return { reason: reason === "gate" ? "stopped" : reason, ...told };
}
/** The weight goes to 0 and the rule away; what was swapped in without proof is swapped out. */
const undoCanary = async (context) => {
    await (0,session/* undoUnfinished */.YS)(context, context.inputs);
};

// EXTERNAL MODULE: ./actions/slot-swap/approval-inputs.ts
var approval_inputs = __webpack_require__(6538);
// EXTERNAL MODULE: ./actions/slot-swap/rollout-reasons.ts
var rollout_reasons = __webpack_require__(3896);
// EXTERNAL MODULE: ./actions/slot-swap/staged-declaration.ts
var staged_declaration = __webpack_require__(634);
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
        ...staged_declaration/* stagedInputs */.Im,
    },
    outputs: staged_declaration/* stagedOutputs */.Bt,
    permissions: staged_declaration/* stagedPermissions */.rz,
    reasons: {
        promoted: {
            decision: "proceed",
            doc: "Every step passed; the slot's release is in production and stayed healthy.",
        },
        "already-live": { decision: "nothing-to-do", doc: "Production runs the slot's release already." },
        ...rollout_reasons/* canaryReasons */.o,
        ...approval_inputs/* approvalReasons */.Q,
        ...reasons,
    },
});

;// CONCATENATED MODULE: ./actions/canary/index.ts



const action = (0,src/* implement */.yx)(spec, { main: runCanary, post: undoCanary });


/***/ }),

/***/ 634:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bt: () => (/* binding */ stagedOutputs),
/* harmony export */   Im: () => (/* binding */ stagedInputs),
/* harmony export */   rz: () => (/* binding */ stagedPermissions)
/* harmony export */ });
/* harmony import */ var _approval_inputs_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6538);
/* harmony import */ var _rollout_inputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2344);


/** What `swapStaged` is told, and what it tells: declared once for the actions that swap what lies in the slot. */
const stagedInputs = {
    ..._rollout_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .rolloutInputs */ .Ff,
    ..._rollout_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .optionalLedger */ .sH,
    ..._rollout_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .lockInputs */ .NP,
    ..._rollout_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .freezeInputs */ .ZN,
    ..._approval_inputs_js__WEBPACK_IMPORTED_MODULE_0__/* .approvalInputs */ .x,
};
const stagedOutputs = {
    "live-release": {
        doc: "Release that production runs now. Empty when only a look can tell, or for content without a release file.",
    },
    "previous-release": { doc: "Release that production ran before." },
    url: { doc: "Address of production." },
};
const stagedPermissions = {
    "id-token": { level: "write", why: "To sign in to Azure without a secret." },
    contents: {
        level: "read",
        optional: true,
        why: "With `approval: required`: to see who wrote the commit.",
    },
    actions: {
        level: "read",
        optional: true,
        why: "With a ledger: to ask whether the run that holds the lock is over.",
    },
};


/***/ }),

/***/ 9930:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  E: () => (/* binding */ swapStaged)
});

// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/slot-swap/approval-gate.ts
var approval_gate = __webpack_require__(9432);
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
// EXTERNAL MODULE: ./actions/slot-swap/summary.ts
var summary = __webpack_require__(5365);
;// CONCATENATED MODULE: ./actions/slot-swap/staged-release.ts



/** The slot's release, by its own release file: without one, no one could tell afterwards whether the swap took place. */
async function stagedRelease(context, session) {
    const file = await session.connection.slots.releaseFile("staging");
    if (!file) {
        await (0,slot_swap_session/* giveBack */.F5)(context, session);
        throw notLabelled(context.inputs.slot, session.slots);
    }
    const known = session.held.head.history.find(({ release }) => release === file.release);
    const artifact = known?.artifact ?? null;
    const target = {
        release: file.release,
        commit: file.commit === "" ? null : file.commit,
        artifact,
        schemaHead: file.schemaHead,
        at: context.clock.now(),
    };
    return { target, sha256: artifact ?? file.content };
}
function notLabelled(slot, { production }) {
    return new src/* UsageError */.eb({
        what: `Slot ${slot} holds no release: there is no augeo-release.json in its content.`,
        why: `The release file travels with the swap and tells afterwards whether it took place; production runs ${(0,src/* nameOf */.Vb)((0,src/* identify */.ls)(production) ?? null)}.`,
        fix: "deploy to the slot with augeo/deploy-action/actions/slot-deploy, which puts the file in, and swap then.",
    });
}
/** Production runs the slot's release: the lock is given back, and nothing else is done. */
async function alreadyLive(context, session, { release }) {
    await (0,slot_swap_session/* giveBack */.F5)(context, session);
    const host = (await session.connection.slots.sites()).production.defaultHostName;
    const message = `Production runs ${release} already, and so does slot ${context.inputs.slot}.`;
    const empty = { facts: [], moments: [], end: context.clock.now(), sessions: [], parts: [] };
    return {
        reason: "already-live",
        message,
        outputs: { "live-release": release, url: `https://${host}` },
        result: { release, live: release },
        summary: (0,summary/* summarise */.f)({ ...empty, heading: "Nothing to swap", isGood: true, message }),
    };
}

;// CONCATENATED MODULE: ./actions/slot-swap/swap-staged.ts









/** Brings what is in the slot into production, once, with or without a canary before, and tells how that ended. */
async function swapStaged(context, lead) {
    const gate = new approval_gate/* ApprovalGate */.N(context, context.inputs);
    for (;;) {
        const opened = await (0,slot_swap_session/* beginRun */.Te)(context, context.inputs, lead?.options);
        if (opened.kind === "ended")
            return ended(context, lead, opened, opened);
        const { session } = opened;
        const { target, sha256 } = await stagedRelease(context, session);
        if (target.release === (0,src/* identify */.ls)(session.slots.production))
            return { kind: "not-begun", done: await alreadyLive(context, session, target) };
        const candidate = { record: { ...target, artifact: sha256 } };
        const passed = await gate.pass(session, candidate);
        if (passed === "open")
            return swap(context, session, target, lead);
        if (passed !== "again")
            return { kind: "not-begun", done: (0,approval_gate/* heldBackReport */.p)(context.clock.now(), candidate, passed) };
    }
}
async function swap(context, session, target, lead) {
    const { inputs, log } = context;
    await lead?.prepare(session, target);
    const differences = await (0,settings_differences/* readDifferences */.$)(log, session.connection.slots, (0,connection/* refOf */.H8)(inputs));
    const place = { place: (0,connection/* refOf */.H8)(inputs), policy: (0,engine/* policyOf */.U)(inputs), ramp: lead?.ramp };
    const plan = { kind: "swap", from: "STAGED", ...place, target, before: (0,slot_swap_session/* bearingsOf */.HC)(session) };
    const result = await (0,src/* carryOutPlan */.Ly)(session.engine, session.held, plan);
    const ending = (0,slot_swap_ending/* endingOf */.z6)(result);
    await (0,slot_swap_session/* markEnded */.oz)(context);
    return ended(context, lead, { ending, result, differences }, session);
}
async function ended(context, lead, { ending, result, differences }, run) {
    const { app, slot } = context.inputs;
    const report = await (0,slot_swap_report/* reportOf */.E)({
        context,
        app,
        ending,
        result,
        run,
        completed: ({ target: { release }, before }) => ({
            heading: `${release} is live`,
            message: `${release} ${lead ? "passed every step and " : ""}is live; ${(0,src/* nameOf */.Vb)(before?.production ?? null)} is in slot ${slot}.`,
        }),
        ...(lead && { lead: lead.markdown() }),
        parts: [(0,settings_differences/* differencesMarkdown */.W)(differences)],
    });
    return { kind: "ended", reason: ending.reason, report };
}


/***/ })

};
