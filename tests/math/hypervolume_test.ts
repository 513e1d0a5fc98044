import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  dominates,
  hypervolume,
  hypervolumeGain,
  nonDominatedSort,
  paretoFront,
  randomStream,
} from "../../lib/math/mod.ts";

/** Optuna 5.0.0: `_hypervolume.compute_hypervolume` and `_fast_non_domination_rank`, 12 points, two of them equal. */
const optuna: readonly {
  readonly points: number[][];
  readonly reference: number[];
  readonly volume: number;
  readonly ranks: number[];
}[] = [
  {
    points: [
      [0.549, 0.715],
      [0.603, 0.545],
      [0.424, 0.646],
      [0.964, 0.383],
      [0.964, 0.383],
      [0.792, 0.529],
      [0.568, 0.926],
      [0.071, 0.087],
      [0.02, 0.833],
      [0.778, 0.87],
      [0.979, 0.799],
      [0.461, 0.781],
    ],
    reference: [1.1, 1.1],
    volume: 1.0559940000000003,
    ranks: [2, 1, 1, 1, 1, 1, 3, 0, 0, 3, 3, 2],
  },
  {
    points: [
      [0.118, 0.64, 0.143],
      [0.945, 0.522, 0.415],
      [0.265, 0.774, 0.456],
      [0.612, 0.617, 0.944],
      [0.612, 0.617, 0.944],
      [0.682, 0.36, 0.437],
      [0.698, 0.06, 0.667],
      [0.671, 0.21, 0.129],
      [0.315, 0.364, 0.57],
      [0.439, 0.988, 0.102],
      [0.209, 0.161, 0.653],
      [0.253, 0.466, 0.244],
    ],
    reference: [1.1, 1.1, 1.1],
    volume: 0.7752003530000002,
    ranks: [0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
  },
  {
    points: [
      [0.159, 0.11, 0.656, 0.138],
      [0.197, 0.369, 0.821, 0.097],
      [0.838, 0.096, 0.976, 0.469],
      [0.283, 0.12, 0.296, 0.119],
      [0.283, 0.12, 0.296, 0.119],
      [0.318, 0.414, 0.064, 0.692],
      [0.567, 0.265, 0.523, 0.094],
      [0.576, 0.929, 0.319, 0.667],
      [0.132, 0.716, 0.289, 0.183],
      [0.587, 0.02, 0.829, 0.005],
      [0.678, 0.27, 0.735, 0.962],
      [0.249, 0.576, 0.592, 0.572],
    ],
    reference: [1.1, 1.1, 1.1, 1.1],
    volume: 0.7981827402320003,
    ranks: [0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0],
  },
  {
    points: [
      [0.223, 0.953, 0.447, 0.846, 0.699],
      [0.297, 0.814, 0.397, 0.881, 0.581],
      [0.882, 0.693, 0.725, 0.501, 0.956],
      [0.66, 0.29, 0.618, 0.429, 0.135],
      [0.66, 0.29, 0.618, 0.429, 0.135],
      [0.298, 0.57, 0.591, 0.574, 0.653],
      [0.652, 0.431, 0.897, 0.368, 0.436],
      [0.892, 0.806, 0.704, 0.1, 0.919],
      [0.714, 0.999, 0.149, 0.868, 0.162],
      [0.616, 0.124, 0.848, 0.807, 0.569],
      [0.407, 0.069, 0.697, 0.454, 0.722],
      [0.866, 0.976, 0.856, 0.012, 0.36],
    ],
    reference: [1.1, 1.1, 1.1, 1.1, 1.1],
    volume: 0.17675740777575513,
    ranks: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  },
];

const points = (objectives: number, most = 12) =>
  fc.array(
    // Whole numbers, so that some are equal.
    fc.array(fc.integer({ min: 0, max: 6 }), {
      minLength: objectives,
      maxLength: objectives,
    }),
    { minLength: 1, maxLength: most },
  );

/** The unit cells in front of a reference that a point reaches: hypervolume by counting. */
function counted(all: readonly number[][], reference: readonly number[]) {
  const cells = reference.reduce<number[][]>(
    (done, end) =>
      done.flatMap((cell) =>
        Array.from({ length: end }, (_, i) => [...cell, i])
      ),
    [[]],
  );
  return cells.filter((cell) =>
    all.some((point) => point.every((value, i) => value <= cell[i]!))
  ).length;
}

describe("dominates()", () => {
  it("needs nowhere worse and somewhere better; NaN is worst", () => {
    expect(dominates([1, 1], [1, 1])).toBe(false);
    expect(dominates([1, 1], [1, 2])).toBe(true);
    expect(dominates([1, 3], [2, 2])).toBe(false);
    expect(dominates([1, 1], [1, NaN])).toBe(true);
    expect(dominates([NaN, 1], [1, 1])).toBe(false);
  });
});

describe("nonDominatedSort() and paretoFront()", () => {
  it("of nothing is nothing", () => {
    expect(nonDominatedSort([])).toEqual(new Int32Array());
    expect(paretoFront([])).toEqual([]);
  });

  it("of one objective ranks the distinct values", () => {
    expect([...nonDominatedSort([[3], [1], [3], [2]])]).toEqual([2, 0, 2, 1]);
    expect(paretoFront([[3], [1], [1]])).toEqual([1, 2]);
  });

  it("keeps infinities and NaN in order", () => {
    expect([...nonDominatedSort([[NaN, 0], [1, 0], [-Infinity, 5]])])
      .toEqual([1, 0, 0]);
  });

  it("are Optuna's", () => {
    for (const { points, ranks } of optuna) {
      expect([...nonDominatedSort(points)]).toEqual(ranks);
    }
  });

  it("put each point one front behind the last that dominates it", () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 4 }).chain((m) => points(m, 30)),
      (all) => {
        const ranks = nonDominatedSort(all);
        all.forEach((point, i) => {
          const before = all.flatMap((other, j) =>
            dominates(other, point) ? [ranks[j]!] : []
          );
          expect(ranks[i]).toBe(Math.max(-1, ...before) + 1);
        });
        expect(paretoFront(all)).toEqual(
          [...all.keys()].filter((i) => ranks[i] === 0),
        );
      },
    ));
  });

  it("refuse points with different numbers of objectives", () => {
    expect(() => nonDominatedSort([[1, 2], [1]])).toThrow(
      /point 1 has 1 objectives, expected as many as point 0, 2/,
    );
  });
});

describe("hypervolume()", () => {
  it("of nothing, and of points that are not inside, is 0", () => {
    expect(hypervolume([], [1, 1])).toBe(0);
    expect(hypervolume([[2, 0], [1, 0], [NaN, 0]], [1, 1])).toBe(0);
  });

  it("of one point is that of its box; of two less what they share", () => {
    expect(hypervolume([[1, 1, 1]], [3, 3, 3])).toBe(8);
    expect(hypervolume([[1, 2], [2, 1]], [3, 3])).toBe(3);
  });

  it("is infinite where a point is infinitely good", () => {
    expect(hypervolume([[-Infinity, 1], [0, 0]], [3, 3])).toBe(Infinity);
  });

  it("is Optuna's", () => {
    for (const { points, reference, volume } of optuna) {
      expect(hypervolume(points, reference)).toBeCloseTo(volume, 12);
    }
  });

  it("is the number of cells that the points reach, to 4 objectives", () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 4 }).chain((m) => points(m)),
      (all) => {
        const reference = all[0]!.map((_, i) => 4 + i % 2);
        expect(hypervolume(all, reference)).toBe(counted(all, reference));
      },
    ));
  });

  it("does not mind order, copies, and what is dominated", () => {
    fc.assert(fc.property(points(3), (all) => {
      const volume = hypervolume(all, [7, 7, 7]);
      const front = paretoFront(all).map((i) => all[i]!);
      expect(hypervolume([...all].reverse(), [7, 7, 7])).toBe(volume);
      expect(hypervolume([...all, ...all], [7, 7, 7])).toBe(volume);
      expect(hypervolume(front, [7, 7, 7])).toBe(volume);
    }));
  });

  it("takes little time for 200 points on a front of 4 objectives", () => {
    const { normal } = randomStream("front");
    const front = Array.from({ length: 200 }, () => {
      const point = Array.from({ length: 4 }, () => Math.abs(normal()));
      const length = Math.hypot(...point);
      return point.map((x) => 1 - x / length);
    });
    const start = performance.now();
    expect(hypervolume(front, [1, 1, 1, 1])).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it("refuses a reference without a number, or of another length", () => {
    expect(() => hypervolume([[1]], [NaN])).toThrow(RangeError);
    expect(() => hypervolume([[1, 2]], [3])).toThrow(/point 1 has 2/);
  });
});

describe("hypervolumeGain()", () => {
  it("is the difference that a point makes", () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 4 }).chain((m) => points(m)),
      (all) => {
        const reference = all[0]!.map(() => 6);
        const [point, ...others] = all as [number[], ...number[][]];
        expect(hypervolumeGain(point, others, reference)).toBe(
          hypervolume(all, reference) - hypervolume(others, reference),
        );
      },
    ));
  });
});
