import { z90 } from "../math/mod.ts";
import { formatNumber } from "../charts/mod.ts";
import {
  bestTrial,
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
 */
export class Forecast<C = Configuration> implements Prediction {
  /** The expected value, in the objective's units. */
  readonly mean: number;
  /** The standard deviation of the value that a trial would bring. */
  readonly sd: number;
  /** The chance to beat the best trial, in `[0, 1]`; 1 while there is none. */
  readonly probabilityOfImprovement: number;
  /** By how much it will beat the best trial on average, counting 0 where it does not; NaN while there is none. */
  readonly expectedImprovement: number;
  /** The earlier trials most like it, the nearest first, at most five. */
  readonly nearest: readonly NearTrial<C>[];

  /** Made by `study.predict`; not meant to be called. */
  constructor(parts: {
    readonly prediction: Prediction;
    readonly probabilityOfImprovement: number;
    readonly expectedImprovement: number;
    readonly nearest: readonly NearTrial<C>[];
  }) {
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
      `expected ${formatNumber(this.mean)} ± ${formatNumber(this.sd, 2)}`,
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

  /** What a Jupyter notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": this.toString() };
  }

  /** What the console shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
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
    prediction,
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
      there = space.encode(space.validate(trial.params));
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
