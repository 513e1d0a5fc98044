/** What tfjs abbreviates. */
const FULL_NAMES: Readonly<Record<string, string>> = Object.freeze({
  acc: "accuracy",
  ce: "crossentropy",
});

/** The names under which a model's metrics are reported; a repeated one gets a number. */
export function metricNames(tfjsNames: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (const tfjsName of tfjsNames) {
    const name = FULL_NAMES[tfjsName] ?? tfjsName;
    let free = name;
    for (let i = 2; names.includes(free); i++) free = `${name} ${i}`;
    names.push(free);
  }
  return names;
}

/** The average of metrics over batches, each batch counting by its examples. */
export class MetricAverage {
  readonly #names: readonly string[];
  readonly #sums: number[];
  #examples = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#sums = names.map(() => 0);
  }

  /** Adds the metrics of a batch, in the order of the names. */
  add(values: readonly number[], examples: number): void {
    this.#examples += examples;
    values.forEach((value, index) =>
      this.#sums[index]! += counted(value * examples)
    );
  }

  /** The averages so far, by name. */
  result(): Readonly<Record<string, number>> {
    return Object.freeze(Object.fromEntries(
      this.#names.map((name, index) => [
        name,
        this.#sums[index]! / this.#examples,
      ]),
    ));
  }
}

/** What a sum of single-precision numbers may be off by, as a share of it: a few roundings. */
const SINGLE_PRECISION = 2 ** -22;

/**
 * The sum, or the whole number that it is but for rounding. Accuracy counts
 * examples: two models that are right equally often must not differ.
 */
function counted(sum: number): number {
  const whole = Math.round(sum);
  return Math.abs(sum - whole) <= SINGLE_PRECISION * Math.abs(sum)
    ? whole
    : sum;
}
