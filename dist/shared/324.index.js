export const id = 324;
export const ids = [324];
export const modules = {

/***/ 895:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FS: () => (/* binding */ storedSteps),
/* harmony export */   Wd: () => (/* binding */ stageStored),
/* harmony export */   dw: () => (/* binding */ stage)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(613);
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1910);
/* harmony import */ var _slot_deploy_deploy_to_slot_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3663);
/* harmony import */ var _slot_swap_connection_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(3597);





/** Brings a release of the ledger back into the slot, by the package that was stored of it. */
async function stageStored(context, connection, inputs, record) {
    const { ledger } = connection;
    if (!ledger || record.artifact === null)
        throw notStored(record);
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(context.run.tempFolder, `${record.artifact}.zip`);
    await context.log.group(`Fetch the stored package of ${record.release}`, () => ledger.fetchArtifact(record.artifact ?? "", path));
    const pack = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_2__.readPackage)(path);
    const label = pack.label ?? { release: record.release, commit: record.commit ?? "", schemaHead: record.schemaHead };
    if (label.release !== record.release)
        throw notItself(record, label.release);
    await stage(context, connection, inputs, { package: pack, packed: path, ...label });
}
/** Sends a packed release to the slot, at most once, until the slot holds it. */
async function stage({ log }, { session }, inputs, staged) {
    const options = {
        slot: (0,_slot_swap_connection_js__WEBPACK_IMPORTED_MODULE_4__/* .refOf */ .H8)(inputs),
        createSlot: false,
        via: "scm",
        storage: undefined,
        timeout: inputs["deploy-timeout"],
        startTimeout: inputs["start-timeout"],
        ...staged,
    };
    // The ledger says how far the release came; the deployment itself is found again by its release.
    const record = async () => { };
    await log.group(`Deploy ${staged.release} to slot ${inputs.slot}`, () => (0,_slot_deploy_deploy_to_slot_js__WEBPACK_IMPORTED_MODULE_3__/* .deployToSlot */ .pT)({ session, record }, options));
}
/** Steps of a rollback: nothing is migrated, ever, and what comes into the slot is what was stored. */
const storedSteps = (context, inputs) => (connection) => ({
    migrate: async () => null,
    stage: (record) => stageStored(context, connection, inputs, record),
});
function notStored({ release }) {
    return new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb({
        what: `Release ${release} can no longer be brought back into the slot.`,
        why: "It is not in the slot any more and its package was not stored.",
        fix: "build its commit again and release it.",
    });
}
function notItself({ release, artifact }, found) {
    return new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb({
        what: `The stored package of ${release} is not ${release}.`,
        why: `artifacts/${artifact}.zip names itself ${found}.`,
        fix: "build the release's commit again and release it; find out who writes to the ledger's container.",
    });
}


/***/ }),

/***/ 3646:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ stageInputs)
/* harmony export */ });
/** How long bringing a package into the slot may take. */
const stageInputs = {
    "deploy-timeout": {
        kind: "duration",
        default: "20m",
        min: "1s",
        max: "5h",
        doc: "For the deployment to the slot: waiting for others, sending, building.",
    },
    "start-timeout": {
        kind: "duration",
        default: "5m",
        min: "0s",
        max: "1h",
        doc: "For the app in the slot to start once it is deployed. `0s` does not wait.",
    },
};


/***/ }),

/***/ 7324:
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
// EXTERNAL MODULE: ./actions/release/release-steps.ts
var release_steps = __webpack_require__(895);
// EXTERNAL MODULE: ./actions/slot-swap/connection.ts
var connection = __webpack_require__(3597);
// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var slot_swap_ending = __webpack_require__(998);
// EXTERNAL MODULE: ./actions/slot-swap/engine.ts
var engine = __webpack_require__(2095);
// EXTERNAL MODULE: ./actions/slot-swap/releases.ts
var slot_swap_releases = __webpack_require__(1471);
// EXTERNAL MODULE: ./actions/slot-swap/report.ts
var report = __webpack_require__(8439);
// EXTERNAL MODULE: ./actions/slot-swap/session.ts + 2 modules
var slot_swap_session = __webpack_require__(7675);
// EXTERNAL MODULE: ./actions/slot-swap/summary.ts
var slot_swap_summary = __webpack_require__(5365);
// EXTERNAL MODULE: ./actions/release/stage-inputs.ts
var stage_inputs = __webpack_require__(3646);
// EXTERNAL MODULE: ./actions/slot-swap/rollout-inputs.ts
var rollout_inputs = __webpack_require__(2344);
// EXTERNAL MODULE: ./actions/slot-swap/rollout-reasons.ts
var rollout_reasons = __webpack_require__(3896);
;// CONCATENATED MODULE: ./actions/rollback/spec.ts




const { unhealthy, drift, gate, frozen, "routing-rule": rule, ...reasons } = rollout_reasons/* rolloutReasons */.X;
/** What only a release ends with: a rollback neither swaps back nor asks for the ledger's opinion. */
const ofReleases = { unhealthy, drift, gate, frozen, "routing-rule": rule };
const spec = (0,src/* defineAction */.QP)({
    name: "rollback",
    title: "Put an earlier release back",
    description: "Returns production to the previous or a named release: by one swap while it is still in the slot, else by its stored package.",
    post: true,
    inputs: {
        ...src/* appInputs */.VY,
        ledger: src/* ledgerInputs */.hE.ledger,
        release: { kind: "string", doc: "Release to return to. Without it: the one before the live one." },
        why: { kind: "string", max: 500, doc: "Why, in a sentence. Recorded with who asked." },
        "ignore-schema": {
            kind: "boolean",
            default: false,
            doc: "Go back although the schema was contracted since. The database is never downgraded: the old code has to do without what was taken away.",
        },
        ...rollout_inputs/* rolloutInputs */.Ff,
        "bake-time": {
            ...rollout_inputs/* rolloutInputs */.Ff["bake-time"],
            default: "30s",
            doc: "How long production is watched after the swap.",
        },
        ...stage_inputs/* stageInputs */.M,
        ...rollout_inputs/* lockInputs */.NP,
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

;// CONCATENATED MODULE: ./actions/rollback/roll-back.ts










/** Returns production to an earlier release. Nothing but the schema and a live lock stands in the way. */
async function rollBack(context) {
    const { inputs, log } = context;
    const opened = await (0,slot_swap_session/* beginRun */.Te)(context, inputs, { steps: (0,release_steps/* storedSteps */.FS)(context, inputs), isRollback: true });
    if (opened.kind === "ended")
        return roll_back_report(context, { ...opened, run: opened });
    const { session } = opened;
    if (session.leftover && inputs.release === undefined)
        return undoneAlready(context, session, session.leftover);
    const { slots } = session;
    const way = (0,release_src/* planRollback */.II)(session.held.head, { to: inputs.release, slots, ignoreSchema: inputs["ignore-schema"] });
    if (way.kind === "refused" || way.kind === "nothing")
        return withoutActing(context, session, way);
    const by = way.kind === "swap" ? "it is still in the slot" : "its stored package is brought into the slot first";
    log.info(`Back to ${way.target.release}: ${by}.`);
    const result = await (0,release_src/* carryOutPlan */.Ly)(session.engine, session.held, {
        ...planOf(context, way),
        before: (0,slot_swap_session/* bearingsOf */.HC)(session),
    });
    const ending = (0,slot_swap_ending/* endingOf */.z6)(result);
    await (0,slot_swap_session/* markEnded */.oz)(context);
    return roll_back_report(context, { ending, result, run: session });
}
const undoRollBack = async (context) => {
    await (0,slot_swap_session/* undoUnfinished */.YS)(context, context.inputs, (0,release_steps/* storedSteps */.FS)(context, context.inputs));
};
function planOf({ inputs, run }, { kind, target }) {
    const why = `${run.actor}: ${inputs.why ?? "no reason given"}`;
    const from = kind === "swap" ? "STAGED" : "EXPANDED";
    return { kind: "rollback", from, place: (0,connection/* refOf */.H8)(inputs), policy: (0,engine/* policyOf */.U)(inputs), target, why };
}
async function withoutActing(context, session, way) {
    await (0,slot_swap_session/* giveBack */.F5)(context, session);
    const rows = session.connection.ledger ? (0,release_src/* releaseTable */.KZ)(session.held.head) : [];
    const releases = (0,slot_swap_releases/* releasesJson */.J)(rows);
    const empty = { facts: [], moments: [], end: context.clock.now(), sessions: [], parts: [(0,slot_swap_releases/* releasesMarkdown */.u)(rows)] };
    if (way.kind === "nothing") {
        const { release } = way.target;
        const message = `Production runs ${release} already.`;
        const summary = (0,slot_swap_summary/* summarise */.f)({ ...empty, heading: "Nothing to roll back", isGood: true, message });
        return {
            reason: "already-live",
            message,
            outputs: { "live-release": release },
            result: { live: release, releases },
            summary,
        };
    }
    const { message, fix } = (0,slot_swap_ending/* wordsOf */.Z9)(way.explanation);
    const summary = (0,slot_swap_summary/* summarise */.f)({ ...empty, heading: "Not rolled back", isGood: false, message, fix });
    return { reason: reasonOf(way.code), message, fix, result: { refused: way.code, releases }, summary };
}
/** Undoing what a dead run had left open was the way back: going one further would be one too far. */
async function undoneAlready(context, session, leftover) {
    await (0,slot_swap_session/* giveBack */.F5)(context, session);
    const { target, before } = leftover.rollout;
    const message = `${target.release} was left unfinished by a run that is over; it was undone, and ${(0,release_src/* nameOf */.Vb)(before?.production ?? null)} is live.`;
    const parts = { ending: { reason: "completed", message }, result: leftover, run: session };
    const done = await (0,report/* reportOf */.E)({
        ...parts,
        context,
        app: context.inputs.app,
        completed: () => ({ heading: "The unfinished release is undone", message }),
    });
    return { reason: "rolled-back", ...done };
}
const reasonOf = (code) => code === "no-previous" ? "no-such-release" : code;
async function roll_back_report(context, parts) {
    const { inputs, run } = context;
    const done = await (0,report/* reportOf */.E)({
        ...parts,
        context,
        app: inputs.app,
        completed: ({ target, before }) => ({
            heading: `${target.release} is live again`,
            message: `${target.release} replaced ${(0,release_src/* nameOf */.Vb)(before?.production ?? null)}, asked for by ${run.actor}${inputs.why ? `: ${inputs.why}` : ""}.`,
        }),
        facts: [
            ["Asked for by", run.actor],
            ["Why", inputs.why ?? ""],
        ],
    });
    const reason = (0,slot_swap_ending/* withoutCanary */.vQ)(parts.ending.reason);
    if (reason === "completed")
        return { reason: "rolled-back", ...done };
    return { reason: isOfReleases(reason) ? "needs-human" : reason, ...done };
}
const isOfReleases = (reason) => Object.hasOwn(ofReleases, reason);

;// CONCATENATED MODULE: ./actions/rollback/index.ts



const action = (0,src/* implement */.yx)(spec, { main: rollBack, post: undoRollBack });


/***/ }),

/***/ 3663:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Wy: () => (/* binding */ labelOf),
/* harmony export */   pT: () => (/* binding */ deployToSlot)
/* harmony export */ });
/* unused harmony export releaseIdOf */
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1910);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);
/** The whole of a deployment to a slot, without inputs and outputs: other actions call it too. */


/** `0123456-89abcdef`: seven digits of the commit, eight of the content. */
function releaseIdOf(commit, content) {
    return `${commit.slice(0, 7)}-${content.slice(0, 8)}`;
}
/** The label of a package. */
function labelOf(options, content) {
    const { commit, schemaHead } = options;
    return { release: options.release ?? releaseIdOf(commit, content), commit, content, schemaHead };
}
/** Ends with the slot holding the release. Throws `UsageError` before anything is changed, `ServiceError`, `Interrupted`. */
function deployToSlot(ports, options) {
    return new Deployment(ports, options).run();
}
/** A slot changed so shortly before may still have the restart of its SCM site ahead. */
const RECENT_CHANGE = 60_000;
const SETTLE = { answers: 3, interval: 500 };
class Deployment {
    #ports;
    #options;
    #began;
    #done = [];
    #last;
    constructor(ports, options) {
        this.#ports = ports;
        this.#options = options;
        this.#began = this.#context.clock.now();
    }
    get #context() {
        return this.#ports.session.context;
    }
    get #deadline() {
        return this.#began + this.#options.timeout;
    }
    async run() {
        try {
            return await this.#run();
        }
        catch (error) {
            if (!this.#context.signal.aborted)
                throw error;
            throw new _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .Interrupted */ .j$({
                what: `The deployment to ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.nameOf)(this.#options.slot)} was cancelled.`,
                done: this.#done,
                undone: this.#undone(),
            });
        }
    }
    async #run() {
        const { slot, via, storage } = this.#options;
        if (via === "arm" && storage === undefined)
            throw noStorage();
        const given = this.#options.package;
        const pack = typeof given === "string" ? await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.readPackage)(given) : given;
        const release = labelOf(this.#options, pack.content);
        this.#context.log.info(`Release ${release.release}: ${pack.files.length} files, ${(pack.bytes / (1024 * 1024)).toFixed(1)} MB, content ${pack.content.slice(0, 12)}.`);
        const { site, created } = await this.#slot();
        const delivered = via === "scm"
            ? await this.#throughScm(pack, release, site, created)
            : await this.#throughArm(pack, release, storage ?? "");
        const started = delivered.kind === "deployed" ? await this.#start(slot, site) : true;
        return {
            kind: delivered.kind === "already-there" ? "already-deployed" : started ? "deployed" : "not-started",
            release,
            slotCreated: created,
            deployment: delivered.kind === "deployed" ? delivered.deployment : undefined,
            uploads: delivered.uploads,
            redeployed: delivered.kind === "deployed" && delivered.redeployed,
            package: { kind: pack.kind, files: pack.files.length, bytes: pack.bytes },
            slotUrl: `https://${site.defaultHostName}`,
            duration: this.#context.clock.now() - this.#began,
            containerLog: started ? undefined : await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.readContainerLog)(this.#ports.session.arm, slot).catch(() => undefined),
        };
    }
    async #slot() {
        const { slot, createSlot: mayCreate } = this.#options;
        const { arm } = this.#ports.session;
        const found = mayCreate ? await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.findSlot)(arm, slot) : await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.readSite)(arm, slot);
        if (found !== undefined)
            return { site: found, created: false };
        this.#context.log.info(`Creating ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.nameOf)(slot)} with production's configuration.`);
        const site = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.createSlot)(arm, slot, { deadline: this.#deadline });
        this.#done.push(`created ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.nameOf)(slot)}`);
        return { site, created: true };
    }
    async #throughScm(pack, release, site, created) {
        const { session } = this.#ports;
        const kudu = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.openKudu)(session, this.#options.slot, site);
        if (await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.holdsRelease)(kudu, release))
            return { kind: "already-there", uploads: 0 };
        if (created || this.#changedLately(site))
            await this.#settle(kudu);
        const delivered = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.deployPackage)(kudu, this.#delivery(pack, release));
        await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.proveContent)(kudu, release, Math.max(this.#deadline, this.#context.clock.now() + 10_000));
        return delivered;
    }
    #changedLately(site) {
        const changed = Date.parse(`${site.properties.lastModifiedTimeUtc ?? ""}`.replace(/([^Z])$/, "$1Z"));
        const age = this.#context.clock.now() - changed;
        return age > -RECENT_CHANGE && age < RECENT_CHANGE;
    }
    async #settle(kudu) {
        this.#context.log.info("The slot was changed a moment ago; waiting until its SCM site stands still.");
        await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.settle)(kudu, { ...SETTLE, deadline: this.#deadline });
    }
    #throughArm(pack, release, storage) {
        const { arm, blobs } = this.#ports.session;
        const route = { arm, blobs, ref: this.#options.slot, container: (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.containerAddress)(storage) };
        return (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.deployByUrl)(route, this.#delivery(pack, release));
    }
    #delivery(pack, release) {
        const { packed } = this.#options;
        const onStep = async (step) => {
            this.#last = step;
            if (step.step === "ended" && step.succeeded)
                this.#done.push(`deployed ${release.release} (deployment ${step.deployment})`);
            await this.#ports.record({ ...step, release: release.release });
        };
        return {
            upload: packed === undefined ? pack.labelled(release) : (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.fileUpload)(packed),
            release,
            deadline: this.#deadline,
            onStep,
        };
    }
    /** True once every instance runs. A slot that was stopped is started: a release is judged by its running app. */
    async #start(slot, site) {
        const { arm } = this.#ports.session;
        const { clock, log } = this.#context;
        if (site.state === "Stopped") {
            log.info(`Starting ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.nameOf)(slot)}, which was stopped.`);
            await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.startSite)(arm, slot);
        }
        if (this.#options.startTimeout === 0)
            return true;
        const { kind, instances } = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.awaitRunning)(arm, slot, clock.now() + this.#options.startTimeout);
        if (kind === "running" || (await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.answersAt)(this.#ports.session.http, site.defaultHostName, this.#context.signal)))
            return true;
        log.warning(`The app did not start in time: ${instances.map(({ id, state }) => `${id.slice(0, 8)} ${state}`).join(", ") || "no instance"}.`);
        return false;
    }
    #undone() {
        const last = this.#last;
        if (last?.step === "sending")
            return ["the package was being sent; the SCM site drops an upload that was cut off"];
        if (last?.step === "accepted")
            return [`deployment ${last.deployment} goes on in the slot; the next run waits for it before it sends anything`];
        if (last?.step === "ended" && last.succeeded)
            return ["whether the app has started was not waited for"];
        return [];
    }
}
function noStorage() {
    return new _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb({
        what: "via: arm needs the input ledger.",
        why: "Azure fetches the package by URL from a blob container, and none is named.",
        fix: "Set ledger: https://<account>.blob.core.windows.net/<container>.",
    });
}


/***/ })

};
