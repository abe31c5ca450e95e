export const id = 248;
export const ids = [248];
export const modules = {

/***/ 8248:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DOCTOR_USAGE: () => (/* binding */ DOCTOR_USAGE),
/* harmony export */   doctor: () => (/* binding */ doctor)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7975);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_util__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(613);
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1910);
/* harmony import */ var _augeo_github__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(3359);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(2607);
/* harmony import */ var _doctor_examination_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(3829);
/* harmony import */ var _doctor_examine_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(1162);
/* harmony import */ var _doctor_finding_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(8665);
/* harmony import */ var _settings_read_settings_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(7464);
/* harmony import */ var _settings_settings_js__WEBPACK_IMPORTED_MODULE_18__ = __webpack_require__(7653);
/* harmony import */ var _setup_plan_js__WEBPACK_IMPORTED_MODULE_11__ = __webpack_require__(4212);
/* harmony import */ var _setup_site_setup_js__WEBPACK_IMPORTED_MODULE_12__ = __webpack_require__(850);
/* harmony import */ var _setup_storage_steps_js__WEBPACK_IMPORTED_MODULE_13__ = __webpack_require__(3615);
/* harmony import */ var _github_token_js__WEBPACK_IMPORTED_MODULE_14__ = __webpack_require__(7212);
/* harmony import */ var _not_understood_js__WEBPACK_IMPORTED_MODULE_15__ = __webpack_require__(6182);
/* harmony import */ var _read_repository_js__WEBPACK_IMPORTED_MODULE_16__ = __webpack_require__(7992);
/* harmony import */ var _terminal_js__WEBPACK_IMPORTED_MODULE_17__ = __webpack_require__(4231);
/** `doctor`: the same examination as the action's, of every environment of `.augeo/deploy.yml`, by a person. */



















const DOCTOR_USAGE = `deploy doctor [options]

Finds out why a release would not work, from your own machine. Changes nothing but one small blob that it deletes again.

  --environment NAME         only this one of .augeo/deploy.yml
  --json                     print the findings as JSON (schema 1)

Exit code 0: nothing would stop a release; 1: something would; 2: the command or the settings were not understood.
`;
async function doctor(args, terminal) {
    const { only, json } = readFlags(args);
    const root = await (0,_read_repository_js__WEBPACK_IMPORTED_MODULE_16__/* .rootOf */ .I5)(terminal);
    const settings = await readSettingsOf(root);
    const places = settings.environments.filter(({ name }) => only === undefined || name === only);
    if (places.length === 0)
        throw unknownEnvironment(only ?? "", settings);
    const session = (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_4__.openUserSession)((0,_terminal_js__WEBPACK_IMPORTED_MODULE_17__/* .azureContextOf */ .U)(terminal), settings);
    const github = new _augeo_github__WEBPACK_IMPORTED_MODULE_5__.GitHubClient({
        apiUrl: terminal.env.GITHUB_API_URL ?? "https://api.github.com",
        token: await (0,_github_token_js__WEBPACK_IMPORTED_MODULE_14__/* .githubToken */ .b)(terminal),
        repository: settings.repository,
        clock: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_3__/* .systemClock */ .ml,
        signal: terminal.signal,
    });
    try {
        const setup = new _setup_site_setup_js__WEBPACK_IMPORTED_MODULE_12__/* .SiteSetup */ .D2(settings, session, github);
        const without = (0,_read_repository_js__WEBPACK_IMPORTED_MODULE_16__/* .unmigrated */ .RA)(root, settings);
        const all = await examineAll(setup, places, without, json ? undefined : terminal);
        if (json)
            terminal.print(`${JSON.stringify({ schema: 1, findings: all }, null, 2)}\n`);
        return all.some(({ state }) => state === "problem") ? 1 : 0;
    }
    finally {
        session.close();
    }
}
function readFlags(args) {
    const options = { environment: { type: "string" }, json: { type: "boolean" } };
    try {
        const { values } = (0,node_util__WEBPACK_IMPORTED_MODULE_2__.parseArgs)({ args: [...args], options });
        return { only: values.environment, json: values.json === true };
    }
    catch (cause) {
        throw (0,_not_understood_js__WEBPACK_IMPORTED_MODULE_15__/* .notUnderstood */ .h)("npx @augeo/deploy doctor", Object.keys(options), cause);
    }
}
async function readSettingsOf(root) {
    const text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(root, _settings_settings_js__WEBPACK_IMPORTED_MODULE_18__/* .SETTINGS_FILE */ .tP), "utf8").catch((cause) => {
        throw new _augeo_release__WEBPACK_IMPORTED_MODULE_6__/* .UsageError */ .eb({
            what: `There is no ${_settings_settings_js__WEBPACK_IMPORTED_MODULE_18__/* .SETTINGS_FILE */ .tP} in ${root}.`,
            why: "It names what the doctor holds against what is there.",
            fix: "npx @augeo/deploy init",
            cause,
        });
    });
    return (0,_settings_read_settings_js__WEBPACK_IMPORTED_MODULE_10__/* .readSettings */ .s)(text, _settings_settings_js__WEBPACK_IMPORTED_MODULE_18__/* .SETTINGS_FILE */ .tP);
}
function unknownEnvironment(name, { environments }) {
    return new _augeo_release__WEBPACK_IMPORTED_MODULE_6__/* .UsageError */ .eb({
        what: `${_settings_settings_js__WEBPACK_IMPORTED_MODULE_18__/* .SETTINGS_FILE */ .tP} names no environment ${name}.`,
        why: `It names ${environments.map((one) => one.name).join(", ")}.`,
        fix: "--environment with one of them.",
    });
}
async function examineAll(setup, places, without, terminal) {
    const steps = (0,_setup_plan_js__WEBPACK_IMPORTED_MODULE_11__/* .setupSteps */ .p)(setup);
    await repositoryOf(setup);
    const shared = await lookAt(setup, steps.filter(({ environment }) => environment === undefined));
    const all = shared.map((finding) => ({ ...finding, environment: undefined }));
    show("All environments", shared, terminal);
    for (const place of places) {
        const own = await lookAt(setup, steps.filter(({ environment }) => environment === place.name));
        const found = [
            ...own,
            ...(without.includes(place) ? [withoutMigrations(place)] : []),
            ...(await examinePlace(setup, place)),
        ];
        show(place.name, found, terminal);
        all.push(...found.map((finding) => ({ ...finding, environment: place.name })));
    }
    const count = (state) => all.filter((finding) => finding.state === state).length;
    terminal?.say(`${count("problem")} would stop a release, ${count("warning")} worth a look, ${count("ok")} as they should be.`);
    return all;
}
/** Where it cannot be read, each finding that needs it says so; the rest is looked at all the same. */
function repositoryOf(setup) {
    return setup.repository().catch(() => ({ defaultBranch: "main" }));
}
function show(title, findings, terminal) {
    terminal?.print(`${title}\n${findings.map((finding) => `${(0,_doctor_finding_js__WEBPACK_IMPORTED_MODULE_9__/* .lineOf */ .c)(finding).replaceAll(/^/gm, "  ")}\n`).join("")}\n`);
}
/** A release without an address migrates nothing, and says nothing of it. */
function withoutMigrations({ name }) {
    return {
        area: "set-up",
        state: "warning",
        what: `The migrations are not applied in ${name}: it names no database-url.`,
        why: "The package has an alembic.ini, and a release migrates only the database that it is told.",
        fix: `In ${_settings_settings_js__WEBPACK_IMPORTED_MODULE_18__/* .SETTINGS_FILE */ .tP}, below ${name}: database-url: postgresql://<identity>@<server>.postgres.database.azure.com/<database>\nthen: npx @augeo/deploy init --apply`,
    };
}
const AREAS = { Azure: "set-up", Entra: "set-up", GitHub: "GitHub" };
/** What is set up, step by step, in order: a later step needs what an earlier one found. */
async function lookAt(setup, steps) {
    const findings = [];
    for (const step of steps)
        findings.push(await findingOfStep(setup, step));
    return findings;
}
async function findingOfStep(setup, { area, what, commands, look }) {
    try {
        const { there, note, commands: other } = await look();
        const known = { area: AREAS[area], ...(note === undefined ? {} : { why: `${note}.` }) };
        if (there)
            return { ...known, state: note === undefined ? "ok" : "warning", what: `Set up: ${what}.` };
        const missing = note === undefined ? `Missing: ${what}.` : `Not as it should be: ${what}.`;
        return {
            ...known,
            state: "problem",
            what: missing,
            fix: [
                ...(other ?? commands).map((one) => setup.alone(one)),
                "or all that is missing: npx @augeo/deploy init --apply",
            ].join("\n"),
        };
    }
    catch (error) {
        return (0,_doctor_examination_js__WEBPACK_IMPORTED_MODULE_7__/* .findingOf */ .h)(AREAS[area], "unknown", error);
    }
}
async function examinePlace(setup, place) {
    const { settings, session, github } = setup;
    const { app, "resource-group": resourceGroup, slot } = place;
    const { defaultBranch } = await repositoryOf(setup);
    const examination = {
        inputs: {
            "client-id": setup.identityOf(place)?.clientId ?? "",
            "tenant-id": settings["tenant-id"],
            "subscription-id": settings["subscription-id"],
            cloud: settings.cloud,
            app,
            "resource-group": resourceGroup,
            slot,
            ledger: await (0,_setup_storage_steps_js__WEBPACK_IMPORTED_MODULE_13__/* .ledgerUrl */ .XD)(setup, place),
            environment: place.name,
            "github-token": "",
            "health-path": settings["health-path"],
            "required-checks": settings["required-checks"],
        },
        context: session.context,
        session,
        federation: undefined,
        github,
        production: { app, resourceGroup, slot: _augeo_azure__WEBPACK_IMPORTED_MODULE_4__.PRODUCTION },
        staging: { app, resourceGroup, slot },
        defaultBranch,
    };
    const findings = await (0,_doctor_examine_js__WEBPACK_IMPORTED_MODULE_8__/* .examineEnvironment */ .l)(examination);
    return findings.map(seenByPerson);
}
/** A person needs no right to the ledger's content; that of the identity is looked at as a role. */
function seenByPerson(finding) {
    const isOwnRight = finding.area === "ledger" && finding.state === "problem" && /Storage Blob Data/.test(finding.fix ?? "");
    if (!isOwnRight)
        return finding;
    const why = "You yourself may not read its content; the role of the identity is looked at above.";
    return { area: "ledger", state: "unknown", what: "The ledger's content was not seen.", why };
}


/***/ })

};
