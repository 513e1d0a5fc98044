import { choice, float, int, type ParameterValue } from "../space/mod.ts";
import type { AnyBuilder, StudyDraft } from "./_draft.ts";
import { nameOfPath, unreadable } from "./_files.ts";
import { listOf, numberOf, objectOf } from "./_values.ts";

/** Whether JSON is a result of scikit-optimize by the snippet of docs/migration.md. */
export function isSkopt(json: unknown): boolean {
  const bridge = objectOf(json);
  return bridge?.tool === "scikit-optimize" ||
    (bridge !== null && "x_iters" in bridge && "func_vals" in bridge);
}

/** A result of scikit-optimize: dimensions, the points in their order, the values. */
export function readSkopt(path: string, json: unknown): StudyDraft[] {
  const { name, dimensions, x_iters, func_vals } = objectOf(json) ?? {};
  const points = listOf(x_iters).map(listOf);
  const values = listOf(func_vals).map(numberOf);
  if (points.length !== values.length) {
    throw unreadable(
      path,
      `it has ${points.length} points and ${values.length} values`,
      "a value a point",
    );
  }
  const said = listOf(dimensions).map((one) => objectOf(one) ?? {});
  const names = (points[0] ?? said).map((_, place) =>
    String(said[place]?.name ?? `x${place}`)
  );
  return [{
    tool: "scikit-optimize",
    path,
    name: String(name ?? nameOfPath(path)),
    objectives: [{ name: "value", direction: "minimize" }],
    ...said.length === 0 ? {} : {
      declared: new Map(
        said.flatMap((one, place) => {
          const builder = builderOf(one);
          return builder === null ? [] : [[names[place]!, builder] as const];
        }),
      ),
    },
    trials: points.map((point, i) => ({
      state: "complete",
      params: Object.fromEntries(names.map((name, at) => [name, point[at]])),
      values: [values[i] ?? NaN],
    })),
  }];
}

function builderOf(
  dimension: Readonly<Record<string, unknown>>,
): AnyBuilder | null {
  const bounds = listOf(dimension.bounds);
  if (dimension.kind === "Categorical") {
    const categories = bounds as ParameterValue[];
    return categories.length === 0 ? null : choice(categories) as AnyBuilder;
  }
  const [low, high] = bounds.map(numberOf);
  if (typeof low !== "number" || typeof high !== "number") return null;
  const log = dimension.prior === "log-uniform";
  return dimension.kind === "Integer"
    ? int(low, high, { log })
    : float(low, high, { log });
}
