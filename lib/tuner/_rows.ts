import {
  type Curve,
  isFavorite,
  isFeasible,
  noteOf,
  type StudyView,
  type TrialRecord,
  verdictOf,
} from "../records/mod.ts";
import { parameterImportance } from "../surrogates/mod.ts";
import type { Study } from "../study/mod.ts";
import type {
  Activity,
  CurvePart,
  Standing,
  TrialRow,
  Values,
} from "./protocol.ts";
import { finiteOrNull, isEnough, rounded, shownValue } from "./_numbers.ts";

/** How many points a curve has in the table. */
const sparkPoints = 24;
/** The most points of a curve that is sent whole. */
const mostPoints = 2000;

/** A trial as the table shows it. */
export function rowOf(trial: TrialRecord, objective: string): TrialRow {
  const curve = trial.curves.get(objective);
  return {
    number: trial.number,
    state: trial.state,
    value: finiteOrNull(trial.value),
    shown: shownValue(trial),
    feasible: isFeasible(trial),
    params: trial.params as Values,
    origin: trial.origin,
    reason: trial.reason,
    error: trial.error?.split("\n")[0]?.slice(0, 300) ?? null,
    forecast: trial.forecast === null ? null : {
      mean: trial.forecast.mean,
      sd: trial.forecast.sd,
    },
    durationMs: trial.durationMs,
    note: noteOf(trial),
    favorite: isFavorite(trial),
    verdict: verdictOf(trial)?.state ?? null,
    spark: curve === undefined ? [] : spark(curve.values),
    step: curve?.steps.at(-1) ?? null,
  };
}

/** A curve in a few points. */
function spark(values: readonly number[]): (number | null)[] {
  const count = Math.min(sparkPoints, values.length);
  return Array.from({ length: count }, (_, i) => {
    const index = count === 1
      ? 0
      : Math.round(i * (values.length - 1) / (count - 1));
    const value = finiteOrNull(values[index]);
    return value === null ? null : rounded(value, 4);
  });
}

/** A trial's curves, each whole, thinned out where they are very long. */
export function curvesOf({ number, curves }: TrialRecord): CurvePart[] {
  return [...curves.values()].map((curve) => partOf(number, thinned(curve), 0));
}

/** A curve from an index on. */
export function partOf(number: number, curve: Curve, from: number): CurvePart {
  return {
    number,
    name: curve.name,
    from,
    steps: curve.steps.slice(from),
    values: curve.values.slice(from).map(finiteOrNull),
  };
}

function thinned(curve: Curve): Curve {
  const { steps, values } = curve;
  if (steps.length <= mostPoints) return curve;
  const stride = Math.ceil(steps.length / mostPoints);
  const keep = (_: number, index: number) =>
    index % stride === 0 || index === steps.length - 1;
  return {
    name: curve.name,
    steps: steps.filter(keep),
    values: values.filter(keep),
  };
}

/** What goes on in this process. */
export function activityOf(
  study: Study,
  usualSteps: number | null,
): Activity {
  const run = study.runs.at(-1);
  return {
    running: study.runs.flatMap(({ trials }) => trials).map((trial) => ({
      number: trial.number,
      held: trial.isHeld,
      stopping: trial.stopReason,
    })),
    run: run === undefined ? null : {
      target: run.target,
      finished: run.finished,
      held: run.isHeld,
      stopping: run.stopReason,
    },
    usualSteps,
  };
}

/** What changes with the trials. */
export function standingOf(study: Study, usualSteps: number | null): Standing {
  const { forecasts, within90, origins } = study.scoreboard();
  return {
    activity: activityOf(study, usualSteps),
    score: {
      forecasts: forecasts.length,
      within90,
      sides: origins.map(({ origin, trials, improvements, beaten }) => ({
        origin,
        trials,
        improvements,
        beaten: finiteOrNull(beaten),
      })),
    },
    importance: importanceOf(study.view()),
  };
}

function importanceOf(view: StudyView): Readonly<Record<string, number>> {
  if (!isEnough(view)) return {};
  const { shares } = parameterImportance(view);
  return Object.fromEntries(
    Object.entries(shares).map(([name, share]) => [name, rounded(share, 3)]),
  );
}
