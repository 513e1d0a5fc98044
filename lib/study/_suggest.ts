import type { Start } from "../library/mod.ts";
import { type RandomStream, randomStream } from "../math/mod.ts";
import {
  plainTrial,
  type Prediction,
  type PriorWeight,
  priorWeightKey,
  type StudyView,
  type TrialHistory,
  type TrialRecord,
} from "../records/mod.ts";
import type { Sampler, Suggestion } from "../samplers/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import type { Prior } from "../surrogates/mod.ts";
import { nextStart, startWeight } from "./_warm_start.ts";
import { narrowSpace } from "./_within.ts";
import type { Ranges } from "./ask_options.ts";

/** A configuration that was chosen, with what is known of the choice. */
export interface Choice {
  /** The whole configuration. */
  readonly params: Configuration;
  /** Why this one; null where nobody said. */
  readonly reason: string | null;
  /** What is expected of it; null where there is no surrogate. */
  readonly forecast: Prediction | null;
  /** How much prior studies weighed; null where they had no say. */
  readonly priorWeight: PriorWeight | null;
}

/** What it takes to choose. */
export interface Chooser {
  /** The study so far, without the trial to choose for. */
  readonly view: StudyView;
  /** The same trials by their place; null where there are only those of the view. */
  readonly history: TrialHistory | null;
  /** Who chooses. */
  readonly sampler: Sampler;
  /** The study's seed. */
  readonly seed: string;
  /** Configurations to begin with, from a library. */
  readonly starts: readonly Start[];
  /** What prior studies say of the function; null where there are none. */
  readonly prior: Prior | null;
}

/** Who chooses in narrower ranges: the configurations to begin with may lie outside of them, and the prior is another space's. */
export function chooserWithin(
  chooser: Chooser,
  ranges: Ranges | undefined,
): Chooser {
  if (ranges === undefined) return chooser;
  const space = narrowSpace(chooser.view.space, ranges);
  return space === chooser.view.space ? chooser : {
    ...chooser,
    view: { ...chooser.view, space },
    starts: [],
    prior: null,
  };
}

/** How many configurations are begun with before a sampler asks the prior. */
const startsBeforePrior = 3;

/**
 * Chooses the configuration of trial `number`: the fixed values themselves if
 * they leave nothing open, else a configuration to begin with that was not tried
 * yet, else what the sampler makes of them; null if the sampler has nothing left.
 */
export async function choose(
  { view, history, sampler, seed, starts, prior }: Chooser,
  number: number,
  fixed: Configuration,
): Promise<Choice | null> {
  const whole = view.space.dimension === 0 ? {} : wholeOf(view.space, fixed);
  if (whole !== null) {
    return { params: whole, reason: null, forecast: null, priorWeight: null };
  }
  // A sampler that asks the prior itself decides whether to begin so.
  const asks = prior !== null && sampler.asksPrior === true;
  // A grid, which comes to an end, has its own configurations and no others.
  const takesStarts = starts.length > 0 && Object.keys(fixed).length === 0 &&
    sampler.remaining === undefined;
  const start = takesStarts
    ? nextStart(asks ? starts.slice(0, startsBeforePrior) : starts, view)
    : null;
  const begun: Suggestion | null = start === null ? null : {
    params: start.params,
    reason: start.reason,
    ...(start.expected === undefined ? {} : { prediction: start.expected }),
    priorWeight: startWeight(start, prior),
  };
  if (begun !== null && !asks) return choiceOf(begun, view.space);
  // Made where it is asked for: many samplers have streams of their own.
  let random: RandomStream | null = null;
  const suggestion = await sampler.suggest<Configuration>({
    study: view,
    ...(history === null ? {} : { history }),
    number,
    seed,
    get random() {
      return random ??= randomStream(seed, number, "sampler");
    },
    fixed,
    ...(prior === null ? {} : { prior }),
    ...(begun === null ? {} : { start: begun }),
  });
  return suggestion === null ? null : choiceOf(suggestion, view.space, fixed);
}

/** The choice that a suggestion is; moved to what the rules allow where it, or a sampler of one's own, does not heed them. */
function choiceOf(
  { params, reason, prediction, priorWeight }: Suggestion,
  space: Space,
  fixed: Configuration = {},
): Choice {
  const isAllowed = space.rules.length === 0 || space.allows(params);
  return {
    params: isAllowed ? params : space.allowed(fixed).nearestTo(params),
    reason: isAllowed
      ? reason
      : reason.replace(/\.?$/, " (moved to what the rules allow)."),
    forecast: isAllowed ? prediction ?? null : null,
    priorWeight: priorWeight ?? null,
  };
}

/** Chooses the next configurations, each as if those before it were running. */
export async function chooseSeveral(
  chooser: Chooser,
  fixed: Configuration,
  count: number,
): Promise<Choice[]> {
  const choices: Choice[] = [];
  let { view } = chooser;
  for (let index = 0; index < count; index++) {
    const number = view.trials.length;
    const choice = await choose(
      { ...chooser, view, history: null },
      number,
      fixed,
    );
    if (choice === null) break;
    choices.push(Object.freeze(choice));
    view = { ...view, trials: [...view.trials, imagined(number, choice)] };
  }
  return choices;
}

/** A trial that might be running. */
function imagined(
  number: number,
  { params, reason, forecast, priorWeight }: Choice,
): TrialRecord {
  return plainTrial(number, params, null, {
    state: "running",
    reason,
    forecast,
    attributes: priorWeight === null ? {} : { [priorWeightKey]: priorWeight },
  });
}

/** The configuration if the fixed values leave nothing open, else null. */
function wholeOf(space: Space, fixed: Configuration): Configuration | null {
  if (Object.keys(fixed).length === 0) return null;
  const open = space.ordered.some(({ name }) =>
    !Object.hasOwn(fixed, name) && space.isActive(name, fixed)
  );
  return open ? null : space.arrange(fixed);
}

/** Of what another program has put into the queue, the part that this space knows. */
export function usable(space: Space, params: Configuration): Configuration {
  if (Object.keys(params).length === 0) return {};
  const valid = (values: Configuration): Configuration | null => {
    try {
      return space.validatePartial(values);
    } catch {
      return null;
    }
  };
  const known = Object.entries(params).filter(([name, value]) =>
    space.has(name) && valid({ [name]: value }) !== null
  );
  return valid(params) ?? valid(Object.fromEntries(known)) ?? {};
}
