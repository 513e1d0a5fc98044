import {
  chartColors,
  chartFont,
  escapeMarkup,
  historySketch,
  sketch,
} from "../charts/mod.ts";
import { diagnoseTrial } from "../curves/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";
import type { Progress } from "./_progress.ts";

const panel = { width: 372, height: 210 } as const;
const { background, text, muted, grid, best, complete } = chartColors;

/**
 * The live view as HTML with inlined SVG: of a fixed size, so that nothing
 * jumps, without scripts, so that it is quick, and on a white card like the
 * charts.
 */
export function liveFrame(
  view: StudyView,
  running: readonly TrialRecord[],
  progress: Progress,
): string {
  const objective = view.objectives[0]!;
  const bar = progress.fraction === null
    ? ""
    : `<div style="height:4px;background:${grid};border-radius:2px;margin:6px 0 8px"><div style="height:4px;width:${
      (progress.fraction * 100).toFixed(1)
    }%;background:${complete};border-radius:2px"></div></div>`;
  const bestLine = progress.best === null
    ? "no result yet"
    : `best <b>${escapeMarkup(progress.best)}</b>`;
  const params = progress.bestParams.slice(0, 12).map(([name, value]) =>
    `<span style="display:inline-block;background:${grid};border-radius:4px;padding:0 6px;margin:0 5px 4px 0">${
      escapeMarkup(cut(name, 40))
    } <b>${escapeMarkup(cut(value, 40))}</b></span>`
  ).join("");
  const error = progress.lastError === null
    ? ""
    : `<div style="color:${best};overflow:hidden;text-overflow:ellipsis;white-space:nowrap">last failure: ${
      escapeMarkup(cut(progress.lastError, 120))
    }</div>`;
  return `<div style="box-sizing:border-box;width:792px;max-width:100%;min-height:338px;padding:12px 16px;background:${background};color:${text};border:1px solid ${grid};border-radius:6px;font:13px ${
    chartFont.replaceAll('"', "'")
  };line-height:1.5">` +
    `<div style="display:flex;justify-content:space-between;gap:16px"><span style="font-size:15px;font-weight:600">${
      escapeMarkup(cut(view.name, 60))
    }</span><span style="color:${muted}">${escapeMarkup(objective.direction)} ${
      escapeMarkup(cut(objective.name, 50))
    }</span></div>` +
    bar +
    `<div style="display:flex;justify-content:space-between;gap:16px"><span>${
      escapeMarkup(progress.headline)
    } <span style="color:${muted}">(${
      escapeMarkup(progress.counts)
    })</span></span><span style="color:${muted}">${
      escapeMarkup(progress.time)
    }</span></div>` +
    `<div style="display:flex;justify-content:space-between;gap:16px"><span>${bestLine}</span><span style="color:${muted}">${
      progress.running === null ? "" : escapeMarkup(progress.running)
    }</span></div><div style="min-height:26px;margin-top:2px">${params}</div>` +
    `<div style="display:flex;flex-wrap:wrap;gap:8px;margin-top:4px">${
      historySketch(view, panel)
    }${curvesSketch(view, running)}</div>` +
    findingLine(view, running) + error + `</div>`;
}

/** What the curves of the trial that runs show so far, if there is something wrong with them. */
function findingLine(view: StudyView, running: readonly TrialRecord[]): string {
  const [trial, ...others] = running;
  if (trial === undefined || others.length > 0) return "";
  const { main } = diagnoseTrial(view, trial);
  return main === null || main.severity === "hint"
    ? ""
    : `<div style="color:${best};overflow:hidden;text-overflow:ellipsis;white-space:nowrap" title="${
      escapeMarkup(main.sentence)
    }">trial ${trial.number}: ${escapeMarkup(cut(main.sentence, 150))}</div>`;
}

function cut(value: string, length: number): string {
  return value.length > length ? `${value.slice(0, length - 1)}…` : value;
}

/** The curves that bear the objective's metric of the running trials and the best, or what there is. */
function curvesSketch(
  view: StudyView,
  running: readonly TrialRecord[],
): string {
  const shown = running.slice(0, 3);
  const metric = metricToShow(view, shown);
  const series = shown.flatMap((trial, index) =>
    ["train", "validation", ""].flatMap((part) => {
      const name = part === "" ? metric : `${part} ${metric}`;
      const curve = trial.curves.get(name);
      if (curve === undefined) return [];
      return [{
        name: shown.length > 1 ? `${trial.number} ${name}` : name,
        color: chartColors.series[index % chartColors.series.length]!,
        ...(part === "train" ? { dash: [5, 4] } : {}),
        marks: "line" as const,
        points: curve.steps.map((
          step,
          at,
        ): [number, number] => [step, curve.values[at]!]),
      }];
    })
  );
  const title = shown.length === 0
    ? "learning curves"
    : shown.length === 1
    ? `trial ${shown[0]!.number} now`
    : "running trials";
  return sketch({ ...panel, title, xTitle: "step", yTitle: metric, series });
}

/** The quantity that the objective's name speaks of, or the loss, without the part before it. */
function metricToShow(
  view: StudyView,
  running: readonly TrialRecord[],
): string {
  const { name } = view.objectives[0]!;
  const metric = name.replace(/^(train|validation|test) /, "");
  const has = (candidate: string) =>
    running.some((trial) =>
      ["", "train ", "validation "].some((part) =>
        trial.curves.has(`${part}${candidate}`)
      )
    );
  return has(metric) || !has("loss") ? metric : "loss";
}
