import { describe, expect, test } from "@jest/globals";
import { actionOf, can, sees } from "../../../packages/rehearsal/src/arm/rbac.ts";
import { createWorld } from "../../../packages/rehearsal/src/arm/world.ts";

const site = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app";

describe("the action a request needs", () => {
  test.each([
    ["GET", "/subscriptions/s", "Microsoft.Resources/subscriptions/read"],
    ["GET", "/subscriptions/s/resourceGroups/g", "Microsoft.Resources/subscriptions/resourceGroups/read"],
    ["GET", `${site}/slots`, "Microsoft.Web/sites/slots/read"],
    ["PUT", `${site}/slots/blue`, "Microsoft.Web/sites/slots/write"],
    ["DELETE", `${site}/slots/blue`, "Microsoft.Web/sites/slots/delete"],
    ["PATCH", `${site}/config/web`, "Microsoft.Web/sites/config/write"],
    ["POST", `${site}/slots/blue/slotsswap`, "Microsoft.Web/sites/slots/slotsswap/Action"],
    ["POST", `${site}/config/appsettings/list`, "Microsoft.Web/sites/config/list/Action"],
    ["POST", `${site}/slots/blue/config/publishingcredentials/list`, "Microsoft.Web/sites/slots/config/list/Action"],
    ["POST", `${site}/publishxml`, "Microsoft.Web/sites/publishxml/Action"],
    ["PUT", `${site}/extensions/onedeploy`, "Microsoft.Web/sites/extensions/write"],
  ])("%s %s", (method, path, action) => {
    expect(actionOf(method, path.split("/").filter(Boolean))).toBe(action);
  });
});

describe("a role", () => {
  function worldWith(role: string | { name: string; actions: string[] }, scope: string) {
    const world = createWorld();
    world.roleAssignments.push({ principalId: "p", role, scope });
    return world;
  }

  test("holds at its scope and below, whatever the case", () => {
    const world = worldWith("Contributor", "/subscriptions/S/resourcegroups/G");
    expect(can(world, "p", "Microsoft.Web/sites/write", site)).toBe(true);
    expect(can(world, "p", "Microsoft.Web/sites/write", "/subscriptions/s/resourceGroups/g2/x")).toBe(false);
    expect(can(world, "q", "Microsoft.Web/sites/write", site)).toBe(false);
  });

  test("of a contributor gives no rights away", () => {
    const world = worldWith("Contributor", "/subscriptions/s");
    expect(can(world, "p", "Microsoft.Authorization/roleAssignments/write", site)).toBe(false);
  });

  test("may be made of single actions", () => {
    const world = worldWith({ name: "Swapper", actions: ["Microsoft.Web/sites/slots/slotsswap/*"] }, site);
    expect(can(world, "p", "Microsoft.Web/sites/slots/slotsswap/Action", `${site}/slots/blue`)).toBe(true);
    expect(can(world, "p", "Microsoft.Web/sites/slots/read", `${site}/slots/blue`)).toBe(false);
  });

  test("that is unknown grants nothing", () => {
    expect(can(worldWith("Gardener", "/subscriptions/s"), "p", "Microsoft.Web/sites/read", site)).toBe(false);
  });

  test("anywhere in a subscription makes it visible", () => {
    const world = worldWith("Reader", site);
    expect([sees(world, "p", "s"), sees(world, "p", "t"), sees(world, "q", "s")]).toEqual([true, false, false]);
  });
});
