/**
 * How JupyterLab is started, by `deno task lab` and by the browser tests.
 *
 * @module
 */

/**
 * JupyterLab's arguments: only the Deno kernel is offered, nothing is fetched from the network,
 * and the kernel of a notebook runs in the notebook's folder, as is Jupyter's way.
 */
export function labArguments(rootFolder: string): string[] {
  return [
    "-m",
    "jupyterlab",
    `--ServerApp.root_dir=${rootFolder}`,
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.answer_yes=True",
    "--MultiKernelManager.default_kernel_name=deno",
    "--KernelSpecManager.allowed_kernelspecs=deno",
    "--KernelSpecManager.ensure_native_kernel=False",
    "--LabApp.extension_manager=readonly",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ...(Deno.build.os !== "windows" && Deno.uid() === 0
      ? ["--allow-root"]
      : []),
  ];
}
