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

/** ln n! for n from 0, as far as it has been asked. */
const logFactorials = [0];

function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i++) {
    logFactorials.push(logFactorials[i - 1]! + Math.log(i));
  }
  return logFactorials[n]!;
}

function logChoose(n: number, r: number): number {
  return logFactorial(n) - logFactorial(r) - logFactorial(n - r);
}

/** The probability of at least k bad among `drawn` of `all`, of which `bad` are bad. */
export function hypergeometricTail(
  all: number,
  bad: number,
  drawn: number,
  k: number,
): number {
  const most = Math.min(bad, drawn);
  let i = Math.max(k, drawn - (all - bad), 0);
  if (i > most) return 0;
  let term = Math.exp(
    logChoose(bad, i) + logChoose(all - bad, drawn - i) -
      logChoose(all, drawn),
  );
  let tail = 0;
  for (; i <= most; i++) {
    tail += term;
    const next = term * (bad - i) * (drawn - i) /
      ((i + 1) * (all - bad - drawn + i + 1));
    // Past the peak, terms this small add nothing any more.
    if (next < term && next < 1e-17 * tail) break;
    term = next;
  }
  return Math.min(1, tail);
}
