/**
 * The handwritten digits of `data/digits.csv.gz`, for the notebooks, the tests
 * and the benchmarks. Origin and licence: `data/README.md`.
 *
 * @module
 */

import { randomStream } from "@etude/etude";
import type { Tensor, TensorFlow } from "@etude/etude/tensorflow";

/** How many grey values an image has: 8 × 8. */
const PIXELS = 64;
/** The grey value of full ink. */
const INK = 16;
/** How many digits there are to tell apart. */
const CLASSES = 10;

/** How many digits each of validation and test gets: a fifth. */
const HELD_OUT = 360;

/** Some of the digits, as plain numbers. */
export interface DigitsPart {
  /** How many images. */
  readonly count: number;
  /** Grey values from 0 (paper) to 1 (ink), `[count, 64]` row by row. */
  readonly images: Float32Array;
  /** The digits shown, 0 to 9, `[count]`. */
  readonly labels: Uint8Array;
}

/** The digits in three parts, each digit being in one of them. */
export interface Digits {
  /** To learn from: 1,077 images. */
  readonly train: DigitsPart;
  /** To choose by: 360 images. */
  readonly validation: DigitsPart;
  /** To judge the winner by, once: 360 images. */
  readonly test: DigitsPart;
}

/** A part of the digits as tensors. */
export interface DigitsTensors {
  /** The images: `[count, 64]`, or `[count, 8, 8, 1]` for convolutions. */
  readonly x: Tensor;
  /** The digits, one-hot: `[count, 10]`. */
  readonly y: Tensor;
}

/**
 * Reads the digits: scaled to 0..1, shuffled, and split 60 : 20 : 20 into
 * train, validation and test.
 *
 * @param seed How to shuffle. Defaults to `"digits"`; leave it, and all who use
 * this file compare results on the same split.
 */
export async function loadDigits(seed = "digits"): Promise<Digits> {
  const rows = await readRows(new URL("data/digits.csv.gz", import.meta.url));
  const shuffled = randomStream(seed, "split").shuffle(rows);
  return {
    train: part(shuffled.slice(2 * HELD_OUT)),
    validation: part(shuffled.slice(HELD_OUT, 2 * HELD_OUT)),
    test: part(shuffled.slice(0, HELD_OUT)),
  };
}

/** A part as tensors, the images flat or as pictures of one channel. */
export function toTensors(
  tf: TensorFlow,
  { count, images, labels }: DigitsPart,
  shape: "flat" | "picture" = "flat",
): DigitsTensors {
  const x = shape === "flat"
    ? tf.tensor2d(images, [count, PIXELS])
    : tf.tensor4d(images, [count, 8, 8, 1]);
  const oneHot = new Float32Array(count * CLASSES);
  labels.forEach((label, index) => oneHot[index * CLASSES + label] = 1);
  return { x, y: tf.tensor2d(oneHot, [count, CLASSES]) };
}

async function readRows(url: URL): Promise<number[][]> {
  const bytes = new Blob([await Deno.readFile(url)]).stream();
  const text = await new Response(
    bytes.pipeThrough(new DecompressionStream("gzip")),
  ).text();
  return text.trimEnd().split("\n").map((line) => line.split(",").map(Number));
}

function part(rows: readonly (readonly number[])[]): DigitsPart {
  return {
    count: rows.length,
    images: Float32Array.from(
      rows.flatMap((row) => row.slice(0, PIXELS)),
      (ink) => ink / INK,
    ),
    labels: Uint8Array.from(rows, (row) => row[PIXELS]!),
  };
}
