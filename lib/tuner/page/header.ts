/// <reference lib="dom" />
import { inks } from "./colors.ts";
import { button, contextOf, h, icon, refill, setText } from "./dom.ts";
import { count, number } from "./format.ts";
import type { Actions } from "./actions.ts";
import type { Model } from "./model.ts";
import { exportPicture } from "./picture.ts";
import { toggleTheme } from "./theme.ts";

/** The name, the best so far, what runs, and what stops it. */
export function headerView(
  model: Model,
  actions: Actions,
  showKeys: () => void,
): HTMLElement {
  const name = h("h1", {});
  const objective = h("span", { class: "faint" });
  const standing = h("div", { class: "standing" });
  const spark = h("canvas", { class: "spark-canvas" });
  const live = h("span", { class: "live-text" });
  const hold = h("button", {
    type: "button",
    class: "icon-button",
    onclick: actions.hold,
  }, icon("pause"));
  const stop = h("button", {
    type: "button",
    class: "icon-button is-stop",
    title: "Stop; what was learnt is kept (X)",
    aria: { label: "Stop" },
    onclick: actions.stop,
  }, icon("stop"));
  const skip = button(
    "End trial",
    () => void model.act({ type: "stop", scope: "trial" }),
    { class: "small", title: "End this trial only; the run goes on" },
  );
  const running = h("div", { class: "running" }, spark, live, skip, hold, stop);
  const lost = h(
    "div",
    { class: "lost", hidden: true },
    "The kernel cannot be reached; trying again. Nothing is lost: what has ended is stored.",
  );
  const alone = globalThis.top === globalThis.self;
  const tools = h(
    "div",
    { class: "tools" },
    h("button", {
      type: "button",
      class: "icon-button is-quiet",
      title: "Keys (?)",
      aria: { label: "Keys" },
      onclick: showKeys,
    }, icon("keys")),
    button("Copy code", actions.copy, {
      class: "small is-quiet",
      title: "The configuration as TypeScript (C)",
    }),
    button("Picture", () => exportPicture(model), {
      class: "small is-quiet",
      title: "Save a picture of this",
    }),
    h("button", {
      type: "button",
      class: "icon-button is-quiet",
      title: "Light or dark",
      aria: { label: "Light or dark" },
      onclick: () => toggleTheme(model),
    }, icon("moon")),
    !alone &&
      h("a", {
        class: "icon-button is-quiet",
        href: location.href,
        target: "_blank",
        rel: "noopener",
        title: "Open in a tab of its own",
        aria: { label: "Open in a tab of its own" },
      }, icon("out")),
  );
  const element = h(
    "header",
    {},
    h("div", { class: "title" }, name, objective, tools),
    h("div", { class: "status" }, standing, running),
    lost,
  );
  model.view("header", () => {
    const { study, best } = model;
    lost.hidden = model.isConnected;
    setText(name, study!.name);
    setText(objective, `${study!.direction} ${study!.objective}`);
    const counts = new Map<string, number>();
    for (const { state, verdict } of model.rows.values()) {
      const word = verdict ?? (state === "complete" ? "done" : state);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const order = ["done", "pruned", "failed", "discarded", "waiting"];
    refill(
      standing,
      best === null ? h("span", { class: "faint" }, "no result yet") : [
        h("span", { class: "faint" }, "best "),
        button(number(best.value), () => {
          model.setAll(best.params);
          model.read(best.number);
        }, {
          class: "best-value",
          title: `Trial ${best.number}: show it in the controls`,
        }),
        h("span", { class: "faint" }, ` trial ${best.number}`),
      ],
      h(
        "span",
        { class: "counts faint" },
        order.filter((word) => counts.has(word)).map((word) =>
          `${counts.get(word)} ${word}`
        ).join(", "),
      ),
    );
    drawRunning();
  });
  function drawRunning(): void {
    const { activity } = model.standing;
    const { run } = activity;
    const elsewhere = model.running.filter((trial) =>
      !activity.running.some((one) => one.number === trial)
    );
    running.hidden = run === null && elsewhere.length === 0;
    if (running.hidden) return;
    const trial = activity.running[0]?.number ?? elsewhere[0];
    const row = trial === undefined ? undefined : model.rows.get(trial);
    const curve = trial === undefined
      ? undefined
      : model.curves.get(trial)?.get(model.study!.objective) ??
        model.curves.get(trial)?.values().next().value;
    const step = curve?.steps.at(-1) ?? row?.step ?? null;
    const usual = activity.usualSteps;
    setText(
      live,
      [
        trial === undefined ? "starting …" : `trial ${trial}`,
        ...(step === null ? [] : [
          `step ${number(step)}${
            usual === null || usual < step ? "" : ` of ${number(usual)}`
          }`,
        ]),
        ...(curve?.values.at(-1) == null
          ? []
          : [number(curve.values.at(-1)!, 3)]),
        ...(run?.target != null && run.target > 1
          ? [`${run.finished} of ${count(run.target, "trial")} done`]
          : []),
        ...(run?.stopping != null ? ["stopping …"] : run?.held ? ["held"] : []),
        ...(run === null ? ["in another process"] : []),
      ].join(" · "),
    );
    for (const one of [hold, stop]) one.hidden = run === null;
    skip.hidden = run === null || (run.target ?? 2) < 2;
    const held = run?.held ?? false;
    if (hold.dataset.held !== String(held)) {
      hold.dataset.held = String(held);
      refill(hold, icon(held ? "play" : "pause"));
      hold.title = held
        ? "Go on (H)"
        : "Hold: the training waits at its next report (H)";
      hold.setAttribute("aria-label", held ? "Go on" : "Hold");
    }
    const found = contextOf(spark);
    if (found === null || curve === undefined) return;
    sparkline(found, curve.values.slice(-60), inks().live);
  }
  return element;
}

/** A curve in a word's height. */
export function sparkline(
  { context, width, height }: {
    context: CanvasRenderingContext2D;
    width: number;
    height: number;
  },
  values: readonly (number | null)[],
  color: string,
): void {
  const finite = values.filter((value) => value !== null) as number[];
  if (finite.length === 0) return;
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  context.strokeStyle = color;
  context.lineWidth = 1.4;
  context.lineJoin = "round";
  context.beginPath();
  let isDown = false;
  values.forEach((value, index) => {
    if (value === null) return;
    const x = 1.5 + index / Math.max(1, values.length - 1) * (width - 3);
    const y = high === low
      ? height / 2
      : height - 2 - (value - low) / (high - low) * (height - 4);
    isDown ? context.lineTo(x, y) : context.moveTo(x, y);
    isDown = true;
  });
  if (finite.length === 1) {
    context.arc(2, height / 2, 1.2, 0, 2 * Math.PI);
  }
  context.stroke();
}
