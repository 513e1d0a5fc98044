import {
  type SimilarStudy,
  type TaskDescription,
  taskLikeness,
} from "../library/mod.ts";
import { classicalScaling } from "../math/mod.ts";
import type { ChartRow } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { gradientLegend } from "./_encodings.ts";
import { round } from "./_scale.ts";
import { chartOf, joinNotes, type Part } from "./_spec.ts";
import { cleanText, count, countStudies, shorten, textWidth } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors } from "./theme.ts";

/** Options of {@linkcode taskMapChart}. */
export interface TaskMapOptions {
  /** The title. Defaults to `"Tasks like this one"`. */
  readonly title?: string;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `340`. */
  readonly height?: number;
}

/** What {@linkcode taskMapRows} gives. */
export interface TaskMapRows {
  /**
   * A point a data set: `x`, `y`, `t` the name of the study that is most similar, `c` how
   * many studies are of it, `l` how alike its task is to the new one, `n` trials in all,
   * `w` the traits that differ most, in words, `d` the label, `""` where there is no room,
   * and `a` on which side of it the point is.
   */
  readonly points: readonly ChartRow[];
  /** Where the new task stands: `x`, `y`; none if it was not described. */
  readonly own: readonly ChartRow[];
  /** The share of the spread that the plane keeps, in `[0, 1]`. */
  readonly kept: number;
  /** How many studies have no described task and are left out. */
  readonly unknown: number;
}

const mostTasks = 80;
/** How many of the nearest bear their names. */
const mostLabels = 12;
const usualHeight = 340;

/**
 * The data of {@linkcode taskMapChart}: at most 80 data sets, the most similar.
 *
 * @param task The new task; null if it was not described.
 * @param similar What `library.similar()` found.
 *
 * @example
 * ```ts
 * import { taskMapRows } from "@etude/etude";
 * taskMapRows(null, []).points; // []
 * ```
 */
export function taskMapRows(
  task: TaskDescription | null,
  similar: readonly SimilarStudy[],
): TaskMapRows {
  const known = similar.filter(({ study }) => study.task !== null);
  const groups = [
    ...Map.groupBy(known, ({ study }) => keyOf(study.task!))
      .values(),
  ].slice(0, mostTasks);
  const tasks = [
    ...(task === null ? [] : [task]),
    ...groups.map(([first]) => first!.study.task!),
  ];
  const n = tasks.length;
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      distances[i * n + j] =
        distances[j * n + i] =
          1 - taskLikeness(tasks[i]!, tasks[j]!).value;
    }
  }
  const { axes, kept } = n === 0
    ? { axes: [], kept: 1 }
    : classicalScaling(distances, n);
  const offset = task === null ? 0 : 1;
  const place = (i: number) => ({
    x: round(axes[0]?.[i] ?? 0, 4),
    y: round(axes[1]?.[i] ?? 0, 4),
  });
  const points = groups.map((group, i) => {
    const [first] = group;
    return {
      ...place(i + offset),
      t: shorten(cleanText(first!.study.name), 40),
      c: group.length,
      l: task === null ? null : round(first!.task, 3),
      n: group.reduce((sum, { study }) => sum + study.completeTrials, 0),
      w: first!.traits.filter(({ distance }) => distance > 0.5).slice(0, 3)
        .map(({ trait }) => trait).join(", "),
    };
  });
  const own = task === null ? [] : [place(0)];
  return {
    points: labelled(points, own),
    own,
    kept,
    unknown: similar.length - known.length,
  };
}

/** Studies of one data set share a point: what was measured of it, and the words. */
function keyOf({ data, kind, tags, text }: TaskDescription): string {
  return JSON.stringify([data, kind, data === null ? [tags, text] : null]);
}

/** Wider than high by so much. */
const aspect = 1.6;

/** What the plane shows: its middle, and half of its height, in the units of the axes. */
function frameOf(rows: readonly ChartRow[]) {
  const ends = (field: "x" | "y") => {
    const list = rows.map((row) => Number(row[field]));
    return [Math.min(...list), Math.max(...list)] as const;
  };
  const [[left, right], [low, high]] = [ends("x"), ends("y")];
  // The same length on both axes is the same distance.
  const half = Math.max((right - left) / aspect, high - low, 0.05) / 2 * 1.16;
  return { x: (left + right) / 2, y: (low + high) / 2, half };
}

/** The nearest bear names where there is room, on the right of the point or on the left: `d` and `a`. */
function labelled(
  points: readonly ChartRow[],
  own: readonly ChartRow[],
): ChartRow[] {
  const all = [...points, ...own];
  if (all.length === 0) return [];
  const { x: middle, half } = frameOf(all);
  /** In units of the axes, for a plot of the usual height. */
  const pixel = 2 * half / usualHeight;
  const order = [...points.keys()].sort((a, b) =>
    Number(points[b]!.l ?? points[b]!.n) - Number(points[a]!.l ?? points[a]!.n)
  );
  interface Box {
    readonly left: number;
    readonly right: number;
    readonly y: number;
  }
  const taken: Box[] = all.map(({ x, y }) => ({
    left: Number(x) - 8 * pixel,
    right: Number(x) + 8 * pixel,
    y: Number(y),
  }));
  const labels = new Map<number, ChartRow>();
  for (const i of order) {
    if (labels.size >= mostLabels) break;
    const { x, y, t } = points[i]!;
    const d = shorten(String(t), 24);
    const length = 6.2 * textWidth(d) * pixel;
    const gap = 10 * pixel;
    const box = (a: string): Box =>
      a === "left"
        ? {
          left: Number(x) + gap,
          right: Number(x) + gap + length,
          y: Number(y),
        }
        : {
          left: Number(x) - gap - length,
          right: Number(x) - gap,
          y: Number(y),
        };
    const a = ["left", "right"].find((a) => {
      const { left, right } = box(a);
      return left >= middle - half * aspect &&
        right <= middle + half * aspect &&
        taken.every((other) =>
          other.right < left || other.left > right ||
          Math.abs(other.y - Number(y)) > 14 * pixel
        );
    });
    if (a === undefined) continue;
    taken.push(box(a));
    labels.set(i, { d, a });
  }
  return points.map((point, i) => ({
    ...point,
    ...labels.get(i) ?? { d: "", a: "left" },
  }));
}

/**
 * A map of tasks: data sets of prior studies in a plane, those that are alike
 * near each other, the new one a star. Size is how many trials there are, color
 * how alike it is to the new one. What lies near speaks loudest at first; the map
 * is a picture of many traits in two axes, so that near is alike, mostly.
 *
 * @param task The new task, from `describeTask()`; null if it was not described.
 * @param similar What `library.similar()` found.
 * @param options The title and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { taskMapChart } from "@etude/etude";
 * taskMapChart(null, []).title; // "Tasks like this one"
 * ```
 */
export function taskMapChart(
  task: TaskDescription | null,
  similar: readonly SimilarStudy[],
  options: TaskMapOptions = {},
): Chart {
  checkOptions("map of tasks", options, { title: "text", height: "height" });
  const { height = usualHeight } = options;
  return chartOf("Tasks like this one", options, () => {
    const rows = taskMapRows(task, similar);
    const nearest = rows.points.toSorted((a, b) => Number(b.l) - Number(a.l))
      .slice(0, 3);
    return {
      title: "Tasks like this one",
      lines: [
        joinNotes([
          `${count(rows.points.length, "data set")} of ${
            countStudies(similar.length - rows.unknown)
          }`,
          rows.unknown === 0
            ? ""
            : `${countStudies(rows.unknown)} without a described task left out`,
          `the plane shows ${Math.round(100 * rows.kept)} % of the spread`,
        ]),
        task === null
          ? "the new task is not described: nothing is nearer than anything else"
          : `most alike: ${
            nearest.map(({ t, l }) => `${t} (${l})`).join(", ")
          }`,
      ],
      message: rows.points.length === 0
        ? similar.length === 0
          ? "No prior study has a parameter of this space"
          : "None of the prior studies has a described task"
        : null,
      part: () => plane(rows, height),
    };
  });
}

function plane({ points, own }: TaskMapRows, height: number): Part {
  const width = Math.round(height * aspect);
  const frame = frameOf([...points, ...own]);
  const axis = (field: string, middle: number, reach: number) => ({
    field,
    type: "quantitative",
    axis: null,
    scale: { domain: [middle - reach, middle + reach], nice: false },
  });
  const x = axis("x", frame.x, frame.half * aspect);
  const y = axis("y", frame.y, frame.half);
  const isKnown = own.length > 0;
  const tooltip = [
    { field: "t", type: "nominal", title: "study" },
    { field: "c", type: "quantitative", title: "studies of it" },
    { field: "n", type: "quantitative", title: "trials" },
    ...(isKnown
      ? [
        { field: "l", type: "quantitative", title: "how alike" },
        { field: "w", type: "nominal", title: "differs in" },
      ]
      : []),
  ];
  return {
    width,
    height,
    view: { stroke: chartColors.grid },
    layer: [
      {
        data: { values: points },
        mark: {
          type: "point",
          filled: true,
          stroke: chartColors.background,
          strokeWidth: 0.8,
          opacity: 0.95,
          ...(isKnown ? {} : { color: chartColors.complete }),
        },
        encoding: {
          x,
          y,
          tooltip,
          size: {
            field: "n",
            type: "quantitative",
            scale: { type: "sqrt", range: [40, 320] },
            legend: null,
          },
          ...(isKnown
            ? {
              color: {
                field: "l",
                type: "quantitative",
                title: "how alike",
                scale: { range: [...chartColors.ramp], nice: false },
                legend: { ...gradientLegend, format: ".2f", tickCount: 4 },
              },
            }
            : {}),
        },
      },
      {
        data: { values: points.filter(({ d }) => d !== "") },
        layer: ["left", "right"].map((align) => ({
          transform: [{ filter: `datum.a === "${align}"` }],
          mark: {
            type: "text",
            align,
            dx: align === "left" ? 11 : -11,
            fontSize: 10.5,
            color: chartColors.text,
          },
          encoding: { x, y, text: { field: "d", type: "nominal" } },
        })),
      },
      {
        data: { values: own },
        mark: {
          type: "point",
          shape:
            "M0,-1L0.23,-0.31L0.95,-0.31L0.36,0.12L0.59,0.81L0,0.38L-0.59,0.81L-0.36,0.12L-0.95,-0.31L-0.23,-0.31Z",
          filled: true,
          size: 420,
          color: chartColors.best,
          stroke: chartColors.background,
          strokeWidth: 1,
          opacity: 1,
        },
        encoding: { x, y },
      },
    ],
  };
}
