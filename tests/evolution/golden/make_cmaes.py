"""States of CMA-ES after generations of given points: golden data of gaussian_search_test.ts.

Made with cmaes 0.13.1 (MIT) and NumPy: python tests/evolution/golden/make_cmaes.py > tests/evolution/golden/cmaes.json
"""

import json

import numpy as np
from cmaes import CMA, CMAwM, SepCMA, get_warm_start_mgd


def value(x):
    scale = 10.0 ** np.arange(len(x))
    return float(np.sum(scale * (x - 0.3) ** 2) + x[0] * x[-1])


def state(cma):
    return {
        "mean": cma._mean.tolist(),
        "sigma": float(cma._sigma),
        "covariance": np.asarray(cma._C).ravel().tolist(),
        "sigmaPath": cma._p_sigma.tolist(),
        "covariancePath": cma._pc.tolist(),
    }


def run(cma, generations=12):
    steps = []
    for _ in range(generations):
        points = [cma._sample_solution() for _ in range(cma.population_size)]
        solutions = [(x, value(x)) for x in points]
        cma.tell(list(solutions))
        steps.append({"points": [x.tolist() for x in points], "values": [v for _, v in solutions], "after": state(cma)})
    return steps


def run_margin(generations=20):
    n, counts = 4, [None, 2, 5, None]
    bounds = np.array([[0, 1], [0.25, 0.75], [0.1, 0.9], [0, 1]])
    steps = np.array([0, 0.5, 0.2, 0])
    cma = CMAwM(mean=np.full(n, 0.5), sigma=0.25, bounds=bounds, steps=steps, seed=3)
    out = []
    for _ in range(generations):
        points = [cma._cma._sample_solution() for _ in range(cma.population_size)]
        solutions = [(x, value(x)) for x in points]
        cma.tell(list(solutions))
        out.append(
            {
                "points": [x.tolist() for x in points],
                "values": [v for _, v in solutions],
                "after": {**state(cma._cma), "stretch": cma._A.tolist()},
            }
        )
    return {"counts": counts, "steps": out}


rng = np.random.RandomState(5)
sources = [(x, value(x)) for x in rng.rand(40, 3)]
mean, sigma, cov = get_warm_start_mgd(sources, gamma=0.2, alpha=0.1)
print(
    json.dumps(
        {
            "full": run(CMA(mean=np.full(3, 0.5), sigma=0.25, seed=1)),
            "separable": run(SepCMA(mean=np.full(3, 0.5), sigma=0.25, seed=2)),
            "margin": run_margin(),
            "warmStart": {
                "sources": [{"point": x.tolist(), "value": v} for x, v in sources],
                "mean": mean.tolist(),
                "sigma": sigma,
                "covariance": cov.ravel().tolist(),
            },
        }
    )
)
