import { join } from "node:path";
import { type RandomStream, randomStream } from "../../lib/math/mod.ts";
import { type Direction, isBetter } from "../../lib/records/mod.ts";
import {
  choicesOf,
  type Configuration,
  type Space,
} from "../../lib/space/mod.ts";
import { inProject } from "../../tools/project.ts";
import type { EvaluationOptions, MetricInfo, Suite } from "./suites/suite.ts";

/** What the regret of a task is measured by. */
export interface Reference {
  /** The median of up to 1,000 random configurations; failed ones count as worst. */
  readonly median: number;
  /** The best value that is known. */
  readonly best: number;
  /** How many evaluations that took; 0 where the best is known exactly. */
  readonly evaluations: number;
}

interface Scored {
  readonly place: Float64Array;
  readonly value: number;
}

/** How many of the random configurations the median is of. */
const medianOf = 1000;
/** From how many of the best random ones the local search starts. */
const starts = 10;

/**
 * A task's reference values: the median of random configurations, and the best
 * of many random ones and a local search around the best of them, as far as
 * the suite's budget goes. Draws from its own stream, the same for everybody.
 *
 * @param suite The suite.
 * @param task The task.
 * @param metric The metric.
 * @param options The fidelity.
 */
export async function findReference(
  suite: Suite,
  task: string,
  metric: MetricInfo,
  options: EvaluationOptions = {},
): Promise<Reference> {
  const { direction, name } = metric;
  const space = suite.space(task);
  const random = randomStream("reference", suite.name, task, name);
  const score = async (places: readonly Float64Array[]): Promise<Scored[]> => {
    const configurations = places.map((place) => space.decode(place));
    const metrics = await suite.evaluate(task, configurations, options);
    return metrics.map((one, i) => ({
      place: places[i]!,
      value: worstIfNaN(one[name]!, direction),
    }));
  };
  const draw = () =>
    Float64Array.from(space.parameters, () => random.uniform());
  const budget = suite.referenceBudget;
  const exact = suite.optimum(task, name);
  const drawn = await score(Array.from(
    {
      length: exact === null
        ? budget.random
        : Math.min(medianOf, budget.random),
    },
    draw,
  ));
  const median = medianValue(
    drawn.slice(0, medianOf).map(({ value }) => value),
  );
  if (exact !== null) return { median, best: exact, evaluations: 0 };
  let front = rank(drawn, direction).slice(0, starts);
  const rounds = 40;
  const children = Math.floor(budget.local / rounds / starts);
  for (let round = 0; round < rounds && children > 0; round++) {
    const reach = 0.3 * 0.02 ** (round / rounds);
    const places = front.flatMap(({ place }) =>
      Array.from(
        { length: children },
        () => perturb(space, place, reach, random),
      )
    );
    const scored = await score(places);
    front = front.map((parent, i) =>
      rank(
        [parent, ...scored.slice(i * children, (i + 1) * children)],
        direction,
      )[0]!
    );
  }
  return {
    median,
    best: rank(front, direction)[0]!.value,
    evaluations: drawn.length + rounds * starts * children,
  };
}

/** A place nearby: a third of the axes moved, at least one; categories drawn anew. */
function perturb(
  space: Space,
  place: Float64Array,
  reach: number,
  random: RandomStream,
): Float64Array {
  const d = place.length;
  const chosen = random.int(d);
  return place.map((value, axis) => {
    if (axis !== chosen && random.uniform() > 1 / 3) return value;
    const parameter = space.parameters[axis]!;
    if (choicesOf(parameter) !== null) return random.uniform();
    return Math.max(0, Math.min(1, value + reach * random.normal()));
  });
}

function worstIfNaN(value: number, direction: Direction): number {
  if (!Number.isNaN(value)) return value;
  return direction === "minimize" ? Infinity : -Infinity;
}

function rank(scored: readonly Scored[], direction: Direction): Scored[] {
  return [...scored].sort((a, b) =>
    isBetter(a.value, b.value, direction)
      ? -1
      : isBetter(b.value, a.value, direction)
      ? 1
      : 0
  );
}

/** The middle of some numbers; the mean of the two in the middle if their count is even. */
export function medianValue(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** {@linkcode findReference}, kept under `out/` so that it is searched once. */
export async function cachedReference(
  suite: Suite,
  task: string,
  metric: MetricInfo,
  options: EvaluationOptions = {},
): Promise<Reference> {
  const variant = Object.entries(options.fidelity ?? {})
    .map(([name, value]) => `@${name}=${value}`).join("");
  const file = `${task}.${metric.name}${variant}.json`
    .replaceAll(/[^\w.@=-]/g, "_");
  const folder = inProject("out", "quality", "references", suite.name);
  const path = join(folder, file);
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const found = await findReference(suite, task, metric, options);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(path, JSON.stringify(found) + "\n");
  return found;
}

/** Whether a configuration of the space is what an optimizer may suggest; says what is wrong. */
export function problemOf(space: Space, params: Configuration): string | null {
  try {
    space.validate(params);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
