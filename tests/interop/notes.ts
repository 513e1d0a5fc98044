/**
 * Notes on studies and trials, to optuna-dashboard and back.
 *
 * @module
 */

import { expect } from "@std/expect";
import { noteOf, type Study } from "../../mod.ts";

/** Around the length of a piece, and what is hard to cut or to write. */
const texts = [
  "",
  '**short** `code` <b>\n\n- a\t"b" \\ \'',
  "x".repeat(2045),
  `${"x".repeat(2044)}\u{1f3bb}${"y".repeat(2045)}`,
  "\u{1f3bb}\u0301 常数\u0001\u2028".repeat(1000),
  " ",
];

/**
 * Writes notes, has the dashboard's own code read them and write others, and reads
 * those. Closes the study.
 *
 * @param study A fresh one.
 * @param visit Has the dashboard's code read the notes and write each of them
 * backwards; gives back what it has read, the study's first.
 */
export async function exchangeNotes<C>(
  study: Study<C>,
  visit: () => Promise<string[]>,
): Promise<void> {
  await study.optimize((trial) => trial.number, {
    trials: texts.length,
    progress: false,
  });
  await study.note("to be longer ".repeat(500));
  await study.note("the study's own");
  for (const [number, text] of texts.entries()) {
    await study.note(number, `first ${text}`);
    await study.note(number, text);
  }
  expect(await visit()).toEqual(["the study's own", ...texts]);
  const backwards = (text: string) => [...text].reverse().join("");
  await study.refresh();
  expect(noteOf(study)).toBe("nwo s'yduts eht");
  expect(study.trials.map(noteOf)).toEqual(texts.map(backwards));
  // And on: the dashboard counts pieces, none of which may be missing.
  for (const number of texts.keys()) await study.note(number, "on");
  expect(await visit()).toEqual([
    "nwo s'yduts eht",
    ...texts.map(() => "on"),
  ]);
  await study.close();
}
