import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 613:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  j$: () => (/* reexport */ src/* Interrupted */.j$),
  _7: () => (/* reexport */ src/* ServiceError */._7),
  eb: () => (/* reexport */ src/* UsageError */.eb),
  VY: () => (/* reexport */ appInputs),
  Ro: () => (/* reexport */ azureInputs),
  kp: () => (/* reexport */ closest),
  hT: () => (/* reexport */ databaseAccessInputs),
  dM: () => (/* reexport */ databaseInputs),
  QP: () => (/* reexport */ defineAction),
  WE: () => (/* reexport */ src/* explain */.WE),
  a3: () => (/* reexport */ formatDuration),
  dN: () => (/* reexport */ githubInputs),
  yx: () => (/* reexport */ implement),
  LO: () => (/* reexport */ inputVariable),
  hE: () => (/* reexport */ ledgerInputs),
  PJ: () => (/* reexport */ optionalAzureInputs),
  E9: () => (/* reexport */ parseDuration),
  TL: () => (/* reexport */ parseInputs),
  R5: () => (/* reexport */ readInput),
  zy: () => (/* reexport */ releaseInputs),
  Cs: () => (/* reexport */ runAction),
  $Y: () => (/* reexport */ stripControls),
  ml: () => (/* reexport */ systemClock)
});

// UNUSED EXPORTS: COMMON_OUTPUTS, COMMON_REASONS, createLog

// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var src = __nccwpck_require__(2607);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __nccwpck_require__(8500);
;// CONCATENATED MODULE: ./packages/action-kit/src/clock.ts

const systemClock = {
    now: () => Date.now(),
    async sleep(milliseconds, signal) {
        signal?.throwIfAborted();
        await (0,promises_.setTimeout)(Math.max(0, milliseconds), undefined, signal === undefined ? {} : { signal }).catch((error) => {
            signal?.throwIfAborted();
            throw error;
        });
    },
};

;// CONCATENATED MODULE: ./packages/action-kit/src/duration.ts
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d)\s*)+$/;
/** Reads `90s`, `5m`, `1h 30m`, `250ms`. `undefined` for anything else, a bare number included. */
function parseDuration(text) {
    if (!WHOLE.test(text))
        return undefined;
    let total = 0;
    for (const [, amount, unit] of text.matchAll(PART))
        total += Number(amount) * UNITS[unit];
    return total;
}
/** `1500` → `1.5s`, `300000` → `5m`, `5400000` → `1h 30m`. */
function formatDuration(milliseconds) {
    if (milliseconds < 1_000)
        return `${Math.round(milliseconds)}ms`;
    if (milliseconds < 60_000)
        return `${trimmed(milliseconds / 1_000)}s`;
    const seconds = Math.round(milliseconds / 1_000);
    const parts = [
        [Math.floor(seconds / 3_600), "h"],
        [Math.floor((seconds % 3_600) / 60), "m"],
        [seconds % 60, "s"],
    ];
    return parts
        .filter(([amount]) => amount > 0)
        .map(([amount, unit]) => `${amount}${unit}`)
        .join(" ");
}
function trimmed(value) {
    return value.toFixed(1).replace(/\.0$/, "");
}

;// CONCATENATED MODULE: ./packages/action-kit/src/implement.ts
/** Joins a spec with its behaviour. Nothing runs until the bundle's entry calls `runAction`. */
function implement(spec, implementation) {
    // runAction parses the inputs with this same spec, so the context it hands over is an ActionContext<S>.
    const { main, post } = implementation;
    return { spec, main, ...(post === undefined ? {} : { post }) };
}

;// CONCATENATED MODULE: ./packages/action-kit/src/input-groups.ts
/** Inputs that several actions share, so that the same word means the same thing everywhere. Spread them into `inputs`. */
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const GUID_HINT = "a GUID, such as 00000000-0000-0000-0000-000000000000";
/** Sign-in by OIDC, and where. */
const azureInputs = {
    "client-id": {
        kind: "string",
        required: true,
        pattern: GUID,
        hint: GUID_HINT,
        doc: "Application (client) id of the identity that trusts this workflow through a federated credential. Not a secret.",
    },
    "tenant-id": {
        kind: "string",
        required: true,
        pattern: GUID,
        hint: GUID_HINT,
        doc: "Microsoft Entra tenant of that identity.",
    },
    "subscription-id": {
        kind: "string",
        required: true,
        pattern: GUID,
        hint: GUID_HINT,
        doc: "Subscription that holds the app.",
    },
    cloud: {
        kind: "string",
        default: "AzureCloud",
        doc: "`AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud`, or a JSON object with the endpoints of another cloud (`authority`, `management`).",
    },
};
/** The same four, for an action that signs in only when asked. */
const optionalAzureInputs = {
    "client-id": { ...azureInputs["client-id"], required: false },
    "tenant-id": { ...azureInputs["tenant-id"], required: false },
    "subscription-id": { ...azureInputs["subscription-id"], required: false },
    cloud: azureInputs.cloud,
};
const APP_NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/i;
const SLOT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?$/i;
const appInputs = {
    app: {
        kind: "string",
        required: true,
        pattern: APP_NAME,
        hint: "the app's name alone, such as api-prod: letters, digits and hyphens, not a host name",
        doc: "Name of the App Service app.",
    },
    "resource-group": { kind: "string", required: true, max: 90, doc: "Resource group of the app." },
    slot: {
        kind: "string",
        default: "staging",
        pattern: SLOT_NAME,
        hint: "the slot's name alone, such as staging: letters, digits and hyphens",
        doc: "Deployment slot that receives the new release before production does.",
    },
};
const ledgerInputs = {
    ledger: {
        kind: "url",
        required: true,
        pattern: /^https:\/\/[^/]+(?:\/[a-z0-9-]+){1,2}\/?$/,
        hint: "the address of a blob container, such as https://account.blob.core.windows.net/releases",
        doc: "Blob container that records the releases and holds the lock: `https://<account>.blob.core.windows.net/<container>`.",
    },
    environment: {
        kind: "string",
        default: "production",
        pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/,
        hint: "letters, digits, dots, hyphens and underscores",
        doc: "Environment of the release: its name in the ledger and as a GitHub environment.",
    },
};
const githubInputs = {
    "github-token": {
        kind: "secret",
        default: "${{ github.token }}",
        doc: "Token for GitHub's API. The job's own is enough.",
    },
};
const releaseInputs = {
    release: {
        kind: "string",
        pattern: /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/,
        hint: "letters, digits, dots, plus signs, hyphens and underscores, at most 100",
        doc: "Id of the release. Without it, made from the commit and the package's content.",
    },
};
const databaseInputs = {
    "database-url": {
        kind: "secret",
        required: true,
        pattern: /^postgres(?:ql)?(?:\+[a-z0-9]+)?:\/\//,
        hint: "postgresql://user:password@host:5432/name",
        doc: "Address of the PostgreSQL database. Masked. Leave the password out when `database-auth` is `entra`.",
    },
    "database-auth": {
        kind: "choice",
        options: ["url", "entra"],
        default: "url",
        doc: "`url`: the address carries what signs in. `entra`: a Microsoft Entra token of the signed-in identity is the password.",
    },
};
/** How the runner comes to a database that lets nobody in. */
const databaseAccessInputs = {
    connect: {
        kind: "choice",
        options: ["direct", "firewall-rule"],
        default: "direct",
        doc: "`direct`: the runner reaches the database as it is. `firewall-rule`: opens the firewall of an Azure Database for PostgreSQL flexible server to this runner for as long as migrations run, and always closes it again. Needs `client-id`, `tenant-id` and `subscription-id`.",
    },
    "database-server": {
        kind: "string",
        pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i,
        hint: "the server's name alone, such as auction-db, not its host name",
        doc: "For `firewall-rule`: name of the flexible server. Default: the first label of the host in `database-url`, where that is an Azure one.",
    },
    "database-resource-group": { kind: "string", max: 90, doc: "For `firewall-rule`: resource group of that server." },
    "runner-address": {
        kind: "lines",
        pattern: /^[0-9][0-9./ -]*$/,
        hint: "an IPv4 address such as 203.0.113.7, or a range: 203.0.113.0/28",
        max: 5,
        doc: "For `firewall-rule`: public IPv4 addresses or ranges, one a line, under which this runner reaches the Internet. Without it, the address that the server itself names when it refuses, else the answer of `runner-address-url`.",
    },
    "runner-address-url": {
        kind: "url",
        default: "https://api.ipify.org",
        doc: "For `firewall-rule`: asked for the runner's public address, when the server does not name it. Answers a text, or JSON that holds it.",
    },
    "firewall-timeout": {
        kind: "duration",
        default: "5m",
        min: "1s",
        max: "30m",
        doc: "For `firewall-rule`: how long opening may take, until the server lets this runner in. Azure itself speaks of up to five minutes.",
    },
};

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(6760);
;// CONCATENATED MODULE: ./packages/action-kit/src/input-kinds.ts


/** Reads one input that is not empty. */
function readInput(spec, raw, workspace) {
    switch (spec.kind) {
        case "boolean":
            return readBoolean(raw);
        case "integer":
        case "number":
        case "percentage":
            return readNumber(spec, raw);
        case "duration":
            return readDuration(spec, raw);
        case "choice":
            return readChoice(spec, raw);
        case "json":
            return readJson(raw);
        case "lines":
            return readLines(spec, raw);
        case "url":
            return readUrl(spec, raw);
        case "path":
            return raw.includes("\0") ? { allowed: "a path" } : checkText(spec, (0,external_node_path_.resolve)(workspace, raw), raw);
        default:
            return checkText(spec, raw, raw);
    }
}
function readBoolean(raw) {
    const word = raw.toLowerCase();
    if (word === "true" || word === "false")
        return { value: word === "true" };
    return { allowed: "true or false" };
}
function readNumber(spec, raw) {
    const { min, max } = spec.kind === "percentage" ? { min: 0, max: 100, ...spec } : spec;
    const allowed = `${NUMBER_NAMES[spec.kind]}${bounds(min, max)}`;
    const text = spec.kind === "percentage" ? raw.replace(/\s*%$/, "") : raw;
    const shape = spec.kind === "integer" ? /^[+-]?\d+$/ : /^[+-]?\d+(?:\.\d+)?$/;
    const value = Number(text);
    const fits = shape.test(text) && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
    return fits ? { value } : { allowed };
}
const NUMBER_NAMES = { integer: "a whole number", number: "a number", percentage: "a percentage" };
function bounds(min, max) {
    if (min !== undefined && max !== undefined)
        return ` from ${min} to ${max}`;
    if (min !== undefined)
        return ` of at least ${min}`;
    return max === undefined ? "" : ` of at most ${max}`;
}
function readDuration(spec, raw) {
    const allowed = `a duration with its unit${bounds(spec.min, spec.max)}, such as 90s, 5m or 1h 30m`;
    const value = parseDuration(raw);
    if (value === undefined)
        return /^\d+$/.test(raw) ? { allowed, fix: `write ${raw}s for seconds` } : { allowed };
    const min = parseDuration(spec.min ?? "0ms") ?? 0;
    const max = spec.max === undefined ? Infinity : (parseDuration(spec.max) ?? Infinity);
    if (value < min)
        return { allowed, fix: `raise it to ${formatDuration(min)} or more` };
    return value > max ? { allowed, fix: `lower it to ${formatDuration(max)} or less` } : { value };
}
function readChoice(spec, raw) {
    const value = spec.options.find((option) => option.toLowerCase() === raw.toLowerCase());
    return value === undefined ? { allowed: `one of ${spec.options.join(", ")}` } : { value };
}
function readJson(raw) {
    try {
        return { value: JSON.parse(raw) };
    }
    catch (error) {
        return { allowed: "JSON", fix: `mend the JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
}
function readLines(spec, raw) {
    const lines = raw
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== "");
    const bad = lines.find((line) => spec.pattern !== undefined && !spec.pattern.test(line));
    if (bad !== undefined)
        return { allowed: patternWords(spec), fix: `mend the line "${bad}"` };
    if (lines.length < (spec.min ?? 0) || lines.length > (spec.max ?? Infinity)) {
        return { allowed: `a number of lines${bounds(spec.min, spec.max)}`, fix: `it has ${lines.length}` };
    }
    return { value: lines };
}
function readUrl(spec, raw) {
    const url = URL.canParse(raw) ? new URL(raw) : undefined;
    if (url?.protocol !== "https:" && url?.protocol !== "http:") {
        const words = spec.hint ?? "an address such as https://example.com";
        return { allowed: words, ...(url === undefined ? { fix: "start it with https://" } : {}) };
    }
    return checkText(spec, raw, raw);
}
function checkText(spec, value, raw) {
    if (spec.kind !== "secret" && /[\r\n]/.test(raw))
        return { allowed: "one line", fix: "use a single line" };
    if (spec.pattern !== undefined && !spec.pattern.test(raw))
        return { allowed: patternWords(spec) };
    if (raw.length < (spec.min ?? 0) || raw.length > (spec.max ?? Infinity)) {
        return { allowed: `a text${bounds(spec.min, spec.max)} characters`, fix: `it has ${raw.length}` };
    }
    return { value };
}
function patternWords(spec) {
    return spec.hint ?? `something that matches ${spec.pattern}`;
}

;// CONCATENATED MODULE: ./packages/action-kit/src/secret-forms.ts
/**
 * Every form in which a secret may show up in a log. The runner masks exact matches only, so each form has to be
 * registered by itself. Forms shorter than four characters would blank out half the log and are left out.
 */
function secretForms(secret) {
    const escaped = JSON.stringify(secret).slice(1, -1);
    const lines = secret.includes("\n") ? secret.split(/\r?\n/) : [];
    const forms = [
        secret,
        ...lines,
        escaped,
        encodeURIComponent(secret),
        formEncoded(secret),
        ...base64Forms(secret),
        ...passwordForms(secret),
    ];
    return [...new Set(forms.map((form) => form.trim()))].filter((form) => form.length >= 4);
}
function formEncoded(secret) {
    return new URLSearchParams({ v: secret }).toString().slice(2);
}
function base64Forms(secret) {
    const bytes = Buffer.from(secret, "utf8");
    return [bytes.toString("base64"), bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url")];
}
/** The password inside an address is a secret of its own: clients print it without the rest. */
function passwordForms(secret) {
    const password = URL.canParse(secret) ? new URL(secret).password : "";
    return password === "" ? [] : [password, decoded(password)];
}
function decoded(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return text;
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
;// CONCATENATED MODULE: ./packages/action-kit/src/workflow-command.ts

/**
 * The runner's line protocol on stdout. The file protocol (outputs, state, summary) is `@actions/core`'s, loaded when
 * it is needed: its HTTP client costs more to load than everything else an action does before its first request.
 */
function workflowCommand(name, message, properties = {}) {
    const list = Object.entries(properties)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
        .join(",");
    return `::${name}${list === "" ? "" : ` ${list}`}::${escapeMessage(message)}`;
}
function escapeMessage(text) {
    return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
function escapeProperty(text) {
    return escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
/** Colours, cursor movements and window titles of terminals. */
const TERMINAL = new RegExp(`${ESCAPE}(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^${ESCAPE}${BELL}]*(?:${BELL}|${ESCAPE}\\\\))`, "g");
const CONTROL = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;
/** Text from outside without terminal sequences, control characters and changes of writing direction. Newlines and tabs stay. */
function stripControls(text) {
    return text.replaceAll("\r\n", "\n").replaceAll(TERMINAL, "").replaceAll(CONTROL, "");
}
/** The text between `::stop-commands::` and its token, so that no line of it can act as a command. */
function withoutCommands(text, token = (0,external_node_crypto_.randomUUID)()) {
    return `::stop-commands::${token}\n${text.replace(/\n+$/, "")}\n::${token}::`;
}

;// CONCATENATED MODULE: ./packages/action-kit/src/log.ts


/** GitHub cuts the message of an annotation here. */
const ANNOTATION_LIMIT = 4_096;
/** @param write takes one line without its newline; one call may hold several lines. */
function createLog(write) {
    const masked = new Set();
    let errors = 0;
    let open = false;
    const print = (text) => write(safe(text));
    return {
        info: print,
        debug: (text) => write(workflowCommand("debug", stripControls(text))),
        notice: (text, place) => write(workflowCommand("notice", cut(stripControls(text)), properties(place))),
        warning: (text, place) => write(workflowCommand("warning", cut(stripControls(text)), properties(place))),
        error(text, place) {
            errors += 1;
            const clean = stripControls(text);
            if (errors > 1)
                return print(clean);
            write(workflowCommand("error", cut(clean), properties(place)));
            if (clean.length > ANNOTATION_LIMIT)
                print(clean);
        },
        async group(title, work) {
            const outermost = !open;
            if (outermost)
                write(workflowCommand("group", stripControls(title)));
            else
                print(title);
            open = true;
            try {
                return await work();
            }
            finally {
                if (outermost) {
                    write("::endgroup::");
                    open = false;
                }
            }
        },
        quote: (text) => write(withoutCommands(stripControls(text))),
        mask(secret) {
            for (const form of secretForms(secret)) {
                if (!masked.has(form))
                    write(workflowCommand("add-mask", form));
                masked.add(form);
            }
        },
    };
}
/** Our own lines carry names and messages from outside: one that would read as a command is printed as text. */
function safe(text) {
    const clean = stripControls(text);
    return /^\s*(?:::|##\[)/m.test(clean) ? withoutCommands(clean) : clean;
}
function cut(text) {
    return text.length <= ANNOTATION_LIMIT ? text : `${text.slice(0, ANNOTATION_LIMIT - 40)}… (the rest is in the log)`;
}
function properties(place) {
    if (place === undefined)
        return {};
    const { title, file, line, endLine, column } = place;
    return { title, file, line, endLine, col: column };
}

;// CONCATENATED MODULE: ./packages/action-kit/src/parse-inputs.ts


/**
 * The inputs as the user gave them, checked and typed.
 * @throws UsageError that names every fault of every input.
 */
function parseInputs(spec, env) {
    const values = {};
    const faults = [];
    for (const [name, input] of Object.entries(spec.inputs)) {
        const raw = rawInput(name, input, env);
        const reading = raw === "" ? readEmpty(input, name, env) : readInput(input, raw, workspaceOf(env));
        if ("value" in reading)
            values[name] = reading.value;
        else
            faults.push(fault(name, input, raw, reading));
    }
    if (faults.length > 0)
        throw usageError(faults);
    // The loop above has filled every key with the value its own spec describes.
    return values;
}
/** Values of secret inputs, to be masked before anything is printed: also of inputs that turn out to be wrong. */
function secretValues(inputs, env) {
    return Object.entries(inputs)
        .filter(([, input]) => input.kind === "secret")
        .map(([name, input]) => rawInput(name, input, env))
        .filter((value) => value !== "");
}
/** The runner's own rule: spaces become underscores, letters upper-case, hyphens stay. */
function inputVariable(name) {
    return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}
function rawInput(name, input, env) {
    const given = env[inputVariable(name)]?.trim() ?? "";
    if (given !== "" || input.default === undefined)
        return given;
    const fallback = String(input.default);
    return fallback.includes("${{") ? "" : fallback.trim();
}
function readEmpty(input, name, env) {
    if (input.required === true) {
        // Mostly it is there, and takes a variable of an environment that the job is not in.
        const fix = `add ${name}: under with:, or, where it takes a variable there, set that in the job's environment`;
        return { allowed: "a value: it is required", fix };
    }
    if (input.default === "")
        return readInput(input, "", workspaceOf(env));
    if (input.default === undefined)
        return { value: undefined };
    return { allowed: "a value", fix: `leave ${name} out, so that it is ${String(input.default)}` };
}
function workspaceOf(env) {
    return env.GITHUB_WORKSPACE ?? process.cwd();
}
function fault(input, spec, raw, reading) {
    const came = spec.kind === "secret" && raw !== "" ? "a value that is kept secret" : quoted(raw);
    const fix = reading.fix ?? remedy(spec);
    return { input, came, allowed: reading.allowed, fix };
}
function remedy({ default: fallback }) {
    const hasPlainDefault = fallback !== undefined && fallback !== "" && !String(fallback).includes("${{");
    return hasPlainDefault ? `correct it, or leave it out for ${String(fallback)}` : "correct it under with:";
}
/** One line of at most 80 characters: a whole file pasted into an input must not fill the annotation. */
function quoted(raw) {
    if (raw === "")
        return "nothing";
    const line = JSON.stringify(raw);
    return line.length > 80 ? `${line.slice(0, 76)}…"` : line;
}
function usageError(faults) {
    const names = faults.map((one) => one.input).join(", ");
    const each = faults.map((one) => `${one.input}: came ${one.came}; allowed is ${one.allowed}; ${one.fix}.`);
    if (faults.length === 1) {
        const [one] = faults;
        return new src/* UsageError */.eb({
            what: `Input ${one.input} is wrong.`,
            why: `It came as ${one.came}; allowed is ${one.allowed}.`,
            fix: `${one.fix}.`,
        });
    }
    return new src/* UsageError */.eb({
        what: `${faults.length} inputs are wrong: ${names}.`,
        why: `Each fault:\n${each.map((line) => `- ${line}`).join("\n")}`,
        fix: "correct them all under with: in the workflow; nothing was changed.",
    });
}

;// CONCATENATED MODULE: ./packages/action-kit/src/near-misses.ts

/**
 * Inputs that were given but are not declared, each with the declared name it was probably meant to be. The runner
 * itself warns of unknown inputs, but does not say which one was meant.
 */
function nearMisses(inputs, env) {
    const declared = new Map(Object.keys(inputs).map((name) => [inputVariable(name), name]));
    return Object.keys(env)
        .filter((variable) => variable.startsWith("INPUT_") && !declared.has(variable) && env[variable] !== "")
        .flatMap((variable) => {
        const given = variable.slice("INPUT_".length).toLowerCase();
        const meant = closest(given, [...declared.values()]);
        return meant === undefined ? [] : [{ given, meant }];
    });
}
/** The one of the names that was probably meant; undefined when none is near. */
function closest(given, names) {
    const plain = given.replaceAll(/[-_]/g, "");
    const same = names.find((name) => name.replaceAll(/[-_]/g, "") === plain);
    if (same !== undefined)
        return same;
    const near = names
        .map((name) => ({ name, distance: editDistance(given, name) }))
        .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 4)))
        .sort((a, b) => a.distance - b.distance);
    return near[0]?.name;
}
/** How many slips lie between two words: a letter more, less or other, or two neighbours exchanged. */
function editDistance(a, b) {
    let before = [];
    let row = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i++) {
        const next = [i];
        for (let j = 1; j <= b.length; j++) {
            const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
            const exchange = exchanged ? (before[j - 2] ?? 0) + 1 : Infinity;
            next.push(Math.min(change, exchange, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
        }
        before = row;
        row = next;
    }
    return row[b.length] ?? 0;
}

;// CONCATENATED MODULE: ./packages/action-kit/src/cancellation.ts

/** From SIGINT to SIGTERM, and from SIGTERM to the end: the runner's own budgets. */
const AFTER_SIGINT = 7_500;
const AFTER_SIGTERM = 2_500;
/** Turns the runner's SIGINT and SIGTERM into an abort signal with a budget. */
function listenForCancellation(now, events = process) {
    const controller = new AbortController();
    let deadline = Number.POSITIVE_INFINITY;
    let timer;
    const { promise, resolve } = Promise.withResolvers();
    const cancel = (budget) => {
        deadline = Math.min(deadline, now() + budget);
        clearTimeout(timer);
        timer = setTimeout(resolve, Math.max(0, deadline - now() - 800));
        controller.abort(new src/* Interrupted */.j$({ what: "The run was cancelled.", done: [], undone: [] }));
    };
    const onInterrupt = () => cancel(AFTER_SIGINT + AFTER_SIGTERM);
    const onTerminate = () => cancel(AFTER_SIGTERM);
    events.on("SIGINT", onInterrupt);
    events.on("SIGTERM", onTerminate);
    return {
        signal: controller.signal,
        remaining: () => Math.max(0, deadline - now()),
        lastCall: promise,
        release() {
            clearTimeout(timer);
            events.off("SIGINT", onInterrupt);
            events.off("SIGTERM", onTerminate);
        },
    };
}

;// CONCATENATED MODULE: ./packages/action-kit/src/failure.ts

/** Where defects of ours are reported. */
const ISSUES = "https://github.com/augeo/deploy-action/issues/new";
/** Puts anything that was thrown into words. What is not one of ours is a defect of ours, and says so. */
function failureOf(error, action) {
    if (error instanceof src/* UsageError */.eb)
        return { reason: "usage-error", ...textOf(error), facts: {} };
    if (error instanceof src/* Interrupted */.j$) {
        return { reason: "interrupted", ...textOf(error), facts: { done: [...error.done], undone: [...error.undone] } };
    }
    if (error instanceof src/* ServiceError */._7)
        return { reason: "service-error", ...textOf(error), facts: serviceFacts(error) };
    return defect(error, action);
}
function textOf({ what, why, fix }) {
    return { what, why, fix };
}
function serviceFacts(error) {
    const { service, operation, status, code, correlationId, retryable } = error;
    return { service, operation, status, code, correlationId, retryable };
}
function defect(error, action) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return {
        reason: "internal-error",
        what: `The action ${action} has a defect: ${text}`,
        why: `It met something it was not written for.\n${traceOf(error)}`,
        fix: `report it at ${ISSUES} with these lines; they hold no secret that the action was given.`,
        facts: { message: text },
    };
}
function traceOf(error) {
    const lines = [];
    for (let cause = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth++) {
        lines.push(...(cause.stack ?? cause.message).split("\n").slice(0, depth === 0 ? 8 : 4));
    }
    return lines.join("\n");
}
/** The error as its annotation shows it: the runner itself puts `Error:` before the first line. */
function failureText({ what, why, fix }) {
    return [what, `Why: ${why}`, `Fix: ${fix}`].join("\n");
}
function failureSummary(title, failure) {
    const icon = failure.reason === "interrupted" ? "⚠️" : "❌";
    const text = failureText(failure).replaceAll("```", "'''");
    return `### ${icon} ${title}: ${failure.reason}\n\n\`\`\`text\n${text}\n\`\`\`\n`;
}

;// CONCATENATED MODULE: ./packages/action-kit/src/known-names.ts

/** What stands for a name in a fix, and the input that has it. Who finds an error out often knows no more than a code. */
const INPUT_OF = {
    "client-id": "client-id",
    app: "app",
    group: "resource-group",
    slot: "slot",
};
/** `<app>` and its kin as the names of this run, so that a command can be pasted; what was not given stays as it is. */
function withKnownNames(fix, env) {
    return fix.replaceAll(/<([a-z-]+)>/g, (placeholder, name) => {
        const input = INPUT_OF[name];
        const value = input === undefined ? "" : (env[inputVariable(input)]?.trim() ?? "");
        return /^[\w.-]+$/.test(value) ? value : placeholder;
    });
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
;// CONCATENATED MODULE: ./packages/action-kit/src/run-info.ts

function readRunInfo(env) {
    const text = (name, fallback = "") => env[name] ?? fallback;
    const serverUrl = text("GITHUB_SERVER_URL", "https://github.com");
    const attempt = Number(text("GITHUB_RUN_ATTEMPT", "1")) || 1;
    const run = `${serverUrl}/${text("GITHUB_REPOSITORY")}/actions/runs/${text("GITHUB_RUN_ID")}`;
    return {
        repository: text("GITHUB_REPOSITORY"),
        sha: text("GITHUB_SHA"),
        ref: text("GITHUB_REF"),
        runId: text("GITHUB_RUN_ID"),
        attempt,
        actor: text("GITHUB_ACTOR"),
        triggeringActor: text("GITHUB_TRIGGERING_ACTOR", text("GITHUB_ACTOR")),
        workflow: text("GITHUB_WORKFLOW"),
        job: text("GITHUB_JOB"),
        eventName: text("GITHUB_EVENT_NAME"),
        serverUrl,
        apiUrl: text("GITHUB_API_URL", "https://api.github.com"),
        runUrl: attempt > 1 ? `${run}/attempts/${attempt}` : run,
        workspace: text("GITHUB_WORKSPACE", process.cwd()),
        tempFolder: text("RUNNER_TEMP", process.env.TMPDIR ?? "/tmp"),
        actionRef: text("GITHUB_ACTION_REF"),
        debug: text("RUNNER_DEBUG") === "1",
        event: () => readEvent(text("GITHUB_EVENT_PATH")),
    };
}
function readEvent(path) {
    try {
        return JSON.parse((0,external_node_fs_.readFileSync)(path, "utf8"));
    }
    catch {
        return null;
    }
}

;// CONCATENATED MODULE: ./packages/action-kit/src/runner-files.ts
/** GitHub drops a larger summary, and the step stays green. */
const SUMMARY_LIMIT = 1_024 * 1_024;
/** The outputs of one job may be 1 MB in all, counted in UTF-16. */
const RESULT_LIMIT = 256 * 1_024;
async function writeOutputs(outputs) {
    const { setOutput } = await Promise.all(/* import() */[__nccwpck_require__.e(119), __nccwpck_require__.e(260), __nccwpck_require__.e(264)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7264));
    for (const [name, value] of Object.entries(outputs))
        setOutput(name, value);
}
async function writeState(key, value) {
    const { saveState } = await Promise.all(/* import() */[__nccwpck_require__.e(119), __nccwpck_require__.e(260), __nccwpck_require__.e(264)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7264));
    saveState(key, JSON.stringify(value));
}
function readState(key, env) {
    const text = env[`STATE_${key}`];
    if (text === undefined || text === "")
        return undefined;
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
/** Appends to the step's summary; without a summary file (an old runner, a terminal) it does nothing. */
async function writeSummary(markdown, env) {
    if (!env.GITHUB_STEP_SUMMARY)
        return;
    const { summary } = await Promise.all(/* import() */[__nccwpck_require__.e(119), __nccwpck_require__.e(260), __nccwpck_require__.e(264)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7264));
    await summary.addRaw(fitSummary(markdown), true).write();
}
/** Cuts whole lines from the end, and says so. */
function fitSummary(markdown, limit = SUMMARY_LIMIT) {
    const bytes = Buffer.from(markdown, "utf8");
    if (bytes.length <= limit)
        return markdown;
    const notice = "\n\n> The summary was longer than GitHub shows and ends here. The log has the rest.\n";
    const kept = bytes.subarray(0, limit - Buffer.byteLength(notice) - 64).toString("utf8");
    const whole = kept.slice(0, Math.max(0, kept.lastIndexOf("\n")));
    const closing = count(whole, "<details>") > count(whole, "</details>") ? "\n\n</details>" : "";
    const fence = count(whole, "```") % 2 === 1 ? "\n```" : "";
    return `${whole}${fence}${closing}${notice}`;
}
function count(text, part) {
    return text.split(part).length - 1;
}
/** `result` as JSON with its schema number; a result too large for an output says so instead. */
function resultJson(result) {
    const json = JSON.stringify({ schema: 1, ...result });
    return json.length <= RESULT_LIMIT ? json : JSON.stringify({ schema: 1, truncated: true, length: json.length });
}

;// CONCATENATED MODULE: ./packages/action-kit/src/run-action.ts










/** Each reason has an anchor on its action's page. */
const REFERENCE = "https://github.com/augeo/deploy-action/blob/v1/docs/reference";
/**
 * Runs one phase of an action, from the runner's variables to its outputs, summary and exit code. Never throws.
 * @returns the exit code: 0, or 1 for an error or a reason that fails.
 */
async function runAction(action, options) {
    const env = options.env ?? process.env;
    const log = createLog(options.write ?? ((text) => process.stdout.write(`${text}\n`)));
    const cancellation = listenForCancellation(systemClock.now);
    try {
        return options.phase === "main"
            ? await runMain(action, options.version, env, log, cancellation)
            : await runPost(action, env, log, cancellation);
    }
    finally {
        cancellation.release();
    }
}
async function runMain(action, version, env, log, cancellation) {
    const end = await mainEnd(action, version, env, log, cancellation);
    if (end.error !== undefined)
        log.error(end.error, { title: `${action.spec.name}: ${end.reason}` });
    await writeEnd(end, env, log);
    if (end.error !== undefined)
        log.info(`See ${REFERENCE}/${action.spec.name}.md#${end.reason}`);
    log.info(`${end.spec.decision}: ${end.message} (${end.reason})`);
    return end.spec.fails === true ? 1 : 0;
}
async function mainEnd(action, version, env, log, cancellation) {
    try {
        for (const secret of secretValues(action.spec.inputs, env))
            log.mask(secret);
        log.info(firstLine(action, version, env));
        warnOfInputs(action, env, log);
        const context = contextOf(action, env, log, cancellation);
        const outcome = await withinBudget(action.main(context), cancellation);
        return outcomeEnd(action, outcome, env);
    }
    catch (error) {
        const failure = failureOf(asInterruption(error, cancellation), action.spec.name);
        return failureEnd(action, { ...failure, fix: withKnownNames(failure.fix, env) });
    }
}
/** The main step has said what happened; a post step only adds what it undid, and never fails the job. */
async function runPost(action, env, log, cancellation) {
    if (action.post === undefined)
        return 0;
    try {
        for (const secret of secretValues(action.spec.inputs, env))
            log.mask(secret);
        await withinBudget(action.post(contextOf(action, env, log, cancellation)), cancellation);
        return 0;
    }
    catch (error) {
        const failure = failureOf(asInterruption(error, cancellation), action.spec.name);
        log.error(failureText(failure), { title: `${action.spec.name}, clean-up: ${failure.reason}` });
        await writeSummary(failureSummary(`${action.spec.name}, clean-up`, failure), env);
        return 1;
    }
}
function firstLine({ spec }, version, env) {
    const input = (name) => env[`INPUT_${name}`]?.trim() ?? "";
    const app = "app" in spec.inputs ? input("APP") : "";
    const slot = "slot" in spec.inputs && app !== "" ? input("SLOT") || String(spec.inputs.slot?.default ?? "") : "";
    const subject = [app, slot === "" ? "" : `slot ${slot}`].filter((part) => part !== "").join(", ");
    const ref = env.GITHUB_ACTION_REF ? ` (${env.GITHUB_ACTION_REF})` : "";
    return `deploy-action/${spec.name} ${version}${ref}${subject === "" ? "" : ` → ${subject}`}`;
}
function warnOfInputs({ spec }, env, log) {
    for (const { given, meant } of nearMisses(spec.inputs, env)) {
        log.warning(`There is no input ${given}: it was ignored. Did you mean ${meant}?`);
    }
    if (env.GITHUB_ACTION_REF === "main" && env.GITHUB_ACTION_REPOSITORY === "augeo/deploy-action") {
        log.warning("This workflow uses augeo/deploy-action@main, which changes under it. Pin a release or a commit.");
    }
}
function contextOf(action, env, log, cancellation) {
    return {
        inputs: parseInputs(action.spec, env),
        log,
        signal: cancellation.signal,
        remaining: cancellation.remaining,
        journal: createJournal(env),
        run: readRunInfo(env),
        clock: systemClock,
        env,
    };
}
function createJournal(env) {
    const entries = new Map();
    return {
        async record(key, value) {
            entries.set(key, value);
            await writeState(key, value);
        },
        read: (key) => entries.get(key) ?? readState(key, env),
    };
}
/** Gives up waiting shortly before the runner would kill the process, so that the outcome is still written. */
async function withinBudget(work, cancellation) {
    const late = cancellation.lastCall.then(() => {
        throw new src/* Interrupted */.j$({
            what: "The run was cancelled, and what was under way did not end within the runner's budget.",
            done: [],
            undone: ["the last phase shown in the log"],
        });
    });
    return Promise.race([work, late]);
}
/** A cancelled request surfaces as the client's own abort error: the cancellation is what happened. */
function asInterruption(error, { signal }) {
    const isAbort = error instanceof Error && (error.name === "AbortError" || error === signal.reason);
    return signal.aborted && isAbort ? signal.reason : error;
}
function outcomeEnd({ spec }, outcome, env) {
    const reason = spec.allReasons[outcome.reason];
    if (reason === undefined)
        throw new TypeError(`main ended with the undeclared reason ${outcome.reason}`);
    const message = outcome.message ?? reason.doc;
    const fix = outcome.fix ?? reason.fix;
    const error = fix === undefined ? message : `${message}\nFix: ${withKnownNames(fix, env)}`;
    return {
        reason: outcome.reason,
        spec: reason,
        outputs: Object.fromEntries(Object.entries(outcome.outputs ?? {}).map(([name, value]) => [name, String(value)])),
        result: outcome.result,
        summary: outcome.summary,
        message,
        ...(reason.fails === true ? { error } : {}),
    };
}
function failureEnd({ spec }, failure) {
    const { reason, what, why, fix, facts } = failure;
    const reasonSpec = spec.allReasons[reason];
    if (reasonSpec === undefined)
        throw new TypeError(`no reason ${reason}`);
    return {
        reason,
        spec: reasonSpec,
        outputs: {},
        result: { error: { reason, what, why, fix, ...facts } },
        summary: failureSummary(spec.name, failure),
        message: what,
        error: failureText(failure),
    };
}
async function writeEnd(end, env, log) {
    const outputs = { ...end.outputs, decision: end.spec.decision, reason: end.reason, result: resultJson(end.result) };
    try {
        await writeOutputs(outputs);
        await writeSummary(end.summary, env);
    }
    catch (error) {
        log.warning(`Outputs or summary could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
}

;// CONCATENATED MODULE: ./packages/action-kit/src/spec.ts
/** What an action is, as data: the one declaration that parsing, `action.yml`, the README tables and the tests share. */
/** Set by every action in every run, also in one that failed. */
const COMMON_OUTPUTS = {
    decision: { doc: "`proceed`, `hold`, `rolled-back` or `nothing-to-do`." },
    reason: { doc: "Why, as one code of the closed list under *Reasons*." },
    result: { doc: "Everything the action found out, as JSON with `schema: 1`." },
};
/** How a run ends that did not reach a decision of its own. */
const COMMON_REASONS = {
    "usage-error": {
        decision: "hold",
        fails: true,
        doc: "The workflow is wrong: an input, a permission or the sign-in. Nothing was changed.",
        fix: "The error names each fault, what is allowed and what to write instead.",
    },
    "service-error": {
        decision: "hold",
        fails: true,
        doc: "A remote service refused or did not answer.",
        fix: "The error names the operation, the service's own code and the correlation id to give to its support.",
    },
    interrupted: {
        decision: "hold",
        fails: true,
        doc: "The run was cancelled, or its time ran out.",
        fix: "The error says what was done and what was undone. Start the workflow again: it looks at what is there first.",
    },
    "internal-error": {
        decision: "hold",
        fails: true,
        doc: "A defect in this action.",
        fix: "Report it with the lines of the log: the error says where.",
    },
};
/** Declares an action. The result is data only: it can be imported anywhere, and does nothing. */
function defineAction(declaration) {
    return {
        ...declaration,
        allOutputs: { ...COMMON_OUTPUTS, ...declaration.outputs },
        allReasons: { ...declaration.reasons, ...COMMON_REASONS },
    };
}

;// CONCATENATED MODULE: ./packages/action-kit/src/index.ts














/***/ }),

/***/ 2607:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  V6: () => (/* reexport */ CHART_COLOURS),
  zj: () => (/* reexport */ DEFAULT_POLICY),
  j$: () => (/* reexport */ Interrupted),
  IX: () => (/* reexport */ LEAST_TRAFFIC),
  Uw: () => (/* reexport */ METRIC_NAMES),
  _7: () => (/* reexport */ ServiceError),
  eb: () => (/* reexport */ UsageError),
  WA: () => (/* reexport */ WINDOW_PATTERN),
  bi: () => (/* reexport */ acceptLive),
  XC: () => (/* reexport */ acquire),
  u2: () => (/* reexport */ appendAll),
  Dy: () => (/* reexport */ assessProbe),
  UH: () => (/* reexport */ beginContract),
  Bh: () => (/* reexport */ breakLeaseCommand),
  Ly: () => (/* reexport */ carryOutPlan),
  B7: () => (/* reexport */ claim),
  RQ: () => (/* reexport */ clearRoutingCommand),
  Br: () => (/* reexport */ commitsToCompare),
  gC: () => (/* reexport */ decideApproval),
  pe: () => (/* reexport */ decideRetention),
  HK: () => (/* reexport */ describeAge),
  Xb: () => (/* reexport */ describeContent),
  lA: () => (/* reexport */ describeEnd),
  un: () => (/* reexport */ describeLease),
  ap: () => (/* reexport */ dispersionOf),
  $p: () => (/* reexport */ driftOf),
  rU: () => (/* reexport */ drive),
  Oy: () => (/* reexport */ emptyBins),
  Cc: () => (/* reexport */ emptyHead),
  yW: () => (/* reexport */ endContract),
  kc: () => (/* reexport */ endOwn),
  P: () => (/* reexport */ expectedSample),
  WE: () => (/* reexport */ explain),
  Zd: () => (/* reexport */ explainFreeze),
  Xl: () => (/* reexport */ explainHold),
  aJ: () => (/* reexport */ explainRejected),
  x5: () => (/* reexport */ explainUnreadable),
  Pq: () => (/* reexport */ explainWaiting),
  im: () => (/* reexport */ explainWindow),
  iY: () => (/* reexport */ freezeInForce),
  Rv: () => (/* reexport */ gateOf),
  ls: () => (/* reexport */ identify),
  eQ: () => (/* reexport */ isMeddledWith),
  PU: () => (/* reexport */ isOver),
  _M: () => (/* reexport */ isSameRelease),
  QO: () => (/* reexport */ isStale),
  mO: () => (/* reexport */ judgeCanary),
  $K: () => (/* reexport */ judgeProbes),
  zk: () => (/* reexport */ liftFreeze),
  nX: () => (/* reexport */ liftHold),
  PA: () => (/* reexport */ memoryLedger),
  J1: () => (/* reexport */ moveHeld),
  Vb: () => (/* reexport */ nameOf),
  Qj: () => (/* reexport */ noteInHead),
  co: () => (/* reexport */ noteSurroundings),
  tF: () => (/* reexport */ oldPackages),
  sQ: () => (/* reexport */ overrideFreeze),
  $: () => (/* reexport */ parseFreezeWindow),
  kJ: () => (/* reexport */ permitContract),
  o0: () => (/* reexport */ planOf),
  II: () => (/* reexport */ planRollback),
  GZ: () => (/* reexport */ preflightLine),
  zy: () => (/* reexport */ readHead),
  _r: () => (/* reexport */ release),
  KZ: () => (/* reexport */ releaseTable),
  FU: () => (/* reexport */ requestApproval),
  kB: () => (/* reexport */ setFreeze),
  bz: () => (/* reexport */ settleLeftover),
  YP: () => (/* reexport */ standingOf),
  bp: () => (/* reexport */ timeNeeded),
  n$: () => (/* reexport */ utc),
  nV: () => (/* reexport */ windowInForce),
  Gp: () => (/* reexport */ xyChart)
});

// UNUSED EXPORTS: LEDGER_SCHEMA, PHASES, REASON_CODES, advance, catchUp, contractsSince, decideClaim, detectableRate, isTerminal, next, open, planRollout, record, swapCommand, utcClock, wilson

;// CONCATENATED MODULE: ./packages/release/src/ledger-records.ts
/** Version of the head's and the events' form that this code writes, and the newest it can read. */
const LEDGER_SCHEMA = 3;
const PHASES = [
    "PREPARED",
    "EXPANDED",
    "STAGED",
    "CANARY",
    "PROMOTING",
    "WATCHING",
    "COMPLETED",
    "ROLLING_BACK",
    "ROLLED_BACK",
    "FAILED",
    "NEEDS_HUMAN",
];
const REASON_CODES = [
    "gate",
    "stage-failed",
    "unhealthy",
    "unknown-health",
    "worse",
    "unproved",
    "weight-changed",
    "route-refused",
    "busy",
    "swap-refused",
    "swap-lost",
    "unreadable",
    "drift",
    "already-live",
    "swapped-by-hand",
    "cancelled",
    "abandoned",
    "aborted",
    "expired",
    "rollback-failed",
    "rollback-unhealthy",
];

;// CONCATENATED MODULE: ./packages/release/src/reasons.ts
const nameOf = (identity) => identity ?? "content without a release file";
function describeContent(content) {
    if (content.kind === "release")
        return content.release;
    return content.kind === "unlabelled" ? nameOf(null) : `not readable (${content.why})`;
}
/** The command that swaps by hand; the same one swaps back. */
const swapCommand = ({ app, resourceGroup, slot }) => `az webapp deployment slot swap -g ${resourceGroup} -n ${app} --slot ${slot} --target-slot production`;
/** Swaps back, or changes of the traffic, that are tried; each only after the one before has surely not taken place. */
const MOST_ATTEMPTS = 3;
/** The command that takes every routing rule away: production's requests all go to production. */
const clearRoutingCommand = ({ app, resourceGroup }) => `az webapp traffic-routing clear -g ${resourceGroup} -n ${app}`;
const logCommand = ({ app, resourceGroup, slot }, where) => `az webapp log tail -g ${resourceGroup} -n ${app}${where === "staging" ? ` --slot ${slot}` : ""}`;
const ACCEPT = "run the workflow again with accept-live: <release>, naming the release that production is meant to run";
function unhealthyStaging({ place, target }, code, why) {
    return {
        code,
        what: `Release ${target.release} did not become healthy in slot ${place.slot}; production was not touched.`,
        why,
        fix: `${hintOf(why)}Read the slot's log (${logCommand(place, "staging")}), mend the release, and release again.`,
    };
}
/** What a status mostly means when the path, and not the release, is wrong. */
const HINTS = [
    [/status 404/, "If the app has no such path, correct health-path. "],
    [/status 40[13]/, "If the path asks for a sign-in, set health-path to one that does not. "],
    [/status 30[1278]/, "Redirects are not followed: set health-path to where this one leads. "],
];
const hintOf = (why) => HINTS.find(([status]) => status.test(why))?.[1] ?? "";
function unhealthyProduction({ place, target, before }, code, why) {
    return {
        code,
        what: `Release ${target.release} was not healthy in production; ${nameOf(before?.production ?? null)} is put back.`,
        why,
        fix: `It was healthy in the slot, so look first at what differs in production: sticky settings, connections, data. The release is in slot ${place.slot} now: read its log (${logCommand(place, "staging")}), mend it, and release again.`,
    };
}
function unhealthyRollback({ place, target, before }, why) {
    return {
        code: "rollback-unhealthy",
        what: `${target.release} is live again and is not healthy either.`,
        why: `${why} It was left in production, because it replaced ${nameOf(before?.production ?? null)}, which was to be got rid of.`,
        fix: `Look at what both share (database, settings, a service they call) with ${logCommand(place, "production")}; to return to the other one: ${swapCommand(place)}. Then ${ACCEPT}.`,
    };
}
function worse({ place, target, canary }, why) {
    return {
        code: "worse",
        what: `Release ${target.release} was worse than what it replaces at ${canary?.weight ?? 0} % of the requests; it gets none any more.`,
        why,
        fix: `The release is in slot ${place.slot}: read its log (${logCommand(place, "staging")}), mend it, and release again.`,
    };
}
function unproved({ target, canary }, why) {
    return {
        code: "unproved",
        what: `Release ${target.release} could not be judged at ${canary?.weight ?? 0} % of the requests, so it gets none any more.`,
        why,
        fix: "Give the step more requests (a longer duration, a higher weight, or load), or say what to do when a verdict is missing, then release again.",
    };
}
function weightChanged({ place, target, canary }, expected, found) {
    return {
        code: "weight-changed",
        what: `Somebody else changed how much traffic release ${target.release} gets, so ${canary ? "its canary was ended" : "it was not swapped in"}.`,
        why: `It was set to ${expected} %, and is ${found} %; Azure does not say by whom. That can be an emergency brake, so it was not set again.`,
        fix: `Ask who did (az monitor activity-log list -g ${place.resourceGroup} --offset 1h), then release again.`,
    };
}
/** A change whose reply nobody got: what is there now may be it, or a person's. */
function weightUnknown({ place, target, canary }, asked, found) {
    return {
        code: "weight-changed",
        what: `Whose share of the traffic release ${target.release} has could not be told, so ${canary ? "its canary was ended" : "it was not swapped in"}.`,
        why: `${asked} % was asked for and no reply was seen; it is ${found} %. To go on from there, or to ask again, could undo what a person set meanwhile.`,
        fix: `See who changed it (az monitor activity-log list -g ${place.resourceGroup} --offset 1h), then release again.`,
    };
}
function routeRefused({ place, target }, weight, why) {
    return {
        code: "route-refused",
        what: weight === 0
            ? `The rule that sends a share of the requests to slot ${place.slot} could not be removed.`
            : `Azure did not send ${weight} % of the requests to release ${target.release} in slot ${place.slot}.`,
        why: why ?? `It was asked for ${MOST_ATTEMPTS} times, and Azure never showed the new weight.`,
        fix: `Look at the app's traffic (az webapp traffic-routing show -g ${place.resourceGroup} -n ${place.app}; to remove all rules: ${clearRoutingCommand(place)})${weight === 0 ? `, then ${ACCEPT}` : ", and release again"}.`,
    };
}
function expired({ target }, { reason, since, deadline }) {
    return {
        code: "expired",
        what: `Nobody decided on release ${target.release} in time, so it was stopped.`,
        why: `It was on hold for ${minutes((deadline ?? since) - since)}: ${reason}`,
        fix: "Release again, and decide before the hold's deadline, or set what follows it.",
    };
}
function aborted({ target }, { by, why }) {
    return {
        code: "aborted",
        what: `${by} stopped release ${target.release}.`,
        why: why === "" ? "No reason was given." : why,
        fix: "Release again when ready.",
    };
}
function busy({ place, since }, operation, now) {
    return {
        code: "busy",
        what: `The swap was not begun: another operation on ${place.app} was under way all the time.`,
        why: `Azure works on one operation per app at a time; this one was still running after ${minutes(now - since)}: ${operation}`,
        fix: `Wait for it to end (az webapp show -g ${place.resourceGroup} -n ${place.app} --query inProgressOperationId), then run again. Production was not touched.`,
    };
}
function swapRefused({ place }, refusal) {
    const code = [refusal.status, refusal.code].filter((part) => part !== null).join(" ");
    return {
        code: "swap-refused",
        what: `Azure did not swap slot ${place.slot} into production; production is as it was.`,
        why: `${code}: ${refusal.message}`,
        fix: refusalFix(place, refusal.message),
    };
}
/** Known texts of `slotsswap` refusals (facts of the App Service provider); an unknown one is shown raw above. */
function refusalFix(place, message) {
    const target = `-g ${place.resourceGroup} -n ${place.app}`;
    if (/prepared for swap/i.test(message))
        return `A swap with preview is pending. Finish or cancel it (az webapp deployment slot swap ${target} --slot ${place.slot} --action reset), then run again.`;
    if (/http ping|initialization|could not be started/i.test(message))
        return `The release does not start with production's settings. Compare the sticky settings in this summary, read ${logCommand(place, "staging")}, and set WEBSITE_SWAP_WARMUP_PING_PATH to a path that answers quickly over HTTP.`;
    if (/allocation of VM instances/i.test(message))
        return "Azure moved instances meanwhile; run again.";
    return "Mend what Azure names, then run again.";
}
function swapLost({ place }) {
    return {
        code: "swap-lost",
        what: "The swap was asked for once, its reply was lost, and it did not take place; production is as it was.",
        why: "Neither slot changed, and no operation was under way on the app afterwards. It was not asked for again, because a swap that arrives twice undoes itself.",
        fix: `Run again. (What Azure noted: az webapp show -g ${place.resourceGroup} -n ${place.app} --query slotSwapStatus)`,
    };
}
function unreadable({ place }, slots, productionChanged) {
    const contents = `production: ${describeContent(slots.production)}; ${place.slot}: ${describeContent(slots.staging)}`;
    return {
        code: "unreadable",
        what: "Which release is in which slot could not be read, so nothing more was done.",
        why: contents,
        fix: productionChanged
            ? `See what is live, put the right release into production if needed (${swapCommand(place)}), then ${ACCEPT}.`
            : "Check that the SCM site of both slots answers and lets this identity in, then run again. Production was not touched.",
    };
}
function drift(rollout, slots) {
    const { place, target, before } = rollout;
    const found = `production runs ${describeContent(slots.production)}, ${place.slot} runs ${describeContent(slots.staging)}`;
    const expected = `${nameOf(before?.production ?? null)} and ${target.release}`;
    return {
        code: "drift",
        what: `Somebody or something else changed ${place.app} meanwhile: ${found}.`,
        why: `This release knows of ${expected} only. Acting on an arrangement it does not know could put the wrong release into production.`,
        fix: `Make sure that production runs the right release (swap by hand: ${swapCommand(place)}), then ${ACCEPT}.`,
    };
}
function notStaged({ place, target }, slots) {
    return {
        code: "stage-failed",
        what: `Slot ${place.slot} does not run release ${target.release}.`,
        why: `It runs ${describeContent(slots.staging)}.`,
        fix: `See who else deploys to the slot, or stage the release first (slot-deploy), then run again. Production was not touched.`,
    };
}
function rollbackFailed(rollout, why) {
    const { place, target, before } = rollout;
    return {
        code: "rollback-failed",
        what: `${target.release} is still in production and ${nameOf(before?.production ?? null)} could not be put back.`,
        why,
        fix: `Put it back by hand now (${swapCommand(place)}), or release a good version; then ${ACCEPT}.`,
    };
}
function stopped({ place, phase, hold }, by) {
    return {
        code: by,
        what: STOPPED[phase] ?? "The release was stopped before production was touched.",
        why: by === "cancelled" ? "The run was cancelled, or ended with an error." : abandoned(hold),
        fix: `Release again when ready; slot ${place.slot} may hold the stopped release until then.`,
    };
}
const SWAP_BEGUN = "The release was stopped after its swap had begun, so what ran before is put back.";
const STOPPED = {
    CANARY: "The release was stopped in its canary, so all requests go to what ran before again.",
    PROMOTING: SWAP_BEGUN,
    WATCHING: SWAP_BEGUN,
};
function abandoned(hold) {
    if (!hold)
        return "The run that led this release is over and left it unfinished.";
    if (hold.onDeadline !== "proceed")
        return `It was on hold, and the run that led it is over: ${hold.reason}`;
    return `It was on hold, to go on at its deadline (on-hold-timeout: proceed). The run that led it is over, and what goes on has to be judged, so it was undone: ${hold.reason}`;
}
/** Stopped while its swap was open, and the swap turned out not to have taken place. */
function stoppedInTime(rollout) {
    const by = rollout.reason?.code === "abandoned" ? "abandoned" : "cancelled";
    return {
        ...(rollout.reason ?? stopped(rollout, by)),
        what: "The release was stopped; its swap had not taken place, production is as it was.",
    };
}
function swappedByHand({ place, target, before }) {
    return {
        code: "swapped-by-hand",
        what: `${nameOf(before?.production ?? null)} is live again: somebody else swapped ${target.release} out of production.`,
        why: `Both slots hold what they held before the swap, and this run did not swap back.`,
        fix: `Ask who did (az monitor activity-log list -g ${place.resourceGroup} --offset 1h), then release again.`,
    };
}
const minutes = (duration) => `${Math.round(duration / 6000) / 10} minutes`;

;// CONCATENATED MODULE: ./packages/release/src/steps.ts

const isTerminal = (phase) => phase === "COMPLETED" || phase === "ROLLED_BACK" || phase === "FAILED" || phase === "NEEDS_HUMAN";
/** The release id in a slot, null without a release file, undefined when unreadable. */
function identify(content) {
    if (content.kind === "release")
        return content.release;
    return content.kind === "unlabelled" ? null : undefined;
}
/** An act that is about to be asked for, and what was seen right before it. */
function intentOf({ slots, now }, planned) {
    const { op, opId, weight, patience } = planned;
    return {
        op,
        opId,
        args: { weight },
        expect: {
            production: identify(slots.production) ?? null,
            staging: identify(slots.staging) ?? null,
            weight: slots.weight,
        },
        asyncUrl: null,
        startedAt: now,
        deadline: now + patience,
        endedAt: null,
        acknowledged: false,
        refusal: null,
    };
}
const look = (state) => ({ state, command: { do: "observe", after: state.policy.pollInterval } });
function enter(state, phase, now, reason = state.reason) {
    return { ...state, phase, since: now, reason, attempts: 0 };
}
function stop(state, phase, now, reason) {
    return { state: enter(state, phase, now, reason), command: { do: "stop" } };
}
/** What ran before gets all requests again, and is put back where it is not in production. */
const retreat = (state, now, reason) => ({
    state: enter(state, "ROLLING_BACK", now, reason),
    command: { do: "observe", after: 0 },
});
/** Cannot go on before its swap. Without a canary nobody has seen the release; else its share is made sure to be gone. */
function giveUp(state, now, reason) {
    return state.canary ? retreat(state, now, reason) : stop(state, "FAILED", now, reason);
}
/** Before the swap: looks again for a while, then gives up. */
function unreadableYet(state, seen) {
    if (seen.now - state.since < state.policy.observeTimeout)
        return look(state);
    return giveUp(state, seen.now, unreadable(state, seen.slots, false));
}

;// CONCATENATED MODULE: ./packages/release/src/routing.ts


/** Writes down what is going to be set, from what was just seen. Weight 0 removes the rule. */
function beginRoute(state, seen, weight) {
    const opId = `route-${weight}-${seen.now}`;
    const intent = intentOf(seen, { op: "route", opId, weight, patience: state.policy.observeTimeout });
    const expected = mayGiveMore(state) ? seen.slots.weight : null;
    return { state: { ...state, intent }, command: { do: "route", weight, expected } };
}
/** What follows gives the release more requests: a step, or the swap. On a way back nobody's brake can be undone. */
const mayGiveMore = ({ phase, kind }) => phase !== "ROLLING_BACK" && kind !== "rollback";
/**
 * The share of the traffic is not what this release left: somebody else changed it, which can be an emergency brake.
 * Undefined when it is, or when nothing more is going to be given to the release.
 */
function meddledWith(state, weight, now) {
    if (!mayGiveMore(state) || !isMeddledWith(state, weight))
        return undefined;
    return retreat(state, now, weightChanged(state, state.weight ?? 0, weight));
}
/** Whether the share of the traffic is another than this release left, as far as its ledger says. */
const isMeddledWith = ({ weight: own }, weight) => own !== null && weight !== own;
/**
 * A weight was asked for. Seen to be set, it has landed. Not seen, it may still be on its way until the settle time is
 * over: only then may something else be asked for, or a late one could undo it.
 */
function routing(state, intent, seen, landed, missed) {
    const observe = { state, command: { do: "observe", after: 0 } };
    if (seen.kind === "routed")
        return { ...observe, state: { ...state, intent: { ...intent, acknowledged: true, endedAt: seen.now } } };
    if (seen.kind === "unrouted") {
        const refusal = seen.sure ? { status: null, code: null, message: seen.why, busy: false } : null;
        return { ...observe, state: { ...state, intent: { ...intent, endedAt: seen.now, refusal } } };
    }
    const free = { ...state, intent: null };
    if (seen.kind === "withheld")
        return retreat(free, seen.now, weightChanged(state, intent.expect.weight, seen.weight));
    if (seen.kind !== "slots")
        return observe;
    const { now, slots } = seen;
    const hasSettled = now - (intent.endedAt ?? intent.startedAt) >= state.policy.settleTime;
    const trouble = mayGiveMore(state) ? unvouched(state, intent, slots.weight, hasSettled) : undefined;
    if (trouble)
        return retreat(trouble.mayLand ? state : free, now, trouble.reason);
    const isOver = intent.refusal !== null || hasSettled;
    if (slots.weight === intent.args.weight && (isOver || !isInTransit(state, intent)))
        return landed({ ...free, weight: slots.weight }, seen);
    return isOver ? missed(free, intent, now) : look(state);
}
/** On the way back a share that nobody acknowledged may arrive although the same one is there: a person can set it, too. */
const isInTransit = ({ phase }, { args, acknowledged }) => phase === "ROLLING_BACK" && args.weight !== 0 && !acknowledged;
/**
 * Why what is there cannot be built upon, if so. Only a share that this release surely set is its own: what a lost
 * reply or a dead run left behind may as well be a person's, and to ask again could undo it.
 */
function unvouched(state, intent, found, hasSettled) {
    const asked = intent.args.weight ?? 0;
    const before = intent.expect.weight;
    const changed = (expected) => ({
        mayLand: false,
        reason: weightChanged(state, expected, found),
    });
    if (intent.refusal)
        return found === before ? undefined : changed(before);
    if (intent.acknowledged)
        return found === asked || (found === before && !hasSettled) ? undefined : changed(asked);
    return { mayLand: true, reason: weightUnknown(state, asked, found) };
}

;// CONCATENATED MODULE: ./packages/release/src/canary.ts



/** The release is healthy in its slot: the first step, or straight to the swap without a ramp. */
function leaveStaging(state, now) {
    // What is live already has nothing to be compared with.
    const isLive = state.before?.production === state.target.release;
    const first = state.ramp && !isLive && positionAt(state.ramp, 0, null);
    if (!first)
        return promote(state, now);
    return { state: { ...enter(state, "CANARY", now), canary: first }, command: { do: "observe", after: 0 } };
}
function canary(state, seen) {
    const { ramp, canary: at } = state;
    if (!ramp || !at)
        return retreat(state, seen.now, unproved(state, "The ledger does not say which step it is."));
    if (state.intent)
        return routing(state, state.intent, seen, routed, unrouted);
    if (seen.kind === "judged")
        return verdict(state, ramp, at, seen);
    if (seen.kind !== "slots")
        return { state, command: { do: "observe", after: 0 } };
    const trouble = disturbance(state, at, seen);
    if (trouble)
        return trouble;
    if (at.window)
        return { state, command: { do: "judge", step: { ...windowOf(at, at.window), steps: ramp.steps.length } } };
    if (seen.slots.operation !== undefined && seen.now - lastMove(state, at) < state.policy.swapTimeout)
        return look(state);
    if (seen.slots.weight === at.weight)
        return openWindow(state, ramp, at, seen.now);
    return beginRoute(state, seen, at.weight);
}
const windowOf = ({ step, weight }, { setAt, start, end }) => ({
    step,
    weight,
    setAt,
    windowStart: start,
    windowEnd: end,
});
function positionAt(ramp, step, judged) {
    const found = ramp.steps[step];
    return found && { step, weight: found.weight, window: null, judged };
}
/** What forbids to go on: slots that are not as this release left them. Undefined when all is as expected. */
function disturbance(state, at, seen) {
    const production = identify(seen.slots.production);
    const staging = identify(seen.slots.staging);
    const isDrift = (production !== undefined && production !== state.before?.production) ||
        (staging !== undefined && staging !== state.target.release);
    // The way back brings the weight to 0 where production is still what it was, and then asks a human.
    if (isDrift)
        return retreat(state, seen.now, drift(state, seen.slots));
    if (production === undefined || staging === undefined) {
        if (seen.now - lastMove(state, at) < state.policy.observeTimeout)
            return look(state);
        return retreat(state, seen.now, unreadable(state, seen.slots, false));
    }
    return meddledWith(state, seen.slots.weight, seen.now);
}
/** Slots may stay unreadable for a while after the last thing that is known to have happened. */
const lastMove = ({ since }, { window, judged }) => Math.max(since, window?.end ?? 0, judged?.at ?? 0);
function routed(state, { now }) {
    const { ramp, canary: at } = state;
    return ramp && at ? openWindow({ ...state, attempts: 0 }, ramp, at, now) : canary(state, { kind: "started", now });
}
/** Refused: nothing was changed, so it may be asked for again. */
function unrouted(state, { refusal, args }, now) {
    const attempts = state.attempts + 1;
    if (attempts < MOST_ATTEMPTS)
        return look({ ...state, attempts });
    return retreat(state, now, routeRefused(state, args.weight ?? 0, refusal?.message));
}
/** The weight is set: from here on the step is measured. Its slots are looked at once more before it is judged. */
function openWindow(state, ramp, at, now) {
    const duration = ramp.steps[at.step]?.duration ?? 0;
    const opened = { ...at, window: { setAt: now, start: now, end: now + duration } };
    return { state: { ...state, canary: opened }, command: { do: "observe", after: 0 } };
}
function verdict(state, ramp, at, seen) {
    const { now, why } = seen;
    // Whatever the judge says: there is no early pass.
    const isEarly = seen.verdict === "pass" && (!at.window || now < at.window.end);
    const found = isEarly ? "inconclusive" : seen.verdict;
    const judged = { ...state, canary: { ...at, judged: { step: at.step, verdict: found, why, at: now } } };
    if (found === "pass")
        return goOn(judged, now);
    if (found === "fail")
        return retreat(judged, now, worse(judged, why));
    const wish = ramp.unsure[found === "provider-error" ? "providerError" : found];
    if (wish === "promote")
        return goOn(judged, now);
    if (wish === "rollback")
        return retreat(judged, now, unproved(judged, why));
    const hold = {
        reason: why,
        since: now,
        deadline: now + ramp.holdTimeout,
        onDeadline: ramp.onHoldTimeout,
        lift: null,
    };
    return { state: { ...judged, hold }, command: { do: "hold", until: hold.deadline } };
}
/** The step is over: the next one, or the swap after the last. */
function goOn(state, now) {
    const { ramp, canary: at } = state;
    const following = ramp && at && positionAt(ramp, at.step + 1, at.judged);
    if (!following)
        return promote(state, now);
    return { state: { ...state, canary: following }, command: { do: "observe", after: 0 } };
}
/** The same step, measured for as long again; what was measured so far counts on. */
function judgeAgain(state, now) {
    const { ramp, canary: at } = state;
    const duration = (at && ramp?.steps[at.step]?.duration) ?? 0;
    const longer = at?.window ? { ...at, window: { ...at.window, end: now + duration } } : at;
    return { state: { ...state, canary: longer }, command: { do: "observe", after: 0 } };
}
const promote = (state, now) => ({
    state: enter(state, "PROMOTING", now),
    command: { do: "observe", after: 0 },
});

;// CONCATENATED MODULE: ./packages/release/src/before-swap.ts
/** From the lock to a release that is proved healthy in its slot. Production is not touched here. */



function prepared(state, seen) {
    if (seen.kind === "refused")
        return stop(state, "FAILED", seen.now, seen.reason);
    if (seen.kind === "migrated")
        return expanded(enter({ ...state, schemaChange: seen.change }, "EXPANDED", seen.now), {
            kind: "started",
            now: seen.now,
        });
    if (seen.kind === "slots") {
        const known = takeBearings(state, seen.slots);
        if (!known)
            return unreadableYet(state, seen);
        return { state: known, command: { do: "migrate" } };
    }
    return { state, command: state.before ? { do: "migrate" } : { do: "observe", after: 0 } };
}
function expanded(state, seen) {
    if (seen.kind === "refused")
        return stop(state, "FAILED", seen.now, seen.reason);
    if (seen.kind === "staged")
        return { state, command: { do: "observe", after: 0 } };
    if (seen.kind !== "slots")
        return { state, command: state.before ? { do: "stage", record: state.target } : { do: "observe", after: 0 } };
    if (!state.before) {
        const known = takeBearings(state, seen.slots);
        return known ? { state: known, command: { do: "stage", record: state.target } } : unreadableYet(state, seen);
    }
    const staging = identify(seen.slots.staging);
    if (staging === undefined)
        return unreadableYet(state, seen);
    if (staging !== state.target.release)
        return stop(state, "FAILED", seen.now, notStaged(state, seen.slots));
    return staged(enter(state, "STAGED", seen.now), { kind: "started", now: seen.now });
}
function staged(state, seen) {
    if (seen.kind === "verdict")
        return stagingVerdict(state, seen);
    if (seen.kind === "slots") {
        const known = takeBearings(state, seen.slots);
        if (!known || identify(seen.slots.staging) === undefined)
            return unreadableYet(state, seen);
        if (identify(seen.slots.staging) !== state.target.release)
            return stop(known, "FAILED", seen.now, notStaged(known, seen.slots));
        return { state: known, command: warmUp(known) };
    }
    return { state, command: state.before ? warmUp(state) : { do: "observe", after: 0 } };
}
function stagingVerdict(state, seen) {
    const { verdict, why } = seen.verdict;
    if (verdict === "healthy")
        return leaveStaging(state, seen.now);
    const code = verdict === "unhealthy" ? "unhealthy" : "unknown-health";
    return stop(state, "FAILED", seen.now, unhealthyStaging(state, code, why));
}
const warmUp = ({ policy }) => ({
    do: "probe",
    where: "staging",
    atLeast: 0,
    atMost: policy.warmUpTimeout,
});
/** Notes once what both slots ran before anything was changed; undefined while production cannot be read. */
function takeBearings(state, slots) {
    if (state.before)
        return state;
    const production = identify(slots.production);
    if (production === undefined)
        return undefined;
    return { ...state, before: { production, staging: identify(slots.staging) ?? null } };
}

;// CONCATENATED MODULE: ./packages/release/src/swapping.ts



/** Nothing else is under way, no traffic is routed aside: only then is the swap asked for. */
function begin(state, seen) {
    const { operation, weight } = seen.slots;
    if (operation !== undefined)
        return waitWhileBusy(state, operation, seen.now);
    if (weight !== 0)
        return beginRoute(state, seen, 0);
    return { state: { ...state, intent: intend(state, seen) }, command: { do: "swap" } };
}
function waitWhileBusy(state, operation, now) {
    if (now - state.since < state.policy.swapTimeout)
        return look(state);
    if (state.phase === "ROLLING_BACK")
        return stop(state, "NEEDS_HUMAN", now, rollbackFailed(state, `Another operation stayed under way: ${operation}`));
    return giveUp(state, now, busy(state, operation, now));
}
function intend(state, seen) {
    const direction = state.phase === "ROLLING_BACK" ? "back" : "swap";
    return intentOf(seen, {
        op: "swap",
        opId: `${direction}-${state.attempts + 1}-${seen.now}`,
        weight: null,
        patience: state.policy.swapTimeout,
    });
}
/** A swap was asked for. It is followed to its end and judged by identity; it is never asked for again here. */
function swapping(state, intent, seen, landed, missed) {
    if (seen.kind === "swap")
        return followSwap(state, intent, seen.status, seen.now);
    if (seen.kind === "slots")
        return judgeSwap(state, intent, seen, landed, missed);
    if (seen.kind === "withheld")
        return { state: { ...state, intent: null }, command: { do: "observe", after: 0 } };
    return intent.asyncUrl !== null && intent.endedAt === null
        ? { state, command: { do: "poll", operationUrl: intent.asyncUrl, after: 0 } }
        : { state, command: lookWhere(state) };
}
/** On a way back the share of the traffic is asked for as well: at its end nothing may go to the slot. */
const lookWhere = ({ phase }) => ({
    do: "observe",
    after: 0,
    identityOnly: phase !== "ROLLING_BACK",
});
function followSwap(state, intent, status, now) {
    if (status.kind === "running" && now < intent.deadline) {
        const { operationUrl } = status;
        const isKnown = intent.asyncUrl === operationUrl;
        return {
            state: isKnown ? state : { ...state, intent: { ...intent, asyncUrl: operationUrl } },
            command: { do: "poll", operationUrl, after: status.retryAfter ?? state.policy.pollInterval },
        };
    }
    const refusal = status.kind === "failed"
        ? { status: status.status ?? null, code: status.code ?? null, message: status.message, busy: status.busy }
        : null;
    return {
        state: { ...state, intent: { ...intent, endedAt: now, refusal } },
        command: lookWhere(state),
    };
}
function judgeSwap(state, intent, seen, landed, missed) {
    const { now, slots } = seen;
    const production = identify(slots.production);
    const known = [intent.expect.production, intent.expect.staging, undefined];
    const isStranger = !known.includes(production) || !known.includes(identify(slots.staging));
    if (isStranger)
        return stop(state, "NEEDS_HUMAN", now, drift(state, slots));
    const isQuiet = slots.operation === undefined;
    const hasSettled = now - (intent.endedAt ?? intent.startedAt) >= state.policy.settleTime;
    // Routing is switched; what may go on is the restart of the old app, and an operation that Azure forgot to clear.
    if (production === intent.expect.staging && (isQuiet || hasSettled))
        return landed({ ...state, intent: null }, seen);
    const isUntouched = production === intent.expect.production && identify(slots.staging) === intent.expect.staging;
    if (isUntouched && isQuiet && (intent.refusal || hasSettled))
        return missed({ ...state, intent: null }, intent, now);
    if (now < intent.deadline + state.policy.observeTimeout)
        return look(state);
    if (production === intent.expect.staging)
        return landed({ ...state, intent: null }, seen);
    return stop(state, "NEEDS_HUMAN", now, unreadable(state, slots, true));
}

;// CONCATENATED MODULE: ./packages/release/src/rolling-back.ts




function rollingBack(state, seen) {
    if (state.intent?.op === "route")
        return routing(state, state.intent, seen, rolling_back_routed, rolling_back_unrouted);
    if (state.intent)
        return swapping(state, state.intent, seen, restore, backMissed);
    if (seen.kind === "refused")
        return stop(state, "NEEDS_HUMAN", seen.now, rollbackFailed(state, `${seen.reason.what} ${seen.reason.why}`));
    if (seen.kind !== "slots")
        return { state, command: { do: "observe", after: 0 } };
    return restore(state, seen);
}
/** Also after the swap back: a rule that somebody set meanwhile would send requests to what was got rid of. */
function restore(state, seen) {
    const production = identify(seen.slots.production);
    const staging = identify(seen.slots.staging);
    const wanted = state.before?.production;
    if (production === undefined || (production !== wanted && staging === undefined)) {
        if (seen.now - state.since < state.policy.observeTimeout)
            return look(state);
        // What was live when the canary began is, as far as anyone knows, still there; the slot's share of it is not proved.
        if (production === undefined && state.canary && seen.slots.weight !== 0)
            return beginRoute(state, seen, 0);
        return stop(state, "NEEDS_HUMAN", seen.now, unreadable(state, seen.slots, true));
    }
    const isDrift = state.reason?.code === "drift";
    if (production === wanted) {
        if (seen.slots.weight !== 0)
            return beginRoute(state, seen, 0);
        return stop(state, isDrift ? "NEEDS_HUMAN" : "ROLLED_BACK", seen.now, state.reason);
    }
    if (isDrift || production !== state.target.release)
        return stop(state, "NEEDS_HUMAN", seen.now, drift(state, seen.slots));
    if (staging === wanted)
        return begin(state, seen);
    return restage(state, seen);
}
/** The release to go back to is no longer in the slot: its stored package is brought there first. */
function restage(state, seen) {
    const { fallback } = state;
    if (fallback?.artifact && fallback.release === state.before?.production)
        return { state, command: { do: "stage", record: fallback } };
    return stop(state, "NEEDS_HUMAN", seen.now, drift(state, seen.slots));
}
const rolling_back_routed = (state) => ({
    state: { ...state, attempts: 0 },
    command: { do: "observe", after: 0 },
});
function rolling_back_unrouted(state, { refusal, args, endedAt }, now) {
    // Only a removal that was really asked for counts: not a share that never came, nor what a dead run only meant to do.
    const attempts = state.attempts + (args.weight === 0 && endedAt !== null ? 1 : 0);
    if (attempts < MOST_ATTEMPTS)
        return look({ ...state, attempts });
    return stop(state, "NEEDS_HUMAN", now, routeRefused(state, 0, refusal?.message));
}
function backMissed(state, { refusal, endedAt }, now) {
    if (refusal?.busy)
        return waitWhileBusy(state, refusal.message, now);
    const wasSent = endedAt !== null;
    const attempts = state.attempts + (wasSent ? 1 : 0);
    if (attempts < MOST_ATTEMPTS)
        return look({ ...state, attempts });
    const why = refusal
        ? `Azure refused the swap back ${attempts} times: ${refusal.message}`
        : `The swap back was asked for ${attempts} times and never took place.`;
    return stop({ ...state, attempts }, "NEEDS_HUMAN", now, rollbackFailed(state, why));
}

;// CONCATENATED MODULE: ./packages/release/src/watching.ts



function watching(state, seen) {
    if (seen.kind === "verdict")
        return productionVerdict(state, seen);
    if (seen.kind === "slots")
        return watching_confirm(state, seen);
    const left = Math.max(0, state.since + state.policy.bakeTime - seen.now);
    return {
        state,
        command: { do: "probe", where: "production", atLeast: left, atMost: left + state.policy.observeTimeout },
    };
}
function productionVerdict(state, seen) {
    const { verdict, why } = seen.verdict;
    if (verdict === "healthy")
        return { state, command: { do: "observe", after: 0, identityOnly: true } };
    if (state.kind === "rollback")
        return stop(state, "NEEDS_HUMAN", seen.now, unhealthyRollback(state, why));
    const code = verdict === "unhealthy" ? "unhealthy" : "unknown-health";
    const reason = unhealthyProduction(state, code, why);
    return rollingBack(enter(state, "ROLLING_BACK", seen.now, reason), { kind: "started", now: seen.now });
}
/** Healthy until the end; the release is complete when production still runs it. */
function watching_confirm(state, seen) {
    const production = identify(seen.slots.production);
    if (production === state.target.release)
        return stop(state, "COMPLETED", seen.now, null);
    const staging = identify(seen.slots.staging);
    if (production === undefined) {
        const patience = state.policy.bakeTime + 2 * state.policy.observeTimeout;
        if (seen.now - state.since < patience)
            return look(state);
        return stop(state, "NEEDS_HUMAN", seen.now, unreadable(state, seen.slots, true));
    }
    if (production === state.before?.production && staging === state.target.release)
        return stop(state, "ROLLED_BACK", seen.now, swappedByHand(state));
    return stop(state, "NEEDS_HUMAN", seen.now, drift(state, seen.slots));
}

;// CONCATENATED MODULE: ./packages/release/src/promoting.ts






function promoting(state, seen) {
    if (state.intent?.op === "route")
        return routing(state, state.intent, seen, ruleGone, ruleStays);
    if (state.intent)
        return swapping(state, state.intent, seen, swapLanded, swapMissed);
    if (seen.kind !== "slots")
        return { state, command: { do: "observe", after: 0 } };
    const production = identify(seen.slots.production);
    const staging = identify(seen.slots.staging);
    if (production === undefined || staging === undefined)
        return unreadableYet(state, seen);
    const meddled = meddledWith(state, seen.slots.weight, seen.now);
    if (meddled)
        return meddled;
    if (production === state.target.release)
        return seen.slots.weight === 0 ? swapLanded(state, seen) : beginRoute(state, seen, 0);
    const isExpected = production === state.before?.production && staging === state.target.release;
    if (!isExpected)
        return stop(state, "NEEDS_HUMAN", seen.now, drift(state, seen.slots));
    return begin(state, seen);
}
function swapLanded(state, { now }) {
    if (state.undo && state.kind !== "rollback")
        return rollingBack(enter(state, "ROLLING_BACK", now), { kind: "started", now });
    if (state.undo)
        return stop(state, "COMPLETED", now, null);
    return watching(enter(state, "WATCHING", now), { kind: "started", now });
}
function swapMissed(state, { refusal }, now) {
    if (state.undo)
        return giveUp(state, now, stoppedInTime(state));
    if (refusal?.busy)
        return waitWhileBusy(state, refusal.message, now);
    return giveUp(state, now, refusal ? swapRefused(state, refusal) : swapLost(state));
}
/** The rule is removed before the swap, or clients that it pinned to the slot would get the old release afterwards. */
function ruleGone(state) {
    return { state: { ...state, attempts: 0 }, command: { do: "observe", after: 0 } };
}
function ruleStays(state, { refusal, endedAt }, now) {
    const attempts = state.attempts + (endedAt === null ? 0 : 1);
    if (attempts < MOST_ATTEMPTS)
        return look({ ...state, attempts });
    return giveUp(state, now, routeRefused(state, 0, refusal?.message));
}

;// CONCATENATED MODULE: ./packages/release/src/next.ts
/**
 * The core of a release: from where it stands and what was seen, where it stands next and what to do. No clock, no
 * network: ramp-up, bake, roll back, resume and take-over are all calls of this one function.
 */









function next(state, seen) {
    if (isTerminal(state.phase))
        return { state, command: { do: "stop" } };
    if (seen.kind === "cancelled")
        return cancel(state, seen.now, stopped(state, seen.by));
    if (seen.kind === "held")
        return { state: { ...state, hold: seen.hold }, command: wait(seen.hold) };
    if (state.hold)
        return hold(state, state.hold, seen);
    switch (state.phase) {
        case "PREPARED":
            return prepared(state, seen);
        case "EXPANDED":
            return expanded(state, seen);
        case "STAGED":
            return staged(state, seen);
        case "CANARY":
            return canary(state, seen);
        case "WATCHING":
            return watching(state, seen);
        case "ROLLING_BACK":
            return rollingBack(state, seen);
        default:
            return promoting(state, seen);
    }
}
function hold(state, held, seen) {
    const free = { ...state, hold: null };
    const { now } = seen;
    const meddled = seen.kind === "slots" && meddledWith(free, seen.slots.weight, now);
    if (meddled)
        return meddled;
    if (held.lift)
        return lifted(free, held.lift, now);
    if (held.deadline === null || now < held.deadline || held.onDeadline === "stay")
        return { state, command: wait(held) };
    return held.onDeadline === "proceed" ? proceed(free, now) : cancel(free, now, expired(free, held));
}
const wait = ({ deadline, onDeadline }) => ({
    do: "hold",
    until: onDeadline === "stay" ? null : deadline,
});
function lifted(state, lift, now) {
    if (lift.how === "abort")
        return cancel(state, now, aborted(state, lift));
    return lift.how === "judge" && state.phase === "CANARY" ? judgeAgain(state, now) : proceed(state, now);
}
const proceed = (state, now) => state.phase === "CANARY" ? goOn(state, now) : next(state, { kind: "started", now });
/** From here only the safe side is sought: nothing begun is left, and what was swapped in without proof is swapped out. */
function cancel(state, now, reason) {
    const undo = { ...state, undo: true, hold: null };
    switch (state.phase) {
        case "ROLLING_BACK":
            return rollingBack(undo, { kind: "started", now });
        case "WATCHING":
            // A way back that was taken is not undone: it was taken because the other release is worse.
            if (state.kind === "rollback")
                return { state: undo, command: { do: "observe", after: 0 } };
            return rollingBack(enter(undo, "ROLLING_BACK", now, reason), { kind: "started", now });
        case "CANARY":
            return rollingBack(enter(undo, "ROLLING_BACK", now, reason), { kind: "started", now });
        case "PROMOTING":
            if (state.intent?.op === "swap")
                return promoting({ ...undo, reason }, { kind: "started", now });
            if (state.intent || state.canary)
                return rollingBack(enter(undo, "ROLLING_BACK", now, reason), { kind: "started", now });
            return stop(undo, "FAILED", now, { ...reason, what: "The release was stopped before production was touched." });
        default:
            return stop(undo, "FAILED", now, reason);
    }
}

;// CONCATENATED MODULE: ./packages/release/src/head.ts
/** How the ledger's head moves: claims, phases, outcomes. Pure; every function returns the head to be written next. */


/** Releases that stay in the head; older ones are in the events. */
const HISTORY = 50;
function emptyHead(app, environment) {
    return {
        schema: LEDGER_SCHEMA,
        app,
        environment,
        epoch: 0,
        seq: 0,
        holder: null,
        rollout: null,
        live: null,
        previous: null,
        history: [],
        schemaChanges: [],
        freeze: null,
        approvals: [],
        surroundings: null,
        queue: [],
        outbox: [],
    };
}
/** The next write, by the holder unless told otherwise: `seq` raised, one event put into the outbox. */
function advance(head, change, now, what, details = {}, by) {
    const moved = { ...head, ...change, schema: LEDGER_SCHEMA, seq: head.seq + 1 };
    const holder = by ?? moved.holder ?? head.holder;
    const event = {
        schema: LEDGER_SCHEMA,
        epoch: moved.epoch,
        seq: moved.seq,
        at: now,
        what,
        release: moved.rollout?.target.release ?? null,
        phase: moved.rollout?.phase ?? null,
        runId: holder?.runId ?? "",
        attempt: holder?.attempt ?? 0,
        actor: holder?.actor ?? "",
        details,
    };
    return { ...moved, outbox: [event] };
}
/** Takes the lock: a new epoch, so that an earlier holder can record nothing more. */
function claim(head, holder, how, now) {
    const from = how === "taken-over" && head.holder ? { from: head.holder.claimId, heldSince: head.holder.since } : {};
    const queue = head.queue.filter((each) => each.claimId !== holder.claimId);
    const what = how === "free" ? "claimed" : how;
    return advance({ ...head, epoch: head.epoch + 1 }, { holder, queue }, now, what, from);
}
/** Gives the lock back without a release; the details say why, where it was not for want of anything to do. */
const release = (head, now, details = {}) => advance(head, { holder: null }, now, "released", details);
/** A person says what is rightly live: NEEDS_HUMAN ends, and the ledger follows. */
function acceptLive(head, release, now) {
    const known = [head.live, head.previous, head.rollout?.target, ...head.history].find((each) => each?.release === release);
    const live = known ?? { release, commit: null, artifact: null, schemaHead: null, at: now };
    const isNew = head.live?.release !== release;
    const rollout = head.rollout && { ...head.rollout, phase: "FAILED", since: now, intent: null };
    const change = { live, previous: isNew ? head.live : head.previous, rollout };
    return advance(head, change, now, "accepted", { live: release });
}
/** Puts a new rollout at its start into the head. */
const head_open = (head, rollout, now, why) => advance(head, { rollout }, now, "opened", { kind: rollout.kind, ...(why === undefined ? {} : { why }) });
/**
 * Records where the rollout stands now. Once production has changed, `live` says so; a terminal phase gives the lock
 * back in the same write, but NEEDS_HUMAN keeps it, and so does a run that goes on (`keepsLock`).
 */
function record(head, rollout, now, keepsLock = false) {
    const before = head.rollout;
    const entered = before?.phase !== rollout.phase;
    const change = {
        rollout,
        schemaChanges: withChange(head.schemaChanges, rollout.schemaChange),
        ...(entered ? productionAfter(head, rollout, now) : {}),
        ...(isTerminal(rollout.phase) && rollout.phase !== "NEEDS_HUMAN" && !keepsLock ? { holder: null } : {}),
    };
    const { what, details } = describeStep(before, rollout);
    return advance(head, change, now, what, details);
}
function describeStep(before, after) {
    if (before?.phase !== after.phase) {
        const { reason } = after;
        return {
            what: "phase",
            details: { from: before?.phase ?? null, reason: reason?.code ?? null, why: reason?.why ?? null },
        };
    }
    if (!before?.intent && after.intent)
        return {
            what: "intent",
            details: { op: after.intent.op, opId: after.intent.opId, weight: after.intent.args.weight },
        };
    if (before?.intent && !after.intent)
        return { what: "outcome", details: { op: before.intent.op, opId: before.intent.opId } };
    if (after.hold && !before?.hold)
        return { what: "held", details: { reason: after.hold.reason, deadline: after.hold.deadline } };
    if (before?.canary !== after.canary && after.canary)
        return describeCanary(before?.canary ?? null, after.canary);
    if (after.intent) {
        const { asyncUrl, refusal } = after.intent;
        return { what: "progress", details: { opId: after.intent.opId, asyncUrl, refusal: refusal?.message ?? null } };
    }
    return { what: "noted", details: {} };
}
function describeCanary(before, after) {
    const { step, weight, window, judged } = after;
    if (judged && judged !== before?.judged)
        return { what: "judged", details: { step: judged.step, verdict: judged.verdict, why: judged.why } };
    return { what: "step", details: { step, weight, until: window?.end ?? null } };
}
function withChange(changes, change) {
    if (!change)
        return changes;
    const isKnown = changes.some((each) => each.release === change.release && each.to === change.to && each.at === change.at);
    return isKnown ? changes : [...changes, change];
}
function productionAfter(head, rollout, now) {
    // An approval is used up once its release was in production: a second time is asked for anew.
    const approvals = head.approvals.filter(({ release }) => release !== rollout.target.release);
    if (rollout.phase === "WATCHING")
        return { ...wentLive(head, rollout, now), approvals };
    if (rollout.phase === "ROLLED_BACK")
        return { live: rollout.fallback, previous: secondOf(head.history, rollout.fallback), approvals };
    if (rollout.phase !== "COMPLETED")
        return {};
    const change = wentLive(head, rollout, now);
    return { ...change, approvals, history: [change.live, ...head.history].slice(0, HISTORY) };
}
/** The target is live, since now unless it was already; a rollback that was stopped completes without being watched. */
function wentLive(head, { target, fallback }, now) {
    const isNew = head.live?.release !== target.release;
    const live = isNew || !head.live ? { ...target, at: now } : head.live;
    return { live, previous: isNew ? fallback : head.previous };
}
function secondOf(history, live) {
    const position = history.findIndex((each) => each.release === live?.release);
    return history.slice(position + 1).find((each) => each.release !== live?.release) ?? null;
}

;// CONCATENATED MODULE: ./packages/release/src/held.ts
/** Writes `move(head)`, on top of whatever others noted; lost once somebody else holds the head or moved its rollout. */
async function moveHeld(ledger, held, move) {
    let from = held;
    for (;;) {
        const head = move(from.head);
        const written = await ledger.write(head, from.etag);
        if (written.kind === "written") {
            await appendAll(ledger, head);
            return { kind: "written", held: { head, etag: written.etag } };
        }
        const now = await catchUp(ledger, held);
        if (!now || now.etag === from.etag)
            return { kind: "lost", why: written.why };
        from = now;
    }
}
/** The head as it is now, if it is still this run's; undefined once it is not. */
async function catchUp(ledger, held) {
    const read = await ledger.read();
    if (read.kind !== "head" || !isStillHeld(held.head, read.head))
        return undefined;
    if (read.etag !== held.etag)
        await appendAll(ledger, read.head);
    return { head: read.head, etag: read.etag };
}
/** Changes the head without holding it; decided anew after a lost compare-and-swap. Undefined: nothing is to be written. */
async function noteInHead(ledger, fresh, note) {
    for (;;) {
        const read = await ledger.read();
        if (read.kind === "unreadable")
            return read;
        const head = read.kind === "head" ? read.head : fresh;
        const noted = note(head);
        if (!noted)
            return { kind: "left", head };
        await appendAll(ledger, head);
        const written = await ledger.write(noted, read.kind === "head" ? read.etag : undefined);
        if (written.kind === "lost")
            continue;
        await appendAll(ledger, noted);
        return { kind: "noted", head: noted };
    }
}
/** Events of the head's last write go to the log; an event that is there already stays as it is. */
async function appendAll(ledger, head) {
    for (const event of head.outbox)
        await ledger.append(event);
}
function isStillHeld(mine, theirs) {
    const isSameHand = mine.epoch === theirs.epoch &&
        mine.holder?.claimId === theirs.holder?.claimId &&
        mine.holder?.attempt === theirs.holder?.attempt;
    return isSameHand && isEqual(withoutLift(mine.rollout), withoutLift(theirs.rollout));
}
/** The one thing of a rollout that somebody else may write. */
const withoutLift = (rollout) => rollout?.hold ? { ...rollout, hold: { ...rollout.hold, lift: null } } : rollout;
function isEqual(one, other) {
    if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
        return one === other;
    const keys = Object.keys(one);
    const isSameSize = keys.length === Object.keys(other).length && Array.isArray(one) === Array.isArray(other);
    return isSameSize && keys.every((key) => isEqual(Reflect.get(one, key), Reflect.get(other, key)));
}

;// CONCATENATED MODULE: ./packages/release/src/lock.ts
/** Who may act now. The lock is the head's holder, compared and swapped; it ends with its run and never by a clock. */

/** Decides on a head that was just read; the claim itself is a compare-and-swap and may still be lost. */
function decideClaim(head, request) {
    const { holder } = head;
    const { me } = request;
    if (holder && holder.claimId !== me.claimId) {
        const refusal = mayTakeOver(holder, request) ? undefined : held(head, holder, request);
        if (refusal)
            return refusal;
    }
    if (holder && holder.claimId === me.claimId && holder.attempt > me.attempt)
        return outdated(holder, me);
    if (head.rollout?.phase === "NEEDS_HUMAN" && request.acceptLive === undefined)
        return needsHuman(head);
    if (!holder)
        return { kind: "claim", how: "free" };
    return { kind: "claim", how: holder.claimId === me.claimId ? "resumed" : "taken-over" };
}
function mayTakeOver(holder, { holderRun, takeOver }) {
    return holderRun === "over" || (holderRun === "unknown" && takeOver === holder.claimId);
}
function held(head, holder, { holderRun, now }) {
    const age = describeAge(now - holder.since);
    const doing = head.rollout ? ` (${head.rollout.phase}, release ${head.rollout.target.release})` : "";
    const what = `${head.app} (${head.environment}) has been locked by another run for ${age}.`;
    const why = `Run ${holder.url}, attempt ${holder.attempt}, started by ${holder.actor}, is releasing it${doing}.`;
    if (holderRun === "running")
        return {
            kind: "held",
            mayEnd: true,
            explanation: {
                what,
                why,
                fix: `Wait for that run, or let this one wait (lock-wait: 15m). To stop it: gh run cancel ${holder.runId} -R ${holder.repository}; the next run then takes the lock over by itself.`,
            },
        };
    return {
        kind: "held",
        mayEnd: false,
        explanation: {
            what,
            why: `${why} GitHub did not say whether that run is over, so its lock was not touched.`,
            fix: `Let the job ask (permissions: actions: read, and a github-token that may read ${holder.repository}). If the run is over, which gh run view ${holder.runId} -R ${holder.repository} shows, run again with take-over: ${holder.claimId}`,
        },
    };
}
function outdated(holder, me) {
    return {
        kind: "held",
        mayEnd: false,
        explanation: {
            what: `Attempt ${me.attempt} of this run was overtaken by attempt ${holder.attempt}.`,
            why: "A later attempt of the same run has taken up the release; the earlier one may do nothing more.",
            fix: `Follow the later attempt: ${holder.url}`,
        },
    };
}
function needsHuman(head) {
    const reason = head.rollout?.reason;
    const place = head.rollout?.place;
    return {
        kind: "needs-human",
        explanation: {
            what: `${head.app} (${head.environment}) waits for a person: ${reason?.what ?? "the last release ended without a clear outcome."}`,
            why: reason?.why ?? "The ledger says NEEDS_HUMAN and gives no reason.",
            fix: reason?.fix ??
                `See which release is live${place ? ` (to swap: ${swapCommand(place)})` : ""}, then run again with accept-live: <that release>.`,
        },
    };
}
function describeAge(age) {
    const minutes = Math.max(0, Math.floor(age / 60_000));
    if (minutes < 1)
        return "less than a minute";
    if (minutes < 120)
        return `${minutes} minute${minutes === 1 ? "" : "s"}`;
    const hours = Math.floor(minutes / 60);
    return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

;// CONCATENATED MODULE: ./packages/release/src/queue.ts
/** Runs that wait for the lock get it in the order in which they asked; one that is over or out of patience is passed. */

/** Takes a place at the end; undefined when this run has one. Places that ended by time are cleared away. */
function queueUp(head, me, now, until) {
    if (head.queue.some(({ claimId, attempt }) => claimId === me.claimId && attempt === me.attempt))
        return undefined;
    const others = head.queue.filter((each) => each.until > now && each.claimId !== me.claimId);
    const queue = [...others, { ...me, asked: now, until }];
    return advance(head, { queue }, now, "waiting", { place: queue.length }, me);
}
/** Gives the place up; undefined when there is none. */
function leaveQueue(head, me, now) {
    const queue = head.queue.filter(({ claimId }) => claimId !== me.claimId);
    return queue.length === head.queue.length ? undefined : advance(head, { queue }, now, "gave-up", {}, me);
}
/** The first run that asked earlier and still waits. One that GitHub cannot be asked about waits until its time is over. */
async function firstAhead({ queue }, { claimId }, now, askRun) {
    const own = queue.findIndex((each) => each.claimId === claimId);
    for (const each of own < 0 ? queue : queue.slice(0, own))
        if (each.until > now && (await askRun(each)) !== "over")
            return each;
    return undefined;
}

;// CONCATENATED MODULE: ./packages/release/src/unreadable-head.ts
/** `where` is the address of the blob. */
function explainUnreadable(where, read) {
    const az = commandsFor(where);
    if (read.newer)
        return {
            what: `The ledger ${where} was written by a newer version of this action.`,
            why: `${read.why}. Writing it with this version would lose what the newer one noted, so nothing was changed.`,
            fix: `Raise the version of augeo/deploy-action in this workflow to the one that wrote it (the newest always reads older ledgers). To look at it: ${az.look}`,
        };
    return {
        what: `The ledger ${where} cannot be read, so nothing was changed.`,
        why: `${read.why}. A ledger that is not understood blocks: it may say that a release is under way.`,
        fix: [
            `Keep a copy and look at it: ${az.look}`,
            `Find its earlier versions and snapshots: ${az.versions}`,
            `Put the last good one back: ${az.fetch} and then ${az.upload}`,
            `Where the account keeps no versions, mend in the copy what is named above, by what the last events say, and upload that: ${az.events}`,
            `Only while no release is under way may it be deleted; the next run then starts a new one, which knows no release to go back to: ${az.remove}`,
        ].join(" · "),
    };
}
/** A host that is an account's, or the account in the path as emulators have it. */
const ADDRESS = /^https:\/\/([^./]+)[^/]*\/(?:([^/]+)\/)?([^/]+)\/([^/]+\/[^/]+)\/head\.json$/;
/** Ends a lease that no run of ours has: theirs are over within a minute. */
const breakLeaseCommand = (where) => commandsFor(where).breakLease;
function commandsFor(where) {
    const [, host, inPath, container, folder = "<app>/<environment>"] = ADDRESS.exec(where) ?? [];
    const [account, box] = [inPath ?? host ?? "<account>", container ?? "<container>"];
    const place = `--auth-mode login --account-name ${account} -c ${box}`;
    const blob = `${place} -n ${folder}/head.json`;
    const columns = "[].[versionId, snapshot, properties.lastModified]";
    return {
        look: `az storage blob download ${blob} --file broken.json`,
        versions: `az storage blob list ${place} --prefix ${folder}/head.json --include vs --query "${columns}" -o table`,
        fetch: `az storage blob download ${blob} --version-id <version> --file head.json (or --snapshot <snapshot>)`,
        upload: `az storage blob upload ${blob} --file head.json --overwrite`,
        events: `az storage blob list ${place} --prefix ${folder}/events/ --query "[-5:].name"`,
        breakLease: `az storage blob lease break --auth-mode login --account-name ${account} -c ${box} -b ${folder}/head.json`,
        remove: `az storage blob delete ${blob}`,
    };
}

;// CONCATENATED MODULE: ./packages/release/src/acquire.ts
/** Taking the lock: read, decide, compare-and-swap, and wait where waiting was allowed. */





/** Claims the lock, or says who has it and what to do. A lost compare-and-swap is no failure: it is decided anew. */
async function acquire(request) {
    const { ledger, clock, signal } = request;
    const until = clock.now() + request.lockWait;
    for (;;) {
        const read = await ledger.read();
        if (read.kind === "unreadable")
            return { kind: "unreadable", explanation: explainUnreadable(request.where, read) };
        const head = read.kind === "head" ? read.head : emptyHead(request.app, request.environment);
        const decision = await decide(request, head);
        if (decision.kind === "needs-human")
            return decision;
        const ahead = decision.kind === "claim" ? await whoIsAhead(request, head, decision.how) : undefined;
        if (decision.kind === "claim" && !ahead) {
            const held = await tryClaim(request, head, read, decision.how);
            if (held)
                return { kind: "acquired", held, how: decision.how, from: head.holder };
            continue;
        }
        const explanation = decision.kind === "held" ? decision.explanation : queued(head, ahead);
        const mayEnd = decision.kind === "claim" || decision.mayEnd;
        if (!mayEnd || clock.now() >= until) {
            if (request.lockWait > 0)
                await noteInHead(ledger, head, (now) => leaveQueue(now, request.me, clock.now()));
            return { kind: "locked", explanation };
        }
        await noteInHead(ledger, head, (now) => queueUp(now, request.me, clock.now(), until));
        request.onWait?.(explanation);
        await clock.sleep(Math.min(request.pollInterval, Math.max(1, until - clock.now())), signal);
    }
}
/** Only who waits lets others go first: a rollback that asks for the lock while it is free has it. */
async function whoIsAhead({ lockWait, me, clock, askRun }, head, how) {
    return lockWait === 0 || how === "resumed" ? undefined : firstAhead(head, me, clock.now(), askRun);
}
function queued({ app, environment }, ahead) {
    return {
        what: `${app} (${environment}) is free, and another run has waited for it longer.`,
        why: `Run ${ahead?.url ?? ""}, started by ${ahead?.actor ?? ""}, asked first.`,
        fix: `Wait for that run, or cancel it: gh run cancel ${ahead?.runId ?? ""} -R ${ahead?.repository ?? ""}`,
    };
}
async function decide(request, head) {
    const now = request.clock.now();
    const me = { ...request.me, since: now };
    const isForeign = head.holder !== null && head.holder.claimId !== me.claimId;
    const holderRun = isForeign && head.holder ? await request.askRun(head.holder) : "unknown";
    return decideClaim(head, { me, holderRun, takeOver: request.takeOver, acceptLive: request.acceptLive, now });
}
async function tryClaim(request, head, read, how) {
    const now = request.clock.now();
    await appendAll(request.ledger, head);
    const claimed = claim(head, { ...request.me, since: now }, how, now);
    const written = await request.ledger.write(claimed, read.kind === "head" ? read.etag : undefined);
    if (written.kind === "lost")
        return undefined;
    await appendAll(request.ledger, claimed);
    return { head: claimed, etag: written.etag };
}

;// CONCATENATED MODULE: ./packages/release/src/approval.ts


/** Requests that stay in the head; older ones are in the events. */
const KEPT = 20;
function gateOf(head, wanted) {
    const approval = head.approvals.find(({ release }) => release === wanted.release);
    const isSame = approval !== undefined &&
        approval.artifact === wanted.artifact &&
        approval.replaces === (head.live?.release ?? null);
    if (!isSame)
        return { kind: "closed" };
    const { decision } = approval;
    if (!decision)
        return { kind: "waiting", approval };
    if (decision.how === "reject")
        return { kind: "rejected", approval };
    // Who wrote it may be known better now than when it was asked for.
    return isAmong(wanted.authors, decision.by) ? { kind: "closed" } : { kind: "open", approval };
}
/** Asks for an approval and gives the lock back: nothing is open while a person thinks. */
function requestApproval(head, wanted, url, now) {
    const { release, artifact, authors } = wanted;
    const replaces = head.live?.release ?? null;
    const approval = { release, artifact, replaces, authors, url, requestedAt: now, decision: null };
    const approvals = [approval, ...head.approvals.filter((each) => each.release !== release)].slice(0, KEPT);
    const details = { asksFor: release, artifact, replaces, authors: authors.join(", ") };
    return advance(head, { approvals, holder: null }, now, "approval-requested", details);
}
/** Writes a person's word on a release that waits. Needs no lock. A word may be changed until the release went out. */
function decideApproval(head, word, by, now) {
    const approval = head.approvals.find(({ release }) => release === word.release);
    if (!approval)
        return notAwaiting(head, word.release);
    if (word.package !== undefined && !approval.artifact?.startsWith(word.package.toLowerCase()))
        return anotherPackage(approval, word.package);
    if (isAmong(approval.authors, word.by))
        return ownRelease(approval, word);
    if (approval.decision?.how === word.how)
        return { kind: "already", approval };
    const { how, why, url } = word;
    const decided = { ...approval, decision: { how, by: word.by, at: now, why, url } };
    const approvals = head.approvals.map((each) => (each === approval ? decided : each));
    const details = { decides: word.release, artifact: approval.artifact, why };
    const what = how === "approve" ? "approved" : "rejected";
    return { kind: "decided", head: advance(head, { approvals }, now, what, details, by), approval: decided };
}
/** What the release that waits says. */
function explainWaiting({ app, environment }, approval, now) {
    const { release, artifact, replaces, authors, requestedAt } = approval;
    const place = `${app} (${environment})`;
    return {
        what: `${release} waits for an approval before it replaces ${replaces ?? "what is live"} on ${place}; nothing was changed.`,
        why: `It was asked for ${describeAge(now - requestedAt)} ago, for the package ${artifact?.slice(0, 12) ?? "(none)"}. ${authors.join(" and ")} may not approve it.`,
        fix: `Somebody else runs the approve workflow (actions/approve) with release: ${release}, decision: approve. Then re-run the failed jobs of this run, or start it again.`,
    };
}
function explainRejected({ release, decision }) {
    return {
        what: `${release} was rejected by ${decision?.by}; nothing was changed.`,
        why: decision?.why ?? "",
        fix: `Release a mended version. If it was a mistake, somebody other than its authors runs the approve workflow again with release: ${release}, decision: approve.`,
    };
}
/** GitHub's logins differ in more than case. */
const isAmong = (logins, login) => logins.some((each) => each.toLowerCase() === login.toLowerCase());
function refused(code, explanation) {
    return { kind: "refused", code, explanation };
}
function notAwaiting({ app, environment, approvals, rollout }, release) {
    if (rollout?.hold && rollout.target.release === release)
        return refused("not-awaiting", {
            what: `Release ${release} of ${app} (${environment}) waits for no approval: its canary is on hold.`,
            why: rollout.hold.reason,
            fix: "Decide on that: promote, abort or judge-again.",
        });
    const waiting = approvals.filter(({ decision }) => !decision).map((each) => each.release);
    return refused("not-awaiting", {
        what: `No release ${release} of ${app} (${environment}) waits for an approval.`,
        why: waiting.length === 0 ? "None waits at all." : `These wait: ${waiting.join(", ")}.`,
        fix: "Take the id from the summary of the run that waits. One that went out already needs no approval any more.",
    });
}
function ownRelease({ release, authors }, { by }) {
    return refused("own-release", {
        what: `${by} may not decide on ${release}.`,
        why: `Its authors are ${authors.join(" and ")}: who started its run, and who wrote its commit.`,
        fix: "Ask somebody else with write access to the repository to run this.",
    });
}
function anotherPackage({ release, artifact }, wanted) {
    return refused("another-package", {
        what: `${release} waits with another package than the one named.`,
        why: `Its SHA-256 is ${artifact ?? "(none)"}, and package says ${wanted}: it was built again since.`,
        fix: "Look at what the new run would release, and approve that.",
    });
}

;// CONCATENATED MODULE: ./packages/release/src/errors.ts
/**
 * The three errors a user can meet. Each says what happened, why, and what to do; anything else that is thrown is a
 * fault of ours. Refused gates, unhealthy probes and completed rollbacks are outcomes and never come here.
 */
/** `Error: … / Why: … / Fix: …`, the one form in which errors are shown. */
function explain({ what, why, fix }) {
    return [`Error: ${what}`, `Why: ${why}`, `Fix: ${fix}`].join("\n");
}
/** The workflow, its inputs or its package are wrong; nothing was changed remotely. */
class UsageError extends Error {
    name = "UsageError";
    what;
    why;
    fix;
    constructor({ what, why, fix, cause }) {
        super(what, cause === undefined ? undefined : { cause });
        this.what = what;
        this.why = why;
        this.fix = fix;
    }
}
/** A remote service refused, failed or did not answer. */
class ServiceError extends Error {
    name = "ServiceError";
    service;
    operation;
    status;
    code;
    what;
    why;
    fix;
    correlationId;
    retryable;
    constructor(failure) {
        super(failure.what, failure.cause === undefined ? undefined : { cause: failure.cause });
        this.service = failure.service;
        this.operation = failure.operation;
        this.status = failure.status;
        this.code = failure.code;
        this.what = failure.what;
        this.why = failure.why;
        this.fix = failure.fix;
        this.correlationId = failure.correlationId;
        this.retryable = failure.retryable ?? false;
    }
}
/** The run was cancelled (SIGINT or SIGTERM): what was done, and what is left. */
class Interrupted extends Error {
    name = "Interrupted";
    what;
    done;
    undone;
    constructor({ what, done, undone }) {
        super(what);
        this.what = what;
        this.done = done;
        this.undone = undone;
    }
    get why() {
        if (this.done.length > 0)
            return `The run was cancelled. Done: ${this.done.join("; ")}.`;
        const isClean = this.undone.length === 0;
        return isClean ? "The run was cancelled before anything was changed." : "The run was cancelled.";
    }
    get fix() {
        return this.undone.length === 0
            ? "Nothing is left half done; run the workflow again when ready."
            : `Left open: ${this.undone.join("; ")}. The post step or the next run of this workflow takes it up.`;
    }
}

;// CONCATENATED MODULE: ./packages/release/src/drive.ts
/**
 * The loop around the reducer: writes what was decided, does it, feeds back what it saw. Nothing is done before the
 * ledger holds it, and nothing is held that was not compared and swapped.
 */





/** Thrown inside the loop when the head was written by somebody else. */
class Fenced extends Error {
    name = "Fenced";
}
/** Leads the head's rollout from where it stands to its end. `first` is `started`, or `cancelled` to seek the safe side. */
async function drive(engine, held, first) {
    const rollout = held.head.rollout;
    if (!rollout)
        throw new Error("drive was called without a rollout in the head");
    const run = { engine, held, rollout };
    try {
        return await follow(run, first);
    }
    catch (error) {
        if (error instanceof Fenced)
            return { kind: "fenced", rollout: run.rollout, why: error.message };
        if (engine.signal.aborted)
            return { kind: "interrupted", held: run.held, rollout: run.rollout };
        throw error;
    }
}
/** These acts take too long for a lease, so the head is read right before them. */
const TAKEN = "another run took the release over";
async function follow(run, first) {
    let seen = first;
    for (;;) {
        const { state, command } = next(run.rollout, seen);
        if (state !== run.rollout)
            await store(run, state);
        if (command.do === "stop")
            return { kind: "ended", held: run.held, rollout: run.rollout };
        if (run.engine.signal.aborted)
            return { kind: "interrupted", held: run.held, rollout: run.rollout };
        if (command.do === "hold") {
            const met = await waitOnHold(run, command.until);
            if (!met)
                return { kind: "on-hold", held: run.held, rollout: run.rollout };
            seen = met;
        }
        else
            seen = await carryOut(run, command);
    }
}
/** The head is read at every poll of a hold, the traffic's weight at every so-manieth: once a minute by default. */
const WEIGHT_EVERY = 20;
/**
 * What ends the wait: somebody decided, the deadline has come, or the share of the traffic was changed by hand.
 * Undefined when this run's patience ended first.
 */
async function waitOnHold(run, until) {
    const { clock, signal, slots, holdWait = 0 } = run.engine;
    const patience = clock.now() + holdWait;
    for (let poll = 0;; poll++) {
        await takeIn(run, "the release was taken over while it was on hold");
        const now = clock.now();
        if (run.rollout.hold?.lift || (until !== null && now >= until))
            return { kind: "started", now };
        if (poll % WEIGHT_EVERY === 0 && (await isDisturbed(run)))
            return { kind: "slots", slots: await slots.observe(), now: clock.now() };
        if (now >= patience)
            return undefined;
        const next = Math.min(now + run.rollout.policy.pollInterval, patience, until ?? Number.POSITIVE_INFINITY);
        await clock.sleep(Math.max(1, next - now), signal);
    }
}
/** Not being able to look is no news: the next look, or the decision's own, will tell. */
async function isDisturbed({ engine: { slots }, rollout }) {
    try {
        return isMeddledWith(rollout, await slots.weight());
    }
    catch (error) {
        if (!(error instanceof ServiceError))
            throw error;
        return false;
    }
}
/** Takes in what others noted in the head; throws `Fenced` when it is no longer this run's. */
async function takeIn(run, why) {
    const now = await catchUp(run.engine.ledger, run.held);
    if (!now?.head.rollout)
        throw new Fenced(why);
    run.held = now;
    run.rollout = now.head.rollout;
}
async function store(run, state) {
    const { ledger, clock, onState, keepsLock } = run.engine;
    const moved = await moveHeld(ledger, run.held, (head) => record(head, state, clock.now(), keepsLock));
    if (moved.kind === "lost")
        throw new Fenced(moved.why);
    run.held = moved.held;
    run.rollout = state;
    onState?.(state, clock.now());
}
async function carryOut(run, command) {
    const { slots, steps, health, clock, signal } = run.engine;
    const at = (seen) => ({ ...seen, now: clock.now() });
    switch (command.do) {
        case "migrate":
            await takeIn(run, TAKEN);
            return at(await saysNo(run, "gate", async () => ({ kind: "migrated", change: await steps.migrate() })));
        case "stage":
            await takeIn(run, TAKEN);
            return at(await saysNo(run, "stage-failed", async () => {
                await steps.stage(command.record);
                return { kind: "staged" };
            }));
        case "observe":
            if (command.after > 0)
                await clock.sleep(command.after, signal);
            return at({ kind: "slots", slots: await slots.observe({ identityOnly: command.identityOnly }) });
        case "swap":
            return at(await guarded(run, () => swapped(run)));
        case "poll":
            if (command.after > 0)
                await clock.sleep(command.after, signal);
            return at({ kind: "swap", status: await slots.swapStatus(command.operationUrl) });
        case "route":
            return at(await guarded(run, () => drive_routed(slots, command)));
        case "judge": {
            const found = await judged(run.engine, command.step);
            // Both slots are looked at, and the reducer decides on what it sees as it does at the end of a step.
            return at(found === "disturbed" ? { kind: "slots", slots: await slots.observe() } : { kind: "judged", ...found });
        }
        case "probe":
            return at({ kind: "verdict", verdict: await health.probe(command.where, command.atLeast, command.atMost) });
    }
}
/** A live mutation, under the lease that is only given while the head is still this run's. */
async function guarded(run, act) {
    for (;;) {
        const guard = await run.engine.ledger.guard(run.held.etag, act);
        if (guard.kind === "held")
            return guard.value;
        const { etag } = run.held;
        await takeIn(run, guard.why);
        if (run.held.etag === etag)
            throw new Fenced(guard.why);
    }
}
/** A rule that somebody set since the last look must not be swapped past. A way back by hand waits for nothing. */
async function swapped({ engine: { slots }, rollout }) {
    const weight = rollout.kind === "rollback" ? 0 : await slots.weight();
    return weight === 0 ? { kind: "swap", status: await slots.swap() } : { kind: "withheld", weight };
}
async function drive_routed(slots, { weight, expected }) {
    try {
        const reply = await slots.route(weight, expected);
        return reply.kind === "set" ? { kind: "routed" } : reply;
    }
    catch (error) {
        if (!(error instanceof ServiceError))
            throw error;
        const { status, what, why } = error;
        const sure = status !== undefined && status >= 400 && status < 500 && status !== 408;
        return { kind: "unrouted", sure, why: `${what} ${why}` };
    }
}
async function judged({ canary }, step) {
    if (!canary)
        throw new UsageError({
            what: "The release has a canary, and this action cannot judge one.",
            why: "It was begun by another action.",
            fix: "Let the canary action go on with it.",
        });
    try {
        return await canary.judge(step);
    }
    catch (error) {
        if (!(error instanceof ServiceError))
            throw error;
        return { verdict: "provider-error", why: `${error.what} ${error.why}` };
    }
}
/** An error that explains itself is an outcome of this step; a cancellation or a fault of ours is not. */
async function saysNo(run, code, act) {
    try {
        return await act();
    }
    catch (error) {
        if (run.engine.signal.aborted || !isExplained(error))
            throw error;
        const { what, why, fix } = error;
        return { kind: "refused", reason: { code, what, why, fix } };
    }
}
function isExplained(error) {
    return error instanceof Error && "what" in error && "why" in error && "fix" in error;
}
const isOver = (rollout) => rollout === null || isTerminal(rollout.phase);

;// CONCATENATED MODULE: ./packages/release/src/begin.ts
/** How a rollout starts, and how the one that an earlier run left is brought to an end first. */




function planRollout(plan, live, now) {
    return {
        kind: plan.kind,
        place: plan.place,
        policy: plan.policy,
        phase: plan.from,
        since: now,
        startedAt: now,
        target: plan.target,
        before: plan.before ?? null,
        fallback: live,
        schemaChange: null,
        intent: null,
        hold: null,
        undo: false,
        attempts: 0,
        reason: null,
        ramp: plan.ramp && plan.ramp.steps.length > 0 ? plan.ramp : null,
        canary: null,
        weight: 0,
    };
}
/** The plan that an open rollout came from: to continue it is to be led by it again. */
function planOf({ kind, place, policy, target }) {
    return { kind, from: "PREPARED", place, policy, target };
}
/** True when the head's open rollout is the one that is asked for, so that it is continued and not undone. */
function isSameRelease(head, plan) {
    const rollout = head.rollout;
    return (rollout !== null &&
        !rollout.undo &&
        rollout.kind === plan.kind &&
        rollout.target.release === plan.target.release &&
        rollout.target.artifact === plan.target.artifact);
}
/** Ends what an earlier run left open: continues it when it is the same release, else seeks the safe side. */
async function settleLeftover(engine, held, plan) {
    if (isOver(held.head.rollout))
        return undefined;
    const now = engine.clock.now();
    const isOurs = plan !== undefined && isSameRelease(held.head, plan);
    if (isOurs)
        needsJudge(engine, held.head.rollout?.ramp ?? null);
    return isOurs
        ? drive(engine, held, { kind: "started", now })
        : drive({ ...engine, keepsLock: true }, held, { kind: "cancelled", by: "abandoned", now });
}
function needsJudge({ canary }, ramp) {
    if (canary || !ramp || ramp.steps.length === 0)
        return;
    throw new UsageError({
        what: `The release has a canary of ${ramp.steps.length} steps, and this action cannot judge one.`,
        why: "Without a judge nothing could end a bad canary before everybody gets it.",
        fix: "Lead it with the canary action, or release without steps.",
    });
}
/** Puts the plan into the head and leads it to its end. The lock has to be held. */
async function carryOutPlan(engine, held, plan) {
    needsJudge(engine, plan.ramp ?? null);
    const now = engine.clock.now();
    const rollout = planRollout(plan, held.head.live, now);
    const moved = await moveHeld(engine.ledger, held, (head) => head_open(head, rollout, now, plan.why));
    if (moved.kind === "lost")
        return { kind: "fenced", rollout, why: moved.why };
    engine.onState?.(rollout, now);
    return drive(engine, moved.held, { kind: "started", now });
}
/**
 * What `post` does: whatever this run still holds is brought to the safe side, and the lock given back. A release that
 * ended with this claim, in a write whose reply was lost, is told as it ended. Undefined when there is none; the events
 * of the last write are appended all the same.
 */
async function endOwn(engine, claimId, claimed) {
    const read = await engine.ledger.read();
    if (read.kind !== "head")
        return undefined;
    const { head, etag } = read;
    await appendAll(engine.ledger, head);
    const { rollout, holder } = head;
    const isOwn = claimed && head.epoch === claimed.epoch && rollout && isOver(rollout) && rollout.since >= claimed.at;
    const told = isOwn ? { kind: "ended", held: { head, etag }, rollout } : undefined;
    if (holder?.claimId !== claimId)
        return told;
    const now = engine.clock.now();
    if (!isOver(rollout))
        return drive(engine, { head, etag }, { kind: "cancelled", by: "cancelled", now });
    if (rollout?.phase === "NEEDS_HUMAN")
        return told;
    await moveHeld(engine.ledger, { head, etag }, (held) => release(held, now));
    return undefined;
}

;// CONCATENATED MODULE: ./packages/release/src/freeze.ts
/** A freeze: no new release, canary, swap or contract migration until its end. A way back and undoing are never stopped. */


/** The freeze that counts now; one past its end is none. */
function freezeInForce({ freeze }, now) {
    return freeze && (freeze.until === null || now < freeze.until) ? freeze : undefined;
}
/** Sets the freeze, in place of one that is there. Needs no lock. */
function setFreeze(head, freeze, by, now) {
    const before = freezeInForce(head, now);
    if (before && before.by !== freeze.by && endOf(before) > endOf(freeze))
        return { kind: "longer", freeze: before };
    const details = { why: freeze.reason, until: freeze.until, replaced: before ? before.reason : null };
    return { kind: "write", head: advance(head, { freeze }, now, "frozen", details, by), before };
}
/** Lifts the freeze that is in force. Needs no lock. */
function liftFreeze(head, why, by, now) {
    const before = freezeInForce(head, now);
    if (!before)
        return { kind: "nothing" };
    const details = { why, frozenBy: before.by, frozenFor: before.reason, until: before.until };
    return { kind: "write", head: advance(head, { freeze: null }, now, "freeze-lifted", details, by), before };
}
/** Notes that a release goes out although it is frozen, and why. The freeze stays. */
function overrideFreeze(head, freeze, why, now) {
    const details = { why, frozenBy: freeze.by, frozenFor: freeze.reason, until: freeze.until };
    return advance(head, {}, now, "freeze-overridden", details);
}
const endOf = ({ until }) => until ?? Number.POSITIVE_INFINITY;
/** What the release that is held back says. */
function explainFreeze({ app, environment }, freeze, now) {
    return {
        what: `${app} (${environment}) is frozen ${describeEnd(freeze, now)}: no new release goes out, and nothing was changed.`,
        why: `${freeze.by} froze it ${describeAge(now - freeze.since)} ago: ${freeze.reason} (${freeze.url})`,
        fix: "Release again after the end, or have it lifted (actions/freeze with mode: lift). If this one cannot wait, run again with override-freeze: <why>, which is recorded. A rollback is never held back.",
    };
}
/** `until 2026-12-27 08:00 UTC (in 3 days)`, or `until it is lifted`. */
function describeEnd({ until }, now) {
    if (until === null)
        return "until it is lifted";
    return `until ${utc(until)} (in ${describeAge(until - now)})`;
}
/** `2026-12-27 08:00 UTC`. */
/** `14:03:09 UTC` */
const utcClock = (at) => `${new Date(at).toISOString().slice(11, 19)} UTC`;
const utc = (at) => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

;// CONCATENATED MODULE: ./packages/release/src/contract.ts
/** Contract migrations: a release of their own, once no rollback can need what they take away. */




/** Whether the schema may be contracted now. The caller holds the lock, so nothing is released or rolled back meanwhile. */
function permitContract(head, { now, rollbackWindow, knows }) {
    const freeze = freezeInForce(head, now);
    if (freeze)
        return { kind: "refused", code: "frozen", explanation: explainFreeze(head, freeze, now) };
    const { live, rollout } = head;
    const where = `${head.app} (${head.environment})`;
    if (rollout && !isTerminal(rollout.phase)) {
        return contract_refused("window-open", {
            what: `${where} is in the middle of ${rollout.kind === "rollback" ? "a rollback" : "a release"}: the rollback window is open, and nothing was changed.`,
            why: `Release ${rollout.target.release} is in phase ${rollout.phase}; if it fails, the code before it must find the schema it knows.`,
            fix: "Let it end and its rollback window pass, then run again.",
        });
    }
    if (!live) {
        return contract_refused("not-live", {
            what: `The ledger of ${where} knows no live release, so nothing was changed.`,
            why: "Which code runs decides what the schema can do without.",
            fix: "Release through this toolkit first; for a database that no release of it uses, apply with phase: all.",
        });
    }
    if (!knows(live.schemaHead))
        return notLive(where, live);
    const end = live.at + rollbackWindow;
    return end > now ? windowOpen(head, live, end, now) : { kind: "permitted", live };
}
function contract_refused(code, explanation) {
    return { kind: "refused", code, explanation };
}
function notLive(where, { release, schemaHead, commit }) {
    return contract_refused("not-live", {
        what: `The code that is live does not have these revisions, so it may need what they take away. Nothing was changed.`,
        why: `${where} runs ${release}, which was built for schema ${schemaHead ?? "(not recorded)"}.`,
        fix: `Release the code that has them first (it holds the contract revisions back by itself), or check out what is live${commit === null ? "" : ` (ref: ${commit})`} and run again.`,
    });
}
function windowOpen({ previous }, live, end, now) {
    const back = previous === null
        ? "the release before it"
        : `${previous.release} (schema ${previous.schemaHead ?? "not recorded"})`;
    return contract_refused("window-open", {
        what: `The rollback window of ${live.release} is open for another ${describeAge(end - now)}: nothing was changed.`,
        why: `It is live since ${new Date(live.at).toISOString()}. A rollback would bring back ${back}, which needs what the contract revisions take away.`,
        fix: `Run again after ${new Date(end).toISOString()}, or set a shorter rollback-window if you would not go back any more.`,
    });
}
/** Recorded before the first statement: whatever becomes of this run, no rollback trusts the old schema again. */
function beginContract(head, change, now) {
    const details = { to: change.to, release: change.release };
    return advance(head, { schemaChanges: [...head.schemaChanges, change] }, now, "contracting", details);
}
/** What really changed takes the place of what was announced (null: nothing did), and the lock is given back. */
function endContract(head, announced, real, now) {
    const others = head.schemaChanges.filter((each) => each.at !== announced.at || each.to !== announced.to);
    const schemaChanges = real === null ? others : [...others, real];
    const details = { from: real?.from ?? null, to: real?.to ?? null };
    return advance(head, { schemaChanges, holder: null }, now, real === null ? "not-contracted" : "contracted", details);
}

;// CONCATENATED MODULE: ./packages/release/src/decoder.ts
/** Small strict decoders: from unknown to ours, or an error that names the place and what was there instead. */
/** Thrown by decoders; `path` is where in the document, `rollout.intent.op`. */
class Undecodable extends Error {
    name = "Undecodable";
    path;
    constructor(path, expected, found) {
        super(`${path === "" ? "the document" : path} should be ${expected}, and is ${describe(found)}`);
        this.path = path;
    }
}
function describe(value) {
    if (value === undefined)
        return "missing";
    if (value === null)
        return "null";
    const text = JSON.stringify(value) ?? typeof value;
    return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
const decoder_text = (value, path) => {
    if (typeof value !== "string")
        throw new Undecodable(path, "text", value);
    return value;
};
const flag = (value, path) => {
    if (typeof value !== "boolean")
        throw new Undecodable(path, "true or false", value);
    return value;
};
const finite = (value, path) => {
    if (typeof value !== "number" || !Number.isFinite(value))
        throw new Undecodable(path, "a number", value);
    return value;
};
/** A whole number from 0. */
const count = (value, path) => {
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
        throw new Undecodable(path, "a whole number from 0", value);
    return value;
};
const nullable = (decoder) => (value, path) => value === null ? null : decoder(value, path);
/** For a field that ledgers of earlier versions do not have. */
const withDefault = (decoder, fallback) => (value, path) => value === undefined ? fallback : decoder(value, path);
const oneOf = (options) => (value, path) => {
    const found = options.find((option) => option === value);
    if (found === undefined)
        throw new Undecodable(path, `one of ${options.join(", ")}`, value);
    return found;
};
const list = (decoder) => (value, path) => {
    if (!Array.isArray(value))
        throw new Undecodable(path, "a list", value);
    return value.map((item, index) => decoder(item, `${path}[${index}]`));
};
/** Every field is required, none besides them is allowed: what is not understood must not be thrown away by the next write. */
const decoder_record = (fields) => (value, path) => {
    const source = asObject(value, path);
    const unknown = Object.keys(source).find((key) => !Object.hasOwn(fields, key));
    if (unknown !== undefined)
        throw new Undecodable(join(path, unknown), "absent", source[unknown]);
    const decoded = {};
    for (const key of Object.keys(fields))
        decoded[key] = fields[key](source[key], join(path, key));
    return decoded;
};
const dictionary = (decoder) => (value, path) => Object.fromEntries(Object.entries(asObject(value, path)).map(([key, item]) => [key, decoder(item, join(path, key))]));
function asObject(value, path) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
        throw new Undecodable(path, "an object", value);
    return value;
}
const join = (path, key) => (path === "" ? key : `${path}.${key}`);

;// CONCATENATED MODULE: ./packages/release/src/decode-head.ts
/** The strict reader of the ledger's head. What it does not understand blocks; nothing is guessed or repaired. */


/** Decodes the stored text of a head. */
function readHead(stored) {
    try {
        const value = JSON.parse(stored);
        const schema = count(asObject(value, "").schema, "schema");
        if (schema > LEDGER_SCHEMA)
            return {
                kind: "unreadable",
                newer: true,
                why: `it is of version ${schema}, this action knows versions up to ${LEDGER_SCHEMA}`,
            };
        if (schema < 1)
            throw new Undecodable("schema", "at least 1", schema);
        // Fields that came with a later version have defaults; the next write is of this version.
        return { kind: "head", head: { ...head(value, ""), schema: LEDGER_SCHEMA } };
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { kind: "unreadable", newer: false, why: error instanceof Undecodable ? why : `it is not JSON: ${why}` };
    }
}
const holder = decoder_record({
    claimId: decoder_text,
    repository: decoder_text,
    runId: decoder_text,
    attempt: count,
    actor: decoder_text,
    url: decoder_text,
    since: finite,
});
const waiter = decoder_record({
    claimId: decoder_text,
    repository: decoder_text,
    runId: decoder_text,
    attempt: count,
    actor: decoder_text,
    url: decoder_text,
    asked: finite,
    until: finite,
});
const releaseRecord = decoder_record({
    release: decoder_text,
    commit: nullable(decoder_text),
    artifact: nullable(decoder_text),
    schemaHead: nullable(decoder_text),
    at: finite,
});
const schemaChange = decoder_record({
    from: nullable(decoder_text),
    to: nullable(decoder_text),
    kind: oneOf(["expand", "contract"]),
    release: decoder_text,
    at: finite,
});
const reason = decoder_record({ code: oneOf(REASON_CODES), what: decoder_text, why: decoder_text, fix: decoder_text });
const intent = decoder_record({
    op: oneOf(["swap", "route"]),
    opId: decoder_text,
    args: decoder_record({ weight: nullable(finite) }),
    expect: decoder_record({ production: nullable(decoder_text), staging: nullable(decoder_text), weight: finite }),
    asyncUrl: nullable(decoder_text),
    startedAt: finite,
    deadline: finite,
    endedAt: nullable(finite),
    acknowledged: withDefault(flag, false),
    refusal: nullable(decoder_record({
        status: nullable(finite),
        code: nullable(decoder_text),
        message: decoder_text,
        busy: flag,
    })),
});
const onDeadline = oneOf(["proceed", "rollback", "stay"]);
const decode_head_hold = decoder_record({
    reason: decoder_text,
    since: finite,
    deadline: nullable(finite),
    onDeadline,
    lift: withDefault(nullable(decoder_record({ how: oneOf(["promote", "abort", "judge"]), by: decoder_text, at: finite, why: decoder_text })), null),
});
const whenUnsure = oneOf(["hold", "rollback", "promote"]);
const ramp = decoder_record({
    steps: list(decoder_record({ weight: finite, duration: finite })),
    unsure: decoder_record({ insufficient: whenUnsure, inconclusive: whenUnsure, providerError: whenUnsure }),
    holdTimeout: finite,
    onHoldTimeout: onDeadline,
});
const decode_head_canary = decoder_record({
    step: count,
    weight: finite,
    window: nullable(decoder_record({ setAt: finite, start: finite, end: finite })),
    judged: nullable(decoder_record({
        step: count,
        verdict: oneOf(["pass", "fail", "insufficient", "inconclusive", "provider-error"]),
        why: decoder_text,
        at: finite,
    })),
});
const policy = decoder_record({
    bakeTime: finite,
    warmUpTimeout: finite,
    swapTimeout: finite,
    observeTimeout: finite,
    settleTime: finite,
    pollInterval: finite,
});
const place = decoder_record({ app: decoder_text, resourceGroup: decoder_text, slot: decoder_text });
const rollout = decoder_record({
    kind: oneOf(["release", "rollback", "swap"]),
    place,
    policy,
    phase: oneOf(PHASES),
    since: finite,
    startedAt: finite,
    target: releaseRecord,
    before: nullable(decoder_record({ production: nullable(decoder_text), staging: nullable(decoder_text) })),
    fallback: nullable(releaseRecord),
    schemaChange: nullable(schemaChange),
    intent: nullable(intent),
    hold: nullable(decode_head_hold),
    undo: flag,
    attempts: count,
    reason: nullable(reason),
    ramp: withDefault(nullable(ramp), null),
    canary: nullable(decode_head_canary),
    weight: withDefault(nullable(finite), null),
});
const detail = (value, path) => {
    if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
        return value;
    throw new Undecodable(path, "text, a number, true, false or null", value);
};
const decode_head_event = decoder_record({
    schema: count,
    epoch: count,
    seq: count,
    at: finite,
    what: decoder_text,
    release: nullable(decoder_text),
    phase: nullable(oneOf(PHASES)),
    runId: decoder_text,
    attempt: count,
    actor: decoder_text,
    details: dictionary(detail),
});
const freeze = decoder_record({
    reason: decoder_text,
    by: decoder_text,
    url: decoder_text,
    since: finite,
    until: nullable(finite),
});
const approval = decoder_record({
    release: decoder_text,
    artifact: nullable(decoder_text),
    replaces: nullable(decoder_text),
    authors: list(decoder_text),
    url: decoder_text,
    requestedAt: finite,
    decision: nullable(decoder_record({
        how: oneOf(["approve", "reject"]),
        by: decoder_text,
        at: finite,
        why: decoder_text,
        url: decoder_text,
    })),
});
const surroundings = decoder_record({
    release: decoder_text,
    sticky: list(decoder_text),
    healthCheckPath: nullable(decoder_text),
});
const head = decoder_record({
    schema: count,
    app: decoder_text,
    environment: decoder_text,
    epoch: count,
    seq: count,
    holder: nullable(holder),
    rollout: nullable(rollout),
    live: nullable(releaseRecord),
    previous: nullable(releaseRecord),
    history: list(releaseRecord),
    schemaChanges: list(schemaChange),
    freeze: withDefault(nullable(freeze), null),
    approvals: withDefault(list(approval), []),
    surroundings: withDefault(nullable(surroundings), null),
    queue: withDefault(list(waiter), []),
    outbox: list(decode_head_event),
});

;// CONCATENATED MODULE: ./packages/release/src/freeze-windows.ts
const WINDOW_PATTERN = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s+(\d\d):(\d\d)\s*(?:-|–|to)\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s+(\d\d):(\d\d)\s+(\S+)$/i;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 24 * 60;
const WEEK = 7 * DAY;
const MINUTE = 60_000;
/** More than any change of a clock, in minutes. */
const LONGEST_SHIFT = 180;
/** Undefined for what is no window: a time or a zone that does not exist, a window without length. */
function parseFreezeWindow(text) {
    const [, fromDay = "", fromHour, fromMinute, toDay = "", toHour, toMinute, zone = ""] = WINDOW_PATTERN.exec(text) ?? [];
    const from = minuteOf(fromDay, Number(fromHour), Number(fromMinute));
    const to = minuteOf(toDay, Number(toHour), Number(toMinute));
    if (from === undefined || to === undefined || from === to || !isZone(zone))
        return undefined;
    return { text, from, to, zone };
}
/** The freeze of the first window that `now` lies in. Its `since` is not known and not needed. */
function windowInForce(windows, now) {
    const window = windows.find((each) => isWithin(each, now));
    if (!window)
        return undefined;
    return { reason: window.text, by: "freeze-windows", url: "", since: now, until: freeze_windows_endOf(window, now) };
}
function explainWindow(place, freeze, end) {
    return {
        what: `${place.app} (${place.environment}) is frozen ${end}: no new release goes out, and nothing was changed.`,
        why: `This workflow's freeze-windows say so: ${freeze.reason}.`,
        fix: "Release again after the end. If this one cannot wait, run again with override-freeze: <why>, which is recorded. A rollback is never held back.",
    };
}
function minuteOf(day, hour, minute) {
    const index = DAYS.indexOf(day.slice(0, 3).toLowerCase());
    const isTime = hour < 24 && minute < 60;
    return index < 0 || !isTime ? undefined : index * DAY + hour * 60 + minute;
}
function isZone(zone) {
    try {
        clockOf(zone);
        return true;
    }
    catch {
        return false;
    }
}
const clockOf = (zone) => new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
});
/** What the zone's clock shows, in minutes since its Monday. */
function wallClock(zone, at) {
    const parts = new Map(clockOf(zone)
        .formatToParts(at)
        .map(({ type, value }) => [type, value]));
    return minuteOf(parts.get("weekday") ?? "", Number(parts.get("hour")), Number(parts.get("minute"))) ?? 0;
}
function isWithin({ from, to, zone }, at) {
    const shown = wallClock(zone, at);
    return from < to ? from <= shown && shown < to : from <= shown || shown < to;
}
/** The first minute from `now` on that is not in the window. */
function freeze_windows_endOf(window, now) {
    const { to, zone } = window;
    const minute = now - (now % MINUTE);
    // Right but for a change of the clock in between, which is looked for minute by minute.
    let end = minute + ((to - wallClock(zone, now) + WEEK) % WEEK) * MINUTE;
    for (let step = 0; step <= LONGEST_SHIFT && isWithin(window, end); step++)
        end += MINUTE;
    for (let step = 0; step <= LONGEST_SHIFT && end - MINUTE > now && !isWithin(window, end - MINUTE); step++)
        end -= MINUTE;
    return end;
}

;// CONCATENATED MODULE: ./packages/release/src/judge/statistics.ts
/** The handful of exact statistics the judge needs. Everything is one-sided unless it says otherwise. */
/** Standard normal quantile of 0.95: one-sided 95 %. */
const Z95 = 1.6448536269514722;
/** Wilson's score interval for `bad` of `total`, each side at the level of `z`. Source: Wilson 1927. */
function wilson(bad, total, z = Z95) {
    if (total <= 0)
        return { lower: 0, upper: 1 };
    const share = bad / total;
    const zz = (z * z) / total;
    const centre = share + zz / 2;
    const half = z * Math.sqrt((share * (1 - share)) / total + zz / (4 * total));
    return { lower: Math.max(0, (centre - half) / (1 + zz)), upper: Math.min(1, (centre + half) / (1 + zz)) };
}
// Lanczos coefficients, g = 7, n = 9; relative error below 1e-13 for the arguments used here (x >= 1).
const LANCZOS = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
/** ln Γ(x) for x ≥ 1. */
function logGamma(x) {
    const y = x - 1;
    let series = LANCZOS[0] ?? 0;
    for (let i = 1; i < LANCZOS.length; i += 1)
        series += (LANCZOS[i] ?? 0) / (y + i);
    const t = y + 7.5;
    return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(series);
}
function logChoose(n, k) {
    return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
/**
 * Fisher's exact test: the chance of at least `badA` of the pooled bad ones falling in arm A if both arms share one
 * rate. Counts are rounded down to whole numbers first, as dispersion-corrected counts may be fractional.
 */
function fisherGreater(badA, totalA, badB, totalB) {
    const [xa, na, xb, nb] = [badA, totalA, badB, totalB].map(Math.floor);
    const bad = xa + xb;
    const denominator = logChoose(na + nb, bad);
    let tail = 0;
    for (let k = xa; k <= Math.min(bad, na); k += 1) {
        if (bad - k <= nb)
            tail += Math.exp(logChoose(na, k) + logChoose(nb, bad - k) - denominator);
    }
    return Math.min(1, tail);
}
/** Holm's step-down: which of `pValues` are rejected with a family-wise error of at most `alpha`. */
function holm(pValues, alpha) {
    const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
    const rejected = pValues.map(() => false);
    for (const [rank, { p, index }] of order.entries()) {
        if (p > alpha / (pValues.length - rank))
            break;
        rejected[index] = true;
    }
    return rejected;
}
/** ln of the mean of exp(values), without overflow. */
function logMeanExp(values) {
    const top = Math.max(...values);
    if (!Number.isFinite(top))
        return top;
    return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0) / values.length);
}

;// CONCATENATED MODULE: ./packages/release/src/judge/sequential-test.ts

/** The ratios, as multiples of the tolerated one, whose average the evidence is. */
const ALTERNATIVES = [2, 4, 8, 16];
/**
 * The exposure-conditioned sequential test. Given that an error happened in a bin, it falls in the canary with the
 * chance q(r) = r·n_c / (r·n_c + n_b). The likelihood ratio of q(r) against q(tolerated), averaged over several r, is a
 * test martingale: it may be looked at after every bin without inflating the false-alarm rate (Ville's inequality), and it
 * survives changes of weight and of traffic, because only measured exposures enter.
 *
 * @param deflate divides every error count: the over-dispersion of errors that come in bursts (1 = independent).
 */
function sequentialEvidence(bins, tolerated, deflate) {
    const logs = ALTERNATIVES.map(() => 0);
    return bins.map((counts) => {
        for (const [index, multiple] of ALTERNATIVES.entries()) {
            logs[index] = (logs[index] ?? 0) + logRatio(counts, tolerated, multiple * tolerated) / deflate;
        }
        return { until: counts.until, logEvidence: logMeanExp(logs) };
    });
}
function logRatio({ canary, baseline }, tolerated, ratio) {
    if (canary.total <= 0 || baseline.total <= 0)
        return 0;
    const q0 = (tolerated * canary.total) / (tolerated * canary.total + baseline.total);
    const q1 = (ratio * canary.total) / (ratio * canary.total + baseline.total);
    return canary.bad * Math.log(q1 / q0) + baseline.bad * Math.log((1 - q1) / (1 - q0));
}
/** How much more the errors of a bin vary than independent ones would, over series that each have a rate of their own. */
function dispersionOf(series) {
    let chiSquare = 0;
    let freedom = 0;
    let variance = 0;
    for (const counts of series.map((each) => each.filter(({ total }) => total > 0))) {
        const bad = counts.reduce((sum, each) => sum + each.bad, 0);
        const total = counts.reduce((sum, each) => sum + each.total, 0);
        if (bad === 0 || counts.length < 2)
            continue;
        const rate = bad / total;
        for (const each of counts) {
            chiSquare += (each.bad - rate * each.total) ** 2 / (rate * each.total);
            // Of the square of a standardised Poisson count: 2 + 1/mean.
            variance += 2 + 1 / (rate * each.total);
        }
        freedom += counts.length - 1;
    }
    if (freedom === 0)
        return { factor: 1, error: 0 };
    return { factor: chiSquare / freedom, error: Math.sqrt(variance) / freedom };
}

;// CONCATENATED MODULE: ./packages/release/src/judge/canary-judge.ts


const DEFAULT_POLICY = {
    earlyAlpha: 0.02,
    endAlpha: 0.0025,
    toleratedRatio: 1.5,
    floor: 0.01,
    ceiling: 0.05,
    most: 0.2,
    minimumSample: 60,
    distinctBins: 3,
    steps: 1,
    looks: 1,
};
/**
 * Judges one step of a canary. Fails as soon as the evidence suffices, never passes before `windowOver`: an early pass
 * would be decided by the quiet first minutes.
 */
function judgeCanary(metrics, guards, windowOver, policy = DEFAULT_POLICY) {
    const gates = metrics.filter((metric) => metric.role === "gate").length;
    const judged = metrics.map((metric) => judgeMetric(metric, windowOver, policy, Math.max(1, gates)));
    if (windowOver)
        failAtEnd(judged, metrics, policy);
    const tripped = guards.find((guard) => guard.tripped);
    if (tripped)
        return { verdict: "fail", why: `${tripped.name}: ${tripped.why}`, metrics: judged };
    return { ...overall(judged.filter((metric) => metric.role === "gate")), metrics: judged };
}
/** The worst verdict decides: a failure before a lack of knowledge, a lack of knowledge before a pass. */
const SEVERITY = [
    "fail",
    "provider-error",
    "insufficient",
    "inconclusive",
    "continue",
    "pass",
];
function overall(gates) {
    for (const verdict of SEVERITY) {
        const metric = gates.find((candidate) => candidate.verdict === verdict);
        if (metric)
            return { verdict, why: `${metric.name}: ${metric.why}` };
    }
    return { verdict: "provider-error", why: "no gating metric was given" };
}
function judgeMetric(metric, windowOver, policy, gates) {
    const { bins } = metric;
    const bunching = bunchingOf(metric);
    const threshold = Math.log((gates * policy.steps) / policy.earlyAlpha);
    const evidence = sequentialEvidence(bins, policy.toleratedRatio, bunching);
    const canary = sum(bins, "canary");
    const baseline = sum(bins, "baseline");
    const known = {
        name: metric.name,
        role: metric.role,
        canary,
        baseline,
        bins,
        evidence,
        threshold,
        bunching,
        badBins: bins.filter((bin) => bin.canary.bad > 0).length,
    };
    if (metric.unreadable !== undefined)
        return { ...known, verdict: "provider-error", why: metric.unreadable };
    const crossed = firstCrossing(bins, evidence, threshold, policy);
    if (crossed !== undefined) {
        return {
            ...known,
            verdict: "fail",
            why: `the evidence sufficed ${elapsed(crossed)} into the step: ${shares(canary, baseline)}`,
        };
    }
    if (!windowOver)
        return { ...known, verdict: "continue", why: shares(canary, baseline) };
    return { ...known, ...endOfWindow(canary, baseline, policy) };
}
function endOfWindow(canary, baseline, policy) {
    if (canary.total < policy.minimumSample)
        return {
            verdict: "insufficient",
            why: `${canary.total} canary requests, ${policy.minimumSample} are needed to judge anything`,
        };
    if (baseline.total === 0)
        return { verdict: "insufficient", why: "the live release had no requests in the same time to compare with" };
    const limit = Math.max(policy.ceiling, Math.min(policy.most, 3 * baseline.interval.lower));
    const verdict = canary.interval.upper <= limit ? "pass" : "inconclusive";
    return { verdict, why: `${shares(canary, baseline)}; at most ${percent(canary.interval.upper)} with 95 % certainty` };
}
/** The exact test at the end of the window, Holm over all gating metrics; overrides everything but an unread metric. */
function failAtEnd(judged, metrics, policy) {
    const tested = judged.filter((metric, index) => metric.role === "gate" && metrics[index]?.unreadable === undefined);
    const pValues = tested.map(({ canary, baseline, bunching: by }) => fisherGreater(canary.bad / by, canary.total / by, baseline.bad / by, baseline.total / by));
    for (const [index, rejected] of holm(pValues, policy.endAlpha / (policy.steps * policy.looks)).entries()) {
        const metric = tested[index];
        if (!metric || !rejected || metric.canary.interval.lower <= policy.floor)
            continue;
        if (metric.badBins < policy.distinctBins)
            continue;
        if (metric.canary.total < policy.minimumSample || metric.verdict === "fail")
            continue;
        metric.verdict = "fail";
        metric.why = `${shares(metric.canary, metric.baseline)}; chance ${(pValues[index] ?? 1).toExponential(1)} if equal`;
    }
}
/** The end of the first bin at which the evidence suffices, the canary is surely above the floor, and not in one burst only. */
function firstCrossing(bins, evidence, threshold, policy) {
    let bad = 0;
    let total = 0;
    let badBins = 0;
    for (const [index, { until, canary }] of bins.entries()) {
        bad += canary.bad;
        total += canary.total;
        if (canary.bad > 0)
            badBins += 1;
        if ((evidence[index]?.logEvidence ?? 0) < threshold || badBins < policy.distinctBins)
            continue;
        if (wilson(bad, total).lower > policy.floor)
            return until;
    }
    return undefined;
}
/**
 * How far errors bunch, less what chance alone adds to the estimate when they do not: that would only cost power. The
 * first bins of a canary tell next to nothing about it, the hour before does.
 */
function bunchingOf({ bins, history = [] }) {
    const series = [bins.map((bin) => bin.canary), [...history, ...bins.map((bin) => bin.baseline)]];
    const { factor, error } = dispersionOf(series);
    return Math.max(1, factor - error);
}
function sum(bins, arm) {
    const total = bins.reduce((n, bin) => n + bin[arm].total, 0);
    const bad = bins.reduce((n, bin) => n + bin[arm].bad, 0);
    return { total, bad, interval: wilson(bad, total) };
}
function shares(canary, baseline) {
    return `canary ${canary.bad} of ${canary.total} bad (${percent(share(canary))}), baseline ${baseline.bad} of ${baseline.total} (${percent(share(baseline))})`;
}
function elapsed(milliseconds) {
    const seconds = Math.round(milliseconds / 1000);
    return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 6) / 10} min`;
}
function share({ bad, total }) {
    return total === 0 ? 0 : bad / total;
}
function percent(value) {
    return `${(value * 100).toFixed(value < 0.1 ? 2 : 1)} %`;
}

;// CONCATENATED MODULE: ./packages/release/src/judge/metric-source.ts
/** The metrics that sources know, by the names that inputs and summaries use; all are shares of bad requests. */
const METRIC_NAMES = ["server-errors", "slow-requests", "client-errors", "custom"];
/** All bins of a window, empty. */
function emptyBins({ from, to, bin }) {
    const none = () => ({ total: 0, bad: 0 });
    return Array.from({ length: Math.max(0, Math.round((to - from) / bin)) }, (_, index) => ({
        start: from + index * bin,
        canary: none(),
        baseline: none(),
    }));
}

;// CONCATENATED MODULE: ./packages/release/src/judge/traffic-model.ts
function seededRandom(seed) {
    let state = seed | 0;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}
const traffic_model_MINUTE = 60_000;
/** Minutes of both arms. */
function drawTraffic(traffic, random) {
    const bins = [];
    for (let minute = 1; minute <= traffic.minutes; minute += 1) {
        bins.push({
            until: minute * traffic_model_MINUTE,
            canary: drawArm(traffic.requestsPerMinute * traffic.weight, traffic.canaryRate, traffic.burst, random),
            baseline: drawArm(traffic.requestsPerMinute * (1 - traffic.weight), traffic.baselineRate, traffic.burst, random),
        });
    }
    return bins;
}
/** Minutes before the canary began: all traffic is the baseline's. */
function drawHistory({ requestsPerMinute, baselineRate, burst }, minutes, random) {
    return Array.from({ length: minutes }, () => drawArm(requestsPerMinute, baselineRate, burst, random));
}
function drawArm(mean, rate, burst, random) {
    const total = drawPoisson(mean, random);
    return { total, bad: burst > 1 ? drawBursts(total, rate, burst, random) : drawBinomial(total, rate, random) };
}
function drawBursts(total, rate, burst, random) {
    let bad = 0;
    for (let left = drawPoisson((total * rate) / burst, random); left > 0; left -= 1) {
        bad += 1;
        while (random() < 1 - 1 / burst)
            bad += 1;
    }
    return Math.min(total, bad);
}
function drawBinomial(total, rate, random) {
    // Rare events in many trials: Poisson is indistinguishable here and far cheaper.
    if (total > 200 && rate < 0.02)
        return Math.min(total, drawPoisson(total * rate, random));
    const variance = total * rate * (1 - rate);
    if (variance > 50)
        return Math.max(0, Math.min(total, Math.round(total * rate + drawNormal(random) * Math.sqrt(variance))));
    let bad = 0;
    for (let i = 0; i < total; i += 1)
        if (random() < rate)
            bad += 1;
    return bad;
}
/** Standard normal, by Box and Muller. */
function drawNormal(random) {
    return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
/** Knuth's product of uniforms for small means, the normal approximation for large ones. */
function drawPoisson(mean, random) {
    if (mean <= 0)
        return 0;
    if (mean > 60) {
        return Math.max(0, Math.round(mean + drawNormal(random) * Math.sqrt(mean)));
    }
    const limit = Math.exp(-mean);
    let count = -1;
    for (let product = 1; product > limit; product *= random())
        count += 1;
    return count;
}

;// CONCATENATED MODULE: ./packages/release/src/judge/preflight.ts


/** Below so many requests a minute no split of them says anything in the time of a release. */
const LEAST_TRAFFIC = 5;
const RUNS = 400;
const POWER = 0.8;
const preflight_HISTORY = 60;
/**
 * The smallest share of bad canary requests that the judge would find in four of five canaries, or undefined where not
 * even a canary that always fails would be found. Found by playing the judge on seeded traffic, so it is right by
 * construction for the policy in force.
 */
function detectableRate(plan, policy = DEFAULT_POLICY) {
    const shared = { ...policy, steps: plan.steps.length };
    const found = (canaryRate) => powerAt(plan, canaryRate, shared) >= POWER;
    if (!found(1))
        return undefined;
    let [low, high] = [Math.log(plan.baselineRate || 1e-4), 0];
    for (let round = 0; round < 9; round += 1) {
        const middle = (low + high) / 2;
        if (found(Math.exp(middle)))
            high = middle;
        else
            low = middle;
    }
    return Math.exp(high);
}
function powerAt(plan, canaryRate, policy) {
    const random = seededRandom(20_26);
    let failed = 0;
    for (let run = 0; run < RUNS; run += 1)
        if (isFound(plan, canaryRate, policy, random))
            failed += 1;
    return failed / RUNS;
}
/** The traffic model counts in minutes; to it, a bin is one, whatever its width. */
function isFound(plan, canaryRate, policy, random) {
    const requestsPerMinute = (plan.requestsPerMinute * plan.bin) / preflight_MINUTE;
    const { baselineRate, burst } = plan;
    const history = drawHistory({ requestsPerMinute, baselineRate, burst }, preflight_HISTORY, random);
    return plan.steps.some(({ weight, judged }) => {
        const minutes = Math.floor(judged / plan.bin);
        const traffic = { requestsPerMinute, baselineRate, burst, canaryRate, weight, minutes };
        const metric = { name: "errors", role: "gate", bins: drawTraffic(traffic, random), history };
        return judgeCanary([metric], [], true, policy).verdict === "fail";
    });
}
const preflight_MINUTE = 60_000;
/** The canary requests that a step may expect. */
function expectedSample({ requestsPerMinute }, step) {
    return (requestsPerMinute * step.weight * step.judged) / preflight_MINUTE;
}
/** How long a step has to be judged so that it may expect the least sample with a fifth to spare. */
function timeNeeded({ requestsPerMinute }, weight, policy = DEFAULT_POLICY) {
    return Math.ceil(((1.2 * policy.minimumSample) / (requestsPerMinute * weight)) * preflight_MINUTE);
}
/** One line for the log, before a canary begins: what it can show at this traffic, or that it can show nothing. */
function preflightLine(plan, policy = DEFAULT_POLICY) {
    const flow = `At ${rounded(plan.requestsPerMinute)} requests a minute`;
    const time = timeText(plan.steps.reduce((sum, { judged }) => sum + judged, 0));
    const nothing = "rely on probes and on the watch after the swap.";
    if (plan.requestsPerMinute < LEAST_TRAFFIC) {
        return `${flow}, no split of them says anything in ${time}, so this canary judges nothing: ${nothing}`;
    }
    const rate = detectableRate(plan, policy);
    if (rate === undefined)
        return `${flow}, no regression can be shown within ${time}: ${nothing}`;
    const now = `${(plan.baselineRate * 100).toFixed(1)} % now`;
    return `${flow}, this app can show a regression to ≥ ${(rate * 100).toFixed(1)} % bad requests (${now}) within ${time}.`;
}
function timeText(duration) {
    if (duration < 2 * preflight_MINUTE)
        return `${Math.round(duration / 1000)} seconds`;
    return `${Math.round(duration / preflight_MINUTE)} minutes`;
}
const rounded = (value) => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

;// CONCATENATED MODULE: ./packages/release/src/leased-head.ts
/** What people are told while another run's short lease on the head is waited out. A lease carries no name; the head does. */

/** `head` as it is stored meanwhile, undefined when it cannot be read; `until`: when the lease is over at the latest. */
function describeLease(head, until) {
    const { holder, rollout } = head ?? {};
    const who = holder
        ? `Run ${holder.url}, attempt ${holder.attempt}, started by ${holder.actor},`
        : "A run that the ledger does not name";
    const { intent, target, phase } = rollout ?? {};
    const act = intent && intent.endedAt === null
        ? `, since ${utcClock(intent.startedAt)}: the ${intent.op === "swap" ? "swap" : "change of the traffic"} of ${target?.release} (${phase})`
        : "";
    return `${who} has a short lease on the ledger, to change what is live${act}. If it is dead, its request may still be on its way, so the lease is waited out: it ends by itself, at ${utcClock(until)} at the latest.`;
}

;// CONCATENATED MODULE: ./packages/release/src/lift.ts

/** Writes the decision into the hold; nothing is done here, so it is safe while another run leads the release. */
function liftHold(head, release, lift, by) {
    const { rollout } = head;
    const hold = rollout?.hold;
    if (!rollout || !hold)
        return lift_refused(head, `Release ${release} is not on hold.`, "No release is.");
    const { target } = rollout;
    if (target.release !== release)
        return lift_refused(head, `Release ${release} is not on hold.`, `${target.release} is: ${hold.reason}`);
    if (hold.lift?.how === lift.how)
        return { kind: "already", head };
    if (hold.lift)
        return decidedOtherwise(release, hold.lift);
    if (hold.deadline !== null && lift.at >= hold.deadline && hold.onDeadline !== "stay")
        return lift_refused(head, `The time to decide on release ${release} is over.`, `What follows is: ${hold.onDeadline}.`);
    const change = { rollout: { ...rollout, hold: { ...hold, lift } } };
    const details = { how: lift.how, by: lift.by, why: lift.why };
    return { kind: "lifted", head: advance(head, change, lift.at, "lifted", details, by) };
}
/** A word that a run may be carrying out already is not taken back; the way back is open all the same. */
const decidedOtherwise = (release, { how, by }) => ({
    kind: "refused",
    explanation: {
        what: `Release ${release} was decided on already: ${how}, by ${by}.`,
        why: "The run that leads the release, or the next one, carries that out.",
        fix: "To stop the release all the same, cancel its run; if that is over, run the rollback action.",
    },
});
function lift_refused({ app, environment }, what, why) {
    const fix = `See the release's own run, or the ledger of ${app} (${environment}), for what is under way.`;
    return { kind: "refused", explanation: { what, why, fix } };
}

;// CONCATENATED MODULE: ./packages/release/src/memory-ledger.ts
function memoryLedger(initial, onWrite = () => { }) {
    let stored = initial;
    const events = [];
    const etag = () => (stored ? `${stored.epoch}-${stored.seq}` : undefined);
    return {
        events,
        async read() {
            return stored ? { kind: "head", head: stored, etag: `${stored.epoch}-${stored.seq}` } : { kind: "absent" };
        },
        async write(head, expected) {
            if (expected !== etag())
                return { kind: "lost", why: "the head was written by somebody else" };
            stored = head;
            await onWrite(head);
            return { kind: "written", etag: `${head.epoch}-${head.seq}` };
        },
        async append(event) {
            if (!events.some((each) => each.epoch === event.epoch && each.seq === event.seq))
                events.push(event);
        },
        async guard(expected, act) {
            if (expected !== etag())
                return { kind: "lost", why: "the head was written by somebody else" };
            return { kind: "held", value: await act() };
        },
    };
}

;// CONCATENATED MODULE: ./packages/release/src/probe-verdict.ts
/** Holds one answer against what its endpoint has to answer; every fault is named, not only the first. */
function assessProbe(endpoint, result) {
    const { answer } = result;
    const faults = answer.kind === "failure"
        ? [`no answer: ${answer.message} (${answer.code})`]
        : [
            ...statusFaults(endpoint, answer.status, answer.headers),
            ...bodyFaults(endpoint, answer.body),
            ...jsonFaults(endpoint, answer.body, answer.headers),
            ...latencyFaults(endpoint, result.latency),
        ];
    return { endpoint: endpoint.name, result, faults };
}
function statusFaults(endpoint, status, headers) {
    const accepted = endpoint.status;
    const isAccepted = accepted ? accepted.includes(status) : status >= 200 && status < 300;
    if (isAccepted)
        return [];
    const expected = accepted ? ranges(accepted) : "200 to 299";
    const location = headers.location === undefined ? "" : ` (redirects to ${oneLine(headers.location)})`;
    return [`status ${status}${location}, expected ${expected}`];
}
/** `200, 201, 202, 301` → `200 to 202 or 301`. */
function ranges(statuses) {
    const sorted = [...new Set(statuses)].sort((a, b) => a - b);
    const starts = sorted.filter((status) => !sorted.includes(status - 1));
    const ends = sorted.filter((status) => !sorted.includes(status + 1));
    return starts.map((start, index) => (start === ends[index] ? `${start}` : `${start} to ${ends[index]}`)).join(" or ");
}
function bodyFaults(endpoint, body) {
    const faults = [];
    if (endpoint.bodyContains !== undefined && !body.includes(endpoint.bodyContains))
        faults.push(`body does not contain ${JSON.stringify(endpoint.bodyContains)}`);
    if (endpoint.bodyMatches && body.search(endpoint.bodyMatches) < 0)
        faults.push(`body does not match ${endpoint.bodyMatches}`);
    return faults;
}
function jsonFaults(endpoint, body, headers) {
    const wantsJson = (endpoint.json?.length ?? 0) > 0;
    if (!wantsJson && endpoint.release === undefined)
        return [];
    const parsed = parseJson(body);
    if (wantsJson && parsed === undefined) {
        const type = headers["content-type"] ?? "no content type";
        return [`body is not JSON (${oneLine(type)}): ${oneLine(body)}`];
    }
    const faults = (endpoint.json ?? []).flatMap((expectation) => expectationFaults(expectation, parsed));
    return [...faults, ...releaseFaults(endpoint.release, parsed, headers)];
}
function expectationFaults({ path, equals }, body) {
    const found = lookUp(body, path);
    if (found === equals)
        return [];
    return [
        `JSON ${path} is ${found === undefined ? "missing" : oneLine(JSON.stringify(found))}, expected ${JSON.stringify(equals)}`,
    ];
}
function releaseFaults(expected, body, headers) {
    if (expected === undefined)
        return [];
    const answered = [headers["x-release"], lookUp(body, "release"), lookUp(body, "version")].find(isText);
    if (answered === expected)
        return [];
    return answered === undefined
        ? [`names no release (looked for x-release, release and version), expected ${expected}`]
        : [`answered by release ${oneLine(answered)}, expected ${expected}`];
}
function latencyFaults({ maxLatency }, latency) {
    return maxLatency !== undefined && latency > maxLatency
        ? [`took ${Math.round(latency)} ms, limit ${maxLatency} ms`]
        : [];
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function lookUp(body, path) {
    let value = body;
    for (const key of path.split(".")) {
        if (typeof value !== "object" || value === null || !Object.hasOwn(value, key))
            return undefined;
        value = value[key];
    }
    return value;
}
const isText = (value) => typeof value === "string" && value !== "";
/** At most 80 characters of one line: enough to recognise a page, too little to flood a log. */
function oneLine(text) {
    const line = text.replace(/\s+/g, " ").trim();
    return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
/**
 * The verdict over a session of probes, oldest first. `age` is the time since the session began. Health needs
 * `successes` in a row of every endpoint and an age of `atLeast`; an endpoint that failed `failures` times in a row
 * decides at once; at `atMost` an endpoint whose last probes failed makes it `unhealthy`, too few probes `unknown`.
 */
function judgeProbes(rules, assessments, age) {
    const endpoints = rules.endpoints.map((endpoint) => standing(endpoint, assessments));
    const broken = endpoints.find((each) => rules.failures !== undefined && each.failedInARow >= rules.failures);
    if (broken)
        return {
            verdict: "unhealthy",
            final: true,
            why: `${broken.name} failed ${times(broken.failedInARow)} in a row: ${fault(broken)}`,
            endpoints,
        };
    const lacking = endpoints.filter((each) => each.inARow < rules.successes);
    const isOver = age >= rules.atMost;
    if (lacking.length === 0 && (age >= rules.atLeast || isOver))
        return { verdict: "healthy", final: true, why: healthyBecause(rules), endpoints };
    return isOver ? overdue(lacking, rules, endpoints) : probe_verdict_open(lacking, rules, endpoints);
}
function healthyBecause({ successes, endpoints }) {
    if (endpoints.length === 0)
        return "no endpoint was to be probed";
    const who = endpoints.length === 1 ? (endpoints[0]?.name ?? "") : `all ${endpoints.length} endpoints`;
    return `${who} answered as expected ${times(successes)} in a row`;
}
function overdue(lacking, rules, endpoints) {
    const failing = lacking.find((each) => each.failed > 0);
    if (failing) {
        const why = `${failing.name} did not answer as expected ${times(rules.successes)} in a row within ${seconds(rules.atMost)}: ${fault(failing)}`;
        return { verdict: "unhealthy", final: true, why, endpoints };
    }
    const names = lacking.map((each) => `${each.name} (${each.probes})`).join(", ");
    return {
        verdict: "unknown",
        final: true,
        why: `too few probes within ${seconds(rules.atMost)}: ${names}`,
        endpoints,
    };
}
function probe_verdict_open(lacking, rules, endpoints) {
    const why = lacking.length === 0
        ? `healthy so far; watching for ${seconds(rules.atLeast)}`
        : lacking.map((each) => `${each.name}: ${each.inARow} of ${rules.successes}`).join(", ");
    return { verdict: "unknown", final: false, why, endpoints };
}
function standing(endpoint, assessments) {
    const own = assessments.filter((each) => each.endpoint === endpoint.name);
    const good = own.filter((each) => each.faults.length === 0);
    const lastFailure = own.findLastIndex((each) => each.faults.length > 0);
    const lastSuccess = own.findLastIndex((each) => each.faults.length === 0);
    const latencies = good.map((each) => each.result.latency).sort((a, b) => a - b);
    return {
        name: endpoint.name,
        url: endpoint.url,
        probes: own.length,
        failed: own.length - good.length,
        inARow: own.length - 1 - lastFailure,
        failedInARow: own.length - 1 - lastSuccess,
        lastFaults: own[lastFailure]?.faults ?? [],
        p50: quantile(latencies, 0.5),
        p95: quantile(latencies, 0.95),
    };
}
/** Nearest-rank quantile of sorted values. */
function quantile(sorted, share) {
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
const fault = (endpoint) => endpoint.lastFaults.join("; ");
const times = (count) => (count === 1 ? "once" : `${count} times`);
const seconds = (duration) => `${Math.round(duration / 100) / 10} s`;

;// CONCATENATED MODULE: ./packages/release/src/reconcile.ts
/**
 * What a reconciler may do with a ledger that it did not write: pure decisions over the head, what GitHub says of its
 * holder's run, and what Azure shows. What a live run holds, or one of which nobody can say, is never touched.
 */





/** Where a head stands. `run` is what GitHub says of the holder's run; without a holder it does not matter. */
function standingOf(head, run, now) {
    const { holder, rollout } = head;
    if (holder && run !== "over")
        return { kind: "led", holder, run };
    if (rollout?.phase === "NEEDS_HUMAN")
        return { kind: "needs-human", rollout };
    if (!rollout || isOver(rollout))
        return holder ? { kind: "stale-lock", holder } : { kind: "idle" };
    const { hold } = rollout;
    if (!hold)
        return { kind: "abandoned", rollout, how: "undo" };
    if (hold.lift)
        return decided(rollout, hold, hold.lift.how === "abort");
    const isOpen = hold.deadline === null || hold.onDeadline === "stay" || now < hold.deadline;
    if (isOpen)
        return { kind: "on-hold", rollout, hold };
    // Nobody is left to go on with it: proceeding would need a judge, so the safe side is sought.
    return { kind: "abandoned", rollout, how: hold.onDeadline === "rollback" ? "follow" : "undo" };
}
/** An abort is carried out by whoever comes; to go on is for the release's own workflow, which has the judge. */
const decided = (rollout, hold, isAbort) => isAbort ? { kind: "abandoned", rollout, how: "follow" } : { kind: "on-hold", rollout, hold };
/** How Azure differs from the ledger. Nothing follows from it by itself. */
function driftOf(head, slots, app) {
    return [...contentDrift(head, slots), ...stateDrift(app), ...surroundingsDrift(head, app.surroundings)];
}
function contentDrift({ live, previous }, { production, staging }) {
    const found = [];
    const runs = identify(production);
    if (runs === undefined)
        found.push({ isGrave: false, what: `Production's content is ${describeContent(production)}.` });
    else if (live && runs !== live.release)
        found.push({
            isGrave: true,
            what: `Production runs ${nameOf(runs)}, and the ledger says ${live.release}: somebody swapped or deployed past the ledger.`,
            fix: `If ${nameOf(runs)} is right, run the next release with accept-live: ${nameOf(runs)}. Else put ${live.release} back with the rollback action (release: ${live.release}).`,
        });
    const holds = identify(staging);
    if (previous && holds !== undefined && holds !== previous.release && holds !== live?.release)
        found.push({
            isGrave: false,
            what: `The slot runs ${nameOf(holds)}, not ${previous.release}: going back to ${previous.release} takes a deployment of its stored package, not one swap.`,
        });
    return found;
}
function stateDrift({ production, staging }) {
    const isStopped = (state) => state !== "" && state.toLowerCase() !== "running";
    return [
        ...(isStopped(production)
            ? [
                {
                    isGrave: true,
                    what: `Production is ${production}.`,
                    fix: "Start it (az webapp start), or find out who stopped it: az monitor activity-log list.",
                },
            ]
            : []),
        ...(isStopped(staging)
            ? [{ isGrave: false, what: `The slot is ${staging}: a way back by swap starts it first.` }]
            : []),
    ];
}
/** Against what was seen when the live release was first found in place. */
function surroundingsDrift({ surroundings: known, live }, now) {
    if (!known || known.release !== live?.release)
        return [];
    const gone = known.sticky.filter((name) => !now.sticky.includes(name));
    const come = now.sticky.filter((name) => !known.sticky.includes(name));
    const changes = [
        ...(gone.length > 0 ? [`no longer stay with their slot: ${gone.join(", ")}`] : []),
        ...(come.length > 0 ? [`stay with their slot now: ${come.join(", ")}`] : []),
    ];
    return [
        ...(changes.length > 0
            ? [
                {
                    isGrave: gone.length > 0,
                    what: `The slot settings were changed since ${known.release} went live: ${changes.join("; ")}.`,
                    fix: "Check that the next swap moves only what it should: the settings under Environment variables with Deployment slot setting ticked. With the next release the new state counts as right.",
                },
            ]
            : []),
        ...(known.healthCheckPath !== null && now.healthCheckPath === null
            ? [
                {
                    isGrave: true,
                    what: `The health check (${known.healthCheckPath}) was switched off since ${known.release} went live.`,
                    fix: `Switch it on again: az webapp config set --generic-configurations '{"healthCheckPath": "${known.healthCheckPath}"}'. With the next release the new state counts as right.`,
                },
            ]
            : []),
    ];
}
/** Notes what lies around the live release. Needs no lock. */
const noteSurroundings = (head, surroundings, by, now) => advance(head, { surroundings }, now, "surroundings", { healthCheckPath: surroundings.healthCheckPath }, by);
/** What a person reads about a hold that goes on. */
function explainHold({ target }, hold, now) {
    const { release } = target;
    const since = describeAge(now - hold.since);
    if (hold.lift)
        return {
            what: `${release} is decided on (${hold.lift.how}, by ${hold.lift.by}) and its run is over.`,
            why: hold.lift.why,
            fix: "Re-run the failed jobs of its run: that goes on with it.",
        };
    return {
        what: `${release} has been on hold for ${since}${endText(hold, now)}.`,
        why: hold.reason,
        fix: `Decide on it with the approve action: release: ${release}, decision: promote, abort or judge-again.`,
    };
}
/** Its run is over: also what was to proceed goes back, since nobody is left who could judge it. */
function endText({ deadline, onDeadline }, now) {
    if (deadline === null || onDeadline === "stay")
        return "";
    const but = onDeadline === "proceed" ? " (on-hold-timeout: proceed needs a run that waits, and its run is over)" : "";
    return `; in ${describeAge(deadline - now)} its requests are taken back${but}`;
}

;// CONCATENATED MODULE: ./packages/release/src/rollback-plan.ts


function planRollback(head, { to, slots, ignoreSchema }) {
    const target = to === undefined ? previousOf(head, slots) : findRelease(head, to);
    if (!target)
        return to === undefined ? noPrevious(head) : noSuchRelease(head, to);
    const production = identify(slots.production);
    if (production === undefined)
        return rollback_plan_unreadable(slots);
    if (production === target.release)
        return { kind: "nothing", target };
    const broken = ignoreSchema ? [] : contractsSince(head, target);
    if (broken.length > 0)
        return schemaRefusal(target, broken);
    if (identify(slots.staging) === target.release)
        return { kind: "swap", target };
    return target.artifact ? { kind: "redeploy", target } : noArtifact(head, target);
}
/** The release before the one that production really runs, which need not be the one the ledger thinks is live. */
function previousOf(head, slots) {
    const live = identify(slots.production);
    if (live === head.live?.release && head.previous)
        return head.previous;
    const position = head.history.findIndex((each) => each.release === live);
    return head.history.slice(position + 1).find((each) => each.release !== live);
}
function findRelease(head, release) {
    return [head.live, head.previous, ...head.history].find((each) => each?.release === release) ?? undefined;
}
/**
 * Contract changes that the target does not know of. The target's place is where its own schema head was reached; a
 * head that the ledger never saw is placed by the time the release went live.
 */
function contractsSince({ schemaChanges }, target) {
    const reached = schemaChanges.findLastIndex((each) => each.to === target.schemaHead);
    const isStart = schemaChanges[0]?.from === target.schemaHead;
    const later = reached >= 0
        ? schemaChanges.slice(reached + 1)
        : isStart
            ? schemaChanges
            : schemaChanges.filter((each) => each.at > target.at);
    return later.filter((each) => each.kind === "contract");
}
function rollback_plan_refused(code, explanation) {
    return { kind: "refused", code, explanation };
}
function schemaRefusal(target, broken) {
    const list = broken
        .map((each) => `${each.from ?? "(empty)"} → ${each.to ?? "(empty)"} by release ${each.release}`)
        .join("; ");
    return rollback_plan_refused("schema", {
        what: `Release ${target.release} no longer fits the database, so it was not put back.`,
        why: `It was built for schema ${target.schemaHead ?? "(none)"}; since then the schema was contracted: ${list}. What the old code reads or writes may be gone.`,
        fix: "Release a mended version instead. If you know that the old code does without what was taken away, run again with ignore-schema: true (this never downgrades the database).",
    });
}
function noPrevious(head) {
    return rollback_plan_refused("no-previous", {
        what: `The ledger of ${head.app} (${head.environment}) knows no earlier release.`,
        why: head.live ? `${head.live.release} is the only one that was recorded.` : "No release was recorded yet.",
        fix: "Name a release with release: <id>, or release a mended version.",
    });
}
function noSuchRelease(head, release) {
    const known = [...new Set(head.history.map((each) => each.release))].slice(0, 10).join(", ") || "none";
    return rollback_plan_refused("no-such-release", {
        what: `The ledger of ${head.app} (${head.environment}) does not know release ${release}.`,
        why: `It knows these, newest first: ${known}.`,
        fix: "Set release to one of them, or leave it out for the previous one.",
    });
}
function noArtifact(head, target) {
    return rollback_plan_refused("no-artifact", {
        what: `Release ${target.release} can no longer be brought back.`,
        why: "It is not in the slot any more and its package was not stored in the ledger.",
        fix: `Build commit ${target.commit ?? "(unknown)"} again and release it, or choose a release whose package is stored: ${head.history
            .filter((each) => each.artifact)
            .map((each) => each.release)
            .slice(0, 5)
            .join(", ") || "none"}.`,
    });
}
function rollback_plan_unreadable(slots) {
    return rollback_plan_refused("unreadable", {
        what: "Which release production runs could not be read, so nothing was changed.",
        why: describeContent(slots.production),
        fix: "Check that the app's SCM site answers and lets this identity in (role Website Contributor), then run again.",
    });
}

;// CONCATENATED MODULE: ./packages/release/src/release-table.ts

const ROWS = 10;
/**
 * Newest first, the live one at the top. What is in the slot is taken from the ledger, which is what a release left
 * there. `stored`: hashes of the packages that are there, where they were listed; else what the ledger says is believed.
 */
function releaseTable(head, stored) {
    const slots = slotsOf(head);
    const known = [head.live, head.previous, ...head.history].filter((each) => each !== null);
    const unique = known.filter((each, position) => known.findIndex(({ release }) => release === each.release) === position);
    return unique.slice(0, ROWS).map((record) => ({
        release: record.release,
        commit: record.commit,
        schemaHead: record.schemaHead,
        liveSince: record.at,
        state: stateOf(head, record),
        back: record.release === head.live?.release ? null : wayBack(head, record, slots, stored),
    }));
}
function stateOf({ live, previous }, { release }) {
    if (release === live?.release)
        return "live";
    return release === previous?.release ? "previous" : "earlier";
}
/** By the rollback's own rules, so that the table promises what a rollback does. */
function wayBack(head, { release }, slots, stored) {
    const plan = planRollback(head, { to: release, slots, ignoreSchema: false });
    if (plan.kind === "refused")
        return plan.code === "schema" ? "schema" : "not-stored";
    if (plan.kind !== "redeploy")
        return plan.kind === "swap" ? "swap" : null;
    return stored && !stored.has(plan.target.artifact ?? "") ? "package-gone" : "package";
}
const slotsOf = ({ live, rollout }) => ({
    production: contentOf(live?.release),
    staging: contentOf(rollout ? leftInSlot(rollout) : undefined),
    weight: 0,
});
/** What a swap forth, or forth and back, left in the slot. */
function leftInSlot({ phase, before, target }) {
    if (phase === "COMPLETED" || phase === "WATCHING")
        return before?.production ?? undefined;
    return phase === "ROLLED_BACK" ? target.release : undefined;
}
const contentOf = (release) => release === undefined ? { kind: "unlabelled" } : { kind: "release", release, schemaHead: null };

;// CONCATENATED MODULE: ./packages/release/src/retention.ts
/** Packages that are older than `keep`. Only for these are the heads worth reading. */
const oldPackages = (listed, keep, now) => listed.filter(({ storedAt }) => now - storedAt > keep);
/**
 * `listed` has to be older than `heads`: a package that a head began to name meanwhile was stored again for it, and its
 * ETag is another one.
 */
function decideRetention(listed, heads, keep, now) {
    const doubt = heads.find(({ kind }) => kind !== "head");
    if (doubt)
        return { kind: "in-doubt", explanation: explainDoubt(doubt) };
    if (heads.length === 0)
        return { kind: "in-doubt", explanation: NO_HEADS };
    const named = new Set(heads.flatMap((each) => (each.kind === "head" ? hashesIn(each.head) : [])));
    const goes = oldPackages(listed, keep, now).filter(({ sha256 }) => !named.has(sha256));
    return { kind: "decided", goes, stays: listed.filter((each) => !goes.includes(each)) };
}
/** Every hash that stands anywhere in a head: what comes into its form later counts without being added here. */
const hashesIn = (head) => JSON.stringify(head)
    .toLowerCase()
    .match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [];
const NO_HEADS = {
    what: "No stored package was deleted.",
    why: "The container has packages and no ledger, so nobody can say which are needed.",
    fix: "Check the ledger input: it names the container that the releases name.",
};
function explainDoubt(seen) {
    const why = seen.kind === "unreadable" ? `cannot be read (${seen.why})` : "is not there, but its folder is";
    return {
        what: "No stored package was deleted.",
        why: `${seen.where} ${why}, so nobody can say which packages it needs.`,
        fix: seen.kind === "unreadable"
            ? "Repair it, as its own finding says; the next run deletes what is old then."
            : "Put it back, or delete the rest of its folder if that app and environment are gone for good.",
    };
}

;// CONCATENATED MODULE: ./packages/release/src/staleness.ts
/** Events behind which stands a person who wants exactly this commit. */
const BY_HAND = ["workflow_dispatch", "repository_dispatch"];
/** The two commits to compare, when the contender could be stale at all; undefined when it may go out as it is. */
function commitsToCompare(live, { commit, event, attempt }) {
    if (!live?.commit || !commit || live.commit === commit)
        return undefined;
    if (attempt > 1 || BY_HAND.includes(event))
        return undefined;
    return { live: live.commit, ours: commit };
}
/** Only certainty stops a release: what is unknown, beside or ahead of the live commit goes out. */
const isStale = (ours) => ours === "behind";

;// CONCATENATED MODULE: ./packages/release/src/xy-chart.ts
/** Seen on white and on black alike; the first of Mermaid's own colours is not seen on white. */
const CHART_COLOURS = { bad: "#e5534b", limit: "#848d97", plain: "#4493f8" };
/** As wide as a job summary, and low: there may be several. */
const SIZE = { width: 880, height: 300 };
function xyChart({ title, x, y, series }) {
    const plotColorPalette = series.map(({ colour }) => colour).join(", ");
    const init = { xyChart: SIZE, themeVariables: { xyChart: { plotColorPalette, backgroundColor: "transparent" } } };
    const axis = ({ label, from, to }) => `"${label}" ${from} --> ${to}`;
    return [
        "```mermaid",
        `%%{init: ${JSON.stringify(init)}}%%`,
        "xychart-beta",
        `  title "${title}"`,
        `  x-axis ${axis(x)}`,
        `  y-axis ${axis(y)}`,
        ...series.map(({ kind, values }) => `  ${kind} [${values.join(", ")}]`),
        "```",
    ].join("\n");
}

;// CONCATENATED MODULE: ./packages/release/src/index.ts


































/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 5317:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");

/***/ }),

/***/ 6982:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");

/***/ }),

/***/ 2250:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("dns");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 1421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 4708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 8161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:process");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 481:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:readline");

/***/ }),

/***/ 6848:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:readline/promises");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 8321:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/consumers");

/***/ }),

/***/ 6466:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/promises");

/***/ }),

/***/ 8500:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 6928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 2203:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("stream");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 3557:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 2018:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tty");

/***/ }),

/***/ 7016:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("url");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 8253:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util/types");

/***/ }),

/***/ 3106:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("zlib");

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/compat get default export */
/******/ (() => {
/******/ 	// getDefaultExport function for compatibility with non-harmony modules
/******/ 	__nccwpck_require__.n = (module) => {
/******/ 		var getter = module && module.__esModule ?
/******/ 			() => (module['default']) :
/******/ 			() => (module);
/******/ 		__nccwpck_require__.d(getter, { a: getter });
/******/ 		return getter;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};
/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   G5: () => (/* binding */ command),
/* harmony export */   O4: () => (/* binding */ startGate),
/* harmony export */   ni: () => (/* binding */ start)
/* harmony export */ });
/* harmony import */ var _augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(613);
// Written by scripts/build.ts: one entry for each folder with an index.ts.

const actions = {
    approve: async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(359), __nccwpck_require__.e(626), __nccwpck_require__.e(533)]).then(__nccwpck_require__.bind(__nccwpck_require__, 5533))).action,
    canary: async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(359), __nccwpck_require__.e(626), __nccwpck_require__.e(907), __nccwpck_require__.e(146), __nccwpck_require__.e(226), __nccwpck_require__.e(205), __nccwpck_require__.e(379)]).then(__nccwpck_require__.bind(__nccwpck_require__, 2379))).action,
    doctor: async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(359), __nccwpck_require__.e(162), __nccwpck_require__.e(807)]).then(__nccwpck_require__.bind(__nccwpck_require__, 4819))).action,
    freeze: async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(626), __nccwpck_require__.e(164)]).then(__nccwpck_require__.bind(__nccwpck_require__, 2164))).action,
    "health-probe": async () => (await Promise.all(/* import() */[__nccwpck_require__.e(146), __nccwpck_require__.e(352)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8352))).action,
    "migration-gate": async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(359), __nccwpck_require__.e(626), __nccwpck_require__.e(697), __nccwpck_require__.e(217), __nccwpck_require__.e(265)]).then(__nccwpck_require__.bind(__nccwpck_require__, 265))).action,
    reconcile: async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(359), __nccwpck_require__.e(626), __nccwpck_require__.e(907), __nccwpck_require__.e(50)]).then(__nccwpck_require__.bind(__nccwpck_require__, 9050))).action,
    release: async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(359), __nccwpck_require__.e(626), __nccwpck_require__.e(907), __nccwpck_require__.e(146), __nccwpck_require__.e(226), __nccwpck_require__.e(697), __nccwpck_require__.e(205), __nccwpck_require__.e(786)]).then(__nccwpck_require__.bind(__nccwpck_require__, 6786))).action,
    rollback: async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(359), __nccwpck_require__.e(626), __nccwpck_require__.e(907), __nccwpck_require__.e(146), __nccwpck_require__.e(226), __nccwpck_require__.e(324)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7324))).action,
    "slot-deploy": async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(473)]).then(__nccwpck_require__.bind(__nccwpck_require__, 473))).action,
    "slot-swap": async () => (await Promise.all(/* import() */[__nccwpck_require__.e(663), __nccwpck_require__.e(910), __nccwpck_require__.e(359), __nccwpck_require__.e(626), __nccwpck_require__.e(907), __nccwpck_require__.e(146), __nccwpck_require__.e(226), __nccwpck_require__.e(491)]).then(__nccwpck_require__.bind(__nccwpck_require__, 5491))).action,
};
/** Runs the command line and ends the process with its exit code. `toolkit` is the folder that holds `dist/`. */
async function command(args, toolkit) {
    const { processTerminal, runCommand } = await __nccwpck_require__.e(/* import() */ 230).then(__nccwpck_require__.bind(__nccwpck_require__, 1230));
    const code = await runCommand(args, processTerminal(), toolkit);
    process.stdout.write("", () => process.exit(code));
}
/** Runs one phase of one action and ends the process with its exit code. */
async function start(name, phase, version) {
    const load = actions[name];
    if (load === undefined)
        throw new RangeError(`no action ${name}`);
    const code = await (0,_augeo_action_kit__WEBPACK_IMPORTED_MODULE_0__/* .runAction */ .Cs)(await load(), { phase, version });
    // An open keep-alive socket must not hold the step open.
    process.stdout.write("", () => process.exit(code));
}
/** Carries out one command line of `augeo-gate`. */
async function startGate(args, version) {
    const { runGate } = await Promise.all(/* import() */[__nccwpck_require__.e(626), __nccwpck_require__.e(697), __nccwpck_require__.e(217), __nccwpck_require__.e(646), __nccwpck_require__.e(240)]).then(__nccwpck_require__.bind(__nccwpck_require__, 9240));
    await runGate(args, version);
}

var __webpack_exports__command = __webpack_exports__.G5;
var __webpack_exports__start = __webpack_exports__.ni;
var __webpack_exports__startGate = __webpack_exports__.O4;
export { __webpack_exports__command as command, __webpack_exports__start as start, __webpack_exports__startGate as startGate };
