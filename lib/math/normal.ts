/**
 * The standard normal distribution, accurate far into its tails.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | φ | `normalPdf` | the density |
 * | Φ | `normalCdf` | the probability of a smaller number |
 * | R(t) | `millsRatio` | Mills' ratio Φ(−t) / φ(t), t ≥ 0 |
 *
 * Source: rational approximations of Cody, Mathematics of Computation 23 (1969),
 * in the form of R's `pnorm`; in the tails the continued fraction
 * R(t) = 1/(t + 1/(t + 2/(t + 3/(t + …)))) (Abramowitz and Stegun, 26.2.14).
 *
 * @module
 */

const logRootTwoPi = 0.91893853320467274178;
const rootTwoPi = 2.50662827463100050242;
/** Half of a 90 % interval, in standard deviations: the 0.95 quantile. */
export const z90: number = 1.6448536269514722;
/** From here on the continued fraction takes over. */
const farTail = 5;

/**
 * The density φ(x); 0 at infinity, NaN at NaN.
 *
 * @example
 * ```ts
 * import { normalPdf } from "@etude/etude";
 * normalPdf(0); // 0.3989422804014327
 * ```
 */
export function normalPdf(x: number): number {
  return Math.exp(-x * x / 2) / rootTwoPi;
}

/**
 * The logarithm of the density, log φ(x): −∞ at both infinities, NaN of NaN.
 *
 * @example
 * ```ts
 * import { normalLogPdf } from "@etude/etude";
 * normalLogPdf(0); // -0.9189385332046728
 * ```
 */
export function normalLogPdf(x: number): number {
  return -x * x / 2 - logRootTwoPi;
}

/**
 * The probability Φ(x) of a number below x, in `[0, 1]`, to about 15 digits,
 * in the lower tail too; NaN at NaN.
 *
 * @example
 * ```ts
 * import { normalCdf } from "@etude/etude";
 * normalCdf(1.96); // 0.9750021048517795
 * ```
 */
export function normalCdf(x: number): number {
  if (Math.abs(x) < 0.67448975) return 0.5 + center(x);
  const tail = Math.abs(x) === Infinity
    ? 0
    : millsRatio(Math.abs(x)) * normalPdf(x);
  return x < 0 ? tail : 1 - tail;
}

/**
 * log Φ(x): exact in the lower tail, where Φ(x) itself is too small to be
 * written; −Infinity at −Infinity.
 *
 * @example
 * ```ts
 * import { normalLogCdf } from "@etude/etude";
 * normalLogCdf(-100); // -5005.524208694205
 * ```
 */
export function normalLogCdf(x: number): number {
  if (x === -Infinity) return -Infinity;
  if (x < -0.67448975) return normalLogPdf(x) + Math.log(millsRatio(-x));
  // Above 0, Φ(x) is 1 less something small.
  return x > 0 ? Math.log1p(-normalCdf(-x)) : Math.log(normalCdf(x));
}

/**
 * The number x with Φ(x) = p.
 *
 * Newton's method on log Φ, from the tail's first approximation.
 *
 * @param p A probability in `[0, 1]`; 0 and 1 give −Infinity and Infinity.
 * @returns NaN if p is outside or NaN.
 *
 * @example
 * ```ts
 * import { normalQuantile } from "@etude/etude";
 * normalQuantile(0.975); // 1.959963984540054
 * ```
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p > 0.5) return p === 1 ? Infinity : -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  const target = Math.log(p);
  // log Φ is concave: from its left, Newton's steps do not overshoot twice.
  let x = -Math.sqrt(Math.max(0, -2 * (target + Math.LN2)));
  for (let step = 0; step < 60; step++) {
    const value = normalLogCdf(x);
    const change = (value - target) * Math.exp(value - normalLogPdf(x));
    x -= change;
    if (Math.abs(change) <= 1e-15 * Math.max(1, Math.abs(x))) break;
  }
  return x;
}

/**
 * Mills' ratio R(t) = Φ(−t) / φ(t), for t ≥ 0; it falls from 1.2533 to 0 like 1/t.
 * 0 at ∞, NaN of NaN.
 *
 * @example
 * ```ts
 * import { millsRatio } from "@etude/etude";
 * millsRatio(0); // 1.2533141373155003
 * ```
 */
export function millsRatio(t: number): number {
  if (t < 0.67448975) return (0.5 - center(t)) / normalPdf(t);
  if (t > farTail) return 1 / (t + tailFraction(t));
  let above = tailAbove[8]! * t;
  let below = t;
  for (let i = 0; i < 7; i++) {
    above = (above + tailAbove[i]!) * t;
    below = (below + tailBelow[i]!) * t;
  }
  return rootTwoPi * (above + tailAbove[7]!) / (below + tailBelow[7]!);
}

/**
 * log(φ(z) + z Φ(z)): the logarithm of the expected excess of a normal number
 * over −z, which expected improvement is made of. Without cancellation: the tail
 * is log φ(z) + log(C / (t + C)), t = −z, C = 1/(t + 2/(t + 3/(t + …))). −∞ at −∞,
 * ∞ at ∞, NaN of NaN.
 *
 * Source: Ament et al., Unexpected Improvements to Expected Improvement (2023),
 * equation 9, which asks for the function; the tail's form is ours.
 *
 * @example
 * ```ts
 * import { normalLogExcess } from "@etude/etude";
 * normalLogExcess(0); // log φ(0) = -0.9189385332046728
 * ```
 */
export function normalLogExcess(z: number): number {
  if (z > -1) return Math.log(normalPdf(z) + z * normalCdf(z));
  const t = -z;
  if (t > 1e150) return -Infinity;
  const rest = t > farTail
    ? ((fraction) => fraction / (t + fraction))(tailFraction(t))
    : 1 - t * millsRatio(t);
  return normalLogPdf(z) + Math.log(rest);
}

/** C(t) = 1/(t + 2/(t + 3/(t + …))): R(t) = 1/(t + C(t)); t above {@linkcode farTail}. */
function tailFraction(t: number): number {
  let fraction = 0;
  for (let k = 44; k >= 1; k--) fraction = k / (t + fraction);
  return fraction;
}

/** Φ(x) − ½ near 0. */
function center(x: number): number {
  const square = x * x;
  let above = centerAbove[4]! * square;
  let below = square;
  for (let i = 0; i < 3; i++) {
    above = (above + centerAbove[i]!) * square;
    below = (below + centerBelow[i]!) * square;
  }
  return x * (above + centerAbove[3]!) / (below + centerBelow[3]!);
}

const centerAbove = [
  2.2352520354606839287,
  161.02823106855587881,
  1067.6894854603709582,
  18154.981253343561249,
  0.065682337918207449113,
];
const centerBelow = [
  47.20258190468824187,
  976.09855173777669322,
  10260.932208618978205,
  45507.789335026729956,
];
const tailAbove = [
  0.39894151208813466764,
  8.8831497943883759412,
  93.506656132177855979,
  597.27027639480026226,
  2494.5375852903726711,
  6848.1904505362823326,
  11602.651437647350124,
  9842.7148383839780218,
  1.0765576773720192317e-8,
];
const tailBelow = [
  22.266688044328115691,
  235.38790178262499861,
  1519.377599407554805,
  6485.558298266760755,
  18615.571640885098091,
  34900.952721145977266,
  38912.003286093271411,
  19685.429676859990727,
];
