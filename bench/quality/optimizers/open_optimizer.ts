import type { Optimizer } from "./optimizer.ts";
import { ourNames, ourOptimizer } from "./ours.ts";
import { peerNames, peerOptimizer } from "./peers.ts";

/**
 * The optimizer of that name: one of our samplers, or a peer.
 *
 * @throws {RangeError} If there is none.
 */
export function openOptimizer(name: string): Optimizer {
  const found = ourOptimizer(name) ?? peerOptimizer(name);
  if (found === null) {
    throw new RangeError(
      `Cannot find the optimizer ${JSON.stringify(name)}: ours are ${
        ourNames().join(", ")
      }; others are ${peerNames.join(", ")}`,
    );
  }
  return found;
}
