/**
 * The JavaScript that draws a {@linkcode Chart.toVega} spec in a page: Vega and
 * the interpreter of its expressions, so that the page need not allow `eval`.
 * About 530 kB. It sets the global `vega`, of which `expressionInterpreter` is
 * a part.
 *
 * @returns The script; null where the packages' files cannot be read, as in a
 * program compiled to one file: pictures are what is left then.
 *
 * @example
 * ```ts
 * import { drawingScript } from "@etude/etude";
 * const script = await drawingScript();
 * script === null || script.includes("expressionInterpreter"); // true
 * ```
 */
export async function drawingScript(): Promise<string | null> {
  try {
    const { readFile } = await import("node:fs/promises");
    // What is imported somewhere is what `resolve` finds the files of.
    await Promise.all([import("vega"), import("vega-interpreter")]);
    const read = (name: string, file: string) =>
      readFile(new URL(file, import.meta.resolve(name)), "utf8");
    const [vega, interpreter] = await Promise.all([
      read("vega", "./vega.min.js"),
      read("vega-interpreter", "./vega-interpreter.js"),
    ]);
    const inner = plainScript(interpreter);
    return inner === null ? null : `${withoutMap(vega)}\n${inner}`;
  } catch {
    return null;
  }
}

/** The interpreter's module as a script: it imports from `vega-util`, which Vega has in it. */
function plainScript(module: string): string | null {
  const imported = /^import \{([\w\s,]+)\} from ['"]vega-util['"];$/m;
  const exported = /^export \{ (\w+) as (\w+) \};$/m;
  if (!imported.test(module) || !exported.test(module)) return null;
  const body = withoutMap(module)
    .replace(imported, "const {$1} = vega;")
    .replace(exported, "vega.$2 = $1;");
  return /^(import|export)\s/m.test(body) ? null : `(() => {\n${body}\n})();`;
}

function withoutMap(script: string): string {
  return script.replace(/^\/\/# sourceMappingURL=.*$/m, "");
}
