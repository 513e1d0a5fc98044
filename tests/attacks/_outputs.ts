/**
 * All that is shown or written of a study, by the export that makes it. Charts and
 * whatever shows itself in a notebook are found among the exports, so that a new one
 * is attacked without being named here; it has to be named only where it is made of
 * something else than a study.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as ensembles from "../../lib/ensembles/mod.ts";
import { exportStudy } from "../../lib/interop/mod.ts";
import { liveFrame } from "../../lib/notebook/_live_frame.ts";
import { progressLine, progressOf } from "../../lib/notebook/_progress.ts";
import {
  type Terminal,
  TerminalProgress,
} from "../../lib/notebook/terminal_progress.ts";
import * as reports from "../../lib/report/mod.ts";
import * as tuners from "../../lib/tuner/mod.ts";
import { pictureOf } from "../../lib/tuner/_picture.ts";
import * as everyday from "../../mod.ts";
import {
  type Chart,
  type Configuration,
  createStudy,
  describeTask,
  type Library,
  mapSpace,
  MemoryStorage,
  minimize,
  openLibrary,
  packLibrary,
  portfolio,
  randomSampler,
  RunSummary,
  type Space,
  type Study,
  type StudyRun,
  type StudyView,
} from "../../mod.ts";
import { recordOf, verdict } from "../support/warm_start_records.ts";
import { hostileSpace, hostileStudy, rotated } from "./_hostile.ts";

/** Something that was shown or written. */
export interface Output {
  /** What made it. */
  readonly by: string;
  /** What it is. */
  readonly kind: "html" | "markdown" | "text" | "svg" | "spec";
  readonly content: unknown;
}

/** What outputs are made of. */
interface Scene {
  readonly study: Study<Configuration>;
  readonly view: StudyView;
  readonly at: (i: number) => string;
  readonly library: Library;
  readonly folder: string;
}

type Shown = {
  readonly [key: symbol]: unknown;
};

const displayKey = Symbol.for("Jupyter.display");
const inspectKey = Symbol.for("Deno.customInspect");

const kinds: Readonly<Record<string, Output["kind"]>> = {
  "text/html": "html",
  "text/markdown": "markdown",
  "text/plain": "text",
  "image/svg+xml": "svg",
  "application/vnd.vegalite.v5+json": "spec",
};

/** What something shows in a notebook, in a terminal, and as a text. */
async function shownOf(by: string, thing: unknown): Promise<Output[]> {
  const outputs: Output[] = [];
  const add = (kind: Output["kind"], content: unknown) =>
    outputs.push({ by, kind, content });
  const display = (thing as Shown)[displayKey];
  if (typeof display === "function") {
    const bundle = await display.call(thing) as Record<string, unknown>;
    for (const [type, content] of Object.entries(bundle)) {
      if (kinds[type] !== undefined) add(kinds[type], content);
    }
  }
  const inspect = (thing as Shown)[inspectKey];
  if (typeof inspect === "function") add("text", inspect.call(thing));
  const text = String(thing);
  if (!/^\[object /.test(text)) add("text", text);
  return outputs;
}

const hasDisplay = (one: unknown): one is { prototype: object; name: string } =>
  typeof one === "function" && one.prototype !== undefined &&
  displayKey in one.prototype;

/** The exported classes that show themselves. */
export const displayClasses: ReadonlyMap<string, unknown> = new Map(
  [everyday, ensembles, reports, tuners].flatMap((door) =>
    Object.entries(door).filter(([, one]) => hasDisplay(one))
  ),
);

/** The exported charts. */
export const chartNames: readonly string[] = Object.keys(everyday)
  .filter((name) => /^[a-z]\w*Chart$/.test(name));

type Draw = (...args: readonly unknown[]) => Chart;

/** Charts that are made of other things than a study alone. */
const otherCharts: Readonly<Record<string, (scene: Scene) => Promise<Chart>>> =
  {
    learningRateChart: () =>
      Promise.resolve(everyday.learningRateChart({
        rates: [1e-3, 1e-2, 1e-1],
        losses: [1, 2, 3],
        smoothed: [1, 2, 3],
        steepest: 1e-2,
        lowest: 1e-2,
      } as never)),
    portfolioChart: ({ view, at }) =>
      Promise.resolve(everyday.portfolioChart(
        portfolio(
          [3, 4].map((i) => ({
            name: at(i),
            weight: 0.5,
            objective: minimize(at(5)),
            mapping: mapSpace(view.space, view.space),
            trials: view.trials.filter(({ state }) => state === "complete"),
          })),
          view.space,
        ),
        view.space,
        { title: at(6) },
      )),
    savingsChart: ({ view, at }) =>
      Promise.resolve(
        everyday.savingsChart(view, [[3, 2, 1]], { title: at(2) }),
      ),
    taskMapChart: async ({ library, view, at }) =>
      everyday.taskMapChart(
        await taskOf(at),
        await library.similar(await taskOf(at), view.space),
        { title: at(7) },
      ),
    warmStartChart: ({ view, at }) =>
      Promise.resolve(everyday.warmStartChart(view, {
        ...recordOf([verdict(0, {
          voices: [{ name: at(3), share: 0.7 }, { name: at(4), share: 0.3 }],
        })]),
        remarks: [at(8)],
        sources: [{
          name: at(3),
          source: at(9),
          trials: 3,
          similarity: 0.5,
        }],
      })),
  };

async function taskOf(at: (i: number) => string) {
  const task = await describeTask({
    x: [[1, 2], [3, 4], [5, 6], [7, 8]],
    y: [at(1), at(2), at(1), at(2)],
  }, { landmarks: false });
  return { ...task, tags: [at(3), at(4)] };
}

/** The chart of an export, of the scene's study. */
export async function chartOf(name: string, scene: Scene): Promise<Chart> {
  const other = otherCharts[name];
  if (other !== undefined) return await other(scene);
  const draw = (everyday as unknown as Record<string, Draw>)[name]!;
  return draw(scene.view, { title: scene.at(4) });
}

/** Everything that shows itself, by what it is. */
async function shownThings(scene: Scene): Promise<[string, unknown][]> {
  const { study, view, at, library } = scene;
  const params = study.trials[0]!.params;
  const members = [0, 1, 2].map((i) => ({
    name: at(i + 3),
    predictions: [1, 2, 3, 4, 5, 6, 7, 8].map((y) => y + Math.sin(y * (i + 1))),
  }));
  const suggestion = (await study.suggest())!;
  const diagnosis = study.diagnose(2);
  return [
    ["Study", study],
    ...study.trials.map((trial) =>
      [`Study.trial(${trial.number})`, study.trial(trial.number)] as [
        string,
        unknown,
      ]
    ),
    ["Forecast", study.predict(params)],
    ["ConfigurationSuggestion", suggestion],
    [
      "ConfigurationSuggestion with a reason",
      new everyday.ConfigurationSuggestion(
        { params, reason: at(5), forecast: { mean: 1, sd: 1 } },
        view.objectives[0]!,
      ),
    ],
    ["SuggestionList", await study.suggest({ count: 2 })],
    ["Diagnosis of the study", study.diagnose()],
    ["TrialDiagnosis", diagnosis],
    ["Diagnosis", diagnosis.diagnosis],
    ["Advice", diagnosis.advice],
    ["Comparison", study.compare([0, 1, 2])],
    ["PreferencePair", study.nextPair()],
    [
      "PreferencePair with a reason",
      new everyday.PreferencePair(view, [
        study.trials[0]! as never,
        study.trials[1]! as never,
      ], at(6)),
    ],
    ["Scoreboard", study.scoreboard()],
    [
      "RunSummary",
      new RunSummary({ complete: 1, pruned: 0, failed: 0 }, at(7), 5),
    ],
    ["Library", library],
    ["LibraryCard", library.card()],
    [
      "SpaceMapping",
      mapSpace(view.space, hostileSpace(rotated(at.length + 3))),
    ],
    ["HelpPage", everyday.help(at(8))],
    [
      "Verdict",
      ensembles.verdict(study, { noise: 0.1 }),
    ],
    [
      "Ensemble",
      new ensembles.Ensemble({
        ...ensembles.blend(members, { labels: [1, 2, 3, 4, 5, 6, 7, 8] }).parts,
        source: view.name,
      }),
    ],
  ];
}

/** What is written in a terminal of a run, and shown in a notebook while it goes on. */
async function liveOutputs({ study, at }: Scene): Promise<Output[]> {
  const outputs: Output[] = [];
  let written = "";
  const terminal: Terminal = {
    write: (text) => void (written += text),
    columns: () => 2000,
  };
  let frame: Output | null = null;
  const end = study.listen((event) => {
    if (event.type !== "run finished") return;
    const run: StudyRun = event.run;
    const progress = new TerminalProgress(study as never, run, terminal);
    progress.end();
    const failed = study.trials.find(({ state }) => state === "failed")!;
    const all = progressOf(study.view(), run, { ended: failed, failed });
    outputs.push({
      by: "progressLine",
      kind: "text",
      content: progressLine(all),
    });
    frame = {
      by: "liveFrame",
      kind: "html",
      content: liveFrame(
        study.view(),
        run.trials.map((trial) => trial.record()),
        all,
      ),
    };
  });
  const run = study.start(async (trial) => {
    await trial.report(1, { [study.objectives[0]!.name]: 1, [at(9)]: 2 });
    outputs.push({
      by: "liveFrame of a trial that runs",
      kind: "html",
      content: liveFrame(
        study.view(),
        [trial as never],
        progressOf(study.view(), run, { ended: null, failed: null }),
      ),
    });
    study.stop(at(10));
    return 1;
  }, { trials: 1, progress: false });
  await run.done;
  end();
  if (frame !== null) outputs.push(frame);
  // What it writes over the line with is its own.
  outputs.push({
    by: "TerminalProgress",
    kind: "text",
    content: written.replace("\r\u001b[2K", "").replace(/\n$/, ""),
  });
  const lines: unknown[] = [];
  const { log } = console;
  console.log = (line: unknown) => void lines.push(line);
  try {
    await everyday.watch(study, { trials: 1, everyMs: 5 }).done;
  } finally {
    console.log = log;
  }
  return [
    ...outputs,
    ...lines.map((content): Output => ({ by: "watch", kind: "text", content })),
  ];
}

/** Everything that is shown and written of the study of texts that begin with that one. */
export async function outputsOf(
  by: number,
  folder: string,
): Promise<{ readonly outputs: Output[]; readonly shown: unknown[] }> {
  const texts = rotated(by);
  const at = (i: number) => texts[i % texts.length]!;
  const study = await hostileStudy(by);
  const view = study.view();
  const storage = new MemoryStorage();
  const prior = await createStudy({
    name: at(20),
    space: view.space as never,
    objective: view.objectives[0]!,
    task: await taskOf(at) as never,
    storage,
    sampler: randomSampler(),
    library: false,
  });
  await prior.optimize((trial) => trial.number, { trials: 3, progress: false });
  const library = await openLibrary([
    storage,
    packLibrary([{
      name: at(21),
      task: await taskOf(at),
      space: view.space as Space,
      objective: minimize(at(22)),
      origin: at(23),
      trials: view.trials.filter(({ state }) => state === "complete"),
    }]),
  ]);
  const scene: Scene = { study, view, at, library, folder };
  const outputs: Output[] = [];
  const shown: unknown[] = [];
  for (const name of chartNames) {
    const chart = await chartOf(name, scene);
    shown.push(chart);
    outputs.push({ by: name, kind: "spec", content: chart.spec });
    outputs.push({ by: name, kind: "text", content: chart.text });
    outputs.push({
      by: name,
      kind: "svg",
      // What cannot be drawn is found by the test, with the chart's name.
      content: await chart.toSVG().catch((error) => `not drawn: ${error}`),
    });
  }
  const history = everyday.optimizationHistoryChart(view);
  outputs.push({
    by: "Chart.toHTML",
    kind: "html",
    content: await history.toHTML(),
  });
  for (const [name, thing] of await shownThings(scene)) {
    if (thing === null) continue;
    shown.push(thing);
    outputs.push(...await shownOf(name, thing));
  }
  outputs.push({
    by: "historySketch",
    kind: "svg",
    content: everyday.historySketch(view),
  }, {
    by: "sketch",
    kind: "svg",
    content: everyday.sketch({
      title: at(1),
      xTitle: at(2),
      yTitle: at(3),
      width: 300,
      height: 200,
      series: [{
        name: at(4),
        color: "#000",
        marks: "line",
        points: [[0, 1], [1, 2]],
      }],
    }),
  });
  outputs.push(...await liveOutputs(scene));
  const path = join(folder, `report-${by}.html`);
  await reports.report(study, path, { title: at(2), interactive: false });
  outputs.push({
    by: "report",
    kind: "html",
    content: await readFile(path, "utf8"),
  });
  const panel = await tuners.tuner(study as never);
  shown.push(panel);
  outputs.push(...await shownOf("Tuner", panel));
  outputs.push({
    by: "the panel's page",
    kind: "html",
    content: await (await fetch(panel.url)).text(),
  });
  await panel.close();
  outputs.push({
    by: "pictureOf the panel",
    kind: "html",
    content: pictureOf(view, null, at(3)),
  });
  await library.close();
  await prior.close();
  await study.close();
  return { outputs, shown };
}

/** What {@linkcode exportStudy} writes of a study, as text, by the file's ending. */
export async function exported(
  view: StudyView,
  ending: string,
  folder: string,
): Promise<string> {
  const path = join(folder, `hostile-${crypto.randomUUID()}.${ending}`);
  await exportStudy(view, path);
  return await readFile(path, "utf8");
}
