import {
  type Objective,
  type TrialRecord,
  violationsIn,
} from "../records/mod.ts";
import { goodTrials } from "./_tpe_fronts.ts";

/** The trials by their worth, as places in the list of trials. */
export interface TpeSplit {
  /** The good ones, the best first. */
  readonly good: readonly number[];
  /** The bad ones and those still running or waiting, the oldest first. */
  readonly bad: readonly number[];
  /** How many trials have ended: complete and pruned ones. */
  readonly ended: number;
}

/** Options of {@linkcode splitTrials}. */
export interface SplitOptions {
  /** What is good: of several objectives, what lies on the first fronts. */
  readonly objectives: readonly Objective[];
  /** The share of the ended trials that are good, in `(0, 1)`. */
  readonly share: number;
  /** The fewest that are good, if so many have ended. */
  readonly least: number;
  /** The most that are good. */
  readonly most: number;
}

/**
 * Splits trials into good and bad ones. Complete trials go before pruned ones;
 * of those, the ones that got further go first; behind all that are feasible go
 * the others, the one that violates constraints least first, as in Optuna. A
 * trial whose value is NaN or infinitely bad is never good. Running and waiting trials count as bad, the
 * constant liar that keeps workers apart; failed ones do not count.
 */
export function splitTrials(
  trials: readonly TrialRecord[],
  { objectives, share, least, most }: SplitOptions,
): TpeSplit {
  const objective = objectives[0]!;
  const isSeveral = objectives.length > 1;
  const sign = objective.direction === "minimize" ? 1 : -1;
  let ended = 0;
  for (let index = 0; index < trials.length; index++) {
    const { state } = trials[index]!;
    if (state === "complete" || state === "pruned") ended++;
  }
  const count = Math.min(
    most,
    ended,
    Math.max(least, Math.ceil(share * ended)),
  );
  const best = new Leaders(count);
  const pruned: PrunedTrial[] = [];
  const infeasible: { readonly index: number; readonly violation: number }[] =
    [];
  const isConstrained = trials.some(({ constraints }) =>
    constraints !== undefined
  );
  const violationOf = isConstrained ? violationsIn(trials) : null;
  for (let index = 0; index < trials.length; index++) {
    const trial = trials[index]!;
    const hasEnded = trial.state === "complete" || trial.state === "pruned";
    const violation = violationOf !== null && hasEnded ? violationOf(trial) : 0;
    if (violation > 0) {
      if (violation < Infinity) infeasible.push({ index, violation });
    } else if (trial.state === "complete") {
      if (isSeveral) continue;
      best.offer(index, trial.value === null ? NaN : sign * trial.value);
    } else if (trial.state === "pruned") {
      const last = lastReport(trial, objective.name);
      if (last === null || !(sign * last.value < Infinity)) continue;
      pruned.push({ index, step: last.step, loss: sign * last.value });
    }
  }
  const good = isSeveral
    ? goodTrials({ trials, objectives }, count)
    : best.places;
  if (good.length < count) {
    pruned.sort((a, b) => b.step - a.step || a.loss - b.loss);
    for (const { index } of pruned.slice(0, count - good.length)) {
      good.push(index);
    }
  }
  if (good.length < count) {
    infeasible.sort((a, b) => a.violation - b.violation || a.index - b.index);
    for (const { index } of infeasible.slice(0, count - good.length)) {
      good.push(index);
    }
  }
  const isGood = new Uint8Array(trials.length);
  for (const index of good) isGood[index] = 1;
  const bad: number[] = [];
  for (let index = 0; index < trials.length; index++) {
    if (trials[index]!.state !== "failed" && isGood[index] === 0) {
      bad.push(index);
    }
  }
  return { good, bad, ended };
}

interface PrunedTrial {
  readonly index: number;
  readonly step: number;
  readonly loss: number;
}

/** The last report of the objective; of a trial without a curve its value, as of step 0. */
function lastReport(
  { curves, value }: TrialRecord,
  name: string,
): { step: number; value: number } | null {
  const curve = curves.get(name);
  if (curve === undefined || curve.steps.length === 0) {
    return value === null ? null : { step: 0, value };
  }
  return { step: curve.steps.at(-1)!, value: curve.values.at(-1)! };
}

/** The places of the smallest losses, the smallest first, the earlier of equals first. */
class Leaders {
  readonly places: number[] = [];
  readonly #losses: number[] = [];
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  /** Takes a loss, if it is among the smallest; Infinity and NaN never are. */
  offer(place: number, loss: number): void {
    const losses = this.#losses;
    const limit = losses.length < this.#count ? Infinity : losses.at(-1)!;
    if (!(loss < limit)) return;
    let rank = losses.length;
    while (rank > 0 && losses[rank - 1]! > loss) rank--;
    losses.splice(rank, 0, loss);
    this.places.splice(rank, 0, place);
    if (losses.length > this.#count) {
      losses.pop();
      this.places.pop();
    }
  }
}
