import type { GateReport } from "@augeo/migrations";

/** How the commands that judge end; 2 is for a command that was not understood. */
export const EXIT_CODES: Readonly<Record<GateReport["conclusion"], number>> = { pass: 0, fail: 1, unknown: 3 };
