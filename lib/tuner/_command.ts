/**
 * `deno run -A jsr:@etude/etude/tuner studies.db`: the panel in a browser, without
 * Jupyter, on any study file.
 *
 * @module
 */

import { parseArgs } from "node:util";
import process from "node:process";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createStudy, type Study } from "../study/mod.ts";
import { openStorage } from "../storage/mod.ts";
import { indexOf } from "./_document.ts";
import { PanelServer } from "./_server.ts";
import { Session } from "./_session.ts";
import { workerObjective } from "./worker_objective.ts";

const usage = `The panel of studies, in a browser.

  deno run -A jsr:@etude/etude/tuner studies.db [--study NAME] [options]

  --study NAME        the study; without it all of the file are listed
  --objective MODULE  what Run runs: a module whose default export is the objective
  --port NUMBER       the port on 127.0.0.1; any free one without it
  --no-open           only print the address, open no browser
  --help              this text`;

/** Runs until it is stopped. */
export async function runPanel(
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  let opened: OpenedPanels;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        study: { type: "string" },
        objective: { type: "string" },
        port: { type: "string" },
        "no-open": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) return console.log(usage);
    if (positionals.length !== 1) throw new Error("expected one study file");
    opened = await openPanels(positionals[0]!, {
      study: values.study,
      objective: values.objective,
      port: Number(values.port ?? 0),
    });
    console.log(`${opened.url}\nCtrl+C ends it.`);
    if (!values["no-open"]) openBrowser(opened.url);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exitCode = 1;
    return;
  }
  const end = () => {
    void opened.close().finally(() => process.exit(0));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}

/** What is served. */
export interface OpenedPanels {
  /** The address of the first page. */
  readonly url: string;
  /** Ends it. */
  close(): Promise<void>;
}

/** Serves the studies of a file. */
export async function openPanels(
  file: string,
  { study: wanted, objective, port = 0 }: {
    readonly study?: string;
    readonly objective?: string;
    readonly port?: number;
  } = {},
): Promise<OpenedPanels> {
  if (!existsSync(file.replace(/^sqlite:\/\/\//, ""))) {
    throw new RangeError(
      `Cannot open ${JSON.stringify(file)}: there is no such file`,
    );
  }
  const { panelTexts } = await import("./_page_texts.ts");
  const storage = openStorage(file);
  const names = async () =>
    (await storage.listStudies()).map(({ name, objectives }) => ({
      name,
      about: objectives.map((one) => `${one.direction} ${one.name}`).join(", "),
    }));
  let listed = await names();
  if (wanted !== undefined && !listed.some(({ name }) => name === wanted)) {
    await storage.close();
    throw new RangeError(
      `Cannot find the study ${
        JSON.stringify(wanted)
      }: the ${storage.description} has ${
        listed.map(({ name }) => JSON.stringify(name)).join(", ") || "none"
      }`,
    );
  }
  const only = wanted ?? (listed.length === 1 ? listed[0]!.name : null);
  const run = objective === undefined ? null : workerObjective(objective);
  const sessions = new Map<string, Promise<Session>>();
  const sessionOf = (name: string): Promise<Session> => {
    let session = sessions.get(name);
    if (session === undefined) {
      session = createStudy({ name, storage }).then((study) =>
        new Session(study as unknown as Study, run)
      );
      sessions.set(name, session);
      session.catch(() => sessions.delete(name));
    }
    return session;
  };
  if (only !== null) await sessionOf(only);
  const server = new PanelServer({
    texts: panelTexts,
    sessionAt: async (path) => {
      if (path === "") return only === null ? null : await sessionOf(only);
      const index = Number(path.match(/^study\/(\d+)\/$/)?.[1] ?? NaN);
      const name = listed[index]?.name;
      return name === undefined ? null : await sessionOf(name);
    },
    index: (nonce) => indexOf(storage.description, listed, nonce),
    port,
    hosts: [],
    learnsHost: false,
  });
  return {
    url: server.url,
    close: async () => {
      listed = [];
      for (const session of sessions.values()) {
        const { study } = await session;
        await Promise.all(
          study.runs.map((one) => one.stop("the panel was closed")),
        );
        await (await session).close();
      }
      await server.close();
      await storage.close();
    },
  };
}

/** Shows an address in the person's browser, if there is a way. */
function openBrowser(url: string): void {
  const [command, ...args] = process.platform === "darwin"
    ? ["open", url]
    : process.platform === "win32"
    ? ["cmd", "/c", "start", "", url]
    : ["xdg-open", url];
  try {
    const child = spawn(command!, args, { stdio: "ignore", detached: true });
    child.on("error", () => {});
    child.unref();
  } catch {
    // The address is printed.
  }
}
