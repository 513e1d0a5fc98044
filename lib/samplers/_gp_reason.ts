import {
  bestTrial,
  type Prediction,
  type PriorWeight,
  type StudyView,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { Doubt } from "./_gp_doubt.ts";

const ways: Readonly<Record<Doubt["way"], string>> = {
  rough: "it looks as if the function were rougher",
  far: "it looks where least is known",
};

/** What there is to say of a suggestion. */
export interface ReasonParts {
  /** What is expected of it. */
  readonly prediction: Prediction;
  /** What says that it is worth most. */
  readonly rule: string;
  /** Whether it has been tried before, since there is no other. */
  readonly isRepeat: boolean;
  /** Whether it has been tried before, and is tried again because of noise. Defaults to `false`. */
  readonly isAgain?: boolean;
  /** How probable it is that it keeps to the constraints. Defaults to there being none. */
  readonly feasible?: number;
  /** What it is expected to cost. Defaults to costs not mattering. */
  readonly cost?: number;
  /** Whether the surrogate is doubted. */
  readonly doubt: Doubt | null;
  /** The branch that it was looked for in because of doubt. Defaults to all. */
  readonly branch?: Configuration;
  /** The jitter that the surrogate took. */
  readonly jitter: number;
}

/** Why this configuration, in a sentence. */
export function reasonOf(
  study: StudyView,
  {
    prediction,
    rule,
    isRepeat,
    isAgain = false,
    feasible,
    cost,
    doubt,
    branch = {},
    jitter,
  }: ReasonParts,
): string {
  const best = bestTrial(study)?.value;
  const show = (value: number) => String(Number(value.toPrecision(4)));
  const spread = Number(prediction.sd.toPrecision(2));
  const parts = [`${rule}: ${show(prediction.mean)} ± ${spread} expected`];
  if (typeof best === "number" && Number.isFinite(best)) {
    parts.push(`, ${show(best)} is the best so far`);
  }
  if (feasible !== undefined) {
    parts.push(`, feasible with a probability of ${feasible.toFixed(2)}`);
  }
  if (cost !== undefined) {
    parts.push(`, for a cost of about ${Number(cost.toPrecision(2))}`);
  }
  if (doubt !== null) {
    parts.push(doubtReason(doubt));
  }
  for (const [name, value] of Object.entries(branch)) {
    parts.push(`, with ${name} = ${value}, which may have more to give`);
  }
  if (jitter > 0) {
    parts.push(
      `; its covariances could be factored only with a jitter of ${jitter}`,
    );
  }
  if (isAgain) parts.push("; tried again, as values may be noisy");
  if (isRepeat) parts.push("; every other configuration has been tried");
  return `${parts.join("")}.`;
}

/** Why the surrogate is doubted, as the end of a sentence. */
export function doubtReason({ way, after }: Doubt): string {
  return after === null
    ? "; each fourth trial at first looks where least is known"
    : `; after ${after} trials without a gain ${ways[way]}`;
}

/** Why this configuration, where prior studies had a say. */
export function priorReason(
  study: StudyView,
  { weight, voices, expected }: PriorWeight,
): string {
  const best = bestTrial(study)?.value;
  const show = (value: number) => String(Number(value.toPrecision(4)));
  const parts = ["Expected improvement with prior studies"];
  if (expected !== null) {
    parts.push(
      `: ${show(expected.mean)} ± ${
        Number(expected.sd.toPrecision(2))
      } expected`,
    );
    if (typeof best === "number" && Number.isFinite(best)) {
      parts.push(`, ${show(best)} is the best so far`);
    }
  }
  const named = voices.slice(0, 3).map(({ name, share }) =>
    `${name} ${share.toFixed(2)}`
  );
  parts.push(`; they weigh ${weight.toFixed(2)} (${named.join(", ")})`);
  return `${parts.join("")}.`;
}

/** A reason where it was not the turn of prior studies. */
export function waitingReason(reason: string, trust: number): string {
  const weight = trust < 0.005 ? "nothing" : trust.toFixed(2);
  return reason.replace(/\.$/, `; prior studies weigh ${weight}.`);
}
