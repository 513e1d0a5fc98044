import type { Study } from "../study/mod.ts";

/** Options of {@linkcode tuner}. */
export interface TunerOptions {
  /**
   * Whether the objective runs in a thread of its own, so that one that computes
   * without ever awaiting leaves the panel its turn. The objective is the path or
   * URL of a module then, whose default export it is. Defaults to `true` for a
   * module.
   */
  readonly worker?: boolean;
  /**
   * How the browser reaches this machine. `false`: directly, on 127.0.0.1. `true`:
   * through `jupyter-server-proxy` of the notebook server. A URL: the notebook
   * server's, e.g. `"https://hub.example.com/user/ann/"`. Defaults to `true` where
   * JupyterHub has started the server, else to `false`.
   */
  readonly proxy?: boolean | string;
  /** The port on 127.0.0.1, from 0 to 65535, 0 for any that is free. Defaults to `0`. */
  readonly port?: number;
  /** The height of the frame in pixels before the page has said its own, 300 to 6000. Defaults to `900`. */
  readonly height?: number;
}

/** Throws if what `tuner` was given makes no sense. */
export function checkTuner(
  study: unknown,
  objective: unknown,
  options: TunerOptions,
): void {
  const about = "Cannot open the panel";
  const shown = (value: unknown) => JSON.stringify(value) ?? String(value);
  if (typeof (study as Study | undefined)?.suggest !== "function") {
    throw new TypeError(
      `${about}: found ${
        shown(study)
      }, expected a study made with createStudy({ … })`,
    );
  }
  const isModule = typeof objective === "string" || objective instanceof URL;
  if (
    objective !== undefined && typeof objective !== "function" && !isModule
  ) {
    throw new TypeError(
      `${about}: the objective is ${
        shown(objective)
      }, expected a function that takes a trial and gives back a number, or a module's path`,
    );
  }
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${about}: the options are ${shown(options)}, expected an object`,
    );
  }
  const known = ["worker", "proxy", "port", "height"];
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new TypeError(
      `${about}: there is no option ${
        unknown.map(shown).join(", ")
      }; there are ${known.join(", ")}`,
    );
  }
  const { worker, proxy, port, height } = options;
  if (worker === true && typeof objective === "function") {
    throw new TypeError(
      `${about}: a function cannot move to a thread of its own; put it into a module as its default export and give the module's path: tuner(study, "./train.ts")`,
    );
  }
  if (worker !== undefined && typeof worker !== "boolean") {
    throw new TypeError(
      `${about}: worker is ${shown(worker)}, expected a boolean`,
    );
  }
  if (
    proxy !== undefined && typeof proxy !== "boolean" &&
    !(typeof proxy === "string" && /^https?:\/\//.test(proxy) &&
      URL.canParse(proxy))
  ) {
    throw new TypeError(
      `${about}: proxy is ${
        shown(proxy)
      }, expected true, false, or the URL of the notebook server`,
    );
  }
  if (
    port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536)
  ) {
    throw new RangeError(
      `${about}: port is ${
        shown(port)
      }, expected a whole number from 0 to 65535`,
    );
  }
  if (height !== undefined && !(height >= 300 && height <= 6000)) {
    throw new RangeError(
      `${about}: height is ${shown(height)}, expected pixels from 300 to 6000`,
    );
  }
}
