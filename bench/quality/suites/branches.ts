/**
 * Functions over spaces that depend on themselves: a choice between learners,
 * each with parameters of its own, some of which hang on a flag of the learner.
 * Their shapes are those of losses: bowls with few steep directions, plateaus
 * where nothing is learned, learners that differ by less than their parameters do.
 *
 * @module
 */

import { type RandomStream, randomStream } from "../../../lib/math/mod.ts";
import {
  boolean,
  choice,
  type Condition,
  type Configuration,
  float,
  int,
  type ParameterBuilder,
  type ParameterValue,
  type Space,
  space,
} from "../../../lib/space/mod.ts";
import type { Suite } from "./suite.ts";

/** How many tasks there are. */
const count = 12;

interface Task {
  readonly space: Space;
  readonly at: (params: Configuration) => number;
}

/** What a parameter does to the loss of its learner. */
interface Effect {
  readonly name: string;
  /** How steep. */
  readonly weight: number;
  /** Where the best value is, in the unit interval. */
  readonly best: number;
  /** What each category costs; null for numbers. */
  readonly costs: readonly number[] | null;
}

/** A flag of a learner: what it changes, and the parameters that come with it. */
interface Flag {
  readonly name: string;
  readonly gain: number;
  readonly inside: readonly Effect[];
}

interface Learner {
  readonly effects: readonly Effect[];
  readonly flags: readonly Flag[];
  /** Its loss where each parameter is at its best. */
  readonly offset: number;
  /** Pairs of numbers that matter together. */
  readonly pairs: readonly (readonly [Effect, Effect, number])[];
  /** How far above the offset nothing is learned. */
  readonly plateau: number;
}

/** Where an effect's parameter stands, in the unit interval. */
type PlaceOf = (name: string) => number;

/** The suite; tasks are `b01` to `b12`. */
export function branchesSuite(): Suite {
  const tasks = new Map<string, Task>();
  const taskOf = (name: string): Task => {
    const known = tasks.get(name) ?? makeTask(name);
    tasks.set(name, known);
    return known;
  };
  return {
    name: "branches",
    metrics: [{ name: "loss", direction: "minimize" }],
    noise: "none",
    fidelities: {},
    referenceBudget: { random: 2000, local: 8000 },
    tasks: () =>
      Array.from(
        { length: count },
        (_, i) => `b${String(i + 1).padStart(2, "0")}`,
      ),
    space: (task) => taskOf(task).space,
    evaluate: (task, configurations) =>
      Promise.resolve(
        configurations.map((params) => ({ loss: taskOf(task).at(params) })),
      ),
    optimum: () => null,
    close: () => Promise.resolve(),
  };
}

function makeTask(name: string): Task {
  const random = randomStream("branches", name);
  const names = Array.from(
    { length: 1 + random.int(6) },
    (_, i) => `learner_${i}`,
  );
  const definition: Definition = {};
  const isChosen = names.length > 1;
  if (isChosen) definition.learner = choice(names);
  const add = (one: string, condition: Condition) =>
    addParameter(definition, one, { condition, random });
  const common: Effect[] = [];
  for (let i = random.int(3); i > 0; i--) common.push(add(`common_${i}`, {}));
  const learners = names.map((learner): Learner => {
    const here: Condition = isChosen ? { learner } : {};
    const size = isChosen ? 1 + random.int(6) : 5 + random.int(4);
    const effects = Array.from(
      { length: size },
      (_, i) => add(`${learner}_${i}`, here),
    );
    const flags = Array.from({ length: random.int(3) }, (_, i): Flag => {
      const flag = `${learner}_flag_${i}`;
      definition[flag] = under(boolean(), here);
      const inside: Effect[] = [];
      for (let j = 1 + random.int(2); j > 0; j--) {
        inside.push(add(`${flag}_${j}`, { ...here, [flag]: true }));
      }
      return { name: flag, inside, gain: 0.5 * random.normal() };
    });
    return {
      effects,
      flags,
      offset: 0.4 * random.normal(),
      pairs: pairsOf(effects, random),
      plateau: 0.8 + 1.2 * random.uniform(),
    };
  });
  const whole = space(definition) as Space;
  const at = (params: Configuration): number => {
    const unit = whole.encode(params);
    const placeOf: PlaceOf = (one) => unit[whole.names.indexOf(one)]!;
    const index = isChosen ? names.indexOf(String(params.learner)) : 0;
    return lossOf(learners[index]!, common, { params, placeOf });
  };
  return { space: whole, at };
}

type Definition = Record<string, ParameterBuilder<ParameterValue, unknown>>;

const under = (
  builder: ParameterBuilder<ParameterValue, unknown>,
  condition: Condition,
) => Object.keys(condition).length === 0 ? builder : builder.when(condition);

/** Adds a parameter, and gives what it does. */
function addParameter(
  definition: Definition,
  name: string,
  { condition, random }: { condition: Condition; random: RandomStream },
): Effect {
  const weight = 2 * (1 - random.uniform()) ** 1.2;
  if (random.uniform() < 0.25) {
    const choices = ["a", "b", "c", "d"].slice(0, 2 + random.int(3));
    definition[name] = under(choice(choices), condition);
    const costs = choices.map(() => 0.5 * weight * random.uniform());
    return { name, weight, best: 0, costs };
  }
  const isWhole = random.uniform() < 0.3;
  definition[name] = under(
    isWhole ? int(1, 32, { log: true }) : float(0, 1),
    condition,
  );
  const best = Math.min(1, Math.max(0, 0.5 + 0.35 * random.normal()));
  return { name, weight, best, costs: null };
}

/** Pairs of numbers that matter together. */
function pairsOf(
  effects: readonly Effect[],
  random: RandomStream,
): [Effect, Effect, number][] {
  const numbers = effects.filter(({ costs }) => costs === null);
  return numbers.slice(1).map((effect, i) => [
    effect,
    numbers[i]!,
    4 * random.uniform(),
  ]);
}

function lossOf(
  { effects, flags, offset, pairs, plateau }: Learner,
  common: readonly Effect[],
  { params, placeOf }: { params: Configuration; placeOf: PlaceOf },
): number {
  const cost = (some: readonly Effect[]) =>
    some.reduce((sum, effect) => sum + costOf(effect, placeOf), 0);
  let sum = cost(effects) + cost(common);
  for (const { name, inside, gain } of flags) {
    if (params[name] === true) sum += gain + cost(inside);
  }
  for (const [a, b, weight] of pairs) {
    sum += weight *
      Math.abs((placeOf(a.name) - a.best) * (placeOf(b.name) - b.best));
  }
  return offset + plateau * (sum < 0 ? sum : Math.tanh(sum / plateau));
}

function costOf(
  { name, weight, best, costs }: Effect,
  placeOf: PlaceOf,
): number {
  const u = placeOf(name);
  if (costs === null) return 3 * weight * (u - best) ** 2;
  return costs[Math.min(costs.length - 1, Math.floor(u * costs.length))]!;
}
