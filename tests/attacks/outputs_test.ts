import { join } from "node:path";
import { expect } from "@std/expect";
import { after, before, describe, it } from "@std/testing/bdd";
import { marked } from "marked";
import { type Browser, chromium as driver, type Page } from "playwright-core";
import { parse } from "yaml";
import { importStudies } from "../../lib/interop/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { codeOf } from "../support/chart_conformance.ts";
import { studyOver } from "../support/chart_views.ts";
import { chromium, describeWith } from "../support/require.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { flag, hostileSpace, hostileTexts, rotated } from "./_hostile.ts";
import {
  chartNames,
  displayClasses,
  exported,
  type Output,
  outputsOf,
} from "./_outputs.ts";

/** From which texts on: so that each stands once where there is room for few. */
const beginnings = hostileTexts.flatMap((_, i) => i % 9 === 0 ? [i] : []);

const made = await withTemporaryFolder(async (folder) => {
  const outputs: Output[] = [];
  const shown: unknown[] = [];
  for (const by of beginnings) {
    const all = await outputsOf(by, folder);
    outputs.push(...all.outputs);
    shown.push(...all.shown);
  }
  return { outputs, shown };
});

const ofKind = (kind: Output["kind"]) =>
  made.outputs.filter((output) => output.kind === kind);

/** Where outputs break a rule: by what made them, each once. */
function broken(
  outputs: readonly Output[],
  problemOf: (content: unknown) => string | null,
): string[] {
  const found = new Map<string, string>();
  for (const { by, content } of outputs) {
    const problem = problemOf(content);
    if (problem !== null && !found.has(by)) found.set(by, problem);
  }
  return [...found].map(([by, problem]) => `${by}: ${problem}`);
}

// What steers a terminal or turns the order of reading; a line end is ours.
const steering =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe("outputs of a study whose every text is hostile", () => {
  it("are all that shows itself: each exported chart and each exported class", () => {
    const missing = [...displayClasses].filter(([, one]) =>
      !made.shown.some((thing) => thing instanceof (one as typeof Object))
    ).map(([name]) => name);
    expect(missing).toEqual([]);
    expect(chartNames.length).toBeGreaterThan(30);
    expect(ofKind("html").length).toBeGreaterThan(80);
    expect(ofKind("markdown").length).toBeGreaterThan(10);
  });

  it("as text steer no terminal, and no text of theirs begins a line of its own", () => {
    expect(broken(ofKind("text"), (content) => {
      const text = String(content);
      const bad = steering.exec(text);
      if (bad !== null) {
        return `${JSON.stringify(bad[0])} in ${
          JSON.stringify(text.slice(Math.max(0, bad.index - 60), bad.index + 9))
        }`;
      }
      const forged = /^\s*(forged: \d|\|---|# x-attack|> quote).*/m
        .exec(text);
      return forged === null ? null : `the line ${JSON.stringify(forged[0])}`;
    })).toEqual([]);
  });

  it("as specs have nothing of theirs in fields, expressions, addresses or marks", () => {
    const addresses = (spec: unknown): string[] =>
      typeof spec !== "object" || spec === null
        ? []
        : Object.entries(spec).flatMap(([key, value]) => [
          ...["href", "url", "loader", "usermeta"].includes(key) ? [key] : [],
          ...key === "mark" || key === "type" ? [String(value)] : [],
          ...addresses(value),
        ]);
    expect(broken(ofKind("spec"), (spec) => {
      const code = codeOf(spec).find((one) =>
        /attack|etude|datum\.globalThis|__proto__|constructor|HYPERLINK/i
          .test(one)
      );
      if (code !== undefined) return `the code ${code}`;
      const address = addresses(spec).find((one) =>
        ["href", "url", "loader", "image"].includes(one)
      );
      return address === undefined ? null : `an address: ${address}`;
    })).toEqual([]);
  });
});

/** Looks in a page for what came of a text: elements, attributes, addresses, styles. */
const inspect = `(sources) => sources.map(([kind, source]) => {
  const doc = new DOMParser().parseFromString(source, kind);
  const problem = doc.querySelector("parsererror");
  if (problem !== null) return "no XML: " + problem.textContent.slice(0, 200);
  for (const element of doc.querySelectorAll("*")) {
    const name = element.localName;
    if (/attack|iframe|object|embed|base|link|form|mglyph/.test(name)) return "the element " + name;
    if (name === "meta" && element.getAttribute("http-equiv") === "refresh") return "a refresh";
    if (name === "script" && /etudeAttacked\\s*=/.test(element.textContent) && element.type !== "application/json") return "a script";
    for (const { name: attribute, value } of element.attributes) {
      if (/^on|attack|^srcdoc$/.test(attribute)) return "the attribute " + attribute + " of " + name;
      if (/^(href|src|action|formaction|xlink:href|poster|data)$/.test(attribute) &&
        (/^\\s*(javascript|data|vbscript):/i.test(value) || (/attacker/.test(value) && element.textContent !== value))) {
        return "the address " + value + " of " + name;
      }
      if (attribute === "style" && /attacker|url\\(|expression/.test(value)) return "the style " + value;
    }
  }
  return null;
})`;

describeWith(chromium, "outputs of hostile texts in a browser", () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await driver.launch({
      executablePath: chromium.path!,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    page = await browser.newPage();
  });

  after(async () => {
    await browser.close();
  });

  async function problems(
    outputs: readonly Output[],
    type: string,
    htmlOf: (content: string) => string = (content) => content,
  ): Promise<string[]> {
    const sources = outputs.map((
      { content },
    ) => [type, htmlOf(String(content))]);
    const found = await page.evaluate(`(${inspect})(${
      JSON.stringify(sources)
        .replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")
    })`) as (string | null)[];
    const all = new Set(
      found.flatMap((problem, i) =>
        problem === null ? [] : [`${outputs[i]!.by}: ${problem}`]
      ),
    );
    return [...all];
  }

  it("as HTML have no element, attribute, address or style of theirs", async () => {
    expect(await problems(ofKind("html"), "text/html")).toEqual([]);
  });

  it("as SVG are XML, and likewise", async () => {
    expect(await problems(ofKind("svg"), "image/svg+xml")).toEqual([]);
  });

  it("as Markdown, read as JupyterLab reads it, have no element, link or picture of theirs, and no block", async () => {
    const htmlOf = (text: string) => marked.parse(text) as string;
    const markdown = ofKind("markdown");
    expect(await problems(markdown, "text/html", htmlOf)).toEqual([]);
    expect(broken(markdown, (content) => {
      const html = htmlOf(String(content));
      const block = /<(h\d|pre|blockquote|hr|img|del)\b[^>]*>[^<]*/.exec(html);
      return block === null || /^<h\d[^>]*>Help/.test(block[0])
        ? null
        : block[0].slice(0, 100);
    })).toEqual([]);
  });

  it("all on one page, charts drawn as JupyterLab draws them, run nothing and ask for nothing", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("dialog", (dialog) => {
      asked.push(`dialog ${dialog.message()}`);
      return dialog.dismiss();
    });
    const html = ofKind("html").map(({ content }) => String(content));
    const parts = [
      // Whole pages stand in frames, with our own scripts let run.
      ...html.filter((one) => !/^<!doctype/i.test(one)),
      ...ofKind("svg").map(({ content }) => String(content)),
      ...ofKind("markdown").map(({ content }) =>
        marked.parse(String(content)) as string
      ),
    ];
    await page.setContent(
      `<!doctype html><meta charset="utf-8"><body>${parts.join("\n")}</body>`,
    );
    for (const name of ["vega", "vega-lite"]) {
      await page.addScriptTag({
        content: await Deno.readTextFile(
          new URL(`./${name}.min.js`, import.meta.resolve(name)),
        ),
      });
    }
    // Every chart, of one beginning: drawing takes long.
    const specs = ofKind("spec").map(({ content }) => content)
      .slice(0, chartNames.length);
    const errors = await page.evaluate(`(async (specs) => {
      const errors = [];
      for (const one of specs) {
        const place = document.createElement("div");
        document.body.append(place);
        try {
          // Without the interpreter: expressions become functions, as in a notebook.
          const { spec } = vegaLite.compile(one);
          const view = new vega.View(vega.parse(spec), { renderer: "svg", container: place, hover: true });
          await view.runAsync();
        } catch (error) { errors.push(String(error)); }
        place.remove();
      }
      return errors;
    })(${
      JSON.stringify(specs)
        .replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")
    })`);
    expect(errors).toEqual([]);
    // Focus, pointers and time are what handlers wait for.
    await page.evaluate(
      `document.querySelectorAll("*").forEach((one) => { for (const type of ["mouseover", "focus", "load", "error", "click"]) one.dispatchEvent(new Event(type)); })`,
    );
    await page.waitForTimeout(100);
    expect(await page.evaluate(`globalThis.${flag}`)).toBe(undefined);
    expect(asked).toEqual([]);
    for (const one of html.filter((one) => /^<!doctype/i.test(one))) {
      await page.setContent(one);
      await page.waitForTimeout(20);
      expect(await page.evaluate(`globalThis.${flag}`)).toBe(undefined);
    }
    expect(asked).toEqual([]);
    await context.close();
  });
});

describe("exports of hostile texts", () => {
  const texts = rotated(0);
  const view = {
    ...studyOver(hostileSpace(texts), 8, (n) => ({
      value: n,
      state: n % 4 === 3 ? "failed" : "complete",
      ...n % 4 === 3 ? { error: texts[n]! } : {},
      attributes: { [texts[n + 3]!]: texts[n + 24]! },
    }), minimize("loss")),
    name: texts[24]!,
  };

  it("in CSV have no cell that a spreadsheet runs, and come back as they were", async () => {
    await withTemporaryFolder(async (folder) => {
      const text = await exported(view, "csv", folder);
      // As a spreadsheet takes it apart: quotes, commas, line ends.
      const cells = [
        ...text.matchAll(/(?:^|,|\n)(?:"((?:[^"]|"")*)"|([^,\n]*))/g),
      ]
        .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!);
      expect(
        cells.filter((cell) =>
          /^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell))
        ),
      ).toEqual([]);
      const path = join(folder, "back.csv");
      await Deno.writeTextFile(path, text);
      const [back] = await importStudies(path, { objective: minimize("loss") });
      expect(back!.trials.map(({ params }) => params))
        .toEqual(view.trials.map(({ params }) => params));
      // UTF-8 has no lone surrogates.
      expect(back!.trials.map(({ error }) => error))
        .toEqual(
          view.trials.map(({ error }) => error?.toWellFormed() ?? null),
        );
    });
  });

  it("as a sweep in YAML are the texts that they were", async () => {
    await withTemporaryFolder(async (folder) => {
      const sweep = parse(await exported(view, "yaml", folder));
      expect(sweep.name).toBe(view.name);
      expect(Object.keys(sweep.parameters)).toEqual(view.space.names);
      expect(Object.getPrototypeOf(sweep)).toBe(Object.prototype);
    });
  });

  it("as lines of JSON and as Optuna's journal come back as they were", async () => {
    for (const ending of ["jsonl", "journal", "db"]) {
      await withTemporaryFolder(async (folder) => {
        const { exportStudy } = await import("../../lib/interop/mod.ts");
        const path = join(folder, `s.${ending}`);
        await exportStudy(view, path);
        const [back] = await importStudies(path);
        expect(back!.name).toBe(view.name);
        expect(back!.space.names).toEqual(view.space.names);
        expect(back!.trials.map(({ params }) => params))
          .toEqual(view.trials.map(({ params }) => params));
        expect(back!.trials.map(({ attributes }) => attributes))
          .toEqual(view.trials.map(({ attributes }) => attributes));
      });
    }
  });
});
