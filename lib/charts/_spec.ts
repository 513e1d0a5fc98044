import type { Objective, StudyView, TrialState } from "../records/mod.ts";
import { Chart, type ChartParts } from "./chart.ts";
import type { ChartSpec } from "./chart_spec.ts";
import { deepFreeze } from "./_freeze.ts";
import { cleanText, count, reasonOf, shorten, wrapText } from "./_text.ts";
import { chartColors, chartTheme, chartWidth } from "./theme.ts";

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
  const lines = subtitle.flatMap((line) => wrapText(shorten(line, 270), 94));
  return deepFreeze({
    $schema: schema,
    config: chartTheme,
    ...withoutKeywords({
      description: cleanText(description),
      title: {
        text: wrapText(title, 76),
        ...(lines.length === 0 ? {} : { subtitle: lines }),
      },
      ...view,
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
  return {
    width: chartWidth,
    height,
    data: {
      values: wrapText(message, 84).map((text, line) => ({ text, line })),
    },
    layer: wrapText(message, 84).map((_, line, lines) => ({
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
    return new Chart(build());
  } catch (error) {
    const message = `Cannot draw the chart: ${reasonOf(error)}`;
    return new Chart({
      title,
      text: `${title}\n${message}`,
      spec: specOf(title, [], message, messageView(message)),
    });
  }
}

/** What a chart says and how it is drawn. Lines that are `""` are left out. */
export interface ChartPlan {
  /** The title, unless the options have one; any text. */
  readonly title: string;
  /** What the text says behind the title, e.g. `" (minimize)"`. Defaults to nothing. */
  readonly heading?: string;
  /** The lines of the text. */
  readonly lines: readonly string[];
  /** The lines under the title. Defaults to those of the text. */
  readonly subtitle?: readonly string[];
  /** Why there is nothing to draw: stands alone in the chart. Defaults to `null`: there is. */
  readonly message?: string | null;
  /** The plot. */
  readonly part: () => Part;
}

/**
 * The shell of a chart: title, subtitle, text, and a message where there is
 * nothing to draw or the drawing fails.
 *
 * @param kind What stands as the title where the plan fails.
 * @param options The options, checked before.
 * @param plan What the chart says and shows.
 */
export function chartOf(
  kind: string,
  options: { readonly title?: string },
  plan: () => ChartPlan,
): Chart {
  return drawing(options.title ?? kind, () => {
    const { heading = "", lines, message = null, part, ...rest } = plan();
    const title = cleanText(options.title ?? rest.title);
    const text = [`${title}${heading}`, ...lines].filter((line) => line !== "")
      .map(cleanText).join("\n");
    const subtitle = message === null ? rest.subtitle ?? lines : [];
    return {
      title,
      text,
      spec: specOf(
        title,
        subtitle.filter((line) => line !== ""),
        text,
        message === null ? part() : messageView(message),
      ),
    };
  });
}

/** What a chart without data says: that there is no trial, or what is missing. */
export function nothingYet(view: StudyView, missing: string): string {
  return view.trials.length === 0 ? "No trial yet" : missing;
}

/** What a chart says while no trial has a value that it can draw. */
export function noValueYet(view: StudyView, kind = "finite"): string {
  return nothingYet(
    view,
    `No trial has a ${kind} value yet: ${countStates(view)}`,
  );
}

/** What a chart of curves says where there are none. */
export const noCurveYet =
  "No learning curve yet: report values with trial.report(…)";

/** Notes on one line; those that are `""` are left out. */
export function joinNotes(notes: readonly string[]): string {
  return notes.filter((note) => note !== "").join("; ");
}

/** `3 trials left out`; `""` if none is. */
export function omittedNote(omitted: number, noun = "trial"): string {
  return omitted > 0 ? `${count(omitted, noun)} left out` : "";
}

/** `3 values beyond the scale at its edge`; `""` if none is. */
export function beyondNote(beyond: number, where = "edge"): string {
  return beyond > 0
    ? `${count(beyond, "value")} beyond the scale at its ${where}`
    : "";
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
