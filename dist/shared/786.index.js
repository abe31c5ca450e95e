export const id = 786;
export const ids = [786];
export const modules = {

/***/ 6040:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  _: () => (/* binding */ closeLeftAccess),
  C: () => (/* binding */ withDatabaseAccess)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/alembic/src/index.ts + 32 modules
var alembic_src = __webpack_require__(3969);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./actions/migration-gate/firewall.ts



/** Key of the journal: the rules that this run opened and has not closed. */
const JOURNAL = "firewall";
const KNOCK_TIMEOUT = 5_000;
const BETWEEN_KNOCKS = 2_000;
const KNOCKS_IN_A_ROW = 3;
const CLOSING_TIMEOUT = 60_000;
/** A NAT that leaves by more addresses than this is better named by its range. */
const MOST_ADDRESSES = 5;
/** The firewall of one server, as far as this run has changed it. */
class Firewall {
    ref;
    #context;
    #inputs;
    #session;
    #azure;
    #owner;
    #nonce = (0,external_node_crypto_.randomBytes)(3).toString("hex");
    #rules;
    constructor(context, inputs, ref, rules, azure, session) {
        this.#context = context;
        this.#inputs = inputs;
        this.ref = ref;
        this.#rules = [...rules];
        this.#azure = azure;
        this.#session = session;
        this.#owner = ownerOf(context);
    }
    static async of(context, inputs, ref, rules = []) {
        const identity = identityOf(inputs);
        const azure = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 1910));
        const { env, clock, log } = context;
        // A signal of its own: what was opened has to be closed after the run was cancelled, too.
        const session = azure.openSession({ env, clock, log, signal: new AbortController().signal }, identity);
        return new Firewall(context, inputs, ref, rules, azure, session);
    }
    /** Opens what it takes until the server speaks with this runner. */
    async open(databaseUrl) {
        const { clock, log } = this.#context;
        const deadline = clock.now() + this.#inputs["firewall-timeout"];
        const given = (this.#inputs["runner-address"] ?? []).map((text) => this.#azure.readAddressRange(text));
        await this.#lookAtServer();
        await this.#closeStrays();
        const ranges = given.length > 0 ? given : await this.#ownAddress(databaseUrl);
        if (ranges === undefined)
            return log.info("The server speaks with this runner already: no rule was opened.");
        for (const range of ranges)
            await this.#admit(range, deadline);
        const begun = clock.now();
        await this.#knock(databaseUrl, ranges, deadline);
        log.info(`It lets this runner in, ${seconds(clock.now() - begun)} after the rule.`);
    }
    /** Until it was let in several times in a row: a network may leave by another address with each connection. */
    async #knock(databaseUrl, ranges, deadline) {
        const { clock, log, signal } = this.#context;
        let refusal = "it did not answer";
        for (let welcome = 0; clock.now() < deadline;) {
            signal.throwIfAborted();
            const seen = await (0,alembic_src/* probeConnection */.hG)(databaseUrl, Math.min(KNOCK_TIMEOUT, Math.max(1, deadline - clock.now())));
            if (seen.kind === "open") {
                welcome += 1;
                if (welcome === KNOCKS_IN_A_ROW)
                    return;
                continue;
            }
            welcome = 0;
            refusal = seen.message;
            if (seen.kind === "refused" && !ranges.some((range) => holds(range, seen.address))) {
                if (ranges.length >= MOST_ADDRESSES)
                    break;
                log.info(`This runner also leaves its network by ${seen.address}, says the server.`);
                ranges.push({ start: seen.address, end: seen.address });
                await this.#admit({ start: seen.address, end: seen.address }, deadline);
            }
            await clock.sleep(BETWEEN_KNOCKS, signal);
        }
        throw this.#notAdmitted(ranges, refusal);
    }
    /** Closes all of its rules; never throws. What stays open is said, kept in the journal for `post`, and returned. */
    async close() {
        const { clock, log, remaining, journal } = this.#context;
        const time = Math.min(CLOSING_TIMEOUT, remaining());
        const patience = { deadline: clock.now() + time, settle: remaining() === Infinity };
        let failure;
        for (const rule of [...this.#rules]) {
            try {
                const how = await this.#azure.deleteFirewallRule(this.#session.arm, this.ref, rule, patience);
                this.#rules.splice(this.#rules.indexOf(rule), 1);
                log.info(closedWords(rule, how));
            }
            catch (error) {
                failure = error instanceof Error ? error : new Error(String(error));
                const why = error instanceof src/* ServiceError */._7 ? `${error.what} ${error.why}` : failure.message;
                log.warning(`The firewall rule ${rule} on ${this.ref.server} is still open. ${why}`);
            }
        }
        await journal.record(JOURNAL, this.#rules.length === 0 ? null : { ...this.ref, rules: [...this.#rules] });
        return failure;
    }
    end() {
        this.#session.close();
    }
    async #admit(range, deadline) {
        const { log, signal, journal } = this.#context;
        const rule = this.#azure.firewallRuleName(this.#owner, `${this.#nonce}${this.#rules.length}`);
        this.#rules.push(rule);
        // Written before it is opened: a run that is killed in between leaves nothing that `post` does not know of.
        await journal.record(JOURNAL, { ...this.ref, rules: [...this.#rules] });
        await this.#azure.openFirewallRule(this.#session.arm, this.ref, rule, range, { deadline, signal });
        log.info(`Opened to ${range.start}${range.end === range.start ? "" : ` to ${range.end}`} by the rule ${rule}.`);
    }
    /** A rule cannot help where the server has no public endpoint, or is stopped. */
    async #lookAtServer() {
        const server = await this.#azure.readDatabaseServer(this.#session.arm, this.ref, this.#context.signal);
        const name = this.ref.server;
        if (server?.isPublic === false) {
            throw new src/* UsageError */.eb({
                what: `The server ${name} has private access alone: no firewall rule lets a runner in.`,
                why: "Its publicNetworkAccess is Disabled.",
                fix: "Apply migrations from inside its network: a self-hosted runner there with connect: direct, or augeo-gate apply in a job of Azure's; see docs/how-to/reach-a-private-database.md.",
            });
        }
        if (server !== undefined && /^stopp/i.test(server.state)) {
            throw new src/* UsageError */.eb({
                what: `The server ${name} does not run.`,
                why: `Its state is ${server.state}.`,
                fix: `Start it: az postgres flexible-server start -g ${this.ref.resourceGroup} --name ${name}`,
            });
        }
    }
    /** As the server sees it, else as a service on the Internet does; undefined when the server lets it in already. */
    async #ownAddress(databaseUrl) {
        const { log, signal } = this.#context;
        const seen = await (0,alembic_src/* probeConnection */.hG)(databaseUrl, KNOCK_TIMEOUT);
        if (seen.kind === "open")
            return undefined;
        if (seen.kind === "refused") {
            log.info(`The server turns this runner away as ${seen.address}.`);
            return [{ start: seen.address, end: seen.address }];
        }
        const url = this.#inputs["runner-address-url"];
        const range = await this.#azure.askOwnAddress(this.#session.http, url, signal);
        log.info(`The server does not answer; ${new URL(url).host} sees this runner as ${range.start}.`);
        return [range];
    }
    /** Rules of runs that are over. That they cannot be looked for or closed is no reason not to migrate. */
    async #closeStrays() {
        const { log, clock, signal } = this.#context;
        const { arm } = this.#session;
        try {
            for (const rule of await this.#azure.listOwnFirewallRules(arm, this.ref, signal)) {
                if (!rule.admits || !(await this.#isStray(rule)))
                    continue;
                const how = await this.#azure.deleteFirewallRule(arm, this.ref, rule.name, {
                    deadline: clock.now() + CLOSING_TIMEOUT,
                    signal,
                });
                log.info(`Run ${rule.runId} (attempt ${rule.attempt}) is over and had left its rule open. ${closedWords(rule.name, how)}`);
            }
        }
        catch (error) {
            if (!(error instanceof src/* ServiceError */._7))
                throw error;
            log.info(`Rules that earlier runs left could not be looked after: ${error.what} ${error.why}`);
        }
    }
    async #isStray(rule) {
        const { run, clock, signal } = this.#context;
        const known = this.#azure.isStrayRule(rule, this.#owner, clock.now());
        const token = this.#inputs["github-token"];
        if (known !== undefined || token === "")
            return known === true;
        const { GitHubClient, readRunLiveness } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 3359));
        const { apiUrl, repository } = run;
        const client = new GitHubClient({ apiUrl, repository, token, clock, signal, patience: 5_000 });
        const { kind } = await readRunLiveness(client, rule.runId, rule.attempt);
        return kind === "ended" || kind === "gone";
    }
    #notAdmitted(ranges, refusal) {
        const opened = ranges.map(({ start, end }) => (start === end ? start : `${start} to ${end}`)).join(", ");
        return new src/* ServiceError */._7({
            service: "PostgreSQL",
            operation: "connect",
            what: `The server ${this.ref.server} does not let this runner in, though its firewall was opened to ${opened}.`,
            why: `Its last word: ${refusal}. A network that leaves by several addresses, or a proxy that only HTTP takes, lets the database see another address than was opened.`,
            fix: "Set runner-address to the range that this runner's network leaves by; raise firewall-timeout if the server is only slow to heed its rules.",
            retryable: true,
        });
    }
}
/** What `main` opened and did not close, for its post step. */
function leftOpen({ journal }) {
    const entry = journal.read(JOURNAL);
    if (typeof entry !== "object" || entry === null || !("rules" in entry))
        return undefined;
    const { server, resourceGroup, rules } = entry;
    if (typeof server !== "string" || typeof resourceGroup !== "string" || !Array.isArray(rules))
        return undefined;
    return { ref: { server, resourceGroup }, rules: rules.map(String) };
}
function ownerOf({ env, run, clock }) {
    const repositoryId = env.GITHUB_REPOSITORY_ID ?? "0";
    return { repositoryId, runId: run.runId || "0", attempt: run.attempt, openedAt: clock.now() };
}
function identityOf(inputs) {
    const { "client-id": client, "tenant-id": tenant, "subscription-id": subscription, cloud } = inputs;
    if (client !== undefined && tenant !== undefined && subscription !== undefined) {
        return { "client-id": client, "tenant-id": tenant, "subscription-id": subscription, cloud };
    }
    const missing = ["client-id", "tenant-id", "subscription-id"].filter((name) => inputs[name] === undefined);
    throw new src/* UsageError */.eb({
        what: "connect: firewall-rule needs an identity that may open the firewall.",
        why: `Missing: ${missing.join(", ")}.`,
        fix: "Give client-id, tenant-id and subscription-id of an identity with Contributor on the server, and id-token: write under permissions: of the job.",
    });
}
function holds({ start, end }, address) {
    const number = (text) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    return number(address) >= number(start) && number(address) <= number(end);
}
const closedWords = (rule, how) => how === "deleted"
    ? `Closed again: the rule ${rule} is gone.`
    : `Closed again: a lock on the server forbids deleting the rule ${rule}, so it was emptied and admits nobody.`;
const seconds = (milliseconds) => `${(milliseconds / 1_000).toFixed(1)} s`;

;// CONCATENATED MODULE: ./actions/migration-gate/database-access.ts



/**
 * Does the work while the database lets this runner in, and closes what it opened whatever becomes of the work. What
 * a killed run leaves open is closed by its `post`, else by the next run or the reconciler, who know it by its name.
 * @throws UsageError, ServiceError when it cannot be opened; then the work was not begun.
 */
async function withDatabaseAccess(context, inputs, databaseUrl, work) {
    if (inputs.connect !== "firewall-rule")
        return work();
    const firewall = await Firewall.of(context, inputs, serverRef(inputs, databaseUrl));
    try {
        await context.log.group(`Open the firewall of ${firewall.ref.server}`, () => firewall.open(databaseUrl));
        return await work();
    }
    finally {
        await firewall.close().finally(() => firewall.end());
    }
}
/** For `post`: closes what `main` opened and could not close. Throws when it stays open, with the command that closes it. */
async function closeLeftAccess(context, inputs) {
    const left = leftOpen(context);
    if (left === undefined)
        return;
    const firewall = await Firewall.of(context, inputs, left.ref, left.rules);
    const failure = await firewall.close().finally(() => firewall.end());
    if (failure === undefined)
        return;
    const { server, resourceGroup } = left.ref;
    const why = failure instanceof src/* ServiceError */._7 ? `${failure.what} ${failure.why}` : failure.message;
    const commands = left.rules.map((rule) => `az postgres flexible-server firewall-rule delete -g ${resourceGroup} --name ${server} --rule-name ${rule} --yes`);
    throw new src/* ServiceError */._7({
        service: "Azure Resource Manager",
        operation: "close the firewall",
        what: `The firewall of ${server} is still open to this runner's address.`,
        why,
        fix: `Close it by hand: ${commands.join(" && ")}`,
        cause: failure,
    });
}
/** Azure's own name of the server, from its host unless given. @throws UsageError when it cannot be told. */
function serverRef(inputs, databaseUrl) {
    const { host } = (0,alembic_src/* readDatabaseUrl */.Bq)(databaseUrl);
    const isAzure = /\.postgres\.database\.(azure\.com|usgovcloudapi\.net|chinacloudapi\.cn)$/i.test(host);
    const server = inputs["database-server"] ?? (isAzure ? host.split(".")[0] : undefined);
    const resourceGroup = inputs["database-resource-group"];
    if (server !== undefined && resourceGroup !== undefined)
        return { server, resourceGroup };
    const missing = [
        ...(server === undefined ? [`database-server (${host} is not the name Azure gave the server)`] : []),
        ...(resourceGroup === undefined ? ["database-resource-group"] : []),
    ];
    throw new src/* UsageError */.eb({
        what: "connect: firewall-rule does not know which server to open.",
        why: `Missing: ${missing.join(", ")}.`,
        fix: "Set them as az postgres flexible-server list -o table shows them, or connect: direct for a database that this runner reaches.",
    });
}


/***/ }),

/***/ 3250:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   d: () => (/* binding */ databaseToken)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);

/** Signs in with Entra when asked to: the access token is the database's password. @throws UsageError without an identity. */
function databaseToken(auth, { clientId, tenantId, cloud }, { env, clock, log, signal }) {
    if (auth === "url")
        return undefined;
    if (clientId === undefined || tenantId === undefined) {
        throw new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .UsageError */ .eb({
            what: "database-auth is entra, and the inputs to sign in with are missing.",
            why: `Missing: ${[clientId ?? "client-id", tenantId ?? "tenant-id"].filter((name) => /-id$/.test(name)).join(", ")}.`,
            fix: "give client-id and tenant-id of an identity that is a principal of the database, or set database-auth: url.",
        });
    }
    return async () => {
        const { cloudFrom, Http, SignIn } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 1910));
        const endpoints = cloudFrom(cloud);
        const signIn = new SignIn({ env, clock, log, signal }, new Http(env), endpoints, { clientId, tenantId });
        return signIn.token(endpoints.databaseAudience);
    };
}


/***/ }),

/***/ 5973:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ lostStatus),
/* harmony export */   P: () => (/* binding */ GitHubDeployment)
/* harmony export */ });
/* harmony import */ var _augeo_github__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3359);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);


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
        const created = await orWarn(context, () => (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .createDeployment */ .Yy)(client, {
            ref: run.sha,
            environment: inputs.environment,
            description: `Release ${release}`,
            isProduction: inputs.environment === "production",
            payload: { app: inputs.app, release, run: run.runId, attempt: run.attempt },
        }));
        if (created === undefined)
            return undefined;
        const deployment = new GitHubDeployment(context, client, created);
        await deployment.set({ state: "in_progress", description: `Releasing ${release}` });
        return deployment;
    }
    /** Ends what is open of one release, also a deployment that was created and whose id never arrived; all `but` one. */
    static async endRelease(context, inputs, release, end, but) {
        const { environment, app } = inputs;
        const client = clientOf(context, inputs["github-token"]);
        const open = await orWarn(context, () => (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .findOpenDeployments */ .a$)(client, { environment, app }));
        const own = (open ?? []).filter((each) => each.release === release && each.id !== but);
        for (const { id } of own)
            await new GitHubDeployment(context, client, id).set(end);
    }
    /** False when GitHub was not told. */
    async set({ state, description, url }) {
        const { runUrl: logUrl } = this.#context.run;
        const status = { state, description, logUrl, ...(url === undefined ? {} : { environmentUrl: url }) };
        const told = await orWarn(this.#context, async () => {
            await (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .setDeploymentStatus */ .e9)(this.#client, this.id, status);
            return true;
        });
        return told ?? false;
    }
    /**
     * Ends what runs that died left in progress. To be called with the app's lock held: no other run of it goes on then.
     * `live`: the release in production, which went out whatever became of its run.
     */
    async endLost({ environment, app }, live) {
        const client = this.#client;
        const lost = await orWarn(this.#context, () => (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .findOpenDeployments */ .a$)(client, { environment, app, own: this.id }));
        for (const { id, release } of lost ?? [])
            await orWarn(this.#context, () => (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .setDeploymentStatus */ .e9)(client, id, lostStatus(release === live)));
    }
}
/** What GitHub is told of a release whose run ended without a word. */
const lostStatus = (isLive) => isLive
    ? { state: "success", description: "It is live; its run ended without a word" }
    : { state: "error", description: "Its run ended without a word; what it left was ended by a later one" };
function clientOf({ run, clock, signal }, token) {
    const { apiUrl, repository } = run;
    return new _augeo_github__WEBPACK_IMPORTED_MODULE_0__.GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
}
/** Undefined also when the run is cancelled meanwhile: that is no reason to say less of a release that is over. */
async function orWarn({ log, signal }, act) {
    try {
        return await act();
    }
    catch (error) {
        if (signal.aborted)
            return undefined;
        if (!(error instanceof _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .ServiceError */ ._7))
            throw error;
        log.warning(`${error.what} ${error.why} Fix: ${error.fix} Or set deployment: false.`);
        return undefined;
    }
}


/***/ }),

/***/ 6786:
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
// EXTERNAL MODULE: ./actions/canary/lead-canary.ts + 9 modules
var lead_canary = __webpack_require__(5257);
// EXTERNAL MODULE: ./actions/canary/summary.ts
var summary = __webpack_require__(4235);
// EXTERNAL MODULE: ./actions/migration-gate/database-access.ts + 1 modules
var database_access = __webpack_require__(6040);
// EXTERNAL MODULE: ./actions/slot-swap/approval-gate.ts
var approval_gate = __webpack_require__(9432);
// EXTERNAL MODULE: ./actions/slot-swap/connection.ts
var connection = __webpack_require__(3597);
// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var slot_swap_ending = __webpack_require__(998);
// EXTERNAL MODULE: ./actions/slot-swap/engine.ts
var engine = __webpack_require__(2095);
// EXTERNAL MODULE: ./actions/slot-swap/report.ts
var report = __webpack_require__(8439);
// EXTERNAL MODULE: ./actions/slot-swap/session.ts + 2 modules
var slot_swap_session = __webpack_require__(7675);
// EXTERNAL MODULE: ./actions/slot-swap/settings-differences.ts
var settings_differences = __webpack_require__(901);
// EXTERNAL MODULE: ./actions/slot-swap/summary.ts
var slot_swap_summary = __webpack_require__(5365);
// EXTERNAL MODULE: ./actions/release/github-deployment.ts
var github_deployment = __webpack_require__(5973);
// EXTERNAL MODULE: ./actions/migration-gate/database-token.ts
var database_token = __webpack_require__(3250);
// EXTERNAL MODULE: ./packages/alembic/src/index.ts + 32 modules
var alembic_src = __webpack_require__(3969);
;// CONCATENATED MODULE: ./actions/migration-gate/migrate-expand.ts

/**
 * The migrations a release runs before it moves traffic: up to and without the first contract revision, so that the
 * code that is still live keeps working. Errors and outcomes are those of `applyMigrations`.
 */
function migrateExpand(ports, options) {
    return (0,alembic_src/* applyMigrations */.KV)(ports, { ...options, expandOnly: true });
}

// EXTERNAL MODULE: ./actions/migration-gate/spec.ts
var spec = __webpack_require__(8724);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./packages/azure/src/index.ts + 53 modules
var azure_src = __webpack_require__(1910);
// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var migrations_src = __webpack_require__(9626);
// EXTERNAL MODULE: ./actions/migration-gate/policy-file.ts
var policy_file = __webpack_require__(6804);
// EXTERNAL MODULE: ./actions/slot-deploy/deploy-to-slot.ts
var deploy_to_slot = __webpack_require__(3663);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:stream/promises"
var promises_ = __webpack_require__(6466);
;// CONCATENATED MODULE: ./actions/release/artifact-digest.ts




/** Holds the zip against `artifact-digest`; undefined when it is the one, or when none was given. */
async function findMismatch(inputs) {
    const given = inputs["artifact-digest"];
    if (given === undefined)
        return undefined;
    if ((0,external_node_fs_.statSync)(inputs.package, { throwIfNoEntry: false })?.isDirectory())
        throw folderGiven(inputs.package);
    const wanted = given.toLowerCase().replace("sha256:", "");
    const found = await sha256Of(inputs.package);
    return found === wanted ? undefined : { wanted, found };
}
async function sha256Of(path) {
    const hash = (0,external_node_crypto_.createHash)("sha256");
    await (0,promises_.pipeline)((0,external_node_fs_.createReadStream)(path), hash);
    return hash.digest("hex");
}
const folderGiven = (path) => new src/* UsageError */.eb({
    what: `package: ${path} is a folder, and artifact-digest is that of a zip.`,
    why: "What was downloaded was unpacked, so that its digest can no longer be told.",
    fix: "set skip-decompress: true on actions/download-artifact and give its zip as package, or leave artifact-digest out.",
});

;// CONCATENATED MODULE: ./actions/release/prepare.ts








/**
 * Reads the package and the revision graph. Another package than the one that was built, or a graph that is not sound,
 * is refused, which is an outcome; throws `UsageError` for all else that is wrong with either.
 */
async function prepare(context, inputs) {
    const { log, run, clock } = context;
    const mismatch = await findMismatch(inputs);
    if (mismatch)
        return mismatch;
    const pack = await (0,azure_src.readPackage)(inputs.package);
    const schema = inputs["database-url"] === undefined ? { head: null, branches: [] } : await schemaHeadOf(context, inputs, pack);
    if ("objections" in schema)
        return schema;
    const schemaHead = schema.head;
    const label = (0,deploy_to_slot/* labelOf */.Wy)({ release: inputs.release, commit: run.sha, schemaHead }, pack.content);
    const packed = (0,external_node_path_.join)(run.tempFolder, `${label.content.slice(0, 16)}-release.zip`);
    const { sha256, size } = await (0,azure_src.writePackage)(pack.labelled(label), packed);
    log.info(`Release ${label.release}: ${pack.files.length} files, ${(size / 1e6).toFixed(1)} MB packed, schema ${schemaHead ?? "not looked at"}.`);
    const { release, commit } = label;
    const record = { release, commit: commit === "" ? null : commit, artifact: sha256, schemaHead, at: clock.now() };
    return { package: pack, label, packed, record, branches: schema.branches };
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
/** The head of the revision graph, of each branch that is meant; others are refused before anything is changed anywhere. */
async function schemaHeadOf({ env, run }, inputs, pack) {
    const directory = projectFolder(inputs, pack);
    const project = await (0,alembic_src/* readProject */.Wh)({ directory, config: inputs["alembic-config"], python: inputs.python }, env);
    const branches = await (0,policy_file/* readBranches */.L)(directory, run.workspace);
    const verdict = (0,migrations_src/* judgeGraph */.Ko)(project.revisions, project.faults, "head", branches);
    if (verdict.kind === "refused")
        return { objections: verdict.objections };
    const { heads } = verdict.graph;
    return { head: heads.length === 0 ? null : heads.join(" "), branches };
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
    const options = {
        directory: projectFolder(inputs, prepared.package),
        config: inputs["alembic-config"],
        python: inputs.python,
        target: "head",
        branches: prepared.branches,
        databaseUrl,
        databaseUrlEnv: inputs["database-url-env"],
        lockTimeout: inputs["lock-timeout"],
        statementTimeout: inputs["statement-timeout"],
        lockRetries: inputs["lock-retries"],
        timeout: inputs["migration-timeout"],
    };
    const outcome = await (0,database_access/* withDatabaseAccess */.C)(context, accessInputs(inputs), databaseUrl, () => log.group("Apply expand migrations", () => migrateExpand(ports, options)));
    tellHeld(context, outcome);
    if (outcome.reason === "migrated")
        return changeOf(outcome, prepared.label.release, clock.now());
    if (outcome.reason === "up-to-date" || outcome.reason === "contract-pending")
        return null;
    throw refusal(outcome);
}
/** The server is looked for beside the app, unless the workflow says where. */
const accessInputs = (inputs) => ({
    ...inputs,
    "database-resource-group": inputs["database-resource-group"] ?? inputs["resource-group"],
});
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
// EXTERNAL MODULE: ./packages/github/src/index.ts + 11 modules
var github_src = __webpack_require__(3359);
;// CONCATENATED MODULE: ./actions/release/stale-release.ts


/**
 * The live release whose commit contains this run's, if there is one: letting the older commit out would take the newer
 * one back. Asked under the lock, so that what is live stays live meanwhile.
 */
async function findNewerLive(context, live, commit) {
    const { inputs, run } = context;
    if (inputs["allow-stale"] || inputs["github-token"] === "")
        return undefined;
    const pair = (0,release_src/* commitsToCompare */.Br)(live, { commit, event: run.eventName, attempt: run.attempt });
    if (pair === undefined || live === null)
        return undefined;
    return (0,release_src/* isStale */.QO)(await relationOf(context, inputs["github-token"], pair)) ? live : undefined;
}
/** Whoever may not ask, or gets no answer, releases: a guard that cannot see must not stop a release. */
async function relationOf({ log, run, clock, signal }, token, { live, ours }) {
    const { apiUrl, repository } = run;
    const client = new github_src.GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
    try {
        return await (0,github_src/* compareCommits */.kC)(client, live, ours);
    }
    catch (error) {
        if (!(error instanceof release_src/* ServiceError */._7))
            throw error;
        log.notice(`Whether production runs a newer commit could not be asked. ${error.why} Fix: ${error.fix}`);
        return "unknown";
    }
}

;// CONCATENATED MODULE: ./actions/release/release.ts

















const DEPLOYMENT = "deployment";
/** GitHub knows how the release ended. */
const TOLD = "told";
/** A whole release: what is wrong with it here is found first, then the lock, and only then is anything changed. */
async function runRelease(context) {
    const { inputs, log } = context;
    const lead = lead_canary/* CanaryLead */.R.from(context, inputs);
    const prepared = await log.group("Prepare the release", () => prepare(context, inputs));
    if ("objections" in prepared)
        return gated(context, prepared);
    if ("found" in prepared)
        return mismatched(context, prepared);
    const plan = planOf(context, prepared, lead);
    const session = await openRelease(context, prepared, plan, lead);
    if ("reason" in session)
        return session;
    await lead?.sayWhatItCanShow(context, session, prepared.record);
    const deployment = await announce(context, prepared);
    await deployment?.endLost(inputs, session.held.head.live?.release);
    const differences = await (0,settings_differences/* readDifferences */.$)(log, session.connection.slots, (0,connection/* refOf */.H8)(inputs));
    const result = await (0,release_src/* carryOutPlan */.Ly)(session.engine, session.held, { ...plan, before: (0,slot_swap_session/* bearingsOf */.HC)(session) });
    const ending = (0,slot_swap_ending/* endingOf */.z6)(result);
    await conclude(context, session, prepared, ending, deployment);
    const parts = [(0,settings_differences/* differencesMarkdown */.W)(differences)];
    return release_report(context, prepared, { ending, result, run: session, parts, canary: lead }, deployment);
}
/** Holds the lock with nothing in the way of the release any more; or how it ended before it began. */
async function openRelease(context, prepared, plan, lead) {
    const canary = lead && { canary: lead.judgeFor, holdWait: context.inputs["hold-wait"] };
    const gate = new approval_gate/* ApprovalGate */.N(context, context.inputs);
    for (;;) {
        const opened = await (0,slot_swap_session/* beginRun */.Te)(context, context.inputs, { plan, steps: stepsOf(context, prepared), ...canary });
        if (opened.kind === "ended") {
            const deployment = await tellContinued(context, prepared, opened);
            return release_report(context, prepared, { ...opened, run: opened, canary: lead }, deployment);
        }
        const { session } = opened;
        const early = await nothingToDo(context, session, prepared);
        if (early)
            return early;
        const passed = await gate.pass(session, prepared);
        if (passed === "open")
            return session;
        if (passed !== "again") {
            const outputs = { release: prepared.label.release };
            return { ...(0,approval_gate/* heldBackReport */.p)(context.clock.now(), prepared, passed), outputs };
        }
    }
}
/** Cancelled or dead before its end: undone, and GitHub's record says so. */
async function undoRelease(context) {
    // Both, whatever becomes of the other: the firewall is open to the Internet, and production may be half swapped.
    const closing = (0,database_access/* closeLeftAccess */._)(context, accessInputs(context.inputs));
    const ends = await Promise.allSettled([closing, undoUnfinishedRelease(context)]);
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined)
        throw failed.reason;
}
async function undoUnfinishedRelease(context) {
    const { inputs, journal } = context;
    let end = { state: "error", description: "Stopped; the next run ends it" };
    try {
        end = endAfter(await (0,slot_swap_session/* undoUnfinished */.YS)(context, inputs, (0,release_steps/* storedSteps */.FS)(context, inputs))) ?? end;
    }
    finally {
        const left = journal.read(DEPLOYMENT);
        if (typeof left === "object")
            await github_deployment/* GitHubDeployment */.P.endRelease(context, inputs, left.release, left.end ?? end);
    }
}
/** How a release ended whose run was stopped; undefined when it did not. */
function endAfter(result) {
    if (result === undefined)
        return { state: "failure", description: "Stopped before anything was changed" };
    if (result.kind !== "ended" || result.rollout.phase === "NEEDS_HUMAN")
        return undefined;
    const { phase, target } = result.rollout;
    return phase === "COMPLETED"
        ? { state: "success", description: `${target.release} is live` }
        : { state: "failure", description: "Stopped and undone" };
}
function planOf({ inputs, run }, { record }, lead) {
    const why = `${run.actor}: ${run.eventName} of ${run.sha.slice(0, 7)}`;
    const limits = { place: (0,connection/* refOf */.H8)(inputs), policy: (0,engine/* policyOf */.U)(inputs), ramp: lead?.plan.ramp };
    return { kind: "release", from: "PREPARED", ...limits, target: record, why };
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
    const newer = isLive || isTaken ? undefined : await findNewerLive(context, session.held.head.live, label.commit);
    if (newer)
        return stale(context, session, label, newer);
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
/** Refused before anything was asked of anyone: what is here is not what was built. */
function mismatched(context, { wanted, found }) {
    const message = `The package is not the one that was built: its SHA-256 is ${found}, and artifact-digest says ${wanted}. Nothing was asked of anyone.`;
    const fix = "Build again. If it happens again, find out who writes to the run's artifacts.";
    const summary = (0,slot_swap_summary/* summarise */.f)({ ...empty(context), heading: "Not what was built", isGood: false, message, fix });
    return { reason: "artifact-mismatch", message, fix, result: { wanted, found }, summary };
}
async function stale(context, session, { release, commit }, live) {
    await (0,slot_swap_session/* giveBack */.F5)(context, session, { why: "stale", commit, live: live.release });
    const message = `Production runs ${live.release} of commit ${live.commit?.slice(0, 7)}, which contains this run's commit ${commit.slice(0, 7)}. Releasing the older one would take the newer one back.`;
    const fix = "To go back on purpose use the rollback action, or re-run this job by hand.";
    return {
        reason: "stale",
        message,
        outputs: { release, "live-release": live.release },
        result: { release, live: live.release },
        summary: (0,slot_swap_summary/* summarise */.f)({ ...empty(context), heading: "A newer commit is live", isGood: true, message, fix }),
    };
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
    const { inputs, journal, signal } = context;
    await journal.record(DEPLOYMENT, { release: label.release, end: null });
    const deployment = await github_deployment/* GitHubDeployment */.P.begin(context, inputs, label.release);
    if (!deployment && !signal.aborted)
        await journal.record(DEPLOYMENT, TOLD);
    return deployment;
}
/** The release is over. What GitHub is not told of it any more, because the run was cancelled, the post step tells. */
async function conclude(context, { connection }, { label: { release } }, ending, deployment) {
    const url = `https://${(await connection.slots.sites()).production.defaultHostName}`;
    const end = ending.reason === "completed"
        ? { state: "success", description: `${release} is live`, url }
        : { state: ending.reason === "needs-human" ? "error" : "failure", description: ending.message };
    if (deployment)
        await context.journal.record(DEPLOYMENT, { release, end: { ...end } });
    await (0,slot_swap_session/* markEnded */.oz)(context);
    if (await deployment?.set(end))
        await context.journal.record(DEPLOYMENT, TOLD);
}
/** A release that an earlier attempt had announced and this one led to its end. */
async function tellContinued(context, prepared, { connection, ending, result }) {
    const { release } = prepared.label;
    if (result?.rollout.target.release !== release)
        return undefined;
    const deployment = await announce(context, prepared);
    if (deployment) {
        const end = { state: "inactive", description: "A later attempt went on with it" };
        await github_deployment/* GitHubDeployment */.P.endRelease(context, context.inputs, release, end, deployment.id);
    }
    await conclude(context, { connection }, prepared, ending, deployment);
    return deployment;
}
async function release_report(context, { label }, { canary, ...parts }, deployment) {
    const { inputs } = context;
    const { outputs, ...done } = await (0,report/* reportOf */.E)({
        ...parts,
        context,
        app: inputs.app,
        completed: ({ target, before, policy }) => ({
            heading: `${target.release} is live`,
            message: `${target.release} is live and stayed healthy for ${policy.bakeTime / 1000} s; ${(0,release_src/* nameOf */.Vb)(before?.production ?? null)} waits in slot ${inputs.slot} for a way back.`,
        }),
        ...(canary && { lead: (0,summary/* canaryMarkdown */.M)(canary) }),
        facts: [
            ["Commit", label.commit.slice(0, 12)],
            ["Schema", label.schemaHead ?? ""],
        ],
    });
    const { reason } = parts.ending;
    return {
        reason: reason === "completed" ? "released" : reason,
        ...done,
        result: canary ? { ...done.result, canary: (0,summary/* canaryResult */.G)(canary) } : done.result,
        outputs: { ...outputs, release: label.release, "deployment-id": deployment?.id ?? "" },
    };
}

// EXTERNAL MODULE: ./actions/canary/canary-inputs.ts
var canary_inputs = __webpack_require__(9313);
// EXTERNAL MODULE: ./actions/slot-swap/approval-inputs.ts
var approval_inputs = __webpack_require__(6538);
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
        "artifact-digest": {
            kind: "string",
            pattern: /^(?:sha256:)?[0-9a-f]{64}$/i,
            hint: "64 hexadecimal digits, as the output artifact-digest of actions/upload-artifact gives them",
            doc: "SHA-256 that the zip in `package` must have: output `artifact-digest` of `actions/upload-artifact`. Another one is refused, so that what was built is what goes out, in every environment.",
        },
        ...src/* releaseInputs */.zy,
        "allow-stale": {
            kind: "boolean",
            default: false,
            doc: "Release although production runs a newer commit that contains this one. A run that a person started or re-ran always may.",
        },
        ledger: src/* ledgerInputs */.hE.ledger,
        ...rollout_inputs/* rolloutInputs */.Ff,
        steps: { ...canary_inputs/* stepsInput */.w, doc: `${canary_inputs/* stepsInput */.w.doc} Without steps there is no canary: the swap follows the warm-up.` },
        ...canary_inputs/* canaryInputs */.K,
        ...stage_inputs/* stageInputs */.M,
        "database-url": {
            ...src/* databaseInputs */.dM["database-url"],
            required: false,
            doc: `${src/* databaseInputs */.dM["database-url"].doc} Without it nothing is migrated.`,
        },
        "database-auth": src/* databaseInputs */.dM["database-auth"],
        ...src/* databaseAccessInputs */.hT,
        "database-resource-group": {
            ...src/* databaseAccessInputs */.hT["database-resource-group"],
            doc: "For `firewall-rule`: resource group of that server. Default: that of the app.",
        },
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
            doc: "Record a GitHub deployment with its statuses; one that a lost run left in progress is ended by the next release of the app. Set `false` in a job with `environment:`, for which GitHub makes one itself.",
        },
        ...rollout_inputs/* lockInputs */.NP,
        ...rollout_inputs/* freezeInputs */.ZN,
        ...approval_inputs/* approvalInputs */.x,
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
        contents: {
            level: "read",
            optional: true,
            why: "To see whether production runs a newer commit already, and with `approval: required` who wrote the commit.",
        },
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
        stale: {
            decision: "nothing-to-do",
            doc: "Production runs a newer commit, which contains this one. Nothing was changed.",
        },
        "artifact-mismatch": {
            decision: "hold",
            fails: true,
            doc: "The package is not the one that was built: its SHA-256 is not `artifact-digest`. Nothing was asked of anyone.",
            fix: "Build again. If it happens again, find out who writes to the run's artifacts.",
        },
        "release-taken": {
            decision: "hold",
            fails: true,
            doc: "The ledger knows another package under this release id. Nothing was changed.",
            fix: "Choose another `release`, or leave it out.",
        },
        ...approval_inputs/* approvalReasons */.Q,
        ...rollout_reasons/* canaryReasons */.o,
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
