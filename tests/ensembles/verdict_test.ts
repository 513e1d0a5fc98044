import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  crossValidate,
  folds,
  recheck,
  verdict,
} from "../../lib/ensembles/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { maximize, minimize, type Objective } from "../../lib/records/mod.ts";
import { randomSampler } from "../../lib/samplers/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { createStudy, type Study } from "../../lib/study/mod.ts";

type Line = { readonly x: number };

function study(name: string, objective: Objective = maximize("accuracy")) {
  return createStudy<Line>({
    name,
    space: space({ x: float(0, 1) }),
    objective,
    storage: "memory",
    sampler: randomSampler(),
  });
}

async function told(
  name: string,
  values: readonly number[],
  objective?: Objective,
): Promise<Study<Line>> {
  const s = await study(name, objective);
  for (const value of values) await s.tell(await s.ask(), value);
  return s;
}

const noisy = (name: string, spread: number, n = 40) => {
  const random = randomStream(name);
  const truth = Array.from({ length: n }, () => spread * random.normal());
  return { truth, values: truth.map((t) => t + random.normal()) };
};

describe("verdict()", () => {
  it("one trial, none, and noise that nobody knows are refused in words", async () => {
    expect(() => verdict(await0)).toThrow(/no complete trials/);
    const one = await told("one", [1]);
    expect(() => verdict(one, { noise: 1 })).toThrow(/one complete trial/);
    const few = await told("few", [1, 2, 3]);
    expect(() => verdict(few)).toThrow(/how noisy its 3 values are/);
    expect(() => verdict(few, { noise: -1 })).toThrow(/noise is -1/);
    expect(() => verdict(few, { nois: 1 } as object)).toThrow(/option "nois"/);
    expect(() => verdict(few, { noise: 1, further: 0 })).toThrow(/further/);
  });

  it("of equal trials it says that they are equal", async () => {
    const v = verdict(await told("equal", [0.5, 0.5, 0.5]), { noise: 0.1 });
    expect([v.estimate, v.optimism, v.advice]).toEqual([0.5, 0, "stop"]);
    expect(v.probability).toBeCloseTo(1 / 3, 12);
    expect(v.sentence).toMatch(/brought the same accuracy/);
  });

  it("without noise the best is the best", async () => {
    const v = verdict(await told("exact", [0.1, 0.9, 0.5]), { noise: 0 });
    expect([v.winner.number, v.estimate, v.probability]).toEqual([1, 0.9, 1]);
    expect(v.interval).toEqual([0.9, 0.9]);
  });

  it("where trials differ by luck alone, the best shrinks to their mean", async () => {
    const { values } = noisy("luck", 0);
    const v = verdict(await told("luck", values), { noise: 1 });
    const mean = values.reduce((sum, value) => sum + value / 40, 0);
    expect(v.naive).toBe(Math.max(...values));
    expect(Math.abs(v.estimate - mean)).toBeLessThan(0.35);
    expect(v.parts.luckShare).toBeGreaterThan(0.8);
    expect(v.candidates.reduce((sum, c) => sum + c.probability, 0))
      .toBeCloseTo(1, 9);
  });

  it("where they differ by much more than the noise, it hardly shrinks", async () => {
    const { values } = noisy("clear", 20);
    const v = verdict(await told("clear", values), { noise: 1 });
    expect(Math.abs(v.naive - v.estimate)).toBeLessThan(0.5);
  });

  it("where trials crowd below a value that none passes, the best shrinks to that", async () => {
    const random = randomStream("crowd");
    const values = Array.from(
      { length: 60 },
      (_, i) =>
        -(i % 3 === 0 ? 10 * random.uniform() : 0.2 * random.uniform()) +
        random.normal(),
    );
    const v = verdict(await told("crowd", values), { noise: 1 });
    expect(v.naive).toBeGreaterThan(1);
    expect(Math.abs(v.estimate)).toBeLessThan(0.6);
  });

  it("maximizing is minimizing the opposite", async () => {
    const { values } = noisy("mirror", 1);
    const up = verdict(await told("mirror", values), { noise: 1 });
    const down = verdict(
      await told("mirror", values.map((v) => -v), minimize("loss")),
      { noise: 1 },
    );
    expect(down.estimate).toBe(-up.estimate);
    expect(down.interval[0]).toBeCloseTo(-up.interval[1], 9);
    expect([down.probability, down.advice]).toEqual([
      up.probability,
      up.advice,
    ]);
  });

  it("of several objectives the one named is judged as if it were alone", async () => {
    const { values } = noisy("two", 1, 20);
    const two = await createStudy<Line>({
      name: "two",
      space: space({ x: float(0, 1) }),
      objectives: [minimize("latency"), maximize("accuracy")],
      storage: "memory",
      sampler: randomSampler(),
    });
    for (const value of values) await two.tell(await two.ask(), [1, value]);
    const v = verdict(two, { objective: "accuracy", noise: 1 });
    const alone = verdict(await told("two", values), { noise: 1 });
    expect([v.estimate, v.sentence]).toEqual([alone.estimate, alone.sentence]);
    expect(() => verdict(two, { noise: 1 })).toThrow(
      /2 objectives, and a trade-off has no winner; name one: { objective: "latency" }/,
    );
    expect(() => verdict(two, { objective: "speed" })).toThrow(
      /no objective "speed", expected "latency" or "accuracy"/,
    );
  });

  it("equal studies have equal verdicts", async () => {
    const { values } = noisy("again", 1);
    const one = verdict(await told("again", values), { noise: 1 });
    const two = verdict(await told("again", values), { noise: 1 });
    expect(two.toString()).toBe(one.toString());
  });

  it("standard errors come from folds, without what makes a fold hard for all", async () => {
    const s = await study("folds");
    const objective = crossValidate(
      s,
      (trial, { index }) =>
        3 * index + trial.params.x / 10 +
        0.2 * trial.random(`fold ${index}`).normal(),
      { folds: folds(50), race: false },
    );
    await s.optimize(objective, { trials: 30, progress: false });
    const v = verdict(s);
    expect([v.parts.noiseSource, v.parts.folds]).toEqual(["folds", 5]);
    expect(v.parts.noise).toBeGreaterThan(0.06);
    expect(v.parts.noise).toBeLessThan(0.13); // 0.2 / √5 = 0.089
    // Folds that differ by 3 from one to the next leave the value itself unsure.
    expect(v.interval[1] - v.interval[0]).toBeGreaterThan(3);
    const wide = verdict(s, { newData: true });
    // √((1/5 + 1/4) / (1/5))
    const errorOf = ({ candidates }: typeof v) =>
      candidates.find(({ trial }) => trial.number === 0)!.error;
    expect(errorOf(wide)).toBeCloseTo(errorOf(v) * 1.5, 9);
    expect(v.sentence).toMatch(/30 configurations tried, each by 5-fold/);
  });

  it("and from configurations tried several times", async () => {
    const s = await study("repeats");
    for (const x of [0.1, 0.2]) {
      for (const value of [x, x + 0.02, x - 0.02]) {
        await s.tell(await s.ask({ fixed: { x } }), value);
      }
    }
    const v = verdict(s);
    expect([v.parts.noiseSource, v.candidates.length]).toEqual(["repeats", 2]);
    expect(v.parts.noise).toBeCloseTo(0.02 / Math.sqrt(3), 9);
  });

  it("it is shown as text and as a table", async () => {
    const v = verdict(await told("shown", noisy("shown", 1).values), {
      noise: 1,
    });
    const display =
      v[Symbol.for("Jupyter.display") as never] as unknown as () => Record<
        string,
        string
      >;
    expect(display.call(v)["text/markdown"]).toMatch(/\| P\(best\) \|/);
    expect(v.toString()).toMatch(/90% interval/);
  });
});

describe("recheck()", () => {
  it("finds about the best of the first few, and drops the others early", async () => {
    const { truth, values } = noisy("recheck", 1);
    const s = await told("recheck", values);
    const of = new Map(s.trials.map((t) => [t.params.x, truth[t.number]!]));
    let calls = 0;
    const result = await recheck(s, ({ x }, { random }) => {
      calls++;
      // The same luck for all would tell nothing: hang it on the configuration.
      const own = randomStream(`${x}`, random.int(1000)).normal();
      return of.get(x)! + 0.2 * own;
    }, { noise: 1, top: 4 });
    const four = result.candidates.map(({ trial }) => truth[trial.number]!);
    expect(truth[result.winner.number]).toBeGreaterThan(
      Math.max(...four) - 0.2,
    );
    expect(result.evaluations).toBe(calls);
    expect(calls).toBeLessThan(40);
    expect(result.sentence).toMatch(/measured again/);
  });

  it("values that are none are refused", async () => {
    const s = await told("none", [1, 2, 3]);
    await expect(recheck(s, () => NaN, { noise: 1 })).rejects.toThrow(
      /trial \d brought NaN/,
    );
    await expect(recheck(s, () => 1, { noise: 1, top: 1 })).rejects.toThrow(
      /top is 1/,
    );
  });
});

const await0 = await study("nothing");
