import type { Configuration } from "../space/mod.ts";
import type { ObjectiveFunction, Study, StudyRun } from "../study/mod.ts";
import { activePart } from "./_outlook.ts";
import type { Candidate, PanelRequest, Values } from "./protocol.ts";

/** The requests that steer what runs. */
type SteeringRequest = Extract<PanelRequest, {
  type:
    | "run"
    | "suggest"
    | "queue"
    | "run queue"
    | "auto"
    | "stop"
    | "hold"
    | "repeat";
}>;

const byHand = "stopped by hand in the panel";

/** What runs, and what comes next: one thing at a time, and the queue after it. */
export class Steering {
  readonly #study: Study;
  readonly #notify: (text: string, isError: boolean) => void;
  #objective: ObjectiveFunction | null;
  #starting = false;

  constructor(
    study: Study,
    objective: ObjectiveFunction | null,
    notify: (text: string, isError: boolean) => void,
  ) {
    this.#study = study;
    this.#objective = objective;
    this.#notify = notify;
  }

  /** Whether trials can be run. */
  get canRun(): boolean {
    return this.#objective !== null;
  }

  /** Lets trials run another objective from now on. */
  setObjective(objective: ObjectiveFunction | null): void {
    this.#objective = objective;
  }

  get #isBusy(): boolean {
    return this.#starting || this.#study.runs.length > 0;
  }

  /** Does what a page asks for. */
  async do(request: SteeringRequest): Promise<unknown> {
    const study = this.#study;
    switch (request.type) {
      case "run":
        return await this.#run(request.candidate);
      case "repeat": {
        const { params, state, number } = study.trial(request.number);
        if (state === "waiting") {
          throw new RangeError(`Cannot repeat trial ${number}: it waits`);
        }
        return await this.#run({
          params: params as Values,
          chosenBy: "manual",
          reason: `Trial ${number} again, with another seed.`,
        });
      }
      case "suggest":
        return await this.#suggest(request);
      case "queue": {
        const numbers: number[] = [];
        for (const candidate of request.candidates) {
          numbers.push(await this.#enqueue(candidate));
        }
        return numbers;
      }
      case "run queue":
        return this.#runQueue(true);
      case "auto": {
        const { trials, fixed, ranges } = request;
        const objective = this.#needObjective();
        if (this.#isBusy) throw new RangeError("Something runs already");
        const pinned = this.#pinned(fixed);
        this.#follow(study.start(objective, {
          trials,
          progress: false,
          ...(Object.keys(pinned).length > 0 ? { fixed: pinned } : {}),
          within: ranges,
        }));
        return null;
      }
      case "hold":
        for (const run of study.runs) {
          if (request.on) run.hold();
          else run.release();
        }
        return null;
      case "stop":
        return this.#stop(request.scope);
    }
  }

  async #suggest(
    { fixed, ranges, count }: SteeringRequest & { type: "suggest" },
  ): Promise<unknown> {
    const list = await this.#study.suggest({
      fixed: this.#pinned(fixed),
      within: ranges,
      count: Math.max(1, count),
    });
    return [...list].map(({ params, reason, forecast }) => ({
      params,
      reason,
      forecast,
    }));
  }

  /** Pinned values, of parameters that are in use among them. */
  #pinned(fixed: Values): Configuration {
    return this.#study.space.validatePartial(fixed);
  }

  #needObjective(): ObjectiveFunction {
    if (this.#objective !== null) return this.#objective;
    throw new RangeError(
      "Nothing can be run from here: the panel was opened without an objective; open it with await tuner(study, objective)",
    );
  }

  async #run(candidate: Candidate): Promise<unknown> {
    const objective = this.#needObjective();
    if (this.#isBusy) {
      return { queued: await this.#enqueue(candidate) };
    }
    const { space } = this.#study;
    const params = space.validate(activePart(space, candidate.params));
    this.#starting = true;
    this.#study.try(params, objective, {
      progress: false,
      chosenBy: candidate.chosenBy,
      ...(candidate.reason === null ? {} : { reason: candidate.reason }),
    }).then(
      (record) => {
        this.#starting = false;
        if (record.reason !== byHand) this.#runQueue(false);
      },
      (error) => {
        this.#starting = false;
        this.#notify(messageOf(error), true);
      },
    );
    return null;
  }

  async #enqueue(candidate: Candidate): Promise<number> {
    const { space } = this.#study;
    const params = space.validate(activePart(space, candidate.params));
    const { number } = await this.#study.enqueue(params, {
      chosenBy: candidate.chosenBy,
      ...(candidate.reason === null ? {} : { reason: candidate.reason }),
    });
    return number;
  }

  /** Runs what waits; after something else has run, that too. */
  #runQueue(isAsked: boolean): null {
    const waiting =
      this.#study.trials.filter(({ state }) => state === "waiting").length;
    if (this.#objective === null) {
      if (isAsked) this.#needObjective();
      return null;
    }
    if (this.#isBusy) {
      if (isAsked) {
        throw new RangeError(
          "Something runs already; the queue comes after it",
        );
      }
      return null;
    }
    if (waiting === 0) {
      if (isAsked) throw new RangeError("Nothing waits in the queue");
      return null;
    }
    this.#follow(
      this.#study.start(this.#objective, { trials: waiting, progress: false }),
    );
    return null;
  }

  #follow(run: StudyRun): void {
    run.done.then(
      () => {
        if (run.stopReason === null) this.#runQueue(false);
      },
      (error) => this.#notify(messageOf(error), true),
    );
  }

  #stop(scope: "trial" | "run"): null {
    for (const run of this.#study.runs) {
      if (scope === "run") run.stop(byHand).catch(() => {});
      else for (const trial of run.trials) trial.requestStop(byHand);
    }
    return null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
