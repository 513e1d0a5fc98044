import type { Space } from "../space/mod.ts";
import { knobOf } from "./_names.ts";

/** Knobs that only one family of models has. */
const families: Readonly<Record<string, readonly string[]>> = {
  network: [
    "units",
    "layers",
    "dropout",
    "batchsize",
    "activation",
    "optimizer",
    "momentum",
    "beta2",
    "warmup",
    "labelsmoothing",
  ],
  trees: [
    "estimators",
    "maxdepth",
    "leaves",
    "minchildweight",
    "minsamplessplit",
    "columnsample",
    "colsamplebylevel",
    "subsample",
    "maxbin",
  ],
  "support vectors": ["c", "gamma", "kernel", "coef0", "epsilon"],
  neighbors: ["neighbors", "weights", "p", "metric"],
};

/**
 * What kind of model a space is for, by the knobs that tell: the family of most
 * of them; null if none tells, or two as much.
 */
export function familyOf(space: Space): string | null {
  const knobs = space.names.map(knobOf);
  const counts = Object.entries(families).map(([family, own]) =>
    [family, knobs.filter((knob) => own.includes(knob)).length] as const
  ).sort((a, b) => b[1] - a[1]);
  const [[first, most], [, next]] = [counts[0]!, counts[1]!];
  return most > next ? first : null;
}

/** How much trials of one family say of another: all, little, or some of it where one is not known. */
export function familyLikeness(a: string | null, b: string | null): number {
  return a === null || b === null ? 0.7 : a === b ? 1 : 0.1;
}
