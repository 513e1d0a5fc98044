import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { terminatorImprovementRows } from "../../lib/charts/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { makeView } from "../support/chart_views.ts";
import { trialOf, viewOf } from "../support/views.ts";

/** Sixty trials of Optuna 5.0.0's TPESampler(seed=1) on Branin's function: x, y, value. */
const trials: readonly (readonly [number, number, number])[] = [
  [1.2553, 10.8049, 56.5287],
  [-4.9983, 4.535, 172.6653],
  [-2.7987, 1.3851, 102.5829],
  [-2.2061, 5.1834, 28.8681],
  [0.9515, 8.0823, 27.6817],
  [1.2879, 10.2783, 50.0586],
  [-1.9332, 13.1718, 19.6433],
  [-4.5892, 10.057, 44.4324],
  [1.2596, 8.3803, 30.4133],
  [-2.8942, 2.9715, 76.6734],
  [8.1474, 13.7296, 154.1494],
  [5.7932, 0.6895, 18.6535],
  [4.7046, 0.1732, 11.3617],
  [5.1048, 1.335, 13.6806],
  [5.3645, 3.5944, 21.6579],
  [9.3452, 6.9035, 20.6322],
  [4.4619, 5.4237, 23.2475],
  [0.9559, 1.5533, 24.8018],
  [7.6981, 2.6076, 12.9402],
  [8.003, 3.4535, 12.2475],
  [5.9593, 8.5347, 74.3287],
  [8.1361, 1.8776, 7.4022],
  [9.967, 0.4626, 8.0646],
  [9.1375, 0.2711, 4.681],
  [9.8994, 0.2736, 8.3808],
  [9.6871, 2.6661, 0.7279],
  [9.3646, 2.5897, 0.4425],
  [6.9923, 0.5114, 17.7448],
  [8.6146, 5.2298, 14.626],
  [9.9607, 4.3269, 3.6012],
  [9.7644, 2.8569, 0.9529],
  [9.3266, 3.9384, 2.8309],
  [9.6982, 11.7587, 82.5378],
  [9.7449, 2.3277, 1.071],
  [9.4828, 2.4695, 0.4171],
  [6.7935, 3.7327, 25.0497],
  [9.9941, 5.5483, 8.421],
  [7.3656, 6.7169, 44.0022],
  [6.76, 1.9262, 19.1422],
  [9.0645, 1.3885, 1.6533],
  [8.0345, 0.5594, 9.261],
  [9.1779, 2.3976, 0.7041],
  [9.0222, 3.0831, 2.0246],
  [8.7636, 4.4311, 8.46],
  [5.8854, 5.0178, 34.1404],
  [9.9116, 1.4927, 3.5399],
  [4.2308, 2.8403, 7.1434],
  [8.7972, 2.3126, 2.3276],
  [7.5787, 1.249, 12.6217],
  [6.8132, 5.1472, 34.2367],
  [2.9213, 0.1011, 6.1616],
  [8.3419, 6.3039, 26.5738],
  [9.7968, 2.4765, 1.1638],
  [9.9083, 3.4218, 1.7574],
  [7.9343, 4.3627, 17.397],
  [3.0439, 4.8941, 6.9041],
  [8.7411, 0.8237, 3.8444],
  [7.4649, 3.4514, 18.1935],
  [6.8969, 2.9403, 20.9903],
  [-0.6748, 2.0569, 43.2626],
];
/** What its RegretBoundEvaluator(seed=1) gives after trial n. */
const optuna: Readonly<Record<string, number>> = {
  "2": 66.96,
  "3": 82.89,
  "4": 86.16,
  "5": 88.87,
  "6": 89.41,
  "7": 90.27,
  "8": 98.53,
  "9": 95.84,
  "10": 87.21,
  "11": 86.27,
  "12": 71.34,
  "13": 68.86,
  "14": 67.73,
  "15": 96.44,
  "16": 95.23,
  "17": 95.28,
  "18": 89.99,
  "19": 91.85,
  "20": 69.44,
  "21": 38.8,
  "22": 23.9,
  "23": 16.36,
  "24": 22.75,
  "25": 17.92,
  "26": 13.64,
  "27": 4.58,
  "28": 4.13,
  "29": 8.07,
  "30": 9.7,
  "31": 14.49,
  "32": 14.49,
  "33": 16.05,
  "34": 17.02,
  "35": 16.99,
  "36": 15.16,
  "37": 15.19,
  "38": 17.3,
  "39": 17.36,
  "40": 15.27,
  "41": 16.26,
  "42": 15.4,
  "43": 15.87,
  "44": 15.87,
  "45": 16.22,
  "46": 15.76,
  "47": 16.18,
  "48": 15.7,
  "49": 16.77,
  "50": 14.08,
  "51": 14.78,
  "52": 14.65,
  "53": 15.16,
  "54": 15.16,
  "55": 14.19,
  "56": 13.69,
  "57": 14.3,
  "58": 14.31,
  "59": 14.69,
};

function branin() {
  const plane = space({
    x: float(-5, 10),
    y: float(0, 15),
  }) as unknown as Space;
  return viewOf(
    plane,
    trials.map(([x, y, value], n) => trialOf(n, { x, y }, { value })),
    [minimize("branin")],
  );
}

/** Spearman's rank correlation. */
function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const ranks = (values: readonly number[]) =>
    values.map((v) => values.filter((other) => other < v).length);
  const [p, q] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  const cross = p.reduce(
    (sum, r, i) => sum + (r - middle) * (q[i]! - middle),
    0,
  );
  const spread = p.reduce((sum, r) => sum + (r - middle) ** 2, 0);
  return cross / spread;
}

describe("terminatorImprovementRows()", () => {
  it("of fewer than three trials has no rows", () => {
    expect(terminatorImprovementRows(makeView({ trials: 2 })))
      .toEqual({ rows: [], settled: null });
  });

  it("has a row after each of few trials, and at most 16", () => {
    const view = { ...branin(), trials: branin().trials.slice(0, 6) };
    expect(terminatorImprovementRows(view).rows.map(({ n }) => n)).toEqual([
      2,
      3,
      4,
      5,
    ]);
    const { rows } = terminatorImprovementRows(branin());
    expect(rows.length).toBe(16);
    expect(rows.at(-1)!.n).toBe(59);
  });

  it("falls as Optuna's does", () => {
    const { rows } = terminatorImprovementRows(branin());
    const ours = rows.map(({ v }) => Number(v));
    const theirs = rows.map(({ n }) => optuna[String(n)]!);
    expect(rankCorrelation(ours, theirs)).toBeGreaterThan(0.7);
    // High at first, and a fraction of that once the valley is known.
    const early = rows.filter(({ n }) => Number(n) < 20);
    const late = rows.filter(({ n }) => Number(n) > 30);
    for (const [a] of late.map(({ v }) => [Number(v)])) {
      for (const { v } of early) expect(a!).toBeLessThan(Number(v) / 2);
    }
  });

  it("says since when the noise is larger", () => {
    const plane = space({ x: float(0, 1) }) as unknown as Space;
    const flat = viewOf(
      plane,
      Array.from(
        { length: 80 },
        (_, n) =>
          trialOf(n, { x: n / 79 }, { value: ((n * 7919) % 101) / 101 }),
      ),
      [minimize("noise")],
    );
    const { rows } = terminatorImprovementRows(flat);
    expect(Number(rows.at(-1)!.s)).toBeGreaterThan(0.05);
  });
});
