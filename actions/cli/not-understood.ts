import { closest } from "@augeo/action-kit";
import { UsageError } from "@augeo/release";

/** What `parseArgs` refused, with the option that was probably meant. @param command as a person types it */
export function notUnderstood(command: string, options: readonly string[], cause: unknown): UsageError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const typed = /^Unknown option '--?([^']*)'/.exec(said)?.[1];
  const meant = typed === undefined ? undefined : closest(typed, options);
  return new UsageError({
    what: typed === undefined ? said : `${command} has no option --${typed}.`,
    why: meant === undefined ? "The command was not understood." : `Did you mean --${meant}?`,
    fix: `${command} --help`,
    cause,
  });
}
