/**
 * `npm run rehearse [-- <what> [arguments]]`: plays a rehearsal in a cloud of its own. The exit code tells the truth.
 * Without a word: an app goes out blue-green under load, fails, and comes back.
 */

/** A rehearsal: resolves to whether all was as expected. */
type Rehearsal = (args: readonly string[]) => Promise<boolean>;

/** What can be rehearsed, by the word after `--`; loaded only when it is asked for. */
const rehearsals: Readonly<Record<string, () => Promise<Rehearsal>>> = {
  "blue-green": async () => (await import("./rehearse/blue-green.ts")).rehearseBlueGreen,
  workflow: async () => (await import("./rehearse/workflow/rehearse-workflow.ts")).rehearseWorkflow,
  canary: async () => (await import("./rehearse/canary/rehearse-canary.ts")).rehearseCanary,
};

const [what = "blue-green", ...args] = process.argv.slice(2);
const load = rehearsals[what];
if (load === undefined) {
  process.stderr.write(`There is no rehearsal ${what}. Choose one of: ${Object.keys(rehearsals).join(", ")}.\n`);
  process.exit(2);
}
const rehearse = await load();
process.exitCode = (await rehearse(args)) ? 0 : 1;
