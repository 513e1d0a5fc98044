/**
 * Where an acquisition function is looked at first: places all over the cube,
 * and places near good trials that differ from them on few axes or on all.
 *
 * Source: perturbing few axes, Regis and Shoemaker (2013), as in TuRBO (Eriksson
 * et al., 2019): in many dimensions, moving all axes at once only leads away.
 */

import type { RandomStream } from "../math/mod.ts";
import type { Axis, Places } from "./_gp_places.ts";

/** A place near another, the fixed values and conditions kept. */
export function perturb(
  places: Places,
  unit: Float64Array,
  { random, width, share }: {
    random: RandomStream;
    /** The standard deviation of a move, in units of the whole scale. */
    width: number;
    /** The share of axes that move; at least one does. */
    share: number;
  },
): Float64Array {
  // What is inactive moves nothing, as long as its parents stay.
  const axes = activeAxes(places, unit);
  if (axes.length === 0) return unit.slice();
  const moved = unit.slice();
  const sure = random.int(axes.length);
  let leads = false;
  for (let i = 0; i < axes.length; i++) {
    if (i !== sure && random.uniform() >= share) continue;
    moved[axes[i]!.index] = move(
      axes[i]!,
      unit[axes[i]!.index]!,
      width,
      random,
    );
    leads ||= axes[i]!.isParent;
  }
  if (leads) {
    for (const { index } of places.axes) {
      if (Number.isNaN(moved[index]!)) moved[index] = random.uniform();
    }
  }
  return places.snap(moved);
}

/** Another value of an axis: a step of normal length, at least to the neighbour; any other category. */
function move(
  { count, isCategory }: Axis,
  from: number,
  width: number,
  random: RandomStream,
): number {
  // What was inactive may have become active: then anything goes.
  if (Number.isNaN(from)) return random.uniform();
  if (isCategory) {
    const other = random.int(count - 1);
    return (other + (other >= Math.floor(from * count) ? 1 : 0) + 0.5) / count;
  }
  const step = width * random.normal();
  const least = 1 / count;
  const far = Math.abs(step) < least ? Math.sign(step) * least : step;
  return Math.min(1, Math.max(0, from + far));
}

/** All places that differ on one discrete axis: neighbours in order, any other category (of many, a sample). */
export function neighbours(
  places: Places,
  unit: Float64Array,
  random: RandomStream,
): Float64Array[] {
  const found: Float64Array[] = [];
  const most = 12;
  for (const axis of places.axes) {
    const { index, count, isCategory } = axis;
    const from = unit[index]!;
    if (count === Infinity || Number.isNaN(from)) continue;
    const at = (u: number) => {
      const moved = unit.slice();
      moved[index] = u;
      found.push(places.snap(moved));
    };
    if (!isCategory) {
      if (from - 1 / count > 0) at(from - 1 / count);
      if (from + 1 / count < 1) at(from + 1 / count);
    } else if (count <= most) {
      for (let k = 0; k < count; k++) {
        if (k !== Math.floor(from * count)) at((k + 0.5) / count);
      }
    } else {
      for (let k = 0; k < most; k++) at(move(axis, from, 1, random));
    }
  }
  return found;
}

/** How many places {@linkcode candidates} gives. */
export interface CandidateCounts {
  /** Places drawn all over the cube. */
  readonly global: number;
  /** Places near incumbents. */
  readonly local: number;
}

/** Places to look at first. */
export function candidates(
  places: Places,
  incumbents: readonly Float64Array[],
  { random, global, local }: CandidateCounts & { random: RandomStream },
): Float64Array[] {
  const found: Float64Array[] = [];
  for (let i = 0; i < global; i++) found.push(places.draw(random));
  if (incumbents.length === 0 || places.axes.length === 0) return found;
  for (let i = 0; i < local; i++) {
    const unit = places.snap(incumbents[i % incumbents.length]!);
    const active = activeAxes(places, unit).length;
    const few = Math.min(1, 2 / active);
    // Not all axes even then: at most about 20 move at once.
    const many = Math.min(1, 20 / active);
    found.push(
      perturb(places, unit, {
        random,
        width: 0.5 * 10 ** (-2 * random.uniform()),
        share: random.uniform() < 0.5 ? few : many,
      }),
    );
  }
  return found;
}

function activeAxes(places: Places, unit: Float64Array): readonly Axis[] {
  return places.axes.filter(({ index }) => !Number.isNaN(unit[index]!));
}
