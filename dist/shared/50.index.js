export const id = 50;
export const ids = [50];
export const modules = {

/***/ 9050:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/azure/src/index.ts + 53 modules
var azure_src = __webpack_require__(1910);
// EXTERNAL MODULE: ./actions/slot-swap/releases.ts
var slot_swap_releases = __webpack_require__(1471);
;// CONCATENATED MODULE: ./actions/reconcile/heads.ts


/** The ledger's container, which all apps and environments share. */
const placeOf = ({ signIn }, container) => ({
    container,
    audience: `${signIn.cloud.storageAudience}/.default`,
});
/** Every app and environment of a container; nothing of them is read yet. */
async function everyLedger(azure, container) {
    const place = placeOf(azure, container);
    const credential = azure.signIn.asCredential();
    const found = await (0,azure_src.listLedgers)(azure.context, credential, place);
    return found.map(({ app, environment }) => {
        const ledger = (0,azure_src.openLedger)(azure.context, credential, { ...place, app, environment });
        return { app, environment, where: ledger.where, read: () => ledger.read() };
    });
}
/** Reads all of them; one that the service does not give is seen as unreadable, as a damaged one is. */
async function readHeads(azure, container) {
    const seen = [];
    for (const { where, read } of await everyLedger(azure, container)) {
        try {
            seen.push({ where, ...(await read()) });
        }
        catch (error) {
            if (azure.context.signal.aborted || !(error instanceof src/* ServiceError */._7))
                throw error;
            seen.push({ where, kind: "unreadable", why: error.why });
        }
    }
    return seen;
}

// EXTERNAL MODULE: ./packages/github/src/index.ts + 11 modules
var github_src = __webpack_require__(3359);
// EXTERNAL MODULE: ./packages/migrations/src/index.ts + 74 modules
var migrations_src = __webpack_require__(9626);
;// CONCATENATED MODULE: ./actions/reconcile/keep-issue.ts


const LABEL = "release-needs-person";
const TITLE = "A release needs a person";
/** Opens or updates the one issue while a person is needed, and closes it once nobody is. Its number, if there is one. */
async function keepIssue({ run, clock, signal }, token, reports) {
    const { apiUrl, repository, runUrl } = run;
    const client = new github_src.GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
    const isNeeded = reports.some(({ findings }) => findings.some(({ kind }) => kind === "person"));
    if (isNeeded)
        return (0,github_src/* upsertIssue */.Fo)(client, { label: LABEL, title: TITLE, body: issueBody(reports, runUrl) });
    const open = await (0,github_src/* findIssue */.Ry)(client, LABEL);
    if (open)
        await (0,github_src/* closeIssue */.wS)(client, open.number);
    return open?.number;
}
/** Text of the ledger and of Azure may hold anything: as `plain` it can name nobody and link nowhere. */
function issueBody(reports, runUrl) {
    const parts = reports.flatMap(({ name, findings }) => {
        const grave = findings.filter(({ kind }) => kind === "person");
        if (grave.length === 0)
            return [];
        const lines = grave.map(({ what, fix }) => `- ${(0,migrations_src/* plain */.pj)(what)}${fix === undefined ? "" : `\n  **Fix:** ${(0,migrations_src/* plain */.pj)(fix)}`}`);
        return [`### ${(0,migrations_src/* plain */.pj)(name)}`, ...lines];
    });
    return [...parts, `Seen by ${runUrl}. This issue is updated by every run, and closed once nobody is needed.`].join("\n\n");
}

// EXTERNAL MODULE: ./actions/slot-swap/hold-lock.ts
var hold_lock = __webpack_require__(1250);
;// CONCATENATED MODULE: ./actions/reconcile/finding.ts
const note = (what) => ({ kind: "note", what });
const person = ({ what, why, fix }) => ({ kind: "person", what: `${what} ${why}`, fix });
const failed = ({ what, why, fix }) => ({ kind: "failed", what: `${what} ${why}`, fix });

;// CONCATENATED MODULE: ./actions/reconcile/reconcile-server.ts




/** For one rule: Azure changes a server once at a time, and another change may be under way. */
const PATIENCE = 120_000;
/** Closes the firewall rules of one database server that runs of this toolkit opened and lost. */
async function reconcileServer(context, azure, inputs, line) {
    const [resourceGroup = "", server = ""] = line.split("/");
    const findings = [];
    try {
        for (const rule of await (0,azure_src.listOwnFirewallRules)(azure.arm, { resourceGroup, server }))
            findings.push(await closeIfStray(context, azure, inputs, { resourceGroup, server }, rule));
    }
    catch (error) {
        if (context.signal.aborted || !(error instanceof src/* ServiceError */._7))
            throw error;
        findings.push(failed(error));
    }
    return { name: `firewall of ${server}`, live: "", state: "", holder: "", findings, moments: [] };
}
async function closeIfStray(context, azure, inputs, ref, rule) {
    const { run, clock, env } = context;
    const who = `rule ${rule.name} (${rule.start})`;
    if (!rule.admits)
        return note(`${who} admits nobody; a lock of the server kept it from being deleted.`);
    const self = { repositoryId: env.GITHUB_REPOSITORY_ID ?? "0", runId: run.runId, attempt: run.attempt };
    const { runId, attempt } = rule;
    const isStray = (0,azure_src.isStrayRule)(rule, self, clock.now()) ??
        (await (0,hold_lock/* askRun */.pF)(context, { repository: run.repository, runId, attempt }, inputs["github-token"])) === "over";
    if (!isStray)
        return note(`${who} may be in use by run ${rule.runId}: left alone.`);
    if (inputs["dry-run"])
        return { kind: "would", what: `Would have closed ${who}: its run is over.` };
    const how = await (0,azure_src.deleteFirewallRule)(azure.arm, ref, rule.name, { deadline: clock.now() + PATIENCE });
    const end = how === "deleted" ? "Closed" : "Emptied, because a lock of the server kept it from being deleted:";
    return { kind: "done", what: `${end} ${who}: its run is over.` };
}

// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var release_src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/slot-swap/connection.ts
var slot_swap_connection = __webpack_require__(3597);
// EXTERNAL MODULE: ./actions/slot-swap/timeline.ts
var slot_swap_timeline = __webpack_require__(2230);
// EXTERNAL MODULE: ./actions/release/release-steps.ts
var release_steps = __webpack_require__(895);
// EXTERNAL MODULE: ./actions/slot-swap/ending.ts
var ending = __webpack_require__(998);
// EXTERNAL MODULE: ./actions/slot-swap/engine.ts
var slot_swap_engine = __webpack_require__(2095);
;// CONCATENATED MODULE: ./actions/reconcile/act.ts





/** Undoing proves nothing new: what it brings back was live before. */
const noProbes = { probe: async () => ({ verdict: "unknown", why: "The reconciler probes nothing." }) };
/** Takes the lock on exactly the head that was judged. Undefined: somebody wrote it meanwhile. */
async function takeLock({ context, connection }, { head, etag }) {
    const now = context.clock.now();
    const claimed = (0,release_src/* claim */.B7)(head, { ...(0,slot_swap_connection/* holderOf */.Kd)(context.run), since: now }, head.holder ? "taken-over" : "free", now);
    const written = await connection.ledger?.write(claimed, etag);
    if (!connection.ledger || written?.kind !== "written")
        return undefined;
    await (0,release_src/* appendAll */.u2)(connection.ledger, claimed);
    return { head: claimed, etag: written.etag };
}
/** Gives the lock back; the event says what it was taken for. */
async function giveLockBack(work, held, why) {
    const { connection, context } = work;
    if (!connection.ledger)
        return held;
    const next = (head) => (0,release_src/* release */._r)(head, context.clock.now(), { why: `reconcile: ${why}` });
    const moved = await (0,release_src/* moveHeld */.J1)(connection.ledger, held, next);
    return moved.kind === "written" ? moved.held : held;
}
/** Frees the lock of a run that is over and left nothing open. */
async function freeLock(work, held, holder) {
    const what = `freed the lock of ${holder.url}, whose run is over and left nothing open`;
    if (work.inputs["dry-run"])
        return would(work, held, what);
    const taken = await takeLock(work, held);
    if (!taken)
        return undefined;
    const freed = await giveLockBack(work, taken, what);
    work.findings.push({ kind: "done", what: capital(what) });
    return freed;
}
/** Ends an abandoned release by the engine's own rules. `seen`: what was found in the slots, when it is what ends it. */
async function settle(work, held, { rollout, how }, seen) {
    const { target, phase } = rollout;
    const what = `brought ${target.release} to the safe side: its run is over and left it in ${phase}`;
    if (work.inputs["dry-run"])
        return would(work, held, what);
    const { context, connection, inputs, timeline } = work;
    const { ledger } = connection;
    const taken = await takeLock(work, held);
    if (!taken || !ledger)
        return undefined;
    context.log.notice(`${target.release} was left in ${phase} by a run that is over; it is brought to the safe side.`);
    const steps = (0,release_steps/* storedSteps */.FS)(context, inputs)(connection);
    const engine = (0,slot_swap_engine/* engineOf */.k)(context, connection, { ledger, health: noProbes, timeline, steps });
    const now = context.clock.now();
    const result = how === "follow"
        ? await (0,release_src/* drive */.rU)({ ...engine, keepsLock: true }, taken, seen ? { kind: "slots", slots: seen, now } : { kind: "started", now })
        : await (0,release_src/* settleLeftover */.bz)(engine, taken, undefined);
    if (!result)
        return giveLockBack(work, taken, "nothing was open any more");
    return conclude(work, result, what);
}
/** Throws `Interrupted` when the reconciler itself was cancelled: the next one takes it up. */
async function conclude(work, result, what) {
    const { message, fix } = (0,ending/* endingOf */.z6)(result);
    if (result.kind === "fenced" || result.kind === "interrupted") {
        work.findings.push({ kind: "note", what: message });
        return undefined;
    }
    const { phase } = result.rollout;
    if (result.kind === "on-hold" || phase === "NEEDS_HUMAN") {
        work.findings.push({ kind: "person", what: message, fix });
        return result.held;
    }
    work.findings.push({ kind: "done", what: `${capital(what)}. ${message || "It was complete."}` });
    return giveLockBack(work, result.held, what);
}
function would(work, held, what) {
    work.findings.push({ kind: "would", what: `Would have ${what}.` });
    return held;
}
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

;// CONCATENATED MODULE: ./actions/reconcile/look-around.ts




/** Looks at the app while nothing is open: a stray routing rule is removed, what differs from the ledger is reported. */
async function lookAround(work, held, { mayAct }) {
    const { slots } = work.connection;
    const [seen, sites, around] = await Promise.all([slots.observe(), slots.sites(), surroundingsOf(work, held.head)]);
    const app = { production: sites.production.state, staging: sites.staging.state, surroundings: around };
    work.findings.push(...(0,release_src/* driftOf */.$p)(held.head, seen, app).map(findingOf));
    const { weight } = seen;
    const why = mayAct ? whyKept(held.head, seen) : " until the release is decided on";
    if (weight !== 0 && why !== undefined)
        work.findings.push(ruleLeft(work, weight, why));
    const after = weight !== 0 && why === undefined ? await removeRule(work, held, weight) : held;
    const isRight = (0,release_src/* identify */.ls)(seen.production) === held.head.live?.release;
    return after && mayAct && isRight ? remember(work, after, around) : after;
}
const findingOf = ({ isGrave, what, fix }) => ({ kind: isGrave ? "person" : "note", what, fix });
/**
 * A rule that sends requests to the release before is somebody's brake on the live one: without it that would get more.
 * Any other one sends them to what is not live for a reason.
 */
function whyKept({ previous }, { staging }) {
    const isBrake = previous !== null && (0,release_src/* identify */.ls)(staging) === previous.release;
    return isBrake
        ? `: it holds ${previous.release}, which was live before, so somebody may have set the rule as a brake`
        : undefined;
}
const ruleLeft = ({ inputs }, weight, why) => ({
    kind: "person",
    what: `${weight} % of production's requests go to slot ${inputs.slot}. It was left so${why}.`,
    fix: `To stop it now: az webapp traffic-routing clear -g ${inputs["resource-group"]} -n ${inputs.app}`,
});
/** What lies around the live release now. */
async function surroundingsOf({ connection, inputs }, { live }) {
    const { arm } = connection.slots;
    const ref = (0,slot_swap_connection/* refOf */.H8)(inputs);
    const [configuration, names] = await Promise.all([
        (0,azure_src.readConfiguration)(arm, { ...ref, slot: "production" }),
        (0,azure_src.readStickyNames)(arm, ref),
    ]);
    const sticky = [...names.appSettingNames, ...names.connectionStringNames, ...names.azureStorageConfigNames].sort();
    const healthCheckPath = (0,azure_src.optionalText)(configuration.healthCheckPath) ?? null;
    return { release: live?.release ?? "", sticky, healthCheckPath };
}
/** Removes a rule that no open canary set. It is looked for again under the lock: it may have been a release's own. */
async function removeRule(work, held, weight) {
    const { connection, inputs, findings } = work;
    const { slots, ledger } = connection;
    const what = `removed the rule that sent ${weight} % of production's requests to slot ${inputs.slot}: no canary is open`;
    if (inputs["dry-run"])
        return would(work, held, what);
    const taken = await takeLock(work, held);
    if (!taken || !ledger)
        return undefined;
    try {
        const isThere = (await slots.observe()).weight !== 0;
        const guard = isThere ? await ledger.guard(taken.etag, () => slots.route(0, null)) : undefined;
        const isGone = (await slots.observe()).weight === 0;
        if (guard?.kind === "held" && isGone)
            findings.push({ kind: "done", what: `${capital(what)}.` });
        else if (!isGone)
            findings.push({ kind: "failed", what: `The routing rule of ${weight} % is still there.` });
        return await giveLockBack(work, taken, isGone ? what : NOT_REMOVED);
    }
    catch (error) {
        // Nothing is open: as long as this run goes on, its lock would only keep releases out.
        await giveLockBack(work, taken, NOT_REMOVED);
        throw error;
    }
}
const NOT_REMOVED = "a routing rule could not be removed";
/** Notes once for each live release what lies around it, so that a later change is seen. */
async function remember(work, held, around) {
    const { connection, inputs, context } = work;
    const isKnown = held.head.surroundings?.release === around.release;
    if (isKnown || inputs["dry-run"] || around.release === "" || !connection.ledger)
        return held;
    const { runId, attempt, actor } = context.run;
    const next = (head) => (0,release_src/* noteSurroundings */.co)(head, around, { runId, attempt, actor }, context.clock.now());
    const moved = await (0,release_src/* moveHeld */.J1)(connection.ledger, held, next);
    // Not noted because somebody began something: the next reconciler does it.
    return moved.kind === "written" ? moved.held : held;
}

// EXTERNAL MODULE: ./actions/release/github-deployment.ts
var github_deployment = __webpack_require__(5973);
;// CONCATENATED MODULE: ./actions/reconcile/lost-deployments.ts





/**
 * Ends what GitHub shows as under way of runs that are over. It needs no lock, since each one's run is asked about; and
 * it is not what is released: a token that may not do it earns a warning. `head`: the ledger as it was left.
 */
async function endLostDeployments({ context, inputs, findings }, head) {
    const { run, clock, signal, log } = context;
    const { "github-token": token, app, environment, "dry-run": isDry } = inputs;
    if (token === "")
        return;
    const { apiUrl, repository, runUrl: logUrl } = run;
    const isSettled = head !== undefined && (0,release_src/* isOver */.PU)(head.rollout) && head.rollout?.phase !== "NEEDS_HUMAN";
    const client = new github_src.GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
    try {
        for (const { id, release, runId, attempt } of await (0,github_src/* findOpenDeployments */.a$)(client, { environment, app })) {
            if (runId === "" || (await (0,hold_lock/* askRun */.pF)(context, { repository, runId, attempt }, token)) !== "over")
                continue;
            const what = `ended the GitHub deployment ${id} of ${release}: its run is over`;
            const status = (0,github_deployment/* lostStatus */.N)(isSettled && head.live?.release === release);
            if (!isDry)
                await (0,github_src/* setDeploymentStatus */.e9)(client, id, { ...status, logUrl });
            findings.push(isDry ? { kind: "would", what: `Would have ${what}.` } : { kind: "done", what: `E${what.slice(1)}.` });
        }
    }
    catch (error) {
        if (signal.aborted || !(error instanceof src/* ServiceError */._7))
            throw error;
        log.warning(`GitHub deployments of lost runs were not ended. ${error.what} ${error.why} Fix: ${error.fix}`);
    }
}

;// CONCATENATED MODULE: ./actions/reconcile/target.ts
/** `resource-group/app/slot@environment`, of which slot and environment may be left out; the spec has checked its form. */
function parseTarget(line) {
    const [path = "", environment = "production"] = line.split("@");
    const [group = "", app = "", slot = "staging"] = path.split("/");
    return { app, "resource-group": group, slot, environment };
}
/** The target of a ledger that says itself where it was released to. */
const targetOf = ({ app, resourceGroup, slot }, environment) => ({
    app,
    "resource-group": resourceGroup,
    slot,
    environment,
});
const nameOfTarget = ({ app, environment }) => `${app} (${environment})`;

;// CONCATENATED MODULE: ./actions/reconcile/reconcile-target.ts










/** How often a head is read anew that others write at the same time. */
const ATTEMPTS = 5;
/** Looks after one app and environment. What fails here is a finding: the other targets are still handled. */
async function reconcileTarget(context, azure, { inputs, target, stored }) {
    const connection = (0,slot_swap_connection/* connectionOf */.ao)(azure, { ...inputs, ...target });
    const work = { context, inputs: { ...inputs, ...target }, connection, timeline: new slot_swap_timeline/* Timeline */.Kf(), findings: [] };
    let head;
    try {
        head = await pursue(work);
        await endLostDeployments(work, head);
    }
    catch (error) {
        const isExplained = error instanceof src/* ServiceError */._7 || error instanceof src/* UsageError */.eb;
        if (context.signal.aborted || !isExplained)
            throw error;
        work.findings.push(failed(error));
    }
    return { ...reportOf(work, target, head), releases: head ? (0,release_src/* releaseTable */.KZ)(head, stored) : [] };
}
/** Ends what is open where that may be done, then looks around. The head as it was left; undefined without one. */
async function pursue(work) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const held = await readHeld(work);
        if (!held)
            return undefined;
        const { holder } = held.head;
        const run = holder ? await (0,hold_lock/* askRun */.pF)(work.context, holder, work.inputs["github-token"]) : "over";
        const standing = (0,release_src/* standingOf */.YP)(held.head, run, work.context.clock.now());
        const after = await attend(whereItIs(work, held.head), held, standing);
        if (after)
            return after.head;
    }
    work.findings.push(note("Other runs wrote the ledger the whole time; the next reconciler looks again."));
    return undefined;
}
/**
 * The ledger knows which slot its release is in. Looking into another one could only find what nobody expects, so what
 * `targets` says counts for a ledger without a release.
 */
function whereItIs(work, { rollout }) {
    const { inputs, connection, findings } = work;
    if (!rollout)
        return work;
    const { slot, resourceGroup } = rollout.place;
    const isSame = (one, other) => one.toLowerCase() === other.toLowerCase();
    if (isSame(slot, inputs.slot) && isSame(resourceGroup, inputs["resource-group"]))
        return work;
    const what = `targets names slot ${inputs.slot} in ${inputs["resource-group"]}; the last release was in slot ${slot} in ${resourceGroup}, and that is looked at.`;
    if (!findings.some((each) => each.what === what))
        findings.push(note(what));
    const there = { ...inputs, slot, "resource-group": resourceGroup };
    return { ...work, inputs: there, connection: (0,slot_swap_connection/* connectionOf */.ao)(connection.session, there) };
}
async function readHeld({ connection, findings }) {
    const { ledger } = connection;
    if (!ledger)
        throw new Error("reconcile runs with a ledger only");
    const read = await ledger.read();
    if (read.kind === "unreadable")
        findings.push(person((0,release_src/* explainUnreadable */.x5)(ledger.where, read)));
    if (read.kind === "absent")
        findings.push(note("The ledger knows no release of it."));
    if (read.kind !== "head")
        return undefined;
    // What a run that died between its write and its event left.
    await (0,release_src/* appendAll */.u2)(ledger, read.head);
    return read;
}
/** Undefined: somebody wrote the head meanwhile, so it is to be read anew. */
async function attend(work, held, standing) {
    switch (standing.kind) {
        case "led":
            work.findings.push(note(ledText(standing, work.context.clock.now())));
            return held;
        case "on-hold": {
            const { rollout } = standing;
            const { slots } = work.connection;
            // Nobody waits who would notice it; the engine takes the rest of the requests back.
            if ((0,release_src/* isMeddledWith */.eQ)(rollout, await slots.weight()))
                return settle(work, held, { rollout, how: "follow" }, await slots.observe());
            const { what, why, fix } = (0,release_src/* explainHold */.Xl)(rollout, standing.hold, work.context.clock.now());
            work.findings.push({ kind: "person", what: `${what} ${why}`, fix });
            return held;
        }
        case "needs-human":
            work.findings.push(person(needsHuman(held.head)));
            return lookAround(work, held, { mayAct: false });
        case "abandoned": {
            const settled = await settle(work, held, standing);
            return settled && (0,release_src/* isOver */.PU)(settled.head.rollout) && !settled.head.holder
                ? lookAround(work, settled, { mayAct: true })
                : settled;
        }
        case "stale-lock": {
            const freed = await freeLock(work, held, standing.holder);
            return freed && lookAround(work, freed, { mayAct: true });
        }
        case "idle":
            return lookAround(work, held, { mayAct: true });
    }
}
function ledText({ holder, run }, now) {
    const who = `Run ${holder.url} of ${holder.actor} has held the lock for ${(0,release_src/* describeAge */.HK)(now - holder.since)}`;
    if (run === "running")
        return `${who} and goes on: left alone.`;
    return `${who}, and GitHub did not say whether it is over: left alone. A run of another repository needs a github-token that may read it.`;
}
function needsHuman({ rollout }) {
    const { reason, target } = rollout ?? {};
    return {
        what: reason?.what ?? `${target?.release ?? "The last release"} ended without a clear outcome.`,
        why: reason?.why ?? "",
        fix: reason?.fix ?? "See which release is live, then run the workflow again with accept-live: <that release>.",
    };
}
function reportOf({ context, timeline, findings }, target, head) {
    const now = context.clock.now();
    const { holder = null, rollout = null, live = null } = head ?? {};
    return {
        name: nameOfTarget(target),
        live: live?.release ?? "",
        state: rollout ? `${rollout.phase} (${rollout.target.release}) for ${(0,release_src/* describeAge */.HK)(now - rollout.since)}` : "",
        holder: holder ? `${holder.url} (${holder.actor}, ${(0,release_src/* describeAge */.HK)(now - holder.since)})` : "",
        findings,
        moments: timeline.moments,
    };
}

;// CONCATENATED MODULE: ./actions/reconcile/retain-packages.ts
/** Deletes the stored packages that no ledger of the container names any more. What fails here fails no reconciler. */




/** Undefined: switched off, or the list was not given; then nothing can be said of packages. */
async function listPackages(context, azure) {
    if (context.inputs["keep-packages"] === 0)
        return undefined;
    try {
        return await packagesOf(context, azure).list();
    }
    catch (error) {
        warn(context, explanationOf(context, error));
        return undefined;
    }
}
const packagesOf = ({ inputs }, azure) => (0,azure_src.openPackages)(azure.context, azure.signIn.asCredential(), placeOf(azure, inputs.ledger));
/** `listed` before anything else was read: see `decideRetention`. */
async function retainPackages(context, azure, listed) {
    const { inputs } = context;
    const isDry = inputs["dry-run"];
    const decided = await decide(context, azure, listed);
    const goes = decided.kind === "decided" ? decided.goes : [];
    const warnings = decided.kind === "decided" ? [] : [decided.explanation];
    const deleted = [];
    const packages = packagesOf(context, azure);
    for (const each of goes) {
        const end = isDry || (await remove(context, packages, each));
        if (end === true)
            deleted.push(each);
        else if (end !== false)
            warnings.push(end);
    }
    for (const warning of warnings)
        warn(context, warning);
    const kept = listed.filter((each) => !deleted.includes(each));
    const report = { deleted: deleted.length, bytes: sizeOf(deleted), kept: kept.length, keptBytes: sizeOf(kept) };
    return { ...report, isDry, warnings };
}
/** The heads are read only where a package is old enough to go. */
async function decide(context, azure, listed) {
    const { inputs, clock } = context;
    const keep = inputs["keep-packages"];
    if ((0,release_src/* oldPackages */.tF)(listed, keep, clock.now()).length === 0)
        return { kind: "decided", goes: [], stays: listed };
    try {
        return (0,release_src/* decideRetention */.pe)(listed, await readHeads(azure, inputs.ledger), keep, clock.now());
    }
    catch (error) {
        return { kind: "in-doubt", explanation: explanationOf(context, error) };
    }
}
async function remove(context, packages, listed) {
    try {
        const isDeleted = await packages.remove(listed);
        if (isDeleted)
            context.log.info(`Deleted artifacts/${listed.sha256}.zip: no ledger names it.`);
        return isDeleted;
    }
    catch (error) {
        return explanationOf(context, error);
    }
}
function explanationOf({ signal }, error) {
    if (signal.aborted || !(error instanceof src/* ServiceError */._7))
        throw error;
    return error;
}
const warn = ({ log }, { what, why, fix }) => log.warning(`${what} ${why} Fix: ${fix}`);
const sizeOf = (packages) => packages.reduce((sum, { bytes }) => sum + bytes, 0);

;// CONCATENATED MODULE: ./actions/reconcile/summary.ts



const HEADINGS = {
    "all-well": "✅ All is well",
    reconciled: "✅ Ended what lost runs had left",
    "would-act": "⚠️ Something would be done",
    "needs-human": "❌ A person has to look",
    incomplete: "❌ Not everything could be looked at",
};
const ICONS = {
    note: "",
    done: "✅&nbsp;",
    would: "⚠️&nbsp;",
    person: "❌&nbsp;",
    failed: "❌&nbsp;",
};
const WORDS = {
    note: "note",
    done: "done",
    would: "would&nbsp;do",
    person: "for&nbsp;a&nbsp;person",
    failed: "failed",
};
/** One line for the end of the log. */
function messageOf(reports) {
    const findings = reports.flatMap((report) => report.findings.map((finding) => ({ ...finding, name: report.name })));
    const grave = findings.filter(({ kind }) => kind === "person" || kind === "failed");
    const acts = findings.filter(({ kind }) => kind === "done" || kind === "would");
    const told = [...grave, ...acts].map(({ name, what }) => `${name}: ${what}`);
    return told.length === 0 ? `${reports.length} looked after; nothing had to be done.` : told.join(" ");
}
/** The job summary. Pure. */
function summarise({ reason, reports, now, packages }) {
    const blocks = [
        `### ${HEADINGS[reason] ?? reason}`,
        overview(reports),
        packages ? packagesLine(packages) : "",
        ...reports
            .filter(({ findings, releases = [] }) => findings.length + releases.length > 0)
            .map((report) => section(report, now)),
    ];
    return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}
function overview(reports) {
    if (reports.length === 0)
        return "There was nothing to look after: the ledger knows no release.";
    const rows = reports.map((report) => `| ${verdict(report)} | ${(0,migrations_src/* plain */.pj)(report.name)} | ${(0,migrations_src/* plain */.pj)(report.live)} | ${(0,migrations_src/* plain */.pj)(report.state)} | ${(0,migrations_src/* plain */.pj)(report.holder)} |`);
    return ["| | where | live | last release | lock |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}
function verdict({ findings }) {
    const has = (...kinds) => findings.some(({ kind }) => kinds.includes(kind));
    if (has("person", "failed"))
        return "❌";
    return has("would") ? "⚠️" : "✅";
}
function packagesLine({ deleted, bytes, kept, keptBytes, isDry, warnings }) {
    const verb = isDry ? "would be deleted" : "deleted";
    const gone = deleted === 0 ? "none had to go" : `${deleted} ${verb} (${megabytes(bytes)}) that no ledger names any more`;
    const line = `Stored packages: ${gone}; ${kept} kept (${megabytes(keptBytes)}).`;
    const told = warnings.map(({ what, why, fix }) => ` ⚠️ ${(0,migrations_src/* plain */.pj)(`${what} ${why}`)} **Fix:** ${(0,migrations_src/* plain */.pj)(fix)}`);
    return [line, ...new Set(told)].join("");
}
const megabytes = (bytes) => `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
function section({ name, findings, moments, releases = [] }, now) {
    const timeline = (0,slot_swap_timeline/* timelineMarkdown */.jy)(moments, now);
    const parts = [
        `#### ${(0,migrations_src/* plain */.pj)(name)}`,
        findings.length === 0 ? "" : table(findings),
        timeline === "" ? "" : `<details><summary>How it went</summary>\n\n${timeline}\n\n</details>`,
        (0,slot_swap_releases/* releasesMarkdown */.u)(releases),
    ];
    return parts.filter((part) => part !== "").join("\n\n");
}
/** What to do stands below what was found: commands in a column of their own would be drawn one word wide. */
function table(findings) {
    const rows = findings.map(({ kind, what, fix }) => `| ${ICONS[kind]}${WORDS[kind]} | ${(0,migrations_src/* plain */.pj)(what)}${fix === undefined ? "" : `<br>**Fix:** ${fixLines(fix)}`} |`);
    return ["| | what |", "| --- | --- |", ...rows].join("\n");
}
/** Several steps of a fix are told apart by a dot. */
const fixLines = (fix) => {
    const steps = fix.split(" · ").map(migrations_src/* plain */.pj);
    return steps.length === 1 ? steps.join("") : steps.map((step) => `<br>• ${step}`).join("");
};

;// CONCATENATED MODULE: ./actions/reconcile/reconcile.ts










/** Looks after every target, one after the other, each by itself: what fails at one stops no other. */
async function reconcile(context) {
    const { inputs, log, env, clock, signal } = context;
    const azure = (0,azure_src.openSession)({ log, env, clock, signal }, inputs);
    const listed = await listPackages(context, azure);
    const stored = listed && new Set(listed.map(({ sha256 }) => sha256));
    const targets = inputs.targets ? inputs.targets.map(parseTarget) : await everyTarget(context, azure);
    const reports = [];
    const look = async (title, work) => {
        try {
            reports.push(await log.group(title, () => tell(context, work())));
        }
        catch (error) {
            throw signal.aborted ? interruption(title, reports, error) : error;
        }
    };
    for (const target of targets)
        await look(`Look after ${target.app} (${target.environment})`, () => reconcileTarget(context, azure, { inputs, target, stored }));
    for (const server of inputs["database-servers"] ?? [])
        await look(`Look through the firewall of ${server}`, () => reconcileServer(context, azure, inputs, server));
    const packages = listed && (await retainPackages(context, azure, listed));
    return reconcile_conclude(context, reports, packages);
}
/** Cancelled in the middle: what was done for those before stays done. */
function interruption(title, reports, error) {
    const { done = [], undone = [] } = error instanceof src/* Interrupted */.j$ ? error : {};
    const before = reports.flatMap(({ name, findings }) => findings.filter(({ kind }) => kind === "done").map(({ what }) => `${name}: ${what}`));
    return new src/* Interrupted */.j$({
        what: "The reconciler was cancelled before it had looked after everything.",
        done: [...before, ...done],
        undone: undone.length > 0 ? undone : [title],
    });
}
async function tell({ log }, work) {
    const report = await work;
    if (report.findings.length === 0)
        log.info("All is well.");
    for (const { kind, what, fix } of report.findings)
        log.info(`${kind}: ${what}${fix === undefined ? "" : ` Fix: ${fix}`}`);
    return report;
}
/** Every app and environment that was released to this ledger, with the place that its last release names. */
async function everyTarget({ inputs, log }, azure) {
    const found = [];
    for (const place of await everyLedger(azure, inputs.ledger)) {
        const read = await place.read();
        // An unreadable head names no place; it is reported under the names that its address has.
        const known = read.kind === "head" ? read.head.rollout?.place : { app: place.app, resourceGroup: "-", slot: "staging" };
        if (known)
            found.push(targetOf({ ...known, app: place.app }, place.environment));
        else
            log.info(`${place.app} (${place.environment}) was never released: nothing to look after.`);
    }
    return found;
}
async function reconcile_conclude(context, reports, packages) {
    const { inputs, clock } = context;
    const findings = reports.flatMap((report) => report.findings);
    const count = (kind) => findings.filter((each) => each.kind === kind).length;
    const issue = inputs.issue && !inputs["dry-run"] ? await keepIssueOrWarn(context, reports) : undefined;
    const reason = reasonOf(count);
    const message = messageOf(reports);
    return {
        reason,
        message,
        outputs: { done: count("done") + count("would"), people: count("person"), issue: issue ?? "" },
        result: { targets: reports.map(jsonOf), packages: packages ? packagesJson(packages) : null },
        summary: summarise({ reason, message, reports, now: clock.now(), packages }),
    };
}
function reasonOf(count) {
    if (count("person") > 0)
        return "needs-human";
    if (count("failed") > 0)
        return "incomplete";
    if (count("would") > 0)
        return "would-act";
    return count("done") > 0 ? "reconciled" : "all-well";
}
function jsonOf({ name, live, state, holder, findings, releases = [] }) {
    const found = findings.map(({ kind, what, fix }) => ({ kind, what, fix }));
    return { name, live, state, holder, findings: found, releases: (0,slot_swap_releases/* releasesJson */.J)(releases) };
}
const packagesJson = ({ warnings, ...report }) => ({
    ...report,
    warnings: warnings.map(({ what, why, fix }) => ({ what, why, fix })),
});
async function keepIssueOrWarn(context, reports) {
    try {
        return await keepIssue(context, context.inputs["github-token"], reports);
    }
    catch (error) {
        if (!(error instanceof src/* ServiceError */._7))
            throw error;
        context.log.warning(`The issue could not be kept. ${error.what} ${error.why} Fix: ${error.fix}`);
        return undefined;
    }
}

// EXTERNAL MODULE: ./actions/release/stage-inputs.ts
var stage_inputs = __webpack_require__(3646);
;// CONCATENATED MODULE: ./actions/reconcile/spec.ts


const spec = (0,src/* defineAction */.QP)({
    name: "reconcile",
    title: "Finish what lost runs left, and report drift",
    description: "For a scheduled workflow: ends releases whose run is dead on the safe side, frees their locks, ends their GitHub deployments, removes stray routing and firewall rules, and reports what differs from the ledger.",
    branding: { icon: "refresh-cw", color: "blue" },
    inputs: {
        ...src/* azureInputs */.Ro,
        ...src/* githubInputs */.dN,
        ledger: src/* ledgerInputs */.hE.ledger,
        targets: {
            kind: "lines",
            max: 100,
            pattern: /^[^\s/@]{1,90}\/[A-Za-z0-9-]{1,60}(?:\/[A-Za-z0-9-]{1,59})?(?:@[A-Za-z0-9][A-Za-z0-9._-]*)?$/,
            hint: "resource-group/app, with /slot (default staging) and @environment (default production) behind it",
            doc: "What to look after, one a line: `resource-group/app`, `resource-group/app/slot` or `resource-group/app/slot@environment`. Slot `staging` and environment `production` may be left out. Without it, every app and environment that was ever released to this ledger.",
        },
        "database-servers": {
            kind: "lines",
            max: 50,
            pattern: /^[^\s/@]{1,90}\/[a-z0-9-]{1,63}$/i,
            hint: "resource-group/server, the server's name alone",
            doc: "PostgreSQL flexible servers whose firewall is looked through for rules that a lost run left open, one a line: `resource-group/server`. Rules that this toolkit did not open are never touched.",
        },
        "dry-run": {
            kind: "boolean",
            default: false,
            doc: "Change nothing: say what would be done.",
        },
        issue: {
            kind: "boolean",
            default: false,
            doc: "Keep one GitHub issue: opened or updated while a person is needed, closed once nobody is. Needs `issues: write`.",
        },
        "keep-packages": {
            kind: "duration",
            default: "90d",
            max: "3650d",
            doc: "How long a stored package stays that no ledger of the container names any more, counted from when it was last stored; no less than a day is sensible. `0s` keeps all of them for ever.",
        },
        ...stage_inputs/* stageInputs */.M,
    },
    outputs: {
        done: { doc: "How many things were done (with `dry-run`: would be)." },
        people: { doc: "How many findings need a person." },
        issue: { doc: "Number of the issue that was opened, updated or closed. Empty without one." },
    },
    permissions: {
        "id-token": { level: "write", why: "To sign in to Azure without a secret." },
        actions: { level: "read", why: "To ask whether the run that holds a lock is over. Without it nothing is touched." },
        deployments: {
            level: "write",
            optional: true,
            why: "To end the GitHub deployment that a run which is over left in progress: without it, a warning names it.",
        },
        issues: { level: "write", optional: true, why: "With `issue: true`: to open, update and close the one issue." },
    },
    reasons: {
        "all-well": { decision: "nothing-to-do", doc: "Nothing had to be done, and nobody is needed." },
        reconciled: {
            decision: "proceed",
            doc: "What lost runs had left is ended on the safe side, and nobody is needed.",
        },
        "would-act": { decision: "hold", doc: "With `dry-run`: something would be done. Nothing was." },
        "needs-human": {
            decision: "hold",
            fails: true,
            doc: "At least one finding needs a person. All that could be done safely was done.",
            fix: "Follow the findings in the summary: each says what to do.",
        },
        incomplete: {
            decision: "hold",
            fails: true,
            doc: "Something could not be looked at or ended; the rest was.",
            fix: "Follow the findings in the summary. The next run tries again.",
        },
    },
});

;// CONCATENATED MODULE: ./actions/reconcile/index.ts



const action = (0,src/* implement */.yx)(spec, { main: reconcile });


/***/ }),

/***/ 5973:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ lostStatus),
/* harmony export */   P: () => (/* binding */ GitHubDeployment)
/* harmony export */ });
/* harmony import */ var _augeo_github__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3359);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);


/** The release as GitHub shows it. A record that cannot be written is a warning: it is not what is released. */
class GitHubDeployment {
    id;
    #client;
    #context;
    constructor(context, client, id) {
        this.#context = context;
        this.#client = client;
        this.id = id;
    }
    static async begin(context, inputs, release) {
        const { run } = context;
        if (!inputs.deployment || inputs["github-token"] === "")
            return undefined;
        const client = clientOf(context, inputs["github-token"]);
        const created = await orWarn(context, () => (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .createDeployment */ .Yy)(client, {
            ref: run.sha,
            environment: inputs.environment,
            description: `Release ${release}`,
            isProduction: inputs.environment === "production",
            payload: { app: inputs.app, release, run: run.runId, attempt: run.attempt },
        }));
        if (created === undefined)
            return undefined;
        const deployment = new GitHubDeployment(context, client, created);
        await deployment.set({ state: "in_progress", description: `Releasing ${release}` });
        return deployment;
    }
    /** Ends what is open of one release, also a deployment that was created and whose id never arrived; all `but` one. */
    static async endRelease(context, inputs, release, end, but) {
        const { environment, app } = inputs;
        const client = clientOf(context, inputs["github-token"]);
        const open = await orWarn(context, () => (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .findOpenDeployments */ .a$)(client, { environment, app }));
        const own = (open ?? []).filter((each) => each.release === release && each.id !== but);
        for (const { id } of own)
            await new GitHubDeployment(context, client, id).set(end);
    }
    /** False when GitHub was not told. */
    async set({ state, description, url }) {
        const { runUrl: logUrl } = this.#context.run;
        const status = { state, description, logUrl, ...(url === undefined ? {} : { environmentUrl: url }) };
        const told = await orWarn(this.#context, async () => {
            await (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .setDeploymentStatus */ .e9)(this.#client, this.id, status);
            return true;
        });
        return told ?? false;
    }
    /**
     * Ends what runs that died left in progress. To be called with the app's lock held: no other run of it goes on then.
     * `live`: the release in production, which went out whatever became of its run.
     */
    async endLost({ environment, app }, live) {
        const client = this.#client;
        const lost = await orWarn(this.#context, () => (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .findOpenDeployments */ .a$)(client, { environment, app, own: this.id }));
        for (const { id, release } of lost ?? [])
            await orWarn(this.#context, () => (0,_augeo_github__WEBPACK_IMPORTED_MODULE_0__/* .setDeploymentStatus */ .e9)(client, id, lostStatus(release === live)));
    }
}
/** What GitHub is told of a release whose run ended without a word. */
const lostStatus = (isLive) => isLive
    ? { state: "success", description: "It is live; its run ended without a word" }
    : { state: "error", description: "Its run ended without a word; what it left was ended by a later one" };
function clientOf({ run, clock, signal }, token) {
    const { apiUrl, repository } = run;
    return new _augeo_github__WEBPACK_IMPORTED_MODULE_0__.GitHubClient({ apiUrl, token, repository, clock, signal, patience: 15_000 });
}
/** Undefined also when the run is cancelled meanwhile: that is no reason to say less of a release that is over. */
async function orWarn({ log, signal }, act) {
    try {
        return await act();
    }
    catch (error) {
        if (signal.aborted)
            return undefined;
        if (!(error instanceof _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .ServiceError */ ._7))
            throw error;
        log.warning(`${error.what} ${error.why} Fix: ${error.fix} Or set deployment: false.`);
        return undefined;
    }
}


/***/ }),

/***/ 895:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FS: () => (/* binding */ storedSteps),
/* harmony export */   Wd: () => (/* binding */ stageStored),
/* harmony export */   dw: () => (/* binding */ stage)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(613);
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1910);
/* harmony import */ var _slot_deploy_deploy_to_slot_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3663);
/* harmony import */ var _slot_swap_connection_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(3597);





/** Brings a release of the ledger back into the slot, by the package that was stored of it. */
async function stageStored(context, connection, inputs, record) {
    const { ledger } = connection;
    if (!ledger || record.artifact === null)
        throw notStored(record);
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(context.run.tempFolder, `${record.artifact}.zip`);
    await context.log.group(`Fetch the stored package of ${record.release}`, () => ledger.fetchArtifact(record.artifact ?? "", path));
    const pack = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_2__.readPackage)(path);
    const label = pack.label ?? { release: record.release, commit: record.commit ?? "", schemaHead: record.schemaHead };
    if (label.release !== record.release)
        throw notItself(record, label.release);
    await stage(context, connection, inputs, { package: pack, packed: path, ...label });
}
/** Sends a packed release to the slot, at most once, until the slot holds it. */
async function stage({ log }, { session }, inputs, staged) {
    const options = {
        slot: (0,_slot_swap_connection_js__WEBPACK_IMPORTED_MODULE_4__/* .refOf */ .H8)(inputs),
        createSlot: false,
        via: "scm",
        storage: undefined,
        timeout: inputs["deploy-timeout"],
        startTimeout: inputs["start-timeout"],
        ...staged,
    };
    // The ledger says how far the release came; the deployment itself is found again by its release.
    const record = async () => { };
    await log.group(`Deploy ${staged.release} to slot ${inputs.slot}`, () => (0,_slot_deploy_deploy_to_slot_js__WEBPACK_IMPORTED_MODULE_3__/* .deployToSlot */ .pT)({ session, record }, options));
}
/** Steps of a rollback: nothing is migrated, ever, and what comes into the slot is what was stored. */
const storedSteps = (context, inputs) => (connection) => ({
    migrate: async () => null,
    stage: (record) => stageStored(context, connection, inputs, record),
});
function notStored({ release }) {
    return new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb({
        what: `Release ${release} can no longer be brought back into the slot.`,
        why: "It is not in the slot any more and its package was not stored.",
        fix: "build its commit again and release it.",
    });
}
function notItself({ release, artifact }, found) {
    return new _augeo_action_kit__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb({
        what: `The stored package of ${release} is not ${release}.`,
        why: `artifacts/${artifact}.zip names itself ${found}.`,
        fix: "build the release's commit again and release it; find out who writes to the ledger's container.",
    });
}


/***/ }),

/***/ 3646:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ stageInputs)
/* harmony export */ });
/** How long bringing a package into the slot may take. */
const stageInputs = {
    "deploy-timeout": {
        kind: "duration",
        default: "20m",
        min: "1s",
        max: "5h",
        doc: "For the deployment to the slot: waiting for others, sending, building.",
    },
    "start-timeout": {
        kind: "duration",
        default: "5m",
        min: "0s",
        max: "1h",
        doc: "For the app in the slot to start once it is deployed. `0s` does not wait.",
    },
};


/***/ }),

/***/ 3663:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Wy: () => (/* binding */ labelOf),
/* harmony export */   pT: () => (/* binding */ deployToSlot)
/* harmony export */ });
/* unused harmony export releaseIdOf */
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1910);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);
/** The whole of a deployment to a slot, without inputs and outputs: other actions call it too. */


/** `0123456-89abcdef`: seven digits of the commit, eight of the content. */
function releaseIdOf(commit, content) {
    return `${commit.slice(0, 7)}-${content.slice(0, 8)}`;
}
/** The label of a package. */
function labelOf(options, content) {
    const { commit, schemaHead } = options;
    return { release: options.release ?? releaseIdOf(commit, content), commit, content, schemaHead };
}
/** Ends with the slot holding the release. Throws `UsageError` before anything is changed, `ServiceError`, `Interrupted`. */
function deployToSlot(ports, options) {
    return new Deployment(ports, options).run();
}
/** A slot changed so shortly before may still have the restart of its SCM site ahead. */
const RECENT_CHANGE = 60_000;
const SETTLE = { answers: 3, interval: 500 };
class Deployment {
    #ports;
    #options;
    #began;
    #done = [];
    #last;
    constructor(ports, options) {
        this.#ports = ports;
        this.#options = options;
        this.#began = this.#context.clock.now();
    }
    get #context() {
        return this.#ports.session.context;
    }
    get #deadline() {
        return this.#began + this.#options.timeout;
    }
    async run() {
        try {
            return await this.#run();
        }
        catch (error) {
            if (!this.#context.signal.aborted)
                throw error;
            throw new _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .Interrupted */ .j$({
                what: `The deployment to ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.nameOf)(this.#options.slot)} was cancelled.`,
                done: this.#done,
                undone: this.#undone(),
            });
        }
    }
    async #run() {
        const { slot, via, storage } = this.#options;
        if (via === "arm" && storage === undefined)
            throw noStorage();
        const given = this.#options.package;
        const pack = typeof given === "string" ? await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.readPackage)(given) : given;
        const release = labelOf(this.#options, pack.content);
        this.#context.log.info(`Release ${release.release}: ${pack.files.length} files, ${(pack.bytes / (1024 * 1024)).toFixed(1)} MB, content ${pack.content.slice(0, 12)}.`);
        const { site, created } = await this.#slot();
        const delivered = via === "scm"
            ? await this.#throughScm(pack, release, site, created)
            : await this.#throughArm(pack, release, storage ?? "");
        const started = delivered.kind === "deployed" ? await this.#start(slot, site) : true;
        return {
            kind: delivered.kind === "already-there" ? "already-deployed" : started ? "deployed" : "not-started",
            release,
            slotCreated: created,
            deployment: delivered.kind === "deployed" ? delivered.deployment : undefined,
            uploads: delivered.uploads,
            redeployed: delivered.kind === "deployed" && delivered.redeployed,
            package: { kind: pack.kind, files: pack.files.length, bytes: pack.bytes },
            slotUrl: `https://${site.defaultHostName}`,
            duration: this.#context.clock.now() - this.#began,
            containerLog: started ? undefined : await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.readContainerLog)(this.#ports.session.arm, slot).catch(() => undefined),
        };
    }
    async #slot() {
        const { slot, createSlot: mayCreate } = this.#options;
        const { arm } = this.#ports.session;
        const found = mayCreate ? await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.findSlot)(arm, slot) : await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.readSite)(arm, slot);
        if (found !== undefined)
            return { site: found, created: false };
        this.#context.log.info(`Creating ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.nameOf)(slot)} with production's configuration.`);
        const site = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.createSlot)(arm, slot, { deadline: this.#deadline });
        this.#done.push(`created ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.nameOf)(slot)}`);
        return { site, created: true };
    }
    async #throughScm(pack, release, site, created) {
        const { session } = this.#ports;
        const kudu = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.openKudu)(session, this.#options.slot, site);
        if (await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.holdsRelease)(kudu, release))
            return { kind: "already-there", uploads: 0 };
        if (created || this.#changedLately(site))
            await this.#settle(kudu);
        const delivered = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.deployPackage)(kudu, this.#delivery(pack, release));
        await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.proveContent)(kudu, release, Math.max(this.#deadline, this.#context.clock.now() + 10_000));
        return delivered;
    }
    #changedLately(site) {
        const changed = Date.parse(`${site.properties.lastModifiedTimeUtc ?? ""}`.replace(/([^Z])$/, "$1Z"));
        const age = this.#context.clock.now() - changed;
        return age > -RECENT_CHANGE && age < RECENT_CHANGE;
    }
    async #settle(kudu) {
        this.#context.log.info("The slot was changed a moment ago; waiting until its SCM site stands still.");
        await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.settle)(kudu, { ...SETTLE, deadline: this.#deadline });
    }
    #throughArm(pack, release, storage) {
        const { arm, blobs } = this.#ports.session;
        const route = { arm, blobs, ref: this.#options.slot, container: (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.containerAddress)(storage) };
        return (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.deployByUrl)(route, this.#delivery(pack, release));
    }
    #delivery(pack, release) {
        const { packed } = this.#options;
        const onStep = async (step) => {
            this.#last = step;
            if (step.step === "ended" && step.succeeded)
                this.#done.push(`deployed ${release.release} (deployment ${step.deployment})`);
            await this.#ports.record({ ...step, release: release.release });
        };
        return {
            upload: packed === undefined ? pack.labelled(release) : (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.fileUpload)(packed),
            release,
            deadline: this.#deadline,
            onStep,
        };
    }
    /** True once every instance runs. A slot that was stopped is started: a release is judged by its running app. */
    async #start(slot, site) {
        const { arm } = this.#ports.session;
        const { clock, log } = this.#context;
        if (site.state === "Stopped") {
            log.info(`Starting ${(0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.nameOf)(slot)}, which was stopped.`);
            await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.startSite)(arm, slot);
        }
        if (this.#options.startTimeout === 0)
            return true;
        const { kind, instances } = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.awaitRunning)(arm, slot, clock.now() + this.#options.startTimeout);
        if (kind === "running" || (await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.answersAt)(this.#ports.session.http, site.defaultHostName, this.#context.signal)))
            return true;
        log.warning(`The app did not start in time: ${instances.map(({ id, state }) => `${id.slice(0, 8)} ${state}`).join(", ") || "no instance"}.`);
        return false;
    }
    #undone() {
        const last = this.#last;
        if (last?.step === "sending")
            return ["the package was being sent; the SCM site drops an upload that was cut off"];
        if (last?.step === "accepted")
            return [`deployment ${last.deployment} goes on in the slot; the next run waits for it before it sends anything`];
        if (last?.step === "ended" && last.succeeded)
            return ["whether the app has started was not waited for"];
        return [];
    }
}
function noStorage() {
    return new _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb({
        what: "via: arm needs the input ledger.",
        why: "Azure fetches the package by URL from a blob container, and none is named.",
        fix: "Set ledger: https://<account>.blob.core.windows.net/<container>.",
    });
}


/***/ })

};
