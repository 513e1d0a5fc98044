/**
 * The standard normal distribution: its mass, its quantiles.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | Φ(x) | `normalCdf` | the mass below x |
 * | Φ⁻¹(p) | `normalQuantile` | the point with the mass p below it |
 * | Φ(b) − Φ(a) | `normalMass` | the mass between a and b; relative precision kept in both tails |
 *
 * Source: Cody (1969), rational Chebyshev approximations of the error function;
 * Wichura (1988), algorithm AS 241.
 *
 * @module
 */

const erfSmall = [
  3.16112374387056560e00,
  1.13864154151050156e02,
  3.77485237685302021e02,
  3.20937758913846947e03,
  1.85777706184603153e-1,
  2.36012909523441209e01,
  2.44024637934444173e02,
  1.28261652607737228e03,
  2.84423683343917062e03,
] as const;

/** The mass of the standard normal distribution below x. */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/** The mass of the standard normal distribution between a and b, at least 0; a ≤ b. */
export function normalMass(a: number, b: number): number {
  // In the upper tail, where both masses below are nearly 1, mirror.
  return a > 0
    ? Math.max(0, normalCdf(-a) - normalCdf(-b))
    : Math.max(0, normalCdf(b) - normalCdf(a));
}

/** 1 − erf(x), to about 16 digits. */
function erfc(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) {
    const s = y * y;
    const [a0, a1, a2, a3, a4, b0, b1, b2, b3] = erfSmall;
    const above = (((a4 * s + a0) * s + a1) * s + a2) * s + a3;
    const below = (((s + b0) * s + b1) * s + b2) * s + b3;
    return 1 - x * above / below;
  }
  if (y > 27) return x < 0 ? 2 : 0;
  const tail = y <= 4 ? erfcMiddle(y) : erfcFar(y);
  // exp(-y²) in two parts, since the rounding of y² would count.
  const head = Math.trunc(y * 16) / 16;
  const rest = (y - head) * (y + head);
  const value = Math.exp(-head * head) * Math.exp(-rest) * tail;
  return x < 0 ? 2 - value : value;
}

function erfcMiddle(y: number): number {
  const above = ((((((((2.15311535474403846e-8 * y +
                            5.64188496988670089e-1) * y +
                        8.88314979438837594e00) * y +
                    6.61191906371416295e01) * y + 2.98635138197400131e02) * y +
            8.81952221241769090e02) * y + 1.71204761263407058e03) * y +
    2.05107837782607147e03) * y) + 1.23033935479799725e03;
  const below = (((((((y + 1.57449261107098347e01) * y +
                            1.17693950891312499e02) * y +
                        5.37181101862009858e02) * y +
                    1.62138957456669019e03) * y + 3.29079923573345963e03) * y +
            4.36261909014324716e03) * y + 3.43936767414372164e03) * y +
    1.23033935480374942e03;
  return above / below;
}

function erfcFar(y: number): number {
  const s = 1 / (y * y);
  const above = ((((1.63153871373020978e-2 * s + 3.05326634961232344e-1) * s +
                3.60344899949804439e-1) * s + 1.25781726111229246e-1) * s +
        1.60837851487422766e-2) * s + 6.58749161529837803e-4;
  const below = ((((s + 2.56852019228982242e00) * s +
                1.87295284992346725e00) * s + 5.27905102951428412e-1) * s +
        6.05183413124413191e-2) * s + 2.33520497626869185e-3;
  return (0.56418958354775628695 - s * above / below) / y;
}

/** The point below which the standard normal distribution has the mass p, in `[0, 1]`. */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * quantileMiddle(0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (tail <= 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const x = r <= 5 ? quantileNear(r - 1.6) : quantileFar(r - 5);
  return q < 0 ? -x : x;
}

function quantileMiddle(r: number): number {
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

function quantileNear(r: number): number {
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

function quantileFar(r: number): number {
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
