/**
 * What values the parameters may still take, when some are decided, by the linear
 * rules alone: bounds are drawn in until nothing changes.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | w | `weight` | a parameter's weight in a rule |
 * | x | | its value, in `[low, high]` |
 * | L | `least` | the least that the sum's other parts can be |
 * | U | `max` | the largest sum allowed |
 *
 * w x + L ≤ U, so that x ≤ (U − L)/w for w > 0, and x ≥ (U − L)/w for w < 0; a
 * least sum is the same with all signs turned.
 *
 * Source: bounds consistency, as in any text on constraint programming, e.g.
 * Schulte and Stuckey, "When do bounds and domain propagation lead to the same
 * search space?" (2005).
 *
 * @module
 */

import { choicesOf, type Parameter } from "./parameter.ts";
import { type LinearRule, summand } from "./rule.ts";

/** Between which values a parameter still lies, ends included. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Bounds by name, of parameters that are numbers or booleans. */
export type BoundsByName = Map<string, Bounds>;

/** Rules that draw in each other's bounds for ever are stopped. */
const mostRounds = 60;
/** What rounding may move a bound by, as a share of its largest part. */
const slack = 1e-12;
/** So much too little room is the work of rounding. */
const noRoom = 1e-10;

/** The bounds of a parameter by its own range; null if it is no number. */
export function ownBounds(parameter: Parameter): Bounds | null {
  const choices = choicesOf(parameter);
  if (choices === null) {
    const { low, high } = parameter as { low: number; high: number };
    return { low, high };
  }
  const numbers = choices.map(summand);
  return numbers.some(Number.isNaN)
    ? null
    : { low: Math.min(...numbers), high: Math.max(...numbers) };
}

/** A rule as one of sums that must not be too large. */
interface HalfRule {
  readonly rule: LinearRule;
  readonly names: readonly string[];
  readonly weights: readonly number[];
  readonly max: number;
}

/** The halves of rules, made once for a space. */
export function halvesOf(rules: readonly LinearRule[]): readonly HalfRule[] {
  return rules.flatMap((rule) => {
    const names = Object.keys(rule.weights);
    const weights = names.map((name) => rule.weights[name]!);
    const { min, max } = rule;
    return [
      ...(max === undefined ? [] : [{ rule, names, weights, max }]),
      ...(min === undefined
        ? []
        : [{ rule, names, weights: weights.map((w) => -w), max: -min }]),
    ];
  });
}

/** What is known of the parameters while they are being decided. */
export interface Activity {
  /** Whether a parameter is active; null while that is open. */
  (name: string): boolean | null;
}

/**
 * Draws in the bounds, in place.
 *
 * @param round Moves a bound inwards onto a value that the parameter has.
 * @returns The rule that nothing can keep to; null if there is none.
 */
export function drawIn(
  bounds: BoundsByName,
  halves: readonly HalfRule[],
  { isActive, round }: {
    readonly isActive: Activity;
    readonly round: (name: string, bounds: Bounds) => Bounds;
  },
): LinearRule | null {
  for (let turn = 0; turn < mostRounds; turn++) {
    let changed = false;
    for (const half of halves) {
      const outcome = drawInBy(half, bounds, { isActive, round });
      if (outcome === "broken") return half.rule;
      changed ||= outcome === "changed";
    }
    if (!changed) return null;
  }
  return null;
}

function drawInBy(
  { rule, names, weights, max }: HalfRule,
  bounds: BoundsByName,
  { isActive, round }: Parameters<typeof drawIn>[2],
): "same" | "changed" | "broken" {
  const { inactive } = rule;
  const parts: number[] = [];
  let least = 0;
  let size = Math.abs(max);
  let anyActive = false;
  for (let i = 0; i < names.length; i++) {
    const active = isActive(names[i]!);
    if (active === true) anyActive = true;
    if (active !== true && inactive === undefined) return "same";
    const { low, high } = bounds.get(names[i]!)!;
    const weight = weights[i]!;
    const own = weight > 0 ? weight * low : weight * high;
    const gone = weight * (inactive ?? 0);
    const part = active === true
      ? own
      : active === false
      ? gone
      : Math.min(own, gone);
    parts.push(part);
    least += part;
    size = Math.max(size, Math.abs(part));
  }
  // Of parameters that are all inactive, or may be, nothing is asked.
  if (!anyActive) return "same";
  if (max - least < -noRoom * size) return "broken";
  const room = Math.max(0, max - least) + slack * size;
  let outcome: "same" | "changed" = "same";
  for (let i = 0; i < names.length; i++) {
    if (isActive(names[i]!) !== true) continue;
    const weight = weights[i]!;
    const before = bounds.get(names[i]!)!;
    // From the end where its part is least, so far can it go.
    const reach = room / Math.abs(weight);
    const after = weight > 0
      ? { low: before.low, high: Math.min(before.high, before.low + reach) }
      : { low: Math.max(before.low, before.high - reach), high: before.high };
    const gain = (before.high - before.low) - (after.high - after.low);
    if (!(gain > 1e-9 * (before.high - before.low))) continue;
    const rounded = round(names[i]!, after);
    if (rounded.low > rounded.high) return "broken";
    bounds.set(names[i]!, rounded);
    if (rounded.low !== before.low || rounded.high !== before.high) {
      outcome = "changed";
    }
  }
  return outcome;
}
