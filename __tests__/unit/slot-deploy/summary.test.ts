import { expect, test } from "@jest/globals";
import type { DeployResult } from "../../../actions/slot-deploy/deploy-to-slot.ts";
import { summarise } from "../../../actions/slot-deploy/summary.ts";

const result: DeployResult = {
  kind: "deployed",
  release: {
    release: "r7",
    commit: "0123456789abcdef0123456789abcdef01234567",
    content: "c0ffee".repeat(10),
    schemaHead: "a1b2",
  },
  slotCreated: true,
  deployment: "2b592529-1c8f-47da-8110-e9274d94f874",
  uploads: 1,
  redeployed: false,
  package: { kind: "folder", files: 12, bytes: 3 * 1024 * 1024 },
  slotUrl: "https://app-staging.azurewebsites.net",
  duration: 74_200,
  containerLog: undefined,
};
const place = { app: "api", slot: "staging" };

test("a deployment is summarised as a table", () => {
  expect(summarise(place, result)).toBe(`### ✅ \`r7\` runs in the slot \`staging\`

| App | \`api\`, slot \`staging\` (created by this run) |
| --- | --- |
| Address | https://app-staging.azurewebsites.net |
| Commit | \`0123456789ab\` |
| Content | \`c0ffeec0ffee\` |
| Schema head | \`a1b2\` |
| Package | folder, 12 files, 3.0 MB |
| Deployment | \`2b592529-1c8f-47da-8110-e9274d94f874\` |
| Time | 1m 14s |
`);
});

test("a skip says that nothing was needed", () => {
  const text = summarise(place, { ...result, kind: "already-deployed", deployment: undefined });
  expect(text).toContain("### ⏭️ The slot `staging` holds `r7` already");
  expect(text).toContain("| Deployment | none needed |");
});

test("an app that did not start shows its log, which cannot end the block or carry control characters", () => {
  const text = summarise(place, { ...result, kind: "not-started", containerLog: "one\n```\n\u001b[31mred</details>" });
  expect(text).toContain("### ❌ `r7` is in the slot `staging`, and its app did not start");
  expect(text).toContain("    one\n    ```\n    ");
  expect(text).not.toContain("\u001b");
});

test("a second deployment after a restart of the SCM site is mentioned", () => {
  expect(summarise(place, { ...result, redeployed: true })).toContain("deployed once more");
});
