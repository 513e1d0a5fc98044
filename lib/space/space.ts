import {
  normalizeParameter,
  orderByDependency,
  valueProblem,
} from "./_normalize.ts";
import { nearest, show } from "./_show.ts";
import { ParameterBuilder, type ParameterDraft } from "./builders.ts";
import { fromUnit, toUnit } from "./encoding.ts";
import { enumerateGrid, type GridPoints } from "./grid.ts";
import type { ConfigurationOf, SpaceDefinition } from "./infer.ts";
import {
  type Configuration,
  type Parameter,
  type ParameterValue,
  snap,
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
  readonly #byName: ReadonlyMap<string, Parameter>;

  /**
   * Made by {@linkcode space} or {@linkcode Space.fromJSON}.
   *
   * @param parameters The canonical parameters.
   * @throws {RangeError} If names repeat, or conditions cannot hold or go round in a circle.
   */
  constructor(parameters: readonly Parameter[]) {
    this.parameters = Object.freeze([...parameters]);
    this.#byName = new Map(
      parameters.map((parameter) => [parameter.name, parameter]),
    );
    if (this.#byName.size < parameters.length) {
      const names = parameters.map((parameter) => parameter.name);
      const twice = names.find((name, index) => names.indexOf(name) !== index)!;
      throw new RangeError(
        `Cannot make the space: the name ${
          show(twice)
        } stands twice; each parameter needs its own`,
      );
    }
    this.ordered = orderByDependency(this.parameters);
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
    return this.#byName.has(name);
  }

  /**
   * The parameter of that name.
   *
   * @throws {RangeError} If there is none.
   */
  parameter(name: string): Parameter {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    throw new RangeError(
      `Cannot find the parameter ${show(name)}: ${this.#unknown(name)}`,
    );
  }

  #unknown(name: string): string {
    const guess = nearest(name, this.names);
    return `the space has ${
      this.names.map(show).join(", ") || "no parameters"
    }${guess === null ? "" : `; did you mean ${show(guess)}?`}`;
  }

  /**
   * Whether a parameter is active in a configuration: its parents are active
   * and have values that satisfy its conditions.
   */
  isActive(name: string, configuration: Configuration): boolean {
    return this.parameter(name).conditions.every((requirement) => {
      const value = Object.hasOwn(configuration, requirement.parent)
        ? configuration[requirement.parent]
        : undefined;
      if (
        value === undefined || !this.isActive(requirement.parent, configuration)
      ) return false;
      if (requirement.values !== undefined) {
        return requirement.values.includes(value);
      }
      const { min = -Infinity, max = Infinity } = requirement;
      return typeof value === "number" && value >= min && value <= max;
    });
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
    return this.#check(configuration, false) as C;
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
    return this.#check(configuration, true);
  }

  #check(given: unknown, partial: boolean): Configuration {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      throw new TypeError(
        `Cannot read the configuration: found ${
          show(given)
        }, expected an object such as { ${this.names[0] ?? "name"}: value }`,
      );
    }
    const entries = Object.entries(given).filter(([, value]) =>
      value !== undefined
    );
    const problems = entries.filter(([name]) => !this.has(name)).map(([name]) =>
      `${show(name)} is not a parameter: ${this.#unknown(name)}`
    );
    const values = new Map<string, unknown>(entries);
    const checked: Record<string, ParameterValue> = {};
    for (const parameter of this.ordered) {
      const { name } = parameter;
      const open = partial && this.#mayBeActive(parameter, values);
      if (!open && !this.isActive(name, checked)) {
        if (values.has(name)) {
          problems.push(
            `${show(name)} is not used here: it needs ${
              this.describeConditions(name)
            }; leave it out`,
          );
        }
        continue;
      }
      const value = values.get(name) ?? (values.has(name) ? null : undefined);
      if (value === undefined) {
        if (partial) continue;
        if (parameter.default === undefined) {
          problems.push(`${show(name)} is missing`);
        } else checked[name] = parameter.default;
        continue;
      }
      const problem = valueProblem(parameter, value);
      if (problem !== null) problems.push(`${show(name)} ${problem}`);
      // Kept even if wrong, so that its children are not reported as unused.
      const step = parameter.kind === "float" ? parameter.step : null;
      checked[name] = problem === null && step !== null
        ? snap(value as number, (parameter as { low: number }).low, step)
        : value as ParameterValue;
    }
    if (problems.length > 0) {
      throw new RangeError(
        `Cannot take the configuration: ${problems.join("; ")}`,
      );
    }
    return this.arrange(checked);
  }

  #mayBeActive(
    parameter: Parameter,
    values: ReadonlyMap<string, unknown>,
  ): boolean {
    return parameter.conditions.every((requirement) => {
      const parent = this.parameter(requirement.parent);
      if (!this.#mayBeActive(parent, values)) return false;
      if (!values.has(parent.name)) return true;
      const value = values.get(parent.name) as ParameterValue;
      if (requirement.values !== undefined) {
        return requirement.values.includes(value);
      }
      const { min = -Infinity, max = Infinity } = requirement;
      return typeof value === "number" && value >= min && value <= max;
    });
  }

  /** In words, what a parameter needs to be active; "nothing" if it always is. */
  describeConditions(name: string): string {
    const parts = this.parameter(name).conditions.map(
      ({ parent, values, min, max }) => {
        if (values !== undefined) {
          return `${parent} ${values.length === 1 ? "to be" : "to be one of"} ${
            values.map(show).join(", ")
          }`;
        }
        if (min !== undefined && max !== undefined) {
          return `${parent} to be between ${min} and ${max}`;
        }
        return min !== undefined
          ? `${parent} to be at least ${min}`
          : `${parent} to be at most ${max}`;
      },
    );
    return parts.join(" and ") || "nothing";
  }

  /** The same values, frozen, in the space's order. */
  arrange(values: Configuration): Configuration {
    const arranged: Record<string, ParameterValue> = {};
    for (const { name } of this.parameters) {
      if (!Object.hasOwn(values, name)) continue;
      const value = values[name];
      if (value !== undefined) arranged[name] = value;
    }
    return Object.freeze(arranged);
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
   * are not looked at. Places outside the cube are moved to its edge.
   *
   * @param unit Shape `[dimension]`, in the order of {@linkcode Space.parameters}.
   * @param fixed Values to take instead of the place's.
   * @throws {RangeError} If the length is not the dimension.
   */
  decode(unit: ArrayLike<number>, fixed: Configuration = {}): C {
    if (unit.length !== this.dimension) {
      throw new RangeError(
        `Cannot decode the place in the unit cube: it has ${unit.length} numbers, expected ${this.dimension}`,
      );
    }
    const axis = new Map(
      this.parameters.map((parameter, index) => [parameter.name, index]),
    );
    const values: Record<string, ParameterValue> = {};
    for (const parameter of this.ordered) {
      const { name } = parameter;
      if (!this.isActive(name, values)) continue;
      const pinned = Object.hasOwn(fixed, name) ? fixed[name] : undefined;
      values[name] = pinned === undefined
        ? fromUnit(parameter, unit[axis.get(name)!]!)
        : pinned;
    }
    return this.arrange(values) as C;
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
   * @throws {RangeError} If a continuum has no number of points, or the grid
   * has more than 1,000,000 configurations.
   *
   * @example
   * ```ts
   * import { choice, float, space } from "@etude/etude";
   * const s = space({ rate: float(1e-4, 1e-2, { log: true }), optimizer: choice(["adam", "sgd"]) });
   * s.grid({ points: { rate: 3 } }).length; // 6
   * ```
   */
  grid(options: GridOptions = {}): readonly C[] {
    return enumerateGrid(this, options.points);
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
    const { version, parameters } = (json ?? {}) as Partial<SpaceJSON>;
    if (version !== 1 || !Array.isArray(parameters)) {
      throw new SyntaxError(
        `Cannot read the space: found ${
          show(json)
        }, expected { version: 1, parameters: [...] }`,
      );
    }
    return new Space(parameters.map((parameter: unknown) => {
      const { name, ...draft } = (parameter ?? {}) as ParameterDraft & {
        name: unknown;
      };
      if (typeof name !== "string" || !Array.isArray(draft.conditions)) {
        throw new SyntaxError(
          `Cannot read the space: found the parameter ${
            show(parameter)
          }, expected an object with a name and conditions`,
        );
      }
      return normalizeParameter(name, draft);
    }));
  }

  /** The parameters, one a line, in words. */
  toString(): string {
    return this.parameters.map((parameter) =>
      `${parameter.name}: ${describe(parameter)}${
        parameter.conditions.length === 0
          ? ""
          : `, needs ${this.describeConditions(parameter.name)}`
      }`
    ).join("\n");
  }
}

function describe(parameter: Parameter): string {
  switch (parameter.kind) {
    case "float":
    case "int": {
      const step = parameter.step === null ||
          parameter.kind === "int" && parameter.step === 1
        ? ""
        : `, step ${parameter.step}`;
      return `${parameter.kind} in [${parameter.low}, ${parameter.high}]${
        parameter.log ? ", log" : ""
      }${step}`;
    }
    case "boolean":
      return "boolean";
    default:
      return `${parameter.kind} of ${parameter.choices.map(show).join(", ")}`;
  }
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
): Space<ConfigurationOf<D>> {
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
  const entries = Object.entries(definition);
  if (entries.length === 0) {
    throw new RangeError(
      "Cannot make the space: it has no parameters, expected at least one",
    );
  }
  return new Space(entries.map(([name, builder]) => {
    if (!(builder instanceof ParameterBuilder)) {
      throw new TypeError(
        `Cannot make the parameter ${show(name)}: found ${
          show(builder)
        }, expected float(…), int(…), choice(…), ordinal(…) or boolean(…)`,
      );
    }
    return normalizeParameter(name, builder.draft);
  }));
}
