import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { report, reportHTML } from "../../lib/report/mod.ts";
import { libraryVersion } from "../../lib/report/_versions.ts";
import { certaintyOf } from "../../lib/report/_certainty.ts";
import { studyCode, trialCode } from "../../lib/report/_code.ts";
import { float, int, type Space, space } from "../../lib/space/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { minimize, outcomeConstraints } from "../../lib/records/mod.ts";
import { projectConfiguration } from "../../tools/project.ts";
import {
  awkwardStudy,
  edgeStudies,
  makeView,
  sampleSpace,
  studyOver,
} from "../support/chart_views.ts";
import { trialOf, viewOf } from "../support/views.ts";

const pictures = { interactive: false, date: new Date(0) };
const ofView = (view: ReturnType<typeof makeView>) => ({ view: () => view });

/** The page without what its own elements are made of. */
function elements(html: string): string[] {
  return [...html.matchAll(/<([a-z][\w-]*)/g)].map(([, name]) => name!);
}

describe("report()", () => {
  it("says what it takes", async () => {
    const study = ofView(makeView({ trials: 1 }));
    await expect(report({} as never, "a.html")).rejects.toThrow(
      "expected a study",
    );
    await expect(report(study, "")).rejects.toThrow('the path is ""');
    await expect(reportHTML(study, { theme: "dark" } as never)).rejects
      .toThrow('there is no option "theme"');
    await expect(reportHTML(study, { date: new Date(NaN) })).rejects.toThrow(
      "the date is no date",
    );
  });

  it("writes one file and says how large it is", async () => {
    const folder = await Deno.makeTempDir();
    const path = join(folder, "report.html");
    const written = await report(ofView(makeView({ trials: 30 })), path);
    const text = await Deno.readTextFile(path);
    expect(written.bytes).toBe(new TextEncoder().encode(text).length);
    expect(written.bytes).toBeLessThan(2_000_000);
    expect(written.charts).toBe(text.split("<figure").length - 1);
    await Deno.remove(folder, { recursive: true });
  });

  it("names the constraints, and what violates them least where nothing is feasible", async () => {
    const line = space({ x: float(0, 1) }) as unknown as Space;
    const constraints = outcomeConstraints({ "memory GB": { max: 8 } });
    const html = await reportHTML(
      ofView(viewOf(
        line,
        [2, 1].map((over, n) =>
          trialOf(n, { x: n / 2 }, { value: n, constraints: [over] })
        ),
        [minimize("loss")],
        constraints,
      )),
      pictures,
    );
    expect(html).toContain(
      "no feasible trial yet; trial 1 violates the constraints least: memory GB ≤ 8 by 1",
    );
    expect(html).toContain("0 of 2 complete trials feasible");
    expect(
      studyCode({
        name: "s",
        objectives: [minimize("loss")],
        constraints,
        space: line,
      }),
    ).toContain('    "memory GB": { max: 8 },');
  });

  it("loads nothing, allows no eval, and runs its own scripts only", async () => {
    const html = await reportHTML(ofView(makeView({ trials: 20 })));
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe-eval");
    expect(policy.match(/'sha256-/g)).toHaveLength(2);
    const markup = html.replace(/<script>[\s\S]*?<\/script>/g, "");
    expect(markup).not.toMatch(/<(link|img|iframe|object|embed|form|base)\b/);
    expect(markup).not.toMatch(/\s(src|srcset|action|on\w+)=/);
    expect(markup.match(/href="(?!#)/g)).toBeNull();
  });

  it("is the same for the same study and date", async () => {
    const study = ofView(makeView({ trials: 15 }));
    expect(await reportHTML(study, pictures)).toBe(
      await reportHTML(study, pictures),
    );
  });

  it("studies at the edges have a report too", async () => {
    for (const study of Object.values(edgeStudies)) {
      const html = await reportHTML(ofView(study()), pictures);
      expect(html).toContain("</html>");
      const page = html.replace(/<script>[\s\S]*?<\/script>/g, "");
      expect([/undefined|\[object/.exec(page)?.[0]]).toEqual([undefined]);
    }
  });

  it("no name, value or text becomes an element, an attribute or a script", async () => {
    const attack = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
    const study = studyOver(
      space({ [attack]: float(0, 1), ok: int(1, 3) }) as unknown as Space,
      12,
      (i) => ({ value: i, curves: { [`${attack} loss`]: [2, 1, i] } }),
      minimize(attack),
    );
    const view = {
      ...study,
      name: `${attack}</title></style><!--`,
      trials: study.trials.map((trial) => ({
        ...trial,
        reason: attack,
        error: `</script>${attack}`,
      })),
    };
    const source = {
      view: () => view,
      seed: attack,
      sampler: attack,
      storage: attack,
    };
    const html = await reportHTML(source, { ...pictures, title: attack });
    const plain = await reportHTML({
      ...ofView({ ...view, name: "n" }),
      seed: "s",
      sampler: "s",
      storage: "s",
    }, { ...pictures, title: "t" });
    expect(elements(html)).not.toContain("img");
    const scripts = (page: string) =>
      elements(page).filter((name) => name === "script").length;
    expect(scripts(html)).toBe(scripts(plain));
    expect(html).not.toContain("<script>alert");
    expect(html.match(/<!--/g)).toBeNull();
    await reportHTML(ofView(awkwardStudy()), pictures);
  });
});

describe("certaintyOf()", () => {
  const noisy = (noise: number) => {
    const searched = space({ x: float(-1, 1), y: float(-1, 1) });
    const random = randomStream("certainty", 3);
    return viewOf(
      searched as unknown as Space,
      Array.from({ length: 40 }, (_, n) => {
        const params = searched.sample(random.uniform);
        return trialOf(n, params, {
          value: params.x ** 2 + params.y ** 2 + noise * random.normal(),
        });
      }),
      [minimize("loss")],
    );
  };

  it("of no and of few trials says so", () => {
    expect(certaintyOf(makeView({ trials: 0 })).short).toContain(
      "no complete trial",
    );
    expect(certaintyOf(makeView({ trials: 5 })).short).toContain("too few");
  });

  it("without noise is sure, with much is not and names the rivals", () => {
    const sure = certaintyOf(noisy(0));
    expect(sure.rivals.length).toBeLessThanOrEqual(1);
    const unsure = certaintyOf(noisy(0.25));
    expect(unsure.rivals.length).toBeGreaterThan(2);
    expect(unsure.short).toContain("Not sure which is best");
  });

  it("where values hang on no parameter, claims nothing", () => {
    const view = makeView({ trials: 60 });
    expect(certaintyOf(view).short).toContain("cannot be told");
  });
});

describe("studyCode() and trialCode()", () => {
  it("make the same space again", async () => {
    const view = makeView({ trials: 0 });
    const code = studyCode({ ...view, seed: "7" });
    const module = `${code.replace(/name: .*/, 'name: "n", storage: "memory",')}
      console.log(JSON.stringify(study.space.toJSON()), study.seed);`
      .replace(
        '"@etude/etude"',
        JSON.stringify(new URL("../../mod.ts", import.meta.url).href),
      );
    const folder = await Deno.makeTempDir();
    const file = join(folder, "again.ts");
    await Deno.writeTextFile(file, module);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--config",
        new URL("../../deno.json", import.meta.url).pathname,
        file,
      ],
    }).output();
    expect(new TextDecoder().decode(stdout).trim()).toBe(
      `${JSON.stringify(sampleSpace().toJSON())} 7`,
    );
    await Deno.remove(folder, { recursive: true });
  });

  it("quote what is no identifier", () => {
    expect(trialCode({ "a b": 1, ok: "</script>", __proto__x: true })).toBe(
      'await study.try({\n  "a b": 1,\n  ok: "</script>",\n  __proto__x: true,\n}, train);',
    );
  });
});

describe("libraryVersion", () => {
  it("is that of deno.json", async () => {
    const { version } = await projectConfiguration() as unknown as {
      version: string;
    };
    expect(libraryVersion).toBe(version);
  });
});
