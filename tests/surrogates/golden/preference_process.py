"""A preference process with SciPy and dense inverses: python preference_process.py > preference_process.json

The mode by BFGS, the covariance as (K⁻¹ + W)⁻¹ by numpy.linalg.inv.
"""

import json

import numpy as np
import scipy
from scipy.optimize import minimize
from scipy.stats import norm
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

rng = np.random.default_rng(3)
X = rng.random((6, 2))
pairs = [(0, 1), (2, 1), (2, 3), (4, 0), (2, 5), (5, 4), (1, 3)]
lengthscales, scale = [0.4, 0.9], 2.5
kernel = ConstantKernel(scale) * Matern(length_scale=lengthscales, nu=2.5)
K = kernel(X) + 1e-8 * scale * np.eye(6)
inverse = np.linalg.inv(K)
b, w = np.array(pairs).T


def loss(f):
    return -norm.logcdf(f[b] - f[w]).sum() + f @ inverse @ f / 2


def slope(f):
    g = np.exp(norm.logpdf(f[b] - f[w]) - norm.logcdf(f[b] - f[w]))
    out = inverse @ f
    np.add.at(out, b, -g)
    np.add.at(out, w, g)
    return out


f = minimize(loss, np.zeros(6), jac=slope, method="BFGS", options={"gtol": 1e-11}).x
z = f[b] - f[w]
g = np.exp(norm.logpdf(z) - norm.logcdf(z))
W = np.zeros((6, 6))
for i, j, h in zip(b, w, g * (g + z)):
    e = np.zeros(6)
    e[i], e[j] = 1, -1
    W += h * np.outer(e, e)
points = rng.random((3, 2))
k = kernel(points, X)
post = np.linalg.inv(inverse + W)
mean = k @ inverse @ f
cov = kernel(points) - k @ inverse @ k.T + k @ inverse @ post @ inverse @ k.T
evidence = -loss(f) - np.linalg.slogdet(np.eye(6) + K @ W)[1] / 2
print(
    json.dumps(
        {
            "origin": f"SciPy {scipy.__version__}",
            "inputs": X.tolist(),
            "pairs": pairs,
            "lengthscales": lengthscales,
            "outputScale": scale,
            "points": points.tolist(),
            "mean": mean.tolist(),
            "covariance": cov.tolist(),
            "logLikelihood": evidence,
        },
        indent=1,
    )
)
