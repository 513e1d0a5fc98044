/**
 * The text of `data/paradise_lost.txt.gz` as numbers, a character each, for the
 * language model. Origin and licence: `data/README.md`.
 *
 * @module
 */

import type { RandomStream } from "@etude/etude";
import type { Tensor, TensorFlow } from "@etude/etude/tensorflow";

/** A text in three parts, each character a number from 0. */
export interface Text {
  /** The characters, in the order of their numbers. */
  readonly characters: readonly string[];
  /** To learn from: Books I to X, 388,000 characters. */
  readonly train: Int32Array;
  /** To choose by: Book XI, 40,000 characters. */
  readonly validation: Int32Array;
  /** To judge the winner by, once: Book XII, 28,000 characters. */
  readonly test: Int32Array;
}

/** Reads the text and splits it by books. */
export async function loadText(): Promise<Text> {
  const url = new URL("data/paradise_lost.txt.gz", import.meta.url);
  const bytes = new Blob([await Deno.readFile(url)]).stream();
  const text = await new Response(
    bytes.pipeThrough(new DecompressionStream("gzip")),
  ).text();
  const characters = [...new Set(text)].sort();
  const numbers = new Map(characters.map((one, number) => [one, number]));
  const coded = (from: number, to: number) =>
    Int32Array.from(text.slice(from, to), (one) => numbers.get(one)!);
  const [eleven, twelve] = ["XI", "XII"].map((book) =>
    text.indexOf(`\nBook ${book}\n`)
  );
  return {
    characters,
    train: coded(0, eleven!),
    validation: coded(eleven!, twelve!),
    test: coded(twelve!, text.length),
  };
}

/** The first part of what there is to learn from; `share` from 0 to 1. */
export function shareOf(text: Text, share: number): Text {
  return {
    ...text,
    train: text.train.slice(0, Math.round(share * text.train.length)),
  };
}

/** Windows of `context + 1` characters at random places, `[count, context + 1]`. */
export function randomWindows(
  tf: TensorFlow,
  part: Int32Array,
  { count, context, random }: {
    count: number;
    context: number;
    random: RandomStream;
  },
): Tensor {
  const starts = Array.from(
    { length: count },
    () => random.int(part.length - context),
  );
  return windowsAt(tf, part, starts, context);
}

/** Windows spread evenly, the same for everybody, `[count, context + 1]`. */
export function evenWindows(
  tf: TensorFlow,
  part: Int32Array,
  { count, context }: { count: number; context: number },
): Tensor {
  const starts = Array.from(
    { length: count },
    (_, i) => Math.floor(i * (part.length - context) / count),
  );
  return windowsAt(tf, part, starts, context);
}

/**
 * The bits per character of an answer that knows how frequent each character is,
 * and no more: what a language model has to beat.
 */
export function frequencyBits({ characters, train }: Text): number {
  const counts = new Float64Array(characters.length);
  for (const character of train) counts[character]!++;
  return counts.reduce((bits, count) => {
    const p = count / train.length;
    return p === 0 ? bits : bits - p * Math.log2(p);
  }, 0);
}

function windowsAt(
  tf: TensorFlow,
  part: Int32Array,
  starts: readonly number[],
  context: number,
): Tensor {
  const length = context + 1;
  const all = new Int32Array(starts.length * length);
  starts.forEach((start, row) =>
    all.set(part.subarray(start, start + length), row * length)
  );
  return tf.tensor2d(all, [starts.length, length], "int32");
}
