import type { Log } from "@augeo/action-kit";
import { type AppSlots, readStickyNames, type SlotDifference, type SlotRef, slotDifferences } from "@augeo/azure";
import { ServiceError } from "@augeo/release";
import { cell } from "./timeline.ts";

export interface Differences {
  changes: readonly SlotDifference[];
  /** Settings that stay with their slot: production keeps its own. */
  sticky: readonly string[];
}

/** What the swap will change in settings, as Azure compares the slots. Not being allowed to see it stops nothing. */
export async function readDifferences(log: Log, slots: AppSlots, ref: SlotRef): Promise<Differences | undefined> {
  try {
    const [changes, names] = await Promise.all([slotDifferences(slots.arm, ref), readStickyNames(slots.arm, ref)]);
    const sticky = [...names.appSettingNames, ...names.connectionStringNames, ...names.azureStorageConfigNames];
    await log.group("Settings that the swap changes", async () => tell(log, { changes, sticky }));
    return { changes, sticky };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.warning(`What the swap changes in settings could not be read. ${error.why}`);
    return undefined;
  }
}

function tell(log: Log, { changes, sticky }: Differences): void {
  log.info(
    sticky.length === 0
      ? "No setting is sticky: all settings move with the swap."
      : `Stay with their slot: ${sticky.join(", ")}`,
  );
  if (changes.length === 0) log.info("The slots do not differ in settings.");
  for (const change of changes) {
    const text = `${change.level} ${change.settingType} ${change.settingName}: ${describe(change)}`;
    if (change.level === "Error" || change.level === "Warning") log.warning(text);
    else log.info(text);
  }
}

/** Values of settings may be secrets and are never shown; whether there is one is not. */
function describe({ settingType, description, valueInCurrentSlot, valueInTargetSlot }: SlotDifference): string {
  const isSecret = settingType !== "General";
  const inProduction = show(valueInCurrentSlot, isSecret);
  const inSlot = show(valueInTargetSlot, isSecret);
  return `production ${inProduction}, slot ${inSlot}${description === "" ? "" : ` (${description})`}`;
}

const show = (value: string, isSecret: boolean) => (value === "" ? "has none" : isSecret ? "has a value" : value);

/** Markdown for the summary. Pure. */
export function differencesMarkdown(differences: Differences | undefined): string {
  if (!differences) return "";
  const { changes, sticky } = differences;
  const kept = sticky.length === 0 ? "" : `Stay with their slot: ${sticky.map((name) => `\`${name}\``).join(", ")}.`;
  if (changes.length === 0) return kept === "" ? "" : details("Settings: the slots do not differ", kept);
  const rows = changes.map(
    (change) => `| ${cell(change.settingType)} | ${cell(change.settingName)} | ${cell(describe(change))} |`,
  );
  const table = ["| kind | setting | before the swap |", "| --- | --- | --- |", ...rows].join("\n");
  return details(`Settings that the swap changes: ${changes.length}`, [table, kept].filter(Boolean).join("\n\n"));
}

const details = (title: string, body: string) => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
