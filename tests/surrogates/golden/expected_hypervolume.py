"""Exact EHVI from BoTorch: python expected_hypervolume.py > expected_hypervolume.json

Everything is minimized in the file; BoTorch maximizes.
"""

import json

import botorch
import numpy as np
import torch
from botorch.acquisition.multi_objective.analytic import ExpectedHypervolumeImprovement
from botorch.models.deterministic import GenericDeterministicModel
from botorch.posteriors import GPyTorchPosterior
from botorch.utils.multi_objective.box_decompositions import NondominatedPartitioning
from gpytorch.distributions import MultitaskMultivariateNormal

torch.set_default_dtype(torch.double)
rng = np.random.default_rng(7)
cases = []
for m, n in [(2, 0), (2, 1), (2, 6), (2, 25), (3, 0), (3, 1), (3, 5), (3, 30)]:
    front = rng.random((n, m))
    reference = np.full(m, 1.1)
    partitioning = NondominatedPartitioning(
        ref_point=torch.tensor(-reference), Y=torch.tensor(-front) if n else torch.empty(0, m)
    )
    for mean, sd in [
        (rng.random(m), 0.1 + rng.random(m)),
        (rng.random(m) * 0.4, 0.05 + 0.1 * rng.random(m)),
        (rng.random(m) + 0.5, 0.3 * rng.random(m) + 0.1),
    ]:

        class Model(GenericDeterministicModel):
            def posterior(self, X, **kwargs):
                return GPyTorchPosterior(
                    MultitaskMultivariateNormal(
                        torch.tensor(-mean)[None, None, :], torch.diag(torch.tensor(sd**2))[None]
                    )
                )

        value = ExpectedHypervolumeImprovement(
            model=Model(lambda X: X, num_outputs=m),
            ref_point=list(-reference),
            partitioning=partitioning,
        )(torch.zeros(1, 1, 1))
        cases.append(
            {
                "front": front.tolist(),
                "reference": reference.tolist(),
                "mean": mean.tolist(),
                "sd": sd.tolist(),
                "ehvi": float(value),
            }
        )
print(json.dumps({"origin": f"BoTorch {botorch.__version__}", "cases": cases}))
