export const id = 359;
export const ids = [359];
export const modules = {

/***/ 3359:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  GitHubClient: () => (/* reexport */ GitHubClient),
  wS: () => (/* reexport */ closeIssue),
  kC: () => (/* reexport */ compareCommits),
  Yy: () => (/* reexport */ createDeployment),
  Ry: () => (/* reexport */ findIssue),
  a$: () => (/* reexport */ findOpenDeployments),
  J: () => (/* reexport */ mayWrite),
  pX: () => (/* reexport */ readCommitAuthor),
  readRunLiveness: () => (/* reexport */ readRunLiveness),
  TH: () => (/* reexport */ readSubjectCustomisation),
  e9: () => (/* reexport */ setDeploymentStatus),
  upsertCheckRun: () => (/* reexport */ upsertCheckRun),
  upsertComment: () => (/* reexport */ upsertComment),
  Fo: () => (/* reexport */ upsertIssue)
});

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

;// CONCATENATED MODULE: ./packages/github/src/check-runs.ts

const PERMISSION = "checks: write";
/** GitHub takes this many annotations in one request; the rest follow by updates. */
const ANNOTATIONS_AT_ONCE = 50;
const SUMMARY_LIMIT = 65_535;
/**
 * Writes a completed check run with all its annotations: over that of an earlier run on the same commit, whose
 * annotations it keeps, or, when some of those no longer hold, as a new one that takes its place. GitHub can add
 * annotations to a check run, and take none away.
 * @returns its id and its page
 */
async function upsertCheckRun(client, run) {
    const known = await findCheckRun(client, run);
    const shown = known === undefined ? [] : await listAnnotations(client, known.id);
    const wanted = (run.annotations ?? []).map(annotationBody);
    const keys = new Set(wanted.map(keyOf));
    const isStale = shown.some((one) => !keys.has(keyOf(one)));
    if (known === undefined || isStale)
        return writeAll(client, run, undefined, wanted);
    const old = new Set(shown.map(keyOf));
    const added = wanted.filter((one) => !old.has(keyOf(one)));
    return writeAll(client, run, known.id, added);
}
const keyOf = ({ path, start_line, annotation_level, message }) => JSON.stringify([path, start_line, annotation_level, message]);
async function findCheckRun(client, { headSha, name, key }) {
    const data = await client.call({
        operation: "list the check runs of a commit",
        permission: "checks: read",
        route: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
        repeatable: true,
        parameters: { ref: headSha, check_name: name, filter: "all", per_page: 100 },
    });
    const { check_runs: runs } = fieldsOf(data);
    const found = (Array.isArray(runs) ? runs : []).find((one) => fieldsOf(one).external_id === key);
    return found === undefined ? undefined : knownOf(found);
}
async function listAnnotations(client, id) {
    const found = [];
    for (let page = 1;; page++) {
        const data = await client.call({
            operation: "list the annotations of a check run",
            permission: "checks: read",
            route: "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
            repeatable: true,
            parameters: { check_run_id: id, per_page: 100, page },
        });
        const part = Array.isArray(data) ? data : [];
        found.push(...part.map(fieldsOf));
        if (part.length < 100)
            return found;
    }
}
/** The first request completes it; annotations beyond the first 50 follow by updates. */
async function writeAll(client, run, id, annotations) {
    const output = { title: cutText(run.title, 255), summary: cutText(run.summary, SUMMARY_LIMIT) };
    const completed = {
        status: "completed",
        conclusion: run.conclusion,
        output: { ...output, annotations: annotations.slice(0, ANNOTATIONS_AT_ONCE) },
        ...(run.detailsUrl === undefined ? {} : { details_url: run.detailsUrl }),
    };
    const known = id === undefined ? await create(client, run, completed) : await update(client, id, completed);
    for (let from = ANNOTATIONS_AT_ONCE; from < annotations.length; from += ANNOTATIONS_AT_ONCE) {
        const part = annotations.slice(from, from + ANNOTATIONS_AT_ONCE);
        await update(client, known.id, { output: { ...output, annotations: part } });
    }
    return known;
}
async function create(client, { name, headSha, key }, completed) {
    const data = await client.call({
        operation: "create a check run",
        permission: PERMISSION,
        route: "POST /repos/{owner}/{repo}/check-runs",
        repeatable: false,
        parameters: { name, head_sha: headSha, external_id: key, ...completed },
    });
    return knownOf(data);
}
/** Updates append annotations, so a repeated one would show them twice. */
async function update(client, id, change) {
    const data = await client.call({
        operation: "update a check run",
        permission: PERMISSION,
        route: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
        repeatable: false,
        parameters: { check_run_id: id, ...change },
    });
    return knownOf(data);
}
const knownOf = (value) => ({ id: idOf(value), url: textOf(fieldsOf(value).html_url) });
function annotationBody({ path, startLine, endLine, level, message, title }) {
    return {
        path,
        start_line: startLine,
        end_line: endLine,
        annotation_level: level,
        message: cutText(message, 16_000),
        ...(title === undefined ? {} : { title: cutText(title, 255) }),
    };
}

// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var src = __webpack_require__(2607);
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

;// CONCATENATED MODULE: ./packages/github/src/compare-commits.ts

const RELATIONS = ["ahead", "behind", "identical", "diverged"];
/** How `head` stands to `base`; `unknown` when GitHub does not know one of them. */
async function compareCommits(client, base, head) {
    const data = await client.call({
        operation: "compare two commits",
        permission: "contents: read",
        route: "GET /repos/{owner}/{repo}/compare/{basehead}",
        repeatable: true,
        accept: [404],
        // Only the status is read: no page of commits, and no files after the first one.
        parameters: { basehead: `${base}...${head}`, per_page: 1, page: 2 },
    });
    const status = textOf(fieldsOf(data).status);
    return RELATIONS.find((relation) => relation === status) ?? "unknown";
}

;// CONCATENATED MODULE: ./packages/github/src/deployments.ts

const deployments_PERMISSION = "deployments: write";
/** Limit of GitHub's API for descriptions of deployments and their statuses. */
const DESCRIPTION_LIMIT = 140;
/** Creates a deployment and returns its id. Commit statuses are not asked: the workflow has decided by itself. */
async function createDeployment(client, deployment) {
    const { ref, environment, description = "", isProduction = false, payload = {} } = deployment;
    const data = await client.call({
        operation: "create a deployment",
        permission: deployments_PERMISSION,
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
        permission: deployments_PERMISSION,
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
/** Most deployments that are looked through for those that a lost run left. */
const LOOKED_AT = 30;
/** States of what has not ended; one that a run died on may have none. */
const OPEN = ["in_progress", "queued", "pending", undefined];
/**
 * The deployments that earlier runs left open: of those to an environment whose payload names the same `app`, newest
 * first, all up to the first that has ended. `own` is the caller's, which is passed over.
 */
async function findOpenDeployments(client, { environment, app, own }) {
    const listed = await client.call({
        operation: "list the deployments",
        permission: deployments_PERMISSION,
        route: "GET /repos/{owner}/{repo}/deployments",
        repeatable: true,
        parameters: { environment, per_page: LOOKED_AT },
    });
    const earlier = (Array.isArray(listed) ? listed : [])
        .filter((one) => fieldsOf(fieldsOf(one).payload).app === app)
        .map(decodeDeployment)
        .filter(({ id }) => id !== own);
    const open = [];
    for (const deployment of earlier) {
        if (!OPEN.includes(await stateOf(client, deployment.id)))
            return open;
        open.push(deployment);
    }
    return open;
}
function decodeDeployment(listed) {
    const { release, run, attempt } = fieldsOf(fieldsOf(listed).payload);
    return { id: idOf(listed), release: textOf(release) ?? "", runId: textOf(run) ?? "", attempt: Number(attempt) };
}
async function stateOf(client, id) {
    const [latest] = (await client.call({
        operation: "read the deployment's status",
        permission: deployments_PERMISSION,
        route: "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
        repeatable: true,
        parameters: { deployment_id: id, per_page: 1 },
    }));
    return fieldsOf(latest).state;
}

;// CONCATENATED MODULE: ./packages/github/src/labelled-issue.ts

const WRITE = "issues: write";
const BODY_LIMIT = 65_536;
/** Writes the one open issue that carries our label: updates it where it exists, else opens it. Its number. */
async function upsertIssue(client, { label, title, body }) {
    const text = cutText(body, BODY_LIMIT);
    const known = await findIssue(client, label);
    if (known?.body === text && known.title === title)
        return known.number;
    const data = await client.call({
        operation: known ? "update the issue" : "open an issue",
        permission: WRITE,
        route: known ? "PATCH /repos/{owner}/{repo}/issues/{issue_number}" : "POST /repos/{owner}/{repo}/issues",
        repeatable: known !== undefined,
        parameters: { title, body: text, ...(known ? { issue_number: known.number } : { labels: [label] }) },
    });
    return issueOf(data).number;
}
/** The oldest open issue that carries our label. */
async function findIssue(client, label) {
    const data = await client.call({
        operation: "look for the issue",
        permission: "issues: read",
        route: "GET /repos/{owner}/{repo}/issues",
        repeatable: true,
        parameters: { state: "open", labels: label, sort: "created", direction: "asc", per_page: 20 },
    });
    const issues = Array.isArray(data) ? data : [];
    // GitHub lists pull requests among the issues.
    const found = issues.find((issue) => fieldsOf(issue).pull_request === undefined);
    return found === undefined ? undefined : issueOf(found);
}
async function closeIssue(client, number) {
    await client.call({
        operation: "close the issue",
        permission: WRITE,
        route: "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
        repeatable: true,
        parameters: { issue_number: number, state: "closed", state_reason: "completed" },
    });
}
/** @throws TypeError when GitHub's answer has no number: its API has changed. */
function issueOf(data) {
    const { number, title, body } = fieldsOf(data);
    if (typeof number !== "number")
        throw new TypeError("GitHub's answer carries no issue number");
    return { number, title: textOf(title) ?? "", body: textOf(body) ?? "" };
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

;// CONCATENATED MODULE: ./packages/github/src/people.ts

/** Whether somebody may write to the repository: `write`, `maintain` and `admin` may. */
async function mayWrite(client, login) {
    const data = await client.call({
        operation: "read the access of a person",
        permission: "metadata: read",
        route: "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
        repeatable: true,
        accept: [404],
        parameters: { username: login },
    });
    const word = textOf(fieldsOf(data).permission);
    return word === "admin" || word === "write";
}
/** Login of a commit's author; undefined when GitHub knows no account for it. */
async function readCommitAuthor(client, sha) {
    const data = await client.call({
        operation: "read a commit",
        permission: "contents: read",
        route: "GET /repos/{owner}/{repo}/commits/{ref}",
        repeatable: true,
        accept: [404, 422],
        parameters: { ref: sha, per_page: 1, page: 2 },
    });
    return textOf(fieldsOf(fieldsOf(data).author).login);
}

;// CONCATENATED MODULE: ./packages/github/src/sticky-comment.ts

const sticky_comment_PERMISSION = "pull-requests: write";
const sticky_comment_BODY_LIMIT = 65_536;
const PAGE = 100;
/**
 * Writes the one comment that carries our marker on an issue or pull request: updates it where it exists, else adds it.
 * @param marker kebab-case name of what the comment shows; it becomes an invisible line of the body.
 * @returns the comment's id.
 */
async function upsertComment(client, issue, marker, body) {
    const line = `<!-- augeo:${marker} -->`;
    const text = `${line}\n${cutText(body, sticky_comment_BODY_LIMIT - line.length - 1)}`;
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
        return { kind: (await isVisible(client)) ? "gone" : "hidden" };
    const { status, conclusion, html_url: url } = fieldsOf(data);
    const words = textOf(status) ?? "unknown";
    if (words !== "completed")
        return { kind: "running", status: words, url: textOf(url) };
    return { kind: "ended", conclusion: textOf(conclusion) ?? "unknown", url: textOf(url) };
}
async function isVisible(client) {
    const repository = await client.call({
        operation: "read the repository",
        permission: "metadata: read",
        route: "GET /repos/{owner}/{repo}",
        repeatable: true,
        accept: [404],
    });
    return repository !== undefined;
}

;// CONCATENATED MODULE: ./packages/github/src/index.ts











/***/ })

};
