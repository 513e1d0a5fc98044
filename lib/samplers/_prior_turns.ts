/**
 * Whose turn it is, for samplers without a surrogate: prior studies and the
 * study's own trials take turns, as prior studies are trusted.
 */

import {
  isFeasible,
  type PriorWeight,
  priorWeightOf,
  type StudyView,
} from "../records/mod.ts";

/** How much a trial of the other side says, in log-odds; how many trials near it it is compared with; and the most that all say together. */
const eachTurn = 1.2;
const nearTrials = 4;
const mostByTurns = 5;

/**
 * Who brought the better values, in log-odds, above 0 for prior studies: each
 * trial that the study's own trials chose is compared with those near it, in
 * time, that prior studies chose. A prior may explain values well and yet lead
 * nowhere, or badly and yet lead to good ones: that is what matters. What is not
 * feasible is no better than what failed.
 */
export function successOf<C>({ trials, objectives }: StudyView<C>): number {
  const sign = objectives[0]!.direction === "minimize" ? 1 : -1;
  const told = trials.flatMap((trial) => {
    const { attributes, state, value, number } = trial;
    const weight = priorWeightOf(attributes);
    if (weight === null || (state !== "complete" && state !== "failed")) {
      return [];
    }
    const isKnown = state === "complete" && value !== null &&
      !Number.isNaN(value) && isFeasible(trial);
    return [{
      number,
      byPrior: weight.chosenBy === "prior studies",
      value: isKnown ? sign * value : Infinity,
    }];
  });
  const theirs = told.filter(({ byPrior }) => byPrior);
  let sum = 0;
  for (const own of told) {
    if (own.byPrior || theirs.length === 0) continue;
    const near = theirs.toSorted((a, b) =>
      Math.abs(a.number - own.number) - Math.abs(b.number - own.number)
    ).slice(0, nearTrials);
    const wins = near.reduce(
      (all, { value }) => all + Math.sign(own.value - value || 0),
      0,
    );
    sum += eachTurn * wins / near.length;
  }
  return Math.max(-mostByTurns, Math.min(mostByTurns, sum));
}

/** How much of a turn the trials have to begin with. */
const firstCredit = 0.75;
/** So early nobody knows better, unless prior studies are doubted from the outset. */
const early = 3;
const trusted = 0.7;

/**
 * Whose turn it is: each trial that prior studies had a say in gives the study's
 * trials 1 − trust of a turn, and each that those chose takes one.
 *
 * @param trust How far prior studies are trusted now, in `[0, 1]`.
 */
export function turnOf<C>(
  { trials }: StudyView<C>,
  trust: number,
): PriorWeight["chosenBy"] {
  if (trials.length < early && trust >= trusted) return "prior studies";
  let credit = firstCredit + doubt(trust, trials.length);
  for (const { attributes, number } of trials) {
    const before = priorWeightOf(attributes);
    if (before === null) continue;
    credit += doubt(before.weight, number);
    if (before.chosenBy === "trials") credit--;
  }
  return credit >= 1 ? "trials" : "prior studies";
}

/** All of a turn where trust is little; from the sixth trial on ever more, from the tenth at least a half: by then the trials know something. */
function doubt(trust: number, number: number): number {
  const believed = trust < 0.25 ? 0 : trust < 0.5 ? 2 * (trust - 0.25) : trust;
  return 1 -
    Math.min(believed, Math.max(0.5, Math.min(1, 1 - (number - 5) / 10)));
}
