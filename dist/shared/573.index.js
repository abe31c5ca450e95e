export const id = 573;
export const ids = [573];
export const modules = {

/***/ 954:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  INIT_USAGE: () => (/* binding */ INIT_USAGE),
  init: () => (/* binding */ init)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./packages/azure/src/index.ts + 53 modules
var azure_src = __webpack_require__(1910);
// EXTERNAL MODULE: ./packages/github/src/index.ts + 11 modules
var github_src = __webpack_require__(3359);
// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var release_src = __webpack_require__(2607);
// EXTERNAL MODULE: ./actions/settings/read-settings.ts
var read_settings = __webpack_require__(7464);
// EXTERNAL MODULE: ./actions/settings/settings.ts
var settings_settings = __webpack_require__(7653);
// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
// EXTERNAL MODULE: ./actions/settings/declaration.ts
var declaration = __webpack_require__(22);
;// CONCATENATED MODULE: ./actions/settings/json-schema.ts

const SCHEMA_URL = "https://raw.githubusercontent.com/augeo/deploy-action/v1/schemas/deploy.schema.json";
/** The schema of `.augeo/deploy.yml` that editors complete and check by, made from the parser's own declaration. */
function settingsSchema() {
    const environment = objectOf(environmentKeys);
    const names = { pattern: environmentName.pattern.source };
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        $id: SCHEMA_URL,
        title: ".augeo/deploy.yml",
        description: "What init sets up and doctor holds against what is there.",
        ...objectOf(sharedKeys, {
            environments: {
                type: "object",
                description: "GitHub environments by name, in the order a release goes through them.",
                minProperties: 1,
                propertyNames: names,
                additionalProperties: environment,
            },
        }),
    };
}
function objectOf(keys, further = {}) {
    const required = Object.entries(keys).filter(([, spec]) => spec.required === true);
    return {
        type: "object",
        additionalProperties: false,
        required: [...required.map(([name]) => name), ...Object.keys(further)],
        properties: {
            ...Object.fromEntries(Object.entries(keys).map(([name, spec]) => [name, schemaOf(spec)])),
            ...further,
        },
    };
}
function schemaOf(spec) {
    const common = {
        description: spec.doc.replaceAll("`", ""),
        ...(spec.default === undefined ? {} : { default: defaultOf(spec) }),
    };
    if (spec.kind === "choice")
        return { ...common, enum: spec.options };
    if (!("pattern" in spec) || spec.pattern === undefined)
        throw new Error(`no pattern: ${spec.doc}`);
    const text = { type: "string", pattern: sourceOf(spec.pattern) };
    if (spec.kind !== "lines")
        return { ...common, ...text };
    return { ...common, anyOf: [text, { type: "array", items: text, minItems: 1 }] };
}
/** In the file a list of several is a list, where an input has lines. */
function defaultOf(spec) {
    const lines = spec.kind === "lines" ? String(spec.default).split("\n") : [];
    return lines.length > 1 ? lines : spec.default;
}
/** A schema's pattern has no flags: letter case is written out. */
function sourceOf({ source, flags }) {
    if (!flags.includes("i"))
        return source;
    return source.replaceAll("a-z", "a-zA-Z").replaceAll("a-f", "a-fA-F");
}

;// CONCATENATED MODULE: ./actions/settings/write-settings.ts




/** The settings as a file: only what differs from a default, so that what is written is what was decided. */
function settingsText(settings) {
    const { environments, ...shared } = settings;
    const decided = {
        ...different(shared, defaultsOf(declaration/* sharedKeys */.ai)),
        environments: Object.fromEntries(environments.map(({ name, ...environment }) => [
            name,
            different(environment, { ...defaultsOf(declaration/* environmentKeys */.aZ), ...derived(name, environment) }),
        ])),
    };
    return [
        `# yaml-language-server: $schema=${SCHEMA_URL}`,
        "# Read by: npx @augeo/deploy init (sets up what is missing) and npx @augeo/deploy doctor (says what is wrong).",
        (0,dist/* stringify */.As)(decided, { lineWidth: 0 }),
    ].join("\n");
}
function derived(name, environment) {
    const bare = { ...environment, container: undefined, "identity-name": undefined, plan: undefined };
    const { container, plan, "identity-name": identity, } = (0,settings_settings/* environmentOf */.p7)(name, bare);
    return { container, plan, "identity-name": identity };
}
function defaultsOf(keys) {
    return Object.fromEntries(Object.entries(keys).map(([name, { kind, default: value }]) => [
        name,
        kind === "lines" ? single(String(value).split("\n")) : value,
    ]));
}
function different(values, defaults) {
    const plain = Object.entries(values).map(([name, value]) => [name, single(value)]);
    const same = (name, value) => JSON.stringify(value) === JSON.stringify(defaults[name]);
    return Object.fromEntries(plain.filter(([name, value]) => value !== undefined && !same(name, value)));
}
/** A list of one is written as the one. */
function single(value) {
    return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

// EXTERNAL MODULE: ./actions/setup/plan.ts + 4 modules
var plan = __webpack_require__(4212);
// EXTERNAL MODULE: ./actions/setup/site-setup.ts
var site_setup = __webpack_require__(850);
;// CONCATENATED MODULE: ./actions/cli/apply-setup.ts

/** Looks at each step, and makes what is missing unless only looking was asked. Stops at the first refusal. */
async function applySetup(steps, { say }, dryRun) {
    let [made, found] = [0, 0];
    let environment;
    for (const step of steps) {
        if (step.environment !== environment && step.environment !== undefined)
            say(`${step.environment}:`);
        environment = step.environment;
        const look = await asPerson(step.look());
        const note = look.note === undefined ? "" : ` (${look.note})`;
        if (look.there) {
            found += 1;
            say(`  = ${step.what}${note}`);
            continue;
        }
        made += 1;
        if (!dryRun)
            await asPerson(step.make());
        say(`  ${dryRun ? "would make" : "+"} ${step.what}${note}`);
    }
    return { made, found };
}
/** A refusal's fix is worded for the identity of a workflow; here a person was refused. */
async function asPerson(work) {
    try {
        return await work;
    }
    catch (error) {
        if (!(error instanceof release_src/* ServiceError */._7) || error.status !== 403 || error.service !== "Azure Resource Manager")
            throw error;
        const { service, operation, status, code, what, why, fix, correlationId } = error;
        const asUser = fix.replace("--assignee-principal-type ServicePrincipal", "--assignee-principal-type User");
        throw new release_src/* ServiceError */._7({
            ...{ service, operation, status, code, what, why, correlationId },
            fix: `Let an owner of the subscription run this command, or give you the role: ${asUser}`,
            cause: error,
        });
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./actions/cli/terminal.ts
var cli_terminal = __webpack_require__(4231);
;// CONCATENATED MODULE: ./actions/cli/decide-settings.ts
/** From flags, guesses and answers to settings: each answer is checked where it was given. */







/** What stands for each environment's name in a flag or an answer. */
const NAME = "{environment}";
/** Keys that a person is asked for; the others have defaults that rarely need another value. */
const ASKED = [
    "repository",
    "tenant-id",
    "subscription-id",
    "environments",
    "app",
    "resource-group",
    "region",
    "slot",
    "health-path",
    "database-url",
    "identity",
    "subject",
];
/** A sign-in of this machine says these; only where there is none are they asked for. */
const SIGN_IN = new Set(["tenant-id", "subscription-id"]);
const ALL_KEYS = {
    environments: {
        kind: "string",
        default: "dev,staging,production",
        doc: "Environments, in the order a release goes through them.",
    },
    ...declaration/* sharedKeys */.ai,
    ...declaration/* environmentKeys */.aZ,
};
/** @throws UsageError for what is missing or wrong, all at once. */
async function decideSettings(flags, guesses, { ask, say }) {
    for (const [key, { value, from }] of Object.entries(guesses))
        if (flags[key] === undefined)
            say(`  ${key}: ${value} (from ${from})`);
    const values = { ...flags };
    if (ask !== undefined) {
        say("Enter keeps what stands in brackets. {environment} stands for each environment's name.");
        const open = ASKED.filter((key) => !(SIGN_IN.has(key) && key in guesses));
        for (const key of open)
            values[key] ??= await askFor(key, values, guesses, { ask, say });
    }
    const complete = Object.fromEntries(Object.keys(ALL_KEYS).map((key) => [key, values[key] ?? proposalFor(key, values, guesses)]));
    return (0,read_settings/* readSettings */.s)(fileOf(complete));
}
function proposalFor(key, values, guesses) {
    const guess = guesses[key]?.value;
    if (guess !== undefined)
        return guess;
    const repository = values.repository ?? guesses.repository?.value ?? "";
    const name = appName(repository);
    const group = values["resource-group"] ?? `rg-${name}-${NAME}`;
    const last = namesOf(values.environments ?? String(ALL_KEYS.environments?.default)).at(-1) ?? "production";
    const made = {
        app: `${name}-${NAME}`,
        "resource-group": group,
        "storage-account": storageName(name, repository, values["subscription-id"] ?? guesses["subscription-id"]?.value),
        "storage-resource-group": group.replaceAll(NAME, last),
    };
    return made[key] ?? String(ALL_KEYS[key]?.default ?? "");
}
function appName(repository) {
    const name = repository.split("/")[1] ?? "";
    return (name
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-|-$/g, "")
        .slice(0, 40) || "app");
}
/** Unique in all of Azure as far as that can be had without asking, and the same each time. */
function storageName(name, repository, subscription) {
    const hash = (0,external_node_crypto_.createHash)("sha256").update(`${repository}|${subscription}`).digest("hex").slice(0, 6);
    return `${name.replaceAll("-", "").slice(0, 16)}${hash}`;
}
function namesOf(list) {
    return [...new Set(list.split(/[\s,]+/).filter(Boolean))];
}
async function askFor(key, values, guesses, { ask, say }) {
    const spec = ALL_KEYS[key];
    if (spec === undefined)
        throw new Error(`${key} is not declared`);
    const proposal = proposalFor(key, values, guesses);
    const options = spec.kind === "choice" ? ` (${spec.options.join(" or ")})` : "";
    const optional = proposal === "" && spec.required !== true ? " (optional)" : "";
    const names = namesOf(values.environments ?? "");
    say(`\n${spec.doc.replaceAll("`", "")}`);
    for (;;) {
        const given = (await ask(`${key}${options}${optional}`, proposal)).trim() || proposal;
        const answer = asInFile(key, spec, given);
        if (answer === "" && spec.required !== true)
            return undefined;
        const fault = answer === "" ? "There is no default: it has to be said." : faultOf(key, spec, answer, names);
        if (fault === undefined)
            return answer;
        say(`  ${fault}`);
    }
}
/** A repository's address is as good as its name, and letter case does not matter in a choice. */
function asInFile(key, spec, given) {
    if (key === "repository")
        return (0,cli_terminal/* repositoryOf */._)(given) ?? given;
    if (spec.kind === "lines")
        return asLines(given);
    if (spec.kind !== "choice")
        return given;
    return spec.options.find((option) => option.toLowerCase() === given.toLowerCase()) ?? given;
}
/** What is wrong with an answer, for any of the environments it stands for. */
function faultOf(key, spec, answer, environments) {
    if (key === "app" && environments.length > 1 && !answer.includes(NAME))
        return `Each environment has an app of its own: put ${NAME} into the name.`;
    const [one, texts] = key === "environments"
        ? [declaration/* environmentName */.VE, namesOf(answer)]
        : [spec, (answer.includes(NAME) ? environments : [""]).map((name) => answer.replaceAll(NAME, inNames(name)))];
    const allowed = texts.flatMap((text) => {
        const reading = (0,src/* readInput */.R5)(one, text, "/");
        return "value" in reading
            ? []
            : [texts.length > 1 ? `${text}: allowed is ${reading.allowed}.` : `Allowed is ${reading.allowed}.`];
    });
    return allowed[0];
}
function lists(values) {
    const keys = Object.entries(declaration/* sharedKeys */.ai).filter(([key, { kind }]) => kind === "lines" && values[key] !== undefined);
    return Object.fromEntries(keys.map(([key]) => [key, asLines(values[key] ?? "").split("\n")]));
}
/** Names in Azure take no dot. */
function inNames(environment) {
    return environment.replaceAll(/[._]/g, "-");
}
/** A flag or an answer is one line: what is a list there has commas. */
function asLines(text) {
    return text.replaceAll(/\s*,\s*/g, "\n");
}
/** The decision in the file's own form, so that one reader checks answers, flags and files alike. */
function fileOf(values) {
    const names = namesOf(values.environments ?? "");
    if (names.length === 0)
        throw new release_src/* UsageError */.eb({
            what: "No environment is named.",
            why: "environments is empty.",
            fix: "--environments production",
        });
    const pick = (keys, fill) => Object.fromEntries(Object.keys(keys).flatMap((key) => (values[key] ? [[key, fill(values[key] ?? "")]] : [])));
    return (0,dist/* stringify */.As)({
        ...pick(declaration/* sharedKeys */.ai, (value) => value),
        ...lists(values),
        environments: Object.fromEntries(names.map((name) => [name, pick(declaration/* environmentKeys */.aZ, (value) => value.replaceAll(NAME, inNames(name)))])),
    });
}

// EXTERNAL MODULE: ./actions/cli/github-token.ts
var github_token = __webpack_require__(7212);
// EXTERNAL MODULE: ./actions/cli/not-understood.ts
var not_understood = __webpack_require__(6182);
// EXTERNAL MODULE: ./actions/cli/read-repository.ts
var read_repository = __webpack_require__(7992);
;// CONCATENATED MODULE: ./actions/cli/starters.ts
/** The environments that the starters are written for. */
const WRITTEN_FOR = ["dev", "staging", "production"];
/** What the reusable workflows take without being told. */
const DEFAULT_HEALTH_PATH = "/health/ready";
/** Stands in place of deploy.yml where a front end goes out as well, and names its folders: copied by hand. */
const BY_HAND = new Set(["deploy-full-stack.yml"]);
/** One starter as a repository has it. For the three usual environments nothing but the branch is different. */
function fitStarter(text, { settings, defaultBranch }) {
    const names = settings.environments.map(({ name }) => name);
    const fitted = replaceLists(withStages(text.replaceAll("$default-branch", defaultBranch), names), names);
    return withFolder(withHealthPath(fitted, settings["health-path"]), settings.package);
}
/** A job for each environment, one after the other. */
function withStages(text, names) {
    const { head, jobs } = jobsOf(text);
    const stages = jobs.filter(isStage);
    const first = stages[0];
    if (first === undefined)
        return text;
    const written = stages.map(({ name }) => name);
    const fitted = names.map((name, index) => {
        const model = index === 0 ? first : (stages.find((stage) => stage.name === name) ?? stages.at(-1) ?? first);
        return stageFrom(index > 0 && model === first ? (stages[1] ?? first) : model, name, names[index - 1]);
    });
    const at = jobs.indexOf(first);
    const others = jobs.filter((job) => !isStage(job));
    const before = others.filter((job) => jobs.indexOf(job) < at);
    const after = others.filter((job) => jobs.indexOf(job) > at);
    const rest = after.map(({ text: job }) => withNeeds(job, (needs) => replaceRun(needs, written, names)));
    return [head, ...before.map((job) => job.text), ...fitted, ...rest].join("");
}
function isStage({ text }) {
    return /^ {4}uses: .*\/deploy-backend\.yml/m.test(text);
}
/** Everything to `jobs:`, and each job with the comment above it. */
function jobsOf(text) {
    const start = /^jobs:\n/m.exec(text);
    if (start === null)
        return { head: text, jobs: [] };
    const from = start.index + start[0].length;
    const parts = text.slice(from).split(/^(?=(?: {2}#[^\n]*\n)* {2}[\w-]+:\s*(?:#[^\n]*)?\n)/m);
    const jobs = joinComments(parts).map((part) => ({ name: /^ {2}([\w-]+):/m.exec(part)?.[1] ?? "", text: part }));
    return { head: text.slice(0, from), jobs };
}
/** The split above cuts before each line of a comment: its lines belong together with the job below. */
function joinComments(parts) {
    const joined = [];
    let pending = "";
    for (const part of parts) {
        pending += part;
        if (!/^ {2}[\w-]+:/m.test(part))
            continue;
        joined.push(pending);
        pending = "";
    }
    return pending === "" ? joined : [...joined, pending];
}
function stageFrom({ name: model, text }, name, previous) {
    const renamed = text.replace(`  ${model}:`, `  ${jobId(name)}:`).replace(/^( +environment: )\S+$/m, `$1${name}`);
    return withNeeds(renamed, (needs) => {
        const builds = needs.filter((need) => !WRITTEN_FOR.includes(need));
        return previous === undefined ? builds : [...builds, jobId(previous)];
    });
}
/** Ids of jobs take no dot. */
function jobId(environment) {
    return environment.replaceAll(".", "-");
}
function withNeeds(job, change) {
    return job.replace(/^( {4}needs: )(.+)$/m, (_, key, value) => {
        const needs = change(value
            .replaceAll(/[[\]]/g, "")
            .split(",")
            .map((one) => one.trim()));
        return `${key}${needs.length === 1 ? needs[0] : `[${needs.join(", ")}]`}`;
    });
}
/** The first of `run` gives way to `names`, the others go. */
function replaceRun(list, run, names) {
    const first = list.findIndex((one) => run.includes(one));
    if (first < 0)
        return [...list];
    return list.flatMap((one, index) => (index === first ? names.map(jobId) : run.includes(one) ? [] : [one]));
}
/** Lists that name the usual environments, as a matrix does. */
function replaceLists(text, names) {
    return text.replaceAll(`[${WRITTEN_FOR.join(", ")}]`, `[${names.join(", ")}]`);
}
function withHealthPath(text, paths) {
    if (paths.length === 1 && paths[0] === DEFAULT_HEALTH_PATH)
        return text;
    const value = paths.length === 1 ? paths[0] : `|\n        ${paths.join("\n        ")}`;
    return text.replaceAll(/^( {6})(environment: (?!\S+:)\S.*)$/gm, (line, indent) => `${line}\n${indent}health-path: ${value}`);
}
/** Where the app lies in a folder of its repository: what is uploaded, what counts as a change, where the gate works. */
function withFolder(text, folder) {
    if (folder === ".")
        return text;
    const uploaded = text.replace(/^( +)path: \.$/m, `$1path: ${folder}`).replace(/^( +PATHS: )\. /m, `$1${folder} `);
    return uploaded.replace(/^( {4}uses: \S*\/migration-gate\.yml@\S+)\n(?! {4}with:)/m, `$1\n    with:\n      working-directory: ${folder}\n`);
}

;// CONCATENATED MODULE: ./actions/cli/write-files.ts


async function compareFiles(root, files) {
    return Promise.all(files.map(async (file) => {
        const current = await (0,promises_.readFile)((0,external_node_path_.join)(root, file.path), "utf8").catch(() => undefined);
        const state = current === undefined ? "new" : current === file.text ? "same" : "differs";
        return { ...file, current, state };
    }));
}
/** Writes what is new; what a person changed only with `force`. */
async function writeFiles(root, files, force) {
    for (const { path, text, state } of files) {
        if (state === "same" || (state === "differs" && !force))
            continue;
        await (0,promises_.mkdir)((0,external_node_path_.dirname)((0,external_node_path_.join)(root, path)), { recursive: true });
        await (0,promises_.writeFile)((0,external_node_path_.join)(root, path), text);
    }
}
/** The lines that differ, with what surrounds them, as `diff -u` shows them. */
function differenceOf(current, wanted) {
    const [old, fresh] = [current.split("\n"), wanted.split("\n")];
    const common = commonLines(old, fresh);
    const lines = [];
    let [a, b] = [0, 0];
    for (const [i, j] of [...common, [old.length, fresh.length]]) {
        while (a < i)
            lines.push({ mark: "-", text: old[a++] ?? "" });
        while (b < j)
            lines.push({ mark: "+", text: fresh[b++] ?? "" });
        if (i < old.length)
            lines.push({ mark: " ", text: old[i] ?? "" });
        [a, b] = [i + 1, j + 1];
    }
    const near = (index) => lines.slice(Math.max(0, index - 2), index + 3).some(({ mark }) => mark !== " ");
    return lines
        .map((line, index) => ({ ...line, index }))
        .filter(({ index }) => near(index))
        .map(({ mark, text, index }, at, kept) => {
        const gap = at > 0 && kept[at - 1]?.index !== index - 1 ? "  …\n" : "";
        return `${gap}${mark} ${text}`;
    })
        .join("\n");
}
/** Indices of a longest common subsequence. Files are short: the plain table is enough. */
function commonLines(old, fresh) {
    const length = Array.from({ length: old.length + 1 }, () => new Array(fresh.length + 1).fill(0));
    const at = (i, j) => length[i]?.[j] ?? 0;
    for (let i = old.length - 1; i >= 0; i--)
        for (let j = fresh.length - 1; j >= 0; j--) {
            const row = length[i];
            if (row)
                row[j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
        }
    const pairs = [];
    for (let i = 0, j = 0; i < old.length && j < fresh.length;) {
        if (old[i] === fresh[j])
            pairs.push([i++, j++]);
        else if (at(i + 1, j) >= at(i, j + 1))
            i++;
        else
            j++;
    }
    return pairs;
}

;// CONCATENATED MODULE: ./actions/cli/init.ts
/** `init`: asks, writes the workflows and `.augeo/deploy.yml`, and prints or runs the set-up of Azure and GitHub. */





















const INIT_USAGE = `deploy init [options]

Writes .augeo/deploy.yml and the starter workflows, and prints the set-up of Azure and GitHub as a script.

  --apply                    set up what is missing, with your sign-in of az and gh, instead of printing
  --dry-run                  with --apply: only look, and say what would be made; write nothing
  --yes                      ask nothing: take what flags say, what the repository shows, and defaults
  --force                    overwrite workflows that were changed by hand
  --branch NAME              the branch whose pushes are released (default: the repository's default branch)

Values, {environment} standing for each environment's name. Once .augeo/deploy.yml is there, it is read instead:
${Object.entries(ALL_KEYS)
    .map(([name, { doc }]) => `  --${name.padEnd(24)} ${doc.replaceAll("`", "").split(". ")[0]?.replace(/\.$/, "")}`)
    .join("\n")}

Exit code 0: done; 1: a service refused; 2: the command or the settings were not understood.
`;
function readFlags(args) {
    const switches = { apply: false, "dry-run": false, yes: false, force: false };
    const options = {
        ...Object.fromEntries(Object.keys(switches).map((name) => [name, { type: "boolean" }])),
        ...Object.fromEntries([...Object.keys(ALL_KEYS), "branch"].map((name) => [name, { type: "string" }])),
    };
    try {
        const { values } = (0,external_node_util_.parseArgs)({ args: [...args], options, allowPositionals: false });
        const { branch, ...rest } = values;
        const texts = Object.entries(rest).filter((entry) => typeof entry[1] === "string");
        return {
            apply: values.apply === true,
            dryRun: values["dry-run"] === true,
            yes: values.yes === true,
            force: values.force === true,
            branch: typeof branch === "string" ? branch : undefined,
            values: Object.fromEntries(texts),
        };
    }
    catch (cause) {
        throw (0,not_understood/* notUnderstood */.h)("npx @augeo/deploy init", Object.keys(options), cause);
    }
}
async function init(args, terminal, toolkit) {
    const flags = readFlags(args);
    const root = await (0,read_repository/* rootOf */.I5)(terminal);
    const settings = await settingsFor(root, flags, terminal);
    warnOfPasswords(settings, terminal);
    warnOfMigrations(root, settings, terminal);
    const branch = flags.branch ?? (await (0,read_repository/* releasedBranch */.aV)(root));
    if (branch !== "main")
        terminal.say(`Pushes to ${branch} are released (--branch names another one).`);
    const files = await compareFiles(root, await plannedFiles(settings, branch, toolkit));
    sayFiles(files, flags, terminal);
    if (!flags.dryRun)
        await writeFiles(root, files, flags.force);
    await setUp(settings, flags, terminal);
    return 0;
}
async function settingsFor(root, flags, terminal) {
    const path = (0,external_node_path_.join)(root, settings_settings/* SETTINGS_FILE */.tP);
    const given = Object.keys(flags.values);
    if ((0,external_node_fs_.existsSync)(path)) {
        if (given.length > 0)
            throw alreadyDecided(given);
        terminal.say(`Reading ${settings_settings/* SETTINGS_FILE */.tP}.`);
        return (0,read_settings/* readSettings */.s)(await (0,promises_.readFile)(path, "utf8"), settings_settings/* SETTINGS_FILE */.tP);
    }
    terminal.say(`Looking at ${root}:`);
    const guesses = await (0,read_repository/* readRepository */.Nu)(root, terminal);
    const cloud = terminal.env.AZURE_CLOUD;
    const values = { ...(cloud === undefined || cloud === "" ? {} : { cloud }), ...flags.values };
    return decideSettings(values, guesses, flags.yes ? { ...terminal, ask: undefined } : terminal);
}
function alreadyDecided(given) {
    return new release_src/* UsageError */.eb({
        what: `${settings_settings/* SETTINGS_FILE */.tP} is there already, so ${given.map((name) => `--${name}`).join(", ")} would not be used.`,
        why: "The file is what was decided; flags only fill in a new one.",
        fix: `edit ${settings_settings/* SETTINGS_FILE */.tP}, or remove it to decide anew.`,
    });
}
function warnOfPasswords({ environments }, { say }) {
    for (const { name, "database-url": url } of environments)
        if (url !== undefined && (0,settings_settings/* holdsPassword */.oj)(url))
            say(`! The database-url of ${name} holds a password, which stands in ${settings_settings/* SETTINGS_FILE */.tP} and in a variable then. With database-auth: entra none is needed.`);
}
function warnOfMigrations(root, settings, { say }) {
    const without = (0,read_repository/* unmigrated */.RA)(root, settings);
    if (without.length === 0)
        return;
    const names = without.map(({ name }) => name).join(", ");
    say(`! There are migrations, and no database-url for ${names}: a release would not apply them there. Name it in ${settings_settings/* SETTINGS_FILE */.tP}.`);
}
async function plannedFiles(settings, defaultBranch, toolkit) {
    const folder = (0,external_node_path_.join)(toolkit, "workflows-templates");
    const starters = (await (0,promises_.readdir)(folder)).filter((name) => /\.ya?ml$/.test(name) && !BY_HAND.has(name)).sort();
    const workflows = starters.map(async (name) => ({
        path: `.github/workflows/${name}`,
        text: fitStarter(await (0,promises_.readFile)((0,external_node_path_.join)(folder, name), "utf8"), { settings, defaultBranch }),
    }));
    return [{ path: settings_settings/* SETTINGS_FILE */.tP, text: settingsText(settings) }, ...(await Promise.all(workflows))];
}
function sayFiles(files, { force, dryRun }, { say }) {
    const words = {
        new: dryRun ? "would be written" : "written",
        same: "as it should be",
        differs: force && !dryRun ? "overwritten" : "differs, and is kept: --force overwrites it",
    };
    for (const { path, state, current, text } of files) {
        // The settings are the person's own: what was read from them is not held against them.
        if (path === settings_settings/* SETTINGS_FILE */.tP && state === "differs")
            continue;
        say(`${path}: ${words[state]}`);
        if (state === "differs")
            say(differenceOf(current ?? "", text).replaceAll(/^/gm, "    "));
    }
}
async function setUp(settings, flags, terminal) {
    const context = (0,cli_terminal/* azureContextOf */.U)(terminal);
    const session = (0,azure_src.openUserSession)(context, settings);
    const github = new github_src.GitHubClient({
        apiUrl: terminal.env.GITHUB_API_URL ?? "https://api.github.com",
        token: flags.apply ? await (0,github_token/* githubToken */.b)(terminal) : "",
        repository: settings.repository,
        clock: src/* systemClock */.ml,
        signal: terminal.signal,
    });
    try {
        const setup = new site_setup/* SiteSetup */.D2(settings, session, github);
        const steps = (0,plan/* setupSteps */.p)(setup);
        if (!flags.apply) {
            terminal.print((0,plan/* setupScript */.X)(setup, steps));
            terminal.say("Nothing was set up yet: run the script above, or npx @augeo/deploy init --apply.");
            return;
        }
        const { made, found } = await applySetup(steps, terminal, flags.dryRun);
        terminal.say(`${found} found, ${made} ${flags.dryRun ? "to be made" : "made"}.`);
        if (!flags.dryRun)
            terminal.say("Next: commit and push. npx @augeo/deploy doctor says what would still stop a release.");
    }
    finally {
        session.close();
    }
}


/***/ })

};
