"""Writes tpe_truncated_normal.json, which tpe_kernels_test.ts compares with, from SciPy.

Run: python tpe_truncated_normal.py     (made with SciPy 1.17.1)

Normal distributions cut to [0, 1]: the log-density at places x, the log-mass of
cells [from, to], and quantiles at u.
"""

import json
import os

import numpy as np
import scipy
from scipy.stats import truncnorm

HERE = os.path.dirname(os.path.abspath(__file__))
PLACES = [0.0, 0.013, 0.25, 0.5, 0.77, 1.0]
QUANTILES = [0.001, 0.1, 0.5, 0.9, 0.999]

cases = []
for mean in [0.0, 0.02, 0.3, 0.5, 0.9, 1.0]:
    for width in [0.03, 0.1, 0.4, 1.0]:
        d = truncnorm((0 - mean) / width, (1 - mean) / width, mean, width)
        edges = np.arange(6) / 5
        with np.errstate(divide="ignore"):
            mass = np.where(
                edges[:-1] >= mean,
                d.sf(edges[:-1]) - d.sf(edges[1:]),
                d.cdf(edges[1:]) - d.cdf(edges[:-1]),
            )
        cases.append(
            {
                "mean": mean,
                "width": width,
                "logDensity": d.logpdf(PLACES).tolist(),
                "mass": mass.tolist(),
                "quantile": d.ppf(QUANTILES).tolist(),
            }
        )

with open(os.path.join(HERE, "tpe_truncated_normal.json"), "w") as file:
    json.dump(
        {
            "scipy": scipy.__version__,
            "places": PLACES,
            "quantiles": QUANTILES,
            "cases": cases,
        },
        file,
    )
    file.write("\n")
