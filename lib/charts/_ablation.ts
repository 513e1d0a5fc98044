/**
 * The path from one configuration to another, a parameter a step, each time the
 * one that helps most: what the difference between them is made of.
 *
 * A parameter that makes others active takes them along: they come with the
 * target's values in the same step.
 *
 * Source: Fawcett and Hoos, Analysing differences between algorithm
 * configurations through ablation (2016), with the surrogate in place of runs;
 * Biedenkapp et al., Efficient parameter importance analysis via ablation with
 * surrogates (2017).
 *
 * @module
 */

import type { Configuration, Space } from "../space/mod.ts";
import { valueIn } from "./_field.ts";

/** A step of a path. */
export interface AblationStep {
  /** The parameters that change: one, and those that it makes active. */
  readonly names: readonly string[];
  /** The configuration after it. */
  readonly params: Configuration;
  /** What is expected of it; smaller is better. */
  readonly loss: number;
}

/**
 * The greedy path.
 *
 * @param space The space.
 * @param ends From where to where; whole and valid.
 * @param expected What is expected of some configurations, in their order; smaller is better.
 * @param most The most steps; those left over are one step together.
 */
export function ablationPath(
  space: Space,
  ends: { readonly from: Configuration; readonly to: Configuration },
  expected: (all: readonly Configuration[]) => readonly number[],
  most: number,
): readonly AblationStep[] {
  const { to } = ends;
  let here = ends.from;
  const steps: AblationStep[] = [];
  for (;;) {
    const open = space.names.filter((name) =>
      valueIn(to, name) !== undefined &&
      valueIn(here, name) !== valueIn(to, name) && space.isActive(name, here)
    );
    if (open.length === 0) break;
    const isLast = steps.length === most - 1;
    const tries = isLast
      ? [moved(space, here, to, open)]
      : open.map((name) => moved(space, here, to, [name]));
    const losses = expected(tries);
    let best = 0;
    losses.forEach((loss, i) => {
      if (loss < losses[best]!) best = i;
    });
    const params = tries[best]!;
    steps.push({
      names: space.names.filter((name) =>
        valueIn(params, name) !== valueIn(here, name)
      ),
      params,
      loss: losses[best]!,
    });
    here = params;
  }
  return steps;
}

/** A configuration with some of the target's values, and what these make active. */
function moved(
  space: Space,
  here: Configuration,
  to: Configuration,
  names: readonly string[],
): Configuration {
  const known = Object.fromEntries(
    space.names.flatMap((name) => {
      const [before, target] = [valueIn(here, name), valueIn(to, name)];
      const moves = names.includes(name) || before === undefined;
      // Null is a value: a choice may have it.
      const value = moves && target !== undefined ? target : before;
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const middle = new Float64Array(space.dimension).fill(0.5);
  // What is no longer active falls away; what is newly so and unknown stands in the middle.
  return space.decode(middle, activeAmong(space, known));
}

function activeAmong(space: Space, known: Configuration): Configuration {
  const kept: Record<string, Configuration[string]> = {};
  for (const { name } of space.ordered) {
    const value = valueIn(known, name);
    if (value !== undefined && space.isActive(name, kept)) kept[name] = value;
  }
  return kept;
}

/**
 * Where a search begins when nobody has looked: each parameter's default, or the
 * middle of its (log) scale, of choices the first.
 */
export function defaultConfiguration(space: Space): Configuration {
  const middle = Float64Array.from(
    space.parameters,
    ({ kind }) => kind === "choice" || kind === "boolean" ? 0 : 0.5,
  );
  const given = Object.fromEntries(
    space.parameters.flatMap(({ name, default: value }) =>
      value === undefined ? [] : [[name, value]]
    ),
  );
  return space.decode(middle, activeDefaults(space, middle, given));
}

/** The defaults of the parameters that are active with them. */
function activeDefaults(
  space: Space,
  middle: Float64Array,
  given: Configuration,
): Configuration {
  let kept: Configuration = {};
  for (const { name } of space.ordered) {
    const value = valueIn(given, name);
    if (value === undefined) continue;
    if (space.isActive(name, space.decode(middle, kept))) {
      kept = { ...kept, [name]: value };
    }
  }
  return kept;
}
