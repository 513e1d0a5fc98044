"""Syne Tune's schedulers by its ask and tell; conditions flattened."""

from importlib.metadata import version

import numpy as np
from syne_tune.config_space import choice, lograndint, loguniform, randint, uniform
from syne_tune.optimizer.baselines import BORE, BOTorch
from syne_tune.optimizer.schedulers.ask_tell_scheduler import AskTellScheduler


def domain(parameter):
    if parameter.kind == "category":
        return choice(parameter.codes)
    kind = {
        ("float", False): uniform,
        ("float", True): loguniform,
        ("int", False): randint,
        ("int", True): lograndint,
    }[parameter.kind, parameter.log]
    return kind(parameter.low, parameter.high)


class SyneTunePeer:
    version = version("syne-tune")

    def __init__(self, space, seed, trials):
        np.random.seed(seed)
        self.scheduler = AskTellScheduler(
            self.kind(
                config_space={parameter.name: domain(parameter) for parameter in space.free},
                metric="loss",
                do_minimize=True,
                random_seed=seed,
            )
        )

    def ask(self):
        self.trial = self.scheduler.ask()
        return self.trial.config

    def tell(self, value):
        self.scheduler.tell(self.trial, {"loss": value})


class BOREPeer(SyneTunePeer):
    kind = BORE


class BOTorchPeer(SyneTunePeer):
    kind = BOTorch
