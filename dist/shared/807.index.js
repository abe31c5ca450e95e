export const id = 807;
export const ids = [807];
export const modules = {

/***/ 4819:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  action: () => (/* binding */ action)
});

// EXTERNAL MODULE: ./packages/action-kit/src/index.ts + 17 modules
var src = __webpack_require__(613);
// EXTERNAL MODULE: ./actions/doctor/examine.ts + 12 modules
var examine = __webpack_require__(1162);
;// CONCATENATED MODULE: ./actions/doctor/spec.ts

const spec = (0,src/* defineAction */.QP)({
    name: "doctor",
    title: "Deploy doctor",
    description: "Finds out why a release would not work before it is tried. Changes nothing but one small blob that it deletes again.",
    branding: { icon: "activity", color: "blue" },
    inputs: {
        ...src/* azureInputs */.Ro,
        ...src/* appInputs */.VY,
        ledger: { ...src/* ledgerInputs */.hE.ledger, required: false },
        environment: src/* ledgerInputs */.hE.environment,
        ...src/* githubInputs */.dN,
        "health-path": {
            kind: "lines",
            default: "/",
            pattern: /^\//,
            hint: "a path that begins with a slash, such as /health/ready",
            doc: "Paths that a release is probed at, one a line.",
        },
        "required-checks": {
            kind: "lines",
            doc: "Names of the checks that must be required on the default branch, one a line.",
        },
    },
    outputs: {
        problems: { doc: "How many findings would stop a release." },
        warnings: { doc: "How many findings are worth a look." },
    },
    permissions: {
        "id-token": { level: "write", why: "to sign in to Azure by federation" },
        contents: { level: "read", why: "to read the branch's rules" },
        actions: {
            level: "read",
            why: "to read the environment's protection and the form of the ID token's subject",
            optional: true,
        },
    },
    reasons: {
        "all-well": { decision: "proceed", doc: "Nothing was found that would stop a release. There may be warnings." },
        "problems-found": {
            decision: "hold",
            fails: true,
            doc: "At least one finding would stop a release.",
            fix: "Each finding in the summary has the command that mends it.",
        },
    },
});

;// CONCATENATED MODULE: ./actions/doctor/index.ts



const action = (0,src/* implement */.yx)(spec, { main: examine/* examine */.s });


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


/***/ })

};
