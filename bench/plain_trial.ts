import type { Configuration, TrialRecord } from "../mod.ts";

/** A complete trial with nothing but its configuration and value. */
export function plainTrial(
  number: number,
  params: Configuration,
  value: number,
  origin: TrialRecord["origin"] = "sampler",
): TrialRecord {
  return {
    number,
    state: "complete",
    params,
    value,
    values: [value],
    curves: new Map(),
    startedAt: null,
    finishedAt: null,
    durationMs: null,
    error: null,
    origin,
    reason: null,
    forecast: null,
    attributes: {},
  };
}
