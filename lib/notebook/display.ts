import { bundleOf, inNotebook, OutputPlace } from "./_jupyter.ts";

/**
 * Shows something in the middle of a cell: a chart, a study, a help page, or
 * anything with a `Jupyter.display` method. In a terminal its text is printed.
 * (The last expression of a cell is shown without it.)
 *
 * @param thing What to show.
 *
 * @example
 * ```ts
 * import { createStudy, display, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "a", space: space({ x: float(0, 1) }), storage: "memory" });
 * await display(study.charts.optimizationHistory());
 * ```
 */
export async function display(thing: unknown): Promise<void> {
  const bundle = await bundleOf(thing);
  if (bundle !== null && inNotebook()) new OutputPlace().show(bundle);
  else console.log(bundle?.["text/plain"] ?? thing);
}
