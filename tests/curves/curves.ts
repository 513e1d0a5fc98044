/**
 * Curves that show one thing each, for the tests of the diagnosis.
 *
 * @module
 */

import { randomStream } from "../../lib/math/mod.ts";

/** A training's curves; the loss of a constant answer is 1. */
export interface Example {
  readonly train: number[];
  readonly validation: number[];
}

/** `n` values of a formula in the share of the training that is done, with normal noise. */
function curve(
  n: number,
  noise: number,
  seed: string,
  formula: (done: number) => number,
): number[] {
  const random = randomStream("example", seed, n, noise * 1e6);
  return Array.from(
    { length: n },
    (_, i) => Math.max(1e-4, formula(i / n) + noise * random.normal()),
  );
}

const fall = (done: number, floor = 0.2, rate = 12) =>
  floor + (1 - floor) * Math.exp(-rate * done);

/** Makes an example of a kind, of `n` epochs, with noise on the validation. */
export function example(
  kind: string,
  n = 60,
  noise = 0.005,
): Example {
  const of = (
    train: (done: number) => number,
    validation: (done: number) => number,
    trainNoise = 0.002,
    validationNoise = noise,
  ): Example => ({
    train: curve(n, trainNoise, kind + " t", train),
    validation: curve(n, validationNoise, kind + " v", validation),
  });
  switch (kind) {
    case "healthy":
      return of((x) => fall(x, 0.2), (x) => fall(x, 0.22));
    case "overfitting":
      return of((x) => fall(x, 0.02, 8), (x) => fall(x, 0.3) + 0.5 * x ** 1.5);
    case "generalization gap":
      return of((x) => fall(x, 0.1), (x) => fall(x, 0.35));
    case "divergence":
      return of(
        (x) => x < 0.5 ? fall(x) : fall(0.5) + 2 * (x - 0.5),
        (x) => x < 0.5 ? fall(x) : fall(0.5) + 2 * (x - 0.5),
      );
    case "learning rate too large":
      return of(() => 1.1, () => 1.12, 0.05, 0.08);
    case "learning rate too small":
      return of((x) => 1 - 0.08 * x, (x) => 1.01 - 0.08 * x, 1e-4, 1e-3);
    case "not converged":
      return of((x) => 0.4 + 0.6 * (1 - x), (x) => 0.42 + 0.6 * (1 - x));
    case "no learning":
      return of(() => 1, () => 1, 1e-4, 1e-4);
    case "noisy validation":
      return of((x) => fall(x, 0.3), (x) => fall(x, 0.32), 0.0005, 0.05);
    case "late step noise":
      return of((x) => fall(x, 0.3), (x) => fall(x, 0.32), 0.015, 0.05);
    case "leakage":
      return of(
        (x) => fall(x, 0.003, 30),
        (x) => fall(x, 0.003, 35),
        1e-4,
        1e-4,
      );
    case "shift":
      return of((x) => fall(x, 0.2), (x) => 1.1 + 0.3 * x);
    case "underfitting":
      return of((x) => fall(x, 0.6, 20), (x) => fall(x, 0.6, 20), 1e-3, 2e-3);
    default:
      throw new RangeError(`no example of ${kind}`);
  }
}
