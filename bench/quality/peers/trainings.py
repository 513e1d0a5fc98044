"""Real trainings, small enough to repeat: evaluates configurations by scikit-learn, JSON lines in and out.

  {"describe": true}                              -> {"tasks": {name: space}}
  {"task": "...", "params": {...}, "budget": 1.0} -> {"loss": 0.1, "error rate": 0.02, "seconds": 0.3}

The loss is the mean over three folds: cross-entropy for classifiers with probabilities, the share
of errors for support vector machines, the root mean squared error in standard deviations of the
target for regressions. Folds and initial weights are the same every time, so that equal
configurations give equal losses. The budget is the share of the training samples that is used.
With a folder as argument, the data sets are read from it, else from scikit-learn's own copies.
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.metrics import log_loss, mean_squared_error

from trainings_conditional import CONDITIONAL_TASKS
from trainings_data import folds
from trainings_plain import PLAIN_TASKS
from trainings_super import SUPER_TASKS

# Each: the data set, the space, and what makes a model of a configuration.
TASKS = {**PLAIN_TASKS, **CONDITIONAL_TASKS, **SUPER_TASKS}


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
