"""Other people's optimizers of several objectives, by ask and tell: JSON lines over standard input and output.

  {"start": {"optimizer": "optuna-tpe", "lower": [...], "upper": [...], "objectives": 2, "seed": 0}} -> {"version": "5.0.0"}
  {"ask": true}                                                                                      -> {"x": [...], "ms": 1.5}
  {"tell": [0.1, 2.0]}                                                                               -> {"ms": 0.1}

All objectives are minimized; milliseconds are those of the processor. Generations are of 20, since
with some hundred evaluations the packages' own 50 and 100 leave next to none.
"""

import json
import logging
import os
import sys
import time
import traceback
import warnings

GENERATION = 20


class Optuna:
    def __init__(self, optimizer, lower, upper, objectives, seed):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.version = optuna.__version__
        samplers = optuna.samplers
        sampler = {
            "optuna-tpe": lambda: samplers.TPESampler(seed=seed),
            "optuna-gp": lambda: samplers.GPSampler(seed=seed, deterministic_objective=True),
            "optuna-nsga2": lambda: samplers.NSGAIISampler(seed=seed, population_size=GENERATION),
        }[optimizer]()
        self.study = optuna.create_study(directions=["minimize"] * objectives, sampler=sampler)
        self.bounds = list(zip(lower, upper))

    def ask(self):
        self.trial = self.study.ask()
        return [self.trial.suggest_float(f"x{i}", *bounds) for i, bounds in enumerate(self.bounds)]

    def tell(self, values):
        self.study.tell(self.trial, values)


class Pymoo:
    def __init__(self, optimizer, lower, upper, objectives, seed):
        import numpy as np
        import pymoo
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.core.problem import Problem

        self.version = pymoo.__version__
        self.np = np
        self.problem = Problem(
            n_var=len(lower), n_obj=objectives, xl=np.array(lower), xu=np.array(upper)
        )
        self.algorithm = NSGA2(pop_size=GENERATION)
        self.algorithm.setup(self.problem, termination=("n_gen", 10**6), seed=seed, verbose=False)
        self.infills, self.at = None, 0

    def ask(self):
        if self.infills is None:
            self.infills, self.at = self.algorithm.ask(), 0
            self.values = []
        return [float(x) for x in self.infills[self.at].X]

    def tell(self, values):
        self.values.append(values)
        self.at += 1
        if self.at < len(self.infills):
            return
        from pymoo.core.evaluator import Evaluator
        from pymoo.problems.static import StaticProblem

        static = StaticProblem(self.problem, F=self.np.array(self.values))
        Evaluator().eval(static, self.infills)
        self.algorithm.tell(infills=self.infills)
        self.infills = None


def main():
    # The packages may print; the answers have a channel of their own.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    peer = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {}
            start = time.process_time()
            if "start" in request:
                options = request["start"]
                kind = Pymoo if options["optimizer"].startswith("pymoo") else Optuna
                peer = kind(**options)
                answer["version"] = peer.version
            elif "ask" in request:
                answer["x"] = peer.ask()
                answer["ms"] = 1000 * (time.process_time() - start)
            else:
                peer.tell(request["tell"])
                answer["ms"] = 1000 * (time.process_time() - start)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
