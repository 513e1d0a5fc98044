import {
  bestTrial,
  type Curve,
  feasibleFirst,
  isBetter,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { minMaxIndices } from "./_downsample.ts";
import {
  cellsOf,
  type ChartRow,
  type Column,
  columnsOf,
  fieldsOf,
} from "./_field.ts";
import { curveRange, drawable, round } from "./_scale.ts";
import { seriesOf, type Split } from "../curves/mod.ts";
import { objectiveOf } from "./_spec.ts";
import { cleanText, formatNumber } from "./_text.ts";

/** A quantity that curves show, e.g. the loss: a plot of its own. */
export interface CurveQuantity {
  /** Its name, without the part that says on which data it was measured. */
  readonly name: string;
  /** The values shown, `[low, high]`; null if there are none. */
  readonly range: readonly [number, number] | null;
}

/** What {@linkcode learningCurveRows} gives. */
export interface LearningCurveRows {
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /** The trials shown: `t` the number, `label`, and the parameters. */
  readonly trials: readonly ChartRow[];
  /**
   * The points: `t` the trial, `q` the index of the quantity, `s` the data
   * (`"train"`, `"validation"`, `"test"`, `"reported"` where the name does not
   * say), `g` the piece of line it belongs to (a gap begins a new one), `x` the
   * step, `y` the value, and `lonely` where the piece has one point.
   */
  readonly points: readonly ChartRow[];
  /** The quantities, the objective's first. */
  readonly quantities: readonly CurveQuantity[];
  /** How many gaps were met: NaN, infinite values, on a logarithmic axis 0 and less. */
  readonly gaps: number;
  /** The names of quantities that were left out. */
  readonly omittedQuantities: readonly string[];
}

/** What was asked for, after the defaults. */
export interface CurveChoice {
  /** The numbers of the trials; undefined for the best and the latest. */
  readonly trials?: readonly number[];
  /** The names of the curves; undefined for all. */
  readonly series?: readonly string[];
  /** Whether the values stand on a logarithmic axis. */
  readonly logY: boolean;
  /** The most points of all curves together. */
  readonly points: number;
}

/** The rows, with what the drawing needs beside them. */
export interface CurveData extends LearningCurveRows {
  readonly columns: readonly Column[];
  readonly splits: readonly Split[];
  readonly logY: boolean;
}

const mostPanels = 4;
const mostTrials = 6;

/** The best few trials with curves, twice as many as the latest; by number. */
export function chooseTrials(
  view: StudyView,
  most: number,
): readonly TrialRecord[] {
  const { direction } = objectiveOf(view);
  const withCurves = view.trials.filter(({ curves }) =>
    [...curves.values()].some(({ values }) =>
      values.some((value) => drawable(value))
    )
  );
  const ranked = withCurves
    .filter(({ state, value }) => state === "complete" && value !== null)
    .sort((a, b) =>
      feasibleFirst(a, b) !== 0
        ? feasibleFirst(a, b)
        : isBetter(a.value!, b.value!, direction)
        ? -1
        : isBetter(b.value!, a.value!, direction)
        ? 1
        : a.number - b.number
    );
  const latest = [...withCurves].reverse();
  const chosen = new Set([
    ...ranked.slice(0, most - Math.floor(most / 3)),
    ...latest.slice(0, Math.floor(most / 3)),
    ...ranked,
    ...latest,
  ]);
  return [...chosen].slice(0, most).sort((a, b) => a.number - b.number);
}

function labelOf(view: StudyView, trial: TrialRecord): string {
  const { number, state, value } = trial;
  const notes = state === "complete"
    ? [
      ...(trial === bestTrial(view) ? ["best"] : []),
      ...(trial === view.trials.at(-1) ? ["latest"] : []),
    ]
    : [state];
  const result = value === null ? "" : ` · ${formatNumber(value)}`;
  return `trial ${number}${result}${
    notes.length === 0 ? "" : ` (${notes.join(", ")})`
  }`;
}

/** The rows of some trials' curves. */
export function curveData(view: StudyView, choice: CurveChoice): CurveData {
  const { logY } = choice;
  const trials = choice.trials === undefined
    ? chooseTrials(view, mostTrials)
    : view.trials.filter(({ number }) => choice.trials!.includes(number));
  const columns = columnsOf(view);
  const named = seriesOf(
    new Set(view.trials.flatMap(({ curves }) => [...curves.keys()])),
  );
  const wanted = choice.series === undefined ? null : new Set(choice.series);
  const curves = trials.flatMap((trial) =>
    [...trial.curves.values()]
      .filter(({ name }) => wanted === null || wanted.has(name))
      .map((curve) => ({ trial, curve, ...named.get(curve.name)! }))
  );

  // The objective's own quantity stands on top.
  const aim = named.get(objectiveOf(view).name)?.quantity;
  const all = [...new Set(curves.map(({ quantity }) => quantity))].sort(
    (a, b) => Number(b === aim) - Number(a === aim),
  );
  const quantities = all.slice(0, mostPanels);
  const panels = quantities.map((quantity) => ({
    quantity,
    values: [] as number[],
  }));

  const shown = curves.filter(({ quantity }) => quantities.includes(quantity));
  const budget = Math.max(
    8,
    Math.floor(choice.points / Math.max(1, shown.length)),
  );
  const rows: ChartRow[] = [];
  let segment = 0;
  let gaps = 0;
  for (const { trial, curve, quantity, split } of shown) {
    const q = quantities.indexOf(quantity);
    const ys = curve.values.map((value) => drawable(value, logY) ? value : NaN);
    segment++;
    let open = false;
    for (const index of withGaps(ys, minMaxIndices(ys, budget))) {
      const y = ys[index]!;
      if (Number.isNaN(y)) {
        gaps++;
        if (open) segment++;
        open = false;
        continue;
      }
      open = true;
      panels[q]!.values.push(y);
      rows.push({
        t: trial.number,
        q,
        s: split,
        g: segment,
        x: curve.steps[index]!,
        y: round(y),
      });
    }
  }
  return {
    columns,
    fields: fieldsOf(columns),
    trials: trials.map((trial) => ({
      t: trial.number,
      label: labelOf(view, trial),
      ...cellsOf(columns, trial),
    })),
    points: markLonely(rows),
    quantities: panels.map(({ quantity, values }) => {
      const range = curveRange(values);
      return { name: cleanText(quantity), range };
    }),
    gaps,
    omittedQuantities: all.slice(mostPanels).map((name) => cleanText(name)),
    splits: (["validation", "train", "test", "reported"] as const).filter((
      split,
    ) => shown.some((curve) => curve.split === split)),
    logY,
  };
}

/** The places kept, and where a gap begins between two of them. */
function withGaps(ys: readonly number[], kept: readonly number[]): number[] {
  const places: number[] = [];
  let last = -1;
  for (const index of kept) {
    for (let i = last + 1; i < index; i++) {
      if (Number.isNaN(ys[i]!)) {
        places.push(i);
        break;
      }
    }
    places.push(index);
    last = index;
  }
  return places;
}

/** Marks the points that no line would show, having no neighbour. */
function markLonely(rows: readonly ChartRow[]): ChartRow[] {
  const sizes = new Map<unknown, number>();
  for (const { g } of rows) sizes.set(g, (sizes.get(g) ?? 0) + 1);
  return rows.map((row) =>
    sizes.get(row.g) === 1 ? { ...row, lonely: true } : row
  );
}

/** A curve in words: `validation loss 2.31 → 0.42`. */
export function describeCurve(curve: Curve): string {
  const { name, values } = curve;
  const first = values.find((value) => !Number.isNaN(value));
  const last = values.findLast((value) => !Number.isNaN(value));
  return first === undefined || last === undefined
    ? `${cleanText(name)} NaN`
    : `${cleanText(name)} ${formatNumber(first)} → ${formatNumber(last)}`;
}
