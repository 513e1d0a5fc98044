import { cleanText } from "../records/mod.ts";
import type { ObjectiveFunction, Study } from "../study/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { type DisplayPlace, openDisplay } from "../notebook/mod.ts";
import { frameHTML, linkHTML, pictureHTML } from "./_frame.ts";
import { pictureOf } from "./_picture.ts";
import { PanelServer } from "./_server.ts";
import { Session } from "./_session.ts";
import { moduleURL } from "./_module_url.ts";
import { checkTuner, type TunerOptions } from "./tuner_options.ts";
import { workerObjective } from "./worker_objective.ts";

/** A panel that is open: what {@linkcode tuner} gives. */
export class Tuner {
  /** The address of the page, its secret in it: who has it can steer the study. */
  readonly url: string;
  readonly #close: () => Promise<void>;
  readonly #name: string;

  /** Made by {@linkcode tuner}. */
  constructor(name: string, url: string, close: () => Promise<void>) {
    this.#name = name;
    this.url = url;
    this.#close = close;
  }

  /** Closes the page. The study stays open, and what runs goes on. */
  close(): Promise<void> {
    return this.#close();
  }

  /** Where the panel is. */
  toString(): string {
    return `Panel of ${cleanText(this.#name)}: ${this.url}`;
  }

  /** What a Jupyter notebook shows below the panel: a link, for front ends that block frames. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return {
      "text/html": linkHTML(this.url),
      "text/plain": this.toString(),
    };
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** What is open of a study. */
interface Open {
  readonly session: Session;
  readonly server: PanelServer;
  readonly url: string;
  readonly src: string;
  /** The frames in the notebook's outputs. */
  readonly frames: DisplayPlace[];
  /** Ends the drawing of pictures, with a last one if it is asked for. */
  pictures: ((last: boolean) => Promise<void>) | null;
}

const panels = new WeakMap<Study, Promise<Open>>();

/**
 * Opens the interactive panel of a study: sliders over what the surrogate expects,
 * runs with their curves and the diagnosis, and all trials. In a notebook it stands
 * in the cell's output, elsewhere it is a page whose address is printed. It stays
 * open until `close()`, between cells and while a cell awaits, and keeps where the
 * controls stand with the study.
 *
 * The page is served on 127.0.0.1 alone, under a random address.
 *
 * @param study The study.
 * @param objective What Run runs: a function, or the path or URL of a module whose
 * default export it is, which runs in a thread of its own. Without one the panel is
 * for looking and planning.
 * @param options How to reach it, its size.
 * @returns The open panel.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If an option is out of range.
 * @throws {Error} If the runtime is not Deno.
 *
 * @example
 * ```ts
 * import { createStudy, float, space } from "@etude/etude";
 * import { tuner } from "@etude/etude/tuner";
 * const study = await createStudy({ name: "by hand", space: space({ x: float(0, 1) }), storage: "memory" });
 * const panel = await tuner(study, (trial) => (trial.params.x - 0.3) ** 2);
 * await panel.close();
 * ```
 */
export async function tuner<C = Configuration>(
  study: Study<C>,
  objective?: ObjectiveFunction<C> | string | URL,
  options: TunerOptions = {},
): Promise<Tuner> {
  checkTuner(study, objective, options);
  const plain = study as unknown as Study;
  const run = objectiveOf(
    objective as ObjectiveFunction | string | URL | undefined,
    options,
  );
  let opening = panels.get(plain);
  if (opening === undefined) {
    opening = open(plain, run, options);
    panels.set(plain, opening);
    opening.catch(() => panels.delete(plain));
  } else {
    // The cell was run again: the same panel goes on, with what runs in it.
    (await opening).session.setObjective(run);
  }
  const panel = await opening;
  await show(plain, panel, options.height ?? 900);
  const close = async () => {
    if (!panels.delete(plain)) return;
    // At once: a study that is being closed does not wait for the draft.
    const kept = panel.session.close();
    await panel.pictures?.(true);
    await kept;
    await panel.server.close();
    // What is saved from now on is the picture, without an address that is dead.
    for (const frame of panel.frames.splice(0)) {
      await frame.show(bundle("", `The panel of ${study.name} is closed.`));
    }
  };
  const unlisten = plain.listen(({ type }) => {
    if (type !== "study closed") return;
    unlisten();
    close().catch(() => {});
  });
  return new Tuner(study.name, panel.url, close);
}

async function open(
  study: Study,
  objective: ObjectiveFunction | null,
  { port = 0, proxy }: TunerOptions,
): Promise<Open> {
  const { panelTexts } = await import("./_page_texts.ts");
  await study.refresh();
  const session = new Session(study, objective);
  const way = proxyOf(proxy);
  const server = new PanelServer({
    texts: panelTexts,
    sessionAt: (path) => path === "" ? session : null,
    index: null,
    port,
    hosts: way?.host === undefined ? [] : [way.host],
    learnsHost: way !== null && way.host === undefined,
  });
  const src = way === null
    ? server.url
    : `${way.base}proxy/${server.port}${server.path}`;
  return {
    session,
    server,
    src,
    url: /^https?:/.test(src) ? src : server.url,
    frames: [],
    pictures: null,
  };
}

/** How the browser reaches this machine's ports; null if directly. */
function proxyOf(
  proxy: boolean | string | undefined,
): { readonly base: string; readonly host?: string } | null {
  const prefix = variable("JUPYTERHUB_SERVICE_PREFIX");
  const chosen = proxy ?? prefix !== undefined;
  if (chosen === false) return null;
  if (chosen === true) return { base: prefix ?? "" };
  const url = new URL(chosen);
  return {
    base: `${url.origin}${url.pathname.replace(/\/?$/, "/")}`,
    host: url.host.toLowerCase(),
  };
}

function variable(name: string): string | undefined {
  try {
    return (globalThis as {
      Deno?: { env: { get(name: string): string | undefined } };
    }).Deno?.env.get(name);
  } catch {
    return undefined;
  }
}

function objectiveOf(
  objective: ObjectiveFunction | string | URL | undefined,
  { worker }: TunerOptions,
): ObjectiveFunction | null {
  if (objective === undefined) return null;
  if (typeof objective === "function") return objective;
  if (worker !== false) return workerObjective(objective);
  const url = moduleURL(objective);
  return async (trial) => {
    const { default: run } = await import(url) as {
      default: ObjectiveFunction;
    };
    return await run(trial);
  };
}

/** Draws the frame, and below it the picture, which follows the study. */
async function show(study: Study, panel: Open, height: number): Promise<void> {
  const id = crypto.randomUUID();
  const text = `Panel of ${study.name}: ${panel.url}`;
  const frame = openDisplay();
  await frame.show(bundle(frameHTML({ id, src: panel.src, height }), text));
  if (!isNotebook()) return;
  panel.frames.push(frame);
  const place: DisplayPlace = openDisplay();
  const draw = () =>
    place.show(bundle(
      pictureHTML(
        id,
        pictureOf(
          study.view(),
          panel.session.draft,
          "The panel as it was last seen. To open it again, run this cell: await tuner(study, objective). On a server elsewhere it takes { proxy: true }.",
        ),
      ),
      study.toString(),
    ));
  await draw();
  // The cell that was run last has the picture.
  await panel.pictures?.(false);
  let timer: ReturnType<typeof setTimeout> | null = null;
  const end = panel.session.onChange(() => {
    timer ??= setTimeout(() => {
      timer = null;
      draw().catch(() => {});
    }, 2000);
  });
  panel.pictures = async (last) => {
    end();
    if (timer !== null) clearTimeout(timer);
    if (last) await draw().catch(() => {});
  };
}

function bundle(html: string, text: string): object {
  return {
    [Symbol.for("Jupyter.display")]: () => ({
      "text/html": html,
      "text/plain": text,
    }),
  };
}

/** Whether there is a notebook to draw into. */
function isNotebook(): boolean {
  try {
    const { Deno } = globalThis as {
      Deno?: { jupyter?: { broadcast?: unknown } };
    };
    return typeof Deno?.jupyter?.broadcast === "function";
  } catch {
    return false;
  }
}
