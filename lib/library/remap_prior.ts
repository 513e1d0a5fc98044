import type { Configuration, Space } from "../space/mod.ts";
import {
  featuresOf,
  type Prior,
  priorCenter,
  PriorFunctions,
} from "../surrogates/mod.ts";
import { nodeCoefficients } from "./_prior_nodes.ts";
import { spaceFilling } from "./_source_model.ts";
import { mapSpace, type SpaceMapping } from "./space_mapping.ts";

/** How many nodes fill the new space, and how many of the old best ones are kept. */
const fillingNodes = 224;
const bestNodes = 96;
/** Over so many values of a parameter that is gone what was said is averaged. */
const averaged = 8;
/** Along a parameter that nobody knows, what was said changes as good as nothing. */
const flat = 10;

/**
 * A prior over a space that has changed since: what prior studies said of the old
 * space is read in the words of the new one, by the edits that lead there. Over a
 * parameter that is gone it is averaged; along a new one it is the same
 * everywhere; beyond the old ranges it comes back to the average. It is
 * deterministic.
 *
 * @param prior The prior over the old space.
 * @param before The old space.
 * @param now The space as it is now, with its edits.
 * @returns The prior over the new space; null if nothing of the old one is left.
 *
 * @example
 * ```ts
 * import { float, remapPrior, space } from "@etude/etude";
 * const prior = {
 *   sources: [{ name: "last month", weight: 1 }], lengthscales: Float64Array.of(0.5), likeness: 1, coherence: null, level: null,
 *   units: [Float64Array.of(0.3)], coefficients: Float64Array.of(-1), loadings: new Float64Array(0),
 * };
 * const before = space({ x: float(0, 1) });
 * const now = space({ speed: float(0, 1) }).after(before, { renamed: { x: "speed" } });
 * remapPrior(prior, before, now)?.sources[0]?.name; // "last month"
 * ```
 */
export function remapPrior(
  prior: Prior,
  before: Space,
  now: Space,
): Prior | null {
  const back = mappingBack(before, now);
  if (back.links.every(({ from }) => from === null)) return null;
  const features = featuresOf(now);
  const old = featuresOf(before);
  const { dimension, numeric } = features;
  const units = nodesOf(prior, before, now);
  const said = saidAt(prior, units, { before, now, back });
  const order = [...units.keys()].sort((a, b) =>
    said[0]![a]! - said[0]![b]! || a - b
  );
  const sorted = order.map((i) => units[i]!);
  const inputs = new Float64Array(units.length * dimension);
  sorted.forEach((unit, i) => features.encode(unit, inputs, i * dimension));
  const usual = priorCenter(dimension).lengthscales;
  const lengthscales = Float64Array.from(features.axes, (axis, column) => {
    const { name } = now.parameters[axis]!;
    const link = back.links.findIndex(({ from }) => from === name);
    if (link < 0) return flat;
    const length = prior.lengthscales[old.axes.indexOf(link)]!;
    const parameter = before.parameters[link]!;
    return length * stretch(parameter.name, before, now, back) ||
      usual[column]!;
  });
  return Object.freeze<Prior>({
    ...prior,
    lengthscales,
    units: sorted,
    coefficients: nodeCoefficients(
      { inputs, dimension, numeric, lengthscales },
      said.map((values) => Float64Array.from(order, (i) => values[i]!)),
    ),
  });
}

/** How configurations of the space as it is now are read in the old one: by the edits, whatever the names say. */
function mappingBack(before: Space, now: Space): SpaceMapping {
  const names = new Map(before.names.map((name) => [name, name]));
  const choices = new Map<string, [unknown, unknown][]>();
  for (const edit of now.edits.slice(before.edits.length)) {
    for (const [first, last] of names) {
      if (edit.action === "drop" && last === edit.name) names.delete(first);
      if (edit.action === "rename" && last === edit.from) {
        names.set(first, edit.to);
      }
      if (edit.action === "rename choice" && last === edit.name) {
        const pairs = choices.get(first) ?? [];
        const pair = pairs.find(([to]) => to === edit.from);
        if (pair === undefined) pairs.push([edit.to, edit.from]);
        else pair[0] = edit.to;
        choices.set(first, pairs);
      }
    }
  }
  const links = Object.fromEntries(before.names.map((name) => {
    const last = names.get(name);
    return [name, last !== undefined && now.has(last) ? last : null];
  }));
  const mapping = mapSpace(now, before, links);
  if (choices.size === 0) return mapping;
  return mapping.with(Object.fromEntries(
    [...choices].flatMap(([name, renamed]) => {
      const link = mapping.links.find(({ to }) => to === name)!;
      if (link.from === null) return [];
      const pairs = [
        ...link.choices.filter(([from]) =>
          !renamed.some(([to]) => to === from)
        ),
        ...renamed as [string, string][],
      ];
      return [[name, { from: link.from, choices: pairs }]];
    }),
  ));
}

/** How much longer a length becomes where a range becomes narrower; 1 for lists. */
function stretch(
  name: string,
  before: Space,
  now: Space,
  back: SpaceMapping,
): number {
  const { from } = back.links.find(({ to }) => to === name)!;
  const place = (end: number) => {
    const middle = new Float64Array(now.dimension).fill(0.5);
    middle[now.names.indexOf(from!)] = end;
    return back.toUnit(now.decode(middle))[before.names.indexOf(name)]!;
  };
  const share = Math.abs(place(1) - place(0));
  return share > 0 && Number.isFinite(share)
    ? Math.min(10, Math.max(0.1, 1 / share))
    : 1;
}

/** Points that fill the space as it is now, and the old best nodes that lie in it, none twice. */
function nodesOf(prior: Prior, before: Space, now: Space): Float64Array[] {
  const found = new Map<string, Float64Array>();
  const add = (unit: Float64Array) => {
    const place = now.encode(now.decode(unit));
    found.set(place.join(), place);
  };
  spaceFilling(now.dimension, fillingNodes).forEach(add);
  const most = found.size + bestNodes;
  for (const unit of prior.units) {
    if (found.size >= most) break;
    const place = now.locate(now.translate(before.decode(unit)));
    const isWithin = place.every((u) =>
      Number.isNaN(u) || (u >= -1e-9 && u <= 1 + 1e-9)
    );
    if (isWithin) {
      add(place.map((u) => Number.isNaN(u) ? 0.5 : u));
    }
  }
  return [...found.values()];
}

/** What was said, at places of the new space: `[1 + R][places]`. */
function saidAt(
  prior: Prior,
  units: readonly Float64Array[],
  { before, now, back }: {
    readonly before: Space;
    readonly now: Space;
    readonly back: SpaceMapping;
  },
): Float64Array[] {
  const features = featuresOf(before);
  const functions = new PriorFunctions(prior, features);
  const { dimension } = features;
  const { width } = functions;
  // Places where a parameter that is gone had some value.
  const others = spaceFilling(before.dimension, averaged);
  const gone = before.names.map((_, axis) => back.links[axis]!.from === null);
  const times = gone.includes(true) ? averaged : 1;
  const said = Array.from(
    { length: width },
    () => new Float64Array(units.length),
  );
  for (let t = 0; t < times; t++) {
    const inputs = new Float64Array(units.length * dimension);
    units.forEach((unit, i) => {
      const params = now.decode(unit) as Configuration;
      const place = back.toUnit(params).map((u, axis) =>
        gone[axis] ? others[t]![axis]! : u
      );
      features.encode(place, inputs, i * dimension);
    });
    const values = functions.at(inputs);
    for (let i = 0; i < units.length; i++) {
      for (let r = 0; r < width; r++) {
        said[r]![i]! += values[i * width + r]! / times;
      }
    }
  }
  return said;
}
