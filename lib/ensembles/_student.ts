/**
 * Student's t distribution.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | ν | `freedom` | degrees of freedom, above 0 |
 * | I(x; a, b) | `incompleteBeta` | the regularized incomplete beta function |
 *
 * (1) P(T > t) = I(ν / (ν + t²); ν/2, 1/2) / 2 for t ≥ 0
 *
 * (2) E[max(T − z, 0)] = (ν + z²) / (ν − 1) f(z) − z P(T > z), ν > 1
 *
 * Source: Abramowitz and Stegun (1964), 26.5.8 and 26.7.1; the continued fraction
 * by Lentz's method; log Γ by Lanczos (1964).
 *
 * @module
 */

const lanczos = [
  76.18009172947146,
  -86.50532032941677,
  24.01409824083091,
  -1.231739572450155,
  0.1208650973866179e-2,
  -0.5395239384953e-5,
];

/** log Γ(x), x > 0, to about 10 digits. */
function logGamma(x: number): number {
  const shifted = x + 5.5;
  let series = 1.000000000190015;
  lanczos.forEach((factor, i) => series += factor / (x + 1 + i));
  return (x + 0.5) * Math.log(shifted) - shifted +
    Math.log(2.5066282746310005 * series / x);
}

/** I(x; a, b), x in `[0, 1]`. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) +
      b * Math.log1p(-x),
  );
  return x < (a + 1) / (a + b + 2)
    ? front * betaFraction(x, a, b) / a
    : 1 - front * betaFraction(1 - x, b, a) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const apart = (value: number) => Math.abs(value) < 1e-300 ? 1e-300 : value;
  let c = 1;
  let d = 1 / apart(1 - (a + b) * x / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 300; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / apart(1 + even * d);
    c = apart(1 + even / c);
    fraction *= d * c;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / apart(1 + odd * d);
    c = apart(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return fraction;
}

/** P(T > t), equation (1). */
export function studentTail(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) /
    2;
  return t >= 0 ? tail : 1 - tail;
}

/** The density f(t). */
export function studentPdf(t: number, freedom: number): number {
  return Math.exp(
    logGamma((freedom + 1) / 2) - logGamma(freedom / 2) -
      Math.log(freedom * Math.PI) / 2 -
      (freedom + 1) / 2 * Math.log1p(t * t / freedom),
  );
}

/** How far T exceeds z on average, 0 where it does not: equation (2). */
export function studentExcess(z: number, freedom: number): number {
  return Math.max(
    0,
    (freedom + z * z) / (freedom - 1) * studentPdf(z, freedom) -
      z * studentTail(z, freedom),
  );
}

/** The t that P(T > t) = `tail` holds for, `tail` in `(0, 0.5]`, by halving. */
export function studentQuantile(tail: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (studentTail(high, freedom) > tail) high *= 2;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
