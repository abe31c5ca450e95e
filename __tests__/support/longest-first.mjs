// Plain JavaScript: jest loads it before its own transforms.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * The files that take longest, longest first: one of them that began last would keep a single worker busy while the
 * others have nothing left to do. A fresh clone knows no durations yet, and a file's size tells little of them.
 */
const LONGEST = [
  "acceptance/canary/canary",
  "workflows/templates/one-environment",
  "workflows/templates/front-end",
  "acceptance/migration-gate/firewall",
  "acceptance/reconcile/reconcile",
  "acceptance/release/migrations",
  "acceptance/release/release",
  "acceptance/slot-deploy/faults",
  "workflows/tutorial/tutorial",
  "workflows/templates/starters",
  "workflows/templates/live",
  "acceptance/release/killed",
  "acceptance/rollback/rollback",
  "workflows/templates/identity",
  "acceptance/release/canary",
  "unit/judge/canary-judge",
  "acceptance/migration-gate/change",
  "acceptance/migration-gate/report",
].map((name) => require.resolve(fileURLToPath(new URL(`../${name}.test.ts`, import.meta.url))));

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => (LONGEST.includes(path) ? LONGEST.indexOf(path) : LONGEST.length);
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}
