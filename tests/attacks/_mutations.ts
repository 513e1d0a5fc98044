/**
 * Files of other tools with something wrong in them: values of another kind,
 * names that are dangerous, parts that are missing, bytes that are turned.
 *
 * @module
 */

import fc from "fast-check";
import { pythonJSON } from "../../lib/storage/mod.ts";
import { anyJSON, anyText } from "./_fuzz.ts";

/** What is done to a piece of JSON: to which of its values, and what. */
export type JSONMutation = {
  readonly at: number;
  readonly what: "replace" | "delete" | "rename" | "repeat";
  readonly value: unknown;
  readonly name: string;
};

/** Some of them. */
export const jsonMutations: fc.Arbitrary<readonly JSONMutation[]> = fc.array(
  fc.record({
    at: fc.nat(),
    what: fc.constantFrom("replace", "replace", "delete", "rename", "repeat"),
    value: anyJSON,
    name: anyText,
  }),
  { maxLength: 3 },
);

type Place = readonly [holder: Record<string, unknown>, key: string];

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== "object" || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Record<string, unknown>, key]);
    placesIn((value as Record<string, unknown>)[key], found);
  }
  return found;
}

/** A copy in which something is wrong. */
export function mutatedJSON(
  json: unknown,
  mutations: readonly JSONMutation[],
): unknown {
  const root = { root: structuredClone(json) };
  for (const { at, what, value, name } of mutations) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const [holder, key] = places[at % places.length]!;
    const own = (key: string, value: unknown) =>
      Object.defineProperty(holder, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    if (what === "replace") own(key, value);
    else if (what === "repeat" && Array.isArray(holder)) {
      holder.push(holder[Number(key)]);
    } else if (what === "rename" && !Array.isArray(holder)) {
      const before = holder[key];
      delete holder[key];
      own(name, before);
    } else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }
  return root.root;
}

/** JSON as Python writes it. */
export const jsonText = pythonJSON;

/** What is done to a text: a part of it makes room for another. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** Some of them. */
export const splices: fc.Arbitrary<readonly Splice[]> = fc.array(
  fc.record({
    at: fc.nat(),
    remove: fc.constantFrom(0, 0, 1, 2, 7, 60, 1e9),
    insert: fc.oneof(
      anyText,
      fc.constantFrom(
        "\n",
        "\r",
        '"',
        "'",
        ",",
        ";",
        "\t",
        "{",
        "}",
        "[[[[",
        ":",
        "&a [*a]",
        "<<: *a",
        "!!js/function",
        "NaN",
        "-1e400",
        "\uFEFF",
        '{"op_code"',
      ),
    ),
  }),
  { maxLength: 3 },
);

/** The text with them. */
export function spliced(text: string, all: readonly Splice[]): string {
  return all.reduce((text, { at, remove, insert }) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + insert + text.slice(place + remove);
  }, text);
}

/** What is done to bytes. */
export interface ByteMutation {
  readonly at: number;
  readonly what: "set" | "flip" | "cut" | "insert";
  readonly bytes: Uint8Array;
}

/** Some of them; at least one. */
export const byteMutations: fc.Arbitrary<readonly ByteMutation[]> = fc.array(
  fc.record({
    at: fc.nat(),
    what: fc.constantFrom("set", "set", "flip", "cut", "insert"),
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 9 }),
      fc.constantFrom(
        new Uint8Array(8).fill(0xff),
        Uint8Array.of(0xff, 0xff, 0xff, 0x7f),
        new Uint8Array(8),
      ),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The bytes with them. */
export function mutatedBytes(
  bytes: Uint8Array,
  all: readonly ByteMutation[],
): Uint8Array {
  return all.reduce((bytes, { at, what, bytes: own }) => {
    const place = at % (bytes.length + 1);
    if (what === "cut") return bytes.slice(0, place);
    if (what === "insert") {
      return new Uint8Array([
        ...bytes.subarray(0, place),
        ...own,
        ...bytes.subarray(place),
      ]);
    }
    const changed = bytes.slice();
    own.forEach((byte, i) => {
      if (place + i >= changed.length) return;
      changed[place + i] = what === "set" ? byte : changed[place + i]! ^ byte;
    });
    return changed;
  }, bytes);
}
