import type { RampUpRule } from "../model.ts";

/** Where a request to production goes: a rule's name, `self` for production, or nowhere since the slot is gone. */
export interface RouteDecision {
  to: RampUpRule | "self" | { slotName: string } | "gone";
  cookies: string[];
}

export interface RoutingInput {
  rules: RampUpRule[];
  /** The `x-ms-routing-name` query parameter. */
  forced: string | undefined;
  /** The `x-ms-routing-name` cookie. */
  pinned: string | undefined;
  /** The `TiPMix` cookie. */
  mix: number | undefined;
  slotExists: (name: string) => boolean;
  /** In [0, 1). */
  random: () => number;
  /** Lifetime of the cookies in milliseconds. */
  pinFor: number;
}

/**
 * The query forces and pins, then the cookie decides, then weights are drawn. A cookie stays good when its rule has
 * gone to 0 % or away, as long as the slot is there: weights do not move clients that are pinned already.
 */
export function route(input: RoutingInput): RouteDecision {
  return forcedRoute(input) ?? pinnedRoute(input) ?? drawnRoute(input);
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A forced name needs a rule (0 % will do); `self` always works; any other name is ignored. */
function forcedRoute({ rules, forced, pinFor }: RoutingInput): RouteDecision | undefined {
  if (forced === undefined) return undefined;
  if (sameName(forced, "self")) return { to: "self", cookies: [routingCookie("self", pinFor)] };
  const rule = rules.find(({ name }) => sameName(name, forced));
  return rule && { to: rule, cookies: [routingCookie(rule.name, pinFor)] };
}

function pinnedRoute({ rules, pinned, slotExists }: RoutingInput): RouteDecision | undefined {
  if (pinned === undefined || pinned === "") return undefined;
  if (sameName(pinned, "self")) return { to: "self", cookies: [] };
  const rule = rules.find(({ name }) => sameName(name, pinned));
  if (rule) return { to: rule, cookies: [] };
  return { to: slotExists(pinned) ? { slotName: pinned } : "gone", cookies: [] };
}

function drawnRoute({ rules, mix, random, pinFor }: RoutingInput): RouteDecision {
  if (rules.length === 0) return { to: "self", cookies: [] };
  const drawn = mix ?? random() * 100;
  const rule = ruleAt(rules, drawn);
  const cookies = [routingCookie(rule?.name ?? "self", pinFor)];
  if (mix === undefined) cookies.unshift(cookie("TiPMix", String(drawn), pinFor));
  return { to: rule ?? "self", cookies };
}

/** Rules take the draw's range from 0 upwards, one after the other; production has the rest. */
function ruleAt(rules: RampUpRule[], drawn: number): RampUpRule | undefined {
  let upTo = 0;
  for (const rule of rules) {
    upTo += rule.reroutePercentage;
    if (drawn < upTo) return rule;
  }
  return undefined;
}

function routingCookie(name: string, pinFor: number): string {
  return cookie("x-ms-routing-name", name, pinFor);
}

function cookie(name: string, value: string, lifetime: number): string {
  return `${name}=${value}; path=/; HttpOnly; Max-Age=${Math.round(lifetime / 1000)}; Secure; SameSite=None`;
}

/** Reads a `Cookie` header. Of two cookies with one name the first counts. */
export function readCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    if (at > 0 && name !== "" && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim());
  }
  return cookies;
}
