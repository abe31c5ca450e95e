export const id = 217;
export const ids = [217];
export const modules = {

/***/ 5246:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CP: () => (/* binding */ RULES_URL),
/* harmony export */   Jr: () => (/* binding */ failing),
/* harmony export */   MT: () => (/* binding */ changeMessage),
/* harmony export */   We: () => (/* binding */ gateReport),
/* harmony export */   ff: () => (/* binding */ changeReason),
/* harmony export */   lb: () => (/* binding */ openFindings),
/* harmony export */   m8: () => (/* binding */ changeResult)
/* harmony export */ });
/* harmony import */ var _augeo_migrations__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9626);

/** Findings that count: those merely for information left out. */
function openFindings({ revisions }) {
    return revisions.flatMap(({ findings }) => findings).filter(({ severity }) => (0,_augeo_migrations__WEBPACK_IMPORTED_MODULE_0__/* .isAtLeast */ .du)(severity, "warn"));
}
function failing(verdict, failOn) {
    if (failOn === "never")
        return [];
    return openFindings(verdict).filter(({ severity }) => (0,_augeo_migrations__WEBPACK_IMPORTED_MODULE_0__/* .isAtLeast */ .du)(severity, failOn));
}
function changeReason(verdict, failOn, rehearsal) {
    const broken = verdict.revisions.some(({ error }) => error !== null);
    const fails = (broken || verdict.oldCodeFails) && failOn !== "never";
    if (fails || failing(verdict, failOn).length > 0)
        return "unsafe";
    // What was neither run nor read cannot be called safe, whatever was asked for.
    const isOwn = verdict.notRehearsed === null;
    const enough = (evidence) => (evidence === "rehearsed" && isOwn) || (evidence !== "python-only" && rehearsal !== "required");
    const seen = verdict.revisions.every((revision) => enough(revision.evidence) && !isUnread(revision));
    return seen ? "safe" : "not-rehearsed";
}
/** What no parser could read, and what was not printed to be read. */
const UNREAD = new Set([_augeo_migrations__WEBPACK_IMPORTED_MODULE_0__/* .UNREADABLE */ .mP, "offline-output-differs"]);
/** What no server ran, and could not be read whole. */
const isUnread = ({ evidence, findings }) => evidence === "python-only" || (evidence === "read" && findings.some(({ rule }) => UNREAD.has(rule)));
/** What was found, in one or two sentences. */
function changeMessage(verdict, failOn) {
    const { revisions, notRehearsed } = verdict;
    if (revisions.length === 0)
        return "There is no new revision.";
    const failed = revisions.find(({ error }) => error !== null);
    const worst = failing(verdict, failOn);
    const rehearsed = revisions.every(({ evidence }) => evidence === "rehearsed");
    const how = rehearsed
        ? `run on PostgreSQL ${verdict.serverVersion ?? "?"}${notRehearsed === null ? "" : `, but not through env.py (${notRehearsed})`}`
        : `read, not run (${notRehearsed ?? "an earlier one failed"})`;
    const parts = [`${revisions.length === 1 ? "1 new revision was" : `${revisions.length} new revisions were`} ${how}.`];
    if (verdict.oldCodeFails)
        parts.push(`The code that is live fails on the new schema: ${verdict.oldCode.at(-1) ?? ""}.`);
    const others = revisions.filter(({ error }) => error !== null).length - 1;
    if (failed !== undefined)
        parts.push(`${failed.id} failed: ${failed.error}${others > 0 ? `; ${others} more failed after it` : ""}.`);
    if (worst.length > 0) {
        const [first] = worst;
        const more = worst.length > 1 ? ` and ${worst.length - 1} more` : "";
        parts.push(`${first?.file}:${first?.line}: ${first?.title} (${first?.rule})${more}.`);
    }
    else if (failed === undefined && !verdict.oldCodeFails) {
        const unseen = revisions.filter(isUnread).map(({ id }) => id);
        parts.push(unseen.length === 0
            ? "Nothing in them holds the running app up or breaks it."
            : `The SQL of ${unseen.join(", ")} could not be seen whole: that is neither safe nor unsafe.`);
    }
    return parts.join(" ");
}
function changeResult(verdict) {
    return {
        base: verdict.base,
        serverVersion: verdict.serverVersion,
        notRehearsed: verdict.notRehearsed,
        drift: verdict.drift,
        knownDrift: verdict.knownDrift,
        oldCode: verdict.oldCode,
        milliseconds: verdict.milliseconds,
        revisions: verdict.revisions.map((revision) => ({
            revision: revision.id,
            message: revision.message,
            file: revision.file,
            phase: revision.phase,
            evidence: revision.evidence,
            doubt: revision.doubt,
            error: revision.error,
            back: revision.back,
            milliseconds: revision.milliseconds,
            changes: revision.changes.map((change) => ({ ...change })),
            findings: revision.findings.map((finding) => ({ ...finding, severities: { ...finding.severities } })),
            accepted: revision.suppressed.map(({ finding, suppression }) => ({
                rule: finding.rule,
                line: finding.line,
                reason: suppression.reason,
            })),
            trace: revision.statements.map(statementJson),
        })),
    };
}
function statementJson({ sql, line, autocommit, trace }) {
    const seen = { statement: sql.slice(0, 2_000), line, autocommit };
    if (trace === undefined)
        return seen;
    return {
        ...seen,
        locks: trace.locks.map((lock) => ({ ...lock })),
        rewrites: trace.rewrites,
        scans: trace.scans,
        indexBuilds: trace.indexBuilds.map((build) => ({ ...build })),
        milliseconds: trace.durationMs,
        error: trace.error ?? null,
    };
}
/** Where the page of each rule is. */
const RULES_URL = "https://github.com/augeo/deploy-action/blob/v1/docs/rules/";
/** The verdict in the shape that comment, job summary and SARIF are written from. */
function gateReport(verdict, reason, message) {
    const { revisions, notRehearsed, drift, knownDrift } = verdict;
    const doubts = revisions.flatMap(({ id, doubt }) => doubt === null || doubt === notRehearsed ? [] : [`${id}: ${doubt}`]);
    const conclusion = reason === "safe" ? "pass" : reason === "unsafe" ? "fail" : "unknown";
    return {
        conclusion,
        verdict: message,
        mode: revisions.every(({ evidence }) => evidence === "rehearsed") ? "rehearsed" : "static",
        postgresVersion: verdict.version,
        unseen: [
            ...(notRehearsed === null ? [] : [`The new revisions were not run as they will be: ${notRehearsed}`]),
            ...doubts,
            ...drift.map((item) => `Models and migrations differ: ${item}`),
            ...(knownDrift.length === 0
                ? []
                : [
                    `Models and migrations differed before this change already, which is no part of it: ${knownDrift.join("; ")}`,
                ]),
        ],
        revisions: revisions.map((revision) => ({
            revision: revision.id,
            message: revision.message,
            file: revision.file,
            phase: revision.phase,
            sql: revision.statements.map(({ sql }) => (/;\s*$/.test(sql) ? sql.trim() : `${sql.trim()};`)).join("\n"),
            findings: revision.findings,
            suppressed: revision.suppressed,
            faults: revision.faults,
            traces: revision.statements.flatMap(({ trace }) => (trace === undefined ? [] : [trace])),
        })),
        project: [],
        rulesUrl: RULES_URL,
    };
}


/***/ }),

/***/ 5757:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   s: () => (/* binding */ outcomeOf)
/* harmony export */ });
/* harmony import */ var _summary_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2973);

/** What was found, in the shape of the action's outcome. */
function outcomeOf(findings, inputs) {
    const { reason, heads, from, to, applied, held, phase } = findings;
    return {
        reason,
        outputs: {
            heads: heads.join(" "),
            from: (from ?? []).join(" "),
            to: (to ?? []).join(" "),
            applied: applied.map(({ id }) => id).join(" "),
            pending: held.map(({ id }) => id).join(" "),
            new: "",
            findings: 0,
            sarif: "",
            report: "",
            "report-markdown": "",
            phase,
        },
        result: { mode: inputs.mode, target: inputs.target, phases: inputs.phase, ...findings.result },
        summary: (0,_summary_js__WEBPACK_IMPORTED_MODULE_0__/* .summarise */ .fS)(findings, inputs.mode),
        message: (0,_summary_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(findings, inputs.target),
        ...(findings.fix === undefined ? {} : { fix: findings.fix }),
    };
}


/***/ }),

/***/ 6846:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  s: () => (/* binding */ judgeChange),
  e: () => (/* binding */ judgeNew)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/alembic/src/index.ts + 32 modules
var alembic_src = __webpack_require__(3969);
// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var migrations_src = __webpack_require__(9626);
;// CONCATENATED MODULE: ./actions/migration-gate/revision-facts.ts
/** What the rules on Python files want to know, from what was read of one. Pure. */
function factsOf(revision) {
    const { id, file, downRevisions, imports, downgrade, ignores } = revision;
    const within = (isDowngrade) => operationFacts(revision.operations.filter((call) => (call.function === "downgrade") === isDowngrade));
    return {
        revision: id,
        file,
        downRevisions,
        imports,
        upgrade: within(false),
        downgrade: downgrade === null ? null : within(true),
        downgradeRaises: downgrade?.raises ?? false,
        downgradeIsEmpty: downgrade?.empty ?? false,
        comments: ignores,
    };
}
function operationFacts(calls) {
    const blocks = calls.filter(({ receiver }) => receiver === "autocommit");
    return calls
        .filter(({ receiver }) => receiver !== "autocommit")
        .map((call) => {
        const { table, name } = namesOf(call);
        const [first] = call.arguments;
        const sql = call.name.startsWith("exec") ? textOf(first) : undefined;
        return {
            call: call.name,
            line: call.line,
            endLine: call.endLine,
            ...(table === undefined ? {} : { table }),
            ...(name === undefined ? {} : { name }),
            ...(sql === undefined ? {} : { sql }),
            autocommitBlock: call.autocommit ? blocks.filter(({ line }) => line <= call.line).length - 1 : null,
            args: Object.keys(call.keywords),
        };
    });
}
/** Calls whose first argument names the constraint or index, and whose second one the table. */
const NAMED_FIRST = /^(?:create|drop)_(?:index|foreign_key|check_constraint|unique_constraint|primary_key|exclude_constraint|constraint)$/;
function namesOf({ name, arguments: given, batchTable, keywords }) {
    const [first, second] = given;
    if (!NAMED_FIRST.test(name))
        return { table: batchTable ?? textOf(first), name: undefined };
    const literal = first !== undefined && "value" in first && first.value === null ? null : textOf(first);
    return { table: batchTable ?? textOf(second) ?? textOf(keywords.table_name), name: literal };
}
function textOf(literal) {
    return literal !== undefined && "value" in literal && typeof literal.value === "string" ? literal.value : undefined;
}

;// CONCATENATED MODULE: ./actions/migration-gate/judge-revisions.ts


/** The verdict on each new revision, on the best evidence there is of it. Pure but for the parser it is given. */
function judgeRevisions(request) {
    const { parser, scene, revisions } = request;
    let schema = (0,migrations_src/* foldStatements */.e6)(parser.statements(scene.map(terminated).join("\n")));
    const told = [];
    const sharesTransaction = request.project.transactionPerMigration !== true;
    let earlier = [];
    return revisions.map((revision) => {
        const seen = evidenceOf(revision, request);
        const judgement = judgeOne(revision, seen, schema, { ...request, told, earlier });
        schema = judgement.schema;
        if (sharesTransaction)
            earlier = stillOpen(earlier, judgement.steps);
        told.push(...judgement.findings);
        return judged(revision, seen, judgement, request);
    });
}
/** Steps in the transaction that is open after a revision: the next one begins in it. */
function stillOpen(earlier, steps) {
    const last = steps.at(-1);
    if (last === undefined)
        return earlier;
    const own = steps.filter(({ transaction }) => transaction !== undefined && transaction === last.transaction);
    return last.transaction === migrations_src/* FIRST_TRANSACTION */.Sr ? [...earlier, ...own] : own;
}
const terminated = (sql) => (/;\s*$/.test(sql) ? sql : `${sql};`);
function evidenceOf({ id }, { rehearsal, offline }) {
    const rehearsed = rehearsal?.revisions.find((one) => one.id === id);
    const printed = offline.find((one) => one.id === id);
    const offlineError = printed?.failure === null ? undefined : printed?.failure.message.split("\n")[0];
    const all = printed === undefined ? [] : printedStatements(printed);
    const readable = offlineError === undefined ? all : all.filter(({ sql }) => !isVersionChange(sql));
    const isPartlyPrinted = offlineError !== undefined && readable.length > 0;
    if (rehearsed !== undefined) {
        const statements = rehearsed.statements.map(({ trace, line, autocommit }) => ({
            sql: trace.statement,
            line,
            autocommit,
            trace,
        }));
        const unrun = rehearsed.failure === null || printed?.failure !== null ? [] : readable;
        const whole = [...statements, ...unrun.filter(notAmong(statements))];
        const doubt = rehearsal?.plain ?? null;
        return { evidence: "rehearsed", doubt, statements: whole, rehearsed, offlineError, isPartlyPrinted };
    }
    if (printed !== undefined && printed.failure === null) {
        const doubt = `its SQL was read, not run${printed.plain === null ? "" : `; ${printed.plain}`}`;
        return { evidence: "read", doubt, statements: readable, rehearsed, offlineError, isPartlyPrinted };
    }
    const doubt = `its SQL could not be seen: ${offlineError ?? "an earlier revision failed"}`;
    // What was printed before the failure is not the migration, but what is wrong with it is.
    return { evidence: "python-only", doubt, statements: readable, rehearsed, offlineError, isPartlyPrinted };
}
/** Of a revision that failed, what it did not get to: it is read, so that the failure hides nothing. */
function notAmong(ran) {
    const known = new Set(ran.map(({ sql }) => judge_revisions_textOf(sql)));
    return ({ sql }) => !known.has(judge_revisions_textOf(sql)) && !isVersionChange(sql);
}
/** Alembic's own note of where it stands, which it prints after a revision that failed too. */
const isVersionChange = (sql) => /^(?:update|insert into|delete from)\s+\S*alembic_version\b/i.test(sql);
const judge_revisions_textOf = (sql) => sql.replace(/\s+/g, " ").replace(/;\s*$/, "").trim();
/** Alembic prints BEGIN and COMMIT around a revision, and COMMIT and BEGIN around an autocommit_block. */
function printedStatements({ pieces }) {
    const statements = [];
    let open = false;
    for (const { sql, line } of pieces) {
        const text = sql.trim();
        if (text === "BEGIN;")
            open = true;
        else if (text === "COMMIT;")
            open = false;
        // "-- Running upgrade a1 -> b2"; a comment that begins a statement is part of it.
        else if (!/^--.*$/.test(text))
            statements.push({ sql: text, line, autocommit: !open });
    }
    return statements;
}
/** Statements in the engine's terms; those that only mark where a transaction ends and begins carry no line. */
function statementsFor(seen, parser, fallback) {
    const statements = [];
    const marks = new Set();
    const add = (sql, line, piece, isMark) => {
        for (const statement of parser.statements(sql)) {
            if (isMark)
                marks.add(statements.length);
            statements.push({ ...statement, index: statements.length, piece, line, endLine: line });
        }
    };
    let open = true;
    for (const [piece, { sql, line, autocommit }] of seen.entries()) {
        const at = line ?? fallback;
        if (autocommit === open)
            add(open ? "COMMIT" : "BEGIN", at, -1, true);
        open = !autocommit;
        add(sql, at, piece, false);
    }
    return { statements, marks };
}
function judgeOne(revision, seen, schema, request) {
    const { parser, version, tracedVersion, rehearsal } = request;
    const line = revision.upgrade?.line ?? revision.line;
    const { statements, marks } = statementsFor(seen.statements, parser, line);
    const session = rehearsal?.session;
    const settings = session ? { lock_timeout: session.lockTimeout, statement_timeout: session.statementTimeout } : {};
    const judgement = (0,migrations_src/* judgeRevision */.fH)({
        statements,
        schema,
        options: {
            version,
            tracedVersion,
            inTransaction: true,
            earlier: request.earlier,
            settings,
            ...(session ? { versionTable: session.versionTable } : {}),
        },
        traces: seen.statements.map(({ trace }) => trace),
        alembic: alembicCase(revision, seen, request),
    });
    const own = judgement.findings.filter(({ index }) => !marks.has(index));
    const isLast = request.revisions.at(-1)?.id === revision.id;
    const told = [...own, ...request.told];
    const contract = (0,migrations_src/* judgeContract */.al)(seen.rehearsed?.changes ?? [], own);
    const broken = isLast ? (0,migrations_src/* judgeContract */.al)(brokenCode(rehearsal), [...told, ...contract]).map(asBroken) : [];
    const placed = [...contract, ...broken].map((finding) => onStatement(finding, seen.statements, own, line));
    const findings = [...own, ...placed];
    const contractRevision = (0,migrations_src/* phaseOfFindings */.vc)(findings, judgement.steps) === "contract";
    const beside = (0,migrations_src/* judgeAlembic */.tV)({ rehearsal: { contractRevision, codeChanged: request.codeChanged } });
    return { findings: [...findings, ...beside], schema: judgement.schema, steps: judgement.steps };
}
/** Tried and failed: no matter which rule explains it, the code that is live does not work. */
function asBroken(finding) {
    const severities = { ...finding.severities, oldCode: "block" };
    const title = "The models of the live code fail on the new schema";
    return { ...finding, title, severities, severity: "block", phase: "contract", source: "trace" };
}
const CHANGE_OF = {
    "42P01": "table-dropped",
    "42703": "column-dropped",
    "23502": "column-required",
    "23514": "check-added",
    "23505": "unique-added",
};
/** What the base's models can no longer do, for whatever reason the catalogs did not show. */
function brokenCode(rehearsal) {
    return (rehearsal?.oldCode ?? []).map(({ table, sqlstate, message }) => ({
        kind: CHANGE_OF[sqlstate ?? ""] ?? "check-added",
        relation: table.replace(/^public\./, ""),
        after: message,
    }));
}
/**
 * What only the catalogs show is put on the statement that names its table, else on one that the server saw at work on
 * it (`own`: text put together while it runs names nothing), else on the function as a whole.
 */
function onStatement(finding, statements, own, line) {
    const { relation } = finding;
    const named = relation === null ? -1 : statements.findIndex(({ sql }) => names(sql, relation));
    const traced = own.find((other) => relation !== null && other.relation === relation && other.source === "trace");
    const index = named < 0 ? (traced?.index ?? -1) : named;
    return {
        ...finding,
        index,
        line: statements[index]?.line ?? line,
        statement: statements[index]?.sql.slice(0, 500) ?? "",
    };
}
/** Whether every word of a relation's name stands in the statement: `bids` does not name `bid`. */
function names(sql, relation) {
    const wordsOf = (text) => text.toLowerCase().split(/[^\p{L}\p{N}_$]+/u);
    const there = new Set(wordsOf(sql));
    return wordsOf(relation).every((word) => there.has(word));
}
function alembicCase(revision, seen, request) {
    const isLast = request.revisions.at(-1)?.id === revision.id;
    const isFirst = request.revisions[0]?.id === revision.id;
    const graph = {
        heads: request.heads,
        orphans: [],
        duplicates: [],
        edited: request.edited.map(({ id, file }) => ({ revision: id, file })),
        behindBase: request.behindBase,
    };
    return {
        revision: factsOf(revision),
        // Said once: how many are pending is a fact of the project, not of each revision.
        project: { ...request.project, pending: isFirst ? request.project.pending : 1 },
        ...(isFirst ? { graph } : {}),
        rehearsal: rehearsalFacts(seen, isLast ? (request.rehearsal?.drift ?? []) : [], isFirst && request.firstRevisionFails),
    };
}
function rehearsalFacts({ rehearsed, offlineError, isPartlyPrinted }, drift, firstRevisionFails) {
    const back = rehearsed?.back;
    return {
        firstRevisionFails,
        offlinePrintedOnFailure: isPartlyPrinted,
        ...(offlineError === undefined ? {} : { offlineError }),
        ...(drift.length === 0 ? {} : { drift }),
        ...(back?.kind === "differs" ? { notReversed: back.differences } : {}),
        ...(back?.kind === "failed" ? { notReversed: [`it failed: ${back.failure.primary ?? back.failure.message}`] } : {}),
        ...(rehearsed === undefined || rehearsed.invalidIndexes.length === 0
            ? {}
            : { invalidIndexes: rehearsed.invalidIndexes }),
    };
}
function judged(revision, seen, judgement, request) {
    const { id, message, file, ignores, operations } = revision;
    const failure = seen.rehearsed?.failure ?? null;
    const phase = seen.evidence === "python-only" ? (0,migrations_src/* phaseOf */.hU)(revision) : (0,migrations_src/* phaseOfFindings */.vc)(judgement.findings, judgement.steps);
    const found = weighIrreversible((0,migrations_src/* applyPolicy */.VC)(judgement.findings, request.policy, { revision: id, phase }), request.policy);
    const comments = ignores.map(({ line, text }) => ({ line, text: `# migration-gate: ${text}` }));
    const { suppressions, faults } = (0,migrations_src/* readSuppressions */.Hl)(comments, operations);
    const { standing, suppressed } = (0,migrations_src/* applySuppressions */.px)(found, suppressions);
    return {
        id,
        message,
        file,
        evidence: seen.evidence,
        doubt: seen.doubt,
        phase,
        statements: seen.statements,
        findings: standing.map((finding) => placed(finding, file, request.envFile)).sort((a, b) => a.line - b.line),
        suppressed,
        faults,
        changes: seen.rehearsed?.changes ?? [],
        error: failure === null ? null : errorText(failure),
        back: backOf(seen.rehearsed),
        milliseconds: seen.rehearsed?.milliseconds ?? 0,
    };
}
function errorText({ sqlstate, primary, message }) {
    return `${sqlstate === null ? "" : `${sqlstate}: `}${primary ?? message.split("\n")[0] ?? ""}`;
}
function placed(finding, file, envFile) {
    return { ...finding, file: finding.file === "env.py" ? envFile : (finding.file ?? file) };
}
const NO_WAY_BACK = new Set(["no-downgrade", "downgrade-loses-data", "enum-value-irreversible"]);
/** The policy's word on revisions that no downgrade takes back. */
function weighIrreversible(findings, { irreversible }) {
    const severity = irreversible === "allow" ? "info" : irreversible;
    return findings.map((finding) => (NO_WAY_BACK.has(finding.rule) ? { ...finding, severity } : finding));
}
function backOf(rehearsed) {
    const back = rehearsed?.back;
    switch (back?.kind) {
        case "same":
            return "reversible";
        case "differs":
            return "not taken back entirely";
        case "irreversible":
            return `irreversible: ${back.why}`;
        case "failed":
            return "the way back fails";
        default:
            return "not tried";
    }
}

// EXTERNAL MODULE: ./actions/migration-gate/policy-file.ts
var policy_file = __webpack_require__(6804);
;// CONCATENATED MODULE: ./actions/migration-gate/project-facts.ts


/** What env.py and the folders say of the project; what a rehearsal saw of env.py outranks its text. */
async function projectFacts(workingDirectory, project, rehearsal, pending) {
    const text = await (0,promises_.readFile)((0,external_node_path_.join)(workingDirectory, project.scripts, "env.py"), "utf8").catch(() => "");
    // Ours says nothing of how the project's own env.py opens its transactions.
    const session = rehearsal?.plain == null ? rehearsal?.session : null;
    return {
        transactionPerMigration: session?.perMigration ?? (/transaction_per_migration\s*=\s*True/.test(text) ? true : null),
        opensOwnTransaction: session?.external ?? false,
        paramstyleNamed: /paramstyle["']?\s*[:=]\s*["']named/.test(text),
        appModules: await modulesIn(project),
        pending,
    };
}
/** Packages and modules that lie in the project's folder, the migrations themselves left out. */
async function modulesIn({ directory, scripts }) {
    const entries = await (0,promises_.readdir)(directory, { withFileTypes: true }).catch(() => []);
    const own = (0,external_node_path_.basename)(scripts);
    return entries
        .filter((entry) => entry.name !== own && !/^[._]/.test(entry.name) && !["tests", "node_modules", "venv"].includes(entry.name))
        .filter((entry) => entry.isDirectory() || entry.name.endsWith(".py"))
        .map((entry) => entry.name.replace(/\.py$/, ""));
}

// EXTERNAL MODULE: ./actions/migration-gate/run-command.ts
var run_command = __webpack_require__(3946);
;// CONCATENATED MODULE: ./actions/migration-gate/judge-change.ts









/** Judges what is new against the base. `undefined` when there is no base, as outside pull requests. */
async function judgeChange(context, project, graph) {
    const { inputs, env } = context;
    const base = await (0,alembic_src/* findBase */.lN)(inputs["working-directory"], inputs.since, env);
    if (base === undefined)
        return undefined;
    if (!touches(base, project))
        return judgeNew(context, project, graph, NOTHING, base.commit);
    const { directory, remove } = await base.layOut();
    try {
        return await judgeAgainst(base, directory, context, project, graph);
    }
    finally {
        await remove();
    }
}
const NOTHING = { added: [], edited: [], begins: [], old: undefined };
/** Application code, as far as names tell: neither revisions and their env.py nor tests. */
const changesCode = ({ changed }, { scripts, locations }) => changed.some((name) => /\.(py|[jt]sx?)$/.test(name) &&
    !/(^|\/)(tests?|__tests__)\/|(^|\/)(test_|conftest)|\.(test|spec)\./.test(name) &&
    ![scripts, ...locations].some((folder) => name.startsWith(`${folder}/`)));
/** Whether a file among the revisions is new, changed or gone. */
const touches = ({ changed }, project) => touchesAny(changed, project);
function touchesAny(names, { locations }) {
    return names.some((name) => /(?<!__init__)\.py$/.test(name) && locations.some((location) => name.startsWith(`${location}/`)));
}
async function judgeAgainst(base, directory, context, project, graph) {
    const old = await baseProject(directory, context);
    const { added, edited, begins } = compare(project, graph, old?.revisions ?? []);
    if (added.length === 0 && edited.length === 0)
        throw nothingJudged(base, project);
    context.log.info(`New since ${base.commit.slice(0, 10)}: ${added.map(({ id }) => id).join(", ") || "no revision"}.`);
    const overtaken = await overtakenBy(base, context, project, added);
    return judgeNew(context, project, graph, { added, edited, begins, old, overtaken, codeChanged: changesCode(base, project) }, base.commit);
}
/** New revisions that the branch has overtaken since the base: seen where a branch alone is checked out, not its merge. */
async function overtakenBy(base, context, project, added) {
    if (!touchesAny(base.moved, project))
        return [];
    const { directory, remove } = await base.layOut("tip");
    try {
        return (0,migrations_src/* behindBase */.gz)(added, (await baseProject(directory, context))?.revisions ?? []);
    }
    finally {
        await remove();
    }
}
/** Judges given revisions on top of given others. @param base what to call what they stand on */
async function judgeNew(context, project, graph, { added, edited, begins, old, overtaken = [], codeChanged = false }, base) {
    const started = context.clock.now();
    const policy = await (0,policy_file/* readPolicyFile */.B)(context);
    const supposed = context.inputs["postgres-version"] ?? policy.postgresVersion ?? migrations_src/* DEFAULT_VERSION */.jD;
    const empty = { revisions: [], drift: [], knownDrift: [], oldCode: [], oldCodeFails: false, milliseconds: 0 };
    const none = { base, serverVersion: null, notRehearsed: null, version: supposed, ...empty };
    if (added.length === 0 && edited.length === 0)
        return none;
    const { rehearsal, why, oldCodeError, lacksBase } = await rehearseNew(context, {
        project,
        revisions: added,
        base: begins,
        oldCode: old,
    });
    const scenery = (0,migrations_src/* pathBetween */.yV)(graph, [], begins).flatMap((id) => graph.nodes.get(id) ?? []);
    const { loadSqlParser } = await __webpack_require__.e(/* import() */ 646).then(__webpack_require__.bind(__webpack_require__, 8265));
    const offline = await printWhatIsMissing(context, project, rehearsal, scenery, added, added.length > 0 ? [] : edited);
    const ran = rehearsal === null ? undefined : Number.parseInt(rehearsal.serverVersion, 10);
    const version = context.inputs["postgres-version"] ?? policy.postgresVersion ?? ran ?? migrations_src/* DEFAULT_VERSION */.jD;
    const revisions = judgeRevisions({
        parser: await loadSqlParser(),
        // An edited one alone is judged too: a database that ran it before will never run it again.
        revisions: added.length > 0 ? added : edited,
        edited,
        behindBase: overtaken,
        rehearsal,
        offline,
        scene: rehearsal?.baseStatements ??
            offline.flatMap(({ pieces }, index) => (index < scenery.length ? pieces.map(({ sql }) => sql) : [])),
        project: await projectFacts(context.inputs["working-directory"], project, rehearsal, added.length),
        heads: (0,migrations_src/* unexpectedHeads */.Fw)(graph, policy.branches).length > 0 ? graph.heads : [],
        firstRevisionFails: lacksBase === true || (begins.length === 0 && isMissing(rehearsal?.revisions[0]?.failure)),
        codeChanged,
        policy,
        envFile: (0,external_node_path_.join)(project.scripts, "env.py"),
        version,
        tracedVersion: ran ?? version,
    });
    const serverVersion = rehearsal?.serverVersion?.split(" ")[0] ?? null;
    const drift = [...(rehearsal?.drift ?? []), ...exerciseTexts("the new code", rehearsal?.newCode)];
    const oldCode = exerciseTexts("the code that is live", rehearsal?.oldCode);
    if (oldCodeError !== undefined)
        oldCode.push(oldCodeError);
    for (const text of oldCode)
        context.log.warning(`On the new schema, ${text}`);
    return {
        ...none,
        revisions,
        serverVersion,
        // By a plain environment it ran, and yet not as it will run in production.
        notRehearsed: why ?? rehearsal?.plain ?? null,
        drift,
        knownDrift: rehearsal?.knownDrift ?? [],
        oldCode,
        oldCodeFails: oldCodeError !== undefined,
        version,
        milliseconds: context.clock.now() - started,
    };
}
function exerciseTexts(who, exercises) {
    return (exercises ?? []).map(({ table, does, message }) => `${who} cannot ${does === "select" ? "read" : "insert into"} ${table}: ${message}`);
}
/** A base without this project has no revisions yet. */
async function baseProject(directory, { inputs, env }) {
    const options = { directory, config: inputs["alembic-config"], python: inputs.python };
    try {
        return await (0,alembic_src/* readProject */.Wh)(options, env);
    }
    catch (error) {
        if (error instanceof src/* UsageError */.eb)
            return undefined;
        throw error;
    }
}
function compare(project, graph, old) {
    const known = new Map(old.map((revision) => [revision.id, revision.contentHash]));
    const order = (0,migrations_src/* pathBetween */.yV)(graph, [], graph.heads).flatMap((id) => graph.nodes.get(id) ?? []);
    const added = order.filter(({ id }) => !known.has(id));
    const edited = project.revisions.filter(({ id, contentHash }) => known.has(id) && known.get(id) !== contentHash);
    // The rehearsal begins at the tips of what both have.
    const common = old.map(({ id }) => id).filter((id) => graph.nodes.has(id));
    const inner = new Set(common.flatMap((id) => [...(0,migrations_src/* ancestors */.T1)(graph, graph.parents.get(id) ?? [])]));
    return { added, edited, begins: common.filter((id) => !inner.has(id)) };
}
/** A gate that looks at nothing while migrations change would be green for ever. */
function nothingJudged({ changed }, { locations }) {
    const file = changed.find((name) => locations.some((location) => name.startsWith(`${location}/`))) ?? "?";
    return new src/* UsageError */.eb({
        what: `The change touches ${file}, and no new or edited revision was found.`,
        why: `Revisions are looked for in ${locations.join(", ")}; a revision that was removed, or a file that is no revision, is not judged.`,
        fix: "Put a removed revision back (a database may have it), or keep other files out of the versions folder.",
    });
}
async function rehearseNew(context, request) {
    const { inputs, log } = context;
    if (inputs.rehearsal === "off")
        return { rehearsal: null, why: "rehearsal is off" };
    if (request.revisions.length === 0)
        return { rehearsal: null, why: "there is no new revision to run" };
    const server = await rehearsalServer(context);
    if (typeof server === "string")
        return { rehearsal: null, why: server };
    try {
        const found = await log.group(`Rehearse ${request.revisions.length} new revisions on PostgreSQL ${server.version}`, () => runRehearsal(context, request, server.url));
        if (found.kind === "rehearsed")
            return { rehearsal: found, why: null, ...(await runOldCode(context, request, server.url)) };
        showNotRehearsed(found, log);
        return { rehearsal: null, why: sentenceFor(found), lacksBase: found.at === "base" && isMissing(found.failure) };
    }
    finally {
        await server.close();
    }
}
/** A table, a schema, a type or a function that no revision made (SQLSTATE). */
const isMissing = (failure) => /^(42P01|3F000|42704|42883)$/.test(failure?.sqlstate ?? "");
function sentenceFor({ at, message }) {
    const places = {
        environment: "the migration environment does not load",
        baseline: "baseline-sql failed",
        base: "the revisions that are already there do not run on an empty database",
    };
    const missing = /No module named '([^']+)'/.exec(message)?.[1];
    const cure = `; install the project's packages, or name its interpreter: python (augeo-gate: --python)`;
    return `${places[at]}: ${message}${missing === undefined ? "" : cure}`;
}
function showNotRehearsed({ output, failure }, log) {
    const lines = [output, ...(failure?.traceback ?? [])].filter((line) => line !== "");
    if (lines.length > 0)
        log.quote(lines.join("\n"));
}
async function runRehearsal({ inputs, env, signal }, request, databaseUrl) {
    const path = inputs["baseline-sql"];
    return (0,alembic_src/* rehearse */.Km)({
        ...request,
        databaseUrl,
        databaseUrlEnv: inputs["database-url-env"],
        env,
        baselineSql: path === undefined ? undefined : await (0,promises_.readFile)(path, "utf8"),
        signal,
    });
}
/** The project's own check of the live code, in its own checkout, against the migrated schema. */
async function runOldCode({ inputs, env, log }, { oldCode }, url) {
    const command = inputs["old-code-command"];
    if (command === undefined || oldCode === undefined)
        return {};
    log.info(`On the new schema, with the code of the base: ${command}`);
    const { code, output } = await (0,run_command/* runCommand */.d)(command, oldCode.directory, { ...env, [inputs["database-url-env"]]: url });
    log.quote(output);
    return code === 0
        ? {}
        : { oldCodeError: `old-code-command ended with exit code ${code}: ${output.trim().split("\n").at(-1) ?? ""}` };
}
/** A server, or why there is none. */
async function rehearsalServer({ inputs, env }) {
    const given = inputs["rehearsal-database-url"];
    if (given !== undefined)
        return { url: given, version: "given by rehearsal-database-url", close: async () => undefined };
    const servers = await (0,alembic_src/* findServers */.G9)(env);
    const wanted = inputs["postgres-version"];
    const binaries = servers.find(({ version }) => wanted === undefined || Number.parseInt(version, 10) === wanted) ?? servers[0];
    if (binaries === undefined)
        return "no PostgreSQL server is installed here, and rehearsal-database-url (augeo-gate: --server-url) names none";
    try {
        const { url, version, close } = await (0,alembic_src/* startEphemeralServer */.z$)(binaries);
        return { url: withDriver(url, env[inputs["database-url-env"]]), version, close };
    }
    catch (error) {
        return `PostgreSQL did not start: ${error instanceof Error ? error.message : String(error)}`;
    }
}
/** The project's own driver, where its environment names one. */
function withDriver(url, configured) {
    const scheme = /^postgresql\+[a-z0-9_]+(?=:)/.exec(configured ?? "")?.[0];
    return scheme === undefined ? url : url.replace(/^postgresql(?=:)/, scheme);
}
/** The SQL of what no server ran, and of the scene where no server set it. */
async function printWhatIsMissing({ inputs, env }, project, rehearsal, scenery, added, edited) {
    // One that failed is printed too, for what it did not get to.
    const ran = new Set(rehearsal?.revisions.filter(({ failure }) => failure === null).map(({ id }) => id));
    const wanted = rehearsal === null ? [...scenery, ...added, ...edited] : added.filter(({ id }) => !ran.has(id));
    return wanted.length === 0 ? [] : (0,alembic_src/* printOffline */.tV)(project, wanted, inputs["database-url-env"], env);
}


/***/ }),

/***/ 2732:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   u: () => (/* binding */ migrationOptionsOf)
/* harmony export */ });
/** What the inputs ask of the migrations: the same from the action and from the command. */
const migrationOptionsOf = (inputs, databaseUrl, branches) => ({
    directory: inputs["working-directory"],
    config: inputs["alembic-config"],
    python: inputs.python,
    target: inputs.target,
    branches,
    databaseUrl,
    databaseUrlEnv: inputs["database-url-env"],
    lockTimeout: inputs["lock-timeout"],
    statementTimeout: inputs["statement-timeout"],
    lockRetries: inputs["lock-retries"],
    timeout: inputs.timeout,
    expandOnly: inputs.phase === "expand",
});


/***/ }),

/***/ 3946:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   d: () => (/* binding */ runCommand)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_child_process__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_readline__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(481);
/* harmony import */ var node_readline__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_readline__WEBPACK_IMPORTED_MODULE_1__);


const KEPT_CHARACTERS = 20_000;
const GRACE_MS = 5_000;
/** Runs a command line as a workflow step does (`bash -e -c`). Never rejects: what cannot be run ends with 127. */
function runCommand(command, directory, env, { signal, onLine, keep = KEPT_CHARACTERS } = {}) {
    return new Promise((resolve) => {
        const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)("bash", ["-e", "-c", command], {
            cwd: directory,
            env: { ...env },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let [output, stdout] = ["", ""];
        const hear = (text, isAnswer) => {
            output = (output + text.toString()).slice(-keep);
            if (isAnswer)
                stdout = (stdout + text.toString()).slice(-keep);
        };
        child.stdout.on("data", (text) => hear(text, true));
        child.stderr.on("data", (text) => hear(text, false));
        if (onLine)
            (0,node_readline__WEBPACK_IMPORTED_MODULE_1__.createInterface)({ input: child.stderr }).on("line", onLine);
        const stop = () => {
            child.kill("SIGINT");
            setTimeout(() => child.kill("SIGTERM"), GRACE_MS).unref();
        };
        if (signal?.aborted)
            stop();
        signal?.addEventListener("abort", stop, { once: true });
        const end = (code) => {
            signal?.removeEventListener("abort", stop);
            resolve({ code, stdout, output });
        };
        child.once("error", (error) => {
            output += error.message;
            end(127);
        });
        child.once("close", (code) => end(code ?? 1));
    });
}


/***/ }),

/***/ 2973:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ZG: () => (/* binding */ PHASES),
  XK: () => (/* binding */ escapedMarkdown),
  WX: () => (/* binding */ findingsOf),
  bD: () => (/* binding */ messageOf),
  fS: () => (/* binding */ summarise)
});

// UNUSED EXPORTS: cell, fenced

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var migrations_src = __webpack_require__(9626);
;// CONCATENATED MODULE: ./actions/migration-gate/revision-diagram.ts

/** More boxes than this cannot be read; GitHub also refuses to draw very long diagrams. */
const SHOWN_NODES = 16;
/** The end of the graph as a Mermaid drawing: heads, what was applied, what is held, where the database is. Pure. */
function revisionDiagram({ project, applied, held, to, reason }) {
    const graph = (0,migrations_src/* buildGraph */.ZG)(project.revisions);
    if (graph.nodes.size < 2 || reason === "broken-chain")
        return "";
    const order = (0,migrations_src/* topologicalOrder */._o)((0,migrations_src/* ancestors */.T1)(graph, graph.heads), graph.parents);
    const shown = order.slice(-SHOWN_NODES);
    const name = new Map(shown.map((id, index) => [id, `r${index}`]));
    const nodes = shown.map((id) => `  ${name.get(id)}["${label(id, graph.nodes.get(id)?.message ?? "")}"]`);
    const edges = shown.flatMap((id) => (graph.parents.get(id) ?? []).map((parent) => `  ${name.get(parent) ?? "before"} --> ${name.get(id)}`));
    const cut = edges.some((edge) => edge.includes("before -->")) ? ['  before(["…"])'] : [];
    const marks = [
        ...mark("applied", applied.map(({ id }) => id), name),
        ...mark("held", held.map(({ id }) => id), name),
        ...mark("database", to ?? [], name),
    ];
    const styles = [
        "  classDef applied fill:#d1f5d3,stroke:#1a7f37,color:#111",
        "  classDef held fill:#fff3c4,stroke:#9a6700,color:#111",
        "  classDef database stroke-width:3px",
    ];
    return [
        "```mermaid",
        "flowchart LR",
        ...cut,
        ...nodes,
        ...edges,
        ...(marks.length > 0 ? [...styles, ...marks] : []),
        "```",
    ].join("\n");
}
function mark(style, ids, name) {
    const known = ids.flatMap((id) => name.get(id) ?? []);
    return known.length === 0 ? [] : [`  class ${known.join(",")} ${style}`];
}
/** Ids and messages come from files: only letters, digits and a few signs reach the diagram. */
function label(id, message) {
    const plain = (text, length) => text
        .replaceAll(/[^\p{L}\p{N} _.,()/-]/gu, " ")
        .trim()
        .slice(0, length);
    return message === "" ? plain(id, 24) : `${plain(id, 24)}<br/>${plain(message, 32)}`;
}

;// CONCATENATED MODULE: ./actions/migration-gate/summary.ts



const PHASES = ["expand", "backfill", "contract"];
function findingsOf(reason, outcome) {
    const { project, heads, from, to, applied, objections, failure, session, attempts } = outcome;
    const held = outcome.held.map(({ revision: { id, message, file } }) => ({ id, message, file }));
    const phase = PHASES.findLast((name) => applied.some((revision) => revision.phase === name)) ?? "none";
    const result = {
        config: project.config,
        revisions: project.revisions.length,
        heads,
        from,
        to,
        phase,
        applied: applied.map((revision) => ({ ...revision })),
        pending: held.map((revision) => ({ ...revision })),
        objections: objections.map(({ file, line, what, fix }) => ({ file, line, what, fix })),
        attempts,
        session: session && {
            lockTimeout: session.lockTimeout,
            statementTimeout: session.statementTimeout,
            transactionPerMigration: session.perMigration,
        },
        failure: failure && { ...failure, invalidIndexes: failure.invalidIndexes.map((index) => ({ ...index })) },
    };
    return {
        reason,
        project,
        heads,
        from,
        to,
        applied,
        held,
        objections,
        failure,
        session,
        attempts,
        phase,
        fix: fixOf(outcome),
        result,
    };
}
function fixOf({ failure, objections }) {
    if (failure !== null)
        return `Mend the cause, then start the run again. By hand, in the project's folder: ${failure.command}`;
    return objections.length === 0 ? undefined : objections.map(({ fix }) => fix).join(" ");
}
/** What happened, in one or two sentences. */
function messageOf(findings, target) {
    const { reason, applied, to, heads, project, objections, failure, attempts } = findings;
    switch (reason) {
        case "sound":
            return `${project.revisions.length} revisions make one sound chain; head ${heads.join(", ") || "none"}.`;
        case "migrated":
            return `${applied.length === 1 ? "1 revision" : `${applied.length} revisions`} applied${attempts > 1 ? `, in ${attempts} tries` : ""}; the database is at ${list(to)}.`;
        case "up-to-date":
            return `The database is at ${list(to)} already, which is ${target}.`;
        case "contract-pending":
            return `Only contract revisions are left (${findings.held.map(({ id }) => id).join(", ")}); the database stays at ${list(to)}.`;
        case "locked":
            return "Another gate was migrating this database until the time ran out.";
        case "lock-timeout":
            return `Revision ${failure?.revision ?? "?"} could not get its lock in ${attempts === 1 ? "1 try" : `${attempts} tries`}: ${failure?.message ?? ""}. ${failure?.state ?? ""}`;
        case "migration-failed":
            return `Revision ${failure?.revision ?? "?"} failed: ${failure?.message ?? ""}. ${failure?.state ?? ""}`;
        default:
            return objections.map(({ what }) => what).join(" ");
    }
}
function list(ids) {
    return ids === null || ids.length === 0 ? "no revision" : ids.join(", ");
}
const HEADINGS = {
    safe: "✅ Safe to release",
    unsafe: "❌ Not safe to release",
    "not-rehearsed": "⚠️ Could not be rehearsed",
    sound: "✅ The revision graph is sound",
    migrated: "✅ Migrated",
    "up-to-date": "✅ Nothing to migrate",
    "contract-pending": "⏸️ Contract revisions are held",
    "rollback-window-open": "⏸️ Contract revisions wait",
    "contract-not-live": "⏸️ Contract revisions wait",
    frozen: "⏸️ Contract revisions wait",
    "release-lock": "⏸️ Contract revisions wait",
    "several-heads": "❌ Several heads",
    "broken-chain": "❌ Broken chain",
    "database-ahead": "❌ The database is ahead of the code",
    locked: "❌ Another gate is migrating",
    "lock-timeout": "❌ No lock",
    "migration-failed": "❌ A migration failed",
};
/** The job summary. Pure. */
function summarise(findings, mode) {
    const { reason, objections } = findings;
    const parts = [
        `### ${HEADINGS[reason]}`,
        escapedMarkdown(messageOf(findings, "the target")),
        ...objections.map(({ what, fix }) => `- ${escapedMarkdown(what)}<br>Fix: ${escapedMarkdown(fix)}`),
        failureSection(findings.failure),
        revisionTable(findings),
        revisionDiagram(findings),
        mode === "apply" ? sessionLine(findings) : "",
    ];
    return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
function failureSection(failure) {
    if (failure === null)
        return "";
    const facts = [failure.detail, failure.hint]
        .filter((text) => text !== null)
        .map((text) => `- ${escapedMarkdown(text)}`);
    const statement = failure.statement === null
        ? ""
        : `<details><summary>Statement</summary>\n\n${fenced(failure.statement, "sql")}\n\n</details>`;
    return [...facts, `To go on, once the cause is mended:`, fenced(failure.command, "sh"), statement]
        .filter((text) => text !== "")
        .join("\n\n");
}
const SHOWN_REVISIONS = 30;
function revisionTable({ applied, held, project }) {
    const rows = [
        ...applied.map(({ id, message, phase, statements, milliseconds }) => [
            id,
            message,
            phase,
            `applied, ${statements} statements`,
            (0,src/* formatDuration */.a3)(Math.round(milliseconds)),
        ]),
        ...held.map(({ id, message }) => [id, message, "contract", "held", ""]),
    ];
    if (rows.length === 0)
        return project.revisions.length === 0 ? "There are no revisions yet." : lastRevisions(project);
    return table(["Revision", "Message", "Phase", "State", "Took"], rows);
}
function lastRevisions({ revisions }) {
    const rows = revisions
        .slice(-SHOWN_REVISIONS)
        .map((revision) => [revision.id, revision.message, (0,migrations_src/* phaseOf */.hU)(revision), revision.file]);
    const left = revisions.length - rows.length;
    const note = left > 0 ? `\n\n… and ${left} more.` : "";
    return `<details><summary>${revisions.length} revisions</summary>\n\n${table(["Revision", "Message", "Phase", "File"], rows)}${note}\n\n</details>`;
}
function table(head, rows) {
    const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
function cell(text) {
    return escapedMarkdown(text).replaceAll("\n", " ");
}
function sessionLine({ session, attempts }) {
    if (session === null)
        return "";
    const each = session.perMigration ? "each revision in its own transaction" : "all revisions in one transaction";
    const tries = attempts > 1 ? `, ${attempts} tries` : "";
    return `In force: \`lock_timeout\` ${session.lockTimeout}, \`statement_timeout\` ${session.statementTimeout}; ${each}${tries}.`;
}
/** Text from outside, for a Markdown paragraph. */
function escapedMarkdown(text) {
    return (0,src/* stripControls */.$Y)(text).replace(/[\\`*[\]<>|@&!~$]|(?<!\w)_|_(?!\w)/g, (character) => `&#${character.charCodeAt(0)};`);
}
/** A fence longer than any inside. */
function fenced(text, language) {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}${language}\n${(0,src/* stripControls */.$Y)(text)}\n${fence}`;
}


/***/ }),

/***/ 2344:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ff: () => (/* binding */ rolloutInputs),
/* harmony export */   NP: () => (/* binding */ lockInputs),
/* harmony export */   ZN: () => (/* binding */ freezeInputs),
/* harmony export */   sH: () => (/* binding */ optionalLedger)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);


/** Inputs of every action that moves traffic: sign-in, how health is judged, how long things may take, the lock. */
const rolloutInputs = {
    ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .azureInputs */ .Ro,
    ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .githubInputs */ .dN,
    "health-path": {
        kind: "lines",
        default: "/",
        max: 20,
        pattern: /^(?:https?:\/\/[^\s]+|\/[^\s]*)$/,
        hint: "a path that starts with /, or an address that starts with https://",
        doc: "What has to answer, one a line. Paths are asked in the slot before the swap and in production after it; whole addresses (a custom domain) only after it.",
    },
    status: {
        kind: "string",
        default: "200-299",
        pattern: /^\s*[1-5]\d\d(?:-[1-5]\d\d)?(?:\s*,\s*[1-5]\d\d(?:-[1-5]\d\d)?)*\s*$/,
        hint: "statuses and ranges with commas, such as 200 or 200-204, 301",
        doc: "Statuses that count as healthy: numbers and ranges with commas.",
    },
    successes: { kind: "integer", default: 3, min: 1, max: 1000, doc: "Healthy answers in a row that are needed." },
    failures: {
        kind: "integer",
        default: 3,
        min: 1,
        max: 1000,
        doc: "Unhealthy answers in a row, of one address in production, that bring the old release back.",
    },
    "probe-interval": {
        kind: "duration",
        default: "2s",
        min: "50ms",
        max: "10m",
        doc: "From one round of probes to the next.",
    },
    "request-timeout": {
        kind: "duration",
        default: "10s",
        min: "50ms",
        max: "4m",
        doc: "The longest one probe may take.",
    },
    "bake-time": {
        kind: "duration",
        default: "2m",
        max: "6h",
        doc: "How long production is watched after the swap. Until then an unhealthy verdict swaps back.",
    },
    "warm-up-timeout": {
        kind: "duration",
        default: "10m",
        min: "100ms",
        max: "6h",
        doc: "How long the slot may take to become healthy on every instance before the swap.",
    },
    "swap-timeout": {
        kind: "duration",
        default: "30m",
        min: "1s",
        max: "6h",
        doc: "How long one swap may take, and how long another operation on the app is waited for.",
    },
    "settle-time": {
        kind: "duration",
        default: "30s",
        min: "100ms",
        max: "1h",
        doc: "After a swap whose reply was lost: how long nothing may be seen of it until it counts as never begun. It is not sent again.",
    },
    "poll-interval": {
        kind: "duration",
        default: "3s",
        min: "50ms",
        max: "5m",
        doc: "Between two questions to Azure about the same operation, where Azure names no time itself.",
    },
};
/** Inputs that only matter with a ledger. */
const lockInputs = {
    environment: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .ledgerInputs */ .hE.environment,
    "lock-wait": {
        kind: "duration",
        default: "0s",
        max: "6h",
        doc: "How long to wait for another run that holds the lock. `0s`: not at all.",
    },
    "take-over": {
        kind: "string",
        pattern: /^[^/\s]+\/[^/\s]+\/[^/\s]+$/,
        hint: "the claim id that the message names: owner/repository/run-id",
        doc: "Claim whose lock may be taken over although GitHub cannot say whether its run is over. Never needed when the job may read the holder's runs.",
    },
    "accept-live": {
        kind: "string",
        doc: "Release that production rightly runs, after you have looked: lets the ledger go on after it asked for a person, or after a change by hand.",
    },
};
/** Inputs of every action that begins something new, which a freeze holds back. */
const freezeInputs = {
    "override-freeze": {
        kind: "string",
        max: 500,
        doc: "Why this one goes out although there is a freeze. Recorded with who started the run; the freeze stays.",
    },
    "freeze-windows": {
        kind: "lines",
        max: 20,
        pattern: _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .WINDOW_PATTERN */ .WA,
        hint: "day and time, a hyphen, day and time, and a time zone, such as Fri 16:00 - Mon 08:00 Europe/Zurich",
        doc: "Times of the week at which nothing new goes out, one a line: `Fri 16:00 - Mon 08:00 Europe/Zurich`. The wall clock of the zone decides. A freeze set with the `freeze` action counts besides.",
    },
};
const optionalLedger = {
    ledger: {
        ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .ledgerInputs */ .hE.ledger,
        required: false,
        doc: "Blob container with the ledger and the lock. Without it nothing is recorded, and nothing keeps two runs apart but the workflow's `concurrency`.",
    },
};


/***/ })

};
