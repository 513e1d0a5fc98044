/**
 * How the learning rate goes over a training.
 *
 * Notation: p the progress in [0, 1], 0 at the first batch and 1 at the last; w
 * the share of the training that warms up; s, e the factors at the start and at
 * the end. The factor f(p) multiplies the optimizer's own learning rate.
 *
 * @module
 */

/** The course of the learning rate after the warm-up. */
export type ScheduleShape = "constant" | "linear" | "cosine" | "one-cycle";

/**
 * How the learning rate goes over a training, as factors of the optimizer's own.
 * All of it can come from a space:
 * `{ shape: trial.params.schedule, warmup: trial.params.warmup }`.
 */
export interface LearningRateSchedule {
  /**
   * What comes after the warm-up: `"constant"` stays at 1, `"linear"` falls in a
   * line, `"cosine"` along half a wave. `"one-cycle"` is a cosine with long
   * warm-up along a wave too, and a very small end.
   */
  readonly shape: ScheduleShape;
  /** The share of the training in which the rate rises to its full height, at least 0 and below 1. Defaults to `0`, of `"one-cycle"` to `0.3`. */
  readonly warmup?: number;
  /** The factor at which the warm-up begins, from 0 to 1. Defaults to `1 / 25`. */
  readonly start?: number;
  /** The factor at the end, from 0 to 1. Defaults to `0`, of `"one-cycle"` to `4e-6`, a ten-thousandth of its start; `"constant"` has none. */
  readonly end?: number;
}

const shapes: readonly ScheduleShape[] = Object.freeze([
  "constant",
  "linear",
  "cosine",
  "one-cycle",
]);

/** {@linkcode LearningRateSchedule} with all defaults. */
export type CompleteSchedule = Required<LearningRateSchedule>;

/**
 * Checks and completes a schedule; a text is a shape.
 *
 * @throws {TypeError} If something is of the wrong kind.
 * @throws {RangeError} If something has the wrong value.
 *
 * @example
 * ```ts
 * import { completeSchedule } from "@etude/etude/tensorflow";
 * completeSchedule("cosine").end; // 0
 * ```
 */
export function completeSchedule(
  given: ScheduleShape | LearningRateSchedule,
): CompleteSchedule {
  const schedule = typeof given === "string" ? { shape: given } : given;
  if (typeof schedule !== "object" || schedule === null) {
    throw new TypeError(
      `Cannot plan the learning rate: the schedule is ${
        String(given)
      }, expected one of ${
        shapes.join(", ")
      }, or { shape, warmup, start, end }`,
    );
  }
  const { shape } = schedule;
  if (!shapes.includes(shape)) {
    throw new RangeError(
      `Cannot plan the learning rate: the schedule's shape is ${
        JSON.stringify(shape) ?? "undefined"
      }, expected one of ${shapes.map((name) => `"${name}"`).join(", ")}`,
    );
  }
  const isOneCycle = shape === "one-cycle";
  const { warmup = isOneCycle ? 0.3 : 0, start = 1 / 25 } = schedule;
  const { end = isOneCycle ? start / 10_000 : 0 } = schedule;
  for (const [name, value] of Object.entries({ warmup, start, end })) {
    const isFine = typeof value === "number" && value >= 0 &&
      (name === "warmup" ? value < 1 : value <= 1);
    if (isFine) continue;
    throw new RangeError(
      `Cannot plan the learning rate: the schedule's ${name} is ${
        JSON.stringify(value) ?? "undefined"
      }, expected a number from 0 ${name === "warmup" ? "to below" : "to"} 1`,
    );
  }
  return Object.freeze({ shape, warmup, start, end });
}

/**
 * What the learning rate is multiplied with at a moment of the training.
 *
 * Source: the cosine Loshchilov and Hutter, "SGDR", 2017, equation 5; the
 * warm-up Goyal et al., "Accurate, large minibatch SGD", 2017, section 2.2; one
 * cycle Smith and Topin, "Super-convergence", 2018, with the cosine of fastai;
 * the momentum is not cycled.
 *
 * @param schedule The schedule.
 * @param progress How far the training is, from 0 at its first batch to 1 at its last.
 * @throws {TypeError} If the schedule is of another kind.
 * @throws {RangeError} If the schedule or the progress is out of range.
 *
 * @example
 * ```ts
 * import { scheduleFactor } from "@etude/etude/tensorflow";
 * scheduleFactor("cosine", 0.5); // 0.5
 * scheduleFactor({ shape: "one-cycle", warmup: 0.3 }, 0.3); // 1
 * ```
 */
export function scheduleFactor(
  schedule: ScheduleShape | LearningRateSchedule,
  progress: number,
): number {
  const { shape, warmup, start, end } = completeSchedule(schedule);
  if (!(progress >= 0 && progress <= 1)) {
    throw new RangeError(
      `Cannot plan the learning rate: the progress is ${progress}, expected a number from 0 to 1`,
    );
  }
  if (progress < warmup) {
    const share = progress / warmup;
    return shape === "one-cycle"
      ? wave(start, 1, share)
      : start + (1 - start) * share;
  }
  const share = (progress - warmup) / (1 - warmup);
  switch (shape) {
    case "constant":
      return 1;
    case "linear":
      return 1 + (end - 1) * share;
    default:
      return wave(1, end, share);
  }
}

/** From one value to another along half a cosine. */
function wave(from: number, to: number, share: number): number {
  return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
}
