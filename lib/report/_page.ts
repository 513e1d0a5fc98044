import { escapeMarkup } from "../charts/mod.ts";
import { pageScript } from "./_page_script.ts";
import type { Section } from "./_section.ts";
import { pageStyle } from "./_style.ts";

/**
 * JSON for the inside of a `<script>`: `<` never stands there, so no text can
 * end the element or open a comment.
 */
function dataElement(id: string, value: unknown): string {
  const json = JSON.stringify(value).replaceAll("<", "\\u003c");
  return `<script type="application/json" id="${id}">${json}</script>`;
}

/** What a Content-Security-Policy knows a script by. */
async function hashOf(script: string): Promise<string> {
  const bytes = new TextEncoder().encode(script);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `'sha256-${btoa(String.fromCharCode(...digest))}'`;
}

/**
 * The whole page. Only two scripts may run, known by their hashes; nothing may be
 * loaded, sent or framed, and `eval` is not allowed.
 *
 * @param title Any text.
 * @param sections The head first.
 * @param drawing What draws the charts; null for pictures alone.
 */
export async function pageOf(
  title: string,
  sections: readonly Section[],
  drawing: string | null,
): Promise<string> {
  const [head, ...rest] = sections;
  // A script's text ends at the first "</script"; Vega has none, but may one day.
  const scripts = [drawing, pageScript].filter((script) => script !== null)
    .map((script) => script.replaceAll("</script", "<\\/script"));
  const hashes = await Promise.all(scripts.map(hashOf));
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${
    hashes.join(" ")
  }; base-uri 'none'; form-action 'none'`;
  const links = rest.map(({ id, title }) =>
    `<a href="#${id}">${escapeMarkup(title)}</a>`
  ).join("");
  const body = rest.map(({ id, title, html }) =>
    `<section id="${id}"><h2>${escapeMarkup(title)}</h2>${html}</section>`
  ).join("\n");
  const data = rest.flatMap((section) => Object.entries(section.data))
    .map(([id, value]) => dataElement(id, value)).join("\n");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeMarkup(title)}: report</title>
<style>${pageStyle}</style>
</head>
<body>
<div class="layout">
<header><span class="eyebrow">Report of a study</span><h1>${
    escapeMarkup(title)
  }</h1></header>
<nav aria-label="Contents">${links}</nav>
<main>
${head!.html}
${body}
<footer>Made by Étude. This file opens without a network and asks nobody for anything.</footer>
</main>
</div>
${data}
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}
