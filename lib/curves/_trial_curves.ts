/**
 * Which of a trial's curves to read, and what its study says beside them.
 *
 * @module
 */

import type { Curve, StudyView, TrialRecord } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { CurvesToDiagnose, SiblingCurves } from "./context.ts";
import { seriesOf } from "./series.ts";

/** The quantities of a study: the one to read, and the one that is wanted. */
export interface Quantities {
  /** What is read, e.g. `"loss"`. */
  readonly main: string;
  /** What is wanted if it is another, e.g. `"accuracy"`; null if it is the same. */
  readonly wanted: string | null;
  /** Which values of `main` are better; undefined if nobody said. */
  readonly direction: "minimize" | "maximize" | undefined;
}

const losses = /loss|error|entropy|\bmse\b|\bmae\b|deviance|\bnll\b/i;

/** A loss with both curves if there is one, else the objective, else what has a validation curve. */
export function quantitiesOf<C>(view: StudyView<C>): Quantities | null {
  const names = new Set(
    view.trials.flatMap(({ curves }) => [...curves.keys()]),
  );
  const series = seriesOf(names);
  const splits = new Map<string, Set<string>>();
  for (const { quantity, split } of series.values()) {
    splits.set(quantity, (splits.get(quantity) ?? new Set()).add(split));
  }
  const objective = view.objectives[0]!;
  const aim = seriesOf([...names, objective.name]).get(objective.name)!
    .quantity;
  const both = [...splits].filter(([, own]) =>
    own.has("validation") && own.has("train")
  ).map(([quantity]) => quantity);
  const main = both.find((quantity) => losses.test(quantity)) ??
    (both.includes(aim) ? aim : both[0]) ??
    (splits.has(aim) ? aim : [...splits.keys()][0]);
  if (main === undefined) return null;
  return {
    main,
    wanted: main === aim || !splits.has(aim) ? null : aim,
    direction: main === aim
      ? objective.direction
      : losses.test(main)
      ? "minimize"
      : undefined,
  };
}

/** A trial's curves of these quantities. */
export function curvesOf<C>(
  trial: TrialRecord<C>,
  quantities: Quantities,
  wantedDirection: "minimize" | "maximize",
): CurvesToDiagnose & {
  readonly train: Curve | null;
  readonly validation: Curve | null;
} {
  const series = seriesOf(trial.curves.keys());
  const find = (quantity: string, ...splits: string[]): Curve | null => {
    for (const split of splits) {
      for (const [name, own] of series) {
        if (own.quantity === quantity && own.split === split) {
          return trial.curves.get(name)!;
        }
      }
    }
    return null;
  };
  const { main, wanted } = quantities;
  return {
    train: find(main, "train"),
    validation: find(main, "validation", "test", "reported"),
    metric: wanted === null ? null : {
      name: wanted,
      direction: wantedDirection,
      train: find(wanted, "train"),
      validation: find(wanted, "validation", "test", "reported"),
    },
  };
}

const siblings = new WeakMap<object, Map<string, SiblingCurves>>();

/** A trial as a sibling: the same object each time, so that it is measured once. */
export function siblingOf<C>(
  trial: TrialRecord<C>,
  quantities: Quantities,
): SiblingCurves {
  let known = siblings.get(trial);
  if (known === undefined) siblings.set(trial, known = new Map());
  let sibling = known.get(quantities.main);
  if (sibling === undefined) {
    const { train, validation } = curvesOf(trial, quantities, "minimize");
    sibling = Object.freeze({
      number: trial.number,
      params: trial.params as Configuration,
      train: train ?? null,
      validation: validation ?? null,
    });
    known.set(quantities.main, sibling);
  }
  return sibling;
}
