/**
 * What a study's trials together show of the search: its edges, its budget, its
 * failing region, its noise.
 *
 * @module
 */

import {
  isBetter,
  isFeasible,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import {
  choicesOf,
  type Configuration,
  type Parameter,
  type Space,
  toUnit,
} from "../space/mod.ts";
import type {
  Diagnosis,
  Finding,
  FindingKind,
  StudyFindingKind,
} from "./diagnosis.ts";
import { binomialTail, hypergeometricTail } from "./_chance.ts";
import { evidence } from "./_finding.ts";
import { count, list, percent, show } from "./_words.ts";
import { noiseLevel } from "./smooth.ts";

/** A trial with its diagnosis. */
export interface Diagnosed<C> {
  readonly trial: TrialRecord<C>;
  readonly diagnosis: Diagnosis;
}

function studyFinding(
  kind: StudyFindingKind,
  severity: "problem" | "hint",
  sentence: string,
  trials: readonly number[],
  ...pieces: readonly ReturnType<typeof evidence>[]
): Finding<StudyFindingKind> {
  return Object.freeze({
    kind,
    severity,
    sentence,
    evidence: Object.freeze(pieces),
    steps: null,
    trials: Object.freeze([...trials]),
  });
}

/** Complete trials with a finite value, the best first; of a study with constraints the feasible ones, if there are some. */
export function ranked<C>(view: StudyView<C>): TrialRecord<C>[] {
  const { direction } = view.objectives[0]!;
  const known = view.trials.filter(({ state, value }) =>
    state === "complete" && value !== null && Number.isFinite(value)
  );
  const feasible = known.filter(isFeasible);
  return (feasible.length > 0 ? feasible : known).sort((a, b) =>
    a.value === b.value
      ? a.number - b.number
      : isBetter(a.value!, b.value!, direction)
      ? -1
      : 1
  );
}

const numeric = (parameter: Parameter) => choicesOf(parameter) === null;

/** The place of a trial on a parameter's axis; null where it is inactive. */
function placeOf<C>(
  trial: TrialRecord<C>,
  parameter: Parameter,
): number | null {
  const value = (trial.params as Configuration)[parameter.name];
  return value === undefined ? null : toUnit(parameter, value);
}

/** How much of a range counts as its end. */
const outerPart = 0.15;

/** The best trials crowd at an end of a parameter's range. */
export function findEdges<C>(view: StudyView<C>): Finding<StudyFindingKind>[] {
  const order = ranked(view);
  if (order.length < 10) return [];
  const best = order.slice(0, Math.max(4, Math.round(order.length / 10)));
  return (view.space as Space).parameters.filter(numeric).flatMap(
    (parameter) => {
      const places = (trials: readonly TrialRecord<C>[]) =>
        trials.map((trial) => placeOf(trial, parameter))
          .filter((place) => place !== null);
      const top = places(best);
      if (top.length < 4) return [];
      for (const end of ["low", "high"] as const) {
        const near = (place: number, outer: number) =>
          end === "low" ? place < outer : place > 1 - outer;
        const inside = top.filter((place) => near(place, outerPart)).length;
        // By chance each stands there as often as that part is large.
        const p = 2 * view.space.dimension *
          binomialTail(top.length, inside, outerPart);
        const first = placeOf(order[0]!, parameter);
        if (p > 0.02 || first === null || !near(first, 0.1)) continue;
        const bound = show((parameter as { low: number; high: number })[end]);
        return [studyFinding(
          "edge of the space",
          "problem",
          `${inside} of the ${top.length} best trials stand at the ${
            end === "low" ? "lower" : "upper"
          } end of ${parameter.name} (${bound}): ${
            end === "low" ? "lower" : "raise"
          } that bound, the best may lie beyond.`,
          best.map(({ number }) => number),
          evidence(
            "share of the best trials in the outer part of the range",
            inside / top.length,
            "of the best trials",
            outerPart,
            Math.min(1, p),
          ),
        )];
      }
      return [];
    },
  );
}

/** A part of the space where trainings fail or diverge. */
export function findFailingRegion<C>(
  view: StudyView<C>,
  diagnosed: readonly Diagnosed<C>[],
): Finding<StudyFindingKind>[] {
  const broken = new Set(
    diagnosed.filter(({ diagnosis }) =>
      diagnosis.main?.kind === "divergence" ||
      diagnosis.main?.kind === "learning rate too large"
    ).map(({ trial }) => trial.number),
  );
  const over = view.trials.filter(({ state, value }) =>
    state === "complete" || state === "failed" ||
    state === "pruned" && value !== undefined
  );
  const fails = (trial: TrialRecord<C>) =>
    trial.state === "failed" || broken.has(trial.number) ||
    trial.value !== null && !Number.isFinite(trial.value);
  const failing = over.filter(fails);
  if (failing.length < 3 || over.length < 8) return [];
  let best: {
    parameter: Parameter;
    above: boolean;
    edge: number;
    inside: number;
    failed: number;
    p: number;
  } | null = null;
  let tried = 0;
  for (const parameter of (view.space as Space).parameters.filter(numeric)) {
    const placed = over.flatMap((trial) => {
      const value = (trial.params as Configuration)[parameter.name];
      return typeof value === "number" ? [{ value, bad: fails(trial) }] : [];
    }).sort((a, b) => a.value - b.value);
    tried += 2;
    for (let cut = 3; cut <= placed.length - 3; cut++) {
      if (placed[cut]!.value === placed[cut - 1]!.value) continue;
      for (const above of [true, false]) {
        const side = above ? placed.slice(cut) : placed.slice(0, cut);
        const failed = side.filter(({ bad }) => bad).length;
        const all = placed.filter(({ bad }) => bad).length;
        if (failed < 3 || failed < 0.6 * side.length) continue;
        const p = hypergeometricTail(placed.length, all, side.length, failed);
        if (best === null || p < best.p) {
          best = {
            parameter,
            above,
            edge: above ? placed[cut]!.value : placed[cut - 1]!.value,
            inside: side.length,
            failed,
            p,
          };
        }
      }
    }
  }
  // Every parameter, both sides, and about as many cuts as are independent.
  const p = best === null ? 1 : Math.min(1, best.p * tried * 4);
  if (best === null || p > 0.05) return [];
  const { parameter, above, edge, inside, failed } = best;
  const rate = parameter.role === "learning rate" && above;
  return [studyFinding(
    "failing region",
    "problem",
    `${failed} of ${inside} trials with ${parameter.name} ${
      above ? "from" : "up to"
    } ${show(edge)} ${above ? "on " : ""}failed or diverged, ${
      failing.length - failed
    } of ${over.length - inside} others: ${
      above ? "lower" : "raise"
    } that bound${
      rate ? ", or make larger steps bearable (warm-up, gradient clipping)" : ""
    }.`,
    failing.map(({ number }) => number),
    evidence(
      "share that failed inside",
      failed / inside,
      "of the trials",
      0.6,
      p,
    ),
  )];
}

/** Whether trainings end too soon or go on too long. */
export function findBudget<C>(
  view: StudyView<C>,
  diagnosed: readonly Diagnosed<C>[],
): Finding<StudyFindingKind>[] {
  const order = ranked(view).filter(({ curves }) => curves.size > 0);
  const better = new Set(
    order.slice(0, Math.max(4, Math.ceil(order.length / 2)))
      .map(({ number }) => number),
  );
  const among = diagnosed.filter(({ trial }) => better.has(trial.number));
  if (among.length < 4) return [];
  const withKind = (...kinds: FindingKind[]) =>
    among.filter(({ diagnosis }) =>
      diagnosis.findings.some(({ kind }) => kinds.includes(kind))
    ).map(({ trial }) => trial.number);
  const small = withKind("not converged");
  const large = withKind("early plateau");
  if (small.length >= 0.6 * among.length) {
    return [studyFinding(
      "budget too small",
      "problem",
      `${small.length} of the ${among.length} better trials were still getting better when they ended: give trainings more epochs, and tune the schedule anew for that length.`,
      small,
      evidence(
        "share of the better trials that had not converged",
        small.length / among.length,
        "of the better trials",
        0.6,
      ),
    )];
  }
  if (large.length >= 0.6 * among.length) {
    return [studyFinding(
      "budget too large",
      "hint",
      `${large.length} of the ${among.length} better trials were as good after a third of their epochs: shorter trainings would allow more trials.`,
      large,
      evidence(
        "share of the better trials that gained nothing after a third",
        large.length / among.length,
        "of the better trials",
        0.6,
      ),
    )];
  }
  return [];
}

/** The best trials lie closer together than their validation's noise. */
export function findNoiseAboveDifferences<C>(
  view: StudyView<C>,
): Finding<StudyFindingKind>[] {
  const { name } = view.objectives[0]!;
  const best = ranked(view).slice(0, 5);
  if (best.length < 3) return [];
  const noises = best.map(({ curves }) => curves.get(name)?.values ?? [])
    .filter((values) => values.length >= 8)
    .map((values) => noiseLevel(values.slice(values.length >> 1)));
  if (noises.length < 3) return [];
  const noise = noises.reduce((a, b) => a + b, 0) / noises.length;
  const spread = Math.abs(best.at(-1)!.value! - best[0]!.value!);
  if (!(2 * noise > spread) || spread === 0 && noise === 0) return [];
  return [studyFinding(
    "noise above differences",
    "hint",
    `The ${best.length} best trials differ by ${
      show(spread)
    }, and one trial's ${name} jumps by ${
      show(noise)
    } from epoch to epoch: which of them is best cannot be told. Train them again with other seeds, or validate on more data.`,
    best.map(({ number }) => number),
    evidence("noise from epoch to epoch", noise, "of the objective"),
    evidence("difference among the best", spread, "of the objective"),
  )];
}

/** Findings that many trials share. */
export function findCommon<C>(
  diagnosed: readonly Diagnosed<C>[],
): Finding<StudyFindingKind>[] {
  const seen = diagnosed.filter(({ trial }) => trial.curves.size > 0);
  if (seen.length < 4) return [];
  const byKind = new Map<FindingKind, number[]>();
  for (const { trial, diagnosis } of seen) {
    for (const { kind, severity } of diagnosis.findings) {
      if (severity === "hint" && kind !== "noisy validation") continue;
      byKind.set(kind, [...byKind.get(kind) ?? [], trial.number]);
    }
  }
  return [...byKind].filter(([, trials]) =>
    trials.length >= Math.max(3, 0.4 * seen.length)
  ).sort((a, b) => b[1].length - a[1].length).map(([kind, trials]) =>
    studyFinding(
      "common finding",
      "hint",
      `${trials.length} of ${
        count(seen.length, "trial")
      } show the same: ${kind} (trials ${list(trials)}).`,
      trials,
      evidence(
        "share of the trials",
        trials.length / seen.length,
        "of the trials",
        0.4,
      ),
    )
  );
}

/** Trainings that were thrown up at their start, or diverged. */
export function findInstability<C>(
  diagnosed: readonly Diagnosed<C>[],
): Finding<StudyFindingKind>[] {
  const seen = diagnosed.filter(({ trial }) => trial.curves.size > 0);
  const thrown = seen.filter(({ diagnosis }) =>
    diagnosis.find("early instability") !== null ||
    diagnosis.find("divergence") !== null
  ).map(({ trial }) => trial.number);
  if (thrown.length < Math.max(3, 0.25 * seen.length)) return [];
  return [studyFinding(
    "instability across trials",
    "problem",
    `${thrown.length} of ${seen.length} trainings (${
      percent(thrown.length / seen.length)
    }) were thrown up at their start or diverged: warm-up, gradient clipping or smaller initial weights would let larger learning rates work.`,
    thrown,
    evidence(
      "share of unstable trainings",
      thrown.length / seen.length,
      "of the trials",
      0.25,
    ),
  )];
}
