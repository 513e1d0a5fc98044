import { z90 } from "../math/mod.ts";
import { formatNumber } from "../charts/mod.ts";
import {
  isBetter,
  isFeasible,
  type StudyView,
  type TrialOrigin,
} from "../records/mod.ts";

import {
  bundle,
  card,
  faint,
  line,
  plain,
  predictionText,
  strong,
  table,
} from "./_card_parts.ts";

/** How one forecast did. */
export interface ForecastScore {
  /** The trial's number. */
  readonly number: number;
  /** Who chose its configuration. */
  readonly origin: TrialOrigin;
  /** The expected value. */
  readonly mean: number;
  /** The standard deviation of what was expected. */
  readonly sd: number;
  /** What came. */
  readonly value: number;
  /** How many standard deviations the value lies above the expectation. */
  readonly z: number;
}

/** How those chosen by one side did. */
export interface OriginScore {
  /** Who chose. */
  readonly origin: TrialOrigin;
  /** How many complete trials. */
  readonly trials: number;
  /** How many of them were better than everything before. */
  readonly improvements: number;
  /** The best value among them. */
  readonly best: number;
  /** The mean share of the study's other complete trials that they beat, in `[0, 1]`; NaN if there are no others. */
  readonly beaten: number;
}

/**
 * How forecasts compare with outcomes, and a person with the sampler: what
 * `study.scoreboard` gives back.
 *
 * @example
 * ```ts
 * import { createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize((trial) => trial.params.x, { trials: 6, progress: false });
 * study.scoreboard().toString(); // how many forecasts held, and who chose better
 * ```
 */
export class Scoreboard {
  /** The complete trials that had a forecast, by number. */
  readonly forecasts: readonly ForecastScore[];
  /** Each side that has chosen configurations. */
  readonly origins: readonly OriginScore[];

  /** Made by {@linkcode scoreboardOf}. */
  constructor(
    forecasts: readonly ForecastScore[],
    origins: readonly OriginScore[],
  ) {
    this.forecasts = Object.freeze([...forecasts]);
    this.origins = Object.freeze([...origins]);
    Object.freeze(this);
  }

  /** How many values fell into the 90 % interval of their forecast. */
  get within90(): number {
    return this.forecasts.filter(({ z }) => Math.abs(z) <= z90).length;
  }

  /** The root of the mean squared error of the forecasts; NaN if there are none. */
  get rmse(): number {
    const squares = this.forecasts.map(({ mean, value }) =>
      (mean - value) ** 2
    );
    return Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
  }

  /** The scoreboard in a few lines of text. */
  toString(): string {
    const { length } = this.forecasts;
    const first = length === 0
      ? "no forecasts yet"
      : `forecasts: ${this.within90} of ${length} within their 90 % interval, typical error ${
        formatNumber(this.rmse, 2)
      }`;
    const sides = this.origins.map((
      { origin, trials, improvements, best, beaten },
    ) =>
      `${names[origin]}: ${trials} ${trials === 1 ? "trial" : "trials"}, best ${
        formatNumber(best)
      }, improved the best ${improvements} ${
        improvements === 1 ? "time" : "times"
      }${
        Number.isNaN(beaten)
          ? ""
          : `, beat ${Math.round(100 * beaten)} % of the others on average`
      }`
    );
    return [first, ...sides].join("\n");
  }

  /** What a Jupyter notebook shows: a card with the sides and the last forecasts. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return bundle(this.toString(), () => this.#card());
  }

  #card(): string {
    const { length } = this.forecasts;
    return card("Scoreboard", {
      parts: [
        line(
          length === 0
            ? faint("no forecasts yet")
            : `${
              strong(`${this.within90} of ${length}`)
            } forecasts within their 90 % interval${
              faint(`, typical error ${formatNumber(this.rmse, 2)}`)
            }`,
        ),
        ...(this.origins.length === 0 ? [] : [
          table(
            ["who chose", "trials", "best", "improved the best", "beat others"],
            this.origins.map((side) => [
              plain(names[side.origin]),
              String(side.trials),
              strong(formatNumber(side.best)),
              `${side.improvements} ${
                side.improvements === 1 ? "time" : "times"
              }`,
              Number.isNaN(side.beaten)
                ? ""
                : `${Math.round(100 * side.beaten)} %`,
            ]),
          ),
        ]),
        ...(length === 0 ? [] : [
          table(
            ["last forecasts", "who chose", "expected", "came", "off by"],
            this.forecasts.slice(-shownForecasts).toReversed().map((one) => [
              `trial ${one.number}`,
              plain(names[one.origin]),
              plain(predictionText(one)),
              strong(formatNumber(one.value)),
              plain(`${formatNumber(one.z, 2)} sd`),
            ]),
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

/** How many forecasts a card shows. */
const shownForecasts = 8;

const names: Readonly<Record<TrialOrigin, string>> = {
  manual: "by hand",
  sampler: "sampler",
  enqueued: "queue",
  "other program": "other programs",
};

/** Keeps the score of a study's complete trials. */
export function scoreboardOf(view: StudyView<unknown>): Scoreboard {
  const { direction } = view.objectives[0]!;
  const complete = view.trials.filter((trial) =>
    trial.state === "complete" && trial.value !== null
  );
  const values = complete.map((trial) => trial.value!);
  const forecasts = complete.flatMap(({ number, origin, forecast, value }) =>
    forecast === null ? [] : [{
      number,
      origin,
      ...forecast,
      value: value!,
      z: forecast.sd > 0
        ? (value! - forecast.mean) / forecast.sd
        : value === forecast.mean
        ? 0
        : Math.sign(value! - forecast.mean) * Infinity,
    }]
  );
  const tallies = new Map<
    TrialOrigin,
    { trials: number; improvements: number; best: number; beaten: number }
  >();
  let best: number | null = null;
  for (const trial of complete) {
    const { origin, value } = trial;
    const tally = tallies.get(origin) ??
      { trials: 0, improvements: 0, best: value!, beaten: 0 };
    tallies.set(origin, tally);
    tally.trials++;
    if (
      isFeasible(trial) &&
      (best === null || isBetter(value!, best, direction))
    ) {
      tally.improvements++;
      best = value!;
    }
    if (isBetter(value!, tally.best, direction)) tally.best = value!;
    tally.beaten += values.filter((other) =>
      isBetter(value!, other, direction)
    ).length / (values.length - 1);
  }
  const origins = [...tallies].map(([origin, { beaten, ...rest }]) => ({
    origin,
    ...rest,
    beaten: beaten / rest.trials,
  }));
  return new Scoreboard(forecasts, origins);
}
