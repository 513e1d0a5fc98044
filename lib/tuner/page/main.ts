/// <reference lib="dom" />
import { actionsOf, actionsView } from "./actions.ts";
import { controlsView } from "./controls.ts";
import { h, refill } from "./dom.ts";
import { headerView } from "./header.ts";
import { Model } from "./model.ts";
import { outlookView } from "./outlook.ts";
import { plotsView } from "./plots.ts";
import { readingView } from "./reading.ts";
import { scoreView } from "./score.ts";
import { tableView } from "./table.ts";
import { followTheme } from "./theme.ts";

const keys: readonly (readonly [string, string])[] = [
  ["R", "run this configuration"],
  ["S", "suggest: the sampler fills the controls"],
  ["Q", "put it into the queue"],
  ["A", "let it run"],
  ["H", "hold, go on"],
  ["X", "stop"],
  ["U", "use the advice"],
  ["B", "the best trial's configuration"],
  ["C", "copy it as code"],
  ["P", "pin the control that has the focus"],
  ["← →", "move it; with Shift by a tenth; Home, End"],
  ["?", "these keys"],
];

const model = new Model();
const actions = actionsOf(model);
const dialog = h(
  "dialog",
  { class: "keys-dialog", aria: { label: "Keys" } },
  h("h2", {}, "Keys"),
  h(
    "dl",
    {},
    keys.flatMap((
      [key, deed],
    ) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, deed)]),
  ),
  h("button", { type: "button", onclick: () => dialog.close() }, "Close"),
);
const showKeys = () => dialog.open ? dialog.close() : dialog.showModal();
const toast = h("div", {
  class: "toast",
  hidden: true,
  aria: { role: "status" },
});
model.view("toast", () => {
  toast.hidden = model.toast === null;
  if (model.toast === null) return;
  toast.classList.toggle("is-error", model.toast.isError);
  refill(toast, model.toast.text);
});

const panel = document.querySelector<HTMLElement>("#panel")!;
panel.append(
  headerView(model, actions, showKeys),
  h(
    "div",
    { class: "columns" },
    h(
      "div",
      { class: "column" },
      controlsView(model),
      outlookView(model),
      actionsView(model, actions),
    ),
    h("div", { class: "column" }, plotsView(model), readingView(model)),
  ),
  tableView(model),
  scoreView(model),
);
document.body.append(toast, dialog);
followTheme(model);

addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (
    event.ctrlKey || event.metaKey || event.altKey ||
    dialog.open && event.key !== "?"
  ) return;
  if (target.closest("input, textarea, select") !== null) return;
  const knob = target.closest(".knob")?.querySelector<HTMLButtonElement>(
    ".pin",
  );
  const deeds: Readonly<Record<string, () => void>> = {
    r: actions.run,
    s: actions.suggest,
    q: actions.queue,
    a: actions.auto,
    h: actions.hold,
    x: actions.stop,
    u: actions.useAdvice,
    c: actions.copy,
    b: () => model.setAll(model.best?.params ?? {}),
    p: () => knob?.click(),
    "?": showKeys,
  };
  const deed = deeds[event.key.toLowerCase()];
  if (deed === undefined || model.study === null) return;
  event.preventDefault();
  deed();
});

new ResizeObserver(() => {
  model.touch("tracks", "outlook", "plots", "header");
  // The notebook makes the frame as high as this; it learns nothing else.
  if (globalThis.top !== globalThis.self) {
    parent.postMessage({ etudePanelHeight: panel.scrollHeight + 2 }, "*");
  }
}).observe(panel);
// For tests and the bench: what is known, and how long the last answer took.
Object.assign(globalThis, { etudePanel: model });
