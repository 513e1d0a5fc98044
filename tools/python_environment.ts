/**
 * The project's private Python environment: JupyterLab, Optuna, and the Deno kernel, in `.venv/`.
 *
 * Nothing outside the project is touched: neither the user's site packages nor `~/.jupyter`.
 *
 * @module
 */

import { join } from "node:path";
import { requireRecentDeno } from "./deno_version.ts";
import { withFileLock } from "./file_lock.ts";
import { capture, type ProcessResult, withHeartbeat } from "./process.ts";
import { exists, inProject, projectFolder } from "./project.ts";

/** A Python environment that is ready for use. */
export interface PythonEnvironment {
  /** Absolute path of the environment's folder. */
  readonly folder: string;
  /** Absolute path of its Python interpreter. */
  readonly python: string;
  /** Environment variables with which its programs have to be run. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Options of {@linkcode preparePythonEnvironment}. */
export interface PythonEnvironmentOptions {
  /** Told what goes on, when it takes long. Defaults to `console.error`. */
  log?: (line: string) => void;
}

const folder = inProject(".venv");
const stampFile = join(folder, "etude-stamp.txt");
const requirementsFile = inProject("tools", "requirements.txt");
const oldestPython = [3, 10] as const;
const onWindows = Deno.build.os === "windows";

const environment: PythonEnvironment = {
  folder,
  python: onWindows
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python"),
  variables: {
    JUPYTER_CONFIG_DIR: join(folder, "jupyter", "config"),
    JUPYTER_DATA_DIR: join(folder, "jupyter", "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "jupyter", "runtime"),
    IPYTHONDIR: join(folder, "jupyter", "ipython"),
    JUPYTERLAB_SETTINGS_DIR: join(
      folder,
      "jupyter",
      "config",
      "lab",
      "user-settings",
    ),
    JUPYTERLAB_WORKSPACES_DIR: join(
      folder,
      "jupyter",
      "config",
      "lab",
      "workspaces",
    ),
    // Without these, the user's own kernels, settings and packages would be seen.
    JUPYTER_PATH: "",
    JUPYTER_CONFIG_PATH: "",
    JUPYTER_PREFER_ENV_PATH: "1",
    PYTHONNOUSERSITE: "1",
    PYTHONPATH: "",
    PIP_USER: "0",
    VIRTUAL_ENV: folder,
  },
};

/**
 * Makes the environment, or finds it already made: about a minute the first time, a few
 * milliseconds afterwards. Several processes may call it at once.
 *
 * @throws {Error} if there is no Python of {@linkcode oldestPython} or later, it lacks `venv`,
 * the packages cannot be installed, or `.venv` is a link to an environment that does not fit
 */
export async function preparePythonEnvironment(
  options: PythonEnvironmentOptions = {},
): Promise<PythonEnvironment> {
  requireRecentDeno();
  const log = options.log ?? ((line: string) => console.error(line));
  const stamp = await stampNow();
  if (!await isReady(stamp)) {
    await withFileLock(
      inProject("out", ".python_environment.lock"),
      async () => {
        if (await isReady(stamp)) return;
        await refuseLink(folder);
        await install(stamp, log);
      },
      {
        onWait: () =>
          log("Another process is preparing .venv: waiting for it …"),
      },
    );
  }
  await writeIfChanged(
    join(folder, "share", "jupyter", "kernels", "deno", "kernel.json"),
    kernelSpec(),
  );
  return environment;
}

/** The Deno kernel, run by the Deno that runs this. Interrupted by SIGINT, Jupyter's default. */
function kernelSpec(): string {
  return JSON.stringify(
    {
      argv: [
        Deno.execPath(),
        "jupyter",
        "--kernel",
        "--conn",
        "{connection_file}",
      ],
      display_name: "Deno",
      language: "typescript",
    },
    null,
    2,
  ) + "\n";
}

/** JupyterLab's settings for all who use this environment: it asks nothing and calls nobody. */
const labSettings = JSON.stringify(
  {
    "@jupyterlab/apputils-extension:notification": {
      checkForUpdates: false,
      doNotDisturbMode: false,
      fetchNews: "false",
    },
  },
  null,
  2,
) + "\n";

/** What the environment is made from: another stamp, another environment. */
async function stampNow(): Promise<string> {
  const parts = [
    await Deno.readTextFile(requirementsFile),
    labSettings,
    // Of a link, where it leads: checkouts may share what was made from the same.
    await realFolder(folder),
  ];
  const bytes = new TextEncoder().encode(parts.join("\0"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest.toHex();
}

/** Where a folder really is; the path itself while there is nothing. */
export function realFolder(path: string): Promise<string> {
  return Deno.realPath(path).catch(() => path);
}

/**
 * Throws if the folder is a link: to make the environment anew there would take
 * it away from the checkout that it belongs to.
 */
export async function refuseLink(path: string): Promise<void> {
  const found = await Deno.lstat(path).catch(() => null);
  if (found?.isSymlink !== true) return;
  throw new Error(
    `Cannot prepare .venv/: it is a link to ${await realFolder(
      path,
    )}, which is not what this checkout needs, and may be another's; remove the link, and an environment is made here`,
  );
}

async function isReady(stamp: string): Promise<boolean> {
  // `exists` follows the link to the system's Python, which may have been upgraded away.
  if (!await exists(stampFile) || !await exists(environment.python)) {
    return false;
  }
  return (await Deno.readTextFile(stampFile)) === stamp;
}

async function install(
  stamp: string,
  log: (line: string) => void,
): Promise<void> {
  const start = performance.now();
  const python = await findPython();
  log(
    `Preparing the private Python environment .venv/ (once; about a minute) …`,
  );
  demand(
    await capture(python, ["-m", "venv", "--clear", folder]),
    `make a virtual environment with ${python}`,
  );
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-input",
    "--disable-pip-version-check",
  ];
  demand(
    await withHeartbeat(
      capture(environment.python, [...pip, "--requirement", requirementsFile], {
        cwd: projectFolder,
        env: environment.variables,
      }),
      (seconds) => log(`  … installing JupyterLab and Optuna (${seconds} s)`),
    ),
    "install the packages of tools/requirements.txt",
  );
  await writeIfChanged(
    join(folder, "share", "jupyter", "lab", "settings", "overrides.json"),
    labSettings,
  );
  for (const key of ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"]) {
    await Deno.mkdir(environment.variables[key]!, { recursive: true });
  }
  await Deno.writeTextFile(stampFile, stamp);
  log(`  done in ${Math.round((performance.now() - start) / 1000)} s`);
}

/** The first Python that will do; `ETUDE_PYTHON` goes before those on the path. */
async function findPython(): Promise<string> {
  const chosen = Deno.env.get("ETUDE_PYTHON");
  const candidates = chosen ? [chosen] : ["python3", "python"];
  const found: string[] = [];
  for (const candidate of candidates) {
    const probe = await capture(candidate, [
      "-c",
      "import sys; print(*sys.version_info[:2]); import venv, ensurepip",
    ]).catch(() => undefined);
    if (probe === undefined) continue;
    const version = probe.stdout.trim().split(" ").map(Number);
    const [major = 0, minor = 0] = version;
    if (major !== oldestPython[0] || minor < oldestPython[1]) {
      found.push(`${candidate} is Python ${version.join(".")}`);
      continue;
    }
    if (probe.code !== 0) {
      throw new Error(
        `Cannot prepare .venv/: ${candidate} cannot make virtual environments (no venv or ` +
          `ensurepip). On Debian and Ubuntu: sudo apt-get install python3-venv`,
      );
    }
    return candidate;
  }
  throw new Error(
    `Cannot prepare .venv/: found ${
      found.join(", ") || `no ${candidates.join(" or ")}`
    }, ` +
      `expected Python ${
        oldestPython.join(".")
      } or later on the PATH or in ETUDE_PYTHON. ` +
      `On Debian and Ubuntu: sudo apt-get install python3 python3-venv`,
  );
}

function demand(result: ProcessResult, action: string): void {
  if (result.code === 0) return;
  throw new Error(
    `Cannot ${action}:\n${(result.stdout + result.stderr).trim()}`,
  );
}

/** Writes a file in one stroke, so that nobody ever reads half of it. */
async function writeIfChanged(path: string, text: string): Promise<void> {
  if (await exists(path) && await Deno.readTextFile(path) === text) return;
  await Deno.mkdir(join(path, ".."), { recursive: true });
  const draft = `${path}.${Deno.pid}`;
  await Deno.writeTextFile(draft, text);
  await Deno.rename(draft, path);
}

if (import.meta.main) {
  const { folder, python } = await preparePythonEnvironment();
  console.log(`${folder} is ready: ${python}`);
}
