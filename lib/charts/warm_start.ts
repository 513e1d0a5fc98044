import {
  bestTrial,
  type PriorVerdict,
  type StudyView,
  type WarmStartRecord,
} from "../records/mod.ts";
import type { ChartRow } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { trialAxis, valueAxis } from "./_encodings.ts";
import { round } from "./_scale.ts";
import { chartOf, joinNotes, type Part } from "./_spec.ts";
import {
  cleanText,
  count,
  countStudies,
  formatNumber,
  shorten,
} from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode warmStartChart}. */
export interface WarmStartChartOptions {
  /** The title. Defaults to `"What prior studies said, <study>"`. */
  readonly title?: string;
}

/** What {@linkcode warmStartRows} gives. */
export interface WarmStartRows {
  /** How far prior studies were trusted: `n` the trial's number, `w` the trust, `k` `"began with it"`, `"chosen by them"`, or `"by its own trials"`. */
  readonly trust: readonly ChartRow[];
  /** Which study spoke for which trial: `n`, the ends of its cell `a` and `b`, `s` the study as it is shown, `q` its share times the trust. */
  readonly voices: readonly ChartRow[];
  /** Whether they were right: `n`, `p` the support in [-3, 3], `k` `"right"` or `"wrong"`, `e` what they expected, `v` what came out. */
  readonly verdicts: readonly ChartRow[];
  /** The studies that spoke, as shown, the loudest first; at most 10. */
  readonly studies: readonly string[];
  /** How many studies more spoke. */
  readonly quiet: number;
}

/** How a trial was chosen. */
const kinds = ["began with it", "chosen by them", "by its own trials"] as const;
const mostStudies = 10;
const mostTrials = 200;

/**
 * The data of {@linkcode warmStartChart}: at most 200 trials and 10 studies.
 *
 * @param record What the study began from, `study.warmStart`; null for a cold start.
 * @param count How many trials the study has. Defaults to those up to the last in which prior studies had a say.
 *
 * @example
 * ```ts
 * import { warmStartRows } from "@etude/etude";
 * warmStartRows(null).trust; // []
 * ```
 */
export function warmStartRows(
  record: WarmStartRecord | null,
  count: number = (record?.trials.at(-1)?.number ?? -1) + 1,
): WarmStartRows {
  const trials = (record?.trials ?? []).slice(0, mostTrials);
  const heard = new Map(trials.map((trial) => [trial.number, trial]));
  const loudness = new Map<string, number>();
  for (const { weight, voices } of trials) {
    for (const { name, share } of voices) {
      loudness.set(name, (loudness.get(name) ?? 0) + weight * share);
    }
  }
  // Of a study that nobody trusted, the share counts.
  const loudest = [...loudness].sort(([, a], [, b]) => b - a)
    .slice(0, mostStudies).map(([name]) => name);
  const shown = new Map(loudest.map((name, i) => [name, labelOf(name, i)]));
  return {
    trust: trials.length === 0 ? [] : Array.from(
      {
        length: Math.max(
          trials.at(-1)!.number + 1,
          Math.min(count, mostTrials),
        ),
      },
      (_, n) => {
        const trial = heard.get(n);
        return {
          n,
          w: round(trial?.weight ?? 0, 4),
          k: kindOf(trial),
        };
      },
    ),
    voices: trials.flatMap(({ number, weight, voices }) =>
      voices.flatMap(({ name, share }): ChartRow[] => {
        const s = shown.get(name);
        return s === undefined ? [] : [{
          n: number,
          a: number - 0.5,
          b: number + 0.5,
          s,
          q: round(weight * share, 4),
        }];
      })
    ),
    verdicts: trials.flatMap((
      { number, support, expected, value },
    ): ChartRow[] =>
      support === null ? [] : [{
        n: number,
        p: round(support, 3),
        k: support >= 0 ? "right" : "wrong",
        e: round(expected!.mean, 6),
        v: round(value!, 6),
      }]
    ),
    studies: [...shown.values()],
    quiet: loudness.size - shown.size,
  };
}

function kindOf(trial: PriorVerdict | undefined): string {
  return trial?.isStart
    ? kinds[0]
    : trial?.chosenBy === "prior studies"
    ? kinds[1]
    : kinds[2];
}

/** Two studies may have the same name once it is shortened. */
function labelOf(name: string, index: number): string {
  const short = shorten(cleanText(name), 26);
  return short === name ? name : `${short} ${index + 1}`;
}

/**
 * Which prior studies spoke for which trials, how far they were trusted, and
 * whether they were right. A prior that misleads is seen as bars that hang down,
 * and trust that falls after them.
 *
 * @param view The study.
 * @param record What it began from, `study.warmStart`; null for a cold start.
 * @param options The title.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, minimize, space, warmStartChart } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * warmStartChart(view, null).title; // "What prior studies said, demo"
 * ```
 */
export function warmStartChart(
  view: StudyView,
  record: WarmStartRecord | null,
  options: WarmStartChartOptions = {},
): Chart {
  checkOptions("warm-start map", options, { title: "text" });
  return chartOf("What prior studies said", options, () => {
    const rows = warmStartRows(record, view.trials.length);
    const { trust, verdicts, quiet } = rows;
    const right = verdicts.filter(({ k }) => k === "right").length;
    const last = trust.at(-1);
    const best = bestTrial(view);
    const begun = trust.some(({ n, k }) =>
      n === best?.number && k === kinds[0]
    );
    return {
      title: `What prior studies said, ${view.name}`,
      lines: record === null ? [] : [
        joinNotes([
          `${countStudies(record.sources.length, "prior ")} asked`,
          record.coherence === null
            ? ""
            : `they foretell one another ${wordsOf(record.coherence)}`,
          quiet === 0 ? "" : `${count(quiet, "quiet one")} not shown`,
        ]),
        joinNotes([
          last === undefined
            ? ""
            : `trusted to ${percent(trust[0]!.w)} at first, to ${
              percent(last.w)
            } at trial ${last.n}`,
          verdicts.length === 0
            ? ""
            : `right in ${right} of ${count(verdicts.length, "trial")}`,
          begun ? `the best, trial ${best!.number}, is one it began with` : "",
        ]),
      ],
      message: record === null
        ? "The study began cold: no prior study had a say"
        : trust.length === 0
        ? `No trial yet in whose choice prior studies had a say; ${
          countStudies(record.sources.length)
        } asked: ${
          record.sources.slice(0, 3).map(({ name }) => name).join(", ")
        }`
        : null,
      part: () => panels(rows),
    };
  });
}

function percent(share: unknown): string {
  return `${formatNumber(100 * Number(share), 2)} %`;
}

function wordsOf(coherence: number): string {
  return coherence > 0.5 ? "well" : coherence > 0.15 ? "somewhat" : "badly";
}

function panels(
  { trust, voices, verdicts, studies }: WarmStartRows,
): Part {
  const last = Number(trust.at(-1)!.n);
  const isMany = last > 60;
  const width = chartWidth - 60;
  const isLast = verdicts.length === 0;
  const bare = { labels: false, ticks: false, title: null };
  const x = (more = {}) => trialAxis(last, more);
  const trusted: Part = {
    width,
    height: 64,
    data: { values: trust },
    encoding: {
      x: x(bare),
      y: valueAxis({
        field: "w",
        title: "trust",
        domain: [0, 1],
        tickCount: 2,
      }),
    },
    layer: [
      {
        mark: {
          type: "line",
          interpolate: "step",
          color: chartColors.complete,
          strokeWidth: 2,
        },
      },
      {
        mark: {
          type: "point",
          filled: true,
          size: isMany ? 16 : 44,
          opacity: 1,
        },
        encoding: {
          color: {
            field: "k",
            type: "nominal",
            title: null,
            scale: {
              domain: kinds,
              range: [
                chartColors.best,
                chartColors.complete,
                chartColors.axis,
              ],
            },
            legend: { orient: "right" },
          },
          tooltip: [
            { field: "n", type: "quantitative", title: "trial" },
            { field: "w", type: "quantitative", title: "trust" },
            { field: "k", type: "nominal", title: "how" },
          ],
        },
      },
    ],
  };
  const spoke: Part = {
    width,
    height: Math.max(44, 19 * studies.length),
    data: { values: voices },
    mark: {
      type: "rect",
      stroke: chartColors.background,
      strokeWidth: isMany ? 0 : 1,
    },
    encoding: {
      // A cell is as wide as a trial.
      x: {
        ...x(isLast ? {} : bare),
        bin: "binned",
        field: "a",
      },
      x2: { field: "b" },
      y: {
        field: "s",
        type: "nominal",
        title: null,
        sort: studies,
        axis: { grid: false, ticks: false, domain: false, labelLimit: 170 },
      },
      color: {
        field: "q",
        type: "quantitative",
        title: "part in the choice",
        scale: { domain: [0, mostOf(voices)], range: ["#eef2f5", "#0b3c6f"] },
        legend: {
          orient: "right",
          gradientLength: Math.max(40, 15 * studies.length),
          format: "%",
          tickCount: 3,
        },
      },
      tooltip: [
        { field: "n", type: "quantitative", title: "trial" },
        { field: "s", type: "nominal", title: "study" },
        {
          field: "q",
          type: "quantitative",
          title: "part in the choice",
          format: ".1%",
        },
      ],
    },
  };
  const judged: Part = {
    width,
    height: 84,
    data: { values: verdicts },
    layer: [
      {
        mark: {
          type: "bar",
          width: Math.max(2, Math.min(18, 0.6 * width / (last + 1))),
        },
        encoding: {
          x: x(),
          y: valueAxis({
            field: "p",
            title: ["wrong  |  right"],
            domain: [-3, 3],
            tickCount: 3,
          }),
          color: {
            field: "k",
            type: "nominal",
            title: null,
            scale: {
              domain: ["right", "wrong"],
              range: [chartColors.running, chartColors.best],
            },
            legend: null,
          },
          tooltip: [
            { field: "n", type: "quantitative", title: "trial" },
            { field: "e", type: "quantitative", title: "they expected" },
            { field: "v", type: "quantitative", title: "what came" },
            { field: "p", type: "quantitative", title: "evidence for them" },
          ],
        },
      },
      {
        data: { values: [{}] },
        mark: { type: "rule", color: chartColors.axis },
        encoding: { y: { datum: 0 } },
      },
    ],
  };
  return {
    spacing: 10,
    resolve: { scale: { color: "independent" } },
    vconcat: isLast ? [trusted, spoke] : [trusted, spoke, judged],
  };
}

function mostOf(voices: readonly ChartRow[]): number {
  return Math.max(0.01, ...voices.map(({ q }) => Number(q)));
}
