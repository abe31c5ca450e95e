export const id = 725;
export const ids = [725];
export const modules = {

/***/ 725:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   containerLogTail: () => (/* binding */ containerLogTail)
/* harmony export */ });
/* harmony import */ var _augeo_azure__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1910);
/* harmony import */ var _container_log_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3616);


/** The last lines of the container's log. A log that cannot be read is a warning: the verdict stands without it. */
async function containerLogTail(target, { env, clock, log, signal }) {
    const context = { env, clock, log, signal };
    try {
        const signIn = new _augeo_azure__WEBPACK_IMPORTED_MODULE_0__.SignIn(context, new _augeo_azure__WEBPACK_IMPORTED_MODULE_0__.Http(env), (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.cloudFrom)(target.cloud), target);
        const arm = new _augeo_azure__WEBPACK_IMPORTED_MODULE_0__.Arm(context, signIn, target.subscriptionId);
        const text = await (0,_augeo_azure__WEBPACK_IMPORTED_MODULE_0__.readContainerLog)(arm, target);
        return text.trim() === "" ? undefined : (0,_container_log_text_js__WEBPACK_IMPORTED_MODULE_1__/* .lastLines */ .w$)(text);
    }
    catch (error) {
        signal.throwIfAborted();
        log.warning(`The container's log could not be read: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
    }
}


/***/ })

};
