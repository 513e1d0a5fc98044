/**
 * Particle swarms: each particle is drawn to the best place that it has seen and to
 * the best that its neighbors have seen.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | x, v | `place`, `velocity` | where a particle is, and its last step |
 * | p, g | `own`, `theirs` | the best places of its own and of its neighbors |
 * | χ, φ | `inertia`, `pull` | constriction: χ = 0.7298, χ φ / 2 = 1.49618 |
 *
 * Source: Kennedy and Eberhart, Particle swarm optimization (1995); constriction:
 * Clerc and Kennedy, The particle swarm: explosion, stability, and convergence
 * (2002), eq. 4; the ring: Bratton and Kennedy, Defining a standard for particle
 * swarm optimization (2007).
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";
import { anyPoint, checkCount, clip, otherChoice } from "./_genes.ts";
import {
  type Axis,
  compareIndividuals,
  type Evolution,
  type Individual,
  type Member,
} from "./evolution.ts";

/** Options of {@linkcode particleSwarm}. */
export interface ParticleSwarmOptions {
  /** How many particles there are, at least 2. Defaults to 10 + ⌊2 √n⌋ for n axes. */
  readonly populationSize?: number;
  /** Who the neighbors are: everybody, or the two beside it on a ring, which is slower and less easily misled. Defaults to `"ring"`. */
  readonly topology?: "global" | "ring";
}

/** A particle. */
export interface Particle {
  /** Where it is, `[dimension]`. */
  readonly place: Float64Array;
  /** Its last step, `[dimension]`. */
  readonly velocity: Float64Array;
  /** The best that it has seen. */
  readonly best: Member;
}

/** What a swarm knows. */
export interface ParticleSwarmState {
  /** The particles; none before the first generation. */
  readonly particles: readonly Particle[];
  /** How many generations there were. */
  readonly generation: number;
}

const inertia = 0.7298;
const pull = 1.49618;

/**
 * A particle swarm with constriction.
 *
 * A particle that would leave the cube stops at its end. On an axis without an
 * order it takes its own best value, its neighbors', or keeps what it has, with
 * equal odds; and one time in twenty any other.
 *
 * Each particle draws two numbers an axis; the first generation, one.
 *
 * Source: Clerc and Kennedy 2002, eq. 4.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { particleSwarm, randomStream } from "@etude/etude";
 * const swarm = particleSwarm([{ kind: "continuous" }], { populationSize: 8 });
 * swarm.size(swarm.start()); // 8
 * swarm.ask(swarm.start(), 0, randomStream("seed")).length; // 1
 * ```
 */
export function particleSwarm(
  axes: readonly Axis[],
  options: ParticleSwarmOptions = {},
): Evolution<ParticleSwarmState> {
  // Clerc, Standard particle swarm optimisation (2012), section 3.2: SPSO 2006 and 2007.
  const {
    populationSize = 10 + Math.floor(2 * Math.sqrt(axes.length)),
    topology = "ring",
  } = options;
  checkCount("a particle swarm", "populationSize", populationSize, 2);
  if (topology !== "ring" && topology !== "global") {
    throw new RangeError(
      `Cannot make a particle swarm: topology is ${
        JSON.stringify(topology)
      }, expected "ring" or "global"`,
    );
  }

  return Object.freeze<Evolution<ParticleSwarmState>>({
    name: "particle swarm",
    start: () => ({ particles: [], generation: 0 }),
    size: ({ particles }) => particles.length || populationSize,
    ask: ({ particles }, slot, random) =>
      particles.length === 0
        ? anyPoint(axes, random)
        : move(particles, slot % particles.length, random),
    tell({ particles, generation }, told) {
      if (particles.length === 0) {
        return { particles: told.map(hatch), generation: generation + 1 };
      }
      const next = [...particles];
      for (const one of told) {
        const index = one.slot % particles.length;
        const { place, best } = next[index]!;
        next[index] = {
          place: one.point,
          velocity: one.point.map((x, j) => x - place[j]!),
          best: compareIndividuals(one, best) < 0 ? one : best,
        };
      }
      return { particles: next, generation: generation + 1 };
    },
    describe: ({ particles, generation }, slot) =>
      particles.length === 0
        ? `particle ${slot + 1} of ${populationSize} begins at random`
        : `particle ${
          slot % particles.length + 1
        } of ${particles.length}, step ${generation}`,
  });

  function move(
    particles: readonly Particle[],
    index: number,
    random: RandomStream,
  ): Float64Array {
    const { place, velocity, best: { point: own } } = particles[index]!;
    const theirs = bestAround(particles, index).point;
    return Float64Array.from(axes, (axis, j) => {
      const [a, b] = [random.uniform(), random.uniform()];
      const x = place[j]!;
      if (axis.kind === "unordered") {
        if (a < 0.05) return otherChoice(x, axis.count, random);
        return b < 1 / 3 ? x : b < 2 / 3 ? own[j]! : theirs[j]!;
      }
      return clip(
        x + inertia * velocity[j]! + pull * a * (own[j]! - x) +
          pull * b * (theirs[j]! - x),
      );
    });
  }

  function bestAround(
    particles: readonly Particle[],
    index: number,
  ): Particle["best"] {
    const count = particles.length;
    const around = topology === "global" ? particles : [
      particles[index]!,
      particles[(index + count - 1) % count]!,
      particles[(index + 1) % count]!,
    ];
    return around.map(({ best }) => best)
      .reduce((a, b) => compareIndividuals(b, a) < 0 ? b : a);
  }
}

/** A particle at its first place, half a step on its way towards any other. */
function hatch(one: Individual): Particle {
  const random = one.random();
  // The first numbers are those of its place.
  for (let j = 0; j < one.point.length; j++) random.uniform();
  return {
    place: one.point,
    velocity: one.point.map((x) => (random.uniform() - x) / 2),
    best: one,
  };
}
