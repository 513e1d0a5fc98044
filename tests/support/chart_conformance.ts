/**
 * What every chart promises. A chart's test calls {@linkcode chartConformance}
 * once, and adds what is special to it.
 *
 * @module
 */

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { drawSVG } from "../../lib/charts/_draw.ts";
import type { Chart, MimeBundle } from "../../lib/charts/mod.ts";
import type { StudyView } from "../../lib/records/mod.ts";
import { arbitraryView, edgeStudies, makeView } from "./chart_views.ts";

const vegaLite = "application/vnd.vegalite.v5+json";

/** What a notebook would get of a chart. */
export function bundleOf(chart: Chart): Promise<MimeBundle> {
  const displayed = chart as unknown as Record<
    symbol,
    () => Promise<MimeBundle>
  >;
  return displayed[Symbol.for("Jupyter.display")]!();
}

/** Draws a chart; fails if a compiler warns. */
export async function drawCleanly(chart: Chart): Promise<string> {
  const warnings: string[] = [];
  const svg = await drawSVG(chart.spec, warnings);
  expect(warnings).toEqual([]);
  return svg;
}

/** How many rows of data stand in a spec. */
export function countRows(spec: unknown): number {
  if (typeof spec !== "object" || spec === null) return 0;
  return Object.entries(spec).reduce((sum, [key, value]) => {
    if (key === "values" && Array.isArray(value)) {
      return sum + value.filter((row) => typeof row === "object").length;
    }
    if (key === "datasets") {
      return sum +
        Object.values(value as Record<string, unknown[]>).flat().length;
    }
    return sum + countRows(value);
  }, 0);
}

/** Every expression, field name and test in a spec: what no user's text may reach. */
export function codeOf(spec: unknown): string[] {
  if (typeof spec !== "object" || spec === null) return [];
  return Object.entries(spec).flatMap(([key, value]) => {
    if (key === "values" || key === "datasets") return [];
    const isCode = [
      "calculate",
      "filter",
      "test",
      "expr",
      "as",
      "field",
      "signal",
    ]
      .includes(key);
    return isCode && typeof value === "string" ? [value] : codeOf(value);
  });
}

/** Runs the suite. */
export function chartConformance(
  name: string,
  draw: (view: StudyView, options?: Record<string, never>) => Chart,
): void {
  describe(`${name}() as a chart`, () => {
    for (const [edge, study] of Object.entries(edgeStudies)) {
      it(`draws ${edge} without a warning`, async () => {
        const chart = draw(study());
        expect(chart.text).not.toContain("Cannot");
        expect(chart.title).not.toBe("");
        expect(await drawCleanly(chart)).toMatch(/^<svg[\s\S]*<\/svg>$/);
      });
    }

    it("draws 10, 100 and 1,000 trials without a warning", async () => {
      for (const trials of [10, 100, 1000]) {
        await drawCleanly(draw(makeView({ trials })));
      }
    });

    it("keeps 10,000 trials with long curves within 5,000 rows and 1 MB", async () => {
      const chart = draw(makeView({ trials: 10_000, steps: 50 }));
      expect(countRows(chart.spec)).toBeLessThanOrEqual(5000);
      const bundle = await bundleOf(chart);
      expect(bundle[vegaLite]).toBe(chart.spec);
      expect(JSON.stringify(bundle).length).toBeLessThan(1_100_000);
    });

    it("gives a notebook the spec, a picture and the text, and no HTML", async () => {
      const bundle = await bundleOf(draw(makeView({ trials: 20 })));
      expect(Object.keys(bundle)).toEqual([
        vegaLite,
        "image/svg+xml",
        "text/plain",
      ]);
    });

    it("has a spec that is frozen, plain JSON of the schema that front ends know", () => {
      const { spec } = draw(edgeStudies["awkward names and values"]!());
      expect(spec.$schema).toBe(
        "https://vega.github.io/schema/vega-lite/v5.json",
      );
      expectJSON(spec);
      expectFrozen(spec);
    });

    it("builds no field name or expression from a user's text", () => {
      const { spec } = draw(edgeStudies["awkward names and values"]!());
      const allowed = /^[\w .!=()?:'<>&|-]*$/; // our own expressions need no more
      for (const code of codeOf(spec)) {
        expect(code).toMatch(allowed);
        expect(code).not.toMatch(/script|常数|constructor|title|trial$|lo"ss/);
      }
    });

    it("shows the reason where a study cannot be read", async () => {
      const broken = {
        ...makeView({ trials: 1 }),
        get trials(): never {
          throw new Error("the disk is gone");
        },
      };
      const chart = draw(broken as unknown as StudyView);
      expect(chart.text).toContain("the disk is gone");
      expect((await bundleOf(chart))["text/plain"]).toContain(
        "the disk is gone",
      );
      await drawCleanly(chart);
    });

    it("is the same for the same study", () => {
      const view = makeView({ trials: 30 });
      expect(draw(view).spec).toEqual(draw(view).spec);
      expect(draw(view).text).toBe(draw(view).text);
    });

    it("draws any study", async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryView(), async (view) => {
          const chart = draw(view);
          expect(chart.text).not.toContain("Cannot");
          expectJSON(chart.spec);
          await drawCleanly(chart);
        }),
        { numRuns: 25, interruptAfterTimeLimit: 60_000 },
      );
    });

    it("refuses options that it does not know, or of another kind", () => {
      const view = makeView({ trials: 1 });
      const options = draw as (view: StudyView, options: unknown) => Chart;
      expect(() => options(view, { titel: "x" })).toThrow(
        /there is no option "titel", expected one of title/,
      );
      expect(() => options(view, { title: 3 })).toThrow(
        /the option title is 3, expected a text/,
      );
      expect(() => options(view, null)).toThrow(TypeError);
    });
  });
}

function expectFrozen(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  expect(Object.isFrozen(value)).toBe(true);
  Object.values(value).forEach(expectFrozen);
}

/** Fails unless a value is JSON, without NaN and infinities. */
function expectJSON(value: unknown): void {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(expectJSON);
  } else if (typeof value === "number") {
    expect(Number.isFinite(value)).toBe(true);
  } else expect(["string", "boolean", "object"]).toContain(typeof value);
}
