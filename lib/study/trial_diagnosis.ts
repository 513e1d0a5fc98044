import { type Chart, diagnosisChart } from "../charts/mod.ts";
import type {
  Advice,
  CurveForecast,
  Diagnosis,
  Finding,
  FindingKind,
} from "../curves/mod.ts";
import type { StudyView } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";

/** The parts of a {@linkcode TrialDiagnosis}. */
export interface TrialDiagnosisParts {
  /** The study as it was. */
  readonly view: StudyView;
  /** The trial's number. */
  readonly trial: number;
  /** What its curves show. */
  readonly diagnosis: Diagnosis;
  /** What to do about it. */
  readonly advice: Advice;
  /** Where its curve is going; null if it is at its end, or nothing can be said. */
  readonly forecast: CurveForecast | null;
}

/**
 * What a trial's curves show, which parameter to move, and where the curve is
 * going: what `study.diagnose(7)` and `trial.diagnose()` give. A notebook shows
 * it as a picture with the sentences above it. A value: what comes later does
 * not change it.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "falling",
 *   space: space({ rate: float(0.01, 1, { log: true }) }),
 *   objective: minimize("validation loss"),
 *   storage: "memory",
 * });
 * await study.optimize(async (trial) => {
 *   for (let epoch = 1; epoch <= 20; epoch++) {
 *     const loss = Math.exp(-trial.params.rate * epoch / 10);
 *     await trial.report(epoch, { train: { loss }, validation: { loss: loss + 0.01 } });
 *   }
 *   return trial.best("validation loss");
 * }, { trials: 3, progress: false });
 * study.diagnose(2).main?.kind; // e.g. "not converged"
 * ```
 */
export class TrialDiagnosis {
  /** The trial's number. */
  readonly trial: number;
  /** What its curves show. */
  readonly diagnosis: Diagnosis;
  /** What to do about it: the moves, and the sentence. */
  readonly advice: Advice;
  /** Where its curve is going; null if it is at its end, or nothing can be said. */
  readonly forecast: CurveForecast | null;
  readonly #view: StudyView;

  /** Made by a study; not meant to be called. */
  constructor(parts: TrialDiagnosisParts) {
    this.trial = parts.trial;
    this.diagnosis = parts.diagnosis;
    this.advice = parts.advice;
    this.forecast = parts.forecast;
    this.#view = parts.view;
    Object.freeze(this);
  }

  /** What was found, the most important first; empty if nothing was. */
  get findings(): readonly Finding[] {
    return this.diagnosis.findings;
  }

  /** The most important finding, or null if there is none. */
  get main(): Finding | null {
    return this.diagnosis.main;
  }

  /** The finding of a kind, or null. */
  find(kind: FindingKind): Finding | null {
    return this.diagnosis.find(kind);
  }

  /** The whole configuration to try next, as `study.enqueue` takes it; null if no move helps. */
  get suggestion(): Configuration | null {
    return this.advice.suggestion;
  }

  /** The curves with what the findings rest on, and the way ahead. */
  get chart(): Chart {
    return diagnosisChart(this.#view, {
      trial: this.trial,
      diagnosis: this.diagnosis,
      forecast: this.forecast,
      ...(this.main === null ? {} : { advice: this.advice.sentence }),
    });
  }

  /** The findings and the advice in sentences. */
  toString(): string {
    const { main, diagnosis, advice } = this;
    return main === null ? String(diagnosis) : `${diagnosis}\n→ ${advice}`;
  }

  /** What a Jupyter notebook shows: the picture, with the sentences. */
  [Symbol.for("Jupyter.display")](): Promise<Record<string, unknown>> {
    const chart = this.chart as unknown as Record<
      symbol,
      () => Promise<Record<string, unknown>>
    >;
    return chart[Symbol.for("Jupyter.display")]!();
  }

  /** What the console shows: the sentences. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
