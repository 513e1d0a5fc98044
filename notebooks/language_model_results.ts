/**
 * What the bench of the language model measured, for the notebook: read from
 * `data/language_model.json`, which `bench/language/summary.ts` writes.
 *
 * @module
 */

import { Chart } from "@etude/etude";
import type { Scaling } from "./language_model.ts";

/** The mean loss of trainings at a learning rate. */
export interface RateResult {
  readonly scaling: Scaling;
  readonly width: number;
  readonly learningRate: number;
  readonly loss: number;
  readonly seeds: number;
}

/** One way to tune the large model, lists by seed. */
export interface TransferArm {
  readonly scaling: Scaling;
  readonly start: "cold" | "warm";
  /** The best so far after each trial, mean over seeds. */
  readonly best: readonly number[];
  /** After how many trials it was where the standard, cold, was at its end; null for never. */
  readonly reached: readonly (number | null)[];
  /** Seconds of the processor until then, the small study's included. */
  readonly secondsToIt: readonly (number | null)[];
  readonly flopsToIt: readonly (number | null)[];
  /** The winner trained again, on the test part. */
  readonly test: number;
}

/** All of it. */
export interface Measured {
  readonly rates: readonly RateResult[];
  readonly transfer: {
    readonly seeds: number;
    readonly small: {
      readonly trials: number;
      readonly seconds: number;
      readonly flops: number;
    };
    readonly arms: readonly TransferArm[];
  };
  readonly fidelity: readonly {
    readonly name: string;
    readonly correlation: number;
    readonly cost: number;
    readonly regret: number;
    readonly configurations: number;
  }[];
  readonly budgets: readonly SearchResult<{ sampler: string }>[];
  readonly layers: readonly SearchResult<{ rates: "one" | "each" }>[];
}

/** A search's best on the validation part, and its winner, trained again, on the test part. */
type SearchResult<Kind> = Kind & {
  readonly best: number;
  readonly test: number;
  readonly begun: number;
  readonly seeds: number;
};

/** Reads what was measured. */
export async function loadMeasured(): Promise<Measured> {
  return JSON.parse(
    await Deno.readTextFile(
      new URL("data/language_model.json", import.meta.url),
    ),
  );
}

/** A number as tables show it; nothing for none. */
export function round(
  value: number | null | undefined,
  digits = 3,
): number | string {
  return value === null || value === undefined
    ? ""
    : Number(value.toFixed(digits));
}

/** Losses beyond this are drawn here. */
const mostBits = 4.6;

/** The loss over the learning rate, a line a width, the least of each in a ring. */
export function ratesChart({ rates }: Measured): Chart {
  // At the base width both scalings are the same model.
  const rows = rates.flatMap((row) =>
    row.width === 16
      ? (["standard", "width-aware"] as const).map((scaling) => ({
        ...row,
        scaling,
      }))
      : [row]
  ).map((row) => ({ ...row, loss: Math.min(row.loss, mostBits) }));
  const curves = Object.groupBy(
    rows,
    ({ scaling, width }) => `${scaling}, width ${width}`,
  );
  const least = Object.entries(curves).map(([name, curve]) => {
    const best = curve!.reduce((a, b) => b.loss < a.loss ? b : a);
    return `${name}: ${best.loss.toFixed(2)} bits at ${
      best.learningRate.toPrecision(2)
    }`;
  });
  const learningRate = {
    field: "learningRate",
    type: "quantitative",
    scale: { type: "log", nice: false },
    axis: { values: [2 ** -9, 2 ** -7, 2 ** -5, 2 ** -3], format: ".2~g" },
    title: "learning rate",
  } as const;
  return new Chart({
    title: "The best learning rate, width by width",
    text: least.join("\n"),
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      title: {
        text: "The best learning rate, width by width",
        anchor: "start",
      },
      data: { values: rows },
      facet: { column: { field: "scaling", type: "nominal", title: null } },
      spec: {
        width: 270,
        height: 230,
        encoding: {
          x: learningRate,
          y: {
            field: "loss",
            type: "quantitative",
            scale: { zero: false },
            title: "validation loss, bits per character",
          },
          color: { field: "width", type: "ordinal", title: "width" },
        },
        layer: [
          { mark: { type: "line", point: true } },
          {
            transform: [
              {
                joinaggregate: [{ op: "min", field: "loss", as: "least" }],
                groupby: ["scaling", "width"],
              },
              { filter: "datum.loss === datum.least" },
            ],
            mark: { type: "point", size: 180, strokeWidth: 2 },
          },
        ],
      },
    },
  });
}
