/** The place u in [0, 1] between two numbers; their difference may overflow. */
export function mix(low: number, high: number, u: number): number {
  return low * (1 - u) + high * u;
}

/** As `mix`, evenly over the logarithm; exact at both ends, which exp(log(…)) is not. */
export function logMix(low: number, high: number, u: number): number {
  if (u === 0) return low;
  if (u === 1) return high;
  return Math.exp(mix(Math.log(low), Math.log(high), u));
}
