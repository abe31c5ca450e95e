export const id = 162;
export const ids = [162];
export const modules = {

/***/ 3829:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ findingOf)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);

/** What an error says of itself. One that explains nothing is a fault of ours and goes on. */
function findingOf(area, state, error) {
    if (!(error instanceof _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .ServiceError */ ._7 || error instanceof _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .UsageError */ .eb))
        throw error;
    return { area, state, what: error.what, why: error.why, fix: error.fix };
}


/***/ }),

/***/ 1162:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  s: () => (/* binding */ examine),
  l: () => (/* binding */ examineEnvironment)
});

// EXTERNAL MODULE: ./packages/azure/src/index.ts + 53 modules
var src = __webpack_require__(1910);
// EXTERNAL MODULE: ./packages/github/src/index.ts + 11 modules
var github_src = __webpack_require__(3359);
// EXTERNAL MODULE: ./actions/setup/step.ts
var step = __webpack_require__(1484);
// EXTERNAL MODULE: ./actions/doctor/examination.ts
var doctor_examination = __webpack_require__(3829);
;// CONCATENATED MODULE: ./actions/doctor/checks/github.ts



/** The environment's protection, and the checks that must be required on the default branch. */
async function checkGitHub(examination) {
    return (await Promise.all([checkEnvironment(examination), checkRequiredChecks(examination)])).flat();
}
async function checkEnvironment({ github, inputs }) {
    const name = inputs.environment;
    try {
        const data = await github.call({
            operation: "read the environment",
            permission: "actions: read",
            route: "GET /repos/{owner}/{repo}/environments/{environment_name}",
            parameters: { environment_name: name },
            repeatable: true,
            accept: [404],
        });
        if (data === undefined)
            return [missingEnvironment(name)];
        const rules = (0,src.listOf)((0,src.fieldsOf)(data).protection_rules).map((rule) => (0,src.textOf)((0,src.fieldsOf)(rule).type));
        const guards = rules.length === 0 ? "no protection rules" : rules.join(", ");
        const state = rules.includes("required_reviewers") || rules.includes("branch_policy") ? "ok" : "warning";
        return [
            { area: "GitHub", state, what: `The environment ${name} has ${guards}.`, ...(state === "ok" ? {} : unguarded) },
        ];
    }
    catch (error) {
        return [(0,doctor_examination/* findingOf */.h)("GitHub", "unknown", error)];
    }
}
const unguarded = {
    why: "Any branch that can run a workflow could deploy there.",
    fix: "Settings → Environments → Deployment branches and tags: only the default branch; required reviewers where the plan has them.",
};
function missingEnvironment(name) {
    return {
        area: "GitHub",
        state: "warning",
        what: `The environment ${name} does not exist yet.`,
        why: "GitHub makes it on first use, without any protection.",
        fix: `gh api --method PUT repos/{owner}/{repo}/environments/${name}`,
    };
}
async function checkRequiredChecks({ github, inputs, defaultBranch }) {
    const wanted = inputs["required-checks"] ?? [];
    if (wanted.length === 0)
        return [];
    try {
        const rules = await github.call({
            operation: "read the branch's rules",
            permission: "metadata: read",
            route: "GET /repos/{owner}/{repo}/rules/branches/{branch}",
            parameters: { branch: defaultBranch },
            repeatable: true,
        });
        const required = (0,src.listOf)(rules)
            .flatMap((rule) => (0,src.listOf)((0,src.fieldsOf)((0,src.fieldsOf)(rule).parameters).required_status_checks))
            .map((check) => (0,src.textOf)((0,src.fieldsOf)(check).context));
        return wanted.map((check) => requiredOrNot(check, required));
    }
    catch (error) {
        return [(0,doctor_examination/* findingOf */.h)("GitHub", "unknown", error)];
    }
}
function requiredOrNot(check, required) {
    if (required.includes(check))
        return { area: "GitHub", state: "ok", what: `The check "${check}" is required.` };
    return {
        area: "GitHub",
        state: "warning",
        what: `The check "${check}" is not required on the default branch.`,
        why: required.length === 0
            ? "No ruleset of the branch requires checks, so that what it would show stops no merge."
            : `Required are: ${required.join(", ")}.`,
        fix: `Settings → Rules → Rulesets → Require status checks to pass: add "${check}" exactly so, or a ruleset for it:\n${rulesetCommand(check)}`,
    };
}
/** Source: docs.github.com, REST: create a repository ruleset. */
function rulesetCommand(check) {
    const rule = { strict_required_status_checks_policy: false, required_status_checks: [{ context: check }] };
    const body = {
        name: `Require ${check}`,
        target: "branch",
        enforcement: "active",
        conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
        rules: [{ type: "required_status_checks", parameters: rule }],
    };
    return `echo ${(0,step/* word */.Vm)(JSON.stringify(body))} | gh api --method POST repos/{owner}/{repo}/rulesets --input -`;
}

// EXTERNAL MODULE: ./packages/probe/src/index.ts + 5 modules
var probe_src = __webpack_require__(4583);
;// CONCATENATED MODULE: ./actions/doctor/az-target.ts

/** The app or its slot, as the commands of `az webapp` take it. */
const azTarget = ({ app, resourceGroup, slot }) => `--name ${app} --resource-group ${resourceGroup}${(0,src.isProduction)(slot) ? "" : ` --slot ${slot}`}`;

;// CONCATENATED MODULE: ./actions/doctor/checks/health.ts




const PATIENCE = 30_000;
/** Whether production holds a release of this toolkit: before the first there may be nothing that answers. */
async function holdsRelease({ session, production }) {
    try {
        return (await (await (0,src.openKudu)(session, production)).file(`site/wwwroot/${src.RELEASE_FILE}`)) !== undefined;
    }
    catch {
        // What cannot be seen is not excused.
        return true;
    }
}
/** Whether both slots answer at the paths that a release is probed at. */
async function checkHealth(examination) {
    const { session, production, staging } = examination;
    const hosts = await Promise.all([
        (0,src.readSite)(session.arm, production).catch(() => undefined),
        (0,src.findSlot)(session.arm, staging).catch(() => undefined),
    ]);
    const places = [
        { name: "Production", slot: production, host: hosts[0]?.defaultHostName, state: "problem" },
        // An empty slot answers with a default page or an error: only a hint before the first release.
        { name: `The slot "${staging.slot}"`, slot: staging, host: hosts[1]?.defaultHostName, state: "warning" },
    ];
    const probed = places.flatMap(({ name, slot, host, state }) => host === undefined
        ? []
        : examination.inputs["health-path"].map((path) => probeOne(examination, { name, slot }, host, path, state)));
    const found = await Promise.all(probed);
    const fails = found.some((finding) => finding.state === "problem");
    if (!fails || (await holdsRelease(examination)))
        return found;
    const why = "No release is in production yet: the first one brings what answers there.";
    return found.map(({ area, state, what }) => state === "ok" ? { area, state, what } : { area, state: "warning", what, why });
}
async function probeOne({ context }, { name, slot }, host, path, state) {
    const url = `https://${host}${path}`;
    try {
        const { answer, latency } = await (0,probe_src/* createHttpProbe */.Xx)({ env: context.env, signal: context.signal }).get(url, {
            timeout: PATIENCE,
        });
        if (answer.kind === "failure")
            return {
                area: "health",
                state,
                what: `${name} does not answer at ${url}.`,
                why: answer.message,
                // Where an app that does not start says why.
                fix: `az webapp log tail ${azTarget(slot)}`,
            };
        const milliseconds = Math.round(latency);
        if (answer.status >= 200 && answer.status < 300) {
            return {
                area: "health",
                state: "ok",
                what: `${name} answers ${answer.status} at ${path} in ${milliseconds} ms.`,
            };
        }
        const redirect = answer.headers.location === undefined
            ? ""
            : ` It redirects to ${answer.headers.location}; redirects are not followed.`;
        return {
            area: "health",
            state,
            what: `${name} answers ${answer.status} at ${path}.${redirect}`,
            why: "A probe counts 200 to 299 as healthy.",
            fix: "Set health-path to a path that answers 2xx without sign-in when the app can serve.",
        };
    }
    catch (error) {
        return (0,doctor_examination/* findingOf */.h)("health", "unknown", error);
    }
}

// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
;// CONCATENATED MODULE: ./actions/doctor/checks/ledger.ts



/** Whether the ledger can be read and written, and whether anybody holds it. */
async function checkLedger({ session, context, inputs }) {
    const container = inputs.ledger;
    if (container === undefined) {
        return [
            {
                area: "ledger",
                state: "unknown",
                what: "No ledger was given, so it was not checked.",
                fix: "ledger: https://<account>.blob.core.windows.net/<container>",
            },
        ];
    }
    try {
        const place = {
            container,
            audience: session.signIn.cloud.storageAudience,
            app: inputs.app,
            environment: inputs.environment,
        };
        const ledger = (0,src.openLedger)(context, session.signIn.asCredential(), place);
        const read = await ledger.read();
        const found = [stateOf(read)];
        await tryToWrite(container, session, context.clock.now());
        found.push({ area: "ledger", state: "ok", what: "The container can be written." });
        return found;
    }
    catch (error) {
        return [(0,doctor_examination/* findingOf */.h)("ledger", "problem", error)];
    }
}
function stateOf(read) {
    if (read.kind === "absent")
        return { area: "ledger", state: "ok", what: "The ledger is empty: the next release is its first." };
    if (read.kind !== "head")
        return {
            area: "ledger",
            state: "problem",
            what: "The ledger's head cannot be used.",
            why: read.why,
            fix: "Start the workflow Reconcile by hand: it says what is live and what to do.",
        };
    const { holder, live } = read.head;
    const what = `The ledger says that ${live?.release ?? "nothing"} is live.`;
    if (holder === null)
        return { area: "ledger", state: "ok", what: `${what} Nobody holds the lock.` };
    return {
        area: "ledger",
        state: "warning",
        what: `${what} Run ${holder.runId} holds the lock.`,
        why: "A release waits for it, or takes over when that run is over.",
    };
}
/** Writes a few bytes under a name of their own and deletes them: reading alone does not show the right to write. */
async function tryToWrite(container, session, now) {
    const client = await session.blobs.container((0,src.containerAddress)(container));
    const blob = client.getBlockBlobClient(`doctor/${now}`);
    await blob.uploadStream(external_node_stream_.Readable.from([Buffer.from("doctor")]), undefined, undefined, {});
    await blob.delete();
}

;// CONCATENATED MODULE: ./actions/doctor/checks/names.ts


/** Slots a plan's tier allows besides production. Source: Microsoft Learn, App Service limits. */
const SLOTS = {
    free: 0,
    shared: 0,
    basic: 0,
    standard: 5,
    premium: 20,
    premiumv2: 20,
    premiumv3: 20,
    premiumv4: 20,
    premium0v3: 20,
    isolated: 20,
    isolatedv2: 20,
};
/** The app, its slot, and whether its plan allows slots at all. `isThere`: both exist, so that more can be asked of them. */
async function checkNames(examination) {
    const { session, production, staging } = examination;
    let site;
    try {
        site = await (0,src.readSite)(session.arm, production);
    }
    catch (error) {
        return { findings: [(0,doctor_examination/* findingOf */.h)("names", "problem", error)], isThere: false };
    }
    const found = [state(site, production.app)];
    const slots = await (0,src.listSlotNames)(session.arm, production);
    const exists = (0,src.isProduction)(staging.slot) || slots.some((name) => name.toLowerCase() === staging.slot.toLowerCase());
    if (exists)
        found.push({ area: "names", state: "ok", what: `The slot "${staging.slot}" exists.` });
    else
        found.push(missingSlot(examination, slots));
    found.push(...(await checkPlan(examination, site, slots.length, exists)));
    if (site.targetSwapSlot !== undefined)
        found.push(pendingSwap(examination, site.targetSwapSlot));
    return { findings: found, isThere: exists };
}
function state(site, app) {
    if (site.state === "Running")
        return { area: "names", state: "ok", what: `The app "${app}" is running at ${site.defaultHostName}.` };
    return {
        area: "names",
        state: "problem",
        what: `The app "${app}" is ${site.state.toLowerCase()}.`,
        why: "A swap would put the release into an app that answers nobody.",
        fix: `az webapp start --name ${app} --resource-group ${resourceGroupOf(site.id)}`,
    };
}
function missingSlot({ production, staging }, slots) {
    return {
        area: "names",
        state: "problem",
        what: `The slot "${staging.slot}" does not exist.`,
        why: slots.length === 0 ? "The app has no slots." : `Existing slots: ${slots.join(", ")}.`,
        fix: `az webapp deployment slot create --name ${production.app} --resource-group ${production.resourceGroup} --slot ${staging.slot} --configuration-source ${production.app}`,
    };
}
async function checkPlan({ session, inputs }, site, slots, exists) {
    const reply = await session.arm
        .call({ operation: "read the App Service plan", method: "GET", path: site.serverFarmId, accept: [403, 404] })
        .catch(() => undefined);
    const sku = (0,src.fieldsOf)((0,src.fieldsOf)(reply?.body).sku);
    const tier = (0,src.textOf)(sku.tier);
    if (reply === undefined || reply.status !== 200 || tier === "") {
        return [
            {
                area: "names",
                state: "unknown",
                what: "The plan's tier could not be read.",
                why: "Whoever is signed in may not read the App Service plan.",
                fix: `az role assignment create --assignee ${inputs["client-id"]} --role Reader --scope ${site.serverFarmId}`,
            },
        ];
    }
    const most = SLOTS[tier.toLowerCase()];
    if (most === undefined || (exists && slots <= most) || slots < most) {
        return [
            {
                area: "names",
                state: "ok",
                what: `The plan's tier ${tier} allows ${most ?? "some"} slots; ${slots} are in use.`,
            },
        ];
    }
    return [
        {
            area: "names",
            state: "problem",
            what: `The plan's tier ${tier} allows ${most} slots, and ${slots} are in use.`,
            why: "A release needs a slot beside production.",
            fix: `az appservice plan update --ids ${site.serverFarmId} --sku ${most === 0 ? "S1" : "P0V3"}`,
        },
    ];
}
function pendingSwap({ production, staging }, target) {
    return {
        area: "names",
        state: "problem",
        what: `A swap with preview is pending (target: ${target}).`,
        why: "Azure refuses every other swap until it is completed or reset.",
        fix: `az webapp deployment slot swap --name ${production.app} --resource-group ${production.resourceGroup} --slot ${staging.slot} --action reset`,
    };
}
function resourceGroupOf(id) {
    return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? "<group>";
}

;// CONCATENATED MODULE: ./actions/doctor/checks/package-way.ts


/** Whether this machine reaches the slot's SCM site, where packages go. */
async function checkPackageWay({ session, staging }) {
    try {
        const kudu = await (0,src.openKudu)(session, staging);
        const busy = await kudu.isDeploying();
        if (!busy)
            return [
                { area: "package", state: "ok", what: `The SCM site ${kudu.origin} answers and takes this identity's token.` },
            ];
        return [
            {
                area: "package",
                state: "warning",
                what: "Another deployment to the slot is under way.",
                why: "A release waits for it.",
            },
        ];
    }
    catch (error) {
        const finding = (0,doctor_examination/* findingOf */.h)("package", "problem", error);
        return [
            {
                ...finding,
                fix: `${finding.fix ?? ""}\nWhere the SCM site is closed to this machine on purpose: set via: arm.`.trim(),
            },
        ];
    }
}

// EXTERNAL MODULE: ./actions/setup/release-role.ts
var release_role = __webpack_require__(8030);
;// CONCATENATED MODULE: ./actions/doctor/checks/permitted.ts
/** Which of the actions no role allows. A role's own exclusions bind that role only. */
function missingActions(needed, permissions) {
    const allows = ({ actions, notActions }, action) => actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action));
    return needed.filter((action) => !permissions.some((permission) => allows(permission, action)));
}
/** `*` stands for any text, slashes included; letter case does not matter. */
function matches(pattern, action) {
    const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}

;// CONCATENATED MODULE: ./actions/doctor/checks/rights.ts




/** Asks Azure what this identity may do on the app, and names what is missing action by action. */
async function checkRights({ session, inputs, production }) {
    const scope = (0,src.sitePath)(session.arm, production);
    const path = `${scope}/providers/Microsoft.Authorization/permissions`;
    let listed;
    try {
        const query = { "api-version": "2022-04-01" };
        listed = await (0,src.listAll)(session.arm, { operation: "list the permissions", method: "GET", path, query });
    }
    catch (error) {
        return [(0,doctor_examination/* findingOf */.h)("rights", "unknown", error)];
    }
    const missing = missingActions(release_role/* RELEASE_ACTIONS */.cO, listed.map(decode));
    if (missing.length === 0)
        return [
            {
                area: "rights",
                state: "ok",
                what: `All ${release_role/* RELEASE_ACTIONS */.cO.length} actions of a release are allowed on the app.`,
            },
        ];
    return [
        {
            area: "rights",
            state: "problem",
            what: `This identity may not do ${missing.length} of the ${release_role/* RELEASE_ACTIONS */.cO.length} actions of a release.`,
            why: `Missing: ${missing.join(", ")}.`,
            fix: `az role assignment create --assignee ${inputs["client-id"]} --role "Website Contributor" --scope ${scope}`,
        },
    ];
}
function decode(value) {
    const fields = (0,src.fieldsOf)(value);
    const texts = (key) => (0,src.listOf)(fields[key]).filter((item) => typeof item === "string");
    return { actions: texts("actions"), notActions: texts("notActions") };
}

;// CONCATENATED MODULE: ./actions/doctor/checks/stray-differences.ts
/** Names that differ between two sets of settings and are not kept in place by `sticky`, sorted. */
function strayDifferences(here, there, sticky) {
    const names = new Set([...Object.keys(here), ...Object.keys(there)]);
    const differ = (name) => JSON.stringify(here[name]) !== JSON.stringify(there[name]);
    return [...names].filter((name) => differ(name) && !sticky.includes(name)).sort();
}

;// CONCATENATED MODULE: ./actions/doctor/checks/settings.ts




/** What a swap would carry into production, and the settings that decide when a slot counts as warm. */
async function checkSettings(examination) {
    const { arm } = examination.session;
    try {
        const [settings, configuration, ofSlot] = await Promise.all([
            (0,src.readAppSettings)(arm, examination.production),
            (0,src.readConfiguration)(arm, examination.production),
            (0,src.readConfiguration)(arm, examination.staging),
        ]);
        return [
            ...(await differences(examination, settings)),
            ...warmUp(examination, settings, configuration),
            ...autoSwap(examination, ofSlot),
            ...routing(examination, configuration),
        ];
    }
    catch (error) {
        return [(0,doctor_examination/* findingOf */.h)("settings", "unknown", error)];
    }
}
/** Settings that differ between the slots and would move with a swap. Values are never shown. */
async function differences(examination, here) {
    const { session, production, staging } = examination;
    const { arm } = session;
    const [sticky, there, ownStrings, otherStrings] = await Promise.all([
        (0,src.readStickyNames)(arm, production),
        (0,src.readAppSettings)(arm, staging),
        (0,src.readConnectionStrings)(arm, production),
        (0,src.readConnectionStrings)(arm, staging),
    ]);
    const ofSettings = strayDifferences(here, there, sticky.appSettingNames);
    const ofStrings = strayDifferences(ownStrings, otherStrings, sticky.connectionStringNames);
    const stray = [...ofSettings, ...ofStrings];
    if (stray.length === 0)
        return [
            {
                area: "settings",
                state: "ok",
                what: "No setting would move into production with a swap that is not there already.",
            },
        ];
    return [
        {
            area: "settings",
            state: "warning",
            what: `${stray.length} settings differ between the slots and would change sides with a swap: ${stray.join(", ")}.`,
            why: "Only settings marked as slot settings stay where they are.",
            fix: stickCommand(examination, {
                ...sticky,
                appSettingNames: [...sticky.appSettingNames, ...ofSettings],
                connectionStringNames: [...sticky.connectionStringNames, ...ofStrings],
            }),
        },
    ];
}
/** The names alone, and all of them, since they are written as a whole: no value has to be known or typed. */
function stickCommand({ session, production }, properties) {
    const url = `${(0,src.sitePath)(session.arm, production)}/config/slotConfigNames?api-version=2025-05-01`;
    return `az rest --method put --url '${url}' --body '${JSON.stringify({ properties })}'`;
}
const WARM_UP = "WEBSITE_SWAP_WARMUP_PING_PATH";
const STATUSES = "WEBSITE_SWAP_WARMUP_PING_STATUSES";
/** Without these two, Azure takes any answer to `/` as warm, an error page included. */
function warmUp({ production, staging, inputs }, settings, configuration) {
    const path = inputs["health-path"][0] ?? "/";
    const found = [];
    const unset = [WARM_UP, STATUSES].filter((name) => settings[name] === undefined);
    if (unset.length > 0) {
        found.push({
            area: "settings",
            state: "warning",
            what: `${unset.join(" and ")} ${unset.length === 1 ? "is" : "are"} not set.`,
            why: "Azure then takes any answer as warm during a swap, an error page included. The action warms and probes the slot itself before.",
            // In both slots: in one alone it would change sides with a swap.
            fix: [production, staging]
                .map((ref) => `az webapp config appsettings set ${azTarget(ref)} --settings ${WARM_UP}=${path} ${STATUSES}=200`)
                .join("\n"),
        });
    }
    else
        found.push({
            area: "settings",
            state: "ok",
            what: `A swap waits until ${settings[WARM_UP]} answers ${settings[STATUSES]}.`,
        });
    if ((0,src.textOf)(configuration.healthCheckPath) === "") {
        found.push({
            area: "settings",
            state: "warning",
            what: "No health check path is set.",
            why: "Azure then never takes a broken instance out of the load balancer.",
            fix: `az webapp config set --name ${production.app} --resource-group ${production.resourceGroup} --generic-configurations '{"healthCheckPath": "${path}"}'`,
        });
    }
    return found;
}
/** It is set on the slot that is swapped away from. Source: Microsoft Learn, configure auto swap. */
function autoSwap({ staging }, ofSlot) {
    const target = (0,src.textOf)(ofSlot.autoSwapSlotName);
    if (target === "")
        return [];
    return [
        {
            area: "settings",
            state: "problem",
            what: `Auto swap from ${staging.slot} into ${target} is on.`,
            why: "It would swap a release that nobody has probed, and is not supported on Linux.",
            fix: `az webapp deployment slot auto-swap --name ${staging.app} --resource-group ${staging.resourceGroup} --slot ${staging.slot} --disable`,
        },
    ];
}
function routing({ production }, configuration) {
    const active = (0,src.rampUpRulesOf)(configuration).filter((rule) => rule.reroutePercentage > 0);
    if (active.length === 0)
        return [];
    const shares = active.map((rule) => `${rule.reroutePercentage} % to ${rule.name}`).join(", ");
    return [
        {
            area: "settings",
            state: "warning",
            what: `Production's traffic is routed aside: ${shares}.`,
            why: "A release removes every routing rule before it swaps.",
            fix: `az webapp traffic-routing clear --name ${production.app} --resource-group ${production.resourceGroup}`,
        },
    ];
}

;// CONCATENATED MODULE: ./actions/doctor/checks/sign-in.ts



/** The ID token, the subject it carries, and whether Entra takes it. */
async function checkSignIn({ session, context }) {
    try {
        const token = await session.signIn.token(session.signIn.cloud.management);
        const { oid, exp } = (0,src.claimsOf)(token);
        const minutes = Math.round((Number(exp) * 1000 - context.clock.now()) / 60_000);
        const what = `Signed in by federation as the principal ${String(oid)}; the token lives ${minutes} minutes.`;
        return [{ area: "sign-in", state: "ok", what }];
    }
    catch (error) {
        return [(0,doctor_examination/* findingOf */.h)("sign-in", "problem", error)];
    }
}
/** Which of the two forms of the subject this repository's tokens carry: the other one does not match. */
async function checkSubject({ federation, github }) {
    const claims = await federation?.claims().catch(() => undefined);
    if (claims === undefined)
        return [];
    const { sent, classic, immutable } = (0,src.subjectForms)(claims);
    const form = sent === classic ? "classic" : sent === immutable ? "immutable" : "customised";
    const what = `The subject of this job's ID token is ${sent} (${form} form).`;
    const found = [{ area: "sign-in", state: "ok", what }];
    if (claims.environment === undefined) {
        found.push({
            area: "sign-in",
            state: "warning",
            what: "This job names no environment, so its subject is not the one of a job that deploys.",
            why: "With environment: in a job GitHub writes the environment into the subject, in place of the branch.",
            fix: "Run the doctor in a job with the same environment: as the deployment.",
        });
    }
    const custom = await (0,github_src/* readSubjectCustomisation */.TH)(github).catch(() => undefined);
    if (custom !== undefined && form === "classic" && custom.prefix?.includes("@")) {
        found.push({
            area: "sign-in",
            state: "warning",
            what: `GitHub will write this repository's subjects in the immutable form: ${custom.prefix}…`,
            why: "Repositories that are renamed or transferred get it; a credential for the classic form then no longer matches.",
            fix: `Add a second federated credential beside the first, for the subject:\n${immutable}`,
        });
    }
    return found;
}

// EXTERNAL MODULE: ./actions/doctor/finding.ts
var doctor_finding = __webpack_require__(8665);
// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var action_kit_src = __webpack_require__(613);
;// CONCATENATED MODULE: ./actions/doctor/summary.ts

const ICONS = { ok: "✅", warning: "⚠️", problem: "❌", unknown: "❔" };
const WORST = ["problem", "warning", "unknown", "ok"];
/** The job summary. Pure: what would stop a release comes first. */
function summarise(findings, place) {
    const problems = findings.filter((finding) => finding.state === "problem").length;
    const verdict = problems === 0 ? "✅ A release can go out" : `❌ ${problems} findings would stop a release`;
    const sorted = WORST.flatMap((state) => findings.filter((finding) => finding.state === state));
    const rows = sorted.map(({ state, area, what }) => `| ${ICONS[state]} | ${area} | ${cell(what)} |`);
    const details = sorted.filter(({ state, why, fix }) => state !== "ok" && (why !== undefined || fix !== undefined));
    return [
        `### ${verdict}: ${cell(place)}`,
        ["| | area | finding |", "| --- | --- | --- |", ...rows].join("\n"),
        ...details.map(detail),
        "",
    ].join("\n\n");
}
function detail({ state, what, why, fix }) {
    const parts = [`**${ICONS[state]} ${cell(what)}**`];
    if (why !== undefined)
        parts.push(cell(why).replaceAll("\n", "<br>"));
    if (fix !== undefined)
        parts.push("**Fix:**", ...fix.split("\n").map(fixLine));
    return parts.join("\n\n");
}
/** A command to copy in a block of its own; words are wrapped, which a block would not do. */
const fixLine = (line) => /^\s*(?:az|gh|echo) /.test(line)
    ? `\`\`\`sh\n${(0,action_kit_src/* stripControls */.$Y)(line).trim().replaceAll("```", "ʼʼʼ")}\n\`\`\``
    : cell(line);
function cell(text) {
    return (0,action_kit_src/* stripControls */.$Y)(text)
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll("|", "\\|")
        .replaceAll("`", "\\`");
}

;// CONCATENATED MODULE: ./actions/doctor/examine.ts












/** Examines everything it can see; without a sign-in only what needs none. */
async function examine(ctx) {
    const { inputs, log, run, clock, env, signal } = ctx;
    const context = { env, clock, log, signal };
    const session = (0,src.openSession)(context, inputs);
    const github = new github_src.GitHubClient({
        apiUrl: run.apiUrl,
        token: inputs["github-token"],
        repository: run.repository,
        clock,
        signal,
    });
    const app = { resourceGroup: inputs["resource-group"], app: inputs.app };
    const examination = {
        inputs,
        context,
        session,
        federation: session.signIn,
        github,
        production: { ...app, slot: src.PRODUCTION },
        staging: { ...app, slot: inputs.slot },
        defaultBranch: (0,src.textOf)((0,src.fieldsOf)((0,src.fieldsOf)(run.event()).repository).default_branch) || "main",
    };
    try {
        const findings = await allFindings(examination);
        for (const finding of findings)
            log.info((0,doctor_finding/* lineOf */.c)(finding));
        return outcomeOf(findings, `${inputs.app}, slot ${inputs.slot}`);
    }
    finally {
        session.close();
    }
}
async function allFindings(examination) {
    // GitHub's client is heavy to load: the sign-in is under way before that begins.
    const [signIn, subject] = await Promise.all([checkSignIn(examination), checkSubject(examination)]);
    if (signIn.some((finding) => finding.state === "problem"))
        return [...signIn, ...subject, ...(await checkGitHub(examination))];
    return [...signIn, ...subject, ...(await examineEnvironment(examination))];
}
/** Everything of one environment that the sign-in lets be seen, whoever is signed in. */
async function examineEnvironment(examination) {
    const github = checkGitHub(examination);
    const ledger = checkLedger(examination);
    const { findings: names, isThere } = await checkNames(examination);
    // What a person may do says nothing of the identity that will deploy.
    const checks = [
        ...(examination.federation === undefined ? [] : [checkRights]),
        checkSettings,
        checkPackageWay,
        checkHealth,
    ];
    // Without the app or its slot, what would be asked of them only repeats that they are not there.
    const rest = isThere ? await Promise.all(checks.map((check) => check(examination))) : [];
    return [...names, ...rest.flat(), ...(await ledger), ...(await github)];
}
function outcomeOf(findings, place) {
    const count = (state) => findings.filter((finding) => finding.state === state).length;
    const problems = count("problem");
    const warnings = count("warning");
    return {
        reason: problems > 0 ? "problems-found" : "all-well",
        outputs: { problems, warnings },
        result: { problems, warnings, findings: findings.map((finding) => ({ ...finding })) },
        summary: summarise(findings, place),
        message: problems > 0
            ? `${problems} findings would stop a release.`
            : `Nothing would stop a release (${warnings} warnings).`,
    };
}


/***/ }),

/***/ 8665:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c: () => (/* binding */ lineOf)
/* harmony export */ });
const MARKS = { ok: "✓", warning: "!", problem: "✗", unknown: "?" };
/** One finding for a log or a terminal. */
function lineOf({ state, area, what, why, fix }) {
    const rest = [why === undefined ? [] : [`Why: ${why}`], fix === undefined ? [] : [`Fix: ${fix}`]].flat();
    return [`${MARKS[state]} ${area}: ${what}`, ...rest.map((text) => `    ${text.replaceAll("\n", "\n    ")}`)].join("\n");
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
