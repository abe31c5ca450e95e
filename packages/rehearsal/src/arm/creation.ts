import type { Call, Reply } from "../http.ts";
import { type Context, isRecord, ok, paths } from "./context.ts";
import { badRequest, gatewayError } from "./errors.ts";
import { groupView, planView } from "./subscriptions.ts";
import { type Plan, same } from "./world.ts";

/** Tiers by the names of their sizes. Source: Microsoft.Web, SkuDescription. */
const tiers: readonly [RegExp, string][] = [
  [/^F1$/i, "Free"],
  [/^B\d$/i, "Basic"],
  [/^S\d$/i, "Standard"],
  [/^P0v3$/i, "Premium0V3"],
  [/^P\d+m?v3$/i, "PremiumV3"],
  [/^P\d+m?v4$/i, "PremiumV4"],
];

async function locationOf(call: Call): Promise<{ location: string; body: Record<string, unknown> }> {
  const body = await call.json();
  const fields = isRecord(body) ? body : {};
  if (typeof fields.location !== "string" || fields.location === "")
    throw gatewayError(400, "LocationRequired", "The location property is required for this definition.");
  return { location: fields.location, body: fields };
}

async function putGroup(context: Context, call: Call): Promise<Reply> {
  const { location } = await locationOf(call);
  const [subscriptionId, name] = [call.param("subscription"), call.param("group")];
  const { resourceGroups } = context.world;
  const known = resourceGroups.find((one) => same(one.name, name));
  if (known !== undefined && known.location !== location) {
    const text = `Invalid resource group location '${location}'. The Resource group already exists in location '${known.location}'.`;
    throw gatewayError(409, "InvalidResourceGroupLocation", text);
  }
  if (known !== undefined) return ok(groupView(known));
  const group = { subscriptionId, name, location };
  resourceGroups.push(group);
  return { status: 201, body: groupView(group) };
}

async function putPlan(context: Context, call: Call): Promise<Reply> {
  const { location, body } = await locationOf(call);
  const size = isRecord(body.sku) ? String(body.sku.name) : "";
  const tier = tiers.find(([pattern]) => pattern.test(size))?.[1];
  if (tier === undefined) throw badRequest(`The parameter Sku.Name has an invalid value: '${size}'.`, "51021");
  const plan: Plan = {
    subscriptionId: call.param("subscription"),
    resourceGroup: call.param("group"),
    name: call.param("plan"),
    location,
    sku: { name: size, tier, capacity: 1 },
  };
  const { plans } = context.world;
  const at = plans.findIndex((one) => same(one.name, plan.name) && same(one.resourceGroup, plan.resourceGroup));
  if (at >= 0) plans.splice(at, 1, plan);
  else plans.push(plan);
  return ok(planView(plan, 0));
}

/** Names of apps are unique in all of Azure, as their host names are. */
async function nameAvailability({ world }: Context, call: Call): Promise<Reply> {
  const body = await call.json();
  const name = isRecord(body) ? String(body.name) : "";
  if (!world.sites.some((one) => same(one.name, name))) return ok({ nameAvailable: true, reason: "", message: "" });
  const message = `Hostname '${name}' already exists. Please select a different name.`;
  return ok({ nameAvailable: false, reason: "AlreadyExists", message });
}

export const creationRoutes = [
  ["POST", "/subscriptions/{subscription}/providers/Microsoft.Web/checknameavailability", nameAvailability],
  ["PUT", paths.group, putGroup],
  ["PUT", `${paths.web}/serverfarms/{plan}`, putPlan],
] as const;
