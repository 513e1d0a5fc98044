import { quickStream, randomStream } from "../math/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { Study } from "../study/mod.ts";
import { shown } from "./_data.ts";
import { candidatesOf } from "./_noise.ts";
import { trueValues } from "./_true_values.ts";
import {
  Verdict,
  type VerdictAdvice,
  type VerdictCandidate,
} from "./verdict_card.ts";

/** Options of {@linkcode verdict}. */
export interface VerdictOptions {
  /** Which objective, by name: needed where the study has several. Defaults to its only one. */
  readonly objective?: string;
  /**
   * The standard deviation of one value of the objective if the same
   * configuration is tried again, at least 0. Defaults to what the folds of
   * {@linkcode crossValidate} show, else configurations tried several times, else
   * the noise that a Gaussian process sees (a guess).
   */
  readonly noise?: number;
  /**
   * Whether the value on new data is asked for, rather than on other folds of
   * the same data: errors from folds are corrected for the training samples that
   * folds share, which widens the intervals. Defaults to `false`.
   */
  readonly newData?: boolean;
  /** How many further trials the advice is about, at least 1. Defaults to `10`. */
  readonly further?: number;
  /**
   * The improvement that so many further trials would have to bring to be worth
   * their cost, in the objective's units, above 0. Defaults to a fifth of the
   * winner's standard error.
   */
  readonly leastGain?: number;
}

const about = "Cannot judge the winner";
const known = ["objective", "noise", "newData", "further", "leastGain"];

/**
 * The truth about the winner. The best of many noisy trials looks better than it
 * is: of those that are about as good, the luckiest was chosen. From the values
 * and their standard errors this works out how the true values of the study's
 * trials are spread, and from that what the winner is probably worth, and
 * how probable it is that each candidate is the best.
 *
 * It looks at complete trials with a finite value that keep to the constraints; of
 * a study whose trials were cross-validated at those that have all folds. The random numbers
 * hang on the study's name and size alone: equal studies have equal verdicts.
 *
 * Over simulated studies the winner's value is off by 1 to 8 % of what the naive
 * one is off, on average, and by up to a fourth in single families of them;
 * bench/README.md has the table.
 *
 * Of several objectives it judges the one named, as if that alone had been
 * searched for: a trade-off has no winner, and its front shrinks in each objective.
 *
 * @param study The study, or a view of one.
 * @param options How noisy values are, and what further trials cost.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If there are fewer than two complete trials, no such
 * objective, several of which none is named, nothing says how noisy values are, or an option is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, maximize, space } from "@etude/etude";
 * import { verdict } from "@etude/etude/ensembles";
 * const study = await createStudy({ name: "luck", space: space({ x: float(0, 1) }), objective: maximize("accuracy"), storage: "memory" });
 * await study.optimize((trial) => 0.8 + 0.02 * trial.random().normal(), { trials: 30, progress: false });
 * const { naive, estimate } = verdict(study, { noise: 0.02 });
 * naive > estimate; // true: the best is no better than the others
 * ```
 */
export function verdict<C = Configuration>(
  study: Study<C> | StudyView<C>,
  options: VerdictOptions = {},
): Verdict<C> {
  const whole = ("view" in study ? study.view() : study) as StudyView<unknown>;
  const { at, noise, newData, further, leastGain } = check(whole, options);
  const view = whole.objectives.length === 1 ? whole : only(whole, at);
  const { candidates, common, source, folds } = candidatesOf(
    about,
    view,
    noise,
    newData,
  );
  const objective = view.objectives[0]!;
  const sign = objective.direction === "minimize" ? -1 : 1;
  const values = candidates.map(({ value }) => sign * value);
  const errors = candidates.map(({ error }) => error);
  const naiveAt = indexOfBest(values);
  const spread = Math.max(...values) - Math.min(...values);
  const size = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const isFlat = spread <= 1e-12 * size;
  const isExact = errors.every((error) => error <= 1e-9 * spread);
  const truth = isFlat || isExact ? exactly(values) : trueValues(
    values,
    errors.map((error) => Math.max(error, 1e-6 * spread)),
    quickStream(randomStream(view.name, "verdict", values.length)),
  );
  const bestAt = indexOfBest(truth.means);
  const intervalOf = (i: number, apart = 0): readonly [number, number] => {
    const ends = [0.05, 0.95].map((p) => sign * truth.quantile(i, p, apart))
      .sort((a, b) => a - b);
    return Object.freeze([ends[0]!, ends[1]!] as const);
  };
  const trials = new Map(whole.trials.map((trial) => [trial.number, trial]));
  const list = candidates.map(({ trial, value, error }, i) =>
    Object.freeze<VerdictCandidate<C>>({
      trial: trials.get(trial.number) as TrialRecord<C>,
      value,
      error,
      estimate: sign * truth.means[i]!,
      interval: intervalOf(i),
      probability: truth.best[i]!,
    })
  );
  const gain = truth.gainOver(bestAt, further);
  const loss = truth.lossOf(bestAt);
  const least = leastGain ?? errors[bestAt]! / 5;
  const advice: VerdictAdvice = isFlat || Math.max(gain, loss) < least
    ? "stop"
    : loss >= gain
    ? "re-evaluate"
    : "search on";
  const sorted = values.toSorted((a, b) => a - b);
  const lead = values[naiveAt]! - sorted[sorted.length >> 1]!;
  const optimism = values[naiveAt]! - truth.means[naiveAt]!;
  return new Verdict<C>({
    study: view.name,
    objective,
    tried: view.trials.length,
    candidates: Object.freeze(
      list.map((one, i) => ({ one, mean: truth.means[i]! }))
        .sort((a, b) =>
          b.mean - a.mean || a.one.trial.number - b.one.trial.number
        )
        .map(({ one }) => one),
    ),
    luckiest: list[naiveAt]!,
    interval: intervalOf(bestAt, common),
    optimism: Math.max(0, optimism),
    luckShare: lead > 0 ? Math.min(1, Math.max(0, optimism / lead)) : 0,
    noise: errors[bestAt]!,
    noiseSource: source,
    folds,
    newData,
    isFlat,
    gain,
    further,
    loss,
    leastGain: least,
    advice,
  });
}

/** The study as if it had that objective alone. */
function only(view: StudyView<unknown>, at: number): StudyView<unknown> {
  return {
    ...view,
    objectives: [view.objectives[at]!],
    trials: view.trials.map((trial) => {
      const value = trial.values?.[at] ?? null;
      return { ...trial, value, values: value === null ? null : [value] };
    }),
  };
}

function indexOfBest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i]! > values[best]!) best = i;
  }
  return best;
}

/** Values without noise are what they are. */
function exactly(values: readonly number[]): ReturnType<typeof trueValues> {
  const most = Math.max(...values);
  const first = values.filter((value) => value === most).length;
  return {
    means: Float64Array.from(values),
    best: Float64Array.from(values, (v) => v === most ? 1 / first : 0),
    quantile: (index) => values[index]!,
    lossOf: (index) => most - values[index]!,
    gainOver: (_, trials) =>
      tailOf(values) * Math.log1p(trials / values.length),
  };
}

/** How far the best values lie apart, taken for an exponential tail: the mean over the five best of what they exceed the next by. */
function tailOf(values: readonly number[]): number {
  const best = values.toSorted((a, b) => b - a);
  const k = Math.min(5, best.length - 1);
  return best.slice(0, k).reduce((sum, v) => sum + (v - best[k]!) / k, 0);
}

function check(view: StudyView<unknown>, options: VerdictOptions): {
  readonly at: number;
  readonly noise: number | undefined;
  readonly newData: boolean;
  readonly further: number;
  readonly leastGain: number | undefined;
} {
  const odd = Object.keys(options ?? {}).find((key) => !known.includes(key));
  if (typeof options !== "object" || options === null || odd !== undefined) {
    throw new TypeError(
      `${about}: found the option ${shown(odd ?? options)}; there are ${
        known.join(", ")
      }`,
    );
  }
  const names = view.objectives.map(({ name }) => name);
  const { objective } = options;
  const at = objective === undefined ? 0 : names.indexOf(objective);
  if (at < 0 || (objective === undefined && names.length > 1)) {
    throw new RangeError(
      objective === undefined
        ? `${about}: the study has ${names.length} objectives, and a trade-off has no winner; name one: { objective: ${
          shown(names[0])
        } }`
        : `${about}: there is no objective ${shown(objective)}, expected ${
          names.map(shown).join(" or ")
        }`,
    );
  }
  const { noise, newData = false, further = 10, leastGain } = options;
  if (!(Number.isInteger(further) && further >= 1)) {
    throw new RangeError(
      `${about}: further is ${
        shown(further)
      }, expected a whole number of at least 1`,
    );
  }
  if (leastGain !== undefined && !(leastGain > 0)) {
    throw new RangeError(
      `${about}: leastGain is ${shown(leastGain)}, expected a number above 0`,
    );
  }
  return { at, noise, newData, further, leastGain };
}
