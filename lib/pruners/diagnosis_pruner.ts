import {
  diagnose,
  diagnosedCurves,
  type FindingKind,
  noiseLevel,
} from "../curves/mod.ts";
import {
  type Curve,
  type Direction,
  isBetter,
  type StudyView,
} from "../records/mod.ts";
import { checkNames, checkNumbers } from "./_check.ts";
import { historyOf } from "./_history.ts";
import { keep, nothingYet, show, stop } from "./_judgement.ts";
import type { Pruner } from "./pruner.ts";

/** What is asked of who reads curves. */
export interface HopelessQuestion {
  /** The objective's curve up to now. */
  readonly curve: Curve;
  /** All curves of the trial up to now, by name. */
  readonly curves: ReadonlyMap<string, Curve>;
  /** Which values of the objective are better. */
  readonly direction: Direction;
  /** The number of the trial. */
  readonly number: number;
  /** The study. */
  readonly study: StudyView;
}

/** Says in a sentence why a training is past hope; null if it is not. */
export type HopelessFinding = (question: HopelessQuestion) => string | null;

/** Options of {@linkcode diagnosisPruner}. */
export interface DiagnosisPrunerOptions {
  /** Who says that a training is past hope. Defaults to {@linkcode divergedOrDead}. */
  readonly finding?: HopelessFinding;
}

/**
 * Stops a training that is past hope at once, without a look at others: it has
 * diverged, or it is dead.
 *
 * @param options Who says so.
 * @throws {TypeError} If an option is unknown or the finding is no function.
 *
 * @example
 * ```ts
 * import { anyOf, diagnosisPruner, medianPruner } from "@etude/etude";
 * anyOf(diagnosisPruner(), medianPruner()).name; // "diagnosis or median"
 * ```
 */
export function diagnosisPruner(options: DiagnosisPrunerOptions = {}): Pruner {
  checkNames("diagnosis", options, ["finding"]);
  const { finding = divergedOrDead() } = options;
  if (typeof finding !== "function") {
    throw new TypeError(
      `Cannot make the diagnosis pruner: finding is ${
        String(finding)
      }, expected a function that gives a sentence or null`,
    );
  }
  return Object.freeze<Pruner>({
    name: "diagnosis",
    judge: ({ curve, number, study }) => {
      if (curve.steps.length === 0) return nothingYet;
      const curves = study.trials[number]?.curves ?? new Map();
      const found = finding({
        curve,
        curves: curves.has(curve.name)
          ? curves
          : new Map([...curves, [curve.name, curve]]),
        direction: study.objectives[0]!.direction,
        number,
        study,
      });
      return found === null
        ? keep("It has neither diverged nor died.")
        : stop(found);
    },
  });
}

/**
 * The first critical finding of a whole diagnosis ({@linkcode diagnose}) of the
 * trial's train and validation curves: slower than {@linkcode divergedOrDead}, a
 * millisecond or two, and with an eye for more than the objective's curve.
 *
 * @param kinds Which findings stop a training. Defaults to divergence and no learning.
 *
 * @example
 * ```ts
 * import { criticalDiagnosis, diagnosisPruner } from "@etude/etude";
 * diagnosisPruner({ finding: criticalDiagnosis(["divergence"]) });
 * ```
 */
export function criticalDiagnosis(
  kinds: readonly FindingKind[] = ["divergence", "no learning"],
): HopelessFinding {
  return ({ curve, number, study, direction }) => {
    const trial = study.trials[number];
    const { train, validation } = trial === undefined
      ? { train: null, validation: null }
      : diagnosedCurves(study, trial);
    // Where only the objective is known, it stands for both: as a loss.
    const sign = direction === "minimize" ? 1 : -1;
    const loss = {
      name: "loss",
      steps: curve.steps,
      values: curve.values.map((value) => sign * value),
    };
    const isOwn = train === null || train.name === curve.name;
    const { findings } = isOwn
      ? diagnose({ train: loss, validation: loss }, { running: true })
      : diagnose({ train, validation }, { running: true });
    const found = findings.find(({ kind, severity }) =>
      severity === "critical" && kinds.includes(kind)
    );
    return found?.sentence ?? null;
  };
}

/** Options of {@linkcode divergedOrDead}. */
export interface DivergedOrDeadOptions {
  /** How many reports may be without a finite value before the training counts as diverged, at least 1. Defaults to `1`. */
  readonly nonFinite?: number;
  /** From how many reports on a training that has not moved counts as dead, at least 3. Defaults to `8`. */
  readonly deadAfter?: number;
}

/**
 * Two findings on the objective's curve. *Diverged*: its latest reports are NaN
 * or infinitely bad, or its last three are worse than its first value by more
 * than the distance that any trial of the study has ever come up from its
 * start. *Dead*: after some reports it has not left its first value by more
 * than its noise, while most other trials had moved by then.
 *
 * @param options When it is sure.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { diagnosisPruner, divergedOrDead } from "@etude/etude";
 * diagnosisPruner({ finding: divergedOrDead({ deadAfter: 20 }) });
 * ```
 */
export function divergedOrDead(
  options: DivergedOrDeadOptions = {},
): HopelessFinding {
  checkNames("diagnosis", options, ["nonFinite", "deadAfter"]);
  const { nonFinite = 1, deadAfter = 8 } = options;
  checkNumbers("diagnosis", { nonFinite, deadAfter }, {
    nonFinite: { least: 1, whole: true },
    deadAfter: { least: 3, whole: true },
  });
  return ({ curve, direction, study }) => {
    const { values, steps } = curve;
    const sign = direction === "minimize" ? 1 : -1;
    const isLost = (value: number) =>
      Number.isNaN(value) || sign * value === Infinity;
    if (
      values.length >= nonFinite && values.slice(-nonFinite).every(isLost)
    ) {
      return `It has diverged: its value at step ${steps.at(-1)} is ${
        values.at(-1)
      }.`;
    }
    const finite = values.filter(Number.isFinite);
    if (finite.length < 3) return null;
    const first = finite[0]!;
    const history = historyOf(study);
    // The gain of a trial: how far it has come up from its first value.
    const gains = history.column("gain", (other, trial) => {
      if (trial.state !== "complete") return undefined;
      const seen = other.values.filter(Number.isFinite);
      if (seen.length < 3) return undefined;
      return sign * seen[0]! -
        seen.reduce((a, b) => Math.min(a, sign * b), Infinity);
    }).sorted;
    const most = gains.at(-1) ?? Infinity;
    if (
      gains.length >= 3 && most > 0 &&
      finite.slice(-3).every((value) => sign * (value - first) > most)
    ) {
      return `It has diverged: ${show(finite.at(-1)!)} at step ${
        steps.at(-1)
      }, from ${show(first)} at its start.`;
    }
    if (finite.length < deadAfter) return null;
    const typical = gains[gains.length >> 1] ?? 0;
    const moved = finite.reduce(
      (far, value) => Math.max(far, Math.abs(value - first)),
      0,
    );
    const still = Math.max(3 * noiseLevel(finite), 1e-6 * Math.abs(first));
    const isBehind = gains.length >= 3 && typical > 10 * Math.max(still, moved);
    const isConstant = moved === 0;
    if (
      (isConstant || (moved <= still && isBehind)) && !isBetter(
        finite.at(-1)!,
        first,
        direction,
      )
    ) {
      return `It is dead: after ${finite.length} reports it has not left its first value, ${
        show(first)
      }.`;
    }
    return null;
  };
}
