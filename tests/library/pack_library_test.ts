import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { compactSource } from "../../lib/library/_compact_source.ts";
import {
  type CompactInput,
  describeTask,
  openLibrary,
  packLibrary,
} from "../../lib/library/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { choice, float, int, type Space, space } from "../../lib/space/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { trialOf } from "../support/views.ts";

const some = space({
  lr: float(1e-4, 1e-1, { log: true }),
  units: int(1, 100_000_000),
  optimizer: choice(["adam", "sgd"]),
  momentum: float(0, 1).when({ optimizer: "sgd" }),
}) as unknown as Space;

const study = (change: Partial<CompactInput> = {}): CompactInput => ({
  name: "one",
  objective: minimize("loss"),
  space: some,
  task: describeTask(null, { tags: ["toy"] }),
  origin: "made for a test",
  trials: [
    trialOf(0, { lr: 0.01, units: 7, optimizer: "adam" }, {
      value: 0.125,
      curves: { loss: [3, 2, NaN, 1] },
    }),
    trialOf(1, { lr: 0.1, units: 5, optimizer: "sgd", momentum: 0.25 }, {
      value: 1e-6,
    }),
    trialOf(2, { lr: 0.1, units: 5, optimizer: "adam" }, { state: "failed" }),
    trialOf(3, { lr: 5, units: 5, optimizer: "adam" }, { value: 3 }),
  ],
  ...change,
});

const read = async (bytes: Uint8Array) => {
  const source = compactSource(bytes, "test");
  const studies = await source.list();
  return await Promise.all(
    studies.map(async (one) => ({
      ...one,
      trials: await source.trials(one.id),
    })),
  );
};

describe("packLibrary()", () => {
  it("of nothing is an empty library", async () => {
    expect(await read(packLibrary([]))).toEqual([]);
    expect(await read(packLibrary([study({ trials: [] })]))).toEqual([]);
  });

  it("keeps what a library needs, to four digits", async () => {
    const [one] = await read(packLibrary([study()]));
    expect(one).toMatchObject({
      name: "one",
      objectives: [minimize("loss")],
      task: { tags: ["toy"] },
      origin: "made for a test",
      completeTrials: 2,
    });
    expect(one!.space()!.toJSON()).toEqual(some.toJSON());
    const [a, b] = one!.trials;
    expect(a!.params.lr).toBeCloseTo(0.01, 5);
    expect(a!.params).not.toHaveProperty("momentum");
    expect(b!.params.momentum).toBeCloseTo(0.25, 4);
    expect(a!.value).toBe(0.125);
    expect(b!.value).toBeCloseTo(1e-6, 12);
    const curve = a!.curves.get("loss")!;
    expect(curve.steps).toEqual([1, 2, 4]);
    expect(curve.values[1]).toBeCloseTo(2, 3);
  });

  it("keeps every configuration of every kind of space, valid and near", async () => {
    await fc.assert(
      fc.asyncProperty(arbitrarySpace(), fc.integer(), async (any, seed) => {
        const s = any as Space;
        // Between bounds this near each other there are too few numbers to come so near.
        fc.pre(s.ordered.every((parameter) =>
          parameter.kind !== "float" ||
          parameter.high - parameter.low >
            2 ** -30 * Math.max(-parameter.low, parameter.high)
        ));
        let state = seed >>> 0;
        const params = s.sample(() => {
          state = (state * 1664525 + 1013904223) >>> 0;
          return state / 2 ** 32;
        });
        const [one] = await read(
          packLibrary([study({ space: s, trials: [trialOf(0, params)] })]),
        );
        const [places, before] = [
          s.encode(s.validate(one!.trials[0]!.params)),
          s.encode(params),
        ];
        places.forEach((place, axis) => {
          if (Number.isNaN(before[axis]!)) expect(place).toBeNaN();
          else expect(Math.abs(place - before[axis]!)).toBeLessThan(2e-5);
        });
      }),
      { numRuns: 100 },
    );
  });

  it("of many trials keeps the best and others, of long curves the ends", async () => {
    const trials = Array.from(
      { length: 1000 },
      (_, i) =>
        trialOf(i, { lr: 0.01, units: i + 1, optimizer: "adam" }, {
          value: (i * 37) % 1000,
          curves: { accuracy: Array.from({ length: 200 }, (_, k) => k) },
        }),
    );
    const [one] = await read(
      packLibrary([study({ trials, objective: maximize("accuracy") })]),
    );
    expect(one!.trials).toHaveLength(256);
    const values = one!.trials.map(({ value }) => value!);
    expect(values.filter((value) => value >= 936)).toHaveLength(64);
    expect(Math.min(...values)).toBeLessThan(10);
    const { steps } = one!.trials[0]!.curves.get("accuracy")!;
    expect(steps.length).toBeLessThanOrEqual(32);
    expect([steps[0], steps.at(-1)]).toEqual([1, 200]);
  });

  it("stores configurations that studies share once", () => {
    const trials = Array.from(
      { length: 200 },
      (_, i) =>
        trialOf(i, {
          lr: 10 ** (-4 + 3 * ((i * 0.618) % 1)),
          units: 1 + i * 7919,
          optimizer: "adam",
        }, { value: 1 }),
    );
    const size = (count: number) =>
      packLibrary(
        Array.from(
          { length: count },
          (_, k) => study({ name: `s${k}`, trials }),
        ),
      ).length;
    expect(size(20) - size(1)).toBeLessThan(0.5 * size(1));
  });

  it("gives equal bytes for equal studies", () => {
    expect(packLibrary([study()])).toEqual(packLibrary([study()]));
  });

  it("is a source of a library, as a file or as bytes", () =>
    withTemporaryFolder(async (folder) => {
      const bytes = packLibrary([study()]);
      await Deno.writeFile(`${folder}/mine.etude`, bytes);
      await Deno.writeFile(`${folder}/cut.etude`, bytes.subarray(0, 40));
      const library = await openLibrary([
        bytes,
        `${folder}/mine.etude`,
        `${folder}/cut.etude`,
      ]);
      expect(library.studies()).toHaveLength(2);
      expect(library.skipped).toHaveLength(1);
      expect(library.skipped[0]!.reason).toContain("its header is damaged");
      const found = await library.similar(null, some);
      expect(found).toHaveLength(1);
      expect(found[0]!.study.origin).toBe("made for a test");
      await expect(library.distrust(library.studies()[0]!)).rejects.toThrow(
        "cannot be written",
      );
    }));
});

describe("the built-in library", () => {
  it("is loaded quickly, and says where each study comes from", async () => {
    const start = performance.now();
    const library = await openLibrary(["built-in"]);
    const elapsed = performance.now() - start;
    expect(library.studies().length).toBeGreaterThan(500);
    // Others work on this machine too; alone it takes some 15 ms.
    expect(elapsed).toBeLessThan(500);
    const origins = new Set(library.studies().map(({ origin }) => origin));
    for (const origin of origins) {
      expect(origin).toMatch(/Apache-2\.0|MIT|BSD-3-Clause|CC BY 4\.0/);
    }
  });

  it("has something to say of common spaces", async () => {
    const library = await openLibrary(["built-in"]);
    const mlp = space({
      learningRate: float(1e-4, 1e-1, { log: true }),
      units: int(16, 512, { log: true }),
      batchSize: int(8, 256, { log: true }),
      weightDecay: float(1e-6, 1e-2, { log: true }),
    });
    const found = await library.similar(null, mlp, {
      objective: maximize("validation accuracy"),
      limit: 5,
    });
    expect(found[0]!.study.name).toMatch(/^hpobench/);
    expect(found[0]!.coverage).toBe(1);
    for (const trial of await found[0]!.study.read()) {
      expect(found[0]!.study.space()!.validate(trial.params)).toBeDefined();
    }
  });
});
