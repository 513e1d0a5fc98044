/// <reference lib="dom" />
import {
  choicesOf,
  type Parameter,
  type ParameterValue,
} from "../../space/mod.ts";
import { shade } from "./colors.ts";
import { h } from "./dom.ts";
import { number, valueText } from "./format.ts";
import { frameOf, type Knob, sureness } from "./knob.ts";
import type { Model } from "./model.ts";

/** Longer lists are a menu. */
const mostButtons = 6;

/** The control of a parameter that has a list of values. */
export function choiceKnob(model: Model, parameter: Parameter): Knob {
  const { name } = parameter;
  const { element, head, body, update } = frameOf(model, parameter);
  const choices = choicesOf(parameter)!;
  const asMenu = choices.length > mostButtons;
  const bars = choices.map(() => h("span", { class: "meter" }));
  const marks = choices.map(() =>
    h("span", { class: "choice-advice", title: "The diagnosis advises it" })
  );
  const pick = (index: number) => {
    const value = choices[Math.min(choices.length - 1, Math.max(0, index))]!;
    model.set(name, value as ParameterValue);
  };
  const buttons = choices.map((choice, index) =>
    h(
      "button",
      {
        type: "button",
        class: "choice",
        aria: { role: "radio" },
        onclick: () => pick(index),
      },
      h("span", { class: "choice-label" }, valueText(choice)),
      marks[index]!,
      bars[index]!,
    )
  );
  const group = h(
    "div",
    { class: "choices", aria: { role: "radiogroup", label: name } },
    ...buttons,
  );
  group.addEventListener("keydown", (event) => {
    const step =
      { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const now = choices.indexOf(model.params[name]!);
    const next = (now + step + choices.length) % choices.length;
    pick(next);
    buttons[next]!.focus();
  });
  const select = h(
    "select",
    {
      class: "menu",
      aria: { label: name },
      onchange: () => pick(select.selectedIndex),
    },
    ...choices.map((choice) => h("option", {}, valueText(choice))),
  );
  if (asMenu) head.append(select);
  else body.append(group);
  return {
    element,
    update: () => {
      if (!update()) return;
      const now = choices.indexOf(model.params[name]!);
      select.selectedIndex = now;
      buttons.forEach((one, index) => {
        one.setAttribute("aria-checked", String(index === now));
        one.tabIndex = index === now ? 0 : -1;
      });
    },
    draw: () => {
      const { slices } = model;
      const slice = slices?.slices[name];
      const reading = model.shown === null
        ? null
        : model.readings.get(model.shown);
      const move = reading?.advice?.moves.find((one) => one.parameter === name);
      bars.forEach((bar, index) => {
        marks[index]!.hidden = move === undefined ||
          move.to !== choices[index] || move.to === model.params[name];
        if (slices === null || slice === undefined) {
          bar.style.background = "transparent";
          buttons[index]!.title = "";
          return;
        }
        const mean = slice.mean[index]!;
        const sd = slice.sd[index]!;
        const { worst, best } = slices.scale;
        const goodness = Math.min(
          1,
          Math.max(0.04, (mean - worst) / (best - worst)),
        );
        bar.style.width = `${(100 * goodness).toFixed(0)}%`;
        bar.style.background = shade(goodness, sureness(sd, slices.unknownSd));
        const isRefused = slice.refused?.includes(index) ?? false;
        buttons[index]!.classList.toggle("is-refused", isRefused);
        const text = `expected ${number(mean)} ± ${number(sd, 2)}${
          isRefused ? ", not allowed" : ""
        }`;
        buttons[index]!.title = text;
        select.options[index]!.text = asMenu
          ? `${valueText(choices[index])}: ${text}`
          : valueText(choices[index]);
      });
    },
  };
}
