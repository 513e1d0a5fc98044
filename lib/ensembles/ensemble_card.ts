import { escapeMarkdown } from "../curves/mod.ts";
import { cleanText } from "../records/mod.ts";
import { type BlendMetric, widened } from "./_blend_data.ts";
import { applyBlend, type BlendMethod } from "./_blend_methods.ts";
import { type Predictions, tableOf } from "./predictions.ts";

/** What an ensemble is expected to bring. */
export interface EnsembleScore {
  /** The metric on samples that neither members nor weights have seen. */
  readonly value: number;
  /** By how much it is better than the single best, above 0 if it is; in the metric's units. */
  readonly gain: number;
  /** The standard error of the gain, over samples. */
  readonly error: number;
}

/** What an {@linkcode Ensemble} is made of. */
export interface EnsembleParts {
  /** The study's name. */
  readonly source: string;
  /** How members are put together. */
  readonly method: BlendMethod;
  /** What is measured. */
  readonly metric: BlendMetric;
  /** The classes in the order of the probabilities; null of a regression. */
  readonly classes: readonly (number | string | boolean)[] | null;
  /** The names of all that could be members: trials by their numbers. */
  readonly names: readonly string[];
  /** What each counts; 0 for one that is no member. */
  readonly weights: Float64Array;
  /** Whether votes are counted. */
  readonly isVote: boolean;
  /** What stacking adds to each class before the softmax; null where it does not. */
  readonly bias: Float64Array | null;
  /** The single best, chosen and measured on the same samples. */
  readonly single: EnsembleScore & { readonly name: string };
  /** What the ensemble is expected to bring. */
  readonly score: EnsembleScore;
  /** The same for every method. */
  readonly compared: Readonly<Record<string, EnsembleScore>>;
  /** How many samples it is measured on. */
  readonly samples: number;
}

/** What {@linkcode ensemble} gives: who is in it, what it is expected to bring, and a predictor. */
export class Ensemble {
  /** All numbers. */
  readonly parts: EnsembleParts;

  /** Made by {@linkcode ensemble} or {@linkcode blend}. */
  constructor(parts: EnsembleParts) {
    this.parts = Object.freeze(parts);
    Object.freeze(this);
  }

  /** The members and what each counts, the heaviest first. */
  get members(): readonly { readonly name: string; readonly weight: number }[] {
    return this.parts.names
      .map((name, m) => ({ name, weight: this.parts.weights[m]! }))
      .filter(({ weight }) => weight !== 0)
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  }

  /** Whether it is better than the single best on samples that its weights have not seen. */
  get isProposed(): boolean {
    const { score, single } = this.parts;
    // Equal members differ in their last digits.
    return score.gain > 1e-9 * Math.abs(single.value) &&
      this.members.length > 1;
  }

  /** Whether it is proposed, and what it is expected to bring. */
  get sentence(): string {
    const { metric, method, score, single, samples } = this.parts;
    const best = `${single.name}, the single best, has ${show(single.value)}`;
    if (!this.isProposed) {
      return `No ensemble is proposed: ${best} (${metric}, ${samples} samples out of fold), ${method} of ${this.members.length} has ${
        show(score.value)
      }.`;
    }
    const isClear = score.gain > 1.645 * score.error;
    return `An ensemble of ${this.members.length} (${method}) is expected to have ${
      show(score.value)
    } (${metric}, ${samples} samples out of fold); ${best}: better by ${
      show(score.gain)
    } ± ${show(score.error)}${isClear ? "" : ", which may be chance"}.`;
  }

  /**
   * What the ensemble predicts, from what its members predict.
   *
   * @param predictions By member: a number, or a row of probabilities, a sample.
   * Of those that are no members nothing is needed.
   * @returns A number a sample; of classes a row of probabilities a sample.
   * @throws {RangeError} If a member's predictions are missing, of another
   * length than the others', or not finite.
   */
  predict(
    predictions: Readonly<Record<string, Predictions>>,
  ): readonly number[] | readonly (readonly number[])[] {
    const about = "Cannot predict";
    const { names, weights, isVote, bias, classes } = this.parts;
    const used = names.flatMap((name, m) =>
      weights[m] === 0 ? [] : [{ name, weight: weights[m]! }]
    );
    const width = classes?.length ?? 1;
    const tables = used.map(({ name }) => {
      const found = predictions[name];
      if (found === undefined) {
        throw new RangeError(
          `${about}: the predictions of member ${name} are missing`,
        );
      }
      return tableOf(`${about}, member ${name}`, found);
    });
    const [first] = tables;
    tables.forEach(({ rows, columns }, k) => {
      if (rows !== first!.rows) {
        throw new RangeError(
          `${about}: member ${
            used[k]!.name
          } has predictions of ${rows} samples, member ${used[0]!.name} of ${
            first!.rows
          }`,
        );
      }
      if (columns !== width && !(columns === 1 && width === 2)) {
        throw new RangeError(
          `${about}: member ${
            used[k]!.name
          } has ${columns} numbers a sample, expected ${width}`,
        );
      }
    });
    const found = applyBlend(
      {
        weights: Float64Array.from(used, ({ weight }) => weight),
        isVote,
        bias,
      },
      tables.map(({ values, columns }) => widened(values, columns, width)),
      width,
    );
    return width === 1 ? Array.from(found) : Array.from(
      { length: first!.rows },
      (_, i) => Array.from(found.subarray(i * width, (i + 1) * width)),
    );
  }

  /**
   * The classes that the ensemble predicts.
   *
   * @param predictions As for {@linkcode Ensemble.predict}.
   * @throws {RangeError} If it is a regression; as {@linkcode Ensemble.predict}.
   */
  classify(
    predictions: Readonly<Record<string, Predictions>>,
  ): readonly (number | string | boolean)[] {
    const { classes } = this.parts;
    if (classes === null) {
      throw new RangeError("Cannot classify: it predicts numbers, not classes");
    }
    return (this.predict(predictions) as readonly (readonly number[])[]).map(
      (row) => classes[row.indexOf(Math.max(...row))]!,
    );
  }

  /** The ensemble as text. */
  toString(): string {
    return [
      `Ensemble from ${this.parts.source}. ${this.sentence}`,
      ...this.members.slice(0, 10).map(({ name, weight }) =>
        `  ${name}: ${show(weight)}`
      ),
    ].map(cleanText).join("\n");
  }

  /** What a Jupyter notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const rows = Object.entries(this.parts.compared).map(([name, score]) =>
      `| ${escapeMarkdown(name)} | ${show(score.value)} | ${
        show(score.gain)
      } ± ${show(score.error)} |`
    );
    return {
      "text/markdown": [
        escapeMarkdown(this.sentence),
        [
          `| method | ${
            escapeMarkdown(this.parts.metric)
          } | better than the single best by |`,
          "|---|---|---|",
          ...rows,
        ].join("\n"),
        this.members.map(({ name, weight }) =>
          `${escapeMarkdown(name)} × ${show(weight)}`
        ).join(", "),
      ].join("\n\n"),
      "text/plain": this.toString(),
    };
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function show(value: number): string {
  return String(Number(value.toPrecision(4)));
}
