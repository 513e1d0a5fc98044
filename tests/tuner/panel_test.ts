import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  choice,
  createStudy,
  float,
  isDiscarded,
  isFavorite,
  maximize,
  noteOf,
  space as makeSpace,
  type Trial,
} from "../../mod.ts";
import { openPanels } from "../../lib/tuner/_command.ts";
import { tuner, type TunerOptions } from "../../lib/tuner/mod.ts";
import type { Look, Reading } from "../../lib/tuner/protocol.ts";
import { PanelClient } from "../support/panel_client.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const searched = makeSpace({
  rate: float(1e-3, 1, { log: true }),
  kind: choice(["a", "b"]),
  depth: float(0, 1).when({ kind: "b" }),
});

const at = (rate: number) => ({
  candidate: {
    params: { rate, kind: "a", depth: 0.5 },
    chosenBy: "manual" as const,
    reason: null,
  },
});

async function train(trial: Trial, epochs = 12, pauseMs = 4): Promise<number> {
  const rate = Number(trial.params.rate);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const accuracy = 1 - Math.abs(Math.log10(rate) + 1.5) / 3 - 0.5 / epoch;
    await trial.report(epoch, {
      "validation accuracy": accuracy,
      "train loss": 1 / epoch,
      "validation loss": 1.1 / epoch,
    });
    if (trial.shouldStop()) break;
    await wait(pauseMs);
  }
  return trial.best();
}

async function opened(
  objective:
    | ((trial: Trial) => number | Promise<number>)
    | string
    | URL
    | undefined = train,
  { storage = "memory", trials = 6, space = searched, ...options }:
    & TunerOptions
    & { storage?: string; trials?: number; space?: typeof searched } = {},
) {
  const study = await createStudy({
    name: "panel",
    space,
    objective: maximize("validation accuracy"),
    storage,
  });
  if (study.trials.length < trials) {
    await study.optimize((trial) => train(trial as unknown as Trial, 12, 0), {
      trials: trials - study.trials.length,
      progress: false,
    });
  }
  const panel = await tuner(study as never, objective as never, options);
  const client = await PanelClient.open(panel.url);
  return {
    study,
    panel,
    client,
    idle: () => client.until(() => study.runs.length === 0),
    async [Symbol.asyncDispose]() {
      await client.close();
      await panel.close();
      await study.close();
    },
  };
}

describe("the panel of a study", () => {
  it("says what the study is, and what it knows", async () => {
    await using it = await opened();
    const [state] = it.client.of("state");
    expect(state!.study).toMatchObject({
      name: "panel",
      objective: "validation accuracy",
      direction: "maximize",
      canRun: true,
    });
    expect(state!.rows.length).toBe(6);
    expect(state!.rows[0]!.spark.length).toBe(12);
    expect(state!.standing.activity.usualSteps).toBe(12);
    expect(state!.draft).toBe(null);
  });

  it("what is expected is what study.predict() says, whatever controls not in use remember", async () => {
    await using it = await opened();
    const look = await it.client.ask<Look>({
      type: "look",
      params: { rate: 0.03, kind: "a", depth: 0.9 },
    });
    const forecast = it.study.predict({ rate: 0.03, kind: "a" } as never);
    expect(look.forecast).toMatchObject({
      mean: forecast.mean,
      sd: forecast.sd,
      chance: forecast.probabilityOfImprovement,
    });
    expect(look.nearest[0]!.number).toBe(forecast.nearest[0]!.trial.number);
    await it.client.until(() => it.client.of("slices").length > 0);
    const { slices } = it.client.of("slices")[0]!;
    expect(Object.keys(slices.slices)).toEqual(["rate", "kind"]);
    expect(slices.slices.rate!.mean.length).toBe(49);
    expect(slices.slices.kind!.mean.length).toBe(2);
    expect(slices.most).not.toBe(null);
  });

  it("what the space's rules refuse is said, and marked along the sliders", async () => {
    await using it = await opened(train, {
      space: searched.atMost({ rate: 1 }, 0.05),
    });
    const look = await it.client.ask<Look>({
      type: "look",
      params: { rate: 0.09, kind: "a", depth: 0.9 },
    });
    expect(look.forecast).toBe(null);
    expect(look.reason).toContain('it breaks the rule "rate ≤ 0.05"');
    await it.client.until(() => it.client.of("slices").length > 0);
    const { slices } = it.client.of("slices")[0]!;
    const { refused, mean } = slices.slices.rate!;
    expect(refused!.at(-1)).toBe(mean.length - 1);
    expect(refused).not.toContain(0);
  });

  it("of looks that come while the objective computes, the last is answered", async () => {
    await using it = await opened();
    const looks = [0.01, 0.02, 0.05, 0.5].map((rate) =>
      it.client.ask<Look>({ type: "look", params: { rate, kind: "a" } })
    );
    const last = await looks.at(-1)!;
    expect(last.forecast!.mean).toBe(
      it.study.predict({ rate: 0.5, kind: "a" } as never).mean,
    );
  });

  it("with fewer than two trials it says so", async () => {
    await using it = await opened(train, { trials: 0 });
    const look = await it.client.ask<Look>({
      type: "look",
      params: { rate: 0.03, kind: "a" },
    });
    expect(look.forecast).toBe(null);
    expect(look.reason).toMatch(/two finished trials/);
  });

  it("Run: the forecast is kept, curves stream in, the diagnosis and the score follow", async () => {
    await using it = await opened();
    await it.client.ask({ type: "run", ...at(0.03) });
    await it.client.until(() => it.client.rows.get(6)?.state === "complete");
    const trial = it.study.trial(6);
    expect(trial.origin).toBe("manual");
    expect(trial.forecast).not.toBe(null);
    const points = it.client.of("live").flatMap(({ parts }) => parts)
      .filter((part) => part.name === "validation accuracy");
    expect(points.length).toBeGreaterThan(1);
    const seen = new Map(
      points.flatMap(({ steps, values }) =>
        steps.map((step, i) => [step, values[i]] as const)
      ),
    );
    expect([...seen.values()]).toEqual(
      trial.curves.get("validation accuracy")!.values,
    );
    await it.client.until(() => it.client.of("reading").length > 0);
    const { standing } = it.client.of("rows").at(-1)!;
    expect(standing.score.sides.map(({ origin }) => origin)).toContain(
      "manual",
    );
  });

  it("Stop keeps what was learnt; Hold lets the training wait", async () => {
    await using it = await opened((trial) => train(trial, 10_000));
    await it.client.ask({ type: "run", ...at(0.03) });
    await it.client.until(() => it.client.of("live").length > 2);
    await it.client.ask({ type: "hold", on: true });
    await wait(80);
    const step = it.study.trial(6).curves.get("train loss")!.steps.length;
    await wait(80);
    expect(it.study.trial(6).curves.get("train loss")!.steps.length).toBe(step);
    await it.client.ask({ type: "hold", on: false });
    await it.client.until(() =>
      it.study.trial(6).curves.get("train loss")!.steps.length > step
    );
    await it.client.ask({ type: "stop", scope: "run" });
    await it.idle();
    const { state, reason, curves } = it.study.trial(6);
    expect([state, reason]).toEqual(["pruned", "stopped by hand in the panel"]);
    expect(curves.get("train loss")!.steps.length).toBeGreaterThan(step);
  });

  it("Suggest keeps pinned controls and narrowed ranges", async () => {
    await using it = await opened();
    const found = await it.client.ask<
      { params: Record<string, unknown>; reason: string }[]
    >({
      type: "suggest",
      count: 3,
      fixed: { kind: "b" },
      ranges: { rate: [0.02, 0.04] },
    });
    expect(found.length).toBe(3);
    for (const { params } of found) {
      expect(params.kind).toBe("b");
      expect(params.rate).toBeGreaterThanOrEqual(0.02);
      expect(params.rate).toBeLessThanOrEqual(0.04);
    }
    expect(it.study.trials.length).toBe(6);
  });

  it("what is queued runs after what runs, and can be taken out before", async () => {
    await using it = await opened();
    await it.client.ask({ type: "run", ...at(0.03) });
    expect(await it.client.ask({ type: "run", ...at(0.04) })).toEqual({
      queued: 7,
    });
    const numbers = await it.client.ask<number[]>({
      type: "queue",
      candidates: [at(0.05).candidate, at(0.06).candidate],
    });
    expect(numbers).toEqual([8, 9]);
    await it.client.ask({ type: "withdraw", number: 8 });
    await it.client.until(() => it.client.rows.get(9)?.state === "complete");
    expect(it.client.rows.get(7)!.state).toBe("complete");
    expect(it.client.rows.get(7)!.forecast).not.toBe(null);
    expect(it.client.rows.get(8)!.verdict).toBe("discarded");
    expect(isDiscarded(it.study.trial(8))).toBe(true);
  });

  it("Let it run: so many trials, within the ranges; the queue waits until it is asked", async () => {
    await using it = await opened((trial) => train(trial, 3, 0));
    await it.client.ask({ type: "queue", candidates: [at(0.5).candidate] });
    await it.client.ask({
      type: "auto",
      trials: 3,
      fixed: { kind: "a" },
      ranges: { rate: [0.01, 0.02] },
    });
    await it.idle();
    await it.client.until(() => it.client.rows.get(6)?.state === "complete");
    const made = it.study.trials.slice(7);
    expect(made.length).toBe(3);
    for (const { params } of made) {
      expect((params as { rate: number }).rate).toBeLessThanOrEqual(0.02);
    }
  });

  it("notes, stars, verdicts and repeats reach the study and all pages", async () => {
    await using it = await opened();
    const other = await PanelClient.open(it.panel.url);
    await it.client.ask({ type: "note", number: 1, text: "<b>*odd*</b>" });
    await it.client.ask({ type: "favorite", number: 1, on: true });
    await it.client.ask({
      type: "judge",
      number: 2,
      verdict: "discarded",
      reason: "",
    });
    await other.until(() => other.rows.get(2)?.verdict === "discarded");
    expect(other.rows.get(1)).toMatchObject({
      note: "<b>*odd*</b>",
      favorite: true,
    });
    expect(noteOf(it.study.trial(1))).toBe("<b>*odd*</b>");
    expect(isFavorite(it.study.trial(1))).toBe(true);
    await it.client.ask({
      type: "judge",
      number: 2,
      verdict: null,
      reason: "",
    });
    expect(it.study.trial(2).state).toBe("complete");
    await it.client.ask({ type: "repeat", number: 1 });
    await it.client.until(() => it.client.rows.get(6)?.state === "complete");
    expect(it.client.rows.get(6)!.params).toEqual(
      it.client.rows.get(1)!.params,
    );
    expect(it.study.trial(6).reason).toMatch(/Trial 1 again/);
    await other.close();
  });

  it("where the objective's curve is going is told while it runs, with the chance to beat the best", async () => {
    await using it = await opened((trial) => train(trial, 40, 6), {
      trials: 0,
    });
    await it.client.ask({ type: "run", ...at(0.03) });
    await it.client.until(() => it.client.rows.get(0)?.state === "complete");
    await it.client.ask({ type: "run", ...at(0.05) });
    const told = () =>
      it.client.of("reading").flatMap(({ reading }) =>
        reading.number === 1 ? reading.forecasts : []
      ).find(({ curve }) => curve === "validation accuracy");
    for (let n = 0; n < 200 && told() === undefined; n++) {
      await wait(20);
      if (it.study.trial(1).curves.get("train loss")!.steps.length >= 12) {
        it.client.messages.push({
          type: "reading",
          reading: await it.client.ask<Reading>({
            type: "diagnose",
            number: 1,
          }),
        });
      }
    }
    expect(told()).toMatchObject({ at: 40 });
    expect(told()!.chance).toBeGreaterThanOrEqual(0);
    expect(told()!.chance).toBeLessThanOrEqual(1);
    await it.idle();
  });

  it("curves and readings of any trial can be had", async () => {
    await using it = await opened();
    const parts = await it.client.ask<{ number: number; name: string }[]>({
      type: "curves",
      numbers: [0, 3, 77],
    });
    expect([...new Set(parts.map(({ number }) => number))]).toEqual([0, 3]);
    const reading = await it.client.ask<Reading>({
      type: "diagnose",
      number: 3,
    });
    expect(reading.number).toBe(3);
    expect(reading.live).toBe(false);
  });

  it("an objective that throws fails its trial, and the page is told", async () => {
    await using it = await opened(() => {
      throw new Error("no data");
    });
    await it.client.ask({ type: "run", ...at(0.03) });
    await it.client.until(() => it.client.of("notice").length > 0);
    expect(it.client.of("notice")[0]).toMatchObject({
      text: "no data",
      isError: true,
    });
    await it.client.until(() => it.client.rows.get(6)?.state === "failed");
    expect(it.client.rows.get(6)!.error).toMatch(/no data/);
  });

  it("without an objective nothing runs, and it says how to", async () => {
    const study = await createStudy({
      name: "looking",
      space: searched,
      storage: "memory",
    });
    const panel = await tuner(study);
    const client = await PanelClient.open(panel.url);
    await expect(client.ask({ type: "run", ...at(0.03) })).rejects
      .toThrow(/tuner\(study, objective\)/);
    await client.ask({ type: "queue", candidates: [at(0.03).candidate] });
    expect(study.trials.length).toBe(1);
    await client.close();
    await panel.close();
  });
});

describe("work that survives", () => {
  const draft = {
    params: { rate: 0.02, kind: "b", depth: 0.25 },
    pinned: ["kind"],
    ranges: { rate: [0.01, 0.1] as const },
    compared: [1, 2],
  };

  it("re-running the cell keeps the panel, its address and what runs in it, with the new objective for what comes", async () => {
    await using it = await opened((trial) => train(trial, 60));
    await it.client.ask({ type: "run", ...at(0.03) });
    await it.client.until(() => it.client.of("live").length > 0);
    const again = await tuner(it.study as never, (() => 0.125) as never);
    expect(again.url).toBe(it.panel.url);
    expect(it.study.runs.length).toBe(1);
    await it.client.until(() => it.client.rows.get(6)?.state === "complete");
    await it.client.ask({ type: "run", ...at(0.03) });
    await it.client.until(() => it.client.rows.get(7)?.state === "complete");
    expect(it.study.trial(7).value).toBe(0.125);
  });

  it("the panel is closed with its study, and keeps where the controls stand", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      const { study, client } = await opened(train, { storage });
      client.send(JSON.stringify({ type: "draft", draft }));
      await client.ask({ type: "diagnose", number: 0 });
      await study.close();
      await client.until(() => client.closed !== null);
      await using again = await opened(train, { storage });
      expect(again.client.of("state")[0]!.draft).toEqual(draft);
    }));

  it("where the controls stand is kept in the study's file", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      {
        await using it = await opened(train, { storage });
        it.client.send(JSON.stringify({ type: "draft", draft }));
        await it.client.ask({ type: "diagnose", number: 0 });
      }
      await using it = await opened(train, { storage });
      expect(it.client.of("state")[0]!.draft).toEqual(draft);
    }));

  it("what other processes do is seen", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      await using it = await opened(train, { storage });
      const other = await createStudy({ name: "panel", storage });
      await other.optimize((trial) => train(trial as unknown as Trial, 3, 0), {
        trials: 1,
        progress: false,
      });
      await it.client.until(() => it.client.rows.get(6)?.state === "complete");
      await other.close();
    }));
});

describe("tuner()", () => {
  it("refuses options that make no sense, and says what to do", async () => {
    const study = await createStudy({
      name: "s",
      space: searched,
      storage: "memory",
    });
    for (
      const [args, message] of [
        [[{}], /expected a study/],
        [[study, 1], /expected a function/],
        [[study, train, { port: 99_999 }], /port/],
        [[study, train, { height: 1 }], /height/],
        [[study, train, { proxy: "hub" }], /URL of the notebook server/],
        [[study, train, { worker: true }], /default export/],
        [[study, train, { open: true }], /no option "open"/],
      ] as const
    ) {
      await expect(tuner(...args as unknown as Parameters<typeof tuner>))
        .rejects.toThrow(message);
    }
  });
});

describe("an objective in a thread of its own", () => {
  const blocking = `data:application/typescript,${
    encodeURIComponent(`
    export default async (trial) => {
      await trial.setAttribute("kept", trial.seed);
      for (let epoch = 1; epoch <= 400; epoch++) {
        const end = performance.now() + 5;
        while (performance.now() < end);
        trial.report(epoch, { "validation accuracy": trial.params.rate, "train loss": 1 / epoch });
        if (trial.shouldStop()) break;
      }
      return trial.best("validation accuracy");
    };`)
  }`;

  it("that never yields leaves the panel its turn, streams its curves, and is stopped", async () => {
    await using it = await opened(blocking);
    await it.client.ask({ type: "run", ...at(0.03) });
    await it.client.until(() => it.client.of("live").length > 1);
    const start = performance.now();
    await it.client.ask<Look>({
      type: "look",
      params: { rate: 0.05, kind: "a" },
    });
    expect(performance.now() - start).toBeLessThan(400);
    await it.client.ask({ type: "stop", scope: "run" });
    await it.idle();
    const trial = it.study.trial(6);
    expect(trial.state).toBe("pruned");
    expect(trial.attributes.kept).toBeGreaterThanOrEqual(0);
    expect(trial.curves.get("train loss")!.steps.length).toBeLessThan(400);
  });

  it("errors and modules without an objective fail the trial with their words", async () => {
    for (
      const [source, message] of [
        [
          "export default () => { throw new TypeError('bad shape'); };",
          /bad shape/,
        ],
        ["export const objective = 1;", /default export is no function/],
      ] as const
    ) {
      await using it = await opened(
        new URL(`data:application/typescript,${encodeURIComponent(source)}`),
      );
      await it.client.ask({ type: "run", ...at(0.03) });
      await it.client.until(() => it.client.rows.get(6)?.state === "failed");
      expect(it.client.rows.get(6)!.error).toMatch(message);
    }
  });
});

describe("deno run -A jsr:@etude/etude/tuner studies.db", () => {
  it("opens a study of a file for looking, or lists them where there are several", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      for (const name of ["one", "two <b>"]) {
        const study = await createStudy({ name, space: searched, storage });
        await study.close();
      }
      const panels = await openPanels(storage);
      const list = await (await fetch(panels.url)).text();
      expect(list).toContain("two &lt;b&gt;");
      const client = await PanelClient.open(`${panels.url}study/1/`);
      expect(client.of("state")[0]!.study).toMatchObject({
        name: "two <b>",
        canRun: false,
      });
      await client.close();
      expect((await fetch(`${panels.url}study/9/`)).status).toBe(404);
      await panels.close();
      const only = await openPanels(storage, { study: "one" });
      const page = await PanelClient.open(only.url);
      expect(page.of("state")[0]!.study.name).toBe("one");
      await page.close();
      await only.close();
    }));

  it("a file or a study that is not there is refused", () =>
    withTemporaryFolder(async (folder) => {
      await expect(openPanels(`${folder}/none.db`)).rejects.toThrow(
        /no such file/,
      );
      const storage = `${folder}/studies.db`;
      await (await createStudy({ name: "one", space: searched, storage }))
        .close();
      await expect(openPanels(storage, { study: "two" })).rejects
        .toThrow(/has "one"/);
    }));
});
