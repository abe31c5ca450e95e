import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onStage } from "../on-stage.ts";
import { canaryPicture } from "./charts.ts";
import { canaryReport } from "./report.ts";
import { playCanaries } from "./scenario.ts";
import type { CanaryStory } from "./story.ts";

/** A good and a bad release are ramped up under load, with the shipped bundles. */
export function rehearseCanary(): Promise<boolean> {
  const stories: CanaryStory[] = [];
  const play = (on: Parameters<typeof playCanaries>[0]) => playCanaries(on, stories);
  return onStage("canary.html", play, async (findings, folder) => {
    await writeFile(join(folder, "stories.json"), JSON.stringify(stories));
    for (const [index, story] of stories.entries())
      await writeFile(join(folder, `canary-${index + 1}.svg`), canaryPicture(story));
    return canaryReport(findings, stories);
  });
}
