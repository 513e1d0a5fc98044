import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  bandwidthFloor,
  neighborBandwidths,
  steppedBandwidths,
} from "../../lib/samplers/_tpe_bandwidths.ts";
import { ContinuousKernels } from "../../lib/samplers/_tpe_continua.ts";
import {
  categoricalKernels,
  cellOf,
  steppedKernels,
} from "../../lib/samplers/_tpe_kernels.ts";
import golden from "./golden/tpe_truncated_normal.json" with { type: "json" };

const even = (count: number) => ({
  kind: "stepped" as const,
  centers: Float64Array.from({ length: count }, (_, k) => (k + 0.5) / count),
  edges: Float64Array.from({ length: count + 1 }, (_, k) => k / count),
});

const logsOf = (
  kernels: { addLogs(x: number, logs: Float64Array): void },
  x: number,
  components = 1,
) => {
  const logs = new Float64Array(components);
  kernels.addLogs(x, logs);
  return logs;
};

/** The kernels of some components on one continuum. */
function continuousKernels(coordinates: Float64Array, widths: Float64Array) {
  const kernels = new ContinuousKernels(1);
  kernels.reset(coordinates.length, Math.min(...widths));
  kernels.setAxis(0, coordinates, widths);
  return {
    addLogs: (x: number, logs: Float64Array) =>
      kernels.addLogs(Float64Array.of(x), logs),
    draw: (component: number, u: number) => kernels.draw(component, 0, u),
  };
}

describe("ContinuousKernels", () => {
  it("does not look at axes where a place is NaN", () => {
    const kernels = new ContinuousKernels(2);
    kernels.reset(1, 0.1);
    kernels.setAxis(0, Float64Array.of(0.3), Float64Array.of(0.1));
    kernels.setAxis(1, Float64Array.of(0.7), Float64Array.of(0.2));
    const logs = new Float64Array(1);
    kernels.addLogs(Float64Array.of(0.4, NaN), logs);
    const alone = continuousKernels(Float64Array.of(0.3), Float64Array.of(0.1));
    expect(logs[0]).toBeCloseTo(logsOf(alone, 0.4)[0]!, 12);
  });

  it("is uniform where a component has no place", () => {
    const kernels = continuousKernels(
      Float64Array.of(NaN),
      Float64Array.of(0.1),
    );
    for (const x of [0, 0.3, 1]) expect(logsOf(kernels, x)[0]).toBeCloseTo(0);
    expect(kernels.draw(0, 0.37)).toBe(0.37);
  });

  it("adds to what is there", () => {
    const kernels = continuousKernels(
      Float64Array.of(NaN),
      Float64Array.of(0.1),
    );
    const logs = Float64Array.of(5);
    kernels.addLogs(0.5, logs);
    expect(logs[0]).toBe(5);
  });

  it("has SciPy's log-densities and quantiles of cut normal distributions", () => {
    for (const { mean, width, logDensity, quantile } of golden.cases) {
      const kernels = continuousKernels(
        Float64Array.of(mean),
        Float64Array.of(width),
      );
      golden.places.forEach((x, i) => {
        expect(Math.abs(logsOf(kernels, x)[0]! - logDensity[i]!))
          .toBeLessThan(1e-9 * (1 + Math.abs(logDensity[i]!)));
      });
      golden.quantiles.forEach((u, i) => {
        expect(kernels.draw(0, u)).toBeCloseTo(quantile[i]!, 7);
      });
    }
  });
});

describe("steppedKernels()", () => {
  it("has SciPy's masses of the cells", () => {
    const axis = even(5);
    for (const mean of axis.centers) {
      // The table's means are others, so the masses are summed from the density.
      const kernels = steppedKernels(
        Float64Array.of(cellOf(axis.edges, mean)),
        new Float64Array(5).fill(0.4),
        axis,
      );
      const sum = [0, 1, 2, 3, 4].reduce(
        (total, x) => total + Math.exp(logsOf(kernels, x)[0]!),
        0,
      );
      expect(sum).toBeCloseTo(1, 9);
    }
    for (const { mean, width, mass } of golden.cases) {
      const kernels = steppedKernels(
        Float64Array.of(0),
        new Float64Array(5).fill(width),
        { ...axis, centers: new Float64Array(5).fill(mean) },
      );
      mass.forEach((expected, x) => {
        const found = Math.exp(logsOf(kernels, x)[0]!);
        // SciPy's own differences are good to 1e-15.
        expect(Math.abs(found - expected)).toBeLessThan(1e-9);
      });
    }
  });

  it("gives a component without a place the width of the cell", () => {
    const axis = {
      kind: "stepped" as const,
      centers: Float64Array.of(0.25, 0.75),
      edges: Float64Array.of(0, 0.3, 1),
    };
    const kernels = steppedKernels(
      Float64Array.of(NaN),
      Float64Array.of(1, 1),
      axis,
    );
    expect(logsOf(kernels, 0)[0]).toBeCloseTo(Math.log(0.3));
    expect(logsOf(kernels, 1)[0]).toBeCloseTo(Math.log(0.7));
    expect([0.29, 0.31].map((u) => kernels.draw(0, u))).toEqual([0, 1]);
  });
});

describe("categoricalKernels()", () => {
  it("gives its own category (1 + b) / (1 + n b), the others b / (1 + n b)", () => {
    const kernels = categoricalKernels(Float64Array.of(2, NaN), 4, 0.25);
    const at = (x: number) => [...logsOf(kernels, x, 2)].map(Math.exp);
    expect(at(2)[0]).toBeCloseTo(0.625);
    expect(at(0)[0]).toBeCloseTo(0.125);
    expect(at(0)[1]).toBeCloseTo(0.25);
  });

  it("draws each category as often as its mass says", () => {
    const kernels = categoricalKernels(Float64Array.of(2, NaN), 4, 0.25);
    const counts = (component: number) => {
      const found = [0, 0, 0, 0];
      for (let i = 0; i < 1000; i++) {
        found[kernels.draw(component, (i + 0.5) / 1000)]!++;
      }
      return found;
    };
    expect(counts(0)).toEqual([125, 125, 625, 125]);
    expect(counts(1)).toEqual([250, 250, 250, 250]);
  });
});

describe("neighborBandwidths()", () => {
  const widths = (
    places: number[],
    floor = 0.03,
  ) => [...neighborBandwidths(Float64Array.from(places), floor)];
  const expectClose = (found: number[], expected: number[]) => {
    expect(found).toHaveLength(expected.length);
    found.forEach((width, k) => expect(width).toBeCloseTo(expected[k]!));
  };

  it("is the distance to the farther end for one place", () => {
    expectClose(widths([0.3]), [0.7]);
  });

  it("is the distance to the farther neighbor, and to the only one at the ends", () => {
    expectClose(widths([0.9, 0.1, 0.2, 0.5]), [0.4, 0.1, 0.3, 0.4]);
  });

  it("is never below the floor", () => {
    expectClose(widths([0.5, 0.501, 0.502]), [0.03, 0.03, 0.03]);
    expectClose(widths([0.5, 0.52, 0.54], 0.01), [0.02, 0.02, 0.02]);
  });

  it("is shared by components at one place", () => {
    expectClose(widths([0.2, 0.2, 0.6]), [0.2, 0.2, 0.4]);
    expectClose(widths([0.5, 0.5]), [0.25, 0.25]);
  });

  it("passes over places that are not there", () => {
    expectClose(widths([NaN, 0.1, NaN, 0.4]).filter((_, k) => k % 2 === 1), [
      0.3,
      0.3,
    ]);
  });

  it("is what sorting gives, for any places", () => {
    for (let round = 0; round < 50; round++) {
      const places = Array.from(
        { length: 1 + round % 17 },
        (_, k) => ((k + 1) * (round + 1) * 0.6180339887) % 1,
      );
      const sorted = [...places].sort((a, b) => a - b);
      const expected = places.map((place) => {
        const rank = sorted.indexOf(place);
        const gap = sorted.length === 1 ? Math.max(place, 1 - place) : Math.max(
          rank === 0 ? 0 : place - sorted[rank - 1]!,
          rank === sorted.length - 1 ? 0 : sorted[rank + 1]! - place,
        );
        return Math.max(0.03, gap);
      });
      expectClose(widths(places), expected);
    }
  });
});

describe("steppedBandwidths()", () => {
  it("is the distance to the farther value taken, shared by those on one", () => {
    const { centers } = even(10);
    const found = steppedBandwidths(
      Float64Array.of(1, 4, 4, NaN),
      centers,
      0.03,
    );
    expect(found[1]).toBeCloseTo(0.3);
    expect(found[4]).toBeCloseTo(0.15);
  });
});

describe("bandwidthFloor()", () => {
  it("falls with the square of the components, to 0.08", () => {
    expect(bandwidthFloor(1)).toBe(0.25);
    expect(bandwidthFloor(2)).toBeCloseTo(1 / 9);
    expect(bandwidthFloor(1000)).toBe(0.08);
  });
});
