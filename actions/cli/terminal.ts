/** What a command sees of the machine it runs on, so that tests can be another. */
import { type Environment, stripControls, systemClock } from "@augeo/action-kit";
import type { AzureContext, AzureLog } from "@augeo/azure";

export interface Terminal {
  /** The folder the command was called in. */
  readonly folder: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** What the command is for: standard output. */
  print(text: string): void;
  /** What happens meanwhile: standard error. */
  say(text: string): void;
  /** Asks a person; undefined where none is there. */
  readonly ask: ((question: string, proposal: string) => Promise<string>) | undefined;
}

/** The shells' log. Nothing of it may be mistaken for a workflow command: it is no workflow. */
function logOf({ say }: Terminal): AzureLog {
  const quiet = (): void => undefined;
  return {
    debug: quiet,
    info: (message) => say(`  ${message}`),
    warning: (message) => say(`! ${message}`),
    quote: (text) => say(stripControls(text)),
    mask: quiet,
  };
}

export function azureContextOf(terminal: Terminal): AzureContext {
  return { env: terminal.env, clock: systemClock, log: logOf(terminal), signal: terminal.signal };
}

/** `owner/name` of a git remote's address. */
export function repositoryOf(address: string): string | undefined {
  return /^(?:https:\/\/[^/]+\/|(?:ssh:\/\/)?[\w-]+@[^:/]+[:/])([\w.-]+\/[\w.-]+?)(?:\.git)?\/?\s*$/.exec(address)?.[1];
}
