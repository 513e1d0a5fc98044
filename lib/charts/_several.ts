/**
 * Several studies in one chart.
 *
 * @module
 */

import type { StudyView } from "../records/mod.ts";
import type { Part } from "./_spec.ts";
import { distinct, shorten } from "./_text.ts";
import { chartColors } from "./theme.ts";

/** How many studies one chart has colors for. */
export const mostStudies = 8;

/** The studies' names, distinct. */
export function studyNames(views: readonly StudyView[]): readonly string[] {
  return distinct(views.map(({ name }) => shorten(name, 40)));
}

/** A color a study, field `s`. */
export function seriesColor(
  names: readonly string[],
  legend: Part | null,
): Part {
  return {
    field: "s",
    type: "nominal",
    title: null,
    scale: {
      domain: names,
      range: names.map((_, k) => chartColors.series[k]!),
    },
    legend,
  };
}

/**
 * Checks the option `others`.
 *
 * @throws {TypeError} If it is no array of views.
 * @throws {RangeError} If there are too many.
 */
export function checkOthers(chart: string, others: unknown): void {
  if (others === undefined) return;
  if (!Array.isArray(others) || !others.every(isView)) {
    throw new TypeError(
      `Cannot draw the ${chart}: the option others is ${
        Array.isArray(others) ? "not made of views" : "no array"
      }, expected views of studies such as [other.view()]`,
    );
  }
  if (others.length >= mostStudies) {
    throw new RangeError(
      `Cannot draw the ${chart}: there are ${others.length} other studies, expected at most ${
        mostStudies - 1
      }`,
    );
  }
}

function isView(value: unknown): boolean {
  return typeof value === "object" && value !== null && "trials" in value &&
    "objectives" in value;
}
