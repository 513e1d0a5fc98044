import type { StudyView } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import { constraintRatios, rankedByAll } from "./_tpe_constraints.ts";
import { hasPoint, TpeHistory } from "./_tpe_history.ts";
import { thinned, TpeModel } from "./_tpe_model.ts";
import { splitTrials, type TpeSplit } from "./_tpe_split.ts";
import type { Sampler, Suggestion, SuggestRequest } from "./sampler.ts";
import { sobolSampler } from "./sobol_sampler.ts";

/** Options of {@linkcode tpeSampler}. */
export interface TpeSamplerOptions {
  /**
   * How many trials, complete or pruned, there must be before the model is
   * asked; until then points come from a scrambled Sobol sequence. A whole
   * number of at least 1. Defaults to `5`.
   */
  readonly initialTrials?: number;
  /**
   * How many candidates are drawn, of which the most promising is taken. More
   * of them search less widely. A whole number of at least 1. Defaults to `20`.
   */
  readonly candidates?: number;
  /**
   * The share of the trials that count as good, in `(0, 1)`; never fewer than 2
   * nor more than 25 trials do, of several objectives 100. Defaults to `0.1`, with
   * several objectives to `0.2`: there is a front to cover.
   */
  readonly goodShare?: number;
  /**
   * How much the uniform prior weighs, where 1 is the weight of a trial; above
   * 0. More explores more. Defaults to `1`.
   */
  readonly priorWeight?: number;
  /**
   * Whether all parameters are modelled together, so that what is good in
   * combination is seen; otherwise each for itself, which is usually worse.
   * Defaults to `true`.
   */
  readonly multivariate?: boolean;
}

/** No fewer trials than these count as good: around a single one there is no direction. */
const fewestGoodTrials = 2;
/** No more trials than these count as good. */
const mostGoodTrials = 25;
/** The same of several objectives. */
const mostOfFronts = 100;
/** More bad trials than these are thinned out evenly. */
const mostBadTrials = 1000;
/** How often a point drawn at random may be one that was tried before it is taken nonetheless. */
const freshDraws = 20;

/**
 * The tree-structured Parzen estimator (TPE): models where good trials lie and
 * where bad ones, and tries where the ratio of the two densities is largest.
 * Fast with thousands of trials, and at home in spaces of any kind: with
 * logarithms, steps, choices, orders and conditions.
 *
 * - The parameters of a configuration are modelled together, a kernel a trial. A
 *   conditional parameter is modelled on the trials in which it is active.
 * - A good trial weighs the more the better its rank is, so that the scale of
 *   the objective does not matter. Values that are NaN or infinitely bad count
 *   as bad.
 * - Of several objectives the first fronts are good, ranked front by front; of a
 *   front that is too large those that together dominate most, the one that adds
 *   most to the hypervolume first.
 * - Pruned trials rank behind complete ones, by how far they got and then by
 *   their last value. Failed trials do not count, running and waiting ones count
 *   as bad, so that workers side by side keep apart.
 * - Of a study with constraints, feasible trials are good before others, and where
 *   each constraint is kept is modelled as well; as many candidates are drawn
 *   there. Not so where each parameter is modelled for itself.
 * - A configuration that a trial has is not suggested again as long as another
 *   can be found.
 *
 * It draws from the trial's random stream, once modelling begins: for each
 * candidate one number and one more for each parameter that has several values;
 * more where all candidates were tried before.
 *
 * Source: Bergstra, Bardenet, Bengio and Kégl, "Algorithms for Hyper-Parameter
 * Optimization" (2011); defaults from Optuna 5 and from Watanabe,
 * "Tree-Structured Parzen Estimator" (2023); constraints from Watanabe and
 * Hutter, "c-TPE" (2023); several objectives after Ozaki et al., "Multiobjective
 * Tree-Structured Parzen Estimator" (2022).
 *
 * @throws {TypeError} If `multivariate` is not a boolean.
 * @throws {RangeError} If a number is outside its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space, tpeSampler } from "@etude/etude";
 * const study = await createStudy({
 *   name: "parabola",
 *   space: space({ x: float(-5, 5) }),
 *   objective: minimize("loss"),
 *   sampler: tpeSampler({ initialTrials: 8 }),
 *   storage: "memory",
 * });
 * await study.optimize(({ params }) => (params.x - 1) ** 2, { trials: 20, progress: false });
 * ```
 */
export function tpeSampler(options: TpeSamplerOptions = {}): Sampler {
  const settings = checkOptions(options);
  const initial = sobolSampler();
  const models = new WeakMap<Space, SpaceModels>();
  const modelsOf = (space: Space) => {
    let known = models.get(space);
    if (known === undefined) {
      models.set(space, known = makeModels(space, settings));
    }
    return known;
  };
  return Object.freeze<Sampler>({
    name: "tpe",
    suggest<C>(request: SuggestRequest<C>) {
      const { space, trials, objectives } = request
        .study as unknown as StudyView;
      const split = splitTrials(trials, {
        objectives,
        share: settings.goodShare ?? (objectives.length > 1 ? 0.2 : 0.1),
        least: fewestGoodTrials,
        most: objectives.length > 1 ? mostOfFronts : mostGoodTrials,
      });
      const { initialTrials } = settings;
      const { history, parts } = modelsOf(space);
      if (split.ended < initialTrials || history.axes.length === 0) {
        const { params } = initial.suggest(request) as Suggestion<C>;
        return {
          params,
          reason: split.ended < initialTrials
            ? `Spread evenly over the space, since the model waits for ${initialTrials} finished trials and has ${split.ended}.`
            : "The only configuration that the space has.",
        };
      }
      const points = history.pointsOf(trials);
      return search(request as unknown as SuggestRequest, {
        history,
        parts,
        points,
        split,
        settings,
      }) as Suggestion<C>;
    },
  });
}

type Settings =
  & Required<Omit<TpeSamplerOptions, "goodShare">>
  & Pick<TpeSamplerOptions, "goodShare">;

/** A model of some of the axes. */
interface PartModel {
  readonly axes: readonly number[];
  readonly model: TpeModel;
}

/** What is kept for a space: all of it hangs on the trials alone. */
interface SpaceModels {
  readonly history: TpeHistory;
  /** One model of all axes, or one for each. */
  readonly parts: readonly PartModel[];
}

function makeModels(space: Space, { multivariate }: Settings): SpaceModels {
  const history = new TpeHistory(space);
  const all = history.axes.map((_, d) => d);
  const parts = (multivariate ? [all] : all.map((d) => [d])).map((axes) => ({
    axes,
    model: new TpeModel(axes.map((d) => history.axes[d]!.kernels!)),
  }));
  return { history, parts };
}

interface SearchContext extends SpaceModels {
  readonly points: readonly Float64Array[];
  readonly split: TpeSplit;
  readonly settings: Settings;
}

/** Draws candidates near the good trials, and takes the most promising that is new. */
function search(
  { study, fixed, random: { uniform } }: SuggestRequest,
  context: SearchContext,
): Suggestion {
  const { history, parts, points, split, settings } = context;
  // With conditions and pinned values, the space knows which configurations there are.
  const isFree = !history.isConditional && Object.keys(fixed).length === 0;
  const toValid = (point: Float64Array) =>
    isFree ? history.snap(point) : history.encode(history.decode(point, fixed));
  const isNew = (point: Float64Array) => !hasPoint(points, point);
  const known = history.encode(fixed);
  let fresh: Float64Array | null;
  let promising: Float64Array;
  if (settings.multivariate) {
    const drawn = drawFrom(parts[0]!, context, { known, uniform })
      .map(toValid);
    const { model } = parts[0]!;
    const ratios = constraintRatios(study, {
      axes: history.axes.map(({ kernels }) => kernels!),
      points,
      priorWeight: settings.priorWeight,
      most: mostBadTrials,
    });
    if (ratios.length === 0) {
      fresh = model.mostPromising(drawn, isNew);
      promising = fresh ?? model.mostPromising(drawn)!;
    } else {
      const near = ratios.flatMap((ratio) => {
        const draw = ratio.model.drawer(known);
        return Array.from(
          { length: settings.candidates },
          () => toValid(draw(uniform)),
        );
      });
      const ranked = rankedByAll([...drawn, ...near], {
        model,
        share: split.good.length / split.ended,
        ratios,
      });
      fresh = ranked.find(isNew) ?? null;
      promising = ranked[0]!;
    }
  } else {
    promising = drawEach(context, { known, uniform });
    fresh = isNew(toValid(promising)) ? promising : null;
  }
  fresh ??= drawFresh(context, uniform, toValid);
  const { good, ended } = split;
  return {
    params: history.decode(fresh ?? promising, fixed),
    reason: fresh === null
      ? "Every configuration looked at was tried before, and this one promises most."
      : good.length === 0
      ? `Away from the ${ended} trials so far, of which none has a usable value.`
      : `The most promising of ${settings.candidates} points near the ${
        good.length === 1 ? "best" : `${good.length} best`
      } of ${ended} trials.`,
  };
}

interface DrawOptions {
  /** The coordinates that are pinned, NaN elsewhere. */
  readonly known: Float64Array;
  readonly uniform: () => number;
}

/** Fits a model to its part of the trials, and draws candidates near the good ones. */
function drawFrom(
  { axes, model }: PartModel,
  { points, split, settings }: SearchContext,
  { known, uniform }: DrawOptions,
): Float64Array[] {
  const part = (point: Float64Array) =>
    axes.length === point.length
      ? point
      : Float64Array.from(axes, (d) => point[d]!);
  model.fit({
    good: split.good.map((index) => part(points[index]!)),
    bad: thinned(split.bad, mostBadTrials).map((index) => part(points[index]!)),
    priorWeight: settings.priorWeight,
  });
  const draw = model.drawer(part(known));
  return Array.from({ length: settings.candidates }, () => draw(uniform));
}

/** The most promising coordinate on each axis by itself. */
function drawEach(context: SearchContext, options: DrawOptions): Float64Array {
  const { axes } = context.history;
  return Float64Array.from(context.parts, (part, d) => {
    const { kernels, fromUnit } = axes[d]!;
    const drawn = drawFrom(part, context, options).map((point) =>
      kernels!.kind === "continuous" ? point.map(fromUnit) : point
    );
    return part.model.mostPromising(drawn)![0]!;
  });
}

/** A point drawn at random that no trial has; null if none was found. */
function drawFresh(
  { history, points }: SearchContext,
  uniform: () => number,
  toValid: (point: Float64Array) => Float64Array,
): Float64Array | null {
  for (let draw = 0; draw < freshDraws; draw++) {
    const point = Float64Array.from(
      history.axes,
      ({ fromUnit }) => fromUnit(uniform()),
    );
    if (!hasPoint(points, toValid(point))) return point;
  }
  return null;
}

function checkOptions(options: TpeSamplerOptions): Settings {
  const {
    initialTrials = 5,
    candidates = 20,
    goodShare,
    priorWeight = 1,
    multivariate = true,
  } = options;
  const check = (name: string, value: unknown, fits: boolean, what: string) => {
    if (fits) return;
    throw new RangeError(
      `Cannot make the TPE sampler: ${name} is ${
        String(value)
      }, expected ${what}`,
    );
  };
  const counts = { initialTrials, candidates };
  for (const [name, count] of Object.entries(counts)) {
    const fits = Number.isInteger(count) && count >= 1;
    check(name, count, fits, "a whole number of at least 1");
  }
  const isShare = goodShare === undefined || goodShare > 0 && goodShare < 1;
  check("goodShare", goodShare, isShare, "a number between 0 and 1");
  const isWeight = priorWeight > 0 && priorWeight < Infinity;
  check("priorWeight", priorWeight, isWeight, "a number above 0");
  if (typeof multivariate !== "boolean") {
    throw new TypeError(
      `Cannot make the TPE sampler: multivariate is ${
        String(multivariate)
      }, expected true or false`,
    );
  }
  return { initialTrials, candidates, goodShare, priorWeight, multivariate };
}
