import {
  chartColors,
  chartFont,
  escapeMarkup,
  formatNumber,
  formatValue,
  historySketch,
} from "../charts/mod.ts";
import { bestTrial, type StudyView, type TrialState } from "../records/mod.ts";

/** What the card says beside the view. */
export interface CardFacts {
  /** Where the study is kept. */
  readonly storage: string;
  /** The sampler's name. */
  readonly sampler: string;
  /** How many runs go on in this process. */
  readonly runs: number;
}

const order: readonly TrialState[] = [
  "complete",
  "pruned",
  "failed",
  "running",
  "waiting",
];

function countsText(view: StudyView): string {
  const counts = new Map<TrialState, number>();
  for (const { state } of view.trials) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const parts = order.filter((state) => counts.has(state)).map((state) =>
    `${counts.get(state)} ${state}`
  );
  return parts.join(", ") || "no trials yet";
}

/** The overview of a study as a few lines of text. */
export function cardText(view: StudyView, facts: CardFacts): string {
  const best = bestTrial(view);
  return [
    `Study ${view.name}: ${
      view.objectives.map(({ name, direction }) => `${direction} ${name}`).join(
        ", ",
      )
    }`,
    `  ${countsText(view)}${facts.runs > 0 ? ", running now" : ""}`,
    ...(best === null ? [] : [
      `  best ${formatNumber(best.value!)} in trial ${best.number}: ${
        Object.entries(best.params).map(([name, value]) =>
          `${name} ${formatValue(value!)}`
        ).join(", ")
      }`,
    ]),
    `  sampler ${facts.sampler}, kept in ${facts.storage}`,
  ].join("\n");
}

/** The overview of a study as HTML with an inlined picture, without scripts. */
export function cardHTML(view: StudyView, facts: CardFacts): string {
  const { background, text, muted, grid } = chartColors;
  const best = bestTrial(view);
  const objective = view.objectives[0]!;
  const cell =
    `style="text-align:left;padding:2px 14px 2px 0;border:none;background:none;color:${text}"`;
  const rows = view.space.parameters.map((parameter) => {
    const value = best?.params[parameter.name];
    const shown = best === null
      ? ""
      : value === undefined
      ? `<span style="color:${muted}">not used</span>`
      : `<b>${escapeMarkup(formatValue(value))}</b>`;
    const range = view.space.describe(parameter.name);
    return `<tr style="background:none"><td ${cell}>${
      escapeMarkup(parameter.name)
    }</td><td ${cell}>${shown}</td><td ${cell}><span style="color:${muted}">${
      escapeMarkup(range)
    }</span></td></tr>`;
  });
  const shownRows = rows.slice(0, 20).join("") +
    (rows.length > 20
      ? `<tr style="background:none"><td ${cell}>and ${
        rows.length - 20
      } more</td></tr>`
      : "");
  const headline = best === null
    ? "no complete trial yet"
    : `best <b>${
      escapeMarkup(formatNumber(best.value!))
    }</b> in trial ${best.number}`;
  return `<div style="box-sizing:border-box;width:792px;max-width:100%;padding:12px 16px;background:${background};color:${text};border:1px solid ${grid};border-radius:6px;font:13px ${
    chartFont.replaceAll('"', "'")
  };line-height:1.5">` +
    `<div style="display:flex;justify-content:space-between;gap:16px"><span style="font-size:15px;font-weight:600">${
      escapeMarkup(view.name)
    }</span><span style="color:${muted}">${escapeMarkup(objective.direction)} ${
      escapeMarkup(objective.name)
    }</span></div>` +
    `<div>${headline} <span style="color:${muted}">(${
      escapeMarkup(countsText(view))
    }${facts.runs > 0 ? ", running now" : ""})</span></div>` +
    `<div style="display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start;margin-top:6px">` +
    `<table style="border-collapse:collapse;border:none;margin:0;font-size:12px;flex:1 1 300px"><thead><tr style="background:none;border-bottom:1px solid ${grid}">${
      ["parameter", best === null ? "" : "best", "searched"].map((title) =>
        `<th ${cell}>${title}</th>`
      ).join("")
    }</tr></thead><tbody>${shownRows}</tbody></table>` +
    `<div style="flex:0 0 auto">${historySketch(view)}</div></div>` +
    `<div style="color:${muted};margin-top:6px">sampler ${
      escapeMarkup(facts.sampler)
    } · kept in ${escapeMarkup(facts.storage)}</div></div>`;
}
