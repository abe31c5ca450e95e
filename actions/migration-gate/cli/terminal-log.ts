import { type Log, stripControls } from "@augeo/action-kit";

/** Progress on standard error, in plain lines: standard output is the report, and no runner reads commands here. */
export function terminalLog(write: (text: string) => void = (text) => void process.stderr.write(text)): Log {
  const line = (prefix: string) => (text: string) => write(`${prefix}${stripControls(text)}\n`);
  return {
    info: line(""),
    debug: () => undefined,
    notice: line(""),
    warning: line("Warning: "),
    error: line("Error: "),
    quote: line(""),
    mask: () => undefined,
    async group(title, work) {
      line("")(title);
      return work();
    },
  };
}
