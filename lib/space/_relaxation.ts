/**
 * The nearest place that keeps to the linear rules, as if every number were a
 * continuum: projections onto one rule after another.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | u | `unit` | places in the unit cube |
 * | x(u) | | the value there |
 * | g | `slopes` | how fast a sum rises along each axis, w dx/du |
 * | e | `excess` | by how much the sum is too large, or too small |
 *
 * A step is u ← u − e g / |g|², on axes that are not at their ends; on logarithmic
 * scales some steps more are needed, as in Newton's method.
 *
 * Source: Kaczmarz's projections for inequalities: Agmon, "The relaxation method
 * for linear inequalities" (1954).
 *
 * @module
 */

import { type Bounds, ownBounds } from "./_domains.ts";
import { choicesOf, type Parameter } from "./parameter.ts";
import type { LinearRule } from "./rule.ts";

const mostRounds = 200;
/** By so small a share of its range a sum may be off. */
const near = 1e-9;

/** What is moved. */
export interface Relaxed {
  /** Of each active parameter that may move, where it is, by name; moved in place. */
  readonly free: Map<string, number>;
  /** The values of those that may not move. */
  readonly held: ReadonlyMap<string, number>;
  /** The parameters, by name. */
  readonly byName: ReadonlyMap<string, Parameter>;
}

/** Moves places towards where all rules hold; as far as it gets. */
export function relax(rules: readonly LinearRule[], relaxed: Relaxed): void {
  for (let round = 0; round < mostRounds; round++) {
    let moved = false;
    for (const rule of rules) moved = project(rule, relaxed) || moved;
    if (!moved) return;
  }
}

/** Moves places onto one rule's edge if they are beyond; whether it had to. */
function project(
  { weights, min = -Infinity, max = Infinity, inactive }: LinearRule,
  { free, held, byName }: Relaxed,
): boolean {
  let sum = 0;
  let range = 0;
  let active = 0;
  const slopes = new Map<string, number>();
  for (const [name, weight] of Object.entries(weights)) {
    const unit = free.get(name);
    const value = unit === undefined
      ? held.get(name)
      : valueAt(byName.get(name)!, unit);
    if (value !== undefined) active++;
    const own = value ?? inactive;
    if (own === undefined) return false;
    sum += weight * own;
    if (unit === undefined) continue;
    const slope = weight * slopeAt(byName.get(name)!, unit);
    slopes.set(name, slope);
    range += Math.abs(slope);
  }
  const excess = sum > max ? sum - max : sum < min ? sum - min : 0;
  if (active === 0 || Math.abs(excess) <= near * range) return false;
  let square = 0;
  for (const [name, slope] of slopes) {
    const unit = free.get(name)!;
    // At its end an axis cannot give way.
    const isStuck = slope * excess > 0 ? unit <= 0 : unit >= 1;
    if (isStuck) slopes.delete(name);
    else square += slope * slope;
  }
  if (square === 0) return false;
  for (const [name, slope] of slopes) {
    const unit = free.get(name)! - excess * slope / square;
    free.set(name, Math.min(1, Math.max(0, unit)));
  }
  return true;
}

function isLog(parameter: Parameter): boolean {
  return choicesOf(parameter) === null && (parameter as { log: boolean }).log;
}

function valueAt(parameter: Parameter, unit: number): number {
  const { low, high } = ownBounds(parameter) as Bounds;
  return isLog(parameter)
    ? low * (high / low) ** unit
    : low + (high - low) * unit;
}

function slopeAt(parameter: Parameter, unit: number): number {
  const { low, high } = ownBounds(parameter) as Bounds;
  return isLog(parameter)
    ? Math.log(high / low) * valueAt(parameter, unit)
    : high - low;
}

/** Where a value is, as {@linkcode relax} counts. */
export function placeOf(parameter: Parameter, value: number): number {
  const { low, high } = ownBounds(parameter) as Bounds;
  if (low === high) return 0.5;
  return isLog(parameter)
    ? Math.log(value / low) / Math.log(high / low)
    : (value - low) / (high - low);
}

/** The value at such a place. */
export { valueAt as valueOfPlace };
