import { checkConfiguration } from "./_check.ts";
import {
  demandsOf,
  describeConditions,
  isActiveAmong,
  narrow,
  orderByDependency,
  satisfies,
  withExactConditions,
} from "./_conditions.ts";
import { readParameters } from "./_json.ts";
import { exactValue, normalizeParameter, valueProblem } from "./_normalize.ts";
import { describeParameter, show } from "./_show.ts";
import { arrange, findParameter, type ParameterTable } from "./_table.ts";
import { ParameterBuilder } from "./builders.ts";
import { fromUnit, toUnit } from "./encoding.ts";
import { enumerateGrid, type GridPoints } from "./grid.ts";
import type { ConfigurationOfDefinition, SpaceDefinition } from "./infer.ts";
import type {
  Configuration,
  Parameter,
  ParameterValue,
  Requirement,
} from "./parameter.ts";

/** A space as plain JSON: what storage keeps and {@linkcode Space.fromJSON} reads. */
export interface SpaceJSON {
  /** The version of this form. */
  readonly version: 1;
  /** The parameters in their canonical form. */
  readonly parameters: readonly Parameter[];
}

/** Options of {@linkcode Space.grid}. */
export interface GridOptions {
  /**
   * How many values each number takes, for all or by name; or lists of values
   * by name. Defaults to every value, which a continuum does not have.
   */
  readonly points?: GridPoints;
  /**
   * Values that are already decided, in place of their parameters' axes. The
   * parents' values are those that make them active. Defaults to none.
   */
  readonly fixed?: Configuration;
}

/**
 * A search space: the parameters to tune, with their ranges and conditions.
 * Immutable. `C` is the type of the configurations it samples.
 */
export class Space<C = Configuration> {
  /** The parameters in the order given; the order of the unit cube's axes. */
  readonly parameters: readonly Parameter[];
  /** The parameters so that each stands after those it depends on. */
  readonly ordered: readonly Parameter[];
  /** The type of the configurations; exists for inference only and is never set. */
  declare readonly configurationType?: C;
  readonly #table: ParameterTable;
  readonly #axes: ReadonlyMap<string, number>;

  /**
   * Made by {@linkcode space} or {@linkcode Space.fromJSON}.
   *
   * @param parameters The canonical parameters.
   * @throws {RangeError} If there are none, names repeat, or conditions cannot
   * hold or go round in a circle.
   */
  constructor(parameters: readonly Parameter[]) {
    if (parameters.length === 0) {
      throw new RangeError(
        "Cannot make the space: it has no parameters, expected at least one",
      );
    }
    this.parameters = Object.freeze(withExactConditions(parameters));
    this.#axes = new Map(
      this.parameters.map((parameter, axis) => [parameter.name, axis]),
    );
    if (this.#axes.size < parameters.length) {
      const names = parameters.map((parameter) => parameter.name);
      const twice = names.find((name, index) => names.indexOf(name) !== index)!;
      throw new RangeError(
        `Cannot make the space: the name ${
          show(twice)
        } stands twice; each parameter needs its own`,
      );
    }
    this.ordered = orderByDependency(this.parameters);
    this.#table = {
      parameters: this.parameters,
      ordered: this.ordered,
      byName: new Map(this.parameters.map((one) => [one.name, one])),
    };
    Object.freeze(this);
  }

  /** How many parameters there are, active or not: the dimension of the unit cube. */
  get dimension(): number {
    return this.parameters.length;
  }

  /** The names, in the order given. */
  get names(): readonly string[] {
    return this.parameters.map((parameter) => parameter.name);
  }

  /** Whether the space has a parameter of that name. */
  has(name: string): boolean {
    return this.#axes.has(name);
  }

  /**
   * The parameter of that name.
   *
   * @throws {RangeError} If there is none.
   */
  parameter(name: string): Parameter {
    return findParameter(this.#table, name);
  }

  /**
   * Whether a parameter is active in a configuration: its parents are active
   * and have values that satisfy its conditions.
   */
  isActive(name: string, configuration: Configuration): boolean {
    const known = new Map<string, boolean>();
    const visit = (name: string): boolean => {
      const before = known.get(name);
      if (before !== undefined) return before;
      const active = this.parameter(name).conditions.every((requirement) => {
        const { parent } = requirement;
        return Object.hasOwn(configuration, parent) &&
          satisfies(requirement, configuration[parent]) && visit(parent);
      });
      known.set(name, active);
      return active;
    };
    return visit(name);
  }

  /**
   * Throws if a value is not allowed for a parameter.
   *
   * @throws {RangeError} If it is not, saying what is.
   */
  checkValue(name: string, value: unknown): void {
    const problem = valueProblem(this.parameter(name), value);
    if (problem !== null) {
      throw new RangeError(
        `Cannot take the value of ${show(name)}: it ${problem}`,
      );
    }
  }

  /**
   * Checks a configuration and gives it back frozen, in the space's order,
   * with steps exact and defaults filled in for active parameters left out.
   *
   * @throws {TypeError} If it is not an object.
   * @throws {RangeError} If a name is unknown, missing or inactive, or a value
   * is not allowed. The message names every problem at once.
   *
   * @example
   * ```ts
   * import { choice, float, space } from "@etude/etude";
   * const s = space({ optimizer: choice(["adam", "sgd"]), momentum: float(0, 1).when({ optimizer: "sgd" }) });
   * s.validate({ optimizer: "adam" }); // { optimizer: "adam" }
   * ```
   */
  validate(configuration: unknown): C {
    return checkConfiguration(this.#table, configuration, false) as C;
  }

  /**
   * Like {@linkcode Space.validate} for a configuration of which parts may be
   * missing: what is there is checked, what is not stays open. A parameter that
   * the rest cannot make active is refused.
   *
   * @throws {TypeError} If it is not an object.
   * @throws {RangeError} As in {@linkcode Space.validate}.
   */
  validatePartial(configuration: unknown): Configuration {
    return checkConfiguration(this.#table, configuration, true);
  }

  /** In words, what a parameter needs to be active; "nothing" if it always is. */
  describeConditions(name: string): string {
    return describeConditions(this.parameter(name));
  }

  /** The same values, frozen, in the space's order. */
  arrange(values: Configuration): Configuration {
    return arrange(this.#table, values);
  }

  /**
   * A configuration's place in the unit cube, `[dimension]`, each axis in
   * `[0, 1]` in the order of {@linkcode Space.parameters}; NaN where a
   * parameter is inactive.
   */
  encode(configuration: C): Float64Array {
    const values = configuration as Configuration;
    return Float64Array.from(this.parameters, (parameter) => {
      const value = Object.hasOwn(values, parameter.name)
        ? values[parameter.name]
        : undefined;
      return value === undefined ? NaN : toUnit(parameter, value);
    });
  }

  /**
   * The configuration at a place in the unit cube. Axes of inactive parameters
   * are not looked at. Places outside the cube are moved to its edge; NaN counts
   * as the middle.
   *
   * @param unit Shape `[dimension]`, in the order of {@linkcode Space.parameters}.
   * @param fixed Values to take instead of the place's, as
   * {@linkcode Space.validatePartial} gives them. A parent that is not fixed
   * takes one of the values that make the fixed parameters active.
   * @throws {RangeError} If the length is not the dimension.
   */
  decode(unit: ArrayLike<number>, fixed: Configuration = {}): C {
    if (unit.length !== this.dimension) {
      throw new RangeError(
        `Cannot decode the place in the unit cube: it has ${unit.length} numbers, expected ${this.dimension}`,
      );
    }
    const demands = this.#demandsOf(fixed);
    const values: Record<string, ParameterValue> = {};
    for (const parameter of this.ordered) {
      if (!isActiveAmong(parameter, values)) continue;
      const { name } = parameter;
      const pinned = Object.hasOwn(fixed, name) ? fixed[name] : undefined;
      values[name] = pinned === undefined
        ? valueAt(parameter, unit[this.#axes.get(name)!]!, demands.get(name))
        : pinned;
    }
    return this.arrange(values) as C;
  }

  #demandsOf(
    fixed: Configuration,
  ): ReadonlyMap<string, readonly Requirement[]> {
    const names = Object.keys(fixed).filter((name) =>
      fixed[name] !== undefined
    );
    return demandsOf(names, this.#table.byName);
  }

  /**
   * A configuration drawn at random, uniformly on each parameter's scale.
   *
   * @param uniform Draws from `[0, 1)`; called once for each parameter, active or not.
   * @param fixed Values to take instead of drawn ones.
   */
  sample(uniform: () => number, fixed: Configuration = {}): C {
    return this.decode(Float64Array.from(this.parameters, uniform), fixed);
  }

  /**
   * Every configuration of a grid, the last parameter varying fastest.
   *
   * @throws {RangeError} If a parameter has no number of points and is a
   * continuum or has more than 1,000,000 values, or if the grid has more than
   * 1,000,000 configurations.
   *
   * @example
   * ```ts
   * import { choice, float, space } from "@etude/etude";
   * const s = space({ rate: float(1e-4, 1e-2, { log: true }), optimizer: choice(["adam", "sgd"]) });
   * s.grid({ points: { rate: 3 } }).length; // 6
   * ```
   */
  grid(options: GridOptions = {}): readonly C[] {
    const { points, fixed = {} } = options;
    return enumerateGrid(this.#table, {
      points,
      fixed,
      demands: this.#demandsOf(fixed),
    }) as readonly C[];
  }

  /** The space as plain JSON. */
  toJSON(): SpaceJSON {
    return { version: 1, parameters: this.parameters };
  }

  /**
   * Reads what {@linkcode Space.toJSON} made.
   *
   * @throws {SyntaxError} If it is of another form or version.
   * @throws {RangeError} If a parameter is not valid.
   */
  static fromJSON(json: unknown): Space {
    return new Space(readParameters(json));
  }

  /** In words, what values a parameter can take. */
  describe(name: string): string {
    return describeParameter(this.parameter(name));
  }

  /** The parameters, one a line, in words. */
  toString(): string {
    return this.parameters.map((parameter) =>
      `${parameter.name}: ${describeParameter(parameter)}${
        parameter.conditions.length === 0
          ? ""
          : `, needs ${this.describeConditions(parameter.name)}`
      }`
    ).join("\n");
  }
}

/** The value at a place of a parameter of which certain requirements are to hold. */
function valueAt(
  parameter: Parameter,
  unit: number,
  demands: readonly Requirement[] | undefined,
): ParameterValue {
  if (demands === undefined) return fromUnit(parameter, unit);
  const value = fromUnit(narrow(parameter, demands) ?? parameter, unit);
  // Steps counted from a narrower range's end could differ in the last digits.
  return exactValue(parameter, value);
}

/**
 * Makes a search space from parameters by name. The type of the
 * configurations it samples is inferred, conditions included.
 *
 * @param definition The parameters, made with `float`, `int`, `choice`,
 * `ordinal` and `boolean`.
 * @throws {TypeError} If something in it is not a parameter.
 * @throws {RangeError} If a range, list, default or condition makes no sense.
 *
 * @example
 * ```ts
 * import { choice, float, int, space } from "@etude/etude";
 * const s = space({
 *   learningRate: float(1e-4, 1e-1, { log: true }),
 *   units: int(16, 512, { log: true }),
 *   optimizer: choice(["adam", "sgd"]),
 *   momentum: float(0.5, 0.99).when({ optimizer: "sgd" }),
 * });
 * s.validate({ learningRate: 0.01, units: 64, optimizer: "sgd", momentum: 0.9 });
 * ```
 */
export function space<const D extends SpaceDefinition>(
  definition: D,
): Space<ConfigurationOfDefinition<D>> {
  if (
    typeof definition !== "object" || definition === null ||
    Array.isArray(definition)
  ) {
    throw new TypeError(
      `Cannot make the space: found ${
        show(definition)
      }, expected an object of parameters such as { learningRate: float(1e-4, 1e-1, { log: true }) }`,
    );
  }
  return new Space(
    Object.entries(definition).map(([name, builder]) => {
      if (!(builder instanceof ParameterBuilder)) {
        throw new TypeError(
          `Cannot make the parameter ${show(name)}: found ${
            show(builder)
          }, expected float(…), int(…), choice(…), ordinal(…) or boolean(…)`,
        );
      }
      return normalizeParameter(name, builder.draft);
    }),
  );
}
