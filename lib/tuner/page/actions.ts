/// <reference lib="dom" />
import type { Candidate, Values } from "../protocol.ts";
import { button, h, icon, refill, setText } from "./dom.ts";
import { asCode, count } from "./format.ts";
import type { Model, PageSuggestion } from "./model.ts";

/** What can be done from the keyboard, and how it is called there. */
export interface Actions {
  run(): void;
  suggest(): void;
  queue(): void;
  auto(): void;
  copy(): void;
  hold(): void;
  stop(): void;
  useAdvice(): void;
}

/** The buttons' deeds. */
export function actionsOf(model: Model): Actions {
  const suggestions = (number: number) =>
    model.act<(PageSuggestion & { forecast: unknown })[]>({
      type: "suggest",
      count: number,
      fixed: model.fixed,
      ranges: model.ranges,
    });
  return {
    run: async () => {
      const result = await model.act<{ queued: number } | null>({
        type: "run",
        candidate: model.candidate,
      });
      if (result?.queued !== undefined) {
        model.say(`Trial ${result.queued} runs after this one`);
      } else model.focus = null;
    },
    suggest: async () => {
      const found = (await suggestions(1))?.[0];
      if (found === undefined) return;
      model.suggestion = found;
      model.setAll(found.params);
      model.touch("actions");
    },
    queue: async () => {
      const numbers = await model.act<number[]>({
        type: "queue",
        candidates: [model.candidate],
      });
      if (numbers !== null) {
        model.say(`Trial ${numbers.join(", ")} waits in the queue`);
      }
    },
    auto: async () => {
      const input = document.querySelector<HTMLInputElement>("#auto-trials");
      const trials = Math.max(
        1,
        Math.min(10_000, Math.round(Number(input?.value) || 10)),
      );
      model.focus = null;
      await model.act({
        type: "auto",
        trials,
        fixed: model.fixed,
        ranges: model.ranges,
      });
    },
    copy: async () => {
      const code = asCode(model.configuration);
      if (await copyText(code)) {
        model.say("The configuration is in the clipboard, as TypeScript");
      } else model.say("The browser does not let this page copy", true);
    },
    hold: () => {
      const held = model.standing.activity.run?.held ?? false;
      void model.act({ type: "hold", on: !held });
    },
    stop: () => {
      if (model.standing.activity.run !== null) {
        void model.act({ type: "stop", scope: "run" });
      }
    },
    useAdvice: () => {
      const reading = model.shown === null
        ? undefined
        : model.readings.get(model.shown);
      const suggestion = reading?.advice?.moves[0]?.suggestion;
      if (suggestion !== undefined) model.setAll(suggestion);
    },
  };
}

/** Puts a text into the clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { value: text, class: "offscreen" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** Run, Suggest, Queue and their like. */
export function actionsView(model: Model, actions: Actions): HTMLElement {
  const run = h(
    "button",
    {
      type: "button",
      class: "primary",
      title: "Run this configuration (R)",
      onclick: actions.run,
    },
    icon("play"),
    h("span", {}, "Run"),
  );
  const runLabel = run.lastElementChild!;
  const suggest = button("Suggest", actions.suggest, {
    title:
      "What the sampler would try next; pinned controls stay, narrowed ranges are kept to (S)",
  });
  const queue = button("Queue", actions.queue, {
    title: "Put this configuration into the queue (Q)",
  });
  const several = button("Queue 5", async () => {
    const found = await model.act<{ params: Values; reason: string | null }[]>({
      type: "suggest",
      count: 5,
      fixed: model.fixed,
      ranges: model.ranges,
    });
    if (found === null || found.length === 0) return;
    const numbers = await model.act<number[]>({
      type: "queue",
      candidates: found.map(({ params, reason }): Candidate => ({
        params,
        chosenBy: "sampler",
        reason,
      })),
    });
    if (numbers !== null) {
      model.say(`${count(numbers.length, "suggestion")} wait in the queue`);
    }
  }, { title: "Put five suggestions into the queue" });
  const trials = h("input", {
    id: "auto-trials",
    type: "number",
    min: "1",
    max: "10000",
    value: "10",
    title: "So many trials",
    aria: { label: "How many trials" },
  });
  const auto = button("Let it run", actions.auto, {
    title:
      "The sampler chooses so many trials; pinned controls stay, narrowed ranges are kept to (A)",
  });
  const why = h("div", { class: "why" });
  const waiting = h("div", { class: "queue" });
  const element = h(
    "section",
    { class: "actions", aria: { label: "Actions" } },
    h(
      "div",
      { class: "row" },
      run,
      suggest,
      queue,
      several,
      h(
        "span",
        { class: "auto" },
        auto,
        trials,
      ),
    ),
    why,
    waiting,
  );
  model.view("actions", () => {
    const { activity } = model.standing;
    const canRun = model.study!.canRun && model.isConnected;
    const busy = activity.run !== null;
    run.disabled = !canRun;
    auto.disabled = !canRun || busy;
    trials.disabled = auto.disabled;
    setText(runLabel, busy ? "Run next" : "Run");
    run.title = !model.study!.canRun
      ? "Opened without an objective: for looking and planning. Open it with await tuner(study, objective)"
      : busy
      ? "Run this configuration after the one that runs (R)"
      : "Run this configuration (R)";
    for (const one of [suggest, queue, several]) {
      one.disabled = !model.isConnected;
    }
    const { candidate, suggestion } = model;
    why.hidden = candidate.chosenBy !== "sampler";
    setText(why, suggestion?.reason ?? "");
    const queued = [...model.rows.values()].filter(({ state }) =>
      state === "waiting"
    );
    waiting.hidden = queued.length === 0;
    refill(
      waiting,
      h("span", { class: "faint" }, "queue "),
      queued.slice(0, 12).map(({ number, params }) =>
        h(
          "span",
          { class: "chip is-static" },
          h("button", {
            type: "button",
            class: "link",
            title: "Show it in the controls",
            onclick: () => model.setAll(params),
          }, `#${number}`),
          h("button", {
            type: "button",
            class: "close",
            title: "Take it out of the queue",
            aria: { label: `Take trial ${number} out of the queue` },
            onclick: () => void model.act({ type: "withdraw", number }),
          }, icon("close")),
        )
      ),
      queued.length > 12 &&
        h("span", { class: "faint" }, `and ${queued.length - 12} more `),
      canRun && !busy &&
        button("Run the queue", () => {
          model.focus = null;
          void model.act({ type: "run queue" });
        }, { class: "small" }),
    );
  });
  return element;
}
