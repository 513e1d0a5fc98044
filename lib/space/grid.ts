import { isActiveAmong, narrow, satisfies } from "./_conditions.ts";
import { logMix, mix } from "./_mix.ts";
import { exactValue, valueProblem } from "./_normalize.ts";
import { keeps } from "./_rule_tests.ts";
import { show } from "./_show.ts";
import { arrange, findParameter, type ParameterTable } from "./_table.ts";
import { fromUnit } from "./encoding.ts";
import {
  cardinality,
  choicesOf,
  type Configuration,
  gridValue,
  type Parameter,
  type ParameterValue,
  type Requirement,
} from "./parameter.ts";
import { namesIn, type Rule } from "./rule.ts";

/**
 * How many values each number takes in a grid: one count for all, or a count
 * or a list of values by name.
 */
export type GridPoints =
  | number
  | Readonly<Record<string, number | readonly ParameterValue[]>>;

/** A grid of more configurations than this is refused. */
const largestGrid = 1_000_000;
/** Rules may refuse as many before the rest is not looked at. */
const mostLooks = 5_000_000;

/**
 * The values that one parameter takes in a grid: all of them where they are
 * few or no count is given, else `points` values spread evenly over the
 * parameter's scale, both ends included.
 *
 * @param points How many values, at least 1; or the values themselves.
 * @throws {RangeError} If a continuum has no count, or a value is not allowed.
 */
export function axisOf(
  parameter: Parameter,
  points?: number | readonly ParameterValue[],
): readonly ParameterValue[] {
  const about = `Cannot make a grid over ${show(parameter.name)}`;
  if (Array.isArray(points)) {
    if (points.length === 0) {
      throw new RangeError(
        `${about}: its list of values is empty, expected at least one`,
      );
    }
    for (const value of points) {
      const problem = valueProblem(parameter, value);
      if (problem === null) continue;
      throw new RangeError(`${about}: a value in the list ${problem}`);
    }
    return [...new Set(points.map((value) => exactValue(parameter, value)))];
  }
  const count = cardinality(parameter);
  const asked = points as number | undefined;
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1)) {
    throw new RangeError(
      `${about}: the number of points is ${
        show(asked)
      }, expected a whole number of at least 1`,
    );
  }
  const choices = choicesOf(parameter);
  if (choices !== null) return choices;
  if (asked === undefined && !Number.isFinite(count)) {
    throw new RangeError(
      `${about}: it is a continuum, so the grid needs a number of points, e.g. { points: 5 } or { points: { ${parameter.name}: 5 } }, or give the parameter a step`,
    );
  }
  if (asked === undefined && count > largestGrid) {
    throw new RangeError(
      `${about}: it has ${
        count.toLocaleString("en-US")
      } values, more than a grid's ${
        largestGrid.toLocaleString("en-US")
      }; give it a number of points, e.g. { points: { ${parameter.name}: 5 } }`,
    );
  }
  const { kind, low, high, log, step } = parameter as Parameter & {
    kind: "float" | "int";
  };
  if (asked === undefined || asked >= count) {
    return Array.from(
      { length: count },
      (_, index) => gridValue(index, low, step!),
    );
  }
  if (asked === 1) return [fromUnit(parameter, 0.5)];
  const values = Array.from({ length: asked }, (_, index) => {
    const t = index / (asked - 1);
    const raw = log ? logMix(low, high, t) : mix(low, high, t);
    const onGrid = step === null
      ? raw
      : gridValue(Math.round((raw - low) / step), low, step);
    return Math.min(
      high,
      Math.max(low, kind === "int" ? Math.round(onGrid) : onGrid),
    );
  });
  return [...new Set(values)];
}

/** What {@linkcode enumerateGrid} takes. */
export interface EnumerationOptions {
  /** As in `GridOptions`. */
  readonly points: GridPoints | undefined;
  /** As in `GridOptions`. */
  readonly fixed: Configuration;
  /** What must hold for the fixed parameters to be active, by parent. */
  readonly demands: ReadonlyMap<string, readonly Requirement[]>;
  /** What configurations have to keep to. */
  readonly rules: readonly Rule[];
}

/**
 * Enumerates a grid, the last parameter varying fastest. A conditional
 * parameter takes part only where it is active, so no configuration comes twice.
 *
 * @throws {RangeError} If a continuum has no number of points, a name is not
 * in the space, or the grid has more than 1,000,000 configurations.
 */
export function enumerateGrid(
  table: ParameterTable,
  options: EnumerationOptions,
): readonly Configuration[] {
  const { points, fixed, demands, rules } = options;
  if (typeof points === "object" && points !== null) {
    for (const name of Object.keys(points)) findParameter(table, name);
  }
  const axes = table.ordered.map((parameter) => {
    const { name } = parameter;
    const pinned = Object.hasOwn(fixed, name) ? fixed[name] : undefined;
    if (pinned !== undefined) return [pinned];
    const own = typeof points === "object" && points !== null
      ? (Object.hasOwn(points, name) ? points[name] : undefined)
      : points;
    return withinDemands(parameter, own, demands.get(name) ?? []);
  });
  const found: Configuration[] = [];
  const values: Record<string, ParameterValue | undefined> = {};
  const due = rulesDue(table, rules);
  let looked = 0;
  const extend = (index: number): void => {
    if (due !== null && due[index]!.some((rule) => !keeps(rule, values))) {
      if (++looked > mostLooks) throw tooFew();
      return;
    }
    const parameter = table.ordered[index];
    if (parameter === undefined) {
      if (found.length >= largestGrid) {
        throw new RangeError(
          `Cannot make the grid: it has more than ${
            largestGrid.toLocaleString("en-US")
          } configurations; take fewer points or another sampler`,
        );
      }
      found.push(arrange(table, values));
      return;
    }
    if (!isActiveAmong(parameter, values)) return extend(index + 1);
    for (const value of axes[index]!) {
      values[parameter.name] = value;
      extend(index + 1);
    }
    values[parameter.name] = undefined;
  };
  extend(0);
  return Object.freeze(found);
}

/** For each number of decided parameters the rules that they decide; null without rules. */
function rulesDue(
  { ordered }: ParameterTable,
  rules: readonly Rule[],
): Rule[][] | null {
  if (rules.length === 0) return null;
  const positions = new Map(ordered.map(({ name }, index) => [name, index]));
  const due = Array.from({ length: ordered.length + 1 }, (): Rule[] => []);
  for (const rule of rules) {
    // A function may look at anything, and wants whole configurations.
    const last = rule.kind === "predicate"
      ? ordered.length - 1
      : Math.max(...namesIn(rule).map((name) => positions.get(name)!));
    due[last + 1]!.push(rule);
  }
  return due;
}

function tooFew(): RangeError {
  return new RangeError(
    `Cannot make the grid: the rules refused ${
      mostLooks.toLocaleString("en-US")
    } of its configurations; take fewer points or another sampler`,
  );
}

/** The values of an axis that meet what is asked of the parameter. */
function withinDemands(
  parameter: Parameter,
  points: number | readonly ParameterValue[] | undefined,
  demands: readonly Requirement[],
): readonly ParameterValue[] {
  const all = axisOf(parameter, points);
  if (demands.length === 0) return all;
  const fitting = all.filter((value) =>
    demands.every((requirement) => satisfies(requirement, value))
  );
  if (fitting.length > 0 || Array.isArray(points)) return fitting;
  const narrowed = narrow(parameter, demands);
  return narrowed === null ? [] : axisOf(narrowed, points)
    .map((value) => exactValue(parameter, value));
}
