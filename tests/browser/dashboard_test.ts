import { join } from "node:path";
import { expect } from "@std/expect";
import { after, before, it } from "@std/testing/bdd";
import { type Browser, chromium as driver, type Page } from "playwright-core";
import {
  boolean,
  choice,
  type Configuration,
  createStudy,
  float,
  int,
  isFeasible,
  maximize,
  minimize,
  noteOf,
  openStorage,
  randomSampler,
  space,
  type Study,
  TrialPruned,
  type TrialRecord,
  type TrialState,
} from "../../mod.ts";
import { inProject } from "../../tools/project.ts";
import { OptunaDashboard } from "../support/dashboard.ts";
import { TestPostgres } from "../support/postgres.ts";
import { chromium, describeWith, postgresServer } from "../support/require.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const digits = "digits 数字 <b>";
const goals = "two goals";

const states: Readonly<Record<TrialState, string>> = {
  complete: "Complete",
  pruned: "Pruned",
  failed: "Fail",
  running: "Running",
  waiting: "Waiting",
};

/** A study with a trial of every state, conditional parameters and curves. */
async function digitsStudy(storage: string): Promise<Study<Configuration>> {
  const study = await createStudy({
    name: digits,
    library: false,
    sampler: randomSampler(),
    storage,
    space: space({
      learningRate: float(1e-4, 1, { log: true }),
      units: int(8, 256, { log: true }),
      optimizer: choice(["adam", "sgd"]),
      momentum: float(0, 0.99).when({ optimizer: "sgd" }),
      early: boolean(),
    }),
    objective: maximize("validation accuracy"),
  });
  await study.setAttribute("data set", "optdigits");
  await study.optimize(async (trial) => {
    await trial.setAttribute("seconds", trial.number * 2);
    for (let epoch = 1; epoch <= 12; epoch++) {
      const share = Math.exp(-epoch * trial.params.learningRate * 3);
      await trial.report(epoch, {
        train: { loss: share },
        validation: { accuracy: 1 - 0.8 * share },
      });
      if (trial.number === 3 && epoch === 4) throw new TrialPruned("too slow");
    }
    if (trial.number === 7) throw new Error("out of memory");
    return trial.best();
  }, { trials: 14, progress: false });
  await study.ask();
  await study.enqueue({ units: 16, optimizer: "adam" });
  return study as unknown as Study<Configuration>;
}

/** A study of two objectives and a constraint. */
async function goalsStudy(storage: string): Promise<readonly TrialRecord[]> {
  const study = await createStudy({
    name: goals,
    library: false,
    sampler: randomSampler(),
    storage,
    space: space({ x: float(0, 1), y: float(0, 1) }),
    objectives: [minimize("loss"), maximize("speed")],
    constraints: { memory: { max: 0.8 } },
  });
  await study.optimize((trial) => {
    const { x, y } = trial.params;
    trial.measure("memory", y);
    return [x, x * y];
  }, { trials: 20, progress: false });
  await study.close();
  return study.view().trials;
}

describeWith(chromium, "optuna-dashboard, on studies made here", () => {
  let browser: Browser;
  before(async () => {
    browser = await driver.launch({
      executablePath: chromium.path!,
      args: ["--no-sandbox", "--disable-gpu"],
    });
  });
  after(() => browser.close());

  /** Does something in a page that must neither complain nor ask anybody else. */
  async function withPage(
    work: (page: Page, problems: string[]) => Promise<void>,
  ): Promise<void> {
    const page = await browser.newPage({
      viewport: { width: 1200, height: 900 },
    });
    page.setDefaultTimeout(60_000);
    const problems: string[] = [];
    page.on("pageerror", ({ message }) => {
      // So it complains of its requests that the next page cuts off.
      if (!/undefined \(reading 'status'\)/.test(message)) {
        problems.push(message);
      }
    });
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("request", (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) {
        problems.push(request.url());
      }
    });
    await work(page, problems);
    expect(problems).toEqual([]);
    await page.close();
  }

  const shoot = (page: Page, name: string) =>
    page.screenshot({
      path: inProject("out", "screenshots", `dashboard-${name}.png`),
      fullPage: true,
    });

  /** What a plot is drawn from: the titles of its axes, and how many points each part of it has. */
  async function plotted(
    page: Page,
    id: string,
  ): Promise<{ x?: string; y?: string; counts: number[] }> {
    // It is drawn empty first.
    await page.waitForFunction(
      `document.getElementById("${id}")?.data?.some(({ x }) => x.length > 0)`,
    );
    return await page.evaluate(`(() => {
      const { layout, data } = document.getElementById("${id}");
      return {
        x: layout.xaxis?.title?.text,
        y: layout.yaxis?.title?.text,
        counts: data.map(({ x }) => x.length),
      };
    })()`);
  }

  /** Replaces the note on the page, as a person does. */
  async function writeNote(page: Page, text: string): Promise<void> {
    await page.locator("button:has([data-testid=EditIcon])").click();
    await page.locator("textarea:visible").fill(text);
    const answer = page.waitForResponse((one) =>
      one.request().method() === "PUT"
    );
    await page.getByRole("button", { name: "Save" }).click();
    expect((await answer).status()).toBe(204);
    await page.getByRole("button", { name: "Close" }).click();
  }

  /** Notes from here there, and from there here. */
  async function exchangeNotes(
    page: Page,
    dashboard: OptunaDashboard,
    study: Study<Configuration>,
  ): Promise<void> {
    const id = (await dashboard.studies()).get(study.name)!;
    const { trials } = await dashboard.study(id);
    const third = trials[3]!.trial_id;
    await study.note("# June\n\nWithout **outliers**.\n" + "🎻".repeat(2500));
    await study.note(3, "pruned, *look again*");
    await page.goto(dashboard.page(id, "/note"));
    await page.getByRole("heading", { name: "June" }).waitFor();
    await page.locator("strong", { hasText: "outliers" }).waitFor();
    expect((await page.locator("body").innerText()).match(/🎻/gu)!.length)
      .toBe(2500);
    await writeNote(page, "All *data*, from there");
    await page.locator("em", { hasText: "data" }).waitFor();

    await page.goto(dashboard.page(id, "/trials?numbers=3"));
    await page.getByText(`Trial 3 (trial_id=${third})`).waitFor();
    await page.locator("em", { hasText: "look again" }).waitFor();
    await writeNote(page, "**seen**, from there");
    await page.reload();
    await page.locator("strong", { hasText: "seen" }).waitFor();

    const changed: number[] = [];
    const end = study.listen((event) => {
      if (event.type === "trial changed") changed.push(event.record.number);
    });
    await study.refresh();
    end();
    expect(noteOf(study)).toBe("All *data*, from there");
    expect(noteOf(study.trial(3))).toBe("**seen**, from there");
    expect(changed).toEqual([3]);
  }

  it("shows names, directions, metric names, charts, trials and attributes; notes go both ways, deletions too", () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, "studies.db");
      const study = await digitsStudy(path);
      const goal = await goalsStudy(path);
      await using dashboard = await OptunaDashboard.start(`sqlite:///${path}`);
      const ids = await dashboard.studies();
      expect([...ids.keys()]).toEqual([digits, goals]);
      const id = ids.get(digits)!;

      await withPage(async (page) => {
        await page.goto(`${dashboard.url}/dashboard`);
        await page.getByText(`1. ${digits}`).waitFor();
        await page.getByText(`2. ${goals}`).waitFor();
        await page.getByText("Direction: MAXIMIZE", { exact: true }).waitFor();
        await page.getByText("Direction: MINIMIZE, MAXIMIZE").waitFor();
        await shoot(page, "1-studies");

        await page.goto(dashboard.page(id));
        expect(await plotted(page, "plot-history")).toEqual({
          x: "Trial",
          y: "validation accuracy",
          counts: expect.arrayContaining([13]),
        });
        // A line a trial, as long as its curve; it leaves out what failed.
        const curves = study.trials.filter(({ state }) =>
          state !== "failed" && state !== "waiting"
        ).map(({ curves }) =>
          curves.get("validation accuracy")?.steps.length ?? 0
        );
        expect((await plotted(page, "graph-intermediate-values")).counts)
          .toEqual(curves);
        expect((await plotted(page, "graph-hyperparameter-importances")).counts)
          .toEqual([5]);
        await page.getByText(`Best Trial (number=${study.best!.number})`)
          .waitFor();
        const page1 = await page.locator("body").innerText();
        for (const text of [String(study.best!.value), "optdigits"]) {
          expect(page1).toContain(text);
        }
        await shoot(page, "2-history");
        await page.goto(dashboard.page(id, "/analytics"));
        await page.getByText("EDF for validation accuracy").waitFor();
        await shoot(page, "3-analytics");
        await page.goto(dashboard.page(ids.get(goals)!));
        const front = await plotted(page, "graph-pareto-front");
        expect(front.counts.reduce((a, b) => a + b)).toBe(20);
        expect(front.counts).toContain(
          goal.filter((trial) => !isFeasible(trial)).length,
        );
        const names = await page.locator("body").innerText();
        expect(names).toMatch(/Objective X:\s*loss/);
        expect(names).toMatch(/Objective Y:\s*speed/);
        await shoot(page, "4-trade-offs");

        await page.goto(dashboard.page(id, "/trials"));
        for (const number of [0, 3, 7, 14, 15]) {
          const trial = study.trial(number);
          await page.getByText(`Trial ${number}`, { exact: true }).click();
          await page.getByRole("heading", { name: `Trial ${number} (` })
            .waitFor();
          const text = await page.locator("body").innerText();
          expect(text).toContain(states[trial.state]);
          for (const [name, value] of Object.entries(trial.params)) {
            const shown = typeof value === "boolean"
              ? { true: "True", false: "False" }[String(value)]
              : String(value);
            expect(text).toContain(`${name} ${shown}`);
          }
          if (trial.value !== null) expect(text).toContain(String(trial.value));
          if (number < 14) expect(text).toContain(`seconds ${2 * number}`);
          if (number === 3) await shoot(page, "5-trial");
        }
      });

      // Everything that is drawn, and not only what a page shows of it.
      const told = await dashboard.study(id);
      expect(told.objective_names).toEqual(["validation accuracy"]);
      expect(told.directions).toEqual(["maximize"]);
      expect(told.trials.length).toBe(16);
      for (const trial of study.trials) {
        const theirs = told.trials[trial.number]!;
        expect(theirs.state).toBe(states[trial.state]);
        expect(theirs.values ?? null).toEqual(trial.values);
        const params = trial.state === "waiting"
          ? theirs.fixed_params
          : theirs.params;
        expect(params.map(({ name }) => name)).toEqual(
          Object.keys(trial.params),
        );
        const curve = trial.curves.get("validation accuracy");
        expect(
          theirs.intermediate_values.map(({ step, value }) => [step, value]),
        ).toEqual(curve?.steps.map((step, i) => [step, curve.values[i]]) ?? []);
      }

      await withPage(async (page) => {
        await exchangeNotes(page, dashboard, study);
        await shoot(page, "6-note");
      });

      // Who writes on what is no longer there is told, and nothing is lost.
      await withPage(async (page, problems) => {
        await page.goto(dashboard.page(id, "/note"));
        await page.locator("em", { hasText: "data" }).waitFor();
        await page.locator("button:has([data-testid=EditIcon])").click();
        await page.locator("textarea:visible").fill("too late");
        await study.note("from here, meanwhile");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText(/conflict|latest|refresh/i).first().waitFor();
        expect(problems.splice(0).join()).toMatch(/409/);
        await study.refresh();
        expect(noteOf(study)).toBe("from here, meanwhile");
      });

      // Deleted there, gone here; deleted here, gone there.
      await withPage(async (page) => {
        await page.goto(`${dashboard.url}/dashboard`);
        const card = page.locator(".MuiCard-root", { hasText: digits });
        await card.getByLabel("delete study").click();
        const answer = page.waitForResponse((one) =>
          one.request().method() === "DELETE"
        );
        await page.getByRole("button", { name: "Yes" }).click();
        expect((await answer).status()).toBe(204);
        await page.getByRole("button", { name: "Reload" }).click();
        await card.waitFor({ state: "detached" });
        const storage = openStorage(path);
        const left = await storage.listStudies();
        expect(left.map(({ name }) => name)).toEqual([goals]);
        await expect(study.ask()).rejects.toThrow(/no longer has it/);
        await storage.deleteStudy(left[0]!.id);
        await storage.close();
        await page.getByRole("button", { name: "Reload" }).click();
        await page.getByText(goals).waitFor({ state: "detached" });
      });
      await study.close();
    }));

  describeWith(postgresServer, "in PostgreSQL", () => {
    it("shows the study's metric's name, and notes go both ways", async () => {
      const server = TestPostgres.start();
      try {
        const url = server.freshDatabase();
        const study = await digitsStudy(url);
        await using dashboard = await OptunaDashboard.start(
          url.replace("postgres:", "postgresql+psycopg2:"),
        );
        await withPage(async (page) => {
          await exchangeNotes(page, dashboard, study);
          const id = (await dashboard.studies()).get(digits)!;
          expect((await dashboard.study(id)).objective_names)
            .toEqual(["validation accuracy"]);
          await shoot(page, "7-postgres");
        });
        await study.close();
      } finally {
        server.close();
      }
    });
  });
});
