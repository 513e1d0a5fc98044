/**
 * What every chart promises, whatever the study: a picture or a plain word on
 * why there is none, never a throw, never a user's text as code or markup, and
 * never more than a notebook can hold.
 *
 * @module
 */

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import type { Chart } from "../../lib/charts/mod.ts";
import type { StudyView } from "../../lib/records/mod.ts";
import {
  bundleOf,
  codeOf,
  countRows,
  drawCleanly,
  expectFrozen,
  expectJSON,
  vegaLite,
} from "../support/chart_conformance.ts";
import {
  arbitraryView,
  edgeStudies,
  makeView,
} from "../support/chart_views.ts";

/** Draws a chart of a study. */
export type DrawChart = (
  view: StudyView,
  options?: Record<string, unknown>,
) => Chart;

/** A display's budget: rows, and bytes of the spec. */
const mostRows = 5000;
const mostBytes = 1_000_000;

/** Studies of so many trials, made once for all charts. */
const sizes = [0, 1, 10, 100, 10_000];
const bySize = new Map<number, StudyView>();

function studyOf(trials: number): StudyView {
  const known = bySize.get(trials) ??
    makeView({ trials, steps: trials > 1000 ? 50 : 20 });
  bySize.set(trials, known);
  return known;
}

/** Runs the suite for each chart of a table, by name. */
export function chartConformance(
  charts: Readonly<Record<string, DrawChart>>,
): void {
  for (const [name, draw] of Object.entries(charts)) {
    describe(`${name}() as a chart`, () => {
      for (const [edge, study] of Object.entries(edgeStudies)) {
        it(`draws ${edge} without a warning, within the budget`, async () => {
          const chart = draw(study());
          expect(chart.text).not.toContain("Cannot");
          expect(chart.title).not.toBe("");
          expectJSON(chart.spec);
          expectWithin(chart);
          expect(await drawCleanly(chart)).toMatch(/^<svg[\s\S]*<\/svg>$/);
        });
      }

      for (const trials of sizes) {
        it(`draws ${trials} trials within ${mostRows} rows and 1 MB`, async () => {
          const chart = draw(studyOf(trials));
          expectWithin(chart);
          await drawCleanly(chart);
        });
      }

      it("gives a notebook the spec, a picture and the text, and no HTML", async () => {
        const chart = draw(studyOf(10));
        const bundle = await bundleOf(chart);
        expect(Object.keys(bundle)).toEqual([
          vegaLite,
          "image/svg+xml",
          "text/plain",
        ]);
        expect(bundle[vegaLite]).toBe(chart.spec);
      });

      it("has a spec that is frozen, of the schema that front ends know", () => {
        const { spec } = draw(edgeStudies["awkward names and values"]!());
        expect(spec.$schema).toBe(
          "https://vega.github.io/schema/vega-lite/v5.json",
        );
        expectFrozen(spec);
      });

      it("builds no field name, expression or markup from a user's text", async () => {
        const chart = draw(edgeStudies["awkward names and values"]!());
        const allowed = /^[\w .!=()?:'<>&|#-]*$/; // our own expressions need no more
        for (const code of codeOf(chart.spec)) {
          expect(code).toMatch(allowed);
          expect(code).not.toMatch(
            /script|常数|constructor|title|trial$|lo"ss/,
          );
        }
        expect(await chart.toHTML()).not.toMatch(/<script>|<b>x|<udy/);
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
        await drawCleanly(chart);
      });

      it("is the same for the same study", () => {
        const [one, two] = [draw(studyOf(10)), draw(studyOf(10))];
        expect(one.spec).toEqual(two.spec);
        expect(one.text).toBe(two.text);
      });

      it("draws any study", async () => {
        await fc.assert(
          fc.asyncProperty(arbitraryView(), async (view) => {
            const chart = draw(view);
            expect(chart.text).not.toContain("Cannot");
            expectJSON(chart.spec);
            await drawCleanly(chart);
          }),
          { numRuns: 15, interruptAfterTimeLimit: 30_000 },
        );
      });

      it("refuses options that it does not know, or of another kind", () => {
        const view = studyOf(1);
        expect(() => draw(view, { titel: "x" })).toThrow(
          /there is no option "titel", expected one of title/,
        );
        expect(() => draw(view, { title: 3 })).toThrow(
          /the option title is 3, expected a text/,
        );
        expect(() => draw(view, null as unknown as Record<string, unknown>))
          .toThrow(TypeError);
      });
    });
  }
}

function expectWithin({ spec }: Chart): void {
  expect(countRows(spec)).toBeLessThanOrEqual(mostRows);
  expect(new TextEncoder().encode(JSON.stringify(spec)).length)
    .toBeLessThanOrEqual(mostBytes);
}
