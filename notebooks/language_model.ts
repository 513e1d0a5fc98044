/**
 * A small language model, for the notebook and its bench: a transformer that
 * foretells the next character, on the text of `data/paradise_lost.txt.gz`
 * (origin and licence: `data/README.md`).
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | d | `width` | | numbers a character is held in |
 * | m | | | width over base width |
 * | x | `x` | `[batch · context, d]` | what the blocks read and add to |
 * | W | `weights` | by piece | all that is learnt |
 * | η, f | `rate`, `factor` | | the learning rate; a piece's own factor of it |
 *
 * Blocks are pre-norm (RMS norm), attention is causal with heads of 16, the
 * activation is GELU as x·σ(1.702 x); no biases, embeddings not tied.
 *
 * @module
 */

import { type RandomStream, randomStream } from "@etude/etude";
import type { Tensor, TensorFlow } from "@etude/etude/tensorflow";

/** How large a model is. */
export interface ModelSize {
  /** Numbers a character is held in: a multiple of 16. */
  readonly width: number;
  /** Blocks, one after the other. */
  readonly depth: number;
  /** Characters that it looks back on, at most. */
  readonly context: number;
  /** How many characters there are. */
  readonly vocabulary: number;
}

/**
 * What a model's width changes. `"standard"`: nothing but the spread of the first
 * weights, 1/√fan-in. `"width-aware"`: also Adam's learning rate of the hidden
 * matrices, ∝ 1/d, and a factor before the output, ∝ 1/d, both 1 at the width
 * of 16. (The output begins at zero in both.)
 *
 * Source: Yang et al., "Tensor Programs V", 2022, Table 8 (μP; the column of
 * Adam), and section D.2 for the zeros. Heads have a fixed size here, so that
 * the factor of attention does not depend on the width.
 */
export type Scaling = "standard" | "width-aware";

/** Where μP and the standard agree. */
export const baseWidth = 16;
const headSize = 16;
const noFactors = Object.freeze({});

/** A tensor of weights: `layer` is what learning rates are set by. */
interface Piece {
  readonly name: string;
  readonly layer: string;
  readonly shape: [number] | [number, number];
  /** The standard deviation at the beginning; `"ones"` for norms. */
  readonly spread: number | "ones";
  /** Whether both its sides grow with the width. */
  readonly isHidden: boolean;
}

/** All pieces of a model, in order. */
export function piecesOf({ width: d, ...size }: ModelSize): readonly Piece[] {
  const piece = (
    layer: string,
    name: string,
    shape: Piece["shape"],
    spread: Piece["spread"],
    isHidden = false,
  ): Piece => ({ name: `${layer} ${name}`, layer, shape, spread, isHidden });
  const blocks = Array.from({ length: size.depth }, (_, i) => `block${i + 1}`);
  return [
    piece("embedding", "characters", [size.vocabulary, d], 1),
    piece("embedding", "places", [size.context, d], 0.1),
    ...blocks.flatMap((layer) => [
      piece(layer, "norm 1", [d], "ones"),
      piece(layer, "attend", [d, 3 * d], d ** -0.5, true),
      piece(layer, "mix", [d, d], 0, true),
      piece(layer, "norm 2", [d], "ones"),
      piece(layer, "widen", [d, 4 * d], d ** -0.5, true),
      piece(layer, "narrow", [4 * d, d], 0, true),
    ]),
    piece("output", "norm", [d], "ones"),
    piece("output", "characters", [d, size.vocabulary], 0),
  ];
}

/** The names of a model's layers, for learning rates of their own. */
export function layersOf(size: ModelSize): string[] {
  return [...new Set(piecesOf(size).map(({ layer }) => layer))];
}

/** How a model begins, and learns. */
export interface ModelOptions {
  /** What the width changes. Defaults to `"width-aware"`. */
  readonly scaling?: Scaling;
  /** Where the first weights are drawn from. Defaults to `"language model"`. */
  readonly seed?: string;
  /** Adam's memory of squares, below 1. Defaults to `0.98`. */
  readonly beta2?: number;
}

/** A transformer with its optimizer, Adam; free it with `dispose()`. */
export class LanguageModel {
  readonly size: ModelSize;
  readonly pieces: readonly Piece[];
  /** How many weights it has. */
  readonly count: number;
  /** How many steps it has learnt. */
  steps = 0;
  readonly #tf: TensorFlow;
  readonly #beta2: number;
  readonly #isAware: boolean;
  /** All weights in one row, Adam's means of gradients and squares: fewer, larger operations. */
  #state: { weights: Tensor; means: Tensor; squares: Tensor };
  /** −1e9 where a character would look ahead, `[context, context]`. */
  readonly #mask: Tensor;
  #kept: { factors: Readonly<Record<string, number>>; rates: Tensor } | null =
    null;

  constructor(tf: TensorFlow, size: ModelSize, options: ModelOptions = {}) {
    const { scaling = "width-aware", seed = "language model" } = options;
    this.#tf = tf;
    this.size = size;
    this.#beta2 = options.beta2 ?? 0.98;
    this.#isAware = scaling === "width-aware";
    this.pieces = piecesOf(size);
    const first = this.pieces.map((piece) =>
      firstWeights(piece, randomStream(seed, piece.name))
    );
    this.count = first.reduce((sum, { length }) => sum + length, 0);
    this.#state = {
      weights: tf.tensor1d(Float32Array.from(first.flatMap((w) => [...w]))),
      means: tf.zeros([this.count]),
      squares: tf.zeros([this.count]),
    };
    this.#mask = futureMask(tf, size.context);
  }

  /** The weights by piece, within `tf.tidy`. */
  weights(): Tensor[] {
    const lengths = this.pieces.map(({ shape }) => product(shape));
    return this.#tf.split(this.#state.weights, lengths).map((row, i) =>
      row.reshape(this.pieces[i]!.shape)
    );
  }

  /** What each next character is expected to be: logits `[batch · context, vocabulary]` of tokens `[batch, context]`, within `tf.tidy`. */
  logits(tokens: Tensor, weights: readonly Tensor[] = this.weights()): Tensor {
    const tf = this.#tf;
    const { width, context, vocabulary } = this.size;
    const batch = tokens.shape[0]!;
    const [characters, places, ...rest] = weights;
    const letters = tf.oneHot(tokens.reshape([batch * context]), vocabulary);
    const read = tf.matMul(letters.cast("float32"), characters!);
    let x = read.reshape([batch, context, width]).add(places!)
      .reshape([batch * context, width]);
    for (let block = 0; block < this.size.depth; block++) {
      const [norm1, attend, mix, norm2, widen, narrow] = rest.slice(6 * block);
      const asked = tf.matMul(rmsNorm(tf, x, norm1!), attend!);
      x = x.add(tf.matMul(this.#attention(asked, batch), mix!));
      const wide = tf.matMul(rmsNorm(tf, x, norm2!), widen!);
      const active = wide.mul(wide.mul(1.702).sigmoid());
      x = x.add(tf.matMul(active, narrow!));
    }
    const [norm, output] = rest.slice(-2);
    const factor = this.#isAware ? baseWidth / width : 1;
    return tf.matMul(rmsNorm(tf, x, norm!), output!).mul(factor);
  }

  /** The mean loss in bits per character of windows `[batch, context + 1]`, within `tf.tidy`. */
  loss(windows: Tensor, weights: readonly Tensor[] = this.weights()): Tensor {
    const tf = this.#tf;
    const { context, vocabulary } = this.size;
    const batch = windows.shape[0]!;
    const tokens = windows.slice([0, 0], [batch, context]);
    const next = windows.slice([0, 1], [batch, context]);
    const wanted = tf.oneHot(next.reshape([batch * context]), vocabulary);
    const nats = tf.losses.softmaxCrossEntropy(
      wanted.cast("float32"),
      this.logits(tokens, weights),
    );
    return nats.div(Math.LN2) as Tensor;
  }

  /**
   * A step of Adam on some windows.
   *
   * @param rate The learning rate, schedule included.
   * @param factors By layer: what its rate is multiplied with. Defaults to 1 each.
   * @returns The loss before the step, a scalar for the caller to dispose.
   */
  step(
    windows: Tensor,
    rate: number,
    factors: Readonly<Record<string, number>> = noFactors,
  ): Tensor {
    const tf = this.#tf;
    const [beta1, beta2] = [0.9, this.#beta2];
    const t = ++this.steps;
    const old = this.#state;
    const { loss, ...state } = tf.tidy(() => {
      const weights = this.weights();
      const { value, grads } = tf.valueAndGrads((...given: Tensor[]) =>
        this.loss(windows, given) as ReturnType<typeof tf.scalar>
      )(weights);
      const gradient = tf.concat1d(grads.map((g) => g.flatten()));
      const means = old.means.mul(beta1).add(gradient.mul(1 - beta1));
      const squares = old.squares.mul(beta2)
        .add(gradient.square().mul(1 - beta2));
      const spread = squares.div(1 - beta2 ** t).sqrt().add(1e-8);
      const move = means.div(1 - beta1 ** t).div(spread);
      const moved = old.weights.sub(move.mul(this.#rates(factors)).mul(rate));
      return { loss: value, weights: moved, means, squares };
    });
    tf.dispose({ ...old });
    this.#state = state;
    return loss;
  }

  dispose(): void {
    this.#tf.dispose([
      ...Object.values(this.#state),
      this.#mask,
      ...this.#kept === null ? [] : [this.#kept.rates],
    ]);
  }

  /** Each weight's own factor of the learning rate; kept until other ones are asked for. */
  #rates(factors: Readonly<Record<string, number>>): Tensor {
    if (this.#kept?.factors === factors) return this.#kept.rates;
    const shrink = this.#isAware ? baseWidth / this.size.width : 1;
    const rates = this.pieces.map(({ shape, layer, isHidden }) =>
      new Float32Array(product(shape)).fill(
        (factors[layer] ?? 1) * (isHidden ? shrink : 1),
      )
    );
    this.#kept?.rates.dispose();
    const row = Float32Array.from(rates.flatMap((some) => [...some]));
    this.#kept = { factors, rates: this.#tf.keep(this.#tf.tensor1d(row)) };
    return this.#kept.rates;
  }

  /** Causal attention: `[batch · context, 3 d]` → `[batch · context, d]`. */
  #attention(asked: Tensor, batch: number): Tensor {
    const tf = this.#tf;
    const { width, context } = this.size;
    const [query, key, value] = tf.split(asked, 3, 1).map((part) =>
      part.reshape([batch, context, width / headSize, headSize])
        .transpose([0, 2, 1, 3])
    );
    const scores = tf.matMul(query!, key!, false, true)
      .mul(headSize ** -0.5).add(this.#mask);
    return tf.matMul(tf.softmax(scores), value!)
      .transpose([0, 2, 1, 3]).reshape([batch * context, width]);
  }
}

/**
 * Each row of x over its root mean square, times a gain. tfjs would take it
 * apart into three times as many operations on the way back.
 *
 * With r = (mean x² + ε)^−½, n = x r and h the gradient by n, that by x is
 * r (h − n · mean(h n)).
 *
 * Source: Zhang and Sennrich, "Root mean square layer normalization", 2019.
 *
 * @param x `[rows, d]`
 * @param gain `[d]`
 */
export function rmsNorm(tf: TensorFlow, x: Tensor, gain: Tensor): Tensor {
  return tf.customGrad((...given) => {
    const [x, gain, save] = given as [Tensor, Tensor, (t: Tensor[]) => void];
    const r = x.square().mean(-1, true).add(1e-6).rsqrt();
    const n = x.mul(r);
    save([n, r, gain]);
    return {
      value: n.mul(gain),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [n, r, gain] = saved as [Tensor, Tensor, Tensor];
        const h = dy.mul(gain);
        return [
          h.sub(n.mul(h.mul(n).mean(-1, true))).mul(r),
          dy.mul(n).sum(0),
        ];
      },
    };
  })(x, gain);
}

/** −1e9 where a character would look ahead, `[context, context]`. */
function futureMask(tf: TensorFlow, context: number): Tensor {
  const ahead = (i: number) => i % context > Math.floor(i / context);
  return tf.tensor2d(
    Float32Array.from(
      { length: context ** 2 },
      (_, i) => ahead(i) ? -1e9 : 0,
    ),
    [context, context],
  );
}

function firstWeights({ shape, spread }: Piece, random: RandomStream) {
  return Float32Array.from(
    { length: product(shape) },
    () => spread === "ones" ? 1 : spread === 0 ? 0 : spread * random.normal(),
  );
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}
