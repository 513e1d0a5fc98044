/**
 * The normal distribution as the kernels need it: fast, since each suggestion
 * asks for hundreds of masses and draws.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | Φ(x) | `normalCdf` | the mass of the standard normal distribution below x |
 * | Φ⁻¹(p) | `quantile` | the point with the mass p below it |
 * | μ, σ | `mean`, `width` | of the distribution before it is cut to `[0, 1]` |
 *
 * Source: Wichura (1988), algorithm AS 241, for the quantile.
 *
 * @module
 */

import { normalCdf, normalPdf } from "../math/mod.ts";

/** Farther out than this, Φ is 0 or 1 to all digits. */
const farOut = 8.5;
/** How many places of the table lie in one unit. */
const perUnit = 128;
const tableLength = farOut * perUnit + 2;
/** Φ(−t) and its slope from place to place, at t = 0, 1/128, 2/128, … */
const masses: Float64Array = new Float64Array(tableLength)
  .map((_, i) => normalCdf(-i / perUnit));
const slopes: Float64Array = new Float64Array(tableLength)
  .map((_, i) => -normalPdf(i / perUnit) / perUnit);

/** log Φ(t) and its slope, at the same places. */
const logMasses: Float64Array = masses.map((mass) => Math.log1p(-mass));
const logSlopes: Float64Array = slopes.map((slope, i) =>
  -slope / (1 - masses[i]!)
);

/** The mass of the standard normal distribution between a and b, at least 0; precise in both tails. */
export function normalMass(a: number, b: number): number {
  return Math.max(
    0,
    a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a),
  );
}

/** The mass that a normal distribution has on `[0, 1]`, where its mean is. */
export function massInside(mean: number, width: number): number {
  return 1 - outside(mean / width) - outside((1 - mean) / width);
}

/** A number u in `[0, 1)` turned into one with the normal distribution cut to `[0, 1]`, where its mean is. */
export function drawInside(mean: number, width: number, u: number): number {
  const below = outside(mean / width);
  const inside = 1 - below - outside((1 - mean) / width);
  const x = mean + width * quantile(Math.min(1, below + u * inside));
  return Math.min(1, Math.max(0, x));
}

/** Φ(−distance), for a distance of at least 0. */
function outside(distance: number): number {
  return distance < farOut ? between(distance, masses, slopes) : 0;
}

/** log Φ(distance), for a distance of at least 0. */
export function logInside(distance: number): number {
  return distance < farOut ? between(distance, logMasses, logSlopes) : 0;
}

/** Cubic between a table's places, to 10⁻¹¹. */
function between(
  distance: number,
  values: Float64Array,
  slopes: Float64Array,
): number {
  const place = distance * perUnit;
  const i = place | 0;
  const f = place - i;
  const from = slopes[i]!;
  const to = slopes[i + 1]!;
  const here = values[i]!;
  const drop = here - values[i + 1]!;
  return here +
    f * (from + f * (-3 * drop - 2 * from - to + f * (2 * drop + from + to)));
}

/** Φ⁻¹(p), for p in `[0, 1]`. */
export function quantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * middle(0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (tail <= 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const x = r <= 5 ? near(r - 1.6) : far(r - 5);
  return q < 0 ? -x : x;
}

function middle(r: number): number {
  const above = ((((((2.5090809287301226727e3 * r +
                            3.3430575583588128105e4) * r +
                        6.7265770927008700853e4) * r +
                    4.5921953931549871457e4) * r + 1.3731693765509461125e4) *
              r +
            1.9715909503065514427e3) * r + 1.3314166789178437745e2) * r +
    3.3871328727963666080e0;
  const below = ((((((5.2264952788528545610e3 * r +
                            2.8729085735721942674e4) * r +
                        3.9307895800092710610e4) * r +
                    2.1213794301586595867e4) * r + 5.3941960214247511077e3) *
              r +
            6.8718700749205790830e2) * r + 4.2313330701600911252e1) * r + 1;
  return above / below;
}

function near(r: number): number {
  const above = ((((((7.74545014278341407640e-4 * r +
                            2.27238449892691845833e-2) * r +
                        2.41780725177450611770e-1) * r +
                    1.27045825245236838258e0) * r + 3.64784832476320460504e0) *
              r +
            5.76949722146069140550e0) * r + 4.63033784615654529590e0) * r +
    1.42343711074968357734e0;
  const below = ((((((1.05075007164441684324e-9 * r +
                            5.47593808499534494600e-4) * r +
                        1.51986665636164571966e-2) * r +
                    1.48103976427480074590e-1) * r +
                6.89767334985100004550e-1) * r +
            1.67638483018380384940e0) * r + 2.05319162663775882187e0) * r + 1;
  return above / below;
}

function far(r: number): number {
  const above = ((((((2.01033439929228813265e-7 * r +
                            2.71155556874348757815e-5) * r +
                        1.24266094738807843860e-3) * r +
                    2.65321895265761230930e-2) * r +
                2.96560571828504891230e-1) * r +
            1.78482653991729133580e0) * r + 5.46378491116411436990e0) * r +
    6.65790464350110377720e0;
  const below = ((((((2.04426310338993978564e-15 * r +
                            1.42151175831644588870e-7) * r +
                        1.84631831751005468180e-5) * r +
                    7.86869131145613259100e-4) * r +
                1.48753612908563148600e-2) * r +
            1.36929880922735805310e-1) * r + 5.99832206555887937690e-1) * r + 1;
  return above / below;
}
