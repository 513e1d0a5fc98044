/// <reference lib="dom" />
import { fromUnit, toUnit } from "../../space/mod.ts";
import type { Slice, TrialRow } from "../protocol.ts";
import { h, setText } from "./dom.ts";
import { dragging } from "./dragging.ts";
import { number, readNumber, valueText } from "./format.ts";
import { frameOf, type Knob } from "./knob.ts";
import type { Model } from "./model.ts";
import { type NumberParameter, roundTo, stepped } from "./number_steps.ts";
import { drawTrack } from "./track.ts";

/** The control of a number: a slider on what the surrogate expects, and a field for exact values. */
export function numberKnob(model: Model, parameter: NumberParameter): Knob {
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
        }${isRefused(slice, u) ? ", not allowed" : ""}`,
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

/** Whether the space's rules refuse the nearest of a slice's places. */
function isRefused({ refused = [], mean }: Slice, u: number): boolean {
  return refused.includes(Math.round(u * (mean.length - 1)));
}

/** A slice's number at a place between its points. */
function at(values: Slice["mean"], unit: number): number {
  const place = unit * (values.length - 1);
  const index = Math.min(values.length - 2, Math.floor(place));
  const share = place - index;
  return values[index]! * (1 - share) + values[index + 1]! * share;
}
