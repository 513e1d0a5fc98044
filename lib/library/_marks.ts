import type { Space } from "../space/mod.ts";
import type { Standing } from "./library_study.ts";
import type { MappingCorrections, SpaceMapping } from "./space_mapping.ts";

/** What a study's mark says; what cannot be read says nothing. */
export function standingOf(
  mark: unknown,
): { standing: Standing; reason: string | null } {
  const { standing, reason } = (mark ?? {}) as Record<string, unknown>;
  return {
    standing: standing === "untrusted" || standing === "withdrawn"
      ? standing
      : "trusted",
    reason: typeof reason === "string" ? reason : null,
  };
}

/** What corrections are kept under: the source's space and the target's names. */
export function correctionKey(mapping: SpaceMapping): string {
  return `${mapping.key} → ${[...mapping.target.names].sort().join("|")}`;
}

/** Of the corrections kept with a study, those that speak of the target's parameters. */
export function keptCorrections(
  value: unknown,
  target: Space,
): MappingCorrections | null {
  if (!Array.isArray(value)) return null;
  const fitting = value.map((one) => ((one ?? {}) as { links?: unknown }).links)
    .filter((links): links is MappingCorrections =>
      typeof links === "object" && links !== null &&
      Object.keys(links).every((name) => target.has(name))
    );
  return fitting.length === 0 ? null : Object.assign({}, ...fitting);
}
