import { isBetter } from "../records/mod.ts";
import {
  type Configuration,
  type Parameter,
  type Space,
  toUnit,
} from "../space/mod.ts";
import type { AdviceContext } from "./advice.ts";
import { alikeInChoices } from "./_siblings.ts";
import { median } from "./smooth.ts";

/**
 * Where the better third of the other trials has a parameter, in `[0, 1]`: the
 * median; null where fewer than two of at least four tell. Of a learning rate only
 * those tell that agree in every choice: each optimizer has its own.
 */
export function goodPlace(
  parameter: Parameter,
  { siblings = [], direction = "minimize", params, space }: AdviceContext,
): number | null {
  const told = siblings.filter((one) =>
    one.value !== null && Number.isFinite(one.value) &&
    (parameter.role !== "learning rate" ||
      alikeInChoices(params, one.params, space))
  );
  if (told.length < 4) return null;
  const places = [...told].sort((a, b) =>
    a.value === b.value ? 0 : isBetter(a.value!, b.value!, direction) ? -1 : 1
  ).slice(0, Math.ceil(told.length / 3)).flatMap(({ params }) => {
    const value = Object.hasOwn(params, parameter.name)
      ? params[parameter.name]
      : undefined;
    return value === undefined ? [] : [toUnit(parameter, value)];
  });
  return places.length < 2 ? null : median(places);
}

/** Whether, in all numbers, the better trials are about where this one is: within a tenth of each range. */
export function isAmongTheGood(
  space: Space,
  params: Configuration,
  context: AdviceContext,
): boolean {
  let told = 0;
  for (const parameter of space.parameters) {
    const value = Object.hasOwn(params, parameter.name)
      ? params[parameter.name]
      : undefined;
    if (typeof value !== "number" || parameter.role === "seed") continue;
    const good = goodPlace(parameter, context);
    if (good === null) continue;
    told++;
    if (Math.abs(toUnit(parameter, value) - good) > 0.12) return false;
  }
  return told > 0;
}
