import { randomStream } from "../../lib/math/mod.ts";
import type {
  Curve,
  Objective,
  StudyView,
  TrialRecord,
  TrialState,
} from "../../lib/records/mod.ts";
import { maximize } from "../../lib/records/mod.ts";
import {
  boolean,
  choice,
  type Configuration,
  float,
  int,
  type Space,
  space,
} from "../../lib/space/mod.ts";

/** What a made-up trial differs in from a complete one of value 0 without parameters. */
export type TrialParts = Partial<Omit<TrialRecord, "curves">> & {
  readonly curves?: Readonly<Record<string, readonly number[]>>;
};

/** A trial from a few parts; curves have the steps 1, 2, 3, … */
export function makeTrial(number: number, parts: TrialParts = {}): TrialRecord {
  const { curves = {}, ...rest } = parts;
  const state: TrialState = rest.state ?? "complete";
  const value = rest.value !== undefined
    ? rest.value
    : state === "complete"
    ? 0
    : null;
  return Object.freeze({
    number,
    state,
    params: {},
    value,
    values: value === null ? null : [value],
    curves: new Map<string, Curve>(
      Object.entries(curves).map(([name, values]) => [name, {
        name,
        steps: values.map((_, index) => index + 1),
        values,
      }]),
    ),
    startedAt: new Date(0),
    finishedAt: new Date(1000),
    durationMs: 1000,
    error: null,
    origin: "sampler" as const,
    reason: null,
    attributes: {},
    ...rest,
  });
}

/** A space with a parameter of each kind, one of them under a condition. */
export function sampleSpace(): Space {
  return space({
    learningRate: float(1e-4, 1e-1, { log: true }),
    units: int(16, 512, { log: true }),
    dropout: float(0, 0.5),
    optimizer: choice(["adam", "sgd", "rmsprop"]),
    momentum: float(0.5, 0.99).when({ optimizer: "sgd" }),
    batchNorm: boolean(),
  }) as unknown as Space;
}

/** Options of {@linkcode makeView}. */
export interface ViewParts {
  /** How many trials. */
  readonly trials: number;
  /** How many steps their curves have. */
  readonly steps?: number;
  /** The space. */
  readonly space?: Space;
  /** The objective. */
  readonly objective?: Objective;
  /** The name. */
  readonly name?: string;
}

/** A study that looks like a real one: noisy, slowly better, with pruned, failed and running trials. */
export function makeView(parts: ViewParts): StudyView {
  const {
    trials: total,
    steps = 20,
    space: searched = sampleSpace(),
    objective = maximize("validation accuracy"),
    name = "digits-mlp",
  } = parts;
  const random = randomStream("charts", total);
  const trials = Array.from({ length: total }, (_, number) => {
    const params = searched.sample(random.uniform) as Configuration;
    const skill = 0.93 - 0.25 * random.uniform() ** 2 -
      0.3 * Math.exp(-number / 15) * random.uniform();
    const draw = random.uniform();
    const late = number === total - 1 && total > 3;
    const state: TrialState = late
      ? "running"
      : draw < 0.04 && number > 0
      ? "failed"
      : draw < 0.25 && number > 3
      ? "pruned"
      : "complete";
    const length = state === "complete"
      ? steps
      : Math.max(2, Math.round(steps * 0.4));
    const speed = 3 + 5 * random.uniform();
    const curve = (scale: number, floor: number, noise: number) =>
      Array.from(
        { length },
        (_, step) =>
          floor + scale * Math.exp(-step / speed) +
          noise * random.normal() * scale,
      );
    const trainLoss = curve(2, 1 - skill, 0.01);
    const validationLoss = curve(1.9, 1.15 - skill, 0.02).map((value, step) =>
      value + 0.004 * step * step / steps
    );
    const accuracy = (losses: readonly number[], gap: number) =>
      losses.map((loss) =>
        Math.max(0.1, Math.min(1, skill + gap - loss * 0.3))
      );
    const maximizing = objective.direction === "maximize";
    return makeTrial(number, {
      params,
      state,
      value: state === "complete" ? (maximizing ? skill : 1 - skill) : null,
      curves: {
        "train loss": trainLoss,
        "validation loss": validationLoss,
        "train accuracy": accuracy(trainLoss, 0.1),
        "validation accuracy": accuracy(validationLoss, 0.06),
      },
      error: state === "failed" ? "Error: out of memory" : null,
    });
  });
  return { name, objectives: [objective], space: searched, trials };
}
