export const id = 146;
export const ids = [146];
export const modules = {

/***/ 3616:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   UM: () => (/* binding */ lastErrorIn),
/* harmony export */   dx: () => (/* binding */ containerLogMarkdown),
/* harmony export */   w$: () => (/* binding */ lastLines)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_probe__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4583);
/** What a container's log says of an app that does not start. Pure. */


const SHOWN_LINES = 60;
const SHOWN_LETTERS = 200;
function lastLines(log) {
    return log.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
}
/** The last line that names an exception, as Python ends a traceback: `ModuleNotFoundError: No module named 'x'`. */
function lastErrorIn(log) {
    const lines = (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .stripControls */ .$Y)(log)
        .split("\n")
        .map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z?\s+/, "").trimEnd());
    return lines.findLast((line) => /^(?:\w+\.)*\w*(?:Error|Exception)(?::|$)/.test(line))?.slice(0, SHOWN_LETTERS);
}
function containerLogMarkdown(log) {
    return `<details><summary>Container log, last lines</summary>\n\n${(0,_augeo_probe__WEBPACK_IMPORTED_MODULE_1__/* .fenced */ .OF)((0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .stripControls */ .$Y)(log))}\n\n</details>`;
}


/***/ }),

/***/ 2743:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CB: () => (/* binding */ statusesOf),
/* harmony export */   fD: () => (/* binding */ rulesOf)
/* harmony export */ });
/* unused harmony export expectationOf */
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);

/** The inputs as the rules of a verdict. @throws UsageError for inputs that contradict each other. */
function rulesOf(inputs) {
    const { successes, failures, timeout } = inputs;
    const bake = inputs["bake-time"];
    checkTimes(inputs);
    return {
        endpoints: inputs["health-path"].map((line) => endpointOf(line, inputs)),
        successes,
        ...(failures === undefined ? {} : { failures }),
        atLeast: bake,
        atMost: timeout,
    };
}
function checkTimes({ successes, interval, timeout, "bake-time": bake }) {
    const least = Math.max(bake, (successes - 1) * interval);
    if (least <= timeout)
        return;
    throw new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .UsageError */ .eb({
        what: "The deadline is too near for the probes that are asked for.",
        why: `${successes} successes ${interval / 1_000} s apart, watched for ${bake / 1_000} s, take ${least / 1_000} s; timeout is ${timeout / 1_000} s.`,
        fix: `set timeout to at least ${Math.ceil(least / 1_000) + 1}s, or lower successes, interval or bake-time.`,
    });
}
function endpointOf(line, inputs) {
    const { release, json } = inputs;
    const contains = inputs["body-contains"];
    const slowest = inputs["max-latency"];
    return {
        name: line,
        url: addressOf(line, inputs.url),
        status: statusesOf(inputs.status),
        ...(contains === undefined ? {} : { bodyContains: contains }),
        ...(json === undefined ? {} : { json: json.map(expectationOf) }),
        ...(release === undefined ? {} : { release }),
        ...(slowest === undefined ? {} : { maxLatency: slowest }),
    };
}
function addressOf(line, base) {
    if (URL.canParse(line))
        return line;
    const joined = base === undefined ? "" : `${base.replace(/\/+$/, "")}/${line.replace(/^\/+/, "")}`;
    if (URL.canParse(joined))
        return joined;
    throw new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .UsageError */ .eb({
        what: `health-path ${line} is not an address that can be asked.`,
        why: base === undefined ? "It is a path, and url says no app's address." : `Below ${base} it makes no valid address.`,
        fix: `set url: https://<app>.azurewebsites.net, or write the whole address in health-path.`,
    });
}
/** `200-204, 301` → every status meant. */
function statusesOf(text) {
    return text.split(",").flatMap((part) => {
        const [from = 0, to = from] = part.split("-").map(Number);
        return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
    });
}
/** `checks.database = true` → the path, and the value as JSON; text needs no quotes. */
function expectationOf(line) {
    const at = line.indexOf("=");
    return { path: line.slice(0, at).trim(), equals: scalarOf(line.slice(at + 1).trim()) };
}
function scalarOf(text) {
    try {
        const value = JSON.parse(text);
        return value === null || typeof value === "number" || typeof value === "boolean" || typeof value === "string"
            ? value
            : text;
    }
    catch {
        return text;
    }
}


/***/ }),

/***/ 4583:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  cp: () => (/* reexport */ adviceFor),
  yy: () => (/* reexport */ answerText),
  Xx: () => (/* reexport */ createHttpProbe),
  OF: () => (/* reexport */ fenced),
  Nr: () => (/* reexport */ probeReport),
  sx: () => (/* reexport */ probeUntilVerdict)
});

// UNUSED EXPORTS: isRedirect

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
;// CONCATENATED MODULE: ./packages/probe/src/connection-failure.ts
/** What went wrong below HTTP, in words. The code is Node's or OpenSSL's own. */
function connectionFailure(error, url) {
    const { name, code, message } = partsOf(error);
    const { hostname, port, protocol } = new URL(url);
    const host = port === "" ? hostname : `${hostname}:${port}`;
    if (name === "TimeoutError" || code === "ETIMEDOUT")
        return { kind: "failure", code: "TIMEOUT", message: `${host} did not answer in time` };
    if (name === "AbortError" || name === "Interrupted")
        return { kind: "failure", code: "ABORTED", message: "the run was cancelled" };
    const words = WORDS[code]?.(host) ?? (protocol === "https:" ? tlsWords(code, host, message) : undefined);
    return { kind: "failure", code, message: words ?? message };
}
const WORDS = {
    ENOTFOUND: (host) => `the name ${host} does not resolve`,
    EAI_AGAIN: (host) => `the name ${host} could not be looked up: the runner's DNS did not answer`,
    ECONNREFUSED: (host) => `${host} refused the connection: nothing listens there`,
    ECONNRESET: (host) => `${host} closed the connection without an answer`,
    EPIPE: (host) => `${host} closed the connection without an answer`,
    EHOSTUNREACH: (host) => `there is no route to ${host}`,
    ENETUNREACH: (host) => `there is no route to ${host}`,
};
function tlsWords(code, host, message) {
    if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
        return `the certificate of ${host} is for another name: ${message}`;
    if (code === "CERT_HAS_EXPIRED")
        return `the certificate of ${host} has expired`;
    if (UNTRUSTED.has(code))
        return `the certificate of ${host} is not trusted by this runner`;
    if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "EPROTO")
        return `${host} does not speak TLS on this port: is the address http?`;
    return /^ERR_(?:SSL|TLS)|CERT/.test(code) ? `TLS with ${host} failed: ${message}` : undefined;
}
const UNTRUSTED = new Set([
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
function partsOf(error) {
    if (!(error instanceof Error))
        return { name: "", code: "UNKNOWN", message: String(error) };
    // An abort carries what aborted it; a failed connection to several addresses carries one error for each.
    if (error.name === "AbortError" && error.cause instanceof Error)
        return partsOf(error.cause);
    if (error instanceof AggregateError && error.errors[0] instanceof Error)
        return partsOf(error.errors[0]);
    const code = "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
    return { name: error.name, code, message: error.message.replace(/\s+/g, " ") };
}

;// CONCATENATED MODULE: ./packages/probe/src/http-probe.ts



/** Enough for every assertion a health page deserves; the rest of a longer body is not read. */
const BODY_LIMIT = 64 * 1_024;
/**
 * Probes over HTTP and HTTPS. Redirects are not followed: what a load balancer would be told is what counts. Every
 * probe opens a connection of its own, so that it also meets the name and the certificate that a new client meets.
 */
function createHttpProbe(options) {
    return {
        async get(url, request = {}) {
            const at = Date.now();
            const started = performance.now();
            const answer = await ask(new URL(url), request, options).catch((error) => connectionFailure(error, url));
            const latency = performance.now() - started;
            return { url, at, latency, ...(request.instance === undefined ? {} : { instance: request.instance }), answer };
        },
    };
}
function ask(url, request, { env, signal, ca }) {
    const timeout = AbortSignal.timeout(Math.max(1, Math.round(request.timeout ?? 10_000)));
    const settings = {
        headers: headersOf(request),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    };
    return new Promise((fulfil, reject) => {
        const onAnswer = (message) => {
            readBody(message).then(({ body, truncated }) => {
                const { statusCode = 0, headers } = message;
                fulfil({ kind: "response", status: statusCode, headers: flat(headers), body, truncated });
            }, reject);
        };
        const outgoing = url.protocol === "https:"
            ? (0,external_node_https_.request)(url, { ...settings, agent: new external_node_https_.Agent({ proxyEnv: env, ...(ca === undefined ? {} : { ca }) }) }, onAnswer)
            : (0,external_node_http_.request)(url, { ...settings, agent: new external_node_http_.Agent({ proxyEnv: env }) }, onAnswer);
        outgoing.once("error", reject);
        outgoing.end();
    });
}
function headersOf({ headers, instance }) {
    const cookie = instance === undefined ? {} : { cookie: `ARRAffinity=${instance}; ARRAffinitySameSite=${instance}` };
    return {
        accept: "application/json, text/plain;q=0.9, */*;q=0.5",
        "accept-encoding": "identity",
        "cache-control": "no-cache",
        "user-agent": "augeo-deploy-action",
        ...cookie,
        ...headers,
    };
}
async function readBody(message) {
    const chunks = [];
    let length = 0;
    for await (const chunk of message) {
        chunks.push(chunk);
        length += chunk.length;
        // Leaving the loop destroys the stream, and with it the connection.
        if (length > BODY_LIMIT)
            break;
    }
    const body = Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString("utf8");
    return { body, truncated: length > BODY_LIMIT };
}
function flat(headers) {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]));
}

// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var src = __webpack_require__(2607);
;// CONCATENATED MODULE: ./packages/probe/src/probe-session.ts

/** An endpoint that redirects so often in a row is set up so, and will not stop by waiting. */
const HOPELESS_REDIRECTS = 3;
/**
 * Asks every endpoint, round after round, until the verdict is final.
 * @throws the signal's reason when it aborts.
 */
async function probeUntilVerdict(options) {
    const { rules, clock, interval, signal } = options;
    const startedAt = clock.now();
    const assessments = [];
    for (let round = 0;; round++) {
        signal?.throwIfAborted();
        const left = rules.atMost - (clock.now() - startedAt);
        if (left > 0)
            assessments.push(...(await probeRound(options, round, left, assessments)));
        signal?.throwIfAborted();
        const verdict = decide(rules, assessments, clock.now() - startedAt);
        const duration = clock.now() - startedAt;
        if (verdict.final)
            return { ...verdict, assessments, startedAt, duration };
        const next = Math.min((round + 1) * interval, rules.atMost);
        await clock.sleep(Math.max(0, next - duration), signal);
    }
}
async function probeRound(options, round, left, earlier) {
    const { rules, probe, requestTimeout, instances = [], onAssessment } = options;
    const timeout = Math.max(1, Math.min(requestTimeout, left));
    const instance = instances[round % Math.max(1, instances.length)];
    const ask = async (endpoint) => {
        const result = await probe.get(endpoint.url, { timeout, ...(instance === undefined ? {} : { instance }) });
        const assessment = (0,src/* assessProbe */.Dy)(endpoint, result);
        if (!isCutShort(assessment, timeout < requestTimeout, earlier))
            onAssessment?.(assessment);
        return assessment;
    };
    const all = await Promise.all(rules.endpoints.map(ask));
    return all.filter((assessment) => !isCutShort(assessment, timeout < requestTimeout, earlier));
}
/** A request that the session's own deadline ended says nothing of the endpoint, unless nothing else is known. */
function isCutShort({ endpoint, result }, wasCut, earlier) {
    const timedOut = result.answer.kind === "failure" && result.answer.code === "TIMEOUT";
    return wasCut && timedOut && earlier.some((one) => one.endpoint === endpoint);
}
function decide(rules, assessments, age) {
    const verdict = (0,src/* judgeProbes */.$K)(rules, assessments, age);
    if (verdict.final)
        return verdict;
    const redirecting = rules.endpoints.find((endpoint) => keepsRedirecting(endpoint, assessments));
    if (redirecting === undefined)
        return verdict;
    const why = `${redirecting.name} redirects, ${HOPELESS_REDIRECTS} times in a row: ${lastFault(redirecting, assessments)}`;
    return { ...verdict, verdict: "unhealthy", final: true, why };
}
function keepsRedirecting(endpoint, assessments) {
    const last = assessments.filter((one) => one.endpoint === endpoint.name).slice(-HOPELESS_REDIRECTS);
    return last.length === HOPELESS_REDIRECTS && last.every((one) => one.faults.length > 0 && isRedirect(one));
}
function isRedirect({ result: { answer } }) {
    return answer.kind === "response" && answer.status >= 300 && answer.status < 400 && "location" in answer.headers;
}
function lastFault(endpoint, assessments) {
    return assessments.findLast((one) => one.endpoint === endpoint.name)?.faults.join("; ") ?? "";
}

;// CONCATENATED MODULE: ./packages/probe/src/probe-advice.ts

/** What to do about a failed probe, from the way it failed. */
function adviceFor(assessment) {
    const { answer, url } = assessment.result;
    if (answer.kind === "failure")
        return failureAdvice(answer.code, new URL(url).hostname);
    if (isRedirect(assessment))
        return redirectAdvice(url, answer.headers.location ?? "");
    if (isHtml(answer.headers) && assessment.faults.some((fault) => fault.includes("not JSON")))
        return HTML_ADVICE;
    return statusAdvice(answer.status);
}
const HTML_ADVICE = "the answer is a web page, where JSON is expected: probe the API's own health path, not a page of a front end or of a sign-in.";
function failureAdvice(code, host) {
    if (code === "ENOTFOUND")
        return `check the host name ${host}: a new app's name takes some minutes to appear in DNS.`;
    if (code === "TIMEOUT")
        return "look at the app's start in its log; raise request-timeout if such answers are expected.";
    if (code === "EPROTO" || code === "ERR_SSL_WRONG_VERSION_NUMBER")
        return "write http:// in the address, or the port that speaks TLS.";
    if (/CERT|TLS|SSL|UNABLE_TO|SELF_SIGNED/.test(code)) {
        return "bind a certificate for this name, or trust its authority on the runner with NODE_EXTRA_CA_CERTS.";
    }
    return "see whether the app has started: its log says why it stopped or what it listens on.";
}
/** Known redirects have known causes: plain http on an HTTPS-only app, and App Service's own sign-in. */
function redirectAdvice(from, location) {
    const target = URL.canParse(location, from) ? new URL(location, from) : undefined;
    if (target === undefined)
        return "probe the address that answers itself.";
    if (/\.auth\/login|login\.microsoftonline|\/oauth2\//.test(target.href)) {
        return "the path asks for a sign-in: exclude it from authentication (excludedPaths), or probe one that is open.";
    }
    return `probe ${target.href} itself: redirects are not followed, as load balancers do not follow them.`;
}
function statusAdvice(status) {
    if (status === 401 || status === 403)
        return "let the health path answer without sign-in, and check access restrictions.";
    if (status === 404)
        return "check the path: the app answers, but not there.";
    if (status === 502 || status === 503)
        return "the platform answers in the app's place: it has not started, or has stopped. Its log says why.";
    return status >= 500
        ? "the app itself failed: its log has the trace."
        : "compare the answer above with what is expected.";
}
function isHtml(headers) {
    return (headers["content-type"] ?? "").includes("html");
}

;// CONCATENATED MODULE: ./packages/probe/src/probe-report.ts

/** As many points as a chart of GitHub's width shows apart. */
const CHART_POINTS = 40;
/** Fewer answers are told by the table as well. */
const LEAST_POINTS = 10;
const SHOWN_BODY = 2_000;
/** The table, the chart and the last failed answer of a session, as Markdown. Pure. */
function probeReport(session) {
    const blocks = [endpointTable(session), latencyChart(session), ...lastFailure(session.assessments)];
    return blocks.filter((block) => block !== "").join("\n\n");
}
function endpointTable({ endpoints, assessments }) {
    const rows = endpoints.map((each) => {
        const state = each.failedInARow > 0 || each.probes === 0 ? "❌" : each.failed > 0 ? "⚠️" : "✅";
        const cells = [
            state,
            cell(each.url),
            each.probes,
            each.failed,
            each.inARow,
            ms(each.p50),
            ms(each.p95),
            sparkline(assessments, each),
            cell(each.lastFaults.join("; ")),
        ];
        return `| ${cells.join(" | ")} |`;
    });
    return [
        "| | endpoint | probes | failed | in a row | p50 | p95 | latency | last fault |",
        "| --- | --- | --: | --: | --: | --: | --: | --- | --- |",
        ...rows,
    ].join("\n");
}
const BARS = "▁▂▃▄▅▆▇█";
/** The last answers' latencies as bars, failures as crosses: shows a trend also where charts are not drawn. */
function sparkline(assessments, { name, p95 = 1 }) {
    const own = assessments.filter((one) => one.endpoint === name).slice(-20);
    const bar = (latency) => BARS[Math.min(7, Math.floor((latency / Math.max(1, p95)) * 7))] ?? "█";
    return own.map(({ faults, result }) => (faults.length > 0 ? "×" : bar(result.latency))).join("");
}
/** Latency over the session's time, the slowest of each stretch, all endpoints together. */
function latencyChart({ assessments, duration, startedAt }) {
    if (assessments.length < LEAST_POINTS)
        return "";
    const count = Math.min(CHART_POINTS, assessments.length);
    const points = Array.from({ length: count }, (_, index) => {
        const from = Math.floor((index * assessments.length) / count);
        const to = Math.floor(((index + 1) * assessments.length) / count);
        return Math.max(...assessments.slice(from, to).map(({ result }) => Math.round(result.latency)));
    });
    const first = assessments[0]?.result.at ?? startedAt;
    const seconds = Math.max(1, Math.round((startedAt + duration - first) / 1_000));
    return (0,src/* xyChart */.Gp)({
        title: "Time to answer",
        x: { label: "seconds", from: 0, to: seconds },
        y: { label: "ms", from: 0, to: Math.max(10, ...points) },
        series: [{ kind: "line", colour: src/* CHART_COLOURS */.V6.plain, values: points }],
    });
}
function lastFailure(assessments) {
    const failed = assessments.findLast(({ faults }) => faults.length > 0);
    if (failed === undefined || failed.result.answer.kind === "failure")
        return [];
    return [`<details><summary>Last answer that failed</summary>\n\n${fenced(answerText(failed))}\n\n</details>`];
}
/** Status line, the telling headers and the head of the body, as plain text from outside: quote it where it is printed. */
function answerText({ result: { url, answer } }) {
    if (answer.kind === "failure")
        return `GET ${url}\n${answer.message} (${answer.code})`;
    const headers = ["content-type", "location", "retry-after", "server", "x-release"]
        .filter((name) => answer.headers[name] !== undefined)
        .map((name) => `${name}: ${answer.headers[name]}`);
    const isCut = answer.truncated || answer.body.length > SHOWN_BODY;
    const body = isCut ? `${answer.body.slice(0, SHOWN_BODY)}\n… (cut)` : answer.body;
    return [`GET ${url}`, `HTTP ${answer.status}`, ...headers, "", body].join("\n");
}
/** A fence longer than any run of backticks inside. */
function fenced(text) {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}text\n${text}\n${fence}`;
}
function cell(text) {
    return text
        .replace(/\s+/g, " ")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll("|", "\\|")
        .replaceAll("`", "\\`");
}
function ms(value) {
    return value === undefined ? "–" : `${Math.round(value)}&nbsp;ms`;
}

;// CONCATENATED MODULE: ./packages/probe/src/index.ts






/***/ })

};
