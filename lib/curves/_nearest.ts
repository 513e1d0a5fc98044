import { countBelow } from "../math/mod.ts";
import { shapeIndices } from "./_forecast_features.ts";
import type { PriorRow } from "./_prior_rows.ts";
import { median } from "./smooth.ts";

/** Finished curves that had seen about as much, by share. */
export interface NearestCurves {
  /**
   * How the curves that looked most alike went on: the median of their drops
   * from the level, in their own scale; null if there are too few.
   *
   * @param excluded Curves that do not count.
   * @param kind What made the curve: if there are enough of the same kind, only they count.
   */
  drop(
    features: Float64Array,
    seen: number,
    excluded?: (curve: number) => boolean,
    kind?: string | null,
  ): number | null;
}

const fewest = 5;
/** From so many curves of the same kind on, others are not asked. */
const fewestOfKind = 60;
/** Two shares that differ by less are alike. */
const alike = 0.06;
/** No more curves than this are compared with. */
const most = 1000;

/**
 * Finds curves by the shape of the way up to now: k nearest neighbors, of whom
 * there are 1.5 √n, at least 5.
 *
 * Source: Fix and Hodges, "Discriminatory Analysis" (1951).
 */
export function nearestCurves(rows: readonly PriorRow[]): NearestCurves {
  const width = shapeIndices.length;
  const order = [...rows.keys()].sort((a, b) => rows[a]!.seen - rows[b]!.seen);
  const seens = Float64Array.from(order, (i) => rows[i]!.seen);
  const shapes = new Float64Array(order.length * width);
  order.forEach((i, place) =>
    shapeIndices.forEach((index, j) => {
      shapes[place * width + j] = rows[i]!.features[index]!;
    })
  );
  return {
    drop: (features, seen, excluded = () => false, kind = null) => {
      const from = countBelow(seens, seen - alike);
      const to = countBelow(seens, seen + alike);
      // Of very many curves, every so many are enough.
      const stride = Math.max(1, Math.floor((to - from) / most));
      let places: number[] = [];
      const ofKind: number[] = [];
      for (let place = from; place < to; place++) {
        const row = rows[order[place]!]!;
        if (excluded(row.curve)) continue;
        if (kind !== null && row.kind === kind) ofKind.push(place);
        if ((place - from) % stride === 0) places.push(place);
      }
      if (ofKind.length >= fewestOfKind) places = ofKind;
      if (places.length < 2 * fewest) return null;
      const distances = Float64Array.from(places, (place) => {
        let distance = 0;
        for (let j = 0; j < width; j++) {
          distance += Math.abs(
            shapes[place * width + j]! - features[shapeIndices[j]!]!,
          );
        }
        return distance;
      });
      const count = Math.max(
        fewest,
        Math.round(1.5 * Math.sqrt(places.length)),
      );
      const farthest = distances.slice().sort()[count - 1]!;
      return median(
        places.filter((_, i) => distances[i]! <= farthest)
          .map((place) => rows[order[place]!]!.truth),
      );
    },
  };
}
