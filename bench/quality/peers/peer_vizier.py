"""Vizier's default algorithm, run without its service; conditions flattened."""

from importlib.metadata import version

import jax

# In single precision its fit gives no numbers, and from the third on its suggestions are empty.
jax.config.update("jax_enable_x64", True)

from vizier import algorithms as vza
from vizier import pyvizier as vz
from vizier._src.algorithms.designers.gp_ucb_pe import VizierGPUCBPEBandit


class VizierPeer:
    version = version("google-vizier")

    def __init__(self, space, seed, trials):
        problem = vz.ProblemStatement()
        root = problem.search_space.root
        for parameter in space.free:
            if parameter.kind == "category":
                root.add_categorical_param(parameter.name, parameter.codes)
                continue
            add = root.add_int_param if parameter.kind == "int" else root.add_float_param
            scale = vz.ScaleType.LOG if parameter.log else vz.ScaleType.LINEAR
            add(parameter.name, parameter.low, parameter.high, scale_type=scale)
        problem.metric_information.append(
            vz.MetricInformation(name="loss", goal=vz.ObjectiveMetricGoal.MINIMIZE)
        )
        self.designer = VizierGPUCBPEBandit(problem, rng=jax.random.PRNGKey(seed))
        self.count = 0

    def ask(self):
        (suggestion,) = self.designer.suggest(1)
        self.count += 1
        self.trial = suggestion.to_trial(self.count)
        return {name: value.value for name, value in suggestion.parameters.items()}

    def tell(self, value):
        self.trial.complete(vz.Measurement(metrics={"loss": value}))
        self.designer.update(vza.CompletedTrials([self.trial]), vza.ActiveTrials())
