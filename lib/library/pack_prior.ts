import { Buffer } from "node:buffer";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { Space } from "../space/mod.ts";
import type {
  Prior,
  PriorLevel,
  PriorSource,
  PriorStrategy,
} from "../surrogates/mod.ts";
import {
  fromPlanes16,
  fromPlanes32,
  toPlanes16,
  toPlanes32,
} from "./_planes.ts";
import { remapPrior } from "./remap_prior.ts";

/** A prior as JSON, some 30 kB. */
export interface PackedPrior {
  /** The format's number. */
  readonly version: 1;
  /** As in {@linkcode Prior}. */
  readonly strategy?: PriorStrategy;
  /** The space that it was made for, as JSON text. */
  readonly space: string;
  /** As in {@linkcode Prior}. */
  readonly sources: readonly PriorSource[];
  /** As in {@linkcode Prior}. */
  readonly lengthscales: readonly number[];
  /** As in {@linkcode Prior}. */
  readonly coherence: number | null;
  /** As in {@linkcode Prior}. */
  readonly likeness: number;
  /** As in {@linkcode Prior}. */
  readonly level: PriorLevel | null;
  /** How many nodes. */
  readonly nodes: number;
  /** Units as 16-bit places, coefficients and loadings as 32-bit floats, in planes, deflated, in base64. */
  readonly numbers: string;
}

/** Stands for NaN among places. */
const noPlace = 65535;

/**
 * A prior as JSON, to be kept with a study: what {@linkcode unpackPrior} makes of it is the same on every machine.
 *
 * @example
 * ```ts
 * import { float, packPrior, space, unpackPrior } from "@etude/etude";
 * const prior = {
 *   sources: [{ name: "last month", weight: 1 }], lengthscales: Float64Array.of(0.5), likeness: 1, coherence: null, level: null,
 *   units: [Float64Array.of(0.3)], coefficients: Float64Array.of(-1), loadings: new Float64Array(0),
 * };
 * const s = space({ x: float(0, 1) });
 * unpackPrior(packPrior(prior, s), s)?.sources[0]?.name; // "last month"
 * ```
 */
export function packPrior<C>(prior: Prior, space: Space<C>): PackedPrior {
  const { units, coefficients, loadings } = prior;
  const places = Uint16Array.from(
    units.flatMap((unit) => Array.from(unit)),
    (u) =>
      Number.isNaN(u)
        ? noPlace
        : Math.round(Math.min(1, Math.max(0, u)) * (noPlace - 1)),
  );
  const bytes = Buffer.concat([
    toPlanes16(places),
    toPlanes32(Float32Array.from(coefficients)),
    toPlanes32(Float32Array.from(loadings)),
  ]);
  return {
    version: 1,
    ...prior.strategy === undefined ? {} : { strategy: prior.strategy },
    space: JSON.stringify(space),
    sources: prior.sources,
    lengthscales: [...prior.lengthscales],
    coherence: prior.coherence,
    likeness: prior.likeness,
    level: prior.level,
    nodes: units.length,
    numbers: Buffer.from(deflateRawSync(bytes)).toString("base64"),
  };
}

/** A prior has no more bytes. */
const mostBytes = 256 * 2 ** 20;

/**
 * The prior that was packed; null if it was made for another space, or cannot be read.
 *
 * @example
 * ```ts
 * import { float, space, unpackPrior } from "@etude/etude";
 * unpackPrior("not a prior", space({ x: float(0, 1) })); // null
 * ```
 */
export function unpackPrior<C>(
  packed: unknown,
  space: Space<C>,
): Prior | null {
  try {
    const kept = packed as PackedPrior;
    if (kept.version !== 1 || kept.space !== JSON.stringify(space)) return null;
    const d = space.dimension;
    const T = kept.sources.length;
    const bytes = new Uint8Array(
      inflateRawSync(Buffer.from(kept.numbers, "base64"), {
        maxOutputLength: mostBytes,
      }),
    );
    const { nodes } = kept;
    // What it says it has must be there, before room is made for it.
    if (!Number.isSafeInteger(nodes) || nodes < 0) return null;
    if (nodes * (2 * d + 4) > bytes.length) return null;
    const places = fromPlanes16(bytes, 0, nodes * d);
    // 1 + R columns of coefficients, R rows of loadings.
    const floats = (bytes.length - 2 * nodes * d) / 4;
    const R = (floats - nodes) / (nodes + T);
    if (!Number.isInteger(R) || R < 0) return null;
    const at = 2 * nodes * d;
    const coefficients = fromPlanes32(bytes, at, nodes * (1 + R));
    const loadings = fromPlanes32(bytes, at + 4 * nodes * (1 + R), R * T);
    return Object.freeze<Prior>({
      ...kept.strategy === undefined ? {} : { strategy: kept.strategy },
      sources: kept.sources,
      lengthscales: Float64Array.from(kept.lengthscales),
      units: Array.from(
        { length: nodes },
        (_, i) =>
          Float64Array.from(
            places.subarray(i * d, (i + 1) * d),
            (place) => place === noPlace ? NaN : place / (noPlace - 1),
          ),
      ),
      coefficients: Float64Array.from(coefficients),
      loadings: Float64Array.from(loadings),
      coherence: kept.coherence,
      likeness: kept.likeness,
      level: kept.level,
    });
  } catch {
    return null;
  }
}

/** What is left of a packed prior. */
export interface KeptPrior {
  /** The prior over the space as it is now. */
  readonly prior: Prior;
  /** Whether the space has changed since, and it was read in the new one's words. */
  readonly isRemapped: boolean;
}

/**
 * The prior that was packed, over a space that may have changed since; null if
 * it cannot be read, or nothing of the space that it was made for is left.
 *
 * @example
 * ```ts
 * import { float, packPrior, space, unpackPriorFor } from "@etude/etude";
 * const prior = {
 *   sources: [{ name: "last month", weight: 1 }], lengthscales: Float64Array.of(0.5), likeness: 1, coherence: null, level: null,
 *   units: [Float64Array.of(0.3)], coefficients: Float64Array.of(-1), loadings: new Float64Array(0),
 * };
 * const before = space({ x: float(0, 1) });
 * const kept = unpackPriorFor(packPrior(prior, before), before.edit({ range: { x: [0, 2] } }));
 * kept?.isRemapped; // true
 * ```
 */
export function unpackPriorFor<C>(
  packed: unknown,
  space: Space<C>,
): KeptPrior | null {
  const same = unpackPrior(packed, space);
  if (same !== null) return { prior: same, isRemapped: false };
  try {
    const before = Space.fromJSON(JSON.parse((packed as PackedPrior).space));
    const kept = unpackPrior(packed, before);
    const prior = kept === null
      ? null
      : remapPrior(kept, before, space as unknown as Space);
    return prior === null ? null : { prior, isRemapped: true };
  } catch {
    return null;
  }
}
