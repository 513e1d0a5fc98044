/** A function to minimize: gives its value at a point and writes its gradient, `[d]`. */
export type DifferentiableFunction = (
  point: Float64Array,
  gradient: Float64Array,
) => number;

/** What a function is at a point. */
export interface Evaluation {
  /** Its value; NaN or infinite where there is none. */
  readonly value: number;
  /** Its gradient, `[d]`; not looked at where the value is not finite. */
  readonly gradient: Float64Array;
  /** Where it was evaluated, `[d]`, if not at the point asked for, e.g. because that is not allowed. */
  readonly point?: Float64Array;
}

/**
 * A search that asks: gives out points, `[d]`, is told what the function is there,
 * and ends with a result. It draws no random numbers, so that a search told the same
 * asks the same.
 */
export type PointSearch<Result> = Generator<Float64Array, Result, Evaluation>;

/** Runs a search to its end on a function. */
export function drive<Result>(
  search: PointSearch<Result>,
  objective: DifferentiableFunction,
): Result {
  let next = search.next();
  while (!next.done) {
    const gradient = new Float64Array(next.value.length);
    const value = objective(next.value, gradient);
    next = search.next({ value, gradient });
  }
  return next.value;
}
