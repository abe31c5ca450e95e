/** The stories: every way in which Azure treats each act, with good and bad releases, canaries, holds and ways back. */
import { ROUTE_FATES, type RouteFate, type Scenario, SWAP_FATES, scenario } from "./scenario.ts";

const released: readonly Scenario[] = [
  ...SWAP_FATES.map((fate) => scenario(`swap ${fate}`, { swaps: [fate, "polled"], migration: "expand" })),
  scenario("slot unhealthy", { staging: "unhealthy" }),
  scenario("health unknown", { production: "unknown" }),
  scenario("migration refused", { migration: "refused" }),
  scenario("every swap late", { swaps: ["lost-late"] }),
];

const returned: readonly Scenario[] = SWAP_FATES.flatMap((out) =>
  (["polled", "lost-late", "lost-unsent", "refused"] as const).map((back) =>
    scenario(`unhealthy: out ${out}, back ${back}`, { production: "unhealthy", swaps: [out, back, "polled"] }),
  ),
);

const backByHand: readonly Scenario[] = (["back-by-swap", "back-by-package"] as const).flatMap((way) =>
  SWAP_FATES.map((fate) => scenario(`${way} ${fate}`, { way, swaps: [fate, "polled"] })),
);

const TWO = [5, 25];
/** The n-th change of the traffic meets that fate, all others are done. */
const routed = (index: number, fate: RouteFate): readonly RouteFate[] => [
  ...Array.from({ length: index }, () => "done" as const),
  fate,
  "done",
];

const ramped: readonly Scenario[] = [
  ...ROUTE_FATES.flatMap((fate) =>
    [0, 1, 2].map((index) => scenario(`canary: route ${index} ${fate}`, { steps: TWO, routes: routed(index, fate) })),
  ),
  ...ROUTE_FATES.flatMap((fate) =>
    (["fail", "inconclusive"] as const).map((verdict) =>
      scenario(`canary ${verdict}: way back ${fate}`, {
        steps: TWO,
        verdicts: ["pass", verdict],
        routes: routed(2, fate),
      }),
    ),
  ),
  ...ROUTE_FATES.map((fate) =>
    scenario(`canary fails at once: ${fate}`, { steps: TWO, verdicts: ["fail"], routes: [fate, fate, "done"] }),
  ),
  ...SWAP_FATES.map((fate) => scenario(`canary: swap ${fate}`, { steps: [10], swaps: [fate, "polled"] })),
  scenario("canary, then unhealthy", {
    steps: [10],
    production: "unhealthy",
    swaps: ["polled", "lost-late", "polled"],
  }),
  scenario("canary without telemetry", { steps: TWO, verdicts: ["provider-error"] }),
];

const held: readonly Scenario[] = ([0, 3_600_000] as const).flatMap((holdWait) => [
  ...(["promote", "abort", "judge"] as const).map((person) =>
    scenario(`hold: ${person}${holdWait ? ", waited for" : ""}`, {
      steps: [10],
      verdicts: person === "abort" ? ["insufficient"] : ["insufficient", "pass"],
      person,
      holdWait,
    }),
  ),
  scenario(`hold: nobody comes${holdWait ? ", waited for" : ""}`, {
    steps: [10],
    verdicts: ["insufficient"],
    holdWait,
  }),
]);

export const SCENARIOS: readonly Scenario[] = [...released, ...returned, ...backByHand, ...ramped, ...held];
