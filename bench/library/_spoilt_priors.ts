/** What may be done to prior studies so that they mislead. */

import { randomStream } from "../../lib/math/mod.ts";
import type { Objective } from "../../lib/records/mod.ts";
import {
  type Configuration,
  fromUnit,
  type Space,
} from "../../lib/space/mod.ts";
import type { Family, Task, Trial } from "./_prior_suites.ts";

/** A prior study as it is handed to the library. */
export interface Told {
  readonly space: Space;
  readonly objective: Objective;
  readonly trials: readonly Trial[];
}

/** A source before anything is done to it. */
export interface Source {
  readonly family: Family;
  readonly task: Task;
  /** Its place among the sources. */
  readonly index: number;
  readonly trials: readonly Trial[];
}

/** Ways to spoil a source, by name. */
export type Priors = Readonly<
  Record<string, (source: Source) => Told | Promise<Told>>
>;

const plain = ({ family, trials }: Source): Told => ({
  space: family.space,
  objective: family.objective,
  trials,
});

const moved = (
  source: Source,
  move: (unit: Float64Array) => ArrayLike<number>,
): Told => {
  const { space } = source.family;
  return {
    ...plain(source),
    trials: source.trials.map(([params, value]): Trial => [
      space.decode(
        Float64Array.from(
          move(space.encode(params as ReturnType<Space["validate"]>)),
        ),
      ) as Configuration,
      value,
    ]),
  };
};

const mirrored = (source: Source) =>
  moved(source, (unit) => unit.map((u) => 1 - u));

const valued = (
  source: Source,
  value: (v: number, i: number) => number,
): Told => ({
  ...plain(source),
  trials: source.trials.map(([params, v], i): Trial => [params, value(v, i)]),
});

/** All that is measured of them: `good` and `other scale` do not mislead. */
export const priors: Priors = {
  good: plain,
  mirrored,
  "half mirrored": (source) =>
    source.index % 2 === 0 ? plain(source) : mirrored(source),
  negated: (source) => {
    const values = source.trials.map(([, value]) => value);
    const sum = Math.max(...values) + Math.min(...values);
    return valued(source, (v) => sum - v);
  },
  shuffled: (source) => {
    const order = randomStream(source.task.name, "shuffled")
      .shuffle([...source.trials.keys()]);
    return valued(source, (_, i) => source.trials[order[i]!]![1]);
  },
  // Time under the objective's own name.
  "other metric": async (source) => {
    const values: number[] = [];
    for (const [params] of source.trials) {
      values.push(await source.task.other(params));
    }
    return valued(source, (_, i) => values[i]!);
  },
  // Parameters that play other parts under the same names.
  "other family": (source) =>
    moved(source, (unit) => unit.map((_, i) => unit[(i + 1) % unit.length]!)),
  // Logarithmic parameters that were told on a linear scale: a place stands for another value.
  "log as linear": (source) => {
    const { parameters } = source.family.space;
    return moved(source, (unit) =>
      unit.map((u, axis) => {
        const parameter = parameters[axis]!;
        const [low, high] = [0, 1].map((end) => fromUnit(parameter, end));
        if (
          typeof low !== "number" || typeof high !== "number" ||
          !(low > 0 && high / low > 20)
        ) return u;
        // The place of low + u (high − low) on the scale that it really has.
        return Math.log((low + u * (high - low)) / low) / Math.log(high / low);
      }));
  },
  // Per cent for shares, ms for s: other numbers of the same thing. Not misleading.
  "other scale": (source) => valued(source, (v) => 1000 * v),
};
