/**
 * Curves on which nothing is wrong, with noise: for counting false alarms.
 *
 * @module
 */

import { type RandomStream, randomStream } from "../../lib/math/mod.ts";

/** A training that goes well, and how much noise was put in. */
export interface HealthyRun {
  readonly train: number[];
  readonly validation: number[];
  readonly baseline: number;
}

/**
 * A falling curve (exponential, power or both), the validation a little above
 * the training, with normal noise on the validation.
 *
 * @param noise The noise's standard deviation as a share of the whole descent.
 */
export function healthyRun(
  epochs: number,
  noise: number,
  random: RandomStream,
): HealthyRun {
  const baseline = 0.5 + 2 * random.uniform();
  const floor = baseline * (0.08 + 0.25 * random.uniform());
  const descent = baseline - floor;
  const rate = 3 + 12 * random.uniform();
  const power = random.uniform() < 0.5;
  const gap = descent * 0.08 * random.uniform();
  const lasting = random.uniform() < 0.3 ? 0.5 * random.uniform() : 0;
  let state = 0;
  const train: number[] = [];
  const validation: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const x = epoch / epochs;
    const left = power
      ? (1 + 3 * rate * x) ** -1.2 - (1 + 3 * rate) ** -1.2
      : Math.exp(-rate * x);
    state = lasting * state +
      Math.sqrt(1 - lasting ** 2) * random.normal();
    train.push(
      floor + descent * left * 0.97 + 0.003 * descent * random.normal(),
    );
    validation.push(
      Math.max(
        0.001 * baseline,
        floor + gap * (1 - left) + descent * left * 0.97 +
          noise * descent * state,
      ),
    );
  }
  return { train, validation, baseline };
}

/** `count` of them, the same for the same seed. */
export function healthyRuns(
  epochs: number,
  noise: number,
  count: number,
  seed = "healthy",
): HealthyRun[] {
  const random = randomStream(seed, epochs, noise * 1000);
  return Array.from(
    { length: count },
    () => healthyRun(epochs, noise, random),
  );
}

/** Curves whose validation truly turns and rises by 10 to 100 % of its lowest value; the training falls on. */
export function overfitRuns(
  epochs: number,
  noise: number,
  count: number,
): HealthyRun[] {
  const random = randomStream("overfit", epochs, noise * 1000);
  return Array.from({ length: count }, () => {
    const baseline = 0.5 + 2 * random.uniform();
    const floor = baseline * (0.1 + 0.4 * random.uniform());
    const rate = 6 + 12 * random.uniform();
    const turn = 0.15 + 0.45 * random.uniform();
    const rise = 10 ** (random.uniform() - 1);
    const train: number[] = [];
    const validation: number[] = [];
    const lowest = floor + (baseline - floor) * Math.exp(-rate * turn);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const x = epoch / (epochs - 1);
      const fall = (floor: number, x: number) =>
        floor + (baseline - floor) * Math.exp(-rate * x);
      const clean = x <= turn
        ? fall(floor, x)
        : lowest * (1 + rise * (x - turn) / (1 - turn));
      train.push(
        fall(0.3 * floor, x) * (1 + 0.003 * random.normal()),
      );
      validation.push(
        Math.max(
          0.001 * baseline,
          clean + noise * (baseline - floor) * random.normal(),
        ),
      );
    }
    return { train, validation, baseline };
  });
}
