/**
 * TensorFlow's own library for TensorFlow.js, built from what PyPI and npm have:
 *
 *     deno run -A tools/tfjs_node.ts          # for the processor, into out/tfjs-node/
 *     deno run -A tools/tfjs_node.ts --gpu    # for CUDA, into out/tfjs-node-gpu/
 *
 * The package `@tensorflow/tfjs-node` is C++ of about 2,000 lines between
 * JavaScript and TensorFlow's C API. Its install script downloads it compiled,
 * with TensorFlow 2.9, from a host that not everyone reaches. Here the compiler
 * makes it anew against the library in the wheel of Python's TensorFlow, whose C
 * API is stable. The folder has a `deno.json` of its own, which names the
 * package: programs and notebooks in it compute on TensorFlow.
 *
 * @module
 */

import { join } from "node:path";
import { withFileLock } from "./file_lock.ts";
import { capture, type ProcessOptions } from "./process.ts";
import { exists, freshFolder, inProject, outFolder } from "./project.ts";
import { preparePythonEnvironment } from "./python_environment.ts";

/** Options of {@linkcode prepareTfjsNode}. */
export interface TfjsNodeOptions {
  /** Whether to build for CUDA. Defaults to `false`. */
  gpu?: boolean;
  /** Told what goes on. Defaults to `console.error`. */
  log?: (line: string) => void;
}

/** TensorFlow, as PyPI has it. */
const tensorFlowVersion = "2.21.0";
/** TensorFlow.js; the same as in `deno.json`. */
const tfjsVersion = "4.22.0";
/** What declares the functions that Node and Deno offer to compiled code. */
const headersVersion = "1.9.0";
/** The version of those functions that tfjs-node asks for. */
const napiVersion = 8;

/** Where {@linkcode prepareTfjsNode} builds. */
export function tfjsNodeFolder(gpu = false): string {
  return join(outFolder, gpu ? "tfjs-node-gpu" : "tfjs-node");
}

/** Whether it has been built, and from what it would be built now. */
export async function isTfjsNodeReady(gpu = false): Promise<boolean> {
  const file = join(tfjsNodeFolder(gpu), "stamp.txt");
  return await exists(file) && await Deno.readTextFile(file) === stamp(gpu);
}

/**
 * Builds it, or finds it built: half a minute for the processor, most of it the
 * download of 270 MB; 900 MB on disk.
 *
 * @returns The folder.
 * @throws {Error} If this is no Linux on an x86-64 processor, or a step fails.
 */
export async function prepareTfjsNode(
  options: TfjsNodeOptions = {},
): Promise<string> {
  const { gpu = false, log = (line: string) => console.error(line) } = options;
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new Error(
      `Cannot build tfjs-node on ${Deno.build.os} ${Deno.build.arch}: expected Linux on x86-64`,
    );
  }
  const folder = tfjsNodeFolder(gpu);
  await withFileLock(`${folder}.lock`, async () => {
    if (await isTfjsNodeReady(gpu)) return;
    await freshFolder(folder);
    log(`1 of 3: TensorFlow ${tensorFlowVersion}, from PyPI …`);
    await fetchTensorFlow(folder, gpu);
    log(`2 of 3: ${packageName(gpu)} ${tfjsVersion}, from npm …`);
    await fetchPackage(folder, gpu);
    log("3 of 3: compiling what binds them …");
    await compile(folder, gpu);
    await Deno.writeTextFile(join(folder, "stamp.txt"), stamp(gpu));
  });
  return folder;
}

function packageName(gpu: boolean): string {
  return gpu ? "@tensorflow/tfjs-node-gpu" : "@tensorflow/tfjs-node";
}

function stamp(gpu: boolean): string {
  return [tensorFlowVersion, tfjsVersion, headersVersion, napiVersion, gpu]
    .join(" ");
}

/** The two libraries and the headers, out of the wheel; of 15,000 files they are the only ones needed. */
async function fetchTensorFlow(folder: string, gpu: boolean): Promise<void> {
  const { python, variables } = await preparePythonEnvironment();
  const wheels = join(folder, "wheels");
  const name = gpu ? "tensorflow" : "tensorflow-cpu";
  const pip = (...args: string[]) =>
    demand(python, ["-m", "pip", "--quiet", ...args], { env: variables });
  await pip(
    ...["download", "--no-deps", "--only-binary=:all:", "--dest", wheels],
    `${name}==${tensorFlowVersion}`,
  );
  const libraries = await demand(python, ["-c", unpackProgram, folder, wheels]);
  await Deno.remove(wheels, { recursive: true });
  if (!gpu) return;
  // TensorFlow looks for CUDA's libraries in the folder `nvidia` beside its own.
  const cuda = libraries.trim().split("\n").filter((line) => line !== "");
  await pip("install", "--no-deps", "--target", folder, ...cuda);
}

/** Prints what the wheel needs for CUDA, a package a line. */
const unpackProgram = `
import pathlib, re, sys, zipfile
folder, wheels = map(pathlib.Path, sys.argv[1:])
wanted = re.compile(
    r"tensorflow/(lib\\w+\\.so\\.2|include/(tensorflow/(c|core/platform)|xla/tsl|tsl)/.*)$")
with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
    wheel.extractall(folder, [name for name in wheel.namelist() if wanted.match(name)])
    metadata = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
    for line in wheel.read(metadata).decode().splitlines():
        found = re.match(r'Requires-Dist: (.+); extra == "and-cuda"', line)
        if found: print(found[1])
`;

/** The package and its relatives, in `node_modules`; its install script is not run. */
async function fetchPackage(folder: string, gpu: boolean): Promise<void> {
  const { imports, exports } = JSON.parse(
    await Deno.readTextFile(inProject("deno.json")),
  );
  const ours = Object.entries(exports as Record<string, string>).map((
    [name, path],
  ) => [`@etude/etude${name.slice(1)}`, inProject(path)]);
  const configuration = {
    nodeModulesDir: "auto",
    imports: {
      ...imports,
      ...Object.fromEntries(ours),
      [packageName(gpu)]: `npm:${packageName(gpu)}@${tfjsVersion}`,
      "node-api-headers": `npm:node-api-headers@${headersVersion}`,
    },
  };
  await Deno.writeTextFile(
    join(folder, "deno.json"),
    JSON.stringify(configuration, null, 2) + "\n",
  );
  await demand(Deno.execPath(), ["install", "--quiet"], { cwd: folder });
}

async function compile(folder: string, gpu: boolean): Promise<void> {
  const modules = join(folder, "node_modules");
  const source = await Deno.realPath(join(modules, packageName(gpu)));
  const target = join(source, "lib", `napi-v${napiVersion}`);
  const libraries = join(folder, "tensorflow");
  await Deno.mkdir(target, { recursive: true });
  await demand("g++", [
    ...["-std=c++17", "-O2", "-fPIC", "-shared"],
    `-DNAPI_VERSION=${napiVersion}`,
    `-I${join(modules, "node-api-headers", "include")}`,
    `-I${join(libraries, "include")}`,
    `-I${join(source, "binding")}`,
    join(source, "binding", "tfjs_backend.cc"),
    join(source, "binding", "tfjs_binding.cc"),
    `-L${libraries}`,
    "-l:libtensorflow_cc.so.2",
    "-l:libtensorflow_framework.so.2",
    `-Wl,-rpath,${libraries}`,
    "-o",
    join(target, "tfjs_binding.node"),
  ]);
}

/** Runs a program to its end and returns what it prints. */
async function demand(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await capture(command, args, options);
  if (code !== 0) {
    throw new Error(
      `Cannot build tfjs-node: ${command} ended with ${code}:\n${
        (stdout + stderr).trim()
      }`,
    );
  }
  return stdout;
}

if (import.meta.main) {
  const start = performance.now();
  const folder = await prepareTfjsNode({ gpu: Deno.args.includes("--gpu") });
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${folder} is ready (${seconds} s)`);
}
