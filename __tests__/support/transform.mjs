// Plain JavaScript: jest loads it before its own transforms.
import { createTransformer } from "@swc/jest";

const swc = createTransformer({
  jsc: { target: "es2023", parser: { syntax: "typescript" } },
  module: { type: "es6" },
});

/**
 * In the sandbox of a test file each look-up of a global goes through an interceptor of Node's vm, which makes code that
 * computes many times slower. These are the same objects as variables of each module. What a test may replace, such as
 * Date or fetch, is not among them.
 */
const GLOBALS = "const { Array, JSON, Map, Math, Number, Object, Set, String } = globalThis;";

const withGlobals = ({ code, ...rest }) => ({ ...rest, code: `${GLOBALS}${code}` });

export default {
  ...swc,
  process: (...args) => withGlobals(swc.process(...args)),
  processAsync: async (...args) => withGlobals(await swc.processAsync(...args)),
  getCacheKey: (...args) => `${swc.getCacheKey(...args)}-globals`,
};
