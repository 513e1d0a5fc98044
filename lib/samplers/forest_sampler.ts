import type { Configuration } from "../space/mod.ts";
import {
  logExpectedImprovement,
  type Observations,
  observationsOf,
  RandomForest,
} from "../surrogates/mod.ts";
import { searchForest } from "./_forest_search.ts";
import { feasibilityIn } from "./_forest_feasibility.ts";
import { placesOf } from "./_gp_places.ts";
import type { Sampler, Suggestion, SuggestRequest } from "./sampler.ts";
import { sobolSampler } from "./sobol_sampler.ts";

/** Options of {@linkcode forestSampler}. */
export interface ForestSamplerOptions {
  /**
   * How many trials have to end before the forest chooses; until then points of
   * a scrambled Sobol sequence are tried. A whole number of at least 1. Defaults
   * to `5`.
   */
  readonly initialTrials?: number;
  /** How many trees the forest has. A whole number of at least 1. Defaults to `30`. */
  readonly trees?: number;
  /**
   * How probable it is that a trial is drawn at random all the same, in
   * `[0, 1)`, so that what the forest overlooks is found. Defaults to `0.1`.
   */
  readonly randomShare?: number;
}

/** Values so many spreads above the median count as these. */
const mostSpreads = 5;
/** Numbers larger than these count as these, so that sums of squares have room. */
const largest = 1e300;

/**
 * Bayesian optimization with a random forest, as SMAC does it, but of extremely
 * randomized trees, which see all trials and are smoother: fits a forest to the
 * trials and tries where expected improvement is largest. For large spaces of
 * mixed kinds with many conditions, and for more trials than a Gaussian process
 * can bear.
 *
 * Failed trials count as the worst value, pruned ones with their last value, no
 * better than the median, running ones as the median. Values far above the
 * median are drawn in, and the good told apart more finely than the bad. A
 * configuration is not tried twice, unless no other is found. Where there are
 * constraints, each has a forest of its own.
 *
 * The initial points hang on seed and number alone; then all is drawn from the
 * trial's random stream.
 *
 * Source: Hutter, Hoos and Leyton-Brown (2011); SMAC3, Lindauer et al. (2022);
 * extremely randomized trees, Geurts, Ernst and Wehenkel (2006).
 *
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, forestSampler, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "parabola",
 *   space: space({ x: float(-1, 1) }),
 *   sampler: forestSampler({ initialTrials: 4 }),
 *   storage: "memory",
 * });
 * await study.optimize((trial) => trial.params.x ** 2, { trials: 12, progress: false });
 * Math.abs(study.best!.params.x) < 0.3; // true
 * ```
 */
export function forestSampler(options: ForestSamplerOptions = {}): Sampler {
  const { initialTrials = 5, trees = 30, randomShare = 0.1 } = options;
  checkOptions({ initialTrials, trees, randomShare });
  const initial = sobolSampler();
  return Object.freeze<Sampler>({
    name: "random forest",
    suggest<C>(request: SuggestRequest<C>) {
      const plain = request as unknown as SuggestRequest;
      const known = observationsOf(plain.study);
      const count = known.finished.length;
      const isUsable = known.finished.some(({ value }) => !Number.isNaN(value));
      if (count < initialTrials || !isUsable) {
        const { params } = initial.suggest(request) as Suggestion<C>;
        return {
          params,
          reason:
            `Spread evenly over the space, since the forest waits for ${initialTrials} finished trials with values.`,
        };
      }
      if (plain.random.uniform() < randomShare) {
        return {
          params: plain.study.space.sample(
            plain.random.uniform,
            plain.fixed,
          ) as C,
          reason: "Drawn at random, as some trials are, to check the forest.",
        };
      }
      return suggestByForest(plain, known, trees) as Suggestion<C>;
    },
  });
}

function suggestByForest(
  { study, fixed, random }: SuggestRequest,
  known: Observations,
  trees: number,
): Suggestion<Configuration> {
  const { space } = study;
  const { values, toUser } = scaledValues(known);
  const points = [...known.finished.map(({ unit }) => unit), ...known.pending];
  const forest = new RandomForest(space, { points, values }, {
    random,
    trees,
    thresholds: "random",
    bootstrap: false,
    featureShare: 1,
  });
  const { violationOf, logChance } = feasibilityIn(
    study,
    (points, values) =>
      new RandomForest(space, { points, values }, {
        random,
        trees,
        thresholds: "random",
        bootstrap: false,
        featureShare: 1,
      }),
  );
  const violations = known.finished.map(({ number }) => violationOf(number));
  const order = [...known.finished.keys()].sort((a, b) =>
    violations[a] === violations[b]
      ? values[a]! - values[b]! || a - b
      : violations[a]! < violations[b]!
      ? -1
      : 1
  );
  const isFeasible = violations[order[0]!] === 0;
  const best = values[order[0]!]!;
  const found = searchForest({
    places: placesOf(space, fixed),
    incumbents: order.map((index) => known.finished[index]!.unit),
    score: (unit) =>
      logChance(unit) +
      (isFeasible ? logExpectedImprovement(forest.predict(unit), best) : 0),
    random,
  });
  const tried = new Set(points.map((point) => point.join()));
  const fresh = found.find(({ unit }) => !tried.has(unit.join()));
  const { unit } = fresh ?? found[0]!;
  return {
    params: space.decode(unit, fixed),
    reason: fresh === undefined
      ? "Every configuration looked at was tried before, and this one promises most."
      : !isFeasible
      ? `Most probably feasible, by a forest of ${trees} trees on ${known.finished.length} trials of which none is.`
      : `The largest expected improvement, by a forest of ${trees} trees on ${known.finished.length} trials.`,
    prediction: toUser(forest.predict(unit)),
  };
}

interface ScaledValues {
  /** A value for each finished trial and then each pending one; smaller is better. */
  readonly values: Float64Array;
  /** A prediction in the objective's own units and direction. */
  toUser(
    prediction: { mean: number; sd: number },
  ): { mean: number; sd: number };
}

/**
 * Values as log(2 + v), where v is the distance from the median in spreads, and
 * the spread is that of the better half: from 0, the best, by log 2, the median,
 * on ever more slowly.
 */
function scaledValues({ finished, pending, sign }: Observations): ScaledValues {
  const clipped = finished.map(({ value }) =>
    Math.min(largest, Math.max(-largest, value))
  );
  // NaN is sorted to the end.
  const all = Float64Array.from(clipped).sort();
  const sorted = all.subarray(0, all.findLastIndex((v) => v === v) + 1);
  const median = sorted[(sorted.length - 1) >> 1]!;
  const spread = median - sorted[0]! || sorted.at(-1)! - median || 1;
  const worst = Math.min(
    mostSpreads,
    sorted.at(-1)! / spread - median / spread,
  );
  const values = new Float64Array(finished.length + pending.length)
    .fill(Math.log(2));
  finished.forEach(({ isPruned }, i) => {
    const scaled = clipped[i]! / spread - median / spread;
    const value = Number.isNaN(scaled) ? worst : Math.min(worst, scaled);
    values[i] = Math.log(2 + (isPruned ? Math.max(0, value) : value));
  });
  return {
    values,
    // A normal logarithm makes a lognormal value.
    toUser: ({ mean, sd }) => {
      const factor = Math.exp(mean + sd * sd / 2);
      return {
        mean: sign * (median + spread * (factor - 2)),
        sd: spread * factor * Math.sqrt(Math.expm1(sd * sd)),
      };
    },
  };
}

function checkOptions(options: Required<ForestSamplerOptions>): void {
  const cannot = (name: keyof ForestSamplerOptions, allowed: string) => {
    throw new RangeError(
      `Cannot make the forest sampler: ${name} is ${
        String(options[name])
      }, expected ${allowed}`,
    );
  };
  for (const name of ["initialTrials", "trees"] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1) {
      cannot(name, "a whole number of at least 1");
    }
  }
  if (!(options.randomShare >= 0 && options.randomShare < 1)) {
    cannot("randomShare", "a number in [0, 1)");
  }
}
