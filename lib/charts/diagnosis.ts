import {
  type CurveForecast,
  diagnosedCurves,
  diagnoseTrial,
  type Diagnosis,
} from "../curves/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";
import type { Chart } from "./chart.ts";
import { splitPoints } from "./_split_points.ts";
import type { ChartRow } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { chartColors, chartWidth } from "./theme.ts";
import {
  drawing,
  messageView,
  noCurveYet,
  type Part,
  specOf,
} from "./_spec.ts";
import { cleanText, count, formatNumber, shorten } from "./_text.ts";
import {
  axisDomain,
  curveRange,
  drawable,
  round,
  stepDomain,
} from "./_scale.ts";

/** Options of {@linkcode diagnosisChart}. */
export interface DiagnosisChartOptions {
  /** The trial's number. Defaults to the latest that has curves. */
  readonly trial?: number;
  /** The title. Defaults to the trial and its main finding. */
  readonly title?: string;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `220`. */
  readonly height?: number;
  /** What was found. Defaults to what `diagnoseTrial` finds. */
  readonly diagnosis?: Diagnosis;
  /** What to do about it, in a sentence. Defaults to nothing. */
  readonly advice?: string;
  /** Where the curve is going. Defaults to no forecast. */
  readonly forecast?: CurveForecast | null;
}

/** What {@linkcode diagnosisRows} gives. */
export interface DiagnosisRows {
  /** The trial's number; null if there is none with curves. */
  readonly trial: number | null;
  /** What the curves show, e.g. `"loss"`; null without curves. */
  readonly quantity: string | null;
  /** The points: `s` `"train"` or `"validation"`, `g` the piece of line, `x` the step, `y` the value. */
  readonly points: readonly ChartRow[];
  /** The places marked: `s`, `x`, `y`, and `label`. */
  readonly marks: readonly ChartRow[];
  /** The stretches that findings are about: `x` from, `x2` to, `label`. */
  readonly spans: readonly ChartRow[];
  /** The way ahead: `x` the step, `m` expected, `l` and `h` the ends of the band (null without one). */
  readonly ahead: readonly ChartRow[];
  /** What was found; null without a trial. */
  readonly diagnosis: Diagnosis | null;
}

/** The most points of one curve. */
const mostPoints = 1000;
const mostSpans = 2;
const mostSentences = 3;

/**
 * The data of {@linkcode diagnosisChart}: at most 1,000 points a curve.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the study has no trial of that number.
 *
 * @example
 * ```ts
 * import { diagnosisRows, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * diagnosisRows(view).trial; // null
 * ```
 */
export function diagnosisRows(
  view: StudyView,
  options: DiagnosisChartOptions = {},
): DiagnosisRows {
  check(view, options);
  const trial = trialOf(view, options.trial);
  if (trial === null) {
    return {
      trial: null,
      quantity: null,
      points: [],
      marks: [],
      spans: [],
      ahead: [],
      diagnosis: null,
    };
  }
  const diagnosis = options.diagnosis ?? diagnoseTrial(view, trial);
  const { quantity, train, validation } = diagnosedCurves(view, trial);
  const points = splitPoints({ train, validation }, mostPoints);
  return {
    trial: trial.number,
    quantity,
    points,
    marks: diagnosis.marks.filter(({ value }) => drawable(value)).map((
      mark,
    ) => ({
      s: mark.curve,
      x: mark.step,
      y: round(mark.value),
      label: mark.label,
    })),
    spans: diagnosis.findings.flatMap(({ kind, steps }) =>
      steps === null || steps.from === steps.to
        ? []
        : [{ x: steps.from, x2: steps.to, label: kind }]
    ).slice(0, mostSpans),
    ahead: (options.forecast?.path ?? []).map(({ step, value, low, high }) => ({
      x: round(step),
      m: round(value),
      l: drawable(low) ? round(low) : null,
      h: drawable(high) ? round(high) : null,
    })),
    diagnosis,
  };
}

/**
 * A trial's curves with what they show: the places that the findings rest on
 * are marked, the stretch they are about is shaded, and where the training is
 * not at its end, the way ahead is drawn with its 90 % band. The findings stand
 * above in sentences, with the advice.
 *
 * @param view The study.
 * @param options Which trial, and what is known of it.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the study has no trial of that number.
 *
 * @example
 * ```ts
 * import { diagnosisChart, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * diagnosisChart(view).text; // "Diagnosis, demo\nNothing to show: no trial has curves"
 * ```
 */
export function diagnosisChart(
  view: StudyView,
  options: DiagnosisChartOptions = {},
): Chart {
  check(view, options);
  const { height = 220, advice } = options;
  return drawing(options.title ?? "Diagnosis", () => {
    const rows = diagnosisRows(view, options);
    const { diagnosis, trial, points } = rows;
    if (diagnosis === null) {
      const title = cleanText(options.title ?? `Diagnosis, ${view.name}`);
      const message = "no trial has curves";
      return {
        title,
        text: `${title}\nNothing to show: ${message}`,
        spec: specOf(
          title,
          [],
          title,
          messageView(noCurveYet),
        ),
      };
    }
    const title = cleanText(
      options.title ??
        `Trial ${trial}: ${diagnosis.main?.kind ?? "nothing wrong to be seen"}`,
    );
    const sentences = diagnosis.findings.slice(0, mostSentences)
      .map(({ sentence }) => sentence);
    const further = diagnosis.findings.length - sentences.length;
    const subtitle = [
      ...sentences,
      ...(further > 0 ? [`And ${count(further, "further finding")}.`] : []),
      ...diagnosis.notes.map((note) => `(${note})`),
      ...(advice === undefined ? [] : [`→ ${advice}`]),
      ...aheadInWords(options.forecast),
    ];
    const text = [
      title,
      ...(sentences.length === 0 ? [String(diagnosis)] : []),
      ...subtitle,
    ].map((line) => cleanText(line)).join("\n");
    const part = points.length === 0
      ? messageView(`Trial ${trial} has no curves that can be drawn`)
      : plot(rows, height);
    return { title, text, spec: specOf(title, subtitle, text, part) };
  });
}

/** Where the curve is going, in words. */
function aheadInWords(forecast: CurveForecast | null | undefined): string[] {
  if (forecast?.value == null || forecast.path.length === 0) return [];
  const { value, band, at } = forecast;
  return [
    `Expected at step ${at}: ${formatNumber(value)}${
      band === null
        ? ""
        : `, in 9 of 10 cases from ${formatNumber(band.low)} to ${
          formatNumber(band.high)
        }`
    }.`,
  ];
}

function plot(
  { points, marks, spans, ahead, quantity }: DiagnosisRows,
  height: number,
): Part {
  const steps = [...points, ...ahead].map(({ x }) => Number(x));
  const values = points.map(({ y }) => Number(y));
  const ends = ahead.flatMap(({ m, l, h }) =>
    [m, l, h].filter((v) => v !== null && v !== undefined).map(Number)
  );
  const [low, high] = curveRange(values)!;
  // A wide band must not flatten the curve: it may add half of its height.
  const room = Math.max(high - low, Math.abs(high) * 1e-3) / 2;
  const domain = axisDomain(
    Math.max(low - room, Math.min(low, ...ends)),
    Math.min(high + room, Math.max(high, ...ends)),
    false,
  );
  const x = {
    field: "x",
    type: "quantitative",
    title: "step",
    scale: {
      domain: stepDomain(
        steps.reduce((a, b) => Math.min(a, b)),
        steps.reduce((a, b) => Math.max(a, b)),
      ),
      nice: false,
      padding: 5,
    },
    axis: { grid: false, tickMinStep: 1 },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    title: shorten(quantity ?? "value", 30),
    scale: { domain, zero: false, nice: false, clamp: true },
    axis: { domain: false, ticks: false },
  });
  const splits = ["validation", "train"].filter((split) =>
    points.some(({ s }) => s === split)
  );
  const names = [...splits, ...(ahead.length > 0 ? ["forecast"] : [])];
  const color = {
    field: "s",
    type: "nominal",
    title: null,
    scale: { domain: names, range: names.map((name) => colors[name]!) },
    legend: { symbolType: "stroke", symbolStrokeWidth: 3, symbolSize: 200 },
  };
  const strokeDash = {
    field: "s",
    type: "nominal",
    title: null,
    scale: { domain: names, range: names.map((name) => dashes[name]!) },
    legend: { symbolType: "stroke", symbolStrokeWidth: 3, symbolSize: 200 },
  };
  const way: readonly ChartRow[] = ahead.map((row) => ({
    ...row,
    s: "forecast",
  }));
  return {
    width: chartWidth - 90,
    height,
    layer: [
      ...(spans.length === 0 ? [] : [{
        data: { values: spans },
        mark: { type: "rect", color: chartColors.best, opacity: 0.07 },
        encoding: {
          x,
          x2: { field: "x2" },
          tooltip: { field: "label", type: "nominal" },
        },
      }]),
      ...(way.some(({ l }) => l !== null)
        ? [{
          data: { values: way },
          mark: {
            type: "area",
            color: chartColors.running,
            opacity: 0.18,
            clip: true,
          },
          encoding: { x, y: y("l"), y2: { field: "h" } },
        }]
        : []),
      {
        data: {
          values: [
            ...points,
            ...way.map((row) => ({ x: row.x, y: row.m, s: row.s, g: 0 })),
          ],
        },
        mark: { type: "line", strokeWidth: 2, clip: true },
        encoding: { x, y: y("y"), color, strokeDash, detail: { field: "g" } },
      },
      ...(marks.length === 0 ? [] : [{
        data: { values: marks },
        mark: {
          type: "point",
          filled: true,
          size: 70,
          opacity: 1,
          color: chartColors.best,
          clip: true,
        },
        encoding: { x, y: y("y") },
      }, {
        data: { values: marks },
        mark: {
          type: "text",
          dy: -12,
          fontSize: 11,
          color: chartColors.best,
          fontWeight: 600,
          align: {
            expr: `datum.x > ${
              round(steps.reduce((a, b) => Math.max(a, b)) * 0.9)
            } ? 'right' : 'center'`,
          },
        },
        encoding: {
          x,
          y: y("y"),
          text: { field: "label", type: "nominal" },
        },
      }]),
      {
        // Dropped from pictures: a mark for each point, unseen.
        name: "interactive_hover_diagnosis",
        data: { values: points },
        params: [{
          name: "hover_diagnosis",
          select: {
            type: "point",
            on: "mouseover",
            nearest: true,
            clear: "mouseout",
          },
        }],
        mark: { type: "point", filled: true, size: 60, clip: true },
        encoding: {
          x,
          y: y("y"),
          color,
          opacity: {
            condition: { param: "hover_diagnosis", empty: false, value: 1 },
            value: 0,
          },
          tooltip: [
            { field: "s", type: "nominal", title: "curve" },
            { field: "x", type: "quantitative", title: "step" },
            { field: "y", type: "quantitative", title: "value" },
          ],
        },
      },
    ],
  };
}

const colors: Readonly<Record<string, string>> = {
  validation: chartColors.series[0]!,
  train: chartColors.muted,
  forecast: chartColors.running,
};
const dashes: Readonly<Record<string, readonly number[]>> = {
  validation: [1, 0],
  train: [5, 3],
  forecast: [2, 3],
};

function trialOf(view: StudyView, number?: number): TrialRecord | null {
  return number === undefined
    ? view.trials.findLast(({ curves }) => curves.size > 0) ?? null
    : view.trials.find((trial) => trial.number === number)!;
}

function check(view: StudyView, options: DiagnosisChartOptions): void {
  const { diagnosis: _diagnosis, forecast: _forecast, trial, ...others } =
    options ?? {};
  checkOptions(
    "diagnosis",
    options === null || typeof options !== "object" ? options : others,
    { title: "text", height: "height", advice: "text" },
  );
  if (
    trial !== undefined && !view.trials.some(({ number }) => number === trial)
  ) {
    throw new RangeError(
      `Cannot draw the diagnosis: there is no trial ${trial}; the study has ${
        count(view.trials.length, "trial")
      }`,
    );
  }
}
