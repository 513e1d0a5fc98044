/**
 * What pruning saved and cost, as numbers and as the rows of its chart.
 *
 * Charts stand above pruners in the house, but need of them no more than the
 * note that an audit leaves with a trial.
 *
 * @module
 */

import {
  type Curve,
  isBetter,
  isFeasible,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { type AuditNote, auditNote } from "../pruners/mod.ts";
import { evenly } from "./_downsample.ts";
import {
  cellsOf,
  type ChartRow,
  type Column,
  columnsOf,
  fieldsOf,
  rowBudget,
} from "./_field.ts";
import { clamp, round } from "./_scale.ts";
import { objectiveOf } from "./_spec.ts";
import { cleanText, formatNumber, shorten } from "./_text.ts";

/** What pruning saved, and what it cost. */
export interface PruningSummary {
  /** How many trials were pruned. */
  readonly pruned: number;
  /** How many steps all trials ran. */
  readonly stepsRun: number;
  /** How many steps the pruned trials did not run, had they been as long as the longest complete trial. */
  readonly stepsSaved: number;
  /** How long these would have taken, in milliseconds, by each trial's own pace. */
  readonly savedMs: number;
  /** How many trials were let run on although the rule would have stopped them. */
  readonly audited: number;
  /** How many of these are complete. */
  readonly auditsComplete: number;
  /** How many of these are better than every complete trial that the rule would not have stopped. */
  readonly wouldHaveWon: number;
  /** How many steps they ran after the rule would have stopped them. */
  readonly auditSteps: number;
  /**
   * The largest share of would-be winners among stopped trials that the audit
   * leaves possible with 95 % confidence, in `[0, 1]`; null without an audit
   * that is complete. Source: Clopper and Pearson (1934), one-sided.
   */
  readonly mostLost: number | null;
}

/** What {@linkcode pruningRows} gives. */
export interface PruningRows {
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * What trials ran: `n` the number, `a` and `b` the first and last step, `k`
   * the kind (`"complete"`, `"pruned"`, `"failed"`, `"running"`,
   * `"audited"`, `"would have won"`), `w` why it was stopped, and the parameters.
   */
  readonly run: readonly ChartRow[];
  /** What pruned trials did not run: `n`, `a`, `b`, `k` is `"not run"`. */
  readonly saved: readonly ChartRow[];
  /** Where audited trials would have been stopped: `n`, `b` the step, `w` why. */
  readonly audits: readonly ChartRow[];
  /** The numbers. */
  readonly summary: PruningSummary;
  /** How many trials were left out to keep the chart small. */
  readonly omitted: number;
}

/** A trial with a curve, and what is drawn of it. */
interface Seen {
  readonly trial: TrialRecord;
  readonly first: number;
  readonly last: number;
  readonly note: AuditNote | null;
}

/** The rows, with the columns for the tooltips. */
export function pruningData(
  view: StudyView,
): PruningRows & { readonly columns: readonly Column[] } {
  const columns = columnsOf(view);
  const { name } = objectiveOf(view);
  const seen = view.trials.flatMap((trial): Seen[] => {
    const curve = trial.curves.get(name);
    if (trial.state === "waiting" || !hasPoints(curve)) return [];
    const { steps } = curve;
    const [first, last] = [clamp(steps[0]!), clamp(steps.at(-1)!)];
    return [{ trial, first, last, note: auditNote(trial) }];
  });
  const longest = seen.reduce(
    (most, { trial, last }) =>
      trial.state === "complete" ? Math.max(most, last) : most,
    0,
  );
  const winners = winnersAmong(view, seen);
  const most = rowBudget(columns.length, 420_000, 1400);
  const kept = evenly(seen, most);
  const start = seen.reduce((least, { first }) => Math.min(least, first), 1);
  return {
    columns,
    fields: fieldsOf(columns),
    run: kept.map(({ trial, last, note }) => ({
      n: trial.number,
      a: round(Math.min(0, start - 1), 7),
      b: round(last, 7),
      k: winners.has(trial)
        ? "would have won"
        : note !== null
        ? "audited"
        : trial.state,
      w: trial.state === "pruned" && trial.reason !== null
        ? shorten(trial.reason, 160)
        : trial.value === null
        ? "no value"
        : formatNumber(trial.value),
      ...cellsOf(columns, trial),
    })),
    saved: kept.flatMap(({ trial, last }): ChartRow[] =>
      trial.state === "pruned" && last < longest
        ? [{
          n: trial.number,
          a: round(last, 7),
          b: round(longest, 7),
          k: "not run",
        }]
        : []
    ),
    audits: kept.flatMap(({ trial, note }): ChartRow[] =>
      note === null ? [] : [{
        n: trial.number,
        b: round(clamp(note.step), 7),
        k: winners.has(trial) ? "would have won" : "audited",
        w: shorten(cleanText(note.reason), 160),
      }]
    ),
    summary: summaryOf(seen, { longest, winners }),
    omitted: seen.length - kept.length,
  };
}

function hasPoints(curve: Curve | undefined): curve is Curve {
  return curve !== undefined && curve.steps.length > 0;
}

/** The complete audited trials that are better than every complete trial that no rule wanted to stop. */
function winnersAmong(
  view: StudyView,
  seen: readonly Seen[],
): ReadonlySet<TrialRecord> {
  const { direction } = objectiveOf(view);
  const audited = new Set(
    seen.filter(({ note }) => note !== null).map(({ trial }) => trial),
  );
  let best: number | null = null;
  for (const trial of view.trials) {
    if (trial.state !== "complete" || trial.value === null) continue;
    if (audited.has(trial) || !isFeasible(trial)) continue;
    if (best === null || isBetter(trial.value, best, direction)) {
      best = trial.value;
    }
  }
  return new Set(
    [...audited].filter(({ state, value }) =>
      state === "complete" && value !== null && best !== null &&
      isBetter(value, best, direction)
    ),
  );
}

function summaryOf(
  seen: readonly Seen[],
  { longest, winners }: {
    longest: number;
    winners: ReadonlySet<TrialRecord>;
  },
): PruningSummary {
  let stepsRun = 0;
  let stepsSaved = 0;
  let savedMs = 0;
  let auditSteps = 0;
  const pruned = seen.filter(({ trial }) => trial.state === "pruned");
  const audited = seen.filter(({ note }) => note !== null);
  for (const { last } of seen) stepsRun += last;
  for (const { trial, last } of pruned) {
    const left = Math.max(0, longest - last);
    stepsSaved += left;
    savedMs += left * (trial.durationMs ?? 0) / Math.max(1, last);
  }
  for (const { last, note } of audited) {
    auditSteps += Math.max(0, last - note!.step);
  }
  const auditsComplete =
    audited.filter(({ trial }) => trial.state === "complete").length;
  return Object.freeze({
    pruned: pruned.length,
    stepsRun,
    stepsSaved,
    savedMs,
    audited: audited.length,
    auditsComplete,
    wouldHaveWon: winners.size,
    auditSteps,
    mostLost: auditsComplete === 0
      ? null
      : upperBound(winners.size, auditsComplete),
  });
}

/** The share p at which no more than k of n would be seen in 5 % of cases. */
function upperBound(k: number, n: number): number {
  if (k >= n) return 1;
  let [low, high] = [k / n, 1];
  for (let i = 0; i < 50; i++) {
    const p = (low + high) / 2;
    let chance = (1 - p) ** n;
    let sum = chance;
    for (let j = 1; j <= k; j++) {
      chance *= (n - j + 1) / j * p / (1 - p);
      sum += chance;
    }
    if (sum > 0.05) low = p;
    else high = p;
  }
  return high;
}
