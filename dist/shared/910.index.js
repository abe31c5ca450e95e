export const id = 910;
export const ids = [910];
export const modules = {

/***/ 1910:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  API_VERSION: () => (/* reexport */ API_VERSION),
  AppSlots: () => (/* reexport */ AppSlots),
  Arm: () => (/* reexport */ Arm),
  BlobAccess: () => (/* reexport */ BlobAccess),
  FAILED: () => (/* reexport */ FAILED),
  Graph: () => (/* reexport */ Graph),
  Http: () => (/* reexport */ Http),
  Kudu: () => (/* reexport */ Kudu),
  LONGEST_USE_OF_RULE: () => (/* reexport */ LONGEST_USE_OF_RULE),
  LogMetrics: () => (/* reexport */ LogMetrics),
  LogQueries: () => (/* reexport */ LogQueries),
  PRODUCTION: () => (/* reexport */ PRODUCTION),
  PlatformMetrics: () => (/* reexport */ PlatformMetrics),
  RELEASE_FILE: () => (/* reexport */ RELEASE_FILE),
  RELEASE_FILE_SCHEMA: () => (/* reexport */ RELEASE_FILE_SCHEMA),
  STATUS_NAMES: () => (/* reexport */ STATUS_NAMES),
  SUCCEEDED: () => (/* reexport */ SUCCEEDED),
  SignIn: () => (/* reexport */ SignIn),
  TransportError: () => (/* reexport */ TransportError),
  UserSignIn: () => (/* reexport */ UserSignIn),
  answersAt: () => (/* reexport */ answersAt),
  armErrorBody: () => (/* reexport */ armErrorBody),
  askOwnAddress: () => (/* reexport */ askOwnAddress),
  awaitRunning: () => (/* reexport */ awaitRunning),
  azCommand: () => (/* reexport */ azCommand),
  blobFailure: () => (/* reexport */ blobFailure),
  byPath: () => (/* reexport */ byPath),
  callSlot: () => (/* reexport */ callSlot),
  changeConfiguration: () => (/* reexport */ changeConfiguration),
  claimsOf: () => (/* reexport */ claimsOf),
  cloudFrom: () => (/* reexport */ cloudFrom),
  containerAddress: () => (/* reexport */ containerAddress),
  contentHash: () => (/* reexport */ contentHash),
  createSlot: () => (/* reexport */ createSlot),
  decodeDeployment: () => (/* reexport */ decodeDeployment),
  decodeLogEntry: () => (/* reexport */ decodeLogEntry),
  decodeReleaseFile: () => (/* reexport */ decodeReleaseFile),
  decodeSite: () => (/* reexport */ decodeSite),
  deleteFirewallRule: () => (/* reexport */ deleteFirewallRule),
  deleteSlot: () => (/* reexport */ deleteSlot),
  deployByUrl: () => (/* reexport */ deployByUrl),
  deployPackage: () => (/* reexport */ deployPackage),
  encodeReleaseFile: () => (/* reexport */ encodeReleaseFile),
  fieldsOf: () => (/* reexport */ fieldsOf),
  fileUpload: () => (/* reexport */ store_package_fileUpload),
  findSlot: () => (/* reexport */ findSlot),
  firewallRuleName: () => (/* reexport */ firewallRuleName),
  groupPath: () => (/* reexport */ groupPath),
  holdsRelease: () => (/* reexport */ holdsRelease),
  isProduction: () => (/* reexport */ isProduction),
  isSameRelease: () => (/* reexport */ isSameRelease),
  isStrayRule: () => (/* reexport */ isStrayRule),
  listAll: () => (/* reexport */ listAll),
  listInstances: () => (/* reexport */ listInstances),
  listLedgers: () => (/* reexport */ listLedgers),
  listOf: () => (/* reexport */ listOf),
  listOwnFirewallRules: () => (/* reexport */ listOwnFirewallRules),
  listSlotNames: () => (/* reexport */ listSlotNames),
  nameOf: () => (/* reexport */ nameOf),
  openFirewallRule: () => (/* reexport */ openFirewallRule),
  openKudu: () => (/* reexport */ openKudu),
  openLedger: () => (/* reexport */ openLedger),
  openPackages: () => (/* reexport */ openPackages),
  openSession: () => (/* reexport */ openSession),
  openUserSession: () => (/* reexport */ openUserSession),
  operationState: () => (/* reexport */ operationState),
  optionalText: () => (/* reexport */ optionalText),
  ownerOfRule: () => (/* reexport */ ownerOfRule),
  packageBlob: () => (/* reexport */ packageBlob),
  proveContent: () => (/* reexport */ proveContent),
  rampUpRulesOf: () => (/* reexport */ rampUpRulesOf),
  readAddressRange: () => (/* reexport */ readAddressRange),
  readAppSettings: () => (/* reexport */ readAppSettings),
  readConfiguration: () => (/* reexport */ readConfiguration),
  readConnectionStrings: () => (/* reexport */ readConnectionStrings),
  readContainerLog: () => (/* reexport */ readContainerLog),
  readDatabaseServer: () => (/* reexport */ readDatabaseServer),
  readDeployed: () => (/* reexport */ readDeployed),
  readOperation: () => (/* reexport */ readOperation),
  readPackage: () => (/* reexport */ readPackage),
  readRampUpRules: () => (/* reexport */ readRampUpRules),
  readSite: () => (/* reexport */ readSite),
  readStickyNames: () => (/* reexport */ readStickyNames),
  restartSite: () => (/* reexport */ restartSite),
  settle: () => (/* reexport */ settle),
  sitePath: () => (/* reexport */ sitePath),
  slotDifferences: () => (/* reexport */ slotDifferences),
  startSite: () => (/* reexport */ startSite),
  startSwap: () => (/* reexport */ startSwap),
  subjectForms: () => (/* reexport */ subjectForms),
  textOf: () => (/* reexport */ decode_textOf),
  timeOfContent: () => (/* reexport */ timeOfContent),
  touch: () => (/* reexport */ touch),
  untilDone: () => (/* reexport */ untilDone),
  writeAppSettings: () => (/* reexport */ writeAppSettings),
  writeConnectionStrings: () => (/* reexport */ writeConnectionStrings),
  writePackage: () => (/* reexport */ writePackage),
  writeRampUpRules: () => (/* reexport */ writeRampUpRules)
});

// EXTERNAL MODULE: ./packages/release/src/index.ts + 42 modules
var src = __webpack_require__(2607);
;// CONCATENATED MODULE: ./packages/azure/src/address-range.ts
/** Which addresses a runner comes from, as a firewall rule takes them: IPv4 alone, and public ones alone. */

/** The widest range that is still somebody's own network and not half of the Internet. */
const MOST_ADDRESSES = 4_096;
const ANSWER_TIMEOUT = 10_000;
/** Ranges that never reach a server over the Internet (RFC 6890), by their first address and prefix length. */
const NOT_PUBLIC = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
].concat(["192.168.0.0/16", "224.0.0.0/3"]);
/**
 * Reads `203.0.113.7`, `203.0.113.0/28` or `203.0.113.0-203.0.113.15`.
 * @throws UsageError for what is no such thing, is too wide, or can only be an address behind a NAT.
 */
function readAddressRange(text) {
    const range = boundsOf(text.trim());
    if (range === undefined)
        throw refused(text, "It is no IPv4 address, range or CIDR block.");
    const [start, end] = range;
    if (end < start)
        throw refused(text, "It ends before it begins.");
    if (end - start >= MOST_ADDRESSES)
        throw refused(text, `It holds ${end - start + 1} addresses; ${MOST_ADDRESSES} are the most.`);
    const inner = NOT_PUBLIC.find((block) => overlaps(range, boundsOf(block)));
    if (inner !== undefined)
        throw refused(text, `It lies in ${inner}, which the server never sees: a NAT stands in between.`);
    return { start: textOf(start), end: textOf(end) };
}
function boundsOf(text) {
    const [first = "", last] = text.split("-").map((part) => part.trim());
    const [address = "", bits] = first.split("/");
    const start = numberOf(address);
    if (start === undefined)
        return undefined;
    if (last !== undefined) {
        const end = numberOf(last);
        return end === undefined || bits !== undefined ? undefined : [start, end];
    }
    if (bits === undefined)
        return [start, start];
    if (!/^\d{1,2}$/.test(bits) || Number(bits) > 32)
        return undefined;
    const size = 2 ** (32 - Number(bits));
    const base = Math.floor(start / size) * size;
    return [base, base + size - 1];
}
function numberOf(address) {
    const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
    if (parts === undefined || parts.some((part) => part > 255))
        return undefined;
    return parts.reduce((sum, part) => sum * 256 + part, 0);
}
function textOf(number) {
    return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}
function overlaps([start, end], block) {
    return block !== undefined && start <= block[1] && end >= block[0];
}
/** Asks a service on the Internet under which address this runner comes to it: a text, or JSON that holds one. */
async function askOwnAddress(http, url, signal) {
    let why;
    try {
        const { status, text } = await http.send({ method: "GET", url, signal, timeout: ANSWER_TIMEOUT });
        const found = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/.exec(text)?.[0];
        if (status === 200 && found !== undefined)
            return readAddressRange(found);
        const isIpv6 = status === 200 && /[0-9a-f]{1,4}:[0-9a-f:]+/i.test(text);
        why = isIpv6
            ? "It answered an IPv6 address, and the server's firewall takes IPv4 alone."
            : `It answered ${status} without an IPv4 address.`;
    }
    catch (error) {
        signal.throwIfAborted();
        if (error instanceof src/* UsageError */.eb || !(error instanceof Error))
            throw error;
        why = error.message;
    }
    throw new src/* ServiceError */._7({
        service: new URL(url).host,
        operation: "say the runner's address",
        what: `${url} did not say under which address this runner comes out of its network.`,
        why,
        fix: "Set runner-address to the runner's public IPv4 address (or the range that its network leaves by), or runner-address-url to a service that answers it.",
    });
}
function refused(text, why) {
    return new src/* UsageError */.eb({
        what: `runner-address: "${text.trim()}" cannot be let through a firewall.`,
        why,
        fix: "Give the public IPv4 address under which the runner reaches the Internet, such as 203.0.113.7, or what its network leaves by: 203.0.113.0/28.",
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/arm-errors.ts
/** Resource Manager's refusals, in both of their shapes, with what mends them. Unknown codes are shown as they came. */

/** Reads `{"error":{"code","message"}}` of the gateway and the unwrapped PascalCase `{"Code","Message"}` of App Service. */
function armErrorBody(body) {
    if (typeof body === "string")
        return {
            code: undefined,
            message: body
                .replace(/<[^>]*>/g, " ")
                .replace(/\s+/g, " ")
                .trim()
                .slice(0, 500),
        };
    const outer = field(body, "error") ?? body;
    const code = field(outer, "code") ?? field(outer, "Code");
    const message = field(outer, "message") ?? field(outer, "Message");
    return { code: typeof code === "string" ? code : undefined, message: typeof message === "string" ? message : "" };
}
function field(value, name) {
    return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
/** What a first set-up runs into, by code. Source: Microsoft Learn, common Azure deployment errors. */
const SET_UP = {
    MissingSubscriptionRegistration: (message) => ({
        fix: `Register the provider, once per subscription: az provider register --wait --namespace ${/namespace '([^']+)'/.exec(message)?.[1] ?? "Microsoft.Web"}, and run again.`,
    }),
    StorageAccountAlreadyTaken: () => ({
        fix: "Names of storage accounts are unique in all of Azure: choose another one for storage-account in .augeo/deploy.yml.",
    }),
    SubscriptionIsOverQuotaForSku: () => ({
        fix: "Choose another sku or region in .augeo/deploy.yml, or ask for more of this one: Azure portal, Quotas, App Service.",
    }),
    LocationNotAvailableForResourceType: () => ({ fix: "Choose another region in .augeo/deploy.yml." }),
    InvalidResourceGroupLocation: () => ({
        fix: "Set region in .augeo/deploy.yml to where the resource group is, or name another resource group.",
    }),
    RequestDisallowedByPolicy: () => ({
        fix: "A policy of your organisation forbids it, and is named above: choose a region or a sku that it allows, or ask its owner for an exemption.",
    }),
};
const REMEDIES = [
    // First: a policy's refusal is a 403 as well.
    ...Object.entries(SET_UP).map(([known, remedy]) => ({
        matches: (_, code) => code === known,
        remedy,
    })),
    {
        matches: (status, _, message) => status === 409 && /website with given name .* already exists/i.test(message),
        remedy: () => ({
            fix: "Names of apps are unique in all of Azure: choose another one for app in .augeo/deploy.yml.",
        }),
    },
    { matches: (status) => status === 403, remedy: missingRole },
    {
        matches: (status, _, message) => status === 409 && /another operation is in progress/i.test(message),
        remedy: () => ({
            fix: "Wait for the other operation to end (the Activity log of the app names it), then run again. Give the workflow a concurrency group so that its runs do not meet.",
        }),
    },
    {
        matches: (status, _, message) => status === 409 && /prepared for swap/i.test(message),
        remedy: () => ({
            fix: "A swap with preview is pending: complete it, or cancel it with: az webapp deployment slot swap --action reset --name <app> --resource-group <group> --slot <slot>",
        }),
    },
    {
        matches: (_, code) => code === "ScopeLocked",
        remedy: () => ({
            fix: "A management lock protects the resource: az lock list --resource-group <group>. Remove it, or let its owner deploy.",
        }),
    },
    {
        matches: (_, code) => code === "ReadOnlyDisabledSubscription",
        remedy: () => ({ fix: "The subscription is disabled: settle it in the Azure portal under Subscriptions." }),
    },
    {
        matches: (status) => status === 401,
        remedy: () => ({
            fix: "Check tenant-id, subscription-id and cloud: the token was refused even after a new sign-in.",
        }),
    },
    {
        matches: (status) => status === 429,
        remedy: () => ({
            fix: "Too many requests from this subscription: run again later, and stagger the workflows that share it.",
        }),
    },
    {
        matches: (status) => status >= 500,
        remedy: () => ({ fix: "Run the job again; see https://azure.status.microsoft when it stays." }),
    },
];
const ROLE_OF = [
    [/^microsoft\.web\/sites\/publish|^microsoft\.web\//i, "Website Contributor"],
    [/^microsoft\.authorization\//i, "User Access Administrator"],
    [/^microsoft\.managedidentity\//i, "Managed Identity Contributor"],
    [
        /^microsoft\.storage\/storageaccounts\/(?:write|read|blobServices\/containers\/write)$/i,
        "Storage Account Contributor",
    ],
    [/^microsoft\.storage\/.*generateUserDelegationKey/i, "Storage Blob Delegator"],
    [/^microsoft\.storage\//i, "Storage Blob Data Contributor"],
];
/** The role that contains an action, as far as this package calls it. */
function roleFor(action) {
    return ROLE_OF.find(([pattern]) => pattern.test(action))?.[1] ?? "Contributor";
}
/** PostgreSQL has no built-in role for its firewall alone. */
function missingFirewallRole(action, server, objectId) {
    const needs = ["firewallRules/read", "firewallRules/write", "firewallRules/delete", "read"];
    return {
        why: `The identity lacks the action ${action} on ${server}.`,
        fix: `Assign the role Contributor on this one server (it takes a few minutes to work): az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal --role Contributor --scope ${server}. Or a custom role with only ${needs.map((name) => `Microsoft.DBforPostgreSQL/flexibleServers/${name}`).join(", ")} and Microsoft.DBforPostgreSQL/locations/*/read.`,
    };
}
function missingRole(message) {
    const action = /perform action '([^']+)'/.exec(message)?.[1];
    const scope = /over scope '([^']+)'/.exec(message)?.[1];
    const objectId = /object id '([^']+)'/.exec(message)?.[1] ?? "<object id of the identity>";
    if (action === undefined || scope === undefined)
        return { fix: "Give the identity the role Website Contributor on the app's resource group." };
    const server = /^(.*\/flexibleServers\/[^/]+)/i.exec(scope)?.[1];
    if (server !== undefined)
        return missingFirewallRole(action, server, objectId);
    const site = /^(.*\/sites\/[^/]+)/i.exec(scope)?.[1] ?? scope;
    return {
        why: `The identity lacks the action ${action} on ${scope}.`,
        fix: `Assign the role ${roleFor(action)} (it takes a few minutes to work): az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal --role "${roleFor(action)}" --scope ${site}`,
    };
}
function armFailure(operation, reply) {
    const { code, message } = armErrorBody(reply.body);
    const found = REMEDIES.find(({ matches }) => matches(reply.status, code, message));
    const { why, fix } = found?.remedy(message) ?? {
        why: undefined,
        fix: "Look at the app's Activity log in the Azure portal.",
    };
    const correlationId = reply.headers["x-ms-correlation-request-id"] ?? reply.headers["x-ms-request-id"];
    const answered = `Azure answered ${[reply.status, code].filter(Boolean).join(" ")}${message === "" ? "" : `: ${message}`}`;
    return new src/* ServiceError */._7({
        service: "Azure Resource Manager",
        operation,
        status: reply.status,
        code,
        what: `Azure ${reply.status === 429 ? "throttled the request" : "refused"} to ${operation}.`,
        why: [why, `${answered}${correlationId === undefined ? "" : ` (correlation ${correlationId})`}`]
            .filter(Boolean)
            .join(" "),
        fix,
        correlationId,
        retryable: reply.status === 429 || reply.status >= 500,
    });
}
/** No reply came. For a call that may not be repeated, whether Azure acted on it is open. */
function noReply(operation, cause, once) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
    return new src/* ServiceError */._7({
        service: "Azure Resource Manager",
        operation,
        code: code === "REQUEST_SEND_ERROR" ? errnoOf(cause.message) : code,
        what: `Azure did not answer ${operation}.`,
        why: `${cause.message}.${once ? " Whether it was carried out is not known, so it was not sent again." : ""}`,
        fix: "Check that the runner reaches the management endpoint (proxy, firewall, DNS), then run again.",
        retryable: !once,
        cause,
    });
}
function errnoOf(message) {
    return /\b(E[A-Z_]{4,})\b/.exec(message)?.[1] ?? "REQUEST_SEND_ERROR";
}

;// CONCATENATED MODULE: ./packages/azure/src/retry.ts
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** Milliseconds to wait that a `Retry-After` header asks for (seconds or an HTTP date); undefined without one. */
function retryAfterOf(headers, now) {
    const value = headers["retry-after"]?.trim();
    if (value === undefined || value === "")
        return undefined;
    if (/^\d+(\.\d+)?$/.test(value))
        return Number(value) * 1_000;
    const date = Date.parse(value);
    return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
/**
 * The pause before attempt `attempt + 1` (attempts count from 1): never shorter than the server asked for, a little
 * longer so that jobs that were refused together do not return together; without a wish, doubling with full jitter.
 */
function pauseBefore(attempt, wished, random = Math.random) {
    if (wished !== undefined)
        return wished + random() * Math.min(1_000, wished * 0.1);
    const ceiling = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
    return ceiling / 2 + (random() * ceiling) / 2;
}
const TRANSIENT_STATUSES = new Set([408, 500, 502, 503, 504]);
/** 406 with this body is how the SCM site's front end says 429. */
function isThrottled(status, text) {
    return status === 429 || (status === 406 && /excessive scm site/i.test(text));
}
/** Sleeps, unless the end would lie after `deadline`: then says so by false and does not sleep. */
async function pauseWithin(clock, pause, deadline, signal) {
    if (clock.now() + pause > deadline)
        return false;
    await clock.sleep(pause, signal);
    return true;
}

;// CONCATENATED MODULE: ./packages/azure/src/arm.ts
/**
 * Azure Resource Manager through the SDK's client, with its known defects mended here and nowhere else: error bodies
 * that it drops (both shapes are read), calls that it would repeat though they are not idempotent, tokens that it
 * would send to a foreign host, and throttling without `Retry-After` that it would not wait out.
 */



/** Of `@azure/arm-appservice` 19.0.0. */
const API_VERSION = "2025-05-01";
const PATIENCE = 120_000;
const MOST_ATTEMPTS = 5;
class Arm {
    subscriptionId;
    origin;
    context;
    #signIn;
    #client;
    constructor(context, signIn, subscriptionId) {
        this.context = context;
        this.subscriptionId = subscriptionId;
        this.origin = signIn.cloud.management;
        this.#signIn = signIn;
    }
    /** Sends one request; repeats it only where that is harmless. Throws `ServiceError` with what was refused and the fix. */
    async call(request) {
        const { clock, log, signal } = this.context;
        const deadline = clock.now() + PATIENCE;
        for (let attempt = 1;; attempt++) {
            const reply = await this.#attempt(request);
            if (!(reply instanceof Error) && (reply.status < 300 || request.accept?.includes(reply.status)))
                return reply;
            const failure = reply instanceof Error
                ? noReply(request.operation, reply, request.once === true)
                : armFailure(request.operation, reply);
            if (!this.#mayRepeat(request, reply, attempt))
                throw failure;
            const wished = reply instanceof Error ? undefined : retryAfterOf(reply.headers, clock.now());
            const pause = reply instanceof Error || reply.status !== 401 ? pauseBefore(attempt, wished) : 0;
            if (!(await pauseWithin(clock, pause, deadline, request.signal ?? signal)))
                throw failure;
            if (request.mayRepeat && !(await request.mayRepeat()))
                throw failure;
            log.info(`${failure.what} Asking again (attempt ${attempt + 1}).`);
        }
    }
    /** A 401 earns one new token; 429 was not executed and always may be repeated; the rest only when harmless. */
    #mayRepeat(request, reply, attempt) {
        const { once = false, attempts = MOST_ATTEMPTS } = request;
        if (reply instanceof Error)
            return !once && attempt < attempts;
        if (reply.status === 401) {
            this.#signIn.forget();
            return attempt === 1;
        }
        if (reply.status === 429)
            return attempts > 1;
        return !once && TRANSIENT_STATUSES.has(reply.status) && attempt < attempts;
    }
    async #attempt({ method, path, query, body, signal }) {
        const url = this.#urlOf(path, query);
        this.#client ??= this.#load();
        const client = await this.#client;
        const abortSignal = signal ?? this.context.signal;
        const options = body === undefined ? { abortSignal } : { abortSignal, body, contentType: "application/json" };
        try {
            const verbs = client.path(url);
            const verb = { GET: verbs.get, POST: verbs.post, PUT: verbs.put, PATCH: verbs.patch, DELETE: verbs.delete }[method];
            const reply = await verb(options);
            return {
                status: Number(reply.status),
                headers: { ...reply.headers },
                body: parsed(reply.body),
                url,
            };
        }
        catch (error) {
            if (abortSignal.aborted)
                throw abortSignal.reason;
            if (error instanceof src/* ServiceError */._7 || !(error instanceof Error))
                throw error;
            if (!("code" in error) && error.name !== "RestError")
                throw error;
            return error;
        }
    }
    #urlOf(path, query = {}) {
        const url = new URL(path, this.origin);
        if (url.origin !== this.origin)
            throw foreignOrigin(url);
        for (const [name, value] of Object.entries(query))
            url.searchParams.set(name, value);
        if (!url.searchParams.has("api-version"))
            url.searchParams.set("api-version", API_VERSION);
        return url.href;
    }
    async #load() {
        // The token first: the first request of a run is the sign-in's, and loading this SDK must not hold it up.
        await this.#signIn.token(this.#signIn.cloud.managementAudience);
        const { createWebSiteManagement } = await Promise.all(/* import() */[__webpack_require__.e(818), __webpack_require__.e(292)]).then(__webpack_require__.bind(__webpack_require__, 292));
        const client = createWebSiteManagement(this.#signIn.asCredential(), this.subscriptionId, {
            endpoint: this.origin,
            retryOptions: { maxRetries: 0 },
            userAgentOptions: { userAgentPrefix: "augeo-deploy-action" },
        });
        client.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
        // A redirect could carry the token to another host; Resource Manager sends none.
        client.pipeline.removePolicy({ name: "redirectPolicy" });
        client.pipeline.addPolicy(this.#signPolicy(), { phase: "Sign" });
        return client;
    }
    #signPolicy() {
        return {
            name: "signForManagementOnly",
            sendRequest: async (request, next) => {
                const url = new URL(request.url);
                if (url.origin !== this.origin)
                    throw foreignOrigin(url);
                const token = await this.#signIn.token(this.#signIn.cloud.managementAudience);
                request.headers.set("authorization", `Bearer ${token}`);
                return next(request);
            },
        };
    }
}
function parsed(body) {
    if (typeof body !== "string")
        return body;
    try {
        return JSON.parse(body);
    }
    catch {
        return body;
    }
}
function foreignOrigin(url) {
    return new src/* ServiceError */._7({
        service: "Azure Resource Manager",
        operation: "follow an operation",
        what: `Resource Manager named an address on another host (${url.host}), which was not asked.`,
        why: "The access token belongs to the management endpoint alone and was not sent there.",
        fix: "Check cloud, and any proxy between the runner and Azure that rewrites addresses.",
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/decode.ts
function fieldsOf(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
function listOf(value) {
    return Array.isArray(value) ? value : [];
}
function decode_textOf(value) {
    return typeof value === "string" ? value : "";
}
function optionalText(value) {
    return typeof value === "string" && value !== "" ? value : undefined;
}
function decode_numberOf(value) {
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
function textsOf(value) {
    return Object.fromEntries(Object.entries(fieldsOf(value)).flatMap(([key, each]) => (typeof each === "string" ? [[key, each]] : [])));
}
function jsonOf(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
var external_node_http_default = /*#__PURE__*/__webpack_require__.n(external_node_http_);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
var external_node_https_default = /*#__PURE__*/__webpack_require__.n(external_node_https_);
;// CONCATENATED MODULE: ./packages/azure/src/http.ts


class TransportError extends Error {
    name = "TransportError";
    code;
    phase;
    constructor(message, code, phase, cause) {
        super(message, { cause });
        this.code = code;
        this.phase = phase;
    }
}
/** Longest body that is kept; release files, records and logs are far shorter. */
const BODY_LIMIT = 8 * 1024 * 1024;
class Http {
    #agents;
    /** `env` decides on a proxy: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in either case. */
    constructor(env) {
        const options = { keepAlive: true, proxyEnv: proxiesOf(env) };
        this.#agents = { http: new (external_node_http_default()).Agent(options), https: new (external_node_https_default()).Agent(options) };
    }
    send(request) {
        return new Exchange(request, this.#agents).reply();
    }
    close() {
        this.#agents.http.destroy();
        this.#agents.https.destroy();
    }
}
function proxiesOf(env) {
    const either = (name) => env[name] ?? env[name.toLowerCase()];
    const https = either("HTTPS_PROXY") ?? either("ALL_PROXY");
    const plain = either("HTTP_PROXY") ?? either("ALL_PROXY");
    return { HTTPS_PROXY: https, HTTP_PROXY: plain, NO_PROXY: either("NO_PROXY") };
}
class Exchange {
    #request;
    #outgoing;
    #secure;
    #connected = false;
    #handedOver = false;
    #answered = false;
    constructor(request, agents) {
        this.#request = request;
        const secure = new URL(request.url).protocol === "https:";
        this.#secure = secure;
        this.#outgoing = (secure ? (external_node_https_default()) : (external_node_http_default())).request(request.url, {
            method: request.method,
            headers: headersOf(request),
            agent: secure ? agents.https : agents.http,
            ...(request.signal === undefined ? {} : { signal: request.signal }),
        });
    }
    reply() {
        return new Promise((resolve, reject) => {
            const fail = (error) => reject(this.#failure(error));
            this.#outgoing.on("error", fail);
            this.#outgoing.on("socket", (socket) => this.#watch(socket));
            this.#outgoing.on("finish", () => this.#request.onSent?.());
            this.#outgoing.setTimeout(this.#request.timeout, () => this.#outgoing.destroy(silence(this.#request.timeout)));
            this.#outgoing.on("response", (incoming) => {
                this.#answered = true;
                collect(incoming).then((reply) => this.#settle(reply, resolve), fail);
            });
            this.#write(fail);
        });
    }
    #watch(socket) {
        const event = this.#secure ? "secureConnect" : "connect";
        if (socket.connecting === true)
            socket.once(event, () => (this.#connected = true));
        else
            this.#connected = true;
    }
    get #phase() {
        if (!this.#connected)
            return "connecting";
        return this.#handedOver ? "waiting" : "sending";
    }
    #write(fail) {
        const body = this.#request.body;
        if (body === undefined || typeof body === "string") {
            this.#end(body);
            return;
        }
        this.#pump(body.open(), body.length).catch((error) => {
            if (this.#answered || this.#outgoing.destroyed)
                return;
            this.#outgoing.destroy();
            fail(error);
        });
    }
    /** Asks for the next chunk when the one before has left, as its memory is used again. */
    async #pump(chunks, length) {
        let left = length ?? Number.POSITIVE_INFINITY;
        for await (const chunk of chunks) {
            if (this.#outgoing.destroyed)
                return;
            left -= chunk.length;
            this.#handedOver = left <= 0;
            await new Promise((resolve, reject) => {
                this.#outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
            });
        }
        this.#end();
    }
    /** From here on the server may have all of it, though the socket has yet to say that it was sent. */
    #end(body) {
        this.#handedOver = true;
        this.#outgoing.end(body);
    }
    /** A server may answer before it has read the body (409, 401): the rest of the upload is dropped. */
    #settle(reply, resolve) {
        if (!this.#outgoing.writableFinished)
            this.#outgoing.destroy();
        resolve(reply);
    }
    #failure(error) {
        const { signal } = this.#request;
        if (signal?.aborted)
            return signal.reason instanceof Error ? signal.reason : error;
        if (!isTransport(error))
            return error;
        const code = codeOf(error);
        return new TransportError(`${error.message} (${code})`, code, this.#phase, error);
    }
}
function headersOf({ headers, body }) {
    const length = typeof body === "string" ? Buffer.byteLength(body) : body?.length;
    return length === undefined ? { ...headers } : { ...headers, "content-length": length };
}
function silence(milliseconds) {
    return Object.assign(new Error(`no answer for ${Math.round(milliseconds / 1000)} s`), { code: "ETIMEDOUT" });
}
function codeOf(error) {
    return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
/** Errors of a socket, TLS or DNS carry a code; a failure of reading the package does too, but it names a path. */
function isTransport(error) {
    return "code" in error && !("path" in error);
}
function collect(incoming) {
    return new Promise((resolve, reject) => {
        const chunks = [];
        let size = 0;
        incoming.on("data", (chunk) => {
            size += chunk.length;
            if (size <= BODY_LIMIT)
                chunks.push(chunk);
        });
        incoming.on("error", reject);
        incoming.on("end", () => {
            const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
            resolve({ status: incoming.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString("utf8") });
        });
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/kudu-errors.ts
/** The SCM site's refusals, with what mends them. Its own words are always shown. */



const KNOWN = [
    {
        matches: ({ status, text }) => status === 409 && /Run-From-Zip|WEBSITE_RUN_FROM_PACKAGE/i.test(text),
        what: "The slot runs from a package at a URL, so nothing can be deployed into it.",
        fix: "Remove the app setting WEBSITE_RUN_FROM_PACKAGE from the slot (it is not supported for Python).",
    },
    {
        matches: ({ status, text }) => status === 409 && /auto swap/i.test(text),
        what: "An auto swap of this slot is under way.",
        fix: "Turn auto swap off (az webapp deployment slot auto-swap --disable): this action swaps by itself, once the slot is healthy.",
    },
    {
        matches: ({ status }) => status === 409,
        what: "Another deployment to this slot is in progress.",
        fix: "Wait for it to end. Give the workflow a concurrency group with cancel-in-progress: false so that its runs do not meet. A deployment that never ends is cleared by restarting the SCM site: az webapp restart.",
    },
    {
        matches: ({ status, text }) => status === 403 && /ip forbidden|ip address|not allowed to|web app is stopped|site disabled/i.test(text),
        what: "The SCM site does not let this runner in.",
        fix: "Set via: arm, which deploys through Resource Manager and needs no way to the SCM site; or start the app, or allow the runner's address in the SCM access restrictions.",
    },
    {
        matches: ({ status }) => status === 403,
        what: "The identity may not deploy to this slot.",
        fix: 'It lacks the action microsoft.web/sites/publish/action (for slots microsoft.web/sites/slots/publish/action): az role assignment create --assignee <client-id> --role "Website Contributor" --scope "$(az webapp show --resource-group <group> --name <app> --query id --output tsv)". Where the SCM site is closed to this runner, set via: arm.',
    },
    {
        matches: ({ status }) => status === 401,
        what: "The SCM site refused the sign-in, also with a new token.",
        fix: "Check tenant-id and cloud, and that the identity has the role Website Contributor on the app.",
    },
    {
        matches: ({ status, text }) => isThrottled(status, text),
        what: "The SCM site throttles this run.",
        fix: "Run again later; stagger workflows that deploy to the same plan, or raise timeout.",
    },
    {
        matches: ({ status }) => status === 413,
        what: "The package is larger than the SCM site takes.",
        fix: "Leave out what the app does not need at run time; the limit is 2048 MB.",
    },
    {
        matches: ({ status }) => status === 400,
        what: "The SCM site refused the package.",
        fix: "Mend what it says, then run again.",
    },
    {
        matches: ({ status }) => status >= 500,
        what: "The SCM site does not work at the moment.",
        fix: "Run again later. When it stays, restart the app (az webapp restart) and look at its Diagnose and solve problems page.",
    },
];
function kuduFailure(operation, reply) {
    const known = KNOWN.find(({ matches }) => matches(reply));
    return new src/* ServiceError */._7({
        service: "Kudu",
        operation,
        status: reply.status,
        what: known?.what ?? `The SCM site could not ${operation}.`,
        why: `It answered ${reply.status} when asked to ${operation}${saidBy(reply)}`,
        fix: known?.fix ?? "Look at the app's deployment log in the Azure portal.",
        correlationId: reply.headers["x-ms-correlation-request-id"] ?? reply.headers["x-ms-request-id"],
        retryable: reply.status === 409 || isThrottled(reply.status, reply.text) || reply.status >= 500,
    });
}
/** What the body says, as one paragraph of at most 600 characters: JSON's message, or the text without mark-up. */
function saidBy({ text }) {
    const json = fieldsOf(jsonOf(text));
    const message = optionalText(json.Message) ?? optionalText(json.message) ?? optionalText(json.error) ?? text;
    const plain = message
        .replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ")
        .replace(/<[^>]*>/g, " ")
        .replace(/\s+/g, " ")
        .trim();
    return plain === "" ? "." : `: ${plain.slice(0, 600)}`;
}
function kuduNoReply(operation, cause, origin) {
    const unresolved = cause.code === "ENOTFOUND" || cause.code === "EAI_AGAIN";
    return new src/* ServiceError */._7({
        service: "Kudu",
        operation,
        code: cause.code,
        what: `The SCM site ${new URL(origin).host} did not answer.`,
        why: `It was asked to ${operation}: ${cause.message}.`,
        fix: unresolved
            ? "Its name does not resolve from this runner. Where the app has a private endpoint, set via: arm or use a runner inside the network."
            : "Check that this runner may reach it (private endpoint, firewall, proxy). Where it may not, set via: arm.",
        retryable: true,
        cause,
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/kudu-records.ts
/** Kudu's records, decoded. */

const STATUS_NAMES = {
    0: "pending",
    1: "building",
    2: "deploying",
    3: "failed",
    4: "succeeded",
};
const FAILED = 3;
const SUCCEEDED = 4;
function decodeDeployment(value) {
    const fields = fieldsOf(value);
    const id = decode_textOf(fields.id);
    const status = decode_numberOf(fields.status);
    if (id === "" || status === undefined)
        return undefined;
    return {
        id,
        status,
        statusText: decode_textOf(fields.status_text),
        message: decode_textOf(fields.message),
        deployer: decode_textOf(fields.deployer),
        progress: decode_textOf(fields.progress),
        receivedTime: timeOf(fields.received_time),
        complete: fields.complete === true,
        active: fields.active === true,
        temporary: fields.is_temp === true || id.startsWith("temp-"),
    };
}
/** Kudu writes UTC and sometimes leaves the zone out. */
function timeOf(value) {
    const text = optionalText(value);
    if (text === undefined)
        return undefined;
    const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
    return Number.isNaN(time) ? undefined : time;
}
function decodeLogEntry(value) {
    const fields = fieldsOf(value);
    const id = decode_textOf(fields.id);
    if (id === "" && decode_textOf(fields.message) === "")
        return undefined;
    const kind = fields.type === 2 ? "error" : fields.type === 1 ? "warning" : "message";
    return { id, message: decode_textOf(fields.message), kind, hasDetails: optionalText(fields.details_url) !== undefined };
}

;// CONCATENATED MODULE: ./packages/azure/src/kudu.ts
/** The SCM site (Kudu) of one slot: a small typed client. It has no SDK. */






/** Milliseconds without an answer to a small request. */
const SILENCE = 30_000;
/** Milliseconds without a byte sent or an answer to an upload: the front end itself ends a request at 230 s. */
const UPLOAD_SILENCE = 240_000;
const kudu_PATIENCE = 120_000;
/** The site, or its container, is starting: it answers with these or with an HTML 404. */
const STARTING = new Set([500, 502, 503, 504]);
class Kudu {
    origin;
    context;
    #http;
    #signIn;
    #cookie;
    constructor(context, http, signIn, site) {
        this.context = context;
        this.origin = `https://${site.host}`;
        this.#http = http;
        this.#signIn = signIn;
        this.#cookie =
            site.instance === undefined ? undefined : `ARRAffinity=${site.instance}; ARRAffinitySameSite=${site.instance}`;
    }
    /** One request, sent once. A 401 earns one new token; anything else is the caller's to judge. Throws `TransportError`. */
    async once(request) {
        const { path, signal = this.context.signal, timeout = SILENCE, ...rest } = request;
        const url = new URL(path, this.origin);
        if (url.origin !== this.origin)
            throw this.#foreign(url);
        for (let renewed = false;; renewed = true) {
            const token = await this.#signIn.token(this.#signIn.cloud.managementAudience);
            const headers = {
                "user-agent": "augeo-deploy-action",
                ...rest.headers,
                authorization: `Bearer ${token}`,
                ...(this.#cookie === undefined ? {} : { cookie: this.#cookie }),
            };
            const reply = await this.#http.send({ ...rest, headers, url: url.href, signal, timeout });
            if (reply.status !== 401 || renewed)
                return reply;
            this.context.log.info("The SCM site no longer accepts the token; signing in again.");
            this.#signIn.forget();
        }
    }
    /** A read, repeated while the site starts, throttles or does not answer. `accept`: statuses that are answers besides 2xx. */
    async read(operation, path, accept = [], deadline = this.context.clock.now() + kudu_PATIENCE) {
        const { clock, signal } = this.context;
        for (let attempt = 1;; attempt++) {
            const reply = await this.once({ method: "GET", path, headers: { accept: "application/json" } }).catch(onlyTransport);
            if (!(reply instanceof Error) && (reply.status < 300 || (accept.includes(reply.status) && !isStartPage(reply))))
                return reply;
            const failure = reply instanceof Error ? kuduNoReply(operation, reply, this.origin) : kuduFailure(operation, reply);
            const wished = reply instanceof Error ? undefined : retryAfterOf(reply.headers, clock.now());
            const again = reply instanceof Error || isStarting(reply) || isThrottled(reply.status, reply.text);
            if (!again || !(await pauseWithin(clock, pauseBefore(attempt, wished), deadline, signal)))
                throw failure;
            this.context.log.debug(`${failure.what} ${failure.why}`);
        }
    }
    /** Sends the package once. The reply, whatever it is; throws `TransportError` with how far the request came. */
    publish(package_, message, watch) {
        const query = new URLSearchParams({
            type: "zip",
            async: "true",
            deployer: "augeo-deploy-action",
            message,
            clean: "true",
            restart: "true",
            trackDeploymentProgress: "true",
        });
        return this.once({
            method: "POST",
            path: `/api/publish?${query}`,
            headers: { "content-type": "application/octet-stream", "cache-control": "no-cache" },
            body: package_,
            timeout: UPLOAD_SILENCE,
            ...watch,
        });
    }
    async isDeploying() {
        const reply = await this.read("ask whether a deployment runs", "/api/isdeploying");
        const value = fieldsOf(jsonOf(reply.text)).value;
        return value === true || String(value).toLowerCase() === "true";
    }
    /** Newest first. */
    async deployments() {
        const reply = await this.read("list the deployments", "/api/deployments", [404]);
        const records = listOf(jsonOf(reply.text)).flatMap((each) => decodeDeployment(each) ?? []);
        return records.sort((a, b) => (b.receivedTime ?? 0) - (a.receivedTime ?? 0));
    }
    /** One look at one deployment: the reply as it is, for a follower that forgives. */
    look(id) {
        return this.once({
            method: "GET",
            path: `/api/deployments/${encodeURIComponent(id)}`,
            headers: { accept: "application/json" },
        });
    }
    /** The deployment's log; empty while there is none. Never throws for what the site answers: a log is no reason to fail. */
    async log(id, entry) {
        const below = entry === undefined ? "" : `/${encodeURIComponent(entry)}`;
        const path = `/api/deployments/${encodeURIComponent(id)}/log${below}`;
        const reply = await this.once({ method: "GET", path, headers: { accept: "application/json" } }).catch(onlyTransport);
        if (reply instanceof Error || reply.status !== 200)
            return [];
        return listOf(jsonOf(reply.text)).flatMap((each) => decodeLogEntry(each) ?? []);
    }
    /** A file under `/home`, or undefined when it is not there. */
    async file(path) {
        const reply = await this.read("read a file of the site", `/api/vfs/${path}`, [404]);
        return reply.status === 404 ? undefined : reply.text;
    }
    /** What identifies the container that answers: it changes when the SCM site restarts. */
    async container(deadline) {
        const reply = await this.read("wait for the SCM site", "/api/environment", [404], deadline);
        const environment = fieldsOf(jsonOf(reply.text));
        const named = ["instance", "hostname", "containerId", "startTime", "processId"].map((name) => environment[name]);
        return JSON.stringify([...named, environment.version]);
    }
    #foreign(url) {
        return new src/* ServiceError */._7({
            service: "Kudu",
            operation: "follow the deployment",
            what: `The SCM site named an address on another host (${url.host}), which was not asked.`,
            why: `The access token was not sent there: it belongs to ${this.origin} alone.`,
            fix: "Check what stands between the runner and the SCM site (proxy, gateway) and rewrites addresses.",
        });
    }
}
function onlyTransport(error) {
    if (error instanceof TransportError)
        return error;
    throw error;
}
/** A site that starts answers 404 with a page of the platform; a 404 of Kudu's own is JSON or plain text. */
function isStartPage({ status, text }) {
    return status === 404 && /^\s*<(!doctype|html)/i.test(text);
}
function isStarting(reply) {
    return STARTING.has(reply.status) || isStartPage(reply);
}

;// CONCATENATED MODULE: ./packages/azure/src/operation.ts
/** Long-running operations of Resource Manager, asked about one step at a time or until their end. */



/** `Retry-After` decides; without it the SDK's own interval. */
const INTERVAL = 2_000;
const operation_FAILED = new Set(["failed", "canceled", "cancelled"]);
/** How an operation stands by the reply that started it or by one of its polls. */
function operationState(reply, now, previousUrl) {
    const url = nextUrl(reply) ?? (reply.status === 202 ? previousUrl : undefined);
    const status = bodyStatus(reply.body);
    if (reply.status >= 400)
        return { kind: "failed", status: reply.status, ...failure(reply) };
    if (status !== undefined && operation_FAILED.has(status))
        return { kind: "failed", status: undefined, ...failure(reply) };
    const running = reply.status === 202 || (status !== undefined && status !== "succeeded" && previousUrl !== undefined);
    const started = previousUrl === undefined && reply.status === 201 && url !== undefined;
    if ((running || started) && (url ?? previousUrl) !== undefined) {
        return { kind: "running", operationUrl: url ?? previousUrl ?? "", retryAfter: retryAfterOf(reply.headers, now) };
    }
    return { kind: "succeeded", body: reply.body };
}
function nextUrl(reply) {
    const target = reply.headers["azure-asyncoperation"] ?? reply.headers.location;
    return target === undefined ? undefined : new URL(target, reply.url).href;
}
/** The `status` of an Azure-AsyncOperation body; a resource has none at its top. */
function bodyStatus(body) {
    const status = typeof body === "object" && body !== null && "status" in body ? body.status : undefined;
    return typeof status === "string" ? status.toLowerCase() : undefined;
}
function failure(reply) {
    const { code, message } = armErrorBody(reply.body);
    return { code, message, correlationId: reply.headers["x-ms-correlation-request-id"] };
}
/** Asks once how the operation stands. Refuses an address on another host without sending the token. */
async function readOperation(arm, operation, operationUrl, signal) {
    const accept = [400, 404, 409, 410, 417, 422];
    const reply = await arm.call({
        operation: `${operation} (its progress)`,
        method: "GET",
        path: operationUrl,
        accept,
        signal,
    });
    return operationState(reply, arm.context.clock.now(), operationUrl);
}
/** Follows an operation to its end. Throws `ServiceError` when it fails or the deadline passes. */
async function untilDone(arm, operation, first, patience) {
    const { clock } = arm.context;
    const signal = patience.signal ?? arm.context.signal;
    let state = first;
    while (state.kind === "running") {
        const pause = state.retryAfter ?? INTERVAL;
        if (clock.now() + pause > patience.deadline)
            throw tooLong(operation, state.operationUrl);
        await clock.sleep(pause, signal);
        state = await readOperation(arm, operation, state.operationUrl, signal);
    }
    if (state.kind === "failed")
        throw operationFailed(operation, state);
    return state.body;
}
function operationFailed(operation, state) {
    return new src/* ServiceError */._7({
        service: "Azure Resource Manager",
        operation,
        status: state.status,
        code: state.code,
        what: `Azure could not complete ${operation}.`,
        why: `${[state.status, state.code].filter(Boolean).join(" ")}: ${state.message}`,
        fix: "Mend what the message names, then run again; the app's Activity log has the details.",
        correlationId: state.correlationId,
    });
}
function tooLong(operation, url) {
    return new src/* ServiceError */._7({
        service: "Azure Resource Manager",
        operation,
        what: `${operation} was not complete in the time allowed.`,
        why: `Azure accepted it and still reports it as running (${new URL(url).pathname}).`,
        fix: "It may yet complete: look at the app's Activity log. Raise timeout when this is its usual duration.",
        retryable: true,
    });
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./packages/azure/src/package/manifest.ts
/** What a package contains, as one hash: the same for a folder and for any zip of it, whoever zipped it and when. */

/** The file that labels a release, inside the package itself, so that it travels with every swap. */
const RELEASE_FILE = "augeo-release.json";
/** sha256 over one line per file, in order of path; the release file is not part of the content. */
function contentHash(files) {
    const lines = [...files]
        .filter(({ path }) => path !== RELEASE_FILE)
        .sort(byPath)
        .map(({ path, sha256, executable }) => `${sha256} ${executable ? "x" : "-"} ${path}\n`);
    return (0,external_node_crypto_.createHash)("sha256").update(lines.join("")).digest("hex");
}
/** By code unit: the same order on every machine. */
function byPath(a, b) {
    return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
const FIRST_YEAR = 1981;
const YEARS = 40;
const MONTHS = 12;
const DAYS = 28;
const TWO_SECONDS = 24 * 60 * 30;
/**
 * An entry's time as MS-DOS date and time, made from its content: Kudu copies a file when its time differs from the one
 * that is there, so equal content is left alone and changed content is copied, which a build's clock cannot promise.
 * All days exist in every month; about 580 million different times.
 */
function timeOfContent(sha256) {
    let rest = Number.parseInt(sha256.slice(0, 12), 16);
    const take = (choices) => {
        const taken = rest % choices;
        rest = Math.floor(rest / choices);
        return taken;
    };
    const tick = take(TWO_SECONDS);
    const day = take(DAYS) + 1;
    const month = take(MONTHS) + 1;
    const year = take(YEARS) + FIRST_YEAR;
    const date = ((year - 1980) << 9) | (month << 5) | day;
    const time = (Math.floor(tick / 1800) << 11) | (Math.floor((tick % 1800) / 30) << 5) | (tick % 30);
    return date * 0x10000 + time;
}

;// CONCATENATED MODULE: ./packages/azure/src/package/release-file.ts
/** The label of a release, a small file at the root of its package. */


const RELEASE_FILE_SCHEMA = 1;
/** No time in it: the same release is the same bytes. */
function encodeReleaseFile({ release, commit, content, schemaHead }) {
    return Buffer.from(`${JSON.stringify({ schema: RELEASE_FILE_SCHEMA, release, commit, content, "schema-head": schemaHead })}\n`);
}
/** Undefined when the text is no release file that this version reads. */
function decodeReleaseFile(text) {
    const fields = fieldsOf(jsonOf(text));
    const release = decode_textOf(fields.release);
    if (fields.schema !== RELEASE_FILE_SCHEMA || release === "")
        return undefined;
    const head = fields["schema-head"];
    return {
        release,
        commit: decode_textOf(fields.commit),
        content: decode_textOf(fields.content),
        schemaHead: typeof head === "string" ? head : null,
    };
}


;// CONCATENATED MODULE: ./packages/azure/src/absence.ts
/** A 404 explained: which of subscription, group, app and slot does not exist, and which do. */



/** The error itself, unless it is a 404, which becomes one that says what is there instead. */
async function explainAbsence(arm, ref, error) {
    if (!(error instanceof src/* ServiceError */._7) || error.status !== 404)
        return error;
    try {
        return (await absence(arm, ref, error)) ?? error;
    }
    catch {
        return error;
    }
}
async function absence(arm, ref, error) {
    if (error.code === "SubscriptionNotFound") {
        return explained(error, `The subscription ${arm.subscriptionId} does not exist, or this identity may not see it.`, [], "Set subscription-id to the output of az account show --query id, and check that the identity has a role in it and that tenant-id is its tenant.");
    }
    if (error.code === "ResourceGroupNotFound" || !(await exists(arm, groupPath(arm, ref.resourceGroup))))
        return absentGroup(arm, ref, error);
    if (!(await exists(arm, sitePath(arm, { ...ref, slot: PRODUCTION }))))
        return absentApp(arm, ref, error);
    if (isProduction(ref.slot))
        return undefined;
    const slots = await listSlotNames(arm, ref);
    if (slots.some((slot) => slot.toLowerCase() === ref.slot.toLowerCase()))
        return undefined;
    const target = `--resource-group ${ref.resourceGroup} --name ${ref.app}`;
    const create = `reate it (slots need a Standard plan or larger; slot-deploy also takes create-slot: true): az webapp deployment slot create ${target} --slot ${ref.slot} --configuration-source ${ref.app}`;
    const fix = slots[0] === undefined ? `C${create}` : `Set slot: ${slots[0]}, or c${create}`;
    return explained(error, `Slot "${ref.slot}" does not exist on app "${ref.app}".`, ["slots", slots], fix);
}
async function exists(arm, path) {
    const query = path.includes("/providers/") ? {} : { "api-version": "2021-04-01" };
    // 403: may not be read, which is not absent.
    const reply = await arm.call({ operation: "look what exists", method: "GET", path, query, accept: [403, 404, 501] });
    return reply.status !== 404;
}
async function absentGroup(arm, ref, error) {
    const apps = await listApps(arm, `/subscriptions/${arm.subscriptionId}`);
    const home = apps.find(({ name }) => name.toLowerCase() === ref.app.toLowerCase())?.group;
    const groups = [...new Set(apps.map(({ group }) => group))];
    const fix = home === undefined
        ? "Set resource-group to the group that holds the app."
        : `Set resource-group: ${home}, where "${ref.app}" is.`;
    return explained(error, `Resource group "${ref.resourceGroup}" does not exist in subscription ${arm.subscriptionId}.`, ["resource groups with apps", groups], fix);
}
async function absentApp(arm, ref, error) {
    const apps = await listApps(arm, `/subscriptions/${arm.subscriptionId}`);
    const home = apps.find(({ name }) => name.toLowerCase() === ref.app.toLowerCase())?.group;
    const here = apps
        .filter(({ group }) => group.toLowerCase() === ref.resourceGroup.toLowerCase())
        .map(({ name }) => name);
    const fix = home === undefined
        ? "Set app to one that exists, or create it first."
        : `Set resource-group: ${home}, where "${ref.app}" is.`;
    return explained(error, `App "${ref.app}" does not exist in resource group "${ref.resourceGroup}".`, ["apps there", here], fix);
}
async function listApps(arm, scope) {
    const path = `${scope}/providers/Microsoft.Web/sites`;
    const found = await listAll(arm, { operation: "list the apps", method: "GET", path }).catch(() => []);
    return found.map((each) => {
        const group = /\/resourceGroups\/([^/]+)/i.exec(decode_textOf(fieldsOf(each).id))?.[1] ?? "";
        return { name: decode_textOf(fieldsOf(each).name), group };
    });
}
function explained(error, what, [kind, names], fix) {
    const existing = kind === undefined
        ? ""
        : ` Existing ${kind}: ${names?.length ? names.join(", ") : "none that this identity may see"}.`;
    return new src/* ServiceError */._7({ ...error, what, why: `${error.why}.${existing}`.replace("..", "."), fix, cause: error });
}

;// CONCATENATED MODULE: ./packages/azure/src/site.ts
/** Apps and slots as Resource Manager shows them, and what may be asked of them. */



/** Azure's own word for the slot that has no `/slots/` in its path. */
const PRODUCTION = "production";
function groupPath(arm, resourceGroup) {
    return `/subscriptions/${arm.subscriptionId}/resourceGroups/${encodeURIComponent(resourceGroup)}`;
}
function sitePath(arm, { resourceGroup, app, slot }) {
    const site = `${groupPath(arm, resourceGroup)}/providers/Microsoft.Web/sites/${encodeURIComponent(app)}`;
    return isProduction(slot) ? site : `${site}/slots/${encodeURIComponent(slot)}`;
}
function isProduction(slot) {
    return slot.toLowerCase() === PRODUCTION;
}
/** A call on a slot; a 404 is explained by what exists instead. */
async function callSlot(arm, ref, request) {
    const { below = "", ...rest } = request;
    try {
        return await arm.call({ ...rest, path: `${sitePath(arm, ref)}${below}` });
    }
    catch (error) {
        throw await explainAbsence(arm, ref, error);
    }
}
async function readSite(arm, ref) {
    const reply = await callSlot(arm, ref, { operation: `read ${nameOf(ref)}`, method: "GET" });
    return decodeSite(reply.body);
}
/** The slot, or undefined when the app exists and the slot does not. */
async function findSlot(arm, ref) {
    const reply = await callSlot(arm, ref, { operation: `read ${nameOf(ref)}`, method: "GET", accept: [404] });
    return reply.status === 404 ? undefined : decodeSite(reply.body);
}
function nameOf({ app, slot }) {
    return isProduction(slot) ? `the app "${app}"` : `the slot "${slot}" of "${app}"`;
}
function decodeSite(body) {
    const site = fieldsOf(body);
    const properties = fieldsOf(site.properties);
    const scm = listOf(properties.hostNameSslStates)
        .map(fieldsOf)
        .find((state) => state.hostType === "Repository");
    return {
        id: decode_textOf(site.id),
        location: decode_textOf(site.location),
        kind: decode_textOf(site.kind),
        state: decode_textOf(properties.state),
        defaultHostName: decode_textOf(properties.defaultHostName),
        scmHostName: optionalText(scm?.name),
        serverFarmId: decode_textOf(properties.serverFarmId),
        httpsOnly: properties.httpsOnly === true,
        identity: site.identity,
        tags: textsOf(site.tags),
        targetSwapSlot: optionalText(properties.targetSwapSlot),
        slotSwapStatus: decodeSwapStatus(properties.slotSwapStatus),
        inProgressOperationId: optionalText(properties.inProgressOperationId),
        properties,
    };
}
function decodeSwapStatus(value) {
    const { timestampUtc, sourceSlotName, destinationSlotName } = textsOf(value);
    if (timestampUtc === undefined)
        return undefined;
    return { timestampUtc, sourceSlotName: sourceSlotName ?? "", destinationSlotName: destinationSlotName ?? "" };
}
/** Every page of a list. */
async function listAll(arm, request) {
    const found = [];
    let next = request;
    while (next !== undefined) {
        const page = fieldsOf((await arm.call(next)).body);
        found.push(...listOf(page.value));
        const nextLink = optionalText(page.nextLink);
        next = nextLink === undefined ? undefined : { operation: request.operation, method: "GET", path: nextLink };
    }
    return found;
}
/** Names of the app's slots, without production. */
async function listSlotNames(arm, ref) {
    const path = `${sitePath(arm, { ...ref, slot: PRODUCTION })}/slots`;
    const slots = await listAll(arm, { operation: "list the slots", method: "GET", path });
    return slots.map((slot) => decode_textOf(fieldsOf(slot).name).split("/").at(-1) ?? "");
}
/**
 * Sends one swap of the slot with production and never a second. Returns as soon as it was accepted, with the URL of
 * the operation, so that it can be saved before it is polled (`readOperation`, `untilDone`). Throws `ServiceError`;
 * with `status` undefined no reply came, and only identity can tell whether the swap runs.
 */
async function startSwap(arm, ref) {
    const body = { targetSlot: ref.slot, preserveVnet: true };
    const site = { ...ref, slot: PRODUCTION };
    const reply = await callSlot(arm, site, {
        operation: "swap the slots",
        method: "POST",
        below: "/slotsswap",
        body,
        once: true,
    });
    return operationState(reply, arm.context.clock.now());
}
async function restartSite(arm, ref, synchronous) {
    const query = { softRestart: "false", synchronous: String(synchronous) };
    await callSlot(arm, ref, { operation: `restart ${nameOf(ref)}`, method: "POST", below: "/restart", query });
}
async function startSite(arm, ref) {
    await callSlot(arm, ref, { operation: `start ${nameOf(ref)}`, method: "POST", below: "/start" });
}
async function listInstances(arm, ref) {
    const path = `${sitePath(arm, ref)}/instances`;
    const found = await listAll(arm, { operation: "list the instances", method: "GET", path });
    return found.map((each) => ({
        id: decode_textOf(fieldsOf(each).name).split("/").at(-1) ?? "",
        state: decode_textOf(fieldsOf(fieldsOf(each).properties).state),
    }));
}
/** The tail of the container's log; empty where there is none. */
async function readContainerLog(arm, ref) {
    const reply = await callSlot(arm, ref, {
        operation: "read the container log",
        method: "POST",
        below: "/containerlogs",
    });
    return typeof reply.body === "string" ? reply.body : "";
}
async function deleteSlot(arm, ref) {
    if (isProduction(ref.slot))
        throw new Error("Production is never deleted.");
    await callSlot(arm, ref, { operation: `delete ${nameOf(ref)}`, method: "DELETE", accept: [404] });
}

;// CONCATENATED MODULE: ./packages/azure/src/site-settings.ts


async function readAppSettings(arm, ref) {
    const reply = await callSlot(arm, ref, {
        operation: "read the app settings",
        method: "POST",
        below: "/config/appsettings/list",
    });
    return textsOf(fieldsOf(reply.body).properties);
}
/** Replaces the whole set; restarts the app and its SCM container. */
async function writeAppSettings(arm, ref, settings) {
    const body = { properties: settings };
    await callSlot(arm, ref, { operation: "write the app settings", method: "PUT", below: "/config/appsettings", body });
}
async function readConnectionStrings(arm, ref) {
    const below = "/config/connectionstrings/list";
    const reply = await callSlot(arm, ref, { operation: "read the connection strings", method: "POST", below });
    const properties = Object.entries(fieldsOf(fieldsOf(reply.body).properties));
    return Object.fromEntries(properties.map(([name, each]) => [
        name,
        { value: decode_textOf(fieldsOf(each).value), type: decode_textOf(fieldsOf(each).type) },
    ]));
}
async function writeConnectionStrings(arm, ref, strings) {
    const body = { properties: strings };
    await callSlot(arm, ref, {
        operation: "write the connection strings",
        method: "PUT",
        below: "/config/connectionstrings",
        body,
    });
}
/** Settings that stay with their slot when slots are swapped; kept on the site as a whole. */
async function readStickyNames(arm, ref) {
    const site = { ...ref, slot: PRODUCTION };
    const reply = await callSlot(arm, site, {
        operation: "read the slot setting names",
        method: "GET",
        below: "/config/slotConfigNames",
    });
    const properties = fieldsOf(fieldsOf(reply.body).properties);
    const names = (key) => listOf(properties[key]).filter((name) => typeof name === "string");
    return {
        appSettingNames: names("appSettingNames"),
        connectionStringNames: names("connectionStringNames"),
        azureStorageConfigNames: names("azureStorageConfigNames"),
    };
}
async function readConfiguration(arm, ref) {
    const reply = await callSlot(arm, ref, { operation: "read the configuration", method: "GET", below: "/config/web" });
    return fieldsOf(fieldsOf(reply.body).properties);
}
/** Changes the given fields of `config/web` and leaves the others. */
async function changeConfiguration(arm, ref, fields, mayRepeat) {
    const body = { properties: fields };
    const operation = "change the configuration";
    await callSlot(arm, ref, { operation, method: "PATCH", below: "/config/web", body, mayRepeat });
}
async function readRampUpRules(arm, ref) {
    return rampUpRulesOf(await readConfiguration(arm, { ...ref, slot: PRODUCTION }));
}
/** The routing rules in production's configuration. */
function rampUpRulesOf(configuration) {
    return listOf(fieldsOf(configuration.experiments).rampUpRules).map((rule) => {
        const { actionHostName, name, reroutePercentage } = fieldsOf(rule);
        return {
            actionHostName: decode_textOf(actionHostName),
            name: decode_textOf(name),
            reroutePercentage: decode_numberOf(reroutePercentage) ?? 0,
        };
    });
}
/** Writes the rules whole; an empty list ends all routing. */
function writeRampUpRules(arm, ref, rampUpRules, mayRepeat) {
    return changeConfiguration(arm, { ...ref, slot: PRODUCTION }, { experiments: { rampUpRules } }, mayRepeat);
}
/** What a swap with production would change in settings. */
async function slotDifferences(arm, ref) {
    const site = sitePath(arm, { ...ref, slot: PRODUCTION });
    const body = { targetSlot: ref.slot, preserveVnet: true };
    const found = await listAll(arm, {
        operation: "compare the slots",
        method: "POST",
        path: `${site}/slotsdiffs`,
        body,
    });
    return found.map((each) => {
        const known = textsOf(fieldsOf(each).properties);
        const value = (key) => known[key] ?? "";
        return {
            level: value("level"),
            settingType: value("settingType"),
            diffRule: value("diffRule"),
            settingName: value("settingName"),
            valueInCurrentSlot: value("valueInCurrentSlot"),
            valueInTargetSlot: value("valueInTargetSlot"),
            description: value("description"),
        };
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/traffic.ts
/** The share of production's requests that goes to a slot: one of production's routing rules. */


/** What the rules send to the slot, in percent, and those that are none of its business. */
async function readTraffic(arm, { ref, staging }) {
    const rules = await readRampUpRules(arm, ref);
    const isSame = (one, other) => one.toLowerCase() === other.toLowerCase();
    const isOwn = ({ actionHostName, name }) => isSame(actionHostName, staging.defaultHostName) || isSame(name, ref.slot);
    return { weight: rules.find(isOwn)?.reroutePercentage ?? 0, others: rules.filter((rule) => !isOwn(rule)) };
}
/** As `Slots.route`: looks before every request, also before one that is repeated. */
async function setTraffic(arm, slot, weight, expected) {
    const { ref, staging } = slot;
    const { weight: found, others } = await readTraffic(arm, slot);
    if (expected !== null && found !== expected)
        return { kind: "withheld", weight: found };
    const own = { actionHostName: staging.defaultHostName, name: ref.slot, reroutePercentage: weight };
    const seen = [];
    const mayRepeat = async () => {
        // Whether it is as before is not known when it cannot be read.
        seen.push(await readTraffic(arm, slot).then((now) => now.weight, () => undefined));
        return seen.at(-1) === expected;
    };
    try {
        const rules = weight === 0 ? others : [...others, own];
        await writeRampUpRules(arm, ref, rules, expected === null ? undefined : mayRepeat);
    }
    catch (error) {
        // No reply, and a moment later it is there. A rule that is gone may as well have been removed by somebody.
        if (weight !== 0 && seen.at(-1) === weight)
            return { kind: "set" };
        // What answered the repetition says nothing of the request before it.
        throw error instanceof src/* ServiceError */._7 && seen.length > 0 ? new src/* ServiceError */._7({ ...error, status: undefined }) : error;
    }
    return { kind: "set" };
}

;// CONCATENATED MODULE: ./packages/azure/src/app-slots.ts







/** How long an SCM site that starts or throttles is asked before the slot counts as not readable for now. */
const SCM_PATIENCE = 45_000;
/** An accepted swap whose reply is on its way is worth some seconds, also when the run was cancelled meanwhile. */
const SWAP_GRACE = 5_000;
const SWAP = "swap the slots";
class AppSlots {
    arm;
    #options;
    #hosts;
    constructor(options) {
        this.#options = options;
        this.arm = new Arm(options.context, options.signIn, options.subscriptionId);
    }
    /** Both sites as they were first read: host names and SCM hosts stay with the slot when it is swapped. */
    sites() {
        this.#hosts ??= this.#readSites();
        return this.#hosts;
    }
    async observe({ identityOnly = false } = {}) {
        const isFirst = this.#hosts === undefined;
        const { ref } = this.#options;
        const { production, staging } = await this.sites();
        const [site, weight, inProduction, inStaging] = await Promise.all([
            isFirst ? production : readSite(this.arm, { ...ref, slot: PRODUCTION }),
            identityOnly ? 0 : this.weight(),
            this.#content(production),
            this.#content(staging),
        ]);
        const swappedAt = Date.parse(site.slotSwapStatus?.timestampUtc ?? "");
        return {
            production: inProduction,
            staging: inStaging,
            weight,
            operation: site.inProgressOperationId,
            lastSwapAt: Number.isNaN(swappedAt) ? undefined : swappedAt,
        };
    }
    /** The share of production's requests that goes to the staging slot, 0 to 100, by one request to Azure. */
    async weight() {
        const { ref } = this.#options;
        return (await readTraffic(this.arm, { ref, staging: (await this.sites()).staging })).weight;
    }
    /** What a slot's release file says; undefined without one. Throws when the SCM site cannot be read. */
    async releaseFile(where) {
        const { context, http, signIn } = this.#options;
        const site = (await this.sites())[where];
        const kudu = new Kudu(context, http, signIn, { host: scmHostOf(site) });
        const deadline = context.clock.now() + SCM_PATIENCE;
        const path = `/api/vfs/site/wwwroot/${RELEASE_FILE}`;
        const reply = await kudu.read("read which release the slot runs", path, [404], deadline);
        return reply.status === 404 ? undefined : decodeReleaseFile(reply.text);
    }
    async swap() {
        const { context, signIn, subscriptionId, ref } = this.#options;
        const late = lateSignal(context.signal, SWAP_GRACE, context.clock);
        const arm = new Arm({ ...context, signal: late }, signIn, subscriptionId);
        try {
            return this.#status(await startSwap(arm, ref));
        }
        catch (error) {
            if (error instanceof src/* ServiceError */._7)
                return swapRefusal(error);
            if (late.aborted)
                return { kind: "unknown", why: "the run was cancelled before the reply came" };
            throw error;
        }
    }
    async swapStatus(operationUrl) {
        try {
            const status = this.#status(await readOperation(this.arm, SWAP, operationUrl));
            const isForgotten = status.kind === "failed" && (status.status === 404 || status.status === 410);
            return isForgotten ? { kind: "unknown", why: "Azure no longer knows the operation" } : status;
        }
        catch (error) {
            if (!(error instanceof src/* ServiceError */._7))
                throw error;
            // The swap goes on whether or not its progress can be read.
            this.#options.context.log.info(`${error.what} ${error.why}`);
            return error.retryable ? { kind: "running", operationUrl } : { kind: "unknown", why: error.why };
        }
    }
    async route(weight, expected) {
        return setTraffic(this.arm, { ref: this.#options.ref, staging: (await this.sites()).staging }, weight, expected);
    }
    async #readSites() {
        const { ref } = this.#options;
        const [production, staging] = await Promise.all([
            readSite(this.arm, { ...ref, slot: PRODUCTION }),
            readSite(this.arm, ref),
        ]);
        return { production, staging };
    }
    async #content(site) {
        try {
            const file = await this.releaseFile(site === (await this.sites()).production ? "production" : "staging");
            if (!file)
                return { kind: "unlabelled" };
            return { kind: "release", release: file.release, schemaHead: file.schemaHead };
        }
        catch (error) {
            if (!(error instanceof src/* ServiceError */._7) || error.status === 401 || error.status === 403)
                throw error;
            return { kind: "unreadable", why: error.why };
        }
    }
    #status(state) {
        if (state.kind === "running")
            return { kind: "running", operationUrl: state.operationUrl, retryAfter: state.retryAfter };
        if (state.kind === "succeeded")
            return { kind: "succeeded" };
        const { status, code, message } = state;
        return { kind: "failed", status, code, message, busy: false };
    }
}
/** Which end a refused or unanswered request means: only a 4xx says for sure that nothing was begun. */
function swapRefusal(error) {
    const { status, code, why } = error;
    if (status === undefined || status >= 500 || status === 408)
        return { kind: "unknown", why };
    return {
        kind: "failed",
        status,
        code,
        message: why,
        busy: status === 409 && /another operation is in progress/i.test(why),
    };
}
function scmHostOf(site) {
    if (site.scmHostName !== undefined)
        return site.scmHostName;
    throw new src/* ServiceError */._7({
        service: "Azure Resource Manager",
        operation: "find the SCM site",
        what: "Azure names no SCM site of the slot.",
        why: "Its host names include none of the type Repository.",
        fix: "Check that the app is an App Service app, and that its SCM site is not disabled.",
    });
}
/** Aborts `grace` milliseconds after the given signal. */
function lateSignal(signal, grace, clock) {
    const controller = new AbortController();
    const abort = () => clock.sleep(grace).then(() => controller.abort(signal.reason), () => undefined);
    if (signal.aborted)
        void abort();
    else
        signal.addEventListener("abort", abort, { once: true });
    return controller.signal;
}

;// CONCATENATED MODULE: ./packages/azure/src/blob.ts
/** Blob Storage, as far as packages and the ledger need it. The SDK is loaded with the first use. */

/** Bytes of one block of a package that is sent; memory holds one. */
const BLOCK = 4 * 1024 * 1024;
/** Service version of SAS tokens: the newest that also older emulators accept. */
const SAS_VERSION = "2024-11-04";
function containerAddress(url) {
    const address = URL.canParse(url) ? new URL(url) : undefined;
    const parts = address?.pathname.split("/").filter(Boolean) ?? [];
    const container = parts.at(-1);
    if (address === undefined || container === undefined || parts.length > 2) {
        throw new src/* UsageError */.eb({
            what: `"${url}" is not the address of a blob container.`,
            why: "It must name a storage account and one container in it.",
            fix: "Write https://<account>.blob.core.windows.net/<container>.",
        });
    }
    const inPath = parts.length === 2 ? parts[0] : undefined;
    const account = inPath ?? address.hostname.split(".")[0] ?? "";
    return { serviceUrl: inPath === undefined ? address.origin : `${address.origin}/${inPath}`, account, container };
}
class BlobAccess {
    #context;
    #signIn;
    #services = new Map();
    constructor(context, signIn) {
        this.#context = context;
        this.#signIn = signIn;
    }
    /** The SDK's own client for a container, signed in; calls through it throw the SDK's errors (`blobFailure`). */
    async container(address) {
        return (await this.#service(address.serviceUrl)).getContainerClient(address.container);
    }
    /**
     * Stores a package under its name unless it is there: names are made from content. One that is there is touched, so
     * that it counts as new for whoever deletes old ones. Returns whether it was sent.
     */
    async store(address, name, upload) {
        const blob = (await this.container(address)).getBlockBlobClient(name);
        return this.#call(`store ${name}`, address, async () => {
            if (await touch(blob, this.#context))
                return false;
            await this.#send(blob, upload);
            return true;
        });
    }
    /** Sends block after block from one buffer; the blob appears whole or not at all. */
    async #send(blob, upload) {
        const abortSignal = this.#context.signal;
        const ids = [];
        for await (const block of blocksOf(upload.open())) {
            const id = Buffer.from(String(ids.length).padStart(8, "0")).toString("base64");
            await blob.stageBlock(id, block, block.length, { abortSignal });
            ids.push(id);
        }
        const blobHTTPHeaders = { blobContentType: "application/zip" };
        await blob
            .commitBlockList(ids, { abortSignal, blobHTTPHeaders, conditions: { ifNoneMatch: "*" } })
            .catch((error) => {
            // Another run stored the same content meanwhile.
            if (blob_codeOf(error) !== "BlobAlreadyExists")
                throw error;
        });
    }
    /** The stored package's bytes; undefined when it is not there. */
    async open(address, name) {
        const blob = (await this.container(address)).getBlobClient(name);
        const signal = this.#context.signal;
        try {
            const { contentLength } = await blob.getProperties({ abortSignal: signal });
            return { open: () => download(blob, signal), length: contentLength };
        }
        catch (error) {
            if (statusOf(error) === 404)
                return undefined;
            throw blobFailure(`read ${name}`, address, error);
        }
    }
    /** A URL that reads one blob for `life` milliseconds, signed by the identity itself (user delegation): no account key. */
    async readUrl(address, name, life) {
        const { BlobSASPermissions, generateBlobSASQueryParameters, SASProtocol } = await Promise.all(/* import() */[__webpack_require__.e(818), __webpack_require__.e(738), __webpack_require__.e(981)]).then(__webpack_require__.bind(__webpack_require__, 4981));
        const service = await this.#service(address.serviceUrl);
        const now = this.#context.clock.now();
        // Clocks differ by minutes at times.
        const [startsOn, expiresOn] = [new Date(now - 300_000), new Date(now + life)];
        return this.#call(`sign a URL for ${name}`, address, async () => {
            const key = await service.getUserDelegationKey(startsOn, expiresOn, { abortSignal: this.#context.signal });
            const permissions = BlobSASPermissions.parse("r");
            const values = {
                containerName: address.container,
                blobName: name,
                permissions,
                startsOn,
                expiresOn,
                protocol: SASProtocol.Https,
                version: SAS_VERSION,
            };
            const query = generateBlobSASQueryParameters(values, key, address.account).toString();
            this.#context.log.mask(query);
            return `${service.getContainerClient(address.container).getBlobClient(name).url}?${query}`;
        });
    }
    #service(url) {
        const known = this.#services.get(url) ?? this.#load(url);
        this.#services.set(url, known);
        return known;
    }
    async #load(url) {
        const audience = this.#signIn.cloud.storageAudience;
        await this.#signIn.token(audience);
        const { BlobServiceClient } = await Promise.all(/* import() */[__webpack_require__.e(818), __webpack_require__.e(738), __webpack_require__.e(981)]).then(__webpack_require__.bind(__webpack_require__, 4981));
        return new BlobServiceClient(url, this.#signIn.asCredential(), {
            audience,
            userAgentOptions: { userAgentPrefix: "augeo-deploy-action" },
            retryOptions: { maxTries: 5, tryTimeoutInMs: 120_000, retryDelayInMs: 1_000, maxRetryDelayInMs: 15_000 },
        });
    }
    async #call(operation, address, act) {
        try {
            return await act();
        }
        catch (error) {
            throw this.#context.signal.aborted ? this.#context.signal.reason : blobFailure(operation, address, error);
        }
    }
}
/** Gives a blob a new ETag and time. False when it is not there. */
async function touch(blob, { clock, signal }) {
    try {
        await blob.setMetadata({ storedAgain: new Date(clock.now()).toISOString() }, { abortSignal: signal });
        return true;
    }
    catch (error) {
        if (blob_codeOf(error) === "BlobNotFound")
            return false;
        throw error;
    }
}
async function* download(blob, abortSignal) {
    const { readableStreamBody } = await blob.download(0, undefined, { abortSignal, maxRetryRequests: 5 });
    if (readableStreamBody === undefined)
        return;
    for await (const chunk of readableStreamBody)
        yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}
/** Chunks joined to blocks of one buffer; a block is valid until the next is asked for. */
async function* blocksOf(chunks) {
    const buffer = Buffer.allocUnsafeSlow(BLOCK);
    let filled = 0;
    for await (const chunk of chunks) {
        for (let done = 0; done < chunk.length;) {
            const copied = chunk.copy(buffer, filled, done);
            done += copied;
            filled += copied;
            if (filled < BLOCK)
                continue;
            yield buffer;
            filled = 0;
        }
    }
    if (filled > 0)
        yield buffer.subarray(0, filled);
}
function statusOf(error) {
    return typeof error === "object" && error !== null && "statusCode" in error && typeof error.statusCode === "number"
        ? error.statusCode
        : undefined;
}
function blob_codeOf(error) {
    return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
        ? error.code
        : undefined;
}
/** An error of the storage SDK in our form, with the role that is missing where one is. */
function blobFailure(operation, address, error) {
    if (error instanceof src/* ServiceError */._7)
        return error;
    const [status, code] = [statusOf(error), blob_codeOf(error)];
    const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return new src/* ServiceError */._7({
        service: "Blob Storage",
        operation,
        status,
        code,
        what: `Blob Storage could not ${operation} in ${address.serviceUrl}/${address.container}.`,
        why: `It answered ${[status, code].filter(Boolean).join(" ") || "nothing"}: ${message}`,
        fix: remedy(status, code, operation, address),
        retryable: status === undefined || status === 429 || status >= 500,
        cause: error,
    });
}
function remedy(status, code, operation, { account, container }) {
    const role = operation.startsWith("sign") ? "Storage Blob Delegator" : "Storage Blob Data Contributor";
    if (status === 403 && code !== "AuthorizationFailure") {
        return `Assign the role ${role} on the storage account (it takes a few minutes to work): az role assignment create --assignee <client-id> --role "${role}" --scope $(az storage account show --name ${account} --query id -o tsv)`;
    }
    if (status === 403)
        return "The storage account's firewall or its network rules keep this runner out: allow it, or use a runner inside the network.";
    if (code === "ContainerNotFound")
        return `Create the container: az storage container create --account-name ${account} --name ${container} --auth-mode login`;
    if (status === undefined)
        return `Check the account's name (${account}) and that this runner reaches it.`;
    return "Run again; see the storage account's Diagnose and solve problems page when it stays.";
}

;// CONCATENATED MODULE: ./packages/azure/src/cloud.ts
/** Which Azure: the endpoints behind the `cloud` input. */

/** Hosts and audiences of Microsoft's documentation of the national clouds. */
const CLOUDS = {
    AzureCloud: {
        name: "AzureCloud",
        authority: "https://login.microsoftonline.com",
        management: "https://management.azure.com",
        graph: "https://graph.microsoft.com",
        managementAudience: "https://management.azure.com",
        audience: "api://AzureADTokenExchange",
        storageAudience: "https://storage.azure.com",
        databaseAudience: "https://ossrdbms-aad.database.windows.net",
        appInsights: "https://api.applicationinsights.io",
        logAnalytics: "https://api.loganalytics.azure.com",
        appInsightsAudience: "https://api.applicationinsights.io",
        logAnalyticsAudience: "https://api.loganalytics.io",
    },
    AzureUSGovernment: {
        name: "AzureUSGovernment",
        authority: "https://login.microsoftonline.us",
        management: "https://management.usgovcloudapi.net",
        graph: "https://graph.microsoft.us",
        managementAudience: "https://management.usgovcloudapi.net",
        audience: "api://AzureADTokenExchangeUSGov",
        storageAudience: "https://storage.azure.com",
        databaseAudience: "https://ossrdbms-aad.database.usgovcloudapi.net",
        appInsights: "https://api.applicationinsights.us",
        logAnalytics: "https://api.loganalytics.us",
        appInsightsAudience: "https://api.applicationinsights.us",
        logAnalyticsAudience: "https://api.loganalytics.us",
    },
    AzureChinaCloud: {
        name: "AzureChinaCloud",
        authority: "https://login.partner.microsoftonline.cn",
        management: "https://management.chinacloudapi.cn",
        graph: "https://microsoftgraph.chinacloudapi.cn",
        managementAudience: "https://management.chinacloudapi.cn",
        audience: "api://AzureADTokenExchangeChina",
        storageAudience: "https://storage.azure.com",
        databaseAudience: "https://ossrdbms-aad.database.chinacloudapi.cn",
        appInsights: "https://api.applicationinsights.azure.cn",
        logAnalytics: "https://api.loganalytics.azure.cn",
        appInsightsAudience: "https://api.applicationinsights.azure.cn",
        logAnalyticsAudience: "https://api.loganalytics.azure.cn",
    },
};
const ORIGINS = ["authority", "management"];
/** Origins that most actions never ask; a cloud that names none has the public cloud's. */
const FURTHER_ORIGINS = ["appInsights", "logAnalytics", "graph"];
const AUDIENCES = [
    "managementAudience",
    "audience",
    "storageAudience",
    "databaseAudience",
    "appInsightsAudience",
    "logAnalyticsAudience",
];
const KEYS = [...ORIGINS, ...FURTHER_ORIGINS, ...AUDIENCES];
/** Reads the `cloud` input: a known name, or a JSON object of endpoints over those of the public cloud. */
function cloudFrom(input) {
    const text = input.trim();
    if (text.startsWith("{"))
        return customCloud(text);
    const known = Object.entries(CLOUDS).find(([name]) => name.toLowerCase() === text.toLowerCase());
    if (known === undefined) {
        throw notACloud(`"${text}" is no cloud this action knows`, `set cloud to one of ${Object.keys(CLOUDS).join(", ")}, or to a JSON object with authority and management`);
    }
    return known[1];
}
function customCloud(text) {
    const given = parseObject(text);
    const unknown = Object.keys(given).filter((key) => key !== "name" && !KEYS.includes(key));
    if (unknown.length > 0) {
        throw notACloud(`it has unknown keys: ${unknown.join(", ")}`, `use only ${KEYS.join(", ")}`);
    }
    const [authority, management] = ORIGINS.map((key) => originOf(key, given[key]));
    const audiences = Object.fromEntries(AUDIENCES.flatMap((key) => (typeof given[key] === "string" ? [[key, given[key]]] : [])));
    const further = Object.fromEntries(FURTHER_ORIGINS.flatMap((key) => (given[key] === undefined ? [] : [[key, originOf(key, given[key])]])));
    const name = typeof given.name === "string" ? given.name : "custom";
    return { ...publicCloud(), ...audiences, ...further, name, authority: authority ?? "", management: management ?? "" };
}
function publicCloud() {
    return cloudFrom("AzureCloud");
}
function parseObject(text) {
    try {
        return JSON.parse(text);
    }
    catch (error) {
        throw notACloud(`it is not valid JSON: ${error instanceof Error ? error.message : error}`, "mend the JSON object");
    }
}
function originOf(key, value) {
    if (typeof value !== "string" || !URL.canParse(value) || new URL(value).protocol !== "https:") {
        throw notACloud(`${key} is not an https address`, `give "${key}": "https://…" in the JSON object`);
    }
    return new URL(value).origin;
}
function notACloud(why, fix) {
    return new src/* UsageError */.eb({ what: "The input cloud cannot be used.", why: `${why}.`, fix: `${fix}.` });
}

;// CONCATENATED MODULE: ./packages/azure/src/deployment-log.ts
/** Lines kept for explaining a failure. */
const KEPT = 20;
class DeploymentLog {
    #kudu;
    #shown = new Map();
    #recent = [];
    #errors = [];
    constructor(kudu) {
        this.#kudu = kudu;
    }
    /** The last error lines, else the last lines. */
    get tail() {
        return this.#errors.length > 0 ? this.#errors : this.#recent;
    }
    /** Shows what is new in the deployment's log and in the details of its newest entries. */
    async show(id) {
        const entries = await this.#kudu.log(id);
        this.#showNew("", entries);
        for (const entry of entries.filter(({ hasDetails }) => hasDetails)) {
            this.#showNew(entry.id, await this.#kudu.log(id, entry.id));
        }
    }
    #showNew(parent, entries) {
        const known = this.#shown.get(parent) ?? 0;
        for (const { message, kind } of entries.slice(known)) {
            const line = parent === "" ? message : `  ${message}`;
            this.#kudu.context.log.quote(line);
            keep(this.#recent, line.trim());
            if (kind === "error")
                keep(this.#errors, line.trim());
        }
        this.#shown.set(parent, Math.max(known, entries.length));
    }
}
function keep(lines, line) {
    lines.push(line);
    if (lines.length > KEPT)
        lines.shift();
}

;// CONCATENATED MODULE: ./packages/azure/src/follow-deployment.ts
/** Following one deployment of ours by its id to its end, through restarts and refusals of the SCM site. */







const SHORTEST = 200;
const LONGEST_EARLY = 600;
const LONGEST = 5_000;
const EARLY = 60_000;
/** Milliseconds between looks at the log while nothing else changes. */
const LOG_INTERVAL = 2_000;
/** Refusals of the sign-in, each after a new token, until it is given up. */
const MOST_REFUSALS = 3;
/**
 * The pause before the next look: a tenth of what has passed, between 0.2 s and 0.6 s in the first minute, so that an
 * end is noticed within 0.3 s on average; later up to 5 s. What the server asks for is a lower bound.
 */
function pollPause(elapsed, wished) {
    const longest = elapsed < EARLY ? LONGEST_EARLY : Math.min(LONGEST, elapsed / 50);
    return Math.max(wished ?? 0, Math.max(SHORTEST, Math.min(longest, elapsed / 10)));
}
async function followDeployment(kudu, id, { deadline, retryAfter }) {
    const { clock, signal } = kudu.context;
    const follower = new Follower(kudu, id);
    const start = clock.now();
    let wished = retryAfter;
    for (;;) {
        const pause = pollPause(clock.now() - start, wished);
        if (clock.now() + pause > deadline)
            throw follower.tooLong();
        await clock.sleep(pause, signal);
        const reply = await kudu.look(id).catch(follow_deployment_onlyTransport);
        const record = await follower.take(reply);
        if (record !== undefined)
            return { kind: record.status === SUCCEEDED ? "succeeded" : "failed", record, lines: follower.log.tail };
        wished = reply instanceof Error ? undefined : retryAfterOf(reply.headers, clock.now());
    }
}
/**
 * Linux shows any record as pending while the deployment lock is held, a completed one too: `complete` counts only for
 * statuses that are none of App Service's own.
 */
function hasEnded({ status, complete }) {
    return status === SUCCEEDED || status === FAILED || (complete && STATUS_NAMES[status] === undefined);
}
class Follower {
    log;
    #kudu;
    #id;
    #last = "nothing yet";
    #stage = "";
    #refusals = 0;
    #logShownAt = Number.NEGATIVE_INFINITY;
    constructor(kudu, id) {
        this.#kudu = kudu;
        this.#id = id;
        this.log = new DeploymentLog(kudu);
    }
    /** The record when the deployment has ended, otherwise undefined. Throws only for what no waiting mends. */
    async take(reply) {
        const record = reply instanceof Error || reply.status >= 300 ? undefined : decodeDeployment(jsonOf(reply.text));
        if (record === undefined)
            return this.#forgive(reply);
        this.#refusals = 0;
        const ended = hasEnded(record);
        await this.#report(record, ended);
        return ended ? record : undefined;
    }
    /** A site that restarts answers 404 or 502, another instance 404; the deployment goes on meanwhile. */
    #forgive(reply) {
        if (reply instanceof Error)
            this.#last = reply.message;
        else {
            this.#last = `answer ${reply.status}`;
            const refused = reply.status === 401 || (reply.status === 403 && !isThrottled(reply.status, reply.text));
            if (refused && ++this.#refusals >= MOST_REFUSALS)
                throw kuduFailure("follow the deployment", reply);
        }
        this.#kudu.context.log.debug(`The SCM site did not show the deployment: ${this.#last}.`);
        return undefined;
    }
    async #report(record, ended) {
        const { log, clock } = this.#kudu.context;
        const stage = STATUS_NAMES[record.status] ?? `status ${record.status}`;
        this.#last = stage;
        const changed = stage !== this.#stage;
        if (changed && !ended)
            log.info(`Deployment ${this.#id}: ${stage}.`);
        this.#stage = stage;
        if (!changed && !ended && clock.now() - this.#logShownAt < LOG_INTERVAL)
            return;
        this.#logShownAt = clock.now();
        await this.log.show(this.#id);
    }
    tooLong() {
        const unknown = /^status (-?\d+)$/.exec(this.#last);
        return new src/* ServiceError */._7({
            service: "Kudu",
            operation: "follow the deployment",
            what: `The deployment ${this.#id} did not end in the time allowed.`,
            why: unknown === null
                ? `The SCM site last showed: ${this.#last}.`
                : `The SCM site reports the status ${unknown[1]}, which means neither success nor failure of an App Service deployment.`,
            fix: "It may go on in the slot; the next run waits for it before it sends anything. Raise timeout when builds take this long; restart the slot (az webapp restart) when it hangs.",
            retryable: true,
        });
    }
}
function follow_deployment_onlyTransport(error) {
    if (error instanceof TransportError)
        return error;
    throw error;
}

;// CONCATENATED MODULE: ./packages/azure/src/deploy-by-url.ts
/**
 * One package into one slot through Resource Manager, which fetches it from Blob Storage: for slots whose SCM site this
 * runner cannot reach. The SDK's own operation sends no body, so the request is made here.
 */








/** Milliseconds for which the URL of the package is valid: as long as Azure may take to fetch it. */
const URL_LIFE = 3_600_000;
const SEARCH = 60_000;
/** The blob that holds a package with its label: the same name means the same bytes. */
function packageBlob(release) {
    return `artifacts/${(0,external_node_crypto_.createHash)("sha256").update(release.content).update(encodeReleaseFile(release)).digest("hex")}.zip`;
}
async function deployByUrl({ arm, blobs, ref, container }, delivery) {
    const { clock, log } = arm.context;
    await freeSlot(arm, ref, delivery.deadline);
    await delivery.onStep({ step: "sending", attempt: 1 });
    const name = packageBlob(delivery.release);
    log.info(`Storing the package as ${name}.`);
    const uploads = (await blobs.store(container, name, delivery.upload)) ? 1 : 0;
    const packageUri = await blobs.readUrl(container, name, URL_LIFE);
    const before = new Set((await records(arm, ref)).map(({ id }) => id));
    const wished = await start(arm, ref, packageUri);
    const deployment = await findNew(arm, ref, before, clock.now() + SEARCH);
    await delivery.onStep({ step: "accepted", deployment });
    const record = await follow(arm, ref, deployment, { deadline: delivery.deadline, wished });
    await delivery.onStep({ step: "ended", deployment, succeeded: record.status === SUCCEEDED });
    if (record.status !== SUCCEEDED)
        throw await failed(arm, ref, record);
    return { kind: "deployed", deployment, uploads, redeployed: false };
}
async function freeSlot(arm, ref, deadline) {
    const { clock, log, signal } = arm.context;
    for (let attempt = 1;; attempt++) {
        const running = (await records(arm, ref)).find(({ status, complete }) => !complete && status >= 0 && status < FAILED);
        if (running === undefined)
            return;
        log.info(`Another deployment to this slot is in progress (${running.id}); waiting for it to end.`);
        if (!(await pauseWithin(clock, Math.min(10_000, 1_000 * attempt), deadline, signal)))
            throw stuck(running.id);
    }
}
/** Asks Azure to fetch the package. After a lost reply it is not asked again: the records tell what became of it. */
async function start(arm, ref, packageUri) {
    const body = {
        properties: { packageUri, type: "zip", async: true, restart: true, clean: true, trackdeploymentprogress: true },
    };
    try {
        const reply = await callSlot(arm, ref, {
            operation: "deploy the package by URL",
            method: "PUT",
            below: "/extensions/onedeploy",
            body,
            once: true,
        });
        return retryAfterOf(reply.headers, arm.context.clock.now());
    }
    catch (error) {
        if (!(error instanceof src/* ServiceError */._7) || (error.status !== undefined && error.status < 500))
            throw error;
        arm.context.log.info(`${error.why} Looking whether the deployment was begun.`);
        return undefined;
    }
}
async function records(arm, ref) {
    const path = `${sitePath(arm, ref)}/deployments`;
    const found = await listAll(arm, { operation: "list the deployments", method: "GET", path });
    return found.flatMap((each) => decodeArmDeployment(each) ?? []);
}
function decodeArmDeployment(value) {
    const { name, properties } = fieldsOf(value);
    return decodeDeployment({
        id: String(name ?? "")
            .split("/")
            .at(-1),
        ...fieldsOf(properties),
    });
}
async function findNew(arm, ref, before, deadline) {
    const { clock, signal } = arm.context;
    for (let pause = 500;; pause = Math.min(3_000, pause * 1.5)) {
        const fresh = (await records(arm, ref)).filter(({ id }) => !before.has(id));
        const ours = fresh.find(({ temporary }) => !temporary) ?? fresh.find(({ status }) => status === FAILED);
        if (ours !== undefined)
            return ours.id;
        if (!(await pauseWithin(clock, pause, deadline, signal)))
            throw neverBegun();
    }
}
async function follow(arm, ref, id, { deadline, wished }) {
    const { clock, log, signal } = arm.context;
    const began = clock.now();
    let [pause, stage] = [pollPause(0, wished), ""];
    for (;;) {
        if (!(await pauseWithin(clock, pause, deadline, signal)))
            throw stuck(id);
        const reply = await callSlot(arm, ref, {
            operation: "follow the deployment",
            method: "GET",
            below: `/deployments/${encodeURIComponent(id)}`,
            accept: [404],
        });
        const record = reply.status === 404 ? undefined : decodeArmDeployment(reply.body);
        if (record !== undefined && hasEnded(record))
            return record;
        const now = STATUS_NAMES[record?.status ?? -1] ?? stage;
        if (now !== stage)
            log.info(`Deployment ${id}: ${now}.`);
        stage = now;
        pause = Math.max(1_000, pollPause(clock.now() - began, retryAfterOf(reply.headers, clock.now())));
    }
}
async function failed(arm, ref, record) {
    const lines = await logLines(arm, ref, record.id).catch(() => []);
    for (const line of lines)
        arm.context.log.quote(line);
    const said = [record.statusText, ...lines.slice(-8)].filter((line) => line !== "");
    return new src/* ServiceError */._7({
        service: "Kudu",
        operation: "deploy the package by URL",
        code: "DeploymentFailed",
        what: `The deployment ${record.id} failed.`,
        why: said.length === 0 ? "Azure gives no reason." : `Azure says:\n${said.map((line) => `  ${line}`).join("\n")}`,
        fix: "Mend what it names. When the package could not be fetched: the app itself must reach the storage account.",
    });
}
async function logLines(arm, ref, id) {
    const path = `${sitePath(arm, ref)}/deployments/${encodeURIComponent(id)}/log`;
    const reply = await arm.call({ operation: "read the deployment log", method: "GET", path });
    const properties = fieldsOf(fieldsOf(reply.body).properties);
    const entries = Array.isArray(reply.body) ? reply.body : Array.isArray(properties.value) ? properties.value : [];
    return entries.flatMap((entry) => decodeLogEntry(entry)?.message ?? []);
}
function stuck(id) {
    return new src/* ServiceError */._7({
        service: "Kudu",
        operation: "follow the deployment",
        what: `The deployment ${id} did not end in the time allowed.`,
        why: "Resource Manager still shows it as in progress.",
        fix: "It may go on in the slot; the next run waits for it. Raise timeout when builds take this long; restart the slot when it hangs.",
        retryable: true,
    });
}
function neverBegun() {
    return new src/* ServiceError */._7({
        service: "Azure Resource Manager",
        operation: "deploy the package by URL",
        what: "Azure shows no deployment of the package.",
        why: "No record appeared after the request.",
        fix: "Run again: the package is stored already and is not sent twice.",
        retryable: true,
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/delivery-errors.ts
/** How a delivery can fail, in words. */

function deploymentFailed(id, statusText, lines) {
    const said = [statusText, ...lines]
        .map((line) => line.trim())
        .filter((line, index, all) => line !== "" && all.indexOf(line) === index);
    return new src/* ServiceError */._7({
        service: "Kudu",
        operation: "deploy the package",
        code: "DeploymentFailed",
        what: `The deployment ${id} failed.`,
        why: said.length === 0
            ? "The SCM site gives no reason."
            : `The SCM site says:\n${said
                .slice(-12)
                .map((line) => `  ${line}`)
                .join("\n")}`,
        fix: "Mend what the log shows (it is above, line by line). Production was not touched.",
    });
}
function neverFree(uploads) {
    return new src/* ServiceError */._7({
        service: "Kudu",
        operation: "deploy the package",
        status: 409,
        what: "Another deployment to this slot did not end in the time allowed.",
        why: `There is a deployment currently in progress, and the SCM site runs one at a time. The package was ${uploads === 0 ? "not sent" : "not accepted"}.`,
        fix: "Look at the app's Deployment Center for whose it is. A deployment that hangs is cleared by restarting the slot (az webapp restart); raise timeout when builds take this long. Give the workflow a concurrency group with cancel-in-progress: false.",
        retryable: true,
    });
}
function outOfTime(uploads) {
    return new src/* ServiceError */._7({
        service: "Kudu",
        operation: "deploy the package",
        what: "The time allowed ended before the package could be deployed.",
        why: uploads === 0 ? "It was not sent." : "The SCM site did not accept it.",
        fix: "Raise timeout, or run again.",
        retryable: true,
    });
}
function vanished() {
    return new src/* ServiceError */._7({
        service: "Kudu",
        operation: "find the deployment",
        what: "The SCM site accepted the package and shows no deployment of it.",
        why: "No record appeared that was not there before.",
        fix: "Run again: the next run looks what the slot holds before it sends anything.",
        retryable: true,
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/find-deployment.ts
async function recordsBefore(kudu, marker) {
    const records = await kudu.deployments();
    return { ids: new Set(records.map(({ id }) => id)), marker };
}
/** Ours among the records: by our marker, else the one that was not there before. */
function oursAmong(records, before) {
    const fresh = records.filter(({ id, temporary }) => !before.ids.has(id) && !temporary);
    const marked = fresh.find(({ message }) => message.includes(before.marker));
    // Sites that keep no message: the deployment lock lets one deployment in at a time, and ours was accepted first.
    return marked ?? fresh.at(-1);
}
/** Whether something that was not there before is being received. */
function isReceiving(records, before) {
    return records.some(({ id, temporary, complete }) => !before.ids.has(id) && temporary && !complete);
}
/**
 * Looks for our record until the deadline. With `patient`, its existence is certain (the site accepted it); without,
 * the search ends as soon as nothing has been received for `quiet` milliseconds.
 */
async function findOurs(kudu, before, search) {
    const { clock, signal } = kudu.context;
    let quietSince = clock.now();
    for (let pause = 250;; pause = Math.min(2_000, pause * 1.5)) {
        const records = await kudu.deployments();
        const ours = oursAmong(records, before);
        if (ours !== undefined)
            return ours;
        const busy = isReceiving(records, before) || (await kudu.isDeploying());
        if (busy)
            quietSince = clock.now();
        if (clock.now() - quietSince >= search.quiet || clock.now() + pause > search.deadline)
            return undefined;
        await clock.sleep(pause, signal);
    }
}

;// CONCATENATED MODULE: ./packages/azure/src/send-watched.ts
/** Sending the package while looking whether it was accepted: a reply that never comes must not be waited for. */


/** Milliseconds after the last byte until the records are looked at, and between looks. */
const LOOK_AFTER = 4_000;
const LOOK_INTERVAL = 2_000;
/** Milliseconds without a reply or a sign of a deployment until the request is given up; buffers on the way hold little. */
const GIVE_UP = 30_000;
async function sendWatched(kudu, upload, message, before) {
    const over = new AbortController();
    const sent = Promise.withResolvers();
    const signal = AbortSignal.any([kudu.context.signal, over.signal]);
    const reply = kudu.publish(upload, message, { signal, onSent: sent.resolve }).catch(send_watched_onlyTransport);
    const found = sent.promise.then(() => lookForOurs(kudu, before, signal));
    // Only its result is of use; that the other one won ends it.
    found.catch(() => undefined);
    reply.catch(() => undefined);
    try {
        return await Promise.race([reply, found]);
    }
    finally {
        over.abort(new TransportError("the deployment was looked up instead", "EABANDONED", "waiting"));
    }
}
async function lookForOurs(kudu, before, signal) {
    const { clock } = kudu.context;
    await clock.sleep(LOOK_AFTER, signal);
    for (let quietSince = clock.now();;) {
        // The reply decides; a look that fails is no reason to give it up.
        const records = await kudu.deployments().catch(() => []);
        const ours = oursAmong(records, before);
        if (ours !== undefined)
            return { deployment: ours.id };
        if (isReceiving(records, before) || (await kudu.isDeploying().catch(() => true)))
            quietSince = clock.now();
        if (clock.now() - quietSince > GIVE_UP)
            return new TransportError("no answer after the whole package was sent", "ETIMEDOUT", "waiting");
        await clock.sleep(LOOK_INTERVAL, signal);
    }
}
function send_watched_onlyTransport(error) {
    if (error instanceof TransportError)
        return error;
    throw error;
}

;// CONCATENATED MODULE: ./packages/azure/src/settle.ts
/** Returns once the site has answered so many times in a row; a gap or another container starts the count anew. */
async function settle(kudu, { answers, interval, deadline }) {
    const { clock, signal } = kudu.context;
    let last;
    for (let count = 0; count < answers;) {
        const asked = clock.now();
        const container = await kudu.container(deadline);
        // `container` waits while the site is down: an answer that took long says that it was.
        const undisturbed = container === last && clock.now() - asked < 2 * interval + 5_000;
        count = undisturbed ? count + 1 : 1;
        last = container;
        if (count < answers)
            await clock.sleep(interval, signal);
    }
}

;// CONCATENATED MODULE: ./packages/azure/src/verify-release.ts
/** What the slot really holds, and whether its app runs: the last word on a deployment, whatever its status was. */





async function readDeployed(kudu) {
    const text = await kudu.file(`site/wwwroot/${RELEASE_FILE}`);
    return text === undefined ? undefined : decodeReleaseFile(text);
}
/** Everything but the commit: a commit that changes nothing in the package needs no deployment. */
function isSameRelease(there, ours) {
    return (there !== undefined &&
        there.release === ours.release &&
        there.content === ours.content &&
        there.schemaHead === ours.schemaHead);
}
/**
 * Whether the slot already holds this release, completely: its files are copied in place, so the release file proves
 * nothing while a deployment runs or after one that failed half-way.
 */
async function holdsRelease(kudu, ours) {
    if (!isSameRelease(await readDeployed(kudu), ours))
        return false;
    const newest = (await kudu.deployments()).find(({ temporary }) => !temporary);
    return newest?.status === SUCCEEDED && !(await kudu.isDeploying());
}
/** Throws unless the slot's content carries our label: success that is not success. */
async function proveContent(kudu, ours, deadline) {
    const { clock, signal } = kudu.context;
    for (let attempt = 1;; attempt++) {
        const there = await readDeployed(kudu);
        if (isSameRelease(there, ours))
            return;
        if (attempt >= 5 || clock.now() > deadline)
            throw notServed(there, ours);
        await clock.sleep(1_000, signal);
    }
}
function notServed(there, ours) {
    return new src/* ServiceError */._7({
        service: "Kudu",
        operation: "verify the release",
        code: "ReleaseNotThere",
        what: `The deployment ended with success, but the slot does not hold ${ours.release}.`,
        why: there === undefined
            ? `There is no readable ${RELEASE_FILE} in its content.`
            : `Its ${RELEASE_FILE} names ${there.release} (content ${there.content.slice(0, 12)}).`,
        fix: "Another deployment may have followed ours: look at the app's Deployment Center, then run again. WEBSITE_RUN_FROM_PACKAGE must not be set.",
        retryable: true,
    });
}
const POLL = 1_000;
/** Waits until every instance of the slot reports READY, at the longest until the deadline. */
async function awaitRunning(arm, ref, deadline) {
    const { clock, signal } = arm.context;
    for (;;) {
        const instances = await listInstances(arm, ref);
        if (instances.length > 0 && instances.every(({ state }) => state === "READY"))
            return { kind: "running", instances };
        if (clock.now() + POLL > deadline)
            return { kind: "not-running", instances };
        await clock.sleep(POLL, signal);
    }
}
/** What a front end answers in place of an app that does not run, or that it does not let this runner see. */
const NO_APP = new Set([403, 502, 503, 504]);
const verify_release_ANSWER_TIMEOUT = 10_000;
/** Whether the slot's app answers at all: counts where the instances' own report does not. */
async function answersAt(http, hostName, signal) {
    try {
        const reply = await http.send({ method: "GET", url: `https://${hostName}/`, signal, timeout: verify_release_ANSWER_TIMEOUT });
        return !NO_APP.has(reply.status);
    }
    catch (error) {
        if (error instanceof TransportError)
            return false;
        throw error;
    }
}

;// CONCATENATED MODULE: ./packages/azure/src/deploy-package.ts









/** Uploads of one package at most, all but the last of which the site never received or refused. */
const MOST_UPLOADS = 4;
/** Conflicts in which nobody else was seen deploying. */
const MOST_UNEXPLAINED_CONFLICTS = 2;
/** Milliseconds of quiet after a lost reply until it counts as never received. */
const QUIET = 5_000;
const ACCEPTED_QUIET = 30_000;
/** What Kudu says when its container was restarted under a deployment. */
const RESTARTED = /SCM container restart/i;
const SETTLE = { answers: 3, interval: 1_000 };
function deployPackage(kudu, delivery) {
    return new Deliverer(kudu, delivery).run();
}
class Deliverer {
    #kudu;
    #delivery;
    #uploads = 0;
    #conflicts = 0;
    #redeployed = false;
    constructor(kudu, delivery) {
        this.#kudu = kudu;
        this.#delivery = delivery;
    }
    async run() {
        for (;;) {
            if ((await this.#waitForOthers()) && (await this.#isThere()))
                return { kind: "already-there", uploads: this.#uploads };
            const sent = await this.#send();
            if (sent.kind === "busy")
                this.#countConflict(sent.failure);
            if (sent.kind !== "accepted")
                continue;
            const { deployment } = sent;
            await this.#delivery.onStep({ step: "accepted", deployment });
            const followed = await followDeployment(this.#kudu, deployment, {
                deadline: this.#delivery.deadline,
                retryAfter: sent.retryAfter,
            });
            await this.#delivery.onStep({ step: "ended", deployment, succeeded: followed.kind === "succeeded" });
            if (followed.kind === "succeeded")
                return { kind: "deployed", deployment, uploads: this.#uploads, redeployed: this.#redeployed };
            await this.#redeployOrFail(followed);
        }
    }
    /** Waits while another deployment runs, before a byte is sent. True when one was seen. */
    async #waitForOthers() {
        const { clock, log, signal } = this.#kudu.context;
        let seen = false;
        for (let attempt = 1; await this.#kudu.isDeploying(); attempt++) {
            if (!seen) {
                await this.#delivery.onStep({ step: "waiting-for-others" });
                log.info(`Another deployment to this slot is in progress${await this.#whose()}; waiting for it to end.`);
            }
            seen = true;
            this.#conflicts = 0;
            if (!(await pauseWithin(clock, Math.min(5_000, 500 * attempt), this.#delivery.deadline, signal)))
                throw neverFree(this.#uploads);
        }
        return seen;
    }
    async #whose() {
        const running = (await this.#kudu.deployments()).find(({ complete, status }) => !complete && status < 3);
        if (running === undefined)
            return "";
        const since = running.receivedTime === undefined ? "" : `, received ${new Date(running.receivedTime).toISOString()}`;
        return ` (${running.id}${running.deployer === "" ? "" : ` by ${running.deployer}`}${since})`;
    }
    async #isThere() {
        const there = await readDeployed(this.#kudu);
        return isSameRelease(there, this.#delivery.release);
    }
    async #send() {
        const { clock, log } = this.#kudu.context;
        const { upload, release, deadline } = this.#delivery;
        const before = await recordsBefore(this.#kudu, markerOf(release));
        if (clock.now() > deadline)
            throw outOfTime(this.#uploads);
        this.#uploads += 1;
        await this.#delivery.onStep({ step: "sending", attempt: this.#uploads });
        log.info(`Sending the package (${release.release})${upload.length === undefined ? "" : `, ${megabytes(upload.length)}`}.`);
        const reply = await sendWatched(this.#kudu, upload, `${markerOf(release)} commit ${release.commit}`, before);
        if ("deployment" in reply)
            return { kind: "accepted", deployment: reply.deployment, retryAfter: undefined };
        if (!(reply instanceof Error) && (reply.status === 200 || reply.status === 202)) {
            return {
                kind: "accepted",
                deployment: await this.#identify(reply, before),
                retryAfter: retryAfterOf(reply.headers, clock.now()),
            };
        }
        if (!(reply instanceof Error) && !TRANSIENT_STATUSES.has(reply.status))
            return this.#refused(reply);
        return this.#lostReply(reply, before);
    }
    /** Our deployment's id: told by the reply, else the record that is new. `Location` is never followed. */
    async #identify(reply, before) {
        this.#warnOfForeignLocation(reply);
        const told = reply.headers["scm-deployment-id"];
        if (told !== undefined && /^[\w-]{1,64}$/.test(told))
            return told;
        const ours = await findOurs(this.#kudu, before, { deadline: this.#delivery.deadline, quiet: ACCEPTED_QUIET });
        if (ours === undefined)
            throw vanished();
        return ours.id;
    }
    #warnOfForeignLocation({ headers: { location } }) {
        if (location === undefined || new URL(location, this.#kudu.origin).origin === this.#kudu.origin)
            return;
        const { host } = new URL(location, this.#kudu.origin);
        this.#kudu.context.log.warning(`The SCM site named an address on another host (${host}); it was refused: nothing, and no credential, was sent there. The deployment is followed on ${this.#kudu.origin}.`);
    }
    /** A clear no: the package did not go in. */
    async #refused(reply) {
        const { clock, log, signal } = this.#kudu.context;
        const failure = kuduFailure("deploy the package", reply);
        if (reply.status === 409 && !/Run-From-Zip|WEBSITE_RUN_FROM_PACKAGE/i.test(reply.text))
            return { kind: "busy", failure };
        if (!isThrottled(reply.status, reply.text) || this.#uploads >= MOST_UPLOADS)
            throw failure;
        const pause = pauseBefore(this.#uploads, retryAfterOf(reply.headers, clock.now()));
        log.info(`The SCM site throttles uploads; waiting ${seconds(pause)}.`);
        if (!(await pauseWithin(clock, pause, this.#delivery.deadline, signal)))
            throw failure;
        return { kind: "again" };
    }
    #countConflict(failure) {
        this.#conflicts += 1;
        this.#kudu.context.log.info("The slot is taken by another deployment; this package was not accepted.");
        if (this.#conflicts >= MOST_UNEXPLAINED_CONFLICTS || this.#uploads >= MOST_UPLOADS)
            throw failure;
    }
    /** No reply, or one that does not tell whether the work goes on: looks whether our deployment exists. */
    async #lostReply(reply, before) {
        const { clock, log, signal } = this.#kudu.context;
        const failure = reply instanceof Error
            ? kuduNoReply("deploy the package", reply, this.#kudu.origin)
            : kuduFailure("deploy the package", reply);
        const arrived = !(reply instanceof TransportError) || reply.phase === "waiting";
        log.info(`${failure.why} ${arrived ? "Looking whether the package was accepted." : "The package had not been sent completely."}`);
        const ours = arrived
            ? await findOurs(this.#kudu, before, { deadline: this.#delivery.deadline, quiet: QUIET })
            : undefined;
        if (ours !== undefined) {
            log.info(`It was: deployment ${ours.id}.`);
            return { kind: "accepted", deployment: ours.id, retryAfter: undefined };
        }
        const wished = reply instanceof Error ? undefined : retryAfterOf(reply.headers, clock.now());
        if (this.#uploads >= MOST_UPLOADS ||
            !(await pauseWithin(clock, pauseBefore(this.#uploads, wished), this.#delivery.deadline, signal)))
            throw failure;
        log.info("It was not; sending it again.");
        return { kind: "again" };
    }
    /** A restart of the SCM container under the deployment earns one more; every other failure is final. */
    async #redeployOrFail({ record, lines }) {
        if (this.#redeployed || !RESTARTED.test(record.statusText))
            throw deploymentFailed(record.id, record.statusText, lines);
        this.#redeployed = true;
        this.#kudu.context.log.warning("The SCM site was restarted during the deployment (a setting was changed shortly before); deploying once more when it stands still.");
        await settle(this.#kudu, { ...SETTLE, deadline: this.#delivery.deadline });
    }
}
/** In our record's message, where the site keeps it. */
function markerOf({ release, content }) {
    return `augeo:${release}:${content.slice(0, 12)}`;
}
function megabytes(bytes) {
    return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}
function seconds(milliseconds) {
    return `${(milliseconds / 1_000).toFixed(1)} s`;
}

;// CONCATENATED MODULE: ./packages/azure/src/federated-subject.ts
function subjectForms(claims) {
    const sent = federated_subject_text(claims.sub);
    const [owner = "", repository = ""] = federated_subject_text(claims.repository).split("/");
    const context = /^repo:[^:]*:(.*)$/s.exec(sent)?.[1] ?? contextOf(claims);
    return {
        sent,
        classic: `repo:${owner}/${repository}:${context}`,
        immutable: `repo:${owner}@${federated_subject_text(claims.repository_owner_id)}/${repository}@${federated_subject_text(claims.repository_id)}:${context}`,
    };
}
/** GitHub's order: environment, then pull request, then ref; a colon inside a value is escaped. */
function contextOf(claims) {
    const environment = federated_subject_text(claims.environment);
    if (environment !== "")
        return `environment:${environment.replaceAll(":", "%3A")}`;
    if (claims.event_name === "pull_request")
        return "pull_request";
    return `ref:${federated_subject_text(claims.ref)}`;
}
function federated_subject_text(value) {
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
/**
 * The two commands that register the subject that was sent, for an app registration and for a managed identity, which is
 * looked up by its client id. Each subject has a credential of its own name, so that none takes another's place.
 */
function registrationCommands(claims, clientId, audience) {
    const issuer = federated_subject_text(claims.iss);
    const subject = federated_subject_text(claims.sub);
    const name = subject
        .replace(/^repo:/, "")
        .replaceAll(/[^\w-]+/g, "-")
        .slice(0, 120);
    const parameters = JSON.stringify({ name, issuer, subject, audiences: [audience] });
    const create = `az identity federated-credential create --identity-name "$NAME" --resource-group "$GROUP" --name ${name} --issuer '${issuer}' --subject '${subject}' --audiences '${audience}'`;
    return [
        `az ad app federated-credential create --id ${clientId} --parameters '${parameters}'`,
        `az identity list --query "[?clientId=='${clientId}'].[name,resourceGroup]" --output tsv | while read -r NAME GROUP; do ${create}; done`,
    ];
}

;// CONCATENATED MODULE: ./packages/azure/src/graph.ts
/** Microsoft Graph, as far as registering an application that GitHub may sign in as. No SDK: six small calls. */



const graph_PATIENCE = 60_000;
const graph_SILENCE = 30_000;
class Graph {
    #context;
    #http;
    #signIn;
    constructor(context, http, signIn) {
        this.#context = context;
        this.#http = http;
        this.#signIn = signIn;
    }
    /** The registration of this name; undefined without one. Throws when there are several: none may be guessed. */
    async findApplication(displayName) {
        const filter = encodeURIComponent(`displayName eq '${displayName.replaceAll("'", "''")}'`);
        const found = listOf((await this.#call("find the app registration", "GET", `applications?$filter=${filter}`)).value);
        if (found.length > 1)
            throw ambiguous(displayName, found);
        return found[0] === undefined ? undefined : registrationOf(found[0]);
    }
    async createApplication(displayName) {
        const body = { displayName, signInAudience: "AzureADMyOrg" };
        return registrationOf(await this.#call("register the application", "POST", "applications", body));
    }
    /** Object id of the application's service principal, which roles are assigned to. */
    async findServicePrincipal(clientId) {
        const filter = encodeURIComponent(`appId eq '${clientId}'`);
        const [found] = listOf((await this.#call("find the service principal", "GET", `servicePrincipals?$filter=${filter}`)).value);
        return found === undefined ? undefined : decode_textOf(fieldsOf(found).id);
    }
    async createServicePrincipal(clientId) {
        return decode_textOf((await this.#call("create the service principal", "POST", "servicePrincipals", { appId: clientId })).id);
    }
    async listCredentials(objectId) {
        const path = `applications/${objectId}/federatedIdentityCredentials`;
        return listOf((await this.#call("list the federated credentials", "GET", path)).value).map(credentialOf);
    }
    async addCredential(objectId, credential) {
        const path = `applications/${objectId}/federatedIdentityCredentials`;
        await this.#call("add the federated credential", "POST", path, credential);
    }
    /** Sets what the credential of that name trusts. */
    async updateCredential(objectId, { name, ...credential }) {
        const path = `applications/${objectId}/federatedIdentityCredentials/${encodeURIComponent(name)}`;
        await this.#call("change the federated credential", "PATCH", path, credential);
    }
    /** Sends again what Graph throttled, and what a new object's replicas do not know yet (404 after a creation). */
    async #call(operation, method, path, body) {
        const { clock, signal } = this.#context;
        const deadline = clock.now() + graph_PATIENCE;
        for (let attempt = 1;; attempt++) {
            const reply = await this.#send(method, path, body);
            if (reply.status < 300)
                return fieldsOf(jsonOf(reply.text));
            const again = reply.status === 429 || (method === "GET" && reply.status >= 500);
            const pause = pauseBefore(attempt, retryAfterOf(reply.headers, clock.now()));
            if (!again || !(await pauseWithin(clock, pause, deadline, signal)))
                throw graph_failure(operation, reply);
        }
    }
    async #send(method, path, body) {
        const { graph } = this.#signIn.cloud;
        const token = await this.#signIn.token(graphAudience(graph));
        const headers = {
            authorization: `Bearer ${token}`,
            "content-type": "application/json",
            accept: "application/json",
        };
        const text = body === undefined ? undefined : JSON.stringify(body);
        const request = { method, url: `${graph}/v1.0/${path}`, headers, body: text, timeout: graph_SILENCE };
        return this.#http.send({ ...request, signal: this.#context.signal });
    }
}
/** A cloud of another name still asks Entra for Graph's own audience. */
function graphAudience(origin) {
    return origin.includes("graph") ? origin : "https://graph.microsoft.com";
}
function registrationOf(value) {
    const { id, appId } = fieldsOf(value);
    return { objectId: decode_textOf(id), clientId: decode_textOf(appId) };
}
function credentialOf(value) {
    const { name, issuer, subject, audiences } = fieldsOf(value);
    return {
        name: decode_textOf(name),
        issuer: decode_textOf(issuer),
        subject: decode_textOf(subject),
        audiences: listOf(audiences).filter((one) => typeof one === "string"),
    };
}
function ambiguous(displayName, found) {
    return new src/* ServiceError */._7({
        service: "Microsoft Graph",
        operation: "find the app registration",
        what: `There are ${found.length} app registrations named "${displayName}".`,
        why: `Their client ids: ${found.map((one) => registrationOf(one).clientId).join(", ")}.`,
        fix: "Give the one to use a name of its own, and write that name as identity-name in .augeo/deploy.yml.",
    });
}
function graph_failure(operation, reply) {
    const { code, message } = fieldsOf(fieldsOf(jsonOf(reply.text)).error);
    const denied = reply.status === 403;
    return new src/* ServiceError */._7({
        service: "Microsoft Graph",
        operation,
        status: reply.status,
        code: decode_textOf(code) || undefined,
        what: denied ? `You may not ${operation} in this tenant.` : `Microsoft Graph refused to ${operation}.`,
        why: `It answered ${[reply.status, decode_textOf(code)].filter(Boolean).join(" ")}: ${decode_textOf(message) || reply.text.slice(0, 300)}`,
        fix: denied
            ? "Ask an Entra administrator for the role Application Developer, or set identity: managed-identity in .augeo/deploy.yml, which needs rights in the subscription only."
            : "Run the command again; what is there already is found and left as it is.",
        retryable: reply.status === 429 || reply.status >= 500,
    });
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./packages/azure/src/identity-token.ts
/** The ID token that GitHub issues to a job: requested afresh before it expires, held in memory only. */




/** A token is used until so many milliseconds before it expires; GitHub's live five minutes. */
const MARGIN = 60_000;
const identity_token_PATIENCE = 60_000;
const identity_token_SILENCE = 15_000;
class IdentityTokens {
    #context;
    #http;
    #audience;
    #current;
    #known;
    constructor(context, http, audience) {
        this.#context = context;
        this.#http = http;
        this.#audience = audience;
    }
    /** The token that was last presented to Entra, for explaining a refusal. */
    get last() {
        return this.#known;
    }
    async get() {
        if (this.#known !== undefined && this.#known.expires - MARGIN > this.#context.clock.now())
            return this.#known;
        this.#current ??= this.#request().finally(() => {
            this.#current = undefined;
        });
        return this.#current;
    }
    /** Drops the token, so that the next exchange presents a new one. */
    forget() {
        this.#known = undefined;
    }
    async #request() {
        const { url, bearer } = requestEndpoint(this.#context.env);
        this.#context.log.mask(bearer);
        const separator = url.includes("?") ? "&" : "?";
        const reply = await this.#send(`${url}${separator}audience=${encodeURIComponent(this.#audience)}`, bearer);
        const token = decodeReply(reply);
        this.#context.log.mask(token);
        const claims = claimsOf(token);
        const expires = typeof claims.exp === "number" ? claims.exp * 1_000 : this.#context.clock.now() + 2 * MARGIN;
        this.#known = { token, claims, expires };
        return this.#known;
    }
    async #send(url, bearer) {
        const { clock, signal } = this.#context;
        const headers = {
            accept: "application/json",
            authorization: `Bearer ${bearer}`,
            "user-agent": "augeo-deploy-action",
        };
        const deadline = clock.now() + identity_token_PATIENCE;
        for (let attempt = 1;; attempt++) {
            const outcome = await this.#http
                .send({ method: "GET", url, headers, signal, timeout: identity_token_SILENCE })
                .catch((error) => transportError(error));
            if (!(outcome instanceof TransportError) && outcome.status === 200)
                return outcome;
            const wished = outcome instanceof TransportError ? undefined : retryAfterOf(outcome.headers, clock.now());
            const again = outcome instanceof TransportError || outcome.status === 429 || TRANSIENT_STATUSES.has(outcome.status);
            if (!again || !(await pauseWithin(clock, pauseBefore(attempt, wished), deadline, signal)))
                throw refusal(outcome);
        }
    }
}
function transportError(error) {
    if (error instanceof TransportError)
        return error;
    throw error;
}
function refusal(outcome) {
    const status = outcome instanceof TransportError ? undefined : outcome.status;
    const why = outcome instanceof TransportError
        ? outcome.message
        : `it answered ${outcome.status}: ${outcome.text.slice(0, 300)}`;
    return new src/* ServiceError */._7({
        service: "GitHub",
        operation: "request an ID token",
        status,
        what: "GitHub gave this job no ID token.",
        why: `The ID-token endpoint could not be used: ${why}`,
        fix: "Run the job again. If it stays, see https://www.githubstatus.com.",
        retryable: true,
        cause: outcome,
    });
}
function requestEndpoint(env) {
    const url = env.ACTIONS_ID_TOKEN_REQUEST_URL;
    const bearer = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    if (url !== undefined && url !== "" && bearer !== undefined && bearer !== "")
        return { url, bearer };
    throw new src/* UsageError */.eb(isForkPullRequest(env)
        ? {
            what: "This job may not sign in to Azure.",
            why: "It was started by a pull request from a fork, and GitHub gives such jobs no ID token, whatever their permissions.",
            fix: "Deploy from a push to a branch of this repository, or from a workflow_run or environment-protected workflow of its own.",
        }
        : {
            what: "This job may not sign in to Azure: it has no right to request an ID token.",
            why: "GitHub gives a job its ID token only with the permission id-token: write, and this job does not have it.",
            fix: "Add to the job, and to the job that calls it where this is a reusable workflow: permissions: { contents: read, id-token: write, actions: read }",
        });
}
function isForkPullRequest(env) {
    const path = env.GITHUB_EVENT_PATH;
    if (path === undefined || !(env.GITHUB_EVENT_NAME ?? "").startsWith("pull_request"))
        return false;
    try {
        return JSON.parse((0,external_node_fs_.readFileSync)(path, "utf8"))?.pull_request?.head?.repo?.fork === true;
    }
    catch {
        return false;
    }
}
function decodeReply(reply) {
    try {
        const value = JSON.parse(reply.text)?.value;
        if (typeof value === "string" && value !== "")
            return value;
    }
    catch {
        // Said below, with what came.
    }
    throw refusal(reply);
}
/** The claims of a JWT, unverified: they only choose words and times, Entra verifies. */
function claimsOf(token) {
    try {
        const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
        return typeof claims === "object" && claims !== null ? { ...claims } : {};
    }
    catch {
        return {};
    }
}

;// CONCATENATED MODULE: ./packages/azure/src/ledger-container.ts
/** The ledger's container over the storage SDK: its conditions, its leases, and its failures in words for people. */



/** The shortest lease that leaves time for a slow service; Azure allows 15 to 60 s. */
const LEASE_SECONDS = 60;
/** A dead holder's lease ends by itself; somewhat longer is waited for it. */
const LEASE_PATIENCE = (LEASE_SECONDS + 15) * 1_000;
const LEASE_POLL = 3_000;
/** How many of an account's containers an error names at most. */
const SHOWN = 20;
/** How often it is said that a lease is still waited for. */
const LEASE_PROGRESS = 15_000;
/** Opened with the first use. */
class LedgerContainer {
    context;
    #credential;
    #place;
    #opened;
    constructor(context, credential, place) {
        this.context = context;
        this.#credential = credential;
        this.#place = place;
    }
    client() {
        this.#opened ??= this.#open();
        return this.#opened;
    }
    async blob(name) {
        return (await this.client()).getBlobClient(name);
    }
    /**
     * Undefined when there is no such blob. A container that is missing is never made: behind a mistyped name it would be
     * an empty ledger, without history, lock or a release to return to.
     */
    async download(name) {
        const blob = await this.blob(name);
        return this.attempt("read the ledger", async () => {
            try {
                const reply = await blob.download(0, undefined, { abortSignal: this.context.signal });
                const chunks = [];
                for await (const chunk of reply.readableStreamBody ?? [])
                    chunks.push(Buffer.from(chunk));
                return { text: Buffer.concat(chunks).toString("utf8"), etag: reply.etag ?? "" };
            }
            catch (error) {
                if (ledger_container_codeOf(error) === "BlobNotFound")
                    return undefined;
                throw error;
            }
        });
    }
    /** Undefined when the condition of a write did not hold. */
    async unlessChanged(act) {
        try {
            return await act();
        }
        catch (error) {
            if (["ConditionNotMet", "BlobAlreadyExists"].includes(ledger_container_codeOf(error) ?? ""))
                return undefined;
            throw error;
        }
    }
    /**
     * Another run's lease is waited out: it is short, and a dead run's ends by itself. `explain` says who has it, given
     * when it is over at the latest, and `fix` what to do about one that is not.
     */
    async untilUnleased(lease, act) {
        const { clock, signal, log } = this.context;
        const began = clock.now();
        let told;
        for (;;) {
            try {
                return await act();
            }
            catch (error) {
                if (!isLeased(ledger_container_codeOf(error)))
                    throw await this.#explained(lease.operation, error);
                const now = clock.now();
                if (told === undefined)
                    log.info(await lease.explain(began + LEASE_SECONDS * 1_000));
                else if (now - told >= LEASE_PROGRESS)
                    log.info(`The lease is still there after ${Math.round((now - began) / 1_000)} s.`);
                if (told === undefined || now - told >= LEASE_PROGRESS)
                    told = now;
                if (!(await pauseWithin(clock, LEASE_POLL, began + LEASE_PATIENCE, signal)))
                    throw await this.#explained(lease.operation, error, lease.fix);
            }
        }
    }
    async attempt(operation, act) {
        try {
            return await act();
        }
        catch (error) {
            throw await this.#explained(operation, error);
        }
    }
    async #explained(operation, error, fix) {
        if (error instanceof src/* ServiceError */._7 || this.context.signal.aborted || !isRest(error))
            return error;
        const { status, code, message, correlationId } = answerOf(error);
        if (code === "ContainerNotFound")
            return this.#missing(operation, error);
        return new src/* ServiceError */._7({
            service: "Blob Storage",
            operation,
            status,
            code,
            what: `Blob Storage did not let this run ${operation}.`,
            why: `${[status, code].filter(Boolean).join(" ")}: ${message}`,
            fix: fix ?? this.#remedy(status, code),
            correlationId,
            retryable: status === undefined || status >= 500,
            cause: error,
        });
    }
    async #missing(operation, error) {
        const { account, container } = containerAddress(this.#place.container);
        const { status, code, correlationId } = answerOf(error);
        return new src/* ServiceError */._7({
            ...{ service: "Blob Storage", operation, status, code, correlationId, cause: error },
            what: `There is no container "${container}" in the storage account ${account}, so there is no ledger.`,
            why: `Blob Storage answered ${status} ${code}. ${await this.#others()}`,
            fix: `Where the name is wrong, correct the ledger input (init keeps it in the variable RELEASE_LEDGER). Only before the very first release make the container, as an empty ledger knows no lock and no release to return to: npx @augeo/deploy init --apply, or az storage container create --account-name ${account} --name ${container} --auth-mode login`,
        });
    }
    /** Names of the account's containers. A role on one container alone does not let an identity list them. */
    async #others() {
        try {
            const { BlobServiceClient } = await Promise.all(/* import() */[__webpack_require__.e(818), __webpack_require__.e(738), __webpack_require__.e(981)]).then(__webpack_require__.bind(__webpack_require__, 4981));
            const { serviceUrl } = containerAddress(this.#place.container);
            const service = new BlobServiceClient(serviceUrl, this.#credential, { audience: this.#place.audience });
            const { value: page } = await service
                .listContainers({ abortSignal: this.context.signal })
                .byPage({ maxPageSize: SHOWN })
                .next();
            const names = (page?.containerItems ?? []).map(({ name }) => name);
            return names.length === 0 ? "The account has no container." : `Containers there: ${names.join(", ")}.`;
        }
        catch {
            return "This identity could not list the account's containers.";
        }
    }
    #remedy(status, code) {
        const { container } = this.#place;
        const { account } = containerAddress(container);
        if (status === 403)
            return `Give the identity the role Storage Blob Data Contributor on ${container}: az role assignment create --assignee <client-id> --role "Storage Blob Data Contributor" --scope $(az storage account show -n ${account} --query id -o tsv). It takes a few minutes to work. If the account has a firewall, let the runner through.`;
        if (status === 401)
            return "Check tenant-id: the storage account belongs to another tenant than the identity.";
        if (code === "BlobNotFound")
            return "The package was deleted from the ledger's container; choose a release whose package is there.";
        if (status === undefined)
            return `Check the ledger input (${container}) and that the runner reaches it: DNS, proxy, firewall.`;
        return "Run again; when it stays, look at the storage account's metrics and its health in the portal.";
    }
    async #open() {
        const { ContainerClient } = await Promise.all(/* import() */[__webpack_require__.e(818), __webpack_require__.e(738), __webpack_require__.e(981)]).then(__webpack_require__.bind(__webpack_require__, 4981));
        return new ContainerClient(this.#place.container, this.#credential, {
            audience: this.#place.audience,
            retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 8_000, tryTimeoutInMs: 120_000 },
        });
    }
}
function isRest(error) {
    return error instanceof Error && error.name === "RestError";
}
const isLeased = (code) => code === "LeaseIdMissing" || code === "LeaseAlreadyPresent";
function ledger_container_codeOf(error) {
    return isRest(error) ? answerOf(error).code : undefined;
}
/** The service's own code: in `details`, in the header when the body was empty (HEAD), or the client's errno. */
function answerOf(error) {
    const headers = error.response?.headers;
    const code = headers?.get("x-ms-error-code") ?? error.code;
    const message = error.message.split("\n")[0] ?? "";
    return { status: error.statusCode, code, message, correlationId: headers?.get("x-ms-request-id") };
}

;// CONCATENATED MODULE: ./packages/azure/src/stored-packages.ts


const NAME = /^artifacts\/([0-9a-f]{64})\.zip$/;
const FOLDER = "artifacts/";
const artifactName = (sha256) => `${FOLDER}${sha256}.zip`;
function openPackages(context, credential, place) {
    const container = new LedgerContainer(context, credential, place);
    return { list: () => listPackages(container), remove: (listed) => removePackage(container, listed) };
}
async function listPackages(container) {
    const client = await container.client();
    return container.attempt("list the stored packages", async () => {
        const found = [];
        for await (const { name, properties } of client.listBlobsFlat({
            prefix: FOLDER,
            abortSignal: container.context.signal,
        })) {
            const sha256 = NAME.exec(name)?.[1];
            const { etag, contentLength = 0, lastModified } = properties;
            if (sha256 !== undefined)
                found.push({ sha256, etag, bytes: contentLength, storedAt: lastModified.getTime() });
        }
        return found;
    });
}
async function removePackage(container, { sha256, etag }) {
    const blob = await container.blob(artifactName(sha256));
    const options = { conditions: { ifMatch: quoted(etag) }, abortSignal: container.context.signal };
    return container.attempt("delete a stored package", async () => {
        try {
            return (await container.unlessChanged(() => blob.delete(options))) !== undefined;
        }
        catch (error) {
            if (ledger_container_codeOf(error) === "BlobNotFound")
                return false;
            throw error;
        }
    });
}
/** A list gives ETags without the quotes that a condition needs. */
const quoted = (etag) => (etag.startsWith('"') ? etag : `"${etag}"`);
/**
 * Stores a package, or touches the one that is there: a new ETag and time. Who deletes an old package names the ETag
 * that it was listed with, so either the touch comes first and the deletion fails, or the package is sent anew.
 */
async function keepPackage(container, sha256, path) {
    const blob = (await container.client()).getBlockBlobClient(artifactName(sha256));
    const abortSignal = container.context.signal;
    await container.attempt("store the package", async () => {
        if (await touch(blob, container.context))
            return;
        const options = { conditions: { ifNoneMatch: "*" }, blobHTTPHeaders: { blobContentType: "application/zip" } };
        // Stored by another run meanwhile: it is as new as ours would be.
        await container.unlessChanged(() => blob.uploadFile(path, { ...options, abortSignal }));
    });
}
async function fetchPackage(container, sha256, path) {
    const blob = await container.blob(artifactName(sha256));
    await container.attempt("fetch the stored package", async () => {
        await blob.downloadToFile(path, 0, undefined, { abortSignal: container.context.signal });
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/ledger-store.ts



/** Opens the ledger of one app and environment. Nothing is sent before the first call. */
function openLedger(context, credential, place) {
    return new BlobLedger(context, credential, place);
}
/** Every app and environment with a ledger in a container, in order of their names. */
async function listLedgers(context, credential, place) {
    return new BlobLedger(context, credential, { ...place, app: "", environment: "" }).listAll();
}
class BlobLedger {
    where;
    #container;
    #place;
    constructor(context, credential, place) {
        this.#container = new LedgerContainer(context, credential, place);
        this.#place = place;
        this.where = `${place.container.replace(/\/$/, "")}/${this.#headName}`;
    }
    get #folder() {
        return `${this.#place.app}/${this.#place.environment}`;
    }
    get #headName() {
        return `${this.#folder}/head.json`;
    }
    async read() {
        const stored = await this.#container.download(this.#headName);
        if (!stored)
            return { kind: "absent" };
        const read = (0,src/* readHead */.zy)(stored.text);
        return { ...read, etag: stored.etag };
    }
    async write(head, etag) {
        const conditions = etag === undefined ? { ifNoneMatch: "*" } : { ifMatch: etag };
        const written = await this.#container.untilUnleased(this.#lease("write the ledger"), () => this.#put(this.#headName, head, conditions));
        return written ?? (await this.#whoWrote(head));
    }
    async append(event) {
        // Zero-padded, so that the names sort as the events happened.
        const name = `${event.epoch}`.padStart(6, "0").concat("-", `${event.seq}`.padStart(8, "0"));
        await this.#container.attempt("record an event", () => this.#put(`${this.#folder}/events/${name}.json`, event, { ifNoneMatch: "*" }));
    }
    async guard(etag, act) {
        const blob = await this.#container.blob(this.#headName);
        const lease = blob.getBlobLeaseClient();
        const held = await this.#container.untilUnleased(this.#lease("lease the ledger"), async () => {
            const conditions = { ifMatch: etag };
            return this.#container.unlessChanged(() => lease.acquireLease(LEASE_SECONDS, { conditions }));
        });
        if (!held)
            return { kind: "lost", why: `${this.where} was written by another run` };
        try {
            return { kind: "held", value: await act() };
        }
        finally {
            // An expired lease cannot be given back, and needs not to be.
            await lease.releaseLease().catch(() => undefined);
        }
    }
    /** How a lease that is in the way is told of: who has it stands in the head, which may be read meanwhile. */
    #lease(operation) {
        const explain = async (until) => {
            const read = await this.read();
            return (0,src/* describeLease */.un)(read.kind === "head" ? read.head : undefined, until);
        };
        const fix = `No run of this toolkit has a lease for so long: find out who has one on the ledger. Once no release is under way, end it: ${(0,src/* breakLeaseCommand */.Bh)(this.where)}`;
        return { operation, explain, fix };
    }
    async readEvents() {
        const container = await this.#container.client();
        return this.#container.attempt("list the events", async () => {
            const found = [];
            for await (const { name } of container.listBlobsFlat({ prefix: `${this.#folder}/events/` })) {
                const event = await this.#container.download(name);
                if (event)
                    found.push(event.text);
            }
            return found;
        });
    }
    /** By folders, `app/environment/`: the events in them are not listed. */
    async listAll() {
        const found = [];
        // `artifacts/` holds packages and no folders, unless an app has that name.
        for (const app of await this.#folders(""))
            for (const environment of await this.#folders(`${app}/`))
                found.push({ app, environment });
        return found;
    }
    async #folders(prefix) {
        const container = await this.#container.client();
        return this.#container.attempt("list the ledgers", async () => {
            const names = [];
            for await (const item of container.listBlobsByHierarchy("/", { prefix }))
                if (item.kind === "prefix")
                    names.push(item.name.slice(prefix.length, -1));
            return names;
        });
    }
    storeArtifact(sha256, path) {
        return keepPackage(this.#container, sha256, path);
    }
    fetchArtifact(sha256, path) {
        return fetchPackage(this.#container, sha256, path);
    }
    artifactUrl(sha256) {
        return `${this.#place.container.replace(/\/$/, "")}/${artifactName(sha256)}`;
    }
    /** Undefined when the condition did not hold. */
    async #put(name, content, conditions) {
        const blob = (await this.#container.client()).getBlockBlobClient(name);
        const body = `${JSON.stringify(content, null, 2)}\n`;
        const options = { conditions, blobHTTPHeaders: { blobContentType: "application/json; charset=utf-8" } };
        const written = await this.#container.unlessChanged(() => blob.upload(body, Buffer.byteLength(body), options));
        return written && { kind: "written", etag: written.etag ?? "" };
    }
    /** A write whose first reply was lost fails its own condition when it is repeated: what is stored tells whose it is. */
    async #whoWrote(head) {
        const stored = await this.#container.download(this.#headName);
        const isOurs = stored?.text === `${JSON.stringify(head, null, 2)}\n`;
        if (stored && isOurs)
            return { kind: "written", etag: stored.etag };
        return { kind: "lost", why: `${this.where} was written by another run` };
    }
}

;// CONCATENATED MODULE: ./packages/azure/src/metrics/queries.ts
const SCHEMAS = {
    "app-insights": {
        requests: "requests",
        exceptions: "exceptions",
        time: "timestamp",
        version: "application_Version",
        code: "resultCode",
        duration: "duration",
        items: "itemCount",
        synthetic: "operation_SyntheticSource",
        dimensions: "customDimensions",
        type: "type",
    },
    "log-analytics": {
        requests: "AppRequests",
        exceptions: "AppExceptions",
        time: "TimeGenerated",
        version: "AppVersion",
        code: "ResultCode",
        duration: "DurationMs",
        items: "ItemCount",
        synthetic: "SyntheticSource",
        dimensions: "Properties",
        type: "ExceptionType",
    },
};
/** Whoever asks by these names is no user: our own probes and the platform's pings. */
const MACHINES = ["augeo-deploy-action", "HealthCheck/", "AlwaysOn", "ReadyForRequest/"];
const queries_text = (value) => JSON.stringify(value);
const moment = (at) => `datetime(${new Date(at).toISOString()})`;
/** What every query may use: `from`, `to`, `bin_size`, `canary`, `baseline`. */
function lets({ canary, baseline }, { from, to, bin }) {
    return [
        `let from = ${moment(from)};`,
        `let to = ${moment(to)};`,
        `let bin_size = ${bin}ms;`,
        `let canary = ${queries_text(canary)};`,
        `let baseline = ${queries_text(baseline)};`,
    ].join("\n");
}
function releaseOf(kind, { dimension }) {
    const { version, dimensions } = SCHEMAS[kind];
    return dimension === undefined ? version : `tostring(${dimensions}[${queries_text(dimension)}])`;
}
/** Requests of users in the window, with `release` and `late` as columns. */
function users(kind, arms) {
    const { requests, time, synthetic, dimensions } = SCHEMAS[kind];
    const agent = ["user_agent.original", "http.user_agent"].map((name) => `tostring(${dimensions}[${queries_text(name)}])`);
    return [
        requests,
        `| where ${time} >= from and ${time} < to`,
        `| extend late = ingestion_time() - ${time}, release = ${releaseOf(kind, arms)}, agent = coalesce(${agent.join(", ")})`,
        `| where isempty(${synthetic}) and not(${MACHINES.map((name) => `agent startswith ${queries_text(name)}`).join(" or ")})`,
    ].join("\n");
}
function requestsQuery(kind, arms, window, slowAfter) {
    const { time, code, duration, items } = SCHEMAS[kind];
    const slow = slowAfter === undefined ? "" : `\n    slow = sumif(${items}, ${duration} > ${slowAfter.toFixed(1)}),`;
    return `${lets(arms, window)}
${users(kind, arms)}
| where release in (canary, baseline)
| extend code = toint(${code})
| summarize total = sum(${items}),
    errors = sumif(${items}, code >= 500),
    refused = sumif(${items}, code >= 400 and code < 500),${slow}
    lag = percentile(late, 99)
    by minute = bin(${time}, bin_size), release`;
}
function releasesQuery(kind, arms, window) {
    return `${lets(arms, window)}
${users(kind, arms)}
| summarize n = count() by release
| order by n desc
| take 10`;
}
function latencyQuery(kind, arms, window, quantile) {
    return `${lets(arms, window)}
${users(kind, arms)}
| where release == baseline
| summarize latency = percentile(${SCHEMAS[kind].duration}, ${Math.round(quantile * 100)})`;
}
const DAY = 86_400_000;
/** By type: how often the canary threw it since `from`, and how often the baseline within a day. */
function exceptionsQuery(kind, arms, from, now) {
    const { exceptions, time, items, type } = SCHEMAS[kind];
    return `let canary = ${queries_text(arms.canary)};
let baseline = ${queries_text(arms.baseline)};
${exceptions}
| where ${time} >= ${moment(now - DAY)}
| extend release = ${releaseOf(kind, arms)}
| summarize since = sumif(${items}, release == canary and ${time} >= ${moment(from)}),
    before = sumif(${items}, release == baseline)
    by type = ${type}`;
}

;// CONCATENATED MODULE: ./packages/azure/src/metrics/log-metrics.ts
/**
 * Requests as the app's own telemetry tells them, counted by the release id that is baked into the artefact. The slot's
 * name in telemetry is never asked: it is the slot that the process was started in, and stale after each swap.
 */



/** The latest lag that is still believed: rows that came in later than this are repairs of an outage. */
const LONGEST_LAG = 1_800_000;
class LogMetrics {
    name;
    #options;
    constructor(options) {
        this.name = options.queries.place.kind;
        this.#options = options;
    }
    async read(window) {
        const { queries, arms, custom, slowAfter, now } = this.#options;
        const { kind } = queries.place;
        const table = await queries.run("count the requests", requestsQuery(kind, arms, window, slowAfter));
        const until = now();
        const lag = Math.max(0, ...table.rows.map((row) => timespanOf(row.lag)).filter((each) => each <= LONGEST_LAG));
        const completeUntil = table.rows.length === 0 ? undefined : until - lag;
        const metrics = custom === undefined ? this.#standard(table, window) : [await this.#custom(custom, window)];
        return { metrics, completeUntil };
    }
    async newExceptions(from) {
        const { queries, arms, now } = this.#options;
        const { rows } = await queries.run("count the exceptions", exceptionsQuery(queries.place.kind, arms, from, now()));
        return rows
            .filter(({ before }) => decode_numberOf(before) === 0)
            .map(({ type, since }) => ({ type: decode_textOf(type), count: decode_numberOf(since) ?? 0 }))
            .filter(({ count }) => count > 0);
    }
    /** Rows there are, and none names the live release: then no canary could ever be told from it. */
    async prove(window) {
        const { queries, arms, custom } = this.#options;
        const { rows } = await queries.run("see which releases are named", releasesQuery(queries.place.kind, arms, window));
        const named = rows.map(({ release }) => decode_textOf(release));
        if (named.length > 0 && !named.includes(arms.baseline))
            throw unnamed(arms, named);
        if (custom !== undefined)
            await this.#custom(custom, window);
    }
    async baselineLatency(window, quantile) {
        const { queries, arms } = this.#options;
        const query = latencyQuery(queries.place.kind, arms, window, quantile);
        const { rows } = await queries.run("measure the baseline's latency", query);
        return decode_numberOf(rows[0]?.latency);
    }
    #standard(table, window) {
        const { arms, slowAfter } = this.#options;
        const metric = (name, column) => ({
            name,
            bins: counted(table.rows, window, arms, column),
        });
        const slow = slowAfter === undefined ? [] : [metric("slow-requests", "slow")];
        return [metric("server-errors", "errors"), ...slow, metric("client-errors", "refused")];
    }
    async #custom(query, window) {
        const { queries, arms } = this.#options;
        const table = await queries.run("run metrics-query", `${lets(arms, window)}\n${query}`);
        const missing = ["minute", "release", "total", "bad"].filter((name) => !table.columns.some((each) => each.name === name));
        if (missing.length > 0)
            throw incomplete(missing, table);
        return { name: "custom", bins: counted(table.rows, window, arms, "bad") };
    }
}
function counted(rows, window, arms, bad) {
    const bins = (0,src/* emptyBins */.Oy)(window);
    for (const row of rows) {
        const bin = bins[Math.floor((Date.parse(decode_textOf(row.minute)) - window.from) / window.bin)];
        const release = decode_textOf(row.release);
        const arm = release === arms.canary ? "canary" : release === arms.baseline ? "baseline" : undefined;
        if (!bin || !arm)
            continue;
        const total = bin[arm].total + (decode_numberOf(row.total) ?? 0);
        bin[arm] = { total, bad: Math.min(total, bin[arm].bad + (decode_numberOf(row[bad]) ?? 0)) };
    }
    return bins;
}
/** `00:01:30.5000000`, `1.02:00:00`: a timespan as the services print it, in milliseconds. */
function timespanOf(value) {
    const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(decode_textOf(value)) ?? [];
    return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
}
function unnamed({ baseline, dimension }, named) {
    const field = dimension === undefined ? "the application version" : `the dimension ${dimension}`;
    const found = named
        .slice(0, 5)
        .map((name) => (name === "" ? "none" : name))
        .join(", ");
    return new src/* UsageError */.eb({
        what: "The telemetry does not say which release answered.",
        why: `Production runs ${baseline}; in the requests of late, ${field} says: ${found}. Slot names cannot stand in: they are stale after a swap.`,
        fix: "let the app report the `release` of its augeo-release.json as service.version (OTEL_RESOURCE_ATTRIBUTES), or name the dimension that has it in release-dimension, or set metric-source: platform-metrics.",
    });
}
function incomplete(missing, { columns }) {
    return new src/* UsageError */.eb({
        what: "Input metrics-query is wrong.",
        why: `Its answer lacks ${missing.join(" and ")}; it has ${columns.map(({ name }) => name).join(", ")}.`,
        fix: "end it with: | summarize total = sum(itemCount), bad = sumif(itemCount, <what is bad>) by minute = bin(timestamp, bin_size), release = application_Version",
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/metrics/log-queries.ts
/** The query services of Azure Monitor: one POST with a query, a table back. Nothing is repeated here. */



const KINDS = {
    "app-insights": {
        service: "Application Insights",
        path: (id) => `/v1/apps/${encodeURIComponent(id)}/query`,
        role: "Monitoring Reader",
        input: "app-insights",
        where: "the application id that the portal shows under API Access (az monitor app-insights component show --query appId)",
    },
    "log-analytics": {
        service: "Log Analytics",
        path: (id) => `/v1/workspaces/${encodeURIComponent(id)}/query`,
        role: "Log Analytics Reader",
        input: "log-analytics",
        where: "the workspace id (az monitor log-analytics workspace show --query customerId)",
    },
};
/** A query may take some time over a busy workspace; the services give up at 3 to 10 minutes. */
const TIMEOUT = 60_000;
class LogQueries {
    place;
    #context;
    #http;
    #signIn;
    constructor(context, http, signIn, place) {
        this.place = place;
        this.#context = context;
        this.#http = http;
        this.#signIn = signIn;
    }
    /** Throws `ServiceError`, also when only part of the data was read: half of the counts is no count. */
    async run(operation, query) {
        const reply = await this.#send(operation, query);
        if (reply.status !== 200)
            throw this.#failure(operation, reply);
        const body = fieldsOf(jsonOf(reply.text));
        if (body.error !== undefined)
            throw this.#partial(operation, fieldsOf(body.error));
        return decodeTable(body);
    }
    async #send(operation, query, isSecond = false) {
        const { cloud } = this.#signIn;
        const isInsights = this.place.kind === "app-insights";
        const token = await this.#signIn.token(isInsights ? cloud.appInsightsAudience : cloud.logAnalyticsAudience);
        const url = `${isInsights ? cloud.appInsights : cloud.logAnalytics}${KINDS[this.place.kind].path(this.place.id)}`;
        const headers = {
            authorization: `Bearer ${token}`,
            "content-type": "application/json",
            "user-agent": "augeo-deploy-action",
        };
        const { signal } = this.#context;
        try {
            const body = JSON.stringify({ query });
            const reply = await this.#http.send({ method: "POST", url, headers, body, signal, timeout: TIMEOUT });
            if (reply.status !== 401 || isSecond)
                return reply;
        }
        catch (error) {
            if (!(error instanceof TransportError))
                throw error;
            throw this.#silence(operation, error);
        }
        this.#signIn.forget();
        return this.#send(operation, query, true);
    }
    #failure(operation, { status, headers, text }) {
        const { service, role, input, where } = KINDS[this.place.kind];
        const error = fieldsOf(fieldsOf(jsonOf(text)).error);
        const code = optionalText(error.code);
        const answered = `${service} answered ${[status, code].filter(Boolean).join(" ")}: ${innermost(error) || text.slice(0, 300)}`;
        const wait = headers["retry-after"] === undefined ? "" : ` It asks to wait ${headers["retry-after"]} s.`;
        const fixes = {
            400: "Mend the query; try it in the portal under Logs.",
            401: "Check tenant-id and cloud: the token was refused even after a new sign-in.",
            403: `Assign the role "${role}" to the identity on that resource: az role assignment create --role "${role}" --scope <its resource id> --assignee-object-id <object id of the identity>`,
            404: `Set ${input} to ${where}.`,
            429: "Fewer queries from this identity at once: 200 in 30 s are allowed.",
        };
        return new src/* ServiceError */._7({
            service,
            operation,
            status,
            code,
            what: `${service} refused to ${operation}.`,
            why: `${answered}.${wait}`.replace("..", "."),
            fix: fixes[status] ?? "Run again later; see https://azure.status.microsoft when it stays.",
            correlationId: optionalText(error.correlationId),
            retryable: status === 429 || status >= 500,
        });
    }
    #partial(operation, error) {
        const { service } = KINDS[this.place.kind];
        return new src/* ServiceError */._7({
            service,
            operation,
            status: 200,
            code: decode_textOf(error.code) || "PartialError",
            what: `${service} read only part of the data.`,
            why: `It answered ${decode_textOf(error.code)}: ${innermost(error)}`,
            fix: "Run again later; a shorter window reads less.",
            retryable: true,
        });
    }
    #silence(operation, error) {
        const { service } = KINDS[this.place.kind];
        return new src/* ServiceError */._7({
            service,
            operation,
            code: error.code,
            what: `${service} did not answer.`,
            why: `${error.message}.`,
            fix: "Check that the runner reaches it (proxy, firewall, private link).",
            retryable: true,
            cause: error,
        });
    }
}
/** The message that names the fault lies deepest. */
function innermost(error) {
    const [detail] = listOf(error.details).map(fieldsOf);
    const inner = error.innererror === undefined ? detail : fieldsOf(error.innererror);
    const deeper = inner === undefined ? "" : innermost(inner);
    return deeper === "" ? decode_textOf(error.message) : deeper;
}
function decodeTable(body) {
    const [table] = listOf(fieldsOf(body).tables).map(fieldsOf);
    const columns = listOf(table?.columns)
        .map(fieldsOf)
        .map(({ name, type }) => ({ name: decode_textOf(name), type: decode_textOf(type) }));
    const rows = listOf(table?.rows).map((row) => Object.fromEntries(listOf(row).map((value, index) => [columns[index]?.name ?? String(index), value])));
    return { columns, rows };
}

;// CONCATENATED MODULE: ./packages/azure/src/metrics/platform-metrics.ts
/**
 * App Service's own metrics, of each slot as a resource of its own: no agent in the app, and no slot name that a swap
 * makes stale. They count every request that reached the front end, those that the platform answered itself included.
 */



const platform_metrics_API_VERSION = "2018-01-01";
const NAMES = ["Requests", "Http5xx", "Http4xx", "HttpResponseTime"];
class PlatformMetrics {
    name = "platform-metrics";
    #options;
    constructor(options) {
        this.#options = options;
    }
    async read(window) {
        const { ref } = this.#options;
        const [canary, baseline] = await Promise.all([
            this.#ask(ref, window),
            this.#ask({ ...ref, slot: PRODUCTION }, window),
        ]);
        return {
            metrics: [
                { name: "server-errors", bins: platform_metrics_counted(window, canary, baseline, "Http5xx") },
                { name: "client-errors", bins: platform_metrics_counted(window, canary, baseline, "Http4xx") },
            ],
            completeUntil: completeUntil(window, canary, baseline),
            aside: averages(canary, baseline),
        };
    }
    /** By the start of each bin. */
    async #ask(ref, { from, to, bin }) {
        const query = {
            "api-version": platform_metrics_API_VERSION,
            metricnames: NAMES.join(","),
            timespan: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`,
            interval: isoInterval(bin),
            aggregation: "Total,Average",
        };
        const below = "/providers/Microsoft.Insights/metrics";
        try {
            const operation = `read the metrics of ${ref.slot}`;
            const reply = await callSlot(this.#options.arm, ref, { operation, method: "GET", below, query, attempts: 1 });
            return decodeMetrics(reply.body);
        }
        catch (error) {
            throw grainExplained(error, bin);
        }
    }
}
/** `PT1M`, or seconds where it is no whole number of minutes. */
function isoInterval(bin) {
    return bin % 60_000 === 0 ? `PT${bin / 60_000}M` : `PT${bin / 1000}S`;
}
function grainExplained(error, bin) {
    if (!(error instanceof src/* ServiceError */._7) || !/time grain/i.test(error.why))
        return error;
    const what = `Azure keeps no platform metrics in bins of ${isoInterval(bin)}.`;
    const fix = "Set bin: 1m (or 5m), the grains that platform metrics have; probes and logs can be counted in shorter ones.";
    return new src/* ServiceError */._7({ ...error, what, why: error.why, fix, cause: error });
}
function decodeMetrics(body) {
    const bins = new Map();
    for (const metric of listOf(fieldsOf(body).value).map(fieldsOf)) {
        const name = NAMES.find((each) => each.toLowerCase() === decode_textOf(fieldsOf(metric.name).value).toLowerCase());
        if (name === undefined)
            continue;
        const [series] = listOf(metric.timeseries).map(fieldsOf);
        for (const point of listOf(series?.data).map(fieldsOf)) {
            const start = Date.parse(decode_textOf(point.timeStamp));
            const value = decode_numberOf(name === "HttpResponseTime" ? point.average : point.total);
            if (Number.isNaN(start) || value === undefined)
                continue;
            bins.set(start, { ...bins.get(start), [name]: value });
        }
    }
    return bins;
}
function platform_metrics_counted(window, canary, baseline, bad) {
    const armOf = (published) => {
        const total = published?.Requests ?? 0;
        return { total, bad: Math.min(total, published?.[bad] ?? 0) };
    };
    return (0,src/* emptyBins */.Oy)(window).map(({ start }) => ({
        start,
        canary: armOf(canary.get(start)),
        baseline: armOf(baseline.get(start)),
    }));
}
/**
 * The newest bin that has a value may still grow; what lies before it does not. Each arm is published by itself, and an
 * arm without a single value tells nothing.
 */
function completeUntil({ from }, ...arms) {
    const newest = arms.filter(({ size }) => size > 0).map((arm) => Math.max(...arm.keys()));
    return newest.length === 0 ? undefined : Math.max(from, Math.min(...newest));
}
/** Only the average of all requests is kept, which a few slow ones do not move: it is shown and never judged. */
function averages(canary, baseline) {
    const mean = (arm) => {
        const bins = [...arm.values()].filter(({ Requests = 0 }) => Requests > 0);
        const requests = bins.reduce((sum, { Requests = 0 }) => sum + Requests, 0);
        const seconds = bins.reduce((sum, bin) => sum + (bin.HttpResponseTime ?? 0) * (bin.Requests ?? 0), 0);
        return requests === 0 ? undefined : seconds / requests;
    };
    const [ofCanary, ofBaseline] = [mean(canary), mean(baseline)];
    if (ofCanary === undefined || ofBaseline === undefined)
        return undefined;
    return `average response time ${milliseconds(ofCanary)} (canary), ${milliseconds(ofBaseline)} (baseline)`;
}
const milliseconds = (seconds) => `${Math.round(seconds * 1000)} ms`;

// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
var external_node_zlib_default = /*#__PURE__*/__webpack_require__.n(external_node_zlib_);
;// CONCATENATED MODULE: ./packages/azure/src/package/faults.ts
/** Everything that can be wrong with a package, each in its own words; found before anything is changed remotely. */

/** Bytes; limit of the SCM site for one package. */
const PACKAGE_LIMIT = 2048 * 1024 * 1024;
function missing(path) {
    return fault(path, "There is nothing at this path.", "Check the path: it counts from the workspace. Run the build before this step, or download the artifact into the workspace (actions/download-artifact).");
}
function unreadable(path, names, code) {
    return fault(path, `The runner's user may not read ${list(names)} (${code}).`, "Give it read permission: chmod -R u+rX on the package, before this step.");
}
function notFolderNorFile(path) {
    return fault(path, "It is neither a folder nor a file.", "Give a folder, or a zip file.");
}
function empty(path) {
    return fault(path, "It contains no file.", "Run the build before this step, and check that package names its output.");
}
function notAZip(path, hint) {
    return fault(path, `It is not a zip file${hint}.`, "Give a folder (it is packed here), or a file made by zip.");
}
function truncated(path, why) {
    return fault(path, `The zip is damaged or was cut off: ${why}.`, "Build it again; after an upload or download, compare its size with the original's (unzip -t names the damage).");
}
function singleFolder(path, folder) {
    return fault(path, `All its files are inside one folder, "${folder}/": App Service would find no app at the root.`, `Zip the folder's content and not the folder (cd ${folder} && zip -r ../app.zip .), or set package to the folder itself.`);
}
function climbsOut(path, names) {
    return fault(path, `It has entries that lead out of the folder it is unpacked into: ${list(names)}.`, "Zip with relative paths, from inside the folder. Do not deploy a zip that you did not make.");
}
function linksOrSpecials(path, names) {
    return fault(path, `It has links or special files, which App Service does not unpack: ${list(names)}.`, "Replace links by what they point to (cp -rL source package), and leave out sockets, pipes and devices. Build a virtual environment with --copies, or vendor packages with pip install --target.");
}
function duplicates(path, names) {
    return fault(path, `It has more than one file of the same name: ${list(names)}.`, "Build the zip anew instead of adding to it.");
}
function encrypted(path, names) {
    return fault(path, `It has encrypted entries: ${list(names)}.`, "Zip without a password.");
}
function unknownMethod(path, names) {
    return fault(path, `It has entries compressed in a way that App Service may not read: ${list(names)}.`, "Zip with deflate, the usual method.");
}
function tooLarge(path, bytes) {
    const megabytes = Math.ceil(bytes / (1024 * 1024));
    return fault(path, `It has ${megabytes} MB; an App Service package may have 2048 MB.`, "Leave out what the app does not need at run time: tests, caches, .git, build tools. Put large data into Blob Storage.");
}
function changedWhilePacked(path, name) {
    return fault(path, `"${name}" changed while the package was read.`, "Let nothing write into the package while it is deployed: stop what does, or copy the folder first.");
}
const faults_SHOWN = 5;
function list(names) {
    const shown = names.slice(0, faults_SHOWN).map((name) => JSON.stringify(name));
    return names.length > faults_SHOWN ? `${shown.join(", ")} and ${names.length - faults_SHOWN} more` : shown.join(", ");
}
function fault(path, why, fix) {
    return new src/* UsageError */.eb({ what: `The package ${path} cannot be deployed.`, why, fix });
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./packages/azure/src/package/deflate-lanes.ts
/** Compresses blocks in parallel on the thread pool, with a fixed number of blocks under way and input buffers that are used again. */

/** Level 4 compresses this kind of content within 2 % of level 6 in 60 % of its time. */
const LEVEL = 4;
/** Larger than what Node takes from its pool of buffers, so that an output buffer is one of its own. */
const SMALLEST_OUTPUT = 64 * 1024;
/** Ends a deflate stream after any byte boundary: one empty final block. Of its own memory, never released. */
const FINAL_BLOCK = Buffer.alloc(2);
FINAL_BLOCK[0] = 0x03;
/**
 * A new compressor for every block: one that is reset still finds matches by what lay in its window before, so that the
 * same block would not always give the same bytes.
 */
function compress(block) {
    // Room for all of it, so that one block is one buffer and one trip through the thread pool.
    const chunkSize = Math.max(SMALLEST_OUTPUT, block.length + (block.length >> 10) + 256);
    const deflater = external_node_zlib_default().createDeflateRaw({ level: LEVEL, flush: (external_node_zlib_default()).constants.Z_SYNC_FLUSH, chunkSize });
    const output = [];
    deflater.on("data", (chunk) => output.push(chunk));
    return new Promise((resolve, reject) => {
        deflater.on("error", reject);
        deflater.write(block, () => {
            // Frees its 268 KB now, and not when they are collected.
            deflater.destroy();
            resolve(joined(output));
        });
    });
}
function joined(chunks) {
    const [only] = chunks;
    if (only !== undefined && chunks.length === 1)
        return only;
    const buffer = Buffer.allocUnsafeSlow(chunks.reduce((total, chunk) => total + chunk.length, 0));
    let filled = 0;
    for (const chunk of chunks)
        filled += chunk.copy(buffer, filled);
    return buffer;
}
class DeflateLanes {
    #idle;
    #waiting = [];
    constructor(count, blockSize) {
        this.#idle = Array.from({ length: count }, () => Buffer.allocUnsafeSlow(blockSize));
    }
    /**
     * Compresses what `read` puts into the given buffer. Blocks are read in the order in which they were asked for. The
     * result ends at a byte boundary without ending the stream, so that results can be joined.
     */
    async compress(read) {
        const buffer = this.#idle.pop() ?? (await new Promise((resolve) => this.#waiting.push(resolve)));
        try {
            return await compress(read(buffer));
        }
        finally {
            const next = this.#waiting.shift();
            if (next === undefined)
                this.#idle.push(buffer);
            else
                next(buffer);
        }
    }
}
/**
 * Gives the memory of a block that has been sent back at once; left to the collector, 40 MB and more would lie about.
 * Only for buffers that hold one block alone: those that `compress` returns, and those that were made for one.
 */
function release({ buffer }) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength >= SMALLEST_OUTPUT)
        buffer.transfer(0);
}

;// CONCATENATED MODULE: ./packages/azure/src/package/folder.ts
/** A folder as a package: read once to know its content, and once more, compressed in parallel, while it is sent. */








/** Files are read and compressed in blocks of so many bytes, so that memory does not grow with them. */
const folder_BLOCK = 512 * 1024;
/** Blocks compressed at once: as many as the thread pool has threads, so that none waits while this one reads. */
const LANES = 4;
/** Blocks under way or waiting to be sent. */
const AHEAD = 2 * LANES;
/** Bytes of a file that are tasted; smaller files are always compressed. */
const TASTE = 4 * 1024;
const SMALL = 1024;
/** Bits a byte from which content counts as compressed already: 4 KB of random bytes have 7.95, of base64 6.0, of code about 5. */
const RANDOM = 7.8;
/** Milliseconds of reading after which other work gets its turn. */
const TURN = 20;
/** Every file of the folder, hashed. Throws `UsageError` for links, special files and what may not be read. */
async function readFolder(root) {
    const entries = listEntries(root, "").sort(byPath);
    const special = entries.filter(({ entry }) => !entry.isFile()).map(({ path }) => path);
    if (special.length > 0)
        throw linksOrSpecials(root, special);
    const files = [];
    const buffer = Buffer.allocUnsafe(folder_BLOCK);
    let turn = performance.now();
    for (const { path } of entries) {
        files.push(hashFile(root, path, buffer));
        if (performance.now() - turn < TURN)
            continue;
        await (0,promises_.setImmediate)();
        turn = performance.now();
    }
    return files;
}
function listEntries(root, folder) {
    return readOrFault(root, folder, () => (0,external_node_fs_.readdirSync)((0,external_node_path_.join)(root, folder), { withFileTypes: true })).flatMap((entry) => {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        return entry.isDirectory() ? listEntries(root, path) : [{ path, entry }];
    });
}
/** Reads synchronously: for thousands of small files in the page cache it takes a quarter of the time of going through the thread pool. */
function hashFile(root, path, buffer) {
    return readOrFault(root, path, () => {
        const file = (0,external_node_fs_.openSync)((0,external_node_path_.join)(root, path), external_node_fs_.constants.O_RDONLY);
        try {
            const hash = (0,external_node_crypto_.createHash)("sha256");
            let crc32 = 0;
            let size = 0;
            let compressible = true;
            for (let read = (0,external_node_fs_.readSync)(file, buffer); read > 0; read = (0,external_node_fs_.readSync)(file, buffer)) {
                const block = buffer.subarray(0, read);
                if (size === 0)
                    compressible = isCompressible(block);
                hash.update(block);
                crc32 = external_node_zlib_default().crc32(block, crc32);
                size += read;
            }
            return {
                path,
                size,
                crc32,
                sha256: hash.digest("hex"),
                executable: ((0,external_node_fs_.fstatSync)(file).mode & 0o100) !== 0,
                compressible,
            };
        }
        finally {
            (0,external_node_fs_.closeSync)(file);
        }
    });
}
function readOrFault(root, path, read) {
    try {
        return read();
    }
    catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
        if (code === "EACCES" || code === "EPERM")
            throw unreadable(root, [path === "" ? "the folder" : path], code);
        if (code === "ENOENT")
            throw changedWhilePacked(root, path);
        throw error;
    }
}
/** The files as entries of a zip, compressed some blocks ahead of the one that is asked for, in order. */
async function* packFolder(root, files) {
    const lanes = new DeflateLanes(LANES, folder_BLOCK);
    yield* itemsOf(ahead(folder_blocksOf(root, files, lanes), AHEAD));
}
async function* itemsOf(blocks) {
    for (let next = await blocks.next(); !next.done; next = await blocks.next()) {
        const { file, last } = next.value;
        const data = await next.value.data;
        const method = file.compressible ? "deflate" : "store";
        const head = { ...file, method, time: timeOfContent(file.sha256) };
        const known = last ? data.reduce((total, chunk) => total + chunk.length, 0) : undefined;
        yield {
            head,
            compressedSize: file.compressible ? known : file.size,
            data: released(last ? data : remainder(data, blocks)),
        };
    }
}
/** Gives a chunk's memory back when the next is asked for, instead of leaving the whole package to the collector. */
async function* released(chunks) {
    for await (const chunk of chunks) {
        yield chunk;
        release(chunk);
    }
}
async function* remainder(start, blocks) {
    yield* start;
    for (let next = await blocks.next(); !next.done; next = await blocks.next()) {
        yield* await next.value.data;
        if (next.value.last)
            return;
    }
}
/** Keeps `count` blocks under way while the first is waited for. */
async function* ahead(source, count) {
    const waiting = [];
    for (;;) {
        while (waiting.length < count) {
            const next = source.next();
            if (next.done)
                break;
            // A rejection is met when its turn comes.
            next.value.data.catch(() => undefined);
            waiting.push(next.value);
        }
        const first = waiting.shift();
        if (first === undefined)
            return;
        yield first;
    }
}
function* folder_blocksOf(root, files, lanes) {
    for (const file of files) {
        const check = checkUnchanged(root, file);
        let offset = 0;
        do {
            const length = Math.min(folder_BLOCK, file.size - offset);
            const last = offset + length >= file.size;
            yield { file, last, data: blockData(root, file, { offset, length, last }, lanes, check) };
            offset += length;
        } while (offset < file.size);
    }
}
async function blockData(root, file, range, lanes, check) {
    const read = (buffer) => {
        const block = readBlock(root, file, range, buffer);
        check(block, range.last);
        return block;
    };
    if (!file.compressible)
        return [read(Buffer.allocUnsafeSlow(range.length))];
    const data = await lanes.compress(read);
    return range.last ? [data, FINAL_BLOCK] : [data];
}
function readBlock(root, file, { offset, length }, buffer) {
    return readOrFault(root, file.path, () => {
        const handle = (0,external_node_fs_.openSync)((0,external_node_path_.join)(root, file.path), external_node_fs_.constants.O_RDONLY);
        try {
            const read = length === 0 ? 0 : (0,external_node_fs_.readSync)(handle, buffer, 0, length, offset);
            if (read !== length)
                throw changedWhilePacked(root, file.path);
            return buffer.subarray(0, read);
        }
        finally {
            (0,external_node_fs_.closeSync)(handle);
        }
    });
}
/** Blocks of one file come in order; the last shows whether the content is still what was hashed. */
function checkUnchanged(root, file) {
    let crc32 = 0;
    return (block, last) => {
        crc32 = external_node_zlib_default().crc32(block, crc32);
        if (last && crc32 !== file.crc32)
            throw changedWhilePacked(root, file.path);
    };
}
/** A taste of the start tells images, fonts and archives, which only cost time to compress: their bytes are all alike often. */
function isCompressible(start) {
    if (start.length < SMALL)
        return true;
    const taste = start.subarray(0, TASTE);
    return entropy(taste) < RANDOM;
}
/** Shannon's entropy in bits a byte. A trial compression would tell more and takes ten times as long. */
function entropy(bytes) {
    const counts = new Uint32Array(256);
    for (const byte of bytes)
        counts[byte] = (counts[byte] ?? 0) + 1;
    let bits = 0;
    for (const count of counts)
        if (count > 0)
            bits -= (count / bytes.length) * Math.log2(count / bytes.length);
    return bits;
}

;// CONCATENATED MODULE: ./packages/azure/src/package/inflater.ts
/** Decompresses one entry after the other with one decompressor, so that thousands of entries leave no state behind. */

/** Bytes of an output buffer. */
const OUTPUT_CHUNK = 64 * 1024;
class Inflater {
    #stream = external_node_zlib_default().createInflateRaw({ chunkSize: OUTPUT_CHUNK });
    #take = () => undefined;
    #failed;
    constructor() {
        this.#stream.on("data", (chunk) => {
            this.#take(chunk);
            inflater_release(chunk);
        });
        // Said by the write that it belongs to.
        this.#stream.on("error", (error) => {
            this.#failed = error;
        });
    }
    /** Hands the content on piece by piece. An input piece may be overwritten once the next is asked for. Rejects for what is no deflate data. */
    async inflate(pieces, take) {
        this.#take = take;
        for (const piece of pieces)
            await this.#write(piece);
        this.#stream.reset();
    }
    #write(piece) {
        return new Promise((resolve, reject) => {
            // With more input than the data has, the stream ends without calling back.
            const onEnd = () => reject(new Error("data after its end"));
            this.#stream.once("end", onEnd);
            this.#stream.write(piece, (error) => {
                this.#stream.off("end", onEnd);
                if (error ?? this.#failed)
                    reject(error ?? this.#failed);
                else
                    resolve();
            });
        });
    }
    close() {
        this.#stream.destroy();
    }
}
/**
 * Gives an output buffer back at once when its end was reached, as the stream then takes a new one: left to the
 * collector, some 40 MB of them would lie about.
 */
function inflater_release({ buffer, byteOffset, length }) {
    const isFull = buffer.byteLength === OUTPUT_CHUNK && byteOffset + length === OUTPUT_CHUNK;
    if (isFull && buffer instanceof ArrayBuffer)
        buffer.transfer(0);
}

// EXTERNAL MODULE: ./node_modules/yauzl/index.js
var yauzl = __webpack_require__(663);
;// CONCATENATED MODULE: ./packages/azure/src/package/zip-entries.ts
/** The directory of a given zip: what is in it, and whether all of that may be deployed. */



const METHODS = new Map([
    [0, "store"],
    [8, "deflate"],
]);
/** The entries of a zip, directories too. Throws `UsageError` when it is none or cut off. */
async function zip_entries_listEntries(path, handle, size) {
    if (size === 0)
        throw empty(path);
    try {
        const zip = await (0,yauzl/* fromFdPromise */.as)(handle, { autoClose: false, decodeStrings: false });
        const listed = [];
        for await (const entry of zip.eachEntry())
            listed.push({ entry, path: zip_entries_nameOf(entry) });
        return listed;
    }
    catch (error) {
        throw notReadable(path, handle, error);
    }
}
function zip_entries_nameOf(entry) {
    const raw = entry.fileName;
    if (!Buffer.isBuffer(raw))
        return String(raw);
    return (0,yauzl/* getFileNameLowLevel */.ax)(entry.generalPurposeBitFlag, raw, (0,yauzl/* parseExtraFields */.HM)(entry.extraFieldRaw), false);
}
const OTHER_FORMATS = [
    [/^1f8b/, ", but gzip data, such as a .tar.gz"],
    [/^377abcaf/, ", but a 7z archive"],
    [/^52617221/, ", but a RAR archive"],
    [/^3c/, ", but looks like HTML or XML, such as the error page of a download"],
    [/^7b/, ", but looks like JSON"],
];
function notReadable(path, handle, error) {
    const start = Buffer.alloc(4);
    (0,external_node_fs_.readSync)(handle, start, 0, 4, 0);
    if (start.readUInt32LE(0) === 0x04034b50)
        return truncated(path, error instanceof Error ? error.message : String(error));
    const found = OTHER_FORMATS.find(([magic]) => magic.test(start.toString("hex")));
    return notAZip(path, found?.[1] ?? "");
}
/** Throws `UsageError` for every entry that must not be deployed. */
function validate(path, files) {
    const named = (test) => files.filter(test).map((each) => each.path);
    const report = (names, fault) => {
        if (names.length > 0)
            throw fault(path, names);
    };
    if (files.length === 0)
        throw empty(path);
    report(named(({ path: name }) => name.includes("\\") || (0,yauzl/* validateFileName */.U_)(name) !== null), climbsOut);
    report(named(({ entry }) => isSpecial(entry)), linksOrSpecials);
    report(named(({ entry }) => (entry.generalPurposeBitFlag & 1) !== 0), encrypted);
    report(named(({ entry }) => methodOf(entry) === undefined), unknownMethod);
    report(repeated(files.map((each) => each.path)), duplicates);
    const folder = onlyFolder(files.map((each) => each.path));
    if (folder !== undefined)
        throw singleFolder(path, folder);
}
function methodOf(entry) {
    const method = entry.compressionMethod;
    return method === 0 || method === 8 ? METHODS.get(method) : undefined;
}
/** The Unix mode, for zips made on a system that has one. */
function modeOf(entry) {
    return entry.versionMadeBy >> 8 === 3 ? entry.externalFileAttributes >>> 16 : 0;
}
function isSpecial(entry) {
    const type = modeOf(entry) & 0o170000;
    return type !== 0 && type !== 0o100000;
}
function repeated(names) {
    const seen = new Set();
    return names.filter((name) => seen.size === seen.add(name).size);
}
function onlyFolder(names) {
    const tops = new Set(names.map((name) => (name.includes("/") ? name.slice(0, name.indexOf("/")) : "")));
    const [top] = tops;
    return tops.size === 1 && top !== "" ? top : undefined;
}

;// CONCATENATED MODULE: ./packages/azure/src/package/zip.ts
/** A given zip as a package: validated and hashed before anything is sent, then sent entry by entry without recompressing. */








const zip_BLOCK = 256 * 1024;
/** Most bytes of an entry that is read as a whole: the release file. */
const zip_SMALL = 64 * 1024;
const zip_TURN = 20;
const LOCAL_HEADER = 30;
/** Every file of the zip, its checksum verified. Throws `UsageError` for each way in which a zip can be wrong. */
async function readZip(path) {
    const { size } = (0,external_node_fs_.statSync)(path);
    if (size > PACKAGE_LIMIT)
        throw tooLarge(path, size);
    const handle = openOrFault(path);
    try {
        const listed = await zip_entries_listEntries(path, handle, size);
        const files = listed.filter(({ path: name }) => !name.endsWith("/"));
        validate(path, files);
        return await hashAll(path, handle, files, size);
    }
    finally {
        (0,external_node_fs_.closeSync)(handle);
    }
}
function openOrFault(path) {
    try {
        return (0,external_node_fs_.openSync)(path, "r");
    }
    catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : "";
        throw code === "EACCES" || code === "EPERM" ? unreadable(path, ["the file"], code) : error;
    }
}
async function hashAll(path, handle, listed, size) {
    const files = [];
    const reader = new ContentReader(handle);
    let turn = performance.now();
    try {
        for (const each of listed) {
            files.push(await hashEntry(path, reader, each, size));
            if (performance.now() - turn < zip_TURN)
                continue;
            await (0,promises_.setImmediate)();
            turn = performance.now();
        }
    }
    finally {
        reader.close();
    }
    return files.sort(byPath);
}
async function hashEntry(path, reader, { entry, path: name }, size) {
    const start = dataStart(path, reader.handle, entry);
    const stored = { start, method: methodOf(entry) ?? "store", compressedSize: entry.compressedSize };
    if (start + entry.compressedSize > size)
        throw truncated(path, `"${name}" ends after the file does`);
    const hash = (0,external_node_crypto_.createHash)("sha256");
    let crc32 = 0;
    let read = 0;
    const take = (chunk) => {
        hash.update(chunk);
        crc32 = external_node_zlib_default().crc32(chunk, crc32);
        read += chunk.length;
    };
    try {
        await reader.read(stored, take);
    }
    catch (error) {
        throw truncated(path, `"${name}" cannot be unpacked (${error instanceof Error ? error.message : error})`);
    }
    if (crc32 !== entry.crc32 || read !== entry.uncompressedSize)
        throw truncated(path, `"${name}" does not match its checksum`);
    return {
        path: name,
        size: read,
        crc32,
        sha256: hash.digest("hex"),
        executable: (modeOf(entry) & 0o100) !== 0,
        ...stored,
    };
}
/** Reads the content of entries through one buffer and one decompressor. */
class ContentReader {
    handle;
    #buffer = Buffer.allocUnsafeSlow(zip_BLOCK);
    #inflater = new Inflater();
    constructor(handle) {
        this.handle = handle;
    }
    async read(stored, take) {
        const blocks = rawBlocks(this.handle, stored, this.#buffer);
        if (stored.method === "deflate")
            return this.#inflater.inflate(blocks, take);
        for (const block of blocks)
            take(block);
    }
    close() {
        this.#inflater.close();
    }
}
function dataStart(path, handle, entry) {
    const header = Buffer.alloc(LOCAL_HEADER);
    const read = (0,external_node_fs_.readSync)(handle, header, 0, LOCAL_HEADER, entry.relativeOffsetOfLocalHeader);
    if (read < LOCAL_HEADER || header.readUInt32LE(0) !== 0x04034b50)
        throw truncated(path, "an entry is not where the directory says");
    return entry.relativeOffsetOfLocalHeader + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
}
/** The entry's bytes as they lie in the zip; each block overwrites the one before. */
function* rawBlocks(handle, { start, compressedSize }, buffer) {
    for (let done = 0; done < compressedSize;) {
        const length = Math.min(zip_BLOCK, compressedSize - done);
        const read = (0,external_node_fs_.readSync)(handle, buffer, 0, length, start + done);
        if (read === 0)
            throw new Error("the file ends early");
        yield buffer.subarray(0, read);
        done += read;
    }
}
/** The content of one small entry. */
function readEntry(path, { start, compressedSize, method }) {
    const handle = (0,external_node_fs_.openSync)(path, "r");
    try {
        const data = Buffer.alloc(compressedSize);
        (0,external_node_fs_.readSync)(handle, data, 0, compressedSize, start);
        return method === "store" ? data : external_node_zlib_default().inflateRawSync(data, { maxOutputLength: zip_SMALL });
    }
    finally {
        (0,external_node_fs_.closeSync)(handle);
    }
}
/** The files as entries of a new zip: data as it is, headers and times made anew. A chunk is valid until the next is asked for. */
function* repackZip(path, files) {
    const handle = (0,external_node_fs_.openSync)(path, "r");
    try {
        const buffer = Buffer.allocUnsafeSlow(zip_BLOCK);
        for (const file of files) {
            const head = { ...file, time: timeOfContent(file.sha256) };
            yield { head, compressedSize: file.compressedSize, data: rawBlocks(handle, file, buffer) };
        }
    }
    finally {
        (0,external_node_fs_.closeSync)(handle);
    }
}

;// CONCATENATED MODULE: ./packages/azure/src/package/zip-writer.ts
const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const LOCAL_BYTES = 30;
const DESCRIPTOR_BYTES = 16;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const END_64_BYTES = 76;
const UTF8_NAME = 0x0800;
const SIZE_FOLLOWS = 0x0008;
const UNIX = 3;
/** Version 2.0: deflate; more is not needed. */
const VERSION = 20;
const MOST_ENTRIES = 0xffff;
/** The zip's bytes, in order. Holds one small record per entry and none of the data. */
async function* writeZip(items) {
    const written = [];
    let offset = 0;
    for await (const { head, compressedSize, data } of items) {
        const start = offset;
        const described = compressedSize === undefined;
        const local = localHeader(head, compressedSize);
        yield local;
        let size = 0;
        for await (const chunk of data) {
            size += chunk.length;
            yield chunk;
        }
        if (described)
            yield descriptor(head, size);
        offset += local.length + size + (described ? DESCRIPTOR_BYTES : 0);
        written.push({ head, compressedSize: size, offset: start, described });
    }
    yield directory(written, offset);
}
/** Bytes of the zip that `writeZip` makes of entries whose compressed sizes are known. */
function zipLength(entries) {
    let total = END_BYTES;
    let count = 0;
    for (const { path, compressedSize } of entries) {
        total += LOCAL_BYTES + CENTRAL_BYTES + 2 * Buffer.byteLength(path) + compressedSize;
        count += 1;
    }
    return total + (count > MOST_ENTRIES ? END_64_BYTES : 0);
}
function localHeader(head, compressedSize) {
    const name = Buffer.from(head.path);
    const buffer = Buffer.alloc(LOCAL_BYTES + name.length);
    buffer.writeUInt32LE(LOCAL, 0);
    buffer.writeUInt16LE(VERSION, 4);
    writeCommon(buffer, 6, head, compressedSize === undefined, compressedSize ?? 0);
    buffer.writeUInt16LE(name.length, 26);
    name.copy(buffer, LOCAL_BYTES);
    return buffer;
}
/** Flags, method, time, checksum and sizes: the same run of fields in both headers. */
function writeCommon(buffer, at, head, described, compressedSize) {
    buffer.writeUInt16LE(UTF8_NAME | (described ? SIZE_FOLLOWS : 0), at);
    buffer.writeUInt16LE(head.method === "deflate" ? 8 : 0, at + 2);
    buffer.writeUInt32LE(head.time, at + 4);
    const local = buffer.readUInt32LE(0) === LOCAL;
    if (local && described)
        return;
    buffer.writeUInt32LE(head.crc32, at + 8);
    buffer.writeUInt32LE(compressedSize, at + 12);
    buffer.writeUInt32LE(head.size, at + 16);
}
function descriptor(head, compressedSize) {
    const buffer = Buffer.alloc(DESCRIPTOR_BYTES);
    buffer.writeUInt32LE(DESCRIPTOR, 0);
    buffer.writeUInt32LE(head.crc32, 4);
    buffer.writeUInt32LE(compressedSize, 8);
    buffer.writeUInt32LE(head.size, 12);
    return buffer;
}
function directory(written, offset) {
    const records = written.map(centralHeader);
    const size = records.reduce((total, record) => total + record.length, 0);
    const end = endRecords(written.length, size, offset);
    return Buffer.concat([...records, ...end]);
}
function centralHeader({ head, compressedSize, offset, described }) {
    const name = Buffer.from(head.path);
    const buffer = Buffer.alloc(CENTRAL_BYTES + name.length);
    buffer.writeUInt32LE(CENTRAL, 0);
    buffer.writeUInt16LE((UNIX << 8) | VERSION, 4);
    buffer.writeUInt16LE(VERSION, 6);
    writeCommon(buffer, 8, head, described, compressedSize);
    buffer.writeUInt16LE(name.length, 28);
    buffer.writeUInt32LE((head.executable ? 0o100755 : 0o100644) * 0x10000, 38);
    buffer.writeUInt32LE(offset, 42);
    name.copy(buffer, CENTRAL_BYTES);
    return buffer;
}
function endRecords(count, size, offset) {
    const end = Buffer.alloc(END_BYTES);
    end.writeUInt32LE(END, 0);
    end.writeUInt16LE(Math.min(count, MOST_ENTRIES), 8);
    end.writeUInt16LE(Math.min(count, MOST_ENTRIES), 10);
    end.writeUInt32LE(size, 12);
    end.writeUInt32LE(offset, 16);
    return count > MOST_ENTRIES ? [endRecord64(count, size, offset), end] : [end];
}
function endRecord64(count, size, offset) {
    const buffer = Buffer.alloc(END_64_BYTES);
    buffer.writeUInt32LE(END_64, 0);
    buffer.writeBigUInt64LE(44n, 4);
    buffer.writeUInt16LE(45, 12);
    buffer.writeUInt16LE(45, 14);
    buffer.writeBigUInt64LE(BigInt(count), 24);
    buffer.writeBigUInt64LE(BigInt(count), 32);
    buffer.writeBigUInt64LE(BigInt(size), 40);
    buffer.writeBigUInt64LE(BigInt(offset), 48);
    buffer.writeUInt32LE(LOCATOR_64, 56);
    buffer.writeBigUInt64LE(BigInt(offset + size), 64);
    buffer.writeUInt32LE(1, 72);
    return buffer;
}

;// CONCATENATED MODULE: ./packages/azure/src/package/read-package.ts
/** The package input: a folder or a zip, read and validated, ready to be labelled and sent as often as needed. */









/** Reads and validates. Throws `UsageError`; asks nobody and changes nothing. */
async function readPackage(path) {
    const stats = (0,external_node_fs_.statSync)(path, { throwIfNoEntry: false });
    if (stats === undefined)
        throw missing(path);
    if (!stats.isDirectory() && !stats.isFile())
        throw notFolderNorFile(path);
    return stats.isDirectory() ? folderPackage(path) : zipPackage(path);
}
async function folderPackage(path) {
    const files = (await readFolder(path)).filter((file) => file.path !== RELEASE_FILE);
    if (files.length === 0)
        throw empty(path);
    const common = describe(path, "folder", files);
    await refuseTooLarge(path, common.bytes, files);
    return {
        ...common,
        label: undefined,
        labelled: (label) => ({ open: () => chunked(packLabelled(packFolder(path, files), label)) }),
    };
}
/** What is under the limit before compression needs no counting; what is above is compressed once to know. */
async function refuseTooLarge(path, bytes, files) {
    if (bytes <= PACKAGE_LIMIT)
        return;
    let size = 0;
    for await (const chunk of writeZip(packFolder(path, files)))
        size += chunk.length;
    if (size > PACKAGE_LIMIT)
        throw tooLarge(path, size);
}
async function zipPackage(path) {
    const all = await readZip(path);
    const files = all.filter((file) => file.path !== RELEASE_FILE);
    if (files.length === 0)
        throw empty(path);
    return {
        ...describe(path, "zip", files),
        label: labelIn(path, all),
        labelled: (label) => ({
            open: () => chunked(packLabelled(repackZip(path, files), label)),
            length: zipLength([...files, { path: RELEASE_FILE, compressedSize: encodeReleaseFile(label).length }]),
        }),
    };
}
function labelIn(path, files) {
    const file = files.find((each) => each.path === RELEASE_FILE);
    return file === undefined ? undefined : decodeReleaseFile(readEntry(path, file).toString("utf8"));
}
function describe(path, kind, files) {
    const bytes = files.reduce((total, { size }) => total + size, 0);
    return { path, kind, content: contentHash(files), files, bytes };
}
/** The release file last: it is known last, and Kudu writes it when all else is there. */
async function* packLabelled(items, label) {
    async function* all() {
        yield* items;
        yield labelItem(label);
    }
    yield* writeZip(all());
}
function labelItem(label) {
    const data = encodeReleaseFile(label);
    const time = timeOfContent((0,external_node_crypto_.createHash)("sha256").update(data).digest("hex"));
    const head = {
        path: RELEASE_FILE,
        crc32: external_node_zlib_default().crc32(data),
        size: data.length,
        method: "store",
        executable: false,
        time,
    };
    return { head, compressedSize: data.length, data: [data] };
}
const CHUNK = 256 * 1024;
/**
 * The same bytes in chunks of one buffer that is used again and again: what passes through leaves nothing to the
 * collector, however large the package is. What comes in may use its buffers again too.
 */
async function* chunked(pieces) {
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    let filled = 0;
    for await (const piece of pieces) {
        for (let done = 0; done < piece.length;) {
            const copied = piece.copy(buffer, filled, done);
            done += copied;
            filled += copied;
            if (filled < CHUNK)
                continue;
            yield buffer;
            filled = 0;
        }
    }
    if (filled > 0)
        yield buffer.subarray(0, filled);
}

// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
;// CONCATENATED MODULE: ./packages/azure/src/package/store-package.ts
/** A package as a file of its own: to be kept, compared and sent again later. */



/** Writes what would be sent. */
async function writePackage(upload, path) {
    const hash = (0,external_node_crypto_.createHash)("sha256");
    let size = 0;
    const file = await (0,external_node_fs_promises_.open)(path, "w");
    try {
        for await (const chunk of upload.open()) {
            hash.update(chunk);
            size += chunk.length;
            await file.writeFile(chunk);
        }
    }
    finally {
        await file.close();
    }
    return { path, sha256: hash.digest("hex"), size };
}
/** A file as it is, such as a package that was stored. */
function store_package_fileUpload(path) {
    return { open: () => (0,external_node_fs_.createReadStream)(path, { highWaterMark: 256 * 1024 }), length: (0,external_node_fs_.statSync)(path).size };
}

;// CONCATENATED MODULE: ./packages/azure/src/server-firewall.ts
/**
 * The firewall of an Azure Database for PostgreSQL flexible server: rules of our own, opened for a run and closed
 * again. A rule has no tags and no description, so its name says whose it is; nothing else is stored anywhere.
 */






/** Of `@azure/arm-postgresql-flexible` 9.0.0. */
const server_firewall_VERSION = { "api-version": "2025-08-01" };
/** An address of RFC 5737's, which never comes from the network: a rule for it admits nobody. */
const NOBODY = "192.0.2.0";
/** The longest that a rule can be in use: migrations may take six hours, and the runner must close it after them. */
const LONGEST_USE_OF_RULE = 7 * 60 * 60 * 1_000;
const OWN_NAME = /^augeo-(\d+)-(\d+)-(\d+)-(\d+)-[a-z0-9]+$/i;
/** At most 80 letters, digits and hyphens, as Azure takes them. `nonce` tells the jobs of one run apart. */
function firewallRuleName({ repositoryId, runId, attempt, openedAt }, nonce) {
    return `augeo-${repositoryId}-${runId}-${attempt}-${Math.floor(openedAt / 1_000)}-${nonce}`;
}
/** Whose rule this is; undefined for one that no run of this toolkit opened. */
function ownerOfRule(name) {
    const [, repositoryId, runId, attempt, seconds] = OWN_NAME.exec(name) ?? [];
    if (repositoryId === undefined || runId === undefined)
        return undefined;
    return { repositoryId, runId, attempt: Number(attempt), openedAt: Number(seconds) * 1_000 };
}
/** Whether nobody can be using the rule any more; undefined where only GitHub knows whether its run is over. */
function isStrayRule(rule, self, now) {
    if (now - rule.openedAt > LONGEST_USE_OF_RULE)
        return true;
    if (rule.repositoryId !== self.repositoryId)
        return false;
    return rule.runId === self.runId ? rule.attempt < self.attempt : undefined;
}
/** The rules that runs of this toolkit opened and did not close (yet). */
async function listOwnFirewallRules(arm, ref, signal) {
    const path = `${serverPath(arm, ref)}/firewallRules`;
    const request = { operation: "list the firewall rules", method: "GET", path, query: server_firewall_VERSION, signal };
    const found = await listAll(arm, request).catch((error) => Promise.reject(explainServer(error, ref)));
    return found.flatMap((each) => {
        const { name, properties } = fieldsOf(each);
        const owner = ownerOfRule(decode_textOf(name));
        const { startIpAddress, endIpAddress } = fieldsOf(properties);
        if (owner === undefined)
            return [];
        const [start, end] = [decode_textOf(startIpAddress), decode_textOf(endIpAddress)];
        return [{ ...owner, name: decode_textOf(name), start, end, admits: end !== NOBODY }];
    });
}
/** Opens the server to these addresses and returns once Azure reports it done. Doing it twice is harmless. */
async function openFirewallRule(arm, ref, name, { start, end }, patience) {
    const operation = `open the firewall of ${ref.server}`;
    const body = { properties: { startIpAddress: start, endIpAddress: end } };
    await finished(arm, operation, await writeRule(arm, ref, name, { operation, method: "PUT", body }, patience), patience);
}
/**
 * Closes a rule; one that is not there is closed already. A server under a delete lock refuses that: then the rule is
 * emptied, which a lock allows, and stays behind by name alone.
 */
async function deleteFirewallRule(arm, ref, name, patience) {
    const operation = `close the firewall of ${ref.server}`;
    const reply = await writeRule(arm, ref, name, { operation, method: "DELETE", accept: [404] }, patience);
    if (armErrorBody(reply.body).code !== "ScopeLocked") {
        if (reply.status !== 404)
            await finished(arm, operation, reply, patience);
        return "deleted";
    }
    await openFirewallRule(arm, ref, name, { start: NOBODY, end: NOBODY }, patience);
    return "emptied";
}
/** The reply that took the change on, was a 404, or named a lock. One change of a server at a time: others wait. */
async function writeRule(arm, ref, name, request, { deadline, signal = arm.context.signal }) {
    const { clock } = arm.context;
    const path = `${serverPath(arm, ref)}/firewallRules/${name}`;
    const accept = [409, ...(request.accept ?? [])];
    for (let attempt = 1;; attempt++) {
        const reply = await arm
            .call({ ...request, path, query: server_firewall_VERSION, signal, accept })
            .catch((error) => Promise.reject(explainServer(error, ref)));
        if (reply.status !== 409)
            return reply;
        if (armErrorBody(reply.body).code === "ScopeLocked" && request.method === "DELETE")
            return reply;
        const failure = armFailure(request.operation, reply);
        if (failure.code === "ScopeLocked")
            throw failure;
        if (!(await pauseWithin(clock, pauseBefore(attempt, undefined), deadline, signal)))
            throw busy(failure, ref);
    }
}
async function finished(arm, operation, reply, patience) {
    if (patience.settle === false)
        return;
    try {
        await untilDone(arm, operation, operationState(reply, arm.context.clock.now()), patience);
    }
    catch (error) {
        // Operations lie outside the server, where a role on the server alone does not reach. Connecting shows the rest.
        if (!(error instanceof src/* ServiceError */._7) || error.status !== 403)
            throw error;
        arm.context.log.debug(`How far Azure is with it may not be asked: ${error.why}`);
    }
}
/** Undefined when this identity may not read the server: it may still be allowed to open its firewall. */
async function readDatabaseServer(arm, ref, signal) {
    const request = { operation: `read the server ${ref.server}`, method: "GET", accept: [403] };
    const reply = await arm
        .call({ ...request, path: serverPath(arm, ref), query: server_firewall_VERSION, signal })
        .catch((error) => Promise.reject(explainServer(error, ref)));
    if (reply.status === 403)
        return undefined;
    const { properties } = fieldsOf(reply.body);
    const { fullyQualifiedDomainName, state, network } = fieldsOf(properties);
    return {
        host: decode_textOf(fullyQualifiedDomainName),
        state: optionalText(state) ?? "Ready",
        isPublic: decode_textOf(fieldsOf(network).publicNetworkAccess).toLowerCase() !== "disabled",
    };
}
function serverPath(arm, { resourceGroup, server }) {
    const group = groupPath(arm, resourceGroup);
    return `${group}/providers/Microsoft.DBforPostgreSQL/flexibleServers/${encodeURIComponent(server)}`;
}
function explainServer(error, { resourceGroup, server }) {
    if (!(error instanceof src/* ServiceError */._7) || error.status !== 404)
        return error;
    const what = `There is no PostgreSQL flexible server "${server}" in resource group "${resourceGroup}".`;
    const fix = "Set database-server to the server's name alone and database-resource-group to its group: az postgres flexible-server list -o table";
    return new src/* ServiceError */._7({ ...error, what, why: error.why, fix, cause: error });
}
function busy(failure, { server }) {
    return new src/* ServiceError */._7({
        ...failure,
        what: `Azure would not ${failure.operation} in the time allowed.`,
        why: `Another change of the server was under way the whole time. ${failure.why}`,
        fix: `Wait for it to end (the Activity log of ${server} names it), then run again.`,
        retryable: true,
        cause: failure,
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/entra-errors.ts
/** What Entra's refusals mean and what mends them: one table. Codes that are not in it are shown as they came. */


const CODES = {
    "70021": mismatch("federated credential"),
    "700211": mismatch("issuer"),
    "700212": mismatch("audience"),
    "700213": mismatch("subject"),
    "7002131": mismatch("subject expression"),
    "700016": ({ clientId, tenantId }) => ({
        what: `Entra knows no application ${clientId} in the tenant ${tenantId}.`,
        why: "The client id is wrong, belongs to another tenant, or the identity was deleted.",
        fix: "Set client-id to the application (client) id, not the object id: az ad app list --display-name <name> --query '[].appId', or az identity show --name <identity> --resource-group <group> --query clientId.",
    }),
    "90002": ({ tenantId }) => ({
        what: `Entra knows no tenant ${tenantId}.`,
        why: "The tenant id is wrong, or it is a tenant of another cloud.",
        fix: "Set tenant-id to the output of: az account show --query tenantId. For a national cloud, set cloud as well.",
    }),
    "700024": () => ({
        what: "Entra refused the ID token as not valid at this time.",
        why: "GitHub's ID tokens live five minutes. A new one was requested for this exchange, so the clocks differ.",
        fix: "Set the clock of the self-hosted runner (NTP), then run the job again.",
        retryable: true,
    }),
    "700027": () => ({
        what: "Entra could not verify the signature of the ID token.",
        why: "The token was not issued by the issuer that the federated credential names, or its signing key has just been changed.",
        fix: "Run the job again in a few minutes. On GitHub Enterprise Server, check that Entra can reach the issuer's keys.",
        retryable: true,
    }),
    "500011": ({ tenantId }) => ({
        what: "Entra does not know the service that a token was asked for.",
        why: `The service is not available in the tenant ${tenantId}, or cloud names the wrong one.`,
        fix: "Check tenant-id and cloud.",
    }),
    "53003": () => ({
        what: "A Conditional Access policy blocked the sign-in.",
        why: "The tenant has a policy for workload identities that this runner does not meet.",
        fix: "Let an Entra administrator exempt this identity or the runner's addresses.",
    }),
    "7000215": secretInsteadOfFederation,
    "7000222": secretInsteadOfFederation,
};
function secretInsteadOfFederation({ clientId }) {
    return {
        what: "Entra treated the sign-in as one by client secret.",
        why: `The application ${clientId} refused the federated assertion.`,
        fix: `Add a federated credential to it: az ad app federated-credential list --id ${clientId}`,
    };
}
function mismatch(part) {
    return ({ clientId, audience, claims }) => {
        const { sent, classic, immutable } = subjectForms(claims);
        const [app, identity] = registrationCommands(claims, clientId, audience);
        return {
            what: `No federated credential of ${clientId} matches the ${part} of this job's ID token.`,
            why: [
                "Entra compares exactly and case-sensitively. GitHub sent:",
                `  sub: ${sent}`,
                `  aud: ${String(claims.aud)}`,
                `  iss: ${String(claims.iss)}`,
                "GitHub writes subjects in one of two forms; for this job they are:",
                `  classic:   ${classic}`,
                `  immutable: ${immutable}`,
            ].join("\n"),
            fix: [
                "Register what was sent. For an app registration:",
                `  ${app}`,
                "for a managed identity:",
                `  ${identity}`,
            ].join("\n"),
        };
    };
}
/** The error for a failed exchange, from the text in which MSAL wraps Entra's reply. */
function entraError(message, presented, cause) {
    const code = /AADSTS(\d+)/.exec(message)?.[1] ?? /Error\(s\): (\d+)/.exec(message)?.[1];
    const explained = (code === undefined ? undefined : CODES[code])?.(presented);
    const correlationId = /Correlation ID: ([0-9a-f-]{36})/i.exec(message)?.[1];
    const said = /(AADSTS\d+:[^\r\n]*?)(?: Trace ID:|$)/m.exec(message)?.[1];
    return new src/* ServiceError */._7({
        service: "Entra",
        operation: "exchange the GitHub ID token",
        code: code === undefined ? undefined : `AADSTS${code}`,
        what: explained?.what ?? "Entra did not sign this job in.",
        why: [explained?.why, said === undefined ? message : `Entra said: ${said.trim()}`].filter(Boolean).join("\n"),
        fix: explained?.fix ?? "Look the code up at https://login.microsoftonline.com/error, or run the job again.",
        correlationId,
        retryable: explained?.retryable ?? code === undefined,
        cause,
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/sign-in.ts
/**
 * Sign-in by federation only: a GitHub ID token is exchanged at Entra for access tokens. No secret exists, and no token
 * is written anywhere. A fresh ID token goes into every exchange, so a job may run for hours.
 */




const sign_in_PATIENCE = 60_000;
const LONGEST_MARGIN = 300_000;
class SignIn {
    cloud;
    #context;
    #identity;
    #http;
    #assertions;
    #tokens = new Map();
    #pending = new Map();
    #credential;
    constructor(context, http, cloud, identity) {
        this.cloud = cloud;
        this.#context = context;
        this.#identity = identity;
        this.#http = http;
        this.#assertions = new IdentityTokens(context, http, cloud.audience);
    }
    /** Asks for the ID token, so that it is on its way while the SDKs load. A failure shows when the token is used. */
    start() {
        this.#assertions.get().catch(() => undefined);
    }
    /** The claims of the ID token that is presented, so that what Entra compares can be shown. */
    async claims() {
        return (await this.#assertions.get()).claims;
    }
    async token(audience) {
        const known = this.#tokens.get(audience);
        if (known !== undefined && known.renewAt > this.#context.clock.now())
            return known.token;
        const pending = this.#pending.get(audience) ?? this.#exchange(audience);
        this.#pending.set(audience, pending);
        try {
            return (await pending).token;
        }
        finally {
            this.#pending.delete(audience);
        }
    }
    forget() {
        this.#tokens.clear();
        this.#credential = undefined;
    }
    asCredential() {
        return {
            getToken: async (scopes) => {
                const audience = String(Array.isArray(scopes) ? scopes[0] : scopes).replace(/\/+\.default$/, "");
                const token = await this.token(audience);
                return { token, expiresOnTimestamp: this.#tokens.get(audience)?.expires ?? this.#context.clock.now() };
            },
        };
    }
    async #exchange(audience) {
        const { clock, log, signal } = this.#context;
        const deadline = clock.now() + sign_in_PATIENCE;
        for (let attempt = 1;; attempt++) {
            // Asked for outside the SDK, which hides why it failed.
            await this.#assertions.get();
            try {
                return await this.#ask(audience);
            }
            catch (cause) {
                const error = await this.#explained(cause);
                if (!error.retryable || !(await pauseWithin(clock, pauseBefore(attempt, undefined), deadline, signal)))
                    throw error;
                log.info(`Entra did not answer the sign-in (${error.code ?? "no code"}); asking again.`);
                this.#assertions.forget();
            }
        }
    }
    async #ask(audience) {
        const { clock, log, signal } = this.#context;
        this.#credential ??= await this.#load();
        const granted = await this.#credential.getToken(`${audience}/.default`, { abortSignal: signal });
        if (granted === null)
            throw new Error("The SDK gave no token.");
        log.mask(granted.token);
        const life = granted.expiresOnTimestamp - clock.now();
        const renewAt = granted.expiresOnTimestamp - Math.min(LONGEST_MARGIN, life / 5);
        const token = { token: granted.token, expires: granted.expiresOnTimestamp, renewAt };
        this.#tokens.set(audience, token);
        return token;
    }
    /**
     * Instance discovery is off in every cloud: the hosts are fixed by name or given by the user, and with it MSAL would
     * ask login.microsoftonline.com about them first, which national and private clouds may not even reach.
     */
    async #load() {
        const { ClientAssertionCredential } = await Promise.all(/* import() */[__webpack_require__.e(818), __webpack_require__.e(738), __webpack_require__.e(16)]).then(__webpack_require__.bind(__webpack_require__, 3016));
        const { tenantId, clientId } = this.#identity;
        const assertion = async () => (await this.#assertions.get()).token;
        return new ClientAssertionCredential(tenantId, clientId, assertion, {
            authorityHost: this.cloud.authority,
            disableInstanceDiscovery: true,
        });
    }
    async #explained(cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        const claims = this.#assertions.last?.claims ?? {};
        const presented = { ...this.#identity, audience: this.cloud.audience, claims };
        if (!message.includes("endpoints_resolution_error"))
            return entraError(message, presented, cause);
        return entraError(await this.#whyUnresolved(), presented, cause);
    }
    /** The SDK hides why it could not read the tenant's addresses: a tenant that does not exist, or no way to Entra. */
    async #whyUnresolved() {
        const url = `${this.cloud.authority}/${this.#identity.tenantId}/v2.0/.well-known/openid-configuration`;
        try {
            const reply = await this.#http.send({ method: "GET", url, signal: this.#context.signal, timeout: 15_000 });
            return `${url} answered ${reply.status}: ${decode_textOf(fieldsOf(jsonOf(reply.text)).error_description) || reply.text.slice(0, 300)}`;
        }
        catch (error) {
            return `${url} could not be reached: ${error instanceof Error ? error.message : error}`;
        }
    }
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
;// CONCATENATED MODULE: ./packages/azure/src/user-sign-in.ts
/** Sign-in of a person at their own machine: the az command line holds it, and gives a token for each service. */




const user_sign_in_MARGIN = 300_000;
const user_sign_in_PATIENCE = 60_000;
class UserSignIn {
    cloud;
    #context;
    #tenantId;
    #tokens = new Map();
    constructor(context, cloud, tenantId) {
        this.#context = context;
        this.cloud = cloud;
        this.#tenantId = tenantId;
    }
    async token(audience) {
        return (await this.#current(audience)).token;
    }
    forget() {
        this.#tokens.clear();
    }
    asCredential() {
        return {
            getToken: async (scopes) => {
                const audience = String(Array.isArray(scopes) ? scopes[0] : scopes).replace(/\/+\.default$/, "");
                const { token, expires } = await this.#current(audience);
                return { token, expiresOnTimestamp: expires };
            },
        };
    }
    async #current(audience) {
        const known = await this.#tokens.get(audience);
        if (known !== undefined && known.expires - user_sign_in_MARGIN > this.#context.clock.now())
            return known;
        const asked = this.#ask(audience);
        this.#tokens.set(audience, asked);
        return asked;
    }
    async #ask(audience) {
        const args = [
            "account",
            "get-access-token",
            "--resource",
            audience,
            "--tenant",
            this.#tenantId,
            "--output",
            "json",
        ];
        const reply = fieldsOf(jsonOf(await azCommand(args, this.#context)));
        const token = decode_textOf(reply.accessToken);
        if (token === "")
            throw notSignedIn("az account get-access-token printed no token", this.#tenantId);
        this.#context.log.mask(token);
        const seconds = decode_numberOf(reply.expires_on);
        return { token, expires: seconds === undefined ? this.#context.clock.now() + 2 * user_sign_in_MARGIN : seconds * 1_000 };
    }
}
/** What the az command line prints. Throws `UsageError` when it is missing or nobody is signed in. */
async function azCommand(args, { env, signal }) {
    try {
        const options = { env: { ...env }, signal, timeout: user_sign_in_PATIENCE, maxBuffer: 4 * 1024 * 1024 };
        return (await (0,external_node_util_.promisify)(external_node_child_process_.execFile)("az", [...args], options)).stdout;
    }
    catch (error) {
        if (signal.aborted)
            throw signal.reason;
        const { code, stderr } = fieldsOf(error);
        if (code === "ENOENT") {
            throw new src/* UsageError */.eb({
                what: "The az command line is not installed, or not on PATH.",
                why: "It holds your sign-in to Azure, and gives a token for each service that is asked.",
                fix: "Install it (https://learn.microsoft.com/cli/azure/install-azure-cli), then: az login",
                cause: error,
            });
        }
        throw notSignedIn(decode_textOf(stderr).trim() || String(error), args[args.indexOf("--tenant") + 1] ?? "");
    }
}
function notSignedIn(said, tenantId) {
    return new src/* UsageError */.eb({
        what: "You are not signed in to Azure on this machine.",
        why: `az said: ${said.split("\n").slice(0, 3).join(" ").slice(0, 400)}`,
        fix: `az login --tenant ${tenantId}`,
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/session.ts
/** Everything an action needs of Azure, behind one sign-in that starts at once. */









/** Opens the session and asks for the ID token; nothing else is asked until it is needed. */
function openSession(context, inputs) {
    const http = new Http(context.env);
    const identity = { clientId: inputs["client-id"], tenantId: inputs["tenant-id"] };
    const signIn = new SignIn(context, http, cloudFrom(inputs.cloud), identity);
    signIn.start();
    return sessionOf(context, http, signIn, inputs["subscription-id"]);
}
/** A session of a person, signed in with the az command line. */
function openUserSession(context, { "tenant-id": tenantId, "subscription-id": subscriptionId, cloud }) {
    const signIn = new UserSignIn(context, cloudFrom(cloud), tenantId);
    return sessionOf(context, new Http(context.env), signIn, subscriptionId);
}
function sessionOf(context, http, signIn, subscriptionId) {
    const arm = new Arm(context, signIn, subscriptionId);
    return { context, http, signIn, arm, blobs: new BlobAccess(context, signIn), close: () => http.close() };
}
/** The slot's SCM site, pinned to one instance where there are several. */
async function openKudu(session, ref, known) {
    const [site, instances] = await Promise.all([
        known ?? readSite(session.arm, ref),
        // Only a better address: without it the front end chooses.
        listInstances(session.arm, ref).catch(() => []),
    ]);
    if (site.scmHostName === undefined)
        throw noScmHost(ref);
    const instance = instances.map(({ id }) => id).sort()[0];
    return new Kudu(session.context, session.http, session.signIn, { host: site.scmHostName, instance });
}
function noScmHost(ref) {
    return new src/* ServiceError */._7({
        service: "Azure Resource Manager",
        operation: "find the SCM site",
        what: `Azure names no SCM site for ${nameOf(ref)}.`,
        why: "Its hostNameSslStates hold no entry of type Repository.",
        fix: "Set via: arm, which needs none.",
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/slot-creation.ts
/** Creating a slot as a copy of production's configuration: content is not copied, identity and host names are not. */




/**
 * Fields of `config/web` that a slot must not take over: routing belongs to production, and `publicNetworkAccess` is
 * refused there (409), it belongs to the site.
 */
const NOT_CLONED = new Set([
    "publicNetworkAccess",
    "experiments",
    "publishingUsername",
    "autoSwapSlotName",
    "appSettings",
    "connectionStrings",
    "metadata",
]);
/** Creates the slot and gives it production's configuration, app settings and connection strings. */
async function createSlot(arm, ref, patience) {
    const production = { ...ref, slot: PRODUCTION };
    const [site, configuration, settings, strings] = await Promise.all([
        readSite(arm, production),
        readConfiguration(arm, production),
        readAppSettings(arm, production),
        readConnectionStrings(arm, production),
    ]);
    const properties = { serverFarmId: site.serverFarmId, httpsOnly: site.httpsOnly, clientAffinityEnabled: false };
    const body = { location: site.location, kind: site.kind, tags: site.tags, properties };
    await createEmpty(arm, ref, body, patience);
    const cloned = Object.fromEntries(Object.entries(configuration).filter(([field, value]) => !NOT_CLONED.has(field) && value !== null));
    await changeConfiguration(arm, ref, cloned);
    if (Object.keys(strings).length > 0)
        await writeConnectionStrings(arm, ref, strings);
    if (Object.keys(settings).length > 0)
        await writeAppSettings(arm, ref, settings);
    return readSite(arm, ref);
}
async function createEmpty(arm, ref, body, patience) {
    const operation = `create ${nameOf(ref)}`;
    try {
        const reply = await callSlot(arm, ref, { operation, method: "PUT", body });
        await untilDone(arm, operation, operationState(reply, arm.context.clock.now()), patience);
    }
    catch (error) {
        throw noRoomForSlot(error, ref);
    }
}
function noRoomForSlot(error, ref) {
    const isLimit = error instanceof src/* ServiceError */._7 && /number of slots|slots? (are|is) not (allowed|supported)|upgrade/i.test(error.why);
    if (!isLimit)
        return error;
    return new src/* ServiceError */._7({
        ...error,
        what: `The slot "${ref.slot}" could not be created on "${ref.app}".`,
        why: error.why,
        fix: "Slots need a Standard plan (5 slots) or a Premium one (20): raise the plan, or delete a slot that is no longer used.",
        cause: error,
    });
}

;// CONCATENATED MODULE: ./packages/azure/src/index.ts




































/***/ })

};
