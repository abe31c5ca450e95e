export const id = 491;
export const ids = [491];
export const modules = {

/***/ 5491:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 16 modules
var src = __webpack_require__(7316);
// EXTERNAL MODULE: ./actions/slot-swap/rollout-inputs.ts
var rollout_inputs = __webpack_require__(2344);
// EXTERNAL MODULE: ./actions/slot-swap/rollout-reasons.ts
var rollout_reasons = __webpack_require__(3896);
;// CONCATENATED MODULE: ./actions/slot-swap/spec.ts



const { gate: _gate, ...reasons } = rollout_reasons/* rolloutReasons */.X;
const spec = (0,src/* defineAction */.QP)({
    name: "slot-swap",
    title: "Swap a slot into production, and back if it is worse",
    description: "Warms every instance of a slot, swaps it into production once and only once, watches production, and swaps back on an unhealthy verdict.",
    post: true,
    inputs: { ...src/* appInputs */.VY, ...rollout_inputs/* rolloutInputs */.Ff, ...rollout_inputs/* optionalLedger */.sH, ...rollout_inputs/* lockInputs */.NP, ...rollout_inputs/* freezeInputs */.ZN },
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
        swapped: { decision: "proceed", doc: "The slot's release is in production and stayed healthy." },
        "already-live": { decision: "nothing-to-do", doc: "Production runs the slot's release already." },
        ...reasons,
    },
});

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
;// CONCATENATED MODULE: ./actions/slot-swap/swap-slots.ts








/** Brings what is in the slot into production, once, and back when production is not healthy with it. */
async function swapSlots(context) {
    const { inputs, log } = context;
    const opened = await (0,slot_swap_session/* beginRun */.Te)(context, inputs);
    if (opened.kind === "ended")
        return outcome(context, opened.ending, opened.result, opened);
    const { session } = opened;
    const differences = await (0,settings_differences/* readDifferences */.$)(log, session.connection.slots, (0,connection/* refOf */.H8)(inputs));
    const target = await (0,staged_release/* stagedRelease */.S)(context, session);
    if (target.release === (0,release_src/* identify */.ls)(session.slots.production))
        return (0,staged_release/* alreadyLive */.x)(context, session, target);
    const plan = {
        kind: "swap",
        from: "STAGED",
        place: (0,connection/* refOf */.H8)(inputs),
        policy: (0,engine/* policyOf */.U)(inputs),
        target,
        before: (0,slot_swap_session/* bearingsOf */.HC)(session),
    };
    const result = await (0,release_src/* carryOutPlan */.Ly)(session.engine, session.held, plan);
    const ending = (0,slot_swap_ending/* endingOf */.z6)(result);
    await (0,slot_swap_session/* markEnded */.oz)(context);
    return outcome(context, ending, result, session, differences);
}
const undoSwap = async (context) => {
    await (0,slot_swap_session/* undoUnfinished */.YS)(context, context.inputs);
};
async function outcome(context, ending, result, run, differences) {
    const { app, slot } = context.inputs;
    const report = await (0,slot_swap_report/* reportOf */.E)({
        context,
        app,
        ending,
        result,
        run,
        completed: ({ target, before }) => ({
            heading: `${target.release} is live`,
            message: `${target.release} is live; ${(0,release_src/* nameOf */.Vb)(before?.production ?? null)} is in slot ${slot}.`,
        }),
        parts: [(0,settings_differences/* differencesMarkdown */.W)(differences)],
    });
    const reason = (0,slot_swap_ending/* withoutCanary */.vQ)(ending.reason);
    if (reason === "completed")
        return { reason: "swapped", ...report };
    // A leftover of another action can end in its migrations.
    return { reason: reason === "gate" ? "stopped" : reason, ...report };
}

;// CONCATENATED MODULE: ./actions/slot-swap/index.ts



const action = (0,src/* implement */.yx)(spec, { main: swapSlots, post: undoSwap });


/***/ }),

/***/ 901:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ readDifferences),
/* harmony export */   W: () => (/* binding */ differencesMarkdown)
/* harmony export */ });
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4597);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1034);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2230);



/** What the swap will change in settings, as Azure compares the slots. Not being allowed to see it stops nothing. */
async function readDifferences(log, slots, ref) {
    try {
        const [changes, names] = await Promise.all([(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.slotDifferences)(slots.arm, ref), (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.readStickyNames)(slots.arm, ref)]);
        const sticky = [...names.appSettingNames, ...names.connectionStringNames, ...names.azureStorageConfigNames];
        await log.group("Settings that the swap changes", async () => tell(log, { changes, sticky }));
        return { changes, sticky };
    }
    catch (error) {
        if (!(error instanceof _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .ServiceError */ ._7))
            throw error;
        log.warning(`What the swap changes in settings could not be read. ${error.why}`);
        return undefined;
    }
}
function tell(log, { changes, sticky }) {
    log.info(sticky.length === 0
        ? "No setting is sticky: all settings move with the swap."
        : `Stay with their slot: ${sticky.join(", ")}`);
    if (changes.length === 0)
        log.info("The slots do not differ in settings.");
    for (const change of changes) {
        const text = `${change.level} ${change.settingType} ${change.settingName}: ${describe(change)}`;
        if (change.level === "Error" || change.level === "Warning")
            log.warning(text);
        else
            log.info(text);
    }
}
/** Values of settings may be secrets and are never shown; whether there is one is not. */
function describe({ settingType, description, valueInCurrentSlot, valueInTargetSlot }) {
    const isSecret = settingType !== "General";
    const inProduction = show(valueInCurrentSlot, isSecret);
    const inSlot = show(valueInTargetSlot, isSecret);
    return `production ${inProduction}, slot ${inSlot}${description === "" ? "" : ` (${description})`}`;
}
const show = (value, isSecret) => (value === "" ? "has none" : isSecret ? "has a value" : value);
/** Markdown for the summary. Pure. */
function differencesMarkdown(differences) {
    if (!differences)
        return "";
    const { changes, sticky } = differences;
    const kept = sticky.length === 0 ? "" : `Stay with their slot: ${sticky.map((name) => `\`${name}\``).join(", ")}.`;
    if (changes.length === 0)
        return details("Settings: the slots do not differ", kept);
    const rows = changes.map((change) => `| ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(change.settingType)} | ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(change.settingName)} | ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(describe(change))} |`);
    const table = ["| kind | setting | before the swap |", "| --- | --- | --- |", ...rows].join("\n");
    return details(`Settings that the swap changes: ${changes.length}`, [table, kept].filter(Boolean).join("\n\n"));
}
const details = (title, body) => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;


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
