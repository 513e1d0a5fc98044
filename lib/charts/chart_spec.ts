/** A Vega-Lite spec as plain JSON, written for what Vega-Lite 5 and 6 share. */
export interface ChartSpec {
  /** Which version of Vega-Lite it is for; front ends look at it. */
  readonly $schema: string;
  /** Everything else. */
  readonly [key: string]: unknown;
}
