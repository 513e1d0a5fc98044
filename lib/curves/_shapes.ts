/**
 * The shapes a falling curve can have, on a grid, so that a forecast is an
 * average over shapes and nothing has to be searched.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | t | `times` | `[n]` | step / step of the forecast, in (0, 1], rising |
 * | m | `half` | 1 | where a shape has fallen by half (power law: its shift) |
 * | δ, α | `power` | 1 | how sharply it falls |
 * | φ | `phi` | `[n]` | the shape: 1 at the first point, 0 at t = 1 |
 * | ψ | `drift` | `[n]` | a steady drift: 1 at the first point, 0 at t = 1 |
 *
 * - stretched exponential (Weibull, Janoschek): exp(−ln 2 (t/m)^δ); δ = 1 is the exponential
 * - Morgan–Mercer–Flodin (Hill): 1 / (1 + (t/m)^δ)
 * - shifted power law (pow4): (t + m)^−α
 *
 * Each is moved and scaled to be 1 at the first point and 0 at t = 1: the
 * asymptote and the amplitude are linear, and become the value at t = 1 and the
 * descent on the way there.
 *
 * Source: the families of Domhan, Springenberg, Hutter, "Speeding up Automatic
 * Hyperparameter Optimization of Deep Neural Networks by Extrapolation of
 * Learning Curves" (IJCAI 2015), and of LCDB (Mohr et al. 2022).
 *
 * @module
 */

/** How the steps of a curve lie: evenly (epochs), or by their ratio (sample sizes). */
export type CurveAxis = "linear" | "log";

/** The families, as they are named in a forecast. */
export type CurveFamily =
  | "stretched exponential"
  | "Morgan–Mercer–Flodin"
  | "shifted power law"
  | "constant";

/** One shape of the grid. */
export interface Shape {
  /** Its family. */
  readonly family: CurveFamily;
  /** m, as a place on the axis: 0 is the first point, 1 the step of the forecast. */
  readonly place: number;
  /** δ or α. */
  readonly power: number;
}

/** The places of m: from before the first point to well past the forecast's step. */
const places = [
  -0.2,
  -0.05,
  0.1,
  0.22,
  0.34,
  0.46,
  0.58,
  0.7,
  0.8,
  0.9,
  1,
  1.12,
  1.3,
  1.6,
];

/** All shapes, the constant last. */
export const shapes: readonly Shape[] = Object.freeze([
  ...grid("stretched exponential", [0.35, 0.5, 0.7, 1, 1.4, 2, 3]),
  ...grid("Morgan–Mercer–Flodin", [0.5, 0.75, 1, 1.5, 2, 3, 5]),
  ...grid("shifted power law", [0.1, 0.25, 0.5, 1, 2]),
  Object.freeze({ family: "constant", place: 0, power: 0 } as const),
]);

function grid(family: CurveFamily, powers: readonly number[]): Shape[] {
  return powers.flatMap((power) =>
    places.map((place) => Object.freeze({ family, place, power }))
  );
}

/** A shape before it is moved and scaled, from a logarithm: of t / m, or for the power law of t + m. */
function rawShape({ family, power }: Shape, log: number): number {
  if (family === "shifted power law") return Math.exp(-power * log);
  const z = Math.exp(power * log);
  return family === "stretched exponential"
    ? Math.exp(-Math.LN2 * z)
    : 1 / (1 + z);
}

/** m of a place, where the first point is at `first`. */
function halfOf(place: number, first: number): number {
  return Math.exp((1 - place) * Math.log(Math.min(first, 0.5)));
}

/**
 * φ of a shape, as a function of t in (0, 1]; 0 everywhere for the constant.
 *
 * @param first t of the first point.
 */
export function shapeFunction(
  shape: Shape,
  first: number,
): (t: number) => number {
  if (shape.family === "constant") return () => 0;
  const half = halfOf(shape.place, first);
  const raw = shape.family === "shifted power law"
    ? (t: number) => rawShape(shape, Math.log(t + half))
    : (t: number) => rawShape(shape, Math.log(t / half));
  const end = raw(1);
  const span = raw(first) - end;
  const scale = span > 1e-12 ? 1 / span : 0;
  return (t) => (raw(t) - end) * scale;
}

/** φ of all shapes at times `[n]`, written into `phi` `[shapes.length * n]`: {@linkcode shapeFunction} for many, sharing the logarithms. */
export function writeShapes(times: Float64Array, phi: Float64Array): void {
  const n = times.length;
  const logs = times.map((t) => Math.log(t));
  const shifted = new Map(places.map((place) => {
    const half = halfOf(place, times[0]!);
    return [place, {
      half: Math.log(half),
      logs: times.map((t) => Math.log(t + half)),
      end: Math.log(1 + half),
    }];
  }));
  shapes.forEach((shape, j) => {
    if (shape.family === "constant") return;
    const place = shifted.get(shape.place)!;
    const isPower = shape.family === "shifted power law";
    const [from, less] = isPower ? [place.logs, 0] : [logs, place.half];
    const end = rawShape(shape, isPower ? place.end : -place.half);
    const span = rawShape(shape, from[0]! - less) - end;
    const scale = span > 1e-12 ? 1 / span : 0;
    for (let i = 0; i < n; i++) {
      phi[j * n + i] = (rawShape(shape, from[i]! - less) - end) * scale;
    }
  });
}

/** ψ as a function of t: straight on the axis, linear or logarithmic. */
export function driftFunction(
  axis: CurveAxis,
  first: number,
): (t: number) => number {
  if (!(first < 1)) return () => 0;
  return axis === "log"
    ? (t) => Math.log(t) / Math.log(first)
    : (t) => (1 - t) / (1 - first);
}
