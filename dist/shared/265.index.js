export const id = 265;
export const ids = [265];
export const modules = {

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

/***/ 265:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./actions/migration-gate/database-access.ts + 1 modules
var database_access = __webpack_require__(6040);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./packages/alembic/src/index.ts + 32 modules
var alembic_src = __webpack_require__(3969);
// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var migrations_src = __webpack_require__(9626);
;// CONCATENATED MODULE: ./actions/migration-gate/annotate.ts
/** The first one is the step's error; the runner shows ten warnings at most. */
function annotate(objections, log, folder, fails = true) {
    for (const [index, { file, line, what, fix }] of objections.entries()) {
        const place = file === undefined ? {} : { file: folder === "" ? file : `${folder}/${file}`, line: line ?? 1 };
        const show = index === 0 && fails ? log.error : log.warning;
        show(`${what}\nFix: ${fix}`, { title: "migration-gate", ...place });
    }
}

// EXTERNAL MODULE: ./actions/migration-gate/run-command.ts
var run_command = __webpack_require__(3946);
// EXTERNAL MODULE: ./actions/migration-gate/spec.ts
var spec = __webpack_require__(8724);
;// CONCATENATED MODULE: ./actions/migration-gate/apply-by-command.ts



/** Where the command finds what this run was asked for, as flags of `augeo-gate apply`. */
const ARGUMENTS = "AUGEO_GATE_ARGS";
const OUTPUT_LIMIT = 4_000_000;
/**
 * Applies by a command of the workflow's own, which reaches a place that the runner does not and runs
 * `augeo-gate apply --json` there. Its outcome becomes this step's, as if it had been applied from here.
 */
async function applyByCommand(context) {
    const { inputs, log, env, run, signal } = context;
    const command = inputs["apply-command"];
    if (command === undefined) {
        throw new src/* UsageError */.eb({
            what: "connect: command has no command to run.",
            why: "apply-command is empty.",
            fix: `set apply-command to what runs augeo-gate inside the network, such as: ssh deploy@jump augeo-gate apply /srv/app $${ARGUMENTS}`,
        });
    }
    const asked = argumentsFor(context);
    log.info(`${ARGUMENTS}: ${asked}`);
    const { code, stdout } = await log.group("Apply migrations by apply-command", () => (0,run_command/* runCommand */.d)(command, run.workspace, { ...env, [ARGUMENTS]: asked }, { signal, onLine: log.quote, keep: OUTPUT_LIMIT }));
    signal.throwIfAborted();
    return checked(reportIn(stdout) ?? noReport(code, stdout), context);
}
/** Durations in milliseconds; all values come from patterns without spaces or quotes. */
function argumentsFor({ inputs }) {
    const durations = ["lock-timeout", "statement-timeout", "timeout"];
    const flags = {
        target: inputs.target,
        phase: inputs.phase === "expand" ? "expand" : "all",
        "database-url-env": inputs["database-url-env"],
        "lock-retries": inputs["lock-retries"],
        ...Object.fromEntries(durations.map((name) => [name, `${inputs[name]}ms`])),
    };
    return ["--json", ...Object.entries(flags).map(([name, value]) => `--${name} ${value}`)].join(" ");
}
const isFields = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** The last line that is a report: what carries it here may say something before and after. */
function reportIn(stdout) {
    for (const line of stdout.split("\n").reverse()) {
        const start = line.indexOf('{"schema":1,"action":"migration-gate"');
        if (start < 0)
            continue;
        try {
            const value = JSON.parse(line.slice(start, line.lastIndexOf("}") + 1));
            if (isFields(value))
                return value;
        }
        catch {
            // Cut off on its way: an earlier line may be whole.
        }
    }
    return undefined;
}
function noReport(code, stdout) {
    throw new src/* ServiceError */._7({
        service: "apply-command",
        operation: "apply migrations",
        what: `apply-command ended with exit code ${code} and printed no outcome of augeo-gate apply.`,
        why: `Its last words: ${stdout.trim().split("\n").at(-1) || "none"}. What state the database is in is not known from here.`,
        fix: `Let the command run augeo-gate apply with $${ARGUMENTS} and pass its standard output on whole. Look where the database is (alembic current) before running again; running again is safe.`,
    });
}
/** The outcome as it was given, once it proves to be one of this action's and of what was asked for. */
function checked(report, { inputs }) {
    const { kind, reason, outputs, result, summary, message, fix } = report;
    if (kind === "error") {
        const text = (name) => (typeof report[name] === "string" ? (0,src/* stripControls */.$Y)(String(report[name])) : "");
        throw new src/* ServiceError */._7({
            service: "apply-command",
            operation: "apply migrations",
            what: text("what"),
            why: text("why"),
            fix: text("fix"),
        });
    }
    if (typeof reason !== "string" || !(reason in spec/* spec */.I.reasons) || !isFields(result))
        return unknownReport();
    const wanted = inputs.phase === "expand" ? "expand" : "all";
    if (result.target !== inputs.target || result.phases !== wanted) {
        throw new src/* UsageError */.eb({
            what: "apply-command applied something else than was asked for.",
            why: `Asked for target ${inputs.target}, phase ${wanted}; applied target ${result.target}, phase ${result.phases}.`,
            fix: `pass $${ARGUMENTS} on to augeo-gate apply, unquoted.`,
        });
    }
    return {
        reason: reason,
        outputs: isFields(outputs) ? textsOf(outputs) : {},
        result: result,
        summary: typeof summary === "string" ? (0,src/* stripControls */.$Y)(summary) : "",
        ...(typeof message === "string" ? { message: (0,src/* stripControls */.$Y)(message) } : {}),
        ...(typeof fix === "string" ? { fix: (0,src/* stripControls */.$Y)(fix) } : {}),
    };
}
function textsOf(fields) {
    const own = Object.keys(spec/* spec */.I.outputs);
    const entries = Object.entries(fields).filter(([name]) => own.includes(name));
    return Object.fromEntries(entries.map(([name, value]) => [name, (0,src/* stripControls */.$Y)(String(value))]));
}
function unknownReport() {
    throw new src/* UsageError */.eb({
        what: "apply-command printed an outcome that this action does not know.",
        why: "Its augeo-gate is of another version than this action.",
        fix: "Install the version of augeo-gate inside the network that the workflow uses here.",
    });
}

// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var release_src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/freeze/open-notes.ts
var open_notes = __webpack_require__(6794);
// EXTERNAL MODULE: ./actions/slot-swap/hold-lock.ts
var hold_lock = __webpack_require__(1250);
// EXTERNAL MODULE: ./actions/migration-gate/policy-file.ts
var policy_file = __webpack_require__(6804);
;// CONCATENATED MODULE: ./actions/migration-gate/contract-phase.ts







const REASONS = { "window-open": "rollback-window-open", "not-live": "contract-not-live", frozen: "frozen" };
/**
 * Applies contract revisions as a release of their own: under the ledger's lock, so that nothing is released or rolled
 * back meanwhile, and recorded in the ledger before the first statement, so that no rollback trusts the old schema.
 */
async function contractSchema(context, apply) {
    const { inputs, log, clock } = context;
    const place = placeOf(inputs);
    const project = await (0,alembic_src/* readProject */.Wh)(projectOptions(inputs), context.env);
    const branches = await (0,policy_file/* readBranches */.L)(inputs["working-directory"], context.run.workspace);
    const ledger = (0,open_notes/* openNotes */.A)(context, place);
    const lock = { ...place, "github-token": inputs["github-token"], "lock-wait": inputs["lock-wait"] };
    const acquired = await (0,hold_lock/* holdLock */.xH)(context, ledger, lock);
    if (acquired.kind !== "acquired")
        return { reason: "release-lock", explanation: acquired.explanation };
    let { held } = acquired;
    const move = async (change) => {
        held = await moved(ledger, held, change);
    };
    const permit = (0,release_src/* permitContract */.kJ)(held.head, {
        now: clock.now(),
        rollbackWindow: inputs["rollback-window"],
        knows: (schemaHead) => knowsTarget(project, inputs.target, branches, schemaHead),
    });
    if (permit.kind === "refused") {
        await move((head) => (0,release_src/* release */._r)(head, clock.now()));
        return { reason: REASONS[permit.code], explanation: permit.explanation };
    }
    const { release, schemaHead } = permit.live;
    const from = held.head.schemaChanges.at(-1)?.to ?? null;
    const announced = { from, to: schemaHead, kind: "contract", release, at: clock.now() };
    await move((head) => (0,release_src/* beginContract */.UH)(head, announced, clock.now()));
    log.info(`The ledger knows: from here on no rollback before ${release} fits the schema.`);
    let done;
    try {
        done = await apply();
        return done;
    }
    finally {
        // Where an error hides what was done, what was announced stays: a rollback too few is better than one too many.
        const real = done === undefined ? announced : changeOf(done, announced);
        await move((head) => (0,release_src/* endContract */.yW)(head, announced, real, clock.now()));
    }
}
function changeOf({ from, to, applied }, announced) {
    if (applied.length === 0)
        return null;
    const kind = applied.some(({ phase }) => phase === "contract") ? "contract" : "expand";
    return { ...announced, from: nodeOf(from), to: nodeOf(to), kind };
}
const nodeOf = (ids) => (ids && ids.length > 0 ? ids.join(" ") : null);
async function moved(ledger, held, change) {
    const result = await (0,release_src/* moveHeld */.J1)(ledger, held, change);
    if (result.kind === "written")
        return result.held;
    throw new src/* UsageError */.eb({
        what: "Somebody else took the ledger's lock over while the schema was contracted.",
        why: result.why,
        fix: "Look where the database is (alembic current), and keep other releases from taking this lock over.",
    });
}
/** The target, with all before it, is part of the code that was built for this head. */
function knowsTarget({ revisions, faults }, target, branches, schemaHead) {
    const verdict = (0,migrations_src/* judgeGraph */.Ko)(revisions, faults, target, branches);
    const { graph } = verdict;
    const resolved = (0,migrations_src/* resolveTarget */.u1)(graph, verdict.kind === "sound" ? verdict.target : target);
    const heads = schemaHead?.split(" ") ?? [];
    if (resolved.kind !== "revisions" || heads.length === 0 || heads.some((id) => !graph.nodes.has(id)))
        return false;
    const known = (0,migrations_src/* ancestors */.T1)(graph, heads);
    return (0,migrations_src/* pathBetween */.yV)(graph, [], resolved.ids).every((id) => known.has(id));
}
const projectOptions = (inputs) => ({
    directory: inputs["working-directory"],
    config: inputs["alembic-config"],
    python: inputs.python,
});
function placeOf(inputs) {
    const { app, ledger, environment, cloud, "client-id": client, "tenant-id": tenant } = inputs;
    if (app !== undefined && ledger !== undefined && client !== undefined && tenant !== undefined)
        return { app, ledger, environment, cloud, "client-id": client, "tenant-id": tenant };
    const missing = ["app", "ledger", "client-id", "tenant-id"].filter((name) => inputs[name] === undefined);
    throw new src/* UsageError */.eb({
        what: "phase: contract has to read the ledger: it says which code is live and whether a rollback may still need what goes.",
        why: `Missing: ${missing.join(", ")}.`,
        fix: "Set them as in the job that releases; where there is no ledger, and no rollback either, apply with phase: all.",
    });
}

// EXTERNAL MODULE: ./actions/migration-gate/database-token.ts
var database_token = __webpack_require__(3250);
// EXTERNAL MODULE: ./actions/migration-gate/gate-outcome.ts
var gate_outcome = __webpack_require__(5757);
// EXTERNAL MODULE: ./actions/migration-gate/migration-options.ts
var migration_options = __webpack_require__(2732);
// EXTERNAL MODULE: ./actions/migration-gate/summary.ts + 1 modules
var migration_gate_summary = __webpack_require__(2973);
;// CONCATENATED MODULE: ./actions/migration-gate/apply-to-database.ts












/** Brings the database to the target, as far as `phase` lets it. */
async function applyToDatabase(context) {
    const apply = context.inputs.connect === "command" ? () => byCommand(context) : () => fromHere(context);
    if (context.inputs.phase !== "contract")
        return (await apply()).told;
    const done = await contractSchema(context, apply);
    return "explanation" in done ? refused(context, done) : done.told;
}
async function fromHere(context) {
    const { inputs, log, run } = context;
    const { ports, options } = requestOf(context, await (0,policy_file/* readBranches */.L)(inputs["working-directory"], run.workspace));
    const outcome = await (0,database_access/* withDatabaseAccess */.C)(context, inputs, options.databaseUrl, () => log.group("Apply migrations", () => (0,alembic_src/* applyMigrations */.KV)(ports, options)));
    const folder = (0,external_node_path_.relative)(run.workspace, inputs["working-directory"]);
    annotate([...outcome.objections, ...failureObjection(outcome)], log, folder);
    return { ...outcome, told: (0,gate_outcome/* outcomeOf */.s)((0,migration_gate_summary/* findingsOf */.WX)(outcome.reason, outcome), inputs) };
}
async function byCommand(context) {
    const told = await applyByCommand(context);
    const { from, to, applied } = told.result;
    const ids = (value) => (Array.isArray(value) ? value.map(String) : null);
    const phases = Array.isArray(applied) ? applied : [];
    // What it does not say is taken for a contract revision: a rollback too few is better than one too many.
    const phaseIn = (value) => migration_gate_summary/* PHASES */.ZG.find((name) => JSON.stringify(value).includes(`"phase":"${name}"`));
    return { told, from: ids(from), to: ids(to), applied: phases.map((one) => ({ phase: phaseIn(one) ?? "contract" })) };
}
/** Nothing was done, and the message says what it would take. */
function refused({ inputs }, { reason, explanation }) {
    const { what, why, fix } = explanation;
    const message = `${what} ${why}`;
    const summary = `### ⏸️ Contract revisions wait\n\n${(0,migration_gate_summary/* escapedMarkdown */.XK)(message)}\n\n**Fix:** ${(0,migration_gate_summary/* escapedMarkdown */.XK)(fix)}\n`;
    return { reason, message, fix, result: { mode: inputs.mode, target: inputs.target, phases: inputs.phase }, summary };
}
function requestOf(context, branches) {
    const { inputs, log, signal, clock, env } = context;
    const url = inputs["database-url"];
    if (url === undefined) {
        throw new src/* UsageError */.eb({
            what: "There is no database to apply migrations to.",
            why: "mode is apply, and the input database-url is empty. A secret that does not exist, or that a fork may not read, is empty too.",
            fix: "set database-url from a secret, or mode: check, which needs no database.",
        });
    }
    const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"], cloud: inputs.cloud };
    const token = (0,database_token/* databaseToken */.d)(inputs["database-auth"], identity, context);
    return { ports: { log, signal, clock, env, token }, options: (0,migration_options/* migrationOptionsOf */.u)(inputs, url, branches) };
}
/** The failed revision as a place in the code, so that the annotation stands on its line. */
function failureObjection({ failure }) {
    if (failure?.file == null)
        return [];
    const code = failure.sqlstate === null ? "" : ` (${failure.sqlstate})`;
    return [{ file: failure.file, line: failure.line ?? 1, what: `${failure.message}${code}`, fix: failure.state }];
}

// EXTERNAL MODULE: ./actions/migration-gate/change-summary.ts
var change_summary = __webpack_require__(5246);
;// CONCATENATED MODULE: ./actions/migration-gate/event.ts
/** What the event holds under a path of keys; undefined where it holds nothing there. */
function inEvent(run, ...keys) {
    return keys.reduce((value, key) => {
        const isObject = typeof value === "object" && value !== null;
        return isObject ? Reflect.get(value, key) : undefined;
    }, run.event());
}
function pullRequestOf(run) {
    const number = inEvent(run, "pull_request", "number");
    return typeof number === "number" ? number : undefined;
}
/** Of a pull request its own head, and not the merge that was checked out: the head is what a branch rule looks at. */
function headOf(run) {
    const head = inEvent(run, "pull_request", "head", "sha") ?? inEvent(run, "merge_group", "head_sha");
    return typeof head === "string" ? head : run.sha;
}
/** What a merge group stands on. */
function mergeGroupBase(run) {
    const base = inEvent(run, "merge_group", "base_sha");
    return typeof base === "string" ? base : undefined;
}

;// CONCATENATED MODULE: ./actions/migration-gate/check-run.ts


/** Reasons that say no whatever the step's colour. */
const conclusionOf = ({ outcome: { reason }, isUnsure }) => {
    if (reason !== "sound" && reason !== "safe")
        return "failure";
    return isUnsure ? "neutral" : "success";
};
const TITLES = {
    success: "Safe to release",
    failure: "Not safe to release",
    neutral: "Could not be rehearsed as it will run: nothing was found all the same",
};
/** The verdict as a check run of its own, which a branch rule can require. */
async function reportCheckRun(context, judged) {
    const conclusion = conclusionOf(judged);
    const { outcome, annotations } = judged;
    const title = outcome.reason === "not-rehearsed" ? "Could not be rehearsed" : (TITLES[conclusion] ?? conclusion);
    await write(context, { conclusion, title, summary: outcome.summary, annotations });
}
/** An error says no too: a required check that never comes would wait for ever. */
async function reportFailedCheckRun(context, error) {
    if (context.signal.aborted)
        return;
    const isOurs = error instanceof src/* UsageError */.eb || error instanceof src/* ServiceError */._7;
    const text = isOurs ? (0,src/* explain */.WE)(error) : String(error);
    const summary = `The migrations could not be judged.\n\n\`\`\`text\n${(0,src/* stripControls */.$Y)(text).replaceAll("```", "'''")}\n\`\`\`\n`;
    await write(context, { conclusion: "failure", title: "Could not be judged", summary, annotations: [] });
}
/** A token that may not write (a fork's) is no failure of the gate: the log says so, and the job summary says the same. */
async function write(context, content) {
    const { inputs, run, clock, signal, log } = context;
    const name = inputs["check-run-name"];
    if (!inputs["check-run"] || inputs["github-token"] === "")
        return;
    const { GitHubClient, upsertCheckRun } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 3359));
    const { apiUrl, repository, runUrl } = run;
    const client = new GitHubClient({
        apiUrl,
        repository,
        token: inputs["github-token"],
        clock,
        signal,
        patience: 30_000,
    });
    const key = `augeo migration-gate ${inputs["working-directory"].slice(run.workspace.length)}`;
    try {
        const { url } = await upsertCheckRun(client, { name, key, headSha: headOf(run), detailsUrl: runUrl, ...content });
        log.info(`Check run "${name}": ${content.conclusion}${url === undefined ? "" : ` (${url})`}.`);
    }
    catch (error) {
        if (!(error instanceof src/* ServiceError */._7))
            throw error;
        log.warning(`The check run "${name}" was not written; the job summary and this job's own check say the same. ${error.what} ${error.why} Fix: ${error.fix}`);
    }
}

// EXTERNAL MODULE: ./actions/migration-gate/judge-change.ts + 3 modules
var judge_change = __webpack_require__(6846);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
;// CONCATENATED MODULE: ./actions/migration-gate/publish-report.ts





async function writeReports(report, { run }) {
    const write = async (extension, text) => {
        const path = (0,external_node_path_.join)(run.tempFolder, `migration-gate.${extension}`);
        await (0,promises_.writeFile)(path, text);
        return path;
    };
    return {
        sarif: await write("sarif", JSON.stringify((0,migrations_src/* renderSarif */.WH)(report, "1"))),
        report: await write("json", JSON.stringify((0,migrations_src/* reportJson */.l4)(report))),
        "report-markdown": await write("md", (0,migrations_src/* renderComment */.wQ)(report, { limit: Number.POSITIVE_INFINITY })),
    };
}
/** One comment on the pull request, written anew by each run. A fork's token may not write: the summary says the same. */
async function commentOnPullRequest(report, context, key) {
    const { run, inputs, clock, signal, log } = context;
    const number = pullRequestOf(run);
    if (number === undefined || !inputs.comment || inputs["github-token"] === undefined)
        return;
    const { GitHubClient, upsertComment } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 3359));
    const { apiUrl, repository } = run;
    const client = new GitHubClient({
        apiUrl,
        repository,
        token: inputs["github-token"],
        clock,
        signal,
        patience: 15_000,
    });
    try {
        await upsertComment(client, number, `migration-gate ${key}`, (0,migrations_src/* renderComment */.wQ)(report, { key, limit: 65_000 }));
    }
    catch (error) {
        if (!(error instanceof src/* ServiceError */._7))
            throw error;
        log.info(`The pull request got no comment, the job summary says the same: ${error.what} ${error.why}`);
    }
}

;// CONCATENATED MODULE: ./actions/migration-gate/judge-migrations.ts













async function judgeMigrations(context) {
    if (context.inputs.mode === "apply")
        return applyToDatabase(context);
    let judged;
    try {
        judged = await checkMigrations(withBase(context));
    }
    catch (error) {
        await reportFailedCheckRun(context, error);
        throw error;
    }
    await reportCheckRun(context, judged);
    return judged.outcome;
}
/** A merge group names its base in the event; of a pull request the checkout tells. */
function withBase(context) {
    const since = context.inputs.since ?? mergeGroupBase(context.run);
    return { ...context, inputs: { ...context.inputs, since } };
}
async function checkMigrations(context) {
    const { inputs, env, log, run } = context;
    const project = await (0,alembic_src/* readProject */.Wh)({ directory: inputs["working-directory"], config: inputs["alembic-config"], python: inputs.python }, env);
    const branches = await (0,policy_file/* readBranches */.L)(inputs["working-directory"], run.workspace);
    const verdict = (0,migrations_src/* judgeGraph */.Ko)(project.revisions, project.faults, inputs.target, branches);
    const objections = verdict.kind === "refused" ? verdict.objections : [];
    log.info(`${project.revisions.length} revisions in ${project.locations.join(", ")}; heads: ${verdict.graph.heads.join(", ") || "none"}.`);
    const folder = (0,external_node_path_.relative)(run.workspace, inputs["working-directory"]);
    annotate(objections, log, folder);
    const none = { from: null, to: null, planned: [], applied: [], held: [], session: null, attempts: 0, failure: null };
    const facts = { project, heads: verdict.graph.heads, objections, ...none };
    const plainly = { annotations: objections.map((objection) => checkAnnotation(objection, folder)), isUnsure: false };
    if (verdict.kind === "refused")
        return { ...plainly, outcome: (0,gate_outcome/* outcomeOf */.s)((0,migration_gate_summary/* findingsOf */.WX)(verdict.reason, facts), inputs) };
    const change = await (0,judge_change/* judgeChange */.s)(context, project, verdict.graph);
    const outcome = (0,gate_outcome/* outcomeOf */.s)((0,migration_gate_summary/* findingsOf */.WX)("sound", facts), inputs);
    return change === undefined ? { ...plainly, outcome } : judgedChange(outcome, change, context, folder);
}
async function judgedChange(sound, change, context, folder) {
    const outcome = await changeOutcome(sound, change, context, folder);
    const annotations = (0,change_summary/* openFindings */.lb)(change).map((finding) => {
        const level = (0,migrations_src/* isAtLeast */.du)(finding.severity, "block") ? "failure" : "warning";
        return checkAnnotation(asObjection(finding), folder, level);
    });
    const isOwn = change.notRehearsed === null && change.revisions.every(({ evidence }) => evidence === "rehearsed");
    return {
        outcome,
        annotations,
        isUnsure: !isOwn && change.revisions.length > 0 && context.inputs.rehearsal !== "off",
    };
}
async function changeOutcome(sound, change, context, folder) {
    const { inputs, log } = context;
    if (change.revisions.length === 0)
        return { ...sound, result: { ...sound.result, change: (0,change_summary/* changeResult */.m8)(change) } };
    const open = (0,change_summary/* openFindings */.lb)(change).sort((a, b) => Number((0,migrations_src/* isAtLeast */.du)(b.severity, "block")) - Number((0,migrations_src/* isAtLeast */.du)(a.severity, "block")));
    annotate(open.map(asObjection), log, folder, (0,change_summary/* failing */.Jr)(change, inputs["fail-on"]).length > 0);
    const reason = (0,change_summary/* changeReason */.ff)(change, inputs["fail-on"], inputs.rehearsal);
    if (change.notRehearsed !== null && reason !== "not-rehearsed")
        log.warning(`The new revisions were not run as they will be: ${change.notRehearsed}.`);
    const message = (0,change_summary/* changeMessage */.MT)(change, inputs["fail-on"]);
    const report = (0,change_summary/* gateReport */.We)(change, reason, message);
    const files = await writeReports(report, context);
    await commentOnPullRequest(report, context, folder === "" ? "default" : folder);
    const phase = migration_gate_summary/* PHASES */.ZG.findLast((name) => change.revisions.some((revision) => revision.phase === name)) ?? "none";
    const ids = change.revisions.map(({ id }) => id).join(" ");
    return {
        reason,
        message,
        outputs: { ...sound.outputs, ...files, new: ids, findings: open.length, phase },
        result: { ...sound.result, change: (0,change_summary/* changeResult */.m8)(change) },
        // A job summary takes 1 MiB, and a reader far less.
        summary: (0,migrations_src/* renderComment */.wQ)(report, { key: folder === "" ? "default" : folder, limit: 250_000 }),
    };
}
function asObjection({ file, line, title, note, rule, recipe }) {
    return { file, line, what: `${title}${note === undefined ? "" : `: ${note}`} (${rule})`, fix: recipe };
}
function checkAnnotation({ file, line, what, fix }, folder, level = "failure") {
    const path = [folder, file ?? "alembic.ini"].filter((part) => part !== "").join("/");
    const at = Math.max(1, line ?? 1);
    return { path, startLine: at, endLine: at, level, message: `${what}\n\n${fix}`, title: "migration-gate" };
}

;// CONCATENATED MODULE: ./actions/migration-gate/index.ts




const action = (0,src/* implement */.yx)(spec/* spec */.I, {
    main: judgeMigrations,
    post: (context) => (0,database_access/* closeLeftAccess */._)(context, context.inputs),
});


/***/ }),

/***/ 3597:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H8: () => (/* binding */ refOf),
/* harmony export */   Kd: () => (/* binding */ holderOf),
/* harmony export */   Ng: () => (/* binding */ connect),
/* harmony export */   ao: () => (/* binding */ connectionOf)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1910);


function connect(context, inputs, signal = context.signal) {
    const { log, clock, env } = context;
    refuseProduction(inputs.slot);
    return connectionOf((0,_augeo_azure__WEBPACK_IMPORTED_MODULE_1__.openSession)({ log, clock, env, signal }, inputs), inputs);
}
/** The same over a sign-in that is there already. */
function connectionOf(session, inputs) {
    const { context, http, signIn } = session;
    const ref = refOf(inputs);
    const slots = new _augeo_azure__WEBPACK_IMPORTED_MODULE_1__.AppSlots({ context, http, signIn, subscriptionId: inputs["subscription-id"], ref });
    const { app, environment } = inputs;
    const audience = `${signIn.cloud.storageAudience}/.default`;
    const place = { app, environment, container: inputs.ledger ?? "", audience };
    const ledger = inputs.ledger === undefined ? undefined : (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_1__.openLedger)(context, signIn.asCredential(), place);
    return { session, slots, ledger };
}
/** The slot that releases are staged in. */
const refOf = (inputs) => ({
    app: inputs.app,
    resourceGroup: inputs["resource-group"],
    slot: inputs.slot,
});
function refuseProduction(slot) {
    if (slot.toLowerCase() !== "production")
        return;
    throw new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .UsageError */ .eb({
        what: "slot: production names no slot to swap from.",
        why: "A release is staged in a slot of its own and swapped into production from there.",
        fix: "set slot to the staging slot's name, such as staging.",
    });
}
/** This run as a holder of the lock. A re-run has the same run id and so the same claim. */
function holderOf({ repository, runId, attempt, actor, runUrl }) {
    return { claimId: `${repository}/${runId}`, repository, runId, attempt, actor, url: runUrl };
}


/***/ }),

/***/ 1250:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JJ: () => (/* binding */ standInLock),
/* harmony export */   pF: () => (/* binding */ askRun),
/* harmony export */   w: () => (/* binding */ rememberedLedger),
/* harmony export */   xH: () => (/* binding */ holdLock)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_github__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3359);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2607);
/* harmony import */ var _connection_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3597);




/** Claims the ledger's lock for this run, and says in the log whom it waits for or whose place it takes. */
async function holdLock(context, ledger, inputs) {
    const { log, clock, signal, run } = context;
    let isWaiting = false;
    const acquired = await (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .acquire */ .XC)({
        ledger,
        clock,
        signal,
        app: inputs.app,
        environment: inputs.environment,
        where: ledger.where,
        me: (0,_connection_js__WEBPACK_IMPORTED_MODULE_3__/* .holderOf */ .Kd)(run),
        askRun: (holder) => askRun(context, holder, inputs["github-token"]),
        takeOver: inputs["take-over"],
        acceptLive: inputs["accept-live"],
        lockWait: inputs["lock-wait"],
        pollInterval: Math.min(15_000, Math.max(250, inputs["lock-wait"] / 20)),
        onWait: ({ what, why }) => {
            if (!isWaiting)
                log.notice(`${what} ${why} Waiting for up to ${(0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(inputs["lock-wait"])}.`);
            isWaiting = true;
        },
    });
    if (acquired.kind === "acquired")
        tellClaim(context, acquired);
    return acquired;
}
function tellClaim({ log }, { how, from }) {
    if (how === "free")
        log.info("The lock is ours.");
    if (how === "resumed")
        log.info("An earlier attempt of this run held the lock; it is taken up.");
    if (how === "taken-over" && from)
        log.notice(`The run that held the lock is over (${from.url}); its lock was taken over.`);
}
/** Only GitHub can say that a run is over; silence and refusals leave its lock alone. */
async function askRun({ log, clock, signal, run }, holder, token) {
    if (token === "")
        return "unknown";
    const client = new _augeo_github__WEBPACK_IMPORTED_MODULE_1__.GitHubClient({
        apiUrl: run.apiUrl,
        token,
        repository: holder.repository,
        clock,
        signal,
        patience: 15_000,
    });
    try {
        const liveness = await (0,_augeo_github__WEBPACK_IMPORTED_MODULE_1__.readRunLiveness)(client, holder.runId, holder.attempt);
        if (liveness.kind === "running")
            return "running";
        if (liveness.kind === "hidden")
            return "unknown";
        // Another repository may be seen by its name, and its runs not.
        return liveness.kind === "ended" || holder.repository === run.repository ? "over" : "unknown";
    }
    catch (error) {
        if (!(error instanceof _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .ServiceError */ ._7))
            throw error;
        log.warning(`Whether the lock's holder still runs could not be asked. ${error.what} ${error.why}`);
        return "unknown";
    }
}
/** Without a ledger this process is alone: the head lives in memory, and `keep` saves it for the post step. */
async function standInLock(context, inputs, keep) {
    const now = context.clock.now();
    const head = (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .claim */ .B7)((0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .emptyHead */ .Cc)(inputs.app, inputs.environment), { ...(0,_connection_js__WEBPACK_IMPORTED_MODULE_3__/* .holderOf */ .Kd)(context.run), since: now }, "free", now);
    const ledger = (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .memoryLedger */ .PA)(undefined, keep);
    const written = await ledger.write(head, undefined);
    if (written.kind === "lost")
        throw new Error("a new ledger in memory was lost");
    return { ledger, acquired: { kind: "acquired", held: { head, etag: written.etag }, how: "free", from: null } };
}
/** The head that `main` kept without a ledger, for its post step. */
function rememberedLedger(kept, keep) {
    const read = (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .readHead */ .zy)(JSON.stringify(kept ?? null));
    return read.kind === "head" ? (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .memoryLedger */ .PA)(read.head, keep) : undefined;
}


/***/ })

};
