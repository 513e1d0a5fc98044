/**
 * Places over two parameters that a surrogate can be asked about, the others as
 * the best trial has them.
 *
 * @module
 */

import {
  bestTrial,
  isFeasible,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import {
  choicesOf,
  type Configuration,
  fromUnit,
  type ParameterValue,
} from "../space/mod.ts";
import type { Surrogate } from "../surrogates/mod.ts";
import {
  cellsOf,
  type ChartCell,
  type ChartRow,
  type Column,
  columnsOf,
  rowBudget,
  valueIn,
} from "./_field.ts";
import { rankedTrials, thinTrials } from "./_parameters.ts";
import { round } from "./_scale.ts";

/** How many places along a number. */
const places = 30;
/** How many places along a line. */
const linePlaces = 81;
/** How many places in all. */
const mostPlaces = 1000;
/** How many choices an axis has room for. */
const mostLabels = 24;

/** Two parameters, and the trials that use both. */
export interface Plane {
  /** The two parameters: the horizontal one, the vertical one; fewer if the space has not two. */
  readonly columns: readonly Column[];
  /** Complete trials that use both, the best last: `n`, `v`, `f0`, `f1`; `k` `"not feasible"` of those that violate a constraint. */
  readonly points: readonly ChartRow[];
  /** How many complete trials do not use both parameters. */
  readonly unused: number;
  /** How many complete trials were left out. */
  readonly omitted: number;
  /** The number of the best trial; null without one that is feasible. It may not use both parameters. */
  readonly best: number | null;
}

/** The trials over two parameters: at most 1,500. */
export function planeOf(view: StudyView, names: readonly string[]): Plane {
  const all = rankedTrials(view);
  const whole = columnsOf(view, names);
  const columns = whole.map((column) => withLeadingLabels(column, all));
  const uses = all.filter(({ params }) =>
    whole.every((column) => column.cell(params) !== null)
  );
  const using = uses.filter(({ params }) =>
    columns.every(({ labels, cell }) =>
      labels === null || labels.includes(String(cell(params)))
    )
  );
  const shown = thinTrials(using, rowBudget(2, 400_000, 1500));
  return {
    columns,
    points: shown.map((trial) => ({
      n: trial.number,
      ...isFeasible(trial) ? {} : { k: "not feasible" },
      v: round(trial.value!, 7),
      ...cellsOf(columns, trial),
    })),
    unused: all.length - uses.length,
    omitted: uses.length - shown.length,
    best: all.length > 0 && isFeasible(all.at(-1)!) ? all.at(-1)!.number : null,
  };
}

/** Of very many choices, those of the best trials, in their order. */
function withLeadingLabels(
  column: Column,
  ranked: readonly TrialRecord[],
): Column {
  const { labels, cell } = column;
  if (labels === null || labels.length <= mostLabels) return column;
  const best = new Set<unknown>();
  for (const { params } of ranked.toReversed()) {
    const label = cell(params);
    if (label !== null && best.size < mostLabels) best.add(label);
  }
  return {
    ...column,
    labels: best.size === 0
      ? labels.slice(0, mostLabels)
      : labels.filter((label) => best.has(label)),
  };
}

/** A step along an axis: what the surrogate is asked, and what is drawn. */
interface Step {
  readonly value: ParameterValue;
  readonly from: ChartCell;
  readonly to: ChartCell;
}

function stepsOf(column: Column, most: number): readonly Step[] {
  const { parameter, low, high, log } = column;
  const choices = choicesOf(parameter);
  if (choices !== null) {
    return choices.flatMap((value): Step[] => {
      const from = column.cell({ [parameter.name]: value });
      return from === null || !column.labels!.includes(String(from))
        ? []
        : [{ value, from, to: null }];
    }).slice(0, most);
  }
  const at = (share: number) =>
    round(
      log
        ? Math.exp(Math.log(low) * (1 - share) + Math.log(high) * share)
        : low * (1 - share) + high * share,
    );
  return Array.from({ length: most }, (_, k) => ({
    value: fromUnit(parameter, (k + 0.5) / most),
    from: at(k / most),
    to: at((k + 1) / most),
  }));
}

/** Places of a plane. */
export interface PlanePlaces {
  /** `x` and `y` the place, of numbers with the other side in `x2` and `y2`. */
  readonly rows: readonly ChartRow[];
  /** The same for the surrogate, `[rows, features]`, by rows. */
  readonly points: Float64Array;
}

/** At most 1,000 places over a plane; none where one of the two is not used. */
export function placesOver(
  view: StudyView,
  surrogate: Surrogate,
  [first, second]: readonly [Column, Column],
): PlanePlaces {
  const { space } = view;
  const wide = stepsOf(first, first.labels === null ? places : mostLabels);
  const high = stepsOf(
    second,
    Math.floor(
      Math.min(
        second.labels === null ? places : mostLabels,
        mostPlaces / wide.length,
      ),
    ),
  );
  const pair = [first.parameter.name, second.parameter.name];
  const rest = othersOf(view, pair);
  const middle = new Float64Array(space.dimension).fill(0.5);
  const found: { row: ChartRow; point: Float64Array }[] = [];
  for (const a of wide) {
    for (const b of high) {
      const fixed = { ...rest, [pair[0]!]: a.value, [pair[1]!]: b.value };
      const params = space.decode(middle, fixed);
      if (pair.some((name) => valueIn(params, name) === undefined)) continue;
      found.push({
        row: {
          x: a.from,
          y: b.from,
          ...(a.to === null ? {} : { x2: a.to }),
          ...(b.to === null ? {} : { y2: b.to }),
        },
        point: surrogate.features.encode(space.encode(params)),
      });
    }
  }
  const { dimension } = surrogate.features;
  const points = new Float64Array(found.length * dimension);
  found.forEach(({ point }, i) => points.set(point, i * dimension));
  return { rows: found.map(({ row }) => row), points };
}

/** Places along one parameter. */
export interface LinePlaces {
  /** The parameter's values as cells. */
  readonly cells: readonly ChartCell[];
  /** The same for the surrogate, `[cells, features]`, by rows. */
  readonly points: Float64Array;
}

/** Places along a parameter, ends and all; none where it is not used. */
export function placesAlong(
  view: StudyView,
  surrogate: Surrogate,
  column: Column,
): LinePlaces {
  const { space } = view;
  const { parameter, labels } = column;
  const values: readonly ParameterValue[] = choicesOf(parameter)?.filter((
    value,
  ) => labels!.includes(String(column.cell({ [parameter.name]: value })))) ?? [
    ...new Set(
      Array.from(
        { length: linePlaces },
        (_, k) => fromUnit(parameter, k / (linePlaces - 1)),
      ),
    ),
  ];
  const rest = othersOf(view, [parameter.name]);
  const middle = new Float64Array(space.dimension).fill(0.5);
  const { dimension } = surrogate.features;
  const points = new Float64Array(values.length * dimension);
  values.forEach((value, i) => {
    const params = space.decode(middle, { ...rest, [parameter.name]: value });
    surrogate.features.encode(space.encode(params), points, i * dimension);
  });
  return {
    cells: values.map((value) => column.cell({ [parameter.name]: value })),
    points,
  };
}

/** What the best trial has, but for some parameters and all that decides whether they are used. */
export function othersOf(
  view: StudyView,
  names: readonly string[],
): Configuration {
  const { space } = view;
  const free = new Set(names);
  for (const name of free) {
    for (const { parent } of space.parameter(name).conditions) free.add(parent);
  }
  const best = bestTrial(view)?.params ?? {};
  // A configuration of before the space changed may no longer be allowed.
  return Object.fromEntries(
    Object.entries(best).filter(([name, value]) => {
      if (free.has(name) || value === undefined || !space.has(name)) {
        return false;
      }
      try {
        space.checkValue(name, value);
        return space.parameter(name).conditions
          .every(({ parent }) => !free.has(parent));
      } catch {
        return false;
      }
    }),
  );
}

/** The lowest and the highest of some numbers; null without any. */
export function spanOf(
  values: readonly number[],
): readonly [number, number] | null {
  return values.length === 0 ? null : [
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  ];
}
