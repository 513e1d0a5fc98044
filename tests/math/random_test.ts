import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  numberedStreams,
  quickStream,
  randomStream,
} from "../../lib/math/mod.ts";

const draws = (count: number, draw: () => number) =>
  Array.from({ length: count }, draw);
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("randomStream()", () => {
  it("gives these numbers on every machine and in every version", () => {
    // Also from ARC4 and seedrandom's mixing of the seed, written anew in Python.
    const { uniform } = randomStream("seed", 3, "sampler");
    expect(draws(3, uniform)).toEqual([
      0.6327531005890051,
      0.1291038021681181,
      0.7230985423140325,
    ]);
  });

  it("gives equal numbers for equal seeds and paths alone", () => {
    const streams = [
      randomStream("seed"),
      randomStream("seed", 1),
      randomStream("seed", "1"),
      randomStream("seed", 1, 2),
      randomStream("seed", 12),
      randomStream("seed,1"),
      randomStream("Seed"),
      randomStream(""),
    ];
    const firsts = streams.map((stream) => stream.uniform());
    expect(new Set(firsts).size).toBe(streams.length);
    expect(randomStream("seed", 1, 2).uniform()).toBe(firsts[3]);
  });

  it("is not disturbed by another stream", () => {
    const a = randomStream("a");
    const alone = draws(4, randomStream("a").uniform);
    const between = draws(4, () => {
      randomStream("b").uniform();
      return a.uniform();
    });
    expect(between).toEqual(alone);
  });

  it("draws uniform numbers in [0, 1) of full precision", () => {
    const values = draws(20_000, randomStream("uniform").uniform);
    expect(values.every((u) => u >= 0 && u < 1)).toBe(true);
    expect(new Set(values).size).toBe(values.length);
    // Four standard errors.
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(4 * 0.289 / 141);
    expect(values.some((u) => (u * 2 ** 32) % 1 !== 0)).toBe(true);
  });

  it("draws every whole number below the count about equally often", () => {
    const { int } = randomStream("int");
    const counts = [0, 0, 0, 0, 0, 0];
    for (const value of draws(6000, () => int(6))) counts[value]!++;
    expect(counts.reduce((a, b) => a + b)).toBe(6000);
    for (const count of counts) {
      expect(Math.abs(count - 1000)).toBeLessThan(120);
    }
    expect(int(1)).toBe(0);
  });

  it("draws normal numbers of mean 0 and variance 1", () => {
    const values = draws(20_000, randomStream("normal").normal);
    expect(Math.abs(mean(values))).toBeLessThan(4 / 141);
    const variance = mean(values.map((z) => z * z));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.SQRT2 / 141);
    const within = values.filter((z) => Math.abs(z) < 1.96).length;
    expect(Math.abs(within / values.length - 0.95)).toBeLessThan(0.007);
  });

  it("shuffles a copy, and loses and doubles nothing", () => {
    fc.assert(fc.property(fc.array(fc.nat()), fc.string(), (items, seed) => {
      const before = [...items];
      const shuffled = randomStream(seed).shuffle(items);
      expect(items).toEqual(before);
      const sorted = (list: readonly number[]) =>
        list.toSorted((a, b) => a - b);
      expect(sorted(shuffled)).toEqual(sorted(items));
    }));
  });

  it("shuffles into every order about equally often", () => {
    const { shuffle } = randomStream("shuffle");
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffle(["a", "b", "c"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) {
      expect(Math.abs(count - 1000)).toBeLessThan(120);
    }
  });
});

describe("quickStream()", () => {
  const quick = (seed: string) => quickStream(randomStream(seed));

  it("is the same for the same stream, and another for another", () => {
    const draw = (seed: string) =>
      Array.from({ length: 20 }, quick(seed).uniform);
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });

  it("goes on from where the other stream stands", () => {
    const random = randomStream("a");
    const first = quickStream(random).uniform();
    expect(quickStream(random).uniform()).not.toBe(first);
  });

  it("fills the unit interval evenly", () => {
    const { uniform } = quick("even");
    const counts = new Array<number>(20).fill(0);
    const drawn = Array.from({ length: 40_000 }, uniform);
    expect(drawn.every((u) => u >= 0 && u < 1)).toBe(true);
    for (const u of drawn) counts[Math.floor(u * 20)]!++;
    // Chi squared with 19 degrees of freedom: 43.8 is exceeded once in 1,000.
    const chi = counts.reduce((s, n) => s + (n - 2000) ** 2 / 2000, 0);
    expect(chi).toBeLessThan(43.8);
  });

  it("has normal numbers of mean 0 and sd 1", () => {
    const { normal } = quick("normal");
    const drawn = Array.from({ length: 20_000 }, normal);
    const mean = drawn.reduce((s, x) => s + x, 0) / drawn.length;
    const variance = drawn.reduce((s, x) => s + x * x, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});

describe("numberedStreams()", () => {
  const streams = (seed: string) => numberedStreams(randomStream(seed));

  it("gives a number's stream from its beginning each time", () => {
    const of = streams("seed");
    const first = of(7).uniform();
    of(8).uniform();
    expect(of(7).uniform()).toBe(first);
    expect(streams("seed")(7).uniform()).toBe(first);
  });

  it("gives other streams to other numbers and seeds", () => {
    const of = streams("seed");
    const firsts = Array.from({ length: 1000 }, (_, k) => of(k).uniform());
    expect(new Set(firsts).size).toBe(1000);
    expect(streams("other")(7).uniform()).not.toBe(firsts[7]);
  });

  it("has first numbers that are spread evenly and do not hang together from one number to the next", () => {
    const of = streams("even");
    const firsts = Array.from({ length: 4000 }, (_, k) => of(k).uniform());
    const mean = firsts.reduce((sum, u) => sum + u, 0) / firsts.length;
    // Standard error of the mean: √(1/12/4000) = 0.0046.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    const product = firsts.slice(1).reduce(
      (sum, u, k) => sum + (u - 0.5) * (firsts[k]! - 0.5),
      0,
    );
    expect(Math.abs(12 * product / firsts.length)).toBeLessThan(0.06);
  });
});
