/// <reference lib="dom" />
import type { TrialRow } from "../protocol.ts";
import { copyText } from "./actions.ts";
import { inks } from "./colors.ts";
import { button, contextOf, h, icon, refill } from "./dom.ts";
import { asCode, duration, number, valueText } from "./format.ts";
import { sparkline } from "./header.ts";
import { markdown } from "./markdown.ts";
import type { Model } from "./model.ts";
import { colorOf } from "./plots.ts";

/** So many rows at first, and so many more at a time. */
const portion = 50;

type Column = {
  readonly key: string;
  readonly title: string;
  readonly hint?: string;
  readonly by?: (row: TrialRow) => number | string | null;
  readonly isNumber?: boolean;
};

const who: Readonly<Record<string, string>> = {
  manual: "you",
  sampler: "sampler",
  enqueued: "queue",
  "other program": "other",
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

function rowElement(model: Model, row: TrialRow): HTMLTableRowElement {
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
        : h("b", {}, row.shown),
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

/** What can be done with one trial. */
function rowMenu(model: Model, row: TrialRow): HTMLElement {
  const { number, params, state, verdict } = row;
  const isOver = state !== "running" && state !== "waiting";
  const menu = h("div", {
    class: "popup",
    hidden: true,
    aria: { role: "menu" },
  });
  const item = (label: string, onclick: () => void, title = "") =>
    h("button", {
      type: "button",
      class: "item",
      title,
      aria: { role: "menuitem" },
      onclick: () => {
        close();
        onclick();
      },
    }, label);
  const judge = (to: "failed" | "discarded" | null) =>
    void model.act({ type: "judge", number, verdict: to, reason: "" });
  const open = h("button", {
    type: "button",
    class: "icon-button is-quiet",
    title: "More",
    aria: {
      label: `More on trial ${number}`,
      haspopup: "menu",
      expanded: "false",
    },
    onclick: () => {
      if (!menu.hidden) return close();
      refill(
        menu,
        item("Show in the controls", () => model.setAll(params)),
        isOver && model.study!.canRun &&
          item("Repeat with another seed", () => {
            model.focus = null;
            void model.act({ type: "repeat", number });
          }),
        item("Copy code", async () => {
          if (await copyText(asCode(params))) model.say("Copied");
        }),
        isOver && verdict === null &&
          item("Discard", () => judge("discarded"), "As if it had never run"),
        isOver && verdict === null && state !== "failed" &&
          item(
            "Count as failed",
            () => judge("failed"),
            "The sampler keeps away from the like",
          ),
        verdict !== null && isOver && item("Count again", () => judge(null)),
        state === "waiting" &&
          item(
            "Take out of the queue",
            () => void model.act({ type: "withdraw", number }),
          ),
      );
      menu.hidden = false;
      open.setAttribute("aria-expanded", "true");
      const box = open.getBoundingClientRect();
      menu.style.left = `${Math.max(8, box.right - 210)}px`;
      menu.style.top = `${Math.min(box.bottom + 4, innerHeight - 190)}px`;
      document.body.append(menu);
      (menu.firstElementChild as HTMLElement).focus();
      setTimeout(() => addEventListener("pointerdown", outside), 0);
      addEventListener("scroll", close, { capture: true, once: true });
    },
  }, icon("more"));
  const outside = (event: Event) => {
    if (!menu.contains(event.target as Node)) close();
  };
  const close = () => {
    menu.hidden = true;
    menu.remove();
    open.setAttribute("aria-expanded", "false");
    removeEventListener("pointerdown", outside);
  };
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      open.focus();
    }
    const step = event.key === "ArrowDown"
      ? 1
      : event.key === "ArrowUp"
      ? -1
      : 0;
    if (step === 0) return;
    event.preventDefault();
    const items = [...menu.children] as HTMLElement[];
    const now = items.indexOf(document.activeElement as HTMLElement);
    items[(now + step + items.length) % items.length]!.focus();
  });
  return open;
}
