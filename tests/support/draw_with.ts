/**
 * Draws a spec with a given Vega-Lite and Vega, and collects what they warn
 * about. Imports neither: a test says which.
 *
 * @module
 */

/** What both generations have and we need. */
export interface Engine {
  /** The package `vega`. */
  readonly vega: { readonly parse: unknown; readonly View: unknown };
  /** The package `vega-lite`. */
  readonly vegaLite: { readonly compile: unknown };
}

type Compile = (
  spec: unknown,
  options: { logger: unknown },
) => { readonly spec: unknown };
type View = new (runtime: unknown, options: unknown) => {
  toSVG(): Promise<string>;
  finalize(): unknown;
};

const expected = [
  "The input spec uses Vega-Lite v5",
  // There is no window where there is no page.
  "Can not resolve event source: window",
];

/** The warnings; an error counts as one. */
export async function warningsOf(
  { vega, vegaLite }: Engine,
  given: unknown,
): Promise<string[]> {
  const warnings: string[] = [];
  const warn = (...messages: readonly unknown[]) => {
    const message = messages.join(" ");
    if (!expected.some((start) => message.startsWith(start))) {
      warnings.push(message);
    }
    return logger;
  };
  const still = () => logger;
  const logger = {
    level: () => 2,
    warn,
    error: warn,
    info: still,
    debug: still,
  };
  try {
    const { spec } = (vegaLite.compile as Compile)(structuredClone(given), {
      logger,
    });
    const view = new (vega.View as View)(
      (vega.parse as (spec: unknown) => unknown)(spec),
      { renderer: "none", logger },
    );
    const svg = await view.toSVG();
    if (!svg.startsWith("<svg")) warnings.push(`no picture: ${svg}`);
    view.finalize();
  } catch (error) {
    warnings.push(String(error));
  }
  return warnings;
}
