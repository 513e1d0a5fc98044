"""Writes sobol.json, the values that sobol_test.ts compares with, from SciPy.

Run: python sobol.py            (writes sobol.json; made with SciPy 1.17.1)
     python sobol.py --table    (prints the text in lib/math/_direction_numbers.ts)

A point is written as whole numbers, SciPy's values times 2^30, in one text. A
scramble is written as each axis's matrix (a text of its rows, the first column
the highest of 30 bits) and the shifts of the axes, drawn just as SciPy's
Sobol._scramble draws them, since SciPy keeps its matrices to itself.
"""

import hashlib
import json
import os
import sys

import numpy as np
import scipy
import scipy.stats._qmc as qmc_module
from scipy._lib._util import rng_integers
from scipy.stats import qmc

BITS = 30
HERE = os.path.dirname(os.path.abspath(__file__))


def table(dimensions=256):
    folder = os.path.dirname(qmc_module.__file__)
    data = np.load(os.path.join(folder, "_sobol_direction_numbers.npz"))
    for axis in range(1, dimensions):
        poly = int(data["poly"][axis])
        degree = poly.bit_length() - 1
        coefficients = (poly - 2**degree - 1) // 2
        numbers = " ".join(str(int(m)) for m in data["vinit"][axis, :degree])
        print(f"{degree} {coefficients} {numbers}")


def whole(points):
    scaled = np.asarray(points) * 2**BITS
    assert (scaled == np.round(scaled)).all()
    return [text(point) for point in scaled.astype(int)]


def text(numbers):
    return " ".join(str(int(number)) for number in numbers)


def at(make, index):
    """Point number index alone."""
    engine = make()
    if index > 0:
        engine.fast_forward(index)
    return whole(engine.random(1))[0]


def plain(dimension, first, others):
    make = lambda: qmc.Sobol(dimension, scramble=False)
    return {
        "dimension": dimension,
        "first": whole(make().random(first)),
        "others": [{"index": i, "point": at(make, i)} for i in others],
    }


def scrambled(dimension, first, others, seed):
    rng = np.random.default_rng(seed).spawn(1)[0]  # as QMCEngine does
    bits = rng_integers(rng, 2, size=(dimension, BITS), dtype=np.uint32)
    shift = np.dot(bits, 2 ** np.arange(BITS, dtype=np.uint32))
    ltm = np.tril(rng_integers(rng, 2, size=(dimension, BITS, BITS), dtype=np.uint32))
    for axis in range(dimension):
        np.fill_diagonal(ltm[axis], 1)
    matrices = [text(int("".join(map(str, row)), 2) for row in axis) for axis in ltm]
    make = lambda: qmc.Sobol(dimension, scramble=True, rng=np.random.default_rng(seed))
    return {
        "dimension": dimension,
        "matrices": matrices,
        "shift": text(shift),
        "first": whole(make().random(first)),
        "others": [{"index": i, "point": at(make, i)} for i in others],
    }


def main():
    vectors = qmc.Sobol(256, scramble=False)._sv.astype("<u4")
    golden = {
        "scipy": scipy.__version__,
        "directionVectorsSha256": hashlib.sha256(vectors.tobytes()).hexdigest(),
        "plain": [
            plain(1, 16, [1000]),
            plain(5, 32, [63, 64, 1000, 2**20 + 12345]),
            plain(2, 1, [2**29 + 12345, 2**30 - 1]),
            plain(256, 4, [1000, 65535]),
        ],
        "scrambled": [
            scrambled(1, 16, [1000], 1),
            scrambled(4, 32, [1000, 2**20 + 12345], 2),
            scrambled(21, 8, [777], 3),
        ],
    }
    with open(os.path.join(HERE, "sobol.json"), "w") as file:
        json.dump(golden, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    table() if "--table" in sys.argv else main()
