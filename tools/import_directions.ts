/**
 * The house's rules for imports, checked: `deno run -A tools/import_directions.ts`.
 *
 * @module
 */

import { type ImportEdge, readModuleGraph } from "./module_graph.ts";

/** The rooms of `lib/`, from the top floor to the ground. Imports point down only. */
export const floors: readonly string[] = [
  "tuner",
  "notebook",
  "workers",
  "tensorflow",
  "ensembles",
  "study",
  "report",
  "charts",
  "interop",
  "library",
  "pruners",
  "samplers",
  "surrogates",
  "curves",
  "storage",
  "records",
  "space",
  "evolution",
  "math",
];

/** Packages that loading `mod.ts` must not load. */
export const lazyPackages: readonly RegExp[] = [
  /^npm:@tensorflow\//,
  /^npm:vega(-lite)?$/,
];

/**
 * What breaks the rules, a sentence each; none if all is well.
 *
 * - A room imports only rooms below it, and enters them by their `mod.ts`.
 * - A file `_name.ts` is imported only from its own folder.
 * - No file imports itself, however long the way round.
 * - An npm package is imported by the files of one room only.
 * - Loading `mod.ts` loads none of {@linkcode lazyPackages}.
 *
 * Imports of types count as others do, but for the last rule.
 */
export function checkImportDirections(edges: readonly ImportEdge[]): string[] {
  return [
    ...edges.flatMap(checkFloors),
    ...edges.flatMap(checkPrivacy),
    ...checkCycles(edges),
    ...checkPackages(edges),
    ...checkLaziness(edges),
  ].filter((problem, index, all) => all.indexOf(problem) === index);
}

/** The room of a file, or `mod.ts`'s own. */
function roomOf(file: string): string {
  return file.match(/^lib\/([^/]+)\//)?.[1] ?? file;
}

function isFile(name: string): boolean {
  return !/^[a-z]+:/.test(name);
}

function checkFloors({ from, to }: ImportEdge): string[] {
  if (!isFile(to)) return [];
  const [upper, lower] = [roomOf(from), roomOf(to)];
  if (upper === lower) return [];
  if (lower === "mod.ts") {
    return [`${from} imports ${to}: nothing in lib/ imports the front door`];
  }
  if (!floors.includes(lower)) {
    return [
      `${from} imports ${to}: ${lower} has no floor, give it one in ${import.meta.filename}`,
    ];
  }
  if (upper !== "mod.ts" && floors.indexOf(upper) > floors.indexOf(lower)) {
    return [`${from} imports ${to}: up from ${upper} to ${lower}`];
  }
  return to === `lib/${lower}/mod.ts`
    ? []
    : [`${from} imports ${to}: enter ${lower} by lib/${lower}/mod.ts`];
}

function checkPrivacy({ from, to }: ImportEdge): string[] {
  const folder = to.match(/^(.*\/)_[^/]*$/)?.[1];
  return folder === undefined || from.startsWith(folder)
    ? []
    : [`${from} imports ${to}: private to ${folder}`];
}

function checkPackages(edges: readonly ImportEdge[]): string[] {
  const rooms = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    if (!to.startsWith("npm:")) continue;
    rooms.set(to, (rooms.get(to) ?? new Set()).add(roomOf(from)));
  }
  return [...rooms].filter(([, rooms]) => rooms.size > 1).map(([name, rooms]) =>
    `${name} is imported by ${
      [...rooms].sort().join(" and ")
    }: one room owns a package`
  );
}

function checkLaziness(edges: readonly ImportEdge[]): string[] {
  const imports = groupBySource(edges.filter((edge) => edge.isStatic));
  const routes = new Map<string, string[]>([["mod.ts", ["mod.ts"]]]);
  const problems: string[] = [];
  for (const [file, route] of routes) {
    for (const to of imports.get(file) ?? []) {
      if (routes.has(to)) continue;
      routes.set(to, [...route, to]);
      if (lazyPackages.some((pattern) => pattern.test(to))) {
        problems.push(
          `mod.ts loads ${to} at once: ${[...route, to].join(" -> ")}`,
        );
      }
    }
  }
  return problems;
}

/** Finds the circles by going down the imports; a file still on the way down closes one. */
function checkCycles(edges: readonly ImportEdge[]): string[] {
  const imports = groupBySource(edges.filter(({ to }) => isFile(to)));
  const done = new Set<string>();
  const route: string[] = [];
  const problems: string[] = [];
  const visit = (file: string) => {
    if (done.has(file)) return;
    const start = route.indexOf(file);
    if (start >= 0) {
      problems.push(
        `Files import each other: ${
          [...route.slice(start), file].join(" -> ")
        }`,
      );
      return;
    }
    route.push(file);
    for (const to of imports.get(file) ?? []) visit(to);
    route.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return problems;
}

function groupBySource(edges: readonly ImportEdge[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    groups.set(from, (groups.get(from) ?? new Set()).add(to));
  }
  return groups;
}

if (import.meta.main) {
  const problems = checkImportDirections(await readModuleGraph());
  for (const problem of problems) console.error(problem);
  Deno.exit(problems.length > 0 ? 1 : 0);
}
