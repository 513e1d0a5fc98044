import {
  largestSobolDimension,
  randomStream,
  type Sobol,
  sobol,
  sobolScramble,
} from "../math/mod.ts";
import { allowedPoint } from "./_allowed_points.ts";
import type { Sampler } from "./sampler.ts";

/** Options of {@linkcode sobolSampler}. */
export interface SobolSamplerOptions {
  /**
   * Whether the sequence is scrambled by the study's seed. Unscrambled, every
   * study has the same sequence, and it begins with the lowest value of every
   * parameter. Defaults to `true`.
   */
  readonly scramble?: boolean;
}

/**
 * Walks a Sobol sequence, which fills the space more evenly than random draws
 * do; most evenly with 2, 4, 8, 16, … trials. Trial number n takes point n, an
 * axis a parameter.
 *
 * Where the space has rules, points that they do not allow are skipped: trial number
 * n takes the n-th that is allowed. Of a space in which fewer than one point in a
 * hundred is, point n is moved to what the rules leave.
 *
 * A space of more than 256 parameters has its first 256 on the sequence and the
 * others drawn from the trial's random stream, one number each; otherwise it
 * draws nothing from that stream.
 *
 * @throws {TypeError} If `scramble` is not a boolean.
 *
 * @example
 * ```ts
 * import { sobolSampler } from "@etude/etude";
 * const sampler = sobolSampler({ scramble: false });
 * ```
 */
export function sobolSampler(options: SobolSamplerOptions = {}): Sampler {
  const { scramble = true } = options;
  if (typeof scramble !== "boolean") {
    throw new TypeError(
      `Cannot make the Sobol sampler: scramble is ${
        String(scramble)
      }, expected true or false`,
    );
  }
  const sequenceOf = rememberLast(scramble);
  return Object.freeze<Sampler>({
    name: "sobol",
    suggest: ({ study: { space }, number, seed, random, fixed }) => {
      const dimension = Math.min(space.dimension, largestSobolDimension);
      const sequence = sequenceOf(seed, dimension);
      const point = sequence.point(number);
      const unit = Float64Array.from(
        space.parameters,
        (_, axis) => axis < dimension ? point[axis]! : random.uniform(),
      );
      const beyond = space.dimension - dimension;
      if (space.rules.length > 0) {
        return allowedPoint({ space, fixed, number, random }, {
          name: "a Sobol sequence",
          unit,
          // Beyond the sequence's axes there is no other point to go on to.
          ...(beyond === 0
            ? {
              sequence: {
                key: `${seed} ${scramble}`,
                point: (n) => sequence.point(n),
              },
            }
            : {}),
        });
      }
      return {
        params: space.decode(unit, fixed),
        reason: `Point ${number + 1} of a ${
          scramble ? "scrambled " : ""
        }Sobol sequence${
          beyond === 0
            ? ""
            : `; the last ${beyond} parameters, beyond its ${largestSobolDimension} dimensions, at random`
        }.`,
      };
    },
  });
}

/** Makes sequences, and keeps the last: it hangs on the arguments alone. */
function rememberLast(
  scramble: boolean,
): (seed: string, dimension: number) => Sobol {
  let last: { seed: string; sequence: Sobol } | undefined;
  return (seed, dimension) => {
    if (last?.seed !== seed || last.sequence.dimension !== dimension) {
      const sequence = sobol(
        dimension,
        scramble
          ? { scramble: sobolScramble(dimension, randomStream(seed, "sobol")) }
          : {},
      );
      last = { seed, sequence };
    }
    return last.sequence;
  };
}
