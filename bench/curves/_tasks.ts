/**
 * Tasks to learn, drawn at random: half of them to set thresholds by, the other
 * half to report on.
 *
 * @module
 */

import type { RandomStream } from "../../lib/math/mod.ts";
import type { Examples } from "./_network.ts";

/** A task: how to draw examples of it. */
export interface Task {
  readonly name: string;
  /** Whether thresholds may be set by it; if not, it is only reported on. */
  readonly use: "set" | "report";
  readonly inputs: number;
  readonly classes: number;
  /** Makes the task itself (its hidden teacher, say), then draws from it. */
  prepare(
    random: RandomStream,
  ): (count: number, random: RandomStream) => Examples;
}

function task(
  name: string,
  use: "set" | "report",
  inputs: number,
  classes: number,
  make: (
    random: RandomStream,
  ) => (x: Float64Array, offset: number, random: RandomStream) => number,
): Task {
  return {
    name,
    use,
    inputs,
    classes,
    prepare(random) {
      const draw = make(random);
      return (count, stream) => {
        const x = new Float64Array(count * inputs);
        const y = new Float64Array(count);
        for (let row = 0; row < count; row++) {
          y[row] = draw(x, row * inputs, stream);
        }
        return { x, y, count, inputs, classes };
      };
    },
  };
}

/** Fills a row with standard normal numbers. */
function fill(
  x: Float64Array,
  offset: number,
  n: number,
  random: RandomStream,
) {
  for (let i = 0; i < n; i++) x[offset + i] = random.normal();
}

/** With probability `share` another class, at random. */
function flip(
  label: number,
  classes: number,
  share: number,
  random: RandomStream,
): number {
  return random.uniform() < share ? random.int(classes) : label;
}

/** A random network as teacher: the class with the largest output. */
function teacher(
  inputs: number,
  hidden: number,
  classes: number,
  random: RandomStream,
): (x: Float64Array, offset: number) => number[] {
  const first = Array.from(
    { length: hidden * inputs },
    () => random.normal() / Math.sqrt(inputs) * 1.5,
  );
  const second = Array.from(
    { length: hidden * classes },
    () => random.normal() / Math.sqrt(hidden),
  );
  return (x, offset) => {
    const h = Array.from({ length: hidden }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < inputs; i++) {
        sum += first[j * inputs + i]! * x[offset + i]!;
      }
      return Math.tanh(sum);
    });
    return Array.from({ length: classes }, (_, c) => {
      let sum = 0;
      for (let j = 0; j < hidden; j++) sum += second[c * hidden + j]! * h[j]!;
      return sum;
    });
  };
}

const largest = (values: readonly number[]) =>
  values.indexOf(Math.max(...values));

/** All tasks. */
export const tasks: readonly Task[] = [
  task("teacher12", "set", 12, 4, (random) => {
    const answer = teacher(12, 10, 4, random);
    return (x, offset, stream) => {
      fill(x, offset, 12, stream);
      return flip(largest(answer(x, offset)), 4, 0.08, stream);
    };
  }),
  task("spirals", "set", 2, 3, () => (x, offset, random) => {
    const arm = random.int(3);
    const r = 0.2 + random.uniform();
    const angle = 2 * r + arm * 2 * Math.PI / 3 + 0.2 * random.normal();
    x[offset] = 1.7 * r * Math.cos(angle);
    x[offset + 1] = 1.7 * r * Math.sin(angle);
    return flip(arm, 3, 0.05, random);
  }),
  task("friedman", "set", 8, 0, () => (x, offset, random) => {
    for (let i = 0; i < 8; i++) x[offset + i] = 3.46 * (random.uniform() - 0.5);
    const u = (i: number) => x[offset + i]! / 3.46 + 0.5;
    return (10 * Math.sin(Math.PI * u(0) * u(1)) + 20 * (u(2) - 0.5) ** 2 +
          10 * u(3) + 5 * u(4) - 14.4) / 5 + 0.3 * random.normal();
  }),
  task("blobs", "report", 10, 5, (random) => {
    const centers = Array.from({ length: 50 }, () => random.normal() * 0.8);
    return (x, offset, stream) => {
      const label = stream.int(5);
      for (let i = 0; i < 10; i++) {
        x[offset + i] = centers[label * 10 + i]! + stream.normal();
      }
      return label;
    };
  }),
  task("checkerboard", "report", 3, 2, () => (x, offset, random) => {
    for (let i = 0; i < 3; i++) x[offset + i] = 3.4 * (random.uniform() - 0.5);
    const parity = (Math.floor(x[offset]! * 0.9 + 10) +
      Math.floor(x[offset + 1]! * 0.9 + 10)) % 2;
    return flip(parity, 2, 0.06, random);
  }),
  task("teacher30", "report", 30, 6, (random) => {
    const answer = teacher(30, 8, 6, random);
    return (x, offset, stream) => {
      fill(x, offset, 30, stream);
      return flip(largest(answer(x, offset)), 6, 0.03, stream);
    };
  }),
  task("ripples", "report", 6, 0, (random) => {
    const w = Array.from({ length: 6 }, () => random.normal() / 2);
    return (x, offset, stream) => {
      fill(x, offset, 6, stream);
      let sum = 0;
      for (let i = 0; i < 6; i++) sum += w[i]! * x[offset + i]!;
      return Math.sin(2 * sum) + 0.5 * x[offset]! + 0.2 * stream.normal();
    };
  }),
];
