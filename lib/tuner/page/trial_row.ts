/// <reference lib="dom" />
import type { TrialRow } from "../protocol.ts";
import { button, h, icon } from "./dom.ts";
import { duration, number, valueText } from "./format.ts";
import { markdown } from "./markdown.ts";
import type { Model } from "./model.ts";
import { colorOf } from "./plots.ts";
import { rowMenu } from "./row_menu.ts";

const who: Readonly<Record<string, string>> = {
  manual: "you",
  sampler: "sampler",
  enqueued: "queue",
  "other program": "other",
};

/** A trial's row of the table. */
export function rowElement(model: Model, row: TrialRow): HTMLTableRowElement {
  const isCompared = model.compared.includes(row.number);
  const isShown = model.shown === row.number;
  const element = h("tr", {
    class: `is-${row.verdict ?? row.state}${isShown ? " is-shown" : ""}${
      model.best?.number === row.number ? " is-best" : ""
    }`,
    data: { trial: String(row.number) },
    onclick: (event) => {
      if (
        (event.target as Element).closest(
          "button, input, textarea, a, select",
        ) === null
      ) model.read(row.number);
    },
  });
  const box = h("input", {
    type: "checkbox",
    checked: isCompared,
    disabled: row.spark.length === 0,
    aria: { label: `Compare trial ${row.number}` },
    onchange: () => model.compare(row.number, box.checked),
  });
  if (isCompared) box.style.accentColor = colorOf(model, row.number);
  const spark = h("canvas", {
    class: "spark-canvas",
    data: { new: String(row.number) },
  });
  const { forecast } = row;
  const off = forecast === null || row.value === null || !(forecast.sd > 0)
    ? null
    : (row.value - forecast.mean) / forecast.sd;
  const cells = [
    h("td", {}, box),
    h(
      "td",
      { class: "is-number" },
      button(String(row.number), () => model.read(row.number), {
        class: "link",
        title: "Read its curves",
      }),
    ),
    h("td", {}, starButton(model, row)),
    h(
      "td",
      { class: "is-number value-cell" },
      row.value === null
        ? h("span", {
          class: `state is-${row.verdict ?? row.state}`,
          title: row.error ?? "",
        }, row.verdict ?? row.state)
        : row.feasible
        ? h("b", {}, row.shown)
        : h("span", {
          class: "faint",
          title: "It violates a constraint, or does not say",
        }, row.shown),
    ),
    h("td", {}, (row.spark.length > 0 || row.state === "running") && spark),
    ...model.space.parameters.map(({ name, kind }) =>
      h(
        "td",
        { class: kind === "float" || kind === "int" ? "is-number" : "" },
        row.params[name] === undefined
          ? h("span", { class: "faint" }, "–")
          : valueText(row.params[name]),
      )
    ),
    h(
      "td",
      { class: "nowrap" },
      forecast === null ? h("span", { class: "faint" }, "–") : [
        `${number(forecast.mean, 3)} ± ${number(forecast.sd, 2)} `,
        off !== null &&
        h("span", {
          class: Math.abs(off) <= 1.645 ? "hit" : "miss",
          title: `${number(off, 2)} standard deviations off`,
        }, Math.abs(off) <= 1.645 ? "held" : off > 0 ? "above" : "below"),
      ],
    ),
    h("td", { class: "faint" }, who[row.origin] ?? row.origin),
    h(
      "td",
      { class: "is-number faint nowrap" },
      row.durationMs === null ? "" : duration(row.durationMs),
    ),
    h("td", { class: "note" }, noteCell(model, row)),
    h("td", {}, rowMenu(model, row)),
  ];
  element.append(...cells);
  return element;
}

function starButton(model: Model, { number, favorite }: TrialRow): HTMLElement {
  return h("button", {
    type: "button",
    class: "star",
    title: favorite ? "No favorite any more" : "Mark as a favorite",
    aria: { pressed: String(favorite), label: `Favorite: trial ${number}` },
    onclick: () => void model.act({ type: "favorite", number, on: !favorite }),
  }, icon("star"));
}

/** The note as it reads; a press makes it a field. */
function noteCell(model: Model, { number, note }: TrialRow): HTMLElement {
  const shown = h("div", {
    class: note === "" ? "note-text is-empty" : "note-text",
    tabIndex: 0,
    aria: { role: "button", label: `Note on trial ${number}` },
  }, note === "" ? "add a note" : markdown(note));
  const edit = () => {
    const area = h("textarea", {
      value: note,
      rows: Math.min(6, 1 + note.split("\n").length),
      maxLength: 10_000,
      aria: { label: `Note on trial ${number}, Markdown` },
    });
    let done = false;
    const end = (keep: boolean) => {
      if (done) return;
      done = true;
      const text = area.value.trim();
      area.replaceWith(shown);
      if (keep && text !== note) void model.act({ type: "note", number, text });
      else model.touch("table");
    };
    area.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") end(false);
      if (
        event.key === "Enter" &&
        (event.ctrlKey || event.metaKey || !event.shiftKey)
      ) {
        event.preventDefault();
        end(true);
      }
    });
    area.addEventListener("blur", () => end(true));
    shown.replaceWith(area);
    area.focus();
  };
  shown.addEventListener("click", (event) => {
    event.stopPropagation();
    if ((event.target as Element).tagName !== "A") edit();
  });
  shown.addEventListener("keydown", (event) => {
    if (event.key === "Enter") edit();
  });
  return shown;
}
