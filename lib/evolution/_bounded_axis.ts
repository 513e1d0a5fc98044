/**
 * How a normal distribution, which knows no bounds, searches an axis that has some.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | a | `margin` | how far the search's own axis reaches beyond either end |
 * | x | `place` | a place on the axis of the cube, in `[0, 1]` |
 * | g | `inner` | the same place on the search's own axis, in `[−a, 1 + a]` |
 *
 * In the middle x = g. Near an end it is bent, x = (g + a)²/4a for g < a, so that an
 * optimum in a corner is a smooth valley of the search's own axes, in which steps
 * may shrink towards it. What is drawn beyond the end is mirrored there.
 *
 * Source: the linear and quadratic transformation of Hansen's pycma
 * (`BoxConstraintsLinQuadTransformation`), a twentieth on either side, as there.
 *
 * @module
 */

const margin = 0.05;

/** Whether a place of the search's own axis need not be mirrored. */
export function isInside(inner: number): boolean {
  return inner >= -margin && inner <= 1 + margin;
}

/** The place on the axis of the cube, in `[0, 1]`, of any finite one on the search's own. */
export function toCube(inner: number): number {
  const period = 2 * (1 + 2 * margin);
  const along = (((inner + margin) % period) + period) % period;
  // How far the nearer of the mirrors' two sides is from the lower end.
  const low = Math.min(along, period - along);
  const high = 1 + 2 * margin - low;
  if (low < 2 * margin) return low ** 2 / (4 * margin);
  if (high < 2 * margin) return 1 - high ** 2 / (4 * margin);
  return low - margin;
}

/** The place on the search's own axis, in `[−a, 1 + a]`. */
export function fromCube(place: number): number {
  if (place < margin) {
    return 2 * Math.sqrt(margin * Math.max(0, place)) - margin;
  }
  if (place > 1 - margin) {
    return 1 + margin - 2 * Math.sqrt(margin * Math.max(0, 1 - place));
  }
  return place;
}
