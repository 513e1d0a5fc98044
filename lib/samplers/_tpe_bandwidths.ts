/**
 * The bandwidths of a Parzen estimator's kernels: each reaches as far as the
 * farther of its neighbors, within limits.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | μₖ | `coordinates` | `[K]` | where component k stands; NaN: nowhere |
 * | σₖ | the result | `[K]` or `[n]` | the bandwidth, in units of the axis |
 * | Δ | `smallestBandwidth` | | no bandwidth is smaller: 0.03 |
 * | α | `2` | | few components keep a bandwidth of K^−α at least |
 *
 * Source: the neighbors from Bergstra et al. (2011), section 4.2; the lower
 * limit max(Δ, K^−α) with Δ and α from Watanabe (2023), section 3.3.4 and table 6.
 *
 * @module
 */

const smallestBandwidth = 0.03;
/** On steps, the smallest bandwidth in cells: less would leave neighbors no chance. */
const smallestCellShare = 0.25;

/** The lower limit for K components, the prior counted: max(Δ, K^−α). */
export function bandwidthFloor(components: number): number {
  return Math.max(smallestBandwidth, (components + 1) ** -2);
}

/**
 * Bandwidths on a continuum: the distance to the farther neighbor; to the only
 * one at both ends of the row; of a lone component, to the farther end of the
 * axis. Components at one place share what they would have had.
 *
 * @param coordinates Places in `[0, 1]`, `[K]`; NaN where there is none.
 * @param floor The smallest bandwidth.
 */
export function neighborBandwidths(
  coordinates: Float64Array,
  floor: number,
): Float64Array {
  const widths = new Float64Array(coordinates.length).fill(floor);
  // NaN is sorted to the end.
  const sorted = coordinates.slice().sort();
  let count = sorted.length;
  while (count > 0 && Number.isNaN(sorted[count - 1]!)) count--;
  // Few places have a wide gap beside them: those are looked up, all others have the floor.
  const places: number[] = [];
  const wide: number[] = [];
  for (let from = 0, to = 0; from < count; from = to) {
    const here = sorted[from]!;
    while (to < count && sorted[to] === here) to++;
    const left = from === 0 ? 0 : here - sorted[from - 1]!;
    const right = to === count ? 0 : sorted[to]! - here;
    const gap = to - from === count
      ? Math.max(here, 1 - here)
      : Math.max(left, right);
    const width = gap / (to - from);
    if (width <= floor) continue;
    places.push(here);
    wide.push(Math.min(1, width));
  }
  for (let k = 0; k < widths.length; k++) {
    const rank = rankOf(coordinates[k]!, places);
    if (rank >= 0) widths[k] = wide[rank]!;
  }
  return widths;
}

/** Where a number stands in a rising list; -1 if it does not. */
function rankOf(number: number, list: readonly number[]): number {
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (list[middle] === number) return middle;
    if (list[middle]! < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/**
 * Bandwidths on steps, one for each value: as on a continuum, with the values
 * that components stand on as neighbors, and narrower the more stand on one.
 *
 * @param coordinates The numbers of the values, `[K]`; NaN where there is none.
 * @param centers Where the values stand, `[n]`, rising.
 * @param floor The smallest bandwidth.
 */
export function steppedBandwidths(
  coordinates: Float64Array,
  centers: Float64Array,
  floor: number,
): Float64Array {
  const counts = new Uint32Array(centers.length);
  for (const value of coordinates) if (value === value) counts[value]!++;
  const places = new Float64Array(centers.length);
  for (let v = 0; v < centers.length; v++) {
    places[v] = counts[v] === 0 ? NaN : centers[v]!;
  }
  const least = Math.max(floor, smallestCellShare / centers.length);
  return neighborBandwidths(places, 0).map((width, v) =>
    Math.min(1, Math.max(least, width / Math.max(1, counts[v]!)))
  );
}
