import type { DatabaseAddress } from "./database-address.ts";
import type { DatabaseSession } from "./database-session.ts";
import type { MigrationPorts } from "./migration-outcome.ts";

const LOCK_POLL_MS = 500;
const REPORT_EVERY_MS = 30_000;

/** Takes the lock under which one gate at a time migrates a database. False once the deadline has passed. */
export async function waitForLock(
  session: DatabaseSession,
  address: DatabaseAddress,
  ports: MigrationPorts,
  deadline: number,
): Promise<boolean> {
  let reportAt = 0;
  while (!(await session.tryLock())) {
    const now = ports.clock.now();
    if (now >= deadline) return false;
    if (now >= reportAt) {
      ports.log.info(`Another gate is migrating ${address.shown}${await describeHolder(session)}. Waiting for it.`);
      reportAt = now + REPORT_EVERY_MS;
    }
    await ports.clock.sleep(Math.min(LOCK_POLL_MS, deadline - now), ports.signal);
  }
  return true;
}

async function describeHolder(session: DatabaseSession): Promise<string> {
  const holder = await session.holder();
  if (holder === undefined) return "";
  return ` (${holder.application} from ${holder.address}, session ${holder.pid}, since ${holder.since})`;
}
