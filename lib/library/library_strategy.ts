import type { PriorStrategy } from "../surrogates/mod.ts";
import {
  autoStart,
  boundsStart,
  nearestStart,
  portfolioStart,
  type WarmStart,
} from "./warm_start.ts";

/**
 * How a study learns from a library:
 *
 * | strategy | it begins with | then prior studies are |
 * |---|---|---|
 * | `"auto"` | a portfolio, as large as they are similar | as with `"transfer"` |
 * | `"transfer"` | a portfolio | mean and covariance of the Gaussian process, as far as they prove right |
 * | `"rgpe"` | a portfolio | members of an ensemble that is weighed by ranks |
 * | `"copula"` | a portfolio | a regression over ranks of their values, whose residuals the Gaussian process models, as far as they prove right |
 * | `"portfolio"` | a portfolio | not asked again |
 * | `"nearest"` | the best trials of the most similar | not asked again |
 * | `"bounds"` | points of the box in which their best lie | not asked again |
 */
export type LibraryStrategy =
  | "auto"
  | "transfer"
  | "rgpe"
  | "copula"
  | "portfolio"
  | "nearest"
  | "bounds";

/** What a strategy is made of. */
export interface StrategyParts {
  /** How the study begins. */
  readonly start: WarmStart;
  /** How the Gaussian process takes prior studies after that; null for not. */
  readonly prior: PriorStrategy | null;
}

const makers: Readonly<
  Record<LibraryStrategy, () => StrategyParts>
> = {
  auto: () => ({ start: autoStart(), prior: "transfer" }),
  transfer: () => ({ start: portfolioStart(), prior: "transfer" }),
  rgpe: () => ({ start: portfolioStart(), prior: "rgpe" }),
  copula: () => ({ start: portfolioStart(), prior: "copula" }),
  portfolio: () => ({ start: portfolioStart(), prior: null }),
  nearest: () => ({ start: nearestStart(), prior: null }),
  bounds: () => ({ start: boundsStart(), prior: null }),
};

/** The names of all strategies. */
export const libraryStrategies: readonly LibraryStrategy[] = Object.freeze(
  Object.keys(makers) as LibraryStrategy[],
);

/**
 * What a strategy is made of.
 *
 * @throws {TypeError} If there is none of that name.
 *
 * @example
 * ```ts
 * import { strategyParts } from "@etude/etude";
 * strategyParts("rgpe").start.name; // "portfolio"
 * ```
 */
export function strategyParts(strategy: LibraryStrategy): StrategyParts {
  if (!Object.hasOwn(makers, strategy)) {
    throw new TypeError(
      `Cannot learn from a library by ${
        JSON.stringify(strategy)
      }, expected one of ${libraryStrategies.join(", ")}`,
    );
  }
  return makers[strategy]();
}
