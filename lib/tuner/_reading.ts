import { diagnosedCurves } from "../curves/mod.ts";
import { isFinished } from "../records/mod.ts";
import type { Study } from "../study/mod.ts";
import { finiteOrNull, rounded } from "./_numbers.ts";
import type { Reading, Values } from "./protocol.ts";

/** What a trial's curves show, as the page is told. */
export function readingOf(study: Study, number: number): Reading {
  const view = study.view();
  const trial = study.trial(number);
  const found = study.diagnose(number);
  const curves = diagnosedCurves(view, trial);
  const nameOf = (curve: "train" | "validation") =>
    curves[curve]?.name ?? curves.validation?.name ?? curves.train?.name ?? "";
  const { advice, diagnosis, forecast } = found;
  return {
    number,
    live: !isFinished(trial.state),
    findings: found.findings.map(({ kind, severity, sentence }) => ({
      kind,
      severity,
      sentence,
    })),
    nothing: found.findings.length > 0
      ? ""
      : String(diagnosis).replace(/^[^:]*: /, ""),
    advice: found.main === null ? null : {
      sentence: advice.sentence,
      moves: advice.moves.slice(0, 3).map((move) => ({
        parameter: move.parameter,
        to: move.to,
        sentence: move.sentence,
        suggestion: move.suggestion as Values,
      })),
    },
    forecast: forecast === null || forecast.value === null ? null : {
      curve: nameOf("validation"),
      at: forecast.at,
      value: forecast.value,
      path: forecast.path.map(({ step, value, low, high }) =>
        [step, short(value), short(low), short(high)] as const
      ),
    },
    marks: diagnosis.marks.map(({ label, step, curve, value }) => ({
      label,
      step,
      curve: nameOf(curve),
      value: finiteOrNull(value),
    })),
  };
}

function short(value: number): number | null {
  return Number.isFinite(value) ? rounded(value, 6) : null;
}
