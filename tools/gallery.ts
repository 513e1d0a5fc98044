/**
 * Every chart at 0, 1, 10, 100 and 10,000 trials, light and dark, on one page:
 * `deno task gallery`, then open out/gallery/index.html.
 *
 *     deno task gallery [CHART …]   only these charts
 *     deno task gallery --accept    keep what is drawn as what the tests compare with
 *
 * The tests compare thumbnails, in which each text is a box of its size, so that
 * no font of the machine matters.
 *
 * @module
 */

import { join } from "node:path";
import {
  type Chart,
  escapeMarkup,
  grid,
  progressChart,
  row,
  StudyCharts,
} from "../lib/charts/mod.ts";
import { randomStream } from "../lib/math/mod.ts";
import type { StudyView } from "../lib/records/mod.ts";
import {
  folded,
  makeView,
  tradeOffStudy,
} from "../tests/support/chart_views.ts";
import { begun } from "../tests/support/warm_start_records.ts";
import { freshFolder, inProject, outFolder } from "./project.ts";
import { type Thumbnail, thumbnailOf, thumbnailsJSON } from "./thumbnail.ts";

/** How many trials the studies of the gallery have. */
export const gallerySizes: readonly number[] = [0, 1, 10, 100, 10_000];

/** Where the thumbnails are that the tests compare with. */
export const thumbnailsFile: string = inProject(
  "tests",
  "charts",
  "gallery_thumbnails.json",
);

const views = new Map<string, StudyView>();

function viewOf(kind: "one" | "several", trials: number): StudyView {
  const key = `${kind} ${trials}`;
  const view = views.get(key) ??
    (kind === "several"
      ? tradeOffStudy(trials)
      : makeView({ trials, steps: trials > 1000 ? 5 : 20 }));
  views.set(key, view);
  return view;
}

/** What several charts together look like. */
const layouts: Readonly<Record<string, (charts: StudyCharts) => Chart>> = {
  row: (charts) => row([charts.optimizationHistory(), charts.importance()]),
  grid: (charts) =>
    grid([
      charts.optimizationHistory(),
      charts.slice(),
      charts.parallelCoordinates(),
      charts.learningCurves(),
    ], { title: "A grid" }),
};

/** The names of all charts of a study, in the order of {@linkcode StudyCharts}. */
export const galleryCharts: readonly string[] = [
  ...Object.getOwnPropertyNames(StudyCharts.prototype).filter((name) =>
    name !== "constructor"
  ),
  "progress",
  ...Object.keys(layouts),
];

/** A chart of the gallery. */
export function galleryChart(name: string, trials: number): Chart {
  const isOfSeveral = name === "paretoFront" || name === "hypervolumeHistory";
  const view = viewOf(isOfSeveral ? "several" : "one", trials);
  return chartOfStudy(name, name === "folds" ? folded(view) : view);
}

/** One of {@linkcode galleryCharts} of a study of one's own. */
export function chartOfStudy(name: string, view: StudyView): Chart {
  if (name === "progress") return progressChart(view);
  const charts = new StudyCharts(
    () => view,
    () => view.trials.length === 0 ? null : begun,
  );
  const draw = layouts[name];
  if (draw !== undefined) return draw(charts);
  if (name === "savings") return charts.savings(coldRuns(view));
  return (charts as unknown as Record<string, () => Chart>)[name]!();
}

/** Three runs that have the study's values in other orders. */
function coldRuns(view: StudyView): number[][] {
  const values = view.trials.map(({ value }) => value ?? NaN);
  return [1, 2, 3].map((seed) =>
    randomStream("cold", seed).shuffle(values).slice(0, 200)
  );
}

async function build(names: readonly string[], accept: boolean): Promise<void> {
  const folder = await freshFolder(join(outFolder, "gallery"));
  const kept: Record<string, Thumbnail> = {};
  const sections: string[] = [];
  for (const name of names) {
    const figures: string[] = [];
    for (const trials of gallerySizes) {
      const start = performance.now();
      const chart = galleryChart(name, trials);
      const ms = Math.round(performance.now() - start);
      const bytes = JSON.stringify(chart.spec).length;
      for (const theme of ["light", "dark"] as const) {
        const svg = await chart.withTheme(theme).toSVG();
        const file = `${name}-${trials}-${theme}`;
        await Deno.writeTextFile(join(folder, `${file}.svg`), svg);
        kept[file] = await thumbnailOf(svg);
        figures.push(
          `<figure class="${theme}"><img src="${file}.svg" alt=""><figcaption>${
            trials.toLocaleString("en")
          } trials, ${ms} ms, ${
            Math.round(bytes / 1000)
          } kB</figcaption></figure>`,
        );
      }
      console.log(`${name} of ${trials}: ${ms} ms, ${bytes} bytes`);
    }
    sections.push(`<h2>${escapeMarkup(name)}</h2>${figures.join("")}`);
  }
  await Deno.writeTextFile(join(folder, "index.html"), page(sections));
  if (accept) await Deno.writeTextFile(thumbnailsFile, thumbnailsJSON(kept));
  console.log(`Open ${join("out", "gallery", "index.html")}`);
}

function page(sections: readonly string[]): string {
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Charts</title>
<style>
body { font-family: system-ui, sans-serif; margin: 24px; background: #f4f6f8; }
figure { display: inline-block; vertical-align: top; margin: 0 12px 12px 0; }
figure.dark { display: none; }
body:has(#dark:checked) { background: #12161a; color: #eceff1; }
body:has(#dark:checked) figure.light { display: none; }
body:has(#dark:checked) figure.dark { display: inline-block; }
figcaption { font-size: 12px; opacity: 0.7; }
</style>
<label><input type="checkbox" id="dark"> dark</label>
${sections.join("\n")}
</html>
`;
}

if (import.meta.main) {
  const named = Deno.args.filter((arg) => !arg.startsWith("--"));
  const unknown = named.find((name) => !galleryCharts.includes(name));
  if (unknown !== undefined) {
    console.error(
      `There is no chart ${unknown}, expected one of ${
        galleryCharts.join(", ")
      }`,
    );
    Deno.exit(1);
  }
  const accept = Deno.args.includes("--accept");
  if (accept && named.length > 0) {
    console.error("Only all charts together can be accepted");
    Deno.exit(1);
  }
  await build(named.length > 0 ? named : galleryCharts, accept);
}
