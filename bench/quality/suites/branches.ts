/**
 * Functions over spaces that depend on themselves: a choice between learners,
 * each with parameters of its own, some of which hang on a flag or a choice of
 * the learner. Their shapes are those of losses: bowls with few steep directions,
 * plateaus where nothing is learned, learners that differ by less than their
 * parameters do.
 *
 * @module
 */

import { type RandomStream, randomStream } from "../../../lib/math/mod.ts";
import {
  type Configuration,
  type Parameter,
  Space,
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
  const learners = Array.from(
    { length: 1 + random.int(6) },
    (_, i) => `learner_${i}`,
  );
  const parameters: Parameter[] = [];
  const base = { role: "other", conditions: [] } as const;
  if (learners.length > 1) {
    parameters.push({
      ...base,
      kind: "choice",
      name: "learner",
      choices: learners,
    });
  }
  const common: Effect[] = [];
  const add = (
    effects: Effect[],
    parameterName: string,
    conditions: Parameter["conditions"],
  ) => {
    const weight = 2 * (1 - random.uniform()) ** 1.2;
    if (random.uniform() < 0.25) {
      const choices = ["a", "b", "c", "d"].slice(0, 2 + random.int(3));
      parameters.push({
        ...base,
        kind: "choice",
        name: parameterName,
        choices,
        conditions,
      });
      const costs = choices.map(() => 0.5 * weight * random.uniform());
      effects.push({ name: parameterName, weight, best: 0, costs });
      return;
    }
    const isWhole = random.uniform() < 0.3;
    parameters.push(
      isWhole
        ? {
          ...base,
          kind: "int",
          name: parameterName,
          low: 1,
          high: 32,
          log: true,
          step: 1,
          conditions,
        }
        : {
          ...base,
          kind: "float",
          name: parameterName,
          low: 0,
          high: 1,
          log: false,
          step: null,
          conditions,
        },
    );
    const best = Math.min(1, Math.max(0, 0.5 + 0.35 * random.normal()));
    effects.push({ name: parameterName, weight, best, costs: null });
  };
  for (let i = random.int(3); i > 0; i--) add(common, `common_${i}`, []);
  const models = learners.map((learner) => {
    const isHere = learners.length > 1
      ? [{ parent: "learner", values: [learner] }]
      : [];
    const effects: Effect[] = [];
    const size = learners.length > 1 ? 1 + random.int(6) : 5 + random.int(4);
    for (let i = 0; i < size; i++) add(effects, `${learner}_${i}`, isHere);
    const flags = Array.from(
      { length: random.int(3) },
      (_, i) => {
        const flag = `${learner}_flag_${i}`;
        parameters.push({
          ...base,
          kind: "boolean",
          name: flag,
          conditions: isHere,
        });
        const inside: Effect[] = [];
        for (let j = 1 + random.int(2); j > 0; j--) {
          add(inside, `${flag}_${j}`, [...isHere, {
            parent: flag,
            values: [true],
          }]);
        }
        return { flag, inside, gain: 0.5 * random.normal() };
      },
    );
    return {
      effects,
      flags,
      offset: 0.4 * random.normal(),
      pairs: pairsOf(effects, random),
      plateau: 0.8 + 1.2 * random.uniform(),
    };
  });
  const space = Space.fromJSON({ version: 1, parameters });
  const places = new Map(space.names.map((one, axis) => [one, axis]));
  const at = (params: Configuration): number => {
    const unit = space.encode(params);
    const place = (one: string) => unit[places.get(one)!]!;
    const cost = (effects: readonly Effect[]) =>
      effects.reduce((sum, effect) => sum + costOf(effect, place), 0);
    const index = learners.length > 1
      ? learners.indexOf(String(params.learner))
      : 0;
    const { effects, flags, offset, pairs, plateau } = models[index]!;
    let sum = cost(effects) + cost(common);
    for (const { flag, inside, gain } of flags) {
      if (params[flag] === true) sum += gain + cost(inside);
    }
    for (const [a, b, weight] of pairs) {
      sum += weight * Math.abs(
        (place(a.name) - a.best) * (place(b.name) - b.best),
      );
    }
    return offset + plateau * (sum < 0 ? sum : Math.tanh(sum / plateau));
  };
  return { space, at };
}

function costOf(
  { name, weight, best, costs }: Effect,
  place: (name: string) => number,
): number {
  const u = place(name);
  if (costs !== null) {
    return costs[Math.min(costs.length - 1, Math.floor(u * costs.length))]!;
  }
  return weight * 3 * (u - best) ** 2;
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
