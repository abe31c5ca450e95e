export const id = 226;
export const ids = [226];
export const modules = {

/***/ 8439:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ reportOf)
/* harmony export */ });
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2607);
/* harmony import */ var _ending_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(998);
/* harmony import */ var _releases_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1471);
/* harmony import */ var _summary_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5365);




/** Outputs, result and summary of a rollout, however it ended. */
async function reportOf(request) {
    const { ending, result, run, completed } = request;
    const rollout = result?.rollout;
    const isGood = ending.reason === "completed" && rollout !== undefined;
    const words = isGood ? completed(rollout) : { heading: headingOf(ending), message: ending.message };
    const url = `https://${(await run.connection.slots.sites()).production.defaultHostName}`;
    const live = liveOf(request);
    const previous = rollout?.before?.production ?? null;
    const releases = releasesOf(request);
    return {
        message: words.message,
        ...(ending.fix === undefined ? {} : { fix: ending.fix }),
        outputs: { "live-release": live ?? "", "previous-release": previous ?? "", url },
        result: {
            release: rollout?.target.release ?? null,
            phase: rollout?.phase ?? null,
            live: live ?? null,
            previous,
            reason: rollout?.reason ? { ...rollout.reason } : null,
            releases: (0,_releases_js__WEBPACK_IMPORTED_MODULE_2__/* .releasesJson */ .J)(releases),
            timeline: run.timeline.moments.map(({ at, phase, what }) => ({ at, phase, what })),
        },
        summary: summaryOf(request, words, isGood, releases),
    };
}
/** Whoever took over may have changed what is live since this run last looked. */
const liveOf = ({ result }) => result && result.kind !== "fenced" ? (0,_ending_js__WEBPACK_IMPORTED_MODULE_1__/* .liveAfter */ .pz)(result.rollout) : undefined;
/** Of a run without a ledger there is nothing to tell: it remembers its own release only. */
function releasesOf({ result, run }) {
    return run.connection.ledger && result && "held" in result ? (0,_augeo_release__WEBPACK_IMPORTED_MODULE_0__/* .releaseTable */ .KZ)(result.held.head) : [];
}
function summaryOf(request, words, isGood, releases) {
    const { context, app, ending, result, run, facts = [], lead, parts = [] } = request;
    const rollout = result?.rollout;
    const live = liveOf(request);
    const known = rollout
        ? [
            ["Release", rollout.target.release],
            ["Live now", live === undefined ? "not certain: look" : (0,_augeo_release__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(live)],
            ["Before", rollout.before ? (0,_augeo_release__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(rollout.before.production) : "could not be read"],
        ]
        : [];
    return (0,_summary_js__WEBPACK_IMPORTED_MODULE_3__/* .summarise */ .f)({
        ...words,
        isGood,
        ...(ending.reason === "frozen" || ending.reason === "on-hold" ? { icon: "⏸️" } : {}),
        fix: ending.fix,
        facts: [["App", app], ...known, ...facts],
        ...(lead !== undefined && { lead }),
        moments: run.timeline.moments,
        end: context.clock.now(),
        sessions: run.health.sessions,
        parts: [...parts, (0,_releases_js__WEBPACK_IMPORTED_MODULE_2__/* .releasesMarkdown */ .u)(releases)],
    });
}
const HEADINGS = {
    unhealthy: "Unhealthy in production: the old release is back",
    "unhealthy-slot": "Unhealthy in the slot: production was not touched",
    "needs-human": "A person has to look",
    locked: "Locked by another run",
    "swap-refused": "Azure refused the swap: production is as it was",
    frozen: "Frozen: no new release goes out",
    "routing-rule": "Requests are routed to the slot already: nothing was changed",
    drift: "Production runs what the ledger does not know",
    worse: "Worse than the live release: it gets no requests any more",
    unproved: "Not proved good enough: it gets no requests any more",
    "weight-changed": "Somebody else changed the traffic: the canary was ended",
    "on-hold": "On hold: a person has to decide",
};
const headingOf = ({ reason }) => HEADINGS[reason] ?? `Not released: ${reason}`;


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


/***/ }),

/***/ 7675:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  HC: () => (/* binding */ bearingsOf),
  Te: () => (/* binding */ beginRun),
  qZ: () => (/* binding */ endWith),
  F5: () => (/* binding */ giveBack),
  oz: () => (/* binding */ markEnded),
  YS: () => (/* binding */ undoUnfinished)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var release_src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/slot-swap/connection.ts
var slot_swap_connection = __webpack_require__(3597);
// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var ending = __webpack_require__(998);
// EXTERNAL MODULE: ./actions/slot-swap/engine.ts
var slot_swap_engine = __webpack_require__(2095);
;// CONCATENATED MODULE: ./actions/slot-swap/freeze-check.ts


/** Throws `UsageError` for a time or a zone that does not exist. */
function windowsOf(inputs) {
    return (inputs["freeze-windows"] ?? []).map((line) => {
        const window = (0,release_src/* parseFreezeWindow */.$)(line);
        if (window)
            return window;
        throw new src/* UsageError */.eb({
            what: `freeze-windows: "${line}" is no window.`,
            why: "Its time or its time zone does not exist, or it begins when it ends.",
            fix: "write it as Fri 16:00 - Mon 08:00 Europe/Zurich, with a zone of the IANA list.",
        });
    });
}
/** The freeze that counts now: the one in the ledger, else that of a window. */
function freezeNow(head, windows, now) {
    const set = (0,release_src/* freezeInForce */.iY)(head, now);
    if (set)
        return { freeze: set, explanation: (0,release_src/* explainFreeze */.Zd)(head, set, now) };
    const freeze = (0,release_src/* windowInForce */.nV)(windows, now);
    return freeze && { freeze, explanation: (0,release_src/* explainWindow */.im)(head, freeze, (0,release_src/* describeEnd */.lA)(freeze, now)) };
}

// EXTERNAL MODULE: ./actions/slot-swap/hold-lock.ts
var hold_lock = __webpack_require__(1250);
// EXTERNAL MODULE: ./packages/azure/src/index.ts + 53 modules
var azure_src = __webpack_require__(1910);
// EXTERNAL MODULE: ./packages/probe/src/index.ts + 5 modules
var probe_src = __webpack_require__(4583);
// EXTERNAL MODULE: ./actions/health-probe/container-log-text.ts
var container_log_text = __webpack_require__(3616);
// EXTERNAL MODULE: ./actions/health-probe/expectations.ts
var expectations = __webpack_require__(2743);
;// CONCATENATED MODULE: ./actions/slot-swap/slot-health.ts






/** Probes a slot until it is healthy and production while it is; keeps every session for the summary. */
class SlotHealth {
    sessions = [];
    #context;
    #slots;
    #ref;
    #inputs;
    constructor(context, slots, ref, inputs) {
        this.#context = context;
        this.#slots = slots;
        this.#ref = ref;
        this.#inputs = inputs;
    }
    async probe(where, atLeast, atMost) {
        const { log, clock, signal, env } = this.#context;
        const instances = where === "staging" ? await this.#instances() : [];
        const rules = await this.#rules(where, { atLeast, atMost }, instances.length);
        const session = await log.group(this.#title(where, atLeast, atMost, instances.length), () => (0,probe_src/* probeUntilVerdict */.sx)({
            rules,
            probe: (0,probe_src/* createHttpProbe */.Xx)({ env, signal }),
            clock,
            signal,
            instances,
            interval: this.#inputs["probe-interval"],
            requestTimeout: this.#inputs["request-timeout"],
            onAssessment: changeReporter(log),
        }));
        this.#tell(session);
        // Production's is not read: the way back does not wait for it, and the release is in the slot afterwards.
        const containerLog = where === "staging" && session.verdict !== "healthy" ? await this.#containerLog() : undefined;
        this.sessions.push({ where, session, ...(containerLog !== undefined && { containerLog }) });
        const error = containerLog === undefined ? undefined : (0,container_log_text/* lastErrorIn */.UM)(containerLog);
        const cause = error === undefined ? "" : `; its container's last error: ${error}`;
        return { verdict: session.verdict, why: `${session.why}${cause}` };
    }
    /** The verdict stands without it: who may not read it is not told why the app does not start. */
    async #containerLog() {
        const { log } = this.#context;
        const text = await (0,azure_src.readContainerLog)(this.#slots.arm, this.#ref).catch(() => "");
        if (text.trim() === "")
            return undefined;
        const shown = (0,container_log_text/* lastLines */.w$)(text);
        await log.group(`Container log of slot ${this.#ref.slot}, last lines`, async () => log.quote(shown));
        return shown;
    }
    #title(where, atLeast, atMost, instances) {
        if (where === "production")
            return `Watch production for ${(0,src/* formatDuration */.a3)(atLeast)}`;
        const of = instances > 1 ? ` on each of ${instances} instances` : "";
        return `Warm up slot ${this.#ref.slot}${of}, within ${(0,src/* formatDuration */.a3)(atMost)}`;
    }
    /** Rounds go to the instances in turn, so as many successes in a row as there are instances prove each of them. */
    async #rules(where, times, instances) {
        const { successes, failures } = this.#inputs;
        const host = (await this.#slots.sites())[where].defaultHostName;
        const endpoints = this.#inputs["health-path"].flatMap((line) => this.#endpoint(line, where, host));
        if (where === "production")
            return { endpoints, successes, failures, ...times };
        return { endpoints, successes: Math.max(successes, instances), ...times };
    }
    #endpoint(line, where, host) {
        const isAddress = URL.canParse(line);
        if (isAddress && where === "staging")
            return [];
        const url = isAddress ? line : `https://${host}${line}`;
        return [{ name: line, url, status: (0,expectations/* statusesOf */.CB)(this.#inputs.status) }];
    }
    async #instances() {
        try {
            const found = await (0,azure_src.listInstances)(this.#slots.arm, this.#ref);
            return found.filter(({ state }) => state !== "STOPPED").map(({ id }) => id);
        }
        catch (error) {
            if (!(error instanceof release_src/* ServiceError */._7))
                throw error;
            this.#context.log.warning(`The slot's instances could not be listed, so not each is warmed by name. ${error.why}`);
            return [];
        }
    }
    #tell({ verdict, why, assessments }) {
        const { log } = this.#context;
        log.info(`${verdict}: ${why}`);
        const failed = assessments.findLast(({ faults }) => faults.length > 0);
        if (verdict === "healthy" || !failed)
            return;
        log.info(`Last answer of ${failed.endpoint} that failed:`);
        log.quote((0,probe_src/* answerText */.yy)(failed));
    }
}
/** One line per change of an endpoint's state: a line per probe would bury the one that matters. */
function changeReporter(log) {
    const last = new Map();
    return ({ endpoint, result, faults }) => {
        const state = faults.length === 0 ? "as expected" : faults.join("; ");
        if (last.get(endpoint) !== state)
            log.info(`${endpoint}: ${state} (${Math.round(result.latency)} ms)`);
        last.set(endpoint, state);
    };
}

// EXTERNAL MODULE: ./actions/slot-swap/timeline.ts
var slot_swap_timeline = __webpack_require__(2230);
;// CONCATENATED MODULE: ./actions/slot-swap/session.ts









const JOURNAL = "rollout";
const HEAD = "head";
const CLAIMED = "claimed";
/** Signs in, takes the lock, ends what an earlier run left, and looks. */
async function beginRun(context, inputs, options = {}) {
    const windows = windowsOf(inputs);
    const connection = (0,slot_swap_connection/* connect */.Ng)(context, inputs);
    const { slots } = connection;
    const health = new SlotHealth(context, slots, (0,slot_swap_connection/* refOf */.H8)(inputs), inputs);
    const timeline = new slot_swap_timeline/* Timeline */.Kf();
    const parts = { timeline, health, connection };
    // The app, the slot and the right to read them are proved before anything is claimed or written.
    const before = await slots.observe();
    const claims = options.isRollback
        ? { ...inputs, "accept-live": (0,release_src/* nameOf */.Vb)((0,release_src/* identify */.ls)(before.production) ?? null) }
        : inputs;
    const { ledger, acquired } = await lock(context, connection, claims);
    if (acquired.kind !== "acquired")
        return ended(context, parts, (0,ending/* refusalOf */.Of)(acquired));
    const { epoch, holder } = acquired.held.head;
    await context.journal.record(CLAIMED, { epoch, at: holder?.since ?? 0 });
    const engine = (0,slot_swap_engine/* engineOf */.k)(context, connection, {
        ledger,
        health,
        timeline,
        steps: options.steps?.(connection),
        canary: options.canary?.(connection),
        holdWait: options.holdWait,
    });
    const left = await endLeftover(context, engine, acquired, options.plan);
    if (left.ended)
        return ended(context, parts, (0,ending/* endingOf */.z6)(left.ended), left.ended);
    const now = left.wasOpen ? await slots.observe() : before;
    const session = { ...parts, engine, held: left.held, slots: now, leftover: left.undone };
    const refusal = options.isRollback ? undefined : await mayBegin(context, session, inputs, windows);
    return refusal ? ended(context, parts, refusal) : { kind: "open", session };
}
async function ended(context, parts, ending, result) {
    await markEnded(context);
    return { kind: "ended", ending, ...parts, ...(result && { result }) };
}
async function lock(context, { ledger }, inputs) {
    await context.journal.record(JOURNAL, "begun");
    if (ledger)
        return { ledger, acquired: await (0,hold_lock/* holdLock */.xH)(context, ledger, inputs) };
    return (0,hold_lock/* standInLock */.JJ)(context, inputs, keeper(context.journal));
}
const keeper = (journal) => (head) => journal.record(HEAD, JSON.stringify(head));
/** Continues what an earlier attempt of the same release left; anything else is brought to the safe side. */
async function endLeftover({ log }, engine, { held, how }, wanted) {
    const rollout = held.head.rollout;
    if (!rollout || (0,release_src/* isOver */.PU)(rollout))
        return { held, wasOpen: false };
    const plan = wanted ?? (how === "resumed" ? (0,release_src/* planOf */.o0)(rollout) : undefined);
    const continues = plan !== undefined && (0,release_src/* isSameRelease */._M)(held.head, plan);
    const verb = continues ? "continued" : "brought to the safe side first";
    log.notice(`An earlier run left release ${rollout.target.release} in ${rollout.phase}; it is ${verb}.`);
    const result = await (0,release_src/* settleLeftover */.bz)(engine, held, plan);
    if (!result)
        return { held, wasOpen: true };
    const goesOn = result.kind === "ended" && result.rollout.phase !== "NEEDS_HUMAN" && !continues;
    return goesOn ? { held: result.held, wasOpen: true, undone: result } : { held, wasOpen: true, ended: result };
}
/** Why nothing new may begin, if so; the lock is given back then. */
async function mayBegin(context, session, inputs, windows) {
    return ((await checkFreeze(context, session, inputs, windows)) ??
        (await checkLive(context, session, inputs)) ??
        (await checkRouting(context, session, inputs)));
}
/** Whoever routes requests to the slot by hand decides how many see what lies there; a release would overrule that. */
async function checkRouting(context, session, inputs) {
    const { weight } = session.slots;
    if (weight === 0)
        return undefined;
    await giveBack(context, session, { routedAside: weight });
    return {
        reason: "routing-rule",
        message: `A rule sends ${weight} % of production's requests to slot ${inputs.slot}, and no release that is open set it; nothing was changed.`,
        fix: `If nobody needs the rule any more, remove it (${(0,release_src/* clearRoutingCommand */.RQ)((0,slot_swap_connection/* refOf */.H8)(inputs))}), then run again.`,
    };
}
/** A freeze holds back what is new; with a reason for the exception, which is recorded, it does not. */
async function checkFreeze(context, session, inputs, windows) {
    const now = context.clock.now();
    const frozen = freezeNow(session.held.head, windows, now);
    if (!frozen)
        return undefined;
    const { freeze, explanation } = frozen;
    const why = inputs["override-freeze"];
    if (why === undefined) {
        await giveBack(context, session, { frozenBy: freeze.by, frozenFor: freeze.reason });
        return { reason: "frozen", ...(0,ending/* wordsOf */.Z9)(explanation) };
    }
    await store(session, (held) => (0,release_src/* overrideFreeze */.sQ)(held, freeze, why, now));
    context.log.notice(`The freeze by ${freeze.by} (${freeze.reason}) is overridden by ${context.run.actor}: ${why}`);
    return undefined;
}
/** What the ledger calls live has to be live, unless a person says that what is there now is right. */
async function checkLive(context, session, inputs) {
    const { head } = session.held;
    const live = (0,release_src/* identify */.ls)(session.slots.production);
    const accepted = inputs["accept-live"];
    const isOpen = head.rollout?.phase === "NEEDS_HUMAN" || (head.live !== null && live !== head.live.release);
    if (accepted !== undefined && isOpen)
        return accept(context, session, accepted);
    if (!head.live || live === undefined || live === head.live.release)
        return undefined;
    await giveBack(context, session);
    return driftEnding((0,release_src/* nameOf */.Vb)(live), head.live.release);
}
async function accept(context, session, accepted) {
    const { production } = session.slots;
    const live = (0,release_src/* identify */.ls)(production);
    if (live === undefined || accepted !== (0,release_src/* nameOf */.Vb)(live)) {
        if (session.held.head.rollout?.phase !== "NEEDS_HUMAN")
            await giveBack(context, session);
        await markEnded(context);
        throw new src/* UsageError */.eb({
            what: `accept-live: ${accepted} does not name what production runs.`,
            why: `Production runs ${(0,release_src/* describeContent */.Xb)(production)}.`,
            fix: live === undefined
                ? "check that the app's SCM site answers and lets this identity in, then run again."
                : `set accept-live to ${(0,release_src/* nameOf */.Vb)(live)}, or put ${accepted} into production first.`,
        });
    }
    await store(session, (head) => (0,release_src/* acceptLive */.bi)(head, accepted, context.clock.now()));
    context.log.notice(`${accepted} is accepted as what production rightly runs.`);
    return undefined;
}
const driftEnding = (live, expected) => ({
    reason: "drift",
    message: `Production runs ${live}, and the ledger says ${expected}. Somebody swapped or deployed past the ledger, so nothing was changed.`,
    fix: `If ${live} is right, run again with accept-live: ${live}. Else put ${expected} back first, with the rollback action (release: ${expected}).`,
});
async function store(session, move) {
    const moved = await (0,release_src/* moveHeld */.J1)(session.engine.ledger, session.held, move);
    if (moved.kind === "lost")
        throw overtaken(moved.why);
    session.held = moved.held;
}
const overtaken = (why) => new release_src/* ServiceError */._7({
    service: "Blob Storage",
    operation: "write the ledger",
    what: "Another run took the lock over; this one did nothing more.",
    why: `${why}.`,
    fix: "Follow the other run; give the workflow a concurrency group so that its runs do not meet.",
});
/** What the slots run as a rollout notes it at its start; null while production cannot be read. */
function bearingsOf({ slots }) {
    const production = (0,release_src/* identify */.ls)(slots.production);
    return production === undefined ? null : { production, staging: (0,release_src/* identify */.ls)(slots.staging) ?? null };
}
/** Gives the lock back when nothing was begun under it, and tells the post step so. */
const giveBack = (context, session, details = {}) => endWith(context, session, (head) => (0,release_src/* release */._r)(head, context.clock.now(), details));
/** Writes the last head of a run that began nothing; `next` gives the lock back. */
async function endWith(context, session, next) {
    await store(session, next);
    await markEnded(context);
}
/** Tells the post step that there is nothing left to do. */
const markEnded = ({ journal }) => journal.record(JOURNAL, "ended");
/** The post step has five minutes after a cancellation; the rest is the next run's. */
const POST_BUDGET = 240_000;
/** The post step: what this run began and did not end is undone, or left to the next run in the ledger's words. */
async function undoUnfinished(context, inputs, stepsFor) {
    const { journal, log, signal } = context;
    if (journal.read(JOURNAL) !== "begun")
        return undefined;
    const connection = (0,slot_swap_connection/* connect */.Ng)(context, inputs, AbortSignal.any([signal, AbortSignal.timeout(POST_BUDGET)]));
    const kept = journal.read(HEAD);
    const remembered = typeof kept === "string" ? (0,hold_lock/* rememberedLedger */.w)(JSON.parse(kept), keeper(journal)) : undefined;
    const ledger = connection.ledger ?? remembered;
    if (!ledger)
        return undefined;
    const health = new SlotHealth(context, connection.slots, (0,slot_swap_connection/* refOf */.H8)(inputs), inputs);
    const parts = { ledger, health, timeline: new slot_swap_timeline/* Timeline */.Kf(), steps: stepsFor?.(connection) };
    const engine = (0,slot_swap_engine/* engineOf */.k)(context, connection, parts);
    const claimed = journal.read(CLAIMED) ?? undefined;
    const { claimId } = (0,slot_swap_connection/* holderOf */.Kd)(context.run);
    const result = await log.group("Undo what was begun", () => (0,release_src/* endOwn */.kc)(engine, claimId, claimed));
    if (result)
        tellUndone(context, result);
    return result;
}
function tellUndone({ log }, result) {
    if (result.kind === "fenced")
        log.notice("Another run has taken the release over; nothing was done here.");
    else if (result.kind === "interrupted")
        log.warning(`${LEFT} It is in ${result.rollout.phase}.`);
    else if (result.rollout.phase === "NEEDS_HUMAN")
        log.error(endText(result));
    else
        log.notice(endText(result));
}
const LEFT = "Not all could be undone in time; the next run of this workflow ends the release first.";
function endText({ rollout: { reason, phase, target } }) {
    if (phase === "COMPLETED")
        return `${target.release} is live; nothing had to be undone.`;
    return reason ? `${reason.what} Fix: ${reason.fix}` : phase;
}


/***/ }),

/***/ 5365:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ summarise)
/* harmony export */ });
/* harmony import */ var _augeo_migrations__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9626);
/* harmony import */ var _augeo_probe__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4583);
/* harmony import */ var _health_probe_container_log_text_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3616);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2230);




const WHERE = { staging: "Slot", production: "Production" };
function sessionMarkdown({ where, session, containerLog }) {
    const report = `#### ${WHERE[where]}: ${session.verdict}\n\n${(0,_augeo_probe__WEBPACK_IMPORTED_MODULE_1__/* .probeReport */ .Nr)(session)}`;
    return containerLog === undefined ? report : `${report}\n\n${(0,_health_probe_container_log_text_js__WEBPACK_IMPORTED_MODULE_2__/* .containerLogMarkdown */ .dx)(containerLog)}`;
}
/** The job summary of everything that moves traffic. Pure. */
function summarise(report) {
    const { heading, isGood, icon = isGood ? "✅" : "❌", message, fix, facts, lead = "" } = report;
    const { moments, end, sessions, parts } = report;
    const blocks = [
        `### ${icon} ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_3__/* .cell */ .Hn)(heading)}`,
        (0,_timeline_js__WEBPACK_IMPORTED_MODULE_3__/* .cell */ .Hn)(message),
        fix === undefined ? "" : `**Fix:** ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_3__/* .cell */ .Hn)(fix)}`,
        (0,_augeo_migrations__WEBPACK_IMPORTED_MODULE_0__/* .factsTable */ .wd)(facts.map(([name, value]) => [name, (0,_timeline_js__WEBPACK_IMPORTED_MODULE_3__/* .cell */ .Hn)(value)])),
        lead,
        (0,_timeline_js__WEBPACK_IMPORTED_MODULE_3__/* .timelineMarkdown */ .jy)(moments, end),
        ...sessions.map(sessionMarkdown),
        ...parts,
    ];
    return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}


/***/ })

};
