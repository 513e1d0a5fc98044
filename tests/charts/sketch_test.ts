import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { sketch, type SketchSeries } from "../../lib/charts/mod.ts";

const blue = "#0072b2";
const line = (
  points: SketchSeries["points"],
  more: Partial<SketchSeries> = {},
): SketchSeries => ({ name: "loss", color: blue, points, ...more });

/** The path of the first series. */
function pathOf(svg: string): string {
  return [...svg.matchAll(/<path d="([^"]*)" stroke="#0072b2"/g)].at(-1)![1]!;
}

describe("sketch()", () => {
  it("says that there are no values yet", () => {
    for (const series of [[], [line([])], [line([[1, NaN], [2, Infinity]])]]) {
      const svg = sketch({ series });
      expect(svg).toContain("no values yet");
      expect(svg).toMatch(/^<svg .*<\/svg>$/);
    }
  });

  it("shows a single point as a dot", () => {
    expect(sketch({ series: [line([[3, 5]])] })).toMatch(
      /<path d="M[\d.]+ [\d.]+h0" stroke="#0072b2" stroke-width="6"/,
    );
  });

  it("draws a line, a staircase or dots", () => {
    const points = [[1, 3], [2, 2], [3, 1]] as const;
    const draw = (marks: "line" | "step" | "points") =>
      pathOf(sketch({ series: [line(points, { marks })] })).replace(
        /[\d.-]+/g,
        "_",
      );
    expect(draw("line")).toBe("M_ _L_ _L_ _");
    expect(draw("step")).toBe("M_ _H_V_H_V_");
    expect(draw("points")).toBe("M_ _h_M_ _h_M_ _h_");
  });

  it("leaves gaps for NaN and infinities, and on a logarithmic axis for 0 and less", () => {
    const starts = (svg: string) => pathOf(svg).match(/M/g)!.length;
    const gaps = [[1, 1], [2, 2], [3, NaN], [4, 2], [5, 1], [6, Infinity]];
    const series = [line(gaps as [number, number][])];
    expect(starts(sketch({ series }))).toBe(2);
    const zero = [line([[1, 1], [2, 2], [3, 0], [4, 3], [5, 4]])];
    expect(starts(sketch({ series: zero }))).toBe(1);
    expect(starts(sketch({ series: zero, logY: true }))).toBe(2);
  });

  it("escapes every text", () => {
    const evil = '</text><script>alert("1")</script>&\u0000\u2028';
    const svg = sketch({
      title: evil,
      xTitle: evil,
      yTitle: evil,
      series: [line([[1, 1], [2, 2]], { name: evil, color: `red"${evil}` })],
    });
    expect(svg).not.toContain("<script");
    expect(svg).not.toMatch(/stroke="red"/);
    expect(svg).toContain("&lt;/text&gt;");
  });

  it("has a card of its own, or takes the page's text color", () => {
    const series = [line([[1, 1], [2, 2]])];
    expect(sketch({ series })).toContain('fill="#ffffff"');
    const inherit = sketch({ series, theme: "inherit" });
    expect(inherit).toContain("currentColor");
    expect(inherit).not.toContain("#ffffff");
  });

  it("keeps to the size and the horizontal range that it is given", () => {
    const svg = sketch({
      series: [line([[1, 1], [2, 2]])],
      width: 300,
      height: 150,
      xRange: [0, 100],
    });
    expect(svg).toContain('width="300" height="150"');
    expect(svg).toContain(">100<");
    const xs = pathOf(svg).match(/[ML]([\d.]+)/g)!.map((x) =>
      Number(x.slice(1))
    );
    expect(Math.max(...xs)).toBeLessThan(60);
  });

  it("draws 100,000 points as a column for each pixel, with the extremes", () => {
    const points = Array.from(
      { length: 100_000 },
      (_, i) => [i, i === 77_777 ? 9 : Math.sin(i / 5)] as const,
    );
    const svg = sketch({ series: [line(points)] });
    expect(svg.length).toBeLessThan(40_000);
    const ys = [...pathOf(svg).matchAll(/(?: |V)([\d.]+)/g)].map((y) =>
      Number(y[1])
    );
    const top = Math.min(...ys);
    expect(ys.filter((y) => y < top + 50).length).toBe(1);
  });

  it("gives well-formed SVG without NaN for anything", () => {
    const number = fc.oneof(
      fc.double(),
      fc.constantFrom(0, 1, 1e300, -1e300, 5e-324, NaN, Infinity),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number), { maxLength: 50 }),
        fc.string(),
        fc.boolean(),
        fc.constantFrom("line" as const, "step" as const, "points" as const),
        (points, text, logY, marks) => {
          const svg = sketch({
            title: text,
            logY,
            series: [line(points, { name: text, marks })],
          });
          expect(svg.replace(/>[^<]*</g, "><")).not.toMatch(/NaN|Infinity/);
          expect(svg.match(/<(svg|text)\b/g)!.length).toBe(
            svg.match(/<\/(svg|text)>/g)!.length,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
