import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { loadTensorFlow } from "../../lib/tensorflow/mod.ts";
import {
  LanguageModel,
  layersOf,
  type ModelOptions,
  rmsNorm,
} from "../../notebooks/language_model.ts";
import {
  evenWindows,
  frequencyBits,
  loadText,
  shareOf,
} from "../../notebooks/paradise_lost.ts";
import {
  bitsPerCharacter,
  trainLanguageModel,
  write,
} from "../../notebooks/train_language_model.ts";

const { tf } = await loadTensorFlow({ prefer: "wasm" });
const text = await loadText();

const build = (width = 16, options: ModelOptions = {}) =>
  new LanguageModel(
    tf,
    { width, depth: 1, context: 8, vocabulary: 65 },
    options,
  );

/** Losses by report. */
async function losses(
  model: LanguageModel,
  { learningRate = 0.02, startStep = 0, until = 4 } = {},
): Promise<number[]> {
  const seen: number[] = [];
  let step = startStep;
  const trial = {
    number: 0,
    startStep,
    report: (at: number, values: unknown) => {
      step = at;
      seen.push((values as { validation: { loss: number } }).validation.loss);
      return Promise.resolve();
    },
    shouldStop: () => step >= until,
  };
  await trainLanguageModel(tf, trial, model, text, {
    reports: 4,
    learningRate,
    validationWindows: 16,
  });
  return seen;
}

describe("the text of the language model", () => {
  it("is split by books, none twice", () => {
    const { characters, train, validation, test } = text;
    const read = (part: Int32Array) =>
      [...part.subarray(0, 12)].map((one) => characters[one]).join("");
    expect(characters.length).toBe(65);
    expect(read(train)).toBe("Book I\n\nOf M");
    expect(read(validation)).toBe("\nBook XI\n\nUn");
    expect(read(test)).toBe("\nBook XII\n\nA");
    expect(train.length + validation.length + test.length).toBe(456_743);
    expect(shareOf(text, 0.5).train.length).toBe(194_252);
  });

  it("has 4.52 bits per character in its frequencies alone, less than log₂ 65", () => {
    expect(frequencyBits(text)).toBeCloseTo(4.52, 2);
  });
});

describe("LanguageModel", () => {
  it("begins with the loss of one who knows nothing, log₂ 65, at each width", async () => {
    for (const width of [16, 48]) {
      const model = build(width);
      const loss = await bitsPerCharacter(tf, model, text.validation, 8);
      expect(loss).toBeCloseTo(Math.log2(65), 5);
      model.dispose();
    }
  });

  it("learns, and reports what it has learnt", async () => {
    const model = build();
    const seen = await losses(model);
    expect(seen.length).toBe(4);
    expect(seen[0]!).toBeLessThan(Math.log2(65) - 0.5);
    expect(seen[3]!).toBeLessThan(seen[0]! - 0.3);
    expect(seen[3]!).toBeLessThan(frequencyBits(text));
    model.dispose();
  });

  it("goes on where it was paused as if it had not been", async () => {
    const [whole, paused] = [build(), build()];
    const all = await losses(whole);
    const first = await losses(paused, { until: 2 });
    const rest = await losses(paused, { startStep: 2 });
    expect([...first, ...rest]).toEqual(all);
    whole.dispose();
    paused.dispose();
  });

  it("does not look ahead: a later character changes no earlier logits, but its own", async () => {
    const model = build(32);
    await losses(model, { until: 1 });
    const logits = (last: number) =>
      tf.tidy(() =>
        model.logits(
          tf.tensor2d([[1, 2, 3, 4, 5, last, 7, 8]], [1, 8], "int32"),
        )
          .arraySync()
      ) as number[][];
    const [a, b] = [logits(6), logits(60)];
    expect(b.slice(0, 5)).toEqual(a.slice(0, 5));
    for (const place of [5, 6, 7]) expect(b[place]).not.toEqual(a[place]);
    model.dispose();
  });

  it("leaves no tensors behind", async () => {
    const before = tf.memory().numTensors;
    const model = build();
    await losses(model, { until: 1 });
    write(tf, model, text, { after: text.test.slice(0, 8), length: 3 });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("has the same text and loss again from the same seed, others from another", async () => {
    const written: string[] = [];
    for (const seed of ["a", "a", "b"]) {
      const model = build(16, { seed });
      await losses(model, { until: 1 });
      written.push(
        write(tf, model, text, { after: text.test.slice(0, 8), length: 20 }),
      );
      model.dispose();
    }
    expect(written[1]).toBe(written[0]);
    expect(written[2]).not.toBe(written[0]);
  });
});

describe("width-aware scaling", () => {
  /** How far a first step of Adam moves each layer's matrices: its learning rate, whatever the gradient. */
  async function moves(width: number, options: ModelOptions, factors = {}) {
    const model = build(width, options);
    // Two steps first: with an output of zero nothing before it has a gradient.
    for (let i = 0; i < 3; i++) {
      const windows = evenWindows(tf, text.train, { count: 4, context: 8 });
      model.step(windows, 1e-3).dispose();
      windows.dispose();
    }
    const read = () => tf.tidy(() => model.weights().map((w) => w.clone()));
    const before = read();
    const windows = evenWindows(tf, text.train, { count: 4, context: 8 });
    model.step(windows, 1e-3, factors).dispose();
    const after = read();
    const most = await Promise.all(after.map(async (w, i) => {
      const far = tf.tidy(() => w.sub(before[i]!).abs().max());
      const [value] = await far.data();
      far.dispose();
      return value!;
    }));
    tf.dispose([windows, ...before, ...after]);
    const named = new Map(
      model.pieces.map(({ name }, i) => [name, most[i]!]),
    );
    model.dispose();
    return named;
  }

  it("equals the standard at the width of 16", async () => {
    const aware = await moves(16, { scaling: "width-aware" });
    expect([...aware]).toEqual([...await moves(16, { scaling: "standard" })]);
  });

  it("shortens the steps of hidden matrices alone, by width over 16", async () => {
    const standard = await moves(64, { scaling: "standard" });
    const aware = await moves(64, { scaling: "width-aware" });
    const ratio = (name: string) => aware.get(name)! / standard.get(name)!;
    for (const name of ["attend", "mix", "widen", "narrow"]) {
      expect(ratio(`block1 ${name}`)).toBeGreaterThan(0.15);
      expect(ratio(`block1 ${name}`)).toBeLessThan(0.4);
    }
    for (const name of ["embedding characters", "output characters"]) {
      expect(ratio(name)).toBeGreaterThan(0.6);
      expect(ratio(name)).toBeLessThan(1.6);
    }
  });

  it("is multiplied with a layer's own factor; 0 freezes it", async () => {
    const frozen = await moves(16, {}, { block1: 0 });
    for (const [name, most] of frozen) {
      if (name.startsWith("block1")) expect(most).toBe(0);
      else expect(most).toBeGreaterThan(0);
    }
    const { context, vocabulary } = { context: 8, vocabulary: 65 };
    expect(layersOf({ width: 16, depth: 2, context, vocabulary })).toEqual([
      "embedding",
      "block1",
      "block2",
      "output",
    ]);
  });
});

describe("rmsNorm()", () => {
  it("gives rows whose mean square is 1 before the gain", () => {
    const squares = tf.tidy(() =>
      rmsNorm(tf, tf.tensor2d([[3, 4], [-1, 7]]), tf.ones([2]))
        .square().mean(1).arraySync()
    ) as number[];
    for (const square of squares) expect(square).toBeCloseTo(1, 5);
  });

  it("has the derivatives that differences show", () => {
    const x = [0.5, -1.2, 2, 0.3, 1.1, -0.7];
    const gain = [1.5, 0.5, -1];
    const weights = [1, -2, 0.5, 0.7, 1.3, -1];
    const value = (x: number[], gain: number[]) =>
      x.reduce((sum, at, i) => {
        const row = x.slice(3 * Math.floor(i / 3)).slice(0, 3);
        const square = row.reduce((all, one) => all + one ** 2, 0) / 3;
        return sum + weights[i]! * gain[i % 3]! * at / Math.sqrt(square + 1e-6);
      }, 0);
    const difference = (of: (by: number) => number) =>
      (of(1e-5) - of(-1e-5)) / 2e-5;
    const moved = (list: number[], i: number, by: number) =>
      list.map((one, j) => i === j ? one + by : one);
    const [dx, dg] = tf.tidy(() =>
      tf.grads((x, gain) =>
        rmsNorm(tf, x!, gain!).mul(tf.tensor2d(weights, [2, 3])).sum()
      )([tf.tensor2d(x, [2, 3]), tf.tensor1d(gain)])
        .map((gradient) => [...gradient.dataSync()])
    );
    x.forEach((_, i) =>
      expect(dx![i]!).toBeCloseTo(
        difference((by) => value(moved(x, i, by), gain)),
        4,
      )
    );
    gain.forEach((_, i) =>
      expect(dg![i]!).toBeCloseTo(
        difference((by) => value(x, moved(gain, i, by))),
        4,
      )
    );
  });
});
