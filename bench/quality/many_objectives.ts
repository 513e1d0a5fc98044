/**
 * Test problems of two and three objectives: ZDT1 to 4 and 6, DTLZ1 to 7, WFG1
 * to 9. Written from their definitions; the values are checked against pymoo's.
 *
 * @module
 */

import { dtlzProblems } from "./many_objectives/dtlz.ts";
import {
  frontVolume,
  type ProblemDefinition,
} from "./many_objectives/problem.ts";
import { wfgProblems } from "./many_objectives/wfg.ts";
import { zdtProblems } from "./many_objectives/zdt.ts";

/** A problem, all of its objectives to be minimized. */
export interface ManyObjectiveProblem {
  /** The name, e.g. `"dtlz2-3"`: of three objectives. */
  readonly name: string;
  /** How many objectives M. */
  readonly objectives: number;
  /** How many variables n. */
  readonly dimension: number;
  /** Where each variable begins, `[n]`. */
  readonly lower: readonly number[];
  /** Where each ends, `[n]`. */
  readonly upper: readonly number[];
  /** The worst value of each objective on the front, `[M]`. */
  readonly nadir: readonly number[];
  /** A corner far enough out for runs of some hundred evaluations, `[M]`. */
  readonly reference: readonly number[];
  /** The objectives at a point `[n]`, `[M]`. */
  evaluate(x: ArrayLike<number>): number[];
  /**
   * The hypervolume of the whole front, the most that can be reached; to about
   * 1e-4 of the front's own box.
   *
   * @param reference Defaults to the problem's own.
   */
  bestVolume(reference?: readonly number[]): number;
  /** The least value of the last objective on the front where the others are at most these, `[M − 1]`; Infinity where there is none. */
  lowest(limits: readonly number[]): number;
}

const definitions: Readonly<Record<string, ProblemDefinition>> = {
  ...zdtProblems,
  ...dtlzProblems,
  ...wfgProblems,
};

/** The names of all problems. */
export const manyObjectiveNames: readonly string[] = Object.keys(definitions);

/**
 * A problem by its name.
 *
 * @param name E.g. `"zdt1"`, `"dtlz2-3"`, `"wfg4-2"`.
 * @param dimension How many variables. Defaults to the source's.
 * @throws {RangeError} If there is no such problem.
 */
export function manyObjectiveProblem(
  name: string,
  dimension?: number,
): ManyObjectiveProblem {
  const definition = definitions[name];
  if (definition === undefined) {
    throw new RangeError(
      `Cannot find the problem ${JSON.stringify(name)}: there are ${
        manyObjectiveNames.join(", ")
      }`,
    );
  }
  const n = dimension ?? definition.dimension;
  const axes = Array.from({ length: n }, (_, i) => i);
  const volumes = new Map<string, number>();
  return {
    name,
    objectives: definition.objectives,
    dimension: n,
    lower: axes.map(definition.lower),
    upper: axes.map(definition.upper),
    nadir: definition.nadir,
    reference: definition.reference,
    evaluate: definition.evaluate,
    lowest: definition.lowest,
    bestVolume(reference = definition.reference) {
      const key = reference.join();
      const known = volumes.get(key) ?? frontVolume(definition, reference);
      volumes.set(key, known);
      return known;
    },
  };
}
