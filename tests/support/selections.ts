import type { ChartSpec } from "../../lib/charts/mod.ts";

/** The selections of a spec as Vega knows them: in how many views each can be made. */
export async function selectionsOf(
  spec: ChartSpec,
): Promise<Record<string, number>> {
  const { compile } = await import("vega-lite");
  const { spec: vega } = compile(
    structuredClone(spec) as unknown as import("vega-lite").TopLevelSpec,
    { logger: quiet() },
  );
  const counts: Record<string, number> = {};
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const { name, on } = part as { name?: unknown; on?: unknown };
    const found = typeof name === "string" && Array.isArray(on)
      ? /^(.*)_tuple$/.exec(name)
      : null;
    if (found !== null) {
      counts[found[1]!] = (counts[found[1]!] ?? 0) + 1;
    }
    Object.values(part).forEach(visit);
  };
  visit(vega);
  return counts;
}

function quiet(): import("vega").LoggerInterface {
  const logger = {} as {
    -readonly [K in keyof import("vega").LoggerInterface]: unknown;
  };
  const still = () => logger;
  Object.assign(logger, {
    level: still,
    warn: still,
    info: still,
    debug: still,
    error: still,
  });
  return logger as import("vega").LoggerInterface;
}
