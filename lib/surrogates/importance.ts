import { randomStream } from "../math/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";
import {
  cardinality,
  choicesOf,
  type Configuration,
  type Parameter,
} from "../space/mod.ts";
import { fanova } from "./fanova.ts";
import { featuresOf } from "./features.ts";
import { pedAnova, type PedAnovaAxis, pedAnovaSteps } from "./ped_anova.ts";

/** How the importance of parameters is measured. */
export type ImportanceEvaluator = "ped-anova" | "fanova";

/** Options of {@linkcode parameterImportance}. */
export interface ImportanceOptions {
  /**
   * `"ped-anova"`: what decides whether a trial is among the best tenth, quick.
   * `"fanova"`: which share of the variance over the whole space each parameter
   * explains alone. Defaults to `"ped-anova"`.
   */
  readonly evaluator?: ImportanceEvaluator;
  /**
   * Of fANOVA, whether logarithmic parameters count linearly, as in Optuna: then
   * nearly all of their range is that of the largest values. Defaults to `false`.
   */
  readonly linear?: boolean;
}

/** How much each parameter matters. */
export interface ParameterImportance {
  /** How it was measured. */
  readonly evaluator: ImportanceEvaluator;
  /** How many trials it rests on: the complete ones with a finite value. */
  readonly trials: number;
  /** The shares by name, from the largest; they sum to 1, or are all 0 where nothing can be said. */
  readonly shares: Readonly<Record<string, number>>;
}

/**
 * How much each parameter matters for the study's (first) objective. Draws no
 * random numbers of yours: the trees of fANOVA have a seed of their own.
 *
 * @param view The study.
 * @param options How it is measured.
 * @throws {TypeError} If the evaluator is none of the two.
 *
 * @example
 * ```ts
 * import { createStudy, float, parameterImportance, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "valley",
 *   space: space({ x: float(-1, 1), y: float(-1, 1) }),
 *   storage: "memory",
 * });
 * await study.optimize(({ params }) => params.x ** 2, { trials: 30, progress: false });
 * Object.keys(parameterImportance(study.view()).shares)[0]; // "x"
 * ```
 */
export function parameterImportance(
  view: StudyView,
  options: ImportanceOptions = {},
): ParameterImportance {
  const { evaluator = "ped-anova", linear = false } = options;
  if (evaluator !== "ped-anova" && evaluator !== "fanova") {
    throw new TypeError(
      `Cannot compute importances: the evaluator is ${
        JSON.stringify(evaluator) ?? String(evaluator)
      }, expected "ped-anova" or "fanova"`,
    );
  }
  const trials = view.trials.filter(({ state, value }) =>
    state === "complete" && Number.isFinite(value)
  );
  const sign = view.objectives[0]!.direction === "minimize" ? 1 : -1;
  const losses = Float64Array.from(trials, ({ value }) => sign * value!);
  const raw = evaluator === "fanova"
    ? byVariance(view, trials, { losses, linear })
    : pedAnova(
      view.space.parameters.map((parameter) => axisOf(parameter, trials)),
      losses,
    );
  const sum = raw.reduce((a, b) => a + b, 0);
  const shares = view.space.names
    .map((name, d): [string, number] => [name, sum > 0 ? raw[d]! / sum : 0])
    .sort(([, a], [, b]) => b - a);
  return Object.freeze({
    evaluator,
    trials: trials.length,
    shares: Object.freeze(Object.fromEntries(shares)),
  });
}

/** A parameter on the grid that Optuna 5 lays over it. */
function axisOf(
  parameter: Parameter,
  trials: readonly TrialRecord[],
): PedAnovaAxis {
  const choices = choicesOf(parameter);
  const valueIn = (params: Configuration) =>
    Object.hasOwn(params, parameter.name) ? params[parameter.name] : undefined;
  if (choices !== null) {
    return {
      isCategory: true,
      low: 0,
      high: choices.length - 1,
      size: choices.length,
      values: trials.map(({ params }) => {
        const value = valueIn(params);
        const index = value === undefined ? -1 : choices.indexOf(value);
        return index < 0 ? NaN : index;
      }),
    };
  }
  const { kind, low, high, log } = parameter as Parameter & {
    kind: "float" | "int";
  };
  const scale = (value: number) => log ? Math.log(value) : value / 2;
  const known = kind === "int" && log
    ? Math.ceil(Math.log2(high - low + 1)) + 1
    : cardinality(parameter);
  return {
    isCategory: false,
    low: scale(low),
    high: scale(high),
    size: low === high ? 1 : Math.min(known, pedAnovaSteps),
    values: trials.map(({ params }) => {
      const value = valueIn(params);
      return typeof value === "number" && (!log || value > 0)
        ? scale(value)
        : NaN;
    }),
  };
}

function byVariance(
  view: StudyView,
  trials: readonly TrialRecord[],
  { losses, linear }: { losses: Float64Array; linear: boolean },
): Float64Array {
  const { axes, categories, encode } = featuresOf(view.space);
  const points = trials.map(({ params }) => {
    const unit = view.space.locate(params);
    if (linear) view.space.parameters.forEach(linearize(unit, params));
    return encode(unit);
  });
  // Inactive categories are one more.
  const columns = axes.map((_, column) =>
    Float64Array.from(points, (point) => {
      const value = point[column]!;
      if (categories[column] === 0) return Math.min(1, Math.max(0, value));
      return value < 0 ? categories[column]! : value;
    })
  );
  const counts = columns.map((column, k) => {
    const count = categories[k]!;
    return count === 0 ? 0 : column.includes(count) ? count + 1 : count;
  });
  const shares = fanova({ columns, categories: counts, values: losses }, {
    random: randomStream("parameter importance"),
  });
  return Float64Array.from(axes, (_, axis) => shares[axes.indexOf(axis)]!);
}

/** Moves a logarithmic parameter's place to that on a linear scale. */
function linearize(unit: Float64Array, params: Configuration) {
  return (parameter: Parameter, axis: number) => {
    const { kind, name } = parameter;
    if (kind !== "float" && kind !== "int" || !parameter.log) return;
    if (Number.isNaN(unit[axis]!)) return;
    const width = parameter.high - parameter.low;
    if (width > 0) unit[axis] = (Number(params[name]) - parameter.low) / width;
  };
}
