"""Runs other people's evolutionary algorithms for bench/quality/evolution.ts: JSON lines over standard input and output.

One process serves many runs, one after the other. It asks for evaluations in the unit cube:

  {"start": {"algorithm": "pycma", "dimension": 5, "trials": 1000, "seed": 0}} -> {"evaluate": [[...], ...]}
  {"values": [[...], ...]}                                                     -> {"evaluate": [[...], ...]}
  …                                                                            -> {"done": true, "seconds": 1.5}

The seconds are those of the processor. Everything is minimized. Each algorithm
has its package's defaults, unless its function says otherwise; a run that ends
before its time begins anew with the next seed.
"""

import json
import logging
import math
import os
import sys
import time
import traceback
import warnings

import numpy as np

ANSWERS = None


class Spent(Exception):
    """All evaluations are used."""


class Task:
    """A function as its owner evaluates it."""

    def __init__(self, dimension, trials, objectives=1, populationSize=None, directions=None, **_):
        self.dimension = dimension
        self.trials = trials
        self.objectives = objectives
        self.population = populationSize
        self.directions = None if directions is None else np.array(directions)
        self.left = trials

    def evaluate(self, points):
        """Values [n, objectives] of points [n, dimension]."""
        points = np.atleast_2d(np.asarray(points, dtype=float))
        if self.left <= 0:
            raise Spent
        answer({"evaluate": points.tolist()})
        values = np.array(json.loads(sys.stdin.readline())["values"], dtype=float)
        self.left -= len(points)
        return values

    def value(self, point):
        return float(self.evaluate([point])[0, 0])


def answer(message):
    ANSWERS.write(json.dumps(message) + "\n")
    ANSWERS.flush()


def cmaes_once(task, seed, sigma, population=None, mean=None):
    """One run of cmaes; gives how many evaluations it had and whether it was small is up to the caller."""
    from cmaes import CMA

    n = task.dimension
    bounds = np.array([[0, 1]] * n)
    optimizer = CMA(
        mean=np.full(n, 0.5) if mean is None else mean,
        sigma=sigma,
        bounds=bounds,
        seed=seed,
        population_size=population,
    )
    spent = 0
    while not optimizer.should_stop():
        points = [optimizer.ask() for _ in range(optimizer.population_size)]
        values = task.evaluate(points)[:, 0]
        spent += len(points)
        optimizer.tell(list(zip(points, values)))
    return spent, optimizer.population_size


def cmaes(task, seed):
    """cmaes with the step size that Optuna gives it; where it stops, IPOP as in its README."""
    rng = np.random.RandomState(seed)
    mean, population = None, None
    while True:
        _, last = cmaes_once(task, seed, 1 / 6, population, mean)
        mean, population, seed = rng.rand(task.dimension), 2 * last, seed + 1


def cmaes_bipop(task, seed):
    """cmaes with BIPOP as in its README."""
    rng = np.random.RandomState(seed)
    usual = 4 + math.floor(3 * math.log(task.dimension))
    large, small, restarts, is_small = 0, 0, 0, False
    mean, sigma, population = None, 1 / 6, usual
    while True:
        spent, _ = cmaes_once(task, seed, sigma, population, mean)
        if is_small:
            small += spent
        else:
            large += spent
        seed += 1
        mean = rng.rand(task.dimension)
        is_small = restarts > 0 and small < large
        if is_small:
            multiplier = 2**restarts
            population = max(2, math.floor(usual * multiplier ** (rng.uniform() ** 2)))
            sigma = 1 / 6 * 10 ** (-2 * rng.uniform())
        else:
            restarts += 1
            population = usual * 2**restarts
            sigma = 1 / 6


def pycma(task, seed):
    """pycma with a quarter of the range, as its documentation recommends, and its BIPOP."""
    import cma

    while True:
        cma.fmin2(
            task.value,
            np.full(task.dimension, 0.5),
            0.25,
            {
                "bounds": [0, 1],
                "seed": seed + 1,
                "verbose": -9,
                "maxfevals": task.left,
                "verb_log": 0,
            },
            restarts=9,
            bipop=True,
            parallel_objective=None,
        )
        seed += 1


def optuna_study(task, sampler, objectives=1):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(directions=["minimize"] * objectives, sampler=sampler)

    def objective(trial):
        values = task.evaluate([[trial.suggest_float(f"x{j}", 0, 1) for j in range(task.dimension)]])[0]
        return tuple(values)

    study.optimize(objective, n_trials=task.trials)
    raise Spent


def optuna_cmaes(task, seed):
    from optuna.samplers import CmaEsSampler

    optuna_study(task, CmaEsSampler(seed=seed))


def optuna_nsga2(task, seed):
    from optuna.samplers import NSGAIISampler

    size = {} if task.population is None else {"population_size": task.population}
    optuna_study(task, NSGAIISampler(seed=seed, **size), task.objectives)


def optuna_nsga3(task, seed):
    from optuna.samplers import NSGAIIISampler

    size = {} if task.population is None else {"population_size": task.population}
    optuna_study(task, NSGAIIISampler(seed=seed, reference_points=task.directions, **size), task.objectives)


def pymoo_run(task, seed, make):
    from pymoo.core.problem import Problem
    from pymoo.optimize import minimize

    class Bridge(Problem):
        def __init__(self):
            super().__init__(n_var=task.dimension, n_obj=task.objectives, xl=0.0, xu=1.0)

        def _evaluate(self, x, out, *args, **kwargs):
            out["F"] = task.evaluate(x)

    while True:
        minimize(Bridge(), make(task), ("n_eval", task.left), seed=seed, verbose=False)
        seed += 1


def pymoo(path, name, **options):
    def run(task, seed):
        import importlib

        kind = getattr(importlib.import_module(path), name)

        def make(task):
            more = dict(options)
            if task.population is not None:
                more["pop_size"] = task.population
            if name == "NSGA3":
                more["ref_dirs"] = task.directions
            return kind(**more)

        pymoo_run(task, seed, make)

    return run


def scipy_de(task, seed):
    from scipy.optimize import differential_evolution

    while True:
        differential_evolution(
            task.value, [(0, 1)] * task.dimension, seed=seed, maxiter=10**6, polish=False
        )
        seed += 1


ALGORITHMS = {
    "cmaes": cmaes,
    "cmaes-bipop": cmaes_bipop,
    "pycma": pycma,
    "optuna-cmaes": optuna_cmaes,
    "optuna-nsga2": optuna_nsga2,
    "optuna-nsga3": optuna_nsga3,
    # x0 and the step size are pymoo's own defaults: the best of 20 points, 0.1 of the range.
    "pymoo-cmaes": pymoo("pymoo.algorithms.soo.nonconvex.cmaes", "CMAES", restarts=9, bipop=True),
    "pymoo-de": pymoo("pymoo.algorithms.soo.nonconvex.de", "DE"),
    "pymoo-ga": pymoo("pymoo.algorithms.soo.nonconvex.ga", "GA"),
    "pymoo-pso": pymoo("pymoo.algorithms.soo.nonconvex.pso", "PSO"),
    "pymoo-nsga2": pymoo("pymoo.algorithms.moo.nsga2", "NSGA2"),
    "pymoo-nsga3": pymoo("pymoo.algorithms.moo.nsga3", "NSGA3"),
    "scipy-de": scipy_de,
}


def main():
    global ANSWERS
    # The packages may print; the answers have a channel of their own.
    ANSWERS = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    while line := sys.stdin.readline():
        options = json.loads(line)["start"]
        start = time.process_time()
        try:
            ALGORITHMS[options["algorithm"]](Task(**options), options["seed"])
        except Spent:
            pass
        except Exception as error:
            traceback.print_exc()
            answer({"error": f"{type(error).__name__}: {error}"})
            continue
        answer({"done": True, "seconds": time.process_time() - start})


if __name__ == "__main__":
    main()
