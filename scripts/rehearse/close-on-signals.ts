/** Ends what a rehearsal started when it is interrupted, and with it the process. */
export function closeOnSignals(close: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => void close().finally(() => process.exit(signal === "SIGINT" ? 130 : 143)));
}
