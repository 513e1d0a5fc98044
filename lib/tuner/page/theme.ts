/// <reference lib="dom" />
import { forgetInks } from "./colors.ts";
import type { Model } from "./model.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Follows the front end's theme, until a person chooses another. */
export function followTheme(model: Model): void {
  dark.addEventListener("change", () => redraw(model));
}

/** The other theme. */
export function toggleTheme(model: Model): void {
  const { dataset } = document.documentElement;
  const isDark = dataset.theme === undefined
    ? dark.matches
    : dataset.theme === "dark";
  dataset.theme = isDark ? "light" : "dark";
  redraw(model);
}

function redraw(model: Model): void {
  forgetInks();
  model.touchAll();
}
