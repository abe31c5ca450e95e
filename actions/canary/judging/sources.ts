import { type AppSlots, type AzureSession, LogMetrics, LogQueries, PlatformMetrics, type SlotRef } from "@augeo/azure";
import { type Clock, type MetricSource, UsageError } from "@augeo/release";
import type { CanaryInputs } from "../ramp.ts";
import { ProbeSource } from "./probe-source.ts";
import type { SlotProber } from "./slot-prober.ts";

/** Who is compared: releases, by their release files. */
export interface Arms {
  canary: string;
  /** Null for content without a release file: only the slot tells it then. */
  baseline: string | null;
}

export interface SourceRequest {
  inputs: CanaryInputs;
  slots: AppSlots;
  session: AzureSession;
  ref: SlotRef;
  arms: Arms;
  prober: SlotProber;
  clock: Clock;
  /** Milliseconds; measured where it was not given. */
  slowAfter: number | undefined;
}

export function openSource(request: SourceRequest): MetricSource {
  const { inputs, slots, session, ref, prober, clock, slowAfter } = request;
  const kind = inputs["metric-source"];
  if (kind === "platform-metrics") return new PlatformMetrics({ arm: slots.arm, ref });
  if (kind === "probes")
    return new ProbeSource(
      prober,
      () => slowAfter,
      () => clock.now(),
    );
  const { context, http, signIn } = session;
  const queries = new LogQueries(context, http, signIn, { kind, id: inputs[kind] ?? "" });
  const arms = { ...named(request.arms), dimension: inputs["release-dimension"] };
  const custom = inputs["metrics-query"]?.join("\n");
  return new LogMetrics({ queries, arms, slowAfter, custom, now: () => clock.now() });
}

function named({ canary, baseline }: Arms): { canary: string; baseline: string } {
  if (baseline !== null) return { canary, baseline };
  throw new UsageError({
    what: "What production runs cannot be told apart in telemetry.",
    why: "Its content has no release file, so no request names it.",
    fix: "set metric-source: platform-metrics for this once; from the next release on, telemetry by release works.",
  });
}
