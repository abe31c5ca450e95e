export const id = 698;
export const ids = [698];
export const modules = {

/***/ 7212:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ githubToken)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_child_process__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7975);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_util__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2607);



/** The person's token for GitHub: a variable's, else that of the gh command line. */
async function githubToken({ env, signal }) {
    const given = env.GH_TOKEN || env.GITHUB_TOKEN;
    if (given)
        return given;
    try {
        const { stdout } = await (0,node_util__WEBPACK_IMPORTED_MODULE_1__.promisify)(node_child_process__WEBPACK_IMPORTED_MODULE_0__.execFile)("gh", ["auth", "token"], { env: { ...env }, signal });
        if (stdout.trim() !== "")
            return stdout.trim();
    }
    catch (cause) {
        throw notSignedIn(cause);
    }
    throw notSignedIn(undefined);
}
function notSignedIn(cause) {
    const isThere = !(cause instanceof Error && "code" in cause && cause.code === "ENOENT");
    return new _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb({
        what: "You are not signed in to GitHub on this machine.",
        why: isThere
            ? "Neither GH_TOKEN nor the gh command line gave a token."
            : "There is no GH_TOKEN, and the gh command line is not installed, or not on PATH.",
        fix: `${isThere ? "" : "Install it (https://cli.github.com), then: "}gh auth login, or GH_TOKEN with a token that may administer the repository and its environments.`,
        cause,
    });
}


/***/ }),

/***/ 6182:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ notUnderstood)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);


/** What `parseArgs` refused, with the option that was probably meant. @param command as a person types it */
function notUnderstood(command, options, cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const typed = /^Unknown option '--?([^']*)'/.exec(said)?.[1];
    const meant = typed === undefined ? undefined : (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .closest */ .kp)(typed, options);
    return new _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb({
        what: typed === undefined ? said : `${command} has no option --${typed}.`,
        why: meant === undefined ? "The command was not understood." : `Did you mean --${meant}?`,
        fix: `${command} --help`,
        cause,
    });
}


/***/ }),

/***/ 7992:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I5: () => (/* binding */ rootOf),
/* harmony export */   Nu: () => (/* binding */ readRepository),
/* harmony export */   RA: () => (/* binding */ unmigrated),
/* harmony export */   aV: () => (/* binding */ releasedBranch)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_child_process__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7975);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_3___default = /*#__PURE__*/__webpack_require__.n(node_util__WEBPACK_IMPORTED_MODULE_3__);
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1910);
/* harmony import */ var _terminal_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(4231);
/** What can be known from the repository itself, so that less has to be asked. Every guess is said. */






/** The repository's root, or the folder itself outside of one. */
async function rootOf({ folder }) {
    return (await git(folder, "rev-parse", "--show-toplevel")) ?? folder;
}
async function git(folder, ...args) {
    try {
        const { stdout } = await (0,node_util__WEBPACK_IMPORTED_MODULE_3__.promisify)(node_child_process__WEBPACK_IMPORTED_MODULE_0__.execFile)("git", ["-C", folder, ...args], { maxBuffer: 64 * 1024 * 1024 });
        return stdout.trim();
    }
    catch {
        return undefined;
    }
}
/** Environments whose database a release would not migrate: the package has migrations, and they name no address. */
function unmigrated(root, { package: folder, environments }) {
    if (!(0,node_fs__WEBPACK_IMPORTED_MODULE_1__.existsSync)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(root, folder, "alembic.ini")))
        return [];
    return environments.filter(({ "database-url": url }) => url === undefined);
}
/** The branch that is released: what the remote calls its default, else `main` where there is one, else where one is. */
async function releasedBranch(root) {
    const remote = await git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD");
    if (remote !== undefined)
        return remote.replace(/^origin\//, "");
    if ((await git(root, "rev-parse", "--verify", "--quiet", "refs/heads/main")) !== undefined)
        return "main";
    return (await git(root, "branch", "--show-current")) || "main";
}
async function readRepository(root, terminal) {
    const listed = await git(root, "ls-files", "--cached", "--others", "--exclude-standard");
    const files = (listed ?? "")
        .split("\n")
        .filter((path) => path !== "" && !/(^|\/)(tests?|node_modules|\.venv)\//.test(path));
    const [remote, raw, account] = await Promise.all([
        git(root, "remote", "get-url", "origin"),
        // As it was written, before a rule of git's own (`insteadOf`) leads elsewhere.
        git(root, "config", "--get", "remote.origin.url"),
        azureAccount(terminal),
    ]);
    const repository = (0,_terminal_js__WEBPACK_IMPORTED_MODULE_5__/* .repositoryOf */ ._)(remote ?? "") ?? (0,_terminal_js__WEBPACK_IMPORTED_MODULE_5__/* .repositoryOf */ ._)(raw ?? "");
    return defined({
        repository: repository === undefined ? undefined : { value: repository, from: "git remote origin" },
        "tenant-id": account.tenantId === "" ? undefined : { value: account.tenantId, from: "az account show" },
        "subscription-id": account.id === "" ? undefined : { value: account.id, from: "az account show" },
        ...readSources(root, files),
    });
}
async function azureAccount(terminal) {
    try {
        const shown = (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_4__.fieldsOf)(JSON.parse(await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_4__.azCommand)(["account", "show", "--output", "json"], terminal)));
        return { id: String(shown.id ?? ""), tenantId: String(shown.tenantId ?? "") };
    }
    catch {
        // Not installed or not signed in: then it has to be said.
        return { id: "", tenantId: "" };
    }
}
function readSources(root, files) {
    const alembic = files.find((path) => path.endsWith("alembic.ini"));
    const folder = alembic === undefined ? undefined : (0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(alembic);
    const inPackage = (path) => folder === undefined || folder === "." || path.startsWith(`${folder}/`);
    const sources = files
        .filter((path) => path.endsWith(".py") && inPackage(path))
        .slice(0, 2_000)
        .map((path) => ({ path, text: readText((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(root, path)) }));
    return defined({
        package: folder === undefined || alembic === undefined ? undefined : { value: folder, from: alembic },
        "health-path": healthPath(sources),
        "start-command": startCommand(sources, folder ?? ".", readText((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(root, folder ?? ".", "requirements.txt"))),
        runtime: runtimeOf(root, folder ?? "."),
    });
}
function readText(path) {
    return (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.existsSync)(path) ? (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.readFileSync)(path, "utf8") : "";
}
/** What a path is worth as proof that the app can serve: it must ask for more than whether the process lives. */
const WORTH = [/ready|readiness/, /health/, /live|ping/];
/** Routes that sound like health, with their router's prefix. */
function healthPath(sources) {
    const routes = sources.flatMap(({ path, text }) => {
        const prefix = /APIRouter\([^)]*prefix\s*=\s*["']([^"']*)["']/.exec(text)?.[1] ?? "";
        return [...text.matchAll(/@\w+\.(?:get|api_route)\(\s*["'](\/[^"'{]*)["']/g)].map(([, route = ""]) => ({
            value: `${prefix}${route}`,
            from: path,
        }));
    });
    return WORTH.flatMap((pattern) => routes.filter(({ value }) => pattern.test(value)))[0];
}
/** App Service starts nothing by itself that is a FastAPI app. The built-in image listens on 8000. */
function startCommand(sources, folder, requirements) {
    const source = sources.find(({ text }) => /^\w+\s*(?::[^=]+)?=\s*FastAPI\(/m.test(text));
    if (source === undefined)
        return undefined;
    const own = /^(\w+)\s*(?::[^=]+)?=\s*FastAPI\(/m.exec(source.text)?.[1] ?? "app";
    // A module that makes another thing named app, such as the API inside a middleware, means that one to be served.
    const name = /^(?:app\s*(?::[^=]+)?=|(?:async )?def app\()/m.test(source.text) ? "app" : own;
    const path = folder === "." ? source.path : source.path.slice(folder.length + 1);
    const module = path.replace(/(?:\/__init__)?\.py$/, "").replaceAll("/", ".");
    const value = /^gunicorn\b/im.test(requirements)
        ? `gunicorn -w 2 -k uvicorn.workers.UvicornWorker -b 0.0.0.0:8000 ${module}:${name}`
        : `python -m uvicorn ${module}:${name} --host 0.0.0.0 --port 8000`;
    return { value, from: source.path };
}
function runtimeOf(root, folder) {
    for (const from of [(0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, ".python-version"), ".python-version"]) {
        const version = /3\.\d+/.exec(readText((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(root, from)))?.[0];
        if (version !== undefined)
            return { value: `PYTHON|${version}`, from };
    }
    return undefined;
}
function defined(guesses) {
    return Object.fromEntries(Object.entries(guesses).filter(([, guess]) => guess !== undefined));
}


/***/ }),

/***/ 4231:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ azureContextOf),
/* harmony export */   _: () => (/* binding */ repositoryOf)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/** What a command sees of the machine it runs on, so that tests can be another. */

/** The shells' log. Nothing of it may be mistaken for a workflow command: it is no workflow. */
function logOf({ say }) {
    const quiet = () => undefined;
    return {
        debug: quiet,
        info: (message) => say(`  ${message}`),
        warning: (message) => say(`! ${message}`),
        quote: (text) => say((0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .stripControls */ .$Y)(text)),
        mask: quiet,
    };
}
function azureContextOf(terminal) {
    return { env: terminal.env, clock: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .systemClock */ .ml, log: logOf(terminal), signal: terminal.signal };
}
/** `owner/name` of a git remote's address. */
function repositoryOf(address) {
    return /^(?:https:\/\/[^/]+\/|(?:ssh:\/\/)?[\w-]+@[^:/]+[:/])([\w.-]+\/[\w.-]+?)(?:\.git)?\/?\s*$/.exec(address)?.[1];
}


/***/ }),

/***/ 22:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   VE: () => (/* binding */ environmentName),
/* harmony export */   aZ: () => (/* binding */ environmentKeys),
/* harmony export */   ai: () => (/* binding */ sharedKeys)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/** The keys of `.augeo/deploy.yml`: the one declaration that its parser, its JSON schema and `init`'s flags share. */

/** One line that begins and ends with something. */
const LINE = /^\S(?:.*\S)?$/;
const resourceGroup = {
    kind: "string",
    pattern: /^(?!.*\.$)[^\s/\\?#&%<>'"]{1,90}$/,
    hint: "at most 90 characters, no spaces and slashes, no dot at the end",
};
/** What is said once, for all environments. */
const sharedKeys = {
    repository: {
        kind: "string",
        required: true,
        pattern: /^[\w.-]+\/[\w.-]+$/,
        hint: "owner/name, as GitHub writes it",
        doc: "GitHub repository whose workflows deploy: the subject that Azure trusts is made from it.",
    },
    "tenant-id": {
        ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .azureInputs */ .Ro["tenant-id"],
        doc: "Microsoft Entra tenant of the subscription; `az account show` names both, after `az login`.",
    },
    "subscription-id": { ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .azureInputs */ .Ro["subscription-id"], doc: "Subscription that holds the apps." },
    cloud: { ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .azureInputs */ .Ro.cloud, pattern: LINE, hint: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .azureInputs */ .Ro.cloud.doc },
    region: {
        kind: "string",
        default: "westeurope",
        pattern: /^[a-z0-9]+$/,
        hint: "a region's short name, such as westeurope",
        doc: "Azure region of what `init` creates. What exists stays where it is.",
    },
    identity: {
        kind: "choice",
        options: ["managed-identity", "app-registration"],
        default: "managed-identity",
        doc: "What GitHub signs in as: a user-assigned managed identity (rights in the subscription are enough) or an app registration (needs rights in Entra).",
    },
    subject: {
        kind: "choice",
        options: ["both", "classic", "immutable"],
        default: "both",
        doc: "Which forms of the ID token's subject are registered. GitHub sends the immutable form for repositories made, renamed or transferred after 15 July 2026.",
    },
    role: {
        kind: "choice",
        options: ["custom", "Website Contributor"],
        default: "custom",
        doc: "`custom` creates a role with the actions of a release and no others; the built-in role may also delete the app.",
    },
    "storage-account": {
        kind: "string",
        required: true,
        pattern: /^[a-z0-9]{3,24}$/,
        hint: "3 to 24 lower-case letters and digits, unique in all of Azure",
        doc: "Storage account that holds the ledgers. Its shared keys are switched off.",
    },
    "storage-resource-group": { ...resourceGroup, required: true, doc: "Resource group of the storage account." },
    package: {
        kind: "string",
        default: ".",
        pattern: /^(?!\/)(?!.*\.\.)\S(?:.*\S)?$/,
        hint: "a folder of the repository, such as backend",
        doc: "Folder that is released: the app with its `requirements.txt` and `alembic.ini`.",
    },
    "health-path": {
        kind: "lines",
        default: "/health/ready",
        pattern: /^\/\S*$/,
        hint: "a path that begins with a slash, such as /health/ready",
        doc: "Paths that have to answer 2xx before and after a release goes live.",
    },
    "required-checks": {
        kind: "lines",
        default: "deploy-ok\nmigrations-ok",
        pattern: LINE,
        hint: "a check's name",
        doc: "Checks that a rule of the default branch should require; `doctor` says which are not.",
    },
};
/** What is said of each environment. */
const environmentKeys = {
    app: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .appInputs */ .VY.app,
    "resource-group": { ...resourceGroup, required: true, doc: _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .appInputs */ .VY["resource-group"].doc },
    slot: {
        ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .appInputs */ .VY.slot,
        pattern: /^(?!production$)[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?$/i,
        hint: `${_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .appInputs */ .VY.slot.hint}, and not production`,
    },
    container: {
        kind: "string",
        pattern: /^[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/,
        hint: "3 to 63 lower-case letters, digits and single hyphens",
        doc: "Blob container of the environment's ledger. Default: `releases-` and the environment's name.",
    },
    "identity-name": {
        kind: "string",
        pattern: /^[\w-]{3,120}$/,
        hint: "3 to 120 letters, digits, hyphens and underscores",
        doc: "Name of the identity that deploys there. Default: the app's name and `-deploy`.",
    },
    "database-url": {
        kind: "string",
        pattern: /^postgres(?:ql)?(?:\+[a-z0-9]+)?:\/\/\S+$/,
        hint: "postgresql://user@host:5432/name",
        doc: "Address of the PostgreSQL database, without a password.",
    },
    "database-auth": { ..._augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .databaseInputs */ .dM["database-auth"], default: "entra" },
    plan: {
        kind: "string",
        pattern: /^[\w-]{1,60}$/,
        hint: "1 to 60 letters, digits and hyphens",
        doc: "App Service plan of an app that `init` creates. Default: the app's name and `-plan`.",
    },
    sku: {
        kind: "string",
        default: "P0v3",
        pattern: /^(?:[Ss][1-3]|[Pp][0-5][Mm]?[Vv][34])$/,
        hint: "a size that has slots, such as S1 or P0v3",
        doc: "Size of the plan that `init` creates.",
    },
    runtime: {
        kind: "string",
        default: "PYTHON|3.12",
        pattern: /^PYTHON\|3\.\d+$/,
        hint: "PYTHON|3.12",
        doc: "Runtime of an app that `init` creates.",
    },
    "start-command": {
        kind: "string",
        pattern: LINE,
        hint: "one line",
        doc: "What starts an app that `init` creates. App Service cannot guess it for FastAPI.",
    },
};
const environmentName = _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .ledgerInputs */ .hE.environment;


/***/ }),

/***/ 7464:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   s: () => (/* binding */ readSettings)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(613);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2607);
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8815);
/* harmony import */ var _declaration_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(22);
/* harmony import */ var _settings_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7653);





/** Reads one file: what is wrong is gathered with its line, so that all of it can be said at once. */
class Reader {
    faults = [];
    #document;
    #lines;
    constructor(document, lines) {
        this.#document = document;
        this.#lines = lines;
    }
    fault(offset, text) {
        this.faults.push({ line: this.#lines.linePos(offset ?? 0).line, text });
    }
    /** What a node stands for: an alias (`*name`) for what its anchor holds. */
    resolve(node) {
        return (0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isAlias */ .Vj)(node) ? node.resolve(this.#document) : node;
    }
    /** The values of a mapping's declared keys; `further` names keys that are read elsewhere. */
    values(map, keys, further = []) {
        const values = {};
        const known = [...Object.keys(keys), ...further];
        for (const { key } of map.items) {
            const name = textOf(key);
            if (!known.includes(name))
                this.fault(offsetOf(key), unknownKey(name, known));
        }
        for (const [name, spec] of Object.entries(keys))
            values[name] = this.#value(map, name, spec);
        return values;
    }
    #value(map, name, spec) {
        const pair = map.items.find(({ key }) => textOf(key) === name);
        const node = this.resolve(pair?.value);
        const isEmpty = (0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isScalar */ .jn)(node) && (node.value === null || node.value === "");
        if (spec.required === true && (pair === undefined || isEmpty)) {
            this.fault(offsetOf(pair?.key) ?? map.range?.[0], `${name} is missing: ${spec.doc.replace(/\.$/, "")}`);
            return undefined;
        }
        if (pair === undefined)
            return defaultOf(spec);
        const isList = spec.kind === "lines" && (0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isSeq */ .oP)(node) && node.items.length > 0;
        const items = isList
            ? node.items.map((item) => this.#text(name, spec, item))
            : [this.#text(name, spec, pair.value)];
        return spec.kind === "lines" ? items : items[0];
    }
    /** One text, by the same rules as the schema's: a value of another type is named, not turned into text. */
    #text(name, spec, at) {
        const node = this.resolve(at);
        const value = (0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isScalar */ .jn)(node) ? node.value : undefined;
        const refuse = (what) => this.fault(offsetOf(at), `${name} ${what}`);
        if (typeof value !== "string" || value === "")
            return refuse(notText(node, spec));
        const reading = (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .readInput */ .R5)(spec.kind === "lines" ? { ...spec, kind: "string" } : spec, value, "/");
        // An input takes a choice in any letter case; an editor that completes from the schema does not.
        if ("value" in reading && (spec.kind !== "choice" || reading.value === value))
            return reading.value;
        const allowed = "allowed" in reading ? reading.allowed : `${reading.value}`;
        return refuse(`is ${JSON.stringify(value)}; allowed is ${allowed}`);
    }
}
function defaultOf(spec) {
    if (spec.default === undefined)
        return undefined;
    const reading = (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .readInput */ .R5)(spec, String(spec.default), "/");
    return "value" in reading ? reading.value : undefined;
}
function notText(node, spec) {
    const value = (0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isScalar */ .jn)(node) ? node.value : undefined;
    if (typeof value === "number" || typeof value === "boolean")
        return `is the ${typeof value} ${value}; allowed is a text, which quotes make of it: "${value}"`;
    if ((0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isMap */ .jh)(node))
        return "is a mapping of keys to values; allowed is one value";
    if ((0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isSeq */ .oP)(node))
        return `is a list${node.items.length === 0 ? " of nothing" : ""}; allowed is one value`;
    return spec.default === undefined
        ? "is empty; leave it out"
        : `is empty; leave it out for ${String(spec.default).replaceAll("\n", " and ")}`;
}
/**
 * The settings in a file's text.
 * @throws UsageError that names every fault with its line, and for a mistyped key the one that was probably meant.
 */
function readSettings(text, file) {
    const lines = new yaml__WEBPACK_IMPORTED_MODULE_2__/* .LineCounter */ .HN();
    const document = (0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .parseDocument */ .Tp)(text, { lineCounter: lines, prettyErrors: false });
    const reader = new Reader(document, lines);
    for (const { pos, message } of document.errors)
        reader.fault(pos[0], message);
    const root = document.contents;
    if (reader.faults.length > 0)
        throw refusal(file, reader.faults);
    if (!(0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isMap */ .jh)(root))
        throw refusal(file, [
            { line: 1, text: "it is no mapping of keys to values, as npx @augeo/deploy init writes one" },
        ]);
    const shared = reader.values(root, _declaration_js__WEBPACK_IMPORTED_MODULE_3__/* .sharedKeys */ .ai, ["environments"]);
    const environments = readEnvironments(reader, root);
    for (const text of sharedApps(environments))
        reader.fault(root.range?.[0], text);
    if (reader.faults.length > 0)
        throw refusal(file, reader.faults);
    // Every key was filled with the value that its own declaration describes.
    return { ...shared, environments };
}
function readEnvironments(reader, root) {
    const map = reader.resolve(root.get("environments", true));
    if (!(0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isMap */ .jh)(map) || map.items.length === 0) {
        reader.fault(offsetOf(map) ?? root.range?.[0], "environments is missing: name at least one, with its app");
        return [];
    }
    return map.items.flatMap(({ key, value: at }) => {
        const name = textOf(key);
        const value = reader.resolve(at);
        const reading = (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .readInput */ .R5)(_declaration_js__WEBPACK_IMPORTED_MODULE_3__/* .environmentName */ .VE, name, "/");
        if (!("value" in reading))
            reader.fault(offsetOf(key), `the environment ${JSON.stringify(name)}: allowed are ${reading.allowed}`);
        if ((0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isMap */ .jh)(value))
            return [(0,_settings_js__WEBPACK_IMPORTED_MODULE_4__/* .environmentOf */ .p7)(name, reader.values(value, _declaration_js__WEBPACK_IMPORTED_MODULE_3__/* .environmentKeys */ .aZ))];
        reader.fault(offsetOf(key), `the environment ${name} names no app`);
        return [];
    });
}
/** Locks are held for an app and environment: two environments of one app would swap it at once. */
function sharedApps(environments) {
    const first = new Map();
    return environments.flatMap(({ name, app }) => {
        if (app === undefined)
            return [];
        const other = first.get(app.toLowerCase());
        first.set(app.toLowerCase(), other ?? name);
        return other === undefined ? [] : [`${other} and ${name} have one app, ${app}: each environment needs its own`];
    });
}
function unknownKey(name, known) {
    const meant = (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .closest */ .kp)(name, known);
    return meant === undefined
        ? `${name} is no key; keys are ${known.join(", ")}`
        : `${name} is no key; did you mean ${meant}?`;
}
/** A key as it is written: the environment `1.10` is not `1.1`. */
function textOf(key) {
    return (0,yaml__WEBPACK_IMPORTED_MODULE_2__/* .isScalar */ .jn)(key) ? (key.source ?? String(key.value)) : String(key);
}
function offsetOf(node) {
    const range = typeof node === "object" && node !== null ? Reflect.get(node, "range") : undefined;
    return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}
/** Without a file the values came as flags or answers, where a line says nothing. */
function refusal(file, faults) {
    const listed = [...faults]
        .sort((a, b) => a.line - b.line)
        .map(({ line, text }) => ({ at: file === undefined ? "" : `${file}:${line}: `, text }))
        .map(({ at, text }) => (text.endsWith("?") ? `${at}${text}` : `${at}${text}.`));
    const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
    return new _augeo_release__WEBPACK_IMPORTED_MODULE_1__/* .UsageError */ .eb({
        what: file === undefined ? `The settings have ${count}.` : `${file} cannot be used: ${count}.`,
        why: listed.join("\n"),
        fix: file === undefined
            ? "give each as a flag, such as --repository owner/name, or be asked: at a terminal, without --yes."
            : "mend what is named above; an editor with YAML support shows the same from the file's schema.",
    });
}


/***/ }),

/***/ 7653:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   oj: () => (/* binding */ holdsPassword),
/* harmony export */   p7: () => (/* binding */ environmentOf),
/* harmony export */   tP: () => (/* binding */ SETTINGS_FILE)
/* harmony export */ });
const SETTINGS_FILE = ".augeo/deploy.yml";
/** Fills in what follows from other keys. */
function environmentOf(name, declared) {
    const container = `releases-${name
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replace(/-+$/, "")}`;
    return {
        ...declared,
        name,
        container: declared.container ?? container,
        "identity-name": declared["identity-name"] ?? `${declared.app}-deploy`,
        plan: declared.plan ?? `${declared.app}-plan`,
    };
}
/** Whether an address carries a password, which belongs in no file and in no variable. */
function holdsPassword(url) {
    return /^[^:]+:\/\/[^:@/]*:[^@/]+@/.test(url);
}


/***/ }),

/***/ 4212:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  X: () => (/* binding */ setupScript),
  p: () => (/* binding */ setupSteps)
});

// EXTERNAL MODULE: ./packages/azure/src/index.ts + 53 modules
var src = __webpack_require__(1910);
// EXTERNAL MODULE: ./actions/setup/site-setup.ts
var site_setup = __webpack_require__(850);
// EXTERNAL MODULE: ./actions/setup/step.ts
var step = __webpack_require__(1484);
;// CONCATENATED MODULE: ./actions/setup/app-steps.ts
/** The app and what it stands on: only what is missing is made, and what is there is left as it is. */



const found = (value) => (value === undefined ? step/* ABSENT */.sj : step/* THERE */.J_);
function groupStep(setup, group, environment) {
    const { region } = setup.settings;
    const operation = `create the resource group ${group}`;
    return {
        area: "Azure",
        environment,
        what: `the resource group ${group}`,
        commands: [`az group create --name ${(0,step/* word */.Vm)(group)} --location ${region}`],
        look: async () => found(await setup.find(setup.groupPath(group), site_setup/* VERSIONS */.S8.resources, "look for the resource group")),
        make: async () => {
            await setup.put(setup.groupPath(group), site_setup/* VERSIONS */.S8.resources, operation, { location: region });
        },
    };
}
function appSteps(setup, place) {
    return [planStep(setup, place), appStep(setup, place), slotStep(setup, place)];
}
function planPath(setup, place) {
    return `${setup.groupPath(place["resource-group"])}/providers/Microsoft.Web/serverfarms/${place.plan}`;
}
function refOf({ app, "resource-group": resourceGroup }, slot) {
    return { app, resourceGroup, slot };
}
function findApp(setup, place, slot = src.PRODUCTION) {
    return setup.find((0,src.sitePath)(setup.session.arm, refOf(place, slot)), site_setup/* VERSIONS */.S8.web, `look for the app ${place.app}`);
}
/** An app that is there has its plan already, whatever that is called. */
function planStep(setup, place) {
    const { region } = setup.settings;
    const group = (0,step/* word */.Vm)(place["resource-group"]);
    return {
        area: "Azure",
        environment: place.name,
        what: `the App Service plan ${place.plan} (${place.sku})`,
        commands: [
            `az appservice plan create --resource-group ${group} --name ${place.plan} --location ${region} --is-linux --sku ${place.sku.toUpperCase()}`,
        ],
        look: async () => (await findApp(setup, place)) === undefined
            ? found(await setup.find(planPath(setup, place), site_setup/* VERSIONS */.S8.web, "look for the App Service plan"))
            : step/* THERE */.J_,
        make: async () => {
            const body = { location: region, kind: "linux", sku: { name: place.sku }, properties: { reserved: true } };
            await setup.put(planPath(setup, place), site_setup/* VERSIONS */.S8.web, `create the App Service plan ${place.plan}`, body);
        },
    };
}
/** Oryx installs the requirements, and a swap waits for a slot that is healthy, not for one that answers anything. */
function settingsOf(setup) {
    return {
        SCM_DO_BUILD_DURING_DEPLOYMENT: "true",
        WEBSITE_SWAP_WARMUP_PING_PATH: setup.settings["health-path"][0] ?? "/",
        WEBSITE_SWAP_WARMUP_PING_STATUSES: "200",
    };
}
function appStep(setup, place) {
    const { app, runtime, "start-command": command } = place;
    const target = `--resource-group ${(0,step/* word */.Vm)(place["resource-group"])} --name ${app}`;
    const path = setup.settings["health-path"][0] ?? "/";
    const settings = Object.entries(settingsOf(setup)).map(([name, value]) => (0,step/* word */.Vm)(`${name}=${value}`));
    const startup = command === undefined ? "" : ` --startup-file ${(0,step/* word */.Vm)(command)}`;
    return {
        area: "Azure",
        environment: place.name,
        what: `the app ${app} (${runtime.replace("|", " ")})`,
        commands: [
            `az webapp create ${target} --plan ${place.plan} --runtime ${(0,step/* word */.Vm)(runtime.replace("|", ":"))} --https-only true`,
            `az webapp config set ${target} --always-on true --generic-configurations '${JSON.stringify({ healthCheckPath: path })}'${startup}`,
            `az webapp config appsettings set ${target} --settings ${settings.join(" ")}`,
        ],
        look: async () => found(await findApp(setup, place)),
        make: async () => {
            const { arm } = setup.session;
            await setup.put((0,src.sitePath)(arm, refOf(place, src.PRODUCTION)), site_setup/* VERSIONS */.S8.web, `create the app ${app}`, {
                location: setup.settings.region,
                kind: "app,linux",
                properties: {
                    serverFarmId: planPath(setup, place),
                    reserved: true,
                    httpsOnly: true,
                    siteConfig: {
                        linuxFxVersion: runtime,
                        appCommandLine: command ?? "",
                        alwaysOn: true,
                        healthCheckPath: path,
                        appSettings: Object.entries(settingsOf(setup)).map(([name, value]) => ({ name, value })),
                    },
                },
            });
        },
    };
}
function slotStep(setup, place) {
    const { app, slot } = place;
    return {
        area: "Azure",
        environment: place.name,
        what: `the slot ${slot} of ${app}`,
        commands: [
            `az webapp deployment slot create --resource-group ${(0,step/* word */.Vm)(place["resource-group"])} --name ${app} --slot ${slot} --configuration-source ${app}`,
        ],
        look: async () => found(await findApp(setup, place, slot)),
        make: async () => {
            const { arm, context } = setup.session;
            const patience = { deadline: context.clock.now() + 600_000, signal: context.signal };
            await (0,src.createSlot)(arm, refOf(place, slot), patience);
        },
    };
}
/** The plan that the app really stands on, by its id; the declared one while there is no app. */
async function planOf(setup, place) {
    const id = (0,src.fieldsOf)((0,src.fieldsOf)(await findApp(setup, place)).properties).serverFarmId;
    return typeof id === "string" && id !== "" ? id : planPath(setup, place);
}

// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var release_src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/setup/storage-steps.ts
var storage_steps = __webpack_require__(3615);
;// CONCATENATED MODULE: ./actions/setup/github-steps.ts
/** GitHub's side: the environment, who may deploy to it, and the variables that the workflows read. No secret. */




const ENVIRONMENT = "/repos/{owner}/{repo}/environments/{environment_name}";
function call(setup, place, request) {
    const parameters = { environment_name: place.name, ...request.parameters };
    return setup.github.call({ repeatable: true, ...request, parameters });
}
function environmentSteps(setup, place) {
    return [environmentStep(setup, place), variablesStep(setup, place)];
}
/** An environment that is there keeps its rules: they are somebody's decision. */
function environmentStep(setup, place) {
    const { repository } = setup.settings;
    const path = `repos/${repository}/environments/${encodeURIComponent(place.name)}`;
    return {
        area: "GitHub",
        environment: place.name,
        what: `the GitHub environment ${place.name}, to which only the default branch deploys`,
        commands: [
            `gh api --method PUT ${path} -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
            `gh api --method POST ${path}/deployment-branch-policies -f "name=$DEFAULT_BRANCH"`,
        ],
        look: async () => {
            const request = { operation: "read the environment", permission: "actions: read", accept: [404] };
            const data = await call(setup, place, { ...request, route: `GET ${ENVIRONMENT}` });
            return data === undefined ? step/* ABSENT */.sj : step/* THERE */.J_;
        },
        make: () => createEnvironment(setup, place),
    };
}
async function createEnvironment(setup, place) {
    const { defaultBranch } = await setup.repository();
    const put = (parameters) => call(setup, place, {
        operation: `create the environment ${place.name}`,
        permission: "administration: write",
        route: `PUT ${ENVIRONMENT}`,
        parameters,
    });
    try {
        await put({ deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } });
    }
    catch (error) {
        // Private repositories of some plans have environments without rules.
        if (!(error instanceof release_src/* ServiceError */._7 && error.status === 422))
            throw error;
        await put({});
        return;
    }
    await call(setup, place, {
        operation: `let ${defaultBranch} deploy to ${place.name}`,
        permission: "administration: write",
        route: `POST ${ENVIRONMENT}/deployment-branch-policies`,
        parameters: { name: defaultBranch },
        // 303: that policy is there already.
        accept: [303],
    });
}
/** The variables that the reusable workflows read; undefined for what is not known yet. */
async function variablesOf(setup, place) {
    const { settings } = setup;
    return {
        AZURE_CLIENT_ID: setup.identityOf(place)?.clientId,
        AZURE_TENANT_ID: settings["tenant-id"],
        AZURE_SUBSCRIPTION_ID: settings["subscription-id"],
        ...(settings.cloud === "AzureCloud" ? {} : { AZURE_CLOUD: settings.cloud }),
        AZURE_APP: place.app,
        AZURE_RESOURCE_GROUP: place["resource-group"],
        AZURE_SLOT: place.slot,
        RELEASE_LEDGER: await (0,storage_steps/* ledgerUrl */.XD)(setup, place),
        ...(place["database-url"] === undefined
            ? {}
            : { DATABASE_URL: place["database-url"], DATABASE_AUTH: place["database-auth"] }),
    };
}
async function readVariables(setup, place) {
    const request = { operation: "list the variables", permission: "environments: read", accept: [404] };
    const parameters = { per_page: 30 };
    const data = await call(setup, place, { ...request, route: `GET ${ENVIRONMENT}/variables`, parameters });
    const listed = (0,src.listOf)((0,src.fieldsOf)(data).variables).map(src.fieldsOf);
    return new Map(listed.map(({ name, value }) => [(0,src.textOf)(name), (0,src.textOf)(value)]));
}
function variablesStep(setup, place) {
    return {
        area: "GitHub",
        environment: place.name,
        what: `the variables of the GitHub environment ${place.name}`,
        commands: variableCommands(setup, place),
        look: async () => {
            const [wanted, there] = await Promise.all([variablesOf(setup, place), readVariables(setup, place)]);
            const wrong = Object.entries(wanted).filter(([name, value]) => there.get(name) !== value);
            if (wrong.length === 0)
                return step/* THERE */.J_;
            if (there.size === 0)
                return step/* ABSENT */.sj;
            return { there: false, note: wrong.map(([name, value]) => difference(name, there.get(name), value)).join("; ") };
        },
        make: () => writeVariables(setup, place),
    };
}
function difference(name, is, wanted) {
    if (is === undefined)
        return `${name} is not set`;
    return wanted === undefined ? `${name} is ${is}, but what it names was not found` : `${name} is ${is}, not ${wanted}`;
}
async function writeVariables(setup, place) {
    const [wanted, there] = await Promise.all([variablesOf(setup, place), readVariables(setup, place)]);
    for (const [name, value] of Object.entries(wanted)) {
        if (value === undefined || there.get(name) === value)
            continue;
        const known = there.has(name);
        await call(setup, place, {
            operation: `set the variable ${name}`,
            permission: "environments: write",
            route: known ? `PATCH ${ENVIRONMENT}/variables/{name}` : `POST ${ENVIRONMENT}/variables`,
            parameters: { name, value },
            repeatable: known,
        });
    }
}
function variableCommands({ settings }, place) {
    const account = `az storage account show --name ${settings["storage-account"]} --resource-group ${(0,step/* word */.Vm)(settings["storage-resource-group"])} --query primaryEndpoints.blob --output tsv`;
    const values = [
        ["AZURE_CLIENT_ID", `"$${(0,step/* variableOf */.Qn)("CLIENT", place.name)}"`],
        ["AZURE_TENANT_ID", settings["tenant-id"]],
        ["AZURE_SUBSCRIPTION_ID", settings["subscription-id"]],
        ...(settings.cloud === "AzureCloud" ? [] : [["AZURE_CLOUD", (0,step/* word */.Vm)(settings.cloud)]]),
        ["AZURE_APP", place.app],
        ["AZURE_RESOURCE_GROUP", (0,step/* word */.Vm)(place["resource-group"])],
        ["AZURE_SLOT", place.slot],
        ["RELEASE_LEDGER", `"$(${account})${place.container}"`],
        ...(place["database-url"] === undefined
            ? []
            : [
                ["DATABASE_URL", (0,step/* word */.Vm)(place["database-url"])],
                ["DATABASE_AUTH", place["database-auth"]],
            ]),
    ];
    const target = `--repo ${settings.repository} --env ${(0,step/* word */.Vm)(place.name)}`;
    return values.map(([name, value]) => `gh variable set ${name} ${target} --body ${value}`);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./actions/setup/identity-steps.ts
/** What GitHub signs in as, and the subjects that it trusts. No secret is made anywhere. */




function identitySteps(setup, place) {
    const step = setup.settings.identity === "managed-identity" ? managedIdentity : appRegistration;
    const forms = setup.settings.subject === "both" ? ["classic", "immutable"] : [setup.settings.subject];
    return [step(setup, place), ...forms.map((form) => credentialStep(setup, place, form))];
}
function identityPath(setup, place) {
    const provider = "providers/Microsoft.ManagedIdentity/userAssignedIdentities";
    return `${setup.groupPath(place["resource-group"])}/${provider}/${place["identity-name"]}`;
}
function managedIdentity(setup, place) {
    const { "identity-name": name, "resource-group": group } = place;
    const [client, principal] = [(0,step/* variableOf */.Qn)("CLIENT", place.name), (0,step/* variableOf */.Qn)("PRINCIPAL", place.name)];
    const show = `az identity show --resource-group ${(0,step/* word */.Vm)(group)} --name ${name} --output tsv --query`;
    const keep = (body) => {
        const { clientId, principalId } = (0,src.fieldsOf)((0,src.fieldsOf)(body).properties);
        setup.remember(place, { clientId: (0,src.textOf)(clientId), principalId: (0,src.textOf)(principalId) });
        return step/* THERE */.J_;
    };
    return {
        area: "Azure",
        environment: place.name,
        what: `the managed identity ${name}`,
        commands: [
            `az identity create --resource-group ${(0,step/* word */.Vm)(group)} --name ${name} --location ${setup.settings.region}`,
            `${client}=$(${show} clientId)`,
            `${principal}=$(${show} principalId)`,
        ],
        look: async () => {
            const body = await setup.find(identityPath(setup, place), site_setup/* VERSIONS */.S8.identities, "look for the managed identity");
            return body === undefined ? step/* ABSENT */.sj : keep(body);
        },
        make: async () => {
            const body = { location: setup.settings.region };
            keep(await setup.put(identityPath(setup, place), site_setup/* VERSIONS */.S8.identities, `create the managed identity ${name}`, body));
        },
    };
}
function appRegistration(setup, place) {
    const { "identity-name": name } = place;
    const [client, principal] = [(0,step/* variableOf */.Qn)("CLIENT", place.name), (0,step/* variableOf */.Qn)("PRINCIPAL", place.name)];
    const { graph } = setup;
    return {
        area: "Entra",
        environment: place.name,
        what: `the app registration ${name}`,
        commands: [
            `${client}=$(az ad app create --display-name ${name} --query appId --output tsv)`,
            `${principal}=$(az ad sp create --id "$${client}" --query id --output tsv)`,
        ],
        look: async () => {
            const application = await graph.findApplication(name);
            if (application === undefined)
                return step/* ABSENT */.sj;
            const principalId = await graph.findServicePrincipal(application.clientId);
            if (principalId === undefined)
                return { there: false, note: "it is registered, but has no service principal" };
            const { clientId, objectId } = application;
            setup.remember(place, { clientId, principalId, applicationId: objectId });
            return step/* THERE */.J_;
        },
        make: async () => {
            const { clientId, objectId } = (await graph.findApplication(name)) ?? (await graph.createApplication(name));
            const principalId = (await graph.findServicePrincipal(clientId)) ?? (await graph.createServicePrincipal(clientId));
            setup.remember(place, { clientId, principalId, applicationId: objectId });
        },
    };
}
/** The subject that GitHub writes for a job of this environment. A colon inside a name is escaped. */
async function subjectOf(setup, place, form) {
    const context = `environment:${place.name.replaceAll(":", "%3A")}`;
    const { repository } = setup.settings;
    if (form === "classic")
        return `repo:${repository}:${context}`;
    const [owner, name] = repository.split("/");
    const { id, ownerId } = await setup.repository();
    return `repo:${owner}@${ownerId}/${name}@${id}:${context}`;
}
function subjectWord({ settings }, place, form) {
    const [owner, name] = settings.repository.split("/");
    const repository = form === "classic" ? settings.repository : `${owner}@$OWNER_ID/${name}@$REPOSITORY_ID`;
    return `repo:${repository}:environment:${place.name}`;
}
function credentialStep(setup, place, form) {
    const audience = setup.session.signIn.cloud.audience;
    const subject = subjectWord(setup, place, form);
    return {
        area: setup.settings.identity === "managed-identity" ? "Azure" : "Entra",
        environment: place.name,
        what: `the trust of ${place["identity-name"]} in ${subject.replace(/@\$\w+/g, "@…")}`,
        commands: [credentialCommand(setup, place, "create", credentialName(setup, place, form), subject)],
        look: async () => {
            const identity = setup.identityOf(place);
            if (identity === undefined)
                return step/* ABSENT */.sj;
            const wanted = await subjectOf(setup, place, form);
            const registered = await listCredentials(setup, place, identity);
            if (registered.some((one) => matches(one, wanted, audience)))
                return step/* THERE */.J_;
            const near = registered.find((one) => isNear(one, wanted));
            if (near === undefined)
                return step/* ABSENT */.sj;
            const commands = [credentialCommand(setup, place, "update", near.name, subject)];
            return { there: false, note: differenceOf(near, wanted, audience), commands };
        },
        make: async () => {
            const identity = setup.identityOf(place);
            const wanted = await subjectOf(setup, place, form);
            const registered = identity === undefined ? [] : await listCredentials(setup, place, identity);
            const near = registered.find((one) => isNear(one, wanted));
            const name = near?.name ?? credentialName(setup, place, form);
            await register(setup, place, { name, issuer: site_setup/* ISSUER */.GR, subject: wanted, audiences: [audience] }, near);
        },
    };
}
/**
 * One of its own for each repository, as several may sign in as one identity: an existing name would be taken over.
 * 3 to 120 letters, digits, hyphens and underscores. Source: Microsoft Learn, workload identity federation.
 */
function credentialName({ settings }, place, form) {
    const whole = `${settings.repository}-${place.name}-${form}`.replaceAll(/[^\w-]/g, "-");
    if (whole.length <= 120)
        return whole;
    return `${whole.slice(0, 111)}-${(0,external_node_crypto_.createHash)("sha256").update(whole).digest("hex").slice(0, 8)}`;
}
/** `create` and `update` take the same words. */
function credentialCommand(setup, place, verb, name, subject) {
    const audience = setup.session.signIn.cloud.audience;
    if (setup.settings.identity === "managed-identity")
        return `az identity federated-credential ${verb} --resource-group ${(0,step/* word */.Vm)(place["resource-group"])} --identity-name ${place["identity-name"]} --name ${name} --issuer ${site_setup/* ISSUER */.GR} --audiences ${audience} --subject "${subject}"`;
    const id = `--id "$${(0,step/* variableOf */.Qn)("CLIENT", place.name)}"${verb === "update" ? ` --federated-credential-id ${name}` : ""}`;
    return `az ad app federated-credential ${verb} ${id} --parameters "{\\"name\\":\\"${name}\\",\\"issuer\\":\\"${site_setup/* ISSUER */.GR}\\",\\"subject\\":\\"${subject}\\",\\"audiences\\":[\\"${audience}\\"]}"`;
}
/** As Entra compares: exactly and with case. */
function matches({ issuer, subject, audiences }, wanted, audience) {
    return issuer === site_setup/* ISSUER */.GR && subject === wanted && audiences.includes(audience);
}
/** Meant for this subject, and of no use to any other. */
function isNear({ subject }, wanted) {
    return subject.toLowerCase() === wanted.toLowerCase();
}
function differenceOf({ name, issuer, subject, audiences }, wanted, audience) {
    if (subject !== wanted)
        return `"${subject}" is registered, which differs`;
    return issuer === site_setup/* ISSUER */.GR
        ? `${name} has the audience ${audiences.join(", ")}, not ${audience}`
        : `${name} has the issuer ${issuer}, not ${site_setup/* ISSUER */.GR}`;
}
async function listCredentials(setup, place, identity) {
    if (identity.applicationId !== undefined)
        return setup.graph.listCredentials(identity.applicationId);
    const path = `${identityPath(setup, place)}/federatedIdentityCredentials`;
    const request = { operation: "list the federated credentials", method: "GET", path };
    const found = await (0,src.listAll)(setup.session.arm, { ...request, query: { "api-version": site_setup/* VERSIONS */.S8.identities } });
    return found.map((one) => {
        const { issuer, subject, audiences } = (0,src.fieldsOf)((0,src.fieldsOf)(one).properties);
        return {
            name: (0,src.textOf)((0,src.fieldsOf)(one).name),
            issuer: (0,src.textOf)(issuer),
            subject: (0,src.textOf)(subject),
            audiences: (0,src.listOf)(audiences).map(String),
        };
    });
}
async function register(setup, place, credential, near) {
    const identity = setup.identityOf(place);
    if (identity?.applicationId !== undefined) {
        if (near === undefined)
            await setup.graph.addCredential(identity.applicationId, credential);
        else
            await setup.graph.updateCredential(identity.applicationId, credential);
        return;
    }
    const { name, ...properties } = credential;
    const path = `${identityPath(setup, place)}/federatedIdentityCredentials/${name}`;
    await setup.put(path, site_setup/* VERSIONS */.S8.identities, `add the federated credential ${name}`, { properties });
}

// EXTERNAL MODULE: ./actions/setup/release-role.ts
var release_role = __webpack_require__(8030);
;// CONCATENATED MODULE: ./actions/setup/role-steps.ts
/** The least that a release needs: a role with its actions on the app, and the ledger's container. */








const KIND = "providers/Microsoft.Authorization";
/** A GUID that is the same for the same words: doing a step twice names the same thing. */
function guidOf(...words) {
    const hex = (0,external_node_crypto_.createHash)("sha256").update(words.join("|").toLowerCase()).digest("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}
function subscriptionPath({ settings }) {
    return `/subscriptions/${settings["subscription-id"]}`;
}
async function findRole(setup) {
    const name = (0,release_role/* roleName */.S3)(setup.settings["subscription-id"]);
    const path = `${subscriptionPath(setup)}/${KIND}/roleDefinitions`;
    const query = { "api-version": site_setup/* VERSIONS */.S8.authorization, $filter: `roleName eq '${name}'` };
    const [found] = await (0,src.listAll)(setup.session.arm, { operation: "look for the role", method: "GET", path, query });
    if (found === undefined)
        return undefined;
    const permissions = (0,src.fieldsOf)((0,src.fieldsOf)(found).properties).permissions;
    const granted = JSON.stringify(permissions).toLowerCase();
    const missing = release_role/* ROLE_ACTIONS */.Lb.filter((action) => !granted.includes(`"${action.toLowerCase()}"`));
    return { guid: (0,src.textOf)((0,src.fieldsOf)(found).name), missing };
}
/** Nothing where the built-in role is wanted. */
function definitionSteps(setup) {
    if (setup.settings.role !== "custom")
        return [];
    const name = (0,release_role/* roleName */.S3)(setup.settings["subscription-id"]);
    const assignableScopes = [subscriptionPath(setup)];
    const description = "Releases to App Service slots: deploy, swap, watch. Made by @augeo/deploy init.";
    const definition = {
        Name: name,
        Description: description,
        Actions: release_role/* ROLE_ACTIONS */.Lb,
        AssignableScopes: assignableScopes,
    };
    const roleCommand = (verb) => `az role definition ${verb} --role-definition '${JSON.stringify(definition)}'`;
    return [
        {
            area: "Azure",
            environment: undefined,
            what: `the role "${name}" with the ${release_role/* ROLE_ACTIONS */.Lb.length} actions of a release`,
            commands: [roleCommand("create")],
            look: async () => {
                const found = await findRole(setup);
                if (found === undefined)
                    return step/* ABSENT */.sj;
                if (found.missing.length === 0)
                    return step/* THERE */.J_;
                return { there: false, note: `it lacks ${found.missing.join(", ")}`, commands: [roleCommand("update")] };
            },
            make: async () => {
                const guid = (await findRole(setup))?.guid ?? guidOf(subscriptionPath(setup), name);
                const permissions = [{ actions: release_role/* ROLE_ACTIONS */.Lb, notActions: [], dataActions: [], notDataActions: [] }];
                const properties = { roleName: name, description, type: "CustomRole", permissions, assignableScopes };
                const path = `${subscriptionPath(setup)}/${KIND}/roleDefinitions/${guid}`;
                await setup.put(path, site_setup/* VERSIONS */.S8.authorization, `create the role ${name}`, { properties });
            },
        },
    ];
}
/** On the app and its plan, not on the whole group; on the container, not on the account. */
function assignmentSteps(setup, place) {
    const { "subscription-id": subscription, role: wanted, "storage-account": account } = setup.settings;
    const role = wanted === "custom" ? (0,release_role/* roleName */.S3)(subscription) : wanted;
    const group = place["resource-group"];
    const site = (0,src.sitePath)(setup.session.arm, { app: place.app, resourceGroup: group, slot: src.PRODUCTION });
    const show = `az webapp show --resource-group ${(0,step/* word */.Vm)(group)} --name ${place.app} --output tsv --query`;
    const all = [
        { role, on: `the app ${place.app}`, scope: async () => site, scopeCommand: `"$(${show} id)"` },
        { role, on: "its plan", scope: () => planOf(setup, place), scopeCommand: `"$(${show} appServicePlanId)"` },
        {
            role: "Storage Blob Data Contributor",
            on: `the container ${place.container}`,
            scope: async () => (0,storage_steps/* containerPath */.vK)(setup, place),
            scopeCommand: (0,step/* word */.Vm)((0,storage_steps/* containerPath */.vK)(setup, place)),
        },
        {
            role: "Storage Blob Delegator",
            on: `the storage account ${account}`,
            scope: async () => (0,storage_steps/* accountPath */.$A)(setup),
            scopeCommand: (0,step/* word */.Vm)((0,storage_steps/* accountPath */.$A)(setup)),
        },
    ];
    return all.map((assignment) => assignmentStep(setup, place, assignment));
}
function assignmentStep(setup, place, assignment) {
    const { role, on, scopeCommand } = assignment;
    const principal = (0,step/* variableOf */.Qn)("PRINCIPAL", place.name);
    return {
        area: "Azure",
        environment: place.name,
        what: `the role ${role} of ${place["identity-name"]} on ${on}`,
        commands: [
            `az role assignment create --assignee-object-id "$${principal}" --assignee-principal-type ServicePrincipal --role ${(0,step/* word */.Vm)(role)} --scope ${scopeCommand}`,
        ],
        look: () => lookForAssignment(setup, place, assignment),
        make: () => role_steps_assign(setup, place, assignment),
    };
}
async function roleGuid(setup, role) {
    const builtIn = Object.entries(release_role/* BUILT_IN */.$A).find(([name]) => name === role)?.[1];
    return builtIn ?? (await findRole(setup))?.guid;
}
/** An assignment further out counts as well. */
async function lookForAssignment(setup, place, assignment) {
    const identity = setup.identityOf(place);
    const guid = await roleGuid(setup, assignment.role);
    if (identity === undefined || guid === undefined)
        return step/* ABSENT */.sj;
    const scope = await assignment.scope();
    if ((await setup.find(scope, versionOf(scope), `look for ${assignment.on}`)) === undefined)
        return step/* ABSENT */.sj;
    const path = `${scope}/${KIND}/roleAssignments`;
    const query = { "api-version": site_setup/* VERSIONS */.S8.authorization, $filter: `principalId eq '${identity.principalId}'` };
    const listed = await (0,src.listAll)(setup.session.arm, {
        operation: "list the role assignments",
        method: "GET",
        path,
        query,
    });
    const counts = listed
        .map((one) => (0,src.fieldsOf)((0,src.fieldsOf)(one).properties))
        .some((one) => (0,src.textOf)(one.roleDefinitionId).endsWith(guid) && covers((0,src.textOf)(one.scope), scope));
    return counts ? step/* THERE */.J_ : step/* ABSENT */.sj;
}
function versionOf(scope) {
    return scope.includes("/Microsoft.Storage/") ? site_setup/* VERSIONS */.S8.storage : site_setup/* VERSIONS */.S8.web;
}
function covers(outer, scope) {
    return `${scope.toLowerCase()}/`.startsWith(`${outer.toLowerCase()}/`);
}
const REPLICATION = 120_000;
const PAUSE = 5_000;
/** A principal that was made just now is unknown in some places for a while: asked again until it is known. */
async function role_steps_assign(setup, place, { role, scope, on }) {
    const { clock, signal } = setup.session.context;
    const identity = setup.identityOf(place);
    const guid = await roleGuid(setup, role);
    if (identity === undefined || guid === undefined)
        throw new Error(`${place["identity-name"]} or ${role} was not made`);
    const where = await scope();
    const roleDefinitionId = `${subscriptionPath(setup)}/${KIND}/roleDefinitions/${guid}`;
    const properties = { roleDefinitionId, principalId: identity.principalId, principalType: "ServicePrincipal" };
    const path = `${where}/${KIND}/roleAssignments/${guidOf(where, identity.principalId, guid)}`;
    const deadline = clock.now() + REPLICATION;
    for (;;) {
        try {
            await setup.put(path, site_setup/* VERSIONS */.S8.authorization, `assign the role ${role} on ${on}`, { properties });
            return;
        }
        catch (error) {
            const code = error instanceof release_src/* ServiceError */._7 ? error.code : undefined;
            if (code === "RoleAssignmentExists")
                return;
            if (code !== "PrincipalNotFound" || clock.now() > deadline)
                throw error;
            await clock.sleep(PAUSE, signal);
        }
    }
}

;// CONCATENATED MODULE: ./actions/setup/plan.ts





/** Everything that has to be there, in an order in which each step finds what it needs. */
function setupSteps(setup) {
    const { environments, "storage-resource-group": storageGroup } = setup.settings;
    const groups = [...new Set([storageGroup, ...environments.map((place) => place["resource-group"])])];
    return [
        ...groups.map((group) => groupStep(setup, group)),
        (0,storage_steps/* accountStep */.Ie)(setup),
        ...definitionSteps(setup),
        ...environments.flatMap((place) => [
            ...appSteps(setup, place),
            (0,storage_steps/* containerStep */.cQ)(setup, place),
            ...identitySteps(setup, place),
            ...assignmentSteps(setup, place),
            ...environmentSteps(setup, place),
        ]),
    ];
}
/** The same by hand: one shell script, to be read before it is run. */
function setupScript({ settings }, steps) {
    const { repository } = settings;
    const needsIds = settings.subject !== "classic";
    const head = [
        "#!/bin/sh",
        "# Sets up Azure and GitHub for the releases of this repository. Needs az and gh, both signed in.",
        "# What is there already makes a command fail or do nothing: npx @augeo/deploy init --apply looks first.",
        "set -eu",
        `az account set --subscription ${settings["subscription-id"]}`,
        `DEFAULT_BRANCH=$(gh api repos/${repository} --jq .default_branch)`,
        ...(needsIds
            ? [
                `REPOSITORY_ID=$(gh api repos/${repository} --jq .id)`,
                `OWNER_ID=$(gh api repos/${repository} --jq .owner.id)`,
            ]
            : []),
    ];
    const body = steps.flatMap(({ what, environment, commands }, index) => [
        ...(environment === steps[index - 1]?.environment ? [] : ["", `# ${environment ?? "All environments"}`]),
        `# ${what}`,
        ...commands,
    ]);
    return [...head, ...(steps[0]?.environment === undefined ? ["", "# All environments"] : []), ...body, ""].join("\n");
}


/***/ }),

/***/ 8030:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $A: () => (/* binding */ BUILT_IN),
/* harmony export */   Lb: () => (/* binding */ ROLE_ACTIONS),
/* harmony export */   S3: () => (/* binding */ roleName),
/* harmony export */   cO: () => (/* binding */ RELEASE_ACTIONS)
/* harmony export */ });
/** What a release does in Azure, by the names that roles grant. Source: Microsoft.Web's resource provider operations. */
/** Asked of the app and its slot in every release. */
const RELEASE_ACTIONS = [
    "Microsoft.Web/sites/read",
    "Microsoft.Web/sites/config/read",
    "Microsoft.Web/sites/config/write",
    "Microsoft.Web/sites/config/list/action",
    "Microsoft.Web/sites/publish/action",
    "Microsoft.Web/sites/slotsdiffs/action",
    "Microsoft.Web/sites/slotsswap/action",
    "Microsoft.Web/sites/containerlogs/action",
    "Microsoft.Web/sites/slots/read",
    "Microsoft.Web/sites/slots/config/read",
    "Microsoft.Web/sites/slots/config/list/action",
    "Microsoft.Web/sites/slots/publish/action",
    "Microsoft.Web/sites/slots/restart/action",
    "Microsoft.Web/sites/slots/containerlogs/action",
];
/** Asked only at times: after a lost reply, by canaries, by `create-slot`, by `via: arm`, by the doctor. */
const FURTHER_ACTIONS = [
    "Microsoft.Authorization/permissions/read",
    "Microsoft.Insights/metrics/read",
    "Microsoft.Web/serverfarms/join/action",
    "Microsoft.Web/serverfarms/read",
    "Microsoft.Web/sites/deployments/read",
    "Microsoft.Web/sites/extensions/read",
    "Microsoft.Web/sites/instances/read",
    "Microsoft.Web/sites/operationresults/read",
    "Microsoft.Web/sites/restart/action",
    "Microsoft.Web/sites/slots/config/write",
    "Microsoft.Web/sites/slots/deployments/read",
    "Microsoft.Web/sites/slots/extensions/read",
    "Microsoft.Web/sites/slots/extensions/write",
    "Microsoft.Web/sites/slots/instances/read",
    "Microsoft.Web/sites/slots/operationresults/read",
    "Microsoft.Web/sites/slots/slotsdiffs/action",
    "Microsoft.Web/sites/slots/slotsswap/action",
    "Microsoft.Web/sites/slots/start/action",
    "Microsoft.Web/sites/slots/write",
];
/** The custom role: a release and nothing more. It cannot delete an app or a slot, nor read publishing passwords. */
const ROLE_ACTIONS = [...RELEASE_ACTIONS, ...FURTHER_ACTIONS];
/** Role names are unique in a tenant, and a role lives in one subscription here. */
function roleName(subscriptionId) {
    return `Augeo release (${subscriptionId.slice(0, 8)})`;
}
/** Ids of built-in roles. Source: Microsoft Learn, Azure built-in roles. */
const BUILT_IN = {
    "Website Contributor": "de139f84-1756-47ae-9be6-808fbbe84772",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Delegator": "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
};


/***/ }),

/***/ 850:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D2: () => (/* binding */ SiteSetup),
/* harmony export */   GR: () => (/* binding */ ISSUER),
/* harmony export */   S8: () => (/* binding */ VERSIONS)
/* harmony export */ });
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1910);
/* harmony import */ var _step_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1484);
/** What all steps share: the services, and what was found out on the way. */


/** GitHub's issuer of ID tokens. Source: docs.github.com, OpenID Connect reference. */
const ISSUER = "https://token.actions.githubusercontent.com";
const VERSIONS = {
    resources: "2021-04-01",
    identities: "2023-01-31",
    storage: "2024-01-01",
    authorization: "2022-04-01",
    web: "2025-05-01",
};
class SiteSetup {
    settings;
    session;
    graph;
    github;
    #identities = new Map();
    #known = new Map();
    #repository;
    constructor(settings, session, github) {
        this.settings = settings;
        this.session = session;
        this.github = github;
        this.graph = new _augeo_azure__WEBPACK_IMPORTED_MODULE_0__.Graph(session.context, session.http, session.signIn);
    }
    groupPath(group) {
        return (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.groupPath)(this.session.arm, group);
    }
    /** A resource, or undefined where it does not exist. */
    async find(path, version, operation) {
        const query = { "api-version": version };
        const reply = await this.session.arm.call({ operation, method: "GET", path, query, accept: [404] });
        return reply.status === 404 ? undefined : reply.body;
    }
    /** Creates or sets a resource, and waits until it is done. */
    async put(path, version, operation, body) {
        const { arm, context } = this.session;
        const reply = await arm.call({ operation, method: "PUT", path, query: { "api-version": version }, body });
        const patience = { deadline: context.clock.now() + 600_000, signal: context.signal };
        return (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.untilDone)(arm, operation, (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.operationState)(reply, context.clock.now()), patience);
    }
    remember(environment, identity) {
        this.#identities.set(environment.name, identity);
        this.#known.set((0,_step_js__WEBPACK_IMPORTED_MODULE_1__/* .variableOf */ .Qn)("CLIENT", environment.name), identity.clientId);
        this.#known.set((0,_step_js__WEBPACK_IMPORTED_MODULE_1__/* .variableOf */ .Qn)("PRINCIPAL", environment.name), identity.principalId);
        return identity;
    }
    /** A command of the script as it can be run alone: what was found out stands in it in place of variables. */
    alone(command) {
        return command.replaceAll(/\$([A-Z][A-Z0-9_]*)/g, (variable, name) => this.#known.get(name) ?? variable);
    }
    /** The identity of an environment; undefined while it does not exist. Its own step finds or makes it first. */
    identityOf(environment) {
        return this.#identities.get(environment.name);
    }
    /** The repository's ids, which the immutable form of a subject carries. */
    repository() {
        this.#repository ??= this.#readRepository();
        return this.#repository;
    }
    async #readRepository() {
        const data = (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.fieldsOf)(await this.github.call({
            operation: "read the repository",
            permission: "metadata: read",
            route: "GET /repos/{owner}/{repo}",
            repeatable: true,
        }));
        const repository = {
            id: String(data.id),
            ownerId: String((0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.fieldsOf)(data.owner).id),
            defaultBranch: (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.textOf)(data.default_branch) || "main",
        };
        this.#known.set("REPOSITORY_ID", repository.id);
        this.#known.set("OWNER_ID", repository.ownerId);
        this.#known.set("DEFAULT_BRANCH", repository.defaultBranch);
        return repository;
    }
}


/***/ }),

/***/ 1484:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J_: () => (/* binding */ THERE),
/* harmony export */   Qn: () => (/* binding */ variableOf),
/* harmony export */   Vm: () => (/* binding */ word),
/* harmony export */   sj: () => (/* binding */ ABSENT)
/* harmony export */ });
const THERE = { there: true };
const ABSENT = { there: false };
/** A value as one word of a shell. */
function word(value) {
    return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
/** A variable of the script that belongs to one environment: `PRINCIPAL_PRODUCTION`. */
function variableOf(name, environment) {
    return `${name}_${environment.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}


/***/ }),

/***/ 3615:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $A: () => (/* binding */ accountPath),
/* harmony export */   Ie: () => (/* binding */ accountStep),
/* harmony export */   XD: () => (/* binding */ ledgerUrl),
/* harmony export */   cQ: () => (/* binding */ containerStep),
/* harmony export */   vK: () => (/* binding */ containerPath)
/* harmony export */ });
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1910);
/* harmony import */ var _site_setup_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(850);
/* harmony import */ var _step_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1484);
/** Where the ledgers are: an account that takes no shared key, and a container for each environment. */



function accountPath(setup) {
    const { "storage-account": account, "storage-resource-group": group } = setup.settings;
    return `${setup.groupPath(group)}/providers/Microsoft.Storage/storageAccounts/${account}`;
}
function containerPath(setup, { container }) {
    return `${accountPath(setup)}/blobServices/default/containers/${container}`;
}
function accountStep(setup) {
    const { "storage-account": account, "storage-resource-group": group, region } = setup.settings;
    return {
        area: "Azure",
        environment: undefined,
        what: `the storage account ${account}`,
        commands: [
            `az storage account create --resource-group ${(0,_step_js__WEBPACK_IMPORTED_MODULE_2__/* .word */ .Vm)(group)} --name ${account} --location ${region} --kind StorageV2 --sku Standard_LRS --allow-shared-key-access false --allow-blob-public-access false --min-tls-version TLS1_2`,
        ],
        look: () => lookForAccount(setup),
        make: async () => {
            await setup.put(accountPath(setup), _site_setup_js__WEBPACK_IMPORTED_MODULE_1__/* .VERSIONS */ .S8.storage, `create the storage account ${account}`, {
                location: region,
                kind: "StorageV2",
                sku: { name: "Standard_LRS" },
                properties: { allowSharedKeyAccess: false, allowBlobPublicAccess: false, minimumTlsVersion: "TLS1_2" },
            });
        },
    };
}
async function lookForAccount(setup) {
    const account = await setup.find(accountPath(setup), _site_setup_js__WEBPACK_IMPORTED_MODULE_1__/* .VERSIONS */ .S8.storage, "look for the storage account");
    if (account === undefined)
        return _step_js__WEBPACK_IMPORTED_MODULE_2__/* .ABSENT */ .sj;
    const keys = (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.fieldsOf)((0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.fieldsOf)(account).properties).allowSharedKeyAccess;
    return keys === false ? _step_js__WEBPACK_IMPORTED_MODULE_2__/* .THERE */ .J_ : { there: true, note: "it takes shared keys, which nothing here needs" };
}
function containerStep(setup, place) {
    const { "storage-account": account, "storage-resource-group": group } = setup.settings;
    return {
        area: "Azure",
        environment: place.name,
        what: `the container ${place.container} for the ledger of ${place.name}`,
        commands: [
            `az storage container-rm create --resource-group ${(0,_step_js__WEBPACK_IMPORTED_MODULE_2__/* .word */ .Vm)(group)} --storage-account ${account} --name ${place.container}`,
        ],
        look: async () => {
            const container = await setup.find(containerPath(setup, place), _site_setup_js__WEBPACK_IMPORTED_MODULE_1__/* .VERSIONS */ .S8.storage, "look for the container");
            return container === undefined ? _step_js__WEBPACK_IMPORTED_MODULE_2__/* .ABSENT */ .sj : _step_js__WEBPACK_IMPORTED_MODULE_2__/* .THERE */ .J_;
        },
        make: async () => {
            const body = { properties: { publicAccess: "None" } };
            await setup.put(containerPath(setup, place), _site_setup_js__WEBPACK_IMPORTED_MODULE_1__/* .VERSIONS */ .S8.storage, `create the container ${place.container}`, body);
        },
    };
}
/** Address of the environment's ledger: the account itself says where its blobs are, in every cloud. */
async function ledgerUrl(setup, { container }) {
    const account = await setup.find(accountPath(setup), _site_setup_js__WEBPACK_IMPORTED_MODULE_1__/* .VERSIONS */ .S8.storage, "look for the storage account");
    const endpoint = (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.textOf)((0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.fieldsOf)((0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.fieldsOf)((0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.fieldsOf)(account).properties).primaryEndpoints).blob);
    return endpoint === "" ? undefined : `${endpoint.replace(/\/?$/, "/")}${container}`;
}


/***/ })

};
