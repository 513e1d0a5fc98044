/**
 * How lonely each point of a front is: the sum over objectives of the distance
 * between its neighbors, as a share of the front's range; infinite at the ends.
 *
 * Source: Deb et al. 2002, section III.B.
 *
 * @param values `[n, m]`, smaller is better; may be infinite.
 */
export function crowdingDistances(
  values: readonly ArrayLike<number>[],
): Float64Array {
  const n = values.length;
  const distances = new Float64Array(n);
  if (n <= 2) return distances.fill(Infinity);
  const objectives = values[0]!.length;
  for (let k = 0; k < objectives; k++) {
    const of = (index: number) => values[index]![k]!;
    const order = Array.from(values.keys())
      .sort((a, b) => of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : a - b);
    const range = of(order[n - 1]!) - of(order[0]!);
    // Where all are equal nobody stands at an end.
    if (!(range > 0)) continue;
    distances[order[0]!] = distances[order[n - 1]!] = Infinity;
    if (!Number.isFinite(range)) continue;
    for (let i = 1; i < n - 1; i++) {
      distances[order[i]!]! += (of(order[i + 1]!) - of(order[i - 1]!)) / range;
    }
  }
  return distances;
}
