/** A fit as plain data, so that another thread can make it. */

import { recall, remember } from "./_fit_memory.ts";
import { fitted, rungsOf } from "./_fit_schedule.ts";
import type { Features } from "./features.ts";
import type { FittedHyperparameters } from "./fit_gaussian_process.ts";
import type { Observation } from "./observations.ts";

/** The fit to the first trials. */
export interface SizedFit {
  /** How many trials. */
  readonly size: number;
  /** The fit. */
  readonly result: FittedHyperparameters;
}

/** What another thread is asked. */
export interface FitJob {
  /** Tells jobs apart. */
  readonly id: number;
  /** The columns' kinds. */
  readonly columns: Omit<Features, "encode">;
  /** The trials; their places are columns already. */
  readonly observations: readonly Observation[];
  /** The fits at lower rungs that are there already. */
  readonly known: readonly SizedFit[];
}

/** What another thread answers. */
export interface FitAnswer {
  /** The job's. */
  readonly id: number;
  /** The fit, and those at lower rungs that it built on. */
  readonly fits: readonly SizedFit[];
}

/** The job of fitting the first trials. */
export function jobOf(
  id: number,
  features: Features,
  first: readonly Observation[],
): FitJob {
  const { encode, ...columns } = features;
  return {
    id,
    columns,
    observations: first.map((one) => ({ ...one, unit: encode(one.unit) })),
    known: rungsOf(first.length).flatMap((size) => {
      const result = recall(features, first.slice(0, size));
      return result === undefined ? [] : [{ size, result }];
    }),
  };
}

/** Does a job: the numbers are those that {@linkcode fitted} gives. */
export function doJob({ id, columns, observations, known }: FitJob): FitAnswer {
  const features: Features = {
    ...columns,
    encode(unit, out = new Float64Array(columns.dimension), at = 0) {
      out.set(unit, at);
      return out;
    },
  };
  for (const { size, result } of known) {
    remember(features, observations.slice(0, size), result);
  }
  const fits = rungsOf(observations.length).map((size) => ({
    size,
    result: fitted(features, observations.slice(0, size)),
  }));
  return { id, fits };
}
