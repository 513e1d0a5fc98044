/**
 * A real optuna-dashboard, for tests.
 *
 * ```ts ignore
 * await using dashboard = await OptunaDashboard.start("sqlite:///studies.db");
 * await page.goto(dashboard.url);
 * ```
 *
 * @module
 */

import { preparePythonEnvironment } from "../../tools/python_environment.ts";
import { freePort } from "./free_port.ts";

/** What the dashboard's server tells of a study; see its `_serializer.py`. */
export interface DashboardStudy {
  readonly directions: readonly string[];
  readonly objective_names?: readonly string[];
  readonly user_attrs: readonly DashboardAttribute[];
  readonly note: DashboardNote;
  readonly trials: readonly {
    readonly trial_id: number;
    readonly number: number;
    readonly state: string;
    readonly values?: readonly (number | string)[];
    readonly params: readonly {
      readonly name: string;
      readonly param_external_value: string;
    }[];
    readonly fixed_params: readonly {
      readonly name: string;
      readonly param_external_value: string;
    }[];
    readonly intermediate_values: readonly {
      readonly step: number;
      readonly value: number | string;
    }[];
    readonly user_attrs: readonly DashboardAttribute[];
    readonly note: DashboardNote;
    readonly constraints: readonly number[];
  }[];
}

interface DashboardAttribute {
  readonly key: string;
  readonly value: string;
}

interface DashboardNote {
  readonly version: number;
  readonly body: string;
}

/** The dashboard's server on a free port of this machine. */
export class OptunaDashboard {
  /** Where its page is. */
  readonly url: string;
  readonly #server: Deno.ChildProcess;

  private constructor(url: string, server: Deno.ChildProcess) {
    this.url = url;
    this.#server = server;
  }

  /**
   * Starts it, and waits until it answers.
   *
   * @param storage The address of the studies, as SQLAlchemy writes it.
   */
  static async start(storage: string): Promise<OptunaDashboard> {
    const { python, variables } = await preparePythonEnvironment();
    const port = freePort();
    const server = new Deno.Command(python, {
      args: [
        "-c",
        "from optuna_dashboard._cli import main; main()",
        "--server=wsgiref",
        "--host=127.0.0.1",
        `--port=${port}`,
        storage,
      ],
      env: { ...variables },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const dashboard = new OptunaDashboard(`http://127.0.0.1:${port}`, server);
    try {
      await dashboard.#untilAnswers();
      return dashboard;
    } catch (error) {
      await dashboard[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The page of a study. */
  page(id: number, what = ""): string {
    return `${this.url}/dashboard/studies/${id}${what}`;
  }

  /** The ids of the studies, by name. */
  async studies(): Promise<ReadonlyMap<string, number>> {
    const { study_summaries } = await this.#get("/api/studies") as {
      study_summaries: { study_name: string; study_id: number }[];
    };
    return new Map(
      study_summaries.map(({ study_name, study_id }) => [study_name, study_id]),
    );
  }

  /** What the page of a study is drawn from. */
  async study(id: number): Promise<DashboardStudy> {
    return await this.#get(`/api/studies/${id}`) as DashboardStudy;
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(this.url + path);
    if (answer.ok) return await answer.json();
    throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  async #untilAnswers(): Promise<void> {
    const end = performance.now() + 60_000;
    while (!await this.#get("/api/meta").then(() => true, () => false)) {
      if (performance.now() > end) {
        throw new Error(`Cannot reach optuna-dashboard on ${this.url}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#server.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await this.#server.status;
  }
}
