import { secretForms } from "./secret-forms.ts";
import { stripControls, withoutCommands, workflowCommand } from "./workflow-command.ts";

export interface AnnotationPlace {
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly column?: number;
}

/** What a user follows while the action works. Groups never nest. */
export interface Log {
  info(text: string): void;
  /** Shown only in runs with debug logging on. */
  debug(text: string): void;
  notice(text: string, place?: AnnotationPlace): void;
  warning(text: string, place?: AnnotationPlace): void;
  /** The first one becomes the step's annotation; any further one is printed as a plain line. */
  error(text: string, place?: AnnotationPlace): void;
  group<T>(title: string, work: () => T | Promise<T>): Promise<T>;
  /** Prints text from outside: control characters stripped, unable to issue workflow commands. */
  quote(text: string): void;
  /** Hides a secret, in all the forms it may take, from here on. */
  mask(secret: string): void;
}

/** GitHub cuts the message of an annotation here. */
const ANNOTATION_LIMIT = 4_096;

/** @param write takes one line without its newline; one call may hold several lines. */
export function createLog(write: (text: string) => void): Log {
  const masked = new Set<string>();
  let errors = 0;
  let open = false;
  const print = (text: string): void => write(safe(text));
  return {
    info: print,
    debug: (text) => write(workflowCommand("debug", stripControls(text))),
    notice: (text, place) => write(workflowCommand("notice", cut(stripControls(text)), properties(place))),
    warning: (text, place) => write(workflowCommand("warning", cut(stripControls(text)), properties(place))),
    error(text, place) {
      errors += 1;
      const clean = stripControls(text);
      if (errors > 1) return print(clean);
      write(workflowCommand("error", cut(clean), properties(place)));
      if (clean.length > ANNOTATION_LIMIT) print(clean);
    },
    async group(title, work) {
      const outermost = !open;
      if (outermost) write(workflowCommand("group", stripControls(title)));
      else print(title);
      open = true;
      try {
        return await work();
      } finally {
        if (outermost) {
          write("::endgroup::");
          open = false;
        }
      }
    },
    quote: (text) => write(withoutCommands(stripControls(text))),
    mask(secret) {
      for (const form of secretForms(secret)) {
        if (!masked.has(form)) write(workflowCommand("add-mask", form));
        masked.add(form);
      }
    },
  };
}

/** Our own lines carry names and messages from outside: one that would read as a command is printed as text. */
function safe(text: string): string {
  const clean = stripControls(text);
  return /^\s*(?:::|##\[)/m.test(clean) ? withoutCommands(clean) : clean;
}

function cut(text: string): string {
  return text.length <= ANNOTATION_LIMIT ? text : `${text.slice(0, ANNOTATION_LIMIT - 40)}… (the rest is in the log)`;
}

function properties(place: AnnotationPlace | undefined): Record<string, string | number | undefined> {
  if (place === undefined) return {};
  const { title, file, line, endLine, column } = place;
  return { title, file, line, endLine, col: column };
}
