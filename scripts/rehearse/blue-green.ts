import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { htmlReport } from "./html-report.ts";
import { onStage } from "./on-stage.ts";
import { playBlueGreen } from "./scenario.ts";

/** An app goes out blue-green under load, fails, and comes back, with the shipped bundles. */
export const rehearseBlueGreen = (): Promise<boolean> =>
  onStage("report.html", playBlueGreen, async (findings, folder) => {
    await writeFile(join(folder, "findings.json"), JSON.stringify(findings));
    return htmlReport(findings);
  });
