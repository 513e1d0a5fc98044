import type { StudyView } from "../records/mod.ts";
import { parameterImportance } from "../surrogates/mod.ts";
import { choicesOf } from "../space/mod.ts";

/**
 * The names of the few parameters worth looking at together: those asked for, or
 * the most important ones, in the space's order.
 */
export function leadingParameters(
  view: StudyView,
  names: readonly string[] | undefined,
  most: number,
): readonly string[] {
  if (names !== undefined) return names;
  const { shares } = parameterImportance(view);
  // A parameter with one value has no axis; among equals the first.
  const open = view.space.parameters.filter((parameter) =>
    choicesOf(parameter)?.length !== 1 &&
    !("low" in parameter && parameter.low === parameter.high)
  ).map(({ name }) => name);
  const ranked = (open.length >= 2 ? open : view.space.names).toSorted(
    (a, b) => shares[b]! - shares[a]!,
  );
  const chosen = new Set(ranked.slice(0, most));
  return view.space.names.filter((name) => chosen.has(name));
}
