import { choicesOf, type Parameter, type Space } from "../space/mod.ts";
import { isKnownKnob, isNumber, nameLikeness, sameChoice } from "./_names.ts";

/** How two parameters were found to be the same. */
export type LinkReason = "name" | "alias" | "role and scale" | "by hand";

/** What {@linkcode matchParameters} finds. */
export interface Match {
  /** The name in the target space. */
  readonly to: string;
  /** The name in the source space. */
  readonly from: string;
  /** How they were found to be the same. */
  readonly by: LinkReason;
}

/**
 * Which parameters of two spaces are the same knob: first those of the same
 * name, then of names that mean the same, last those that alone in their spaces
 * have a certain role, and whose ranges overlap by half. None is used twice.
 */
export function matchParameters(
  from: readonly Parameter[],
  to: readonly Parameter[],
): Match[] {
  const matches: Match[] = [];
  const free = new Set(from);
  const open = new Set(to);
  const take = (a: Parameter, b: Parameter, by: LinkReason) => {
    free.delete(a);
    open.delete(b);
    matches.push({ from: a.name, to: b.name, by });
  };
  const byName = (least: number, by: LinkReason) => {
    for (const b of [...open]) {
      const alike = [...free].filter((a) =>
        canCorrespond(a, b) && nameLikeness(a.name, b.name) >= least
      );
      // Of several synonyms the one that means the same in the same place.
      const rivals = [...open].filter((other) =>
        other !== b &&
        alike.some((a) => nameLikeness(a.name, other.name) >= least)
      );
      if (alike.length === 1 && rivals.length === 0) take(alike[0]!, b, by);
      else if (alike.length > 0) {
        const best = alike.map((a) => overlap(a, b)).indexOf(
          Math.max(...alike.map((a) => overlap(a, b))),
        );
        take(alike[best]!, b, by);
      }
    }
  };
  for (const b of [...open]) {
    const same = [...free].find((a) => a.name === b.name);
    if (same !== undefined && canCorrespond(same, b)) take(same, b, "name");
  }
  byName(1, "name");
  byName(0.9, "alias");
  for (const b of [...open]) {
    if (b.role === "other" || b.role === "capacity") continue;
    const alike = [...free].filter(({ role }) => role === b.role);
    const rivals = [...open].filter(({ role }) => role === b.role);
    if (alike.length !== 1 || rivals.length !== 1) continue;
    // Of two knobs that are known by their names the names decide: C is no weight decay.
    if (isKnownKnob(alike[0]!.name) && isKnownKnob(b.name)) continue;
    if (
      canCorrespond(alike[0]!, b) && overlap(alike[0]!, b) >= 0.5
    ) take(alike[0]!, b, "role and scale");
  }
  const order = to.map(({ name }) => name);
  return matches.sort((a, b) => order.indexOf(a.to) - order.indexOf(b.to));
}

/** Whether values of one can be read as values of the other. */
export function canCorrespond(a: Parameter, b: Parameter): boolean {
  const [left, right] = [choicesOf(a), choicesOf(b)];
  if (left === null && right === null) return true;
  if (left !== null && right !== null) {
    return left.some((x) => right.some((y) => sameChoice(x, y)));
  }
  // An order of numbers, [16, 32, 64], is a range in steps.
  const list = left ?? right!;
  return list.every((value) => typeof value === "number");
}

/**
 * How much of the target's range the source has searched, in `[0, 1]`: on the
 * target's scale; of lists, the share of values that the source knows.
 */
export function overlap(source: Parameter, target: Parameter): number {
  const choices = choicesOf(target);
  if (choices !== null) {
    const known = choicesOf(source) ?? choices.filter((value) => {
      const { low, high } = source as { low: number; high: number };
      return (value as number) >= low && (value as number) <= high;
    });
    return choices.filter((value) =>
      known.some((other) => sameChoice(other, value))
    ).length / choices.length;
  }
  const { low, high, log } = target as Parameter & { kind: "float" };
  const [a, b] = rangeOf(source);
  const scale = (x: number) => log ? Math.log(Math.max(x, 1e-300)) : x;
  if (low === high) return a <= low && b >= high ? 1 : 0;
  const [from, to] = [Math.max(a, low), Math.min(b, high)];
  if (from > to) return 0;
  const share = (scale(to) - scale(from)) / (scale(high) - scale(low));
  // A source with one value has searched a point.
  return Math.min(1, Math.max(share, a === b ? 1e-3 : 0));
}

/** The range of a parameter of numbers. */
export function rangeOf(parameter: Parameter): readonly [number, number] {
  if (isNumber(parameter)) return [parameter.low, parameter.high];
  const numbers = (choicesOf(parameter) ?? []).filter((value) =>
    typeof value === "number"
  );
  return [Math.min(...numbers), Math.max(...numbers)];
}

/** What tells a space from others as a source: its names and kinds. */
export function fingerprint(space: Space): string {
  return space.parameters.map(({ name, kind }) => `${name}:${kind}`).sort()
    .join("|");
}
