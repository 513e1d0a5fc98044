/// <reference lib="dom" />
import type { TrialRow } from "../protocol.ts";
import { inks } from "./colors.ts";
import { button, contextOf, h, icon, refill } from "./dom.ts";
import { sparkline } from "./header.ts";
import type { Model } from "./model.ts";
import { rowElement } from "./trial_row.ts";

/** So many rows at first, and so many more at a time. */
const portion = 50;

type Column = {
  readonly key: string;
  readonly title: string;
  readonly hint?: string;
  readonly by?: (row: TrialRow) => number | string | null;
  readonly isNumber?: boolean;
};

/** All trials. Rows are kept while they do not change. */
export function tableView(model: Model): HTMLElement {
  let sort: { key: string; down: boolean } = { key: "number", down: true };
  let limit = portion;
  let onlyStarred = false;
  const head = h("tr", {});
  const body = h("tbody", {});
  const table = h("table", {}, h("thead", {}, head), body);
  const scroll = h("div", {
    class: "table-scroll",
    tabIndex: 0,
    aria: { label: "Trials", role: "region" },
  }, table);
  const more = button("", () => {
    limit += 4 * portion;
    model.touch("table");
  }, { class: "small" });
  const starred = h(
    "button",
    {
      type: "button",
      class: "small is-quiet",
      aria: { pressed: "false" },
      onclick: () => {
        onlyStarred = !onlyStarred;
        starred.setAttribute("aria-pressed", String(onlyStarred));
        model.touch("table");
      },
    },
    icon("star"),
    " favorites",
  );
  const element = h(
    "section",
    { class: "trials", aria: { label: "Trials" } },
    h("div", { class: "section-head" }, h("h2", {}, "Trials"), starred),
    scroll,
    more,
  );
  const kept = new Map<number, { key: string; row: HTMLTableRowElement }>();
  let columnsKey = "";

  model.view("table", () => {
    const columns = columnsOf(model);
    const key = `${
      columns.map((one) => one.key).join()
    } ${sort.key} ${sort.down}`;
    if (key !== columnsKey) {
      columnsKey = key;
      refill(head, columns.map((column) => headCell(column)));
    }
    const by = columns.find((one) => one.key === sort.key)?.by ??
      ((row: TrialRow) => row.number);
    const rows = model.trials.filter((row) => !onlyStarred || row.favorite)
      .sort((a, b) => {
        const [x, y] = [by(a), by(b)];
        // What has no value stands last, whichever way.
        if (x === null || y === null) {
          return Number(x === null) - Number(y === null);
        }
        const order = typeof x === "number" && typeof y === "number"
          ? x - y
          : String(x).localeCompare(String(y));
        return (sort.down ? -order : order) || b.number - a.number;
      });
    element.hidden = model.rows.size === 0;
    more.hidden = rows.length <= limit;
    more.textContent = `${rows.length - limit} more`;
    const shown = rows.slice(0, limit);
    const names = new Set(shown.map((row) => row.number));
    for (const number of kept.keys()) {
      if (!names.has(number)) kept.delete(number);
    }
    const isEditing = body.contains(document.activeElement) &&
      document.activeElement?.tagName === "TEXTAREA";
    const elements = shown.map((row) => {
      const state = `${JSON.stringify(row)} ${
        model.compared.includes(row.number)
      } ${model.shown === row.number} ${
        model.best?.number === row.number
      } ${columns.length}`;
      const before = kept.get(row.number);
      if (before !== undefined && (before.key === state || isEditing)) {
        return before.row;
      }
      const made = rowElement(model, row);
      kept.set(row.number, { key: state, row: made });
      return made;
    });
    const isSame = elements.length === body.children.length &&
      elements.every((one, i) => body.children[i] === one);
    if (!isSame && !isEditing) body.replaceChildren(...elements);
    for (
      const canvas of body.querySelectorAll<HTMLCanvasElement>(
        "canvas[data-new]",
      )
    ) {
      const row = model.rows.get(Number(canvas.dataset.new));
      const found = contextOf(canvas);
      if (found === null || row === undefined) continue;
      delete canvas.dataset.new;
      sparkline(
        found,
        row.spark,
        row.state === "running" ? inks().live : inks().muted,
      );
    }
  });

  model.view("sparks", () => {
    for (const number of model.running) {
      const canvas = kept.get(number)?.row.querySelector("canvas");
      const values = model.curves.get(number)?.get(model.study!.objective)
        ?.values;
      const found = canvas === null || canvas === undefined
        ? null
        : contextOf(canvas);
      if (found !== null && values !== undefined) {
        sparkline(found, values.slice(-120), inks().live);
      }
    }
  });

  function headCell({ key, title, hint, by, isNumber }: Column): HTMLElement {
    const isSorted = sort.key === key;
    const cell = h("th", {
      class: isNumber ? "is-number" : "",
      title: hint ?? "",
    });
    cell.setAttribute("scope", "col");
    if (by === undefined) {
      cell.append(title);
      return cell;
    }
    cell.setAttribute(
      "aria-sort",
      isSorted ? sort.down ? "descending" : "ascending" : "none",
    );
    cell.append(
      button(isSorted ? `${title} ${sort.down ? "▾" : "▴"}` : title, () => {
        sort = {
          key,
          down: isSorted ? !sort.down : key === "number" ||
            key === "value" && model.study!.direction === "maximize",
        };
        model.touch("table");
      }),
    );
    return cell;
  }
  return element;
}

function columnsOf({ space, study }: Model): Column[] {
  const byValue = ({ value }: TrialRow) => value;
  return [
    { key: "compare", title: "", hint: "Lay its curves over the others" },
    { key: "number", title: "#", by: (row) => row.number, isNumber: true },
    { key: "star", title: "", hint: "Favorites" },
    {
      key: "value",
      title: "value",
      hint: study!.objective,
      by: byValue,
      isNumber: true,
    },
    { key: "curve", title: "curve" },
    ...space.parameters.map(({ name, kind }): Column => ({
      key: `param ${name}`,
      title: name,
      isNumber: kind === "float" || kind === "int",
      by: ({ params }) => {
        const value = params[name];
        return typeof value === "number" || typeof value === "string"
          ? value
          : value === undefined
          ? null
          : String(value);
      },
    })),
    {
      key: "forecast",
      title: "forecast was",
      hint:
        "What was expected before it ran, and whether it came within the 90 % interval",
      by: ({ forecast }) => forecast?.mean ?? null,
    },
    { key: "origin", title: "by", by: ({ origin }) => origin },
    {
      key: "duration",
      title: "took",
      by: ({ durationMs }) => durationMs,
      isNumber: true,
    },
    { key: "note", title: "note", by: ({ note }) => note || null },
    { key: "menu", title: "" },
  ];
}
