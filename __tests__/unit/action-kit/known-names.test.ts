import { expect, test } from "@jest/globals";
import { withKnownNames } from "../../../packages/action-kit/src/known-names.ts";

const env = { "INPUT_CLIENT-ID": "c-1", INPUT_APP: " api ", "INPUT_RESOURCE-GROUP": "rg $(x)", INPUT_SLOT: "" };

test("a command names what this run was given, and nothing that a shell would read otherwise", () => {
  expect(withKnownNames("az x --assignee <client-id> --name <app> -g <group> --slot <slot> <identity>", env)).toBe(
    "az x --assignee c-1 --name api -g <group> --slot <slot> <identity>",
  );
});
