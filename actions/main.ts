// Written by scripts/build.ts: one entry for each folder with an index.ts.
import { type Action, runAction } from "@augeo/action-kit";

const actions: Readonly<Record<string, () => Promise<Action>>> = {
  approve: async () => (await import("./approve/index.ts")).action,
  canary: async () => (await import("./canary/index.ts")).action,
  doctor: async () => (await import("./doctor/index.ts")).action,
  freeze: async () => (await import("./freeze/index.ts")).action,
  "health-probe": async () => (await import("./health-probe/index.ts")).action,
  "migration-gate": async () => (await import("./migration-gate/index.ts")).action,
  reconcile: async () => (await import("./reconcile/index.ts")).action,
  release: async () => (await import("./release/index.ts")).action,
  rollback: async () => (await import("./rollback/index.ts")).action,
  "slot-deploy": async () => (await import("./slot-deploy/index.ts")).action,
  "slot-swap": async () => (await import("./slot-swap/index.ts")).action,
};

/** Runs the command line and ends the process with its exit code. `toolkit` is the folder that holds `dist/`. */
export async function command(args: readonly string[], toolkit: string): Promise<void> {
  const { processTerminal, runCommand } = await import("./cli/main.ts");
  const code = await runCommand(args, processTerminal(), toolkit);
  process.stdout.write("", () => process.exit(code));
}

/** Runs one phase of one action and ends the process with its exit code. */
export async function start(name: string, phase: "main" | "post", version: string): Promise<void> {
  const load = actions[name];
  if (load === undefined) throw new RangeError(`no action ${name}`);
  const code = await runAction(await load(), { phase, version });
  // An open keep-alive socket must not hold the step open.
  process.stdout.write("", () => process.exit(code));
}

/** Carries out one command line of `augeo-gate`. */
export async function startGate(args: readonly string[], version: string): Promise<void> {
  const { runGate } = await import("./migration-gate/cli/main.ts");
  await runGate(args, version);
}
