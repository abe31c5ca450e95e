export const id = 473;
export const ids = [473];
export const modules = {

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


/***/ }),

/***/ 473:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/azure/src/index.ts + 53 modules
var azure_src = __webpack_require__(1910);
// EXTERNAL MODULE: ./actions/slot-deploy/deploy-to-slot.ts
var deploy_to_slot = __webpack_require__(3663);
;// CONCATENATED MODULE: ./actions/slot-deploy/summary.ts

const HEADINGS = {
    deployed: (release, slot) => `✅ ${release} runs in the slot ${slot}`,
    "already-deployed": (release, slot) => `⏭️ The slot ${slot} holds ${release} already`,
    "not-started": (release, slot) => `❌ ${release} is in the slot ${slot}, and its app did not start`,
};
const LOG_LINES = 40;
/** The job summary. Pure. */
function summarise({ app, slot }, result) {
    const parts = [`### ${HEADINGS[result.kind](code(result.release.release), code(slot))}`, table(app, slot, result)];
    if (result.redeployed)
        parts.push("The SCM site was restarted during the first deployment; it was deployed once more.");
    if (result.containerLog !== undefined && result.containerLog !== "")
        parts.push(containerLog(result.containerLog));
    return `${parts.join("\n\n")}\n`;
}
function table(app, slot, result) {
    const { release, package: sent } = result;
    const rows = [
        ["App", `${code(app)}, slot ${code(slot)}${result.slotCreated ? " (created by this run)" : ""}`],
        ["Address", result.slotUrl],
        ["Commit", code(release.commit.slice(0, 12))],
        ["Content", code(release.content.slice(0, 12))],
        ["Schema head", release.schemaHead === null ? "none" : code(release.schemaHead)],
        ["Package", `${sent.kind}, ${sent.files} files, ${(sent.bytes / (1024 * 1024)).toFixed(1)} MB`],
        ["Deployment", result.deployment === undefined ? "none needed" : code(result.deployment)],
        ["Time", (0,src/* formatDuration */.a3)(result.duration)],
    ];
    // The first row is the head: an empty one would be drawn as an empty row.
    const [head = "", ...rest] = rows.map(([name, value]) => `| ${name} | ${value} |`);
    return [head, "| --- | --- |", ...rest].join("\n");
}
function code(text) {
    return `\`${text.replace(/[`|\r\n]/g, " ")}\``;
}
/** Indented, so that no fence in it can end it. */
function containerLog(log) {
    const lines = (0,src/* stripControls */.$Y)(log).trimEnd().split("\n").slice(-LOG_LINES);
    return `<details><summary>Container log, last lines</summary>\n\n${lines.map((line) => `    ${line}`).join("\n")}\n\n</details>`;
}

;// CONCATENATED MODULE: ./actions/slot-deploy/slot-deploy.ts



const JOURNAL_KEY = "deployment";
async function slotDeploy(context) {
    const { inputs, journal, run } = context;
    const session = (0,azure_src.openSession)(context, inputs);
    try {
        const record = (step) => journal.record(JOURNAL_KEY, step);
        const result = await (0,deploy_to_slot/* deployToSlot */.pT)({ session, record }, optionsOf(inputs, run.sha));
        return outcomeOf(result, inputs);
    }
    finally {
        session.close();
    }
}
function optionsOf(inputs, commit) {
    return {
        slot: slotOf(inputs),
        package: inputs.package,
        release: inputs.release,
        commit,
        schemaHead: inputs["schema-head"] ?? null,
        createSlot: inputs["create-slot"],
        via: inputs.via,
        storage: inputs.ledger,
        timeout: inputs.timeout,
        startTimeout: inputs["start-timeout"],
    };
}
function slotOf(inputs) {
    return { resourceGroup: inputs["resource-group"], app: inputs.app, slot: inputs.slot };
}
function outcomeOf(result, { app, slot }) {
    const { release, deployment, slotUrl, slotCreated } = result;
    return {
        reason: result.kind,
        outputs: {
            release: release.release,
            content: release.content,
            "deployment-id": deployment ?? "",
            "slot-url": slotUrl,
            "slot-created": slotCreated,
        },
        result: {
            release: release.release,
            commit: release.commit,
            content: release.content,
            "schema-head": release.schemaHead,
            "deployment-id": deployment ?? null,
            "slot-url": slotUrl,
            "slot-created": slotCreated,
            uploads: result.uploads,
            redeployed: result.redeployed,
            package: result.package,
            "duration-ms": Math.round(result.duration),
        },
        summary: summarise({ app, slot }, result),
        message: MESSAGES[result.kind](release.release, slot),
    };
}
const MESSAGES = {
    deployed: (release, slot) => `${release} runs in the slot ${slot}.`,
    "already-deployed": (release, slot) => `The slot ${slot} holds ${release} already; nothing was sent.`,
    "not-started": (release, slot) => `${release} is in the slot ${slot}, but its app did not start in time.`,
};
/** A run that was cancelled or killed leaves a deployment behind that goes on: says how it stands. */
async function reportLeftover(context) {
    const { step, deployment, release } = (0,azure_src.fieldsOf)(context.journal.read(JOURNAL_KEY));
    if (step !== "accepted" || (0,azure_src.textOf)(deployment) === "")
        return;
    const session = (0,azure_src.openSession)(context, context.inputs);
    try {
        const kudu = await (0,azure_src.openKudu)(session, slotOf(context.inputs));
        const record = (await kudu.deployments()).find(({ id }) => id === deployment);
        const stands = record === undefined
            ? "is no longer shown"
            : record.status === 4
                ? "has succeeded"
                : record.status === 3
                    ? "has failed"
                    : "still runs";
        context.log.warning(`This run was ended while ${(0,azure_src.textOf)(release)} was being deployed: the deployment ${(0,azure_src.textOf)(deployment)} ${stands}. The next run looks before it sends anything.`);
    }
    finally {
        session.close();
    }
}

;// CONCATENATED MODULE: ./actions/slot-deploy/spec.ts

const spec = (0,src/* defineAction */.QP)({
    name: "slot-deploy",
    title: "Deploy a package to a slot",
    description: "Sends a folder or a zip to an App Service slot, once, and ends when the slot holds that release and its app runs.",
    inputs: {
        ...src/* azureInputs */.Ro,
        ...src/* appInputs */.VY,
        package: {
            kind: "path",
            required: true,
            doc: "Folder or zip to deploy, from the workspace. A folder is packed here; what App Service unpacks must lie at its root.",
        },
        ...src/* releaseInputs */.zy,
        "schema-head": {
            kind: "string",
            pattern: /^[A-Za-z0-9_.-]{1,64}$/,
            hint: "one Alembic revision id",
            doc: "Alembic revision that this release needs, written into its release file: the gate's output `head`.",
        },
        "create-slot": {
            kind: "boolean",
            default: false,
            doc: "Create the slot when the app has none of that name, with production's configuration, settings and connection strings.",
        },
        via: {
            kind: "choice",
            options: ["scm", "arm"],
            default: "scm",
            doc: "`scm`: send the package to the slot's SCM site. `arm`: let Azure fetch it from Blob Storage, for slots whose SCM site this runner cannot reach.",
        },
        ledger: {
            ...src/* ledgerInputs */.hE.ledger,
            required: false,
            doc: "Blob container that holds the package for `via: arm`: the one that the ledger is in.",
        },
        timeout: {
            kind: "duration",
            default: "20m",
            min: "1s",
            max: "5h",
            doc: "For everything up to the end of the deployment: waiting for others, sending, building.",
        },
        "start-timeout": {
            kind: "duration",
            default: "5m",
            min: "0s",
            max: "1h",
            doc: "For the app to start once it is deployed. `0s` does not wait.",
        },
    },
    outputs: {
        release: { doc: "Id of the release that the slot holds now." },
        content: { doc: "SHA-256 of the package's content, the same for a folder and every zip of it." },
        "deployment-id": { doc: "Id of the SCM site's deployment. Empty when nothing had to be deployed." },
        "slot-url": { doc: "Address of the slot's app." },
        "slot-created": { doc: "`true` when this run created the slot." },
    },
    permissions: {
        "id-token": { level: "write", why: "To sign in to Azure without a secret." },
    },
    reasons: {
        deployed: { decision: "proceed", doc: "The slot holds the release and its app runs." },
        "already-deployed": {
            decision: "nothing-to-do",
            doc: "The slot held exactly this release; nothing was sent.",
        },
        "not-started": {
            decision: "hold",
            fails: true,
            doc: "The slot holds the release, and its app did not start in time. Production was not touched.",
            fix: "The container's log in the summary says why. Check the startup command, and that the app listens on the port that App Service expects.",
        },
    },
});

;// CONCATENATED MODULE: ./actions/slot-deploy/index.ts



const action = (0,src/* implement */.yx)(spec, { main: slotDeploy, post: reportLeftover });


/***/ })

};
