import type { Objective, StudyView, TrialState } from "../records/mod.ts";
import { adaptive, adaptiveTheme } from "./_adaptive.ts";
import { Chart, type ChartParts } from "./chart.ts";
import type { ChartSpec } from "./chart_spec.ts";
import { deepFreeze } from "./_freeze.ts";
import { columnsHere } from "./_room.ts";
import { cleanText, count, reasonOf, shorten, wrapText } from "./_text.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** The schema that front ends look at. */
const schema = "https://vega.github.io/schema/vega-lite/v5.json";

/** Any part of a Vega-Lite spec. */
export type Part = Readonly<Record<string, unknown>>;

/** A whole spec: a view with title, subtitle and theme; frozen. */
export function specOf(
  title: string,
  subtitle: readonly string[],
  description: string,
  view: Part,
): ChartSpec {
  // Three lines are enough for the parameters of a best trial.
  const lines = subtitle.flatMap((line) =>
    wrapText(shorten(line, 270), columnsHere(94))
  );
  return deepFreeze({
    $schema: schema,
    config: adaptiveTheme,
    ...withoutKeywords({
      description: cleanText(description),
      title: {
        text: wrapText(title, columnsHere(76)),
        ...(lines.length === 0 ? {} : { subtitle: lines }),
      },
      ...adaptive(view) as Part,
    }) as Part,
  });
}

/**
 * A copy of a spec, its data aside, in which no text is the name of a property
 * that every object has: Vega looks its constants up by name and takes
 * `"constructor"` or `"valueOf"` for one that it knows ("Operator not defined").
 * The space added is not seen.
 */
function withoutKeywords(part: unknown): unknown {
  if (typeof part === "string") {
    return part in Object.prototype ? `${part} ` : part;
  }
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map(withoutKeywords);
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]) => [
      key,
      key === "datasets" || key === "values" ? inner : withoutKeywords(inner),
    ]),
  );
}

/** A view with nothing but a text in its middle. */
export function messageView(message: string, height = 120): Part {
  const lines = wrapText(message, columnsHere(84));
  return {
    width: chartWidth,
    height,
    data: { values: lines.map((text, line) => ({ text, line })) },
    layer: lines.map((_, line) => ({
      transform: [{ filter: `datum.line === ${line}` }],
      mark: {
        type: "text",
        fontSize: 13,
        color: chartColors.muted,
        x: chartWidth / 2,
        y: height / 2 + 19 * (line - (lines.length - 1) / 2),
      },
      encoding: { text: { field: "text", type: "nominal" } },
    })),
  };
}

/**
 * Makes a chart; where that fails, a chart that shows the reason, so that a
 * cell which draws several things shows the others.
 */
export function drawing(title: string, build: () => ChartParts): Chart {
  try {
    return new Chart({ ...build(), redraw: build });
  } catch (error) {
    const message = `Cannot draw the chart: ${reasonOf(error)}`;
    return new Chart({
      title,
      text: `${title}\n${message}`,
      spec: specOf(title, [], message, messageView(message)),
    });
  }
}

/** The study's first objective. */
export function objectiveOf(view: StudyView): Objective {
  return view.objectives[0] ?? { name: "value", direction: "minimize" };
}

/** An objective as an axis names it: `validation accuracy (maximize)`. */
export function objectiveTitle(view: StudyView, columns = 44): string {
  const { name, direction } = objectiveOf(view);
  return `${shorten(name, columns)} (${direction})`;
}

/** `50 trials: 38 complete, 10 pruned, 2 failed`. */
export function countStates(view: StudyView): string {
  const states: readonly TrialState[] = [
    "complete",
    "pruned",
    "failed",
    "running",
    "waiting",
  ];
  const parts = states.map((state) => {
    const n = view.trials.filter((trial) => trial.state === state).length;
    return n === 0 ? "" : `${n} ${state}`;
  }).filter((part) => part !== "");
  const all = count(view.trials.length, "trial");
  return parts.length === 0 ? all : `${all}: ${parts.join(", ")}`;
}
