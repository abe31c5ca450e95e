import type { Environment } from "./parse-inputs.ts";
import { inputVariable } from "./parse-inputs.ts";

/** What stands for a name in a fix, and the input that has it. Who finds an error out often knows no more than a code. */
const INPUT_OF: Readonly<Record<string, string>> = {
  "client-id": "client-id",
  app: "app",
  group: "resource-group",
  slot: "slot",
};

/** `<app>` and its kin as the names of this run, so that a command can be pasted; what was not given stays as it is. */
export function withKnownNames(fix: string, env: Environment): string {
  return fix.replaceAll(/<([a-z-]+)>/g, (placeholder, name: string) => {
    const input = INPUT_OF[name];
    const value = input === undefined ? "" : (env[inputVariable(input)]?.trim() ?? "");
    return /^[\w.-]+$/.test(value) ? value : placeholder;
  });
}
