import { escapeMarkup, formatValue } from "../charts/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";
import type { Parameter, ParameterValue } from "../space/mod.ts";

/** The most parameters that are shown. */
const mostRows = 40;

/** The best configuration: each value, and where it stands in what was searched. */
export function bestTable(view: StudyView, best: TrialRecord): string {
  const { parameters } = view.space;
  const rows = parameters.slice(0, mostRows).map((parameter) => {
    const value = Object.hasOwn(best.params, parameter.name)
      ? best.params[parameter.name]
      : undefined;
    return `<tr><th scope="row">${escapeMarkup(parameter.name)}</th><td>${
      value === undefined
        ? `<span class="muted">not used</span>`
        : `<b>${escapeMarkup(formatValue(value))}</b>`
    }</td><td class="place">${
      value === undefined ? "" : placeOf(parameter, value)
    }</td><td class="muted">${
      escapeMarkup(shortened(view.space.describe(parameter.name)))
    }</td></tr>`;
  }).join("");
  const more = parameters.length > mostRows
    ? `<tr><td colspan="4" class="muted">and ${
      parameters.length - mostRows
    } more: the table of trials has them all</td></tr>`
    : "";
  return `<div class="wide"><table class="params"><thead><tr><th>parameter</th><th>value</th><th>place in the range</th><th>searched</th></tr></thead><tbody>${rows}${more}</tbody></table></div>`;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** A value on the parameter's scale, as a dot on a line; marked where it stands at an end. */
function placeOf(parameter: Parameter, value: ParameterValue): string {
  if (parameter.kind !== "float" && parameter.kind !== "int") return "";
  const { low, high, log } = parameter;
  if (typeof value !== "number" || low === high) return "";
  const at = log
    ? Math.log(value / low) / Math.log(high / low)
    : (value - low) / (high - low);
  if (!Number.isFinite(at)) return "";
  const percent = Math.round(1000 * Math.min(1, Math.max(0, at))) / 10;
  const isEdge = at < 0.02 || at > 0.98;
  return `<span class="range${isEdge ? " edge" : ""}" title="${
    isEdge ? "at the edge of the range" : `${percent} % of the range`
  }"><i style="left:${percent}%"></i></span>`;
}
