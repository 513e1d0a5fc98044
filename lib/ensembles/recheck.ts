/**
 * The first few measured again.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | m, s | `mean`, `sd` | `[k]` | what the verdict expects of each |
 * | f, r | `fresh` | `[k][r]` | fresh values of each, larger is better, r rounds |
 * | σ² | `variance` | | the variance of a fresh value against the others of its round, pooled |
 *
 * (1) posterior precision 1/s² + r/σ², mean weighed accordingly
 *
 * The interval is that of Student's t with as many degrees of freedom as σ² has.
 * A candidate drops out once the probability that it is the best falls below 0.02.
 *
 * Source: Bayes for normal values of known variance; racing as in Maron and Moore (1994).
 *
 * @module
 */

import {
  normalQuantile,
  quickStream,
  type RandomStream,
  randomStream,
  z90,
} from "../math/mod.ts";
import type { TrialRecord } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { Study } from "../study/mod.ts";
import { shown } from "./_data.ts";
import { meanOf } from "./_means.ts";
import { studentQuantile } from "./_student.ts";
import { verdict, type VerdictOptions } from "./verdict.ts";

/** One round of {@linkcode recheck}: the same for all candidates, so that they can be compared. */
export interface RecheckRound {
  /** Its number, from 0. */
  readonly round: number;
  /** A whole number in `[0, 2^31)`, another each round: to divide folds by, or to begin a training from. */
  readonly seed: number;
  /** Random numbers, the same for all candidates of the round. */
  readonly random: RandomStream;
}

/** Options of {@linkcode recheck}. */
export interface RecheckOptions extends VerdictOptions {
  /** How many candidates, at least 2. Defaults to `5`. */
  readonly top?: number;
  /** How many rounds at most, at least 2. Defaults to `10`. */
  readonly rounds?: number;
  /** It ends once one is the best with this probability, in `(0.5, 1)`. Defaults to `0.95`. */
  readonly confidence?: number;
}

/** A candidate after {@linkcode recheck}. In the objective's units. */
export interface RecheckedCandidate<C = Configuration> {
  /** The trial. */
  readonly trial: TrialRecord<C>;
  /** Its fresh values, one a round, fewer if it dropped out. */
  readonly fresh: readonly number[];
  /** What it is worth, from the study and the fresh values together. */
  readonly estimate: number;
  /** The 90 % interval of that. */
  readonly interval: readonly [number, number];
  /** The probability that it is the best of those measured again. */
  readonly probability: number;
}

/** What {@linkcode recheck} gives. */
export interface Recheck<C = Configuration> {
  /** The trial to take. */
  readonly winner: TrialRecord<C>;
  /** The candidates, the best first. */
  readonly candidates: readonly RecheckedCandidate<C>[];
  /** How many fresh values were measured. */
  readonly evaluations: number;
  /** A sentence for a paper. */
  readonly sentence: string;
}

interface Racer<C> {
  readonly trial: TrialRecord<C>;
  readonly mean: number;
  readonly sd: number;
  readonly fresh: number[];
  isOut: boolean;
  probability: number;
}

const about = "Cannot measure again";
const draws = 2000;
const leastProbability = 0.02;
const fewestRounds = 2;

/**
 * Measures the most probable winners of a study again, on fresh folds or seeds,
 * in rounds: those that cannot be the best drop out, and it ends as soon as one
 * is. Values that were not chosen for being good do not look better than they are.
 *
 * @param study The study.
 * @param evaluate The objective's value of a configuration on folds or with a
 * seed that are new each round, finite.
 * @param options How many candidates and rounds; the options of {@linkcode verdict}.
 * @throws {TypeError} If an option is of another kind, or a value is no number.
 * @throws {RangeError} If an option is out of its range, a value is not finite,
 * or there is no verdict.
 *
 * @example
 * ```ts
 * import { createStudy, float, maximize, space } from "@etude/etude";
 * import { recheck } from "@etude/etude/ensembles";
 * const study = await createStudy({ name: "again", space: space({ x: float(0, 1) }), objective: maximize("accuracy"), storage: "memory" });
 * await study.optimize((trial) => trial.params.x + 0.1 * trial.random().normal(), { trials: 20, progress: false });
 * const { winner } = await recheck(study, ({ x }, { random }) => x + 0.1 * random.normal(), { noise: 0.1 });
 * winner.params.x > 0.5; // true
 * ```
 */
export async function recheck<C>(
  study: Study<C>,
  evaluate: (params: C, round: RecheckRound) => number | Promise<number>,
  options: RecheckOptions = {},
): Promise<Recheck<C>> {
  const { top = 5, rounds = 10, confidence = 0.95, ...others } = options;
  check(evaluate, { top, rounds, confidence });
  const judged = verdict<C>(study, others);
  const { objective } = judged.parts;
  const sign = objective.direction === "minimize" ? -1 : 1;
  const racers = judged.candidates.toSorted((a, b) =>
    b.probability - a.probability
  ).slice(0, top).map((
    { trial, estimate, interval, probability },
  ): Racer<C> => ({
    trial,
    mean: sign * estimate,
    sd: Math.max((interval[1] - interval[0]) / 2 / z90, 1e-12),
    fresh: [],
    isOut: false,
    probability,
  }));
  for (let round = 0; round < rounds; round++) {
    const running = racers.filter(({ isOut }) => !isOut);
    const best = Math.max(...running.map(({ probability }) => probability));
    if (running.length < 2) break;
    if (round >= fewestRounds && best >= confidence) break;
    const streamOf = (purpose: string) =>
      randomStream(study.seed, "recheck", round, purpose);
    const seed = streamOf("seed").int(2 ** 31);
    for (const racer of running) {
      const value: unknown = await evaluate(racer.trial.params, {
        round,
        seed,
        random: streamOf("evaluation"),
      });
      racer.fresh.push(sign * checkValue(racer.trial.number, value));
    }
    if (round + 1 >= fewestRounds) drop(racers, streamOf("probabilities"));
  }
  const { variance, freedom } = varianceWithin(racers);
  // The variance is itself known from few values only.
  const wide = freedom === 0 ? z90 : studentQuantile(0.05, freedom);
  const ended = racers.map((racer) => ({
    racer,
    ...posterior(racer, variance),
  }))
    .sort((a, b) =>
      Number(a.racer.isOut) - Number(b.racer.isOut) || b.mean - a.mean
    );
  const candidates = ended.map(({ racer, mean, sd }) =>
    Object.freeze<RecheckedCandidate<C>>({
      trial: racer.trial,
      fresh: Object.freeze(racer.fresh.map((value) => sign * value)),
      estimate: sign * mean,
      interval: Object.freeze(
        [sign * mean - wide * sd, sign * mean + wide * sd] as const,
      ),
      probability: racer.probability,
    })
  );
  const evaluations = racers.reduce((sum, { fresh }) => sum + fresh.length, 0);
  const [first] = candidates;
  return Object.freeze({
    winner: first!.trial,
    candidates: Object.freeze(candidates),
    evaluations,
    sentence:
      `The ${racers.length} most probable winners of ${judged.parts.tried} configurations tried were measured again (${evaluations} evaluations); the one chosen has ${
        /^[aeiou]/i.test(objective.name) ? "an" : "a"
      } ${objective.name} of ${show(first!.estimate)} (90% interval ${
        show(first!.interval[0])
      } to ${
        show(first!.interval[1])
      }), and is the best of them with probability ${
        first!.probability.toFixed(2)
      }.`,
  });
}

/** Gives each its probability to be the best, and takes those out that cannot be. */
function drop<C>(racers: readonly Racer<C>[], random: RandomStream): void {
  const { variance } = varianceWithin(racers);
  const running = racers.filter(({ isOut }) => !isOut);
  const known = running.map((racer) => posterior(racer, variance));
  const quick = quickStream(random);
  const wins = running.map(() => 0);
  for (let i = 0; i < draws; i++) {
    let [which, most] = [0, -Infinity];
    known.forEach(({ mean, sd }, k) => {
      const value = mean + sd * normalQuantile(quick.uniform() || 0.5);
      if (value > most) [which, most] = [k, value];
    });
    wins[which]!++;
  }
  running.forEach((racer, k) => {
    racer.probability = wins[k]! / draws;
    racer.isOut = racer.probability < leastProbability;
  });
}

/** σ²: what is left of fresh values without the candidate's and the round's mean, over the rounds that all have. */
function varianceWithin(
  racers: readonly { readonly fresh: readonly number[] }[],
): { readonly variance: number; readonly freedom: number } {
  let [squares, freedom] = [0, 0];
  const lengths = [...new Set(racers.map(({ fresh }) => fresh.length))]
    .sort((a, b) => a - b);
  let from = 0;
  for (const to of lengths) {
    const rows = racers.filter(({ fresh }) => fresh.length >= to)
      .map(({ fresh }) => fresh.slice(from, to));
    const [n, r] = [rows.length, to - from];
    from = to;
    if (r < 2 || n < 2) continue;
    const means = rows.map(meanOf);
    const all = meanOf(means);
    for (let j = 0; j < r; j++) {
      const round = meanOf(rows.map((row) => row[j]!));
      rows.forEach((row, i) => {
        squares += (row[j]! - means[i]! - round + all) ** 2;
      });
    }
    freedom += (n - 1) * (r - 1);
  }
  return { variance: freedom === 0 ? 0 : squares / freedom, freedom };
}

/** Equation (1). */
function posterior<C>(
  { mean, sd, fresh }: Racer<C>,
  variance: number,
): { readonly mean: number; readonly sd: number } {
  const r = fresh.length;
  if (r === 0) return { mean, sd };
  const before = 1 / sd ** 2;
  const after = r / Math.max(variance, 1e-24);
  return {
    mean: (before * mean + after * meanOf(fresh)) / (before + after),
    sd: 1 / Math.sqrt(before + after),
  };
}

function checkValue(number: number, value: unknown): number {
  if (typeof value !== "number") {
    throw new TypeError(
      `${about}: trial ${number} brought ${shown(value)}, expected a number`,
    );
  }
  if (Number.isFinite(value)) return value;
  throw new RangeError(
    `${about}: trial ${number} brought ${value}, expected a finite number`,
  );
}

function check(
  evaluate: unknown,
  { top, rounds, confidence }: Record<"top" | "rounds" | "confidence", unknown>,
): void {
  if (typeof evaluate !== "function") {
    throw new TypeError(
      `${about}: found ${
        shown(evaluate)
      }, expected a function that takes a configuration and gives its value`,
    );
  }
  for (const [name, value] of Object.entries({ top, rounds })) {
    if (Number.isInteger(value) && Number(value) >= 2) continue;
    throw new RangeError(
      `${about}: ${name} is ${
        shown(value)
      }, expected a whole number of at least 2`,
    );
  }
  if (!(Number(confidence) > 0.5 && Number(confidence) < 1)) {
    throw new RangeError(
      `${about}: confidence is ${
        shown(confidence)
      }, expected a number between 0.5 and 1`,
    );
  }
}

function show(value: number): string {
  return String(Number(value.toPrecision(4)));
}
