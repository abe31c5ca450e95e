import { implement } from "@augeo/action-kit";
import { spec } from "./spec.ts";

export const action = implement(spec, {
  async main({ inputs }) {
    return { reason: "healthy", result: { endpoints: inputs.endpoints }, summary: "### ✅ healthy" };
  },
});
