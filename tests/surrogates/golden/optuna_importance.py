"""Writes optuna_importance.json, which importance_test.ts compares with, from Optuna.

Run: python optuna_importance.py     (made with Optuna 5.0.0, scikit-learn 1.9.1)

A case: {name, direction, space, trials, pedAnova, pedAnovaShares, fanova}: trials
are [value, {parameter: value}], `pedAnova` what the evaluator gives,
`pedAnovaShares` the same normalized, `fanova` the mean shares over ten forests,
of parameters that all trials have.
"""

import json
import math
import os
import warnings

import numpy as np
import optuna
import sklearn

HERE = os.path.dirname(os.path.abspath(__file__))
optuna.logging.set_verbosity(optuna.logging.CRITICAL)
warnings.filterwarnings("ignore")


def numbers(t):
    x = t.suggest_float("x", -10, 10)
    y = t.suggest_float("y", 0, 1)
    n = t.suggest_int("n", 1, 9)
    z = t.suggest_float("z", 0, 3, step=0.25)
    return x**2 + 20 * y + n + 0.1 * z


def training(t):
    lr = t.suggest_float("lr", 1e-5, 1e-1, log=True)
    units = t.suggest_int("units", 8, 512, log=True)
    kind = t.suggest_categorical("kind", ["adam", "sgd", "rmsprop"])
    norm = t.suggest_categorical("norm", [False, True])
    decay = t.suggest_float("decay", 1e-6, 1e-2, log=True)
    loss = (math.log10(lr) + 3) ** 2 + {"adam": 0, "sgd": 2.5, "rmsprop": 0.7}[kind]
    return 1 - 0.08 * (loss + 0.4 * (not norm) - 0.1 * math.log2(units) + 0 * decay)


def conditional(t):
    kind = t.suggest_categorical("kind", ["tree", "linear"])
    a = t.suggest_float("a", 0, 1)
    if kind == "tree":
        depth = t.suggest_int("depth", 1, 30)
        return (depth - 7) ** 2 / 50 + a
    c = t.suggest_float("c", 1e-3, 1e3, log=True)
    return 2 + math.log10(c) ** 2 + a


def ties(t):
    a = t.suggest_int("a", 0, 3)
    b = t.suggest_int("b", 1, 2, log=True)
    c = t.suggest_float("c", 0, 1)
    one = t.suggest_int("one", 4, 4)
    return float(a + round(c) + 0 * b + 0 * one)


SPACES = {
    "numbers": {
        "x": ["float", -10, 10, {}],
        "y": ["float", 0, 1, {}],
        "n": ["int", 1, 9, {}],
        "z": ["float", 0, 3, {"step": 0.25}],
    },
    "training": {
        "lr": ["float", 1e-5, 1e-1, {"log": True}],
        "units": ["int", 8, 512, {"log": True}],
        "kind": ["choice", ["adam", "sgd", "rmsprop"]],
        "norm": ["choice", [False, True]],
        "decay": ["float", 1e-6, 1e-2, {"log": True}],
    },
    "conditional": {
        "kind": ["choice", ["tree", "linear"]],
        "a": ["float", 0, 1, {}],
        "depth": ["int", 1, 30, {}],
        "c": ["float", 1e-3, 1e3, {"log": True}],
    },
    "ties": {
        "a": ["int", 0, 3, {}],
        "b": ["int", 1, 2, {"log": True}],
        "c": ["float", 0, 1, {}],
        "one": ["int", 4, 4, {}],
    },
}

CASES = [
    (numbers, "minimize", "random", 200),
    (numbers, "maximize", "random", 41),
    (training, "maximize", "random", 300),
    (training, "maximize", "tpe", 100),
    (conditional, "minimize", "random", 120),
    (conditional, "minimize", "tpe", 60),
    (ties, "minimize", "random", 37),
    (ties, "maximize", "random", 5),
    (numbers, "minimize", "random", 2),
]

cases = []
for seed, (objective, direction, sampler, n) in enumerate(CASES):
    samplers = optuna.samplers
    made = samplers.RandomSampler(seed=seed) if sampler == "random" else samplers.TPESampler(seed=seed)
    study = optuna.create_study(direction=direction, sampler=made)
    study.optimize(objective, n_trials=n)
    ped = optuna.importance.PedAnovaImportanceEvaluator()
    forests = [
        optuna.importance.FanovaImportanceEvaluator(seed=s).evaluate(study) for s in range(10)
    ]
    cases.append(
        {
            "name": f"{objective.__name__}, {direction}, {sampler}, {n} trials",
            "direction": direction,
            "space": SPACES[objective.__name__],
            "trials": [[t.value, t.params] for t in study.trials],
            "pedAnova": ped.evaluate(study),
            "pedAnovaShares": optuna.importance.get_param_importances(study, evaluator=ped),
            "fanova": {k: float(np.mean([f[k] for f in forests])) for k in forests[0]},
        }
    )

with open(os.path.join(HERE, "optuna_importance.json"), "w") as file:
    json.dump(
        {"optuna": optuna.__version__, "sklearn": sklearn.__version__, "cases": cases},
        file,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    file.write("\n")
