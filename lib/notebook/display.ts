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
  await openDisplay().show(thing);
}

/** One place in a notebook's output that can be drawn again. */
export interface DisplayPlace {
  /** Shows something in the place of what was there; in a terminal its text is printed. */
  show(thing: unknown): Promise<void>;
}

/**
 * Opens a place in the output of the current cell that can be drawn again, also
 * from later cells: for pictures that follow something as it goes on.
 *
 * @example
 * ```ts
 * import { createStudy, float, openDisplay, space } from "@etude/etude";
 * const study = await createStudy({ name: "a", space: space({ x: float(0, 1) }), storage: "memory" });
 * const place = openDisplay();
 * await study.optimize((trial) => trial.params.x, {
 *   trials: 3,
 *   progress: false,
 *   callbacks: [() => place.show(study.charts.slice())],
 * });
 * ```
 */
export function openDisplay(): DisplayPlace {
  const place = new OutputPlace();
  return {
    show: async (thing) => {
      const bundle = await bundleOf(thing);
      if (bundle !== null && inNotebook()) place.show(bundle);
      else console.log(bundle?.["text/plain"] ?? thing);
    },
  };
}
