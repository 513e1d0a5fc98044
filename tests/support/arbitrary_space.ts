/**
 * Random spaces for property tests with fast-check: every kind of parameter,
 * logarithms, steps, defaults, and conditions on earlier parameters.
 *
 * @module
 */

import fc from "fast-check";
import {
  boolean,
  choice,
  type Condition,
  type Configuration,
  float,
  fromUnit,
  int,
  ordinal,
  ParameterBuilder,
  type ParameterValue,
  type Space,
  space,
} from "../../lib/space/mod.ts";

type Builder = ParameterBuilder<ParameterValue, unknown>;

/** Options of {@linkcode arbitrarySpace}. */
export interface ArbitrarySpaceOptions {
  /** The most parameters that a space has. Defaults to `6`. */
  readonly maxParameters?: number;
  /** Whether some parameters are under conditions. Defaults to `true`. */
  readonly conditions?: boolean;
  /** Whether continua are left out, so that every parameter has a count of values. Defaults to `false`. */
  readonly finite?: boolean;
}

/** Some names trip code that takes objects for maps. */
const names = [
  "learningRate",
  "units",
  "constructor",
  "a.b",
  "toString",
  "weight decay",
  "größe",
  "x",
  "valueOf",
  "y",
] as const;

const continua: fc.Arbitrary<Builder> = fc.oneof(
  fc.tuple(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
  ).map(([low, width]) => float(low, low + width)),
  fc.tuple(fc.integer({ min: -12, max: 6 }), fc.integer({ min: 0, max: 12 }))
    .map(([from, orders]) =>
      float(10 ** from, 10 ** (from + orders), { log: true })
    ),
);

const counted: fc.Arbitrary<Builder> = fc.oneof(
  fc.tuple(
    fc.integer({ min: -20, max: 20 }),
    fc.integer({ min: 0, max: 20 }),
    fc.constantFrom(0.1, 0.25, 0.05, 1, 1 / 3, 1e-4),
  ).map(([first, count, step]) =>
    float(first * step, (first + count) * step, { step })
  ),
  fc.tuple(
    fc.integer({ min: -1000, max: 1000 }),
    fc.integer({ min: 0, max: 200 }),
    fc.integer({ min: 1, max: 9 }),
  ).map(([low, width, step]) => int(low, low + width, { step })),
  fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 960 }))
    .map(([low, width]) => int(low, low + width, { log: true })),
  fc.uniqueArray(fc.constantFrom("a", "b", "", "ü", 2.5, -3, null, true), {
    minLength: 1,
    maxLength: 4,
  }).map((values) => choice(values)),
  fc.uniqueArray(fc.constantFrom(0, 1, 8, 64, 0.5), {
    minLength: 1,
    maxLength: 4,
  }).map((values) => ordinal(values)),
  fc.constant(boolean()),
);

/** How a parameter hangs on earlier ones: raw numbers, read as far as they make sense. */
interface Hook {
  readonly parents: readonly number[];
  readonly units: readonly number[];
  readonly form: "value" | "values" | "min" | "max" | "between";
}

const hooks: fc.Arbitrary<Hook> = fc.record({
  parents: fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 2 }),
  units: fc.tuple(unitNumber(), unitNumber()),
  form: fc.constantFrom("value", "values", "min", "max", "between"),
});

/** A number in `[0, 1)`. */
function unitNumber(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
}

/** A random valid space. */
export function arbitrarySpace(
  options: ArbitrarySpaceOptions = {},
): fc.Arbitrary<Space> {
  const { maxParameters = 6, conditions = true, finite = false } = options;
  const parts = fc.record({
    builder: finite ? counted : fc.oneof(continua, counted),
    start: fc.option(unitNumber()),
    hook: conditions ? fc.option(hooks) : fc.constant(null),
  });
  return fc.tuple(
    fc.shuffledSubarray([...names], {
      minLength: 1,
      maxLength: Math.min(maxParameters, names.length),
    }),
    fc.array(parts, { minLength: names.length, maxLength: names.length }),
  ).map(([chosen, all]) => {
    const definition: Record<string, Builder> = {};
    const above = new Map<string, ReadonlySet<string>>();
    chosen.forEach((name, index) => {
      const { builder, start, hook } = all[index]!;
      const plain = start === null ? builder : withDefault(builder, start);
      const earlier = chosen.slice(0, index);
      const parents = hook === null ? [] : parentsOf(hook, earlier, above);
      definition[name] = parents.length === 0 ? plain : plain.when(
        Object.fromEntries(parents.map((parent) => [
          parent,
          wanted(definition[parent]!, hook!),
        ])) as Condition,
      );
      above.set(
        name,
        new Set(parents.flatMap((parent) => [parent, ...above.get(parent)!])),
      );
    });
    return space(definition);
  });
}

/** A random place in a space's unit cube, `[dimension]`, in `[0, 1)`. */
export function arbitraryUnit(space: Space): fc.Arbitrary<number[]> {
  const length = space.dimension;
  return fc.array(unitNumber(), { minLength: length, maxLength: length });
}

/** A random space and a random valid configuration of it. */
export function arbitraryConfigured(
  options: ArbitrarySpaceOptions = {},
): fc.Arbitrary<{ space: Space; configuration: Configuration }> {
  return arbitrarySpace(options).chain((space) =>
    arbitraryUnit(space).map((unit) => ({
      space,
      configuration: space.decode(unit),
    }))
  );
}

/**
 * A random space and some of the values of a valid configuration of it, as a
 * person may fix them: children also without their parents.
 */
export function arbitraryFixed(
  options: ArbitrarySpaceOptions = {},
): fc.Arbitrary<{ space: Space; fixed: Configuration }> {
  return arbitraryConfigured(options).chain(({ space, configuration }) =>
    fc.subarray(Object.keys(configuration)).map((kept) => ({
      space,
      fixed: space.validatePartial(
        Object.fromEntries(kept.map((name) => [name, configuration[name]])),
      ),
    }))
  );
}

/** One parent, or two that do not hang together, so that both conditions can hold. */
function parentsOf(
  hook: Hook,
  earlier: readonly string[],
  above: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  if (earlier.length === 0) return [];
  const [first, second] = hook.parents.map((n) => earlier[n % earlier.length]!);
  const apart = second !== undefined && second !== first &&
    above.get(second)!.size === 0 && !above.get(first!)!.has(second);
  return apart ? [first!, second] : [first!];
}

function wanted(parent: Builder, hook: Hook): Condition[string] {
  const [a, b] = hook.units.map((unit) => valueOf(parent, unit)) as [
    ParameterValue,
    ParameterValue,
  ];
  if (typeof a !== "number" || typeof b !== "number" || mixed(parent)) {
    return hook.form === "value" ? a : [...new Set([a, b])];
  }
  switch (hook.form) {
    case "value":
      return a;
    case "values":
      return [...new Set([a, b])];
    case "min":
      return { min: a };
    case "max":
      return { max: a };
    case "between":
      return { min: Math.min(a, b), max: Math.max(a, b) };
  }
}

/** Whether it is a list that has other things than numbers: no range is asked of it. */
function mixed(builder: Builder): boolean {
  return builder.draft.choices?.some((value) => typeof value !== "number") ??
    false;
}

function withDefault(builder: Builder, unit: number): Builder {
  return new ParameterBuilder({
    ...builder.draft,
    default: valueOf(builder, unit),
  });
}

/** The value of the parameter at a place in `[0, 1)`, conditions aside. */
function valueOf(builder: Builder, unit: number): ParameterValue {
  const alone = new ParameterBuilder({ ...builder.draft, conditions: [] });
  return fromUnit(space({ alone }).parameter("alone"), unit);
}
