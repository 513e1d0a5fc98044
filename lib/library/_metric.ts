import type { Objective } from "../records/mod.ts";

/** Words of which those on a line measure the same thing. */
const families: readonly RegExp[] = [
  /acc|f1|precision|recall|auc|error rate|misclass|iou/i,
  /cross.?entropy|log.?loss|nll|perplexity|loss/i,
  /mse|rmse|mae|r2|r²|squared/i,
  /time|second|latency|duration|\bms\b/i,
];

function plain({ name }: Objective): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase()
    .replace(/[_\W]+/g, " ")
    .replace(/\b(val|valid|validation|test|dev|eval|mean|final|best)\b/g, "")
    .replaceAll(" ", "");
}

/**
 * How alike two objectives are: 1 of the same name and direction, whatever part
 * of the data it is measured on; 0.8 of the same kind; 0.5 of which nothing is
 * known; 0.3 of another kind. The same name in another direction is another
 * thing: 0.3.
 */
export function metricLikeness(a: Objective, b: Objective): number {
  if (a.direction === b.direction && plain(a) === plain(b)) return 1;
  if (plain(a) === plain(b)) return 0.3;
  const [x, y] = [a, b].map(({ name }) =>
    families.findIndex((family) => family.test(name))
  );
  if (x! < 0 || y! < 0) return 0.5;
  // Classes are judged by accuracy or by loss, numbers by errors, speed by time.
  if (x === y) return 0.8;
  return x! < 2 && y! < 2 ? 0.7 : 0.3;
}
