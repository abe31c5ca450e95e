export const id = 491;
export const ids = [491];
export const modules = {

/***/ 9432:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ ApprovalGate),
/* harmony export */   p: () => (/* binding */ heldBackReport)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_github__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3359);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2607);
/* harmony import */ var _ending_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(998);
/* harmony import */ var _session_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7675);
/* harmony import */ var _summary_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5365);






/** Asks for the approval of one release, and waits for it as long as this job may. */
class ApprovalGate {
    #context;
    #inputs;
    #until;
    #authors;
    /** Throws `UsageError` where there is no ledger to ask in. */
    constructor(context, inputs) {
        if (inputs.approval === "required" && inputs.ledger === undefined)
            throw noLedger();
        this.#context = context;
        this.#inputs = inputs;
        this.#until = context.clock.now() + inputs["approval-wait"];
    }
    /**
     * `open`: the lock is still held, go on. `again`: it was approved while this job waited without the lock, so
     * everything has to be looked at anew.
     */
    async pass(session, candidate) {
        if (this.#inputs.approval === "none")
            return "open";
        const { log, clock } = this.#context;
        const wanted = await this.#wanted(candidate);
        const gate = (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .gateOf */ .Rv)(session.held.head, wanted);
        if (gate.kind === "open") {
            const { by, why } = gate.approval.decision ?? { by: "", why: "" };
            log.notice(`${wanted.release} is approved by ${by}${why === "" ? "" : `: ${why}`}.`);
            return "open";
        }
        if (gate.kind === "rejected") {
            await (0,_session_js__WEBPACK_IMPORTED_MODULE_4__/* .giveBack */ .F5)(this.#context, session);
            return { reason: "rejected", ...(0,_ending_js__WEBPACK_IMPORTED_MODULE_3__/* .wordsOf */ .Z9)((0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .explainRejected */ .aJ)(gate.approval)), approval: gate.approval };
        }
        if (gate.kind === "waiting")
            await (0,_session_js__WEBPACK_IMPORTED_MODULE_4__/* .giveBack */ .F5)(this.#context, session);
        else
            await this.#request(session, candidate, wanted);
        const decided = await this.#wait(session, wanted);
        const { head } = session.held;
        const approval = head.approvals.find(({ release }) => release === wanted.release);
        if (decided || !approval)
            return "again";
        return { reason: "awaiting-approval", ...(0,_ending_js__WEBPACK_IMPORTED_MODULE_3__/* .wordsOf */ .Z9)((0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .explainWaiting */ .Pq)(head, approval, clock.now())), approval };
    }
    /** The package is stored first: what is approved is what is kept. */
    async #request(session, { record, packed }, wanted) {
        if (record.artifact !== null && packed !== undefined)
            await session.connection.ledger?.storeArtifact(record.artifact, packed);
        const { clock, run } = this.#context;
        await (0,_session_js__WEBPACK_IMPORTED_MODULE_4__/* .endWith */ .qZ)(this.#context, session, (head) => (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .requestApproval */ .FU)(head, wanted, run.runUrl, clock.now()));
    }
    /** Looks at the ledger from time to time, without the lock. True once somebody decided. */
    async #wait(session, wanted) {
        const { clock, signal, log } = this.#context;
        const { ledger } = session.connection;
        const whole = this.#inputs["approval-wait"];
        if (clock.now() >= this.#until || !ledger)
            return false;
        log.notice(`${wanted.release} waits for an approval, here for up to ${(0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(this.#until - clock.now())}.`);
        while (clock.now() < this.#until) {
            await clock.sleep(Math.min(15_000, Math.max(250, whole / 20), this.#until - clock.now()), signal);
            const read = await ledger.read();
            // Whatever else is found is for the next look under the lock to explain.
            if (read.kind !== "head" || (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .gateOf */ .Rv)(read.head, wanted).kind !== "waiting")
                return true;
        }
        return false;
    }
    async #wanted({ record }) {
        this.#authors ??= authorsOf(this.#context, record.commit ?? "", this.#inputs["github-token"]);
        return { release: record.release, artifact: record.artifact, authors: await this.#authors };
    }
}
/** Who started the run, and who wrote the commit where GitHub says it. */
async function authorsOf(context, commit, token) {
    const { run, clock, signal, log } = context;
    const { apiUrl, repository, actor } = run;
    try {
        const client = new _augeo_github__WEBPACK_IMPORTED_MODULE_1__.GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
        const author = token === "" || commit === "" ? undefined : await (0,_augeo_github__WEBPACK_IMPORTED_MODULE_1__/* .readCommitAuthor */ .pX)(client, commit);
        return [...new Set([actor, ...(author === undefined ? [] : [author])])];
    }
    catch (error) {
        if (!(error instanceof _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .ServiceError */ ._7))
            throw error;
        log.warning(`Who wrote the commit could not be asked, so only ${actor} may not approve. ${error.why} Fix: ${error.fix}`);
        return [actor];
    }
}
/** What a release that is held back says; what a person needs to decide on is on the summary. */
function heldBackReport(now, { record }, { approval, ...held }) {
    const { release, artifact, commit } = record;
    const isRejected = held.reason === "rejected";
    const { message, fix } = held;
    return {
        ...held,
        result: { release, approval: { ...approval, decision: approval.decision && { ...approval.decision } } },
        summary: (0,_summary_js__WEBPACK_IMPORTED_MODULE_5__/* .summarise */ .f)({
            heading: isRejected ? "Rejected: not released" : "Waiting for an approval",
            icon: isRejected ? "⛔" : "⏸️",
            isGood: false,
            message,
            fix,
            facts: [
                ["Release", release],
                ["Package", artifact ?? ""],
                ["Commit", (commit ?? "").slice(0, 12)],
                ["Replaces", approval.replaces ?? ""],
                ["May not approve", approval.authors.join(", ")],
            ],
            moments: [],
            end: now,
            sessions: [],
            parts: [],
        }),
    };
}
const noLedger = () => new _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb({
    what: "approval: required needs a ledger.",
    why: "An approval is asked for, given and read there.",
    fix: "set ledger to the address of a blob container, or leave approval out.",
});


/***/ }),

/***/ 6538:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ approvalReasons),
/* harmony export */   x: () => (/* binding */ approvalInputs)
/* harmony export */ });
/** The toolkit's own approval, for every action that brings something new into production. */
const approvalInputs = {
    approval: {
        kind: "choice",
        options: ["none", "required"],
        default: "none",
        doc: "`required`: the release waits until a person other than its authors approved it with the `approve` action. For GitHub plans whose environments have no required reviewers.",
    },
    "approval-wait": {
        kind: "duration",
        default: "0s",
        max: "5h",
        doc: "How long this job waits for the approval, without the lock. `0s`: it ends with `awaiting-approval`, and a re-run takes the release up once it is approved.",
    },
};
const approvalReasons = {
    "awaiting-approval": {
        decision: "hold",
        fails: true,
        doc: "The release waits for the approval of a person other than its authors. Nothing was changed.",
        fix: "Somebody else runs the approve workflow; then re-run the failed jobs.",
    },
    rejected: {
        decision: "hold",
        fails: true,
        doc: "A person rejected the release. Nothing was changed.",
        fix: "Release a mended version.",
    },
};


/***/ }),

/***/ 5491:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./actions/slot-swap/approval-inputs.ts
var approval_inputs = __webpack_require__(6538);
// EXTERNAL MODULE: ./actions/slot-swap/rollout-reasons.ts
var rollout_reasons = __webpack_require__(3896);
// EXTERNAL MODULE: ./actions/slot-swap/staged-declaration.ts
var staged_declaration = __webpack_require__(634);
;// CONCATENATED MODULE: ./actions/slot-swap/spec.ts




const { gate: _gate, ...reasons } = rollout_reasons/* rolloutReasons */.X;
const spec = (0,src/* defineAction */.QP)({
    name: "slot-swap",
    title: "Swap a slot into production, and back if it is worse",
    description: "Warms every instance of a slot, swaps it into production once and only once, watches production, and swaps back on an unhealthy verdict.",
    post: true,
    inputs: { ...src/* appInputs */.VY, ...staged_declaration/* stagedInputs */.Im },
    outputs: staged_declaration/* stagedOutputs */.Bt,
    permissions: staged_declaration/* stagedPermissions */.rz,
    reasons: {
        swapped: { decision: "proceed", doc: "The slot's release is in production and stayed healthy." },
        "already-live": { decision: "nothing-to-do", doc: "Production runs the slot's release already." },
        ...approval_inputs/* approvalReasons */.Q,
        ...reasons,
    },
});

// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var ending = __webpack_require__(998);
// EXTERNAL MODULE: ./actions/slot-swap/session.ts + 2 modules
var session = __webpack_require__(7675);
// EXTERNAL MODULE: ./actions/slot-swap/swap-staged.ts + 1 modules
var swap_staged = __webpack_require__(9930);
;// CONCATENATED MODULE: ./actions/slot-swap/swap-slots.ts



/** Brings what is in the slot into production, once, and back when production is not healthy with it. */
async function swapSlots(context) {
    const swapped = await (0,swap_staged/* swapStaged */.E)(context);
    if (swapped.kind === "not-begun")
        return swapped.done;
    const reason = (0,ending/* withoutCanary */.vQ)(swapped.reason);
    if (reason === "completed")
        return { reason: "swapped", ...swapped.report };
    // A leftover of another action can end in its migrations.
    return { reason: reason === "gate" ? "stopped" : reason, ...swapped.report };
}
const undoSwap = async (context) => {
    await (0,session/* undoUnfinished */.YS)(context, context.inputs);
};

;// CONCATENATED MODULE: ./actions/slot-swap/index.ts



const action = (0,src/* implement */.yx)(spec, { main: swapSlots, post: undoSwap });


/***/ }),

/***/ 901:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ readDifferences),
/* harmony export */   W: () => (/* binding */ differencesMarkdown)
/* harmony export */ });
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1910);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);
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
        return kept === "" ? "" : details("Settings: the slots do not differ", kept);
    const rows = changes.map((change) => `| ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(change.settingType)} | ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(change.settingName)} | ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(describe(change))} |`);
    const table = ["| kind | setting | before the swap |", "| --- | --- | --- |", ...rows].join("\n");
    return details(`Settings that the swap changes: ${changes.length}`, [table, kept].filter(Boolean).join("\n\n"));
}
const details = (title, body) => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;


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
