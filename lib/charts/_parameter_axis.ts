import type { Column } from "./_field.ts";
import { axisDomain, linearTicks, logTicks, tickFormat } from "./_scale.ts";
import type { Part } from "./_spec.ts";
import { measureText, shorten } from "./_text.ts";

/** The horizontal encoding of a parameter, on a plot of a width in pixels. */
export function parameterAxis(column: Column, width: number): Part {
  const { field, labels, low, high, log } = column;
  const title = shorten(column.title, 28);
  if (labels === null) {
    return {
      field,
      type: "quantitative",
      title,
      scale: {
        domain: axisDomain(low, high, log),
        ...(log ? { type: "log" } : { zero: false }),
        nice: false,
      },
      axis: {
        grid: false,
        values: (log ? logTicks : linearTicks)(low, high, 4),
        format: tickFormat,
      },
    };
  }
  const widest = Math.max(...labels.map((label) => measureText(label) * 11));
  const flat = (widest + 6) * labels.length <= width;
  return {
    field,
    type: "nominal",
    title,
    scale: { type: "point", domain: labels, padding: 0.5 },
    axis: {
      grid: false,
      labelAngle: flat ? 0 : labels.length > 8 ? -60 : -35,
      labelLimit: flat ? width : 90,
      labelOverlap: labels.length > 12,
    },
  };
}
