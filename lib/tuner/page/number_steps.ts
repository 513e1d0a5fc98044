/// <reference lib="dom" />
import {
  type FloatParameter,
  fromUnit,
  type IntParameter,
  toUnit,
} from "../../space/mod.ts";

/** A parameter that is a number. */
export type NumberParameter = FloatParameter | IntParameter;

/** A number of a continuum with no more digits than a hand can mean. */
export function roundTo(
  { low, high, kind, step }: NumberParameter,
  value: number,
): number {
  if (kind === "int" || step !== null) return value;
  const short = Number(value.toPrecision(3));
  return Math.min(high, Math.max(low, short));
}

/** The value after a key, or null if the key moves nothing. */
export function stepped(
  parameter: NumberParameter,
  value: number,
  { key, shiftKey }: KeyboardEvent,
): number | null {
  const { low, high, step, log } = parameter;
  if (key === "Home") return low;
  if (key === "End") return high;
  const sign = key === "ArrowRight" || key === "ArrowUp" || key === "PageUp"
    ? 1
    : key === "ArrowLeft" || key === "ArrowDown" || key === "PageDown"
    ? -1
    : 0;
  if (sign === 0) return null;
  const many = shiftKey || key.startsWith("Page");
  if (step !== null && !log) {
    const far = Math.max(1, Math.round((high - low) / step / 10));
    const next = value + sign * step * (many ? far : 1);
    return fromUnit(
      parameter,
      toUnit(parameter, Math.min(high, Math.max(low, next))),
    ) as number;
  }
  const next = fromUnit(
    parameter,
    toUnit(parameter, value) + sign * (many ? 0.1 : 0.01),
  ) as number;
  const clean = roundTo(parameter, next);
  // A step of a log scale may be less than one whole number.
  if (clean !== value || parameter.kind !== "int") return clean;
  return Math.min(high, Math.max(low, value + sign * (step ?? 1)));
}
