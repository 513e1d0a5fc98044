"""scikit-optimize's Optimizer with a Gaussian process, its default; conditions flattened."""

from importlib.metadata import version

from skopt import Optimizer
from skopt.space import Categorical, Integer, Real


def dimension(parameter):
    if parameter.kind == "category":
        return Categorical(parameter.codes, name=parameter.name)
    kind = Integer if parameter.kind == "int" else Real
    prior = "log-uniform" if parameter.log else "uniform"
    return kind(parameter.low, parameter.high, prior=prior, name=parameter.name)


class SkoptPeer:
    version = version("scikit-optimize")

    def __init__(self, space, seed, trials):
        self.names = [parameter.name for parameter in space.free]
        self.optimizer = Optimizer(
            [dimension(parameter) for parameter in space.free], random_state=seed
        )

    def ask(self):
        self.point = self.optimizer.ask()
        return dict(zip(self.names, self.point))

    def tell(self, value):
        self.optimizer.tell(self.point, value)
