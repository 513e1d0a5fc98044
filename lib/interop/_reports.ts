import type { Objective, TrialState } from "../records/mod.ts";
import { addPoint, type Points, type TrialDraft } from "./_draft.ts";

/** A trial known from what it reported, row by row. */
export interface ReportedTrial {
  readonly params: Record<string, unknown>;
  /** By the measure's name and step. */
  readonly points: Points;
  state: TrialState;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  error: string | null;
  readonly attributes: Record<string, unknown>;
}

/** A trial that has reported nothing. */
export function newReported(): ReportedTrial {
  return {
    params: {},
    points: new Map(),
    state: "complete",
    startedAtMs: null,
    finishedAtMs: null,
    error: null,
    attributes: {},
  };
}

/** Notes the measures of a report. */
export function addReport(
  trial: ReportedTrial,
  step: number,
  measures: Iterable<readonly [string, number]>,
): void {
  for (const [name, value] of measures) {
    addPoint(trial.points, name, step, value);
  }
}

/** The names of all measures reported. */
export function measuresOf(trials: Iterable<ReportedTrial>): string[] {
  const names = new Set<string>();
  for (const { points } of trials) {
    for (const name of points.keys()) names.add(name);
  }
  return [...names];
}

/** The trial; its values are the last ones reported, its curves those of more than a point. */
export function reportedDraft(
  trial: ReportedTrial,
  objectives: readonly Objective[],
): TrialDraft {
  const last = objectives.map(({ name }) => {
    const points = [...trial.points.get(name) ?? []];
    return points.reduce(
      (best, point) => point[0] >= best[0] ? point : best,
      [-Infinity, NaN] as [number, number],
    )[1];
  });
  const hasValues = last.every((value) => !Number.isNaN(value));
  const { state } = trial;
  return {
    state: state === "complete" && !hasValues ? "failed" : state,
    params: trial.params,
    values: hasValues ? last : null,
    curves: trial.points,
    startedAtMs: trial.startedAtMs,
    finishedAtMs: trial.finishedAtMs,
    error: trial.error ??
      (state === "complete" && !hasValues ? "It reported no value" : null),
    attributes: trial.attributes,
  };
}
