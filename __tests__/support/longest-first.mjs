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
  "acceptance/reconcile/reconcile",
  "acceptance/migration-gate/firewall",
  "workflows/templates/front-end",
  "acceptance/migration-gate/change",
  "acceptance/slot-deploy/faults",
  "acceptance/migration-gate/report",
  "workflows/tutorial/tutorial",
  "workflows/templates/starters",
  "acceptance/rollback/rollback",
  "acceptance/release/release",
  "acceptance/release/migrations",
  "acceptance/migration-gate/hostile-sql",
  "acceptance/migration-gate/apply",
  "workflows/templates/live",
  "acceptance/release/killed",
  "workflows/templates/identity",
  "acceptance/approve/approve",
  "acceptance/freeze/freeze",
  "acceptance/release/canary",
  "acceptance/release/unreadable",
  "acceptance/release/stale",
  "acceptance/migration-gate/command-line",
  "acceptance/rehearse/auction-api",
  "contract/dist",
  "unit/judge/canary-judge",
].map((name) => require.resolve(fileURLToPath(new URL(`../${name}.test.ts`, import.meta.url))));

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => (LONGEST.includes(path) ? LONGEST.indexOf(path) : LONGEST.length);
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}
