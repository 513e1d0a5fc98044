"""Values of pymoo's ZDT, DTLZ and WFG problems: python many_objectives.py > many_objectives.json"""

import json
import math

import numpy as np
import pymoo
from pymoo.problems import get_problem

SIZES = {"zdt1": 30, "zdt2": 30, "zdt3": 30, "zdt4": 10, "zdt6": 10}


def place(problem, point):
    share = [(0.5 + 0.6180339887498949 * (i + 1) * (point + 1)) % 1 for i in range(problem.n_var)]
    if point == 2:  # near the front
        share = [0.35 if i > 4 else s for i, s in enumerate(share)]
    return problem.xl + np.array(share) * (problem.xu - problem.xl)


problems = [(name, get_problem(name)) for name in SIZES]
for m in (2, 3):
    for i in range(1, 8):
        n = m + {1: 4, 7: 19}.get(i, 9)
        problems.append((f"dtlz{i}-{m}", get_problem(f"dtlz{i}", n_var=n, n_obj=m)))
    for i in range(1, 10):
        problems.append((f"wfg{i}-{m}", get_problem(f"wfg{i}", n_var=24, n_obj=m, k=4)))
rows = {
    name: [
        [float(v) for v in problem.evaluate(np.array([place(problem, p)]))[0]] for p in range(3)
    ]
    for name, problem in problems
}
print(json.dumps({"origin": f"pymoo {pymoo.__version__}", "values": rows}, indent=1))
