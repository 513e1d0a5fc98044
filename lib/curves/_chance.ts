/**
 * Exact probabilities of counts.
 *
 * @module
 */

/** The probability of at least k of n, each with probability p. */
export function binomialTail(n: number, k: number, p: number): number {
  let term = (1 - p) ** n;
  let below = 0;
  for (let i = 0; i < k; i++) {
    below += term;
    term *= (n - i) / (i + 1) * p / (1 - p);
  }
  return Math.max(0, 1 - below);
}

/** The probability of at least k bad among `drawn` of `all`, of which `bad` are bad. */
export function hypergeometricTail(
  all: number,
  bad: number,
  drawn: number,
  k: number,
): number {
  const logChoose = (n: number, r: number) => {
    let sum = 0;
    for (let i = 1; i <= r; i++) sum += Math.log((n - r + i) / i);
    return sum;
  };
  let tail = 0;
  for (let i = k; i <= Math.min(bad, drawn); i++) {
    if (drawn - i > all - bad) continue;
    tail += Math.exp(
      logChoose(bad, i) + logChoose(all - bad, drawn - i) -
        logChoose(all, drawn),
    );
  }
  return Math.min(1, tail);
}
