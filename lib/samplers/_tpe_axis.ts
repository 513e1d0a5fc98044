import {
  cardinality,
  choicesOf,
  fromUnit,
  type Parameter,
  type ParameterValue,
  toUnit,
} from "../space/mod.ts";
import { cellOf, type KernelAxis } from "./_tpe_kernels.ts";

/** More steps than these are taken for a continuum; candidates still lie on them. */
const mostSteps = 64;

/**
 * A parameter as the Parzen estimator sees it: its kernels' domain, and the way
 * from values to coordinates on it. A coordinate is a place in `[0, 1]` on a
 * continuum, otherwise a value's number from 0; NaN where there is no value.
 */
export interface TpeAxis {
  /** The place among the space's parameters. */
  readonly index: number;
  /** What the kernels stand on; null for a parameter of one value, which has nothing to model. */
  readonly kernels: KernelAxis | null;
  /** The coordinate of a value; NaN if it is not, or no longer, allowed. */
  toCoordinate(value: ParameterValue | undefined): number;
  /** Where a coordinate stands in `[0, 1]`. */
  toUnit(coordinate: number): number;
  /** The coordinate of the allowed value nearest to a place in `[0, 1]`. */
  fromUnit(unit: number): number;
}

/** The axis of a parameter. */
export function tpeAxis(parameter: Parameter, index: number): TpeAxis {
  const count = cardinality(parameter);
  const isAllowed = allowedBy(parameter);
  const centerOf = (value: ParameterValue) => toUnit(parameter, value);
  const isCategorical = parameter.kind === "choice" ||
    parameter.kind === "boolean";
  if (!isCategorical && count > mostSteps) {
    return Object.freeze<TpeAxis>({
      index,
      kernels: { kind: "continuous" },
      toCoordinate: (value) => isAllowed(value) ? centerOf(value) : NaN,
      toUnit: (coordinate) => coordinate,
      fromUnit: count === Infinity
        ? (unit) => unit
        : (unit) => centerOf(fromUnit(parameter, unit)),
    });
  }
  const steps = isCategorical ? evenSteps(count) : stepsOf(parameter, count);
  const { centers, edges } = steps;
  return Object.freeze<TpeAxis>({
    index,
    kernels: count === 1
      ? null
      : isCategorical
      ? { kind: "categorical", count }
      : { kind: "stepped", centers, edges },
    toCoordinate: (value) =>
      isAllowed(value) ? cellOf(edges, centerOf(value)) : NaN,
    toUnit: (coordinate) => centers[coordinate]!,
    fromUnit: (unit) => cellOf(edges, unit),
  });
}

function allowedBy(
  parameter: Parameter,
): (value: ParameterValue | undefined) => value is ParameterValue {
  type Test = (value: ParameterValue | undefined) => value is ParameterValue;
  const choices = choicesOf(parameter);
  if (choices !== null) {
    const known = new Set<ParameterValue | undefined>(choices);
    return ((value) => known.has(value)) as Test;
  }
  const { low, high } = parameter as Parameter & { kind: "float" | "int" };
  return ((value) =>
    typeof value === "number" && value >= low && value <= high) as Test;
}

interface Steps {
  readonly centers: Float64Array;
  readonly edges: Float64Array;
}

function evenSteps(count: number): Steps {
  return {
    centers: Float64Array.from({ length: count }, (_, k) => (k + 0.5) / count),
    edges: Float64Array.from({ length: count + 1 }, (_, k) => k / count),
  };
}

/** The steps of a number or order; those of whole numbers on a log scale are not even. */
function stepsOf(parameter: Parameter, count: number): Steps {
  if (parameter.kind !== "int" || !parameter.log || count === 1) {
    return evenSteps(count);
  }
  const { low, high } = parameter;
  const first = Math.log(low - 0.5);
  const width = Math.log(high + 0.5) - first;
  return {
    centers: Float64Array.from(
      { length: count },
      (_, k) => toUnit(parameter, low + k),
    ),
    edges: Float64Array.from(
      { length: count + 1 },
      (_, k) => k === count ? 1 : (Math.log(low - 0.5 + k) - first) / width,
    ),
  };
}
