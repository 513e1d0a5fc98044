/**
 * Folds of cross-validation, without chance: the same data are always parted
 * in the same way, as scikit-learn's `StratifiedKFold` and `KFold` do.
 *
 * @module
 */

/**
 * Parts rows so that each fold has its share of each class, in the order given.
 *
 * @param labels The classes from 0, in order of first appearance, `[n]`.
 * @param folds How many folds.
 * @returns The fold of each row, `[n]`.
 */
export function stratifiedFolds(
  labels: ArrayLike<number>,
  folds: number,
): Int32Array {
  const sorted = Int32Array.from(labels).sort();
  const classes = (sorted.at(-1) ?? -1) + 1;
  // How many of class k go into fold f: those at places f, f + F, f + 2 F, … of the sorted labels.
  const allocation = new Int32Array(folds * classes);
  sorted.forEach((label, i) => {
    allocation[(i % folds) * classes + label]!++;
  });
  const fold = new Int32Array(classes);
  return Int32Array.from(labels, (label) => {
    while (allocation[fold[label]! * classes + label] === 0) fold[label]!++;
    allocation[fold[label]! * classes + label]!--;
    return fold[label]!;
  });
}

/** Parts rows into runs of equal length, the first ones longer by one. */
export function contiguousFolds(rows: number, folds: number): Int32Array {
  const size = Math.floor(rows / folds);
  const longer = rows % folds;
  return Int32Array.from({ length: rows }, (_, row) => {
    const border = longer * (size + 1);
    return row < border
      ? Math.floor(row / (size + 1))
      : longer + Math.floor((row - border) / size);
  });
}
