export const id = 697;
export const ids = [697];
export const modules = {

/***/ 6804:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ readPolicyFile),
/* harmony export */   L: () => (/* binding */ readBranches)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(613);
/* harmony import */ var _augeo_migrations__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9626);




const NAME = ".augeo/migrations.yml";
/** The project's policy, or the repository's; sizes come from a database where one is given. */
async function readPolicyFile({ inputs, run, log }) {
    const own = await filePolicy([inputs["working-directory"], run.workspace]);
    const file = inputs["sizes-file"];
    const policy = file === undefined ? own : { ...own, sizes: (await decodeSizes(file)).sizes };
    const url = inputs["size-database-url"];
    if (url === undefined)
        return policy;
    const { readTableSizes } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 3969));
    const sizes = await readTableSizes(url);
    log.info(`Sizes of ${sizes.size} tables were read.`);
    return { ...policy, sizes: new Map([...policy.sizes, ...sizes]) };
}
/** Branch labels that the project's policy lets have a head each. */
const readBranches = async (...folders) => (await filePolicy(folders)).branches;
async function filePolicy(folders) {
    for (const folder of folders) {
        const path = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, NAME);
        const text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(path, "utf8").catch(() => undefined);
        if (text !== undefined)
            return decode(text, path);
    }
    return _augeo_migrations__WEBPACK_IMPORTED_MODULE_3__/* .DEFAULT_POLICY */ .zj;
}
async function decodeSizes(path) {
    const text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(path, "utf8").catch((cause) => {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb({ what: `The file of sizes ${path} cannot be read.`, why, fix: "Correct its path.", cause });
    });
    const value = await yamlIn(text, path);
    // The policy's own part may be given whole, or what stands under its key.
    const isWhole = typeof value === "object" && value !== null && "sizes" in value;
    return checked(isWhole ? { sizes: value.sizes } : { sizes: value }, path);
}
async function decode(text, path) {
    return checked(await yamlIn(text, path), path);
}
async function yamlIn(text, path) {
    const { parse } = await __webpack_require__.e(/* import() */ 815).then(__webpack_require__.t.bind(__webpack_require__, 8815, 19));
    try {
        return parse(text, { maxAliasCount: 100 });
    }
    catch (cause) {
        const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
        throw new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb({ what: `${path} is not YAML.`, why, fix: "Correct the file.", cause });
    }
}
/** @throws UsageError with every fault and its place. */
function checked(value, path) {
    const { policy, faults } = (0,_augeo_migrations__WEBPACK_IMPORTED_MODULE_3__/* .readPolicy */ .T4)(value);
    if (faults.length === 0)
        return policy;
    throw new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb({
        what: `${path} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}.`,
        why: faults.map(({ path: place, what }) => `${place}: ${what}`).join("\n"),
        fix: faults.map(({ path: place, fix }) => `${place}: ${fix}`).join("\n"),
    });
}


/***/ }),

/***/ 8724:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ spec)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _slot_swap_rollout_inputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2344);


const spec = (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .defineAction */ .QP)({
    name: "migration-gate",
    title: "Judge and apply Alembic migrations",
    description: "Rehearses new Alembic revisions on a throw-away PostgreSQL, judges what they do, and applies them under a lock with a lock timeout.",
    post: true,
    inputs: {
        mode: {
            kind: "choice",
            options: ["check", "apply"],
            default: "check",
            doc: "`check`: judge the revision files, and rehearse those that are new since the base. `apply`: refuse a broken chain, then upgrade the database.",
        },
        "working-directory": {
            kind: "path",
            default: ".",
            doc: "Folder of the Python project, from the workspace.",
        },
        "alembic-config": {
            kind: "string",
            doc: "`alembic.ini`, or a `pyproject.toml` with `[tool.alembic]`, from `working-directory`. Without it, looked for there.",
        },
        python: {
            kind: "string",
            doc: "Interpreter with the project's packages. Without it: the active virtual environment, `.venv` or `venv` in `working-directory`, or the `PATH`'s.",
        },
        target: {
            kind: "string",
            default: "head",
            pattern: /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/,
            hint: "head, heads, a branch label with @head, or a revision id",
            doc: "Where to upgrade to, in Alembic's words: `head`, `heads`, `label@head` or a revision id.",
        },
        phase: {
            kind: "choice",
            options: ["all", "expand", "contract"],
            default: "all",
            doc: "For `apply`: `all`: everything up to the target. `expand`: stop before the first contract revision (one that drops, renames or tightens something the running code uses), as `release` does. `contract`: everything, as a release of its own: refused while a rollback could still need what it takes away, and recorded in the `ledger`.",
        },
        "database-url": {
            ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseInputs */ .dM["database-url"],
            required: false,
            doc: `${_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseInputs */ .dM["database-url"].doc} Required to apply.`,
        },
        "database-auth": _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseInputs */ .dM["database-auth"],
        ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseAccessInputs */ .hT,
        connect: {
            ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseAccessInputs */ .hT.connect,
            options: [..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseAccessInputs */ .hT.connect.options, "command"],
            doc: `${_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseAccessInputs */ .hT.connect.doc} \`command\`: \`apply-command\` reaches a database that the runner cannot.`,
        },
        "apply-command": {
            kind: "string",
            doc: "For `connect: command`: a command line that runs `augeo-gate apply $AUGEO_GATE_ARGS` where the database can be reached, and passes its standard output on. Its outcome becomes this step's.",
        },
        "database-url-env": {
            kind: "string",
            default: "DATABASE_URL",
            pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
            hint: "the name of an environment variable, such as DATABASE_URL",
            doc: "Environment variable from which the project reads its address. The action sets it, and `sqlalchemy.url`.",
        },
        app: {
            ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .appInputs */ .VY.app,
            required: false,
            doc: "For `phase: contract`: the App Service app whose releases use the database.",
        },
        ledger: { ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .ledgerInputs */ .hE.ledger, required: false, doc: `For \`phase: contract\`: ${_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .ledgerInputs */ .hE.ledger.doc}` },
        environment: {
            ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .ledgerInputs */ .hE.environment,
            doc: "For `phase: contract`: environment of the releases, their name in the ledger.",
        },
        "rollback-window": {
            kind: "duration",
            default: "24h",
            max: "90d",
            doc: "For `phase: contract`: how long after it went live the live release may be rolled back to the one before. Until then contract revisions are refused.",
        },
        "lock-wait": _slot_swap_rollout_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .lockInputs */ .NP["lock-wait"],
        "lock-timeout": {
            kind: "duration",
            default: "5s",
            min: "10ms",
            max: "10m",
            doc: "How long a statement may wait for a lock: everyone who comes after it waits as long.",
        },
        "lock-retries": {
            kind: "integer",
            default: 5,
            min: 0,
            max: 100,
            doc: "How often an upgrade that ran into the lock timeout is tried again, after 1, 2, 4 … and at most 30 seconds.",
        },
        "statement-timeout": {
            kind: "duration",
            default: "10m",
            max: "6h",
            doc: "How long one statement may run. `0s`: as long as it takes.",
        },
        timeout: {
            kind: "duration",
            default: "30m",
            min: "1s",
            max: "6h",
            doc: "For all of it, waiting for another gate included.",
        },
        since: {
            kind: "string",
            pattern: /^[A-Za-z0-9][A-Za-z0-9._/@^~-]*$/,
            hint: "a branch, tag or commit, such as origin/main",
            doc: "For `check`: judge the revisions that are new since the merge base with this branch, tag or commit. In a pull request, its base branch. Needs that history in the clone (`fetch-depth: 0`).",
        },
        rehearsal: {
            kind: "choice",
            options: ["auto", "required", "off"],
            default: "auto",
            doc: "For `check`: run the new revisions on a throw-away PostgreSQL and look at what they do. `auto`: where that cannot be done, their SQL is read, and a warning says so. `required`: then the check fails.",
        },
        "rehearsal-database-url": {
            kind: "secret",
            pattern: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseInputs */ .dM["database-url"].pattern,
            hint: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseInputs */ .dM["database-url"].hint,
            doc: "An empty database to rehearse in, of a superuser; it is changed. Without it, a PostgreSQL server installed on the runner is started for the time.",
        },
        "postgres-version": {
            kind: "integer",
            min: 11,
            max: 30,
            doc: "Major version of production's PostgreSQL: chooses among the servers installed, and what the rules know.",
        },
        "baseline-sql": {
            kind: "path",
            doc: "SQL that brings an empty database to where the first revision begins, for projects whose tables were not made by Alembic.",
        },
        "old-code-command": {
            kind: "string",
            doc: "For `check`: a command line that proves the code of the base, such as `pytest -q tests/smoke`. Run in a checkout of the base, with its address in `database-url-env`, against the schema after the new revisions.",
        },
        "fail-on": {
            kind: "choice",
            options: ["block", "warn", "never"],
            default: "block",
            doc: "For `check`: the least severity of a finding that fails the step.",
        },
        "sizes-file": {
            kind: "path",
            doc: "Rows of production's tables, in place of `sizes` in `.augeo/migrations.yml`: YAML or JSON, `account: 12_000_000`.",
        },
        "size-database-url": {
            kind: "secret",
            pattern: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseInputs */ .dM["database-url"].pattern,
            hint: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseInputs */ .dM["database-url"].hint,
            doc: "A database with production's data, read-only: its row counts weigh the findings. Without it, `sizes-file`, or `sizes` in `.augeo/migrations.yml`.",
        },
        comment: {
            kind: "boolean",
            default: true,
            doc: "Write the report as one comment on the pull request, and update it in place. Needs `pull-requests: write`; without it, as for forks, the job summary says the same.",
        },
        "check-run": {
            kind: "boolean",
            default: false,
            doc: "For `check`: write the verdict as a check run of its own, which a branch rule can require. Needs `checks: write`. Its conclusion is `success`, `failure`, or `neutral` where the new revisions could be read but not run; `rehearsal: required` makes that a failure.",
        },
        "check-run-name": {
            kind: "string",
            default: "Migrations",
            max: 100,
            doc: "Name of that check run. Give each project of a repository its own.",
        },
        ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .githubInputs */ .dN,
        ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .optionalAzureInputs */ .PJ,
    },
    outputs: {
        heads: { doc: "Heads of the revision files, separated by spaces." },
        from: { doc: "Revisions the database was at before. Empty for an empty database, and in `check`." },
        to: { doc: "Revisions the database is at now." },
        applied: { doc: "Revisions applied by this run, in order, separated by spaces." },
        pending: { doc: "Contract revisions that `phase: expand` left for a release of their own." },
        new: { doc: "Revisions that are new since the base and were judged, separated by spaces." },
        findings: { doc: "How many findings count, those accepted with a reason left out." },
        sarif: { doc: "Path of the findings in SARIF, for `github/codeql-action/upload-sarif`." },
        report: { doc: "Path of the whole report as JSON." },
        "report-markdown": { doc: "Path of the whole report in words, uncut: to be uploaded as an artifact." },
        phase: {
            doc: "The furthest phase among the applied or new revisions: `none`, `expand`, `backfill` or `contract`.",
        },
    },
    permissions: {
        contents: { level: "read", why: "To check out the code." },
        "pull-requests": { level: "write", optional: true, why: "To write the report as a comment on the pull request." },
        checks: { level: "write", optional: true, why: "To write a check run, when `check-run` is `true`." },
        "id-token": {
            level: "write",
            optional: true,
            why: "To sign in to the database without a password, when `database-auth` is `entra`, and to Azure, when `connect` is `firewall-rule`.",
        },
        actions: {
            level: "read",
            optional: true,
            why: "To ask whether the run that left a firewall rule open is over, when `connect` is `firewall-rule`.",
        },
    },
    reasons: {
        sound: { decision: "proceed", doc: "The revision files make one sound chain." },
        safe: { decision: "proceed", doc: "The new revisions were judged; nothing in them is as severe as `fail-on`." },
        unsafe: {
            decision: "hold",
            fails: true,
            doc: "A new revision would hold up the running app, break its code, or fail.",
            fix: "Follow the recipe of each finding, or accept it with a reason: # migration-gate: ignore RULE reason=…",
        },
        "not-rehearsed": {
            decision: "hold",
            fails: true,
            doc: "The new revisions could not be run while `rehearsal` is `required`, or not all of their SQL could be seen and read. This says neither that they are safe nor that they are not.",
            fix: "Remove the cause named above: install the project's packages and PostgreSQL before this step, or set rehearsal-database-url.",
        },
        migrated: { decision: "proceed", doc: "The database was upgraded to the target." },
        "up-to-date": { decision: "nothing-to-do", doc: "The database is at the target already." },
        "contract-pending": {
            decision: "proceed",
            doc: "Only contract revisions are left; `phase: expand` holds them for a release of their own.",
        },
        "rollback-window-open": {
            decision: "hold",
            fails: true,
            doc: "A rollback could still bring back code that needs what the contract revisions take away. Nothing was changed.",
            fix: "Run again once the window is over: the message says when.",
        },
        "contract-not-live": {
            decision: "hold",
            fails: true,
            doc: "The code that is live does not have the revisions that were to be applied, so it may need what they take away. Nothing was changed.",
            fix: "Release that code first, or check out what is live.",
        },
        frozen: {
            decision: "hold",
            fails: true,
            doc: "The app and environment are frozen, which holds contract migrations back too. Nothing was changed.",
            fix: "Run again after the end of the freeze: the message names it.",
        },
        "release-lock": {
            decision: "hold",
            fails: true,
            doc: "A release or a rollback holds the ledger's lock, or the ledger cannot be read. Nothing was changed.",
            fix: "Let it end, then run again; lock-wait waits for it.",
        },
        "several-heads": {
            decision: "hold",
            fails: true,
            doc: "The revision files have several heads. Nothing was changed.",
            fix: "Rebase one branch onto the other, or join them with alembic merge.",
        },
        "broken-chain": {
            decision: "hold",
            fails: true,
            doc: "A revision file is unreadable, missing, duplicated or part of a circle. Nothing was changed.",
            fix: "Mend the files named above.",
        },
        "database-ahead": {
            decision: "hold",
            fails: true,
            doc: "The database is at a revision that this code does not have, or that comes after the target. Nothing was changed.",
            fix: "Release the code that has it; never downgrade to make it fit.",
        },
        locked: {
            decision: "hold",
            fails: true,
            doc: "Another gate was migrating this database until the time ran out. Nothing was changed.",
            fix: "Wait for the other run to end, then start this one again; raise timeout if its migrations take that long.",
        },
        "lock-timeout": {
            decision: "hold",
            fails: true,
            doc: "A statement could not get its lock within `lock-timeout`, in any of the tries. PostgreSQL rolled it back.",
            fix: "End the long transaction that holds the table (pg_stat_activity shows it), or run again at a quieter time with more lock-retries.",
        },
        "migration-failed": {
            decision: "hold",
            fails: true,
            doc: "A revision failed. The message says what state the database is in and how to go on.",
            fix: "Correct the revision and start again.",
        },
    },
});


/***/ }),

/***/ 3969:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  KV: () => (/* reexport */ applyMigrations),
  lN: () => (/* reexport */ findBase),
  G9: () => (/* reexport */ findServers),
  tV: () => (/* reexport */ print_offline_printOffline),
  hG: () => (/* reexport */ probeConnection),
  Bq: () => (/* reexport */ readDatabaseUrl),
  Wh: () => (/* reexport */ readProject),
  readTableSizes: () => (/* reexport */ readTableSizes),
  Km: () => (/* reexport */ rehearse),
  serverVersion: () => (/* reexport */ serverVersion),
  z$: () => (/* reexport */ startEphemeralServer),
  traceStatements: () => (/* reexport */ traceStatements)
});

// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var src = __webpack_require__(9626);
// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var release_src = __webpack_require__(2607);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
;// CONCATENATED MODULE: ./packages/alembic/src/database-address.ts


const schemes = /^postgres(?:ql)?(?:\+[a-z0-9_]+)?:$/;
const tlsModes = {
    disable: "disable",
    false: "disable",
    allow: "prefer",
    prefer: "prefer",
    require: "require",
    true: "require",
    "verify-ca": "verify-ca",
    "verify-full": "verify-full",
};
/**
 * Reads a SQLAlchemy or libpq URL: `postgresql+driver://user:password@host:port/database?sslmode=…`. Of several hosts
 * the first counts. `password` (an Entra token) takes the place of the URL's own.
 * @throws UsageError when it is not such a URL.
 */
function readDatabaseUrl(text, password) {
    const url = parse(text.trim());
    const query = url.searchParams;
    const given = decode(url.password) || undefined;
    const host = query.get("host") || decode(url.hostname).replace(/^\[|\]$/g, "") || "localhost";
    const port = Number(url.port || query.get("port") || 5432);
    const user = decode(url.username) || query.get("user") || "";
    const database = decode(url.pathname.slice(1)) || query.get("dbname") || user;
    if (password !== undefined)
        url.password = encodeURIComponent(password);
    const secret = password ?? given ?? query.get("password") ?? undefined;
    return {
        url: password === undefined ? text.trim() : url.toString(),
        host,
        port,
        database,
        user,
        password: secret,
        tls: tlsMode(query.get("sslmode") ?? query.get("ssl")),
        rootCertificate: query.get("sslrootcert") ?? undefined,
        secrets: secretsOf(text.trim(), url.toString(), url.password, secret),
        shown: `${user}@${host}:${port}/${database}`,
    };
}
function secretsOf(...texts) {
    return [...new Set(texts.filter((text) => text !== undefined && text !== ""))].filter((text) => text !== undefined);
}
function parse(text) {
    // A user without a host (a Unix socket named in the query) is no URL to WHATWG's parser.
    const full = text.replace(/^([a-z0-9+]+:\/\/[^/@]*@)(?=\/)/i, "$1localhost");
    const url = URL.canParse(full) ? new URL(full) : undefined;
    if (url !== undefined && schemes.test(url.protocol))
        return url;
    throw new release_src/* UsageError */.eb({
        what: "database-url is not the address of a PostgreSQL database.",
        why: url === undefined
            ? "It cannot be read as a URL. Characters such as @, /, #, ? and spaces in a password have to be percent-encoded."
            : `It starts with ${url.protocol}//, which is not PostgreSQL.`,
        fix: "Write postgresql://user:password@host:5432/database?sslmode=require, as a secret; postgresql+psycopg:// and other drivers are fine too.",
    });
}
function decode(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return text;
    }
}
function tlsMode(word) {
    if (word === null)
        return "prefer";
    const mode = tlsModes[word.toLowerCase()];
    if (mode !== undefined)
        return mode;
    throw new release_src/* UsageError */.eb({
        what: `database-url asks for sslmode=${word}, which PostgreSQL does not know.`,
        why: `The modes are ${Object.keys(tlsModes)
            .filter((name) => !/true|false/.test(name))
            .join(", ")}.`,
        fix: "Set sslmode=require, or sslmode=verify-full with sslrootcert.",
    });
}
/** TLS options for `pg`, with libpq's meaning of each mode: only the `verify` modes check who answers. */
async function tlsOptions({ tls, rootCertificate, host }) {
    if (tls === "disable" || host.startsWith("/"))
        return false;
    const ca = await certificate(rootCertificate);
    if (tls === "verify-full")
        return { ...ca, rejectUnauthorized: true };
    const verifies = tls === "verify-ca" || (tls === "require" && rootCertificate !== undefined);
    return verifies
        ? { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined }
        : { rejectUnauthorized: false };
}
async function certificate(path) {
    if (path === undefined || path === "system")
        return {};
    try {
        return { ca: await (0,promises_.readFile)(path, "utf8") };
    }
    catch (cause) {
        throw new release_src/* UsageError */.eb({
            what: `The root certificate ${path} of database-url cannot be read.`,
            why: cause instanceof Error ? cause.message : String(cause),
            fix: "Correct sslrootcert in database-url, or write the certificate there in an earlier step.",
            cause,
        });
    }
}

;// CONCATENATED MODULE: ./packages/alembic/src/redact.ts
/**
 * Hides secrets in text from outside before it is printed or thrown. The runner masks what was registered with it, but
 * only in its own log; an error in a result, a summary or a local run must be clean by itself.
 */
function redactor(secrets) {
    const forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form.length >= 4);
    forms.sort((a, b) => b.length - a.length);
    return (text) => forms.reduce((clean, form) => clean.replaceAll(form, "***"), text);
}
function formsOf(secret) {
    const base64 = Buffer.from(secret, "utf8").toString("base64");
    return [
        secret,
        encodeURIComponent(secret),
        encodeURIComponent(secret).replaceAll("%20", "+"),
        JSON.stringify(secret).slice(1, -1),
        secret.replaceAll("'", "''"),
        secret.replaceAll("%", "%%"),
        secret.replaceAll("'", "\\'"),
        base64,
        base64.replace(/=+$/, ""),
    ];
}

;// CONCATENATED MODULE: ./packages/alembic/src/explain-connection.ts


/** By SQLSTATE, Node's error code, or TLS code. */
function adviceFor(code, message, address) {
    const { host, port, user, database } = address;
    const client = /no pg_hba\.conf entry for host "([^"]+)"/.exec(message)?.[1];
    if (client !== undefined && address.tls !== "disable")
        return notAdmitted(host, client);
    const known = {
        "28P01": [
            `PostgreSQL at ${host} refused the password of ${user}.`,
            "Correct the secret behind database-url. In a URL, special characters of a password have to be percent-encoded. With database-auth: entra, the user must be the name of a database principal made for this identity (pgaadauth_create_principal).",
        ],
        "28000": [
            `PostgreSQL at ${host} does not let ${user} connect to ${database}.`,
            "Check the user's name and that pg_hba.conf (or the server's firewall and TLS setting) admits this runner; add ?sslmode=require if the server demands TLS.",
        ],
        "3D000": [
            `There is no database called ${database} at ${host}.`,
            `Create it (CREATE DATABASE), or correct the name after the last slash of database-url.`,
        ],
        "53300": [
            `PostgreSQL at ${host} has no free connection.`,
            "Wait for running jobs to end, or raise max_connections.",
        ],
        "57P03": [`PostgreSQL at ${host} is starting up or shutting down.`, "Run the job again in a minute."],
        ENOTFOUND: [
            `The database host ${host} is not known.`,
            "Correct the host in database-url. A private endpoint's name only resolves from inside its network.",
        ],
        ECONNREFUSED: [
            `Nothing listens at ${host}:${port}.`,
            "Start PostgreSQL, or correct host and port in database-url.",
        ],
        ETIMEDOUT: [
            `${host}:${port} did not answer.`,
            "Most often a firewall. On an Azure flexible server set connect: firewall-rule, which opens it to this runner for the run; a server with private access alone needs a runner inside its network.",
        ],
    };
    if (/timeout expired|ETIMEDOUT|terminated due to connection timeout/i.test(message))
        return known.ETIMEDOUT;
    if (code === "EAI_AGAIN")
        return known.ENOTFOUND;
    if (/does not support SSL/i.test(message))
        return [
            `PostgreSQL at ${host} does not offer TLS, which database-url demands.`,
            "Turn TLS on at the server, or set sslmode=disable for a database on this machine.",
        ];
    if (/certificate|self.signed|CERT|altname/i.test(`${code} ${message}`))
        return [
            `The certificate of ${host} cannot be verified.`,
            "Set sslrootcert in database-url to the server's root certificate, or sslmode=require to encrypt without verifying.",
        ];
    return known[code];
}
function notAdmitted(host, client) {
    return [
        `PostgreSQL at ${host} admits no connection from ${client}, which is this runner.`,
        "On an Azure flexible server set connect: firewall-rule, which opens its firewall to this runner for the run and closes it again; where it is set already, give runner-address the range that this runner's network leaves by. Elsewhere add the address to the server's firewall or pg_hba.conf.",
    ];
}
/** What a failed connection means and what to do, by PostgreSQL's or the system's own code; unknown ones are shown raw. */
function explainConnection(error, address) {
    const clean = redactor(address.secrets);
    const message = clean(error instanceof AggregateError ? error.errors.map(String).join("; ") : messageOf(error));
    const code = codeOf(error);
    const advice = adviceFor(code ?? "", message, address);
    return new release_src/* ServiceError */._7({
        service: "PostgreSQL",
        operation: "connect",
        code,
        what: advice?.[0] ?? `The database ${address.shown} cannot be reached.`,
        why: `${code === undefined ? "" : `${code}: `}${message}`,
        fix: advice?.[1] ?? "Correct database-url, and check that this runner may reach the server.",
        retryable: code === "57P03" || code === "53300",
        cause: error,
    });
}
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}
function codeOf(error) {
    if (typeof error !== "object" || error === null || !("code" in error))
        return undefined;
    return typeof error.code === "string" ? error.code : undefined;
}

;// CONCATENATED MODULE: ./packages/alembic/src/database-session.ts



/** Two 32-bit keys of the advisory lock under which migrations are applied: "AUGE", "MIGR". Locks are per database. */
const lockKey = [0x41554745, 0x4d494752];
const CONNECT_TIMEOUT_MS = 15_000;
/** @throws ServiceError that says which of host, port, TLS, user, password or database is wrong. */
async function openSession(address) {
    const client = await connectTo(address);
    let lost;
    client.on("error", (error) => {
        lost = error;
    });
    const { rows } = await client.query("select current_setting('server_version') as v");
    return {
        version: rows[0]?.v ?? "?",
        lost: () => lost,
        tryLock: () => tryLock(client),
        holder: () => holder(client),
        revisions: (table, schema) => revisions(client, table, schema),
        invalidIndexes: () => invalidIndexes(client),
        async cancel(pid) {
            await client.query("select pg_cancel_backend($1)", [pid]);
        },
        close: () => client.end().catch(() => undefined),
    };
}
/** @throws ServiceError that says which of host, port, TLS, user, password or database is wrong. */
async function connectTo(address) {
    return tryToConnect(address).catch((error) => {
        throw explainConnection(error, address);
    });
}
/** As `connectTo`, with the error as it came. */
async function tryToConnect(address, timeout = CONNECT_TIMEOUT_MS) {
    const ssl = await tlsOptions(address);
    try {
        return await attempt(address, ssl, timeout);
    }
    catch (error) {
        const plain = address.tls === "prefer" && error instanceof Error && /does not support SSL/i.test(error.message);
        if (!plain)
            throw error;
    }
    return attempt(address, false, timeout);
}
async function attempt(address, ssl, timeout) {
    const { Client: PgClient } = (await __webpack_require__.e(/* import() */ 849).then(__webpack_require__.bind(__webpack_require__, 3849))).default;
    const client = new PgClient({
        host: address.host,
        port: address.port,
        user: address.user,
        database: address.database,
        ...(address.password === undefined ? {} : { password: address.password }),
        ssl,
        application_name: "augeo migration-gate",
        connectionTimeoutMillis: timeout,
        // Azure's load balancer forgets a silent connection after 4 minutes, and the lock would go with it.
        keepAlive: true,
        keepAliveInitialDelayMillis: 30_000,
    });
    try {
        await client.connect();
        return client;
    }
    catch (error) {
        await client.end().catch(() => undefined);
        throw error;
    }
}
async function tryLock(client) {
    const { rows } = await client.query("select pg_try_advisory_lock($1, $2) as got", [...lockKey]);
    return rows[0]?.got === true;
}
async function holder(client) {
    const { rows } = await client.query(`select a.pid, coalesce(a.application_name, '') as application, coalesce(host(a.client_addr), 'local') as address,
            to_char(a.backend_start at time zone 'UTC', 'HH24:MI:SS') || ' UTC' as since
       from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2
        and l.database = (select oid from pg_database where datname = current_database())`, [...lockKey]);
    return rows[0];
}
async function revisions(client, table, schema) {
    const name = schema === null
        ? client.escapeIdentifier(table)
        : `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`;
    const { rows: found } = await client.query("select to_regclass($1)::text as t", [name]);
    if (found[0]?.t == null)
        return [];
    const { rows } = await client.query(`select version_num from ${name} order by 1`);
    return rows.map((row) => row.version_num);
}
/** That of a partitioned table is none: it is invalid until every partition's index is attached to it. */
async function invalidIndexes(client) {
    const { rows } = await client.query(`select i.indexrelid::regclass::text as index, i.indrelid::regclass::text as "table"
       from pg_index i join pg_class c on c.oid = i.indexrelid
      where not i.indisvalid and c.relkind = 'i' order by 1`);
    return rows;
}
/** A lost connection means a lost lock: nothing may be applied any more. */
function assertHeld(session, address) {
    const lost = session.lost();
    if (lost === undefined)
        return;
    throw new release_src/* ServiceError */._7({
        service: "PostgreSQL",
        operation: "advisory lock",
        what: `The connection that holds the migration lock on ${address.shown} was ended.`,
        why: lost.message,
        fix: "Start the run again: it reads where the database is before it does anything. Connect to PostgreSQL itself, not through a pooler in transaction mode.",
        retryable: true,
        cause: lost,
    });
}

;// CONCATENATED MODULE: ./packages/alembic/src/explain-failure.ts

const drivers = new Set(["psycopg", "psycopg2", "asyncpg", "pg8000", "psycopg2cffi"]);
/**
 * Why Alembic never got to a revision: its own faults, the environment's, env.py's. Nothing was changed.
 * Failures inside a revision are outcomes and are not explained here.
 */
function explainFailure(failure, around) {
    return (explainImport(failure, around) ??
        explainStop(failure, around) ??
        explainDatabase(failure, around) ??
        explainEnvironment(failure, around));
}
function explainImport({ during, missing, frame, traceback }, around) {
    if (missing === null)
        return undefined;
    const module = missing.split(".")[0] ?? missing;
    const where = frame === null ? "" : ` (${frame.file}, line ${frame.line})`;
    if (during === "load") {
        return new release_src/* UsageError */.eb({
            what: `${around.python} has no ${module === "sqlalchemy" ? "SQLAlchemy" : "Alembic"}.`,
            why: `import ${module} failed: this interpreter is not the one that has the project's packages.`,
            fix: "Install the project's requirements before this step (pip install -r requirements.txt), or name the interpreter that has them, such as .venv/bin/python: the input python, or augeo-gate --python.",
        });
    }
    const driver = drivers.has(module);
    return new release_src/* UsageError */.eb({
        what: driver
            ? `The database driver ${module} is not installed.`
            : `The migrations import ${missing}, which is not installed${where}.`,
        why: around.clean(traceback.slice(-3).join("\n")),
        fix: driver
            ? `Install it into ${around.python} (pip install ${module === "psycopg" ? '"psycopg[binary]"' : module}), or name the driver you have in ${around.databaseUrlEnv}: postgresql+psycopg://…`
            : `Install the project's packages into ${around.python}, or correct the import.`,
    });
}
/** What our own program refused, or Alembic said in words of its own (`CommandError`). */
function explainStop(failure, { clean }) {
    if (failure.type === "Stop") {
        return new release_src/* UsageError */.eb({
            what: `${capital(failure.message)}.`,
            why: "The gate drives the project's own env.py and has to see one PostgreSQL database through it.",
            fix: "Have env.py call context.configure(connection=…) and context.run_migrations() once, on the database the environment variable names.",
        });
    }
    if (failure.type !== "CommandError")
        return undefined;
    return new release_src/* UsageError */.eb({
        what: `Alembic refused: ${clean(failure.message)}`,
        why: "It could not make sense of the configuration or of the revisions.",
        fix: "Run alembic history and alembic heads in the project; correct what they show.",
    });
}
/** The gate's own connection worked, so env.py goes somewhere else, or with something else. */
function explainDatabase(failure, around) {
    if (!failure.parents.includes("OperationalError") &&
        failure.sqlstate === null &&
        !/InterfaceError|OSError|ConnectionError/.test(failure.parents.join())) {
        return undefined;
    }
    return new release_src/* ServiceError */._7({
        service: "PostgreSQL",
        operation: "the project's own connection",
        code: failure.sqlstate ?? undefined,
        what: `env.py could not work with the database, which the gate itself reached at ${around.address.shown}.`,
        why: around.clean(lastLines(failure.message, 4)),
        fix: `Let env.py take its address from ${around.databaseUrlEnv} (or sqlalchemy.url), which this action sets; set database-url-env if the project reads another variable.`,
    });
}
function explainEnvironment(failure, { clean }) {
    const place = failure.frame === null ? "env.py" : `${failure.frame.file}, line ${failure.frame.line}`;
    return new release_src/* UsageError */.eb({
        what: `The migration environment failed before any migration ran: ${failure.type} at ${place}.`,
        why: clean([failure.message, ...failure.traceback.slice(-8)].filter((line) => line !== "").join("\n")),
        fix: "Make alembic current work in the project with the same environment variables; the lines above are Python's own.",
    });
}
function lastLines(text, count) {
    return text.trim().split("\n").slice(0, count).join("\n");
}
function capital(text) {
    return text.slice(0, 1).toUpperCase() + text.slice(1);
}

;// CONCATENATED MODULE: ./packages/alembic/src/failure-report.ts
function reportFailure(facts) {
    const { failure, project, clean } = facts;
    const revision = project.revisions.find(({ id }) => id === failure.revision);
    return {
        revision: failure.revision,
        file: revision?.file ?? failure.frame?.file ?? null,
        line: lineIn(revision, failure),
        sqlstate: failure.sqlstate,
        message: clean(failure.primary ?? firstLine(failure)),
        detail: cleanOrNull(failure.detail, clean),
        hint: cleanOrNull(failure.hint, clean),
        statement: cleanOrNull(failure.statement, clean),
        state: describeState(facts, revision),
        command: continueCommand(project, facts.targets, facts.databaseUrlEnv),
        invalidIndexes: facts.invalidIndexes,
    };
}
function firstLine({ type, message }) {
    const [line] = message.trim().split("\n");
    return line === undefined || line === "" ? type : `${type}: ${line}`;
}
function cleanOrNull(text, clean) {
    return text === null ? null : clean(text);
}
function lineIn(revision, { frame }) {
    if (frame === null)
        return revision === undefined ? null : 1;
    if (revision === undefined || frame.file.endsWith(revision.file.split("/").at(-1) ?? ""))
        return frame.line;
    return 1;
}
function describeState({ now, committed, seen, failure, invalidIndexes, clean }, revision) {
    const at = now.length === 0 ? "no revision" : now.join(", ");
    const kept = committed.length === 0 ? "Nothing of this run was kept" : `Applied and kept: ${committed.join(", ")}`;
    const sentences = [`The database is at ${at}.`, `${kept}; revision ${failure.revision ?? "?"} was rolled back.`];
    if (revision?.operations.some(({ autocommit, function: name }) => autocommit && name !== "downgrade")) {
        const finished = seen.get(revision.id)?.finished ?? [];
        sentences[1] = `${kept}. Revision ${revision.id} uses autocommit_block, so what it did before the failure may have stayed${finished.length === 0 ? "." : `: ${clean(finished.map(oneLine).join("; "))}.`}`;
    }
    for (const { index, table } of invalidIndexes) {
        sentences.push(`A failed concurrent build left the INVALID index ${index} on ${table}: DROP INDEX CONCURRENTLY ${index}; before going on.`);
    }
    return sentences.join(" ");
}
function oneLine(sql) {
    return sql.replaceAll(/\s+/g, " ").trim().slice(0, 200);
}
/** Run in the project's directory; the address stays in the environment. */
function continueCommand(project, targets, databaseUrlEnv) {
    const upgrade = `${databaseUrlEnv}=… python -m alembic -c ${project.config} upgrade`;
    return targets.map((target) => `${upgrade} ${target}`).join(" && ");
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./packages/alembic/src/decode.ts
/** Readers for foreign JSON: each says which field was not what it should be. */
function fieldsOf(value, what) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
        throw new TypeError(`${what} is not an object`);
    return value;
}
function textIn(fields, name) {
    const value = fields[name];
    if (typeof value !== "string")
        throw new TypeError(`${name} is not a text`);
    return value;
}
function textOrNull(fields, name) {
    const value = fields[name];
    return typeof value === "string" ? value : null;
}
function numberIn(fields, name) {
    const value = fields[name];
    if (typeof value !== "number")
        throw new TypeError(`${name} is not a number`);
    return value;
}
function flagIn(fields, name) {
    return fields[name] === true;
}
function textsIn(fields, name) {
    return listIn(fields, name).filter((item) => typeof item === "string");
}
function listIn(fields, name) {
    const value = fields[name];
    return Array.isArray(value) ? value : [];
}

;// CONCATENATED MODULE: ./packages/alembic/src/programs/read-revisions.ts
/**
 * The Python program that reads a project's Alembic revisions with `ast`: nothing of the project is imported or run,
 * so it works without the project's packages and on hostile pull requests. It is a string so that bundling keeps it.
 * Arguments: the directory to start in, the configuration file ("" to look for it), the configuration section.
 * Prints one JSON object; the decoder is in `read-project.ts`.
 */
const readRevisionsProgram = String.raw `
import ast, configparser, hashlib, json, os, re, sys

start, given, section = sys.argv[1:4]
REVISION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)$")
LEGACY_NAME = re.compile(r"([a-f0-9]+)\.py$")
SEPARATORS = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}


class Refusal(Exception):
    def __init__(self, kind, **facts):
        super().__init__(kind)
        self.facts = dict(facts, kind=kind)


def load_toml(path):
    try:
        import tomllib
    except ImportError:
        return None
    with open(path, "rb") as file:
        try:
            return tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise Refusal("config-broken", file=path, message=str(error))


def load_ini(path):
    here = os.path.abspath(os.path.dirname(path))
    parser = configparser.ConfigParser({"here": here})
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (configparser.Error, UnicodeDecodeError) as error:
        raise Refusal("config-broken", file=path, message=str(error))
    return parser


def ini_options(path):
    parser = load_ini(path)
    if not parser.has_section(section):
        return {}
    options = {}
    for name in parser.options(section):
        try:
            options[name] = parser.get(section, name)
        except configparser.Error as error:
            if name in ("script_location", "version_locations", "prepend_sys_path"):
                raise Refusal("config-broken", file=path, message=str(error))
    return options


def toml_options(path):
    content = load_toml(path)
    table = ((content or {}).get("tool") or {}).get("alembic")
    if not isinstance(table, dict):
        return None
    here = os.path.abspath(os.path.dirname(path))
    fill = lambda value: value.replace("%(here)s", here).replace("%%", "%") if isinstance(value, str) else value
    return {key: [fill(v) for v in value] if isinstance(value, list) else fill(value) for key, value in table.items()}


def find_config():
    looked = []
    if given:
        path = os.path.join(start, given)
        if os.path.isdir(path):
            path = os.path.join(path, "alembic.ini")
        if not os.path.isfile(path):
            raise Refusal("no-config", looked=[path], near=nearby())
        return path
    for name in ("alembic.ini", "pyproject.toml"):
        path = os.path.join(start, name)
        looked.append(path)
        if os.path.isfile(path) and (name != "pyproject.toml" or toml_options(path) is not None):
            return path
    raise Refusal("no-config", looked=looked, near=nearby())


def nearby():
    found = []
    for root, folders, files in os.walk(start):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in ("node_modules", "venv", "__pycache__", "site-packages"))
        if root.count(os.sep) - start.count(os.sep) >= 3:
            folders[:] = []
        if "alembic.ini" in files:
            found.append(os.path.relpath(os.path.join(root, "alembic.ini"), start))
    return found[:5]


def split(value, separator, legacy):
    if not value:
        return []
    if isinstance(value, list):
        return value
    if separator is None:
        return [part for part in re.split(legacy, value) if part]
    if separator not in SEPARATORS:
        raise Refusal("config-broken", file=config, message="path_separator = %s is none of %s" % (separator, ", ".join(SEPARATORS)))
    return [part.strip() for part in value.split(SEPARATORS[separator]) if part.strip()]


def locate(resource, search, base):
    """script_location may be package:path; packages are found by name in the import path, never imported."""
    if os.path.isabs(resource) or ":" not in resource:
        return os.path.join(base, resource)
    package, _, rest = resource.partition(":")
    rest = rest.replace(":", "/")
    tried = [os.path.join(base, folder) for folder in search] + [base] + [p for p in sys.path if p]
    for folder in tried:
        path = os.path.join(folder, *package.split("."))
        if os.path.isdir(path):
            return os.path.join(path, *rest.split("/"))
    return os.path.join(base, package, rest)


def literal(node):
    try:
        value = ast.literal_eval(node)
        json.dumps(value)
        return {"value": list(value) if isinstance(value, tuple) else value}
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        try:
            return {"expression": ast.unparse(node)[:2000]}
        except (AttributeError, RecursionError):
            return {"expression": ""}


# What asks the database or Alembic something, so that nothing is the same offline.
ASKING = ("is_offline_mode", "inspect", "Session", "fetchall", "fetchone", "scalar_one", "scalar_one_or_none", "mappings")


def spoken(node):
    """The SQL that text() and DDL() are given says what they do."""
    name = getattr(node.func, "attr", getattr(node.func, "id", None)) if isinstance(node, ast.Call) else None
    return node.args[0] if name in ("text", "DDL") and len(node.args) == 1 else node


class Operations(ast.NodeVisitor):
    def __init__(self):
        self.found, self.function, self.conditional, self.loop, self.autocommit = [], None, 0, 0, 0
        self.batches = {}

    def visit_FunctionDef(self, node):
        outer, self.function = self.function, self.function or node.name
        self.generic_visit(node)
        self.function = outer

    visit_AsyncFunctionDef = visit_FunctionDef

    def nested(self, counter, node):
        setattr(self, counter, getattr(self, counter) + 1)
        self.generic_visit(node)
        setattr(self, counter, getattr(self, counter) - 1)

    def visit_If(self, node):
        self.nested("conditional", node)

    def visit_Try(self, node):
        self.nested("conditional", node)

    def visit_For(self, node):
        self.nested("loop", node)

    def visit_While(self, node):
        self.nested("loop", node)

    def visit_With(self, node):
        autocommit, added = False, []
        for item in node.items:
            call = item.context_expr
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr == "autocommit_block":
                autocommit = True
                self.record(node.items[0].context_expr, "autocommit_block", "autocommit")
            elif call.func.attr == "batch_alter_table" and isinstance(item.optional_vars, ast.Name):
                table = literal(call.args[0]).get("value") if call.args else None
                self.batches[item.optional_vars.id] = table
                added.append(item.optional_vars.id)
        self.autocommit += autocommit
        for statement in node.body:
            self.visit(statement)
        self.autocommit -= autocommit
        for name in added:
            self.batches.pop(name, None)

    def visit_Call(self, node):
        target = node.func
        if isinstance(target, ast.Attribute):
            owner = target.value
            if isinstance(owner, ast.Name) and owner.id == "op":
                self.record(node, target.attr, "op")
            elif isinstance(owner, ast.Name) and owner.id in self.batches:
                self.record(node, target.attr, "batch", self.batches[owner.id])
            elif target.attr in ("execute", "exec_driver_sql", "scalar", "scalars") and self.function:
                self.record(node, target.attr, "connection")
            elif target.attr in ASKING and self.function:
                self.record(node, target.attr, "context")
        elif isinstance(target, ast.Name) and target.id in ASKING and self.function:
            self.record(node, target.id, "context")
        self.generic_visit(node)

    def visit_Attribute(self, node):
        # is_offline_mode() in other words, without a call.
        if node.attr == "as_sql" and self.function:
            self.record(ast.copy_location(ast.Call(node, [], []), node), "is_offline_mode", "context")
        self.generic_visit(node)

    def record(self, node, name, receiver, table=None):
        self.found.append({
            "name": name, "receiver": receiver, "function": self.function or "", "batchTable": table,
            "line": node.lineno, "endLine": node.end_lineno or node.lineno, "column": node.col_offset + 1,
            "arguments": [literal(spoken(a)) for a in node.args],
            "keywords": {k.arg: literal(k.value) for k in node.keywords if k.arg},
            "autocommit": self.autocommit > 0, "conditional": self.conditional > 0, "loop": self.loop > 0,
        })


def assigned(tree):
    names = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                # One constant standing for another, as in a file that names its parent once.
                names[target.id] = names[value.id] if isinstance(value, ast.Name) and value.id in names else (node.lineno, value)
    return names


def text_list(names, key, path, faults):
    if key not in names:
        return None
    line, node = names[key]
    found = literal(node)
    value = found.get("value")
    if "expression" in found:
        # Labels only matter to who asks for one by name.
        if key != "branch_labels":
            faults.append({"kind": "not-literal", "file": path, "line": line, "message": "%s = %s" % (key, found["expression"][:200])})
        return []
    items = [] if value is None else value if isinstance(value, list) else [value]
    return [str(item) for item in items if item is not None]


def read_revision(path, shown, faults):
    with open(path, "rb") as file:
        source = file.read()
    try:
        tree = ast.parse(source, filename=shown)
    except (SyntaxError, ValueError) as error:
        faults.append({"kind": "syntax", "file": shown, "line": getattr(error, "lineno", None) or 1, "message": str(error)})
        return None
    names = assigned(tree)
    ids = text_list(names, "revision", shown, faults)
    if ids is None:
        legacy = LEGACY_NAME.match(os.path.basename(path))
        if not legacy:
            faults.append({"kind": "no-revision-id", "file": shown, "line": 1, "message": ""})
            return None
        ids = [legacy.group(1)]
    if not ids:
        return None
    parents = text_list(names, "down_revision", shown, faults)
    if parents is None:
        faults.append({"kind": "no-down-revision", "file": shown, "line": 1, "message": ids[0]})
    visitor = Operations()
    visitor.visit(tree)
    functions = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    doc = (ast.get_docstring(tree) or "").strip()
    return {
        "id": ids[0], "downRevisions": parents or [], "dependsOn": text_list(names, "depends_on", shown, faults) or [],
        "branchLabels": text_list(names, "branch_labels", shown, faults) or [],
        "message": " ".join(re.split("\n\n", doc)[0].split()), "file": shown,
        "line": names["revision"][0] if "revision" in names else 1,
        "contentHash": hashlib.sha256(source.replace(b"\r\n", b"\n")).hexdigest(),
        "operations": visitor.found, "imports": imports(tree),
        "upgrade": describe(functions.get("upgrade")), "downgrade": describe(functions.get("downgrade")),
        "ignores": [{"line": n + 1, "text": line.split("migration-gate:", 1)[1].strip()}
                    for n, line in enumerate(source.decode("utf-8", "replace").split("\n")) if re.search(r"#\s*migration-gate:", line)],
    }


def describe(function):
    if function is None:
        return None
    body = [n for n in function.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
    return {"line": function.lineno, "empty": all(isinstance(n, ast.Pass) for n in body),
            "raises": bool(body) and isinstance(body[0], ast.Raise)}


def imports(tree):
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [{"module": alias.name, "line": node.lineno} for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append({"module": "." * node.level + (node.module or ""), "line": node.lineno})
    return found


def is_revision(path):
    if not REVISION_FILE.match(os.path.basename(path)):
        return False
    with open(path, "rb") as file:
        return re.search(rb"^down_revision\b", file.read(), re.M) is not None


def environment_near(folder):
    """The folder with env.py, when there is one place only: beside the configuration, or right under it."""
    found = [path for path in [folder, *sorted(entry.path for entry in os.scandir(folder) if entry.is_dir())] if os.path.isfile(os.path.join(path, "env.py"))]
    return found[0] if len(found) == 1 or (found and found[0] == folder) else None


def above(folder):
    found = []
    while os.path.dirname(folder) != folder and len(found) < 6:
        folder = os.path.dirname(folder)
        found.append(folder)
    return found


def files_in(folder, recursive):
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f != "__pycache__") if recursive else []
        for name in sorted(files):
            if REVISION_FILE.match(name):
                yield os.path.join(root, name)


def main():
    global config
    config = find_config()
    options = toml_options(config) if config.endswith(".toml") else ini_options(config)
    if not config.endswith(".toml"):
        beside = os.path.join(os.path.dirname(config), "pyproject.toml")
        if "script_location" not in options and os.path.isfile(beside):
            options = dict(toml_options(beside) or {}, **options)
    options = options or {}
    location, given_options = options.get("script_location"), {}
    beside = os.path.abspath(os.path.dirname(config))
    if not location:
        # Flask-Migrate and the like say it in their own code: the configuration lies in the folder itself.
        location = beside if os.path.isfile(os.path.join(beside, "env.py")) else None
        if location is None:
            raise Refusal("no-script-location", file=config, section=section)
        given_options["script_location"] = location
    separator = options.get("path_separator")
    search = split(options.get("prepend_sys_path"), separator, r", *|(?: +)|\:")
    # Alembic resolves relative paths against the directory it is started in: the configuration's own, or the given one.
    # A path from the repository's root stands for itself where the configuration lies deeper.
    bases = [beside, start, *above(start)]
    base = next((b for b in bases if os.path.isfile(os.path.join(locate(location, search, b), "env.py"))), None)
    if base is None and "{" in location and environment_near(beside) is not None:
        # A template that the project's own code fills in.
        base = beside
        location = given_options["script_location"] = environment_near(beside)
    if base is None:
        raise Refusal("no-scripts", file=config, location=location, looked=[locate(location, search, b) for b in bases[:2]])
    scripts = locate(location, search, base)
    places = split(options.get("version_locations"), separator or options.get("version_path_separator"), r", *|(?: +)")
    folders = [locate(place, search, base) for place in places] or [os.path.join(scripts, "versions")]
    recursive = str(options.get("recursive_version_locations", "")).lower() in ("true", "1", "yes", "on")
    if not places and not recursive:
        nested = [root for root, _, files in os.walk(folders[0]) if root != folders[0] and any(map(is_revision, [os.path.join(root, f) for f in files]))]
        of_postgres = [root for root in nested if re.search("postgres", os.path.basename(root), re.I)]
        nested = of_postgres or nested
        if nested:
            # Alembic alone would pass over them: the project's own tools name them.
            folders += sorted(nested)
            given_options.update(version_locations=os.pathsep.join(folders), path_separator="os", version_path_separator="os")
    faults, revisions, seen = [], [], set()
    for folder in folders:
        if not os.path.isdir(folder):
            faults.append({"kind": "no-folder", "file": os.path.relpath(folder, start), "line": 1, "message": ""})
        for path in files_in(folder, recursive):
            real = os.path.realpath(path)
            if real in seen:
                continue
            seen.add(real)
            revision = read_revision(path, os.path.relpath(path, start), faults)
            if revision:
                revisions.append(revision)
    relative = lambda path: os.path.relpath(path, start)
    return {"options": given_options, "config": os.path.relpath(config, base), "directory": base, "scripts": relative(scripts), "locations": [relative(f) for f in folders],
            "python": sys.executable, "pythonVersion": sys.version.split()[0], "revisions": revisions, "faults": faults}


start = os.path.abspath(start)
try:
    answer = main()
except Refusal as refusal:
    answer = {"refusal": refusal.facts}
json.dump(answer, sys.stdout)
`;

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
;// CONCATENATED MODULE: ./packages/alembic/src/python-environment.ts




/** Which interpreter runs the project: the given one, the active or a nearby virtual environment, or the PATH's. */
async function findPython(directory, given, env) {
    if (given !== undefined && given !== "")
        return givenPython(directory, given, env);
    const environments = [env.VIRTUAL_ENV, (0,external_node_path_.join)(directory, ".venv"), (0,external_node_path_.join)(directory, "venv")];
    for (const home of environments) {
        if (home === undefined || home === "")
            continue;
        const path = (0,external_node_path_.join)(home, ...inside);
        if (await isExecutable(path))
            return path;
    }
    const found = (await onPath("python3", env)) ?? (await onPath("python", env));
    if (found !== undefined)
        return found;
    throw new release_src/* UsageError */.eb({
        what: "There is no Python.",
        why: `No virtual environment is active, none is in ${directory} (.venv, venv), and neither python3 nor python is on the PATH.`,
        fix: "Install Python with the project's packages (in a workflow: actions/setup-python before this step), or name the interpreter: the input python, or augeo-gate --python.",
    });
}
const inside = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
async function givenPython(directory, given, env) {
    const isPath = given.includes("/") || given.includes("\\");
    const path = isPath ? (0,external_node_path_.join)(given.startsWith("/") ? "" : directory, given) : await onPath(given, env);
    if (path !== undefined && (await isExecutable(path)))
        return path;
    throw new release_src/* UsageError */.eb({
        what: `The input python names ${given}, which cannot be run.`,
        why: isPath ? `There is no executable file at ${path}.` : "It is not on the PATH.",
        fix: "Set python to the interpreter of the environment that has the project's packages, such as .venv/bin/python, or leave it out.",
    });
}
async function onPath(name, env) {
    for (const folder of (env.PATH ?? "").split(external_node_path_.delimiter)) {
        const path = (0,external_node_path_.join)(folder, name);
        if (folder !== "" && (await isExecutable(path)))
            return path;
    }
    return undefined;
}
async function isExecutable(path) {
    return (0,promises_.access)(path, promises_.constants.X_OK).then(() => true, () => false);
}
/** Runs a short program to its end. Rejects with the last lines of its standard error. */
function runPython(python, args, directory, env) {
    return new Promise((resolve, reject) => {
        const options = { cwd: directory, env: { ...env }, maxBuffer: 512 * 1024 * 1024 };
        (0,external_node_child_process_.execFile)(python, [...args], options, (error, stdout, stderr) => {
            if (error === null)
                resolve(stdout);
            else
                reject(new Error(stderr.trim().split("\n").slice(-5).join("\n") || error.message, { cause: error }));
        });
    });
}

;// CONCATENATED MODULE: ./packages/alembic/src/read-project.ts





/** @throws UsageError without Python, configuration or script directory. */
async function readProject(given, env) {
    const options = { ...given, directory: (0,external_node_path_.resolve)(given.directory) };
    const python = await findPython(options.directory, options.python, env);
    const args = [
        "-I",
        "-c",
        readRevisionsProgram,
        options.directory,
        options.config ?? "",
        options.section ?? "alembic",
    ];
    const answer = fieldsOf(JSON.parse(await runReader(python, args, options.directory, env)), "the reader's answer");
    if (answer.refusal !== undefined)
        throw explainRefusal(fieldsOf(answer.refusal, "refusal"), options);
    return {
        python,
        root: options.directory,
        directory: textIn(answer, "directory"),
        config: textIn(answer, "config"),
        locations: textsIn(answer, "locations"),
        scripts: textIn(answer, "scripts"),
        options: optionsOf(answer.options),
        revisions: listIn(answer, "revisions").map(revisionOf),
        faults: listIn(answer, "faults").map(faultOf),
    };
}
async function runReader(python, args, directory, env) {
    try {
        return await runPython(python, args, directory, env);
    }
    catch (cause) {
        throw new release_src/* UsageError */.eb({
            what: `${python} could not read the revisions.`,
            why: cause instanceof Error ? cause.message : String(cause),
            fix: "Python 3.9 or newer is needed; set the input python to one.",
            cause,
        });
    }
}
function explainRefusal(refusal, { directory, section }) {
    const looked = textsIn(refusal, "looked").join(", ");
    const near = textsIn(refusal, "near");
    const file = textOrNull(refusal, "file") ?? "?";
    const location = textOrNull(refusal, "location") ?? "?";
    switch (textIn(refusal, "kind")) {
        case "no-config":
            return new release_src/* UsageError */.eb({
                what: `There is no Alembic configuration in ${directory}.`,
                why: `Looked for ${looked}${near.length > 0 ? `; there is ${near.join(" and ")}` : ""}.`,
                fix: near[0] === undefined
                    ? "Check the code out before this step, or set alembic-config to the path of alembic.ini (or of a pyproject.toml with [tool.alembic])."
                    : `Set alembic-config: ${near[0]}, or, where that folder is the app, name the folder instead: package for a release, else working-directory.`,
            });
        case "no-script-location":
            return new release_src/* UsageError */.eb({
                what: `${file} does not say where the migrations are.`,
                why: `It has no script_location in [${section ?? "alembic"}].`,
                fix: "Add script_location = the folder that holds env.py and versions/.",
            });
        case "no-scripts":
            return new release_src/* UsageError */.eb({
                what: `There is no migration environment at ${location}.`,
                why: `${file} names it as script_location, and there is no env.py (looked in ${looked}).`,
                fix: "Correct script_location, or commit the folder with env.py and versions/.",
            });
        default:
            return new release_src/* UsageError */.eb({
                what: `${file} cannot be read.`,
                why: textOrNull(refusal, "message") ?? "unknown",
                fix: "Correct the file; a percent sign in alembic.ini is written %%.",
            });
    }
}
const optionsOf = (value) => Object.fromEntries(Object.entries(fieldsOf(value, "options")).flatMap(([name, text]) => typeof text === "string" ? [[name, text]] : []));
function faultOf(value) {
    const fields = fieldsOf(value, "fault");
    return {
        kind: textIn(fields, "kind"),
        file: textIn(fields, "file"),
        line: numberIn(fields, "line"),
        message: textIn(fields, "message"),
    };
}
/** The reader is ours and came with us: its identity fields are checked, its operations taken as they are. */
function revisionOf(value) {
    const fields = fieldsOf(value, "revision");
    return {
        id: textIn(fields, "id"),
        downRevisions: textsIn(fields, "downRevisions"),
        dependsOn: textsIn(fields, "dependsOn"),
        branchLabels: textsIn(fields, "branchLabels"),
        message: textIn(fields, "message"),
        file: textIn(fields, "file"),
        line: numberIn(fields, "line"),
        contentHash: textIn(fields, "contentHash"),
        operations: listIn(fields, "operations"),
        imports: listIn(fields, "imports"),
        upgrade: (fields.upgrade ?? null),
        downgrade: (fields.downgrade ?? null),
        ignores: listIn(fields, "ignores"),
    };
}

// EXTERNAL MODULE: external "node:readline"
var external_node_readline_ = __webpack_require__(481);
;// CONCATENATED MODULE: ./packages/alembic/src/alembic-events.ts

function decodeEvent(line) {
    const fields = fieldsOf(JSON.parse(line), "event");
    const event = textIn(fields, "event");
    switch (event) {
        case "started":
            return { event, python: textIn(fields, "python"), version: textIn(fields, "version") };
        case "loaded":
            return { event, alembic: textIn(fields, "alembic"), sqlalchemy: textIn(fields, "sqlalchemy") };
        case "connected":
            return { event, pid: numberIn(fields, "pid") };
        case "unprepared":
            return { event, message: textIn(fields, "message") };
        case "observed":
        case "session":
            return { event, session: sessionOf(fields) };
        case "revision":
            return { event, id: textIn(fields, "id"), message: textIn(fields, "message"), path: textIn(fields, "path") };
        case "statement":
            return statementOf(fields);
        case "finished":
            return { event, ms: numberIn(fields, "ms"), rows: numberIn(fields, "rows"), after: textOrNull(fields, "after") };
        case "offline":
            return { event, pieces: listIn(fields, "pieces").map(pieceOf) };
        case "printed": {
            const { failure } = fields;
            return {
                event,
                revision: textIn(fields, "revision"),
                pieces: listIn(fields, "pieces").map(pieceOf),
                failure: failure === null ? null : failureOf(fieldsOf(failure, "failure")),
            };
        }
        case "drift":
            return { event, items: textsIn(fields, "items") };
        case "exercised":
            return { event, tables: numberIn(fields, "tables"), results: listIn(fields, "results").map(exerciseOf) };
        case "applied":
            return {
                event,
                id: textIn(fields, "id"),
                ms: numberIn(fields, "ms"),
                statements: numberIn(fields, "statements"),
            };
        case "failed":
            return { event, failure: failureOf(fields) };
        case "stand-in":
            return { event, module: textIn(fields, "module") };
        case "done":
            return { event };
        default:
            throw new TypeError(`unknown event ${event}`);
    }
}
function statementOf(fields) {
    return {
        event: "statement",
        sql: textIn(fields, "sql"),
        revision: textIn(fields, "revision"),
        many: flagIn(fields, "many"),
        line: typeof fields.line === "number" ? fields.line : null,
        autocommit: flagIn(fields, "autocommit"),
        before: textOrNull(fields, "before"),
    };
}
function pieceOf(value) {
    const fields = fieldsOf(value, "piece");
    return { sql: textIn(fields, "sql"), line: typeof fields.line === "number" ? fields.line : null };
}
function exerciseOf(value) {
    const fields = fieldsOf(value, "exercise");
    const message = textIn(fields, "message");
    const sqlstate = textOrNull(fields, "sqlstate") ?? (message === "" ? null : "?");
    return { table: textIn(fields, "table"), does: fields.does === "insert" ? "insert" : "select", sqlstate, message };
}
function sessionOf(fields) {
    return {
        lockTimeout: textIn(fields, "lockTimeout"),
        statementTimeout: textIn(fields, "statementTimeout"),
        database: textIn(fields, "database"),
        pid: numberIn(fields, "pid"),
        perMigration: flagIn(fields, "perMigration"),
        external: flagIn(fields, "external"),
        versionTable: textIn(fields, "versionTable"),
        versionSchema: textOrNull(fields, "versionSchema"),
        sameDatabase: flagIn(fields, "sameDatabase"),
        heads: textsIn(fields, "heads"),
    };
}
function failureOf(fields) {
    const frame = typeof fields.frame === "object" && fields.frame !== null ? fieldsOf(fields.frame, "frame") : undefined;
    return {
        during: textIn(fields, "during"),
        type: textIn(fields, "type"),
        module: textIn(fields, "module"),
        parents: textsIn(fields, "parents"),
        message: textIn(fields, "message"),
        missing: textOrNull(fields, "missing"),
        sqlstate: textOrNull(fields, "sqlstate"),
        primary: textOrNull(fields, "primary"),
        detail: textOrNull(fields, "detail"),
        hint: textOrNull(fields, "hint"),
        revision: textOrNull(fields, "revision"),
        statement: textOrNull(fields, "statement"),
        traceback: textsIn(fields, "traceback"),
        frame: frame === undefined
            ? null
            : { file: textIn(frame, "file"), line: numberIn(frame, "line"), function: textIn(frame, "function") },
    };
}
/** For a process that ended without a word. */
function silentEnd(code, signal, revision) {
    return {
        during: "run",
        type: "ProcessEnded",
        module: "",
        parents: ["ProcessEnded"],
        message: signal === null ? `Python ended with exit code ${code ?? "?"}` : `Python was ended by ${signal}`,
        missing: null,
        sqlstate: null,
        primary: null,
        detail: null,
        hint: null,
        revision,
        statement: null,
        traceback: [],
        frame: null,
    };
}

;// CONCATENATED MODULE: ./packages/alembic/src/programs/offline-inspector.ts
/**
 * A part of `run-alembic.ts`: answers `sa.inspect(op.get_bind())` while revisions are printed without a database. Many
 * revisions ask whether a column is there before they add it; what the revisions before them printed tells. What it does
 * not tell raises NoInspectionAvailable, as SQLAlchemy does, and the revision is not judged.
 */
const offlineInspector = `
class Chain:
    """What the revisions printed so far made of an empty database."""
    def __init__(self, whole):
        # Names in unsure may stand for anything: raw SQL or a revision that failed may have changed them. Those in loose
        # may or may not be there.
        self.tables, self.unsure, self.loose, self.whole = {}, set(), set(), whole

    def table_of(self, name, schema=None):
        import sqlalchemy as sa
        key = (schema if schema != "public" else None, name)
        if name in self.unsure or (key not in self.tables and not self.whole):
            raise sa.exc.NoInspectionAvailable("what the database holds of %s is not known without it" % name)
        return self.tables.get(key)

    def forget(self, text):
        """A revision that failed has not got to all that its file names."""
        upgrade, text_of = text.split("def downgrade")[0], r"\\(\\s*[\\"'](\\w+)[\\"']"
        self.unsure.update(re.findall(r"_(?:table|column)" + text_of, upgrade))
        second = r"_(?:constraint|key|index)\\(\\s*[^\\s,()]+\\s*,\\s*[\\"'](\\w+)[\\"']"
        self.unsure.update(re.findall(second, upgrade))
        self.loose.update(re.findall(r"(?:create|drop|rename)_table" + text_of, upgrade))
        self.whole = self.whole and "create_all" not in text

    def note_text(self, sql):
        verbs = r"\\b(?:table|on|into)\\s+(?:if\\s+(?:not\\s+)?exists\\s+)?(?:only\\s+)?((?:\\w+|\\"[^\\"]+\\")(?:\\.(?:\\w+|\\"[^\\"]+\\"))?)"
        if re.search(r"\\b(?:create|alter|drop|do)\\b", sql, re.I):
            self.unsure.update(name.split(".")[-1].strip('"') for name in re.findall(verbs, sql, re.I))
        for name in re.findall(r"\\bdrop\\s+index\\s+(?:concurrently\\s+)?(?:if\\s+exists\\s+)?(?:\\w+\\.)?\\"?(\\w+)", sql, re.I):
            self.drop_index(name)

    def drop_index(self, name):
        for table in self.tables.values():
            table["indexes"].pop(name, None)

    def note(self, construct, preparer):
        from alembic.ddl import base
        from sqlalchemy import schema
        named = lambda thing: None if thing.name is None else (preparer.format_constraint(thing) or "").strip('"') or None
        kind = type(construct).__name__
        if kind == "TextClause":
            return self.note_text(construct.text)
        element = getattr(construct, "element", None)
        if kind == "CreateTable":
            table = {"columns": {column.name: describe_column(column) for column in element.columns}, "indexes": {}, "constraints": {}}
            self.tables[(element.schema, element.name)] = table
            self.unsure.discard(element.name)
            for constraint in element.constraints:
                self.constrain(table, element.name, constraint, named)
        elif kind == "DropTable":
            self.tables.pop((element.schema, element.name), None)
            self.unsure.discard(element.name)
        elif kind == "DropIndex":
            self.drop_index(named(element))
        elif kind in ("CreateIndex", "AddConstraint", "DropConstraint"):
            table = self.tables.get((element.table.schema, element.table.name))
            if table is None:
                return
            if kind == "CreateIndex":
                names = [getattr(column, "name", None) for column in element.expressions]
                table["indexes"][named(element)] = {"name": named(element), "column_names": names, "unique": bool(element.unique)}
            elif kind == "AddConstraint":
                self.constrain(table, element.table.name, element, named)
            else:
                table["constraints"].pop(named(element), None)
        elif isinstance(construct, base.AlterTable):
            self.alter(construct, kind)

    def alter(self, construct, kind):
        key = (construct.schema, construct.table_name)
        table = self.tables.get(key)
        if table is None:
            return
        columns = table["columns"]
        name = getattr(construct, "column_name", None)
        if kind == "AddColumn":
            columns[construct.column.name] = describe_column(construct.column)
        elif kind == "DropColumn":
            columns.pop(construct.column.name, None)
            inside = lambda thing: construct.column.name in (thing.get("column_names") or thing.get("constrained_columns") or ())
            for part in ("indexes", "constraints"):
                table[part] = {key: thing for key, thing in table[part].items() if not inside(thing)}
        elif kind == "RenameTable":
            self.tables[(construct.schema, construct.new_table_name)] = self.tables.pop(key)
        elif kind == "ColumnName" and name in columns:
            columns[str(construct.newname)] = dict(columns.pop(name), name=str(construct.newname))
        elif kind == "ColumnType" and name in columns:
            columns[name]["type"] = construct.type_
        elif kind == "ColumnNullable" and name in columns:
            columns[name]["nullable"] = construct.nullable

    def constrain(self, table, owner, constraint, named):
        """PostgreSQL makes up names for constraints that have none."""
        kind = type(constraint).__name__
        columns = [] if kind == "CheckConstraint" else [column.name for column in constraint.columns]
        suffix = {"PrimaryKeyConstraint": "pkey", "UniqueConstraint": "key", "ForeignKeyConstraint": "fkey"}.get(kind, "check")
        name = named(constraint) or "_".join([owner, *([] if suffix == "pkey" else columns), suffix])
        found = {"kind": kind, "name": name, "column_names": columns}
        if kind == "PrimaryKeyConstraint":
            if not columns:
                return
            for column in columns:
                table["columns"].get(column, {})["nullable"] = False
        if kind == "ForeignKeyConstraint":
            targets = [element.target_fullname.split(".") for element in constraint.elements]
            found.update(constrained_columns=columns, referred_schema=None, referred_table=targets[0][-2],
                         referred_columns=[target[-1] for target in targets], options={})
        if kind == "CheckConstraint":
            found["sqltext"] = str(constraint.sqltext)
        table["constraints"][name] = found


def describe_column(column):
    default = getattr(column.server_default, "arg", None)
    return {"name": column.name, "type": column.type, "nullable": column.nullable, "autoincrement": False, "comment": None,
            "default": None if default is None else str(default)}


class OfflineInspector:
    default_schema_name = "public"

    def __init__(self, chain, bind):
        self.chain, self.bind, self.engine, self.dialect = chain, bind, bind, bind.dialect

    def __getattr__(self, name):
        import sqlalchemy as sa
        if name.startswith("_"):
            raise AttributeError(name)
        raise sa.exc.NoInspectionAvailable("%s() cannot be answered without a database" % name)

    def clear_cache(self):
        pass

    def _inspection_context(self):
        """What Table(…, autoload_with=bind) and MetaData.reflect() open."""
        import contextlib
        return contextlib.nullcontext(self)

    def _get_reflection_info(self, **options):
        return None

    def reflect_table(self, table, include_columns, exclude_columns=(), *args, **options):
        import sqlalchemy as sa
        keys = self.get_pk_constraint(table.name, table.schema)["constrained_columns"]
        for column in self.get_columns(table.name, table.schema):
            name = column["name"]
            if name not in exclude_columns and name not in table.c and (not include_columns or name in include_columns):
                table.append_column(sa.Column(name, column["type"], nullable=column["nullable"], primary_key=name in keys))

    def get_table_names(self, schema=None, **options):
        chain, wanted = self.chain, schema if schema != "public" else None

        class Names(list):
            def __contains__(self, name):
                return chain.table_of(name, schema) is not None

            def __iter__(self):
                for name in sorted(chain.loose & chain.unsure)[:1]:
                    chain.table_of(name, schema)
                return list.__iter__(self)

        if not chain.whole:
            chain.table_of("its tables")
        return Names(name for owner, name in chain.tables if owner == wanted)

    def has_table(self, name, schema=None, **options):
        return self.chain.table_of(name, schema) is not None

    def found(self, name, schema):
        import sqlalchemy as sa
        table = self.chain.table_of(name, schema)
        if table is None:
            raise sa.exc.NoSuchTableError(name)
        return table

    def get_columns(self, name, schema=None, **options):
        return [dict(column) for column in self.found(name, schema)["columns"].values()]

    def of_kind(self, name, schema, kind):
        return [dict(one) for one in self.found(name, schema)["constraints"].values() if one["kind"] == kind]

    def get_pk_constraint(self, name, schema=None, **options):
        keys = self.of_kind(name, schema, "PrimaryKeyConstraint")
        return {"constrained_columns": keys[0]["column_names"] if keys else [], "name": keys[0]["name"] if keys else None}

    def get_foreign_keys(self, name, schema=None, **options):
        return self.of_kind(name, schema, "ForeignKeyConstraint")

    def get_check_constraints(self, name, schema=None, **options):
        return self.of_kind(name, schema, "CheckConstraint")

    def get_unique_constraints(self, name, schema=None, **options):
        return self.of_kind(name, schema, "UniqueConstraint")

    def get_indexes(self, name, schema=None, **options):
        behind = [dict(one, unique=True, duplicates_constraint=one["name"]) for one in self.get_unique_constraints(name, schema)]
        return [dict(index) for index in self.found(name, schema)["indexes"].values()] + behind

    def has_index(self, name, index, schema=None, **options):
        return any(one["name"] == index for one in self.get_indexes(name, schema))


class NoRows:
    """
    What a query answers while its SQL is only printed. Alembic alone gives None, on which every use fails; that failure
    is told as it would be, once, and the revision goes on as on empty tables, so that what follows is seen too.
    """
    def need(self, message, kind=AttributeError):
        import types
        if state.get("needed") is None:
            frame = sys._getframe(2)
            while frame is not None and os.path.abspath(frame.f_code.co_filename) != state["path"]:
                frame = frame.f_back
            error = kind(message)
            state["needed"] = error if frame is None else error.with_traceback(types.TracebackType(None, frame, frame.f_lasti, frame.f_lineno))

    def __iter__(self):
        self.need("'NoneType' object is not iterable", TypeError)
        return iter(())

    def __bool__(self):
        return False

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self.need("'NoneType' object has no attribute '%s'" % name)
        if name == "rowcount":
            return 0
        if name in ("scalars", "mappings", "unique", "columns", "tuples", "yield_per", "execution_options"):
            return lambda *args, **options: self
        if name in ("fetchall", "all", "fetchmany", "keys", "partitions"):
            return lambda *args, **options: []
        if name in ("fetchone", "first", "scalar", "one_or_none", "scalar_one_or_none", "close"):
            return lambda *args, **options: None
        raise state["needed"]


class NoTransaction:
    """What Session(bind=op.get_bind()) and connection.begin() open while SQL is only printed."""
    is_active = True

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def commit(self):
        pass

    rollback = close = commit


def lacking(connection, name):
    """What the connection that prints has not; told as Alembic would fail on it, and done as far as printing goes."""
    message = "'MockConnection' object has no attribute '%s'" % name
    execute = lambda statement, *args, **options: connection.execute(statement, *args)
    known = {
        "begin": NoTransaction, "begin_nested": NoTransaction,
        "commit": lambda: None, "rollback": lambda: None, "close": lambda: None,
        "in_transaction": lambda: False, "in_nested_transaction": lambda: False,
        "scalar": lambda *args, **options: execute(*args, **options).scalar(),
        "scalars": lambda *args, **options: execute(*args, **options).scalars(),
        "exec_driver_sql": lambda sql, *args, **options: execute(driver_text(sql)),
    }
    # Alembic itself asks whether a transaction is open, and takes the lack of an answer for no.
    asks = sys._getframe(1).f_globals.get("__name__", "")
    if name not in known or asks.startswith("alembic."):
        raise AttributeError(message)
    NoRows().need(message)
    return known[name]


def driver_text(sql):
    import sqlalchemy as sa
    return sa.text(re.sub(r"(?<![:\\w\\\\]):(?=\\w)", r"\\\\:", sql))


chains = []


def inspect_printed(whole):
    """From here on, what is printed is remembered, and inspection of the connection that prints answers from it."""
    if not chains:
        remember_printed()
    chains[:] = [Chain(whole)]
    state["needed"] = None
    return chains[0]


def remember_printed():
    from alembic.ddl.impl import DefaultImpl
    perform = DefaultImpl._exec

    def remembering(self, construct, *args, **options):
        result = perform(self, construct, *args, **options)
        if self.as_sql:
            chain = chains[0]
            try:
                chain.note_text(construct) if isinstance(construct, str) else chain.note(construct, self.dialect.identifier_preparer)
            except Exception:
                chain.whole = False
        return result

    DefaultImpl._exec = remembering
    try:
        from sqlalchemy import inspection
        from sqlalchemy.engine.mock import MockConnection
        from sqlalchemy.engine.reflection import Inspector
    except ImportError:
        return
    execute = MockConnection.execute

    def answering(self, *args, **options):
        result = execute(self, *args, **options)
        return NoRows() if result is None else result

    MockConnection.execute = answering
    MockConnection.__getattr__ = lacking
    inspection._registrars[OfflineInspector] = True
    inspection._registrars[MockConnection] = lambda bind: OfflineInspector(chains[0], bind)
    build = getattr(Inspector, "from_engine", None)
    if build is not None:
        Inspector.from_engine = classmethod(lambda cls, bind: OfflineInspector(chains[0], bind) if isinstance(bind, MockConnection) else build(bind))
`;

;// CONCATENATED MODULE: ./packages/alembic/src/programs/plain-environment.ts
/**
 * A part of `run-alembic.ts`: an environment of ours for projects whose env.py cannot be loaded, and stand-ins for what
 * their revisions import in vain.
 */
const plainEnvironment = `
def run_env(script):
    """The project's env.py, or one of ours where that cannot be loaded."""
    if not settings.get("plain"):
        return script.run_env()
    from alembic import context
    import sqlalchemy as sa
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", literal_binds=True, dialect_opts={"paramstyle": "named"}, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = sa.create_engine(with_driver(settings["url"]), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


def with_driver(url):
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgres", "postgresql"):
        return url
    for driver in ("psycopg2", "psycopg", "pg8000"):
        try:
            __import__(driver)
            return "postgresql+%s://%s" % (driver, rest)
        except ImportError:
            pass
    raise Stop("no synchronous PostgreSQL driver (psycopg, psycopg2 or pg8000) is installed")


def stand_in_for_missing(folders):
    """
    Revisions that import modules which cannot be imported get stand-ins for them: the SQL of a revision seldom depends
    on the application it was written for. Only imports that stand in revision files are answered so.
    """
    import builtins, types
    import sqlalchemy as sa
    real, inside = builtins.__import__, tuple(os.path.join(os.path.abspath(folder), "") for folder in folders)
    SPECS = (("uuid|guid", "UUID"), ("json", "JSONB"), ("bool", "BOOLEAN"), ("int", "BIGINT"), ("date|time", "TIMESTAMP WITH TIME ZONE"),
             ("binary|bytes|blob|pickle", "BYTEA"))

    class StandIn(sa.types.UserDefinedType):
        """A column type, a decorator, a context manager, an empty list: whatever a revision makes of it while it loads."""
        cache_ok = True

        def __init__(self, *args, **options):
            pass

        def __mro_entries__(self, bases):
            return ()

        def get_col_spec(self, **options):
            return next((spec for names, spec in SPECS if re.search(names, type(self).__name__.lower())), "TEXT")

        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(name)
            return stand_in(name)

        def __call__(self, *args, **options):
            return args[0] if len(args) == 1 and callable(args[0]) else type(self)()

        def __iter__(self):
            return iter(())

        def __getitem__(self, key):
            return self

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return False

    def stand_in(name):
        return type(name, (StandIn,), {})()

    class Module(types.ModuleType):
        __all__, __path__ = [], []

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return stand_in(name)

    def guarded(name, globals=None, locals=None, fromlist=(), level=0):
        try:
            return real(name, globals, locals, fromlist, level)
        except Exception:
            if not os.path.abspath((globals or {}).get("__file__") or "").startswith(inside):
                raise
            emit("stand-in", module="." * level + name)
            return Module(name if fromlist else name.split(".")[0])

    builtins.__import__ = guarded
    from alembic import util
    load = util.load_python_file

    def load_or_name(folder, name):
        try:
            return load(folder, name)
        except Exception as error:
            return unloadable(os.path.join(folder, name), error)

    util.load_python_file = load_or_name


def unloadable(path, error):
    """A revision that does not load keeps its place in the chain, and fails when it is its turn."""
    import ast, types

    def fail(*args, **options):
        raise error

    module = types.ModuleType("unloadable")
    module.__file__, module.upgrade, module.downgrade, module.__doc__ = path, fail, fail, ""
    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) and node.value else []
        for target in targets:
            if isinstance(target, ast.Name) and target.id in ("revision", "down_revision", "depends_on", "branch_labels"):
                try:
                    setattr(module, target.id, ast.literal_eval(node.value))
                except ValueError:
                    pass
    return module
`;

;// CONCATENATED MODULE: ./packages/alembic/src/programs/print-offline.ts
/** A part of `run-alembic.ts`: the SQL of revisions as Alembic prints it without a database. */
const printOffline = `
class Printed:
    """Takes what Alembic prints offline, with the line of the revision file that led to it."""
    def __init__(self):
        self.pieces, self.open = [], False

    def write(self, text):
        if text.strip() in ("BEGIN;", "COMMIT;"):
            self.open = text.strip() == "BEGIN;"
        self.pieces.append({"sql": text, "line": python_line()})

    def flush(self):
        pass


def offline_all(config, script, request):
    """Prints revisions from the first one on, parents first, in one run of env.py: one that fails hides no other."""
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import RevisionStep
    printed = config.output_buffer = Printed()
    chain = inspect_printed(True)

    def work(heads, context):
        for name in request["revisions"]:
            revision = script.get_revision(name)
            state.update(path=os.path.abspath(revision.path), revision=name)
            opened = [{"sql": "BEGIN;", "line": None}] if printed.open else []
            printed.pieces = opened
            failed = []
            step = RevisionStep(script.revision_map, revision, True)
            run = step.migration_fn

            def guarded(*args, **options):
                try:
                    run(*args, **options)
                except Exception as error:
                    failed.append(describe(error, "offline"))
                    with open(revision.path, encoding="utf-8", errors="replace") as file:
                        chain.forget(file.read())
                if not failed and state["needed"] is not None:
                    failed.append(describe(state["needed"], "offline"))
                state["needed"] = None

            step.migration_fn = guarded
            yield step
            emit("printed", revision=name, pieces=printed.pieces, failure=failed[0] if failed else None)
            state["revision"] = None

    with EnvironmentContext(config, script, fn=work, as_sql=True, starting_rev=None, destination_rev="heads"):
        run_env(script)


def offline(config, script, request):
    from alembic.runtime.environment import EnvironmentContext
    printed = config.output_buffer = Printed()
    inspect_printed(False)

    def work(heads, context):
        for step in script._upgrade_revs(request["target"], heads):
            state.update(path=os.path.abspath(step.revision.path), revision=step.revision.revision)
            yield step
            state["revision"] = None

    with EnvironmentContext(config, script, fn=work, as_sql=True, starting_rev=request.get("from"), destination_rev=request["target"]):
        run_env(script)
    emit("offline", pieces=printed.pieces)
    if state["needed"] is not None:
        state["revision"] = request["target"]
        raise state["needed"]
`;

;// CONCATENATED MODULE: ./packages/alembic/src/programs/run-alembic.ts



/**
 * The Python program that drives the project's own Alembic, in the project's own environment and through its own
 * `env.py`, which is left as it is. Argument: the configuration file. Requests come as JSON lines on descriptor 4,
 * events leave as JSON lines on descriptor 3; standard output and error stay the project's. The first request carries
 * the settings. Connections get their timeouts from SQLAlchemy's `connect` event, which works for every driver: the
 * `options` parameter of libpq is unknown to asyncpg and refused by connection poolers.
 */
const runAlembicProgram = String.raw `
import json, os, re, sys, time, traceback

events, requests = os.fdopen(3, "w", buffering=1), os.fdopen(4, "r")
for descriptor in (3, 4):
    os.set_inheritable(descriptor, False)
settings = {}
state = {"request": None, "revision": None, "statement": None, "pids": set(), "count": 0, "path": None, "trace": None, "fresh": True, "calls": 0}


def receive():
    """The next request is the one to answer; None where the other side has closed."""
    line = requests.readline()
    state["request"] = json.loads(line) if line else None
    return state["request"]


def emit(event, **facts):
    facts["event"] = event
    events.write(json.dumps(facts, default=str) + "\n")
    events.flush()


def sqlstate_of(error):
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for holder in (error, getattr(error, "orig", None)):
            for name in ("sqlstate", "pgcode"):
                code = getattr(holder, name, None)
                if isinstance(code, str):
                    return code
            arguments = getattr(holder, "args", None)
            if arguments and isinstance(arguments[0], dict) and "C" in arguments[0]:
                return arguments[0]["C"]
        error = error.__cause__ or error.__context__
    return None


def diagnosis(error):
    origin = getattr(error, "orig", None) or error
    found = getattr(origin, "diag", None)
    cause = getattr(origin, "__cause__", None) or origin
    pick = lambda libpq, asyncpg: getattr(found, libpq, None) or getattr(cause, asyncpg, None)
    text = lambda value: value if isinstance(value, str) else None
    return {"primary": text(pick("message_primary", "message")), "detail": text(pick("message_detail", "detail")),
            "hint": text(pick("message_hint", "hint"))}


def project_frame(error):
    """The innermost line of the project's own code: what is not installed and not this program."""
    best = None
    for frame in traceback.extract_tb(error.__traceback__):
        inside = os.path.abspath(frame.filename).startswith(os.getcwd() + os.sep)
        if inside and "site-packages" not in frame.filename and frame.filename != "<string>":
            best = {"file": os.path.relpath(frame.filename), "line": frame.lineno, "function": frame.name}
    return best


def fail(error, during):
    emit("failed", **describe(error, during))


def describe(error, during):
    kind = type(error)
    lines = traceback.format_exception(kind, error, error.__traceback__)
    tail = "".join(lines).rstrip().split("\n")[-12:]
    parents = [c.__name__ for c in kind.__mro__]
    return dict(during=during, type=kind.__name__, module=kind.__module__, parents=parents, message=str(error)[:4000],
         missing=getattr(error, "name", None) if isinstance(error, ImportError) else None, sqlstate=sqlstate_of(error),
         revision=state["revision"], statement=state["statement"], traceback=tail, frame=project_frame(error), **diagnosis(error))


def prepare_connection(connection, record):
    """Runs on every new connection of every engine the project makes, before the project sees it."""
    try:
        cursor = connection.cursor()
        for name in ("lock_timeout", "statement_timeout"):
            if settings.get(name) is not None:
                cursor.execute("SET %s = %d" % (name, settings[name]))
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
        cursor.close()
        connection.commit()
        state["pids"].add(pid)
        emit("connected", pid=pid)
    except Exception as error:
        emit("unprepared", message=str(error)[:500])
        try:
            connection.rollback()
        except Exception:
            pass


def raw_connection(connection):
    pooled = connection.connection
    return getattr(pooled, "dbapi_connection", None) or pooled.connection


def snapshot(connection):
    cursor = raw_connection(connection).cursor()
    try:
        cursor.execute(state["trace"])
        return cursor.fetchone()[0]
    finally:
        cursor.close()


def plain(sql, dialect):
    """The statement as PostgreSQL sees it: the driver's placeholders as $1, its doubled percent signs single."""
    if dialect.paramstyle not in ("pyformat", "format"):
        return sql
    numbers = {}

    def place(match):
        if match.group(0) == "%%":
            return "%"
        name = match.group(1) or len(numbers)
        return "$%d" % numbers.setdefault(name, len(numbers) + 1)

    return re.sub(r"%(?:\((\w+)\))?s|%%", place, sql)


def python_line():
    """The line of the revision file that led to the statement being run."""
    frame = sys._getframe(2)
    while frame is not None:
        if os.path.abspath(frame.f_code.co_filename) == state["path"]:
            return frame.f_lineno
        frame = frame.f_back
    return None


def before_statement(connection, cursor, statement, parameters, context, many):
    state["statement"] = statement
    if state["revision"] is None:
        return
    state["count"] += 1
    facts = {"sql": plain(statement, connection.dialect)[:200000], "revision": state["revision"], "many": bool(many)}
    if state["trace"] is not None:
        raw = raw_connection(connection)
        facts["line"] = python_line()
        facts["autocommit"] = bool(getattr(raw, "autocommit", False))
        if facts["autocommit"]:
            # Its locks are gone when it ends: the other side watches, and says when it is ready.
            state["fresh"] = True
        if state["fresh"]:
            facts["before"] = snapshot(connection)
            state["fresh"] = facts["autocommit"]
    emit("statement", **facts)
    if facts.get("autocommit"):
        requests.readline()
    state["begun"] = time.monotonic()


def after_statement(connection, cursor, statement, parameters, context, many):
    if state["revision"] is not None and state.get("begun") is not None:
        facts = {"ms": round((time.monotonic() - state["begun"]) * 1000, 3), "rows": getattr(cursor, "rowcount", -1)}
        state["begun"] = None
        if state["trace"] is not None:
            facts["after"] = snapshot(connection)
        emit("finished", **facts)
    state["statement"] = None


def transaction_ended(connection):
    state["fresh"] = True


def listen():
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import Pool
    event.listen(Pool, "connect", prepare_connection)
    event.listen(Engine, "before_cursor_execute", before_statement)
    event.listen(Engine, "after_cursor_execute", after_statement)
    event.listen(Engine, "commit", transaction_ended)
    event.listen(Engine, "rollback", transaction_ended)


def describe_session(context):
    scalar = lambda sql: context.connection.exec_driver_sql(sql).scalar()
    facts = {"lockTimeout": scalar("SELECT current_setting('lock_timeout')"),
             "statementTimeout": scalar("SELECT current_setting('statement_timeout')"),
             "database": scalar("SELECT current_database()"), "pid": scalar("SELECT pg_backend_pid()"),
             "perMigration": bool(getattr(context, "_transaction_per_migration", False)),
             "external": bool(getattr(context, "_in_external_transaction", False)),
             "versionTable": context.version_table, "versionSchema": context.version_table_schema}
    key = settings.get("lock_key")
    if key:
        # The gate holds this lock on its own connection: only a session in the very same database can see it.
        facts["sameDatabase"] = bool(scalar(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %d AND objid = %d AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())" % (key[0], key[1])))
    return facts


class Stop(Exception):
    pass


${plainEnvironment}

def run_environment(config, script, work, **options):
    from alembic.runtime.environment import EnvironmentContext
    state["calls"] = 0

    def once(heads, context):
        state["calls"] += 1
        if state["calls"] > 1 and settings.get("single", True):
            raise Stop("env.py runs migrations for several databases; the gate handles one")
        if context.connection.dialect.name != "postgresql":
            raise Stop("env.py connects to %s, not to PostgreSQL" % context.connection.dialect.name)
        return work(heads, context)

    with EnvironmentContext(config, script, fn=once, **options):
        run_env(script)
    if state["calls"] == 0:
        raise Stop("env.py ended without calling context.run_migrations()")


def observe(config, script, request):
    def work(heads, context):
        emit("observed", heads=list(heads), **describe_session(context))
        return []
    # Every revision file is loaded, so that one that cannot be is found before anything changes.
    script.get_heads()
    # dont_mutate keeps Alembic from making its version table.
    run_environment(config, script, work, dont_mutate=True)
    # Held open for one database, an env.py that goes through several would come to the others too late.
    state["single"] = state["calls"] == 1


def target_of(request):
    """One target as Alembic's command takes it, with its relative forms; several, as only revision ids can be."""
    target = request["target"]
    return target if isinstance(target, str) else target[0] if len(target) == 1 else tuple(target)


def steps_for(script, request, heads):
    """The steps to a target, or the one step of a revision; none where the heads, if they are known, say that it was done."""
    down, revision = request["do"] == "downgrade", request.get("revision")
    if revision is None:
        return (script._downgrade_revs if down else script._upgrade_revs)(target_of(request), heads)
    if heads is not None and (revision in heads) != down:
        return []
    from alembic.runtime.migration import MigrationStep
    step = MigrationStep.downgrade_from_script if down else MigrationStep.upgrade_from_script
    return [step(script.revision_map, script.get_revision(revision))]


def migrate(config, script, request):
    """
    Runs env.py for the steps of a request. Where the request is for one revision, env.py is held open, and further ones
    that follow at once are run without leaving it: to read it and to connect takes longer than most revisions.
    """
    def work(heads, context):
        emit("session", heads=list(heads), **describe_session(context))
        footing = read_footing(context.connection) if "revision" in request and state.get("single") else None
        while True:
            current, held = state["request"], False
            for step in steps_for(script, current, heads):
                state.update(revision=step.revision.revision, count=0, path=os.path.abspath(step.revision.path),
                             trace=current.get("trace"), fresh=True)
                emit("revision", id=step.revision.revision, message=step.revision.doc or "", path=os.path.relpath(step.revision.path))
                begun = time.monotonic()
                yield step
                spent = round((time.monotonic() - begun) * 1000, 3)
                held = footing is not None and settle(context, footing)
                emit("applied", id=step.revision.revision, ms=spent, statements=state["count"])
                state["revision"] = None
            if not held:
                return
            emit("done")
            if "revision" not in (receive() or {}):
                return
            heads = None

    run_environment(config, script, work, destination_rev=request.get("revision") or target_of(request))
    if "revision" in request and state["revision"] is not None:
        raise Stop("env.py went on as if revision %s had not failed" % state["revision"])


def settle(context, footing):
    """
    Commits a revision as env.py's end would, so that the next one shares no lock with it. False where env.py has to
    end for that, or where the next one would not find the session as it was.
    """
    connection, shared = context.connection, getattr(context, "_transaction", None)
    if getattr(context, "_in_external_transaction", True):
        return False
    if shared is not None:
        shared.commit()
    elif connection.in_transaction():
        return False
    same = read_footing(connection) == footing
    raw_connection(connection).rollback()
    if shared is not None:
        context._transaction = connection.begin()
    return same


def read_footing(connection):
    """What of a session outlives its transactions: settings, temporary relations, prepared statements, advisory locks."""
    cursor = raw_connection(connection).cursor()
    try:
        cursor.execute(FOOTING)
        return cursor.fetchone()[0]
    finally:
        cursor.close()


FOOTING = """select pg_catalog.concat_ws(' ',
 (select pg_catalog.string_agg(s.name operator(pg_catalog.||) '=' operator(pg_catalog.||) s.setting, ' ' order by s.name) from pg_catalog.pg_settings s where s.source operator(pg_catalog.=) 'session' and s.name operator(pg_catalog.!~) '^transaction_'),
 (select pg_catalog.count(*) from pg_catalog.pg_class c where c.relnamespace operator(pg_catalog.=) pg_catalog.pg_my_temp_schema()),
 (select pg_catalog.count(*) from pg_catalog.pg_prepared_statements p where p.from_sql),
 (select pg_catalog.count(*) from pg_catalog.pg_locks l where l.locktype operator(pg_catalog.=) 'advisory' and l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid()))"""


def release(config, script, request):
    """Ends an env.py that is held open; there is nothing to do where none is."""


def check(config, script, request):
    from alembic import command, util
    if not hasattr(command, "check"):
        raise Stop("this Alembic has no check command (1.9 and newer have)")
    try:
        command.check(config)
        emit("drift", items=[])
    except getattr(util, "AutogenerateDiffsDetected", Stop) as found:
        diffs = getattr(found, "diffs", None)
        emit("drift", items=[str(found)[:500]] if diffs is None else [text for diff in diffs for text in describe_diff(diff)])


${offlineInspector}
${printOffline}

def describe_diff(diff):
    if isinstance(diff, list):
        return [text for part in diff for text in describe_diff(part)]
    names = []
    for part in diff[1:]:
        name = part if isinstance(part, str) else getattr(part, "name", None)
        table = getattr(getattr(part, "table", None), "name", None)
        if table and table not in names:
            names.append(str(table))
        if name:
            names.append(str(name))
    return ["%s %s" % (str(diff[0]).replace("_", " "), ".".join(names))]


def exercise(config, script, request):
    """Does with every mapped table what an ORM does: reads all columns, inserts the required ones, and takes it back."""
    def work(heads, context):
        metadata = context.opts.get("target_metadata")
        found = metadata if isinstance(metadata, (list, tuple)) else [metadata]
        tables = [table for one in found if one is not None for table in one.sorted_tables]
        results = [result for table in tables for result in exercise_table(context.connection, table)]
        emit("exercised", tables=len(tables), results=results)
        return []
    run_environment(config, script, work, dont_mutate=True)


def exercise_table(connection, table):
    import sqlalchemy as sa
    values, unknown = {}, None
    for column in table.columns:
        if column.nullable or column.default is not None or column.server_default is not None or column.identity is not None:
            continue
        if column.computed is not None or (column.primary_key and column is table.autoincrement_column):
            continue
        values[column.key] = sample(column.type)
        unknown = column.name if values[column.key] is None else unknown
    statements = [("select", sa.select(table).limit(1))]
    if unknown is None:
        statements.append(("insert", sa.insert(table).values(values)))
    for name, statement in statements:
        nested = connection.begin_nested()
        try:
            connection.execute(statement)
            yield {"table": str(table), "does": name, "sqlstate": None, "message": ""}
        except Exception as error:
            # A row that an example would refer to does not exist: all else about the statement was fine.
            code = sqlstate_of(error)
            fine = code == "23503"
            yield {"table": str(table), "does": name, "sqlstate": None if fine else code, "message": "" if fine else str(getattr(error, "orig", error)).split("\n")[0][:500]}
        finally:
            nested.rollback()


def sample(kind):
    import datetime, decimal, uuid
    labels = getattr(kind, "enums", None)
    if labels:
        return (list(kind.enum_class)[0]) if getattr(kind, "enum_class", None) else labels[0]
    try:
        python = kind.python_type
    except NotImplementedError:
        return None
    now = datetime.datetime.now(datetime.timezone.utc)
    samples = {bool: True, int: 1, float: 1.0, decimal.Decimal: decimal.Decimal(1), str: "x", bytes: b"x", dict: {}, list: [],
               uuid.UUID: uuid.uuid4(), datetime.datetime: now if getattr(kind, "timezone", False) else now.replace(tzinfo=None),
               datetime.date: now.date(), datetime.time: now.time(), datetime.timedelta: datetime.timedelta(seconds=1)}
    return samples.get(python)


def stamp(config, script, request):
    """Has Alembic go on from a revision that failed as if it had run."""
    def work(heads, context):
        return script._stamp_revs(request["target"], heads)
    run_environment(config, script, work, destination_rev=request["target"])


ACTIONS = {"observe": observe, "release": release, "stamp": stamp, "upgrade": migrate, "downgrade": migrate, "check": check, "exercise": exercise, "offline": offline, "offline-all": offline_all}


def serve(config):
    if settings.get("url"):
        adopt_url(config)
    for name, value in (settings.get("options") or {}).items():
        config.set_main_option(name, value.replace("%", "%%"))
    from alembic.script import ScriptDirectory
    if settings.get("plain"):
        stand_in_for_missing(settings["locations"])
    script = ScriptDirectory.from_config(config)
    while receive() is not None:
        state.update(revision=None, statement=None)
        try:
            ACTIONS[state["request"]["do"]](config, script, state["request"])
            emit("done")
        except BaseException as error:
            fail(error, (state["request"] or {}).get("do", "end"))


def adopt_url(config):
    """For env.py files that read sqlalchemy.url: the given address, with the driver the project configured."""
    url = settings["url"]
    try:
        configured = config.get_main_option("sqlalchemy.url") or ""
    except Exception:
        configured = ""
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql") and configured.startswith("postgresql+"):
        url = configured.partition("://")[0] + "://" + rest
    elif scheme == "postgres":
        url = "postgresql://" + rest
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))


def main():
    settings.update(json.loads(requests.readline()))
    emit("started", python=sys.executable, version=sys.version.split()[0])
    # A folder or file of the project may be called alembic too; the alembic command does not look where it is started.
    sys.path[:] = [path for path in sys.path if path not in ("", os.getcwd())]
    try:
        import alembic
        from alembic.config import CommandLine
        listen()
        import sqlalchemy
        sys.path.append(os.getcwd())
        emit("loaded", alembic=getattr(alembic, "__version__", "?"), sqlalchemy=sqlalchemy.__version__)
    except BaseException as error:
        return fail(error, "load")

    class Line(CommandLine):
        def run_cmd(self, config, options):
            serve(config)

    try:
        Line(prog="alembic").main(argv=["-c", sys.argv[1], "upgrade", "head"])
    except BaseException as error:
        fail(error, "configure")


main()
`;

;// CONCATENATED MODULE: ./packages/alembic/src/alembic-process.ts




/** The project's Alembic in one Python process, which answers one request after another. */
class AlembicProcess {
    #child;
    #requests;
    #options;
    #ended;
    #waiting;
    /** Why it can answer no more: it failed before the first request, or ended. */
    #broken;
    #revision = null;
    constructor(options) {
        this.#options = options;
        const env = { ...options.env, PYTHONUNBUFFERED: "1" };
        this.#child = (0,external_node_child_process_.spawn)(options.python, ["-c", runAlembicProgram, options.config], {
            cwd: options.directory,
            env,
            stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
            // In a group of its own: a terminal's or the runner's interrupt comes to us, and we stop it in order.
            detached: true,
        });
        this.#requests = this.#child.stdio[4];
        this.#requests.on("error", () => undefined);
        for (const stream of [this.#child.stdout, this.#child.stderr])
            if (stream !== null)
                this.#forward(stream);
        const events = (0,external_node_readline_.createInterface)({ input: this.#child.stdio[3] });
        events.on("line", (line) => this.#receive(decodeEvent(line)));
        const closed = new Promise((resolve) => events.once("close", resolve));
        this.#ended = Promise.all([this.#exit(), closed]).then(([failure]) => this.#fail(failure));
        this.#send(options.settings);
    }
    /** One at a time. Never rejects: a process that ended is a failed answer. */
    request(request) {
        if (this.#broken !== undefined)
            return Promise.resolve({ kind: "failed", failure: this.#broken });
        return new Promise((resolve) => {
            this.#waiting = resolve;
            this.#send(request);
        });
    }
    /** Lets a traced statement run that waits for it. */
    go() {
        this.#send({});
    }
    interrupt() {
        this.#child.kill("SIGINT");
    }
    kill() {
        this.#child.kill("SIGKILL");
    }
    /** Ends the process when it does not end by itself. */
    async close() {
        this.#requests.end();
        const timer = setTimeout(() => this.kill(), 2_000);
        await this.#ended;
        clearTimeout(timer);
    }
    #exit() {
        return new Promise((resolve) => {
            this.#child.once("error", (error) => resolve({ ...silentEnd(null, null, null), message: error.message }));
            this.#child.once("exit", (code, signal) => resolve(silentEnd(code, signal, this.#revision)));
        });
    }
    #send(message) {
        this.#requests.write(`${JSON.stringify(message)}\n`);
    }
    #receive(event) {
        if (event.event === "revision")
            this.#revision = event.id;
        if (event.event === "done")
            this.#settle({ kind: "done" });
        else if (event.event === "failed") {
            const { during } = event.failure;
            if (during === "load" || during === "configure")
                this.#fail(event.failure);
            else
                this.#settle({ kind: "failed", failure: event.failure });
        }
        else
            this.#options.onEvent(event);
    }
    #fail(failure) {
        this.#broken ??= failure;
        this.#settle({ kind: "failed", failure: this.#broken });
    }
    #settle(answer) {
        const waiting = this.#waiting;
        this.#waiting = undefined;
        waiting?.(answer);
    }
    #forward(stream) {
        let rest = "";
        stream.setEncoding("utf8");
        stream.on("data", (text) => {
            const end = (rest + text).lastIndexOf("\n");
            const whole = (rest + text).slice(0, Math.max(0, end));
            rest = (rest + text).slice(end + 1);
            if (whole !== "")
                this.#options.onOutput(whole);
        });
        stream.on("end", () => {
            if (rest !== "")
                this.#options.onOutput(rest);
        });
    }
}

;// CONCATENATED MODULE: ./packages/alembic/src/upgrade-run.ts

/** How long a stopped Alembic may take to roll back before it is interrupted, and then ended. */
const CANCEL_GRACE_MS = 1_500;
const INTERRUPT_GRACE_MS = 4_000;
const SLOW_STATEMENT_MS = 1_000;
const SHOWN_SQL_CHARACTERS = 2_000;
/** One Alembic process at work: shows what runs, keeps what was seen, stops it in order when told. */
class UpgradeRun {
    seen = new Map();
    observed;
    session;
    #options;
    #process;
    #pids = new Set();
    #unseen = [];
    #observing = false;
    #current;
    #statement;
    constructor(options) {
        this.#options = options;
        const { project, env, settings, ports, clean } = options;
        this.#process = new AlembicProcess({
            python: project.python,
            directory: project.directory,
            config: project.config,
            env,
            settings,
            onEvent: (event) => this.#see(event),
            onOutput: (lines) => {
                // What env.py prints while it is only asked where the database is, it prints again when it migrates.
                if (this.#observing)
                    this.#unseen.push(clean(lines));
                else
                    ports.log.quote(clean(lines));
            },
        });
    }
    /** Resolves when Alembic answered, also after a stop. */
    async request(request) {
        const { stop } = this.#options;
        const onStop = () => void this.#stopInOrder();
        stop.addEventListener("abort", onStop, { once: true });
        if (stop.aborted)
            onStop();
        this.#observing = request.do === "observe";
        try {
            const answer = await this.#process.request(request);
            if (answer.kind === "failed" && this.#unseen.length > 0)
                this.#options.ports.log.quote(this.#unseen.join("\n"));
            this.#unseen.length = 0;
            return answer;
        }
        finally {
            stop.removeEventListener("abort", onStop);
        }
    }
    close() {
        return this.#process.close();
    }
    /** The statement is cancelled on the server first, so that Alembic itself rolls back and ends as after any error. */
    async #stopInOrder() {
        const timers = [
            setTimeout(() => this.#process.interrupt(), CANCEL_GRACE_MS),
            setTimeout(() => this.#process.kill(), INTERRUPT_GRACE_MS),
        ];
        for (const timer of timers)
            timer.unref();
        const { session } = this.#options;
        await Promise.all([...this.#pids].map((pid) => session.cancel(pid).catch(() => undefined)));
    }
    #see(event) {
        const { log } = this.#options.ports;
        switch (event.event) {
            case "connected":
                this.#pids.add(event.pid);
                return;
            case "unprepared":
                log.warning(`The timeouts could not be set on the project's connection: ${this.#options.clean(event.message)}`);
                return;
            case "observed":
                this.observed = event.session;
                return;
            case "session":
                this.session = event.session;
                log.info(`In force: lock_timeout ${event.session.lockTimeout}, statement_timeout ${event.session.statementTimeout}.`);
                return;
            case "revision":
                this.#current = { id: event.id, milliseconds: 0, statements: 0, finished: [] };
                this.seen.set(event.id, this.#current);
                log.quote(`Revision ${event.id}: ${event.message} (${event.path})`);
                return;
            case "statement":
                this.#statement = event.sql;
                log.quote(indented(this.#options.clean(event.sql)));
                return;
            case "finished":
                if (this.#statement !== undefined)
                    this.#current?.finished.push(this.#statement);
                // Of a data migration in batches this is the progress.
                if (event.rows > 1 || event.ms > SLOW_STATEMENT_MS)
                    log.info(`    ${rowsText(event.rows)}${(event.ms / 1000).toFixed(2)} s`);
                this.#statement = undefined;
                return;
            case "applied":
                if (this.#current !== undefined)
                    Object.assign(this.#current, { milliseconds: event.ms, statements: event.statements });
                log.info(`  ran in ${(event.ms / 1000).toFixed(2)} s, ${event.statements} statements.`);
                return;
            default:
        }
    }
}
const rowsText = (rows) => (rows > 0 ? `${rows} rows, ` : "");
function indented(sql) {
    const shown = sql.length > SHOWN_SQL_CHARACTERS ? `${sql.slice(0, SHOWN_SQL_CHARACTERS)} …` : sql;
    return shown
        .trim()
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => `  ${line}`)
        .join("\n");
}
/** PostgreSQL gave up waiting for a lock, or broke a deadlock: the same upgrade may go through later. */
function isLockFailure({ sqlstate }) {
    return sqlstate === "55P03" || sqlstate === "40P01";
}

;// CONCATENATED MODULE: ./packages/alembic/src/wait-for-lock.ts
const LOCK_POLL_MS = 500;
const REPORT_EVERY_MS = 30_000;
/** Takes the lock under which one gate at a time migrates a database. False once the deadline has passed. */
async function waitForLock(session, address, ports, deadline) {
    let reportAt = 0;
    while (!(await session.tryLock())) {
        const now = ports.clock.now();
        if (now >= deadline)
            return false;
        if (now >= reportAt) {
            ports.log.info(`Another gate is migrating ${address.shown}${await describeHolder(session)}. Waiting for it.`);
            reportAt = now + REPORT_EVERY_MS;
        }
        await ports.clock.sleep(Math.min(LOCK_POLL_MS, deadline - now), ports.signal);
    }
    return true;
}
async function describeHolder(session) {
    const holder = await session.holder();
    if (holder === undefined)
        return "";
    return ` (${holder.application} from ${holder.address}, session ${holder.pid}, since ${holder.since})`;
}

;// CONCATENATED MODULE: ./packages/alembic/src/apply-migrations.ts










/** First and longest pause before an upgrade that met a lock is tried again; it doubles in between. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/**
 * Brings a database to the target with the project's own Alembic: under an advisory lock, with a lock timeout and
 * retries, showing what runs. Refusals and failures of a migration are outcomes.
 * @throws UsageError, ServiceError before anything was changed; Interrupted on cancellation.
 */
async function applyMigrations(ports, options) {
    const project = await readProject(options, ports.env);
    const verdict = (0,src/* judgeGraph */.Ko)(project.revisions, project.faults, options.target, options.branches);
    const base = emptyOutcome(project, verdict.graph.heads);
    if (verdict.kind === "refused")
        return { ...base, reason: verdict.reason, objections: verdict.objections };
    const address = readDatabaseUrl(options.databaseUrl, await ports.token?.());
    for (const secret of address.secrets)
        ports.log.mask(secret);
    const deadline = ports.clock.now() + options.timeout;
    const session = await openSession(address);
    try {
        ports.log.info(`Connected to ${address.shown} (PostgreSQL ${session.version}).`);
        if (!(await waitForLock(session, address, ports, deadline)))
            return { ...base, reason: "locked" };
        const stop = AbortSignal.any([ports.signal, AbortSignal.timeout(Math.max(1, deadline - ports.clock.now()))]);
        const clean = redactor(address.secrets);
        return await migrate({
            ports,
            options: { ...options, target: verdict.target },
            project,
            graph: verdict.graph,
            address,
            session,
            clean,
            deadline,
            stop,
        }, base);
    }
    finally {
        await session.close();
    }
}
function emptyOutcome(project, heads) {
    const none = { planned: [], applied: [], held: [], objections: [] };
    return { project, heads, from: null, to: null, ...none, session: null, attempts: 0, failure: null };
}
async function migrate(job, base) {
    const run = startAlembic(job);
    try {
        const observed = await observe(job, run);
        const from = await job.session.revisions(observed.versionTable, observed.versionSchema);
        const plan = (0,src/* planUpgrade */.Kp)(job.graph, from, job.options.target, job.options.expandOnly ?? false);
        const known = { ...base, from, to: from, session: observed };
        if (plan.kind !== "run")
            return withoutRunning(plan, known, job);
        announce(plan, from, job);
        return await upgrade(job, run, plan, known, observed);
    }
    finally {
        await run.close();
    }
}
function startAlembic({ ports, options, project, address, session, clean, stop }) {
    const env = { ...ports.env, [options.databaseUrlEnv]: address.url };
    const settings = {
        lock_timeout: options.lockTimeout,
        statement_timeout: options.statementTimeout,
        url: address.url,
        lock_key: lockKey,
        options: project.options,
    };
    return new UpgradeRun({ project, env, settings, session, ports, stop, clean });
}
/** Where the database is, as the project's own env.py sees it; changes nothing. */
async function observe(job, run) {
    const answer = await run.request({ do: "observe" });
    throwIfCancelled(job, [], []);
    if (answer.kind === "failed") {
        const { project, address, options, clean } = job;
        const { python, directory } = project;
        throw explainFailure(answer.failure, { python, directory, address, databaseUrlEnv: options.databaseUrlEnv, clean });
    }
    if (run.observed === undefined)
        throw new Error("Alembic answered without saying where the database is");
    if (!run.observed.sameDatabase)
        throw otherDatabase(job, run.observed);
    return run.observed;
}
function otherDatabase({ address, options }, { database }) {
    return new release_src/* UsageError */.eb({
        what: `env.py connects to another database (${database}) than database-url names (${address.shown}).`,
        why: "The connection that env.py opens does not see the lock that the gate holds on its own.",
        fix: `Let env.py take its address from ${options.databaseUrlEnv} or from sqlalchemy.url, which this action sets; set database-url-env if the project reads another variable.`,
    });
}
function withoutRunning(plan, known, { options }) {
    switch (plan.kind) {
        case "nothing":
            return { ...known, reason: "up-to-date" };
        case "contract-only":
            return { ...known, reason: "contract-pending", held: plan.held };
        case "unresolved":
            throw new release_src/* UsageError */.eb({
                what: `The target ${options.target} is not a revision of this project.`,
                why: plan.why,
                fix: `Set target to head, heads, a branch label with @head, or one of: ${known.heads.join(", ")}.`,
            });
        case "ahead":
            return { ...known, reason: "database-ahead", objections: [explainAhead(plan, options.target)] };
    }
}
function explainAhead({ unknown, beyond }, target) {
    if (unknown.length === 0) {
        return {
            what: `The database is at ${beyond.join(", ")}, which comes after the target ${target}.`,
            fix: "Choose a target at or after it. Going back is never done by a release: it runs no downgrade.",
        };
    }
    return {
        what: `The database is at ${unknown.join(", ")}, which no revision file of this code declares.`,
        fix: "The database was migrated by newer code or by another branch. Release that code, or merge the branch that has the revision; never downgrade to make it fit.",
    };
}
function announce({ revisions, held }, from, { ports, options }) {
    const count = revisions.length === 1 ? "1 revision" : `${revisions.length} revisions`;
    ports.log.info(`From ${from.join(", ") || "an empty database"} to ${options.target}: ${count} to apply.`);
    if (held.length > 0) {
        ports.log.info(`Held for a release of their own (contract): ${held.map(({ revision }) => revision.id).join(", ")}.`);
    }
}
async function upgrade(job, run, plan, known, observed) {
    const invalidBefore = new Set((await job.session.invalidIndexes()).map(({ index }) => index));
    const { failure, attempts } = await tryUpgrade(job, run, plan);
    const to = await job.session.revisions(observed.versionTable, observed.versionSchema);
    const applied = appliedBetween(job, run, known.from ?? [], to, plan.revisions);
    const outcome = {
        ...known,
        to,
        applied,
        attempts,
        planned: plan.revisions,
        held: plan.held,
        session: run.session ?? observed,
    };
    throwIfCancelled(job, applied, plan.revisions);
    const real = failure ?? lostCommit(job, plan, to, run);
    if (real === undefined)
        return { ...outcome, reason: "migrated" };
    const invalidIndexes = (await job.session.invalidIndexes()).filter(({ index }) => !invalidBefore.has(index));
    const { project, options, clean } = job;
    const report = reportFailure({
        failure: real,
        project,
        targets: plan.targets,
        databaseUrlEnv: options.databaseUrlEnv,
        now: to,
        committed: applied.map(({ id }) => id),
        seen: run.seen,
        invalidIndexes,
        clean,
    });
    return { ...outcome, reason: isLockFailure(real) ? "lock-timeout" : "migration-failed", failure: report };
}
async function tryUpgrade(job, run, { targets, revisions }) {
    for (let attempts = 1;; attempts += 1) {
        assertHeld(job.session, job.address);
        const answer = await run.request({ do: "upgrade", target: targets });
        if (answer.kind === "done")
            return { failure: undefined, attempts };
        const { failure } = answer;
        const pause = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1));
        if (attempts > job.options.lockRetries || !mayRetry(failure, revisions, job, pause))
            return { failure, attempts };
        job.ports.log.info(`PostgreSQL waited ${run.session?.lockTimeout ?? "?"} for a lock in vain and rolled revision ${failure.revision} back. Trying again in ${pause / 1000} s (${attempts} of ${job.options.lockRetries}).`);
        await job.ports.clock.sleep(pause, job.stop).catch(() => undefined);
    }
}
/** A revision that commits in between cannot be started over: what it did before the failure is still there. */
function mayRetry(failure, revisions, { stop, ports, deadline }, pause) {
    if (!isLockFailure(failure) || stop.aborted || ports.clock.now() + pause >= deadline)
        return false;
    const failed = revisions.find(({ revision }) => revision.id === failure.revision)?.revision;
    return failed?.operations.some(({ autocommit, function: name }) => autocommit && name !== "downgrade") === false;
}
/** Only the version table says what was committed. */
function appliedBetween({ graph }, run, from, to, planned) {
    const committed = new Set((0,src/* pathBetween */.yV)(graph, from, to));
    const order = [...run.seen.keys()];
    return planned
        .filter(({ revision }) => committed.has(revision.id))
        .sort((a, b) => order.indexOf(a.revision.id) - order.indexOf(b.revision.id))
        .map(({ revision: { id, message, file }, phase }) => {
        const seen = run.seen.get(id);
        return { id, message, file, phase, milliseconds: seen?.milliseconds ?? 0, statements: seen?.statements ?? 0 };
    });
}
/** Alembic leaves the commit to env.py when env.py had a transaction open: then all of it may vanish without an error. */
function lostCommit({ graph }, plan, to, run) {
    const committed = new Set((0,src/* pathBetween */.yV)(graph, [], to));
    const missing = plan.revisions.find(({ revision }) => !committed.has(revision.id));
    if (missing === undefined)
        return undefined;
    const why = run.session?.external === true
        ? "env.py had begun a transaction before context.configure, so Alembic left the commit to it, and it did not commit"
        : "the version table does not show it";
    return {
        during: "upgrade",
        type: "NotCommitted",
        module: "",
        parents: [],
        message: `Alembic ran to its end, and ${missing.revision.id} is not in the database: ${why}.`,
        missing: null,
        sqlstate: null,
        primary: null,
        detail: null,
        hint: null,
        revision: missing.revision.id,
        statement: null,
        traceback: [],
        frame: null,
    };
}
function throwIfCancelled({ ports, options, project, address }, applied, planned) {
    if (!ports.signal.aborted)
        return;
    const done = new Set(applied.map(({ id }) => id));
    const open = planned.map(({ revision }) => revision.id).filter((id) => !done.has(id));
    throw new release_src/* Interrupted */.j$({
        what: `The upgrade of ${address.shown} was cancelled.`,
        done: applied.map(({ id, message }) => `revision ${id} (${message}) is applied and committed`),
        undone: open.length === 0
            ? []
            : [
                `not applied, and rolled back where begun: ${open.join(", ")} (go on with: ${continueCommand(project, [options.target], options.databaseUrlEnv)})`,
            ],
    });
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
;// CONCATENATED MODULE: ./packages/alembic/src/base-commit.ts




/** The standard output of a program. Rejects with what it wrote to its standard error. */
async function run(program, args) {
    const { getExecOutput } = await __webpack_require__.e(/* import() */ 260).then(__webpack_require__.bind(__webpack_require__, 1260));
    const { exitCode, stdout, stderr } = await getExecOutput(program, args, { silent: true, ignoreReturnCode: true });
    if (exitCode !== 0)
        throw new Error(stderr.trim() || `${program} ended with ${exitCode}`);
    return stdout;
}
/**
 * Finds the merge base of HEAD and `since`. Without `since`: of a pull request its base branch, and otherwise nothing,
 * for then there is no base.
 * @throws UsageError when the base is not in the clone.
 */
async function findBase(directory, since, env) {
    const git = async (...args) => (await run("git", ["-C", directory, ...args])).trim();
    const ref = since ?? (await pullRequestBase(env, git));
    if (ref === undefined)
        return undefined;
    const commit = await mergeBase(ref, git);
    const [changed, untracked, tip] = await Promise.all([
        git("diff", "--name-only", "--relative", commit),
        git("ls-files", "--others", "--exclude-standard"),
        git("rev-parse", `${ref}^{commit}`),
    ]);
    const moved = tip === commit ? "" : await git("diff", "--name-only", "--relative", commit, tip);
    return {
        commit,
        changed: [...lines(changed), ...lines(untracked)],
        moved: lines(moved),
        layOut: (which = "base") => layOut(which === "base" ? commit : tip, git),
    };
}
const lines = (text) => text.split("\n").filter((line) => line !== "");
async function layOut(commit, git) {
    const prefix = await git("rev-parse", "--show-prefix");
    const top = await git("rev-parse", "--show-toplevel");
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)((0,external_node_os_.tmpdir)(), "augeo-base-"));
    const archive = (0,external_node_path_.join)(folder, "base.tar");
    await run("git", ["-C", top, "archive", "--format=tar", "-o", archive, commit]);
    await run("tar", ["-xf", archive, "-C", folder]);
    return { directory: (0,external_node_path_.join)(folder, prefix), remove: () => (0,promises_.rm)(folder, { recursive: true, force: true }) };
}
/** actions/checkout checks out the merge of a pull request: its first parent is the base branch. */
async function pullRequestBase(env, git) {
    const branch = env.GITHUB_BASE_REF;
    if (branch === undefined || branch === "")
        return undefined;
    const parents = await git("log", "-1", "--format=%P").catch(() => "");
    return parents.split(" ").length === 2 ? "HEAD^1" : `origin/${branch}`;
}
async function mergeBase(ref, git) {
    try {
        return await git("merge-base", ref, "HEAD");
    }
    catch (cause) {
        throw new release_src/* UsageError */.eb({
            what: `The base ${ref} is not in this clone, so the new revisions cannot be told from the old ones.`,
            why: cause instanceof Error ? (cause.message.split("\n")[0] ?? cause.message) : String(cause),
            fix: "Give actions/checkout fetch-depth: 0, or set since to a branch, tag or commit that is there.",
            cause,
        });
    }
}

;// CONCATENATED MODULE: ./packages/alembic/src/probe-connection.ts


const REFUSED = /no pg_hba\.conf entry for host "([^"]+)"/;
/** Codes of errors that come from the network and not from a server. */
const NETWORK = /^E[A-Z_]+$|timeout|timed out|terminated/i;
/** Knocks at the database's server. Never throws for what the server or the network does. */
async function probeConnection(url, timeout) {
    const address = readDatabaseUrl(url);
    try {
        await (await tryToConnect(address, timeout)).end();
        return { kind: "open" };
    }
    catch (error) {
        const message = error instanceof Error ? error.message || String(Reflect.get(error, "code")) : String(error);
        const seen = REFUSED.exec(message)?.[1];
        // A rule there is, and TLS is what it lacks: the firewall is not what stands in the way.
        if (seen !== undefined && address.tls !== "disable")
            return { kind: "refused", address: seen, message };
        const code = error instanceof Error && "code" in error ? String(error.code) : "";
        return NETWORK.test(code) || NETWORK.test(message) ? { kind: "silent", message } : { kind: "open" };
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
;// CONCATENATED MODULE: ./packages/alembic/src/rehearsal/ephemeral-server.ts







const ephemeral_server_run = (0,external_node_util_.promisify)(external_node_child_process_.execFile);
const START_TIMEOUT_MS = 30_000;
/** Nothing here is worth surviving a crash. */
const SETTINGS = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
];
/** @throws Error with the server's own last words when it does not start. */
async function startEphemeralServer(binaries) {
    const account = await serverAccount();
    const home = await (0,promises_.mkdtemp)((0,external_node_path_.join)((0,external_node_os_.tmpdir)(), "augeo-postgres-"));
    try {
        const [port, password] = [await freePort(), (0,external_node_crypto_.randomBytes)(18).toString("base64url")];
        const data = await initialise(home, binaries, password, account);
        const child = await launch(binaries, data, port, account);
        const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
        return { url, version: binaries.version, close: () => stop(child, home) };
    }
    catch (error) {
        await (0,promises_.rm)(home, { recursive: true, force: true });
        throw error;
    }
}
/** PostgreSQL refuses to run as root: in a container job it runs as the account that owns nothing. */
async function serverAccount() {
    if (process.getuid?.() !== 0)
        return undefined;
    const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => ephemeral_server_run("id", [flag, "nobody"])));
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}
function freePort() {
    return new Promise((resolve, reject) => {
        const probe = (0,external_node_net_.createServer)().once("error", reject);
        probe.listen(0, "127.0.0.1", () => {
            const address = probe.address();
            probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
        });
    });
}
function environment(account, cwd) {
    return { cwd, env: { LC_ALL: "C", PATH: process.env.PATH }, ...account };
}
async function initialise(home, { folder }, password, account) {
    const [data, passwordFile] = [(0,external_node_path_.join)(home, "data"), (0,external_node_path_.join)(home, "password")];
    await (0,promises_.chmod)(home, 0o711);
    await (0,promises_.mkdir)(data, { mode: 0o700 });
    await (0,promises_.writeFile)(passwordFile, password, { mode: 0o600 });
    if (account !== undefined)
        await Promise.all([data, passwordFile].map((path) => (0,promises_.chown)(path, account.uid, account.gid)));
    const args = ["-D", data, "-U", "postgres", "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8"];
    await ephemeral_server_run((0,external_node_path_.join)(folder, "initdb"), [...args, "--no-locale", "--no-sync"], environment(account, data));
    return data;
}
async function launch({ folder }, data, port, account) {
    const flags = SETTINGS.flatMap((setting) => ["-c", setting]);
    const args = ["-D", data, "-p", String(port), "-k", data, "-h", "127.0.0.1", ...flags];
    const child = (0,external_node_child_process_.spawn)((0,external_node_path_.join)(folder, "postgres"), args, {
        ...environment(account, data),
        stdio: ["ignore", "ignore", "pipe"],
        detached: true,
    });
    const kill = () => void child.kill("SIGQUIT");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    await untilReady(child);
    return child;
}
function untilReady(child) {
    return new Promise((resolve, reject) => {
        let log = "";
        const fail = (why) => reject(new Error(`PostgreSQL did not start: ${why}. ${log.slice(-2000)}`));
        const timer = setTimeout(() => fail("no answer"), START_TIMEOUT_MS);
        child.once("error", (error) => fail(error.message));
        child.once("exit", (code) => fail(`exit code ${code}`));
        child.stderr?.on("data", (text) => {
            if (log.length < 8_000)
                log += text.toString();
            if (!log.includes("ready to accept connections"))
                return;
            clearTimeout(timer);
            resolve();
        });
    });
}
async function stop(child, home) {
    if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGQUIT");
        await ended;
    }
    await (0,promises_.rm)(home, { recursive: true, force: true });
}

;// CONCATENATED MODULE: ./packages/alembic/src/rehearsal/plain-environment.ts

/**
 * Where the project's env.py cannot be loaded (its packages are not installed, a variable is not set), its revisions can
 * still be run by a plain environment of ours: what they do to the schema seldom depends on env.py. That it was so is
 * part of the verdict.
 */
const settingsOf = (project, plain) => ({
    options: project.options,
    ...(plain ? { plain: true, locations: project.locations.map((location) => (0,external_node_path_.join)(project.root, location)) } : {}),
});
/** Without Alembic itself nothing runs, and a process that ended ends again. */
const canGoPlain = ({ during, type }) => during !== "load" && type !== "ProcessEnded";
function whyPlain({ type, message, frame }) {
    const [line = ""] = message.trim().split("\n");
    const place = frame === null ? "" : ` (${frame.file}, line ${frame.line})`;
    return `env.py was not used, because it does not load here: ${type === "Stop" ? line : `${type}: ${line}`}${place}`;
}
const withStandIns = (why, modules) => modules.size === 0 ? why : `${why}; stand-ins were given for ${[...modules].slice(0, 8).join(", ")}`;

;// CONCATENATED MODULE: ./packages/alembic/src/rehearsal/print-offline.ts


/** Nothing listens there: offline, Alembic only looks at the scheme. */
const NOWHERE = "postgresql://offline@127.0.0.1:1/offline";
/** The SQL of each revision by itself, without a database: one that fails hides no other. */
async function print_offline_printOffline(project, revisions, databaseUrlEnv, env) {
    const environment = { ...env, [databaseUrlEnv]: env[databaseUrlEnv] ?? NOWHERE };
    const own = await printEach(project, revisions, environment, null);
    const blocked = own.find(({ failure }) => failure !== null && failure.revision === null)?.failure;
    if (blocked == null || !canGoPlain(blocked))
        return own;
    return printEach(project, revisions, environment, whyPlain(blocked));
}
async function printEach(project, revisions, env, plain) {
    const { python, directory, config } = project;
    let pieces = [];
    const standIns = new Set();
    const together = new Map();
    const alembic = new AlembicProcess({
        python,
        directory,
        config,
        env,
        settings: { url: NOWHERE, ...settingsOf(project, plain !== null) },
        onEvent: (event) => {
            if (event.event === "offline")
                pieces = event.pieces;
            if (event.event === "printed")
                together.set(event.revision, event);
            if (event.event === "stand-in")
                standIns.add(event.module);
        },
        onOutput: () => undefined,
    });
    try {
        const printed = [];
        const known = new Set(revisions.map(({ id }) => id));
        // From the first revision on, all of them take one run of env.py instead of one each.
        if (revisions.length > 1 && revisions.every((revision) => revision.downRevisions.every((id) => known.has(id))))
            await alembic.request({ do: "offline-all", revisions: revisions.map(({ id }) => id) });
        for (const { id, downRevisions } of revisions) {
            const seen = together.get(id);
            if (seen !== undefined) {
                const { failure, pieces: own } = seen;
                printed.push({ id, pieces: own, failure, plain: plain === null ? null : withStandIns(plain, standIns) });
                continue;
            }
            pieces = [];
            const [from] = downRevisions;
            const answer = await alembic.request({ do: "offline", target: id, ...(from === undefined ? {} : { from }) });
            const failure = answer.kind === "failed" ? answer.failure : null;
            printed.push({ id, pieces, failure, plain: plain === null ? null : withStandIns(plain, standIns) });
            // One that the environment keeps from being printed tells of all the others.
            if (plain === null && failure !== null && failure.revision === null && canGoPlain(failure))
                return printed;
        }
        return printed;
    }
    finally {
        await alembic.close();
    }
}

;// CONCATENATED MODULE: ./packages/alembic/src/rehearsal/read-catalog.ts
/** Alembic's own table, $1, is no part of the contract with the code. */
const CATALOG_SQL = `
with ours as (
  select n.oid, n.nspname from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), named as (
  select c.oid, case when o.nspname = 'public' then c.relname::text else o.nspname || '.' || c.relname end as name, c.relkind, c.relnamespace
    from pg_class c join ours o on o.oid = c.relnamespace
   where c.relname <> $1 and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
), columns as (
  select a.attrelid, json_object_agg(a.attname, json_build_object(
      'number', a.attnum, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
      'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
      'fills', case when a.attidentity <> '' then 'identity' when a.attgenerated <> '' then 'generated' else '' end) order by a.attnum) as columns
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attnum > 0 and not a.attisdropped and a.attrelid in (select oid from named) group by a.attrelid
), explicit as (
  select grantee from named n join pg_class c on c.oid = n.oid, aclexplode(c.relacl)
  union select grantee from pg_attribute a, aclexplode(a.attacl) where a.attacl is not null and a.attrelid in (select oid from named)
  union select grantee from ours o join pg_namespace n on n.oid = o.oid, aclexplode(n.nspacl)
  union select grantee from ours o join pg_proc p on p.pronamespace = o.oid, aclexplode(p.proacl)
  union select relowner from named n join pg_class c on c.oid = n.oid
), grantees as (
  select 'public'::name as name union select rolname from pg_roles where not rolsuper and rolname !~ '^pg_'
     and oid in (select grantee from explicit union select member from pg_auth_members where roleid in (select grantee from explicit))
), allowed as (
  select 'table ' || n.name as object, case when has_table_privilege(g.name, n.oid, privilege) then g.name || ' ' || privilege end as what
    from named n, grantees g, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) privilege where n.relkind in ('r', 'p', 'v', 'm', 'f')
  union all select 'table ' || n.name, case when has_column_privilege(g.name, n.oid, a.attnum, privilege) then g.name || ' ' || privilege || ' (' || a.attname || ')' end
    from named n join pg_attribute a on a.attrelid = n.oid and a.attacl is not null and not a.attisdropped,
         grantees g, unnest(array['SELECT', 'INSERT', 'UPDATE']) privilege
  union all select 'sequence ' || n.name, case when has_sequence_privilege(g.name, n.oid, privilege) then g.name || ' ' || privilege end
    from named n, grantees g, unnest(array['USAGE', 'SELECT', 'UPDATE']) privilege where n.relkind = 'S'
  union all select 'schema ' || o.nspname, case when has_schema_privilege(g.name, o.oid, 'USAGE') then g.name || ' USAGE' end from ours o, grantees g
  union all select 'function ' || p.oid::regprocedure, case when has_function_privilege(g.name, p.oid, 'EXECUTE') then g.name || ' EXECUTE' end
    from pg_proc p join ours o on o.oid = p.pronamespace, grantees g
   where not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
)
select json_build_object(
 'schemas', (select coalesce(json_agg(nspname order by nspname), '[]') from ours),
 'relations', (select coalesce(json_object_agg(n.name, json_build_object('oid', n.oid::bigint, 'kind', n.relkind,
      'columns', coalesce(c.columns, '{}'::json), 'definition', case when n.relkind in ('v', 'm') then pg_get_viewdef(n.oid) else '' end)), '{}')
    from named n left join columns c on c.attrelid = n.oid
   where n.relkind in ('r', 'p', 'v', 'm', 'f') or (n.relkind = 'S' and not exists (
     select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = n.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0))),
 'constraints', (select coalesce(json_agg(json_build_object('oid', k.oid::bigint, 'table', n.name, 'name', k.conname, 'kind', k.contype,
      'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')) order by n.name, k.conname), '[]')
    from pg_constraint k join named n on n.oid = k.conrelid where k.contype <> 'n'),
 'indexes', (select coalesce(json_object_agg(n.name, json_build_object('table', t.name, 'unique', i.indisunique, 'valid', i.indisvalid or n.relkind = 'I',
      'definition', pg_get_indexdef(i.indexrelid))), '{}')
    from pg_index i join named n on n.oid = i.indexrelid join named t on t.oid = i.indrelid),
 'enums', (select coalesce(json_object_agg(e.name, e.labels), '{}') from (
    select case when o.nspname = 'public' then t.typname::text else o.nspname || '.' || t.typname end as name,
           json_agg(json_build_object('oid', e.oid::bigint, 'label', e.enumlabel) order by e.enumsortorder) as labels
      from pg_enum e join pg_type t on t.oid = e.enumtypid join ours o on o.oid = t.typnamespace group by 1) e),
 'functions', (select coalesce(json_object_agg(p.oid::regprocedure::text, json_build_object(
      'name', case when o.nspname = 'public' then p.proname::text else o.nspname || '.' || p.proname end,
      'arguments', coalesce((select json_agg(format_type(a.type, null) order by a.place) from unnest(p.proargtypes) with ordinality a (type, place)), '[]'),
      'defaults', p.pronargdefaults, 'result', pg_get_function_result(p.oid), 'definition', md5(p.prosrc || p.provolatile::text))), '{}')
    from pg_proc p join ours o on o.oid = p.pronamespace
   where p.prokind in ('f', 'p', 'a') and not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')),
 'triggers', (select coalesce(json_object_agg(n.name || '.' || t.tgname, pg_get_triggerdef(t.oid) || t.tgenabled::text), '{}')
    from pg_trigger t join named n on n.oid = t.tgrelid where not t.tgisinternal),
 'privileges', (select coalesce(json_object_agg(object, whats), '{}') from (
    select object, coalesce(json_agg(what order by what) filter (where what is not null), '[]') as whats from allowed group by object) a)
)::text as catalog`;
/**
 * Prepares a session for reading the catalog again and again. To plan the query takes as long as to run it, and to compile
 * it many times as long, which PostgreSQL would do because it takes the product of objects and roles for large.
 */
async function forCatalog(session) {
    // By way of the settings that there are: jit came with version 11, plan_cache_mode with 12.
    await session.query(`select set_config(name, case name when 'jit' then 'off' else 'force_generic_plan' end, false)
       from pg_settings where name in ('jit', 'plan_cache_mode')`);
}
/** What code can see of the database: read with a session of our own, between revisions. */
async function readCatalog(session, versionTable) {
    const query = { name: "catalog", text: CATALOG_SQL, values: [versionTable] };
    const { rows } = await session.query(query);
    return JSON.parse(rows[0]?.catalog ?? "{}");
}

;// CONCATENATED MODULE: ./packages/alembic/src/trace/snapshot.ts

/**
 * One reading of what a session has done so far: every user relation with its file and how often its heap was scanned
 * (which counts on empty tables too; what ended transactions did is in one count, this one's in the other, and outside a
 * transaction a scan may move from the second to the first at any time), and the locks the session holds or waits for.
 * Reading it locks catalogs only. The same text is run by the tracer of SQL files and by the one inside Alembic.
 */
const snapshotSql = `select pg_catalog.json_build_object(
 'relations', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(c.oid::bigint,
    case when n.nspname = 'public' then c.relname::text else n.nspname::text operator(pg_catalog.||) '.' operator(pg_catalog.||) c.relname::text end,
    c.relkind::text, c.relfilenode::bigint, pg_catalog.pg_stat_get_numscans(c.oid) operator(pg_catalog.+) pg_catalog.pg_stat_get_xact_numscans(c.oid), i.indrelid::bigint, h.inhparent::bigint)), '[]'::json)
   from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
   left join pg_catalog.pg_index i on i.indexrelid operator(pg_catalog.=) c.oid
   left join pg_catalog.pg_inherits h on h.inhrelid operator(pg_catalog.=) c.oid and c.relispartition and c.relkind operator(pg_catalog.<>) 'i'
   where n.nspname operator(pg_catalog.!~) '^pg_' and n.nspname operator(pg_catalog.<>) 'information_schema'),
 'locks', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(l.relation::bigint, l.mode)), '[]'::json)
   from pg_catalog.pg_locks l where l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and l.locktype operator(pg_catalog.=) 'relation'))::text as snapshot`;
const isMode = (mode) => src/* LOCK_MODES */.bx.some((known) => known === mode);
function readSnapshot(text) {
    const { relations, locks } = JSON.parse(text);
    return {
        relations: new Map(relations.map(([oid, name, kind, filenode, scans, table, parent]) => [
            oid,
            { oid, name, kind, filenode, scans: scans ?? 0, table, parent },
        ])),
        locks: strongestModes(locks.flatMap(([oid, mode]) => (isMode(mode) ? [[oid, mode]] : []))),
    };
}
function strongestModes(locks) {
    const modes = new Map();
    for (const [oid, mode] of locks) {
        const known = modes.get(oid);
        if (known === undefined || (0,src/* lockRank */.wb)(mode) > (0,src/* lockRank */.wb)(known))
            modes.set(oid, mode);
    }
    return modes;
}
/** What one statement did, from the readings around it. */
function effectsBetween({ base, before, after, truncates }) {
    const old = [...before.relations.values()].filter(({ oid }) => base.relations.has(oid));
    const changed = old.filter(({ oid, filenode }) => {
        const now = after.relations.get(oid);
        return now !== undefined && now.filenode !== filenode;
    });
    const rewritten = truncates ? [] : changed.filter(({ kind }) => kind === "r" || kind === "m");
    const scanned = old.filter(({ oid, scans, kind }) => (after.relations.get(oid)?.scans ?? 0) > scans && kind !== "i");
    const builds = truncates ? [] : indexBuilds(base, before, after, new Set(rewritten.map(({ oid }) => oid)));
    const parents = (oids) => lockedParents(oids, before, after);
    return {
        locks: newLocks(base, before, after),
        rewrites: [...rewritten.map(({ name }) => name), ...parents(rewritten.map(({ oid }) => oid))],
        scans: truncates ? [] : [...scanned.map(({ name }) => name), ...parents(scanned.map(({ oid }) => oid))],
        indexBuilds: builds
            .map(({ index, name: relation }) => ({ index, relation }))
            .concat(parents(builds.map(({ oid }) => oid)).map((relation) => ({ index: builds[0]?.index ?? "", relation }))),
    };
}
/** A partitioned table has no rows of its own: locked for it, it stands for what is done to its partitions. */
function lockedParents(oids, before, after) {
    const found = new Map();
    const pending = [...oids];
    for (let oid = pending.pop(); oid !== undefined; oid = pending.pop()) {
        const parent = before.relations.get(oid)?.parent ?? null;
        const relation = parent === null ? undefined : before.relations.get(parent);
        if (relation === undefined || found.has(relation.oid))
            continue;
        pending.push(relation.oid);
        const lock = after.locks.get(relation.oid);
        if (lock !== undefined && (0,src/* lockRank */.wb)(lock) >= WORKING_RANK)
            found.set(relation.oid, relation.name);
    }
    return [...found.values()];
}
const WORKING_RANK = (0,src/* lockRank */.wb)("ShareUpdateExclusiveLock");
/** TOAST tables are left out: nothing waits for them that does not wait for their table. */
const LOCKABLE = new Set(["r", "p", "m", "v", "f", "i", "I"]);
/** ALTER SEQUENCE makes those wait who ask for a number; a sequence that goes with its table is told with the table. */
const isLockable = ({ kind }, mode) => LOCKABLE.has(kind) || (kind === "S" && mode === "ShareRowExclusiveLock");
function newLocks(base, before, after) {
    return [...after.locks].flatMap(([oid, mode]) => {
        const known = before.locks.get(oid);
        const relation = before.relations.get(oid) ?? after.relations.get(oid);
        if (relation === undefined || !isLockable(relation, mode))
            return [];
        if (known !== undefined && (0,src/* lockRank */.wb)(known) >= (0,src/* lockRank */.wb)(mode))
            return [];
        return [{ relation: relation.name, mode, preexisting: base.relations.has(oid) }];
    });
}
/** An index was built when its file is one that did not exist before: a re-created index may keep its old file. */
function indexBuilds(base, before, after, rewritten) {
    const files = new Set([...before.relations.values()].map(({ filenode }) => filenode));
    return [...after.relations.values()].flatMap(({ kind, table, name, filenode }) => {
        if (kind !== "i" || table === null || files.has(filenode) || rewritten.has(table))
            return [];
        const relation = base.relations.get(table);
        return relation === undefined
            ? []
            : [{ index: name, name: before.relations.get(table)?.name ?? relation.name, oid: table }];
    });
}

;// CONCATENATED MODULE: ./packages/alembic/src/trace/outside-transaction.ts

const POLL_MS = 2;
/** By then a statement that waits for the helper is seen waiting. */
const LONGEST_HOLD_MS = 300;
/**
 * Watches a session that is about to run a statement outside a transaction, such as CREATE INDEX CONCURRENTLY. It takes
 * and drops its locks as it goes, and on an empty database they would be gone too fast to be seen: the helper holds
 * ROW EXCLUSIVE on every table, which such a statement has to wait out with its own locks in view. Resolves once the
 * tables are held, that is, when the statement may begin.
 */
async function watchOutside(helper, pid, before) {
    await holdTables(helper, before);
    const seen = [];
    let stopped = false;
    const watching = watch(helper, pid, seen, () => stopped);
    watching.catch(() => undefined);
    return {
        async stop() {
            stopped = true;
            await watching;
            return strongestModes(seen);
        },
    };
}
async function watch(helper, pid, seen, stopped) {
    const started = performance.now();
    while (!stopped() && !(await poll(helper, pid, seen)) && performance.now() - started < LONGEST_HOLD_MS)
        await pause();
    await helper.query("commit");
    while (!stopped()) {
        await poll(helper, pid, seen);
        await pause();
    }
}
const pause = () => new Promise((resolve) => setTimeout(resolve, POLL_MS));
/** What a statement does that refuses a transaction block. */
async function traceOutsideTransaction({ session, helper, base, statement }) {
    const before = await read(session);
    const held = await watchOutside(helper, await backendOf(session), before);
    let command = null;
    try {
        command = (await session.query(statement)).command;
    }
    finally {
        await held.stop();
    }
    const after = { ...(await read(session)), locks: await held.stop() };
    return effectsBetween({ base, before: { ...before, locks: new Map() }, after, truncates: command === "TRUNCATE" });
}
async function holdTables(helper, { relations }) {
    await helper.query("begin");
    const oids = [...relations.values()].filter(({ kind }) => kind === "r" || kind === "p").map(({ oid }) => oid);
    const { rows } = await helper.query("select oid::regclass::text as name from pg_class where oid = any($1::oid[])", [oids]);
    if (rows.length === 0)
        return;
    await helper.query(`lock table ${rows.map(({ name }) => `only ${name}`).join(", ")} in row exclusive mode`);
}
/** Adds the locks the session holds or waits for; true once it waits. */
async function poll(helper, pid, seen) {
    const { rows } = await helper.query("select relation::bigint as relation, mode, granted from pg_locks where pid = $1", [pid]);
    for (const { relation, mode } of rows)
        if (relation !== null)
            seen.push([Number(relation), mode]);
    return rows.some(({ granted }) => !granted);
}
async function backendOf(session) {
    const { rows } = await session.query("select pg_catalog.pg_backend_pid() as pid");
    return rows[0]?.pid ?? 0;
}
async function read(session) {
    const { rows } = await session.query(snapshotSql);
    return readSnapshot(rows[0]?.snapshot ?? '{"relations":[],"locks":[]}');
}

;// CONCATENATED MODULE: ./packages/alembic/src/rehearsal/traced-run.ts



/** Where no watch could be kept, the locks of the statement are not known; its work is. */
const NOTHING_SEEN = { stop: async () => new Map() };
const TRUNCATE = /^\s*truncate\b/i;
/** The project's Alembic at work on a rehearsal database: answers to requests, and what was seen meanwhile. */
class TracedRun {
    #process;
    #helper;
    /** Everything printed since the last request. */
    output = [];
    session;
    drift;
    exercises = [];
    /** Modules that revisions were given stand-ins for. */
    standIns = new Set();
    /** Statements of revisions run without a trace, in order. */
    plain = [];
    #statements = [];
    #pid = 0;
    #base;
    #last;
    #pending;
    #tracing = false;
    #held = false;
    /** Settles when the last watch on another session has ended. */
    #watched = Promise.resolve();
    constructor(options, helper) {
        this.#helper = helper;
        this.#process = new AlembicProcess({
            ...options,
            onEvent: (event) => this.#see(event),
            onOutput: (lines) => this.output.push(lines),
        });
    }
    /** Runs one revision and says what each of its statements did. The last one has `error` when it failed. */
    async trace(revision) {
        this.#statements = [];
        this.#base = undefined;
        this.#last = undefined;
        this.#tracing = true;
        const answer = await this.step("upgrade", revision, snapshotSql);
        this.#tracing = false;
        this.#closePending(answer);
        return { answer, statements: await Promise.all(this.#statements) };
    }
    /** Runs one revision, up or down. Committed when it resolves; env.py may be held open for the next. */
    step(direction, revision, trace) {
        this.#held = true;
        return this.#process.request({ do: direction, revision, ...(trace === undefined ? {} : { trace }) });
    }
    /** Lets an env.py that is held open come to its end, and says how that went. */
    async release() {
        if (!this.#held)
            return { kind: "done" };
        this.#held = false;
        return this.#process.request({ do: "release" });
    }
    async request(request) {
        const released = await this.release();
        if (released.kind === "failed")
            return released;
        this.output.length = 0;
        return this.#process.request(request);
    }
    close() {
        return this.#process.close();
    }
    kill() {
        this.#process.kill();
    }
    #see(event) {
        switch (event.event) {
            case "observed":
            case "session":
                this.session = event.session;
                this.#pid = event.session.pid;
                return;
            case "drift":
                this.drift = event.items;
                return;
            case "stand-in":
                this.standIns.add(event.module);
                return;
            case "exercised":
                this.exercises = event.results;
                return;
            case "statement":
                if (this.#tracing)
                    this.#begin(event);
                else
                    this.plain.push(event.sql);
                return;
            case "finished":
                if (this.#tracing && event.after !== null)
                    this.#finish(readSnapshot(event.after), event.ms);
                return;
            default:
        }
    }
    #begin({ sql, line, autocommit, many, before }) {
        const snapshot = before === null ? this.#last : readSnapshot(before);
        this.#base ??= snapshot;
        this.#pending = { sql, line, autocommit, many, before: snapshot, watch: undefined };
        if (!autocommit || snapshot === undefined)
            return;
        // One watch at a time: all of them use the same second session.
        const held = this.#watched.then(() => watchOutside(this.#helper, this.#pid, snapshot)).catch(() => NOTHING_SEEN);
        this.#pending.watch = held;
        void held.then(() => this.#process.go());
    }
    #finish(after, durationMs) {
        const pending = this.#pending;
        this.#pending = undefined;
        this.#last = after;
        const seen = this.#stopWatch(pending?.watch);
        if (pending?.before === undefined || this.#base === undefined)
            return;
        this.#statements.push(this.#measured({ ...pending, seen }, pending.before, this.#base, after, durationMs));
    }
    #stopWatch(watch) {
        if (watch === undefined)
            return undefined;
        const seen = watch.then((held) => held.stop()).catch(() => new Map());
        this.#watched = seen;
        return seen;
    }
    async #measured({ sql, line, autocommit, many, seen }, before, base, after, durationMs) {
        const truncates = TRUNCATE.test(sql);
        const locks = seen === undefined ? after.locks : await seen;
        const own = seen === undefined ? before : { ...before, locks: new Map() };
        const effects = effectsBetween({ base, before: own, after: { ...after, locks }, truncates });
        return { trace: { statement: sql, ...effects, durationMs }, line, autocommit, many };
    }
    #closePending(answer) {
        const pending = this.#pending;
        this.#pending = undefined;
        if (pending === undefined || answer.kind !== "failed")
            return;
        const { sqlstate, primary, message } = answer.failure;
        const error = `${sqlstate ?? "?????"}: ${primary ?? message.split("\n")[0] ?? ""}`;
        const { sql, line, autocommit, many, watch } = pending;
        const none = { locks: [], rewrites: [], scans: [], indexBuilds: [], durationMs: 0 };
        this.#statements.push((async () => {
            await this.#stopWatch(watch);
            return { trace: { statement: sql, ...none, error }, line, autocommit, many };
        })());
    }
}

;// CONCATENATED MODULE: ./packages/alembic/src/rehearsal/rehearse.ts





/**
 * Brings an empty database to the base revision, then runs each new revision traced, back, and again, with the
 * project's own Alembic. One that fails is passed over, so that it hides no other: those after it run without what it
 * would have made.
 */
async function rehearse(request) {
    const { databaseUrl, baselineSql } = request;
    const { Client: PgClient } = (await __webpack_require__.e(/* import() */ 849).then(__webpack_require__.bind(__webpack_require__, 3849))).default;
    const [reader, helper] = [0, 1].map(() => new PgClient({ connectionString: databaseUrl }));
    for (const client of [reader, helper])
        client.on("error", () => undefined);
    await Promise.all([reader.connect(), helper.connect()]);
    let run = startRun(request, helper);
    const onAbort = () => run.kill();
    request.signal.addEventListener("abort", onAbort, { once: true });
    try {
        await forCatalog(reader);
        if (baselineSql !== undefined && baselineSql.trim() !== "") {
            const problem = await runBaseline(reader, baselineSql);
            if (problem !== undefined)
                return problem;
        }
        const observed = await run.request({ do: "observe" });
        if (observed.kind === "done")
            return await rehearseRevisions(request, run, reader, null);
        if (!canGoPlain(observed.failure))
            return notRehearsed("environment", observed.failure, run);
        const own = run;
        await own.close();
        run = startRun(request, helper, true);
        const again = await run.request({ do: "observe" });
        if (again.kind === "failed")
            return notRehearsed("environment", observed.failure, own);
        return await rehearseRevisions(request, run, reader, whyPlain(observed.failure));
    }
    finally {
        request.signal.removeEventListener("abort", onAbort);
        await run.close();
        await Promise.all([reader.end(), helper.end()]);
        request.signal.throwIfAborted();
    }
}
function startRun({ project, databaseUrl, databaseUrlEnv, env, }, helper, plain = false) {
    const address = readDatabaseUrl(databaseUrl);
    const settings = { url: address.url, single: false, ...settingsOf(project, plain) };
    const { python, directory, config } = project;
    return new TracedRun({ python, directory, config, env: { ...env, [databaseUrlEnv]: address.url }, settings }, helper);
}
async function runBaseline(reader, sql) {
    try {
        await reader.query(sql);
        return undefined;
    }
    catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { kind: "not-rehearsed", at: "baseline", failure: null, message, output: "" };
    }
}
async function rehearseRevisions(request, run, reader, plain) {
    for (const target of request.base) {
        const answer = await run.request({ do: "upgrade", target });
        if (answer.kind === "failed")
            return notRehearsed("base", answer.failure, run);
    }
    const table = run.session?.versionTable ?? "alembic_version";
    const before = await readCatalog(reader, table);
    const baseStatements = [...run.plain];
    const { rows } = await reader.query("select current_setting('server_version') as v");
    // What the base's models can do, and where they differ from its schema: what has drifted already.
    const base = await withOld(request, reader, async (oldRun) => ({
        exercises: await exercise(oldRun),
        drift: await driftOf(oldRun),
    }));
    const old = base?.exercises ?? null;
    const knownDrift = base?.drift ?? [];
    const revisions = await rehearseEach(request, run, reader, before);
    const complete = revisions.every(({ failure }) => failure === null);
    const drift = complete ? await driftOf(run) : null;
    const now = complete ? await withOld(request, reader, exercise) : null;
    const newCode = complete ? await exercise(run) : null;
    return {
        kind: "rehearsed",
        plain: plain === null ? null : withStandIns(plain, run.standIns),
        serverVersion: rows[0]?.v ?? "?",
        session: run.session ?? null,
        baseStatements,
        revisions,
        drift: drift?.filter((item) => !knownDrift.includes(item)) ?? null,
        knownDrift,
        before,
        after: await readCatalog(reader, table),
        oldCode: old === null || now === null ? null : newlyBroken(old, now),
        newCode: newCode === null ? null : newlyBroken(old ?? [], newCode.filter(isStructural)),
    };
}
/** Undefined table or column, NULL where none may be, and a type that does not fit: not what an example row ran into. */
const isStructural = ({ sqlstate }) => sqlstate !== null && /^(42P01|42703|23502|42804|22P02)$/.test(sqlstate);
/** Asks the base's code, on the schema as it stands; null where there is none. */
async function withOld(request, helper, ask) {
    if (request.oldCode === undefined)
        return null;
    const run = startRun({ ...request, project: request.oldCode }, helper);
    try {
        return await ask(run);
    }
    finally {
        await run.close();
    }
}
async function driftOf(run) {
    await run.request({ do: "check" });
    return run.drift ?? null;
}
async function exercise(run) {
    const answer = await run.request({ do: "exercise" });
    return answer.kind === "done" ? run.exercises : null;
}
function newlyBroken(before, after) {
    const broken = new Set(before.filter(({ sqlstate }) => sqlstate !== null).map(({ table, does }) => `${does} ${table}`));
    return after.filter(({ sqlstate, table, does }) => sqlstate !== null && !broken.has(`${does} ${table}`));
}
function notRehearsed(at, failure, run) {
    const message = failure.primary ?? `${failure.type}: ${failure.message.split("\n")[0] ?? ""}`;
    return { kind: "not-rehearsed", at, failure, message, output: run.output.join("\n") };
}
async function rehearseEach({ revisions }, run, reader, before) {
    const table = run.session?.versionTable ?? "alembic_version";
    const done = [];
    let catalog = before;
    for (const revision of revisions) {
        const started = performance.now();
        const { answer, statements } = await run.trace(revision.id);
        const milliseconds = Math.round(performance.now() - started);
        const now = await readCatalog(reader, table);
        const failure = answer.kind === "failed" ? answer.failure : null;
        const changes = (0,src/* diffCatalogs */.UA)(catalog, now);
        const back = failure === null
            ? await thereAndBack(revision, run, reader, { before: catalog, after: now, table })
            : { kind: "not-tried" };
        const invalidIndexes = Object.keys(now.indexes).filter((name) => now.indexes[name]?.valid === false && catalog.indexes[name]?.valid !== false);
        done.push({ id: revision.id, statements, changes, failure, back, invalidIndexes, milliseconds });
        const stands = failure === null && (back.kind !== "failed" || (await isAt(run, reader, table, revision.id)));
        if (!stands && (await run.request({ do: "stamp", target: revision.id })).kind === "failed")
            break;
        catalog = stands ? now : await readCatalog(reader, table);
    }
    const end = await run.release();
    const last = done.at(-1);
    // An env.py that fails only once its revisions are in would fail every upgrade.
    if (end.kind === "failed" && last !== undefined)
        last.failure ??= end.failure;
    return done;
}
async function thereAndBack({ downRevisions, downgrade, id }, run, reader, { before, after, table }) {
    if (downgrade === null)
        return { kind: "irreversible", why: "it has no downgrade()" };
    if (downgrade.raises)
        return { kind: "irreversible", why: "its downgrade() raises" };
    if (downRevisions.length > 1)
        return { kind: "not-tried" };
    const down = await run.step("downgrade", id);
    if (down.kind === "failed")
        return { kind: "failed", failure: down.failure };
    const back = (0,src/* differences */.tX)(before, await readCatalog(reader, table));
    const up = await run.step("upgrade", id);
    if (up.kind === "failed")
        return { kind: "failed", failure: up.failure };
    const again = (0,src/* differences */.tX)(after, await readCatalog(reader, table));
    const found = [
        ...back.map((line) => `after downgrade: ${line}`),
        ...again.map((line) => `after upgrade again: ${line}`),
    ];
    return found.length === 0 ? { kind: "same" } : { kind: "differs", differences: found };
}
/** A downgrade that failed rolled back: the next revision can go on only from where this one is applied. */
async function isAt(run, reader, table, id) {
    const { rows } = await reader.query(`select version_num from ${reader.escapeIdentifier(table)}`);
    return run.session !== undefined && rows.some((row) => row.version_num === id);
}

;// CONCATENATED MODULE: ./packages/alembic/src/rehearsal/server-binaries.ts




const server_binaries_run = (0,external_node_util_.promisify)(external_node_child_process_.execFile);
/** Where Debian, Ubuntu (GitHub's images too), Red Hat and Homebrew put them: none is on the PATH there. */
const PLACES = ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
/** PostgreSQL servers installed on this machine, newest first. */
async function findServers(env) {
    const onPath = (env.PATH ?? "").split(external_node_path_.delimiter).filter((folder) => folder !== "");
    const installed = await Promise.all(PLACES.map(versionFolders));
    const folders = [...new Set([...onPath, ...installed.flat(), "/usr/pgsql/bin"])];
    const found = await Promise.all(folders.map(serverIn));
    return found
        .filter((server) => server !== undefined)
        .sort((a, b) => Number.parseFloat(b.version) - Number.parseFloat(a.version));
}
async function versionFolders(place) {
    const names = await (0,promises_.readdir)(place).catch(() => []);
    return names.filter((name) => /^(postgresql@)?\d+$|^postgresql$/.test(name)).map((name) => (0,external_node_path_.join)(place, name, "bin"));
}
async function serverIn(folder) {
    try {
        await Promise.all(["initdb", "postgres"].map((name) => (0,promises_.access)((0,external_node_path_.join)(folder, name), promises_.constants.X_OK)));
        const { stdout } = await server_binaries_run((0,external_node_path_.join)(folder, "postgres"), ["--version"]);
        const version = /(\d+(?:\.\d+)?)/.exec(stdout)?.[1];
        // A command on the PATH may be a link into the real folder, where initdb finds what it needs by itself.
        return version === undefined ? undefined : { folder: (0,external_node_path_.dirname)((0,external_node_path_.join)(folder, "postgres")), version };
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./packages/alembic/src/table-sizes.ts


/** By name without `public.`: rows as PostgreSQL estimates them, bytes with indexes. Reads the catalogs only. */
async function readTableSizes(databaseUrl) {
    const client = await connectTo(readDatabaseUrl(databaseUrl));
    try {
        await client.query("set default_transaction_read_only = on");
        const { rows } = await client.query(`select case when n.nspname = 'public' then c.relname::text else n.nspname || '.' || c.relname end as name,
              greatest(c.reltuples, s.n_live_tup, 0)::bigint as rows, pg_total_relation_size(c.oid) as bytes
         from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_user_tables s on s.relid = c.oid
        where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`);
        return new Map(rows.map(({ name, rows: count, bytes }) => [name, { rows: Number(count), bytes: Number(bytes) }]));
    }
    finally {
        await client.end();
    }
}

;// CONCATENATED MODULE: ./packages/alembic/src/trace/trace-statements.ts




/** Longest time one statement may take on an empty database. */
const STATEMENT_TIMEOUT_MS = 20_000;
/**
 * Runs statements on a database of their own and says what each did there: locks, rewrites, scans, index builds. One
 * entry per statement, in order; one that fails has `error` and does not keep the next from being tried.
 * @throws Error when the preamble fails.
 */
async function traceStatements(server, request) {
    return withDatabase(server, async (url) => {
        const session = await connect(url);
        const helper = await connect(url);
        try {
            await session.query(`set statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
            if (request.preamble.trim() !== "")
                await runPreamble(session, request.preamble);
            return await new StatementTracer(session, helper).run(request);
        }
        finally {
            await Promise.all([session.end(), helper.end()]);
        }
    });
}
/** Major version of a server. */
async function serverVersion({ url }) {
    const client = await connect(url);
    try {
        const { rows } = await client.query("select pg_catalog.current_setting('server_version_num') as v");
        return Math.trunc(Number(rows[0]?.v) / 10_000);
    }
    finally {
        await client.end();
    }
}
async function runPreamble(session, preamble) {
    for (const { sql } of (0,src/* splitStatements */.Xd)(preamble))
        await session.query(sql);
    await session.query("rollback").catch(() => undefined);
}
async function connect(connectionString) {
    const { Client: PgClient } = (await __webpack_require__.e(/* import() */ 849).then(__webpack_require__.bind(__webpack_require__, 3849))).default;
    const client = new PgClient({ connectionString, application_name: "augeo trace" });
    client.on("error", () => undefined);
    client.on("notice", () => undefined);
    await client.connect();
    return client;
}
async function withDatabase({ url }, work) {
    const admin = await connect(url);
    const name = `augeo_trace_${(0,external_node_crypto_.randomBytes)(6).toString("hex")}`;
    try {
        await admin.query(`create database ${name}`);
        const own = new URL(url);
        own.pathname = `/${name}`;
        return await work(own.toString());
    }
    finally {
        await admin.query(`drop database if exists ${name} with (force)`).catch(() => undefined);
        await admin.end();
    }
}
const BEGINS = /^(?:begin|start\s+transaction)\b/i;
const ENDS = /^(?:commit|end|abort|rollback(?!\s+(?:work\s+|transaction\s+)?to\b))\b/i;
/** SQLSTATE of a statement that refuses to run inside a transaction block. */
const ACTIVE_TRANSACTION = "25001";
class StatementTracer {
    #session;
    #helper;
    #base;
    /** The reading after the last statement of an open transaction. */
    #last;
    #open = false;
    constructor(session, helper) {
        this.#session = session;
        this.#helper = helper;
    }
    async run({ sql, inTransaction }) {
        this.#base = await this.#read();
        if (inTransaction)
            await this.#begin();
        const traces = [];
        for (const piece of (0,src/* splitStatements */.Xd)(sql))
            traces.push(await this.#trace(piece.sql));
        await this.#session.query("rollback").catch(() => undefined);
        return traces;
    }
    async #trace(statement) {
        const started = performance.now();
        const duration = () => Math.round((performance.now() - started) * 1000) / 1000;
        try {
            const effects = await this.#effects(statement);
            return { statement, ...effects, durationMs: duration() };
        }
        catch (error) {
            return { statement, ...src/* NO_EFFECTS */.hh, durationMs: duration(), error: trace_statements_messageOf(error) };
        }
    }
    async #effects(statement) {
        if (BEGINS.test(statement) || ENDS.test(statement))
            return this.#control(statement);
        if (this.#open)
            return this.#inside(statement);
        await this.#begin();
        try {
            const effects = await this.#inside(statement);
            await this.#end("commit");
            return effects;
        }
        catch (error) {
            await this.#end("rollback");
            if (trace_statements_codeOf(error) !== ACTIVE_TRANSACTION || this.#base === undefined)
                throw error;
            return traceOutsideTransaction({ session: this.#session, helper: this.#helper, base: this.#base, statement });
        }
    }
    async #control(statement) {
        await this.#session.query(statement);
        this.#open = BEGINS.test(statement) || /\band\s+chain\s*$/i.test(statement);
        this.#last = undefined;
        return src/* NO_EFFECTS */.hh;
    }
    /** Within a savepoint, so that what fails does not hide what comes after it. */
    async #inside(statement) {
        const before = this.#last ?? (await this.#read());
        await this.#session.query("savepoint augeo_trace");
        try {
            const { command } = await this.#session.query(statement);
            const after = await this.#read();
            await this.#session.query("release savepoint augeo_trace");
            this.#last = after;
            return effectsBetween({ base: this.#base ?? before, before, after, truncates: command === "TRUNCATE" });
        }
        catch (error) {
            await this.#session.query("rollback to savepoint augeo_trace");
            throw error;
        }
    }
    async #begin() {
        await this.#session.query("begin");
        this.#open = true;
        this.#last = undefined;
    }
    async #end(word) {
        this.#open = false;
        this.#last = undefined;
        await this.#session.query(word);
    }
    async #read() {
        const { rows } = await this.#session.query(snapshotSql);
        return readSnapshot(rows[0]?.snapshot ?? '{"relations":[],"locks":[]}');
    }
}
function trace_statements_messageOf(error) {
    const code = trace_statements_codeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    return code === undefined ? message : `${code}: ${message}`;
}
function trace_statements_codeOf(error) {
    if (typeof error !== "object" || error === null || !("code" in error))
        return undefined;
    return typeof error.code === "string" ? error.code : undefined;
}

;// CONCATENATED MODULE: ./packages/alembic/src/index.ts













/***/ })

};
