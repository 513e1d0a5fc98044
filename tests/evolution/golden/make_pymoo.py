"""What pymoo's operators give for given random numbers: golden data of operators_test.ts.

Made with pymoo 0.6.2 (Apache 2.0) and NumPy 2.4.6:
python tests/evolution/golden/make_pymoo.py > tests/evolution/golden/pymoo.json
"""

import json

import numpy as np
from pymoo.algorithms.moo.nsga3 import (
    HyperplaneNormalization,
    associate_to_niches,
    calc_niche_count,
    niching,
)
from pymoo.algorithms.soo.nonconvex.pso import pso_equation
from pymoo.operators.crossover.dex import de_differential
from pymoo.operators.crossover.sbx import cross_sbx
from pymoo.operators.mutation.pm import mut_pm
from pymoo.operators.survival.rank_and_crowding.metrics import calc_crowding_distance
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting
from pymoo.util.ref_dirs import get_reference_directions


class Fed:
    """A generator that gives what it was given; what is left over is in order."""

    def __init__(self, *numbers):
        self.numbers = list(numbers)

    def random(self, shape=None, size=None):
        return np.asarray(self.numbers.pop(0), dtype=float).reshape(shape if shape is not None else -1)

    def permutation(self, n):
        return np.arange(n)

    def shuffle(self, items):
        pass


rng = np.random.RandomState(11)
zero, one = np.zeros(1), np.ones(1)


def sbx(a, b, u, eta):
    """The children near the first and near the second parent."""
    fed = Fed([0.0], [u], [0.99])
    X = np.array([[[a]], [[b]]])
    # prob_bin = 0 and the number 0.99: no exchange but the one by order, which is undone here.
    Q = cross_sbx(X, zero, one, np.array([[float(eta)]]), 1.0, np.array([[0.0]]), random_state=fed)
    children = Q[:, 0, 0].tolist()
    return children[::-1] if a > b else children


def pm(x, u, eta):
    return float(
        mut_pm(
            np.array([[x]]), zero, one, np.array([float(eta)]), np.array([1.0]), False, random_state=Fed([0.0], [u])
        )[0, 0]
    )


def rounded(shape):
    return np.round(rng.rand(*shape), 6)


crossings, mutations = [], []
for a, b, u in [*rounded((20, 3)), (0.0, 1.0, 0.3), (0.0, 0.2, 0.9), (0.7, 1.0, 0.999)]:
    for eta in (2, 15, 20):
        crossings.append({"a": a, "b": b, "u": u, "eta": eta, "children": sbx(a, b, u, eta)})
for x, u in [*rounded((20, 2)), (0.0, 0.7), (1.0, 0.2)]:
    for eta in (5, 20):
        mutations.append({"x": x, "u": u, "eta": eta, "to": pm(x, u, eta)})


def crowding(values):
    distances = calc_crowding_distance(values)
    return {"values": values.tolist(), "distances": [None if np.isinf(d) else float(d) for d in distances]}


def front(n, m):
    """Points of the unit sphere, its corners among them: so the plane through the extreme points is no further out than the worst values, to which pymoo, unlike the paper, cuts it."""
    points = np.abs(rng.randn(n - m, m)) + 0.05
    return np.vstack([np.eye(m), points / np.linalg.norm(points, axis=1)[:, None]])


def niche(values, size, divisions):
    """One survival of NSGA-III, its ties broken in order."""
    directions = get_reference_directions("das-dennis", values.shape[1], n_partitions=divisions)
    fronts = NonDominatedSorting().do(values, n_stop_if_ranked=size)
    norm = HyperplaneNormalization(values.shape[1])
    norm.update(values, nds=fronts[0])
    order = np.concatenate(fronts)
    near, distance, _ = associate_to_niches(values[order], directions, norm.ideal_point, norm.nadir_point)
    head = sum(len(f) for f in fronts[:-1])
    kept, last = np.arange(head), np.arange(head, len(order))
    count = calc_niche_count(len(directions), near[kept])
    chosen = niching(last, size - head, count.copy(), near[last], distance[last], random_state=Fed())
    return {
        "values": values.tolist(),
        "fronts": [f.tolist() for f in fronts],
        "size": size,
        "divisions": divisions,
        "near": [
            {"index": i, "direction": directions[n].tolist(), "distance": d}
            for i, n, d in zip(order.tolist(), near.tolist(), distance.tolist())
        ],
        "after": np.sort(calc_niche_count(len(directions), near[np.concatenate([kept, last[chosen]]).astype(int)])).tolist(),
    }


swarm = []
for x, v, own, theirs, a, b in rounded((12, 6)):
    v = v - 0.5
    place, step = pso_equation(
        np.array([[x]]), np.array([[own]]), np.array([[theirs]]), np.array([[v]]), np.array([10.0]),
        0.7298, 1.49618, 1.49618, r1=np.array([[a]]), r2=np.array([[b]]),
    )
    if 0 <= place[0, 0] <= 1:
        swarm.append({"x": x, "v": v, "own": own, "theirs": theirs, "a": a, "b": b, "to": float(place[0, 0])})

differences = []
for x, best, a, b, f in rounded((40, 5)):

    def mutant(*points):
        return float(np.ravel(de_differential(np.array(points)[:, None, None], np.array([f]), jitter=False))[0])

    rand, adaptive = mutant(x, a, b), mutant(x, best, x, a, b)
    # What leaves the cube is mended in ways of our own.
    if 0 <= min(rand, adaptive) and max(rand, adaptive) <= 1:
        differences.append({"x": x, "best": best, "to": a, "from": b, "scale": f, "rand": rand, "adaptive": adaptive})

print(
    json.dumps(
        {
            "differences": differences,
            "sbx": crossings,
            "mutation": mutations,
            "crowding": [
                crowding(front(9, 2)),
                crowding(front(12, 3)),
                crowding(np.column_stack([front(8, 2), np.full(8, 3.0)])),
            ],
            "niches": [niche(front(30, 3), 20, 4), niche(np.vstack([front(15, 3), 1.5 * front(20, 3)]), 24, 5), niche(np.array([1.0, 1e3, 1e-3]) * front(40, 3), 25, 4)],
            "directions": {
                f"{m}-{d}": get_reference_directions("das-dennis", m, n_partitions=d).tolist()
                for m, d in [(2, 5), (3, 4), (4, 3)]
            },
            "swarm": swarm,
        }
    )
)
