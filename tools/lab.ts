/**
 * `deno task lab`: JupyterLab on `notebooks/`, with the Deno kernel. Further arguments go to it.
 *
 * @module
 */

import { labArguments } from "./jupyter/lab_command.ts";
import { preparePythonEnvironment } from "./python_environment.ts";
import { inProject } from "./project.ts";

const { python, variables } = await preparePythonEnvironment();
const hasScreen = Deno.build.os !== "linux" || Deno.env.has("DISPLAY") ||
  Deno.env.has("WAYLAND_DISPLAY");
const lab = new Deno.Command(python, {
  args: [
    ...labArguments(inProject("notebooks")),
    ...(hasScreen ? [] : ["--no-browser"]),
    ...Deno.args,
  ],
  env: { ...variables },
}).spawn();
// Ctrl+C reaches JupyterLab too: it ends its kernels first, and we wait for it.
Deno.addSignalListener("SIGINT", () => {});
if (Deno.build.os !== "windows") {
  Deno.addSignalListener("SIGTERM", () => lab.kill("SIGTERM"));
}
Deno.exit((await lab.status).code);
