/**
 * A person's notes as optuna-dashboard keeps them: attributes of the study's
 * system, those on trials as well, which go by the trial's id. A number that grows
 * with every change, by which the dashboard tells that somebody else was quicker,
 * and the text in pieces.
 *
 * Source: optuna-dashboard 0.21, `_note.py`.
 *
 * @module
 */

import { noteAttribute } from "../records/mod.ts";
import { parsePythonJSON } from "./_python_json.ts";

/** A piece has so many characters at most. */
const pieceLength = 2045;

/** Where the note on a trial is kept, or that on the study (`null`). */
export interface NoteKeys {
  /** The key of the number. */
  readonly version: string;
  /** What the keys of the pieces begin with; then comes a number from 0. */
  readonly pieces: string;
  /** The pieces' keys come before this one, in the order of their bytes. */
  readonly afterPieces: string;
}

/** The keys of a note. */
export function noteKeys(trialId: number | null): NoteKeys {
  const owner = trialId === null ? "dashboard:" : `dashboard:${trialId}:`;
  return {
    version: `${owner}note_ver`,
    pieces: `${owner}note_str:`,
    afterPieces: `${owner}note_str;`,
  };
}

/** Whether an attribute is a note, and so is kept where the dashboard looks for it. */
export function isNote(
  key: string,
  value: unknown,
): value is string | undefined {
  return key === noteAttribute &&
    (value === undefined || typeof value === "string");
}

/** The pieces of a note, in the order of the numbers in their keys; none of an empty one. */
export function notePieces(text: string): string[] {
  // By whole characters: half of one is nothing that Python could send on.
  const characters = [...text.toWellFormed()];
  const count = Math.ceil(characters.length / pieceLength);
  return Array.from(
    { length: count },
    (_, i) => characters.slice(i * pieceLength, (i + 1) * pieceLength).join(""),
  );
}

/** An emptied piece: the dashboard counts pieces, so that none is ever removed. */
export const emptyPiece = '""';

/** The text of the pieces `[key, JSON]` of one note, in any order. */
export function noteText(
  rows: readonly (readonly [key: string, json: string])[],
): string {
  return rows.map(([key, json]) =>
    [Number(key.slice(key.lastIndexOf(":") + 1)), json] as const
  ).sort(([a], [b]) => a - b)
    .map(([, json]) => String(parsePythonJSON(json))).join("");
}

/** Of which trial's note a key is of a piece; null for the study's, undefined for none. */
export function noteOwner(key: string): number | null | undefined {
  const id = /^dashboard:(?:(\d+):)?note_str:\d+$/.exec(key);
  if (id === null) return undefined;
  return id[1] === undefined ? null : Number(id[1]);
}

/** The pieces of notes by the ids of their trials; under `null` that on the study. */
export function notesByOwner(
  rows: readonly (readonly [key: string, json: string])[],
): ReadonlyMap<number | null, string> {
  const groups = Map.groupBy(rows, ([key]) => noteOwner(key));
  const notes = new Map<number | null, string>();
  for (const [owner, pieces] of groups) {
    const text = owner === undefined ? "" : noteText(pieces);
    if (owner !== undefined && text !== "") notes.set(owner, text);
  }
  return notes;
}

/** Attributes with a note among them; as they are where there is none. */
export function withNote(
  attributes: Readonly<Record<string, unknown>>,
  text: string,
): Readonly<Record<string, unknown>> {
  return text === "" ? attributes : { ...attributes, [noteAttribute]: text };
}
