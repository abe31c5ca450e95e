export const id = 230;
export const ids = [230];
export const modules = {

/***/ 1230:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   processTerminal: () => (/* binding */ processTerminal),
/* harmony export */   runCommand: () => (/* binding */ runCommand)
/* harmony export */ });
/* harmony import */ var node_events__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8474);
/* harmony import */ var node_events__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_events__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_readline_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6848);
/* harmony import */ var node_readline_promises__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_readline_promises__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var _augeo_release__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2607);
/** `npx @augeo/deploy COMMAND …`: sets up a repository for releases, and says what would stop one. */



const USAGE = `deploy COMMAND [options]

  init      writes the workflows and .augeo/deploy.yml, and sets up Azure and GitHub
  doctor    says what would stop a release, and the command that mends it

deploy COMMAND --help says more.
`;
/** Runs one command; resolves to the exit code. `toolkit` is the folder of this package. */
async function runCommand(args, terminal, toolkit) {
    try {
        return await dispatch(args, terminal, toolkit);
    }
    catch (error) {
        if (terminal.signal.aborted) {
            const { reason } = terminal.signal;
            terminal.say(reason instanceof Error ? reason.message : String(reason));
            return 130;
        }
        if (!(error instanceof _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb || error instanceof _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .ServiceError */ ._7))
            throw error;
        terminal.say((0,_augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .explain */ .WE)(error));
        return error instanceof _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb ? 2 : 1;
    }
}
async function dispatch([name, ...rest], terminal, toolkit) {
    const help = rest.includes("--help");
    if (name === "init") {
        const { INIT_USAGE, init } = await Promise.all(/* import() */[__webpack_require__.e(663), __webpack_require__.e(815), __webpack_require__.e(910), __webpack_require__.e(359), __webpack_require__.e(698), __webpack_require__.e(573)]).then(__webpack_require__.bind(__webpack_require__, 954));
        return help ? shown(INIT_USAGE, terminal) : init(rest, terminal, toolkit);
    }
    if (name === "doctor") {
        const { DOCTOR_USAGE, doctor } = await Promise.all(/* import() */[__webpack_require__.e(663), __webpack_require__.e(815), __webpack_require__.e(910), __webpack_require__.e(359), __webpack_require__.e(698), __webpack_require__.e(162), __webpack_require__.e(248)]).then(__webpack_require__.bind(__webpack_require__, 8248));
        return help ? shown(DOCTOR_USAGE, terminal) : doctor(rest, terminal);
    }
    if (name === undefined || name === "--help")
        return shown(USAGE, terminal);
    throw new _augeo_release__WEBPACK_IMPORTED_MODULE_2__/* .UsageError */ .eb({
        what: `There is no command "${name}".`,
        why: "Commands are init and doctor.",
        fix: "npx @augeo/deploy --help",
    });
}
function shown(text, { print }) {
    print(text);
    return 0;
}
/** The terminal this process was started in. Where nobody is there, nothing is asked. */
function processTerminal() {
    const interrupted = new AbortController();
    process.once("SIGINT", () => interrupted.abort(new Error("Interrupted. What was made stays; the same command again finds it, and goes on from there.")));
    const isPerson = process.stdin.isTTY === true && process.stderr.isTTY === true;
    return {
        folder: process.cwd(),
        env: process.env,
        signal: interrupted.signal,
        print: (text) => process.stdout.write(text),
        say: (text) => process.stderr.write(`${text}\n`),
        ask: isPerson ? (question, proposal) => ask(question, proposal, interrupted) : undefined,
    };
}
async function ask(question, proposal, interrupted) {
    const lines = (0,node_readline_promises__WEBPACK_IMPORTED_MODULE_1__.createInterface)({ input: process.stdin, output: process.stderr });
    // Ctrl-C and Ctrl-D close the interface. An older Node leaves the question open then, a newer one rejects it.
    const closed = (0,node_events__WEBPACK_IMPORTED_MODULE_0__.once)(lines, "close");
    const answered = lines.question(`${question}${proposal === "" ? "" : ` [${proposal}]`}: `);
    try {
        const answer = await Promise.race([answered, closed.then(() => undefined)]).catch(() => undefined);
        if (answer !== undefined)
            return answer;
        interrupted.abort(new Error("\nEnded before the last answer. Nothing was written, and nothing was set up."));
        throw interrupted.signal.reason;
    }
    finally {
        lines.close();
    }
}


/***/ })

};
