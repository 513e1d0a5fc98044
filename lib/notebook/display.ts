import { jupyter, type MimeBundle, OutputPlace } from "./_jupyter.ts";

/** Something that a Jupyter notebook can show. */
export interface Displayable {
  /** Its MIME bundle, at once or later. */
  [key: symbol]: unknown;
}

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
export async function display(thing: Displayable): Promise<void> {
  const method = thing?.[Symbol.for("Jupyter.display")];
  if (typeof method !== "function") {
    console.log(thing);
    return;
  }
  const bundle = await method.call(thing) as MimeBundle;
  if (jupyter() === null) {
    console.log(bundle["text/plain"] ?? bundle["text/markdown"] ?? thing);
  } else new OutputPlace().show(bundle);
}
