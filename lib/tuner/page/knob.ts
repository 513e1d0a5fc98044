/// <reference lib="dom" />
import type { Parameter } from "../../space/mod.ts";
import { h, icon, setText } from "./dom.ts";
import type { Model } from "./model.ts";

/** One parameter's control. */
export interface Knob {
  readonly element: HTMLElement;
  /** Draws its place and texts anew. */
  update(): void;
  /** Draws its track anew. */
  draw(): void;
}

/** What all knobs have: the name, the pin, and the line that says when it is used. */
export function frameOf(
  model: Model,
  { name }: Parameter,
): {
  element: HTMLElement;
  head: HTMLElement;
  body: HTMLElement;
  update: () => boolean;
} {
  const pin = h(
    "button",
    {
      type: "button",
      class: "pin",
      title: "Pin: the sampler leaves it here",
      onclick: () => model.pin(name),
    },
    icon("pin"),
  );
  const idle = h("span", { class: "idle" });
  const importance = h("span", { class: "weight", title: "" });
  const head = h(
    "div",
    { class: "knob-head" },
    h("span", { class: "knob-name", title: name }, name),
    importance,
    pin,
  );
  const body = h("div", { class: "knob-body" });
  const element = h("div", { class: "knob" }, head, idle, body);
  return {
    element,
    head,
    body,
    update: () => {
      const isActive = model.isActive(name);
      element.classList.toggle("is-idle", !isActive);
      element.classList.toggle("is-pinned", model.pinned.has(name));
      pin.setAttribute("aria-pressed", String(model.pinned.has(name)));
      pin.setAttribute("aria-label", `Pin ${name}`);
      if (!isActive) {
        setText(
          idle,
          `not used here: needs ${model.space.describeConditions(name)}`,
        );
      }
      const share = model.standing.importance[name] ?? 0;
      importance.style.width = `${Math.round(34 * Math.sqrt(share))}px`;
      importance.title = `${
        Math.round(100 * share)
      } % of what matters in this study`;
      return isActive;
    },
  };
}

/** How sure the surrogate is: 1 where it knows, 0 where it knows nothing. */
export function sureness(sd: number, unknownSd: number): number {
  return Math.min(1, Math.max(0, 1 - sd / (unknownSd || 1)));
}
