import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { drawSVG } from "../../lib/charts/_draw.ts";
import {
  chartColors,
  darkChartColors,
  optimizationHistoryChart,
  parallelCoordinatesChart,
} from "../../lib/charts/mod.ts";
import { makeView } from "../support/chart_views.ts";

type RGB = readonly [number, number, number];

const linear = (color: string): RGB =>
  [1, 3, 5].map((at) => {
    const share = parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as RGB;

const luminance = ([r, g, b]: RGB) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Machado, Oliveira and Fernandes (2009), table for severity 1. */
const deficiencies: Readonly<Record<string, readonly RGB[]>> = {
  none: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE 1976 L*a*b*, white point D65. */
function lab([r, g, b]: RGB): RGB {
  const f = (t: number) =>
    t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116;
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(luminance([r, g, b]));
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function seen(color: string, matrix: readonly RGB[]): RGB {
  const from = linear(color);
  const clip = (v: number) => Math.max(0, Math.min(1, v));
  return lab(
    matrix.map((row) =>
      clip(row.reduce((sum, weight, i) => sum + weight * from[i]!, 0))
    ) as unknown as RGB,
  );
}

const cards = [
  ["light", chartColors, ["#ffffff"]],
  // Ours, and the one that JupyterLab gives charts in its dark theme.
  ["dark", darkChartColors, [darkChartColors.background, "#333333"]],
] as const;

describe("chartColors and darkChartColors", () => {
  for (const [name, colors, backgrounds] of cards) {
    for (const background of backgrounds) {
      it(`texts have a contrast of at least 5.5, marks of 2.5, on ${name} ${background}`, () => {
        expect(contrast(colors.text, background)).toBeGreaterThan(10);
        expect(contrast(colors.muted, background)).toBeGreaterThan(5.5);
        const marks = [
          colors.best,
          colors.complete,
          colors.pruned,
          colors.failed,
          colors.running,
          colors.infinite,
          ...colors.series.filter((color) => color !== chartColors.series[5]),
        ];
        for (const mark of marks) {
          expect(contrast(mark, background)).toBeGreaterThan(2.5);
        }
      });
    }
    for (const [deficiency, matrix] of Object.entries(deficiencies)) {
      it(`the first six series differ for eyes with ${deficiency}, ${name}`, () => {
        const all = colors.series.slice(0, 6).map((c) => seen(c, matrix));
        for (const [i, a] of all.entries()) {
          for (const b of all.slice(i + 1)) {
            expect(Math.hypot(...a.map((v, k) => v - b[k]!)))
              .toBeGreaterThan(15);
          }
        }
      });
    }
    it(`the ramp only gets more unlike its ${name} card`, () => {
      const steps = colors.ramp.map((color) => contrast(color, backgrounds[0]));
      expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    });
  }
});

describe("Chart.withTheme()", () => {
  const chart = optimizationHistoryChart(makeView({ trials: 30 }));
  const hex = (svg: string) => new Set(svg.match(/#[0-9a-f]{6}/g));

  it("without, a chart is as the card: dark where a front end makes it dark", async () => {
    const dark = { ...chart.spec, background: "#333" };
    const [light, shown] = [await chart.toSVG(), await drawSVG(dark)];
    expect(hex(light).has(chartColors.text)).toBe(true);
    expect(hex(light).has(darkChartColors.complete)).toBe(false);
    for (const color of hex(shown)) {
      expect([...hex(light)].includes(color)).toBe(false);
    }
  });

  it('"dark" and "light" stay so wherever it is shown; "auto" takes it back', async () => {
    const dark = chart.withTheme("dark");
    expect(dark.spec.background).toBe(darkChartColors.background);
    expect(hex(await dark.toSVG()).has(chartColors.text)).toBe(false);
    expect(chart.withTheme("light").spec.background).toBe("#ffffff");
    expect(dark.withTheme("auto").spec).toEqual(chart.spec);
    expect(dark.withWidth(300).spec.background).toBe(
      darkChartColors.background,
    );
  });

  it("no color of a chart but a brush's stays as it is on a dark card", async () => {
    const light = parallelCoordinatesChart(makeView({ trials: 30 }));
    const dark = hex(await light.withTheme("dark").toSVG());
    const { best: _brush, series: _with, ...others } = chartColors;
    for (const value of Object.values(others).flat()) {
      expect([value, dark.has(value)]).toEqual([value, false]);
    }
  });

  it("says which themes there are", () => {
    expect(() => chart.withTheme("night" as "dark")).toThrow(
      'found "night", expected "light", "dark" or "auto"',
    );
  });
});
