import { escapeMarkup } from "../charts/mod.ts";

/** What the page is made of. */
export interface PageTexts {
  /** The script, a module. */
  readonly script: string;
  /** The style sheet. */
  readonly style: string;
}

/** The panel's document: all of it in one, so that nothing else need be served. */
export function documentOf(
  { script, style }: PageTexts,
  { title, nonce }: { readonly title: string; readonly nonce: string },
): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(title)} · Étude</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<noscript>The panel needs JavaScript.</noscript>
<main id="panel"></main>
<script type="module" nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

/** A page that lists studies. */
export function indexOf(
  storage: string,
  studies: readonly { readonly name: string; readonly about: string }[],
  nonce: string,
): string {
  const items = studies.map(({ name, about }, index) =>
    `<li><a href="study/${index}/">${escapeMarkup(name)}</a><span>${
      escapeMarkup(about)
    }</span></li>`
  ).join("\n");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Studies · Étude</title>
<style nonce="${nonce}">
body { max-width: 640px; margin: 40px auto; padding: 0 16px; font: 14px/1.5 system-ui, sans-serif; }
h1 { font-size: 20px; margin: 0; }
p, span { opacity: 0.65; }
ul { list-style: none; padding: 0; }
li { display: flex; gap: 12px; justify-content: space-between; padding: 9px 2px; border-top: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
a { color: light-dark(#0b6bab, #5db3ee); font-weight: 600; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>Studies</h1>
<p>of the ${escapeMarkup(storage)}</p>
<ul>
${items || "<li>none yet</li>"}
</ul>
</body>
</html>
`;
}
