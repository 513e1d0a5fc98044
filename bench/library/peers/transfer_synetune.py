"""Syne Tune's transfer schedulers, by ask and tell; smaller is better.

A source is a list of (raw values by parameter, value); see ../../quality/peers/space.py.
"""

from importlib.metadata import version

import numpy as np
import pandas as pd


class SyneTunePeer:
    """A scheduler of Syne Tune's. The sources become its tables of evaluations."""

    def __init__(self, space, sources, seed):
        from peer_synetune import domain
        from syne_tune.optimizer.schedulers.ask_tell_scheduler import AskTellScheduler
        from syne_tune.optimizer.schedulers.transfer_learning.transfer_learning_task_evaluation import (
            TransferLearningTaskEvaluations,
        )

        self.version = version("syne-tune")
        np.random.seed(seed)
        domains = {parameter.name: domain(parameter) for parameter in space.free}
        evaluations = {
            f"task {i}": TransferLearningTaskEvaluations(
                configuration_space=domains,
                hyperparameters=pd.DataFrame([raw for raw, _ in source])[list(domains)],
                objectives_names=["loss"],
                objectives_evaluations=np.array([value for _, value in source]).reshape(-1, 1, 1, 1),
            )
            for i, source in enumerate(sources)
        }
        self.scheduler = AskTellScheduler(self.make(domains, evaluations, seed))

    def ask(self):
        self.trial = self.scheduler.ask()
        return self.trial.config

    def tell(self, value):
        self.scheduler.tell(self.trial, {"loss": value})


class ZeroShot(SyneTunePeer):
    def make(self, domains, evaluations, seed):
        from syne_tune.optimizer.schedulers.transfer_learning.zero_shot import ZeroShotTransfer

        # It draws before it has made its own stream (0.16.0).
        ZeroShotTransfer.random_state = np.random.RandomState(seed)
        return ZeroShotTransfer(
            domains, "loss", evaluations, do_minimize=True, use_surrogates=True, random_seed=seed)


class Quantile(SyneTunePeer):
    def make(self, domains, evaluations, seed):
        from syne_tune.optimizer.schedulers.single_objective_scheduler import SingleObjectiveScheduler
        from syne_tune.optimizer.schedulers.transfer_learning.quantile_based.quantile_based_searcher import (
            QuantileBasedSurrogateSearcher,
        )

        return SingleObjectiveScheduler(
            domains, "loss", do_minimize=True, random_seed=seed,
            searcher=QuantileBasedSurrogateSearcher(domains, evaluations, random_seed=seed))


class BoundingBox(SyneTunePeer):
    """The box around each source's best, searched by BoTorch's Gaussian process."""

    def make(self, domains, evaluations, seed):
        from syne_tune.optimizer.baselines import BOTorch
        from syne_tune.optimizer.schedulers.transfer_learning.bounding_box import BoundingBox as Box

        def inside(box, metric, do_minimize, seed):
            return BOTorch(config_space=box, metric=metric, do_minimize=do_minimize, random_seed=seed)

        return Box(inside, domains, "loss", evaluations, do_minimize=True, random_seed=seed)
