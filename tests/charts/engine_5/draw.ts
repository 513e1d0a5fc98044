/**
 * Draws specs with the Vega-Lite and Vega that its own configuration names, those
 * that JupyterLab 4.6 has in it, in a process of its own: no package may be there
 * in two generations at once.
 *
 * Reads JSON from its standard input, a spec by name; writes the warnings by name.
 *
 * @module
 */

import * as vega from "vega";
import * as vegaLite from "vega-lite";
import { warningsOf } from "../../support/draw_with.ts";

const specs = await new Response(Deno.stdin.readable).json();
const warnings: Record<string, string[]> = {};
for (const [name, spec] of Object.entries(specs)) {
  warnings[name] = await warningsOf({ vega, vegaLite }, spec);
}
console.log(JSON.stringify({ version: vega.version, warnings }));
