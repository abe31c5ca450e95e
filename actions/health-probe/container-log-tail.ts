import type { ActionContext } from "@augeo/action-kit";
import { Arm, cloudFrom, Http, readContainerLog, SignIn } from "@augeo/azure";
import { lastLines } from "./container-log-text.ts";
import type { LogTarget } from "./log-target.ts";

/** The last lines of the container's log. A log that cannot be read is a warning: the verdict stands without it. */
export async function containerLogTail(
  target: LogTarget,
  { env, clock, log, signal }: Pick<ActionContext, "env" | "clock" | "log" | "signal">,
): Promise<string | undefined> {
  const context = { env, clock, log, signal };
  try {
    const signIn = new SignIn(context, new Http(env), cloudFrom(target.cloud), target);
    const arm = new Arm(context, signIn, target.subscriptionId);
    const text = await readContainerLog(arm, target);
    return text.trim() === "" ? undefined : lastLines(text);
  } catch (error) {
    signal.throwIfAborted();
    log.warning(`The container's log could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
