import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Progress as Moment, RunResult } from "../../../packages/rehearsal/src/workflows/workflow-run.ts";
import { closeOnSignals } from "../close-on-signals.ts";
import { span } from "../figures.ts";
import { Progress, paint } from "../progress.ts";
import { appOnCloud, told } from "./app-on-cloud.ts";
import { loadMermaid } from "./mermaid.ts";
import { type Plan, plans } from "./plans.ts";
import { runPage } from "./run-page.ts";
import { mark, runTimeline } from "./run-timeline.ts";

const folder = resolve(import.meta.dirname, "../../../.rehearsal/workflow");

const USAGE = `npm run rehearse -- workflow <file> [--release <release of examples/auction-api>]

Runs a workflow as it is, with the shipped bundles, in a cloud of its own:
  ${Object.keys(plans).join("\n  ")}

  --release unready       releases what does not become healthy; 4 has two heads; default: 1
`;

interface Chosen {
  readonly plan: Plan;
  readonly file: string;
  readonly release: string;
}

/** The words that say why nothing was chosen, instead. */
function planOf(args: readonly string[]): Chosen | string {
  const options = { release: { type: "string", default: "1" } } as const;
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
    const file = (positionals[0] ?? "").replace(/^.*\//, "");
    const plan = plans[file];
    if (plan !== undefined) return { plan, file, release: values.release };
    return file === "" ? USAGE : `There is no workflow ${file} to rehearse.\n\n${USAGE}`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`;
  }
}

/** Tells each job and step as it begins and ends. */
function follow(progress: Progress): (moment: Moment) => void {
  return (moment) => {
    const check = paint("bold", moment.check);
    if (moment.kind === "job-began") progress.say(`${paint("cyan", "▸")} ${check}`);
    else if (moment.kind === "waiting") progress.say(`${paint("yellow", "◌")} ${check} waits ${moment.why}`);
    else if (moment.kind === "job-ended") progress.say(`${mark(moment.result)} ${check}: ${moment.result}`);
    else if (moment.step.outcome !== "skipped") {
      const { name, outcome, began, ended } = moment.step;
      progress.say(`    ${mark(outcome)} ${name} ${paint("dim", `· ${span(ended - began)} · ${moment.check}`)}`);
    }
  };
}

/** One workflow with live progress, a timeline at the end, and the job summaries as files and as a page. */
export async function rehearseWorkflow(args: readonly string[]): Promise<boolean> {
  const chosen = planOf(args);
  if (typeof chosen === "string") {
    process.stderr.write(chosen);
    return false;
  }
  const { plan, file, release } = chosen;
  const began = Date.now();
  const progress = new Progress(began);
  progress.say(`starting a cloud with ${plan.setting.environments.join(", ")}`);
  const app = await appOnCloud(plan.setting);
  closeOnSignals(() => app.close());
  try {
    await plan.prepare(app, release, (text) => progress.say(text));
    progress.say(`${paint("bold", file)} begins`);
    const run = await app.run(plan.file, { ...plan.trigger, onProgress: follow(progress) });
    progress.stop();
    await report(run, file);
    return run.conclusion === "success";
  } finally {
    progress.stop();
    await app.close();
  }
}

async function report(run: RunResult, file: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "summaries"), { recursive: true });
  await mkdir(join(folder, "logs"), { recursive: true });
  for (const job of run.jobs.filter(({ steps }) => steps.length > 0)) {
    const name = job.check.replaceAll(/[^\w.-]+/g, "-");
    const summary = job.steps.map((step) => step.summary).join("");
    if (summary !== "") await writeFile(join(folder, "summaries", `${name}.md`), summary);
    await writeFile(join(folder, "logs", `${name}.log`), `${job.log.join("\n")}\n`);
  }
  const page = join(folder, "run.html");
  await writeFile(page, runPage(run, file, loadMermaid()));
  if (run.error !== undefined) process.stdout.write(`\n${told(run)}\n`);
  process.stdout.write(`\n${runTimeline(run).join("\n")}\n\n${mark(run.conclusion)} ${run.name}: ${run.conclusion}\n`);
  process.stdout.write(`\nPage: ${page}\nSummaries and logs: ${folder}\n`);
}
