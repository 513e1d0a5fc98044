/**
 * Labelled runs from files, and what a diagnosis says of them.
 *
 * @module
 */

import {
  diagnose,
  type DiagnosisContext,
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
}

/** What causes are called when those of one symptom are merged. */
export const merged: Readonly<Record<string, string>> = {
  healthy: "healthy",
  lr_too_large: "rate too large",
  lr_too_small: "rate too small",
  too_few_epochs: "too few epochs",
  underfit_capacity: "underfitting",
  underfit_regularised: "underfitting",
  overfit: "overfitting",
  noisy_validation: "noise",
  late_step_noise: "noise",
  leak_duplicates: "leak",
  leak_label: "leak",
  validation_shift: "shift",
  dead_plateau: "no learning",
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
  "noisy validation": "noise",
  "late step noise": "noise",
  "leakage": "leak",
  "shift": "shift",
  "early instability": "healthy",
};

/** Reads a file of runs, a JSON object a line; NaN is written as null or NaN. */
export async function readRuns(path: string): Promise<Run[]> {
  const file = await Deno.open(path);
  const stream = path.endsWith(".gz")
    ? file.readable.pipeThrough(new DecompressionStream("gzip"))
    : file.readable;
  const text = await new Response(stream).text();
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const row = JSON.parse(line.replace(/\bNaN\b|-?\bInfinity\b/g, "null"));
    const numbers = (values: (number | null)[]) =>
      values.map((value) => value ?? NaN);
    const cfg = row.params ?? { ...row.cfg };
    // What only the maker of the data knows is no parameter of a search.
    for (const key of ["leak", "shift", "b0", "ntr", "nval"]) delete cfg[key];
    return {
      task: row.task,
      study: row.study ?? row.task,
      cause: row.cause,
      baseline: row.baseline,
      truth: row.truth ?? null,
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
  more: DiagnosisContext = {},
  mainOnly = true,
): (Verdict & { readonly run: Run; readonly text: string })[] {
  void mainOnly;
  return runs.map((run) => {
    const siblings = withSiblings
      ? runs.filter((one) => one.study === run.study && one !== run)
        .map(({ curves }) => curves)
      : undefined;
    const diagnosis = diagnose(run.curves, {
      baseline: run.baseline,
      params: run.curves.params,
      siblings,
      ...more,
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
