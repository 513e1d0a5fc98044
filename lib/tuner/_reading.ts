import {
  type CurveForecast,
  diagnosedCurves,
  forecastCurve,
} from "../curves/mod.ts";
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
    forecasts: [
      ...(forecast === null
        ? []
        : shownForecast(nameOf("validation"), forecast, null)),
      ...objectiveForecast(study, number, nameOf("validation")),
    ],
    marks: diagnosis.marks.map(({ label, step, curve, value }) => ({
      label,
      step,
      curve: nameOf(curve),
      value: finiteOrNull(value),
    })),
  };
}

type ShownForecast = Reading["forecasts"][number];

function shownForecast(
  curve: string,
  { at, value, path }: CurveForecast,
  chance: number | null,
): ShownForecast[] {
  return value === null ? [] : [{
    curve,
    at,
    value,
    path: path.map(({ step, value, low, high }) =>
      [step, short(value), short(low), short(high)] as const
    ),
    chance,
  }];
}

/** Where the objective's curve of a running trial is going, once there is ground for a band. */
function objectiveForecast(
  study: Study,
  number: number,
  diagnosed: string,
): ShownForecast[] {
  const { name, direction } = study.objectives[0]!;
  const curve = study.trial(number).curves.get(name);
  const last = curve?.steps.at(-1) ?? 0;
  if (curve === undefined || isFinished(study.trial(number).state)) return [];
  const ends = study.trials.flatMap(({ state, curves }) =>
    state === "complete" ? curves.get(name)?.steps.at(-1) ?? [] : []
  );
  const at = Math.max(...ends, 0);
  if (name === diagnosed || at <= last || last < 1) return [];
  const isShare = curve.values.every((value) => value >= 0 && value <= 1);
  const forecast = forecastCurve(curve, {
    direction,
    at,
    ...(isShare && direction === "maximize" ? { bounds: [0, 1] as const } : {}),
  });
  if (forecast.band === null) return [];
  const best = study.best?.value ?? null;
  return shownForecast(
    name,
    forecast,
    best === null ? null : forecast.probabilityOfBeating(best),
  );
}

function short(value: number): number | null {
  return Number.isFinite(value) ? rounded(value, 6) : null;
}
