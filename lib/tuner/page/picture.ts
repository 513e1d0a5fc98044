/// <reference lib="dom" />
import { inks } from "./colors.ts";
import { h } from "./dom.ts";
import { number, valueText } from "./format.ts";
import type { Model } from "./model.ts";

/** Saves a picture of the curves, the configuration and the expectation as PNG. */
export function exportPicture(model: Model): void {
  const scale = 2;
  const width = 900;
  const plots = [
    ...document.querySelectorAll<HTMLCanvasElement>(
      "figure:not([hidden]) .plot-canvas",
    ),
  ];
  const names = [
    ...document.querySelectorAll<HTMLSelectElement>(
      "figure:not([hidden]) .quantity",
    ),
  ].map(({ value }) => value);
  const entries = Object.entries(model.configuration);
  const left = 300;
  const height = Math.max(150 + 24 * entries.length, 80 + 250 * plots.length);
  const canvas = h("canvas", { width: width * scale, height: height * scale });
  const context = canvas.getContext("2d")!;
  context.scale(scale, scale);
  const colors = inks();
  context.fillStyle = colors.surface;
  context.fillRect(0, 0, width, height);
  const write = (
    text: string,
    x: number,
    y: number,
    font: string,
    color: string,
  ) => {
    context.font = `${font} system-ui, sans-serif`;
    context.fillStyle = color;
    context.fillText(text, x, y);
  };
  const { study, best, look } = model;
  write(study!.name, 20, 32, "600 18px", colors.text);
  write(
    `${study!.direction} ${study!.objective}${
      best === null
        ? ""
        : `, best ${number(best.value)} in trial ${best.number}`
    }`,
    20,
    52,
    "13px",
    colors.muted,
  );
  entries.forEach(([name, value], i) => {
    write(name, 20, 90 + 24 * i, "13px", colors.muted);
    write(valueText(value), 170, 90 + 24 * i, "600 13px", colors.text);
  });
  if (look?.forecast != null) {
    const { mean, sd, chance } = look.forecast;
    const y = 106 + 24 * entries.length;
    write(
      `expected ${number(mean)} ± ${number(sd, 2)}`,
      20,
      y,
      "600 13px",
      colors.text,
    );
    write(
      `${Math.round(100 * chance)} % to beat the best`,
      20,
      y + 18,
      "12px",
      colors.muted,
    );
  }
  plots.forEach((plot, i) => {
    write(names[i] ?? "", left + 12, 84 + 250 * i, "600 12px", colors.text);
    const ratio = plot.clientHeight / plot.clientWidth;
    const wide = width - left - 20;
    context.drawImage(
      plot,
      left,
      92 + 250 * i,
      wide,
      Math.min(215, wide * ratio),
    );
  });
  canvas.toBlob((blob) => {
    if (blob === null) return;
    const address = URL.createObjectURL(blob);
    h("a", {
      href: address,
      download: `${study!.name.replaceAll(/[^\w-]+/g, "-")}.png`,
    }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
}
