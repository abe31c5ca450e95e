export const id = 205;
export const ids = [205];
export const modules = {

/***/ 9313:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ canaryInputs),
/* harmony export */   w: () => (/* binding */ stepsInput)
/* harmony export */ });
/** Inputs of a canary: its steps, what it is judged by, and what follows when that is not enough. */
const canaryInputs = {
    "metric-source": {
        kind: "choice",
        options: ["platform-metrics", "app-insights", "log-analytics", "probes"],
        default: "platform-metrics",
        doc: "Where requests are counted. `platform-metrics`: App Service's own, of each slot, nothing to set up; no latency but an average. `app-insights`, `log-analytics`: the app's telemetry by release id. `probes`: requests of our own to both slots, for apps without users at that hour.",
    },
    "app-insights": {
        kind: "string",
        pattern: /^[0-9a-f-]{36}$/i,
        hint: "the application id (a GUID) that the portal shows under API Access",
        doc: "Application id, for `metric-source: app-insights`.",
    },
    "log-analytics": {
        kind: "string",
        pattern: /^[0-9a-f-]{36}$/i,
        hint: "the workspace id (a GUID)",
        doc: "Workspace id, for `metric-source: log-analytics`.",
    },
    "release-dimension": {
        kind: "string",
        pattern: /^[\w.-]{1,100}$/,
        hint: "the name of a custom dimension, such as release",
        doc: "Custom dimension that carries the release id of `augeo-release.json`. Without it the application version does (`service.version` in OpenTelemetry). Never a slot name: those are stale after each swap.",
    },
    "metrics-query": {
        kind: "lines",
        doc: "Kusto of your own in place of the counts of server errors and slow requests: returns `minute`, `release`, `total`, `bad`. It may use `from`, `to`, `bin_size`, `canary` and `baseline`.",
    },
    gates: {
        kind: "lines",
        default: "server-errors\nslow-requests",
        pattern: /^(?:server-errors|slow-requests|client-errors)$/,
        hint: "server-errors, slow-requests or client-errors, one a line",
        doc: "What can fail the canary, one a line: `server-errors` (5xx), `slow-requests` (logs and probes only), `client-errors` (4xx). The others are shown. A `metrics-query` is a gate by itself.",
    },
    "slow-after": {
        kind: "duration",
        doc: "A request that takes longer is slow. Default: twice the 95th percentile of the live release in the time before, at least 100 ms.",
    },
    bin: {
        kind: "duration",
        default: "1m",
        min: "1s",
        max: "1h",
        doc: "Requests are counted and judged in bins of this width. Platform metrics have `1m` at the finest; logs and probes take shorter ones, which end a bad canary sooner where there is much traffic.",
    },
    "step-warm-up": {
        kind: "duration",
        default: "2m",
        max: "1h",
        doc: "Not judged after each change of weight: cold caches, connections on their way.",
    },
    lag: {
        kind: "duration",
        max: "1h",
        doc: "How late the metrics are, until that is measured. Default: `3m` for platform metrics, `5m` for logs, `0s` for probes.",
    },
    "tolerated-ratio": {
        kind: "number",
        default: 1.5,
        min: 1,
        max: 100,
        doc: "How many times worse than the live release the new one may be before that is a regression.",
    },
    "bad-share-floor": {
        kind: "percentage",
        default: "1%",
        doc: "A share of bad requests that is not surely above this never fails a canary, whatever the ratio.",
    },
    "bad-share-ceiling": {
        kind: "percentage",
        default: "5%",
        doc: "A share of bad requests that may be above this is never passed, unless the live release is as bad.",
    },
    "minimum-sample": {
        kind: "integer",
        default: 60,
        min: 10,
        max: 1_000_000,
        doc: "Requests to the new release without which a step is `insufficient`. 60 without an error show less than 5 %.",
    },
    extensions: {
        kind: "integer",
        default: 1,
        min: 0,
        max: 3,
        doc: "How often a step that could not decide goes on for as long again.",
    },
    "new-exceptions": {
        kind: "integer",
        default: 3,
        min: 0,
        max: 1000,
        doc: "With logs: so many exceptions of a type that the live release has not thrown within a day fail the canary at once. `0`: never.",
    },
    "on-insufficient": {
        kind: "choice",
        options: ["hold", "rollback", "promote"],
        default: "hold",
        doc: "After a step with too few requests: wait for a person, go back, or go on. A person needs a ledger to decide in; without one `hold` is `rollback`, here and below.",
    },
    "on-inconclusive": {
        kind: "choice",
        options: ["hold", "rollback", "promote"],
        default: "hold",
        doc: "After a step whose figures prove neither that it is worse nor that it is good enough.",
    },
    "on-provider-error": {
        kind: "choice",
        options: ["hold", "rollback", "promote"],
        default: "hold",
        doc: "When the metrics could not be read, after four more tries.",
    },
    "hold-timeout": {
        kind: "duration",
        default: "1h",
        max: "7d",
        doc: "How long a hold waits for a person. The weight stays as it is.",
    },
    "on-hold-timeout": {
        kind: "choice",
        options: ["rollback", "proceed", "stay"],
        default: "rollback",
        doc: "What follows when nobody decided. Carried out by this run while it waits (`hold-wait`), else by the next run or the scheduled reconciler.",
    },
    "hold-wait": {
        kind: "duration",
        default: "0s",
        max: "5h",
        doc: "How long this run itself waits for a decision when on hold, before it ends and leaves the place in the ledger.",
    },
};
const stepsInput = {
    kind: "string",
    max: 500,
    doc: "Share of production's requests and how long, one step after the other: `5% 10m, 25% 10m, 50% 20m`. Weights ascend; the swap does the rest.",
};


/***/ }),

/***/ 220:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KN: () => (/* binding */ percent),
/* harmony export */   oz: () => (/* binding */ progressLine)
/* harmony export */ });
/* unused harmony export metricText */
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _step_record_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4700);


/** Clients keep the slot they were drawn to by a cookie, for an hour; below so many requests the share says nothing. */
const LEAST_FOR_SHARE = 100;
/** One line a look: how far the step is, what both arms counted, and how near the evidence is to a failure. */
function progressLine(record, now) {
    const { step, steps, weight, duration, setAt, looks, aside } = record;
    const judgement = looks.at(-1)?.judgement;
    const age = `${(0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(whole(now - setAt))} of ${(0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(duration)}`;
    const head = `Step ${step + 1} of ${steps}, ${weight} %, ${age}`;
    if (!judgement || judgement.metrics.length === 0)
        return `${head}: nothing to judge yet`;
    const metrics = judgement.metrics.map(metricText);
    const [first] = judgement.metrics;
    const notes = [...metrics, first && shareText(first, weight), aside].filter((text) => text !== undefined && text !== "");
    return `${head}: ${notes.join(" · ")}`;
}
const whole = (duration) => Math.max(1000, Math.round(duration / 1000) * 1000);
function metricText({ name, role, canary, baseline, evidence, threshold }) {
    if (role === "watch")
        return `${(0,_step_record_js__WEBPACK_IMPORTED_MODULE_1__/* .wordsOf */ .Z)(name)} ${shareOf(canary)} (live ${shareOf(baseline)})`;
    const rates = `canary ${rateText(canary)}, live ${rateText(baseline)}`;
    const proof = `evidence ${evidenceAt(evidence).toFixed(1)} of ${threshold.toFixed(1)}`;
    return `${(0,_step_record_js__WEBPACK_IMPORTED_MODULE_1__/* .wordsOf */ .Z)(name)}: ${rates}, ${proof}`;
}
const shareOf = ({ total, bad }) => (total === 0 ? "–" : percent(bad / total));
const evidenceAt = (evidence) => Math.max(0, evidence.at(-1)?.logEvidence ?? 0);
function rateText({ total, bad, interval }) {
    if (total === 0)
        return "0 of 0";
    return `${bad} of ${total} (${percent(bad / total)}, ${percent(interval.lower)} to ${percent(interval.upper)})`;
}
/** The measured share; what is far from the weight is explained, and judged all the same, by what was measured. */
function shareText({ canary, baseline }, weight) {
    const all = canary.total + baseline.total;
    if (all < LEAST_FOR_SHARE)
        return undefined;
    const share = (100 * canary.total) / all;
    const isFar = Math.abs(share - weight) > Math.max(5, weight / 2);
    const note = isFar
        ? `, not the ${weight} % that is set: clients keep the slot they were given for up to an hour`
        : "";
    return `share ${share.toFixed(1)} %${note}`;
}
const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;


/***/ }),

/***/ 4700:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ wordsOf)
/* harmony export */ });
/* unused harmony export METRIC_WORDS */
/** Each metric by the names that people read. */
const METRIC_WORDS = {
    "server-errors": "server errors",
    "slow-requests": "slow requests",
    "client-errors": "client errors",
    custom: "metrics-query",
};
const wordsOf = (name) => METRIC_WORDS[name] ?? name;


/***/ }),

/***/ 5257:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  R: () => (/* binding */ CanaryLead)
});

// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/health-probe/expectations.ts
var expectations = __webpack_require__(2743);
// EXTERNAL MODULE: ./actions/slot-swap/connection.ts
var slot_swap_connection = __webpack_require__(3597);
// EXTERNAL MODULE: ./actions/slot-swap/session.ts + 2 modules
var slot_swap_session = __webpack_require__(7675);
// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var action_kit_src = __webpack_require__(613);
;// CONCATENATED MODULE: ./actions/canary/judging/judged-metrics.ts
/** The metrics of one look. A gate that the source does not know is left out: the inputs were checked for that. */
function judgedMetrics({ metrics }, window, gates, history) {
    return metrics.map(({ name, bins }) => ({
        name,
        role: gates.includes(name) ? "gate" : "watch",
        history: history.get(name) ?? [],
        bins: bins
            .filter(({ start }) => start >= window.from && start + window.bin <= window.until)
            .map(({ start, canary, baseline }) => ({ until: start + window.bin - window.setAt, canary, baseline })),
    }));
}
/** The baseline's bins before the canary, by metric. */
function historyOf({ metrics, completeUntil }, bin, end) {
    const until = Math.min(completeUntil ?? end, end);
    return new Map(metrics.map(({ name, bins }) => [
        name,
        bins.filter(({ start }) => start + bin <= until).map(({ baseline }) => baseline),
    ]));
}
/** Bad means another status for each metric of the platform. */
const STATUS_OF = {
    "server-errors": (status) => status >= 500,
    "client-errors": (status) => status >= 400 && status < 500,
};
/**
 * Takes our own probes of the slot out of what the platform counted there: at little traffic they would be a good part
 * of it. A probe that was sent just before a bin's edge arrived in the next one.
 */
function withoutOwn(reading, own, bin) {
    const mine = own.filter(({ arm, status }) => arm === "canary" && status > 0);
    return { ...reading, metrics: reading.metrics.map((metric) => less(metric, mine, bin)) };
}
function less({ name, bins }, own, width) {
    const left = bins.map((each) => ({ ...each, canary: { ...each.canary } }));
    const first = left[0]?.start ?? 0;
    for (const { at, status } of own) {
        const index = Math.floor((at - first) / width);
        const isBad = STATUS_OF[name]?.(status) === true;
        const counted = [left[index], left[index + 1]].find((each) => each && each.canary.total > (isBad ? 0 : each.canary.bad));
        if (!counted || (isBad && counted.canary.bad === 0))
            continue;
        counted.canary.total -= 1;
        if (isBad)
            counted.canary.bad -= 1;
    }
    return { name, bins: left };
}

;// CONCATENATED MODULE: ./actions/canary/judging/patient-source.ts

/** Argo Rollouts' numbers: an error is asked again ten seconds later, four times. */
const TRIES = 4;
const PAUSE = 10_000;
/**
 * Asks again when a metric source fails, then lets the failure through. It never waits longer than a bin: what is
 * counted by the second must not be blind for ten.
 */
async function patiently({ log, clock, signal }, bin, ask) {
    for (let attempt = 1;; attempt += 1) {
        try {
            return await ask();
        }
        catch (error) {
            if (!(error instanceof src/* ServiceError */._7) || attempt > TRIES || isForGood(error))
                throw error;
            log.info(`${error.what} ${error.why} Asking again (${attempt} of ${TRIES}).`);
            await clock.sleep(Math.min(PAUSE, bin), signal);
        }
    }
}
/** A missing right or a wrong id does not heal within a minute. */
const isForGood = ({ status }) => status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;

// EXTERNAL MODULE: ./packages/azure/src/index.ts + 53 modules
var azure_src = __webpack_require__(1910);
;// CONCATENATED MODULE: ./actions/canary/judging/guards.ts
/** What fails a canary without statistics: a slot that is down, that keeps crashing, or that throws what is new. */


class Guards {
    #options;
    #told = new Set();
    #looksDown = 0;
    constructor(options) {
        this.#options = options;
    }
    async check() {
        const [instances, exceptions] = await Promise.all([this.#instances(), this.#exceptions()]);
        return [this.#probes(), instances, exceptions];
    }
    /** The share of the traffic as Azure shows it now; undefined when it cannot be asked. */
    weight() {
        return this.#asked("share of the traffic", () => this.#options.slots.weight());
    }
    #probes() {
        const { prober, inARow } = this.#options;
        const worst = prober.worst;
        const count = worst?.inARow ?? 0;
        return {
            name: "probe of the slot",
            tripped: count >= inARow,
            why: `${worst?.name ?? ""} failed ${count} times in a row: ${worst?.why ?? ""}`,
        };
    }
    async #instances() {
        const { slots, ref, inARow } = this.#options;
        const found = await this.#asked("instances", () => (0,azure_src.listInstances)(slots.arm, ref));
        const down = (found ?? []).filter(({ state }) => state === "STOPPED");
        this.#looksDown = down.length > 0 ? this.#looksDown + 1 : 0;
        const why = `${down.length} of ${found?.length ?? 0} instances were down at ${this.#looksDown} looks in a row: it keeps crashing`;
        return { name: "instances of the slot", tripped: this.#looksDown >= inARow, why };
    }
    async #exceptions() {
        const { source, newExceptions, since } = this.#options;
        const found = newExceptions === 0 ? [] : await this.#asked("exceptions", async () => source.newExceptions?.(since));
        const worst = (found ?? []).toSorted((a, b) => b.count - a.count)[0];
        return {
            name: "new exceptions",
            tripped: worst !== undefined && worst.count >= newExceptions,
            why: `${worst?.type}, ${worst?.count} times; the live release has not thrown it within a day`,
        };
    }
    /** A guard that cannot be asked protects nothing, and stops nothing either: the metrics have the last word. */
    async #asked(what, ask) {
        try {
            return await ask();
        }
        catch (error) {
            if (!(error instanceof src/* ServiceError */._7))
                throw error;
            if (!this.#told.has(what))
                this.#options.context.log.warning(`The canary is not guarded by its ${what}. ${error.what} ${error.why}`);
            this.#told.add(what);
            return undefined;
        }
    }
}

// EXTERNAL MODULE: ./actions/canary/judging/progress-line.ts
var progress_line = __webpack_require__(220);
;// CONCATENATED MODULE: ./actions/canary/judging/step-judge.ts
/**
 * The shell of the judge: reads both arms once a bin, feeds the pure judge, and says one line each time. It only reads.
 * Every look asks for the whole step again, so that with logs a run which took the step up knows as much as one that
 * began it. Elsewhere our own probes are among the counts, and only the run that sent them can take them out: there a
 * run counts from where it came in.
 */





/** Bins before the step that tell how errors bunch. */
const HISTORY_BINS = 60;
/** Never asked more seldom than this, however wide the bins are. */
const SLOWEST_LOOK = 60_000;
class StepJudge {
    records = [];
    #options;
    constructor(options) {
        this.#options = options;
    }
    async judge(step) {
        const prober = await this.#options.openProber();
        prober.start();
        const record = this.#begin(step);
        try {
            const { verdict, why } = await this.#follow(await this.#open(step, prober, record));
            record.why = why;
            if (verdict === "disturbed")
                return verdict;
            record.verdict = verdict;
            return { verdict, why };
        }
        catch (error) {
            if (!(error instanceof src/* ServiceError */._7))
                throw error;
            const found = { verdict: "provider-error", why: `${error.what} ${error.why}` };
            Object.assign(record, found);
            return found;
        }
        finally {
            record.endedAt = this.#now();
            await prober.stop();
        }
    }
    #now() {
        return this.#options.context.clock.now();
    }
    #begin({ step, steps, weight, setAt, windowStart, windowEnd }) {
        const { bin, "step-warm-up": warmUp, "metric-source": source } = this.#options.inputs;
        const countsProbes = source === "platform-metrics" || source === "probes";
        const knownFrom = countsProbes ? this.#now() : 0;
        const from = Math.ceil(Math.max(windowStart + warmUp, knownFrom) / bin) * bin;
        const times = { setAt, from, bin, duration: windowEnd - windowStart };
        const record = {
            step,
            steps,
            weight,
            ...times,
            looks: [],
            aside: undefined,
            verdict: undefined,
            why: "",
            endedAt: undefined,
        };
        this.records.push(record);
        return record;
    }
    async #open(step, prober, record) {
        const { context, connection, inputs } = this.#options;
        const seen = await connection.slots.observe({ identityOnly: true });
        const arms = { canary: (0,src/* nameOf */.Vb)((0,src/* identify */.ls)(seen.staging) ?? null), baseline: (0,src/* identify */.ls)(seen.production) ?? null };
        const source = await this.#options.openSource(arms, prober);
        const { bin } = record;
        const to = Math.floor(step.setAt / bin) * bin;
        const before = await patiently(context, bin, () => source.read({ from: to - HISTORY_BINS * bin, to, bin }));
        const guards = new Guards({
            context,
            slots: connection.slots,
            ref: { app: inputs.app, resourceGroup: inputs["resource-group"], slot: inputs.slot },
            prober,
            source,
            inARow: inputs.failures,
            newExceptions: inputs["new-exceptions"],
            since: step.setAt,
        });
        return { step, source, prober, guards, record, history: historyOf(before, bin, to) };
    }
    async #follow(judging) {
        const { policy, lag } = this.#options.plan;
        const { bin } = judging.record;
        const { step, record } = judging;
        const length = step.windowEnd - step.windowStart;
        let end = this.#endOf(step, record);
        record.duration = end - step.windowStart;
        for (let look = 1;;) {
            const { verdict, why } = await this.#look(judging, Math.floor(end / bin) * bin, end + Math.max(2 * lag, 5 * bin));
            if (verdict === "continue")
                continue;
            const isUndecided = verdict === "insufficient" || verdict === "inconclusive";
            if (!isUndecided || look >= policy.looks)
                return { verdict, why };
            look += 1;
            end += length;
            judging.record.duration += length;
            this.#options.context.log.info(`${why} It goes on for as long again (look ${look} of ${policy.looks}).`);
        }
    }
    /** A step that was taken up so late that hardly anything of it could be counted is measured once more. */
    #endOf({ step, windowStart, windowEnd }, { from }) {
        const { plan, inputs } = this.#options;
        const whole = plan.ramp.steps[step]?.duration ?? windowEnd - windowStart;
        const isLate = from - inputs.bin > windowStart + inputs["step-warm-up"];
        return isLate ? Math.max(windowEnd, from + whole - inputs["step-warm-up"]) : windowEnd;
    }
    /** Waits for the next bin and judges what is complete. `patience`: when the end is judged without what is still late. */
    async #look(judging, end, patience) {
        const { context, plan } = this.#options;
        const { source, prober, guards, record, history, step } = judging;
        const { bin } = record;
        await context.clock.sleep(Math.min(bin, SLOWEST_LOOK), context.signal);
        const weight = await guards.weight();
        if (weight !== undefined && weight !== step.weight) {
            const why = `the share of the traffic became ${weight} %, and was set to ${step.weight} %`;
            return { verdict: "disturbed", why };
        }
        const now = this.#now();
        const to = Math.min(Math.floor(now / bin) * bin, end);
        const window = { setAt: step.setAt, from: record.from, until: to, bin };
        const reading = to > record.from ? await patiently(context, bin, () => source.read({ from: record.from, to, bin })) : undefined;
        const counted = reading && this.#corrected(source, reading, prober, bin);
        const complete = Math.min(reading?.completeUntil ?? now - plan.lag, now);
        const isLate = now >= patience;
        if (!isLate)
            window.until = Math.max(record.from, Math.min(Math.floor(complete / bin) * bin, end));
        const isOver = now >= end && (window.until >= end || isLate);
        const metrics = judgedMetrics(counted ?? { metrics: [], completeUntil: undefined }, window, plan.gates, history);
        const judgement = (0,src/* judgeCanary */.mO)(metrics, await guards.check(), isOver, plan.policy);
        record.looks.push({ at: now, judgement });
        record.aside = reading?.aside;
        context.log.info((0,progress_line/* progressLine */.oz)(record, now));
        const isOpen = judgement.verdict === "continue" || (!isOver && judgement.verdict !== "fail");
        return { verdict: isOpen ? "continue" : judgement.verdict, why: judgement.why };
    }
    /** Only the platform counts our own probes among the users' requests; logs leave them out by their name. */
    #corrected(source, reading, prober, bin) {
        return source.name === "platform-metrics" ? withoutOwn(reading, prober.requests, bin) : reading;
    }
}

;// CONCATENATED MODULE: ./actions/canary/judging/preflight.ts
/** Before anybody is sent to the new release: can this app's traffic show anything at all? */





const MINUTE = 60_000;
/** Reads the traffic of late. Throws what the source throws when it can never work. */
async function preflight(context, inputs, plan, source) {
    const { bin } = inputs;
    const now = context.clock.now();
    const to = Math.floor(now / bin) * bin;
    const window = { from: to - HISTORY_BINS * bin, to, bin };
    if (source.name === "probes")
        return ofProbes();
    const reading = await patiently(context, bin, async () => {
        await source.prove?.(window);
        return source.read(window);
    });
    const lag = reading.completeUntil === undefined ? undefined : now - reading.completeUntil;
    const history = ofLate(historyOf(reading, bin, to).get(plan.gates[0] ?? "server-errors") ?? []);
    const minutes = (history.length * bin) / MINUTE;
    const total = history.reduce((sum, each) => sum + each.total, 0);
    const bad = history.reduce((sum, each) => sum + each.bad, 0);
    const requestsPerMinute = minutes === 0 ? 0 : total / minutes;
    const { factor } = (0,src/* dispersionOf */.ap)([history]);
    const expected = {
        requestsPerMinute,
        baselineRate: total === 0 ? 0 : bad / total,
        burst: Math.max(1, (factor + 1) / 2),
        bin,
        steps: plan.ramp.steps.map(({ weight, duration }) => ({
            weight: weight / 100,
            judged: Math.max(0, duration - inputs["step-warm-up"]),
        })),
    };
    const line = (0,src/* preflightLine */.GZ)(expected, plan.policy);
    return {
        requestsPerMinute,
        line,
        lag,
        warnings: [...trafficWarnings(expected, inputs, plan), ...lagWarnings(inputs, plan, lag)],
    };
}
/** So many requests tell a rate to an eighth. */
const ENOUGH = 60;
/** Bins before the first request are from before the app, or its telemetry, was there; a single request proves no rate. */
function ofLate(history) {
    const total = history.reduce((sum, each) => sum + each.total, 0);
    return total < ENOUGH ? history : history.slice(history.findIndex((each) => each.total > 0));
}
const ofProbes = () => ({
    requestsPerMinute: undefined,
    line: "The canary is judged by our own probes of both slots: it sees what they ask for, and nothing of the users.",
    warnings: [],
    lag: 0,
});
/** Steps that cannot expect the least sample at this traffic: said before they waste anybody's time. */
function trafficWarnings({ requestsPerMinute, steps }, inputs, plan) {
    if (requestsPerMinute < src/* LEAST_TRAFFIC */.IX)
        return [];
    return steps.flatMap((step, index) => {
        const needed = (0,src/* timeNeeded */.bp)({ requestsPerMinute }, step.weight, plan.policy);
        if (needed <= step.judged * plan.policy.looks)
            return [];
        const expected = Math.round((0,src/* expectedSample */.P)({ requestsPerMinute }, step));
        const duration = (0,action_kit_src/* formatDuration */.a3)(Math.ceil((needed + inputs["step-warm-up"]) / inputs.bin) * inputs.bin);
        return [
            `Step ${index + 1} (${Math.round(step.weight * 100)} %) can expect ${expected} requests, and ${plan.policy.minimumSample} are needed: it will be insufficient. Give it ${duration}, or begin with a higher weight.`,
        ];
    });
}
function lagWarnings(inputs, plan, lag) {
    if (lag === undefined)
        return [];
    const shortest = Math.min(...plan.ramp.steps.map(({ duration }) => duration));
    if (inputs["step-warm-up"] + lag + inputs.bin <= shortest)
        return [];
    const least = (0,action_kit_src/* formatDuration */.a3)(Math.ceil((inputs["step-warm-up"] + lag + inputs.bin) / 1000) * 1000);
    return [
        `The metrics are ${(0,action_kit_src/* formatDuration */.a3)(lag)} late, so a step of ${(0,action_kit_src/* formatDuration */.a3)(shortest)} cannot end a bad release before its time is over. Give each step ${least} or more.`,
    ];
}
/** A preflight that failed says so and lets the policy decide: only `promote` goes on without any metric. */
async function preflightOrPolicy(inputs, run) {
    try {
        return await run();
    }
    catch (error) {
        if (!(error instanceof src/* ServiceError */._7) || inputs["on-provider-error"] !== "promote")
            throw error;
        const line = `The metrics cannot be read (${error.what} ${error.why}), and on-provider-error is promote: this canary judges nothing.`;
        return { requestsPerMinute: undefined, line, warnings: [], lag: undefined };
    }
}

// EXTERNAL MODULE: ./packages/probe/src/index.ts + 5 modules
var probe_src = __webpack_require__(4583);
;// CONCATENATED MODULE: ./actions/canary/judging/slot-prober.ts
/** Requests of our own to a slot while it is judged: a guard against a slot that is down, and a source of counts. */


class SlotProber {
    requests = [];
    #options;
    #streaks = new Map();
    #stop = new AbortController();
    #running = Promise.resolve();
    constructor(options) {
        this.#options = options;
    }
    start() {
        this.#running = this.#run();
    }
    /** Resolves once the last round has ended. */
    async stop() {
        this.#stop.abort();
        await this.#running;
    }
    /** The longest streak of faults that is going on in the canary's slot. */
    get worst() {
        return [...this.#streaks.values()].toSorted((a, b) => b.inARow - a.inARow)[0];
    }
    async #run() {
        const { clock, interval } = this.#options;
        const signal = AbortSignal.any([this.#stop.signal, this.#options.signal]);
        const probe = (0,probe_src/* createHttpProbe */.Xx)({ env: this.#options.env, signal });
        while (!signal.aborted) {
            const began = clock.now();
            const all = this.#options.endpoints.map(async ({ arm, endpoint }) => {
                const result = await probe.get(endpoint.url, { timeout: this.#options.requestTimeout });
                if (!signal.aborted)
                    this.#note(arm, (0,src/* assessProbe */.Dy)(endpoint, result));
            });
            await Promise.all(all);
            await clock.sleep(Math.max(0, began + interval - clock.now()), signal).catch(() => undefined);
        }
    }
    #note(arm, { endpoint, result, faults }) {
        const status = result.answer.kind === "response" ? result.answer.status : 0;
        const isBad = faults.length > 0;
        this.requests.push({ arm, at: result.at, latency: result.latency, status, isBad });
        if (arm !== "canary")
            return;
        const before = this.#streaks.get(endpoint)?.inARow ?? 0;
        this.#streaks.set(endpoint, { name: endpoint, inARow: isBad ? before + 1 : 0, why: faults.join("; ") });
    }
}

;// CONCATENATED MODULE: ./actions/canary/judging/probe-source.ts

/**
 * Counts of our own probes, both slots asked alike. It knows no users: what is judged is what the probed paths show.
 */
class ProbeSource {
    name = "probes";
    #prober;
    #slowAfter;
    #now;
    constructor(prober, slowAfter, now) {
        this.#prober = prober;
        this.#slowAfter = slowAfter;
        this.#now = now;
    }
    async read(window) {
        const slowAfter = this.#slowAfter();
        const metrics = [this.#counted("server-errors", window, ({ isBad }) => isBad)];
        if (slowAfter !== undefined)
            metrics.push(this.#counted("slow-requests", window, ({ isBad, latency }) => !isBad && latency > slowAfter));
        return { metrics, completeUntil: this.#now() };
    }
    #counted(name, window, isBad) {
        const bins = (0,src/* emptyBins */.Oy)(window);
        for (const request of this.#prober.requests) {
            const bin = bins[Math.floor((request.at - window.from) / window.bin)];
            if (!bin)
                continue;
            const { total, bad } = bin[request.arm];
            bin[request.arm] = { total: total + 1, bad: bad + (isBad(request) ? 1 : 0) };
        }
        return { name, bins };
    }
}

;// CONCATENATED MODULE: ./actions/canary/judging/sources.ts



function openSource(request) {
    const { inputs, slots, session, ref, prober, clock, slowAfter } = request;
    const kind = inputs["metric-source"];
    if (kind === "platform-metrics")
        return new azure_src.PlatformMetrics({ arm: slots.arm, ref });
    if (kind === "probes")
        return new ProbeSource(prober, () => slowAfter, () => clock.now());
    const { context, http, signIn } = session;
    const queries = new azure_src.LogQueries(context, http, signIn, { kind, id: inputs[kind] ?? "" });
    const arms = { ...named(request.arms), dimension: inputs["release-dimension"] };
    const custom = inputs["metrics-query"]?.join("\n");
    return new azure_src.LogMetrics({ queries, arms, slowAfter, custom, now: () => clock.now() });
}
function named({ canary, baseline }) {
    if (baseline !== null)
        return { canary, baseline };
    throw new src/* UsageError */.eb({
        what: "What production runs cannot be told apart in telemetry.",
        why: "Its content has no release file, so no request names it.",
        fix: "set metric-source: platform-metrics for this once; from the next release on, telemetry by release works.",
    });
}

;// CONCATENATED MODULE: ./actions/canary/ramp.ts
/** The inputs of a canary as the engine and the judge take them, or every fault in one error. Pure. */


/** General knowledge of Azure Monitor: 1 to 3 minutes for metrics, about 5 for logs at low volume. */
const LAGS = { "platform-metrics": 180_000, "app-insights": 300_000, "log-analytics": 300_000, probes: 0 };
/** Undefined without steps: then there is no canary. Throws a `UsageError` that names every fault. */
function canaryPlan(inputs) {
    if (inputs.steps === undefined)
        return undefined;
    const lag = inputs.lag ?? LAGS[inputs["metric-source"]];
    const { steps, faults } = readSteps(inputs.steps);
    const all = [...faults, ...stepFaults(steps, inputs, lag), ...sourceFaults(inputs), ...shareFaults(inputs)];
    if (all.length > 0)
        throw wrongInputs(all);
    const ramp = {
        steps,
        unsure: {
            insufficient: decidable(inputs["on-insufficient"], inputs),
            inconclusive: decidable(inputs["on-inconclusive"], inputs),
            providerError: decidable(inputs["on-provider-error"], inputs),
        },
        holdTimeout: inputs["hold-timeout"],
        onHoldTimeout: inputs["on-hold-timeout"],
    };
    return { ramp, policy: policyOf(inputs, steps.length), gates: gatesOf(inputs), lag };
}
/** Without a ledger nobody could decide on a hold, and no run would know of it: the share of the requests would stay. */
const decidable = (wish, { ledger }) => wish === "hold" && ledger === undefined ? "rollback" : wish;
function policyOf(inputs, steps) {
    return {
        ...src/* DEFAULT_POLICY */.zj,
        toleratedRatio: inputs["tolerated-ratio"],
        floor: inputs["bad-share-floor"] / 100,
        ceiling: inputs["bad-share-ceiling"] / 100,
        minimumSample: inputs["minimum-sample"],
        steps,
        looks: 1 + inputs.extensions,
    };
}
function gatesOf(inputs) {
    if (inputs["metrics-query"] !== undefined)
        return ["custom"];
    return src/* METRIC_NAMES */.Uw.filter((name) => inputs.gates.includes(name));
}
function readSteps(text) {
    const steps = [];
    const faults = [];
    const parts = text.split(/[,\n]/).map((part) => part.trim());
    for (const part of parts.filter((each) => each !== "")) {
        const [, weight = "", time = ""] = /^(\d+(?:\.\d+)?)\s*%\s+(?:for\s+)?(.+)$/.exec(part) ?? [];
        const duration = (0,action_kit_src/* parseDuration */.E9)(time);
        if (duration === undefined)
            faults.push(unreadStep(part));
        else
            steps.push({ weight: Number(weight), duration });
    }
    if (steps.length === 0 && faults.length === 0)
        faults.push(unreadStep(text));
    return { steps, faults };
}
const unreadStep = (part) => ({
    input: "steps",
    why: `"${part}" is no step`,
    fix: 'write a weight and a duration, such as "5% 10m", with commas between steps',
});
function stepFaults(steps, inputs, lag) {
    const { bin, "step-warm-up": warmUp } = inputs;
    const least = Math.ceil((warmUp + Math.max(lag + bin, 3 * bin)) / bin) * bin;
    return steps.flatMap(({ weight, duration }, index) => {
        const before = steps[index - 1]?.weight ?? 0;
        const name = `step ${index + 1} (${weight} %)`;
        const found = [];
        if (weight < 1 || weight > 99)
            found.push({
                input: "steps",
                why: `${name} is not between 1 % and 99 %`,
                fix: weight >= 100
                    ? "leave it out: after the last step the swap gives it everything"
                    : "leave it out, or begin with 1 %",
            });
        else if (weight <= before && index > 0)
            found.push({
                input: "steps",
                why: `${name} is not above the ${before} % before it`,
                fix: "let the weights ascend",
            });
        if (duration < least)
            found.push({
                input: "steps",
                why: `${name} lasts ${(0,action_kit_src/* formatDuration */.a3)(duration)}: with step-warm-up ${(0,action_kit_src/* formatDuration */.a3)(warmUp)}, metrics ${(0,action_kit_src/* formatDuration */.a3)(lag)} late and bins of ${(0,action_kit_src/* formatDuration */.a3)(bin)}, nothing could be seen of it before it is over`,
                fix: `give it ${(0,action_kit_src/* formatDuration */.a3)(least)} or more`,
            });
        return found;
    });
}
function sourceFaults(inputs) {
    const source = inputs["metric-source"];
    const isLogs = source === "app-insights" || source === "log-analytics";
    const found = [];
    if (isLogs && inputs[source] === undefined)
        found.push({
            input: source,
            why: `metric-source: ${source} needs it`,
            fix: source === "app-insights" ? "set it to the application id (portal: API Access)" : "set it to the workspace id",
        });
    for (const input of ["metrics-query", "release-dimension"])
        if (!isLogs && inputs[input] !== undefined)
            found.push({
                input,
                why: `${source} has nothing to query`,
                fix: "set metric-source to app-insights or log-analytics",
            });
    if (inputs["metrics-query"] === undefined &&
        inputs.gates.every((gate) => gate === "slow-requests") &&
        source === "platform-metrics")
        found.push({
            input: "gates",
            why: "platform metrics know no slow requests, only an average, so nothing could fail this canary",
            fix: "add server-errors, or set metric-source to app-insights, log-analytics or probes",
        });
    return found;
}
function shareFaults(inputs) {
    const [floor, ceiling] = [inputs["bad-share-floor"], inputs["bad-share-ceiling"]];
    if (floor < ceiling)
        return [];
    return [
        {
            input: "bad-share-floor",
            why: `${floor} % is not below bad-share-ceiling, ${ceiling} %`,
            fix: "lower it, or raise the ceiling",
        },
    ];
}
function wrongInputs(faults) {
    const lines = faults.map(({ input, why, fix }) => `${input}: ${why}; ${fix}.`);
    const [only] = faults;
    if (faults.length === 1 && only)
        return new action_kit_src/* UsageError */.eb({ what: `Input ${only.input} is wrong.`, why: `${capital(only.why)}.`, fix: `${only.fix}.` });
    const names = [...new Set(faults.map(({ input }) => input))].join(", ");
    return new action_kit_src/* UsageError */.eb({
        what: `${faults.length} faults in the canary's inputs: ${names}.`,
        why: `Each fault:\n${lines.map((line) => `- ${line}`).join("\n")}`,
        fix: "correct them all under with: in the workflow; nothing was changed.",
    });
}
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

;// CONCATENATED MODULE: ./actions/canary/lead-canary.ts
/** All of a canary beside its engine: the plan from the inputs, the judge, what is said before it begins and after. */









class CanaryLead {
    plan;
    #context;
    #inputs;
    #judge;
    #preflight;
    /** Undefined without `steps`. Throws a `UsageError` that names every fault of the inputs. */
    static from(context, inputs) {
        const plan = canaryPlan(inputs);
        return plan && new CanaryLead(context, inputs, plan);
    }
    constructor(context, inputs, plan) {
        this.#context = context;
        this.#inputs = inputs;
        this.plan = plan;
    }
    get records() {
        return this.#judge?.records ?? [];
    }
    get preflight() {
        return this.#preflight;
    }
    judgeFor = (connection) => {
        this.#judge = new StepJudge({
            context: this.#context,
            connection,
            inputs: this.#inputs,
            plan: this.plan,
            openProber: () => this.#prober(connection),
            openSource: (arms, prober) => this.#source(connection, arms, prober),
        });
        return this.#judge;
    };
    /** Says what this app's traffic can show. Whatever it throws, the lock is given back: nothing was begun. */
    async sayWhatItCanShow(context, session, target) {
        const { log } = context;
        try {
            const arms = { canary: target.release, baseline: (0,src/* identify */.ls)(session.slots.production) ?? null };
            const { connection } = session;
            const found = await log.group("What this canary can show", () => preflightOrPolicy(this.#inputs, async () => {
                const source = await this.#source(connection, arms, await this.#prober(connection));
                return preflight(context, this.#inputs, this.plan, source);
            }));
            this.#preflight = found;
            log.notice(found.line);
            for (const warning of found.warnings)
                log.warning(warning);
        }
        catch (error) {
            await (0,slot_swap_session/* giveBack */.F5)(context, session, { why: `the canary's metrics: ${(0,src/* nameOf */.Vb)(target.release)}` });
            throw error;
        }
    }
    async #source(connection, arms, prober) {
        const { slots, session } = connection;
        const { clock } = this.#context;
        const request = { inputs: this.#inputs, slots, session, ref: (0,slot_swap_connection/* refOf */.H8)(this.#inputs), arms, prober, clock };
        const given = this.#inputs["slow-after"];
        const plain = openSource({ ...request, slowAfter: given });
        if (given !== undefined || !plain.baselineLatency || !this.plan.gates.includes("slow-requests"))
            return plain;
        const { bin } = this.#inputs;
        const to = Math.floor(clock.now() / bin) * bin;
        const usual = await plain.baselineLatency({ from: to - HISTORY_BINS * bin, to, bin }, 0.95);
        if (usual === undefined)
            return plain;
        const slowAfter = Math.max(LEAST_SLOW, Math.round(usual * 2));
        this.#context.log.info(`Slow is what takes longer than ${slowAfter} ms, twice the live release's 95th percentile.`);
        return openSource({ ...request, slowAfter });
    }
    /** Asks the slot's health paths; with `metric-source: probes` production's too, in the same rounds. */
    async #prober({ slots }) {
        const { "health-path": lines, status, "probe-interval": interval, "request-timeout": requestTimeout, } = this.#inputs;
        const sites = await slots.sites();
        const paths = lines.filter((line) => line.startsWith("/"));
        const at = (arm, host) => paths.map((path) => ({
            arm,
            endpoint: { name: path, url: `https://${host}${path}`, status: (0,expectations/* statusesOf */.CB)(status) },
        }));
        const baseline = this.#inputs["metric-source"] === "probes" ? at("baseline", sites.production.defaultHostName) : [];
        const endpoints = [...at("canary", sites.staging.defaultHostName), ...baseline];
        const { env, clock, signal } = this.#context;
        return new SlotProber({ env, clock, signal, interval, requestTimeout, endpoints });
    }
}
/** Twice a percentile of a few milliseconds is noise and no slowness. */
const LEAST_SLOW = 100;


/***/ }),

/***/ 4235:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ canaryResult),
/* harmony export */   M: () => (/* binding */ canaryMarkdown)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);
/* harmony import */ var _slot_swap_timeline_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2230);
/* harmony import */ var _judging_progress_line_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(220);
/* harmony import */ var _judging_step_record_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4700);
/** A canary in the job summary: what decided, at a glance, and the figures behind it. Pure. */





const MARKS = {
    pass: "✅ pass",
    fail: "❌ fail",
    insufficient: "⚠️ insufficient",
    inconclusive: "⚠️ inconclusive",
    "provider-error": "⚠️ metrics not readable",
};
function canaryMarkdown(story) {
    const { records, preflight } = story;
    const before = preflight
        ? [preflight.line, ...preflight.warnings.map((text) => `⚠️ ${text}`)].map(_slot_swap_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn).join("<br>")
        : "";
    if (records.length === 0)
        return before;
    return ["#### The canary, step by step", stepTable(story), ...records.flatMap(stepDetails), before]
        .filter((block) => block !== "")
        .join("\n\n");
}
/** Steps that were not reached are there too: what is missing says how far it came. */
function stepTable({ records, plan }) {
    const rows = plan.ramp.steps.map(({ weight, duration }, index) => {
        const record = records.findLast(({ step }) => step === index);
        if (!record)
            return `| ${index + 1} | ${shareCell(weight)} | ${(0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(duration)} | not reached | |`;
        const took = (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(Math.max(1000, Math.round(((record.endedAt ?? record.setAt) - record.setAt) / 1000) * 1000));
        const verdict = record.verdict === undefined ? "stopped" : MARKS[record.verdict];
        return `| ${index + 1} | ${shareCell(weight)} | ${took} | ${verdict} | ${(0,_slot_swap_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(record.why)} |`;
    });
    return ["| step | share | took | verdict | why |", "| --: | --- | --: | --- | --- |", ...rows].join("\n");
}
const shareCell = (weight) => `${weight}&nbsp;% ${bar(weight / 100, 10)}`;
function stepDetails(record) {
    const last = record.looks.at(-1)?.judgement;
    if (!last || last.metrics.length === 0)
        return [];
    const title = `##### Step ${record.step + 1}: ${record.weight} %`;
    const rows = last.metrics.map((metric) => metricRow(metric));
    const header = [
        "| bad requests | new release | live release | evidence that it is worse |",
        "| --- | --- | --- | --- |",
    ];
    const aside = record.aside === undefined ? "" : `Watched: ${(0,_slot_swap_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(record.aside)}.`;
    const chart = chartOf(record, decisive(last.metrics));
    return [title, [...header, ...rows].join("\n"), aside, chart].filter((block) => block !== "");
}
function metricRow(metric) {
    const { name, role, canary, baseline, evidence, threshold } = metric;
    const now = Math.max(0, evidence.at(-1)?.logEvidence ?? 0);
    const cells = [
        `${(0,_judging_step_record_js__WEBPACK_IMPORTED_MODULE_4__/* .wordsOf */ .Z)(name)}${role === "watch" ? " (watched)" : ""}`,
        armCell(canary, metric.bins.map((bin) => bin.canary)),
        armCell(baseline, metric.bins.map((bin) => bin.baseline)),
        role === "watch"
            ? "decides nothing"
            : `${bar(now / threshold, 10)}<br>${now.toFixed(1)} of ${threshold.toFixed(1)}`,
    ];
    return `| ${cells.join(" | ")} |`;
}
/** Counts, the share with its interval, and its course, one below the other: side by side they would not fit. */
function armCell({ total, bad, interval }, bins) {
    if (total === 0)
        return "no requests";
    const share = `${(0,_judging_progress_line_js__WEBPACK_IMPORTED_MODULE_3__/* .percent */ .KN)(bad / total)} (${(0,_judging_progress_line_js__WEBPACK_IMPORTED_MODULE_3__/* .percent */ .KN)(interval.lower)} to ${(0,_judging_progress_line_js__WEBPACK_IMPORTED_MODULE_3__/* .percent */ .KN)(interval.upper)})`;
    return [`${bad} of ${total}`, share, sparkline(bins)].map((line) => line.replaceAll(" ", "&nbsp;")).join("<br>");
}
/** The gate whose evidence came furthest: the one that a reader wants to see. */
function decisive(metrics) {
    const nearness = (metric) => highest(metric) / metric.threshold;
    return metrics.filter(({ role }) => role === "gate").toSorted((a, b) => nearness(b) - nearness(a))[0];
}
const highest = ({ evidence }) => Math.max(0, ...evidence.map((point) => point.logEvidence));
/** More points than this are not told apart in a summary. */
const POINTS = 40;
/** How the evidence grew; where it stayed far from its limit the table says all there is. */
function chartOf(record, metric) {
    if (!metric || metric.evidence.length < 2 || highest(metric) < metric.threshold / 10)
        return "";
    const stride = Math.ceil(metric.evidence.length / POINTS);
    const points = metric.evidence.filter((_, index) => (metric.evidence.length - 1 - index) % stride === 0);
    const top = Math.max(metric.threshold, highest(metric)) * 1.1;
    const values = points.map(({ logEvidence }) => Math.max(0, logEvidence).toFixed(2));
    const last = (points.at(-1)?.until ?? 0) / 1000;
    const first = (points[0]?.until ?? 0) / 1000;
    const isShort = last < 300;
    const axis = (seconds) => (isShort ? String(Math.round(seconds)) : (seconds / 60).toFixed(1));
    return (0,_augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .xyChart */ .Gp)({
        title: `Step ${record.step + 1}, ${(0,_judging_step_record_js__WEBPACK_IMPORTED_MODULE_4__/* .wordsOf */ .Z)(metric.name)}: the evidence (bars) fails it at ${metric.threshold.toFixed(1)} (line)`,
        x: { label: `${isShort ? "seconds" : "minutes"} since the weight was set`, from: axis(first), to: axis(last) },
        y: { label: "evidence", from: 0, to: top.toFixed(1) },
        series: [
            { kind: "bar", colour: _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .CHART_COLOURS */ .V6.bad, values },
            { kind: "line", colour: _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .CHART_COLOURS */ .V6.limit, values: values.map(() => metric.threshold.toFixed(2)) },
        ],
    });
}
/** `▓▓▓░░░░░░░`: a share of 0 to 1. */
function bar(share, width) {
    const full = Math.round(Math.min(1, Math.max(0, share)) * width);
    return `${"▓".repeat(full)}${"░".repeat(width - full)}`;
}
const LEVELS = "▁▂▃▄▅▆▇█";
const SPARKS = 24;
/** Shares of bad requests over time on one scale of 0 to 10 %, so that two lines can be held against each other. */
function sparkline(bins) {
    return merged(bins, SPARKS)
        .map(({ total, bad }) => LEVELS[Math.min(LEVELS.length - 1, Math.round(10 * (bad / Math.max(1, total)) * (LEVELS.length - 1)))])
        .join("");
}
/** Neighbours put together until no more than `most` are left. */
function merged(bins, most) {
    const stride = Math.max(1, Math.ceil(bins.length / most));
    const groups = [];
    for (const [index, { total, bad }] of bins.entries()) {
        const group = groups[Math.floor(index / stride)];
        if (group)
            Object.assign(group, { total: group.total + total, bad: group.bad + bad });
        else
            groups.push({ total, bad });
    }
    return groups;
}
/** The same for machines: every step's verdict and last figures. */
function canaryResult({ records, preflight }) {
    return {
        preflight: preflight?.line ?? null,
        steps: records.map((record) => ({
            step: record.step + 1,
            weight: record.weight,
            "set-at": new Date(record.setAt).toISOString(),
            verdict: record.verdict ?? null,
            why: record.why,
            metrics: (record.looks.at(-1)?.judgement.metrics ?? []).map((metric) => ({
                name: metric.name,
                role: metric.role,
                verdict: metric.verdict,
                canary: counts(metric.canary),
                baseline: counts(metric.baseline),
                evidence: Number((metric.evidence.at(-1)?.logEvidence ?? 0).toFixed(3)),
                threshold: Number(metric.threshold.toFixed(3)),
                series: seriesOf(metric),
            })),
        })),
    };
}
const counts = ({ total, bad, interval }) => ({
    total,
    bad,
    share: total === 0 ? null : (0,_judging_progress_line_js__WEBPACK_IMPORTED_MODULE_3__/* .percent */ .KN)(bad / total),
    interval: [Number(interval.lower.toFixed(5)), Number(interval.upper.toFixed(5))],
});
/** Bins that a result keeps of a metric and step: the last ones, which decided. */
const SERIES = 240;
/** Seconds since the weight was set, requests and bad ones of the new and of the live release, evidence. */
const seriesOf = ({ bins, evidence }) => bins
    .map(({ until, canary, baseline }, index) => {
    const proof = Number((evidence[index]?.logEvidence ?? 0).toFixed(3));
    return [until / 1000, canary.total, canary.bad, baseline.total, baseline.bad, proof];
})
    .slice(-SERIES);


/***/ }),

/***/ 9432:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ ApprovalGate),
/* harmony export */   p: () => (/* binding */ heldBackReport)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_github__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3359);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2607);
/* harmony import */ var _ending_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(998);
/* harmony import */ var _session_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7675);
/* harmony import */ var _summary_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5365);






/** Asks for the approval of one release, and waits for it as long as this job may. */
class ApprovalGate {
    #context;
    #inputs;
    #until;
    #authors;
    /** Throws `UsageError` where there is no ledger to ask in. */
    constructor(context, inputs) {
        if (inputs.approval === "required" && inputs.ledger === undefined)
            throw noLedger();
        this.#context = context;
        this.#inputs = inputs;
        this.#until = context.clock.now() + inputs["approval-wait"];
    }
    /**
     * `open`: the lock is still held, go on. `again`: it was approved while this job waited without the lock, so
     * everything has to be looked at anew.
     */
    async pass(session, candidate) {
        if (this.#inputs.approval === "none")
            return "open";
        const { log, clock } = this.#context;
        const wanted = await this.#wanted(candidate);
        const gate = (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .gateOf */ .Rv)(session.held.head, wanted);
        if (gate.kind === "open") {
            const { by, why } = gate.approval.decision ?? { by: "", why: "" };
            log.notice(`${wanted.release} is approved by ${by}${why === "" ? "" : `: ${why}`}.`);
            return "open";
        }
        if (gate.kind === "rejected") {
            await (0,_session_js__WEBPACK_IMPORTED_MODULE_4__/* .giveBack */ .F5)(this.#context, session);
            return { reason: "rejected", ...(0,_ending_js__WEBPACK_IMPORTED_MODULE_3__/* .wordsOf */ .Z9)((0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .explainRejected */ .aJ)(gate.approval)), approval: gate.approval };
        }
        if (gate.kind === "waiting")
            await (0,_session_js__WEBPACK_IMPORTED_MODULE_4__/* .giveBack */ .F5)(this.#context, session);
        else
            await this.#request(session, candidate, wanted);
        const decided = await this.#wait(session, wanted);
        const { head } = session.held;
        const approval = head.approvals.find(({ release }) => release === wanted.release);
        if (decided || !approval)
            return "again";
        return { reason: "awaiting-approval", ...(0,_ending_js__WEBPACK_IMPORTED_MODULE_3__/* .wordsOf */ .Z9)((0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .explainWaiting */ .Pq)(head, approval, clock.now())), approval };
    }
    /** The package is stored first: what is approved is what is kept. */
    async #request(session, { record, packed }, wanted) {
        if (record.artifact !== null && packed !== undefined)
            await session.connection.ledger?.storeArtifact(record.artifact, packed);
        const { clock, run } = this.#context;
        await (0,_session_js__WEBPACK_IMPORTED_MODULE_4__/* .endWith */ .qZ)(this.#context, session, (head) => (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .requestApproval */ .FU)(head, wanted, run.runUrl, clock.now()));
    }
    /** Looks at the ledger from time to time, without the lock. True once somebody decided. */
    async #wait(session, wanted) {
        const { clock, signal, log } = this.#context;
        const { ledger } = session.connection;
        const whole = this.#inputs["approval-wait"];
        if (clock.now() >= this.#until || !ledger)
            return false;
        log.notice(`${wanted.release} waits for an approval, here for up to ${(0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(this.#until - clock.now())}.`);
        while (clock.now() < this.#until) {
            await clock.sleep(Math.min(15_000, Math.max(250, whole / 20), this.#until - clock.now()), signal);
            const read = await ledger.read();
            // Whatever else is found is for the next look under the lock to explain.
            if (read.kind !== "head" || (0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .gateOf */ .Rv)(read.head, wanted).kind !== "waiting")
                return true;
        }
        return false;
    }
    async #wanted({ record }) {
        this.#authors ??= authorsOf(this.#context, record.commit ?? "", this.#inputs["github-token"]);
        return { release: record.release, artifact: record.artifact, authors: await this.#authors };
    }
}
/** Who started the run, and who wrote the commit where GitHub says it. */
async function authorsOf(context, commit, token) {
    const { run, clock, signal, log } = context;
    const { apiUrl, repository, actor } = run;
    try {
        const client = new _augeo_github__WEBPACK_IMPORTED_MODULE_1__.GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
        const author = token === "" || commit === "" ? undefined : await (0,_augeo_github__WEBPACK_IMPORTED_MODULE_1__/* .readCommitAuthor */ .pX)(client, commit);
        return [...new Set([actor, ...(author === undefined ? [] : [author])])];
    }
    catch (error) {
        if (!(error instanceof _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .ServiceError */ ._7))
            throw error;
        log.warning(`Who wrote the commit could not be asked, so only ${actor} may not approve. ${error.why} Fix: ${error.fix}`);
        return [actor];
    }
}
/** What a release that is held back says; what a person needs to decide on is on the summary. */
function heldBackReport(now, { record }, { approval, ...held }) {
    const { release, artifact, commit } = record;
    const isRejected = held.reason === "rejected";
    const { message, fix } = held;
    return {
        ...held,
        result: { release, approval: { ...approval, decision: approval.decision && { ...approval.decision } } },
        summary: (0,_summary_js__WEBPACK_IMPORTED_MODULE_5__/* .summarise */ .f)({
            heading: isRejected ? "Rejected: not released" : "Waiting for an approval",
            icon: isRejected ? "⛔" : "⏸️",
            isGood: false,
            message,
            fix,
            facts: [
                ["Release", release],
                ["Package", artifact ?? ""],
                ["Commit", (commit ?? "").slice(0, 12)],
                ["Replaces", approval.replaces ?? ""],
                ["May not approve", approval.authors.join(", ")],
            ],
            moments: [],
            end: now,
            sessions: [],
            parts: [],
        }),
    };
}
const noLedger = () => new _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb({
    what: "approval: required needs a ledger.",
    why: "An approval is asked for, given and read there.",
    fix: "set ledger to the address of a blob container, or leave approval out.",
});


/***/ }),

/***/ 6538:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ approvalReasons),
/* harmony export */   x: () => (/* binding */ approvalInputs)
/* harmony export */ });
/** The toolkit's own approval, for every action that brings something new into production. */
const approvalInputs = {
    approval: {
        kind: "choice",
        options: ["none", "required"],
        default: "none",
        doc: "`required`: the release waits until a person other than its authors approved it with the `approve` action. For GitHub plans whose environments have no required reviewers.",
    },
    "approval-wait": {
        kind: "duration",
        default: "0s",
        max: "5h",
        doc: "How long this job waits for the approval, without the lock. `0s`: it ends with `awaiting-approval`, and a re-run takes the release up once it is approved.",
    },
};
const approvalReasons = {
    "awaiting-approval": {
        decision: "hold",
        fails: true,
        doc: "The release waits for the approval of a person other than its authors. Nothing was changed.",
        fix: "Somebody else runs the approve workflow; then re-run the failed jobs.",
    },
    rejected: {
        decision: "hold",
        fails: true,
        doc: "A person rejected the release. Nothing was changed.",
        fix: "Release a mended version.",
    },
};


/***/ }),

/***/ 901:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ readDifferences),
/* harmony export */   W: () => (/* binding */ differencesMarkdown)
/* harmony export */ });
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1910);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2230);



/** What the swap will change in settings, as Azure compares the slots. Not being allowed to see it stops nothing. */
async function readDifferences(log, slots, ref) {
    try {
        const [changes, names] = await Promise.all([(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.slotDifferences)(slots.arm, ref), (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.readStickyNames)(slots.arm, ref)]);
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
        return kept === "" ? "" : details("Settings: the slots do not differ", kept);
    const rows = changes.map((change) => `| ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(change.settingType)} | ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(change.settingName)} | ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_2__/* .cell */ .Hn)(describe(change))} |`);
    const table = ["| kind | setting | before the swap |", "| --- | --- | --- |", ...rows].join("\n");
    return details(`Settings that the swap changes: ${changes.length}`, [table, kept].filter(Boolean).join("\n\n"));
}
const details = (title, body) => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;


/***/ })

};
