import { escapeMarkup } from "./_text.ts";
import type { ChartSpec } from "./chart_spec.ts";

/**
 * JSON for the inside of a `<script>`: `<` never stands there, so no text can
 * end the element or open a comment.
 */
export function scriptJSON(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** A page that needs nothing else: the picture, the text, the spec as data. */
export function page(
  chart: {
    readonly title: string;
    readonly text: string;
    readonly spec: ChartSpec;
  },
  svg: string,
): string {
  const title = escapeMarkup(chart.title);
  const text = chart.text.split("\n").map(escapeMarkup).join("\n");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 24px auto; max-width: 860px; padding: 0 16px; font-family: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
  svg { display: block; max-width: 100%; height: auto; border-radius: 6px; }
  pre { white-space: pre-wrap; font-size: 12px; opacity: 0.8; }
</style>
</head>
<body>
${svg}
<pre>${text}</pre>
<script type="application/json" id="vega-lite-spec">${
    scriptJSON(chart.spec)
  }</script>
</body>
</html>
`;
}
