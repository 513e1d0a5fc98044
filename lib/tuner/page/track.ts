/// <reference lib="dom" />
import type { Slice, Slices, TrialRow } from "../protocol.ts";
import { inks, shade } from "./colors.ts";
import { contextOf } from "./dom.ts";

/** What a track shows. */
export interface TrackParts {
  /** The expectation along it; null while there is none. */
  readonly slice: Slice | null;
  /** All slices, for their scale. */
  readonly slices: Slices | null;
  /** Where the control stands, in `[0, 1]`. */
  readonly here: number;
  /** The narrowed range; null for all. */
  readonly range: readonly [number, number] | null;
  /** Where trials were made. */
  readonly tried: readonly { readonly unit: number; readonly row: TrialRow }[];
}

/** The hill stands on the base line; below it a tick for each trial. */
const below = 12;

/**
 * A slider's track: a hill as high as the expectation is good, in the colors from
 * poor to good, faint where the surrogate is unsure, and ticks where trials were.
 * What the space's rules refuse, the other controls as they are, is veiled and has
 * dashes above the base line.
 */
export function drawTrack(canvas: HTMLCanvasElement, parts: TrackParts): void {
  const found = contextOf(canvas);
  if (found === null) return;
  const { context, width, height } = found;
  const { slice, slices, here, range, tried } = parts;
  const { line, text, muted, isDark } = inks();
  const base = height - below;
  const top = 3;
  if (slice !== null && slices !== null) {
    const { worst, best } = slices.scale;
    const last = slice.mean.length - 1;
    const heights: number[] = [];
    for (let x = 0; x < width; x++) {
      const place = (x + 0.5) / width * last;
      const i = Math.min(last - 1, Math.floor(place));
      const share = place - i;
      const mean = slice.mean[i]! * (1 - share) + slice.mean[i + 1]! * share;
      const sd = slice.sd[i]! * (1 - share) + slice.sd[i + 1]! * share;
      const goodness = Math.min(
        1,
        Math.max(0, (mean - worst) / (best - worst)),
      );
      const sure = Math.min(1, Math.max(0, 1 - sd / (slices.unknownSd || 1)));
      const y = base - 2 - goodness * (base - top - 4);
      heights.push(y);
      context.fillStyle = shade(goodness, 0.85 * sure);
      context.fillRect(x, y, 1, base - y);
    }
    context.beginPath();
    heights.forEach((y, x) =>
      x === 0 ? context.moveTo(0.5, y) : context.lineTo(x + 0.5, y)
    );
    context.lineWidth = 1.25;
    context.strokeStyle = isDark
      ? "rgba(190,215,240,.75)"
      : "rgba(16,66,110,.7)";
    context.stroke();
  }
  for (const index of slice?.refused ?? []) {
    const step = width / (slice!.mean.length - 1);
    context.fillStyle = inks().surface;
    context.globalAlpha = 0.72;
    context.fillRect((index - 0.5) * step, 0, step, base);
    context.globalAlpha = 0.6;
    context.fillStyle = muted;
    context.fillRect((index - 0.25) * step, base - 9, step / 2, 2);
  }
  context.globalAlpha = 1;
  context.fillStyle = line;
  context.beginPath();
  context.roundRect(0, base - 1.5, width, 3, 1.5);
  context.fill();
  for (const { unit, row } of tried) {
    context.globalAlpha = row.state === "complete" ? 0.55 : 0.25;
    context.fillStyle = row.state === "running" ? inks().live : muted;
    context.fillRect(Math.round(unit * (width - 1)), base + 5, 1, 5);
  }
  context.globalAlpha = 1;
  if (range !== null) {
    context.fillStyle = inks().surface;
    context.globalAlpha = 0.72;
    context.fillRect(0, 0, range[0] * width, base);
    context.fillRect(range[1] * width, 0, (1 - range[1]) * width, base);
    context.globalAlpha = 1;
    context.fillStyle = inks().accent;
    context.fillRect(
      range[0] * width,
      base - 1.5,
      (range[1] - range[0]) * width,
      3,
    );
  }
  const x = here * width;
  context.fillStyle = text;
  context.globalAlpha = 0.75;
  context.fillRect(
    Math.min(width - 1, Math.max(0, x - 0.5)),
    top,
    1,
    base - top,
  );
  context.globalAlpha = 1;
}
