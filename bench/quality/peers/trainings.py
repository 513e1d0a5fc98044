"""Real trainings, small enough to repeat: evaluates configurations by scikit-learn, JSON lines in and out.

  {"describe": true}                              -> {"tasks": {name: space}}
  {"task": "...", "params": {...}, "budget": 1.0} -> {"loss": 0.1, "error rate": 0.02, "seconds": 0.3}

The loss is the mean over three folds: cross-entropy for classifiers with probabilities, the share
of errors for support vector machines, the root mean squared error in standard deviations of the
target for regressions. Folds and initial weights are the same every time, so that equal
configurations give equal losses. The budget is the share of the training samples that is used.
With a folder as argument, the data sets are read from it, else from scikit-learn's own copies.
"""

import csv
import gzip
import json
import os
import sys
import time
import warnings

import numpy as np
from sklearn import datasets
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC

FOLDER = sys.argv[1] if len(sys.argv) > 1 else None
MOST_SAMPLES = 600


def read_rows(name, skip=0):
    path = os.path.join(FOLDER, name)
    opened = gzip.open(path, "rt") if name.endswith(".gz") else open(path)
    with opened as lines:
        delimiter = " " if name.startswith("diabetes") else ","
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    return np.array([[float(cell) for cell in row if cell != ""] for row in rows[skip:]])


def load(name):
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


def floating(low, high, log=False):
    return {"kind": "float", "low": low, "high": high, "log": log, "step": None, "conditions": []}


def whole(low, high, log=False):
    return {"kind": "int", "low": low, "high": high, "log": log, "step": 1, "conditions": []}


def choice(*values):
    return {"kind": "choice", "choices": values, "conditions": []}


def when(parameter, **parents):
    conditions = [
        {"parent": parent, "values": values if isinstance(values, list) else [values]}
        for parent, values in parents.items()
    ]
    return {**parameter, "conditions": conditions}


def ridge(p):
    return make_pipeline(
        StandardScaler(),
        PolynomialFeatures(p["degree"], include_bias=False),
        StandardScaler(),
        Ridge(alpha=p["alpha"]),
    )


def kernel_ridge(p):
    return make_pipeline(
        StandardScaler(),
        KernelRidge(
            alpha=p["alpha"],
            kernel=p["kernel"],
            gamma=p.get("gamma"),
            degree=p.get("degree", 3),
        ),
    )


def svm(p):
    return make_pipeline(
        StandardScaler(),
        SVC(
            C=p["cost"],
            kernel=p["kernel"],
            gamma=p.get("gamma", "scale"),
            degree=p.get("degree", 3),
            coef0=p.get("coef0", 0.0),
            # Some never converge otherwise.
            max_iter=20_000,
        ),
    )


def mlp(p):
    return make_pipeline(
        StandardScaler(),
        MLPClassifier(
            hidden_layer_sizes=(p["units"],) * p["layers"],
            activation=p["activation"],
            solver=p["solver"],
            learning_rate_init=p["learning_rate"],
            alpha=p["weight_decay"],
            batch_size=p["batch_size"],
            momentum=p.get("momentum", 0.9),
            max_iter=20,
            random_state=0,
        ),
    )


def boosting(kind):
    def model(p):
        return kind(
            learning_rate=p["learning_rate"],
            n_estimators=p["trees"],
            max_depth=p["depth"],
            subsample=p["subsample"],
            min_samples_leaf=p["leaf"],
            max_features=p["features"],
            random_state=0,
        )

    return model


def any_classifier(p):
    if p["model"] == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression(C=p["cost"], max_iter=200))
    if p["model"] == "neighbors":
        return make_pipeline(
            StandardScaler(),
            KNeighborsClassifier(n_neighbors=p["neighbors"], weights=p["weights"]),
        )
    if p["model"] == "boosting":
        return boosting(GradientBoostingClassifier)(p)
    return mlp({**p, "layers": 1, "activation": "relu", "solver": "adam", "batch_size": 32})


RIDGE = {"alpha": floating(1e-4, 1e5, True), "degree": whole(1, 3)}
KERNEL_RIDGE = {
    "alpha": floating(1e-5, 1e2, True),
    "kernel": choice("rbf", "laplacian", "polynomial"),
    "gamma": floating(1e-5, 1e1, True),
    "degree": when(whole(2, 4), kernel="polynomial"),
}
SVM = {
    "cost": floating(1e-3, 1e4, True),
    "kernel": choice("linear", "poly", "rbf", "sigmoid"),
    "gamma": when(floating(1e-5, 1e1, True), kernel=["poly", "rbf", "sigmoid"]),
    "degree": when(whole(2, 5), kernel="poly"),
    "coef0": when(floating(-1, 1), kernel=["poly", "sigmoid"]),
}
MLP = {
    "layers": whole(1, 3),
    "units": whole(8, 128, True),
    "activation": choice("relu", "tanh", "logistic"),
    "solver": choice("adam", "sgd"),
    "learning_rate": floating(1e-4, 1e-1, True),
    "momentum": when(floating(0, 0.99), solver="sgd"),
    "weight_decay": floating(1e-6, 1e0, True),
    "batch_size": whole(8, 128, True),
}
BOOSTING = {
    "learning_rate": floating(1e-3, 1e0, True),
    "trees": whole(5, 100, True),
    "depth": whole(1, 8),
    "subsample": floating(0.3, 1),
    "leaf": whole(1, 30, True),
    "features": floating(0.1, 1),
}
ANY = {
    "model": choice("logistic", "neighbors", "boosting", "network"),
    "cost": when(floating(1e-4, 1e3, True), model="logistic"),
    "neighbors": when(whole(1, 50, True), model="neighbors"),
    "weights": when(choice("uniform", "distance"), model="neighbors"),
    **{name: when(spec, model="boosting") for name, spec in BOOSTING.items() if name != "learning_rate"},
    "learning_rate": when(floating(1e-4, 1e0, True), model=["boosting", "network"]),
    "units": when(whole(8, 128, True), model="network"),
    "weight_decay": when(floating(1e-6, 1e0, True), model="network"),
}

TASKS = {
    "ridge-diabetes": ("diabetes", RIDGE, ridge),
    "kernel-ridge-diabetes": ("diabetes", KERNEL_RIDGE, kernel_ridge),
    "svm-digits": ("digits", SVM, svm),
    "svm-breast_cancer": ("breast_cancer", SVM, svm),
    "mlp-digits": ("digits", MLP, mlp),
    "mlp-wine": ("wine", MLP, mlp),
    "boosting-diabetes": ("diabetes", BOOSTING, boosting(GradientBoostingRegressor)),
    "boosting-breast_cancer": ("breast_cancer", BOOSTING, boosting(GradientBoostingClassifier)),
    "any-breast_cancer": ("breast_cancer", ANY, any_classifier),
    "any-wine": ("wine", ANY, any_classifier),
}

loaded = {}


def folds(name):
    """The training and validation parts of three folds, shuffled by a fixed seed."""
    if name not in loaded:
        x, y = load(name)
        order = np.random.default_rng(0).permutation(len(x))[:MOST_SAMPLES]
        x, y = x[order], y[order]
        is_regression = name == "diabetes"
        if is_regression:
            y = (y - y.mean()) / y.std()
        kind = KFold if is_regression else StratifiedKFold
        parts = kind(3, shuffle=True, random_state=0).split(x, y)
        loaded[name] = x, y, list(parts), is_regression
    return loaded[name]


def evaluate(task, params, budget):
    name, _, build = TASKS[task]
    x, y, parts, is_regression = folds(name)
    losses, errors = [], []
    start = time.perf_counter()
    for train, test in parts:
        # A shuffled part of them all, so that every class stays in it.
        train = np.random.default_rng(1).permutation(train)[: max(10, int(budget * len(train)))]
        model = build(params)
        try:
            model.fit(x[train], y[train])
            if is_regression:
                errors.append(float(mean_squared_error(y[test], model.predict(x[test])) ** 0.5))
                losses.append(errors[-1])
                continue
            errors.append(float(np.mean(model.predict(x[test]) != y[test])))
            if hasattr(model, "predict_proba"):
                losses.append(
                    float(log_loss(y[test], model.predict_proba(x[test]), labels=model.classes_))
                )
            else:
                losses.append(errors[-1])
        except (ValueError, np.linalg.LinAlgError):
            # A training that blew up: as bad as can be, but a number.
            losses.append(10.0)
            errors.append(1.0)
    # The target's own scale bounds what a runaway model is charged with.
    return {
        "loss": min(10.0, float(np.mean(losses))),
        "error rate": min(10.0, float(np.mean(errors))),
        "seconds": time.perf_counter() - start,
    }


def main():
    warnings.filterwarnings("ignore")
    for line in sys.stdin:
        request = json.loads(line)
        if "describe" in request:
            answer = {
                "tasks": {
                    task: [{"name": name, "role": "other", **spec} for name, spec in space.items()]
                    for task, (_, space, _) in TASKS.items()
                }
            }
        else:
            try:
                answer = evaluate(request["task"], request["params"], request.get("budget", 1.0))
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
