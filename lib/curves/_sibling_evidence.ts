/**
 * What other trials say of a move: the one that is nearest to the moved
 * configuration.
 *
 * @module
 */

import { type ParameterValue, toUnit } from "../space/mod.ts";
import type { AdviceContext, AdviceSibling } from "./advice.ts";
import { alikeInChoices } from "./_siblings.ts";
import { show } from "./_words.ts";

/** What other trials near the target reached, beside those near the present value. */
export function siblingEvidence(
  name: string,
  to: ParameterValue,
  { space, params, siblings = [], direction = "minimize", value }:
    AdviceContext,
): { gain: number; number: number; sentence: string } | null {
  const parameter = space.parameter(name);
  const sign = direction === "minimize" ? 1 : -1;
  const own = space.encode(params);
  const target = toUnit(parameter, to);
  const present = toUnit(parameter, params[name]!);
  const axis = space.names.indexOf(name);
  const isChoice = parameter.kind === "choice";
  const usable = siblings.filter((one) =>
    one.value !== null && Number.isFinite(one.value) &&
    Object.hasOwn(one.params, name) && one.params[name] !== undefined &&
    (parameter.role !== "learning rate" ||
      alikeInChoices(params, one.params, space))
  );
  if (usable.length === 0 || value === null || value === undefined) return null;
  let best: { distance: number; sibling: AdviceSibling } | null = null;
  for (const sibling of usable) {
    let place: Float64Array;
    try {
      place = space.encode(space.validate(sibling.params, { rules: false }));
    } catch {
      continue;
    }
    const moved = (place[axis]! - present) * (target - present);
    const reach = Math.abs(target - present);
    const off = Math.abs(place[axis]! - target);
    if (!(moved > 0) || off > Math.max(0.15, 0.7 * reach)) continue;
    let sum = 0;
    for (let i = 0; i < place.length; i++) {
      if (i === axis) continue;
      const [a, b] = [own[i]!, place[i]!];
      sum += Number.isNaN(a) !== Number.isNaN(b)
        ? 1
        : Number.isNaN(a)
        ? 0
        : (a - b) ** 2;
    }
    const distance = Math.sqrt(sum) + off;
    // What another choice brings shows only where all else is much the same.
    if (
      distance > (isChoice ? 0.2 : 0.6) ||
      best !== null && distance >= best.distance
    ) continue;
    best = { distance, sibling };
  }
  if (best === null) return null;
  const { sibling, distance } = best;
  const values = usable.map((one) => one.value!);
  const spread = Math.max(
    1e-12,
    Math.abs(value) * 0.02,
    spreadOf([...values, value]),
  );
  const gain = sign * (value - sibling.value!) / spread * (1 - distance);
  return {
    gain,
    number: sibling.number,
    sentence: `Trial ${sibling.number}, with ${name} ${
      typeof sibling.params[name] === "number"
        ? show(sibling.params[name])
        : String(sibling.params[name])
    } and else ${distance < 0.1 ? "the same" : "much the same"}, reached ${
      show(sibling.value!)
    } (this one ${show(value)}).`,
  };
}

/** Half the distance between the quartiles. */
function spreadOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number) => sorted[Math.round(p * (sorted.length - 1))]!;
  return (at(0.75) - at(0.25)) / 2;
}
