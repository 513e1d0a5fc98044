/**
 * What every storage must do. Later storages run the same list.
 *
 * @module
 */

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  isPaused,
  noteAttribute,
  noteOf,
  outcomeConstraints,
  pausedAttribute,
} from "../../lib/records/mod.ts";
import {
  boolean,
  choice,
  float,
  int,
  ordinal,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import type { StudyDefinition, StudyStorage } from "../../lib/storage/mod.ts";

const everyKind = space({
  rate: float(1e-4, 1, { log: true }),
  half: float(0, 1, { step: 0.5 }),
  units: int(1, 512, { log: true }),
  even: int(0, 10, { step: 2 }),
  kind: choice(["a", null, true, 2.5]),
  size: ordinal([16, 32, 64]),
  flag: boolean(),
  'odd.name[0] "常数" 🎻': float(0, 1),
}) as unknown as Space;

const everyValue = {
  rate: 0.0123456789012345,
  half: 0.5,
  units: 100,
  even: 4,
  kind: null,
  size: 32,
  flag: true,
  'odd.name[0] "常数" 🎻': 1,
};

/** A study to make. */
export function definition(
  name: string,
  change: Partial<StudyDefinition> = {},
): StudyDefinition {
  return {
    name,
    objectives: [{ name: "loss", direction: "minimize" }],
    space: everyKind,
    seed: "seed",
    task: null,
    ...change,
  };
}

const running = { state: "running", params: {}, origin: "sampler" } as const;

/**
 * Runs the suite.
 *
 * @param name What to call the storage.
 * @param open Opens a fresh, empty one.
 */
export function storageConformance(
  name: string,
  open: () => Promise<StudyStorage> | StudyStorage,
): void {
  const withStorage =
    (work: (storage: StudyStorage) => Promise<void>) => async () => {
      const storage = await open();
      try {
        await work(storage);
      } finally {
        await storage.close();
      }
    };
  const rejects = async (
    promise: Promise<unknown>,
    error: ErrorConstructor,
    text: RegExp,
  ) => {
    const caught = await promise.then(() => null, (thrown: unknown) => thrown);
    expect(caught).toBeInstanceOf(error);
    expect((caught as Error).message).toMatch(text);
  };

  describe(`storage conformance: ${name}`, () => {
    it(
      "keeps names and texts that are code, markup or paths as they are, and nothing else of them",
      withStorage(async (storage) => {
        const texts = [
          "'); DROP TABLE trials; --",
          '"; DELETE FROM studies; --',
          "$1 %s ? :name \\",
          "../../x",
          "__proto__",
          "constructor",
          "<img src=x onerror=alert(1)>",
          "a\u001b[31m\r\n\u2028b",
          " ",
        ];
        for (const text of texts) {
          const study = await storage.createStudy(definition(text));
          expect((await storage.findStudy(text))!.id).toBe(study.id);
          await storage.setStudyAttribute(study.id, text, { [text]: text });
          const { number } = await storage.createTrial(study.id, {
            ...running,
            reason: text,
          });
          await storage.finishTrial(study.id, number, {
            state: "failed",
            values: null,
            error: text,
            attributes: { [text]: text },
          }, [{ name: text, step: 1, value: 0.5 }]);
          const [trial] = await storage.readTrials(study.id);
          expect([trial!.error, trial!.reason]).toEqual([text, text]);
          expect(Object.entries(trial!.attributes)).toEqual([[text, text]]);
          expect([...trial!.curves.keys()]).toEqual([text]);
          const stored = await storage.findStudy(text);
          expect(Object.entries(stored!.attributes)).toEqual([
            [text, Object.fromEntries([[text, text]])],
          ]);
        }
        expect((await storage.listStudies()).map(({ name }) => name))
          .toEqual(texts);
      }),
    );

    it(
      "keeps what a null character stands between apart",
      withStorage(async (storage) => {
        const study = await storage.createStudy(definition("nul"));
        const { number } = await storage.createTrial(study.id, running);
        await storage.finishTrial(study.id, number, {
          state: "failed",
          values: null,
          error: "a\0b",
        });
        expect((await storage.readTrials(study.id))[0]!.error).toMatch(
          /^a(\0|\uFFFD)b$/,
        );
        await storage.createStudy(definition("a"));
        const { id } = await storage.createStudy(definition("a\0b"));
        expect((await storage.findStudy("a\0b"))!.id).toBe(id);
        await storage.setStudyAttribute(id, "k\0", "v\0");
        await storage.setStudyAttribute(id, "k", "v");
        expect(
          Object.keys((await storage.findStudy("a\0b"))!.attributes).length,
        )
          .toBe(2);
      }),
    );

    it(
      "adds trials that ran elsewhere, with their times, after those that are there",
      withStorage(async (storage) => {
        if (storage.addTrials === undefined) return;
        const { id } = await storage.createStudy(definition("added"));
        await storage.createTrial(id, running);
        const ran = {
          number: 7,
          state: "complete",
          params: everyValue,
          value: Infinity,
          values: [Infinity],
          curves: new Map(["loss", "train loss"].map((name) => [name, {
            name,
            steps: [1, 5],
            values: [NaN, -Infinity],
          }])),
          startedAt: new Date(1e12),
          finishedAt: new Date(1e12 + 1500),
          durationMs: 1500,
          error: null,
          origin: "other program",
          reason: "why not",
          forecast: { mean: 1, sd: 2 },
          attributes: { note: ["é"] },
        } as const;
        const waiting = {
          ...ran,
          state: "waiting",
          params: { rate: 0.5 },
          value: null,
          values: null,
          curves: new Map(),
          startedAt: null,
          finishedAt: null,
          durationMs: null,
        } as const;
        await storage.addTrials(id, [ran, waiting]);
        const [, first, second] = await storage.readTrials(id);
        expect(first).toEqual({ ...ran, number: 1 });
        expect(second!.number).toBe(2);
        expect((await storage.claimTrial(id))!.params).toEqual({ rate: 0.5 });
        expect((await storage.createTrial(id, running)).number).toBe(3);
        await rejects(
          storage.addTrials(id, [ran, { ...ran, state: "running" }]),
          RangeError,
          /running elsewhere/,
        );
        expect((await storage.readTrials(id)).length).toBe(4);
      }),
    );

    it(
      "tells all studies at a glance, with their spaces and counts",
      withStorage(async (storage) => {
        if (storage.summarizeStudies === undefined) return;
        expect(await storage.summarizeStudies()).toEqual([]);
        const { id } = await storage.createStudy(
          definition("first", { task: { version: 1 } }),
        );
        await storage.createStudy(definition("second"));
        await storage.createTrial(id, { ...running, params: everyValue });
        await storage.createTrial(id, running);
        await storage.finishTrial(id, 0, { state: "complete", values: [1] });
        await storage.setStudyAttribute(id, "note", "good");
        const [first, second] = await storage.summarizeStudies();
        expect(first).toMatchObject({
          id,
          name: "first",
          objectives: [{ name: "loss", direction: "minimize" }],
          seed: "seed",
          task: { version: 1 },
          attributes: { note: "good" },
          completeTrials: 1,
          trials: 2,
        });
        expect(first!.space()!.toJSON()).toEqual(everyKind.toJSON());
        expect(second).toMatchObject({
          completeTrials: 0,
          trials: 0,
          task: null,
        });
      }),
    );

    it(
      "keeps constraints with the study, and their values and attributes with a trial's end",
      withStorage(async (storage) => {
        const constraints = [
          ...outcomeConstraints({ memory: { max: 8 }, score: { min: 0.5 } }),
        ];
        const { id } = await storage.createStudy(
          definition("bounded", { constraints }),
        );
        expect((await storage.findStudy("bounded"))!.constraints).toEqual(
          constraints,
        );
        for (let number = 0; number < 3; number++) {
          await storage.createTrial(id, running);
        }
        await storage.finishTrial(id, 0, {
          state: "complete",
          values: [1],
          attributes: { memory: 7 },
          constraints: [-1, null],
        });
        await storage.finishTrial(id, 1, {
          state: "failed",
          values: null,
          constraints: [2, 0],
        });
        await storage.finishTrial(id, 2, { state: "complete", values: [1] });
        const [first, second, third] = await storage.readTrials(id);
        expect(first!.constraints).toEqual([-1, null]);
        expect(first!.attributes).toEqual({ memory: 7 });
        expect(second!.constraints).toEqual([2, 0]);
        expect((third!.constraints ?? []).filter((one) => one !== null))
          .toEqual([]);
        await storage.setTrialConstraints?.(id, 2, [0.25, -3]);
        await storage.updateStudy(id, { constraints: constraints.slice(0, 1) });
        expect((await storage.findStudy("bounded"))!.constraints).toEqual(
          constraints.slice(0, 1),
        );
        const [, , changed] = await storage.readTrials(id);
        expect(changed!.constraints![0]).toBe(0.25);
      }),
    );

    it(
      "an empty storage has no studies and finds none",
      withStorage(async (storage) => {
        expect(await storage.listStudies()).toEqual([]);
        expect(await storage.findStudy("nothing")).toBe(null);
      }),
    );

    it(
      "a study is given back as it was made, its space and task whole",
      withStorage(async (storage) => {
        const task = {
          rows: 1797,
          tags: ["digits", "<b>"],
          nested: { a: null },
        };
        const objectives = [{
          name: "validation accuracy",
          direction: "maximize",
        }] as const;
        const made = await storage.createStudy(
          definition("one", { task, objectives, seed: "42" }),
        );
        const found = await storage.findStudy("one");
        expect(found).toEqual(made);
        expect(found!.task).toEqual(task);
        expect(found!.objectives).toEqual(objectives);
        expect(found!.seed).toBe("42");
        expect(JSON.stringify(found!.space)).toBe(JSON.stringify(everyKind));
      }),
    );

    it(
      "a second study of one name is refused, and the first is untouched",
      withStorage(async (storage) => {
        await storage.createStudy(definition("one"));
        await rejects(
          storage.createStudy(definition("one")),
          RangeError,
          /one of that name/,
        );
        expect((await storage.listStudies()).length).toBe(1);
      }),
    );

    it(
      "names may hold anything",
      withStorage(async (storage) => {
        for (
          const odd of [
            "a.b[0]",
            "</script>",
            '"; DROP TABLE studies; --',
            "常数",
            "🎻",
            "'",
            "\n",
          ]
        ) {
          await storage.createStudy(definition(odd));
          expect((await storage.findStudy(odd))!.name).toBe(odd);
        }
      }),
    );

    it(
      "studies are listed from the oldest on; a deleted one is gone with its trials",
      withStorage(async (storage) => {
        const a = await storage.createStudy(definition("a"));
        const b = await storage.createStudy(definition("b"));
        await storage.createTrial(a.id, running);
        await storage.report(a.id, 0, [{
          name: "train loss",
          step: 1,
          value: 1,
        }]);
        await storage.createTrial(b.id, running);
        expect((await storage.listStudies()).map((study) => study.name))
          .toEqual(["a", "b"]);
        await storage.deleteStudy(a.id);
        await storage.deleteStudy(a.id);
        expect((await storage.listStudies()).map((study) => study.name))
          .toEqual(["b"]);
        expect((await storage.readTrials(b.id)).length).toBe(1);
        const again = await storage.createStudy(definition("a"));
        await storage.createTrial(again.id, running);
        const [trial] = await storage.readTrials(again.id);
        expect(trial!.curves.size).toBe(0);
      }),
    );

    it(
      "the space and task of a study can be replaced",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        const wider = space({
          rate: float(1e-6, 10, { log: true }),
        }) as unknown as Space;
        await storage.updateStudy(id, { space: wider, task: { rows: 2 } });
        const found = await storage.findStudy("a");
        expect(found!.space!.names).toEqual(["rate"]);
        expect(found!.task).toEqual({ rows: 2 });
      }),
    );

    it(
      "attributes of studies and trials are set, replaced and removed",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        await storage.createTrial(id, running);
        await storage.setStudyAttribute(id, "note", "one");
        await storage.setStudyAttribute(id, "note", { text: "two" });
        await storage.setStudyAttribute(id, "__proto__", 1);
        await storage.setTrialAttribute(id, 0, "constructor", [1, null]);
        await storage.setTrialAttribute(id, 0, "gone", 1);
        await storage.setTrialAttribute(id, 0, "gone", undefined);
        const { attributes } = (await storage.findStudy("a"))!;
        expect(attributes.note).toEqual({ text: "two" });
        expect(Object.entries(attributes).length).toBe(2);
        expect(({} as Record<string, unknown>).polluted).toBe(undefined);
        expect(Object.entries((await storage.readTrials(id))[0]!.attributes))
          .toEqual([["constructor", [1, null]]]);
        await rejects(
          storage.setTrialAttribute(id, 7, "a", 1),
          RangeError,
          /no such trial/,
        );
      }),
    );

    it(
      "attributes and tasks keep numbers that JSON lacks",
      withStorage(async (storage) => {
        const odd = { a: [NaN, -Infinity, -0], b: "NaN", c: { d: Infinity } };
        const { id } = await storage.createStudy(
          definition("a", { task: odd }),
        );
        await storage.createTrial(id, running);
        await storage.setStudyAttribute(id, "odd", odd);
        await storage.setTrialAttribute(id, 0, "odd", NaN);
        await storage.finishTrial(id, 0, {
          state: "complete",
          values: [1],
          attributes: { measured: odd },
        });
        const study = (await storage.findStudy("a"))!;
        expect([study.attributes.odd, study.task]).toEqual([odd, odd]);
        expect((await storage.readTrials(id))[0]!.attributes).toEqual({
          odd: NaN,
          measured: odd,
        });
      }),
    );

    it(
      "notes are kept with a study and its trials, of any length, also ended ones, and go with the study",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        const other = await storage.createStudy(definition("b"));
        for (let n = 0; n < 7; n++) await storage.createTrial(id, running);
        await storage.finishTrial(id, 1, {
          state: "complete",
          values: [1],
          attributes: { [noteAttribute]: "told with the result" },
        });
        await storage.setStudyAttribute(id, "kept", 1);
        await storage.setTrialAttribute(id, 0, "kept", 2);
        const long = `${"x".repeat(2044)}🎻${'é\n"\u0001'.repeat(1000)}`;
        const notes = new Map([[0, long], [2, "**two**"], [5, " "]]);
        for (const [number, text] of notes) {
          await storage.setTrialAttribute(id, number, noteAttribute, text);
        }
        await storage.setStudyAttribute(id, noteAttribute, long);
        const noteOfStudy = async () => noteOf((await storage.findStudy("a"))!);
        expect(await noteOfStudy()).toBe(long);
        await storage.setStudyAttribute(id, noteAttribute, "short");
        expect((await storage.findStudy("a"))!.attributes).toEqual({
          kept: 1,
          [noteAttribute]: "short",
        });
        const all = await storage.readTrials(id);
        expect(all.map(noteOf)).toEqual(
          [long, "told with the result", "**two**", "", "", " ", ""],
        );
        expect(all[0]!.attributes).toEqual({ kept: 2, [noteAttribute]: long });
        const [one] = await storage.readTrials(id, { from: 7, also: [1] });
        expect(noteOf(one!)).toBe("told with the result");
        await storage.setTrialAttribute(id, 0, noteAttribute, "less");
        await storage.setTrialAttribute(id, 5, noteAttribute, undefined);
        await storage.setTrialAttribute(id, 2, noteAttribute, undefined);
        await storage.setTrialAttribute(id, 2, noteAttribute, "again");
        expect((await storage.readTrials(id)).map(noteOf)).toEqual(
          ["less", "told with the result", "again", "", "", "", ""],
        );
        expect(noteOf((await storage.findStudy("b"))!)).toBe("");
        if (storage.readNotes !== undefined) {
          expect(await storage.readNotes(id)).toEqual({
            study: "short",
            trials: new Map(
              [[0, "less"], [1, "told with the result"], [2, "again"]],
            ),
          });
          expect(await storage.readNotes(other.id)).toEqual({
            study: "",
            trials: new Map(),
          });
        }
        if (storage.addTrials !== undefined) {
          await storage.addTrials(
            other.id,
            await storage.readTrials(id).then(
              (trials) => trials.filter(({ state }) => state === "complete"),
            ),
          );
          const [copy] = await storage.readTrials(other.id);
          expect(noteOf(copy!)).toBe("told with the result");
        }
        await storage.setStudyAttribute(id, noteAttribute, undefined);
        expect(await noteOfStudy()).toBe("");
        await storage.deleteStudy(id);
        const again = await storage.createStudy(definition("a"));
        expect(noteOf(again)).toBe("");
        await storage.createTrial(again.id, running);
        expect((await storage.readTrials(again.id)).map(noteOf)).toEqual([""]);
      }),
    );

    it(
      "trials are numbered from 0, each study on its own",
      withStorage(async (storage) => {
        const a = await storage.createStudy(definition("a"));
        const b = await storage.createStudy(definition("b"));
        const numbers = [];
        for (const { id } of [a, b, a, a, b]) {
          numbers.push((await storage.createTrial(id, running)).number);
        }
        expect(numbers).toEqual([0, 0, 1, 2, 1]);
      }),
    );

    it(
      "values of every kind come back exactly",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        const trial = await storage.createTrial(id, {
          ...running,
          reason: "because",
        });
        expect(trial.state).toBe("running");
        expect(trial.startedAt).toBeInstanceOf(Date);
        expect(trial.reason).toBe("because");
        await storage.setParams(id, trial.number, everyValue, {
          reason: "otherwise",
          forecast: { mean: 0.5, sd: 0.125 },
        });
        const [read] = await storage.readTrials(id);
        expect(read!.params).toEqual(everyValue);
        expect(Object.keys(read!.params)).toEqual(everyKind.names);
        expect(read!.reason).toBe("otherwise");
        expect(read!.forecast).toEqual({ mean: 0.5, sd: 0.125 });
        expect(read!.origin).toBe("sampler");
      }),
    );

    it(
      "curves of the same steps share them, and other steps stay as they are",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        const all = [[1, 2, 3], [1, 2, 3], [1, 2, 4], [2, 3]];
        for (const [number, steps] of all.entries()) {
          await storage.createTrial(id, running);
          await storage.finishTrial(
            id,
            number,
            { state: "complete", values: [1] },
            steps.map((step) => ({ name: "loss", step, value: number })),
          );
        }
        const curves = (await storage.readTrials(id))
          .map((trial) => trial.curves.get("loss")!);
        expect(curves.map(({ steps }) => [...steps])).toEqual(all);
        expect(curves[1]!.steps).toBe(curves[0]!.steps);
      }),
    );

    it(
      "curves keep every point, NaN and infinities too; a later value for a step replaces the earlier",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        await storage.createTrial(id, running);
        await storage.report(id, 0, [
          { name: "loss", step: 1, value: NaN },
          { name: "train loss", step: 3, value: Infinity },
          { name: "train loss", step: 1, value: -Infinity },
          { name: "train loss", step: 2, value: NaN },
        ]);
        await storage.report(id, 0, [{ name: "loss", step: 1, value: 5 }, {
          name: "loss",
          step: 0,
          value: -Infinity,
        }]);
        const { curves } = (await storage.readTrials(id))[0]!;
        expect(curves.get("loss")).toEqual({
          name: "loss",
          steps: [0, 1],
          values: [-Infinity, 5],
        });
        expect(curves.get("train loss")).toEqual({
          name: "train loss",
          steps: [1, 2, 3],
          values: [-Infinity, NaN, Infinity],
        });
      }),
    );

    it(
      "bad reports are refused, and nothing of them is kept",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        await storage.createTrial(id, running);
        const good = { name: "loss", step: 0, value: 1 };
        await rejects(
          storage.report(id, 0, [good, { name: "loss", step: 1.5, value: 1 }]),
          RangeError,
          /step is 1.5/,
        );
        await rejects(
          storage.report(id, 0, [good, { name: "loss", step: -1, value: 1 }]),
          RangeError,
          /step is -1/,
        );
        await rejects(
          storage.report(id, 0, [good, { name: "", step: 1, value: 1 }]),
          TypeError,
          /name/,
        );
        await rejects(
          storage.report(id, 0, [good, {
            name: "loss",
            step: 1,
            value: "1" as unknown as number,
          }]),
          TypeError,
          /expected a number/,
        );
        await rejects(
          storage.report(id, 5, [good]),
          RangeError,
          /no such trial/,
        );
        expect((await storage.readTrials(id))[0]!.curves.size).toBe(0);
      }),
    );

    it(
      "a trial ends once, with its last reports, and never changes again",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        await storage.createTrial(id, running);
        const last = [{ name: "loss", step: 9, value: 0.25 }];
        const ended = await storage.finishTrial(id, 0, {
          state: "complete",
          values: [0.25],
        }, last);
        expect([ended.state, ended.value, ended.values]).toEqual([
          "complete",
          0.25,
          [0.25],
        ]);
        expect(ended.curves.get("loss")!.values).toEqual([0.25]);
        expect(ended.durationMs).toBeGreaterThanOrEqual(0);
        await rejects(
          storage.finishTrial(id, 0, { state: "failed", values: null }),
          RangeError,
          /complete already/,
        );
        await rejects(storage.report(id, 0, last), RangeError, /never changes/);
        await rejects(
          storage.setParams(id, 0, everyValue),
          RangeError,
          /never changes/,
        );
        await rejects(
          storage.finishTrial(id, 1, { state: "failed", values: null }),
          RangeError,
          /no such trial/,
        );
        expect(await storage.readTrials(id)).toEqual([ended]);
      }),
    );

    it(
      "infinite values are kept; NaN and the wrong number of values are refused",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        for (const value of [Infinity, -Infinity, 0, -0.1]) {
          const { number } = await storage.createTrial(id, running);
          await storage.finishTrial(id, number, {
            state: "complete",
            values: [value],
          });
          expect((await storage.readTrials(id, { from: number }))[0]!.value)
            .toBe(value);
        }
        const { number } = await storage.createTrial(id, running);
        await rejects(
          storage.finishTrial(id, number, { state: "complete", values: [NaN] }),
          RangeError,
          /NaN/,
        );
        await rejects(
          storage.finishTrial(id, number, {
            state: "complete",
            values: [1, 2],
          }),
          RangeError,
          /2 values, expected 1/,
        );
        expect((await storage.readTrials(id, { from: number }))[0]!.state).toBe(
          "running",
        );
      }),
    );

    it(
      "failed and pruned trials keep their error and reason",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        for (let i = 0; i < 3; i++) await storage.createTrial(id, running);
        await storage.finishTrial(id, 0, {
          state: "failed",
          values: null,
          error: "Error: out of memory\n  at line 3",
        });
        await storage.finishTrial(id, 1, {
          state: "pruned",
          values: [3],
          reason: "worse than the median",
        });
        await storage.finishTrial(id, 2, { state: "pruned", values: null });
        const [failed, pruned, bare] = await storage.readTrials(id);
        expect([failed!.state, failed!.error, failed!.value]).toEqual([
          "failed",
          "Error: out of memory\n  at line 3",
          null,
        ]);
        expect([pruned!.state, pruned!.reason, pruned!.value]).toEqual([
          "pruned",
          "worse than the median",
          3,
        ]);
        expect([bare!.state, bare!.value]).toEqual(["pruned", null]);
      }),
    );

    it(
      "waiting trials are claimed in order, each once",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        expect(await storage.claimTrial(id)).toBe(null);
        for (const units of [1, 2, 3]) {
          const made = await storage.createTrial(id, {
            state: "waiting",
            params: { units },
            origin: "enqueued",
          });
          expect([made.state, made.startedAt, made.params]).toEqual([
            "waiting",
            null,
            { units },
          ]);
        }
        const first = await storage.claimTrial(id);
        expect(first?.number).toBe(0);
        expect(first!.params).toEqual({ units: 1 });
        expect(first!.state).toBe("running");
        expect(first!.origin).toBe("enqueued");
        // At once: in any order, but none twice.
        const others = await Promise.all(
          [1, 2, 3].map(() => storage.claimTrial(id)),
        );
        expect(
          others.map((trial) => String(trial?.number ?? null)).sort(),
        ).toEqual(["1", "2", "null"]);
        expect(first!.startedAt).toBeInstanceOf(Date);
      }),
    );

    it(
      "a waiting trial can be withdrawn as failed, and nothing else",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        await storage.createTrial(id, {
          state: "waiting",
          params: {},
          origin: "enqueued",
        });
        await rejects(
          storage.finishTrial(id, 0, { state: "complete", values: [1] }),
          RangeError,
          /waiting/,
        );
        await rejects(
          storage.report(id, 0, [{ name: "loss", step: 1, value: 1 }]),
          RangeError,
          /waiting/,
        );
        await storage.finishTrial(id, 0, {
          state: "failed",
          values: null,
          error: "withdrawn",
        });
        expect(await storage.claimTrial(id)).toBe(null);
      }),
    );

    it(
      "trials are read by number",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        for (let i = 0; i < 20; i++) await storage.createTrial(id, running);
        const numbers = async (query?: { from?: number; also?: number[] }) =>
          (await storage.readTrials(id, query)).map(({ number }) => number);
        expect(await numbers()).toEqual(
          Array.from({ length: 20 }, (_, i) => i),
        );
        expect(await numbers({ from: 18 })).toEqual([18, 19]);
        expect(await numbers({ from: 18, also: [3, 7, 19] })).toEqual([
          3,
          7,
          18,
          19,
        ]);
        expect(await numbers({ from: 99 })).toEqual([]);
      }),
    );

    it(
      "what is handed out is frozen and does not change with the storage",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        const made = await storage.createTrial(id, running);
        await storage.report(id, 0, [{ name: "loss", step: 1, value: 1 }]);
        const [before] = await storage.readTrials(id);
        await storage.report(id, 0, [{ name: "loss", step: 2, value: 2 }]);
        await storage.finishTrial(id, 0, { state: "complete", values: [2] });
        expect(made.state).toBe("running");
        expect(before!.curves.get("loss")!.steps).toEqual([1]);
        for (
          const thing of [
            made,
            made.params,
            made.attributes,
            before!.curves.get("loss")!.values,
          ]
        ) {
          expect(Object.isFrozen(thing)).toBe(true);
        }
      }),
    );

    it(
      "a live process's running trials are not abandoned",
      withStorage(async (storage) => {
        const { id } = await storage.createStudy(definition("a"));
        await storage.createTrial(id, running);
        expect(await storage.failAbandoned(id)).toEqual([]);
        expect((await storage.readTrials(id))[0]!.state).toBe("running");
      }),
    );

    it(
      "a trial that is paused keeps its curves, is nobody's, and is taken over once",
      withStorage(async (storage) => {
        // A storage may leave pauses out, both or neither.
        const canPause = storage.pauseTrial !== undefined;
        expect(storage.resumeTrial !== undefined).toBe(canPause);
        if (!canPause) return;
        const { id } = await storage.createStudy(definition("a"));
        await storage.createTrial(id, running);
        await storage.report(id, 0, [{ name: "loss", step: 1, value: 1 }]);
        await storage.setTrialAttribute(id, 0, "note", "kept");
        const paused = await storage.pauseTrial!(id, 0, [
          { name: "loss", step: 2, value: 0.5 },
          { name: "train loss", step: 2, value: 0.25 },
        ]);
        expect(paused.state).toBe("running");
        expect(isPaused(paused)).toBe(true);
        expect(paused.attributes[pausedAttribute]).toEqual({ step: 2 });
        expect(paused.curves.get("loss")!.values).toEqual([1, 0.5]);
        expect(paused.curves.get("train loss")!.values).toEqual([0.25]);
        expect(await storage.claimTrial(id)).toBeNull();
        expect(await storage.failAbandoned(id)).toEqual([]);
        const taken = await Promise.all(
          Array.from({ length: 4 }, () => storage.resumeTrial!(id, 0)),
        );
        const [record, ...more] = taken.filter((one) => one !== null);
        expect(more).toEqual([]);
        expect(isPaused(record!)).toBe(false);
        expect(record!.attributes).toEqual({ note: "kept" });
        await storage.finishTrial(id, 0, { state: "complete", values: [0.5] });
        expect(await storage.resumeTrial!(id, 0)).toBeNull();
        expect(await storage.resumeTrial!(id, 9)).toBeNull();
        await rejects(
          storage.pauseTrial!(id, 0),
          RangeError,
          /complete already/,
        );
      }),
    );

    it(
      "a study that is gone gives a clear error",
      withStorage(async (storage) => {
        await rejects(storage.readTrials(77), RangeError, /no such study/);
        await rejects(storage.createTrial(77, running), Error, /./);
      }),
    );
  });
}
