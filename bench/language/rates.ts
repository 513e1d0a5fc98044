/**
 * Where the best learning rate lies, width by width, with and without width-aware
 * scaling: `deno run -A bench/language/rates.ts [seeds]`. Results go to
 * `out/language/rates.jsonl`.
 *
 * @module
 */

import { resultsFile, train } from "./_training.ts";

const seeds = Number(Deno.args[0] ?? 2);
const widths = [16, 64, 128];
const rates = [-9, -8, -7, -6, -5, -4, -3].map((power) => 2 ** power);

const file = await resultsFile("rates");
for (let seed = 0; seed < seeds; seed++) {
  for (const width of widths) {
    for (const scaling of ["standard", "width-aware"] as const) {
      // Both are the same at the base width.
      if (width === 16 && scaling === "standard") continue;
      for (const learningRate of rates) {
        await file.of(
          `${seed} ${width} ${scaling} ${learningRate}`,
          async () => {
            const { loss, seconds, flops } = await train(
              { learningRate },
              { width, scaling, seed: `rates ${seed}` },
            );
            return { loss, seconds, flops };
          },
        );
      }
    }
  }
}
