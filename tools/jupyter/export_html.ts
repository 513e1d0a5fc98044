/**
 * An executed notebook as one HTML page that needs nothing else: no scripts, no network.
 *
 * @module
 */

import { preparePythonEnvironment } from "../python_environment.ts";
import { capture } from "../process.ts";
import { inProject } from "../project.ts";
import { withChartImages } from "./chart_images.ts";
import { readNotebook, writeNotebook } from "./notebook.ts";

/**
 * Writes a notebook's page, its charts as SVG images.
 *
 * @throws {Error} if the notebook is no valid one, or the page would fetch something
 */
export async function exportHTML(
  notebookPath: string,
  pagePath: string,
): Promise<void> {
  const { python, variables } = await preparePythonEnvironment();
  const drawn = await Deno.makeTempFile({ suffix: ".ipynb" });
  try {
    await writeNotebook(
      drawn,
      await withChartImages(await readNotebook(notebookPath)),
    );
    const { code, stderr } = await capture(
      python,
      [inProject("tools", "jupyter", "export_html.py"), drawn, pagePath],
      { env: variables },
    );
    if (code !== 0) {
      throw new Error(`Cannot write ${notebookPath} as HTML:\n${stderr}`);
    }
  } finally {
    await Deno.remove(drawn);
  }
  const fetched = fetchedByPage(await Deno.readTextFile(pagePath));
  if (fetched.length > 0) {
    throw new Error(
      `Cannot make ${pagePath} self-contained: it fetches ${
        fetched.join(", ")
      }`,
    );
  }
}

/** The addresses that a page would fetch when opened; links to follow do not count. */
export function fetchedByPage(html: string): string[] {
  const patterns = [
    /<(?:script|img|iframe|source|embed|video|audio)\b[^>]*?\bsrc=["']?((?:https?:)?\/\/[^"'\s>]+)/gi,
    /<link\b[^>]*?\bhref=["']?((?:https?:)?\/\/[^"'\s>]+)/gi,
    /(?:@import\s+|url\()\s*["']?((?:https?:)?\/\/[^"')\s]+)/gi,
    /\bimport\s*(?:\(|[\w{}*,\s]+from)\s*["']((?:https?:)?\/\/[^"']+)/gi,
  ];
  return patterns.flatMap((pattern) =>
    [...html.matchAll(pattern)].map((match) => match[1] ?? "")
  );
}
