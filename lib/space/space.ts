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
import { ownValue } from "./_own_value.ts";
import {
  forbiddenRule,
  linearRule,
  predicateRule,
  readRules,
  ruleJSON,
  rulesFor,
} from "./_rule_builders.ts";
import { changedRules } from "./_rule_changes.ts";
import {
  brokenAmong,
  type BrokenRule,
  decidedRules,
  keeps,
} from "./_rule_tests.ts";
import { checkKept, checkPossible } from "./_rule_errors.ts";
import { describeParameter, show } from "./_show.ts";
import { arrange, findParameter, type ParameterTable } from "./_table.ts";
import { ParameterBuilder } from "./builders.ts";
import {
  applyEdits,
  editsBetween,
  type SpaceEdit,
  type SuccessorOptions,
} from "./edit.ts";
import { AllowedPlaces } from "./allowed_places.ts";
import { fromUnit, locate, toUnit } from "./encoding.ts";
import { enumerateGrid, type GridPoints } from "./grid.ts";
import type { ConfigurationOfDefinition, SpaceDefinition } from "./infer.ts";
import type {
  Configuration,
  Parameter,
  ParameterValue,
  Requirement,
} from "./parameter.ts";
import type {
  Combination,
  LinearRuleOptions,
  PredicateRuleOptions,
  Rule,
  RuleOptions,
  Weights,
} from "./rule.ts";

/** Options of {@linkcode Space.validate}. */
export interface ValidateOptions {
  /** Whether the rules have to be kept, too. Defaults to `true`. */
  readonly rules?: boolean;
}

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
  /** Which configurations are allowed, of predicates only the names; absent if all are. */
  readonly rules?: readonly Rule[];
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
 *
 * @example
 * ```ts
 * import { choice, float, space } from "@etude/etude";
 * const s = space({ optimizer: choice(["adam", "sgd"]), momentum: float(0, 1).when({ optimizer: "sgd" }) });
 * s.names; // ["optimizer", "momentum"]
 * s.isConditional; // true
 * ```
 */
export class Space<C = Configuration> {
  /** The parameters in the order given; the order of the unit cube's axes. */
  readonly parameters: readonly Parameter[];
  /** The parameters so that each stands after those it depends on. */
  readonly ordered: readonly Parameter[];
  /** The changes that earlier trials of its study are read through, the oldest first. */
  readonly edits: readonly SpaceEdit[];
  /** What configurations have to keep to beyond the ranges; empty if nothing. */
  readonly rules: readonly Rule[];
  /** The type of the configurations; exists for inference only and is never set. */
  declare readonly configurationType?: C;
  readonly #table: ParameterTable;
  readonly #axes: ReadonlyMap<string, number>;
  readonly #allowed = new Map<string, AllowedPlaces>();
  /** A configuration to be filled, of a space without conditions; else null. */
  readonly #blank: Readonly<Record<string, ParameterValue>> | null;

  /**
   * Made by {@linkcode space} or {@linkcode Space.fromJSON}.
   *
   * @param parameters The canonical parameters.
   * @param edits The changes so far. Defaults to none.
   * @param rules What configurations have to keep to. Defaults to nothing.
   * @param isOpen Whether it may be without parameters, for trials to fill. Defaults to `false`.
   * @throws {RangeError} If there are none, names repeat, conditions cannot
   * hold or go round in a circle, or rules contradict one another.
   */
  constructor(
    parameters: readonly Parameter[],
    edits: readonly SpaceEdit[] = [],
    rules: readonly Rule[] = [],
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
    this.#blank =
      this.parameters.some(({ conditions }) => conditions.length > 0)
        ? null
        : Object.fromEntries(this.parameters.map(({ name }) => [name, 0]));
    this.#table = {
      parameters: this.parameters,
      ordered: this.ordered,
      byName: new Map(this.parameters.map((one) => [one.name, one])),
    };
    this.rules = rulesFor(rules, this.#table.byName);
    Object.freeze(this);
    if (rules.length > 0) checkPossible(this.allowed().contradiction);
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
   * @throws {RangeError} If a name is unknown, missing or inactive, a value
   * is not allowed, or a rule is broken. The message names every problem at once.
   *
   * @example
   * ```ts
   * import { choice, float, space } from "@etude/etude";
   * const s = space({ optimizer: choice(["adam", "sgd"]), momentum: float(0, 1).when({ optimizer: "sgd" }) });
   * s.validate({ optimizer: "adam" }); // { optimizer: "adam" }
   * ```
   */
  validate(configuration: unknown, options: ValidateOptions = {}): C {
    const { rules = true } = options;
    const checked = checkConfiguration(this.#table, configuration, false);
    if (rules) this.#checkRules(checked, this.rules);
    return checked as C;
  }

  /**
   * Like {@linkcode Space.validate} for a configuration of which parts may be
   * missing: what is there is checked, what is not stays open. A parameter that
   * the rest cannot make active is refused.
   *
   * @throws {TypeError} If it is not an object.
   * @throws {RangeError} As in {@linkcode Space.validate}; also if the rules leave
   * nothing for the rest.
   */
  validatePartial(configuration: unknown): Configuration {
    const checked = checkConfiguration(this.#table, configuration, true);
    if (this.rules.length === 0) return checked;
    const isWhole = this.ordered.every(({ name }) =>
      Object.hasOwn(checked, name) || !this.isActive(name, checked)
    );
    this.#checkRules(
      checked,
      isWhole ? this.rules : decidedRules(this.rules, checked),
      isWhole,
    );
    if (!isWhole) checkPossible(this.allowed(checked).contradiction, checked);
    return checked;
  }

  #checkRules(
    checked: Configuration,
    rules: readonly Rule[],
    isWhole = true,
  ): void {
    checkKept(brokenAmong(rules, checked), {
      values: checked,
      mend: () => isWhole ? this.allowed().nearestOrNull(checked) : null,
    });
  }

  /**
   * The same space, in which a combination of values is not allowed. A combination
   * of which a parameter is not active does not count.
   *
   * Samplers never suggest what a rule refuses, and a configuration made by hand is
   * refused with the reason. Rules of this kind are stored with the study; Optuna,
   * working on the same file, knows nothing of them.
   *
   * @param combination For each parameter a value, several of which one is enough,
   * or a range `{ min, max }`, ends included: forbidden is what fits all.
   * @throws {TypeError} If it is of another form.
   * @throws {RangeError} If a name or value is unknown, or nothing is left allowed.
   *
   * @example
   * ```ts
   * import { choice, float, space } from "@etude/etude";
   * const s = space({
   *   optimizer: choice(["adam", "sgd"]),
   *   schedule: choice(["none", "cosine"]),
   *   learningRate: float(1e-4, 1, { log: true }),
   * }).forbid({ optimizer: "sgd", schedule: "none" })
   *   .forbid({ optimizer: "adam", learningRate: { min: 0.1 } });
   * s.allows({ optimizer: "sgd", schedule: "none", learningRate: 0.01 }); // false
   * ```
   */
  forbid(combination: Combination<C>, options: RuleOptions = {}): Space<C> {
    return this.withRules([forbiddenRule(combination, options)]);
  }

  /**
   * The same space, in which a weighted sum of numbers is at most so large. Booleans
   * count 0 or 1. Stored with the study.
   *
   * @param weights A weight for each parameter of the sum.
   * @param max The largest sum allowed, included.
   * @throws {TypeError} If a weight or the sum is not a finite number.
   * @throws {RangeError} If a name is unknown, its values are not numbers, or
   * nothing is left allowed.
   *
   * @example
   * ```ts
   * import { int, space } from "@etude/etude";
   * const s = space({
   *   layers: int(1, 2),
   *   units1: int(16, 512),
   *   units2: int(16, 512).when({ layers: 2 }),
   * }).atMost({ units1: 1, units2: 1 }, 600, { inactive: 0 });
   * s.allows({ layers: 2, units1: 512, units2: 128 }); // false
   * ```
   */
  atMost(
    weights: Weights<C>,
    max: number,
    options: LinearRuleOptions = {},
  ): Space<C> {
    return this.withRules([linearRule(weights, { max }, options)]);
  }

  /**
   * The same space, in which a weighted sum of numbers is at least so large; else as
   * {@linkcode Space.atMost}.
   *
   * @param weights A weight for each parameter of the sum; may be negative.
   * @param min The least sum allowed, included.
   * @throws {TypeError} As there.
   * @throws {RangeError} As there.
   *
   * @example
   * ```ts
   * import { int, space } from "@etude/etude";
   * const s = space({ epochs: int(5, 50), warmup: int(0, 10) })
   *   .atLeast({ epochs: 1, warmup: -2 }, 0);
   * s.allows({ epochs: 10, warmup: 6 }); // false
   * ```
   */
  atLeast(
    weights: Weights<C>,
    min: number,
    options: LinearRuleOptions = {},
  ): Space<C> {
    return this.withRules([linearRule(weights, { min }, options)]);
  }

  /**
   * The same space, in which a condition of one's own has to hold. A function cannot
   * be stored: a study that goes on needs the space that has it.
   *
   * Prefer {@linkcode Space.atMost} and {@linkcode Space.forbid} where they can say
   * it: samplers know where those hold, and of a function only whether it does.
   *
   * @param name What it is called in messages.
   * @param test Whether a configuration is allowed; always the same answer. What is
   * not active is undefined in it.
   * @throws {TypeError} If something is of the wrong kind.
   * @throws {RangeError} If there is a rule of that name, or a name is unknown.
   *
   * @example
   * ```ts
   * import { int, space } from "@etude/etude";
   * const s = space({ heads: int(1, 8), width: int(16, 256) })
   *   .require("width a multiple of heads", ({ width, heads }) => width % heads === 0);
   * s.allows({ heads: 3, width: 64 }); // false
   * ```
   */
  require(
    name: string,
    test: (configuration: C) => boolean,
    options: PredicateRuleOptions<C> = {},
  ): Space<C> {
    return this.withRules([predicateRule(name, test, options)]);
  }

  /** The same space with more rules, in their canonical form. */
  withRules(rules: readonly Rule[]): Space<C> {
    return new Space<C>(this.parameters, this.edits, [...this.rules, ...rules]);
  }

  /**
   * Whether the rules allow a configuration, which is valid otherwise.
   *
   * @throws {RangeError} If a rule's function throws, or was not stored.
   * @throws {TypeError} If it gives neither true nor false.
   */
  allows(configuration: C): boolean {
    return this.rules.every((rule) =>
      keeps(rule, configuration as Configuration)
    );
  }

  /**
   * The rules that a configuration breaks, among those that are known: of a space
   * that was read from a storage not those that are functions.
   */
  brokenRules(configuration: Configuration): readonly BrokenRule[] {
    return brokenAmong(
      this.rules.filter((rule) =>
        rule.kind !== "predicate" || rule.test !== undefined
      ),
      configuration,
    );
  }

  /**
   * Where the rules allow configurations, and ways to get there; for samplers.
   *
   * @param fixed Values that are decided, as {@linkcode Space.validatePartial} gives them.
   */
  allowed(fixed: Configuration = {}): AllowedPlaces {
    const key = JSON.stringify(fixed);
    let found = this.#allowed.get(key);
    if (found === undefined) {
      if (this.#allowed.size >= 50) this.#allowed.clear();
      found = new AllowedPlaces({
        table: this.#table,
        rules: this.rules,
        fixed,
        demands: this.#demandsOf(fixed),
      });
      this.#allowed.set(key, found);
    }
    return found;
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
      (parameter) => locate(parameter, ownValue(active, parameter.name)),
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
      editsBetween(earlier, this, options),
      this.rules,
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
    const parameters = changedParameters(this.parameters, changes);
    const changed = new Space(
      parameters,
      [],
      changedRules(this.rules, parameters, changes),
    );
    return changed.after(this as unknown as Space, {
      before: changes.before,
      dropped: changes.drop,
      droppedRules: changes.dropRules,
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
    // All names at once, where all are active: objects grow slowly.
    const values: Record<string, ParameterValue> = this.#blank === null
      ? {}
      : { ...this.#blank };
    for (const parameter of this.ordered) {
      if (!isActiveAmong(parameter, values)) continue;
      const { name } = parameter;
      const pinned = Object.hasOwn(fixed, name) ? fixed[name] : undefined;
      values[name] = pinned === undefined
        ? valueAt(parameter, unit[this.#axes.get(name)!]!, demands.get(name))
        : pinned;
    }
    return (this.#blank === null
      ? this.arrange(values)
      : Object.freeze(values)) as C;
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
   * A configuration drawn at random, uniformly on each parameter's scale. Where the
   * space has rules it is drawn anew until they allow it, 1,000 times at most; then
   * in another way, nearly uniformly.
   *
   * @param uniform Draws from `[0, 1)`; called once for each parameter, active or
   * not, and with rules so often for each draw.
   * @param fixed Values to take instead of drawn ones.
   * @throws {RangeError} If the rules allow practically nothing.
   */
  sample(uniform: () => number, fixed: Configuration = {}): C {
    if (this.rules.length > 0) return this.allowed(fixed).draw(uniform) as C;
    return this.decode(Float64Array.from(this.parameters, uniform), fixed);
  }

  /**
   * Every configuration of a grid that the rules allow, the last parameter varying
   * fastest.
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
      rules: this.rules,
    }) as readonly C[];
  }

  /** The space as plain JSON. */
  toJSON(): SpaceJSON {
    return {
      version: 1,
      parameters: this.parameters,
      ...(this.parameters.length === 0 ? { open: true } : {}),
      ...(this.edits.length === 0 ? {} : { edits: this.edits }),
      ...(this.rules.length === 0 ? {} : { rules: this.rules.map(ruleJSON) }),
    };
  }

  /** A space without a parameter yet: that of a study whose trials say what they search. */
  static open(): Space {
    return new Space([], [], [], true);
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
      this.rules,
    );
  }

  /**
   * Reads what {@linkcode Space.toJSON} made. Rules that are functions have only
   * their names then.
   *
   * @throws {SyntaxError} If it is of another form or version.
   * @throws {RangeError} If a parameter is not valid.
   */
  static fromJSON(json: unknown): Space {
    const { open } = (json ?? {}) as { open?: unknown };
    return new Space(
      readParameters(json),
      readEdits(json),
      readRules(json),
      open === true,
    );
  }

  /** In words, what values a parameter can take. */
  describe(name: string): string {
    return describeParameter(this.parameter(name));
  }

  /** The parameters and then the rules, one a line, in words. */
  toString(): string {
    return [
      ...this.parameters.map((parameter) =>
        `${parameter.name}: ${describeParameter(parameter)}${
          parameter.conditions.length === 0
            ? ""
            : `, needs ${this.describeConditions(parameter.name)}`
        }`
      ),
      ...this.rules.map(({ name }) => `rule: ${name}`),
    ].join("\n");
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
