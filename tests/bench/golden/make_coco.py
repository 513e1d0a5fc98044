"""Values of COCO's own BBOB functions at some points: golden data of coco_test.ts.

Made with coco-experiment 2.8.2 (BSD):
python tests/bench/golden/make_coco.py > tests/bench/golden/coco.json
"""

import json

import cocoex
import numpy as np

rng = np.random.RandomState(7)
found = []
for problem in cocoex.Suite("bbob", "instances: 1-2", "dimensions: 2,5,20"):
    if problem.dimension == 20 and problem.id_instance > 1:
        continue
    points = np.round(rng.uniform(-5.5 if problem.id_instance == 2 else -5, 5, (2, problem.dimension)), 2)
    found.append(
        {
            "task": problem.id_function,
            "dimension": problem.dimension,
            "instance": problem.id_instance,
            "points": points.tolist(),
            "values": [float(problem(x)) for x in points],
        }
    )
print(json.dumps(found))
