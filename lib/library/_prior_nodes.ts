import { cholesky, solveLower, solveLowerTransposed } from "../math/mod.ts";
import { selfCovariance } from "../surrogates/mod.ts";

/** What is added to the diagonal of the kernel between nodes. */
const nugget = 1e-4;

/** Where functions are known, and how alike they are at two such places. */
export interface Nodes {
  /** `[I, d]`, row after row. */
  readonly inputs: Float64Array;
  /** d. */
  readonly dimension: number;
  /** How many columns are numbers, the first ones. */
  readonly numeric: number;
  /** Of a Matérn-5/2 kernel, `[d]`. */
  readonly lengthscales: Float64Array;
}

/**
 * C with k(U, U) C = the functions' values at the nodes U, so that they are
 * k(x, U) C at any x; see surrogates/prior.ts.
 *
 * @param functions Each function's values, `[1 + R][I]`.
 * @returns `[I, 1 + R]`.
 */
export function nodeCoefficients(
  { lengthscales, ...nodes }: Nodes,
  functions: readonly Float64Array[],
): Float64Array {
  const width = functions.length;
  const count = functions[0]!.length;
  const columns = new Float64Array(width * count);
  functions.forEach((values, r) => columns.set(values, r * count));
  const kernel = selfCovariance(nodes, {
    lengthscales,
    outputScale: 1,
    noise: 0,
  });
  for (let i = 0; i < count; i++) kernel[i * count + i]! += nugget;
  cholesky(kernel, count);
  solveLower(kernel, columns);
  solveLowerTransposed(kernel, columns);
  const coefficients = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    for (let r = 0; r < width; r++) {
      coefficients[i * width + r] = columns[r * count + i]!;
    }
  }
  return coefficients;
}
