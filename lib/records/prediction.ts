/** What is expected of a configuration, in the objective's own units and direction. */
export interface Prediction {
  /** The expected value. */
  readonly mean: number;
  /** The standard deviation of what is expected, at least 0. */
  readonly sd: number;
}
