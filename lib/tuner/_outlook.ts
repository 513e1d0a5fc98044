/**
 * What the surrogate says of the place where the controls stand.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | P | `axes` | the parameters in use |
 * | m | `places` | places along a number's scale |
 * | X | `points` | the moved configurations as the process's columns, `[rows, d]` |
 *
 * The slices of all P parameters are one batch: for 200 trials and 8 parameters
 * a matrix product of 400 × 200 and a triangular solve.
 *
 * @module
 */

import type { StudyView } from "../records/mod.ts";
import {
  choicesOf,
  type Configuration,
  fromUnit,
  type Parameter,
  type ParameterValue,
  type Space,
  toUnit,
} from "../space/mod.ts";
import type { Study } from "../study/mod.ts";
import { fitSurrogate, type Surrogate } from "../surrogates/mod.ts";
import type { Look, Slice, Slices, Values } from "./protocol.ts";
import { finiteOrNull, isEnough, rounded, shownValue } from "./_numbers.ts";

/** How many places along a number's scale. */
export const places = 49;
/** More rows than these are not worth waiting for: the later parameters have no slice. */
const mostRows = 3000;

/** What is expected around a place, with a surrogate that is kept while no trial ends. */
export class Outlook {
  readonly #study: Study;
  #key = "";
  #surrogate: Surrogate | null = null;

  constructor(study: Study) {
    this.#study = study;
  }

  /** What is expected of a configuration. */
  look(params: Values): Look {
    const { space } = this.#study;
    let whole: Configuration;
    try {
      whole = space.validate(activePart(space, params));
    } catch (error) {
      return nothing((error as Error).message);
    }
    if (!isEnough(this.#study.view())) {
      return nothing("From two finished trials on, something can be expected.");
    }
    const forecast = this.#study.predict(whole);
    const [low, high] = forecast.interval90;
    return {
      forecast: {
        mean: forecast.mean,
        sd: forecast.sd,
        low,
        high,
        chance: forecast.probabilityOfImprovement,
        best: forecast.best,
      },
      reason: null,
      nearest: forecast.nearest.slice(0, 3).map(({ trial, distance }) => ({
        number: trial.number,
        distance: rounded(distance, 3),
        value: finiteOrNull(trial.value),
        shown: shownValue(trial),
      })),
    };
  }

  /** The slices along the parameters in use; null while nothing can be expected. */
  slices(params: Values): Slices | null {
    const { space } = this.#study;
    const view = this.#study.view();
    if (!isEnough(view)) return null;
    const surrogate = this.#fitted(view);
    const { features } = surrogate;
    const here = complete(space, activePart(space, params), params);
    const base = space.encode(here);
    const parents = parentsOf(space);
    const axes: { parameter: Parameter; units: Float64Array[] }[] = [];
    let rows = 0;
    space.parameters.forEach((parameter, axis) => {
      if (!Object.hasOwn(here, parameter.name) || rows > mostRows) return;
      const units = placesOf(parameter).map((value) => {
        if (parents.has(parameter.name)) {
          const moved = { ...here, [parameter.name]: value };
          return space.encode(complete(space, moved, params));
        }
        const unit = base.slice();
        unit[axis] = toUnit(parameter, value);
        return unit;
      });
      rows += units.length;
      axes.push({ parameter, units });
    });
    const points = new Float64Array(rows * features.dimension);
    let row = 0;
    for (const { units } of axes) {
      for (const unit of units) {
        features.encode(unit, points, row++ * features.dimension);
      }
    }
    const { mean, sd } = surrogate.process.predict(points);
    const slices: Record<string, Slice> = {};
    const refusedOf = (parameter: Parameter) =>
      space.rules.length === 0 ? [] : placesOf(parameter).flatMap((
        value,
        index,
      ) => {
        const moved = { ...here, [parameter.name]: value };
        const whole = parents.has(parameter.name)
          ? complete(space, moved, params)
          : moved;
        return space.brokenRules(whole).length > 0 ? [index] : [];
      });
    let first = 0;
    for (const { parameter, units } of axes) {
      const expected = units.map((_, i) =>
        surrogate.toObjective({ mean: mean[first + i]!, sd: sd[first + i]! })
      );
      const refused = refusedOf(parameter);
      slices[parameter.name] = {
        mean: expected.map((one) => rounded(one.mean, 5)),
        sd: expected.map((one) => rounded(one.sd, 3)),
        ...(refused.length === 0 ? {} : { refused }),
      };
      first += units.length;
    }
    const { outputScale } = surrogate.process.hyperparameters;
    return {
      slices,
      scale: scaleOf(view, slices),
      unknownSd: surrogate.toObjective({
        mean: 0,
        sd: Math.sqrt(outputScale),
      }).sd,
      most: mostOf(view, slices, axes.map(({ parameter }) => parameter)),
    };
  }

  #fitted(view: StudyView): Surrogate {
    // A trial's state is all that the fit hangs on, and what a person said of it.
    const key = view.trials.reduce(
      (text, { state, error }) =>
        `${text}${state[0]}${error?.startsWith("Discarded") ? "d" : ""}`,
      "",
    );
    if (this.#surrogate === null || this.#key !== key) {
      this.#surrogate = fitSurrogate(view);
      this.#key = key;
    }
    return this.#surrogate;
  }
}

function nothing(reason: string): Look {
  return { forecast: null, reason, nearest: [] };
}

function parentsOf(space: Space): ReadonlySet<string> {
  return new Set(
    space.parameters.flatMap(({ conditions }) =>
      conditions.map(({ parent }) => parent)
    ),
  );
}

/** The values that a parameter's slice looks at. */
function placesOf(parameter: Parameter): readonly ParameterValue[] {
  return choicesOf(parameter) ??
    Array.from(
      { length: places },
      (_, index) => fromUnit(parameter, index / (places - 1)),
    );
}

/** Of the values of all controls, those of the parameters in use. */
export function activePart(space: Space, values: Values): Configuration {
  const active: Record<string, ParameterValue> = {};
  for (const { name } of space.ordered) {
    if (!space.isActive(name, active)) continue;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) active[name] = value;
  }
  return space.arrange(active);
}

/** A whole configuration: what is wanted, else what the controls remember, else the middle. */
function complete(
  space: Space,
  wanted: Configuration,
  remembered: Values,
): Configuration {
  const values: Record<string, ParameterValue> = {};
  for (const parameter of space.ordered) {
    const { name } = parameter;
    if (!space.isActive(name, values)) continue;
    values[name] = (Object.hasOwn(wanted, name) ? wanted[name] : undefined) ??
      (Object.hasOwn(remembered, name) ? remembered[name] : undefined) ??
      fromUnit(parameter, 0.5);
  }
  return space.arrange(values);
}

/** Between which values pictures are shaded: from what a middling trial brings to the best that is hoped for. */
function scaleOf(
  view: StudyView,
  slices: Readonly<Record<string, Slice>>,
): { worst: number; best: number } {
  const sign = view.objectives[0]!.direction === "minimize" ? 1 : -1;
  const values = view.trials.flatMap(({ state, value }) =>
    state === "complete" && Number.isFinite(value) ? [sign * value!] : []
  ).sort((a, b) => a - b);
  const means = Object.values(slices).flatMap(({ mean }) =>
    mean.map((one) => sign * one)
  );
  const best = Math.min(values[0]!, ...means);
  // The worst quarter of a search tells nothing of where to look: it would flatten the rest.
  const usual = values[Math.floor(0.75 * (values.length - 1))]!;
  const worst = Math.max(usual, best + 0.5 * (Math.max(...means) - best));
  return {
    worst: sign * (worst > best ? worst : best + 1e-9),
    best: sign * best,
  };
}

/** The parameter along which the expectation differs most. */
function mostOf(
  view: StudyView,
  slices: Readonly<Record<string, Slice>>,
  parameters: readonly Parameter[],
): Slices["most"] {
  const { direction } = view.objectives[0]!;
  let most: Slices["most"] = null;
  for (const parameter of parameters) {
    const { mean } = slices[parameter.name]!;
    const low = Math.min(...mean);
    const high = Math.max(...mean);
    if (high - low <= (most === null ? 0 : most.high - most.low)) continue;
    const at = mean.indexOf(direction === "minimize" ? low : high);
    most = {
      name: parameter.name,
      low,
      high,
      to: placesOf(parameter)[at]!,
    };
  }
  return most;
}
