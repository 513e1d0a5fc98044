import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { ourOptimizer } from "../../bench/quality/optimizers/ours.ts";
import { findReference } from "../../bench/quality/reference.ts";
import type { TrialLine } from "../../bench/quality/results.ts";
import { runBench } from "../../bench/quality/run_bench.ts";
import { bbobSuite } from "../../bench/quality/suites/bbob.ts";
import { bbobFunction } from "../../bench/quality/suites/bbob_functions.ts";
import { noisySuite } from "../../bench/quality/suites/noisy.ts";
import { openSuite } from "../../bench/quality/suites/open_suite.ts";

const plain = bbobSuite([2]);
const task = "f01-2d";
const at = (x1: number) => ({ x1, x2: 0.5 });

/** What is added to a place's value at many trials. */
async function errors(
  kind: "noisy" | "hetero" | "outliers",
  x1: number,
): Promise<number[]> {
  const suite = noisySuite(plain, kind);
  const [{ value } = { value: NaN }] = await plain.evaluate(task, [at(x1)]);
  const found: number[] = [];
  for (let trial = 0; trial < 400; trial++) {
    const [noisy] = await suite.evaluate(task, [at(x1)], { trial });
    found.push(noisy!.value! - value!);
  }
  return found;
}

const sdOf = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe("noisySuite()", () => {
  it("draws its noise by task, seed and trial alone", async () => {
    const suite = noisySuite(plain, "noisy");
    const valueOf = async (options: { seed?: number; trial?: number }) =>
      (await suite.evaluate(task, [at(1)], options))[0]!.value;
    expect(await valueOf({ seed: 1, trial: 2 }))
      .toBe(await valueOf({ seed: 1, trial: 2 }));
    expect(await valueOf({ seed: 1, trial: 2 }))
      .not.toBe(await valueOf({ seed: 1, trial: 3 }));
    expect(await valueOf({ seed: 2, trial: 2 }))
      .not.toBe(await valueOf({ seed: 1, trial: 2 }));
    expect(await suite.truth!(task, at(1)))
      .toEqual((await plain.evaluate(task, [at(1)]))[0]);
  });

  it("is a tenth of what lies between the best and the median", async () => {
    const { median, best } = await findReference(
      plain,
      task,
      plain.metrics[0]!,
    );
    const share = sdOf(await errors("noisy", 1)) / (median - best);
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.13);
  });

  it("grows with the distance from the best, where it is hetero", async () => {
    const { optimum } = bbobFunction(1, 2);
    const near = sdOf(await errors("hetero", optimum[0]!));
    const far = sdOf(await errors("hetero", optimum[0]! > 0 ? -4 : 4));
    expect(far).toBeGreaterThan(1.5 * near);
  });

  it("is small but for one trial in ten, where there are outliers", async () => {
    const sorted = (await errors("outliers", 1)).map(Math.abs)
      .sort((a, b) => a - b);
    expect(sorted[399]! / sorted[200]!).toBeGreaterThan(20);
    expect(sorted[320]! / sorted[200]!).toBeLessThan(4);
  });

  it("is opened by name", async () => {
    expect((await openSuite("bbob-noisy-5d")).name).toBe("bbob-noisy-5d");
    expect((await openSuite("bbob-outliers-20d")).tasks()[0]).toBe("f01-20d");
  });

  it("is judged by what the best of the told values gives without noise", async () => {
    const suite = noisySuite(plain, "noisy");
    const lines: TrialLine[] = [];
    await runBench({
      suite,
      tasks: [task],
      metric: suite.metrics[0]!,
      optimizers: [ourOptimizer("random")!],
      trials: 30,
      seeds: [0],
      before: [],
      reference: (name) => findReference(suite, name, suite.metrics[0]!),
      write: (line) => {
        if (line.type === "trial") lines.push(line);
        return Promise.resolve();
      },
    });
    let told = lines[0]!;
    for (const line of lines) {
      if (line.value! < told.value!) told = line;
      const [truth] = await plain.evaluate(task, [told.params]);
      expect(line.best).toBe(truth!.value);
    }
  });
});
