/**
 * The yardstick over sample sizes: one shifted power law c + a (x + d)^−α,
 * fitted by least squares over a grid of d and α, with c and a by formula and
 * a ≥ 0, c ≥ 0.
 *
 * Source: pow4 of LCDB (Mohr, Viering, Loog, van Rijn, ECML 2022).
 *
 * @module
 */

const powers = Array.from({ length: 40 }, (_, i) => 0.02 * 1.15 ** i);

/** What pow4 expects of falling values at `at`. */
export function pow4(
  steps: readonly number[],
  values: readonly number[],
  at: number,
): number {
  const n = steps.length;
  const shifts = [
    0,
    ...Array.from({ length: 12 }, (_, i) => steps[0]! * 2 ** (i - 2)),
  ];
  let best = { error: Infinity, value: values.at(-1)! };
  const meanY = values.reduce((a, b) => a + b) / n;
  for (const d of shifts) {
    for (const power of powers) {
      const f = steps.map((x) => (x + d) ** -power);
      const meanF = f.reduce((a, b) => a + b) / n;
      let [ff, fy] = [0, 0];
      for (let i = 0; i < n; i++) {
        ff += (f[i]! - meanF) ** 2;
        fy += (f[i]! - meanF) * (values[i]! - meanY);
      }
      let a = ff > 0 ? Math.max(0, fy / ff) : 0;
      let c = meanY - a * meanF;
      if (c < 0) {
        c = 0;
        let [sff, sfy] = [0, 0];
        for (let i = 0; i < n; i++) {
          sff += f[i]! ** 2;
          sfy += f[i]! * values[i]!;
        }
        a = Math.max(0, sfy / sff);
      }
      let error = 0;
      for (let i = 0; i < n; i++) error += (values[i]! - c - a * f[i]!) ** 2;
      if (error < best.error) {
        best = { error, value: c + a * (at + d) ** -power };
      }
    }
  }
  return best.value;
}
