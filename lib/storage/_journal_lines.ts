/**
 * Lines of a journal, whole and torn.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { JournalOperation } from "./_journal_operations.ts";
import { parsePythonJSON } from "./_python_json.ts";

const beginning = '{"op_code"';
/** So often a beginning is looked for in a torn line: one that was made up has as many as it likes. */
const mostTries = 20;

/** An operation found in a line. */
export interface FoundOperation {
  readonly operation: JournalOperation;
  /** How many bytes before it are the torn end of another. */
  readonly from: number;
}

/**
 * The operation in a line. Where a torn line was glued to the next one, the next
 * one. Null if there is none.
 */
export function operationIn(line: Buffer): FoundOperation | null {
  const whole = parsed(line.toString("utf8"));
  if (whole !== null) return { operation: whole, from: 0 };
  // A character a byte.
  const bytes = line.toString("latin1");
  let tries = 0;
  for (
    let at = bytes.lastIndexOf(beginning);
    at > 0 && tries < mostTries;
    at = bytes.lastIndexOf(beginning, at - 1), tries++
  ) {
    const operation = parsed(line.toString("utf8", at));
    if (operation !== null) return { operation, from: at };
  }
  return null;
}

function parsed(text: string): JournalOperation | null {
  try {
    const read = parsePythonJSON(text) as JournalOperation | null;
    return typeof read?.op_code === "number" ? read : null;
  } catch {
    return null;
  }
}

/**
 * Whether the beginning of a file is that of one of Optuna's journals.
 *
 * @example
 * ```ts
 * import { isJournal } from "@etude/etude";
 * isJournal('{"op_code":0,"worker_id":"w","study_name":"s","directions":[1]}'); // true
 * ```
 */
export function isJournal(head: string): boolean {
  return /^\s*\{[^\n]{0,200}"op_code"\s*:\s*\d/.test(head);
}
