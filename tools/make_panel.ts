/**
 * Makes `lib/tuner/_page_texts.ts` from the page's sources in `lib/tuner/page/`:
 * one script and one style sheet as texts, so that the panel is served without a
 * build step, without the network, and from a package registry too.
 *
 * `deno task panel` writes the file; with `--check` it only says whether the file
 * is up to date (exit code 1 if not): whether it bears the digest of the sources
 * as they are, those of the rooms below included.
 *
 * @module
 */

import { inProject, projectFolder } from "./project.ts";
import { capture } from "./process.ts";

const folder = inProject("lib", "tuner", "page");
const target = inProject("lib", "tuner", "_page_texts.ts");

/** The page's own sources and the modules that it imports, by path. */
async function sources(): Promise<string[]> {
  const { code, stdout, stderr } = await capture(Deno.execPath(), [
    "info",
    "--json",
    `${folder}/main.ts`,
  ], { cwd: projectFolder, env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Error(`Cannot read the page's modules:\n${stderr}`);
  const { modules } = JSON.parse(stdout) as { modules: { local?: string }[] };
  return [
    ...modules.flatMap(({ local }) => local ?? []),
    `${folder}/page.css`,
  ].sort();
}

async function digestNow(): Promise<string> {
  const texts = await Promise.all(
    (await sources()).map((path) => Deno.readTextFile(path)),
  );
  const bytes = new TextEncoder().encode(texts.join("\0"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function make(digest: string): Promise<string> {
  const { code, stdout, stderr } = await capture(Deno.execPath(), [
    "bundle",
    "--quiet",
    "--platform",
    "browser",
    "--minify",
    `${folder}/main.ts`,
  ], { cwd: projectFolder, env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Error(`Cannot bundle the page:\n${stderr}`);
  const style = (await Deno.readTextFile(`${folder}/page.css`))
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s*\n\s*/g, "\n").trim();
  // Neither text may end the element that it stands in.
  const safe = (text: string) =>
    text.trim().replaceAll(/<\/(script|style)/gi, "<\\/$1").replaceAll(
      "<!--",
      "<\\!--",
    );
  return `// Made by \`deno task panel\` from lib/tuner/page/; do not edit.
// Sources: ${digest}
// deno-fmt-ignore-file
// deno-lint-ignore-file

import type { PageTexts } from "./_document.ts";

/** The panel's page. */
export const panelTexts: PageTexts = {
  script: ${JSON.stringify(safe(stdout))},
  style: ${JSON.stringify(safe(style))},
};
`;
}

if (import.meta.main) {
  const digest = await digestNow();
  const isFresh = (await Deno.readTextFile(target).catch(() => ""))
    .includes(`// Sources: ${digest}\n`);
  if (Deno.args.includes("--check")) {
    if (!isFresh) console.error(`${target} is old: run deno task panel`);
    Deno.exit(isFresh ? 0 : 1);
  }
  await Deno.writeTextFile(target, await make(digest));
}
