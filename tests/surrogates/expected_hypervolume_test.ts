import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import {
  hypervolumeGain,
  quickStream,
  randomStream,
} from "../../lib/math/mod.ts";
import {
  ExpectedHypervolume,
  logExpectedImprovement,
} from "../../lib/surrogates/mod.ts";
import golden from "./golden/expected_hypervolume.json" with { type: "json" };

const front2 = [[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]];
const front3 = [[0.2, 0.8, 0.5], [0.5, 0.5, 0.4], [0.9, 0.1, 0.6], [
  0.6,
  0.6,
  0.1,
]];

describe("ExpectedHypervolume", () => {
  it("is −∞ where nothing can be gained to all digits, with slopes of 0", () => {
    const ehvi = new ExpectedHypervolume(front2, [1, 1]);
    const far = ehvi.slopes([1e200, 1e200], [1e-10, 1e-10]);
    expect(far.value).toBe(-Infinity);
    expect(far.byMean).toEqual([0, 0]);
  });

  it("with no front and one objective all but certain is expected improvement of the other", () => {
    const ehvi = new ExpectedHypervolume([], [1, 2]);
    const expected = Math.log(0.5) +
      logExpectedImprovement({ mean: 2.5, sd: 0.7 }, 2);
    expect(ehvi.log([0.5, 2.5], [1e-9, 0.7])).toBeCloseTo(expected, 9);
  });

  it("is the gain of hypervolume where everything is all but certain", () => {
    for (
      const [front, mean] of [[front2, [0.3, 0.3]], [front3, [
        0.3,
        0.4,
        0.2,
      ]]] as const
    ) {
      const reference = front[0]!.map(() => 1);
      const ehvi = new ExpectedHypervolume(front, reference);
      const value = ehvi.log(mean, mean.map(() => 1e-9));
      expect(Math.exp(value)).toBeCloseTo(
        hypervolumeGain(mean, front, reference),
        8,
      );
    }
  });

  it(`is what ${golden.origin} gives, to 1e-9`, () => {
    for (const { front, reference, mean, sd, ehvi } of golden.cases) {
      const value = Math.exp(
        new ExpectedHypervolume(front, reference).log(mean, sd),
      );
      expect(Math.abs(value - ehvi) / ehvi).toBeLessThan(1e-9);
    }
  });

  it("is the mean of the gains of draws", () => {
    for (
      const [front, mean, sd] of [
        [front2, [0.6, 0.6], [0.2, 0.3]],
        [front3, [0.6, 0.5, 0.6], [0.2, 0.3, 0.2]],
      ] as const
    ) {
      const reference = mean.map(() => 1);
      const random = quickStream(randomStream("draws"));
      const n = 40_000;
      let [sum, squares] = [0, 0];
      for (let i = 0; i < n; i++) {
        const draw = mean.map((m, j) => m + sd[j]! * random.normal());
        const gain = hypervolumeGain(draw, front, reference);
        sum += gain;
        squares += gain * gain;
      }
      const average = sum / n;
      const error = Math.sqrt((squares / n - average ** 2) / n);
      const exact = Math.exp(
        new ExpectedHypervolume(front, reference).log(mean, sd),
      );
      expect(Math.abs(exact - average) / error).toBeLessThan(4);
    }
  });

  it("does not hang on scales: shares of 1e-12 and 1e12 of a volume shift its logarithm alone", () => {
    const scales = [1e-12, 1e12, 3];
    const scaled = (p: readonly number[]) => p.map((x, j) => x * scales[j]!);
    const [mean, sd] = [[0.6, 0.5, 0.6], [0.2, 0.3, 0.2]];
    const plain = new ExpectedHypervolume(front3, [1, 1, 1]).slopes(mean, sd);
    const other = new ExpectedHypervolume(front3.map(scaled), scaled([1, 1, 1]))
      .slopes(scaled(mean), scaled(sd));
    expect(other.value).toBeCloseTo(plain.value + Math.log(3), 8);
    other.byMean.forEach((slope, j) => {
      expect(slope * scales[j]! / plain.byMean[j]!).toBeCloseTo(1, 8);
      expect(other.bySd[j]! * scales[j]! / plain.bySd[j]!).toBeCloseTo(1, 8);
    });
  });

  it("has a logarithm and slopes where the value itself is too small to be written", () => {
    const ehvi = new ExpectedHypervolume(front2, [1, 1]);
    const { value, byMean } = ehvi.slopes([100, 100], [1, 1]);
    expect(value).toBeLessThan(-9000);
    expect(byMean[0]!).toBeLessThan(-90);
  });

  it("has the slopes that differences have, and falls with each mean", () => {
    const number = fc.double({ min: -1, max: 2, noNaN: true });
    const place = fc.array(number, { minLength: 3, maxLength: 3 });
    const spread = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 6 }),
        place,
        spread,
        fc.boolean(),
        (points, middle, spreads, isFlat) => {
          const cut = (p: readonly number[]) => isFlat ? p.slice(0, 2) : [...p];
          const ehvi = new ExpectedHypervolume(points.map(cut), cut([1, 1, 1]));
          const [mean, sd] = [cut(middle), cut(spreads)];
          const { value, byMean, bySd } = ehvi.slopes(mean, sd);
          expect(value).toBeCloseTo(ehvi.log(mean, sd), 7);
          const step = 1e-6;
          mean.forEach((_, j) => {
            const moved = (x: readonly number[], by: number) =>
              x.with(j, x[j]! + by);
            const slope = (ehvi.log(moved(mean, step), sd) -
              ehvi.log(moved(mean, -step), sd)) / (2 * step);
            const change = (ehvi.log(mean, moved(sd, step)) -
              ehvi.log(mean, moved(sd, -step))) / (2 * step);
            expect(Math.abs(byMean[j]! - slope)).toBeLessThan(
              1e-4 * (1 + Math.abs(slope)),
            );
            expect(Math.abs(bySd[j]! - change)).toBeLessThan(
              1e-4 * (1 + Math.abs(change)),
            );
            expect(byMean[j]!).toBeLessThanOrEqual(0);
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});
