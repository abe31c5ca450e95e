export const id = 907;
export const ids = [907];
export const modules = {

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

/***/ 998:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Of: () => (/* binding */ refusalOf),
/* harmony export */   Z9: () => (/* binding */ wordsOf),
/* harmony export */   pz: () => (/* binding */ liveAfter),
/* harmony export */   vQ: () => (/* binding */ withoutCanary),
/* harmony export */   z6: () => (/* binding */ endingOf)
/* harmony export */ });
/* unused harmony export interruption */
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);
/* harmony import */ var _rollout_reasons_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3896);



/** What a rollout that was led to an end means. Throws `Interrupted` when it was not. */
function endingOf(result) {
    if (result.kind === "interrupted")
        throw interruption(result.rollout);
    if (result.kind === "fenced")
        return { reason: "overtaken", message: `Another run took over: ${result.why}.` };
    if (result.kind === "on-hold")
        return holdOf(result.rollout);
    const { phase, reason } = result.rollout;
    if (phase === "COMPLETED")
        return { reason: "completed", message: "" };
    const text = reason ?? { what: `The release ended in ${phase}.`, why: "", fix: "Look at the ledger." };
    return { reason: reasonOf(result.rollout), message: `${text.what} ${text.why}`.trim(), fix: text.fix };
}
/** The lock and the place stay in the ledger; whoever comes next goes on from there. */
function holdOf({ target, hold }) {
    const until = hold?.deadline == null ? "" : ` until ${new Date(hold.deadline).toISOString()}`;
    const isLate = hold?.onDeadline === "proceed"
        ? " Without a word, run them again after that time (on-hold-timeout: proceed); the scheduled reconciler cannot judge what goes on, and undoes it."
        : "";
    return {
        reason: "on-hold",
        message: `Release ${target.release} waits for a decision${until}: ${hold?.reason ?? ""}`,
        fix: `Decide with the approve action (release: ${target.release}, decision: promote, abort or judge-again), then run the failed jobs of this run again: they go on where it stands.${isLate}`,
    };
}
function reasonOf({ phase, reason }) {
    if (phase === "NEEDS_HUMAN")
        return "needs-human";
    const code = reason?.code;
    if (code !== undefined && code in _rollout_reasons_js__WEBPACK_IMPORTED_MODULE_2__/* .canaryReasons */ .o)
        return code;
    if (code === "expired")
        return "unproved";
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
/** For actions that lead no canary: one that an earlier run left can end in their hands all the same. */
function withoutCanary(reason) {
    return reason in _rollout_reasons_js__WEBPACK_IMPORTED_MODULE_2__/* .canaryReasons */ .o ? "stopped" : reason;
}
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
function interruption({ phase, target, before, intent, place, canary, schemaChange }) {
    const done = [];
    const undone = [];
    if (schemaChange)
        done.push(`the schema was expanded to ${schemaChange.to ?? "(empty)"}`);
    if (phase === "PREPARED" && before)
        undone.push("expand migrations, of which some may have been applied");
    if (phase === "EXPANDED")
        undone.push(`${target.release} was on its way into slot ${place.slot}`);
    if (phase === "CANARY")
        undone.push(`${canary?.weight ?? 0} % of the requests go to ${target.release}`);
    if (phase === "PROMOTING" && intent?.op === "swap")
        undone.push(`the swap of ${target.release} into production, which was asked for`);
    if (phase === "WATCHING") {
        done.push(`${target.release} was swapped into production`);
        undone.push("it was not watched to the end of the bake time");
    }
    if (phase === "ROLLING_BACK")
        undone.push(`all requests were being given back from ${target.release} to ${(0,_augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .nameOf */ .Vb)(before?.production ?? null)}`);
    if (phase === "STAGED" || (phase === "PROMOTING" && !intent))
        done.push(`${target.release} is in slot ${place.slot}`);
    return new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .Interrupted */ .j$({ what: `The release of ${target.release} was cancelled in ${phase}.`, done, undone });
}
/** What production runs now, as far as the rollout knows; undefined when only a look can tell. */
function liveAfter({ phase, target, before, intent }) {
    if (phase === "COMPLETED" || phase === "WATCHING")
        return target.release;
    const isBefore = phase === "ROLLED_BACK" || phase === "FAILED" || intent?.op !== "swap";
    return phase === "NEEDS_HUMAN" || !isBefore ? undefined : before?.production;
}


/***/ }),

/***/ 2095:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ policyOf),
/* harmony export */   k: () => (/* binding */ engineOf)
/* harmony export */ });
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2607);

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
    const { ledger, health, timeline, steps = noSteps, canary, holdWait } = parts;
    return {
        ledger,
        slots,
        health,
        steps,
        ...(canary && { canary }),
        ...(holdWait !== undefined && { holdWait }),
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


/***/ }),

/***/ 1471:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ releasesJson),
/* harmony export */   u: () => (/* binding */ releasesMarkdown)
/* harmony export */ });
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2230);

const WAYS = {
    swap: "can be put back by a swap: it is in the slot",
    package: "can be put back from its stored package",
    "not-stored": "cannot be put back: its package was not stored",
    "package-gone": "cannot be put back: its package is gone",
    schema: "no longer fits the database: the schema was contracted since",
};
/** The last releases, folded away. Empty without one. Pure. */
function releasesMarkdown(rows) {
    if (rows.length === 0)
        return "";
    const lines = rows.map(({ release, commit, schemaHead, liveSince, ...row }) => {
        const cells = [release, commit?.slice(0, 7) ?? "", schemaHead ?? "", timeOf(liveSince), wordsOf(row)];
        return `| ${cells.map(_timeline_js__WEBPACK_IMPORTED_MODULE_0__/* .cell */ .Hn).join(" | ")} |`;
    });
    const head = ["| release | commit | schema | live since (UTC) | |", "| --- | --- | --- | --- | --- |"];
    const table = [...head, ...lines].join("\n");
    return `<details><summary>The last releases, and the way back to each</summary>\n\n${table}\n\n</details>`;
}
function wordsOf({ state, back }) {
    const way = back === null ? "" : WAYS[back];
    return [state === "earlier" ? "" : state, way].filter((word) => word !== "").join("; ");
}
const timeOf = (at) => new Date(at).toISOString().slice(0, 16).replace("T", " ");
/** The same for machines. */
const releasesJson = (rows) => rows.map((row) => ({ ...row }));


/***/ }),

/***/ 3896:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ rolloutReasons),
/* harmony export */   o: () => (/* binding */ canaryReasons)
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
    "on-hold": {
        decision: "hold",
        fails: true,
        doc: "The release waits for a decision; it keeps its place and the lock.",
        fix: "Decide with the `approve` action (`promote`, `abort` or `judge-again`), then run the failed jobs again.",
    },
    "needs-human": {
        decision: "hold",
        fails: true,
        doc: "What is live is not what the release expects, and acting on it could make it worse. The lock is kept.",
        fix: "Follow the message, then run again with `accept-live`.",
    },
    frozen: {
        decision: "hold",
        fails: true,
        doc: "A freeze is in force: no new release goes out. Nothing was changed. A rollback is never held back.",
        fix: "Wait for its end, have it lifted, or run again with `override-freeze: <why>`.",
    },
    "routing-rule": {
        decision: "hold",
        fails: true,
        doc: "A routing rule that no open release set sends a share of production's requests to the slot. Nothing was changed. A rollback is never held back.",
        fix: "Remove the rule (the message has the command) once nobody needs it, then run again.",
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
/** How a canary can end besides; production runs what it ran before, all of it. */
const canaryReasons = {
    worse: {
        decision: "rolled-back",
        fails: true,
        doc: "The new release was worse than the live one while it had a share of the requests. It gets none any more; nothing was swapped.",
        fix: "The summary shows which metric, and by how much. Mend the release, and release again.",
    },
    unproved: {
        decision: "rolled-back",
        fails: true,
        doc: "A step could not be judged, and the policy for that is `rollback`; or nobody decided in time. Nothing was swapped.",
        fix: "Give the step more requests, a longer duration or load, or choose another policy.",
    },
    "weight-changed": {
        decision: "rolled-back",
        fails: true,
        doc: "Somebody else changed the share of the traffic. The canary was ended and the routing rule removed.",
        fix: "Ask who did, then release again.",
    },
    "route-refused": {
        decision: "hold",
        fails: true,
        doc: "Azure did not set the share of the traffic. Nothing was swapped.",
        fix: "Follow the message.",
    },
};


/***/ }),

/***/ 2230:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Hn: () => (/* binding */ cell),
/* harmony export */   Kf: () => (/* binding */ Timeline),
/* harmony export */   jy: () => (/* binding */ timelineMarkdown)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);

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
        return askText(after.intent);
    if (after.hold && !before.hold)
        return `on hold: ${after.hold.reason}`;
    if (after.canary !== before.canary)
        return canaryText(after);
    if (after.intent?.refusal && !before.intent?.refusal)
        return `Azure refused: ${after.intent.refusal.message}`;
    if (after.intent?.op === "swap" && after.intent.endedAt !== null && before.intent?.endedAt === null)
        return after.intent.asyncUrl ? "the swap ended" : "no reply, or at once: looking which release is where";
    return undefined;
}
function askText({ op, args }) {
    if (op === "swap")
        return "asked Azure to swap the slots";
    return args.weight === 0 ? "asked Azure to remove the routing rule" : `asked Azure to route ${args.weight} %`;
}
function canaryText({ canary, ramp, target }) {
    if (!canary?.window)
        return undefined;
    return `step ${canary.step + 1} of ${ramp?.steps.length ?? 0}: ${canary.weight} % of the requests go to ${target.release}`;
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
        ROLLING_BACK: `${isOfCanary(reason) ? `taking the requests back from ${target.release}` : `putting ${old} back`}: ${reason?.why ?? "stopped"}`,
        ROLLED_BACK: isOfCanary(reason) ? `all requests go to ${old} again` : `${old} is live again`,
        FAILED: "stopped; production runs what it ran before",
        NEEDS_HUMAN: "a person has to look",
    };
    return texts[phase];
}
/** Ended while the new release had a share of the requests: nothing was swapped. */
const isOfCanary = (reason) => reason !== null && ["worse", "unproved", "weight-changed", "expired", "aborted"].includes(reason.code);
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
/**
 * The axis counts from the start. Mermaid knows clocks only, in the reader's time zone, so one unit of the axis is given
 * to it as one second, of which `%s` counts the whole ones in every zone.
 */
const UNITS = [
    { name: "min", length: 60_000 },
    { name: "s", length: 1000 },
];
function gantt(moments, end) {
    const start = moments[0]?.at ?? end;
    const unit = UNITS.find(({ length }) => end - start >= 10 * length) ?? { name: "ms", length: 1 };
    const onAxis = (time) => Math.round(((time - start) * 1000) / unit.length);
    const rows = spans(moments, end).flatMap(({ phase, from, to }) => {
        const label = SECTIONS[phase];
        if (label === undefined)
            return [];
        const mark = phase === "ROLLING_BACK" ? "crit, " : "done, ";
        const length = Math.max(1, to - from);
        return [`  ${label} (${lengthText(length)}) :${mark}${onAxis(from)}, ${Math.max(onAxis(from) + 1, onAxis(to))}`];
    });
    const axis = [`  axisFormat %s ${unit.name}`, ...ticks((end - start) / unit.length)];
    return ["```mermaid", "gantt", "  dateFormat x", ...axis, ...rows, "```"].join("\n");
}
/** Few enough that their words do not run together on a phone; of more units than these Mermaid itself shows few. */
function ticks(units) {
    const step = [1, 2, 5, 10, 15, 20, 30, 60].find((each) => units / each <= 8);
    return step === undefined ? [] : [`  tickInterval ${step}second`];
}
function table(moments) {
    const start = moments[0]?.at ?? 0;
    const rows = moments.map(({ at, phase, what }) => `| ${clock(at)} | +${lengthText(at - start).replace(" ", "&nbsp;")} | ${phase} | ${cell(what)} |`);
    return ["| time (UTC) | since start | phase | what happened |", "| --- | --: | --- | --- |", ...rows].join("\n");
}
const clock = (at) => new Date(at).toISOString().slice(11, 19);
function lengthText(duration) {
    if (duration >= 600_000)
        return `${(duration / 60_000).toFixed(1)} min`;
    return `${(duration / 1000).toFixed(duration < 10_000 ? 1 : 0)} s`;
}
/** One line for a cell or a paragraph, in which no HTML, link or image can begin. Our own code spans stay. */
function cell(text) {
    const line = (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .stripControls */ .$Y)(text).replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    // A backslash before one of them would take our own away from it, so those are written twice.
    return line.replace(/(\\*)([|[])/g, "$1$1\\$2");
}


/***/ })

};
