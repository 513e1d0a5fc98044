"""Known values of the normal distribution, from mpmath.

    python3 -m pip install mpmath
    python3 tests/math/golden/normal.py

Writes normal.json: rows of x, Phi(x), log Phi(x), log(phi(x) + x Phi(x)).
"""

import json
from pathlib import Path

import mpmath

mpmath.mp.dps = 60


def row(x):
    x = mpmath.mpf(x)
    cdf = mpmath.erfc(-x / mpmath.sqrt(2)) / 2
    excess = mpmath.npdf(x) + x * cdf
    return [float(v) for v in (x, cdf, mpmath.log(cdf), mpmath.log(excess))]


xs = [-30, -12.5, -8, -5.01, -4.99, -3, -1.01, -0.99, -0.7, -0.6, -0.1]
xs += [0, 0.1, 0.6, 0.7, 1, 2, 5, 8]
golden = {"origin": f"mpmath {mpmath.__version__}, 60 digits", "rows": [row(x) for x in xs]}
path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
