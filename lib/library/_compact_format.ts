/**
 * Many studies in one small file: what a library needs of them and no more.
 *
 * | part | bytes | what |
 * |---|---|---|
 * | mark | 8 | `étudelib` in Latin-1 |
 * | size | 4 | of the header, little-endian |
 * | header | | deflated JSON: spaces, notes on origin and license, an entry a study |
 * | bodies | | deflated blocks, read when a study's trials are asked for |
 *
 * A configuration is a place of 16 bits a parameter: the number of the value if
 * there are at most 65,535, else 65,535 steps over its scale; 65,535 stands
 * for inactive. Values are floats of 32 bits; a curve keeps at most 32 points of
 * 16 bits between the least and the largest value, without outliers. Studies
 * with the same configurations share their block.
 *
 * @module
 */

import {
  cardinality,
  choicesOf,
  fromUnit,
  gridValue,
  locate,
  type Parameter,
  type ParameterValue,
} from "../space/mod.ts";

/** A curve's name, steps, and the values that its codes run between. */
export interface CurveEntry {
  readonly name: string;
  readonly steps: readonly number[];
  readonly low: number;
  readonly high: number;
}

/** A study in the header. */
export interface StudyEntry {
  readonly name: string;
  readonly objective: readonly [string, "min" | "max"];
  /** The task without its data, and these as an index; null for none. */
  readonly task: readonly [unknown, number | null] | null;
  readonly space: number;
  readonly origin: number;
  readonly trials: number;
  readonly curves: readonly CurveEntry[];
  /** Blocks of configurations and of values with curves: offset and length. */
  readonly params: readonly [number, number];
  readonly values: readonly [number, number];
}

/** What the header holds. */
export interface Header {
  readonly version: 1;
  readonly spaces: readonly unknown[];
  readonly origins: readonly string[];
  /** What was measured of data sets, which several studies may share; without what is null. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly studies: readonly StudyEntry[];
}

/** What a compact library begins with. */
export const mark = Uint8Array.of(
  0xe9,
  0x74,
  0x75,
  0x64,
  0x65,
  0x6c,
  0x69,
  0x62,
);
/** Inactive, or missing. */
export const nothing = 0xffff;
/** How many steps a scale has. */
export const steps = nothing - 1;

/** A value as 16 bits. */
export function codeOf(
  parameter: Parameter,
  value: ParameterValue | undefined,
): number {
  if (value === undefined) return nothing;
  const choices = choicesOf(parameter);
  if (choices !== null) return choices.indexOf(value);
  const { low, step } = parameter as { low: number; step: number | null };
  if (cardinality(parameter) <= nothing) {
    return step === null ? 0 : Math.round(((value as number) - low) / step);
  }
  const place = Math.min(1, Math.max(0, locate(parameter, value)));
  return Math.round(steps * place);
}

/** The value that {@linkcode codeOf} made. */
export function valueOf(parameter: Parameter, code: number): ParameterValue {
  const choices = choicesOf(parameter);
  if (choices !== null) return choices[code]!;
  const { low, high, step } = parameter as {
    low: number;
    high: number;
    step: number | null;
  };
  if (cardinality(parameter) <= nothing) {
    return step === null ? low : Math.min(high, gridValue(code, low, step));
  }
  return fromUnit(parameter, code / steps);
}
