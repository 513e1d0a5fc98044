import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import {
  featuresOf,
  nullEvidence,
  type Prior,
  priorCenter,
  PriorFunctions,
  selfCovariance,
  stretched,
  TransferProcess,
  trustAtFirst,
  weighPrior,
} from "../../lib/surrogates/mod.ts";

const square = space({ x: float(0, 1), y: float(0, 1) });
const features = featuresOf(square);
const units = [[0.2, 0.2], [0.8, 0.3], [0.5, 0.9], [0.1, 0.7]]
  .map((unit) => Float64Array.from(unit));

const prior: Prior = {
  sources: [{ name: "a", weight: 0.6 }, { name: "b", weight: 0.4 }],
  lengthscales: Float64Array.of(0.5, 0.7),
  units,
  // m and one factor.
  coefficients: Float64Array.of(-1, 0.3, 1, -0.4, 0.5, 0.6, 0.2, 0.1),
  loadings: Float64Array.of(0.5, -0.5),
  coherence: 3,
  likeness: 1,
  level: null,
};
const functions = new PriorFunctions(prior, features);

/** n points and their values: a + s m + what `more` says. */
function dataOf(n: number, value: (m: number, x: number) => number) {
  const random = randomStream("transfer", n);
  const inputs = Float64Array.from({ length: 2 * n }, () => random.uniform());
  const said = functions.at(inputs);
  return {
    inputs,
    values: Array.from(
      { length: n },
      (_, i) => value(said[2 * i]!, inputs[2 * i]!),
    ),
  };
}

/** A x = b by elimination. */
function solved(a: number[][], b: number[]): number[] {
  const n = b.length;
  const rows = a.map((row, i) => [...row, b[i]!]);
  for (let i = 0; i < n; i++) {
    const pivot = rows.slice(i).reduce(
      (best, row, k) =>
        Math.abs(row[i]!) > Math.abs(rows[best]![i]!) ? i + k : best,
      i,
    );
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    for (let k = i + 1; k < n; k++) {
      const factor = rows[k]![i]! / rows[i]![i]!;
      for (let j = i; j <= n; j++) rows[k]![j]! -= factor * rows[i]![j]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) sum -= rows[i]![j]! * x[j]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}

describe("PriorFunctions", () => {
  it("are the kernel's sums over the nodes", () => {
    const [m] = functions.at(Float64Array.of(0.2, 0.2));
    const inputs = Float64Array.from([
      0.2,
      0.2,
      ...units.flatMap((u) => [...u]),
    ]);
    const k = selfCovariance({ inputs, dimension: 2, numeric: 2 }, {
      lengthscales: prior.lengthscales,
      outputScale: 1,
      noise: 0,
    });
    const sum = [-1, 1, 0.5, 0.2].reduce(
      (s, c, u) => s + c * k[(1 + u) * 5]!,
      0,
    );
    expect(m).toBeCloseTo(sum, 12);
  });

  it("have the sources' own shares before anything is known, and shares that sum to 1 after", () => {
    expect(functions.shares(null)).toEqual([
      { name: "a", share: 0.6 },
      { name: "b", share: 0.4 },
    ]);
    for (const factor of [-3, 0.5, 2]) {
      const shares = functions.shares([factor]);
      expect(shares.reduce((sum, { share }) => sum + share, 0))
        .toBeCloseTo(1, 12);
    }
    // What is like the first source's difference speaks for the first source.
    expect(functions.shares([1])[0]!.name).toBe("a");
    expect(functions.shares([-3])[0]!.name).toBe("b");
  });
});

describe("TransferProcess", () => {
  const lengths = [prior.lengthscales];

  it("of one value expects it there, and what the prior says elsewhere", () => {
    const data = dataOf(1, () => 0.4);
    const process = new TransferProcess(functions, data, lengths);
    const { mean } = process.predict(
      Float64Array.from([...data.inputs, 0.9, 0.1]),
    );
    expect(mean[0]).toBeCloseTo(0.4, 3);
    expect(Number.isFinite(mean[1])).toBe(true);
  });

  it("is universal kriging with the prior's mean and covariance", () => {
    const data = dataOf(7, (m, x) => 2 + 0.8 * m + 0.3 * Math.sin(9 * x));
    const process = new TransferProcess(functions, data, lengths);
    const { alpha, rho, tau, noise } = process.setting;
    const s = process.scale;
    const point = Float64Array.of(0.37, 0.61);
    const inputs = Float64Array.from([...data.inputs, ...point]);
    const k = selfCovariance({ inputs, dimension: 2, numeric: 2 }, {
      lengthscales: prior.lengthscales,
      outputScale: rho,
      noise: 0,
    });
    const said = functions.at(inputs);
    const covariance = (i: number, j: number) =>
      k[Math.max(i, j) * 8 + Math.min(i, j)]! +
      alpha * said[2 * i + 1]! * said[2 * j + 1]! +
      tau * said[2 * i]! * said[2 * j]!;
    const n = 7;
    const matrix = Array.from({ length: n }, (_, i) =>
      Array.from(
        { length: n },
        (_, j) => covariance(i, j) + (i === j ? noise + 1e-8 : 0),
      ));
    const residual = data.values.map((y, i) => y - s * said[2 * i]!);
    const ones = new Array<number>(n).fill(1);
    const byOnes = solved(matrix, ones);
    const byResidual = solved(matrix, residual);
    const total = byOnes.reduce((a, b) => a + b, 0);
    const offset = byResidual.reduce((a, b) => a + b, 0) / total;
    const cross = ones.map((_, i) => covariance(n, i));
    const mean = offset + s * said[2 * n]! + cross.reduce(
      (sum, c, i) => sum + c * (byResidual[i]! - offset * byOnes[i]!),
      0,
    );
    const byCross = solved(matrix, cross);
    const gap = 1 - cross.reduce((sum, c, i) => sum + c * byOnes[i]!, 0);
    const variance = covariance(n, n) -
      cross.reduce((sum, c, i) => sum + c * byCross[i]!, 0) + gap * gap / total;
    const found = process.predict(point);
    expect(found.mean[0]).toBeCloseTo(mean, 8);
    expect(found.sd[0]).toBeCloseTo(s * Math.sqrt(variance), 8);
    const fitted = process.predict(data.inputs).mean;
    process.fittedMeans().forEach((m, i) =>
      expect(m).toBeCloseTo(fitted[i]!, 6)
    );
  });

  it("believes that points brought what is expected of them: there it is surer", () => {
    const data = dataOf(6, (m) => m);
    const process = new TransferProcess(functions, data, lengths);
    const point = Float64Array.of(0.95, 0.95);
    const before = process.predict(point);
    const after = process.believing(point).predict(point);
    expect(after.sd[0]).toBeLessThan(before.sd[0]!);
    expect(process.believing(new Float64Array(0))).toBe(process);
  });

  it("is the same each time", () => {
    const data = dataOf(9, (m, x) => m + x);
    const at = Float64Array.of(0.3, 0.3);
    expect(new TransferProcess(functions, data, lengths).predict(at))
      .toEqual(new TransferProcess(functions, data, lengths).predict(at));
  });
});

describe("nullEvidence()", () => {
  it("of values without spread is finite, and of more points no less so", () => {
    for (const n of [1, 2, 5]) {
      const { free } = nullEvidence({
        ...dataOf(n, () => 0),
        dimension: 2,
        numeric: 2,
        lengthscales: [priorCenter(2).lengthscales],
      });
      expect(Number.isFinite(free)).toBe(true);
    }
  });
});

describe("weighPrior()", () => {
  const trust = (
    value: (m: number, x: number) => number,
    change: Partial<Prior> = {},
    success = 0,
  ) => {
    const own = new PriorFunctions({ ...prior, ...change }, features);
    const data = dataOf(10, value);
    return weighPrior(own, data, { raw: data.values, success, own: [] }).trust;
  };
  const noise = randomStream("noise");
  const noisy = Array.from({ length: 10 }, () => noise.normal());

  it("trusts what foretells the values, and not what foretells their contrary", () => {
    expect(trust((m) => 3 + 2 * m)).toBeGreaterThan(0.95);
    expect(trust((m) => 3 - 2 * m)).toBeLessThan(trust((m) => 3 + 2 * m));
    let i = 0;
    expect(trust(() => noisy[i++ % 10]!)).toBeLessThan(0.9);
  });

  it("asks who brought the better values", () => {
    const agreeing = (m: number) => m;
    expect(trust(agreeing, {}, -5)).toBeLessThan(trust(agreeing, {}, 5));
  });

  it("is not misled by other units where a level was foreseen", () => {
    const level = { mean: 3, meanSd: 1, spread: 2, logSpreadSd: 0.5 };
    expect(trust((m) => 3 + 2 * m, { level })).toBeGreaterThan(0.9);
    expect(trust((m) => 1000 * (3 + 2 * m), { level })).toBeGreaterThan(0.9);
  });

  it("takes values without spread, and failed ones", () => {
    expect(trust(() => 1)).toBeGreaterThan(0);
    const data = dataOf(4, (m) => m);
    const found = weighPrior(functions, data, {
      raw: [1, NaN, 2, NaN],
      success: 0,
      own: [],
    });
    expect(Number.isFinite(found.trust)).toBe(true);
  });
});

describe("trustAtFirst()", () => {
  it("is the larger the better sources foretell one another, and the more alike they are", () => {
    const at = (coherence: number | null, likeness: number) =>
      trustAtFirst({ ...prior, coherence, likeness });
    expect(at(3, 1)).toBeGreaterThan(at(1, 1));
    expect(at(1, 1)).toBeGreaterThan(at(-1, 1));
    expect(at(3, 1)).toBeGreaterThan(at(3, 0.1));
    expect(at(null, 1)).toBeGreaterThan(0.5);
  });
});

describe("stretched()", () => {
  it("tries shorter and longer lengthscales", () => {
    const lengths = stretched([1, 2]);
    expect(lengths.length).toBeGreaterThan(1);
    for (const [a, b] of lengths) expect(b! / a!).toBeCloseTo(2, 12);
  });
});
