import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { importStudies } from "../../lib/interop/mod.ts";
import { openLibrary } from "../../lib/library/mod.ts";
import { SQLiteStorage, StorageError } from "../../lib/storage/mod.ts";
import {
  createStudy,
  float,
  minimize,
  randomSampler,
  space,
} from "../../mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

/** A study file with three trials, changed by SQL; then work with its path. */
async function withFile(
  sql: string,
  work: (path: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, "studies.db");
    const study = await createStudy({
      name: "theirs",
      space: space({ x: float(0, 1) }),
      objective: minimize("loss"),
      sampler: randomSampler(),
      library: false,
      storage: path,
    });
    await study.optimize(async (trial) => {
      await trial.report(1, { loss: 1, other: 2 });
      return trial.params.x;
    }, { trials: 3, progress: false });
    await study.close();
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    await work(path);
  });
}

/** A table turned into a view of rows without end. */
const endless = (table: string, columns: string) => `
ALTER TABLE ${table} RENAME TO ${table}_before;
CREATE VIEW ${table} AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
SELECT ${columns} FROM n;`;

const views: Readonly<Record<string, string>> = {
  "a view of curves without end": endless(
    "trial_intermediate_values",
    "i AS trial_intermediate_value_id, 1 AS trial_id, i AS step, 0.5 AS intermediate_value, 'FINITE' AS intermediate_value_type",
  ),
  "a view of our curves without end": `DROP TRIGGER etude_trial_deleted;${
    endless("etude_curve_points", "1 AS curve_id, i AS step, 0.5 AS value")
  }`,
  "a view of trials without end": `DROP TRIGGER etude_trial_deleted;${
    endless(
      "trials",
      "i AS trial_id, i AS number, 1 AS study_id, 'COMPLETE' AS state, NULL AS datetime_start, NULL AS datetime_complete",
    )
  }`,
  "a view of studies without end": `DROP TRIGGER etude_study_deleted;${
    endless("studies", "i AS study_id, 's' || i AS study_name")
  }`,
  "a virtual table": `
ALTER TABLE trial_values RENAME TO trial_values_before;
CREATE VIRTUAL TABLE trial_values USING fts5(trial_id, objective, value, value_type);`,
  "a computed column": `
ALTER TABLE etude_studies RENAME TO before;
CREATE TABLE etude_studies (study_id INTEGER PRIMARY KEY, space_json TEXT AS (printf('%.*c', 900000000, 'x')), task_json TEXT);
INSERT INTO etude_studies (study_id) VALUES (1);`,
};

describe("a study file that somebody has prepared", () => {
  for (const [what, sql] of Object.entries(views)) {
    it(`with ${what} is refused, for writing and for reading, and nothing of it is run`, async () => {
      await withFile(sql, async (path) => {
        for (const readOnly of [true, false]) {
          expect(() => new SQLiteStorage(path, { readOnly })).toThrow(
            StorageError,
          );
        }
        await expect(importStudies(path)).rejects.toThrow(
          /is a view|is a virtual table|is computed|another program's database/,
        );
        const library = await openLibrary([path]);
        expect(library.studies()).toEqual([]);
        expect(library.skipped.length).toBe(1);
        await library.close();
      });
    });
  }

  const trigger =
    'CREATE TRIGGER "on ""trial" AFTER UPDATE ON trials BEGIN DELETE FROM trial_values; END;';

  it("with a trigger of theirs is read, but not written to", async () => {
    await withFile(trigger, async (path) => {
      const [study] = await importStudies(path);
      expect(study!.trials.map(({ state }) => state))
        .toEqual(["complete", "complete", "complete"]);
      expect(() => new SQLiteStorage(path)).toThrow(
        /has the trigger "on \\"trial", expected .* DROP TRIGGER "on ""trial"/,
      );
      const database = new DatabaseSync(path);
      database.exec('DROP TRIGGER "on ""trial"');
      database.close();
      await new SQLiteStorage(path).close();
    });
  });

  it("with a trigger that bears our name does what ours does", async () => {
    await withFile(
      "DROP TRIGGER etude_trial_deleted; CREATE TRIGGER etude_trial_deleted AFTER INSERT ON trials BEGIN DELETE FROM trial_values; END;",
      async (path) => {
        const study = await createStudy({
          name: "theirs",
          space: space({ x: float(0, 1) }),
          objective: minimize("loss"),
          sampler: randomSampler(),
          library: false,
          storage: path,
        });
        await study.optimize((trial) => trial.params.x, {
          trials: 1,
          progress: false,
        });
        expect(study.trials.every(({ value }) => value !== null)).toBe(true);
        await study.close();
      },
    );
  });

  it("with rows of another kind is refused in words, and stays as it is", async () => {
    const rows = {
      "a space that is no JSON": "UPDATE etude_studies SET space_json = '{'",
      "a space of 10,000 levels":
        "UPDATE etude_studies SET space_json = replace(hex(zeroblob(5000)), '00', '[') ",
      "a distribution without a range":
        "UPDATE trial_params SET distribution_json = 'null'",
      "a time that is a number": "UPDATE trials SET datetime_start = 12",
      "a state that there is not": "UPDATE trials SET state = 'WON'",
      "an attribute that is a blob":
        "INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES (1, 'a', x'00ff')",
    };
    for (const [what, sql] of Object.entries(rows)) {
      await withFile(sql, async (path) => {
        const storage = new SQLiteStorage(path, { readOnly: true });
        let message = "";
        try {
          const [study] = await storage.listStudies();
          await storage.readTrials(study!.id);
        } catch (error) {
          message = (error as Error).message;
        }
        await storage.close();
        expect(`${what}: ${message}`).toMatch(/: Cannot (?!read prop)/);
      });
    }
  });

  it("with names of what every object has changes no object but its own", async () => {
    await withFile(
      `INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES (1, '__proto__', '{"polluted": true}'), (1, 'constructor', '{"prototype": {"polluted": true}}');
       INSERT INTO study_user_attributes (study_id, key, value_json) VALUES (1, '__proto__', '{"__proto__": {"polluted": true}}');
       INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (1, '__proto__', 1, '{"name": "FloatDistribution", "attributes": {"low": 0, "high": 1, "log": false, "step": null}}');
       INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES (1, 'constraints:__proto__', '0.5');
       INSERT INTO etude_curves VALUES (77, 1, '__proto__');
       INSERT INTO etude_curve_points VALUES (77, 1, 0.5);`,
      async (path) => {
        const [study] = await importStudies(path);
        expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
        const [trial] = study!.trials;
        expect(Object.getPrototypeOf(trial!.attributes)).toBe(Object.prototype);
        expect(Object.getPrototypeOf(trial!.params)).toBe(Object.prototype);
        expect(Object.hasOwn(trial!.attributes, "__proto__")).toBe(true);
        expect(trial!.curves.get("__proto__")!.values).toEqual([0.5]);
        expect(Object.keys(trial!.params)).toEqual(["x"]);
      },
    );
  });
});

describe("a file of another tool that somebody has prepared", () => {
  async function refused(name: string, content: string | Uint8Array) {
    return await withTemporaryFolder(async (folder) => {
      const path = join(folder, name);
      await (typeof content === "string"
        ? Deno.writeTextFile(path, content)
        : Deno.writeFile(path, content));
      const start = performance.now();
      const message = await importStudies(path, {
        objective: minimize("loss"),
      }).then((studies) => studies, (error: Error) => error.message);
      expect(performance.now() - start).toBeLessThan(15_000);
      return message;
    });
  }

  it("as a bomb of YAML's aliases, or of 100,000 levels, is refused", async () => {
    let bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (let i = 1; i < 9; i++) {
      bomb += `a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}]\n`;
    }
    expect(
      await refused("sweep.yaml", `${bomb}parameters: { x: { values: *a8 } }`),
    )
      .toMatch(/Cannot read .* its YAML is damaged \(Excessive alias count/);
    expect(
      await refused(
        "deep.yaml",
        `parameters: { x: { values: ${"[".repeat(100_000)} } }`,
      ),
    ).toMatch(/^Cannot read /);
  });

  it("as JSON of 100,000 levels, or with __proto__ for a name, does no harm", async () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    for (
      const text of [
        `{"tool": "hyperopt", "trials": ${deep}}`,
        `{"tool": "hyperopt", "trials": [{"misc": {"vals": {"x": [${deep}]}}, "tid": 0}]}`,
        `{"etude":"study","version":1,"name":"n","objectives":[{"name":"l","direction":"minimize"}],"space":${deep}}`,
        `{"op_code": 0, "study_name": ${deep}, "directions": [1]}\n`,
        `{"study": {"studySpec": {"metrics": [{"metricId": "m", "goal": "MINIMIZE"}], "parameters": ${
          '[{"parameterId": "p", "doubleValueSpec": {"minValue": 0, "maxValue": 1}, "conditionalParameterSpecs": [{"parentIntValues": {"values": [1]}, "parameterSpec": '
            .repeat(20_000)
        }`,
      ]
    ) {
      // What is deep and no study's is not read; what is a value is one.
      const result = await refused("x.json", text);
      expect(typeof result === "string" ? result : "Cannot go wrong")
        .toMatch(/^Cannot /);
    }
    await refused(
      "j.log",
      '{"op_code":0,"study_name":"s","directions":[1]}\n' +
        '{"op_code":2,"study_id":0,"user_attr":{"__proto__":{"polluted":1}}}\n' +
        '{"op_code":4,"study_id":0,"user_attrs":{"__proto__":{"polluted":1}},"params":{"__proto__":1},"distributions":{"__proto__":"{}"}}\n',
    );
    expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
  });

  it("as lines of tens of megabytes is read once, not again and again", async () => {
    const long = `{"op_code":2,"study_id":0,"user_attr":{"a":"${
      "x".repeat(24e6)
    }"}}`;
    const torn = '{"op_code":['.repeat(100_000);
    expect(
      await refused(
        "j.log",
        `{"op_code":0,"study_name":"s","directions":[1]}\n${long}\n${torn}\n`,
      ),
    ).toMatch(/no trial of "s" has a parameter/);
    // A quote that is never closed, over 200,000 lines.
    expect(await refused("t.csv", `x,loss\n"1,2\n${"3,4\n".repeat(200_000)}`))
      .toMatch(/^Cannot read /);
  });

  it("as an event file of lying lengths keeps only what has come", async () => {
    const lying = new Uint8Array(4e6);
    new DataView(lying.buffer).setBigUint64(0, 900_000_000n, true);
    expect(await refused("events.out.tfevents.1", lying))
      .toMatch(/no scalars and no hyperparameters/);
    new DataView(lying.buffer).setBigUint64(0, 2n ** 63n, true);
    expect(await refused("events.out.tfevents.2", lying)).toMatch(/damaged/);
  });

  it("as a few bytes that unpack to many is left before memory is full", async () => {
    const zeros = new Uint8Array(
      await new Response(
        new Blob([new Uint8Array(300 * 2 ** 20)]).stream().pipeThrough(
          new CompressionStream("deflate-raw"),
        ),
      ).arrayBuffer(),
    );
    const head = new Uint8Array(30);
    new DataView(head.buffer).setUint32(0, 0x04034b50, true);
    const entry = new Uint8Array(46);
    const entryView = new DataView(entry.buffer);
    entryView.setUint32(0, 0x02014b50, true);
    entryView.setUint16(10, 8, true);
    entryView.setUint32(20, zeros.length, true);
    const end = new Uint8Array(22);
    const endView = new DataView(end.buffer);
    endView.setUint32(0, 0x06054b50, true);
    endView.setUint32(16, 30 + zeros.length, true);
    expect(
      await refused(
        "results.csv.zip",
        new Uint8Array([...head, ...zeros, ...entry, ...end]),
      ),
    ).toMatch(/what is packed in it has more than/);
  });
});
