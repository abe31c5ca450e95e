export const id = 566;
export const ids = [566,172];
export const modules = {

/***/ 2743:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CB: () => (/* binding */ statusesOf),
/* harmony export */   fD: () => (/* binding */ rulesOf)
/* harmony export */ });
/* unused harmony export expectationOf */
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7316);

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

/***/ 3597:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H8: () => (/* binding */ refOf),
/* harmony export */   Kd: () => (/* binding */ holderOf),
/* harmony export */   Ng: () => (/* binding */ connect)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7316);
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5447);


function connect(context, inputs, signal = context.signal) {
    const { log, clock, env } = context;
    refuseProduction(inputs.slot);
    const azure = { log, clock, env, signal };
    const session = (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_1__/* .openSession */ .fA)(azure, inputs);
    const { http, signIn } = session;
    const ref = refOf(inputs);
    const slots = new _augeo_azure__WEBPACK_IMPORTED_MODULE_1__/* .AppSlots */ .hE({ context: azure, http, signIn, subscriptionId: inputs["subscription-id"], ref });
    const { app, environment } = inputs;
    const audience = `${signIn.cloud.storageAudience}/.default`;
    const place = { app, environment, container: inputs.ledger ?? "", audience };
    const ledger = inputs.ledger === undefined ? undefined : (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_1__/* .openLedger */ .au)(azure, signIn.asCredential(), place);
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

/***/ 998:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Of: () => (/* binding */ refusalOf),
/* harmony export */   Z9: () => (/* binding */ wordsOf),
/* harmony export */   pz: () => (/* binding */ liveAfter),
/* harmony export */   z6: () => (/* binding */ endingOf)
/* harmony export */ });
/* unused harmony export interruption */
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7316);

/** What a rollout that was led to an end means. Throws `Interrupted` when it was not. */
function endingOf(result) {
    if (result.kind === "interrupted")
        throw interruption(result.rollout);
    if (result.kind === "fenced")
        return { reason: "overtaken", message: `Another run took over: ${result.why}.` };
    const { phase, reason } = result.rollout;
    if (phase === "COMPLETED")
        return { reason: "completed", message: "" };
    const text = reason ?? { what: `The release ended in ${phase}.`, why: "", fix: "Look at the ledger." };
    return { reason: reasonOf(result.rollout), message: `${text.what} ${text.why}`.trim(), fix: text.fix };
}
function reasonOf({ phase, reason }) {
    if (phase === "NEEDS_HUMAN")
        return "needs-human";
    const code = reason?.code;
    if (phase === "ROLLED_BACK")
        return code === "swapped-by-hand" ? code : isAboutHealth(code) ? "unhealthy" : "stopped";
    if (isAboutHealth(code))
        return "unhealthy-slot";
    return code !== undefined && isSame(code) ? code : "stopped";
}
/** Codes of the engine that are reasons of the actions under the same name. */
const SAME = ["busy", "swap-refused", "swap-lost", "unreadable", "stage-failed", "gate"];
const isSame = (code) => SAME.some((each) => each === code);
const isAboutHealth = (code) => code === "unhealthy" || code === "unknown-health";
/** Why the lock could not be had. */
function refusalOf({ kind, explanation }) {
    const reason = kind === "unreadable" ? "ledger-unreadable" : kind;
    return { reason, ...wordsOf(explanation) };
}
const wordsOf = ({ what, why, fix }) => ({
    message: `${what} ${why}`,
    fix,
});
/** The run was cancelled: what is done, and what the post step or the next run has to end. */
function interruption({ phase, target, intent, place }) {
    const done = [];
    const undone = [];
    if (phase === "PROMOTING" && intent)
        undone.push(`the swap of ${target.release} into production, which was asked for`);
    if (phase === "WATCHING") {
        done.push(`${target.release} was swapped into production`);
        undone.push("it was not watched to the end of the bake time");
    }
    if (phase === "ROLLING_BACK")
        undone.push(`${target.release} was being swapped back out of production`);
    if (phase === "STAGED" || (phase === "PROMOTING" && !intent))
        done.push(`${target.release} is in slot ${place.slot}`);
    return new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .Interrupted */ .j$({ what: `The release of ${target.release} was cancelled in ${phase}.`, done, undone });
}
/** What production runs now, as far as the rollout knows; undefined when only a look can tell. */
function liveAfter({ phase, target, before, intent }) {
    if (phase === "COMPLETED" || phase === "WATCHING")
        return target.release;
    const isBefore = phase === "ROLLED_BACK" || phase === "FAILED" || !intent;
    return phase === "NEEDS_HUMAN" || !isBefore ? undefined : (before?.production ?? null);
}


/***/ }),

/***/ 2095:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ policyOf),
/* harmony export */   k: () => (/* binding */ engineOf)
/* harmony export */ });
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1704);

/** How long the SCM sites may stay unreadable; longer than a slow SCM container takes to start. */
const OBSERVE_TIMEOUT = 180_000;
const policyOf = (inputs) => ({
    bakeTime: inputs["bake-time"],
    warmUpTimeout: inputs["warm-up-timeout"],
    swapTimeout: inputs["swap-timeout"],
    observeTimeout: OBSERVE_TIMEOUT,
    settleTime: inputs["settle-time"],
    pollInterval: inputs["poll-interval"],
});
/** Everything the release engine needs of this run; each stored state is noted and told. */
function engineOf({ log, clock }, { slots, session }, parts) {
    const { ledger, health, timeline, steps = noSteps } = parts;
    return {
        ledger,
        slots,
        health,
        steps,
        clock,
        signal: session.context.signal,
        onState: (rollout, now) => {
            const moment = timeline.note(rollout, now);
            if (moment)
                log.info(`${moment.phase}: ${moment.what}`);
        },
    };
}
/** A swap alone neither migrates nor deploys. */
const noSteps = {
    migrate: async () => null,
    stage: async ({ release }) => {
        throw new _augeo_release__WEBPACK_IMPORTED_MODULE_0__/* .UsageError */ .eb({
            what: `Release ${release} is no longer in the slot.`,
            why: "This action swaps what is there and deploys nothing.",
            fix: `bring it back with the rollback action (release: ${release}).`,
        });
    },
};


/***/ }),

/***/ 8439:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ reportOf)
/* harmony export */ });
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1704);
/* harmony import */ var _ending_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(998);
/* harmony import */ var _summary_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5365);



/** Outputs, result and summary of a rollout, however it ended. */
async function reportOf(request) {
    const { ending, result, run, completed } = request;
    const rollout = result?.rollout;
    const isGood = ending.reason === "completed" && rollout !== undefined;
    const words = isGood ? completed(rollout) : { heading: headingOf(ending), message: ending.message };
    const url = `https://${(await run.connection.slots.sites()).production.defaultHostName}`;
    const live = rollout ? (0,_ending_js__WEBPACK_IMPORTED_MODULE_1__/* .liveAfter */ .pz)(rollout) : undefined;
    const previous = rollout?.before?.production ?? null;
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
            timeline: run.timeline.moments.map(({ at, phase, what }) => ({ at, phase, what })),
        },
        summary: summaryOf(request, words, isGood),
    };
}
function summaryOf({ context, app, ending, result, run, facts = [], parts = [] }, words, isGood) {
    const rollout = result?.rollout;
    const live = rollout && (0,_ending_js__WEBPACK_IMPORTED_MODULE_1__/* .liveAfter */ .pz)(rollout);
    const known = rollout
        ? [
            ["Release", rollout.target.release],
            ["Live now", live === undefined ? "not certain: look" : (0,_augeo_release__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(live)],
            ["Before", (0,_augeo_release__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(rollout.before?.production ?? null)],
        ]
        : [];
    return (0,_summary_js__WEBPACK_IMPORTED_MODULE_2__/* .summarise */ .f)({
        ...words,
        isGood,
        fix: ending.fix,
        facts: [["App", app], ...known, ...facts],
        moments: run.timeline.moments,
        end: context.clock.now(),
        sessions: run.health.sessions,
        parts,
    });
}
const HEADINGS = {
    unhealthy: "Unhealthy in production: the old release is back",
    "unhealthy-slot": "Unhealthy in the slot: production was not touched",
    "needs-human": "A person has to look",
    locked: "Locked by another run",
    "swap-refused": "Azure refused the swap: production is as it was",
    drift: "Production runs what the ledger does not know",
};
const headingOf = ({ reason }) => HEADINGS[reason] ?? `Not released: ${reason}`;


/***/ }),

/***/ 2344:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ff: () => (/* binding */ rolloutInputs),
/* harmony export */   NP: () => (/* binding */ lockInputs),
/* harmony export */   sH: () => (/* binding */ optionalLedger)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7316);

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
const optionalLedger = {
    ledger: {
        ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .ledgerInputs */ .hE.ledger,
        required: false,
        doc: "Blob container with the ledger and the lock. Without it nothing is recorded, and nothing keeps two runs apart but the workflow's `concurrency`.",
    },
};


/***/ }),

/***/ 3896:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ rolloutReasons)
/* harmony export */ });
/** How a rollout can end that did not end well; the same words in every action that moves traffic. */
const rolloutReasons = {
    unhealthy: {
        decision: "rolled-back",
        fails: true,
        doc: "The new release was not healthy in production within the bake time; the old one was put back.",
        fix: "The release is in the slot now: read its log there, mend it, and release again.",
    },
    "unhealthy-slot": {
        decision: "hold",
        fails: true,
        doc: "The release did not become healthy in its slot. Production was not touched.",
        fix: "Read the slot's log, mend the release, and release again.",
    },
    gate: {
        decision: "hold",
        fails: true,
        doc: "The migrations were refused or failed. Production was not touched.",
        fix: "Follow the message.",
    },
    "stage-failed": {
        decision: "hold",
        fails: true,
        doc: "The slot could not be made to hold the release. Production was not touched.",
        fix: "Follow the message.",
    },
    "swap-refused": {
        decision: "hold",
        fails: true,
        doc: "Azure could not swap (it says why). Production is as it was.",
        fix: "Mend what Azure names.",
    },
    "swap-lost": {
        decision: "hold",
        fails: true,
        doc: "The reply to the swap was lost and the swap did not take place. It was not sent again. Production is as it was.",
        fix: "Run again.",
    },
    busy: {
        decision: "hold",
        fails: true,
        doc: "Another operation on the app was under way until the time ran out. Production was not touched.",
        fix: "Wait for it to end, then run again.",
    },
    unreadable: {
        decision: "hold",
        fails: true,
        doc: "Which release is in which slot could not be read. Production was not touched.",
        fix: "Check that the SCM sites of both slots answer and let this identity in.",
    },
    "swapped-by-hand": {
        decision: "rolled-back",
        fails: true,
        doc: "Somebody else swapped the old release back while it was watched.",
        fix: "Ask who did, then release again.",
    },
    drift: {
        decision: "hold",
        fails: true,
        doc: "Production runs another release than the ledger says. Nothing was changed.",
        fix: "Look which release is right, then run again with `accept-live`.",
    },
    stopped: {
        decision: "rolled-back",
        fails: true,
        doc: "The release was stopped and undone.",
        fix: "Release again when ready.",
    },
    "needs-human": {
        decision: "hold",
        fails: true,
        doc: "What is live is not what the release expects, and acting on it could make it worse. The lock is kept.",
        fix: "Follow the message, then run again with `accept-live`.",
    },
    locked: {
        decision: "hold",
        fails: true,
        doc: "Another run holds the lock.",
        fix: "Wait for it, or set `lock-wait`.",
    },
    "ledger-unreadable": {
        decision: "hold",
        fails: true,
        doc: "The ledger is damaged or was written by a newer version. Nothing was changed.",
        fix: "Follow the message.",
    },
    overtaken: {
        decision: "hold",
        fails: true,
        doc: "Another run took the lock over meanwhile; this one did nothing more.",
        fix: "Follow the other run.",
    },
};


/***/ }),

/***/ 9988:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  HC: () => (/* binding */ bearingsOf),
  Te: () => (/* binding */ beginRun),
  F5: () => (/* binding */ giveBack),
  oz: () => (/* binding */ markEnded),
  YS: () => (/* binding */ undoUnfinished)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 16 modules
var src = __webpack_require__(7316);
// EXTERNAL MODULE: ./packages/release/src/index.ts + 20 modules
var release_src = __webpack_require__(1704);
// EXTERNAL MODULE: ./actions/slot-swap/connection.ts
var slot_swap_connection = __webpack_require__(3597);
// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var ending = __webpack_require__(998);
// EXTERNAL MODULE: ./actions/slot-swap/engine.ts
var slot_swap_engine = __webpack_require__(2095);
// EXTERNAL MODULE: ./packages/github/src/index.ts + 7 modules
var github_src = __webpack_require__(4172);
;// CONCATENATED MODULE: ./actions/slot-swap/hold-lock.ts




/** Claims the ledger's lock for this run, and says in the log whom it waits for or whose place it takes. */
async function holdLock(context, ledger, inputs) {
    const { log, clock, signal, run } = context;
    let isWaiting = false;
    const acquired = await (0,release_src/* acquire */.XC)({
        ledger,
        clock,
        signal,
        app: inputs.app,
        environment: inputs.environment,
        where: ledger.where,
        me: (0,slot_swap_connection/* holderOf */.Kd)(run),
        askRun: (holder) => askRun(context, holder, inputs["github-token"]),
        takeOver: inputs["take-over"],
        acceptLive: inputs["accept-live"],
        lockWait: inputs["lock-wait"],
        pollInterval: Math.min(15_000, Math.max(250, inputs["lock-wait"] / 20)),
        onWait: ({ what, why }) => {
            if (!isWaiting)
                log.notice(`${what} ${why} Waiting for up to ${(0,src/* formatDuration */.a3)(inputs["lock-wait"])}.`);
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
    const client = new github_src.GitHubClient({
        apiUrl: run.apiUrl,
        token,
        repository: holder.repository,
        clock,
        signal,
        patience: 15_000,
    });
    try {
        const liveness = await (0,github_src/* readRunLiveness */.vs)(client, holder.runId, holder.attempt);
        if (liveness.kind === "running")
            return "running";
        // A repository that the token may not see answers 404 as well.
        return liveness.kind === "ended" || holder.repository === run.repository ? "over" : "unknown";
    }
    catch (error) {
        if (!(error instanceof release_src/* ServiceError */._7))
            throw error;
        log.warning(`Whether the lock's holder still runs could not be asked. ${error.what} ${error.why}`);
        return "unknown";
    }
}
/** Without a ledger this process is alone: the head lives in memory, and `keep` saves it for the post step. */
async function standInLock(context, inputs, keep) {
    const now = context.clock.now();
    const head = (0,release_src/* claim */.B7)((0,release_src/* emptyHead */.Cc)(inputs.app, inputs.environment), { ...(0,slot_swap_connection/* holderOf */.Kd)(context.run), since: now }, "free", now);
    const ledger = (0,release_src/* memoryLedger */.PA)(undefined, keep);
    const written = await ledger.write(head, undefined);
    if (written.kind === "lost")
        throw new Error("a new ledger in memory was lost");
    return { ledger, acquired: { kind: "acquired", held: { head, etag: written.etag }, how: "free", from: null } };
}
/** The head that `main` kept without a ledger, for its post step. */
function rememberedLedger(kept, keep) {
    const read = (0,release_src/* readHead */.zy)(JSON.stringify(kept ?? null));
    return read.kind === "head" ? (0,release_src/* memoryLedger */.PA)(read.head, keep) : undefined;
}

// EXTERNAL MODULE: ./packages/azure/src/index.ts + 42 modules
var azure_src = __webpack_require__(5447);
// EXTERNAL MODULE: ./packages/probe/src/index.ts + 5 modules
var probe_src = __webpack_require__(4583);
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
        this.sessions.push({ where, session });
        this.#tell(session);
        return { verdict: session.verdict, why: session.why };
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
            const found = await (0,azure_src/* listInstances */.ND)(this.#slots.arm, this.#ref);
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
/** Signs in, takes the lock, ends what an earlier run left, and looks. */
async function beginRun(context, inputs, options = {}) {
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
    const engine = (0,slot_swap_engine/* engineOf */.k)(context, connection, { ledger, health, timeline, steps: options.steps?.(connection) });
    const left = await endLeftover(context, engine, acquired, options.plan);
    if (left.ended)
        return ended(context, parts, (0,ending/* endingOf */.z6)(left.ended), left.ended);
    const now = left.wasOpen ? await slots.observe() : before;
    const session = { ...parts, engine, held: left.held, slots: now, leftover: left.undone };
    const drift = options.isRollback ? undefined : await checkLive(context, session, inputs);
    return drift ? ended(context, parts, drift) : { kind: "open", session };
}
async function ended(context, parts, ending, result) {
    await markEnded(context);
    return { kind: "ended", ending, ...parts, ...(result && { result }) };
}
async function lock(context, { ledger }, inputs) {
    await context.journal.record(JOURNAL, "begun");
    if (ledger)
        return { ledger, acquired: await holdLock(context, ledger, inputs) };
    return standInLock(context, inputs, keeper(context.journal));
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
/** What the ledger calls live has to be live, unless a person says that what is there now is right. */
async function checkLive(context, session, inputs) {
    const { head } = session.held;
    const live = (0,release_src/* identify */.ls)(session.slots.production);
    const accepted = inputs["accept-live"];
    const isOpen = head.rollout?.phase === "NEEDS_HUMAN" || (head.live !== null && live !== head.live.release);
    if (accepted !== undefined && isOpen)
        return accept(context, session, accepted, (0,release_src/* nameOf */.Vb)(live ?? null));
    if (!head.live || live === undefined || live === head.live.release)
        return undefined;
    await giveBack(context, session);
    return driftEnding((0,release_src/* nameOf */.Vb)(live), head.live.release);
}
async function accept(context, session, accepted, live) {
    if (accepted !== live) {
        if (session.held.head.rollout?.phase !== "NEEDS_HUMAN")
            await giveBack(context, session);
        await markEnded(context);
        throw new src/* UsageError */.eb({
            what: `accept-live: ${accepted} does not name what production runs.`,
            why: `Production runs ${live}.`,
            fix: `set accept-live to ${live}, or put ${accepted} into production first.`,
        });
    }
    await store(session, (0,release_src/* acceptLive */.bi)(session.held.head, accepted, context.clock.now()));
    context.log.notice(`${accepted} is accepted as what production rightly runs.`);
    return undefined;
}
const driftEnding = (live, expected) => ({
    reason: "drift",
    message: `Production runs ${live}, and the ledger says ${expected}. Somebody swapped or deployed past the ledger, so nothing was changed.`,
    fix: `If ${live} is right, run again with accept-live: ${live}. Else put ${expected} back first, with the rollback action (release: ${expected}).`,
});
async function store(session, head) {
    const { ledger } = session.engine;
    const written = await ledger.write(head, session.held.etag);
    if (written.kind === "lost")
        throw overtaken(written.why);
    await (0,release_src/* appendAll */.u2)(ledger, head);
    session.held = { head, etag: written.etag };
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
async function giveBack(context, session) {
    await store(session, (0,release_src/* release */._r)(session.held.head, context.clock.now()));
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
    const remembered = typeof kept === "string" ? rememberedLedger(JSON.parse(kept), keeper(journal)) : undefined;
    const ledger = connection.ledger ?? remembered;
    if (!ledger)
        return undefined;
    const health = new SlotHealth(context, connection.slots, (0,slot_swap_connection/* refOf */.H8)(inputs), inputs);
    const parts = { ledger, health, timeline: new slot_swap_timeline/* Timeline */.Kf(), steps: stepsFor?.(connection) };
    const engine = (0,slot_swap_engine/* engineOf */.k)(context, connection, parts);
    const result = await log.group("Undo what was begun", () => (0,release_src/* endOwn */.kc)(engine, (0,slot_swap_connection/* holderOf */.Kd)(context.run).claimId));
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
function endText({ rollout: { reason, phase } }) {
    return reason ? `${reason.what} Fix: ${reason.fix}` : phase;
}


/***/ }),

/***/ 5365:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ summarise)
/* harmony export */ });
/* harmony import */ var _augeo_probe__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4583);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2230);


const WHERE = { staging: "Slot", production: "Production" };
/** The job summary of everything that moves traffic. Pure. */
function summarise(report) {
    const { heading, isGood, message, fix, facts, moments, end, sessions, parts } = report;
    const rows = facts.filter(([, value]) => value !== "").map(([name, value]) => `| ${name} | ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_1__/* .cell */ .Hn)(value)} |`);
    const blocks = [
        `### ${isGood ? "✅" : "❌"} ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_1__/* .cell */ .Hn)(heading)}`,
        (0,_timeline_js__WEBPACK_IMPORTED_MODULE_1__/* .cell */ .Hn)(message),
        fix === undefined ? "" : `**Fix:** ${(0,_timeline_js__WEBPACK_IMPORTED_MODULE_1__/* .cell */ .Hn)(fix)}`,
        rows.length === 0 ? "" : ["| | |", "| --- | --- |", ...rows].join("\n"),
        (0,_timeline_js__WEBPACK_IMPORTED_MODULE_1__/* .timelineMarkdown */ .jy)(moments, end),
        ...sessions.map(({ where, session }) => `#### ${WHERE[where]}: ${session.verdict}\n\n${(0,_augeo_probe__WEBPACK_IMPORTED_MODULE_0__/* .probeReport */ .Nr)(session)}`),
        ...parts,
    ];
    return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}


/***/ }),

/***/ 2230:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Hn: () => (/* binding */ cell),
/* harmony export */   Kf: () => (/* binding */ Timeline),
/* harmony export */   jy: () => (/* binding */ timelineMarkdown)
/* harmony export */ });
/** The moments of a run, as they come. Pure but for its own list. */
class Timeline {
    moments = [];
    #last;
    /** Notes a stored state; returns what is new about it, if anything. */
    note(rollout, at) {
        const what = changeOf(this.#last, rollout);
        this.#last = rollout;
        if (what === undefined)
            return undefined;
        const moment = { at, phase: rollout.phase, what };
        this.moments.push(moment);
        return moment;
    }
}
function changeOf(before, after) {
    if (before?.phase !== after.phase || before.target.release !== after.target.release)
        return phaseText(after);
    if (!before.intent && after.intent)
        return "asked Azure to swap the slots";
    if (after.intent?.refusal && !before.intent?.refusal)
        return `Azure refused: ${after.intent.refusal.message}`;
    if (after.intent && after.intent.endedAt !== null && before.intent?.endedAt === null)
        return after.intent.asyncUrl ? "the swap ended" : "no reply, or at once: looking which release is where";
    return undefined;
}
function phaseText({ phase, target, place, before, policy, reason }) {
    const old = before?.production ?? "the content that was live";
    const texts = {
        PREPARED: `release ${target.release} begins`,
        EXPANDED: `bringing ${target.release} into slot ${place.slot}`,
        STAGED: `${target.release} is in slot ${place.slot}; warming it up`,
        CANARY: `${target.release} gets a share of the traffic`,
        PROMOTING: `${target.release} is healthy in slot ${place.slot}; swapping it into production`,
        WATCHING: `${target.release} is live; watching for ${Math.round(policy.bakeTime / 1000)} s`,
        COMPLETED: `${target.release} stayed healthy: done`,
        ROLLING_BACK: `putting ${old} back: ${reason?.why ?? "stopped"}`,
        ROLLED_BACK: `${old} is live again`,
        FAILED: "stopped; production runs what it ran before",
        NEEDS_HUMAN: "a person has to look",
    };
    return texts[phase];
}
const SECTIONS = {
    PREPARED: "Migrate",
    EXPANDED: "Deploy to the slot",
    STAGED: "Warm up",
    CANARY: "Ramp up",
    PROMOTING: "Swap",
    WATCHING: "Watch production",
    ROLLING_BACK: "Roll back",
};
/** The run as a mermaid gantt chart and a table. `end` closes the last phase. */
function timelineMarkdown(moments, end) {
    if (moments.length === 0)
        return "";
    return [gantt(moments, end), table(moments)].join("\n\n");
}
function spans(moments, end) {
    const starts = moments.filter((each, index) => index === 0 || moments[index - 1]?.phase !== each.phase);
    return starts.map(({ phase, at }, index) => ({ phase, from: at, to: starts[index + 1]?.at ?? end }));
}
/** Times are relative to the start: a chart of a release is read in minutes, not in dates. */
function gantt(moments, end) {
    const start = moments[0]?.at ?? end;
    const rows = spans(moments, end).flatMap(({ phase, from, to }) => {
        const label = SECTIONS[phase];
        if (label === undefined)
            return [];
        const mark = phase === "ROLLING_BACK" ? "crit, " : phase === "WATCHING" ? "active, " : "done, ";
        const length = Math.max(1, to - from);
        return [`  ${label} (${seconds(length)}) :${mark}${from - start}, ${from - start + length}`];
    });
    return ["```mermaid", "gantt", "  dateFormat x", "  axisFormat %M:%S", ...rows, "```"].join("\n");
}
function table(moments) {
    const start = moments[0]?.at ?? 0;
    const rows = moments.map(({ at, phase, what }) => `| ${clock(at)} | +${seconds(at - start)} | ${phase} | ${cell(what)} |`);
    return ["| time (UTC) | since start | phase | what happened |", "| --- | --: | --- | --- |", ...rows].join("\n");
}
const clock = (at) => new Date(at).toISOString().slice(11, 19);
const seconds = (duration) => `${(duration / 1000).toFixed(duration < 10_000 ? 1 : 0)} s`;
function cell(text) {
    return text.replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("|", "\\|");
}


/***/ }),

/***/ 4172:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  GitHubClient: () => (/* reexport */ GitHubClient),
  Yy: () => (/* reexport */ createDeployment),
  vs: () => (/* reexport */ readRunLiveness),
  TH: () => (/* reexport */ readSubjectCustomisation),
  e9: () => (/* reexport */ setDeploymentStatus),
  upsertComment: () => (/* reexport */ upsertComment)
});

// UNUSED EXPORTS: writeCheckRun

// EXTERNAL MODULE: ./packages/release/src/index.ts + 20 modules
var src = __webpack_require__(1704);
;// CONCATENATED MODULE: ./packages/github/src/decode.ts
/** Decoders for what GitHub sends. */
function fieldsOf(value) {
    // Any object may be read by its keys; each value stays unknown.
    return typeof value === "object" && value !== null ? value : {};
}
function textOf(value) {
    return typeof value === "string" && value !== "" ? value : undefined;
}
/** @throws TypeError when GitHub's answer has no such number: its API has changed. */
function idOf(value) {
    const { id } = fieldsOf(value);
    if (typeof id !== "number")
        throw new TypeError("GitHub's answer carries no id");
    return id;
}
/** GitHub refuses longer texts; cut at whole characters, with an ellipsis. */
function cutText(text, limit) {
    const characters = [...text];
    return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
}

;// CONCATENATED MODULE: ./packages/github/src/failures.ts


/** Whatever Octokit threw, as an error that says which permission, field or limit it was about. */
function failureOf(error, { operation, permission }, repository) {
    const refusal = refusalOf(error);
    const { what, fix } = remedyOf(refusal, operation, permission, repository);
    const code = codeOf(error);
    return new src/* ServiceError */._7({
        service: "GitHub",
        operation,
        status: refusal.status,
        ...(code === undefined ? {} : { code }),
        what,
        why: whyOf(refusal),
        fix,
        correlationId: textOf(refusal.headers["x-github-request-id"]),
        retryable: isLimit(refusal) || (refusal.status ?? 500) >= 500,
        cause: error,
    });
}
function refusalOf(error) {
    const { status, message, response } = fieldsOf(error);
    const { headers, data } = fieldsOf(response);
    const body = fieldsOf(data);
    const known = typeof status === "number" && response !== undefined ? status : undefined;
    const details = Array.isArray(body.errors) ? body.errors.map(detailOf).join("; ") : "";
    return {
        status: known,
        message: textOf(body.message) ?? textOf(message) ?? String(error),
        details,
        headers: fieldsOf(headers),
    };
}
/** One entry of a 422's `errors`: text, or the field with a code and sometimes a message. */
function detailOf(entry) {
    if (typeof entry === "string")
        return entry;
    const { resource, field, code, message } = fieldsOf(entry);
    return textOf(message) ?? [resource, field, code].filter((part) => typeof part === "string").join(" ");
}
function whyOf({ status, message, details }) {
    if (status === undefined)
        return `No answer came: ${message}.`;
    return `GitHub answered ${status}: ${[message, details].filter(Boolean).join(" – ")}.`;
}
function remedyOf(refusal, operation, permission, repository) {
    const { status, message, headers } = refusal;
    if (status === undefined || status >= 500) {
        return {
            what: `GitHub did not ${operation}.`,
            fix: "run the job again; https://www.githubstatus.com tells of outages.",
        };
    }
    if (isLimit(refusal)) {
        return {
            what: `GitHub's rate limit stopped the attempt to ${operation}.`,
            fix: "run the job again later, or give github-token a token with a limit of its own.",
        };
    }
    if (status === 401) {
        return {
            what: `GitHub refused the token to ${operation}.`,
            fix: "leave github-token out to use the job's own token, or renew the one given.",
        };
    }
    if (status === 403 || (status === 404 && /not found|not accessible/i.test(message))) {
        const accepted = acceptedPermissions(textOf(headers["x-accepted-github-permissions"])) ?? permission;
        return {
            what: `The token may not ${operation} in ${repository}.`,
            fix: `add ${accepted} under permissions: of the job${status === 404 ? ", and check that what is named exists" : ""}. A pull request from a fork gets no write permission.`,
        };
    }
    return { what: `GitHub would not ${operation}.`, fix: "correct what GitHub names above." };
}
/** `issues=write; pull_requests=write` → `issues: write or pull-requests: write`, as a workflow writes it. */
function acceptedPermissions(header) {
    return header
        ?.split(";")
        .map((one) => one.trim().replaceAll("_", "-").replace(",", ", ").replaceAll("=", ": "))
        .join(" or ");
}
function isLimit({ status, message, headers }) {
    if (status === 429)
        return true;
    const isSpent = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
    return status === 403 && (isSpent || /rate limit|abuse detection/i.test(message));
}
function isThrottled(failure) {
    return isLimit(refusalOf(failure.cause));
}
/** Milliseconds GitHub asks to wait: `retry-after`, else until its limit is renewed. */
function throttlePause(failure, now) {
    const { headers } = refusalOf(failure.cause);
    const after = Number(headers["retry-after"] ?? Number.NaN);
    if (Number.isFinite(after))
        return after * 1_000;
    const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
    return headers["x-ratelimit-remaining"] === "0" && Number.isFinite(reset)
        ? Math.max(0, reset * 1_000 - now)
        : undefined;
}
/** Octokit wraps fetch's error, which wraps the socket's. */
function codeOf(error) {
    for (let cause = error, depth = 0; depth < 5; cause = fieldsOf(cause).cause, depth++) {
        const code = textOf(fieldsOf(cause).code);
        if (code !== undefined)
            return code;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./packages/github/src/client.ts


const ATTEMPTS = 5;
/** GitHub's REST API through `@actions/github`, which is loaded by the first call and not before. */
class GitHubClient {
    owner;
    repo;
    #options;
    #send;
    constructor(options) {
        const [owner = "", repo = ""] = options.repository.split("/");
        this.owner = owner;
        this.repo = repo;
        this.#options = options;
    }
    /**
     * The reply's body; `undefined` for an accepted status without one.
     * @throws ServiceError that names the missing permission, the field that was refused, or the limit that was met.
     */
    async call(call) {
        const { clock, signal, patience = 60_000 } = this.#options;
        const deadline = clock.now() + patience;
        for (let attempt = 1;; attempt++) {
            signal?.throwIfAborted();
            const reply = await this.#attempt(call);
            if (!(reply instanceof src/* ServiceError */._7))
                return reply.data;
            const pause = pauseAfter(reply, call, attempt, clock.now());
            if (pause === undefined || clock.now() + pause > deadline)
                throw reply;
            await clock.sleep(pause, signal);
        }
    }
    async #attempt(call) {
        this.#send ??= connect(this.#options);
        const send = await this.#send;
        try {
            const { data } = await send(call.route, { owner: this.owner, repo: this.repo, ...call.parameters });
            return { data };
        }
        catch (error) {
            this.#options.signal?.throwIfAborted();
            const failure = failureOf(error, call, this.#options.repository);
            return failure.status !== undefined && call.accept?.includes(failure.status) ? { data: undefined } : failure;
        }
    }
}
async function connect({ token, apiUrl, signal }) {
    const { getOctokit } = await Promise.all(/* import() */[__webpack_require__.e(119), __webpack_require__.e(413)]).then(__webpack_require__.bind(__webpack_require__, 2413));
    const { request } = getOctokit(token, { baseUrl: apiUrl, userAgent: "augeo-deploy-action", log: SILENT });
    return (route, parameters) => request(route, { ...parameters, ...(signal === undefined ? {} : { request: { signal } }) });
}
const quiet = () => undefined;
/** Octokit prints warnings of its own, past our log. */
const SILENT = { debug: quiet, info: quiet, warn: quiet, error: quiet };
/** Milliseconds until the call may be sent again; `undefined` when it may not. */
function pauseAfter(failure, call, attempt, now) {
    if (attempt >= ATTEMPTS)
        return undefined;
    const backoff = Math.min(30_000, 1_000 * 2 ** (attempt - 1));
    // A call that met a limit was not carried out: sending it again is no repetition.
    if (isThrottled(failure))
        return throttlePause(failure, now) ?? backoff;
    const wasLost = failure.status === undefined || failure.status >= 500;
    return wasLost && call.repeatable ? backoff : undefined;
}

;// CONCATENATED MODULE: ./packages/github/src/deployments.ts

const PERMISSION = "deployments: write";
/** Limit of GitHub's API for descriptions of deployments and their statuses. */
const DESCRIPTION_LIMIT = 140;
/** Creates a deployment and returns its id. Commit statuses are not asked: the workflow has decided by itself. */
async function createDeployment(client, deployment) {
    const { ref, environment, description = "", isProduction = false, payload = {} } = deployment;
    const data = await client.call({
        operation: "create a deployment",
        permission: PERMISSION,
        route: "POST /repos/{owner}/{repo}/deployments",
        repeatable: false,
        parameters: {
            ref,
            environment,
            payload,
            description: cutText(description, DESCRIPTION_LIMIT),
            production_environment: isProduction,
            auto_merge: false,
            required_contexts: [],
        },
    });
    return idOf(data);
}
/** Adds a status. A success retires the environment's earlier deployments. */
async function setDeploymentStatus(client, id, status) {
    const { state, description = "", environmentUrl, logUrl } = status;
    await client.call({
        operation: `set the deployment's status to ${state}`,
        permission: PERMISSION,
        route: "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
        // The same status twice reads like once.
        repeatable: true,
        parameters: {
            deployment_id: id,
            state,
            description: cutText(description, DESCRIPTION_LIMIT),
            auto_inactive: state === "success",
            ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
            ...(logUrl === undefined ? {} : { log_url: logUrl }),
        },
    });
}

;// CONCATENATED MODULE: ./packages/github/src/oidc-subject.ts

async function readSubjectCustomisation(client) {
    const data = await client.call({
        operation: "read the customisation of the OIDC subject",
        permission: "actions: read",
        route: "GET /repos/{owner}/{repo}/actions/oidc/customization/sub",
        repeatable: true,
    });
    const body = fieldsOf(data);
    const { use_default: usesDefault, use_immutable_subject: usesImmutable, include_claim_keys: keys } = body;
    return {
        usesDefault: usesDefault !== false,
        usesImmutable: usesImmutable === true,
        claimKeys: Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [],
        prefix: textOf(body.sub_claim_prefix),
    };
}

;// CONCATENATED MODULE: ./packages/github/src/sticky-comment.ts

const sticky_comment_PERMISSION = "pull-requests: write";
const BODY_LIMIT = 65_536;
const PAGE = 100;
/**
 * Writes the one comment that carries our marker on an issue or pull request: updates it where it exists, else adds it.
 * @param marker kebab-case name of what the comment shows; it becomes an invisible line of the body.
 * @returns the comment's id.
 */
async function upsertComment(client, issue, marker, body) {
    const line = `<!-- augeo:${marker} -->`;
    const text = `${line}\n${cutText(body, BODY_LIMIT - line.length - 1)}`;
    const known = await findComment(client, issue, line);
    if (known?.body === text)
        return known.id;
    return known === undefined ? addComment(client, issue, text) : updateComment(client, known.id, text);
}
async function findComment(client, issue, line) {
    for (let page = 1;; page++) {
        const data = await client.call({
            operation: "list the comments",
            permission: "pull-requests: read",
            route: "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
            repeatable: true,
            parameters: { issue_number: issue, per_page: PAGE, page },
        });
        const comments = Array.isArray(data) ? data : [];
        const found = comments.find((comment) => textOf(fieldsOf(comment).body)?.startsWith(line));
        if (found !== undefined)
            return { id: idOf(found), body: textOf(fieldsOf(found).body) ?? "" };
        if (comments.length < PAGE)
            return undefined;
    }
}
async function addComment(client, issue, body) {
    const data = await client.call({
        operation: "add a comment",
        permission: sticky_comment_PERMISSION,
        route: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
        repeatable: false,
        parameters: { issue_number: issue, body },
    });
    return idOf(data);
}
async function updateComment(client, id, body) {
    await client.call({
        operation: "update a comment",
        permission: sticky_comment_PERMISSION,
        route: "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
        repeatable: true,
        parameters: { comment_id: id, body },
    });
    return id;
}

;// CONCATENATED MODULE: ./packages/github/src/workflow-runs.ts

/** Looks up one attempt of a run: a re-run has the same id, so the attempt decides. */
async function readRunLiveness(client, runId, attempt) {
    const data = await client.call({
        operation: "read a workflow run",
        permission: "actions: read",
        route: "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}",
        repeatable: true,
        accept: [404],
        parameters: { run_id: Number(runId), attempt_number: attempt },
    });
    if (data === undefined)
        return { kind: "gone" };
    const { status, conclusion, html_url: url } = fieldsOf(data);
    const words = textOf(status) ?? "unknown";
    if (words !== "completed")
        return { kind: "running", status: words, url: textOf(url) };
    return { kind: "ended", conclusion: textOf(conclusion) ?? "unknown", url: textOf(url) };
}

;// CONCATENATED MODULE: ./packages/github/src/index.ts








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

// EXTERNAL MODULE: ./packages/release/src/index.ts + 20 modules
var src = __webpack_require__(1704);
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
const SHOWN_BODY = 2_000;
/** The table, the chart and the last failed answer of a session, as Markdown. Pure. */
function probeReport(session) {
    return [endpointTable(session), latencyChart(session), ...lastFailure(session.assessments)].join("\n\n");
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
    if (assessments.length < 3)
        return "";
    const count = Math.min(CHART_POINTS, assessments.length);
    const points = Array.from({ length: count }, (_, index) => {
        const from = Math.floor((index * assessments.length) / count);
        const to = Math.floor(((index + 1) * assessments.length) / count);
        return Math.max(...assessments.slice(from, to).map(({ result }) => Math.round(result.latency)));
    });
    const first = assessments[0]?.result.at ?? startedAt;
    const seconds = Math.max(1, Math.round((startedAt + duration - first) / 1_000));
    return [
        "```mermaid",
        "xychart-beta",
        '  title "Time to answer"',
        `  x-axis "seconds" 0 --> ${seconds}`,
        `  y-axis "ms" 0 --> ${Math.max(10, ...points)}`,
        `  line [${points.join(", ")}]`,
        "```",
    ].join("\n");
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
    return value === undefined ? "–" : `${Math.round(value)} ms`;
}

;// CONCATENATED MODULE: ./packages/probe/src/index.ts






/***/ })

};
