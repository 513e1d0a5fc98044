"""Other people's warm starts, by ask and tell; smaller is better.

A source is a list of (raw values by parameter, value); see ../../quality/peers/space.py.
"""

from importlib.metadata import version

import numpy as np
import optuna
import pandas as pd
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)


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


class RGPE:
    """OpenBox's: a Gaussian process a source, weighed by ranks."""

    def __init__(self, space, sources, seed):
        from openbox import Advisor, History, Observation
        from openbox import space as sp

        self.version = version("openbox")
        self.observation = Observation
        self.space = sp.Space()
        for p in space.free:
            if p.kind == "category":
                self.space.add_variable(sp.Categorical(p.name, p.codes))
            else:
                kind = sp.Int if p.kind == "int" else sp.Real
                self.space.add_variable(kind(p.name, p.low, p.high, log=p.log))
        histories = []
        for i, source in enumerate(sources):
            history = History(task_id=f"task {i}", config_space=self.space)
            for raw, value in source:
                history.update_observation(Observation(config=sp.Configuration(self.space, values=raw), objectives=[value]))
            histories.append(history)
        self.advisor = Advisor(
            config_space=self.space, num_objectives=1, surrogate_type="tlbo_rgpe_gp",
            transfer_learning_history=histories, initial_trials=3, random_state=seed, task_id="target", output_dir="out/openbox_logs")

    def ask(self):
        self.config = self.advisor.get_suggestion()
        return self.config.get_dictionary()

    def tell(self, value):
        self.advisor.update_observation(self.observation(config=self.config, objectives=[value]))


PEERS = {
    "synetune-zeroshot": ZeroShot,
    "synetune-quantile": Quantile,
    "synetune-box": BoundingBox,
    "optuna-warm-cmaes": WarmCMAES,
    "openbox-rgpe": RGPE,
}
