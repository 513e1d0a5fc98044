import { changedParameters, type SpaceChanges } from "./_change.ts";
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
import { readEdits, readParameters } from "./_json.ts";
import { exactValue, normalizeParameter, valueProblem } from "./_normalize.ts";
import { describeParameter, show } from "./_show.ts";
import { arrange, findParameter, type ParameterTable } from "./_table.ts";
import { ParameterBuilder } from "./builders.ts";
import {
  applyEdits,
  editsBetween,
  type SpaceEdit,
  type SuccessorOptions,
} from "./edit.ts";
import { fromUnit, locate, toUnit } from "./encoding.ts";
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
  /** That it has no parameter, because trials are to fill it; absent otherwise. */
  readonly open?: true;
  /** How it has changed since its study began; absent if it has not. */
  readonly edits?: readonly SpaceEdit[];
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
  /** The changes that earlier trials of its study are read through, the oldest first. */
  readonly edits: readonly SpaceEdit[];
  /** The type of the configurations; exists for inference only and is never set. */
  declare readonly configurationType?: C;
  readonly #table: ParameterTable;
  readonly #axes: ReadonlyMap<string, number>;

  /**
   * Made by {@linkcode space} or {@linkcode Space.fromJSON}.
   *
   * @param parameters The canonical parameters.
   * @param edits The changes so far. Defaults to none.
   * @param isOpen Whether it may be without parameters, for trials to fill. Defaults to `false`.
   * @throws {RangeError} If there are none, names repeat, or conditions cannot
   * hold or go round in a circle.
   */
  constructor(
    parameters: readonly Parameter[],
    edits: readonly SpaceEdit[] = [],
    isOpen = false,
  ) {
    if (parameters.length === 0 && !isOpen) {
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
    this.edits = Object.freeze([...edits]);
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

  /** Whether some parameters are active in some configurations only. */
  get isConditional(): boolean {
    return this.parameters.some(({ conditions }) => conditions.length > 0);
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
   * Where a configuration stands, also if it is not, or no longer, valid: values
   * outside of their ranges have places outside of the unit cube. What samplers
   * learn from, so that trials made before the space changed count too.
   *
   * @returns `[dimension]`; NaN where a parameter is inactive, missing, or has a
   * value that has no place.
   *
   * @example
   * ```ts
   * import { float, space } from "@etude/etude";
   * space({ x: float(0, 10), y: float(0, 1) }).locate({ x: 15 }); // [1.5, NaN]
   * ```
   */
  locate(configuration: Configuration): Float64Array {
    const active: Record<string, ParameterValue> = {};
    for (const parameter of this.ordered) {
      const { name } = parameter;
      const value = Object.hasOwn(configuration, name)
        ? configuration[name]
        : undefined;
      if (value !== undefined && isActiveAmong(parameter, active)) {
        active[name] = value;
      }
    }
    return Float64Array.from(
      this.parameters,
      (parameter) => locate(parameter, active[parameter.name]),
    );
  }

  /**
   * The same space, as it goes on from an earlier one: trials made with the
   * earlier one can be read with {@linkcode Space.translate}. What is wider,
   * narrower, on another scale or has other values is seen from the two spaces;
   * what is new, gone or renamed is said.
   *
   * @param earlier The space until now.
   * @throws {RangeError} If a new parameter has no value for the trials before, one
   * is gone and nobody said so, or a name stands for two things over time.
   *
   * @example
   * ```ts
   * import { float, space } from "@etude/etude";
   * const before = space({ lr: float(1e-4, 1e-1, { log: true }) });
   * const after = space({ learningRate: float(1e-5, 1, { log: true }), dropout: float(0, 0.5) })
   *   .after(before, { renamed: { lr: "learningRate" }, before: { dropout: 0 } });
   * after.translate({ lr: 0.01 }); // { learningRate: 0.01, dropout: 0 }
   * ```
   */
  after(earlier: Space, options: SuccessorOptions = {}): Space<C> {
    return new Space<C>(
      this.parameters,
      editsBetween(earlier, this.parameters, options),
    );
  }

  /**
   * The space with some changes; a short way to write what
   * {@linkcode Space.after} does. Give it to `createStudy` to go on with a study.
   *
   * @throws {TypeError} If there is no such change, or something added is not a parameter.
   * @throws {RangeError} If a name is unknown, or a change makes no sense.
   *
   * @example
   * ```ts
   * import { choice, float, space } from "@etude/etude";
   * const s = space({ lr: float(1e-4, 1e-2, { log: true }), optimizer: choice(["adam", "sgd"]) });
   * const grown = s.edit({
   *   add: { dropout: float(0, 0.5) },
   *   before: { dropout: 0 },
   *   range: { lr: [1e-5, 1e-1] },
   *   choices: { optimizer: ["adam", "sgd", "lion"] },
   * });
   * grown.translate({ lr: 1e-3, optimizer: "adam" }); // { lr: 1e-3, optimizer: "adam", dropout: 0 }
   * ```
   */
  edit(changes: SpaceChanges): Space {
    const changed = new Space(changedParameters(this.parameters, changes));
    return changed.after(this as unknown as Space, {
      before: changes.before,
      dropped: changes.drop,
      renamed: changes.rename,
      renamedChoices: changes.renameChoices,
    });
  }

  /**
   * A configuration of an earlier trial of the study, in the words of the space
   * as it is now: see {@linkcode Space.after}. Values stay what they were, inside
   * of the ranges or not; what the space does not know, or has inactive, is left
   * out. The same object if there is nothing to change.
   */
  translate(params: Configuration): Configuration {
    if (this.edits.length === 0) return params;
    const values = applyEdits(this.edits, params);
    if (
      values === params && Object.keys(params).every((name) => this.has(name))
    ) {
      return params;
    }
    return this.arrange(
      Object.fromEntries(
        Object.entries(values).filter(([name]) =>
          this.has(name) && this.isActive(name, values)
        ),
      ),
    );
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
    return {
      version: 1,
      parameters: this.parameters,
      ...(this.parameters.length === 0 ? { open: true } : {}),
      ...(this.edits.length === 0 ? {} : { edits: this.edits }),
    };
  }

  /** A space without a parameter yet: that of a study whose trials say what they search. */
  static open(): Space {
    return new Space([], [], true);
  }

  /**
   * The space with one parameter more, at the end, or with another range or list
   * of one that it has. Earlier trials stay what they were, without it.
   *
   * @throws {RangeError} If the parameter is not valid in this space.
   */
  with(parameter: Parameter): Space {
    return new Space(
      this.has(parameter.name)
        ? this.parameters.map((one) =>
          one.name === parameter.name ? parameter : one
        )
        : [...this.parameters, parameter],
      this.edits,
    );
  }

  /**
   * Reads what {@linkcode Space.toJSON} made.
   *
   * @throws {SyntaxError} If it is of another form or version.
   * @throws {RangeError} If a parameter is not valid.
   */
  static fromJSON(json: unknown): Space {
    const { open } = (json ?? {}) as { open?: unknown };
    return new Space(readParameters(json), readEdits(json), open === true);
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
