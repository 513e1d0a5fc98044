import { escapeMarkup, formatNumber, formatValue } from "../charts/mod.ts";
import {
  feasibleFirst,
  isBetter,
  noteOf,
  type StudyView,
  type TrialRecord,
  violationText,
} from "../records/mod.ts";
import type { Section } from "./_section.ts";

/** The most trials whose details the page carries. */
const mostTrials = 5000;
/** The most parameters that have a column of their own. */
const mostColumns = 12;
/** How many trials stand in the page without a script. */
const still = 30;

/** A cell of the table's data: what is sorted by; how it reads is made of it by the page. */
type Cell = number | string | boolean | null;

function number(value: number | null | undefined): Cell {
  if (value === null || value === undefined) return null;
  return Number.isFinite(value) ? value : String(value);
}

/** The trials from the best to those without a value. */
function ranked(view: StudyView): readonly TrialRecord[] {
  const { direction } = view.objectives[0]!;
  const place = ({ state }: TrialRecord) =>
    ["complete", "pruned", "running", "failed", "waiting"].indexOf(state);
  return view.trials.toSorted((a, b) => {
    if (place(a) !== place(b)) return place(a) - place(b);
    if (feasibleFirst(a, b) !== 0) return feasibleFirst(a, b);
    const [x, y] = [a.value, b.value];
    if (x === null || y === null || x === y) {
      return Number(x === null) - Number(y === null) || a.number - b.number;
    }
    return isBetter(x, y, direction) ? -1 : 1;
  });
}

/** The table of trials: sorted by a click on a column, without a script the best ones. */
export function trialsSection(
  view: StudyView,
  rivals: readonly number[],
): Section {
  const all = ranked(view);
  const kept = all.slice(0, mostTrials);
  const { parameters } = view.space;
  const objectives = view.objectives.map(({ name }) => name);
  const names = parameters.map(({ name }) => name);
  const rows = kept.map((trial): Cell[] => [
    trial.number,
    trial.state,
    ...objectives.map((_, i) =>
      number(i === 0 ? trial.value : trial.values?.[i])
    ),
    trial.durationMs === null ? null : Math.round(trial.durationMs) / 1000,
    ...names.map((name) => {
      const value = valueOf(trial, name);
      return typeof value === "number" ? number(value) : value ?? null;
    }),
  ]);
  const notes = Object.fromEntries(
    kept.flatMap((trial) => {
      const lines = notesOf(view, trial);
      return lines.length === 0 ? [] : [[trial.number, lines]];
    }),
  );
  const shownNames = names.slice(0, mostColumns);
  const headings = ["trial", "state", ...objectives, "seconds", ...shownNames];
  const omitted = all.length - kept.length;
  const body = kept.slice(0, still).map((trial) =>
    `<tr><td class="n">${trial.number}</td><td>${trial.state}</td>${
      objectives.map((_, i) =>
        `<td class="n">${
          cellText(i === 0 ? trial.value : trial.values?.[i])
        }</td>`
      ).join("")
    }<td class="n">${
      trial.durationMs === null ? "" : formatNumber(trial.durationMs / 1000, 3)
    }</td>${
      shownNames.map((name) => `<td>${cellText(valueOf(trial, name))}</td>`)
        .join("")
    }</tr>`
  ).join("");
  return {
    id: "trials",
    title: "All trials",
    html:
      `<div class="card"><div id="trials-controls" class="controls"></div>` +
      `<div class="wide"><table id="trials-table" class="trials"><thead><tr>${
        headings.map((name) => `<th>${escapeMarkup(name)}</th>`).join("")
      }</tr></thead><tbody>${body}</tbody></table></div>` +
      `<p id="trials-more" class="muted">${
        all.length === 0
          ? "no trial yet"
          : all.length > still
          ? `the best ${still} of ${all.length}`
          : ""
      }${
        omitted > 0 ? `; ${omitted} of the worst are left out of this page` : ""
      }</p></div>`,
    data: view.trials.length === 0 ? {} : {
      "trials-data": {
        objectives,
        parameters: names,
        columns: shownNames.length,
        rows,
        notes,
        rivals,
      },
    },
  };
}

function valueOf({ params }: TrialRecord, name: string) {
  return Object.hasOwn(params, name) ? params[name] : undefined;
}

function cellText(value: number | string | boolean | null | undefined): string {
  return value === undefined || value === null
    ? ""
    : escapeMarkup(formatValue(value));
}

/** What is known of a trial beside its configuration. */
function notesOf(view: StudyView, trial: TrialRecord): readonly string[] {
  const { reason, error, origin, forecast, startedAt } = trial;
  const violations = violationText(view, trial);
  const note = noteOf(trial);
  return [
    note === "" ? "" : `note: ${note}`,
    violations === "" ? "" : `not feasible: ${violations}`,
    reason === null ? "" : `why: ${reason}`,
    origin === "sampler" ? "" : `chosen by: ${origin}`,
    forecast === null
      ? ""
      : `expected before it ran: ${formatNumber(forecast.mean)} ± ${
        formatNumber(forecast.sd, 2)
      }`,
    error === null ? "" : `error: ${error.slice(0, 600)}`,
    startedAt === null ? "" : `begun: ${startedAt.toISOString()}`,
  ].filter((line) => line !== "");
}
