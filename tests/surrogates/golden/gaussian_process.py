"""Known values of Gaussian process regression, from scikit-learn and NumPy.

    python3 -m pip install scikit-learn
    python3 tests/surrogates/golden/gaussian_process.py

Writes gaussian_process.json. The slopes of predictions, which scikit-learn does
not give, are complex-step derivatives (Martins, Sturdza and Alonso 2003), exact
to the last digits, of the same predictions written out in NumPy. A category is a corner of a simplex: one column a
category, 1/sqrt(2) in its own, so that two different ones are 1 apart.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

CATEGORIES = 3
random = np.random.default_rng(20260101)


def one_hot(points):
    codes = points[:, -1].astype(int)
    return np.hstack([points[:, :-1], np.eye(CATEGORIES)[codes] / np.sqrt(2)])


def draw(count):
    numbers = random.random((count, 2))
    return np.hstack([numbers, random.integers(0, CATEGORIES, (count, 1))])


def slopes_at(points, inputs, values, lengthscales, output_scale, noise):
    """Means, deviations and their slopes along the numbers, for mean 0."""
    scales = np.array([*lengthscales[:-1], *[lengthscales[-1]] * CATEGORIES])
    known = one_hot(inputs)

    def covariances(a, b):
        square = (((a[:, None, :] - b[None, :, :]) / scales) ** 2).sum(axis=2)
        far = np.sqrt(5 * square)
        return output_scale * (1 + far + 5 / 3 * square) * np.exp(-far)

    whole = covariances(known, known) + noise * np.eye(len(values))

    def predict(point):
        row = covariances(point[None, :], known)[0]
        return (
            row @ np.linalg.solve(whole, values),
            np.sqrt(output_scale - row @ np.linalg.solve(whole, row)),
        )

    step = 1e-30
    found = [predict(point) for point in one_hot(points)]
    slopes = np.zeros((2, len(points), 3))
    for i, point in enumerate(one_hot(points).astype(complex)):
        for j in range(2):
            moved = point.copy()
            moved[j] += 1j * step
            slopes[:, i, j] = [value.imag / step for value in predict(moved)]
    return np.array(found).T, slopes


def case(count, lengthscales, output_scale, noise):
    inputs, points = draw(count), draw(7)
    values = np.sin(5 * inputs[:, 0]) + inputs[:, 1] * (inputs[:, 2] - 1)
    values += 0.1 * random.standard_normal(count)
    kernel = ConstantKernel(output_scale) * Matern(
        [*lengthscales[:-1], *[lengthscales[-1]] * CATEGORIES], nu=2.5
    ) + WhiteKernel(noise)
    model = GaussianProcessRegressor(kernel, alpha=0, optimizer=None)
    model.fit(one_hot(inputs), values)
    likelihood, slopes = model.log_marginal_likelihood(
        kernel.theta, eval_gradient=True
    )
    mean, sd = model.predict(one_hot(points), return_std=True)

    found, slopes_of = slopes_at(
        points, inputs, values, lengthscales, output_scale, noise
    )
    assert np.allclose(found[0], mean, rtol=1e-11)
    assert np.allclose(found[1], np.sqrt(sd**2 - noise), rtol=1e-9)

    # The most likely mean, and each value left out in turn, by definition.
    covariance = kernel(one_hot(inputs))
    ones = np.ones(count)
    solved = np.linalg.solve(covariance, np.stack([values, ones]).T)
    best_mean = ones @ solved[:, 0] / (ones @ solved[:, 1])
    rest = values - best_mean
    profiled = -0.5 * (
        rest @ np.linalg.solve(covariance, rest)
        + np.linalg.slogdet(covariance)[1]
        + count * np.log(2 * np.pi)
    )
    left_out_mean, left_out_sd = [], []
    for i in range(count):
        others = np.arange(count) != i
        weights = np.linalg.solve(
            covariance[np.ix_(others, others)], covariance[others, i]
        )
        left_out_mean.append(best_mean + weights @ rest[others])
        left_out_sd.append(
            np.sqrt(covariance[i, i] - weights @ covariance[others, i])
        )
    return {
        "lengthscales": lengthscales,
        "outputScale": output_scale,
        "noise": noise,
        "inputs": inputs.ravel().tolist(),
        "values": values.tolist(),
        "points": points.ravel().tolist(),
        "logLikelihood": likelihood,
        # In our order: lengthscales, output scale, noise.
        "gradient": [
            *slopes[1:3].tolist(),
            slopes[3 : 3 + CATEGORIES].sum(),
            slopes[0],
            slopes[-1],
        ],
        "mean": mean.tolist(),
        # scikit-learn's deviations have the noise in them.
        "sd": np.sqrt(sd**2 - noise).tolist(),
        # 0 along categories.
        "meanGradient": slopes_of[0].ravel().tolist(),
        "sdGradient": slopes_of[1].ravel().tolist(),
        "bestMean": best_mean,
        "profiledLogLikelihood": profiled,
        "leftOutMean": left_out_mean,
        "leftOutSd": left_out_sd,
    }


golden = {
    "origin": f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}, SciPy {scipy.__version__}",
    "cases": [
        case(3, [0.5, 0.5, 1.0], 1.0, 0.1),
        case(17, [0.3, 1.4, 0.8], 1.7, 1e-2),
        case(40, [0.8, 0.2, 2.5], 0.6, 1e-3),
    ],
}
path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
