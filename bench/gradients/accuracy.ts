/**
 * How exact hypergradients are, and what they cost.
 *
 *     deno run -A bench/gradients/accuracy.ts
 *
 * Errors are those of the whole gradient, each derivative times its hyperparameter,
 * relative to central differences of fourth order in 64 bits. Prints a table in Markdown.
 *
 * @module
 */

import { randomStream } from "../../lib/math/mod.ts";
import {
  descentUpdate,
  type Hypergradient,
  implicitHypergradient,
  type InnerProblem,
  loadTensorFlow,
  unrolledGradient,
} from "../../lib/tensorflow/mod.ts";
import { readTable, splitTable } from "./data_sets.ts";
import {
  differences,
  errorOf,
  network,
  type NetworkHyper,
  tensorNetwork,
} from "./network.ts";
import { PenalizedRegression } from "./penalized_regression.ts";

console.log("| what | relative error | milliseconds |");
console.log("| --- | --- | --- |");
const line = (what: string, error: number, ms: number) =>
  console.log(`| ${what} | ${error.toExponential(1)} | ${ms.toFixed(0)} |`);

/** The least milliseconds of some runs, and what the last one gave. */
async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  let least = Infinity;
  for (let run = 0;; run++) {
    const begun = performance.now();
    const result = await work();
    least = Math.min(least, performance.now() - begun);
    if (run === 4) return [result, least];
  }
}

for (const kind of ["ridge", "logistic"] as const) {
  const model = new PenalizedRegression(
    kind,
    splitTable(await readTable("breast cancer"), kind, "accuracy"),
  );
  const { uniform } = randomStream("penalties");
  const logs = Array.from(
    { length: model.dimension },
    () => Math.log(10 ** (3 * uniform() - 3)),
  );
  const penalties = Float64Array.from(logs, Math.exp);
  const weights = model.train(penalties);
  const [found, ms] = await timed(() => model.gradient(weights, penalties));
  const h = 1e-2;
  const exact = logs.map((_, j) => {
    const f = (k: number) => {
      const moved = logs.map((x, i) => Math.exp(i === j ? x + k * h : x));
      return model.loss("validation", model.train(Float64Array.from(moved)));
    };
    return (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h);
  });
  const ones = logs.map(() => 1);
  const error = errorOf(
    [...found].map((x, j) => x * penalties[j]!),
    exact,
    ones,
  );
  line(
    `64 bits, implicit: ${kind} regression, 30 penalties (the gradient alone)`,
    error,
    ms,
  );
}

const net = network({ inputs: 4, hidden: 5, classes: 3, examples: 30 });
for (const backend of ["wasm", "cpu"] as const) {
  const { tf } = await loadTensorFlow({ prefer: backend });
  const problem = tensorNetwork(tf, net);
  const hyper: NetworkHyper = {
    penalties: [0.02, 0.005],
    learningRate: 0.3,
    momentum: 0.8,
  };
  const flat = [...hyper.penalties, hyper.learningRate, hyper.momentum];
  for (const steps of [25, 100]) {
    const exact = differences(
      ([a, b, learningRate, momentum]) =>
        net.trained({
          penalties: [a!, b!],
          learningRate: learningRate!,
          momentum: momentum!,
        }, steps),
      flat,
    );
    const [{ gradient }, ms] = await timed(() =>
      unrolledGradient(problem, hyper, {
        steps,
        update: descentUpdate<NetworkHyper>({
          learningRate: ({ learningRate }) => learningRate,
          momentum: ({ momentum }) => momentum,
        }),
      })
    );
    const { penalties, learningRate, momentum } = gradient;
    line(
      `32 bits, ${backend}, unrolled: network, ${steps} steps, by penalties, learning rate, momentum`,
      errorOf([...penalties, learningRate, momentum], exact, flat),
      ms,
    );
  }
  const at = { penalties: [0.05, 0.05] };
  const inner = problem as unknown as InnerProblem<typeof at>;
  const solvers = {
    "conjugate gradients": {},
    "Neumann series of 1,000 terms": {
      solver: { kind: "neumann", terms: 1000, tolerance: 1e-6 },
    },
  } as const;
  for (const [name, options] of Object.entries(solvers)) {
    const [found, ms]: [Hypergradient<typeof at>, number] = await timed(() =>
      implicitHypergradient(inner, at, options)
    );
    const start = found.weights.map((w) => Float64Array.from(w.dataSync()));
    const exact = differences(
      ([a, b]) => net.minimum({ ...hyper, penalties: [a!, b!] }, start),
      at.penalties,
      1e-2,
    );
    line(
      `32 bits, ${backend}, implicit: network, by penalties, ${name}`,
      errorOf([...found.gradient.penalties], exact, at.penalties),
      ms,
    );
  }
}
