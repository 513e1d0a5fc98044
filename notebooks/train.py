"""Reads handwritten digits by softmax regression, in plain Python: an example of a program to be tuned.

It prints one JSON object an epoch; that is all it knows of being tuned.
"""

import argparse, csv, gzip, json, math, os, random

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, required=True)
parser.add_argument("--decay", type=float, default=0.0)
parser.add_argument("--momentum", type=float, default=0.0)
parser.add_argument("--epochs", type=int, default=6)
options = parser.parse_args()

here = os.path.dirname(os.path.abspath(__file__))
with gzip.open(os.path.join(here, "data", "digits.csv.gz"), "rt") as file:
    rows = [[float(value) for value in row] for row in csv.reader(file)]
rng = random.Random(int(os.environ.get("ETUDE_SEED", "0")))
random.Random(0).shuffle(rows)
digits = [([value / 16 for value in row[:64]] + [1.0], int(row[64])) for row in rows]
validation, train = digits[:300], digits[300:1000]

weights = [[0.0] * 65 for _ in range(10)]
speed = [[0.0] * 65 for _ in range(10)]


def chances(image):
    scores = [sum(w * x for w, x in zip(row, image)) for row in weights]
    top = max(scores)
    powers = [math.exp(min(50.0, score - top)) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def measure(part):
    loss = hits = 0.0
    for image, digit in part:
        p = chances(image)
        loss -= math.log(max(1e-12, p[digit]))
        hits += p.index(max(p)) == digit
    return loss / len(part), hits / len(part)


for epoch in range(1, options.epochs + 1):
    rng.shuffle(train)
    for image, digit in train:
        p = chances(image)
        for k in range(10):
            error = p[k] - (k == digit)
            row, v = weights[k], speed[k]
            for j, x in enumerate(image):
                v[j] = options.momentum * v[j] - options.lr * (error * x + options.decay * row[j])
                row[j] += v[j]
    train_loss, _ = measure(train[:300])
    loss, accuracy = measure(validation)
    print(json.dumps({"epoch": epoch, "train loss": train_loss,
                      "validation": {"loss": loss, "accuracy": accuracy}}), flush=True)
