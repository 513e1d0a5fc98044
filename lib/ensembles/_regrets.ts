/**
 * How much is left to win, as a Gaussian process sees it.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | f | | the objective's function, with the sign that makes larger better, mean 0, sd 1 |
 * | m, m′ | `after`, `before` | what is expected of f with the last trial, and without it |
 * | x̂, x̂′ | `now`, `then` | of the places tried, where m and m′ are largest |
 * | κ′ | `kappa` | max of m′ + √β s′ less max over places tried of m′ − √β s′ |
 *
 * (1) the gap of expected minimum model regrets is at most
 * m(x̂) − m′(x̂′) + v φ(g) + v g Φ(g) + κ′ √(KL / 2), the first difference taken
 * without its sign, with v² = var(f(x̂) − f(x̂′)) and g = (m(x̂) − m(x̂′)) / v
 *
 * (2) 2 KL = log(1 + s′²/σ²) − s′²/(s′² + σ²) + s′² (y − m′)² / (s′² + σ²)², at the last place
 *
 * Source: Ishibashi et al., A stopping criterion for Bayesian optimization by the
 * gap of expected minimum simple regrets (2023), theorem 1 and equation 4; the
 * regret bound is Makarova et al. (2022).
 *
 * @module
 */

import { normalCdf, normalPdf, randomStream } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import {
  featuresOf,
  fitHyperparameters,
  GaussianProcess,
  type Observation,
  observationsOf,
  type RegretBound,
  regretBound,
} from "../surrogates/mod.ts";

/** Fewer trials say nothing. */
export const fewestForRegret = 5;
/** At most so many trials, and so many other places, are looked at. */
const mostTrials = 64;
const places = 256;
const failure = 0.1;

interface Data {
  readonly known: readonly Observation[];
  readonly inputs: Float64Array;
  readonly values: Float64Array;
  readonly dimension: number;
  readonly numeric: number;
  readonly free: Float64Array;
}

/** The complete trials with finite values, smaller is better, and places all over the space. */
function dataOf(
  view: StudyView<unknown>,
  choose: (known: readonly Observation[]) => readonly Observation[],
): Data | null {
  const complete = new Set(
    view.trials.flatMap(({ number, state }) =>
      state === "complete" ? [number] : []
    ),
  );
  const all = observationsOf(view).finished.filter(({ number, value }) =>
    complete.has(number) && Number.isFinite(value)
  );
  if (all.length < fewestForRegret) return null;
  const known = choose(all);
  const features = featuresOf(view.space);
  const { dimension, numeric } = features;
  const inputs = new Float64Array(known.length * dimension);
  known.forEach(({ unit }, i) => features.encode(unit, inputs, i * dimension));
  const { uniform } = randomStream("regret");
  const free = new Float64Array(places * dimension);
  for (let i = 0; i < places; i++) {
    const sample = view.space.encode(view.space.sample(uniform));
    features.encode(sample, free, i * dimension);
  }
  const values = Float64Array.from(known, ({ value }) => value);
  return { known, inputs, values, dimension, numeric, free };
}

/** Makarova's bound, from the better half of the trials; null of too few. */
export function boundOf(view: StudyView<unknown>): RegretBound | null {
  const data = dataOf(view, (all) => {
    const half = Math.max(20, all.length >> 1);
    return all.toSorted((a, b) => a.value - b.value || a.number - b.number)
      .slice(0, Math.min(half, mostTrials));
  });
  return data === null ? null : regretBound(data, data.free);
}

/** Equation (1), in the objective's units; null of too few trials. */
export function regretGapOf(view: StudyView<unknown>): number | null {
  const data = dataOf(view, (all) => all.slice(-mostTrials));
  if (data === null) return null;
  const { inputs, dimension, numeric, free } = data;
  const n = data.values.length;
  // Bad outliers are moved in: they tell nothing of the best.
  const ordered = data.values.toSorted();
  const most = ordered[n >> 1]! + 3 * (ordered[n >> 1]! - ordered[0]!);
  const clipped = data.values.map((value) => -Math.min(value, most));
  const middle = clipped.reduce((sum, value) => sum + value / n, 0);
  const sd = Math.sqrt(
    clipped.reduce((sum, value) => sum + (value - middle) ** 2 / n, 0),
  );
  if (sd <= 1e-12 * Math.max(...clipped.map(Math.abs))) return 0;
  const values = clipped.map((value) => (value - middle) / sd);
  const fit = fitHyperparameters({ inputs, values, dimension, numeric });
  const part = (count: number) =>
    new GaussianProcess({
      inputs: inputs.slice(0, count * dimension),
      values: values.slice(0, count),
      dimension,
      numeric,
    }, fit);
  const [before, after] = [part(n - 1), part(n)];
  const tried = after.predict(inputs);
  const triedBefore = before.predict(inputs.slice(0, (n - 1) * dimension));
  const place = (i: number) => inputs.slice(i * dimension, (i + 1) * dimension);
  const now = indexOfMost(tried.mean);
  const then = indexOfMost(triedBefore.mean);
  const noise = Math.max(fit.noise, 1e-8);
  const last = before.predict(place(n - 1));
  const variance = last.sd[0]! ** 2;
  const root = Math.sqrt(
    2 / 5 * Math.log(dimension * n ** 2 * Math.PI ** 2 / (6 * failure)),
  );
  const open = before.predict(free);
  const upper = Math.max(
    ...open.mean.map((mean, i) => mean + root * open.sd[i]!),
    ...triedBefore.mean.map((mean, i) => mean + root * triedBefore.sd[i]!),
  );
  const lower = Math.max(
    ...triedBefore.mean.map((mean, i) => mean - root * triedBefore.sd[i]!),
  );
  const kappa = upper - lower;
  const ahead = tried.mean[now]! - tried.mean[then]!;
  const v = Math.sqrt(
    Math.max(
      1e-12,
      tried.sd[now]! ** 2 + tried.sd[then]! ** 2 -
        2 * covariance(after, place(now), place(then), noise),
    ),
  );
  const g = ahead / v;
  const surprise = values[n - 1]! - last.mean[0]!;
  const twice = Math.log1p(variance / noise) -
    variance / (variance + noise) +
    variance * surprise ** 2 / (variance + noise) ** 2;
  return sd * (
    Math.abs(tried.mean[now]! - triedBefore.mean[then]!) +
    v * normalPdf(g) + v * g * normalCdf(g) +
    kappa * Math.sqrt(Math.max(0, twice) / 4)
  );
}

/** The posterior covariance of two places: how far the one moves if the other is seen higher. */
function covariance(
  process: GaussianProcess,
  a: Float64Array,
  b: Float64Array,
  noise: number,
): number {
  const { mean, sd } = process.predict(b);
  const seen = process.condition(b, Float64Array.of(mean[0]! + 1));
  const moved = seen.predict(a).mean[0]! - process.predict(a).mean[0]!;
  return moved * (sd[0]! ** 2 + noise);
}

function indexOfMost(values: Float64Array): number {
  return values.reduce((best, value, i) => value > values[best]! ? i : best, 0);
}
