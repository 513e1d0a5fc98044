import { cwd } from "node:process";
import { pathToFileURL } from "node:url";

/** The URL of a module: a URL as it is, a path from the working folder. */
export function moduleURL(module: string | URL): string {
  if (module instanceof URL) return module.href;
  if (/^(?:[a-z][a-z0-9+.-]+):/i.test(module)) return module;
  return new URL(module, `${pathToFileURL(cwd()).href}/`).href;
}
