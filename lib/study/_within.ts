import { type Parameter, snap, Space } from "../space/mod.ts";
import type { Ranges } from "./ask_options.ts";

const narrowed = new WeakMap<Space, Map<string, Space>>();

/**
 * A space whose numbers reach less far. The same ranges give the same object,
 * because surrogates remember what they have learnt by the space.
 *
 * @throws {RangeError} If a name is unknown or not that of a number, or a range
 * is empty or does not lie in that of the space.
 */
export function narrowSpace(space: Space, ranges: Ranges): Space {
  const names = Object.keys(ranges).filter((name) => ranges[name] != null);
  if (names.length === 0) return space;
  const key = JSON.stringify(names.sort().map((name) => [name, ranges[name]]));
  let bySpace = narrowed.get(space);
  if (bySpace === undefined) narrowed.set(space, bySpace = new Map());
  let found = bySpace.get(key);
  if (found === undefined) {
    if (bySpace.size >= 20) bySpace.clear();
    const changed = new Map(
      names.map((name) => [name, narrow(space, name, ranges[name]!)]),
    );
    found = new Space(
      space.parameters.map((one) => changed.get(one.name) ?? one),
      space.edits,
      space.rules,
    );
    bySpace.set(key, found);
  }
  return found;
}

function narrow(
  space: Space,
  name: string,
  range: readonly [number, number],
): Parameter {
  const about = `Cannot narrow the range of ${JSON.stringify(name)}`;
  const parameter = space.parameter(name);
  if (parameter.kind !== "float" && parameter.kind !== "int") {
    throw new RangeError(
      `${about}: it is a ${parameter.kind}, expected a number`,
    );
  }
  const isRange = Array.isArray(range) && range.length === 2 &&
    range.every((end) => typeof end === "number" && Number.isFinite(end));
  if (!isRange) {
    throw new TypeError(
      `${about}: found ${
        JSON.stringify(range) ?? String(range)
      }, expected [low, high]`,
    );
  }
  const exact = (value: number) =>
    parameter.step === null
      ? value
      : snap(value, parameter.low, parameter.step);
  const [low, high] = [exact(range[0]), exact(range[1])];
  if (!(low >= parameter.low && high <= parameter.high && low < high)) {
    throw new RangeError(
      `${about}: [${low}, ${high}] is not a part of [${parameter.low}, ${parameter.high}]`,
    );
  }
  const { default: start, ...rest } = parameter;
  const keeps = start !== undefined && start >= low && start <= high;
  return Object.freeze({
    ...rest,
    low,
    high,
    ...(keeps ? { default: start } : {}),
  }) as Parameter;
}
