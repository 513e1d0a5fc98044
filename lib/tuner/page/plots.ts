/// <reference lib="dom" />
import { inks } from "./colors.ts";
import { contextOf, h, icon, refill } from "./dom.ts";
import { number } from "./format.ts";
import type { Model, PageCurve } from "./model.ts";
import { drawPlot, type PlotLine } from "./plot.ts";

/** Which part of the data a curve's name speaks of, and which quantity. */
export function splitName(
  name: string,
): { readonly part: "train" | "validation" | ""; readonly quantity: string } {
  const [, part, quantity] =
    name.match(/^(train|training|validation|valid|val)[ _-]+(.+)$/i) ?? [];
  return part === undefined || quantity === undefined
    ? { part: "", quantity: name }
    : {
      part: part.startsWith("t") || part.startsWith("T")
        ? "train"
        : "validation",
      quantity,
    };
}

/** The color of a trial among those drawn. */
export function colorOf(model: Model, trial: number): string {
  const { series, live } = inks();
  if (model.rows.get(trial)?.state === "running") return live;
  const others = model.drawn.filter((one) =>
    model.rows.get(one)?.state !== "running"
  );
  const best = model.best?.number;
  if (trial === best) return series[0]!;
  const rest = others.filter((one) => one !== best);
  return series[1 + rest.indexOf(trial) % (series.length - 1)]!;
}

/** The learning curves, two quantities over each other. */
export function plotsView(model: Model): HTMLElement {
  const legend = h("div", { class: "legend" });
  const chosen: (string | null)[] = [null, null];
  const plots = [0, 1].map((index) => {
    const title = h("select", {
      class: "quantity",
      aria: { label: "What is drawn" },
      onchange: () => {
        chosen[index] = title.value;
        model.touch("plots");
      },
    });
    const canvas = h("canvas", { class: "plot-canvas" });
    const tip = h("div", { class: "plot-tip", hidden: true });
    const element = h(
      "figure",
      { class: "plot" },
      h("figcaption", {}, title),
      canvas,
      tip,
    );
    const pointer: { x: number | null } = { x: null };
    canvas.addEventListener("pointermove", ({ offsetX }) => {
      pointer.x = offsetX;
      model.touch("plots");
    });
    canvas.addEventListener("pointerleave", () => {
      pointer.x = null;
      model.touch("plots");
    });
    return { element, title, canvas, tip, pointer };
  });
  const empty = h(
    "p",
    { class: "faint empty" },
    "No learning curves yet: they appear here while a trial runs.",
  );
  const element = h(
    "section",
    { class: "curves", aria: { label: "Learning curves" } },
    legend,
    empty,
    ...plots.map((plot) => plot.element),
  );
  model.view("plots", () => {
    const { drawn } = model;
    const withCurves = drawn.filter((trial) =>
      (model.curves.get(trial)?.size ?? 0) > 0
    );
    drawLegend(legend, model, drawn);
    const quantities = quantitiesOf(model, withCurves);
    empty.hidden = quantities.length > 0;
    plots.forEach(({ element, title, canvas, tip, pointer }, index) => {
      const other = index === 1 ? plots[0]!.title.value : null;
      const quantity =
        chosen[index] !== null && quantities.includes(chosen[index]!)
          ? chosen[index]!
          : quantities.filter((one) => one !== other)[0];
      element.hidden = quantity === undefined;
      if (quantity === undefined) return;
      if (
        title.options.length !== quantities.length ||
        [...title.options].some((one, i) => one.text !== quantities[i])
      ) {
        refill(
          title,
          quantities.map((one) => h("option", { value: one }, one)),
        );
      }
      title.value = quantity;
      title.disabled = quantities.length === 1;
      const found = contextOf(canvas);
      if (found === null) return;
      const lines = withCurves.flatMap((trial) =>
        linesOf(model, trial, quantity)
      );
      const reading = model.shown === null
        ? null
        : model.readings.get(model.shown) ?? null;
      const forecast = reading?.forecasts.find(({ curve }) =>
        splitName(curve).quantity === quantity
      );
      const hover = drawPlot(found, {
        lines,
        lastStep: Math.max(
          forecast?.at ?? 0,
          model.running.length > 0
            ? model.standing.activity.usualSteps ?? 0
            : 0,
        ),
        forecast: forecast !== undefined && reading !== null
          ? { path: forecast.path, color: colorOf(model, reading.number) }
          : null,
        marks: (reading?.marks ?? []).filter(({ curve }) =>
          splitName(curve).quantity === quantity
        ),
        pointer: pointer.x,
      });
      tip.hidden = hover === null;
      if (hover === null) return;
      refill(
        tip,
        h("div", { class: "faint" }, `step ${hover.step}`),
        hover.values.slice(-8).map((one) =>
          h(
            "div",
            {},
            dot(one.line.color, one.line.dashed),
            ` #${one.line.trial} ${one.line.dashed ? "train " : ""}`,
            h("b", {}, number(one.value)),
          )
        ),
      );
      tip.style.left = `${hover.x}px`;
      tip.classList.toggle("is-left", hover.x > found.width * 0.6);
    });
  });
  return element;
}

function dot(color: string, dashed: boolean): HTMLElement {
  const element = h("span", { class: dashed ? "dot is-dashed" : "dot" });
  element.style.setProperty("--dot", color);
  return element;
}

/** The quantities that there are curves of: the objective's first, then the loss. */
function quantitiesOf(model: Model, trials: readonly number[]): string[] {
  const found = new Set<string>();
  for (const trial of trials) {
    for (const name of model.curves.get(trial)!.keys()) {
      found.add(splitName(name).quantity);
    }
  }
  const wanted = splitName(model.study!.objective).quantity;
  const rank = (name: string) =>
    name === wanted ? 0 : /loss/i.test(name) ? 1 : 2;
  return [...found].sort((a, b) => rank(a) - rank(b));
}

function linesOf(model: Model, trial: number, quantity: string): PlotLine[] {
  const color = colorOf(model, trial);
  const isShown = trial === model.shown ||
    model.rows.get(trial)?.state === "running";
  return [...model.curves.get(trial)!].flatMap(
    ([name, curve]: [string, PageCurve]) => {
      const { part, quantity: own } = splitName(name);
      return own !== quantity ? [] : [{
        trial,
        color,
        dashed: part === "train",
        strong: isShown,
        steps: curve.steps,
        values: curve.values,
      }];
    },
  );
}

function drawLegend(
  element: HTMLElement,
  model: Model,
  drawn: readonly number[],
): void {
  const best = model.best?.number;
  refill(
    element,
    drawn.toReversed().map((trial) => {
      const row = model.rows.get(trial)!;
      const words = row.state === "running"
        ? "live"
        : trial === best
        ? "best"
        : row.shown;
      const canClose = model.compared.includes(trial);
      return h(
        "span",
        { class: trial === model.shown ? "chip is-shown" : "chip" },
        h(
          "button",
          {
            type: "button",
            class: "link",
            title: "Read this trial's curves",
            onclick: () => model.read(trial),
          },
          dot(colorOf(model, trial), false),
          ` #${trial} `,
          h("span", { class: "faint" }, words),
        ),
        canClose && h("button", {
          type: "button",
          class: "close",
          title: "Take its curves away",
          aria: { label: `Take the curves of trial ${trial} away` },
          onclick: () => model.compare(trial, false),
        }, icon("close")),
      );
    }),
    h(
      "span",
      { class: "keys faint" },
      h("span", { class: "sample" }),
      " validation ",
      h("span", { class: "sample is-dashed" }),
      " train",
    ),
  );
}
