import { type Chart, StudyCharts } from "../charts/mod.ts";
import { bestTrial, type StudyView } from "../records/mod.ts";

/** A chart of the report. */
export interface ReportChart {
  /** The chart. */
  readonly chart: Chart;
  /** How to read it, in a sentence or two. */
  readonly caption: string;
}

/** A chapter of charts that answer one question. */
export interface Chapter {
  /** The anchor. */
  readonly id: string;
  /** The question. */
  readonly title: string;
  /** Its charts, at least one. */
  readonly charts: readonly ReportChart[];
}

/** A plot with its axis and legend fits into a window of 800 pixels. */
const plotWidth = 600;
/** The share of a display that a chart of the report takes: there are a dozen. */
const share = 0.35;

/** The charts that matter for a study, in the order of its story: those for which it has enough. */
export function chapterCharts(view: StudyView): readonly Chapter[] {
  const charts = new StudyCharts(() => view);
  const complete =
    view.trials.filter(({ state, value }) =>
      state === "complete" && value !== null && Number.isFinite(value)
    ).length;
  const used = view.space.parameters.length;
  const hasCurves = view.trials.some(({ curves }) => curves.size > 0);
  const hasPruned = view.trials.some(({ state }) => state === "pruned");
  const hasTimes = view.trials.some(({ durationMs }) => durationMs !== null);
  const best = bestTrial(view);
  const hasTradeOff = view.objectives.length > 1 && complete > 1;
  const isSingle = view.objectives.length < 2;
  const all: readonly (readonly [
    string,
    string,
    readonly (readonly [boolean, () => Chart, string])[],
  ])[] = [
    ["search", "How the search went", [
      [
        true,
        () => charts.optimizationHistory(),
        "Each point is a trial. Where the line of the best has been flat for long, more of the same will hardly help.",
      ],
      [
        hasTradeOff,
        () => charts.paretoFront(),
        "The trade-offs: no trial on the front is beaten in all objectives at once. Choose among these.",
      ],
      [
        hasTradeOff,
        () => charts.hypervolumeHistory(),
        "How much of the space of objectives the front holds by then. Flat for long: the search is done.",
      ],
      [
        isSingle && complete >= 12,
        () => charts.terminatorImprovement(),
        "How much better it may still get, as far as the surrogate sees. Below the noise, stop.",
      ],
      [
        hasTimes && complete > 1,
        () => charts.cost(),
        "What the time has brought: whether going on is worth it.",
      ],
      [
        hasPruned,
        () => charts.pruning(),
        "What stopping trials early has saved, and what it may have cost.",
      ],
      [
        hasTimes && view.trials.length > 1,
        () => charts.timeline(),
        "When each trial ran. Gaps are waits, overlaps are workers side by side.",
      ],
    ]],
    ["parameters", "What matters", [
      [
        complete >= 8 && used > 1,
        () => charts.importance(),
        "How much each parameter decides whether a trial is good. Look at the large ones first; the small ones may be fixed.",
      ],
      [
        complete >= 3,
        () => charts.slice(),
        "Every trial over each parameter. A cloud that rises to one side says where to search on.",
      ],
      [
        complete >= 8 && used > 2,
        () => charts.parallelCoordinates(),
        "A line a trial. Drag along the last axis to keep the good ones, and see what they have in common.",
      ],
      [
        isSingle && complete >= 10 && used > 1,
        () => charts.ablation(),
        "The way from the defaults to the best, one parameter at a time: which changes brought it.",
      ],
      [
        complete >= 10 && used > 1,
        () => charts.contour(),
        "What the surrogate expects of the two parameters that matter most. Far from points it guesses.",
      ],
      [
        complete >= 10,
        () => charts.searchMap(),
        "Where trials went, where the best is expected, and where nothing was tried.",
      ],
    ]],
    ["training", "How the trainings went", [
      [
        hasCurves,
        () => charts.learningCurves(),
        "The curves of the best and the latest trials. Click in the legend to follow one.",
      ],
      [
        hasCurves && best !== null && best.curves.size > 0,
        () => charts.diagnosis({ trial: best!.number }),
        "What the best trial's curves show.",
      ],
      [
        hasCurves && view.trials.length > 2,
        () => charts.curveGrid(),
        "Many trainings beside each other, each with what its curves show.",
      ],
    ]],
    ["trust", "Can the surrogate be trusted?", [
      [
        complete >= 10,
        () => charts.crossValidation(),
        "Each trial left out in turn, and what would have been expected of it. Near the diagonal, forecasts and suggestions can be believed.",
      ],
    ]],
  ];
  return all.map(([id, title, entries]) => ({
    id,
    title,
    charts: entries.filter(([shown]) => shown).map(([, draw, caption]) => ({
      chart: draw().withWidth(plotWidth, share),
      caption,
    })),
  })).filter((chapter) => chapter.charts.length > 0);
}
