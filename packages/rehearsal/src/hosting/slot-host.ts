import type { ScmSite } from "../kudu/scm-site.ts";
import type { Slot } from "../model.ts";
import type { App } from "../slots/app.ts";

/**
 * A slot's place in the data plane: its two hosts, which stay, and what is in it, which a swap exchanges: the app, and
 * the SCM site with the app's content, deployment history and lock.
 */
export interface SlotHost {
  readonly slot: Slot;
  app: App;
  scm: ScmSite;
  /** What serves or watches the slot, until it is closed. */
  services: { close(): Promise<void> }[];
  /** Ids of the plan's instances, the same for all its slots. */
  instanceIds(): string[];
}
