import { z90 } from "../math/mod.ts";
import { formatNumber, formatValue } from "../charts/mod.ts";
import {
  bestTrial,
  type Objective,
  type Prediction,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import {
  expectedImprovement,
  fitSurrogate,
  probabilityOfImprovement,
  type Surrogate,
} from "../surrogates/mod.ts";
import {
  bundle,
  card,
  faint,
  line,
  objectiveText,
  plain,
  predictionText,
  strong,
  table,
} from "./_card_parts.ts";

/** An earlier trial that is like a configuration. */
export interface NearTrial<C = Configuration> {
  /** The trial. */
  readonly trial: TrialRecord<C>;
  /** How far away it is, in lengthscales of the surrogate: below 1 it tells much, above 3 next to nothing. */
  readonly distance: number;
}

/**
 * What is expected of a configuration before it runs: what `study.predict`
 * gives back.
 *
 * @example
 * ```ts
 * import { createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize((trial) => trial.params.x, { trials: 6, progress: false });
 * const { mean, sd } = study.predict({ x: 0.5 });
 * Math.abs(mean - 0.5) < 0.2 && sd > 0; // true
 * ```
 */
export class Forecast<C = Configuration> implements Prediction {
  /** What the study optimizes. */
  readonly objective: Objective;
  /** The configuration. */
  readonly params: C;
  /** The expected value, in the objective's units. */
  readonly mean: number;
  /** The standard deviation of the value that a trial would bring. */
  readonly sd: number;
  /** The value of the best trial; null while there is none. */
  readonly best: number | null;
  /** The chance to beat the best trial, in `[0, 1]`; 1 while there is none. */
  readonly probabilityOfImprovement: number;
  /** By how much it will beat the best trial on average, counting 0 where it does not; NaN while there is none. */
  readonly expectedImprovement: number;
  /** The earlier trials most like it, the nearest first, at most five. */
  readonly nearest: readonly NearTrial<C>[];

  /** Made by `study.predict`; not meant to be called. */
  constructor(parts: {
    readonly objective: Objective;
    readonly params: C;
    readonly prediction: Prediction;
    readonly best: number | null;
    readonly probabilityOfImprovement: number;
    readonly expectedImprovement: number;
    readonly nearest: readonly NearTrial<C>[];
  }) {
    this.objective = parts.objective;
    this.params = Object.freeze({ ...parts.params });
    this.best = parts.best;
    this.mean = parts.prediction.mean;
    this.sd = parts.prediction.sd;
    this.probabilityOfImprovement = parts.probabilityOfImprovement;
    this.expectedImprovement = parts.expectedImprovement;
    this.nearest = Object.freeze([...parts.nearest]);
    Object.freeze(this);
  }

  /** The interval in which the value will lie 9 times in 10, `[low, high]`. */
  get interval90(): readonly [number, number] {
    return [this.mean - z90 * this.sd, this.mean + z90 * this.sd];
  }

  /** The forecast as a line of text. */
  toString(): string {
    const [near] = this.nearest;
    const parts = [
      `expected ${predictionText(this)}`,
      `${Math.round(100 * this.probabilityOfImprovement)} % to beat the best`,
      ...(near === undefined
        ? []
        : [`nearest trial ${near.trial.number}${
          near.trial.value === null
            ? ` (${near.trial.state})`
            : `: ${formatNumber(near.trial.value)}`
        }`]),
    ];
    return parts.join(" · ");
  }

  /** What a Jupyter notebook shows: a card. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return bundle(this.toString(), () => this.#card());
  }

  #card(): string {
    const [low, high] = this.interval90.map((value) => formatNumber(value));
    const chance = `${Math.round(100 * this.probabilityOfImprovement)} %`;
    return card("Forecast", {
      aside: objectiveText(this.objective),
      parts: [
        line(
          `expected ${strong(predictionText(this))}${
            faint(`, 9 times in 10 between ${low} and ${high}`)
          }`,
        ),
        line(
          this.best === null
            ? faint("no complete trial to compare with yet")
            : `${strong(chance)} to beat the best, ${
              plain(formatNumber(this.best))
            }${
              faint(
                `; the average gain is ${
                  formatNumber(this.expectedImprovement, 2)
                }`,
              )
            }`,
        ),
        ...(this.nearest.length === 0 ? [] : [
          table(
            ["nearest trials", "value", "distance", "where they differ"],
            this.nearest.map(({ trial, distance }) => [
              String(trial.number),
              trial.value === null
                ? faint(trial.state)
                : strong(formatNumber(trial.value)),
              plain(formatNumber(distance, 2)),
              plain(differences(trial.params as object, this.params as object)),
            ]),
          ),
          line(
            faint(
              "A distance below 1 tells much, one above 3 next to nothing.",
            ),
          ),
        ]),
      ],
    });
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** What a trial has where a configuration has something else, e.g. `"units 64"`; at most four. */
function differences(trial: object, params: object): string {
  const mine = params as Readonly<Record<string, unknown>>;
  const found = Object.entries(trial).filter(([name, value]) =>
    !Object.hasOwn(mine, name) || mine[name] !== value
  ).map(([name, value]) => `${name} ${formatValue(value)}`);
  if (found.length === 0) return "the same configuration";
  const shown = found.slice(0, 4).join(", ");
  return found.length > 4 ? `${shown} and ${found.length - 4} more` : shown;
}

/** The forecast of a configuration that is valid for the space. */
export function forecastOf<C>(
  view: StudyView<C>,
  surrogate: Surrogate<C>,
  params: C,
): Forecast<C> {
  const prediction = surrogate.predict(params);
  const best = bestTrial(view)?.value ?? null;
  const sign = view.objectives[0]!.direction === "minimize" ? 1 : -1;
  const minimized = { mean: sign * prediction.mean, sd: prediction.sd };
  return new Forecast({
    objective: view.objectives[0]!,
    params,
    prediction,
    best,
    probabilityOfImprovement: best === null
      ? 1
      : probabilityOfImprovement(minimized, sign * best),
    expectedImprovement: best === null
      ? NaN
      : expectedImprovement(minimized, sign * best),
    nearest: nearestTrials(view, surrogate, params),
  });
}

/** The surrogate of a study, or null while there is too little to learn from: less than two finite values. */
export function surrogateOf<C>(view: StudyView<C>): Surrogate<C> | null {
  const finite = view.trials.filter(({ state, value }) =>
    state === "complete" && Number.isFinite(value)
  );
  return finite.length < 2 ? null : fitSurrogate(view);
}

function nearestTrials<C>(
  view: StudyView<C>,
  { lengthscales }: Surrogate<C>,
  params: C,
): NearTrial<C>[] {
  const { space } = view;
  const here = space.encode(params);
  const distances = view.trials.flatMap((trial) => {
    if (trial.state === "waiting" || trial.state === "running") return [];
    let there: Float64Array;
    try {
      there = space.encode(space.validate(trial.params, { rules: false }));
    } catch {
      // A trial of an earlier form of the space.
      return [];
    }
    let square = 0;
    space.parameters.forEach(({ name, kind }, axis) => {
      const [a, b] = [here[axis]!, there[axis]!];
      const inactive = Number.isNaN(a) || Number.isNaN(b);
      const step = inactive
        ? Number(Number.isNaN(a) !== Number.isNaN(b))
        : kind === "choice" || kind === "boolean"
        ? Number(a !== b)
        : a - b;
      square += (step / lengthscales[name]!) ** 2;
    });
    return [{ trial, distance: Math.sqrt(square) }];
  });
  return distances.sort((a, b) => a.distance - b.distance).slice(0, 5);
}
