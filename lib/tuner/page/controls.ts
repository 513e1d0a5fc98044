/// <reference lib="dom" />
import {
  choicesOf,
  type FloatParameter,
  fromUnit,
  type IntParameter,
  type Parameter,
  type ParameterValue,
  toUnit,
} from "../../space/mod.ts";
import type { Slice, TrialRow } from "../protocol.ts";
import { shade } from "./colors.ts";
import { h, icon, setText } from "./dom.ts";
import { number, readNumber, valueText } from "./format.ts";
import type { Model } from "./model.ts";
import { drawTrack } from "./track.ts";

/** Longer lists are a menu. */
const mostButtons = 6;

type NumberParameter = FloatParameter | IntParameter;

/** One parameter's control. */
interface Knob {
  readonly element: HTMLElement;
  /** Draws its place and texts anew. */
  update(): void;
  /** Draws its track anew. */
  draw(): void;
}

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

/** What all knobs have: the name, the pin, and the line that says when it is used. */
function frameOf(
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

function numberKnob(model: Model, parameter: NumberParameter): Knob {
  const { name, low, high } = parameter;
  const { element, head, body, update } = frameOf(model, parameter);
  const input = h("input", {
    class: "value",
    type: "text",
    inputMode: "decimal",
    autocomplete: "off",
    spellcheck: false,
    aria: { label: `${name}, exact value` },
  });
  const range = h("button", {
    type: "button",
    class: "range-chip",
    title: "Use the whole range again",
    onclick: () => model.narrow(name, null),
  });
  head.append(range, input);
  const canvas = h("canvas", { class: "track-canvas" });
  const handle = h("div", {
    class: "handle",
    tabIndex: 0,
    aria: {
      role: "slider",
      label: name,
      valuemin: String(low),
      valuemax: String(high),
    },
  });
  const ghost = h("button", { type: "button", class: "ghost", title: "" });
  const grips = ([0, 1] as const).map((end) =>
    h("div", {
      class: `grip grip-${end === 0 ? "low" : "high"}`,
      tabIndex: 0,
      title: "Drag to narrow the range for what comes next",
      aria: {
        role: "slider",
        label: `${name}, ${end === 0 ? "lower" : "upper"} end of the range`,
        valuemin: String(low),
        valuemax: String(high),
      },
    })
  );
  const tip = h("div", { class: "tip" });
  const track = h(
    "div",
    { class: "track" },
    canvas,
    ...grips,
    ghost,
    handle,
    tip,
  );
  body.append(track);

  const unitOf = (value: number) => toUnit(parameter, value);
  const valueAt = (clientX: number): number => {
    const box = canvas.getBoundingClientRect();
    return fromUnit(parameter, (clientX - box.left) / box.width) as number;
  };
  const move = (value: number) => {
    const clean = parameter.step === null ? roundTo(parameter, value) : value;
    model.set(name, clean);
  };
  dragging(track, (event) => {
    const target = event.target as Element;
    if (target.classList.contains("grip") || target === ghost) return null;
    handle.focus({ preventScroll: true });
    move(valueAt(event.clientX));
    return (x) => move(valueAt(x));
  });
  track.addEventListener("dblclick", () => {
    const best = model.best?.params[name];
    if (typeof best === "number") move(best);
  });
  handle.addEventListener("keydown", (event) => {
    const next = stepped(parameter, model.params[name] as number, event);
    if (next === null) return;
    event.preventDefault();
    move(next);
  });
  grips.forEach((grip, end) => {
    const set = (value: number) => {
      const [a, b] = model.ranges[name] ?? [low, high];
      const next: [number, number] = end === 0
        ? [Math.min(value, b), b]
        : [a, Math.max(value, a)];
      if (!(next[0] < next[1])) return;
      const isWhole = next[0] <= low && next[1] >= high;
      model.narrow(name, isWhole ? null : next);
    };
    dragging(grip, () => (x) => set(roundTo(parameter, valueAt(x))));
    grip.addEventListener("keydown", (event) => {
      const now = (model.ranges[name] ?? [low, high])[end]!;
      const next = stepped(parameter, now, event);
      if (next === null) return;
      event.preventDefault();
      set(next);
    });
  });
  const commit = () => {
    const typed = readNumber(input.value);
    if (Number.isNaN(typed)) {
      input.value = valueText(model.params[name]);
      model.say(
        `${name} takes a number from ${number(low)} to ${number(high)}`,
        true,
      );
      return;
    }
    const inside = Math.min(high, Math.max(low, typed));
    const value = parameter.step === null
      ? inside
      : fromUnit(parameter, toUnit(parameter, inside)) as number;
    if (inside !== typed) {
      model.say(`${name} reaches from ${number(low)} to ${number(high)}`);
    }
    model.set(name, value);
    input.value = valueText(value);
  };
  input.addEventListener("change", commit);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") commit();
    if (event.key === "Escape") input.value = valueText(model.params[name]);
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = stepped(parameter, model.params[name] as number, event);
      if (next !== null) move(next);
      input.value = valueText(model.params[name]);
      event.preventDefault();
    }
  });
  track.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const u = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const slice = model.slices?.slices[name];
    const value = fromUnit(parameter, u) as number;
    setText(
      tip,
      slice === undefined
        ? number(value)
        : `${number(value)}: expected ${number(at(slice.mean, u))} ± ${
          number(at(slice.sd, u), 2)
        }`,
    );
    tip.style.left = `${(100 * u).toFixed(1)}%`;
    tip.classList.toggle("is-right", u > 0.6);
  });

  let told: { to: number; sentence: string } | null = null;
  ghost.addEventListener("click", () => {
    if (told !== null) move(told.to);
  });
  const draw = () => {
    if (!model.isActive(name)) return;
    drawTrack(canvas, {
      slice: model.slices?.slices[name] ?? null,
      slices: model.slices,
      here: unitOf(model.params[name] as number),
      range: model.ranges[name]?.map(unitOf) as [number, number] | undefined ??
        null,
      tried: triedPlaces(model, parameter),
    });
    told = adviceOn(model, name);
    ghost.hidden = told === null;
    if (told !== null) {
      ghost.style.left = `${(100 * unitOf(told.to)).toFixed(2)}%`;
      ghost.title = `${told.sentence} (click to take it)`;
      ghost.setAttribute("aria-label", `Advice: ${number(told.to)}`);
    }
  };
  return {
    element,
    draw,
    update: () => {
      if (!update()) return;
      const value = model.params[name] as number;
      handle.style.left = `${(100 * unitOf(value)).toFixed(2)}%`;
      handle.setAttribute("aria-valuenow", String(value));
      handle.setAttribute("aria-valuetext", valueText(value));
      if (document.activeElement !== input) input.value = valueText(value);
      const [a, b] = model.ranges[name] ?? [low, high];
      range.hidden = model.ranges[name] === undefined;
      setText(range, `${number(a, 3)} – ${number(b, 3)} ×`);
      grips[0]!.style.left = `${(100 * unitOf(a)).toFixed(2)}%`;
      grips[1]!.style.left = `${(100 * unitOf(b)).toFixed(2)}%`;
      grips.forEach((grip, end) => {
        grip.setAttribute("aria-valuenow", String(end === 0 ? a : b));
      });
    },
  };
}

/** Where finished trials stand on a parameter, and how good they were. */
function triedPlaces(
  model: Model,
  parameter: NumberParameter,
): { readonly unit: number; readonly row: TrialRow }[] {
  const places: { unit: number; row: TrialRow }[] = [];
  for (const row of model.rows.values()) {
    const value = row.params[parameter.name];
    if (
      row.state === "waiting" || row.verdict === "discarded" ||
      typeof value !== "number" || value < parameter.low ||
      value > parameter.high
    ) continue;
    places.push({ unit: toUnit(parameter, value), row });
  }
  return places;
}

/** Where the diagnosis would move a number. */
function adviceOn(
  model: Model,
  name: string,
): { to: number; sentence: string } | null {
  const reading = model.shown === null ? null : model.readings.get(model.shown);
  const move = reading?.advice?.moves.find(({ parameter }) =>
    parameter === name
  );
  return typeof move?.to === "number" && move.to !== model.params[name]
    ? { to: move.to, sentence: move.sentence }
    : null;
}

function choiceKnob(model: Model, parameter: Parameter): Knob {
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
        const text = `expected ${number(mean)} ± ${number(sd, 2)}`;
        buttons[index]!.title = text;
        select.options[index]!.text = asMenu
          ? `${valueText(choices[index])}: ${text}`
          : valueText(choices[index]);
      });
    },
  };
}

/** How sure the surrogate is: 1 where it knows, 0 where it knows nothing. */
export function sureness(sd: number, unknownSd: number): number {
  return Math.min(1, Math.max(0, 1 - sd / (unknownSd || 1)));
}

/** A slice's number at a place between its points. */
function at(values: Slice["mean"], unit: number): number {
  const place = unit * (values.length - 1);
  const index = Math.min(values.length - 2, Math.floor(place));
  const share = place - index;
  return values[index]! * (1 - share) + values[index + 1]! * share;
}

/** A number of a continuum with no more digits than a hand can mean. */
function roundTo(
  { low, high, kind, step }: NumberParameter,
  value: number,
): number {
  if (kind === "int" || step !== null) return value;
  const short = Number(value.toPrecision(3));
  return Math.min(high, Math.max(low, short));
}

/** The value after a key, or null if the key moves nothing. */
function stepped(
  parameter: NumberParameter,
  value: number,
  { key, shiftKey }: KeyboardEvent,
): number | null {
  const { low, high, step, log } = parameter;
  if (key === "Home") return low;
  if (key === "End") return high;
  const sign = key === "ArrowRight" || key === "ArrowUp" || key === "PageUp"
    ? 1
    : key === "ArrowLeft" || key === "ArrowDown" || key === "PageDown"
    ? -1
    : 0;
  if (sign === 0) return null;
  const many = shiftKey || key.startsWith("Page");
  if (step !== null && !log) {
    const far = Math.max(1, Math.round((high - low) / step / 10));
    const next = value + sign * step * (many ? far : 1);
    return fromUnit(
      parameter,
      toUnit(parameter, Math.min(high, Math.max(low, next))),
    ) as number;
  }
  const next = fromUnit(
    parameter,
    toUnit(parameter, value) + sign * (many ? 0.1 : 0.01),
  ) as number;
  const clean = roundTo(parameter, next);
  // A step of a log scale may be less than one whole number.
  if (clean !== value || parameter.kind !== "int") return clean;
  return Math.min(high, Math.max(low, value + sign * (step ?? 1)));
}

/** Follows the pointer from where it is pressed. */
function dragging(
  element: HTMLElement,
  begin: (event: PointerEvent) => ((clientX: number) => void) | null,
): void {
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const move = begin(event);
    if (move === null) return;
    event.preventDefault();
    event.stopPropagation();
    element.setPointerCapture(event.pointerId);
    element.classList.add("is-dragged");
    const follow = ({ clientX }: PointerEvent) => move(clientX);
    const end = () => {
      element.removeEventListener("pointermove", follow);
      element.classList.remove("is-dragged");
    };
    element.addEventListener("pointermove", follow);
    element.addEventListener("pointerup", end, { once: true });
    element.addEventListener("pointercancel", end, { once: true });
  });
}
