/// <reference lib="dom" />
import { inks } from "./colors.ts";
import { button, contextOf, h, refill, setText } from "./dom.ts";
import { number, percent, valueText } from "./format.ts";
import type { Model } from "./model.ts";

/** What is expected where the controls stand. */
export function outlookView(model: Model): HTMLElement {
  const mean = h("span", { class: "mean" });
  const chance = h("span", { class: "chance" });
  const canvas = h("canvas", { class: "interval-canvas" });
  const nearest = h("div", { class: "nearest" });
  const most = h("div", { class: "most faint" });
  const reason = h("div", { class: "faint reason" });
  const whole = h(
    "div",
    { class: "outlook-body" },
    h(
      "div",
      { class: "outlook-line" },
      h("span", { class: "faint" }, "expected "),
      mean,
      chance,
    ),
    canvas,
    nearest,
    most,
  );
  const element = h(
    "section",
    { class: "outlook", aria: { live: "polite", label: "What is expected" } },
    whole,
    reason,
  );
  model.view("outlook", () => {
    const { look, slices } = model;
    element.dataset.ms = model.lookMs.toFixed(1);
    const forecast = look?.forecast ?? null;
    whole.hidden = forecast === null;
    reason.hidden = forecast !== null;
    if (forecast === null) {
      setText(reason, look?.reason ?? "…");
      return;
    }
    setText(mean, `${number(forecast.mean)} ± ${number(forecast.sd, 2)}`);
    setText(
      chance,
      forecast.best === null
        ? ""
        : `${percent(forecast.chance)} to beat the best`,
    );
    refill(
      nearest,
      look!.nearest.length === 0
        ? null
        : h("span", { class: "faint" }, "nearest "),
      look!.nearest.map((one) =>
        button(
          [
            h("b", {}, `#${one.number}`),
            ` ${one.shown} `,
            h("span", { class: "faint" }, nearness(one.distance)),
          ],
          () => {
            model.read(one.number);
            model.compare(one.number, true);
          },
          {
            class: "chip",
            title:
              `Distance ${one.distance} lengthscales: below 1 it tells much. Click for its curves.`,
          },
        )
      ),
    );
    const found = slices?.most ?? null;
    refill(
      most,
      found === null ? null : [
        "from here ",
        h("b", {}, found.name),
        ` matters most: ${number(found.low, 3)} to ${
          number(found.high, 3)
        }, best at `,
        button(valueText(found.to), () => model.set(found.name, found.to), {
          class: "link",
          title: `Move ${found.name} there`,
        }),
      ],
    );
    drawInterval(canvas, model);
  });
  return element;
}

function nearness(distance: number): string {
  return distance < 0.005
    ? "the same"
    : distance < 1
    ? "close"
    : distance < 3
    ? "some way off"
    : "far";
}

/** The interval on a line, with the best and the nearest trials. */
function drawInterval(canvas: HTMLCanvasElement, { look, best }: Model): void {
  const found = contextOf(canvas);
  const forecast = look?.forecast;
  if (found === null || forecast === undefined || forecast === null) return;
  const { context, width } = found;
  const { line, accent, best: bestInk, muted, text } = inks();
  const marks = [
    ...look!.nearest.flatMap(({ value }) => value === null ? [] : [value]),
    ...(best?.value == null ? [] : [best.value]),
    forecast.low,
    forecast.high,
  ];
  let low = Math.min(...marks);
  let high = Math.max(...marks);
  const pad = 0.06 * (high - low || Math.abs(high) || 1);
  low -= pad;
  high += pad;
  const xOf = (value: number) => 2 + (value - low) / (high - low) * (width - 4);
  const middle = 15;
  context.fillStyle = line;
  context.beginPath();
  context.roundRect(0, middle - 1, width, 2, 1);
  context.fill();
  context.fillStyle = accent;
  context.globalAlpha = 0.25;
  context.beginPath();
  context.roundRect(
    xOf(forecast.low),
    middle - 5,
    Math.max(2, xOf(forecast.high) - xOf(forecast.low)),
    10,
    5,
  );
  context.fill();
  context.globalAlpha = 1;
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = muted;
  context.textBaseline = "top";
  const ends = [forecast.low, forecast.high] as const;
  ends.forEach((end, side) => {
    const label = number(end, 3);
    const half = context.measureText(label).width / 2;
    context.textAlign = "center";
    // Two ends that are near each other part.
    const apart = Math.max(0, half + 4 - (xOf(ends[1]) - xOf(ends[0])) / 2);
    const x = xOf(end) + (side === 0 ? -apart : apart);
    context.fillText(
      label,
      Math.min(width - half, Math.max(half, x)),
      middle + 8,
    );
  });
  context.textBaseline = "alphabetic";
  for (const { value } of look!.nearest) {
    if (value === null) continue;
    context.strokeStyle = muted;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(xOf(value), middle, 3, 0, 2 * Math.PI);
    context.stroke();
  }
  context.fillStyle = accent;
  context.beginPath();
  context.arc(xOf(forecast.mean), middle, 4.5, 0, 2 * Math.PI);
  context.fill();
  if (best?.value != null) {
    const x = xOf(best.value);
    context.fillStyle = bestInk;
    context.fillRect(x - 1, middle - 9, 2, 18);
    context.font = "11px system-ui, sans-serif";
    const label = "best";
    const side = x > width - 40 ? -1 : 1;
    context.textAlign = side === 1 ? "left" : "right";
    context.fillStyle = text;
    context.fillText(label, x + 5 * side, middle - 5);
  }
}
