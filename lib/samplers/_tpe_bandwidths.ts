/**
 * The bandwidths of a Parzen estimator's kernels: each reaches as far as the
 * farther of its neighbors, within limits.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | μₖ | `coordinates` | `[K]` | where component k stands; NaN: nowhere |
 * | σₖ | the result | `[K]` or `[n]` | the bandwidth, in units of the axis |
 * | Δ | `smallestBandwidth` | | no bandwidth is smaller: 0.08 |
 * | α | `2` | | few components keep a bandwidth of K^−α at least |
 *
 * Source: the neighbors from Bergstra et al. (2011), section 4.2; the lower
 * limit max(Δ, K^−α) and α from Watanabe (2023), section 3.3.4 and table 6. There
 * Δ is 0.03; here it is what was best for the first 50 trials on BBOB in five
 * dimensions, tables and a third of LCBench, and no worse at 200.
 *
 * @module
 */

const smallestBandwidth = 0.08;
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
 * @param floor The smallest bandwidth, above 0.
 * @param widths Where they are written, `[K]`; new memory if left out.
 */
export function neighborBandwidths(
  coordinates: Float64Array,
  floor: number,
  widths: Float64Array = new Float64Array(coordinates.length),
): Float64Array {
  // In buckets no wider than the floor, only the first and the last place can
  // have a neighbor farther off than the floor: no need to sort.
  const count = Math.ceil(1 / floor);
  const { first, last, sharers, gaps, buckets } = roomFor(
    count,
    coordinates.length,
  );
  for (let k = 0; k < coordinates.length; k++) {
    const here = coordinates[k]!;
    if (here !== here) continue;
    const bucket = here < 1 ? (here * count) | 0 : count - 1;
    buckets[k] = bucket;
    const least = first[bucket]!;
    if (here < least) {
      first[bucket] = here;
      sharers[2 * bucket] = 1;
    } else if (here === least) sharers[2 * bucket]!++;
    const most = last[bucket]!;
    if (here > most) {
      last[bucket] = here;
      sharers[2 * bucket + 1] = 1;
    } else if (here === most) sharers[2 * bucket + 1]!++;
  }
  writeGaps(count);
  for (let k = 0; k < coordinates.length; k++) {
    const here = coordinates[k]!;
    const bucket = buckets[k]!;
    // NaN is neither.
    const end = here === first[bucket]
      ? 2 * bucket
      : here === last[bucket]
      ? 2 * bucket + 1
      : -1;
    const width = end < 0 ? 0 : gaps[end]! / sharers[end]!;
    widths[k] = width > floor ? width : floor;
  }
  return widths;
}

/** Where bandwidths are worked out: taken anew for each row, only the memory is kept. */
interface Room {
  /** The first place of each bucket, `[n]`; Infinity where there is none. */
  first: Float64Array;
  /** The last place of each bucket, `[n]`; −Infinity where there is none. */
  last: Float64Array;
  /** The gaps beside them, `[2 n]`: first, last, first, … */
  gaps: Float64Array;
  /** How many components stand there, `[2 n]`. */
  sharers: Uint32Array;
  /** The bucket of each component, `[K]`. */
  buckets: Int32Array;
}

const room: Room = {
  first: new Float64Array(64),
  last: new Float64Array(64),
  gaps: new Float64Array(128),
  sharers: new Uint32Array(128),
  buckets: new Int32Array(1024),
};

function roomFor(count: number, components: number): Room {
  if (room.first.length < count) {
    room.first = new Float64Array(count);
    room.last = new Float64Array(count);
    room.gaps = new Float64Array(2 * count);
    room.sharers = new Uint32Array(2 * count);
  }
  if (room.buckets.length < components) {
    room.buckets = new Int32Array(2 * components);
  }
  room.first.fill(Infinity, 0, count);
  room.last.fill(-Infinity, 0, count);
  room.gaps.fill(0, 0, 2 * count);
  return room;
}

/** The gaps beside the first and the last place of each bucket. */
function writeGaps(count: number): void {
  const { first, last, gaps } = room;
  let before = -1;
  let places = 0;
  for (let bucket = 0; bucket < count; bucket++) {
    if (first[bucket] === Infinity) continue;
    places += first[bucket] === last[bucket] ? 1 : 2;
    if (before >= 0) {
      const gap = first[bucket]! - last[before]!;
      gaps[2 * bucket] = gap;
      // Of a place that is both first and last, the first counts.
      const end = 2 * before + (first[before] === last[before] ? 0 : 1);
      gaps[end] = Math.max(gaps[end]!, gap);
    }
    before = bucket;
  }
  if (places === 1) {
    gaps[2 * before] = Math.max(first[before]!, 1 - first[before]!);
  }
}

/**
 * Bandwidths on steps, one for each value: as on a continuum, with the values
 * that components stand on as neighbors.
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
  const sharers = new Uint32Array(centers.length);
  for (const value of coordinates) if (value === value) sharers[value]!++;
  const taken = [...sharers.keys()].filter((value) => sharers[value]! > 0);
  const gaps = widestGaps(taken.map((value) => centers[value]!));
  const least = Math.max(floor, smallestCellShare / centers.length);
  const widths = new Float64Array(centers.length).fill(least);
  taken.forEach((value, rank) => {
    widths[value] = Math.max(least, gaps[rank]! / sharers[value]!);
  });
  return widths;
}

/** The distance from each of some rising places to its farther neighbor; of a lone one to the farther end. */
function widestGaps(places: readonly number[]): number[] {
  if (places.length === 1) return [Math.max(places[0]!, 1 - places[0]!)];
  return places.map((place, rank) =>
    Math.max(
      rank === 0 ? 0 : place - places[rank - 1]!,
      rank === places.length - 1 ? 0 : places[rank + 1]! - place,
    )
  );
}
