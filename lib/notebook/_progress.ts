import { formatNumber, formatValue } from "../charts/mod.ts";
import {
  bestTrial,
  cleanText,
  isFeasible,
  isPaused,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { ParameterValue } from "../space/mod.ts";
import { formatDuration, type StudyRun, type Trial } from "../study/mod.ts";

/** What a progress display says, as plain data. */
export interface Progress {
  /** What the run does, e.g. `"trial 8 of 50"`. */
  readonly headline: string;
  /** How far it is, in `[0, 1]`; null where there is no end. */
  readonly fraction: number | null;
  /** Counts of ended trials, e.g. `"6 complete, 1 pruned"`. */
  readonly counts: string;
  /** Elapsed and remaining time. */
  readonly time: string;
  /** The best trial so far, in words; null while there is none. */
  readonly best: string | null;
  /** The best trial's parameters. */
  readonly bestParams: readonly (readonly [string, string])[];
  /** What runs now, in words; null if nothing does. */
  readonly running: string | null;
  /** Whether it is a run of one trial, such as `study.try` makes. */
  readonly isSingle: boolean;
  /** How what came compares with what was expected, of a run of one trial that has ended; else null. */
  readonly outcome: string | null;
  /** The last error, its first line; null if no trial of the run failed. */
  readonly lastError: string | null;
}

/** The trials of a run that ended last. */
export interface LastTrials {
  /** The last one; null before one has ended. */
  readonly ended: TrialRecord | null;
  /** The last one that failed; null if none did. */
  readonly failed: TrialRecord | null;
}

/** What to say of a run. */
export function progressOf(
  view: StudyView,
  run: StudyRun,
  last: LastTrials,
): Progress {
  const { finished, target, elapsedMs, timeoutMs, epochs, epochsDone } = run;
  const best = bestTrial(view);
  const byCount = target === null ? null : finished / target;
  const byEpochs = epochs === null ? null : epochsDone / epochs;
  const byTime = timeoutMs === null ? null : elapsedMs / timeoutMs;
  const shares = [byCount, byEpochs, byTime].filter((share) => share !== null);
  const fraction = shares.length === 0
    ? null
    : Math.min(1, Math.max(...shares));
  const [first] = run.trials;
  return {
    headline: headlineOf(run),
    fraction: run.running ? fraction : byCount ?? byEpochs ?? fraction,
    counts: countsText(run, view),
    time: run.running
      ? `${formatDuration(elapsedMs)} elapsed${remaining(fraction, run)}`
      : `took ${formatDuration(elapsedMs)}`,
    best: best === null
      ? view.trials.some((trial) =>
          trial.state === "complete" && !isFeasible(trial)
        )
        ? "none that is feasible yet"
        : null
      : `${formatNumber(best.value!)} in trial ${best.number}`,
    bestParams: best === null ? [] : paramTexts(best.params),
    running: first === undefined ? null : runningText(first, run),
    isSingle: target === 1,
    outcome: run.running || target !== 1 ? null : outcomeText(last.ended),
    lastError: last.failed?.error?.split("\n")[0] ?? null,
  };
}

function runningText(trial: Trial, run: StudyRun): string {
  const { number, step, forecast } = trial;
  return [
    `trial ${number}`,
    ...(step === null ? [] : [`step ${step}`]),
    ...(forecast === null ? [] : [
      `expected ${formatNumber(forecast.mean)} ± ${
        formatNumber(forecast.sd, 2)
      }`,
    ]),
    ...(run.trials.length > 1 ? [`and ${run.trials.length - 1} more`] : []),
  ].join(", ");
}

/** What came beside what was expected. */
function outcomeText(trial: TrialRecord | null): string | null {
  if (trial === null || trial.forecast === null || trial.value === null) {
    return null;
  }
  const { mean, sd } = trial.forecast;
  const off = Math.abs(trial.value - mean) / sd;
  const verdict = off <= 1
    ? "as expected"
    : `${formatNumber(off, 2)} sd ${trial.value > mean ? "above" : "below"} it`;
  return `expected ${formatNumber(mean)} ± ${formatNumber(sd, 2)}, came ${
    formatNumber(trial.value)
  }, ${verdict}`;
}

function headlineOf(run: StudyRun): string {
  const { finished, target, epochs, epochsDone } = run;
  if (!run.running) {
    return `${finished} ${
      finished === 1 ? "trial" : "trials"
    }, ended: ${run.endReason}`;
  }
  const stopping = run.stopReason === null
    ? ""
    : `, stopping: ${run.stopReason}`;
  if (epochs !== null) return `epoch ${epochsDone} of ${epochs}${stopping}`;
  const current = target === null
    ? finished + 1
    : Math.min(target, finished + 1);
  return `trial ${current}${target === null ? "" : ` of ${target}`}${stopping}`;
}

function countsText(run: StudyRun, view: StudyView): string {
  const { complete, pruned, failed } = run.counts;
  const paused = run.epochs === null ? 0 : view.trials.filter(isPaused).length;
  return [
    `${complete} complete`,
    ...(pruned > 0 ? [`${pruned} pruned`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(paused > 0 ? [`${paused} paused`] : []),
  ].join(", ");
}

/** Remaining time, from the mean pace so far; nothing before the first trial has ended. */
function remaining(fraction: number | null, run: StudyRun): string {
  if (fraction === null || fraction <= 0 || run.finished === 0) return "";
  return `, about ${
    formatDuration(run.elapsedMs * (1 - fraction) / fraction)
  } left`;
}

export function paramTexts(
  params: Readonly<Record<string, ParameterValue | undefined>>,
): (readonly [string, string])[] {
  return Object.entries(params).map(([name, value]) =>
    [name, formatValue(value!)] as const
  );
}

/** The progress as one line of plain text, what matters most first: terminals are narrow. */
export function progressLine(progress: Progress): string {
  const { headline, counts, time, running, outcome, isSingle } = progress;
  const best = progress.best === null ? null : `best ${progress.best}`;
  const single = isSingle ? running ?? outcome : null;
  const parts = single === null
    ? [headline, counts, best, running, time]
    : [single, best, time];
  return cleanText(parts.filter((part) => part !== null).join(" · "));
}
