import type { RandomStream } from "../math/mod.ts";
import type { LayersModel } from "./tensorflow.ts";

/** A layer, as far as seeds go; tfjs keeps the seed private. */
interface SeededLayer {
  seed?: number;
  getClassName?(): string;
  readonly layers?: readonly SeededLayer[];
  readonly layer?: SeededLayer;
}

const DROPOUT_CLASSES: ReadonlySet<string> = new Set([
  "Dropout",
  "SpatialDropout1D",
]);

/** Seeds of tfjs lie below this. */
const SEEDS = 2 ** 31;

/**
 * The seeds of a model's dropout layers. tfjs leaves two choices, and neither
 * will do: a layer without a seed drops other units at each run, one with a
 * seed drops the same units at each batch. So each batch gets seeds of its own
 * from the trial's stream.
 */
export class DropoutSeeds {
  readonly #layers: readonly SeededLayer[];
  readonly #before: readonly (number | undefined)[];
  readonly #random: RandomStream;

  constructor(model: LayersModel, random: RandomStream) {
    this.#layers = dropoutLayers(model as unknown as SeededLayer);
    this.#before = this.#layers.map(({ seed }) => seed);
    this.#random = random;
  }

  /** Gives each layer the next seed. */
  next(): void {
    for (const layer of this.#layers) layer.seed = this.#random.int(SEEDS);
  }

  /** Gives each layer the seed that it came with. */
  restore(): void {
    this.#layers.forEach((layer, index) => layer.seed = this.#before[index]);
  }
}

/** The dropout layers of a model and of the models and wrappers within. */
function dropoutLayers(layer: SeededLayer): SeededLayer[] {
  const inner = [...layer.layers ?? [], ...layer.layer ? [layer.layer] : []];
  const own = DROPOUT_CLASSES.has(layer.getClassName?.() ?? "") ? [layer] : [];
  return [...own, ...inner.flatMap(dropoutLayers)];
}
