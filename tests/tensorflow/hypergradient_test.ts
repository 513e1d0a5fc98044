import { expect } from "@std/expect";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { gradientSampler } from "../../lib/samplers/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import {
  adamUpdate,
  descentUpdate,
  implicitHypergradient,
  type InnerProblem,
  type InnerUpdate,
  loadTensorFlow,
  type StepLosses,
  type Tensor,
  unrolledGradient,
} from "../../lib/tensorflow/mod.ts";
import {
  differences,
  errorOf,
  network,
  type NetworkHyper,
  tensorNetwork,
} from "../../bench/gradients/network.ts";

const { tf } = await loadTensorFlow({ prefer: "wasm" });

const net = network({ inputs: 4, hidden: 5, classes: 3, examples: 30 });

const hyper: NetworkHyper = {
  penalties: [0.02, 0.005],
  learningRate: 0.3,
  momentum: 0.8,
};
const flat = [...hyper.penalties, hyper.learningRate, hyper.momentum];
const atFlat = ([a, b, learningRate, momentum]: number[]): NetworkHyper => ({
  penalties: [a!, b!],
  learningRate: learningRate!,
  momentum: momentum!,
});

describe("hypergradients with tensors", () => {
  let before: number;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors - before).toBe(0);
  });
  /** Lets go of what a test has made. */
  const free = (
    problem: InnerProblem<NetworkHyper> | { weights: readonly Tensor[] },
    ...more: { weights: readonly Tensor[] }[]
  ) => {
    for (const { weights } of [problem, ...more]) tf.dispose([...weights]);
  };

  /** The network's problem, its data disposed afterwards. */
  async function withNetwork<T>(
    work: (problem: InnerProblem<NetworkHyper>) => Promise<T>,
  ): Promise<T> {
    tf.engine().startScope();
    const problem = tensorNetwork(tf, net);
    try {
      return await work(problem);
    } finally {
      tf.engine().endScope();
    }
  }

  describe("unrolledGradient()", () => {
    it("of one step is what one can do by hand", async () => {
      const problem: InnerProblem<{ rate: number }> = {
        weights: [tf.scalar(1)],
        trainLoss: ([w]) => tf.div(tf.square(w!), 2),
        validationLoss: ([w]) => tf.square(w!),
      };
      const found = await unrolledGradient(problem, { rate: 0.25 }, {
        steps: 1,
        update: descentUpdate({ learningRate: ({ rate }) => rate }),
      });
      expect(found.value).toBe(0.5625);
      expect(found.gradient.rate).toBe(-1.5);
      expect(problem.weights[0]!.dataSync()[0]).toBe(1);
      free(problem, found);
    });

    const update = descentUpdate<NetworkHyper>({
      learningRate: ({ learningRate }) => learningRate,
      momentum: ({ momentum }) => momentum,
    });

    it("of a network's penalties, learning rate and momentum is within 1e-4 of central differences in 64 bits", () =>
      withNetwork(async (problem) => {
        const exact = differences((x) => net.trained(atFlat(x), 25), flat);
        const found = await unrolledGradient(problem, hyper, {
          steps: 25,
          update,
        });
        const { penalties, learningRate, momentum } = found.gradient;
        const error = errorOf(
          [...penalties, learningRate, momentum],
          exact,
          flat,
        );
        expect(error).toBeLessThan(1e-4);
        expect(found.value).toBeCloseTo(net.trained(hyper, 25), 5);
        free(found);
      }));

    it("goes through the last steps only where it is truncated", () =>
      withNetwork(async (problem) => {
        const all = { steps: 12, update };
        const runs = [];
        for (const truncate of [undefined, 12, 100, 3]) {
          const found = await unrolledGradient(problem, hyper, {
            ...all,
            ...truncate === undefined ? {} : { truncate },
          });
          runs.push(found.gradient);
          free(found);
        }
        expect(runs[1]).toEqual(runs[0]);
        expect(runs[2]).toEqual(runs[0]);
        expect(runs[3]!.penalties[0]).not.toBe(runs[0]!.penalties[0]);
        // Of the same sign, and less: nine steps are left out.
        const share = runs[3]!.penalties[0]! / runs[0]!.penalties[0]!;
        expect(share).toBeGreaterThan(0);
        expect(share).toBeLessThan(1);
      }));

    it("of Adam's learning rate is that of its differences", () =>
      withNetwork(async (problem) => {
        const adam = adamUpdate<NetworkHyper>({
          learningRate: ({ learningRate }) => learningRate,
          epsilon: 1e-3,
        });
        const run = async (learningRate: number) => {
          const found = await unrolledGradient(problem, {
            ...hyper,
            learningRate,
          }, { steps: 15, update: unconnectedMomentum(adam) });
          free(found);
          return found;
        };
        const { gradient } = await run(0.05);
        const h = 2e-3;
        const [up, down] = [await run(0.05 + h), await run(0.05 - h)];
        const difference = (up.value - down.value) / (2 * h);
        expect(gradient.learningRate / difference).toBeCloseTo(1, 2);
      }));

    it("tells each step's losses, and ends where the listener throws", () =>
      withNetwork(async (problem) => {
        const told: [number, StepLosses][] = [];
        const found = await unrolledGradient(problem, hyper, {
          steps: 5,
          update,
          onStep: (step, losses) => void told.push([step, losses]),
        });
        expect(told.map(([step]) => step)).toEqual([1, 2, 3, 4, 5]);
        expect(told.at(-1)![1].validation.loss).toBe(found.value);
        free(found);
        await expect(unrolledGradient(problem, hyper, {
          steps: 5,
          update,
          onStep: (step) => {
            if (step === 3) throw new Error("enough");
          },
        })).rejects.toThrow("enough");
      }));

    it("says in which step the training explodes, and on which backend", () =>
      withNetwork(async (problem) => {
        await expect(unrolledGradient(
          {
            ...problem,
            trainLoss: (w, h, s) => tf.exp(problem.trainLoss(w, h, s)),
          },
          { ...hyper, learningRate: 1e4 },
          { steps: 60, update },
        )).rejects.toThrow(
          /on the backend "wasm": the training loss is (NaN|Infinity) in step \d+.*smaller learning rate/,
        );
      }));
  });

  describe("implicitHypergradient()", () => {
    // Enough that every direction has a curvature to speak of.
    const penalties = { penalties: [0.05, 0.05] };
    const at = penalties.penalties;

    it("of a network's penalties is within 1e-4 of central differences in 64 bits, by both solvers", () =>
      withNetwork(async (problem) => {
        const inner = problem as unknown as InnerProblem<typeof penalties>;
        for (
          const solver of [
            undefined,
            { kind: "neumann", terms: 1000, tolerance: 1e-5 },
          ] as const
        ) {
          const found = await implicitHypergradient(inner, penalties, {
            ...solver === undefined ? {} : { solver },
          });
          // The same minimum in 64 bits, from the weights found.
          const start = found.weights.map((w) =>
            Float64Array.from(w.dataSync())
          );
          const exact = differences(
            ([a, b]) => net.minimum({ ...hyper, penalties: [a!, b!] }, start),
            at,
            1e-2,
          );
          expect(errorOf([...found.gradient.penalties], exact, at))
            .toBeLessThan(1e-4);
          expect(found.slope).toBeLessThan(1e-5);
          free(found);
        }
      }));

    it("adds what the validation loss itself owes to a hyperparameter", async () => {
      const problem: InnerProblem<{ penalty: number }> = {
        weights: [tf.scalar(0)],
        trainLoss: ([w], { penalty }) =>
          tf.add(tf.square(tf.sub(w!, 3)), tf.mul(penalty, tf.square(w!))),
        validationLoss: ([w], { penalty }) =>
          tf.add(tf.square(tf.sub(w!, 2)), tf.mul(penalty, 5)),
      };
      const found = await implicitHypergradient(problem, { penalty: 1 });
      expect(found.gradient.penalty).toBeCloseTo(5.75, 4);
      expect(found.value).toBeCloseTo(5.25, 5);
      free(problem, found);
    });

    it("takes weights that are trained already", async () => {
      const problem: InnerProblem<{ penalty: number }> = {
        weights: [tf.scalar(1.5)],
        trainLoss: ([w], { penalty }) =>
          tf.add(tf.square(tf.sub(w!, 3)), tf.mul(penalty, tf.square(w!))),
        validationLoss: ([w]) => tf.square(tf.sub(w!, 2)),
      };
      const found = await implicitHypergradient(problem, { penalty: 1 }, {
        steps: 0,
      });
      expect(found.gradient.penalty).toBeCloseTo(0.75, 5);
      free(problem, found);
    });

    it("says that it stands on a saddle", async () => {
      const problem: InnerProblem<{ a: number }> = {
        weights: [tf.scalar(1)],
        trainLoss: ([w], { a }) => tf.neg(tf.mul(a, tf.square(w!))),
        validationLoss: ([w]) => tf.square(w!),
      };
      await expect(implicitHypergradient(problem, { a: 1 }, { steps: 0 }))
        .rejects.toThrow("no minimum has been reached");
      free(problem);
    });
  });

  describe("both", () => {
    const weights = () => [tf.scalar(1)];
    const both = [
      <H extends Record<string, number>>(p: InnerProblem<H>, h: H) =>
        unrolledGradient(p, h, {
          steps: 3,
          update: descentUpdate({ learningRate: 0.1 }),
        }),
      <H extends Record<string, number>>(p: InnerProblem<H>, h: H) =>
        implicitHypergradient(p, h),
    ];

    it("say that nothing leads from a hyperparameter to a loss", async () => {
      for (const gradient of both) {
        const problem: InnerProblem<{ a: number; b: number }> = {
          weights: weights(),
          // b is read as a plain number: tfjs cannot know where it came from.
          trainLoss: ([w], { a, b }) =>
            tf.mul(tf.square(w!), tf.add(a, b.dataSync()[0]!)),
          validationLoss: ([w]) => tf.square(tf.sub(w!, 1)),
        };
        await expect(gradient(problem, { a: 1, b: 1 })).rejects.toThrow(
          /on the backend "wasm": no operation that can be differentiated leads from "b"/,
        );
        free(problem);
      }
    });

    it("name the operation that cannot be differentiated", async () => {
      for (const gradient of both) {
        const problem: InnerProblem<{ a: number }> = {
          weights: [tf.tensor1d([1, 2])],
          trainLoss: ([w], { a }) => tf.mul(a, tf.sum(tf.topk(w!, 1).values)),
          validationLoss: ([w]) => tf.sum(tf.square(w!)),
        };
        await expect(gradient(problem, { a: 1 })).rejects.toThrow(
          /training loss.*on the backend "wasm", whose operation TopK/,
        );
        free(problem);
      }
    });

    it("say on which backend there is no memory", async () => {
      for (const gradient of both) {
        const problem: InnerProblem<{ a: number }> = {
          weights: weights(),
          trainLoss: ([w], { a }) =>
            tf.mul(tf.mul(a, w!), tf.sum(tf.zeros([1e6, 1e6]))),
          validationLoss: ([w]) => w!,
        };
        await expect(gradient(problem, { a: 1 })).rejects.toThrow(
          /training loss.*on the backend "wasm", which has no memory for it/,
        );
        free(problem);
      }
    });

    it("refuse what is no scalar, no number, or nothing", async () => {
      for (const gradient of both) {
        const problem: InnerProblem<{ a: number }> = {
          weights: weights(),
          trainLoss: ([w], { a }) => tf.mul(a, tf.stack([w!, w!])),
          validationLoss: ([w]) => w!,
        };
        await expect(gradient(problem, { a: 1 })).rejects.toThrow(
          "it is a tensor of shape [2], expected a scalar tensor",
        );
        await expect(gradient(problem, { a: "big" as unknown as number }))
          .rejects.toThrow('"a" is "big"');
        await expect(gradient(problem, { a: NaN })).rejects.toThrow("finite");
        await expect(gradient(problem, {} as { a: number })).rejects
          .toThrow("there are no hyperparameters");
        free(problem);
      }
    });

    it("leave no tensor behind in 100 trials of a study, of which some fail", async () => {
      const study = await createStudy({
        name: "leaks",
        library: false,
        storage: "memory",
        space: space({ penalty: float(1e-3, 10, { log: true }) }),
        sampler: gradientSampler({ optimizer: "adam" }),
      });
      const x = tf.tensor1d([1, 2, 3]);
      const problem: InnerProblem<{ penalty: number }> = {
        weights: [tf.scalar(0)],
        trainLoss: ([w], { penalty }) =>
          tf.add(
            tf.mean(tf.square(tf.sub(tf.mul(x, w!), x))),
            tf.mul(penalty, tf.square(w!)),
          ),
        validationLoss: ([w]) => tf.square(tf.sub(w!, 0.7)),
      };
      const counted = tf.memory().numTensors;
      await study.optimize(async (trial) => {
        const { number, params } = trial;
        const wrong = number % 10 === 7
          ? { ...problem, validationLoss: () => tf.scalar(NaN) }
          : problem;
        const found = number % 2 === 0
          ? await implicitHypergradient(wrong, params)
          : await unrolledGradient(wrong, params, {
            steps: 10,
            update: descentUpdate({ learningRate: 0.02, momentum: 0.5 }),
            onStep: (step, losses) => trial.report(step, losses),
          });
        tf.dispose([...found.weights]);
        await trial.gradient(found.gradient);
        return found.value;
      }, { trials: 100, progress: false });
      expect(tf.memory().numTensors).toBe(counted);
      const failed = study.trials.filter(({ state }) => state === "failed");
      expect(failed.length).toBe(10);
      expect(failed[0]!.error).toMatch(/on the backend "wasm".*NaN/);
      expect(study.best!.value!).toBeLessThan(1e-3);
      free(problem);
      x.dispose();
    });
  });
});

/** Adam knows no momentum: here it is added to no effect, so that it counts as connected. */
function unconnectedMomentum(
  update: InnerUpdate<NetworkHyper>,
): InnerUpdate<NetworkHyper> {
  return {
    ...update,
    apply(tf, state, gradients, hyper, step) {
      const none = tf.mul(hyper.momentum, 0);
      return update.apply(
        tf,
        state,
        gradients.map((g) => tf.add(g, none)),
        hyper,
        step,
      );
    },
  };
}
