/**
 * Genes: what all algorithms of populations do with single axes.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";
import { type Axis, compareIndividuals, type Member } from "./evolution.ts";

/** Any point of the cube, `[dimension]`; draws a number an axis. */
export function anyPoint(
  axes: readonly Axis[],
  random: RandomStream,
): Float64Array {
  return Float64Array.from(axes, () => random.uniform());
}

/** Another value of an axis without an order, if it has another. */
export function otherChoice(
  place: number,
  count: number,
  random: RandomStream,
): number {
  if (count < 2) return place;
  const now = choiceAt(place, count);
  const other = random.int(count - 1);
  return ((other >= now ? other + 1 : other) + 0.5) / count;
}

/** Which value a place of an axis without an order means. */
export function choiceAt(place: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(place * count)));
}

/** The place, moved to the nearer end if it is outside. */
export function clip(place: number): number {
  return Math.min(1, Math.max(0, place));
}

/** The best of some of a population; draws a number for each of them. */
export function winner(
  population: readonly Member[],
  fighters: number,
  random: RandomStream,
): Member {
  let best = population[random.int(population.length)]!;
  for (let i = 1; i < fighters; i++) {
    const other = population[random.int(population.length)]!;
    if (compareIndividuals(other, best) < 0) best = other;
  }
  return best;
}

/** The most children of which one is chosen that is unlike those who live. */
const mostChildren = 5;

/** A child that is no copy of any of a population, if one of a few is not: a copy would be tried in vain. */
export function unlike(
  population: readonly Pick<Member, "point">[],
  makeChild: () => Float64Array,
): Float64Array {
  let child = makeChild();
  const isCopy = ({ point }: Pick<Member, "point">) =>
    child.every((place, j) => place === point[j]);
  for (let i = 1; i < mostChildren && population.some(isCopy); i++) {
    child = makeChild();
  }
  return child;
}

/** Throws unless a number is whole and not too small. */
export function checkCount(
  algorithm: string,
  name: string,
  value: number,
  least: number,
): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(
    `Cannot make ${algorithm}: ${name} is ${value}, expected a whole number of at least ${least}`,
  );
}

/** Throws unless a number lies in a range, both ends included. */
export function checkRange(
  algorithm: string,
  name: string,
  value: number,
  [low, high]: readonly [number, number],
): void {
  if (value >= low && value <= high) return;
  throw new RangeError(
    `Cannot make ${algorithm}: ${name} is ${value}, expected a number from ${low} to ${high}`,
  );
}
