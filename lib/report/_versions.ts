import process from "node:process";

/** The version of this library; a test compares it with `deno.json`. */
export const libraryVersion = "0.1.0";

/** What runs it. */
export function runtimeVersions(): readonly (readonly [string, string])[] {
  const { versions, platform, arch } = process;
  const all = versions as Readonly<Record<string, string | undefined>>;
  return [
    ...(["deno", "node", "v8"] as const).flatMap((name) => {
      // Deno says which Node it stands for, too: that is of no use here.
      if (name === "node" && all.deno !== undefined) return [];
      const version = all[name];
      return version === undefined ? [] : [[name, version] as const];
    }),
    ["platform", `${platform} ${arch}`],
  ];
}
