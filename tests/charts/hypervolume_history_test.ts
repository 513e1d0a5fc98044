import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  hypervolumeHistoryChart,
  hypervolumeHistoryRows,
} from "../../lib/charts/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import {
  makeView,
  sampleSpace,
  studyOver,
  tradeOffStudy,
} from "../support/chart_views.ts";

/** Fourteen trials of three objectives, and Optuna 5.0.0's hypervolume after each, for the reference point below. */
const values = [
  [0.551, 0.708, 0.291],
  [0.511, 0.893, 0.896],
  [0.126, 0.207, 0.051],
  [0.441, 0.03, 0.457],
  [0.649, 0.278, 0.676],
  [0.591, 0.024, 0.559],
  [0.259, 0.415, 0.284],
  [0.693, 0.44, 0.157],
  [0.545, 0.78, 0.306],
  [0.222, 0.388, 0.936],
  [0.976, 0.672, 0.903],
  [0.846, 0.378, 0.092],
  [0.653, 0.558, 0.362],
  [0.225, 0.407, 0.469],
];
const optuna = [
  0.18614227799999994,
  0.19732591799999993,
  0.2750291429999999,
  0.2750291429999999,
  0.2750291429999999,
  0.2750291429999999,
  0.3182317829999999,
  0.3258816449999999,
  0.3441232649999999,
  0.3445518729999999,
  0.3445518729999999,
  0.3457078329999999,
  0.3457078329999999,
  0.3489247769999999,
];
const reference = [0.95, 0.05, 1];

function threefold() {
  const study = studyOver(sampleSpace(), values.length, (i) => ({
    value: values[i]![0]!,
    values: values[i]!,
  }));
  return {
    ...study,
    objectives: [minimize("a"), maximize("b"), minimize("c")],
  };
}

describe("hypervolumeHistoryRows()", () => {
  it("of no trial has no reference and no rows", () => {
    const { studies, reference } = hypervolumeHistoryRows(tradeOffStudy(0));
    expect(reference).toBe(null);
    expect(studies).toEqual([{ name: "small and good", rows: [] }]);
  });

  it("is Optuna's history where it grows, and ends at the last trial", () => {
    const { rows } = hypervolumeHistoryRows(threefold(), { reference })
      .studies[0]!;
    for (const { n, v } of rows) {
      expect(v).toBeCloseTo(optuna[Number(n)]!, 6);
    }
    const grows = optuna.flatMap((v, i) =>
      i === 0 || v > optuna[i - 1]! + 1e-12 ? [i] : []
    );
    expect(rows.filter(({ g }) => Number(g) > 0).map(({ n }) => n)).toEqual(
      grows,
    );
    expect(rows.at(-1)!.n).toBe(values.length - 1);
  });

  it("never falls, and counts the front", () => {
    const { rows } = hypervolumeHistoryRows(tradeOffStudy(200)).studies[0]!;
    rows.slice(1).forEach(({ v }, i) =>
      expect(Number(v)).toBeGreaterThanOrEqual(Number(rows[i]!.v))
    );
    expect(Number(rows.at(-1)!.p)).toBeGreaterThan(3);
  });

  it("takes as reference a tenth of the range beyond the worst, in each objective's direction", () => {
    const view = tradeOffStudy(30);
    const [accuracy, latency] = hypervolumeHistoryRows(view).reference!;
    const beyond = (index: number, sign: 1 | -1) => {
      const all = view.trials.flatMap(({ values }) =>
        values === null ? [] : [sign * values[index]!]
      );
      const [low, high] = [Math.min(...all), Math.max(...all)];
      return sign * (high + 0.1 * (high - low));
    };
    expect(accuracy).toBeCloseTo(beyond(0, -1), 4);
    expect(latency).toBeCloseTo(beyond(1, 1), 3);
  });

  it("measures several studies by one reference", () => {
    const { studies } = hypervolumeHistoryRows(tradeOffStudy(30), {
      others: [tradeOffStudy(60)],
    });
    expect(studies.map(({ name }) => name.trim())).toEqual([
      "small and good",
      "small and good",
    ]);
    expect(studies[0]!.name).not.toBe(studies[1]!.name);
  });
});

describe("hypervolumeHistoryChart()", () => {
  it("of one objective says that there is none", () => {
    expect(
      JSON.stringify(hypervolumeHistoryChart(makeView({ trials: 5 })).spec),
    )
      .toContain("its history says all");
  });

  it("refuses studies of other objectives, and references of another length", () => {
    expect(() =>
      hypervolumeHistoryChart(tradeOffStudy(5), {
        others: [makeView({ trials: 5 })],
      })
    ).toThrow(/has other objectives/);
    expect(() => hypervolumeHistoryChart(tradeOffStudy(5), { reference: [1] }))
      .toThrow(/expected 2 numbers, one an objective/);
  });
});
