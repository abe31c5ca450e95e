import type { AppProcess, Telemetry } from "./telemetry.ts";

const BEGIN = /^Traceback \(most recent call last\):/;
const END = /^([A-Za-z_][\w.]*?(?:Error|Exception|Interrupt|Exit|Warning|Fault))(?::\s*(.*))?$/;

/** Hears a process's output and reports the exceptions it prints, as an SDK in it would: Python's tracebacks. */
export function exceptionListener(telemetry: Telemetry, app: AppProcess): (line: string) => void {
  let isTraceback = false;
  return (line) => {
    if (BEGIN.test(line.trim())) isTraceback = true;
    const [, type, message = ""] = (isTraceback && END.exec(line)) || [];
    if (type === undefined) return;
    isTraceback = false;
    telemetry.throws({ at: Date.now(), type, message, siteName: app.startedIn.site.name, app });
  };
}
