/**
 * What the tests of charts look at: what a notebook gets, whether a compiler
 * warns, how many rows and what code stand in a spec. The suite that all charts
 * run is `tests/conformance/chart.ts`.
 *
 * @module
 */

import { expect } from "@std/expect";
import { drawSVG } from "../../lib/charts/_draw.ts";
import type { Chart, MimeBundle } from "../../lib/charts/mod.ts";

/** The MIME type of our specs. */
export const vegaLite = "application/vnd.vegalite.v5+json";

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

/** Fails unless a value is frozen, all in it too. */
export function expectFrozen(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  expect(Object.isFrozen(value)).toBe(true);
  Object.values(value).forEach(expectFrozen);
}

/** Fails unless a value is JSON, without NaN and infinities. */
export function expectJSON(value: unknown): void {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(expectJSON);
  } else if (typeof value === "number") {
    expect(Number.isFinite(value)).toBe(true);
  } else expect(["string", "boolean", "object"]).toContain(typeof value);
}
