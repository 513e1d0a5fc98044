"""Optuna's warm start, by ask and tell; smaller is better.

A source is a list of (raw values by parameter, value); see ../../quality/peers/space.py.
"""

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)


class OptunaPeer:
    def __init__(self, space, sources, seed):
        self.version = optuna.__version__
        self.distributions = {p.name: self.distribution(p) for p in space.free}
        self.study = optuna.create_study(sampler=self.sampler(sources, seed))

    def distribution(self, p):
        if p.kind == "category":
            return CategoricalDistribution(p.codes)
        return (IntDistribution if p.kind == "int" else FloatDistribution)(p.low, p.high, log=p.log)

    def ask(self):
        self.trial = self.study.ask(self.distributions)
        return self.trial.params

    def tell(self, value):
        self.study.tell(self.trial, value)


class WarmCMAES(OptunaPeer):
    """WS-CMA-ES takes one source: all of ours, each as the ranks of its values, in one.

    Categories it cannot have: Optuna draws them at random.
    """

    def sampler(self, sources, seed):
        trials = []
        numbers = {k: d for k, d in self.distributions.items() if not isinstance(d, CategoricalDistribution)}
        for source in sources:
            order = np.argsort(np.argsort([value for _, value in source]))
            for (raw, _), rank in zip(source, order):
                trials.append(optuna.trial.create_trial(
                    params={k: raw[k] for k in numbers}, distributions=numbers, value=float(rank / len(source))))
        return optuna.samplers.CmaEsSampler(seed=seed, source_trials=trials, warn_independent_sampling=False)
