export const id = 649;
export const ids = [649];
export const modules = {

/***/ 5649:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 16 modules
var src = __webpack_require__(7316);
// EXTERNAL MODULE: ./packages/release/src/index.ts + 20 modules
var release_src = __webpack_require__(1704);
// EXTERNAL MODULE: ./actions/slot-swap/connection.ts
var connection = __webpack_require__(3597);
// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var slot_swap_ending = __webpack_require__(998);
// EXTERNAL MODULE: ./actions/slot-swap/engine.ts
var engine = __webpack_require__(2095);
// EXTERNAL MODULE: ./actions/slot-swap/report.ts
var report = __webpack_require__(8439);
// EXTERNAL MODULE: ./actions/slot-swap/session.ts + 2 modules
var slot_swap_session = __webpack_require__(9988);
// EXTERNAL MODULE: ./actions/slot-swap/settings-differences.ts
var settings_differences = __webpack_require__(901);
// EXTERNAL MODULE: ./actions/slot-swap/summary.ts
var slot_swap_summary = __webpack_require__(5365);
// EXTERNAL MODULE: ./packages/github/src/index.ts + 7 modules
var github_src = __webpack_require__(4172);
;// CONCATENATED MODULE: ./actions/release/github-deployment.ts


/** The release as GitHub shows it. A record that cannot be written is a warning: it is not what is released. */
class GitHubDeployment {
    id;
    #client;
    #context;
    constructor(context, client, id) {
        this.#context = context;
        this.#client = client;
        this.id = id;
    }
    static async begin(context, inputs, release) {
        const { run } = context;
        if (!inputs.deployment || inputs["github-token"] === "")
            return undefined;
        const client = clientOf(context, inputs["github-token"]);
        const created = await orWarn(context, () => (0,github_src/* createDeployment */.Yy)(client, {
            ref: run.sha,
            environment: inputs.environment,
            description: `Release ${release}`,
            isProduction: inputs.environment === "production",
            payload: { release, run: run.runId, attempt: run.attempt },
        }));
        if (created === undefined)
            return undefined;
        const deployment = new GitHubDeployment(context, client, created);
        await deployment.set("in_progress", `Releasing ${release}`);
        return deployment;
    }
    /** The deployment that `main` began, for its post step. */
    static resume(context, inputs, id) {
        return new GitHubDeployment(context, clientOf(context, inputs["github-token"]), id);
    }
    async set(state, description, environmentUrl) {
        const { runUrl: logUrl } = this.#context.run;
        const status = { state, description, logUrl, ...(environmentUrl === undefined ? {} : { environmentUrl }) };
        await orWarn(this.#context, () => (0,github_src/* setDeploymentStatus */.e9)(this.#client, this.id, status));
    }
}
function clientOf({ run, clock, signal }, token) {
    const { apiUrl, repository } = run;
    return new github_src.GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
}
async function orWarn({ log }, act) {
    try {
        return await act();
    }
    catch (error) {
        if (!(error instanceof release_src/* ServiceError */._7))
            throw error;
        log.warning(`${error.what} ${error.why} Fix: ${error.fix} Or set deployment: false.`);
        return undefined;
    }
}

// EXTERNAL MODULE: ./actions/migration-gate/database-token.ts
var database_token = __webpack_require__(3250);
// EXTERNAL MODULE: ./actions/migration-gate/migrate-expand.ts
var migrate_expand = __webpack_require__(3871);
// EXTERNAL MODULE: ./actions/migration-gate/spec.ts
var spec = __webpack_require__(8724);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./packages/alembic/src/index.ts + 27 modules
var alembic_src = __webpack_require__(5401);
// EXTERNAL MODULE: ./packages/azure/src/index.ts + 42 modules
var azure_src = __webpack_require__(5447);
// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 56 modules
var migrations_src = __webpack_require__(9128);
// EXTERNAL MODULE: ./actions/slot-deploy/deploy-to-slot.ts
var deploy_to_slot = __webpack_require__(3663);
;// CONCATENATED MODULE: ./actions/release/prepare.ts






/**
 * Reads the package and the revision graph. A graph that is not sound is refused, which is an outcome; throws
 * `UsageError` for all else that is wrong with either.
 */
async function prepare(context, inputs) {
    const { log, run, clock } = context;
    const pack = await (0,azure_src/* readPackage */.LY)(inputs.package);
    const schema = inputs["database-url"] === undefined ? { head: null } : await schemaHeadOf(context, inputs, pack);
    if ("objections" in schema)
        return schema;
    const schemaHead = schema.head;
    const label = (0,deploy_to_slot/* labelOf */.Wy)({ release: inputs.release, commit: run.sha, schemaHead }, pack.content);
    const packed = (0,external_node_path_.join)(run.tempFolder, `${label.content.slice(0, 16)}-release.zip`);
    const { sha256, size } = await (0,azure_src/* writePackage */.E1)(pack.labelled(label), packed);
    log.info(`Release ${label.release}: ${pack.files.length} files, ${(size / 1e6).toFixed(1)} MB packed, schema ${schemaHead ?? "not looked at"}.`);
    const { release, commit } = label;
    const record = { release, commit: commit === "" ? null : commit, artifact: sha256, schemaHead, at: clock.now() };
    return { package: pack, label, packed, record };
}
/** Where the migrations are: `working-directory`, or the package itself when it is a folder. */
function projectFolder(inputs, pack) {
    if (inputs["working-directory"] !== undefined)
        return inputs["working-directory"];
    if (pack.kind === "folder")
        return inputs.package;
    throw new src/* UsageError */.eb({
        what: "There is no folder to find the migrations in.",
        why: "database-url asks for migrations, package is a zip, and working-directory is not set.",
        fix: "set working-directory to the folder with alembic.ini.",
    });
}
/** The one head of the revision graph, refused when there is none or several: before anything is changed anywhere. */
async function schemaHeadOf({ env }, inputs, pack) {
    const directory = projectFolder(inputs, pack);
    const project = await (0,alembic_src/* readProject */.Wh)({ directory, config: inputs["alembic-config"], python: inputs.python }, env);
    const verdict = (0,migrations_src/* judgeGraph */.Ko)(project.revisions, project.faults, "head");
    if (verdict.kind === "refused")
        return { objections: verdict.objections };
    return { head: verdict.graph.heads[0] ?? null };
}

;// CONCATENATED MODULE: ./actions/release/migrate-step.ts





/** Runs the expand migrations. What changed, or null; throws a `UsageError` that explains a refusal or a failure. */
async function migrateStep(context, inputs, prepared) {
    const { log, signal, clock, env } = context;
    const databaseUrl = inputs["database-url"];
    if (databaseUrl === undefined)
        return null;
    const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"], cloud: inputs.cloud };
    const ports = { log, signal, clock, env, token: (0,database_token/* databaseToken */.d)(inputs["database-auth"], identity, context) };
    const outcome = await log.group("Apply expand migrations", () => (0,migrate_expand/* migrateExpand */.G)(ports, {
        directory: projectFolder(inputs, prepared.package),
        config: inputs["alembic-config"],
        python: inputs.python,
        target: "head",
        databaseUrl,
        databaseUrlEnv: inputs["database-url-env"],
        lockTimeout: inputs["lock-timeout"],
        statementTimeout: inputs["statement-timeout"],
        lockRetries: inputs["lock-retries"],
        timeout: inputs["migration-timeout"],
    }));
    tellHeld(context, outcome);
    if (outcome.reason === "migrated")
        return changeOf(outcome, prepared.label.release, clock.now());
    if (outcome.reason === "up-to-date" || outcome.reason === "contract-pending")
        return null;
    throw refusal(outcome);
}
function tellHeld({ log }, { held }) {
    if (held.length === 0)
        return;
    const ids = held.map(({ revision }) => revision.id).join(", ");
    log.notice(`Held back: ${ids}. A contract revision takes away what the live release still uses; apply it with migration-gate (mode: apply) once this release need not be rolled back any more.`);
}
function changeOf({ from, to, applied }, release, at) {
    const isContract = applied.some(({ phase }) => phase === "contract");
    return { from: nodeOf(from), to: nodeOf(to), kind: isContract ? "contract" : "expand", release, at };
}
const nodeOf = (revisions) => revisions && revisions.length > 0 ? revisions.join(" ") : null;
function refusal({ reason, objections, failure }) {
    const declared = reason in spec/* spec */.I.reasons ? spec/* spec */.I.allReasons[reason] : undefined;
    const [first] = objections;
    const what = failure
        ? `The migration ${failure.revision ?? ""} failed: ${failure.message}`
        : `The migrations were refused: ${reason}.`;
    const why = failure?.state ?? ([first?.what, declared?.doc].filter(Boolean).join(" ") || reason);
    const fix = failure
        ? `mend the revision; to go on by hand: ${failure.command}`
        : (first?.fix ?? declared?.fix ?? "see migration-gate.");
    return new src/* UsageError */.eb({ what, why, fix });
}

// EXTERNAL MODULE: ./actions/release/release-steps.ts
var release_steps = __webpack_require__(895);
;// CONCATENATED MODULE: ./actions/release/release.ts












const DEPLOYMENT = "deployment";
/** A whole release: what is wrong with it here is found first, then the lock, and only then is anything changed. */
async function runRelease(context) {
    const { inputs, log } = context;
    const prepared = await log.group("Prepare the release", () => prepare(context, inputs));
    if ("objections" in prepared)
        return gated(context, prepared);
    const plan = planOf(context, prepared);
    const opened = await (0,slot_swap_session/* beginRun */.Te)(context, inputs, { plan, steps: stepsOf(context, prepared) });
    if (opened.kind === "ended")
        return release_report(context, prepared, { ...opened, run: opened });
    const { session } = opened;
    const early = await nothingToDo(context, session, prepared);
    if (early)
        return early;
    const deployment = await announce(context, prepared);
    const differences = await (0,settings_differences/* readDifferences */.$)(log, session.connection.slots, (0,connection/* refOf */.H8)(inputs));
    const result = await (0,release_src/* carryOutPlan */.Ly)(session.engine, session.held, { ...plan, before: (0,slot_swap_session/* bearingsOf */.HC)(session) });
    const ending = (0,slot_swap_ending/* endingOf */.z6)(result);
    await (0,slot_swap_session/* markEnded */.oz)(context);
    await conclude(session, prepared, ending, deployment);
    const parts = [(0,settings_differences/* differencesMarkdown */.W)(differences)];
    return release_report(context, prepared, { ending, result, run: session, parts }, deployment);
}
/** Cancelled or dead before its end: undone, and GitHub's record says so. */
async function undoRelease(context) {
    const result = await (0,slot_swap_session/* undoUnfinished */.YS)(context, context.inputs, (0,release_steps/* storedSteps */.FS)(context, context.inputs));
    const id = context.journal.read(DEPLOYMENT);
    if (!result || typeof id !== "number")
        return;
    const isUndone = result.kind === "ended" && result.rollout.phase !== "NEEDS_HUMAN";
    const text = isUndone ? "Stopped and undone" : "Stopped; the next run ends it";
    await GitHubDeployment.resume(context, context.inputs, id).set(isUndone ? "failure" : "error", text);
}
function planOf({ inputs, run }, { record }) {
    const why = `${run.actor}: ${run.eventName} of ${run.sha.slice(0, 7)}`;
    return { kind: "release", from: "PREPARED", place: (0,connection/* refOf */.H8)(inputs), policy: (0,engine/* policyOf */.U)(inputs), target: record, why };
}
/** The target comes from this machine and is stored as it goes out; anything else is an older release's stored package. */
const stepsOf = (context, prepared) => (connection) => ({
    migrate: () => migrateStep(context, context.inputs, prepared),
    stage: async (record) => {
        if (record.artifact !== prepared.record.artifact)
            return (0,release_steps/* stageStored */.Wd)(context, connection, context.inputs, record);
        const { package: pack, packed, label } = prepared;
        await connection.ledger?.storeArtifact(record.artifact ?? "", packed);
        return (0,release_steps/* stage */.dw)(context, connection, context.inputs, { package: pack, packed, ...label });
    },
});
async function nothingToDo(context, session, prepared) {
    const { label, record } = prepared;
    const known = session.held.head.history.find(({ release }) => release === label.release);
    const isLive = (0,release_src/* identify */.ls)(session.slots.production) === label.release;
    const isTaken = known ? known.artifact !== null && known.artifact !== record.artifact : false;
    if (!isLive && !isTaken)
        return undefined;
    await (0,slot_swap_session/* giveBack */.F5)(context, session);
    return isTaken ? taken(context, label.release) : alreadyLive(context, session, label.release);
}
const empty = ({ clock }) => ({ facts: [], moments: [], end: clock.now(), sessions: [], parts: [] });
/** Refused before anything was asked of anyone: several heads, a broken chain. */
function gated(context, { objections }) {
    const why = objections.map(({ file, what }) => `${file === undefined ? "" : `${file}: `}${what}`).join(" ");
    const message = `The migrations of this release are not sound; nothing was changed. ${why}`;
    const fix = objections[0]?.fix ?? "Mend the revision files named above.";
    const summary = (0,slot_swap_summary/* summarise */.f)({ ...empty(context), heading: "Refused by the gate", isGood: false, message, fix });
    return { reason: "gate", message, fix, result: { objections: objections.map((each) => ({ ...each })) }, summary };
}
function taken(context, release) {
    const message = `The ledger knows release ${release} with another package. An id means one package for ever, or a rollback could bring back the wrong one.`;
    const summary = (0,slot_swap_summary/* summarise */.f)({ ...empty(context), heading: "Not released: the id is taken", isGood: false, message });
    return { reason: "release-taken", message, outputs: { release }, result: { release }, summary };
}
async function alreadyLive(context, session, release) {
    const url = `https://${(await session.connection.slots.sites()).production.defaultHostName}`;
    const message = `Production runs ${release} already.`;
    return {
        reason: "already-live",
        message,
        outputs: { release, "live-release": release, url },
        result: { release, live: release },
        summary: (0,slot_swap_summary/* summarise */.f)({ ...empty(context), heading: "Nothing to release", isGood: true, message }),
    };
}
async function announce(context, { label }) {
    const deployment = await GitHubDeployment.begin(context, context.inputs, label.release);
    if (deployment)
        await context.journal.record(DEPLOYMENT, deployment.id);
    return deployment;
}
async function conclude(session, { label }, ending, deployment) {
    if (!deployment)
        return;
    const url = `https://${(await session.connection.slots.sites()).production.defaultHostName}`;
    if (ending.reason === "completed")
        return deployment.set("success", `${label.release} is live`, url);
    await deployment.set(ending.reason === "needs-human" ? "error" : "failure", ending.message);
}
async function release_report(context, { label }, parts, deployment) {
    const { inputs } = context;
    const { outputs, ...done } = await (0,report/* reportOf */.E)({
        ...parts,
        context,
        app: inputs.app,
        completed: ({ target, before, policy }) => ({
            heading: `${target.release} is live`,
            message: `${target.release} is live and stayed healthy for ${policy.bakeTime / 1000} s; ${(0,release_src/* nameOf */.Vb)(before?.production ?? null)} waits in slot ${inputs.slot} for a way back.`,
        }),
        facts: [
            ["Commit", label.commit],
            ["Schema", label.schemaHead ?? ""],
        ],
    });
    const { reason } = parts.ending;
    return {
        reason: reason === "completed" ? "released" : reason,
        ...done,
        outputs: { ...outputs, release: label.release, "deployment-id": deployment?.id ?? "" },
    };
}

// EXTERNAL MODULE: ./actions/slot-swap/rollout-inputs.ts
var rollout_inputs = __webpack_require__(2344);
// EXTERNAL MODULE: ./actions/slot-swap/rollout-reasons.ts
var rollout_reasons = __webpack_require__(3896);
// EXTERNAL MODULE: ./actions/release/stage-inputs.ts
var stage_inputs = __webpack_require__(3646);
;// CONCATENATED MODULE: ./actions/release/spec.ts





const spec_spec = (0,src/* defineAction */.QP)({
    name: "release",
    title: "Release to Azure App Service",
    description: "A whole release in one step: lock, migrate, stage, prove, swap, watch, record, and put the old version back by itself when the new one is worse.",
    branding: { icon: "repeat", color: "blue" },
    post: true,
    inputs: {
        ...src/* appInputs */.VY,
        package: {
            kind: "path",
            required: true,
            doc: "Folder or zip to release, from the workspace.",
        },
        ...src/* releaseInputs */.zy,
        ledger: src/* ledgerInputs */.hE.ledger,
        ...rollout_inputs/* rolloutInputs */.Ff,
        ...stage_inputs/* stageInputs */.M,
        "database-url": {
            ...src/* databaseInputs */.dM["database-url"],
            required: false,
            doc: `${src/* databaseInputs */.dM["database-url"].doc} Without it nothing is migrated.`,
        },
        "database-auth": src/* databaseInputs */.dM["database-auth"],
        "database-url-env": spec/* spec */.I.inputs["database-url-env"],
        "working-directory": {
            kind: "path",
            doc: "Folder of the Python project whose migrations run. Default: `package`, when that is a folder.",
        },
        "alembic-config": spec/* spec */.I.inputs["alembic-config"],
        python: spec/* spec */.I.inputs.python,
        "lock-timeout": spec/* spec */.I.inputs["lock-timeout"],
        "lock-retries": spec/* spec */.I.inputs["lock-retries"],
        "statement-timeout": spec/* spec */.I.inputs["statement-timeout"],
        "migration-timeout": { ...spec/* spec */.I.inputs.timeout, doc: "For all migrations, waiting for another gate included." },
        deployment: {
            kind: "boolean",
            default: true,
            doc: "Record a GitHub deployment with its statuses. Set `false` in a job with `environment:`, for which GitHub makes one itself.",
        },
        ...rollout_inputs/* lockInputs */.NP,
    },
    outputs: {
        release: { doc: "Id of the release that this run was about." },
        "live-release": { doc: "Release that production runs now. Empty when only a look can tell." },
        "previous-release": { doc: "Release that production ran before." },
        url: { doc: "Address of production." },
        "deployment-id": { doc: "Id of the GitHub deployment. Empty when none was recorded." },
    },
    permissions: {
        "id-token": { level: "write", why: "To sign in to Azure without a secret." },
        deployments: {
            level: "write",
            optional: true,
            why: "To record the GitHub deployment, unless `deployment: false`.",
        },
        actions: { level: "read", optional: true, why: "To ask whether the run that holds the lock is over." },
    },
    reasons: {
        released: { decision: "proceed", doc: "The release is live and stayed healthy for the bake time." },
        "already-live": { decision: "nothing-to-do", doc: "Production runs exactly this release." },
        "release-taken": {
            decision: "hold",
            fails: true,
            doc: "The ledger knows another package under this release id. Nothing was changed.",
            fix: "Choose another `release`, or leave it out.",
        },
        ...rollout_reasons/* rolloutReasons */.X,
    },
});

;// CONCATENATED MODULE: ./actions/release/index.ts



const action = (0,src/* implement */.yx)(spec_spec, { main: runRelease, post: undoRelease });


/***/ }),

/***/ 895:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FS: () => (/* binding */ storedSteps),
/* harmony export */   Wd: () => (/* binding */ stageStored),
/* harmony export */   dw: () => (/* binding */ stage)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7316);
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5447);
/* harmony import */ var _slot_deploy_deploy_to_slot_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3663);
/* harmony import */ var _slot_swap_connection_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(3597);





/** Brings a release of the ledger back into the slot, by the package that was stored of it. */
async function stageStored(context, connection, inputs, record) {
    const { ledger } = connection;
    if (!ledger || record.artifact === null)
        throw notStored(record);
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(context.run.tempFolder, `${record.artifact}.zip`);
    await context.log.group(`Fetch the stored package of ${record.release}`, () => ledger.fetchArtifact(record.artifact ?? "", path));
    const pack = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_2__/* .readPackage */ .LY)(path);
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

/***/ 3663:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Wy: () => (/* binding */ labelOf),
/* harmony export */   pT: () => (/* binding */ deployToSlot)
/* harmony export */ });
/* unused harmony export releaseIdOf */
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5447);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1704);
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
                what: `The deployment to ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(this.#options.slot)} was cancelled.`,
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
        const pack = typeof given === "string" ? await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .readPackage */ .LY)(given) : given;
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
            containerLog: started ? undefined : await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .readContainerLog */ .qT)(this.#ports.session.arm, slot).catch(() => undefined),
        };
    }
    async #slot() {
        const { slot, createSlot: mayCreate } = this.#options;
        const { arm } = this.#ports.session;
        const found = mayCreate ? await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .findSlot */ .q3)(arm, slot) : await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .readSite */ .Us)(arm, slot);
        if (found !== undefined)
            return { site: found, created: false };
        this.#context.log.info(`Creating ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(slot)} with production's configuration.`);
        const site = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .createSlot */ .TL)(arm, slot, { deadline: this.#deadline });
        this.#done.push(`created ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(slot)}`);
        return { site, created: true };
    }
    async #throughScm(pack, release, site, created) {
        const { session } = this.#ports;
        const kudu = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .openKudu */ .ql)(session, this.#options.slot, site);
        if (await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .holdsRelease */ .cM)(kudu, release))
            return { kind: "already-there", uploads: 0 };
        if (created || this.#changedLately(site))
            await this.#settle(kudu);
        const delivered = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .deployPackage */ .kW)(kudu, this.#delivery(pack, release));
        await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .proveContent */ .ge)(kudu, release, Math.max(this.#deadline, this.#context.clock.now() + 10_000));
        return delivered;
    }
    #changedLately(site) {
        const changed = Date.parse(`${site.properties.lastModifiedTimeUtc ?? ""}`.replace(/([^Z])$/, "$1Z"));
        const age = this.#context.clock.now() - changed;
        return age > -RECENT_CHANGE && age < RECENT_CHANGE;
    }
    async #settle(kudu) {
        this.#context.log.info("The slot was changed a moment ago; waiting until its SCM site stands still.");
        await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .settle */ .nM)(kudu, { ...SETTLE, deadline: this.#deadline });
    }
    #throughArm(pack, release, storage) {
        const { arm, blobs } = this.#ports.session;
        const route = { arm, blobs, ref: this.#options.slot, container: (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .containerAddress */ .SA)(storage) };
        return (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .deployByUrl */ .wF)(route, this.#delivery(pack, release));
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
            upload: packed === undefined ? pack.labelled(release) : (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .fileUpload */ .UM)(packed),
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
            log.info(`Starting ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(slot)}, which was stopped.`);
            await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .startSite */ .EL)(arm, slot);
        }
        if (this.#options.startTimeout === 0)
            return true;
        const { kind, instances } = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .awaitRunning */ .WI)(arm, slot, clock.now() + this.#options.startTimeout);
        if (kind === "running" || (await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .answersAt */ .lm)(this.#ports.session.http, site.defaultHostName, this.#context.signal)))
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


/***/ }),

/***/ 901:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ readDifferences),
/* harmony export */   W: () => (/* binding */ differencesMarkdown)
/* harmony export */ });
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5447);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1704);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2230);



/** What the swap will change in settings, as Azure compares the slots. Not being allowed to see it stops nothing. */
async function readDifferences(log, slots, ref) {
    try {
        const [changes, names] = await Promise.all([(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .slotDifferences */ .DG)(slots.arm, ref), (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__/* .readStickyNames */ .Wd)(slots.arm, ref)]);
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


/***/ })

};
