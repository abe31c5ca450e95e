export const id = 352;
export const ids = [352];
export const modules = {

/***/ 8352:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/probe/src/index.ts + 5 modules
var probe_src = __webpack_require__(4583);
// EXTERNAL MODULE: ./actions/health-probe/expectations.ts
var expectations = __webpack_require__(2743);
;// CONCATENATED MODULE: ./actions/health-probe/log-target.ts

/** All of the sign-in inputs, or none. @throws UsageError that names the missing ones. */
function logTarget(inputs) {
    const { app } = inputs;
    const clientId = inputs["client-id"];
    const tenantId = inputs["tenant-id"];
    const subscriptionId = inputs["subscription-id"];
    const resourceGroup = inputs["resource-group"];
    const given = {
        "client-id": clientId,
        "tenant-id": tenantId,
        "subscription-id": subscriptionId,
        app,
        "resource-group": resourceGroup,
    };
    if (Object.values(given).every((value) => value === undefined))
        return undefined;
    if (clientId && tenantId && subscriptionId && app && resourceGroup) {
        return { clientId, tenantId, subscriptionId, cloud: inputs.cloud, app, resourceGroup, slot: inputs.slot };
    }
    const missing = Object.entries(given).filter(([, value]) => value === undefined);
    throw new src/* UsageError */.eb({
        what: "The inputs for the container's log are incomplete.",
        why: `Missing: ${missing.map(([name]) => name).join(", ")}.`,
        fix: "give all of client-id, tenant-id, subscription-id, app and resource-group, or none of them.",
    });
}

// EXTERNAL MODULE: ./actions/health-probe/container-log-text.ts
var container_log_text = __webpack_require__(3616);
;// CONCATENATED MODULE: ./actions/health-probe/summary.ts



const HEADINGS = { healthy: "✅ Healthy", unhealthy: "❌ Unhealthy", unknown: "⚠️ No verdict" };
/** The job summary. Pure. */
function summarise(session, containerLog) {
    const { verdict, why, duration, startedAt } = session;
    const from = new Date(startedAt).toISOString().replace(/\.\d+Z$/, "Z");
    const parts = [
        `### ${HEADINGS[verdict]}: ${escaped(why)}`,
        `${session.assessments.length} probes in ${(0,src/* formatDuration */.a3)(duration)}, from ${from}.`,
        (0,probe_src/* probeReport */.Nr)(session),
    ];
    if (containerLog !== undefined)
        parts.push((0,container_log_text/* containerLogMarkdown */.dx)(containerLog));
    return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
function escaped(text) {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("`", "\\`");
}

;// CONCATENATED MODULE: ./actions/health-probe/probe-health.ts





async function probeHealth(context) {
    const { inputs, log, clock, signal, env } = context;
    const rules = (0,expectations/* rulesOf */.fD)(inputs);
    const target = logTarget(inputs);
    const count = rules.endpoints.length === 1 ? "1 endpoint" : `${rules.endpoints.length} endpoints`;
    const session = await log.group(`Probe ${count} until ${rules.successes}× healthy in a row`, () => (0,probe_src/* probeUntilVerdict */.sx)({
        rules,
        probe: (0,probe_src/* createHttpProbe */.Xx)({ env, signal }),
        clock,
        interval: inputs.interval,
        requestTimeout: inputs["request-timeout"],
        signal,
        onAssessment: changeReporter(log),
    }));
    if (session.verdict === "healthy")
        return outcomeOf(session, undefined);
    showFailure(log, session);
    const container = target === undefined ? undefined : await readLog(target, context);
    return outcomeOf(session, container);
}
/** One line per change of an endpoint's state: a line per probe would bury the one that matters. */
function changeReporter(log) {
    const last = new Map();
    return (assessment) => {
        const { endpoint, result, faults } = assessment;
        const state = faults.length === 0 ? "as expected" : faults.join("; ");
        const status = result.answer.kind === "response" ? `${result.answer.status}` : result.answer.code;
        log.debug(`GET ${result.url} ${status} ${Math.round(result.latency)} ms`);
        const kind = faults.length === 0 ? state : `${status} ${faults.length}`;
        if (last.get(endpoint) !== kind)
            log.info(`${endpoint}: ${state} (${Math.round(result.latency)} ms)`);
        last.set(endpoint, kind);
    };
}
function lastFailed(session) {
    return session.assessments.findLast(({ faults }) => faults.length > 0);
}
function showFailure(log, session) {
    const failed = lastFailed(session);
    if (failed === undefined)
        return;
    log.info(`Last answer of ${failed.endpoint} that failed:`);
    log.quote((0,probe_src/* answerText */.yy)(failed));
}
async function readLog(target, context) {
    const { containerLogTail } = await Promise.all(/* import() */[__webpack_require__.e(663), __webpack_require__.e(910), __webpack_require__.e(725)]).then(__webpack_require__.bind(__webpack_require__, 725));
    return context.log.group(`Container log of ${target.app}, slot ${target.slot}`, async () => {
        const text = await containerLogTail(target, context);
        if (text !== undefined)
            context.log.quote(text);
        return text;
    });
}
function outcomeOf(session, container) {
    const { verdict, why, assessments, endpoints, duration } = session;
    const failed = lastFailed(session);
    const p95 = Math.max(...endpoints.map((each) => each.p95 ?? Number.NEGATIVE_INFINITY));
    return {
        reason: verdict,
        outputs: {
            probes: assessments.length,
            failed: assessments.filter(({ faults }) => faults.length > 0).length,
            p95: Number.isFinite(p95) ? Math.round(p95) : "",
        },
        result: {
            verdict,
            why,
            duration: Math.round(duration),
            endpoints: endpoints.map(({ lastFaults, ...each }) => ({ ...each, lastFaults: [...lastFaults] })),
        },
        summary: summarise(session, container),
        message: `${why}, after ${(0,src/* formatDuration */.a3)(duration)}`,
        ...(verdict === "unhealthy" && failed !== undefined ? { fix: (0,probe_src/* adviceFor */.cp)(failed) } : {}),
    };
}

;// CONCATENATED MODULE: ./actions/health-probe/spec.ts

const spec = (0,src/* defineAction */.QP)({
    name: "health-probe",
    title: "Prove that an app is healthy",
    description: "Asks endpoints until they have answered as expected several times in a row, or until the deadline, and shows why.",
    inputs: {
        "health-path": {
            kind: "lines",
            required: true,
            min: 1,
            max: 20,
            pattern: /^(?:https?:\/\/[^\s]+|\/[^\s]*)$/,
            hint: "a path that starts with /, or an address that starts with https://",
            doc: "What to ask, one a line: paths below `url`, such as `/health/ready`, or whole addresses.",
        },
        url: { kind: "url", doc: "Address of the app, for those lines of `health-path` that are paths." },
        status: {
            kind: "string",
            default: "200-299",
            pattern: /^\s*[1-5]\d\d(?:-[1-5]\d\d)?(?:\s*,\s*[1-5]\d\d(?:-[1-5]\d\d)?)*\s*$/,
            hint: "statuses and ranges with commas, such as 200 or 200-204, 301",
            doc: "Accepted statuses: numbers and ranges with commas.",
        },
        "body-contains": { kind: "string", doc: "Text that every body has to contain." },
        json: {
            kind: "lines",
            pattern: /^[^\s=]+\s*=\s*\S.*$/,
            hint: "path = value, such as status = ok or checks.database.ready = true",
            doc: "What the JSON body has to say, one a line: `path = value`. The path is dotted (`checks.database`); the value is a number, `true`, `false`, `null` or text.",
        },
        release: {
            kind: "string",
            doc: "Id of the release that has to answer: looked for in the header `x-release` and the JSON fields `release` and `version`.",
        },
        successes: {
            kind: "integer",
            default: 3,
            min: 1,
            max: 1000,
            doc: "How many times in a row every endpoint has to answer as expected.",
        },
        failures: {
            kind: "integer",
            min: 1,
            max: 1000,
            doc: "How many failures in a row of one endpoint end the probe before the deadline. Without it, only the deadline does.",
        },
        "max-latency": { kind: "duration", min: "1ms", doc: "The slowest answer that is accepted." },
        interval: { kind: "duration", default: "2s", min: "50ms", max: "10m", doc: "From one round to the next." },
        "request-timeout": {
            kind: "duration",
            default: "10s",
            min: "50ms",
            max: "4m",
            doc: "The longest one request may take.",
        },
        "bake-time": {
            kind: "duration",
            default: "0s",
            max: "6h",
            doc: "How long to keep watching though all is healthy.",
        },
        timeout: { kind: "duration", default: "5m", min: "100ms", max: "6h", doc: "The deadline of the whole probe." },
        ...src/* optionalAzureInputs */.PJ,
        app: {
            ...src/* appInputs */.VY.app,
            required: false,
            doc: "App whose container log is shown when the probe fails. Needs the sign-in inputs.",
        },
        "resource-group": { ...src/* appInputs */.VY["resource-group"], required: false, doc: "Resource group of `app`." },
        slot: { ...src/* appInputs */.VY.slot, default: "production", doc: "Slot of `app` whose log is shown." },
    },
    outputs: {
        probes: { doc: "How many requests were sent." },
        failed: { doc: "How many of them failed." },
        p95: { doc: "The 95th percentile of the slowest endpoint's answers, in milliseconds. Empty when none was good." },
    },
    permissions: {
        "id-token": {
            level: "write",
            optional: true,
            why: "To sign in to Azure for the container's log, when `client-id` is given.",
        },
    },
    reasons: {
        healthy: { decision: "proceed", doc: "Every endpoint answered as expected, often enough in a row." },
        unhealthy: {
            decision: "hold",
            fails: true,
            doc: "An endpoint did not answer as expected before the deadline, or failed too often in a row.",
            fix: "The message names the endpoint, what it answered and what was expected; the summary shows the answer.",
        },
        unknown: {
            decision: "hold",
            fails: true,
            doc: "The deadline came before enough probes were made to tell.",
            fix: "Raise timeout, or lower successes or interval.",
        },
    },
});

;// CONCATENATED MODULE: ./actions/health-probe/index.ts



const action = (0,src/* implement */.yx)(spec, { main: probeHealth });


/***/ })

};
