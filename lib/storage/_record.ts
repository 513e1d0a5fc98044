import type {
  Curve,
  Prediction,
  TrialOrigin,
  TrialRecord,
  TrialState,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { Report, TrialDraft } from "./storage.ts";

/** What a storage knows of a trial, before it is handed out. */
export interface RawTrial {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Configuration;
  readonly values: readonly number[] | null;
  readonly constraints?: readonly (number | null)[];
  readonly curves: ReadonlyMap<string, Curve>;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly error: string | null;
  readonly origin: TrialOrigin;
  readonly reason: string | null;
  readonly forecast: Prediction | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The frozen record of a trial. */
export function recordOf(raw: RawTrial): TrialRecord {
  const { startedAtMs, finishedAtMs, ...rest } = raw;
  return Object.freeze({
    ...rest,
    params: Object.freeze(raw.params),
    forecast: raw.forecast === null ? null : Object.freeze({ ...raw.forecast }),
    value: raw.values?.[0] ?? null,
    values: raw.values === null ? null : Object.freeze([...raw.values]),
    ...raw.constraints === undefined
      ? {}
      : { constraints: Object.freeze([...raw.constraints]) },
    startedAt: startedAtMs === null ? null : new Date(startedAtMs),
    finishedAt: finishedAtMs === null ? null : new Date(finishedAtMs),
    durationMs: startedAtMs === null || finishedAtMs === null
      ? null
      : finishedAtMs - startedAtMs,
    attributes: Object.freeze({ ...raw.attributes }),
  });
}

/** A frozen curve from its points by step. */
export function curveOf(
  name: string,
  points: ReadonlyMap<number, number>,
): Curve {
  const steps = Array.from(Float64Array.from(points.keys()).sort());
  return frozenCurve(name, steps, steps.map((step) => points.get(step)!));
}

/** A frozen curve. Curves of the same steps share them, so that thousands take little memory. */
export function frozenCurve(
  name: string,
  steps: readonly number[],
  values: readonly number[],
): Curve {
  return Object.freeze({
    name,
    steps: sharedSteps(steps),
    // A copy has no room left over from growing.
    values: Object.freeze(values.slice()),
  });
}

/** Steps seen lately, by their number. */
const lateSteps = new Map<number, readonly number[]>();
const mostLateSteps = 32;

function sharedSteps(steps: readonly number[]): readonly number[] {
  const known = lateSteps.get(steps.length);
  if (known?.every((step, i) => step === steps[i])) return known;
  const copy = Object.freeze(steps.slice());
  if (lateSteps.size === mostLateSteps) lateSteps.clear();
  lateSteps.set(steps.length, copy);
  return copy;
}

/** Throws if a report is not one that can be kept. */
export function checkReports(reports: readonly Report[]): void {
  for (const { name, step, value } of reports) {
    if (typeof name !== "string" || name === "") {
      throw new TypeError(
        `Cannot report: the curve's name is ${
          JSON.stringify(name)
        }, expected a text`,
      );
    }
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new RangeError(
        `Cannot report ${
          JSON.stringify(name)
        }: the step is ${step}, expected a whole number of at least 0, such as the epoch`,
      );
    }
    if (typeof value !== "number") {
      throw new TypeError(
        `Cannot report ${JSON.stringify(name)} at step ${step}: the value is ${
          JSON.stringify(value) ?? String(value)
        }, expected a number`,
      );
    }
  }
}

/** Throws if the values of an outcome are not ones that can be kept. */
export function checkValues(
  values: readonly number[] | null,
  count: number,
  number: number,
): void {
  if (values === null) return;
  if (values.length !== count) {
    throw new RangeError(
      `Cannot finish trial ${number}: it has ${values.length} values, expected ${count}, one an objective`,
    );
  }
  for (const value of values) {
    if (typeof value !== "number" || Number.isNaN(value)) {
      throw new RangeError(
        `Cannot finish trial ${number}: a value is ${value}, expected numbers; a trial without a value is a failed one`,
      );
    }
  }
}

/** Throws if a trial that ran elsewhere cannot be added. */
export function checkAdded(
  { number, state, values }: TrialRecord,
  objectives: number,
): void {
  if (state === "running" || (state === "complete" && values === null)) {
    throw new RangeError(
      `Cannot add trial ${number}: it is ${
        state === "running" ? "running elsewhere" : "complete without a value"
      }, expected one that waits or has ended`,
    );
  }
  checkValues(values, objectives, number);
}

/** The points of a record's curves as reports. */
export function reportsOfCurves({ curves }: TrialRecord): Report[] {
  return [...curves.values()].flatMap(({ name, steps, values }) =>
    steps.map((step, i) => ({ name, step, value: values[i]! }))
  );
}

/** Why a trial cannot be changed. */
export function notRunning(
  action: string,
  number: number,
  state: TrialState | null,
): RangeError {
  if (state === null) {
    return new RangeError(
      `Cannot ${action} trial ${number}: the study has no such trial`,
    );
  }
  return new RangeError(
    state === "waiting"
      ? `Cannot ${action} trial ${number}: it is still waiting in the queue; ask() claims it`
      : `Cannot ${action} trial ${number}: it is ${state} already, and a finished trial never changes`,
  );
}

/** The text of {@linkcode RawTrial.error} of a trial whose process is gone. */
export function abandonedText(worker: string): string {
  return `Interrupted: the process that ran this trial (${worker}) ended before the trial did`;
}

/** What a new trial starts with. */
export function draftDefaults(
  draft: Pick<TrialDraft, "origin" | "reason" | "forecast">,
): Pick<RawTrial, "origin" | "reason" | "forecast"> {
  return {
    origin: draft.origin,
    reason: draft.reason ?? null,
    forecast: draft.forecast ?? null,
  };
}
