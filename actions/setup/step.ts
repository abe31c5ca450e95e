/** One thing that has to be there before a release can go out: how to look, how to make it, and as commands. */
export interface Step {
  readonly area: "Azure" | "Entra" | "GitHub";
  /** The environment it belongs to; undefined for what all share. */
  readonly environment: string | undefined;
  /** `the resource group rg-auction`. */
  readonly what: string;
  /** The same by hand, for a shell: `az` and `gh`. */
  readonly commands: readonly string[];
  look(): Promise<Found>;
  /** Makes what is missing. Done twice it changes nothing more. Throws what a service refused. */
  make(): Promise<void>;
}

export interface Found {
  readonly there: boolean;
  /** What is different, or why it could not be seen. */
  readonly note?: string;
  /** What sets right what is there, where the commands of the step would only make it. */
  readonly commands?: readonly string[];
}

export const THERE: Found = { there: true };
export const ABSENT: Found = { there: false };

/** A value as one word of a shell. */
export function word(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** A variable of the script that belongs to one environment: `PRINCIPAL_PRODUCTION`. */
export function variableOf(name: string, environment: string): string {
  return `${name}_${environment.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}
