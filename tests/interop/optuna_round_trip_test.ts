import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  JournalStorage,
  openStudyFile,
  type Space,
  SQLiteStorage,
  type StudyStorage,
  type TrialRecord,
} from "../../mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import {
  arbitraryAttribute,
  arbitraryTrial,
} from "../support/arbitrary_trial.ts";
import {
  debianOptuna,
  describeWith,
  type Requirement,
} from "../support/require.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { runOptuna, type WhichOptuna } from "./optuna_runs.ts";

interface Drawn {
  readonly space: Space;
  readonly trials: readonly TrialRecord[];
  readonly note: unknown;
}

/** Studies of random spaces, all of whose trials have a parameter at least. */
const drawn: fc.Arbitrary<Drawn> = arbitrarySpace().chain((space) =>
  fc.record({
    space: fc.constant(space),
    trials: fc.array(arbitraryTrial(space, 2), { minLength: 1, maxLength: 6 }),
    note: arbitraryAttribute(),
  })
);

async function store(
  storage: StudyStorage,
  studies: readonly Drawn[],
): Promise<void> {
  for (const [i, { space, trials, note }] of studies.entries()) {
    const { id } = await storage.createStudy({
      name: `study ${i}, 常数`,
      objectives: [
        { name: "loss", direction: "minimize" },
        { name: "speed", direction: "maximize" },
      ],
      space,
      seed: "1",
      task: null,
    });
    await storage.setStudyAttribute(id, "note", note);
    await storage.addTrials!(id, trials);
  }
  await storage.close();
}

/** What an Optuna can keep of a trial. */
function kept(trial: TrialRecord) {
  const { state, params, values, startedAt, finishedAt, attributes } = trial;
  const { steps = [], values: points = [] } = trial.curves.get("loss") ?? {};
  return {
    state,
    params: { ...params as object },
    values,
    curve: steps.map((step, i) => [step, points[i]]),
    startedAt,
    finishedAt,
    attributes,
  };
}

const five: Requirement = { name: "Optuna 5", path: "", remedy: "" };

for (
  const [which, requirement, seed] of [
    ["5", five, 1],
    ["Debian's", debianOptuna, 2],
  ] as [WhichOptuna, Requirement, number][]
) {
  describeWith(requirement, `random studies through Optuna, ${which}`, () => {
    for (const [from, to] of [["log", "db"], ["db", "log"]] as const) {
      it(`of ours in a .${from}, copied by it to a .${to}, come back as they were`, () =>
        withTemporaryFolder(async (folder) => {
          const studies = fc.sample(drawn, { numRuns: 12, seed });
          const [path, copied] = [`${folder}/a.${from}`, `${folder}/b.${to}`];
          await store(
            from === "log" ? new JournalStorage(path) : new SQLiteStorage(path),
            studies,
          );
          const placeOf = (file: string) =>
            file.endsWith(".log") ? `journal:${file}` : file;
          await runOptuna(which, "copy", placeOf(path), placeOf(copied));
          const storage = openStudyFile(copied);
          const found = await storage.listStudies();
          expect(found.length).toBe(studies.length);
          for (const [i, study] of found.entries()) {
            const { trials, note } = studies[i]!;
            expect(study.name).toBe(`study ${i}, 常数`);
            expect(study.attributes).toEqual({ note });
            expect(study.objectives).toEqual([
              { name: "loss", direction: "minimize" },
              { name: "speed", direction: "maximize" },
            ]);
            expect((await storage.readTrials(study.id)).map(kept)).toEqual(
              trials.map(kept),
            );
          }
          await storage.close();
        }));
    }
  });
}
