export const id = 240;
export const ids = [240];
export const modules = {

/***/ 6182:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ notUnderstood)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);


/** What `parseArgs` refused, with the option that was probably meant. @param command as a person types it */
function notUnderstood(command, options, cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const typed = /^Unknown option '--?([^']*)'/.exec(said)?.[1];
    const meant = typed === undefined ? undefined : (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .closest */ .kp)(typed, options);
    return new _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb({
        what: typed === undefined ? said : `${command} has no option --${typed}.`,
        why: meant === undefined ? "The command was not understood." : `Did you mean --${meant}?`,
        fix: `${command} --help`,
        cause,
    });
}


/***/ }),

/***/ 9240:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runGate: () => (/* binding */ runGate)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./packages/alembic/src/index.ts + 32 modules
var alembic_src = __webpack_require__(3969);
// EXTERNAL MODULE: ./actions/cli/not-understood.ts
var not_understood = __webpack_require__(6182);
// EXTERNAL MODULE: ./actions/migration-gate/gate-outcome.ts
var gate_outcome = __webpack_require__(5757);
// EXTERNAL MODULE: ./actions/migration-gate/migration-options.ts
var migration_options = __webpack_require__(2732);
// EXTERNAL MODULE: ./actions/migration-gate/policy-file.ts
var policy_file = __webpack_require__(6804);
// EXTERNAL MODULE: ./actions/migration-gate/spec.ts
var spec = __webpack_require__(8724);
// EXTERNAL MODULE: ./actions/migration-gate/summary.ts + 1 modules
var summary = __webpack_require__(2973);
;// CONCATENATED MODULE: ./actions/migration-gate/cli/managed-identity.ts

/** Audience of Azure Database for PostgreSQL's tokens in the public cloud. */
const AUDIENCE = "https://ossrdbms-aad.database.windows.net";
/**
 * A token of the managed identity that App Service, Functions and Container Apps lend to what runs in them: by the
 * address and the header in their environment (api-version 2019-08-01).
 */
function managedIdentityToken(env, clientId, audience = AUDIENCE) {
    const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = env;
    if (!endpoint || !header) {
        throw new src/* UsageError */.eb({
            what: "There is no managed identity here.",
            why: "IDENTITY_ENDPOINT and IDENTITY_HEADER, which App Service and Container Apps set, are not in the environment.",
            fix: "Give the app or job an identity (az containerapp job identity assign, az webapp identity assign), or leave --managed-identity out and put the password into the address.",
        });
    }
    return async () => {
        const url = new URL(endpoint);
        url.searchParams.set("api-version", "2019-08-01");
        url.searchParams.set("resource", audience);
        if (clientId !== undefined)
            url.searchParams.set("client_id", clientId);
        const reply = await fetch(url, { headers: { "X-IDENTITY-HEADER": header } }).catch((error) => error);
        if (!(reply instanceof Response))
            throw refused(`It did not answer: ${reply}.`);
        const text = await reply.text();
        const token = tokenIn(text);
        if (token === undefined)
            throw refused(`It answered ${reply.status}: ${text.slice(0, 300)}`);
        return token;
    };
}
function tokenIn(text) {
    try {
        const value = JSON.parse(text);
        const token = typeof value === "object" && value !== null ? Reflect.get(value, "access_token") : undefined;
        return typeof token === "string" && token !== "" ? token : undefined;
    }
    catch {
        return undefined;
    }
}
function refused(why) {
    return new src/* ServiceError */._7({
        service: "Managed identity",
        operation: "get a token",
        what: "The managed identity gave no token for the database.",
        why,
        fix: "Check that the identity is assigned here; with several user-assigned ones, name it with --client-id.",
        retryable: true,
    });
}

;// CONCATENATED MODULE: ./actions/migration-gate/cli/terminal-log.ts

/** Progress on standard error, in plain lines: standard output is the report, and no runner reads commands here. */
function terminalLog(write = (text) => void process.stderr.write(text)) {
    const line = (prefix) => (text) => write(`${prefix}${(0,src/* stripControls */.$Y)(text)}\n`);
    return {
        info: line(""),
        debug: () => undefined,
        notice: line(""),
        warning: line("Warning: "),
        error: line("Error: "),
        quote: line(""),
        mask: () => undefined,
        async group(title, work) {
            line("")(title);
            return work();
        },
    };
}

;// CONCATENATED MODULE: ./actions/migration-gate/cli/apply-command.ts












const APPLY_USAGE = `augeo-gate apply [DIR] [options]

Brings a database to the target with the project's own Alembic: what migration-gate does with mode: apply, for where
the database can be reached and no runner can be. The address comes from the environment (DATABASE_URL).

  --target REV               where to, in Alembic's words (default: head)
  --phase PHASE              all, or expand: stop before the first contract revision (default: all)
  --database-url-env NAME    variable that holds the address, for the project too (DATABASE_URL)
  --managed-identity         sign in to the database as the managed identity of this app or job
  --client-id ID             which one, where there are several
  --alembic-config FILE      alembic.ini or pyproject.toml, from DIR
  --python PATH              interpreter with the project's packages
  --lock-timeout TIME, --lock-retries N, --statement-timeout TIME, --timeout TIME
                             as the inputs of migration-gate
  --json                     print the outcome as one line of JSON (schema 1), whatever it is

Exit code 0: applied, or nothing to do; 1: refused or failed; 2: the command was not understood.
`;
/** Flags that are inputs of the action by the same name. */
const INPUTS = [
    "target",
    "phase",
    "database-url-env",
    "alembic-config",
    "python",
    "lock-timeout",
    "lock-retries",
    "statement-timeout",
    "timeout",
];
async function applyCommand(args) {
    const { values, positionals } = read(args);
    const asJson = values.json === true;
    try {
        const outcome = await applied(values, positionals[0] ?? ".");
        const report = { schema: 1, action: "migration-gate", kind: "outcome", ...outcome };
        const { message = outcome.reason, fix } = outcome;
        const words = fix === undefined ? message : `${message}\nFix: ${fix}`;
        const exitCode = spec/* spec */.I.allReasons[outcome.reason]?.fails === true ? 1 : 0;
        return { stdout: asJson ? `${JSON.stringify(report)}\n` : `${words}\n`, exitCode };
    }
    catch (error) {
        const isOurs = error instanceof src/* UsageError */.eb || error instanceof src/* ServiceError */._7 || error instanceof src/* Interrupted */.j$;
        if (!isOurs || !asJson)
            throw error;
        const { what, why, fix } = error;
        const report = { schema: 1, action: "migration-gate", kind: "error", what, why, fix };
        process.stderr.write(`${(0,src/* explain */.WE)(error)}\n`);
        return { stdout: `${JSON.stringify(report)}\n`, exitCode: error instanceof src/* UsageError */.eb ? 2 : 1 };
    }
}
const OPTIONS = {
    target: { type: "string" },
    phase: { type: "string" },
    "database-url-env": { type: "string" },
    "alembic-config": { type: "string" },
    python: { type: "string" },
    "lock-timeout": { type: "string" },
    "lock-retries": { type: "string" },
    "statement-timeout": { type: "string" },
    timeout: { type: "string" },
    "managed-identity": { type: "boolean" },
    "client-id": { type: "string" },
    json: { type: "boolean" },
};
function read(args) {
    try {
        return (0,external_node_util_.parseArgs)({ args: [...args], allowPositionals: true, options: OPTIONS });
    }
    catch (cause) {
        throw (0,not_understood/* notUnderstood */.h)("augeo-gate apply", Object.keys(OPTIONS), cause);
    }
}
async function applied(values, directory) {
    const { env } = process;
    const inputs = readInputs(values, (0,external_node_path_.resolve)(directory));
    const url = env[inputs["database-url-env"]];
    if (url === undefined || url === "") {
        throw new src/* UsageError */.eb({
            what: "There is no database to apply migrations to.",
            why: `${inputs["database-url-env"]} is not set in this environment.`,
            fix: `Set ${inputs["database-url-env"]}, or name the variable that holds the address with --database-url-env.`,
        });
    }
    const token = values["managed-identity"] === true ? managedIdentityToken(env, values["client-id"]) : undefined;
    const ports = { log: terminalLog(), signal: stopSignal(), clock: src/* systemClock */.ml, env, token };
    const outcome = await (0,alembic_src/* applyMigrations */.KV)(ports, (0,migration_options/* migrationOptionsOf */.u)(inputs, url, await (0,policy_file/* readBranches */.L)(inputs["working-directory"])));
    return (0,gate_outcome/* outcomeOf */.s)((0,summary/* findingsOf */.WX)(outcome.reason, outcome), inputs);
}
/** The flags are inputs by another spelling: read, checked and defaulted as such. */
function readInputs(values, directory) {
    const given = INPUTS.flatMap((name) => {
        const value = values[name];
        return value === undefined ? [] : [[(0,src/* inputVariable */.LO)(name), value]];
    });
    return (0,src/* parseInputs */.TL)(spec/* spec */.I, {
        ...Object.fromEntries(given),
        // Asked for by the action alone, and never sent from here.
        [(0,src/* inputVariable */.LO)("github-token")]: "-",
        [(0,src/* inputVariable */.LO)("mode")]: "apply",
        [(0,src/* inputVariable */.LO)("working-directory")]: directory,
    });
}
function stopSignal() {
    const controller = new AbortController();
    const stop = () => controller.abort(new src/* Interrupted */.j$({ what: "The run was cancelled.", done: [], undone: [] }));
    for (const signal of ["SIGINT", "SIGTERM"])
        process.once(signal, stop);
    return controller.signal;
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var migrations_src = __webpack_require__(9626);
// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var release_src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/migration-gate/change-summary.ts
var change_summary = __webpack_require__(5246);
// EXTERNAL MODULE: ./actions/migration-gate/judge-change.ts + 3 modules
var judge_change = __webpack_require__(6846);
;// CONCATENATED MODULE: ./actions/migration-gate/cli/exit-codes.ts
/** How the commands that judge end; 2 is for a command that was not understood. */
const EXIT_CODES = { pass: 0, fail: 1, unknown: 3 };

;// CONCATENATED MODULE: ./actions/migration-gate/cli/render-findings.ts


/** Findings for a terminal: one line each, then how to mend it. */
function renderFindings(file, findings) {
    if (findings.length === 0)
        return `${file}: nothing found\n`;
    return findings.map((finding) => describe(file, finding)).join("");
}
function describe(file, finding) {
    const { severity, rule, title, relation, note, lock, blocks, recipe } = finding;
    const where = `${finding.file ?? file}:${finding.line}`;
    const table = relation === null ? "" : ` (${(0,migrations_src/* sizedRelation */.aU)(finding)})`;
    const why = note === undefined ? "" : `: ${note}`;
    const locked = lock === null || blocks === "nothing" ? "" : `\n    ${lock}, blocks ${blocks}${workOf(finding)}`;
    const fix = severity === "info" ? "" : `\n${recipe.replace(/^/gm, "    | ")}`;
    return `${(0,src/* stripControls */.$Y)(`${where}: ${severity} ${rule}${table}: ${title}${why}${locked}${fix}`)}\n`;
}
const workOf = ({ rewrite, scan, indexBuild }) => [
    rewrite ? ", rewrites the table" : "",
    indexBuild ? ", builds an index" : "",
    scan && !rewrite ? ", reads the table" : "",
].join("");

;// CONCATENATED MODULE: ./actions/migration-gate/cli/render-report.ts



/** The report for a terminal: the verdict, what was not looked at, each revision's findings, and when what may run. */
function renderReport(report) {
    const { verdict, unseen, revisions, project } = report;
    const parts = [
        `${(0,src/* stripControls */.$Y)(verdict)}\n`,
        ...unseen.map((line) => `Not looked at: ${(0,src/* stripControls */.$Y)(line)}\n`),
        ...(project.length > 0 ? [`\n${renderFindings("the project", project)}`] : []),
        ...revisions.map(ofRevision),
        plan(revisions),
    ];
    return parts.join("");
}
function ofRevision({ revision, message, phase, file, findings, suppressed, faults }) {
    const title = (0,src/* stripControls */.$Y)(`\n${revision} ${message} (${phase})`).replace(/ +/g, " ");
    const accepted = suppressed.map(({ finding, suppression }) => `${file}:${finding.line}: accepted ${finding.rule}: ${suppression.reason}\n`);
    const wrong = faults.map(({ line, what, fix }) => `${file}:${line}: ${what} ${fix}\n`);
    return `${title}\n${renderFindings(file, findings)}${(0,src/* stripControls */.$Y)([...accepted, ...wrong].join(""))}`;
}
function plan(revisions) {
    const { now, afterSwap, nextRelease } = (0,migrations_src/* planPhases */.it)(revisions);
    const told = ({ revision, findings }) => `${revision}${(0,migrations_src/* needsMending */.e9)(findings) ? " (once mended)" : ""}`;
    const line = (when, some) => some.length === 0 ? "" : `${when}: ${some.map(told).join(", ")}\n`;
    const lines = [line("now", now), line("after the swap", afterSwap), line("next release", nextRelease)].join("");
    return lines === "" ? "" : `\nMay run\n${lines.replace(/^/gm, "  ").trimEnd()}\n`;
}

;// CONCATENATED MODULE: ./actions/migration-gate/cli/revision-commands.ts














const SHARED = `  --config FILE              alembic.ini or pyproject.toml, from DIR
  --python PATH              interpreter with the project's packages
  --postgres-version N       major version of production's server
  --server-url URL           an empty database to rehearse in, instead of a server started for it
  --no-rehearsal             read the SQL instead of running it
  --baseline-sql FILE        what an empty database holds before the first revision
  --sizes FILE               rows of production's tables, as sizes: in .augeo/migrations.yml
  --sizes-from URL           read them from a database instead, read-only
  --old-code-command LINE    proves the code of the base against the new schema, in a checkout of it
  --env NAME                 variable the project reads its address from (DATABASE_URL)
  --json                     print the report as JSON (schema 1)
  --markdown                 print it as the comment on a pull request
`;
const CHECK_USAGE = `augeo-gate check [DIR] [options]

Judges what is new in the project in DIR (here) since a branch.

  --since REF                branch, tag or commit (default: main, else what origin calls so, else master)
${SHARED}
Exit code 0: nothing blocks; 1: something does; 2: the command was not understood; 3: nothing that was seen blocks, and
not all could be seen: neither safe nor unsafe.
`;
const ALEMBIC_USAGE = `augeo-gate alembic DIR [options]

Judges a stretch of the project's chain of revisions.

  --from REV                 the last revision that is not judged (default: before the first)
  --to REV                   the last one that is (default: heads)
${SHARED}
Exit codes as for check.
`;
const revision_commands_OPTIONS = {
    since: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    config: { type: "string" },
    python: { type: "string" },
    "postgres-version": { type: "string" },
    "server-url": { type: "string" },
    "no-rehearsal": { type: "boolean" },
    "baseline-sql": { type: "string" },
    sizes: { type: "string" },
    "sizes-from": { type: "string" },
    "old-code-command": { type: "string" },
    env: { type: "string" },
    json: { type: "boolean" },
    markdown: { type: "boolean" },
};
function readArguments(args) {
    try {
        return (0,external_node_util_.parseArgs)({ args: [...args], allowPositionals: true, options: revision_commands_OPTIONS });
    }
    catch (cause) {
        throw (0,not_understood/* notUnderstood */.h)("augeo-gate", Object.keys(revision_commands_OPTIONS), cause);
    }
}
function readRequest(args) {
    const { values, positionals } = readArguments(args);
    const directory = (0,external_node_path_.resolve)(positionals[0] ?? ".");
    const version = Number(values["postgres-version"]);
    const inputs = {
        "working-directory": directory,
        "alembic-config": values.config,
        python: values.python,
        since: values.since ?? mainBranch(directory),
        rehearsal: values["no-rehearsal"] === true ? "off" : "auto",
        "rehearsal-database-url": values["server-url"],
        "postgres-version": Number.isInteger(version) ? version : undefined,
        "baseline-sql": pathOf(values["baseline-sql"]),
        "database-url-env": values.env ?? "DATABASE_URL",
        "sizes-file": pathOf(values.sizes),
        "size-database-url": values["sizes-from"],
        "old-code-command": values["old-code-command"],
    };
    const log = terminalLog();
    const signal = new AbortController().signal;
    return {
        directory,
        values,
        context: { inputs, env: process.env, log, signal, clock: src/* systemClock */.ml, run: { workspace: directory } },
    };
}
const pathOf = (given) => (given === undefined ? undefined : (0,external_node_path_.resolve)(given));
/** What this clone calls its main branch; `main` where it has none, so that the error names it. */
function mainBranch(directory) {
    const isHere = (ref) => (0,external_node_child_process_.spawnSync)("git", ["-C", directory, "rev-parse", "--verify", "--quiet", `${ref}^{commit}`]).status === 0;
    return ["main", "origin/main", "master", "origin/master"].find(isHere) ?? "main";
}
async function soundProject({ directory, values, context }) {
    const project = await (0,alembic_src/* readProject */.Wh)({ directory, config: values.config, python: values.python }, context.env);
    const branches = await (0,policy_file/* readBranches */.L)(directory);
    const verdict = (0,migrations_src/* judgeGraph */.Ko)(project.revisions, project.faults, values.to ?? "heads", branches);
    if (verdict.kind === "sound")
        return { project, graph: verdict.graph };
    throw new release_src/* UsageError */.eb({
        what: verdict.objections.map(({ what }) => what).join(" "),
        why: "The revisions do not make one chain.",
        fix: verdict.objections.map(({ fix }) => fix).join(" "),
    });
}
async function checkCommand(args) {
    const request = readRequest(args);
    const { project, graph } = await soundProject(request);
    const verdict = await (0,judge_change/* judgeChange */.s)(request.context, project, graph);
    return verdict === undefined
        ? { stdout: "There is no base to compare with.\n", exitCode: 2 }
        : shown(verdict, request);
}
async function alembicCommand(args) {
    const request = readRequest(args);
    const { project, graph } = await soundProject(request);
    const { from, to } = request.values;
    const begins = from === undefined ? [] : idsOf(graph, from);
    const ids = (0,migrations_src/* pathBetween */.yV)(graph, begins, idsOf(graph, to ?? "heads"));
    const added = ids.flatMap((id) => graph.nodes.get(id) ?? []);
    const verdict = await (0,judge_change/* judgeNew */.e)(request.context, project, graph, { added, edited: [], begins, old: undefined }, from ?? "base");
    return shown(verdict, request);
}
function idsOf(graph, name) {
    const target = (0,migrations_src/* resolveTarget */.u1)(graph, name);
    if (target.kind === "revisions")
        return target.ids;
    throw new release_src/* UsageError */.eb({ what: target.why, why: "", fix: `Name a revision: heads are ${graph.heads.join(", ")}.` });
}
function shown(verdict, { values }) {
    const reason = (0,change_summary/* changeReason */.ff)(verdict, "block", "auto");
    const report = (0,change_summary/* gateReport */.We)(verdict, reason, (0,change_summary/* changeMessage */.MT)(verdict, "block"));
    const exitCode = EXIT_CODES[report.conclusion];
    if (values.json === true) {
        const findings = verdict.revisions.flatMap(({ id, findings: own }) => own.map((finding) => ({ ...finding, revision: id })));
        const everything = { ...(0,migrations_src/* reportJson */.l4)(report), findings, evidence: (0,change_summary/* changeResult */.m8)(verdict) };
        return { stdout: `${JSON.stringify(everything, null, 2)}\n`, exitCode };
    }
    if (values.markdown !== true)
        return { stdout: renderReport(report), exitCode };
    return { stdout: (0,migrations_src/* renderComment */.wQ)(report, { limit: Number.POSITIVE_INFINITY }), exitCode };
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:stream/consumers"
var consumers_ = __webpack_require__(8321);
// EXTERNAL MODULE: ./packages/sql-parser/src/index.ts + 4 modules
var sql_parser_src = __webpack_require__(8265);
;// CONCATENATED MODULE: ./actions/migration-gate/cli/script-report.ts


/** A script in the shape of the report on a change: one revision, named as its file. */
function scriptReport({ file, sql, statements, judgement, version, traces }) {
    const { findings, steps } = judgement;
    const blocking = findings.filter(({ severity }) => severity === "block");
    const unread = findings.filter((finding) => finding.rule === migrations_src/* UNREADABLE */.mP && !ran(finding, statements, traces));
    const phase = (0,migrations_src/* phaseOfFindings */.vc)(findings, steps);
    const own = findings.map((finding) => ({ ...finding, file }));
    const revision = { revision: file, message: "", file, phase, sql, findings: own, suppressed: [], faults: [] };
    return {
        conclusion: blocking.length > 0 ? "fail" : unread.length > 0 ? "unknown" : "pass",
        verdict: `The script was ${traces === undefined ? "read, not run" : "run"} (PostgreSQL ${version}). ${verdictOn(blocking, unread)}`,
        mode: traces === undefined ? "static" : "rehearsed",
        postgresVersion: version,
        unseen: unread.map(({ line, note }) => `line ${line}: ${note ?? "a statement that could not be read"}`),
        revisions: [traces === undefined ? revision : { ...revision, traces }],
        project: [],
        script: true,
        rulesUrl: change_summary/* RULES_URL */.CP,
    };
}
/** What the parser cannot read, a server may have run all the same: then it was measured. */
function ran({ index }, statements, traces) {
    const trace = traces?.[statements.find((statement) => statement.index === index)?.piece ?? -1];
    return trace !== undefined && trace.error === undefined;
}
function verdictOn([first, ...more], unread) {
    if (first !== undefined) {
        const others = more.length === 0 ? "" : ` and ${more.length} more`;
        return `Line ${first.line}: ${first.title} (${first.rule})${others}.`;
    }
    if (unread.length === 0)
        return "Nothing in it holds the running app up or breaks it.";
    const lines = `${unread.length === 1 ? "line" : "lines"} ${unread.map(({ line }) => line).join(", ")}`;
    return `What stands on ${lines} could not be read: that is neither safe nor unsafe.`;
}

;// CONCATENATED MODULE: ./actions/migration-gate/cli/sql-command.ts











const SQL_USAGE = `augeo-gate sql FILE [options]

Judges a script of SQL as one migration. FILE is a path, or - for standard input.

  --preamble SETUP.sql       what the database holds before: tables made here count as existing
  --postgres-version N       major version of the server (default 15, or that of --server-url)
  --in-transaction           the script runs in one transaction, as Alembic does
  --server-url URL           run it there too, in a throw-away database, and believe what is measured
  --json                     print findings as JSON (schema 1)
  --markdown                 print the report as Markdown, like the comment on a pull request

Exit code 0: nothing blocks; 1: something does; 2: the command was not understood; 3: nothing blocks in what could be
read, and not all of it could: neither safe nor unsafe.
`;
/** @throws UsageError for arguments and files that cannot be used. */
async function sqlCommand(args) {
    const request = await sql_command_readRequest(args);
    const parser = await (0,sql_parser_src.loadSqlParser)();
    const schema = request.preamble === "" ? migrations_src/* EMPTY_SCHEMA */.K8 : (0,migrations_src/* foldStatements */.e6)(parser.statements(request.preamble));
    const rehearsed = await rehearse(request);
    const statements = parser.statements(request.sql);
    const options = { ...(rehearsed && versionsOf(rehearsed)), ...request.options };
    const traces = rehearsed?.traces;
    const judgement = (0,migrations_src/* judgeRevision */.fH)({ statements, schema, options, ...(traces && { traces }) });
    const { file, sql } = request;
    const version = options.version ?? migrations_src/* DEFAULT_VERSION */.jD;
    return rendered(request.form, { file, sql, statements, judgement, version, traces });
}
function rendered(form, script) {
    const report = scriptReport(script);
    const { conclusion, verdict } = report;
    const exitCode = EXIT_CODES[conclusion];
    if (form === "markdown")
        return { stdout: (0,migrations_src/* renderComment */.wQ)(report, { limit: Number.POSITIVE_INFINITY }), exitCode };
    const { findings, isLongBlocking } = script.judgement;
    if (form === "json") {
        const everything = { ...(0,migrations_src/* findingsJson */.p0)(findings, isLongBlocking, script.traces), conclusion, verdict };
        return { stdout: `${JSON.stringify(everything, undefined, 2)}\n`, exitCode };
    }
    const doubt = conclusion === "unknown" ? `${(0,src/* stripControls */.$Y)(script.file)}: ${verdict}\n` : "";
    return { stdout: `${renderFindings(script.file, findings)}${doubt}`, exitCode };
}
async function sql_command_readRequest(args) {
    const { values, positionals } = parsed(args);
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0)
        throw usage("One file of SQL is expected.");
    const version = values["postgres-version"] === undefined ? undefined : Number.parseInt(values["postgres-version"], 10);
    if (version !== undefined && !(version >= 9 && version < 100)) {
        throw usage(`${JSON.stringify(values["postgres-version"])} is not a major version of PostgreSQL.`);
    }
    return {
        file,
        sql: file === "-" ? decode(await (0,consumers_.buffer)(process.stdin)) : await sql_command_read(file),
        preamble: values.preamble === undefined ? "" : await sql_command_read(values.preamble),
        options: { inTransaction: values["in-transaction"] === true, ...(version === undefined ? {} : { version }) },
        serverUrl: values["server-url"],
        form: values.json === true ? "json" : values.markdown === true ? "markdown" : "text",
    };
}
const sql_command_OPTIONS = {
    preamble: { type: "string" },
    "postgres-version": { type: "string" },
    "in-transaction": { type: "boolean" },
    "server-url": { type: "string" },
    json: { type: "boolean" },
    markdown: { type: "boolean" },
};
function parsed(args) {
    try {
        return (0,external_node_util_.parseArgs)({ args: [...args], allowPositionals: true, options: sql_command_OPTIONS });
    }
    catch (cause) {
        throw (0,not_understood/* notUnderstood */.h)("augeo-gate sql", Object.keys(sql_command_OPTIONS), cause);
    }
}
const usage = (what) => new release_src/* UsageError */.eb({
    what,
    why: "The command could not be understood.",
    fix: "augeo-gate sql FILE [--preamble SETUP.sql] [--in-transaction] [--json | --markdown]",
});
async function sql_command_read(path) {
    try {
        return decode(await (0,promises_.readFile)(path));
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new release_src/* UsageError */.eb({ what: `${path} cannot be read.`, why, fix: "Give the path of a file of SQL." });
    }
}
/** Windows writes scripts in UTF-16, and a mark before UTF-8 that is no part of the first word. */
function decode(bytes) {
    const [first, second] = bytes;
    const encoding = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
    return new TextDecoder(encoding).decode(bytes);
}
const versionsOf = ({ version }) => ({ version, tracedVersion: version });
async function rehearse({ serverUrl, preamble, sql, options }) {
    if (serverUrl === undefined)
        return undefined;
    const { serverVersion, traceStatements } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 3969));
    const server = { url: serverUrl };
    const traces = await traceStatements(server, { preamble, sql, inTransaction: options.inTransaction === true });
    return { version: await serverVersion(server), traces };
}

;// CONCATENATED MODULE: ./actions/migration-gate/cli/main.ts
/** The gate where no runner is: on a laptop, in pre-commit, inside a network. `augeo-gate COMMAND …`. */




const COMMANDS = {
    check: { usage: CHECK_USAGE, run: checkCommand },
    alembic: { usage: ALEMBIC_USAGE, run: alembicCommand },
    sql: { usage: SQL_USAGE, run: sqlCommand },
    apply: { usage: APPLY_USAGE, run: applyCommand },
};
const main_usage = () => [...Object.values(COMMANDS).map((command) => command.usage), "augeo-gate --version, -V prints the version.\n"].join("\n");
async function answer(args, version) {
    const [name, ...rest] = args;
    if (name === "--version" || name === "-V")
        return { stdout: `${version}\n`, exitCode: 0 };
    const command = Object.hasOwn(COMMANDS, name ?? "") ? COMMANDS[name ?? ""] : undefined;
    if (name === undefined || name === "--help" || name === "-h" || rest.includes("--help"))
        return { stdout: command?.usage ?? main_usage(), exitCode: 0 };
    if (command === undefined) {
        throw new src/* UsageError */.eb({
            what: `There is no command "${name}".`,
            why: "The first word says what to do.",
            fix: `Commands are ${Object.keys(COMMANDS).join(", ")}; augeo-gate --help describes them.`,
        });
    }
    return command.run(rest);
}
/** Carries out one command line: report to standard output, errors and progress to standard error. */
async function runGate(args, version) {
    // Whoever reads the report may stop early, as `head` does: nothing is wrong then.
    process.stdout.on("error", (error) => {
        if (error.code !== "EPIPE")
            throw error;
    });
    try {
        const { stdout, exitCode } = await answer(args, version);
        process.exitCode = exitCode;
        process.stdout.write(stdout);
    }
    catch (error) {
        const isOurs = error instanceof src/* UsageError */.eb || error instanceof src/* ServiceError */._7 || error instanceof src/* Interrupted */.j$;
        if (!isOurs)
            throw error;
        process.exitCode = error instanceof src/* UsageError */.eb ? 2 : 1;
        process.stderr.write(`${(0,src/* explain */.WE)(error)}\n`);
    }
}


/***/ })

};
