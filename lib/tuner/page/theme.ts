/// <reference lib="dom" />
import { forgetInks } from "./colors.ts";
import type { Model } from "./model.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");

let isChosen = false;

/** Follows the system's theme, or that of the notebook around it, until a person chooses another. */
export function followTheme(model: Model): void {
  dark.addEventListener("change", () => redraw(model));
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || source === globalThis.self || isChosen) return;
    const theme: unknown = data?.etudePanelTheme;
    if (theme !== "dark" && theme !== "light") return;
    document.documentElement.dataset.theme = theme;
    redraw(model);
  });
}

/** The other theme. */
export function toggleTheme(model: Model): void {
  isChosen = true;
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
