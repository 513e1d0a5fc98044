import { sobol } from "../math/mod.ts";
import type { Prediction, PriorShare } from "../records/mod.ts";
import { type Configuration, type Space, toUnit } from "../space/mod.ts";
import { portfolio } from "./portfolio.ts";
import type { PriorStudy } from "./prior_study.ts";
import { learntBounds, type LearntBoundsOptions } from "./search_bounds.ts";

/** What a strategy is asked. */
export interface WarmStartRequest<C = Configuration> {
  /** Prior studies, in any order. */
  readonly studies: readonly PriorStudy[];
  /** The space of the new study. */
  readonly space: Space<C>;
  /** The most configurations wanted, at least 1. */
  readonly size: number;
}

/** Sources named with a start at most. */
const mostVoices = 8;

/** A configuration to begin with. */
export interface Start<C = Configuration> {
  /** The configuration, valid for the space. */
  readonly params: C;
  /** Why this one, in a sentence. */
  readonly reason: string;
  /** What prior studies expect of it, in the objective's units; absent where their values are of other things. */
  readonly expected?: Prediction;
  /** The prior studies that spoke for it, with their shares of the weight; absent where nobody kept them. */
  readonly voices?: readonly PriorShare[];
}

/**
 * A way to begin a study before it has trials of its own. It holds no state and
 * draws no random numbers: equal requests are answered equally.
 */
export interface WarmStart {
  /** What it is called in messages, e.g. `"portfolio"`. */
  readonly name: string;
  /**
   * The configurations to begin with, the most promising first, none twice; none
   * if the studies say nothing.
   */
  begin<C>(request: WarmStartRequest<C>): readonly Start<C>[];
}

/**
 * Begins with what together did best on the prior studies; see
 * {@linkcode portfolio}.
 *
 * @example
 * ```ts
 * import { portfolioStart, createStudy, float, MemoryStorage, openLibrary, readPriorStudies, space } from "@etude/etude";
 * const past = new MemoryStorage();
 * const old = await createStudy({ name: "old", space: space({ x: float(0, 1) }), storage: past, library: false });
 * await old.optimize(({ params }) => (params.x - 0.3) ** 2, { trials: 8, progress: false });
 * const now = space({ x: float(0, 1) });
 * const similar = await (await openLibrary([past])).similar(null, now);
 * const studies = await readPriorStudies(similar);
 * portfolioStart().begin({ studies, space: now, size: 1 })[0]?.params; // x near 0.3
 * ```
 */
export function portfolioStart(): WarmStart {
  return Object.freeze<WarmStart>({
    name: "portfolio",
    begin<C>({ studies, space, size }: WarmStartRequest<C>) {
      return portfolio(studies, space, { size })
        .map(({ params, reason, expected, voices }) =>
          start<C>(params, reason, {
            expected,
            voices: voices.slice(0, mostVoices).map(({ name, weight }) => ({
              name,
              share: weight,
            })),
          })
        );
    },
  });
}

/**
 * Begins with the best trial of each of the most similar studies, the most
 * similar first; when each has spoken, with their second best, and so on.
 *
 * Source: Feurer, Springenberg and Hutter, Initializing Bayesian hyperparameter
 * optimization via meta-learning (2015).
 *
 * @example
 * ```ts
 * import { nearestStart, createStudy, float, MemoryStorage, openLibrary, readPriorStudies, space } from "@etude/etude";
 * const past = new MemoryStorage();
 * const old = await createStudy({ name: "old", space: space({ x: float(0, 1) }), storage: past, library: false });
 * await old.optimize(({ params }) => (params.x - 0.3) ** 2, { trials: 8, progress: false });
 * const now = space({ x: float(0, 1) });
 * const similar = await (await openLibrary([past])).similar(null, now);
 * const studies = await readPriorStudies(similar);
 * nearestStart().begin({ studies, space: now, size: 1 })[0]?.params; // x near 0.3
 * ```
 */
export function nearestStart(): WarmStart {
  return Object.freeze<WarmStart>({
    name: "nearest",
    begin<C>({ studies, space, size }: WarmStartRequest<C>) {
      const nearest = studies.filter(({ weight }) => weight > 0)
        .toSorted((a, b) => b.weight - a.weight)
        .map((study) => ({ study, ranked: ranked(study) }));
      const found = new Map<string, Start<C>>();
      const deepest = Math.max(
        0,
        ...nearest.map(({ ranked }) => ranked.length),
      );
      for (let rank = 0; rank < deepest && found.size < size; rank++) {
        for (const { study, ranked } of nearest) {
          const trial = ranked[rank];
          if (trial === undefined || found.size >= size) continue;
          const mapped = study.mapping.mapTrial(trial.params, {
            outside: "move",
          });
          // What rules refuse is moved, where that is no long way.
          const params = mapped === null || space.rules.length === 0
            ? mapped
            : space.allowed().nearestOrNull(mapped);
          if (params === null) continue;
          const key = JSON.stringify(params);
          if (found.has(key)) continue;
          const place = rank === 0 ? "Best" : `Number ${rank + 1}`;
          found.set(
            key,
            start<C>(params, `${place} on ${study.name}.`, {
              voices: [{ name: study.name, share: 1 }],
            }),
          );
        }
      }
      return Object.freeze([...found.values()]);
    },
  });
}

/** The trials by value, the best first; of equals the first. */
function ranked({ trials, objective }: PriorStudy) {
  const sign = objective.direction === "minimize" ? 1 : -1;
  return trials.filter(({ value }) => Number.isFinite(value))
    .toSorted((a, b) => sign * (a.value! - b.value!) || a.number - b.number);
}

/**
 * Begins with points that fill the box in which the best of the prior studies
 * lie; see {@linkcode learntBounds}.
 *
 * @example
 * ```ts
 * import { boundsStart, float, space } from "@etude/etude";
 * boundsStart().begin({ studies: [], space: space({ x: float(0, 1) }), size: 3 }); // []: nobody says where
 * ```
 */
export function boundsStart(options: LearntBoundsOptions = {}): WarmStart {
  return Object.freeze<WarmStart>({
    name: "bounds",
    begin<C>({ studies, space, size }: WarmStartRequest<C>) {
      const { range } = learntBounds(studies, space, options);
      if (Object.keys(range).length === 0) return [];
      const box = space.parameters.map((parameter) => {
        const [low, high] = Object.hasOwn(range, parameter.name)
          ? range[parameter.name]!
          : [];
        return low === undefined || high === undefined
          ? [0, 1] as const
          : [toUnit(parameter, low), toUnit(parameter, high)] as const;
      });
      const sequence = sobol(Math.min(box.length, 1000));
      const found = new Map<string, Start<C>>();
      // Small spaces have fewer configurations than are wanted.
      for (let i = 1; found.size < size && i <= 8 * size; i++) {
        const point = sequence.point(i);
        const params = space.decode(
          box.map(([low, high], axis) =>
            low + (high - low) * point[axis % point.length]!
          ),
        ) as Configuration;
        // Where rules refuse a point the sequence has others.
        if (!space.allows(params as C)) continue;
        const names = Object.keys(range).slice(0, 3).join(", ");
        const key = JSON.stringify(params);
        if (!found.has(key)) {
          found.set(
            key,
            start<C>(params, `Where prior studies had their best (${names}).`),
          );
        }
      }
      return Object.freeze([...found.values()]);
    },
  });
}

/** Below this similarity a library has little to say, and below that something. */
const little = 0.15;
const something = 0.35;

/**
 * Chooses by what there is: a portfolio, as large as the studies are similar
 * (one configuration of faint likenesses, three, or all that are wanted); the
 * nearest study's best where studies are too small to be modelled.
 *
 * @example
 * ```ts
 * import { autoStart, createStudy, float, MemoryStorage, openLibrary, readPriorStudies, space } from "@etude/etude";
 * const past = new MemoryStorage();
 * const old = await createStudy({ name: "old", space: space({ x: float(0, 1) }), storage: past, library: false });
 * await old.optimize(({ params }) => (params.x - 0.3) ** 2, { trials: 8, progress: false });
 * const now = space({ x: float(0, 1) });
 * const similar = await (await openLibrary([past])).similar(null, now);
 * const studies = await readPriorStudies(similar);
 * autoStart().begin({ studies, space: now, size: 1 })[0]?.params; // x near 0.3
 * ```
 */
export function autoStart(): WarmStart {
  const [first, second] = [portfolioStart(), nearestStart()];
  return Object.freeze<WarmStart>({
    name: "auto",
    begin<C>(request: WarmStartRequest<C>) {
      const most = request.studies.reduce(
        (max, { weight }) => Math.max(max, weight),
        0,
      );
      const size = Math.min(
        request.size,
        most < little ? 1 : most < something ? 3 : request.size,
      );
      const found = first.begin<C>({ ...request, size });
      return found.length > 0 ? found : second.begin<C>({ ...request, size });
    },
  });
}

function start<C>(
  params: Configuration,
  reason: string,
  { expected = null, voices }: {
    expected?: Prediction | null;
    voices?: readonly PriorShare[];
  } = {},
): Start<C> {
  return Object.freeze({
    params: params as C,
    reason,
    ...(expected === null ? {} : { expected }),
    ...(voices === undefined ? {} : { voices }),
  });
}
