import {
  type StudyView,
  type TrialRecord,
  violationOf,
  violationScales,
} from "../records/mod.ts";
import { evenly } from "./_downsample.ts";
import { drawable } from "./_scale.ts";
import { objectiveOf } from "./_spec.ts";

/** The names asked for, or the first few of the space. */
export function chooseParameters(
  view: StudyView,
  names: readonly string[] | undefined,
  most: number,
): readonly string[] {
  return names ?? view.space.names.slice(0, most);
}

/**
 * Checks the option `parameters`.
 *
 * @throws {RangeError} If a name is unknown or stands twice, or there are too many.
 */
export function checkParameters(
  chart: string,
  view: StudyView,
  names: readonly string[] | undefined,
  most: number,
): void {
  if (names === undefined) return;
  if (names.length > most) {
    throw new RangeError(
      `Cannot draw the ${chart}: ${names.length} parameters are named, expected at most ${most}`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new RangeError(
      `Cannot draw the ${chart}: the parameter ${
        JSON.stringify(twice)
      } is named twice`,
    );
  }
  for (const name of names) view.space.parameter(name);
}

/** What a reader must know of parameters left out; "" if none is. */
export function parametersNote(
  view: StudyView,
  names: readonly string[] | undefined,
  most: number,
): string {
  const all = view.space.dimension;
  return names !== undefined || all <= most
    ? ""
    : `${most} of ${all} parameters; choose with { parameters: […] }`;
}

/**
 * The complete trials whose value has a place on an axis, from the worst to the
 * best: those that are not feasible first, the one that violates least behind.
 */
export function rankedTrials(view: StudyView): readonly TrialRecord[] {
  const sign = objectiveOf(view).direction === "minimize" ? -1 : 1;
  const ranked = view.trials
    .filter(({ state, value }) => state === "complete" && drawable(value))
    .sort((a, b) => sign * (a.value! - b.value!) || b.number - a.number);
  if ((view.constraints?.length ?? 0) === 0) return ranked;
  const scales = violationScales(view.trials);
  const violations = new Map(
    ranked.map((trial) => [trial, violationOf(trial, scales)]),
  );
  return ranked.sort((a, b) => {
    const [x, y] = [violations.get(a)!, violations.get(b)!];
    return x === y ? 0 : x > y ? -1 : 1;
  });
}

/** At most so many of ranked trials: the best, as half of them, and the others evenly over the ranks. */
export function thinTrials(
  ranked: readonly TrialRecord[],
  most: number,
): readonly TrialRecord[] {
  if (ranked.length <= most) return ranked;
  const best = ranked.slice(-Math.ceil(most / 2));
  const others = ranked.slice(0, ranked.length - best.length);
  return [...evenly(others, most - best.length), ...best];
}
