/// <reference lib="dom" />
import { inks } from "./colors.ts";
import { number } from "./format.ts";

/** A line of a plot. */
export interface PlotLine {
  readonly trial: number;
  readonly color: string;
  readonly dashed: boolean;
  /** Whether it is the one that is read. */
  readonly strong: boolean;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

/** What a plot shows. */
export interface PlotParts {
  readonly lines: readonly PlotLine[];
  /** The step that the axis reaches at least. */
  readonly lastStep: number;
  /** Where the curve that is read is going. */
  readonly forecast: {
    readonly path: readonly (readonly [
      number,
      number | null,
      number | null,
      number | null,
    ])[];
    readonly color: string;
  } | null;
  readonly marks: readonly {
    readonly label: string;
    readonly step: number;
    readonly value: number | null;
  }[];
  /** Where the pointer is; null if elsewhere. */
  readonly pointer: number | null;
}

/** What is under the pointer. */
export interface PlotHover {
  readonly x: number;
  readonly step: number;
  readonly values: readonly {
    readonly line: PlotLine;
    readonly value: number;
  }[];
}

const margin = { left: 46, right: 10, top: 8, bottom: 22 } as const;

/** Draws curves over their steps; gives what is under the pointer. */
export function drawPlot(
  { context, width, height }: {
    context: CanvasRenderingContext2D;
    width: number;
    height: number;
  },
  { lines, lastStep, forecast, marks, pointer }: PlotParts,
): PlotHover | null {
  const colors = inks();
  const inner = {
    width: width - margin.left - margin.right,
    height: height - margin.top - margin.bottom,
  };
  const [yLow, yHigh] = rangeOf(lines, forecast);
  let first = Infinity;
  let last = lastStep;
  for (const { steps } of lines) {
    if (steps.length === 0) continue;
    first = Math.min(first, steps[0]!);
    last = Math.max(last, steps.at(-1)!);
  }
  if (!Number.isFinite(first)) first = 0;
  if (last <= first) last = first + 1;
  const xOf = (step: number) =>
    margin.left + (step - first) / (last - first) * inner.width;
  const yOf = (value: number) =>
    margin.top + (1 - (value - yLow) / (yHigh - yLow)) * inner.height;

  context.font = "11px system-ui, sans-serif";
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (
    const tick of ticks(yLow, yHigh, Math.max(2, Math.floor(inner.height / 38)))
  ) {
    const y = Math.round(yOf(tick)) + 0.5;
    context.strokeStyle = colors.line;
    context.beginPath();
    context.moveTo(margin.left, y);
    context.lineTo(width - margin.right, y);
    context.stroke();
    context.fillStyle = colors.muted;
    context.fillText(number(tick, 3), margin.left - 7, y);
  }
  context.textBaseline = "top";
  context.textAlign = "center";
  for (
    const tick of ticks(first, last, Math.max(2, Math.floor(inner.width / 70)))
  ) {
    if (!Number.isInteger(tick)) continue;
    context.fillStyle = colors.muted;
    context.fillText(number(tick), xOf(tick), height - margin.bottom + 7);
  }
  context.save();
  context.beginPath();
  context.rect(
    margin.left - 2,
    margin.top - 4,
    inner.width + 6,
    inner.height + 8,
  );
  context.clip();
  if (forecast !== null) {
    const band = forecast.path.filter(([, , low, high]) =>
      low !== null && high !== null
    );
    context.fillStyle = forecast.color;
    context.globalAlpha = 0.16;
    context.beginPath();
    band.forEach(([step, , , high], i) =>
      i === 0
        ? context.moveTo(xOf(step), yOf(high!))
        : context.lineTo(xOf(step), yOf(high!))
    );
    for (const [step, , low] of band.toReversed()) {
      context.lineTo(xOf(step), yOf(low!));
    }
    context.fill();
    context.globalAlpha = 0.9;
    context.setLineDash([2, 4]);
    context.strokeStyle = forecast.color;
    context.lineWidth = 1.5;
    context.beginPath();
    forecast.path.forEach(([step, value], i) => {
      if (value !== null) {
        i === 0
          ? context.moveTo(xOf(step), yOf(value))
          : context.lineTo(xOf(step), yOf(value));
      }
    });
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  for (const line of lines) drawLine(context, line, xOf, yOf, inner.width);
  for (const { label, step, value } of marks) {
    if (value === null) continue;
    const [x, y] = [xOf(step), yOf(value)];
    context.strokeStyle = colors.best;
    context.lineWidth = 1.75;
    context.beginPath();
    context.arc(x, y, 4.5, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = colors.text;
    const right = x > width - 70;
    context.textAlign = right ? "right" : "left";
    context.textBaseline = "bottom";
    halo(context, label, x + (right ? -8 : 8), y - 4, colors.surface);
  }
  const hover = pointer === null
    ? null
    : hoverOf(lines, { pointer, first, last, xOf, inner });
  if (hover !== null) {
    context.strokeStyle = colors.muted;
    context.globalAlpha = 0.5;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(hover.x) + 0.5, margin.top);
    context.lineTo(Math.round(hover.x) + 0.5, height - margin.bottom);
    context.stroke();
    context.globalAlpha = 1;
    for (const { line, value } of hover.values) {
      context.fillStyle = line.color;
      context.beginPath();
      context.arc(hover.x, yOf(value), 3, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.restore();
  return hover;
}

function halo(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  ground: string,
): void {
  const ink = context.fillStyle;
  context.strokeStyle = ground;
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function drawLine(
  context: CanvasRenderingContext2D,
  { steps, values, color, dashed, strong }: PlotLine,
  xOf: (step: number) => number,
  yOf: (value: number) => number,
  width: number,
): void {
  context.strokeStyle = color;
  context.globalAlpha = (strong ? 1 : 0.6) * (dashed ? 0.65 : 1);
  context.lineWidth = strong ? 2 : 1.4;
  context.lineJoin = "round";
  context.setLineDash(dashed ? [4, 3] : []);
  context.beginPath();
  // More points than pixels are not seen.
  const stride = Math.max(1, Math.floor(steps.length / (2 * width)));
  let isDown = false;
  for (
    let i = 0;
    i < steps.length;
    i += i + stride < steps.length ? stride : Math.max(1, steps.length - 1 - i)
  ) {
    const value = values[i];
    if (value === null || value === undefined) {
      isDown = false;
    } else if (isDown) context.lineTo(xOf(steps[i]!), yOf(value));
    else {
      context.moveTo(xOf(steps[i]!), yOf(value));
      isDown = true;
    }
  }
  context.stroke();
  context.setLineDash([]);
  const end = values.at(-1);
  if (end !== null && end !== undefined && (strong || steps.length === 1)) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(xOf(steps.at(-1)!), yOf(end), dashed ? 2 : 3, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

function hoverOf(
  lines: readonly PlotLine[],
  { pointer, first, last, xOf, inner }: {
    pointer: number;
    first: number;
    last: number;
    xOf: (step: number) => number;
    inner: { width: number };
  },
): PlotHover | null {
  const wanted = first + (pointer - margin.left) / inner.width * (last - first);
  if (!(wanted >= first - 0.5) || lines.length === 0) return null;
  let step = NaN;
  for (const { steps } of lines) {
    const near = steps[nearest(steps, wanted)];
    if (
      near !== undefined &&
      !(Math.abs(near - wanted) >= Math.abs(step - wanted))
    ) step = near;
  }
  if (Number.isNaN(step)) return null;
  const values = lines.flatMap((line) => {
    const index = nearest(line.steps, step);
    const value = line.values[index];
    return line.steps[index] === step && value !== null && value !== undefined
      ? [{ line, value }]
      : [];
  });
  return { x: xOf(step), step, values };
}

/** The index of the step nearest to a place. */
function nearest(steps: readonly number[], wanted: number): number {
  let low = 0;
  let high = steps.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < wanted) low = middle;
    else high = middle;
  }
  return Math.abs(steps[high]! - wanted) < Math.abs(steps[low]! - wanted)
    ? high
    : low;
}

/**
 * The range of the values: that of the later three quarters of each curve, and of
 * the steep beginning as much again. What matters is where curves end.
 */
export function rangeOf(
  lines: readonly PlotLine[],
  forecast: PlotParts["forecast"],
): [number, number] {
  const isNumber = (value: number | null): value is number =>
    value !== null && Number.isFinite(value);
  const all = lines.flatMap(({ values }) => values.filter(isNumber));
  if (all.length === 0) return [0, 1];
  const late = [
    ...lines.flatMap(({ values }) =>
      values.slice(values.length > 8 ? Math.floor(values.length / 4) : 0)
        .filter(isNumber)
    ),
    ...(forecast?.path.flatMap(([, ...three]) => three.filter(isNumber)) ?? []),
  ].sort((a, b) => a - b);
  const used = late.length === 0 ? [...all].sort((a, b) => a - b) : late;
  // A value far out of the rest does not flatten them.
  const at = (share: number) => used[Math.round(share * (used.length - 1))]!;
  const spread = at(0.95) - at(0.05) || used.at(-1)! - used[0]!;
  const low = Math.max(used[0]!, at(0.05) - spread);
  const high = Math.min(used.at(-1)!, at(0.95) + spread);
  if (!(high > low)) {
    const pad = Math.abs(high) * 0.05 || 0.5;
    return [low - pad, high + pad];
  }
  const more = 0.9 * (high - low);
  const least = all.reduce((a, b) => Math.min(a, b), low);
  const most = all.reduce((a, b) => Math.max(a, b), high);
  const pad = 0.06 * (high - low);
  return [
    Math.max(least, low - more) - pad,
    Math.min(most, high + more) + pad,
  ];
}

/** Round numbers within a range, about so many. */
export function ticks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((one) => one >= raw)!;
  const found: number[] = [];
  for (let n = Math.ceil(low / step); n * step <= high + 1e-9 * step; n++) {
    found.push(Number((n * step).toPrecision(12)));
  }
  return found;
}
