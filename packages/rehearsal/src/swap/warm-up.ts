import type { SlotHost } from "../hosting/slot-host.ts";
import type { Timing } from "../hosting/timing.ts";
import { wait } from "../hosting/wait.ts";
import { ProviderError } from "../model.ts";
import type { Container } from "../slots/container.ts";
import { allowsStatus, type Ping } from "../slots/ping.ts";

/**
 * Step 4: every instance of the source answers the ping path with a status that counts. Plain HTTP, without the public
 * host name; a redirect counts like any other status.
 */
export async function warmUp(source: SlotHost, timing: Timing): Promise<void> {
  const settings = source.app.launched?.configuration.appSettings ?? {};
  const path = settings.WEBSITE_SWAP_WARMUP_PING_PATH ?? "/";
  const statuses = settings.WEBSITE_SWAP_WARMUP_PING_STATUSES;
  const last = await Promise.all(source.app.containers.map((one) => pingUntilWarm(one, path, statuses, timing)));
  const cold = last.find((answer) => !isWarm(answer, statuses));
  if (cold !== undefined) throw failure(source, cold);
}

async function pingUntilWarm(
  container: Container,
  path: string,
  statuses: string | undefined,
  timing: Timing,
): Promise<Ping> {
  let answer: Ping = { kind: "refused" };
  for (let tries = 1; tries <= timing.swapPingTries; tries += 1) {
    answer = await container.ping(path, timing.swapPingTimeout, "SiteWarmup");
    if (isWarm(answer, statuses)) return answer;
    await wait(timing.swapPingPause);
  }
  return answer;
}

function isWarm(answer: Ping, statuses: string | undefined): boolean {
  return answer.kind === "status" && allowsStatus(statuses, answer.status);
}

function failure({ slot }: SlotHost, answer: Ping): ProviderError {
  if (answer.kind === "status")
    return new ProviderError(
      400,
      "BadRequest",
      `Cannot swap slots for site '${slot.site.name}' because the application initialization in '${slot.name}' slot either took too long or failed. Please check AppInit module configuration or try using a different instance.`,
    );
  return new ProviderError(
    417,
    "ExpectationFailed",
    `Cannot swap site slots for site '${slot.site.name}' because the '${slot.name}' slot did not respond to http ping.`,
  );
}
