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
        // A label such as 0.0001 takes about 45 pixels.
        values: (log ? logTicks : linearTicks)(
          low,
          high,
          Math.max(2, Math.min(4, Math.floor(width / 45))),
        ),
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
      ...(labels.length > 60 ? { ticks: false } : {}),
    },
  };
}

/** The vertical encoding of a parameter, on a plot of a height in pixels. */
export function verticalAxis(column: Column, height: number): Part {
  const { axis, title, ...rest } = parameterAxis(column, height) as {
    readonly axis: Part;
    readonly title: string;
  };
  if (column.labels === null) {
    return {
      ...rest,
      title,
      axis: { ...axis, grid: true, domain: false, ticks: false },
    };
  }
  return {
    ...rest,
    title,
    axis: {
      grid: true,
      domain: false,
      ticks: false,
      labelAngle: 0,
      labelLimit: 70,
      labelOverlap: column.labels.length > height / 14,
    },
  };
}
