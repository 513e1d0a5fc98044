/** Which data a curve was measured on; `"reported"` where its name does not say. */
export type Split = "train" | "validation" | "test" | "reported";

/** A curve's name, taken apart. */
export interface Series {
  /** What was measured, e.g. `"loss"`. */
  readonly quantity: string;
  /** On which data. */
  readonly split: Split;
}

const words: Readonly<Record<Exclude<Split, "reported">, string>> = {
  train: "train|training|trn|tr",
  validation: "validation|valid|val|dev|evaluation|eval",
  test: "test|testing",
};

/** `validation loss`, `val_loss`, `loss/val` and `loss (val)` are one thing. */
const patterns: readonly (readonly [Split, RegExp])[] = Object.entries(words)
  .flatMap(([split, word]) =>
    [
      `^(?:${word})[\\s_\\-./:]+(.+)$`,
      `^(.+?)[\\s_\\-./:]+\\(?(?:${word})\\)?$`,
    ]
      .map((pattern) => [split as Split, new RegExp(pattern, "i")] as const)
  );

function parse(name: string): Series {
  for (const [split, pattern] of patterns) {
    const quantity = pattern.exec(name)?.[1];
    if (quantity !== undefined) return { quantity, split };
  }
  return { quantity: name, split: "reported" };
}

/**
 * Takes the names of a study's curves apart. A bare name beside a validation
 * curve of the same quantity is the train curve, as in Keras (`loss`, `val_loss`).
 *
 * @example
 * ```ts
 * import { seriesOf } from "@etude/etude";
 * seriesOf(["loss", "val_loss"]).get("loss"); // { quantity: "loss", split: "train" }
 * ```
 */
export function seriesOf(names: Iterable<string>): ReadonlyMap<string, Series> {
  const parsed = new Map<string, Series>();
  for (const name of names) parsed.set(name, parse(name));
  const validated = new Set<string>();
  for (const { quantity, split } of parsed.values()) {
    if (split === "validation") validated.add(quantity);
  }
  for (const [name, { quantity, split }] of parsed) {
    if (split === "reported" && validated.has(quantity)) {
      parsed.set(name, { quantity, split: "train" });
    }
  }
  return parsed;
}
