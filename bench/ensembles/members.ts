/**
 * Our ensembles beside scikit-learn's of the same members, on the half of the
 * data that nobody has seen: `out/peers/main/bin/python bench/ensembles/members.py
 * FOLDER [splits]`, then `deno run -A bench/ensembles/members.ts FOLDER`.
 *
 * @module
 */

import { join } from "node:path";
import { blend, type Predictions } from "../../lib/ensembles/mod.ts";

interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly members: readonly {
    readonly name: string;
    readonly outOfFold: Predictions;
    readonly test: Predictions;
  }[];
  readonly peers: Readonly<Record<string, readonly number[]>>;
}

const folder = Deno.args[0];
if (folder === undefined) throw new Error("Give the folder of members.py");

const ours = [
  "greedy",
  "average",
  "weighted",
  "hard voting",
  "stacking",
] as const;

/** What is wrong: the share of wrong classes, or the squared error. */
function lossOf(
  found: readonly number[],
  truth: readonly number[],
  isClasses: boolean,
) {
  return truth.reduce(
    (sum, y, i) =>
      sum + (isClasses ? Number(found[i] !== y) : (found[i]! - y) ** 2),
    0,
  ) / truth.length;
}

function lossesOf({ train, test, members, peers }: Split): Map<string, number> {
  const isClasses = typeof (members[0]!.outOfFold[0]) !== "number";
  const losses = new Map<string, number>();
  const given = members.map(({ name, outOfFold }) => ({
    name,
    predictions: outOfFold,
  }));
  const later = Object.fromEntries(
    members.map(({ name, test }) => [name, test]),
  );
  for (const method of ours) {
    if (method === "hard voting" && !isClasses) continue;
    const made = blend(given, { labels: train, method });
    const found = isClasses ? made.classify(later) : made.predict(later);
    losses.set(method, lossOf(found as readonly number[], test, isClasses));
    if (method !== "greedy") continue;
    const single = later[made.parts.single.name]!;
    losses.set(
      "single best",
      lossOf(
        isClasses
          ? (single as readonly (readonly number[])[]).map((row) =>
            row.indexOf(Math.max(...row))
          )
          : single as readonly number[],
        test,
        isClasses,
      ),
    );
  }
  for (const [name, found] of Object.entries(peers)) {
    losses.set(`scikit-learn, ${name}`, lossOf(found, test, isClasses));
  }
  return losses;
}

const mean = (list: readonly number[]) =>
  list.reduce((sum, value) => sum + value / list.length, 0);
const show = (value: number) => String(Number(value.toPrecision(3)));

console.log(
  "| data | what | error on the unseen half | less than by soft voting of scikit-learn | … by its stacking |",
);
console.log("|---|---|---|---|---|");
for (const name of ["wine", "breast_cancer", "digits", "diabetes"]) {
  const text = await Deno.readTextFile(join(folder, `${name}.jsonl`));
  const all = text.trim().split("\n").map((line) => lossesOf(JSON.parse(line)));
  const pair = (what: string, peer: string) => {
    const gains = all.map((losses) => losses.get(peer)! - losses.get(what)!);
    const middle = mean(gains);
    const sd = Math.sqrt(
      mean(gains.map((gain) => (gain - middle) ** 2)) * gains.length /
        (gains.length - 1),
    );
    return `${show(middle)} ± ${show(sd / Math.sqrt(gains.length))}`;
  };
  for (const what of all[0]!.keys()) {
    console.log(
      `| ${name}, ${all.length} splits | ${what} | ${
        show(mean(all.map((losses) => losses.get(what)!)))
      } | ${pair(what, "scikit-learn, soft voting")} | ${
        pair(what, "scikit-learn, stacking")
      } |`,
    );
  }
}
