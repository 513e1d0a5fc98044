/**
 * The page's own script. It reads data elements only, and writes texts as texts
 * (`textContent`): nothing of the study becomes markup.
 */
export const pageScript = `"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dataOf = (id) => {
    const element = document.getElementById(id);
    return element === null ? null : JSON.parse(element.textContent);
  };
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name !== undefined) element.className = name;
    return element;
  };

  // Light or dark: as the reader's system, or as the button says.
  let chosen = null;
  const isDark = () => chosen === null ? dark.matches : chosen === "dark";
  const applyTheme = () => {
    root.dataset.theme = isDark() ? "dark" : "light";
    for (const chart of charts) chart.redraw();
  };

  // Charts: drawn when they come near the window.
  const tip = make("div", undefined, "tip");
  tip.hidden = true;
  document.body.append(tip);
  const showTip = (event, value) => {
    if (value === null || value === undefined || value === "") {
      tip.hidden = true;
      return;
    }
    tip.replaceChildren();
    if (typeof value === "object") {
      const table = make("table");
      for (const [name, shown] of Object.entries(value)) {
        const row = make("tr");
        row.append(make("th", name.trim()), make("td", String(shown)));
        table.append(row);
      }
      tip.append(table);
    } else tip.append(make("div", String(value)));
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const right = event.clientX + 14 + width < innerWidth;
    tip.style.left = (right ? event.clientX + 14 : Math.max(4, event.clientX - 14 - width)) + "px";
    tip.style.top = Math.max(4, Math.min(event.clientY + 12, innerHeight - height - 4)) + "px";
  };
  const drawn = [];
  const chartOf = (figure) => {
    const plot = figure.querySelector(".plot");
    let view = null, isDue = false, theme = null;
    const draw = async () => {
      const now = isDark() ? "dark" : "light";
      if (!isDue || theme === now) return;
      theme = now;
      const spec = dataOf(figure.dataset.chart);
      spec.background = now === "dark" ? "#1b2026" : "#ffffff";
      const live = make("div", undefined, "live");
      try {
        const next = new vega.View(vega.parse(spec, undefined, { ast: true }), {
          expr: vega.expressionInterpreter,
          renderer: "canvas",
          container: live,
          hover: true,
          logLevel: vega.Error,
          tooltip: (_handler, event, _item, value) => showTip(event, value),
          loader: { load: () => Promise.reject(new Error("offline")), sanitize: () => Promise.reject(new Error("offline")) },
        });
        live.hidden = true;
        plot.append(live);
        await next.runAsync();
        view?.finalize();
        plot.querySelectorAll(".live").forEach((old) => old === live || old.remove());
        view = next;
        live.hidden = false;
        figure.classList.add("drawn");
        drawn.push(figure.dataset.chart);
      } catch (error) {
        live.remove();
        figure.classList.add("failed");
        console.error(error);
      }
    };
    return { figure, redraw: draw, due: () => { isDue = true; return draw(); } };
  };
  const charts = typeof vega === "undefined"
    ? []
    : [...document.querySelectorAll("figure[data-chart]")].map(chartOf);
  root.classList.toggle("live-charts", charts.length > 0);
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) charts.find(({ figure }) => figure === target).due();
    }
  }, { rootMargin: "600px" });
  for (const { figure } of charts) watcher.observe(figure);
  const button = make("button", "light / dark", "theme");
  button.type = "button";
  button.title = "Switch between light and dark";
  button.addEventListener("click", () => {
    chosen = isDark() ? "light" : "dark";
    applyTheme();
  });
  document.querySelector("header").append(button);
  dark.addEventListener("change", applyTheme);
  applyTheme();

  // Where the reader is.
  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
  const spy = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      links.forEach((a) => a.classList.remove("here"));
      links.get(target.id)?.classList.add("here");
    }
  }, { rootMargin: "-15% 0px -75% 0px" });
  document.querySelectorAll("section[id]").forEach((section) => spy.observe(section));

  // The table of trials.
  const trials = dataOf("trials-data");
  if (trials === null) return;
  const { objectives, parameters, columns, rows, notes, rivals } = trials;
  const near = new Set(rivals);
  const table = document.getElementById("trials-table");
  const more = document.getElementById("trials-more");
  const controls = document.getElementById("trials-controls");
  const values = objectives.length;
  const first = 3 + values;
  const format = (value) => {
    if (value === null) return "";
    if (typeof value !== "number") return String(value);
    const size = Math.abs(value);
    if (Number.isInteger(value) && size < 1e7) return String(value);
    return size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
  };
  const isNumeric = Array.from({ length: first + columns }, (_, column) =>
    rows.some((row) => typeof row[column] === "number"));
  const rank = new Map(rows.map((row, index) => [row, index]));
  let sorted = { column: null, down: false }, state = "all", limit = 30;
  const compare = (a, b) => {
    const { column, down } = sorted;
    const [x, y] = column === null ? [rank.get(a), rank.get(b)] : [a[column], b[column]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
    return (down ? -order : order) || rank.get(a) - rank.get(b);
  };
  const body = table.tBodies[0];
  const show = () => {
    const chosenRows = rows.filter((row) => state === "all" || row[1] === state).sort(compare);
    body.replaceChildren(...chosenRows.slice(0, limit).flatMap((row) => {
      const line = make("tr");
      row.slice(0, first + columns).forEach((value, index) => {
        const cell = make("td", format(value));
        if (isNumeric[index]) cell.className = "n";
        if (index === 1) cell.className = "state " + row[1];
        if (value === null && index >= first) cell.append(make("span", "–", "muted"));
        line.append(cell);
      });
      if (rank.get(row) === 0 && row[1] === "complete") line.classList.add("top");
      if (near.has(row[0])) {
        line.classList.add("near");
        line.title = "one measurement cannot tell it from the best";
      }
      line.addEventListener("click", () => {
        const open = line.nextSibling;
        if (open?.className === "notes") return open.remove();
        const wide = make("td");
        wide.colSpan = first + columns;
        const hidden = parameters.slice(columns).map((name, i) => name + ": " + format(row[first + columns + i]));
        const lines = [...(notes[row[0]] ?? []), ...hidden];
        for (const text of lines.length === 0 ? ["nothing more is known of this trial"] : lines) wide.append(make("div", text));
        const detail = make("tr", undefined, "notes");
        detail.append(wide);
        line.after(detail);
      });
      return [line];
    }));
    table.tHead.querySelectorAll("th").forEach((th, index) => {
      th.setAttribute("aria-sort", sorted.column !== index ? "none" : sorted.down ? "descending" : "ascending");
    });
    more.textContent = Math.min(limit, chosenRows.length) + " of " + chosenRows.length + " trials; a click on one tells more ";
    if (chosenRows.length > limit) {
      const next = make("button", "show more");
      next.type = "button";
      next.addEventListener("click", () => { limit += 200; show(); });
      more.append(next);
    }
  };
  table.tHead.querySelectorAll("th").forEach((th, column) => {
    const name = th.textContent;
    const sorter = make("button", name);
    sorter.type = "button";
    th.replaceChildren(sorter);
    if (isNumeric[column]) th.className = "n";
    sorter.addEventListener("click", () => {
      sorted = sorted.column === column
        ? sorted.down ? { column: null, down: false } : { column, down: true }
        : { column, down: false };
      show();
    });
  });
  const present = ["all", ...new Set(rows.map((row) => row[1]))];
  if (present.length > 2) {
    for (const name of present) {
      const pick = make("button", name);
      pick.type = "button";
      pick.setAttribute("aria-pressed", String(name === state));
      pick.addEventListener("click", () => {
        state = name;
        limit = 30;
        controls.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === pick)));
        show();
      });
      controls.append(pick);
    }
  }
  show();
})();`;
