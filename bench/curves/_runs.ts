/**
 * Labelled runs from files, and what a diagnosis says of them.
 *
 * @module
 */

import {
  diagnose,
  type FindingKind,
  type SiblingCurves,
} from "../../lib/curves/mod.ts";
import type { Verdict } from "./_score.ts";

/** A labelled run, of the shared data set or our own. */
export interface Run {
  readonly task: string;
  /** Runs of one study are each other's siblings. */
  readonly study: string;
  readonly cause: string;
  readonly baseline: number;
  readonly curves: SiblingCurves;
  readonly truth: readonly number[] | null;
  /** How many examples the validation has, which a person knows; undefined if the file does not say. */
  readonly nValidation?: number;
  /** Of our own: whether thresholds were set by it. */
  readonly use?: "set" | "report";
}

/** What causes are called; causes of one symptom are one already. */
export const merged: Readonly<Record<string, string>> = {
  healthy: "healthy",
  lr_too_large: "rate too large",
  lr_too_small: "rate too small",
  too_few_epochs: "too few epochs",
  underfit_capacity: "underfitting",
  underfit_regularised: "underfitting",
  overfit: "overfitting",
  noisy_validation: "noisy validation",
  late_step_noise: "late step noise",
  leak_duplicates: "leak",
  leak_label: "leak",
  validation_shift: "shift",
  dead_plateau: "no learning",
};

/** Ways to merge classes that curves hardly tell apart. */
export const merges: Readonly<
  Record<string, {
    readonly title: string;
    readonly classes: Readonly<Record<string, string>>;
  }>
> = {
  noise: {
    title: "10 classes (both noises one)",
    classes: { "noisy validation": "noise", "late step noise": "noise" },
  },
  slow: {
    title: "10 classes (rate too small and too few epochs one)",
    classes: { "rate too small": "slow", "too few epochs": "slow" },
  },
  none: { title: "11 classes", classes: {} },
};

/** The class that a main finding stands for. */
export const classOf: Readonly<Record<FindingKind, string>> = {
  "divergence": "rate too large",
  "learning rate too large": "rate too large",
  "learning rate too small": "rate too small",
  "not converged": "too few epochs",
  "no learning": "no learning",
  "early plateau": "healthy",
  "overfitting": "overfitting",
  "overconfidence": "overfitting",
  "generalization gap": "overfitting",
  "underfitting": "underfitting",
  "noisy validation": "noisy validation",
  "late step noise": "late step noise",
  "leakage": "leak",
  "shift": "shift",
  "early instability": "healthy",
};

/** Reads a file of runs, a JSON object a line; NaN is written as null or NaN. */
export async function readRuns(path: string | URL): Promise<Run[]> {
  const file = await Deno.open(path);
  const stream = String(path).endsWith(".gz")
    ? file.readable.pipeThrough(new DecompressionStream("gzip"))
    : file.readable;
  const text = await new Response(stream).text();
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const row = JSON.parse(line.replace(/\bNaN\b|-?\bInfinity\b/g, "null"));
    const numbers = (values: (number | null)[]) =>
      values.map((value) => value ?? NaN);
    const cfg = row.params ?? { ...row.cfg };
    const nValidation = row.cfg?.nval ?? row.nValidation;
    // What only the maker of the data knows is no parameter of a search.
    for (const key of ["leak", "shift", "b0", "ntr", "nval"]) delete cfg[key];
    return {
      task: row.task,
      study: row.study ?? row.task,
      cause: row.cause,
      baseline: row.baseline,
      nValidation,
      truth: row.truth === undefined ? null : numbers(row.truth),
      curves: {
        params: cfg,
        train: numbers(row.train),
        validation: numbers(row.validation ?? row.val),
      },
    };
  });
}

/** What {@linkcode diagnose} says, as classes. */
export function judge(
  runs: readonly Run[],
  withSiblings: boolean,
  withSize = false,
): (Verdict & { readonly run: Run; readonly text: string })[] {
  return runs.map((run) => {
    const siblings = withSiblings
      ? runs.filter((one) => one.study === run.study && one !== run)
        .map(({ curves }) => curves)
      : undefined;
    const diagnosis = diagnose(run.curves, {
      baseline: run.baseline,
      params: run.curves.params,
      siblings,
      nValidation: withSize ? run.nValidation : undefined,
    });
    const main = diagnosis.main;
    return {
      run,
      truth: merged[run.cause]!,
      said: main === null ? "healthy" : classOf[main.kind],
      text: String(diagnosis),
    };
  });
}
