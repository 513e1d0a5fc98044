import type { Configuration } from "../space/mod.ts";
import type { TrialRecord } from "./trial.ts";

/**
 * The record of a complete trial that no study has run, with nothing but what is
 * given: for samplers that imagine trials, and for tests and benches of one's own.
 *
 * @param number The number in the study, from 0.
 * @param params The configuration; nothing is checked.
 * @param value The objective's value, or null, as of a trial that runs.
 * @param rest What else it has, or has otherwise.
 * @returns A frozen record.
 *
 * @example
 * ```ts
 * import { plainTrial } from "@etude/etude";
 * plainTrial(0, { x: 0.5 }, 0.25).state; // "complete"
 * plainTrial(1, { x: 0.1 }, null, { state: "running" }).values; // null
 * ```
 */
export function plainTrial<C = Configuration>(
  number: number,
  params: C,
  value: number | null,
  rest: Partial<Omit<TrialRecord<C>, "number" | "params" | "value">> = {},
): TrialRecord<C> {
  return Object.freeze<TrialRecord<C>>({
    number,
    state: "complete",
    params,
    value,
    values: value === null ? null : [value],
    curves: new Map(),
    startedAt: null,
    finishedAt: null,
    durationMs: null,
    error: null,
    origin: "sampler",
    reason: null,
    forecast: null,
    attributes: {},
    ...rest,
  });
}
