import {
  chartColors,
  chartFont,
  escapeMarkup,
  formatNumber,
  formatValue,
  historySketch,
  sketch,
} from "../charts/mod.ts";
import { bestTrial, type StudyView, type TrialRecord } from "../records/mod.ts";
import { activePart } from "./_outlook.ts";
import type { Draft } from "./protocol.ts";

const plot = { width: 372, height: 200 } as const;
const { background, text, muted, grid } = chartColors;
/** How many trials the picture lists. */
const listed = 5;

/**
 * The panel's last state as a card: HTML with inlined pictures, without scripts,
 * for a notebook that is opened again and for places that show no frames.
 */
export function pictureOf(
  view: StudyView,
  draft: Draft | null,
  reopen: string,
): string {
  const { direction, name } = view.objectives[0]!;
  const best = bestTrial(view);
  const faint = (inner: string) =>
    `<span style="color:${muted}">${escapeMarkup(inner)}</span>`;
  const settings = Object.entries(
    draft === null ? best?.params ?? {} : activePart(view.space, draft.params),
  )
    .filter(([parameter]) => view.space.has(parameter)).slice(0, 24)
    .map(([parameter, value]) =>
      `<span style="display:inline-block;background:${grid};border-radius:4px;padding:0 6px;margin:0 5px 4px 0">${
        escapeMarkup(parameter)
      } <b>${escapeMarkup(formatValue(value ?? null))}</b></span>`
    ).join("");
  return `<div style="box-sizing:border-box;width:792px;max-width:100%;overflow-x:auto;padding:12px 16px;background:${background};color:${text};border:1px solid ${grid};border-radius:6px;font:13px ${
    chartFont.replaceAll('"', "'")
  };line-height:1.5">` +
    `<div style="display:flex;justify-content:space-between;gap:16px"><span style="font-size:15px;font-weight:600">${
      escapeMarkup(view.name)
    }</span>${faint(`${direction} ${name}`)}</div><div>${
      best === null
        ? "no result yet"
        : `best <b>${
          escapeMarkup(formatNumber(best.value!))
        }</b> in trial ${best.number}`
    } ${
      faint(`(${countsOf(view)})`)
    }</div><div style="margin-top:4px">${settings}</div>` +
    `<div style="display:flex;flex-wrap:wrap;gap:8px;margin-top:4px">${
      historySketch(view, plot)
    }${curves(view, best)}</div>${
      trialsTable(view)
    }<div style="margin-top:6px">${faint(reopen)}</div></div>`;
}

function countsOf({ trials }: StudyView): string {
  const counts = new Map<string, number>();
  for (const { state } of trials) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ") ||
    "no trials yet";
}

/** The objective's curve of the best and of the last trial. */
function curves(view: StudyView, best: TrialRecord | null): string {
  const { name } = view.objectives[0]!;
  const last = view.trials.findLast(({ curves }) => curves.has(name));
  const shown = [...new Set([best, last])].flatMap((trial) => trial ?? []);
  return sketch({
    ...plot,
    title: "the best and the last trial",
    xTitle: "step",
    yTitle: name,
    series: shown.flatMap((trial, index) => {
      const curve = trial.curves.get(name);
      return curve === undefined ? [] : [{
        name: `trial ${trial.number}`,
        color: chartColors.series[index]!,
        marks: "line" as const,
        points: curve.steps.map((step, i): [number, number] => [
          step,
          curve.values[i]!,
        ]),
      }];
    }),
  });
}

function trialsTable({ trials }: StudyView): string {
  const rows = trials.slice(-listed).toReversed().map((trial) => {
    const params = Object.entries(trial.params).slice(0, 8).map((
      [name, value],
    ) => `${name} ${formatValue(value ?? null)}`).join(", ");
    const value = trial.value === null
      ? trial.state
      : formatNumber(trial.value);
    return `<tr style="background:none">${
      [String(trial.number), value, params].map((cell) =>
        `<td style="text-align:left;padding:1px 14px 1px 0;border:none;color:${text}">${
          escapeMarkup(cell)
        }</td>`
      ).join("")
    }</tr>`;
  });
  return rows.length === 0
    ? ""
    : `<table style="border-collapse:collapse;border:none;margin:6px 0 0;font-size:12px"><tbody>${
      rows.join("")
    }</tbody></table>`;
}
