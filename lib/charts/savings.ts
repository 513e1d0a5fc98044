import { isBetter, isFeasible, type StudyView } from "../records/mod.ts";
import type { ChartRow } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { trialAxis, valueAxis } from "./_encodings.ts";
import { axisDomain, clamp, round, valueRange } from "./_scale.ts";
import {
  chartOf,
  noValueYet,
  objectiveOf,
  objectiveTitle,
  type Part,
} from "./_spec.ts";
import { count } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode savingsChart}. */
export interface SavingsOptions {
  /** The title. Defaults to `"What the warm start saved, <study>"`. */
  readonly title?: string;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `260`. */
  readonly height?: number;
  /** Whether the cold runs are real ones, not simulated. Defaults to `false`. */
  readonly isReal?: boolean;
}

/** What {@linkcode savingsRows} gives. */
export interface SavingsRows {
  /** The study's best so far: `n` the trial, `v` where it is drawn. */
  readonly warm: readonly ChartRow[];
  /** The cold runs' best so far: `n`, `v` the median, `a`, `b` the quartiles. */
  readonly cold: readonly ChartRow[];
  /**
   * How many trials the cold runs need for what the study has after 1, 3, 5, 10, 25 … trials:
   * `after`, and `cold` the median; null if most runs never get there.
   */
  readonly saved: readonly {
    readonly after: number;
    readonly cold: number | null;
  }[];
}

const marks = [1, 3, 5, 10, 25, 50, 100];
const mostTrials = 500;

/**
 * The data of {@linkcode savingsChart}: at most 500 trials.
 *
 * @param view The study that began warm.
 * @param cold Runs that began cold: each one's values, in the order of its trials, NaN for none.
 *
 * @example
 * ```ts
 * import { float, minimize, savingsRows, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * savingsRows(view, [[3, 2]]).warm; // []
 * ```
 */
export function savingsRows(
  view: StudyView,
  cold: readonly (readonly number[])[],
): SavingsRows {
  const { direction } = objectiveOf(view);
  const bestOf = (values: readonly (number | null)[]) => {
    let best = NaN;
    return values.slice(0, mostTrials).map((value) => {
      if (
        value !== null && Number.isFinite(value) &&
        (Number.isNaN(best) || isBetter(value, best, direction))
      ) best = value;
      return best;
    });
  };
  const warm = bestOf(
    view.trials.map((trial) =>
      trial.state === "complete" && isFeasible(trial) ? trial.value : null
    ),
  );
  const runs = cold.map(bestOf);
  const all = [...warm, ...runs.flat()].filter(Number.isFinite);
  const range = valueRange(all, direction, false);
  const draw = (value: number) =>
    range === null ? value : round(clamp(value, range.low, range.high), 7);
  const length = runs.reduce((most, run) => Math.max(most, run.length), 0);
  return {
    warm: warm.flatMap((value, n): ChartRow[] =>
      Number.isNaN(value) ? [] : [{ n, v: draw(value) }]
    ),
    cold: Array.from({ length }, (_, n) => {
      const reached = runs.map((run) => run[Math.min(n, run.length - 1)]!)
        .filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
      const at = (share: number) =>
        draw(reached[Math.round(share * (reached.length - 1))]!);
      return reached.length === 0
        ? null
        : { n, v: at(0.5), a: at(0.25), b: at(0.75) };
    }).filter((row) => row !== null),
    saved: runs.length === 0 ? [] : marks
      .filter((after) =>
        after <= warm.length && !Number.isNaN(warm[after - 1]!)
      )
      .map((after) => {
        const level = warm[after - 1]!;
        const needed = runs.map((run) => {
          const first = run.findIndex((value) =>
            value === level || isBetter(value, level, direction)
          );
          return first < 0 ? Infinity : first + 1;
        }).sort((a, b) => a - b);
        const median = needed[needed.length >> 1]!;
        return { after, cold: Number.isFinite(median) ? median : null };
      }),
  };
}

/**
 * What the warm start saved: the study's best so far beside that of cold
 * starts, simulated by `simulateColdStart()` or run. How far the lines lie apart
 * sideways is how many trials were saved.
 *
 * @param view The study that began warm.
 * @param cold Runs that began cold: each one's values, in the order of its trials.
 * @param options The title, the height, whether the runs are real.
 * @throws {TypeError} If an option is unknown or of another kind, or the cold runs are no lists.
 *
 * @example
 * ```ts
 * import { float, minimize, savingsChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * savingsChart(view, []).title; // "What the warm start saved, demo"
 * ```
 */
export function savingsChart(
  view: StudyView,
  cold: readonly (readonly number[])[],
  options: SavingsOptions = {},
): Chart {
  checkOptions("savings", options, {
    title: "text",
    height: "height",
    isReal: "flag",
  });
  if (!Array.isArray(cold) || !cold.every((run) => Array.isArray(run))) {
    throw new TypeError(
      `Cannot draw the savings: the cold runs are ${
        JSON.stringify(cold) ?? String(cold)
      }, expected a list of the values of each run, e.g. from simulateColdStart(…)`,
    );
  }
  const { height = 260, isReal = false } = options;
  return chartOf("What the warm start saved", options, () => {
    const rows = savingsRows(view, cold);
    const length = cold.reduce((most, run) => Math.max(most, run.length), 0);
    return {
      title: `What the warm start saved, ${view.name}`,
      heading: ` (${objectiveOf(view).direction})`,
      lines: rows.warm.length === 0 || cold.length === 0 ? [] : [
        `beside ${count(cold.length, "cold run")}, ${
          isReal
            ? "really trained"
            : "simulated on what the study's own trials show: a guess"
        }`,
        rows.saved.length === 0
          ? ""
          : `for what it had after ${
            list(rows.saved.map(({ after }) => after))
          } ${
            rows.saved.length === 1 && rows.saved[0]!.after === 1
              ? "trial"
              : "trials"
          } a cold start needs ${
            list(rows.saved.map(({ cold }) => cold ?? `more than ${length}`))
          }`,
      ],
      message: rows.warm.length === 0
        ? noValueYet(view)
        : cold.length === 0
        ? "No cold run to compare with: make some with simulateColdStart(study)"
        : null,
      part: () => plot(view, rows, height, isReal),
    };
  });
}

function list(items: readonly (string | number)[]): string {
  return items.length < 2
    ? items.join("")
    : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

function plot(
  view: StudyView,
  { warm, cold }: SavingsRows,
  height: number,
  isReal: boolean,
): Part {
  const values = [
    ...warm.map(({ v }) => Number(v)),
    ...cold.flatMap(({ a, b }) => [Number(a), Number(b)]),
  ];
  const domain = axisDomain(Math.min(...values), Math.max(...values), false);
  const last = Math.max(
    Number(warm.at(-1)?.n ?? 0),
    Number(cold.at(-1)?.n ?? 0),
    1,
  );
  const names = {
    "began warm": chartColors.best,
    [isReal ? "cold, run" : "cold, simulated"]: chartColors.complete,
  };
  const [warmName, coldName] = Object.keys(names);
  const color = (name: string) => ({
    datum: name,
    type: "nominal",
    scale: { domain: Object.keys(names), range: Object.values(names) },
    title: null,
    legend: { orient: "top", symbolType: "stroke", symbolStrokeWidth: 3 },
  });
  const x = trialAxis(last);
  const y = valueAxis({ title: objectiveTitle(view), domain });
  return {
    width: chartWidth,
    height,
    layer: [
      {
        data: { values: cold },
        mark: {
          type: "area",
          interpolate: "step-after",
          color: chartColors.complete,
          opacity: 0.2,
        },
        encoding: { x, y: { ...y, field: "a" }, y2: { field: "b" } },
      },
      {
        data: { values: cold },
        mark: {
          type: "line",
          interpolate: "step-after",
          strokeWidth: 2,
          point: cold.length === 1,
        },
        encoding: { x, y, color: color(coldName!) },
      },
      {
        data: { values: warm },
        mark: {
          type: "line",
          interpolate: "step-after",
          strokeWidth: 2.5,
          // A line of one place would not be seen.
          point: warm.length === 1,
        },
        encoding: { x, y, color: color(warmName!) },
      },
    ],
  };
}
