import { quickStream } from "../math/mod.ts";
import { preferencesOf, type StudyView } from "../records/mod.ts";
import {
  expectedPreferenceGain,
  fitUtility,
  observationsOf,
  type Utility,
} from "../surrogates/mod.ts";
import { everyPlace, firstFree } from "./_gp_choice.ts";
import { initialPoint } from "./_gp_initial.ts";
import { placesOf } from "./_gp_places.ts";
import { searchMixed } from "./_gp_prior.ts";
import type { Sampler, Suggestion, SuggestRequest } from "./sampler.ts";

/** Options of {@linkcode preferenceSampler}. */
export interface PreferenceSamplerOptions {
  /**
   * How many trials are spread evenly before what the person has said decides, a
   * whole number of at least 2. Defaults to 2, and 1 more for each 2 parameters,
   * at most 8.
   */
  readonly initialTrials?: number;
}

/**
 * Preferential Bayesian optimization: for what cannot be said in numbers, as how
 * good a picture looks. A person says of two trials which is better
 * (`study.prefer`), and the next trial is the one whose comparison with the best
 * so far promises the best of two.
 *
 * A Gaussian process learns the utility of configurations from the comparisons
 * alone; the values that the objective returns do not count. The trial to be made
 * is to be better than the best one, and than each that runs or has not been
 * compared yet, so that several may be made before the person is asked. Their
 * answers may contradict each other. `study.nextPair()` says which two to compare,
 * and `study.best` is the trial of the highest expected utility.
 *
 * The initial points hang on seed and number alone; then candidates are drawn from
 * the trial's random stream.
 *
 * Source: Chu and Ghahramani (2005) for the process; EUBO, the expected utility of
 * the best option, from Lin et al. (2022) and Astudillo et al. (2023).
 *
 * @throws {RangeError} If `initialTrials` is not a whole number of at least 2.
 *
 * @example
 * ```ts
 * import { createStudy, float, preferenceSampler, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "taste",
 *   space: space({ sugar: float(0, 1) }),
 *   sampler: preferenceSampler(),
 *   storage: "memory",
 * });
 * // A person who likes 0.3 most.
 * const likes = (number: number) => -Math.abs(study.trial(number).params.sugar - 0.3);
 * for (let i = 0; i < 10; i++) {
 *   await study.optimize(() => 0, { trials: 1, progress: false });
 *   const pair = study.nextPair();
 *   if (pair === null) continue;
 *   const [a, b] = [pair.first.number, pair.second.number];
 *   await (likes(a) > likes(b) ? study.prefer(a, b) : study.prefer(b, a));
 * }
 * Math.abs(study.best!.params.sugar - 0.3) < 0.2; // true
 * ```
 */
export function preferenceSampler(
  options: PreferenceSamplerOptions = {},
): Sampler {
  const { initialTrials } = options;
  if (
    initialTrials !== undefined &&
    !(Number.isInteger(initialTrials) && initialTrials >= 2)
  ) {
    throw new RangeError(
      `Cannot make the preference sampler: initialTrials is ${
        String(initialTrials)
      }, expected a whole number of at least 2`,
    );
  }
  return Object.freeze<Sampler>({
    name: "preference",
    async suggest<C>(request: SuggestRequest<C>) {
      const plain = request as unknown as SuggestRequest;
      const { study } = plain;
      const { finished, pending } = observationsOf(study);
      const taken = [...finished.map(({ unit }) => unit), ...pending];
      const first = initialTrials ??
        Math.min(8, 2 + Math.ceil(study.space.dimension / 2));
      const utility = finished.length < first
        ? null
        : fitUtility(study, { of: "parameters" });
      const suggestion = utility === null || utility.process.size === 0
        ? await initialPoint(plain, taken)
        : byUtility(plain, utility, { taken, pending });
      return suggestion as Suggestion<C>;
    },
  });
}

function byUtility(
  request: SuggestRequest,
  utility: Utility,
  { taken, pending }: {
    readonly taken: readonly Float64Array[];
    readonly pending: readonly Float64Array[];
  },
): Suggestion {
  const { study, random, fixed } = request;
  const { process, trials } = utility;
  const features = utility.features!;
  const places = placesOf(study.space, fixed);
  const { mean } = process.predict(utility.pointsOf(trials));
  const order = [...trials.keys()].sort((a, b) => mean[b]! - mean[a]! || a - b);
  const ranked = order.map((i) => trials[i]!);
  // The rivals: the best, what nobody has compared yet, and what runs.
  const known = comparedNumbers(study);
  const open = ranked.slice(1).filter(({ number }) => !known.has(number));
  const own = utility.pointsOf([ranked[0]!, ...open]);
  const rivals = new Float64Array(
    own.length + pending.length * features.dimension,
  );
  rivals.set(own);
  pending.forEach((unit, i) =>
    features.encode(unit, rivals, own.length + i * features.dimension)
  );
  const count = rivals.length / features.dimension;
  const scored = searchMixed({
    places,
    features,
    acquisition: {
      score(points) {
        const { mean, sd } = process.differences(points, rivals);
        return Float64Array.from(
          { length: mean.length / count },
          (_, i) => {
            let least = Infinity;
            for (let j = i * count; j < (i + 1) * count; j++) {
              const gain = expectedPreferenceGain(mean[j]!, sd[j]!);
              if (gain < least) least = gain;
            }
            return least;
          },
        );
      },
    },
    incumbents: ranked.slice(0, 6).map(({ params }) =>
      study.space.encode(params)
    ),
    random: quickStream(random),
    ...everyPlace(study, places, fixed),
  });
  const { unit } = firstFree(scored, taken, places, request) ?? scored[0]!;
  return {
    params: study.space.decode(unit, fixed),
    reason: `To be compared with trial ${
      ranked[0]!.number
    }, the best so far by ${
      saidOf(study)
    }: the better of the two is expected to be best.`,
  };
}

/** The numbers of the trials that have been compared. */
function comparedNumbers(study: StudyView): ReadonlySet<number> {
  return new Set(
    preferencesOf(study).flatMap(({ better, worse }) => [better, worse]),
  );
}

function saidOf(study: StudyView): string {
  const { length } = preferencesOf(study);
  return length === 1 ? "1 comparison" : `${length} comparisons`;
}
