/**
 * Where a remedy moves a parameter to: a value of the space, or nowhere if the
 * parameter is at its bound.
 *
 * @module
 */

import {
  cardinality,
  choicesOf,
  type Configuration,
  fromUnit,
  type Parameter,
  type ParameterValue,
  type Space,
  toUnit,
} from "../space/mod.ts";
import type { Remedy } from "./_moves.ts";

/** Below this share of the intended way a bound leaves nothing worth trying. */
const leastOfTheWay = 0.3;

/** Values to try, the intended one first; empty if there is nowhere to go. */
export function targetsOf(
  parameter: Parameter,
  value: ParameterValue,
  { way, factor, units }: Remedy,
): readonly ParameterValue[] {
  const choices = choicesOf(parameter);
  if (choices !== null) {
    if (parameter.kind === "ordinal" || parameter.kind === "boolean") {
      const place = choices.indexOf(value) + (way === "down" ? -1 : 1);
      return way === "any"
        ? choices.filter((one) => one !== value)
        : place < 0 || place >= choices.length
        ? []
        : [choices[place]!];
    }
    return way === "any" ? choices.filter((one) => one !== value) : [];
  }
  if (way === "any" || typeof value !== "number") return [];
  const { low, high } = parameter as Parameter & { kind: "float" | "int" };
  if (low === high) return [];
  const sign = way === "up" ? 1 : -1;
  const count = cardinality(parameter);
  const found: ParameterValue[] = [];
  for (const share of [1, 0.5, 2]) {
    const intended = intendedValue(
      parameter,
      value,
      sign,
      factor,
      units,
      share,
    );
    const target = nearest(parameter, value, intended, sign);
    if (target === null) continue;
    const done = wayBetween(parameter, value, target);
    const wanted = wayBetween(parameter, value, intended);
    // Among few values the next one is enough.
    if (done < leastOfTheWay * wanted && count > 12) continue;
    const neat = tidy(parameter, target, value);
    if (!found.includes(neat)) found.push(neat);
  }
  return found;
}

/** The value of the parameter nearest to the intended one, at least one step away; null at the bound. */
function nearest(
  parameter: Parameter,
  value: number,
  intended: number,
  sign: number,
): number | null {
  const { low, high, log } = parameter as Parameter & { kind: "float" | "int" };
  const at = (wanted: number) => {
    const inside = Math.min(high, Math.max(low, wanted));
    // A place on the axis of a log scale needs a whole number.
    const whole = parameter.kind === "int" ? Math.round(inside) : inside;
    return fromUnit(parameter, toUnit(parameter, whole)) as number;
  };
  const target = at(intended);
  if (sign * (target - value) > 0) return target;
  const { step } = parameter as Parameter & { kind: "float" | "int" };
  if (step === null) return null;
  const next = log ? at(value + sign) : at(value + sign * step);
  return sign * (next - value) > 0 ? next : null;
}

/** The value at a place of the axis, if that lies farther on the way than a target; else null. */
export function farther(
  parameter: Parameter,
  from: ParameterValue,
  target: ParameterValue,
  place: number,
): ParameterValue | null {
  if (typeof from !== "number" || typeof target !== "number") return null;
  const [here, there] = [toUnit(parameter, from), toUnit(parameter, target)];
  if ((place - here) * Math.sign(there - here) <= Math.abs(there - here)) {
    return null;
  }
  const value = tidy(parameter, fromUnit(parameter, place) as number, from);
  return value === target ? null : value;
}

/** The value f times as large, or u of the range on. */
function intendedValue(
  parameter: Parameter,
  value: number,
  sign: number,
  factor: number,
  units: number,
  share: number,
): number {
  const { low, high, log } = parameter as Parameter & { kind: "float" | "int" };
  const f = factor ** (sign * share);
  if (log) {
    // A strength that is next to nothing has to be felt first.
    const weak = parameter.role === "regularization" && sign > 0 &&
      toUnit(parameter, value) < 0.25;
    return weak
      ? Math.max(value * f, fromUnit(parameter, 0.5 * share ** 0.2) as number)
      : value * f;
  }
  const linear = value + sign * units * share * (high - low);
  if (value <= 0 || low < 0) return linear;
  // A small positive number is meant in proportion, a share of 0 … 1 by its range.
  const wide = high > 20 * Math.max(low, 1e-300) && value < 0.2 * high;
  return wide && !/dropout/i.test(parameter.name) ? value * f : linear;
}

/** How far apart two values are on the parameter's own scale; beyond its bounds too. */
function wayBetween(parameter: Parameter, from: number, to: number): number {
  const { low, high, log } = parameter as Parameter & { kind: "float" | "int" };
  if (log) {
    return Math.abs(Math.log(to / from)) / Math.log(high / low);
  }
  return Math.abs(to - from) / (high - low);
}

/** Two digits where the parameter is a continuum: 0.0003, not 0.000299999. */
function tidy(
  parameter: Parameter,
  target: number,
  value: number,
): ParameterValue {
  const { low, high, step } = parameter as Parameter & {
    kind: "float" | "int";
  };
  if (parameter.kind === "int" || step !== null) return target;
  const short = Number(target.toPrecision(2));
  return short >= low && short <= high && short !== value ? short : target;
}

/**
 * A whole valid configuration with one parameter changed: what the change makes
 * inactive goes, what it makes active takes its default, or else its middle;
 * null if it cannot be.
 */
export function withChange(
  space: Space,
  params: Configuration,
  name: string,
  value: ParameterValue,
): Configuration | null {
  const changed: Record<string, ParameterValue> = {};
  for (const parameter of space.ordered) {
    const next: Configuration = changed;
    const active = parameter.conditions.length === 0 ||
      space.isActive(parameter.name, { ...next, [parameter.name]: null });
    if (!active) continue;
    const before = Object.hasOwn(params, parameter.name)
      ? params[parameter.name]
      : undefined;
    changed[parameter.name] = parameter.name === name
      ? value
      : before !== undefined
      ? before
      : parameter.default ?? fromUnit(parameter, 0.5);
  }
  try {
    return Object.hasOwn(changed, name)
      ? space.validate(changed) as Configuration
      : null;
  } catch {
    return null;
  }
}
