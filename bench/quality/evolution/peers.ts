/**
 * Others' evolutionary algorithms, in a Python process that asks for evaluations.
 *
 * @module
 */

import { inProject } from "../../../tools/project.ts";
import { JSONProcess } from "../json_process.ts";
import { peerVariables, preparePeers } from "../peers/environments.ts";

/** Their names; `evolution.py` says what each is. */
export const peerAlgorithms: readonly string[] = [
  "cmaes",
  "cmaes-bipop",
  "pycma",
  "optuna-cmaes",
  "optuna-nsga2",
  "optuna-nsga3",
  "pymoo-cmaes",
  "pymoo-de",
  "pymoo-ga",
  "pymoo-pso",
  "pymoo-nsga2",
  "pymoo-nsga3",
  "scipy-de",
];

/** What is run. */
export interface PeerRun {
  readonly algorithm: string;
  readonly dimension: number;
  readonly trials: number;
  readonly seed: number;
  /** How many objectives there are. Defaults to `1`. */
  readonly objectives?: number;
  /** How many individuals a generation has. Defaults to the peer's own default. */
  readonly populationSize?: number;
  /** Reference directions for NSGA-III, `[directions, objectives]`. */
  readonly directions?: readonly (readonly number[])[];
}

type Answer =
  | { readonly evaluate: readonly (readonly number[])[] }
  | { readonly done: true; readonly seconds: number };

/** Runs peers, one after the other. */
export class PeerRunner {
  readonly #process: JSONProcess;

  private constructor(process: JSONProcess) {
    this.#process = process;
  }

  /** Starts the process. */
  static async start(): Promise<PeerRunner> {
    const python = await preparePeers("evolution");
    const script = inProject("bench", "quality", "peers", "evolution.py");
    return new PeerRunner(new JSONProcess([python, script], peerVariables));
  }

  /**
   * Runs one; points are in the unit cube.
   *
   * @returns Seconds of the peer's processor, evaluations included that wait for ours.
   */
  async run(
    run: PeerRun,
    evaluate: (point: readonly number[]) => readonly number[],
  ): Promise<number> {
    let answer = await this.#process.call<Answer>({ start: run });
    while ("evaluate" in answer) {
      const values = answer.evaluate.map(evaluate);
      answer = await this.#process.call<Answer>({ values });
    }
    return answer.seconds;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    await this.#process.close();
  }
}
