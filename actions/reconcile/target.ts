import type { Place } from "@augeo/release";

/** One app and environment to look after. */
export interface Target {
  readonly app: string;
  readonly "resource-group": string;
  readonly slot: string;
  readonly environment: string;
}

/** `resource-group/app/slot@environment`, of which slot and environment may be left out; the spec has checked its form. */
export function parseTarget(line: string): Target {
  const [path = "", environment = "production"] = line.split("@");
  const [group = "", app = "", slot = "staging"] = path.split("/");
  return { app, "resource-group": group, slot, environment };
}

/** The target of a ledger that says itself where it was released to. */
export const targetOf = ({ app, resourceGroup, slot }: Place, environment: string): Target => ({
  app,
  "resource-group": resourceGroup,
  slot,
  environment,
});

export const nameOfTarget = ({ app, environment }: Pick<Target, "app" | "environment">): string =>
  `${app} (${environment})`;
