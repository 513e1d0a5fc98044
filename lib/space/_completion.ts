/**
 * Configurations that keep to the linear rules and the forbidden combinations, one
 * parameter after another, each among the values that those before it leave.
 * Where none is left, the last decision is taken back.
 *
 * @module
 */

import { isActiveAmong, narrow, satisfies } from "./_conditions.ts";
import {
  type Bounds,
  type BoundsByName,
  drawIn,
  halvesOf,
  ownBounds,
} from "./_domains.ts";
import { ownValue } from "./_own_value.ts";
import { type Left, leftOf, valueAlong, valuesNear } from "./_segments.ts";
import { choicesOf, gridValue } from "./parameter.ts";
import type {
  Configuration,
  Parameter,
  ParameterValue,
  Requirement,
} from "./parameter.ts";
import type { ForbiddenRule, LinearRule, Rule } from "./rule.ts";

/** After so many decisions the search is given up. */
const mostDecisions = 3000;

/** What is completed. */
export interface CompletionSetting {
  /** Each after those it depends on. */
  readonly ordered: readonly Parameter[];
  readonly rules: readonly Rule[];
  readonly fixed: Configuration;
  /** What must hold for the fixed parameters to be active, by parent. */
  readonly demands: ReadonlyMap<string, readonly Requirement[]>;
}

/** How it ended. */
export type Completed =
  | { readonly values: Configuration }
  /** Nothing was found; with `proven`, nothing exists. */
  | {
    readonly values: null;
    readonly proven: boolean;
    readonly blame: Rule | null;
  };

/** Which values to try, the best first. */
type Choose = (
  parameter: Parameter,
  left: Left,
) => readonly ParameterValue[];

type Values = Record<string, ParameterValue | undefined>;

/** Completes configurations of one space and one choice of fixed values. */
export class Completion {
  readonly #parameters: readonly Parameter[];
  readonly #byName: ReadonlyMap<string, Parameter>;
  readonly #fixed: Configuration;
  readonly #linear: readonly LinearRule[];
  readonly #halves: ReturnType<typeof halvesOf>;
  readonly #forbidden: readonly ForbiddenRule[];
  readonly #start: BoundsByName;
  readonly #isConditional: boolean;
  /** The parameters in sums. */
  readonly #bound: ReadonlySet<string>;
  /** The parameters that, once decided, draw in the bounds of others. */
  readonly #drawing: ReadonlySet<string>;
  /** The parameters on which it may hang whether anything is left of another. */
  readonly #decisive: ReadonlySet<string>;

  constructor({ ordered, rules, fixed, demands }: CompletionSetting) {
    this.#fixed = fixed;
    this.#parameters = ordered.map((parameter) => {
      const asked = demands.get(parameter.name);
      return asked === undefined
        ? parameter
        : narrow(parameter, asked) ?? parameter;
    });
    this.#byName = new Map(this.#parameters.map((one) => [one.name, one]));
    this.#linear = rules.filter((rule) => rule.kind === "linear");
    this.#halves = halvesOf(this.#linear);
    this.#forbidden = rules.filter((rule) => rule.kind === "forbidden");
    this.#isConditional = ordered.some((one) => one.conditions.length > 0);
    this.#start = new Map();
    this.#bound = new Set(
      this.#linear.flatMap(({ weights }) => Object.keys(weights)),
    );
    this.#decisive = new Set([
      ...this.#bound,
      ...this.#forbidden.flatMap(({ where }) => where.map((r) => r.parent)),
      ...ordered.flatMap(({ conditions }) => conditions.map((r) => r.parent)),
    ]);
    this.#drawing = this.#halves.length === 0 ? new Set() : new Set([
      ...this.#bound,
      ...ordered.flatMap(({ conditions }) => conditions.map((r) => r.parent)),
    ]);
    for (const name of this.#bound) {
      const parameter = this.#byName.get(name)!;
      const value = ownValue(fixed, name);
      this.#start.set(
        name,
        value === undefined
          ? ownBounds(parameter)!
          : { low: Number(value), high: Number(value) },
      );
    }
  }

  /** Whether there is anything to complete by. */
  get isEmpty(): boolean {
    return this.#linear.length === 0 && this.#forbidden.length === 0;
  }

  /** A configuration as near to the wanted one as the order of the parameters lets it be. */
  near(wanted: (parameter: Parameter) => ParameterValue): Completed {
    return this.#complete(
      this.#parameters,
      (parameter, left) => valuesNear(parameter, left, wanted(parameter)),
    );
  }

  /**
   * The configuration at a place, where each parameter's axis stands for the
   * values that those before it leave.
   *
   * @param place A parameter's place in `[0, 1]`.
   * @param shuffle Puts the parameters into another order; parents stay first.
   */
  along(
    place: (parameter: Parameter) => number,
    shuffle: (parameters: readonly Parameter[]) => readonly Parameter[] = (
      same,
    ) => same,
  ): Completed {
    return this.#complete(
      this.#parentsFirst(shuffle(this.#parameters)),
      (parameter, left) => {
        const first = valueAlong(parameter, left, place(parameter));
        return first === undefined
          ? []
          : [first, ...valuesNear(parameter, left, first).slice(0, 12)];
      },
    );
  }

  #parentsFirst(parameters: readonly Parameter[]): readonly Parameter[] {
    if (!this.#isConditional) return parameters;
    const placed: Parameter[] = [];
    const done = new Set<string>();
    const visit = (parameter: Parameter): void => {
      if (done.has(parameter.name)) return;
      done.add(parameter.name);
      for (const { parent } of parameter.conditions) {
        visit(this.#byName.get(parent)!);
      }
      placed.push(parameter);
    };
    // A condition decides about what rules speak of: it comes first of all.
    for (const { conditions } of parameters) {
      for (const { parent } of conditions) visit(this.#byName.get(parent)!);
    }
    parameters.forEach(visit);
    return placed;
  }

  #complete(order: readonly Parameter[], choose: Choose): Completed {
    const ranks = this.#ranksOf(order);
    let decisions = 0;
    let blame: Rule | null = null;
    // Whether, where nothing was found, each value left had been tried.
    let wasEach = true;
    const step = (
      index: number,
      values: Values,
      bounds: BoundsByName,
    ): Values | null => {
      const parameter = order[index];
      if (parameter === undefined) return values;
      if (!isActiveAmong(parameter, values)) {
        return step(index + 1, values, bounds);
      }
      const { name } = parameter;
      const own = bounds.get(name) ?? this.#boundsOf(parameter);
      const excluded = this.#excluded(name, values);
      const fixed = ownValue(this.#fixed, name);
      let candidates: readonly ParameterValue[];
      let count = 1;
      if (fixed !== undefined) candidates = [fixed];
      else {
        const left = leftOf(parameter, own, excluded.map(([one]) => one));
        count = left.kind === "values" ? left.values.length : Infinity;
        candidates = choose(parameter, left);
        if (candidates.length === 0) blame ??= excluded[0]?.[1] ?? null;
        if (!this.#decisive.has(name)) candidates = candidates.slice(0, 1);
      }
      for (const value of candidates) {
        if (++decisions > mostDecisions) return null;
        const next = { ...values, [name]: value };
        if (
          fixed !== undefined && excluded.some(([one]) => satisfies(one, fixed))
        ) {
          blame ??= excluded[0]![1];
          continue;
        }
        let drawn = bounds;
        if (this.#drawing.has(name)) {
          drawn = new Map(bounds);
          if (this.#bound.has(name)) {
            drawn.set(name, { low: Number(value), high: Number(value) });
          }
          const broken = this.#drawIn(drawn, next, ranks, index + 1);
          if (broken !== null) {
            blame ??= broken;
            continue;
          }
        }
        const found = step(index + 1, next, drawn);
        if (found !== null || decisions > mostDecisions) return found;
      }
      if (candidates.length > 0 && this.#decisive.has(name)) {
        wasEach &&= new Set(candidates).size >= count;
      }
      return null;
    };
    const bounds = new Map(this.#start);
    const broken = this.#drawIn(bounds, {}, ranks, 0);
    if (broken !== null) return { values: null, proven: true, blame: broken };
    const values = step(0, {}, bounds);
    return values === null
      ? {
        values: null,
        // Of a continuum not every value was tried.
        proven: decisions <= mostDecisions && wasEach,
        blame,
      }
      : { values };
  }

  /** In which place each parameter is decided; null where activity is known beforehand. */
  #ranksOf(order: readonly Parameter[]): ReadonlyMap<string, number> | null {
    return this.#isConditional
      ? new Map(order.map(({ name }, index) => [name, index]))
      : null;
  }

  #boundsOf(parameter: Parameter): Bounds | null {
    return choicesOf(parameter) === null ? ownBounds(parameter) : null;
  }

  #drawIn(
    bounds: BoundsByName,
    values: Values,
    ranks: ReadonlyMap<string, number> | null,
    from: number,
  ): LinearRule | null {
    if (this.#halves.length === 0) return null;
    const isOpen = (name: string) => ranks!.get(name)! >= from;
    const isActive = (name: string): boolean | null => {
      // What is fixed is meant to be active.
      if (ranks === null || ownValue(this.#fixed, name) !== undefined) {
        return true;
      }
      if (!isOpen(name)) return ownValue(values, name) !== undefined;
      const { conditions } = this.#byName.get(name)!;
      if (conditions.length === 0) return true;
      let known: boolean | null = true;
      for (const requirement of conditions) {
        const { parent } = requirement;
        const value = ownValue(values, parent) ?? ownValue(this.#fixed, parent);
        if (value === undefined && isOpen(parent)) known = null;
        else if (!satisfies(requirement, value)) {
          return false;
        }
      }
      return known;
    };
    return drawIn(bounds, this.#halves, {
      isActive,
      round: (name, within) => this.#round(name, within),
    });
  }

  /** Bounds moved inwards onto values that the parameter has. */
  #round(name: string, { low, high }: Bounds): Bounds {
    const parameter = this.#byName.get(name)!;
    if (choicesOf(parameter) !== null) return { low, high };
    const { step, low: first } = parameter as {
      step: number | null;
      low: number;
    };
    if (step === null) return { low, high };
    return {
      low: gridValue(Math.ceil((low - first) / step - 1e-9), first, step),
      high: gridValue(Math.floor((high - first) / step + 1e-9), first, step),
    };
  }

  /** What a parameter must not satisfy, since everything else of a forbidden combination holds; with the rule. */
  #excluded(
    name: string,
    values: Values,
  ): (readonly [Requirement, ForbiddenRule])[] {
    const found: (readonly [Requirement, ForbiddenRule])[] = [];
    for (const rule of this.#forbidden) {
      const own = rule.where.find(({ parent }) => parent === name);
      if (own === undefined) continue;
      const others = rule.where.every((requirement) =>
        requirement === own ||
        satisfies(requirement, ownValue(values, requirement.parent))
      );
      if (others) found.push([own, rule]);
    }
    return found;
  }
}
