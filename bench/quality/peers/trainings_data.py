"""The data sets of the real trainings: scikit-learn's own or a folder's, and made ones with fixed seeds."""

import csv
import gzip
import os
import sys

import numpy as np
from sklearn import datasets
from sklearn.model_selection import KFold, StratifiedKFold

FOLDER = sys.argv[1] if len(sys.argv) > 1 else None

# Made ones: nearly the same on every machine, for any seed of an optimizer.
MADE = {
    "moons": lambda: datasets.make_moons(240, noise=0.3, random_state=0),
    "sparse": lambda: datasets.make_classification(
        400, 60, n_informative=8, n_redundant=6, n_clusters_per_class=3, flip_y=0.05, random_state=0
    ),
    "blobs": lambda: datasets.make_classification(
        360, 12, n_informative=6, n_classes=4, n_clusters_per_class=2, class_sep=0.8, random_state=1
    ),
    "hastie": lambda: datasets.make_hastie_10_2(400, random_state=0),
    "friedman": lambda: datasets.make_friedman1(240, 12, noise=1.0, random_state=0),
    "low_rank": lambda: datasets.make_regression(
        180, 30, n_informative=12, effective_rank=10, noise=2.0, random_state=0
    ),
}

# Of larger ones a part, drawn by a fixed seed.
MOST_SAMPLES = {"small_digits": 240}
REGRESSIONS = {"diabetes", "friedman", "low_rank"}


def read_rows(name, skip=0):
    path = os.path.join(FOLDER, name)
    opened = gzip.open(path, "rt") if name.endswith(".gz") else open(path)
    with opened as lines:
        delimiter = " " if name.startswith("diabetes") else ","
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    return np.array([[float(cell) for cell in row if cell != ""] for row in rows[skip:]])


def load(name):
    if name in MADE:
        x, y = MADE[name]()
        return x, y if name in REGRESSIONS else y.astype(int)
    name = name.removeprefix("small_")
    if FOLDER is None:
        loader = getattr(datasets, f"load_{name}")
        options = {"scaled": False} if name == "diabetes" else {}
        return loader(return_X_y=True, **options)
    if name == "diabetes":
        return read_rows("diabetes_data_raw.csv.gz"), read_rows("diabetes_target.csv.gz")[:, 0]
    rows = {
        "digits": lambda: read_rows("digits.csv.gz"),
        "breast_cancer": lambda: read_rows("breast_cancer.csv", 1),
        "wine": lambda: read_rows("wine_data.csv", 1),
        "iris": lambda: read_rows("iris.csv", 1),
    }[name]()
    return rows[:, :-1], rows[:, -1].astype(int)


loaded = {}


def folds(name):
    """The training and validation parts of three folds, shuffled by a fixed seed."""
    if name not in loaded:
        x, y = load(name)
        order = np.random.default_rng(0).permutation(len(x))[: MOST_SAMPLES.get(name, 600)]
        x, y = x[order], y[order]
        is_regression = name in REGRESSIONS
        if is_regression:
            y = (y - y.mean()) / y.std()
        kind = KFold if is_regression else StratifiedKFold
        parts = kind(3, shuffle=True, random_state=0).split(x, y)
        loaded[name] = x, y, list(parts), is_regression
    return loaded[name]
