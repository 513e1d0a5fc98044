/// <reference lib="dom" />
import { forgetInks } from "./colors.ts";
import type { Model } from "./model.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Whether the notebook or a person has said which. */
let isGiven = false;
let isChosen = false;

/** Follows the system's theme, or that of the notebook around it, until a person chooses another. */
export function followTheme(model: Model): void {
  const followSystem = () => {
    if (isGiven || isChosen) return;
    setTheme(dark.matches ? "dark" : "light", model);
  };
  followSystem();
  dark.addEventListener("change", followSystem);
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || source === globalThis.self || isChosen) return;
    const theme: unknown = data?.etudePanelTheme;
    if (theme !== "dark" && theme !== "light") return;
    isGiven = true;
    setTheme(theme, model);
  });
}

/** The other theme. */
export function toggleTheme(model: Model): void {
  isChosen = true;
  const { theme } = document.documentElement.dataset;
  setTheme(theme === "dark" ? "light" : "dark", model);
}

function setTheme(theme: "dark" | "light", model: Model): void {
  document.documentElement.dataset.theme = theme;
  forgetInks();
  model.touchAll();
}
