/// <reference lib="dom" />
import { choicesOf } from "../../space/mod.ts";
import { choiceKnob } from "./choice_knob.ts";
import { h } from "./dom.ts";
import type { Knob } from "./knob.ts";
import type { Model } from "./model.ts";
import { numberKnob } from "./number_knob.ts";
import type { NumberParameter } from "./number_steps.ts";

/** The controls, one a parameter, in the space's order. */
export function controlsView(model: Model): HTMLElement {
  const element = h("div", { class: "knobs" });
  let knobs: Knob[] = [];
  let space: unknown = null;
  model.view("controls", () => {
    if (space !== model.space) {
      space = model.space;
      knobs = model.space.parameters.map((parameter) =>
        choicesOf(parameter) === null
          ? numberKnob(model, parameter as NumberParameter)
          : choiceKnob(model, parameter)
      );
      element.replaceChildren(...knobs.map((knob) => knob.element));
      model.touch("tracks");
    }
    for (const knob of knobs) knob.update();
  });
  model.view("tracks", () => {
    for (const knob of knobs) knob.draw();
  });
  return element;
}
