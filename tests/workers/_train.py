"""A training without dependencies: logistic regression by gradient descent. Its faults are asked for by arguments."""

import argparse, csv, json, math, os, random, signal, subprocess, sys, time

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--decay", type=float, default=0.0)
parser.add_argument("--optimizer", default="sgd")
parser.add_argument("--momentum", type=float)
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--wait", type=float, default=0.0)
parser.add_argument("--form", default="json")
parser.add_argument("--out", default=".")
parser.add_argument("--params")
parser.add_argument("--fault", default="none")
a = parser.parse_args()
if a.params:
    a.lr = json.load(open(a.params))["lr"]

if a.fault == "ignores":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if a.fault == "graceful":
    def end(*_):
        print("saved", flush=True)
        open(os.path.join(a.out, "saved"), "w").close()
        sys.exit(0)
    signal.signal(signal.SIGTERM, end)
if a.fault == "forks":
    child = subprocess.Popen(["sleep", "60"])
    open(os.path.join(a.out, "child"), "w").write(str(child.pid))
if a.fault == "hungry":
    block = bytearray(300 * 2**20)
if a.fault == "silent":
    sys.exit(0)
if a.fault == "garbage":
    sys.stdout.buffer.write(bytes(range(256)) * 50 + b"\n{not json}\n{\"epoch\": \"x\"}\n")
    sys.exit(0)
if a.fault == "once":
    mark = os.path.join(a.out, "failed")
    if not os.path.exists(mark):
        open(mark, "w").close()
        print("the first time it fails", file=sys.stderr)
        sys.exit(3)

rng = random.Random(int(os.environ.get("ETUDE_SEED", "0")))
rows = []
for i in range(120):
    x = [rng.gauss(0, 1), rng.gauss(0, 1)]
    rows.append((x, 1.0 if x[0] - 0.5 * x[1] + rng.gauss(0, 0.3) > 0 else 0.0))
w = [0.0, 0.0]


def loss(part):
    total = 0.0
    for x, y in part:
        p = 1 / (1 + math.exp(-max(-30, min(30, w[0] * x[0] + w[1] * x[1]))))
        total -= math.log(max(1e-12, p if y else 1 - p))
    return total / len(part)


writer = None
for epoch in range(1, a.epochs + 1):
    for x, y in rows[:80]:
        p = 1 / (1 + math.exp(-max(-30, min(30, w[0] * x[0] + w[1] * x[1]))))
        for j in range(2):
            w[j] -= a.lr * ((p - y) * x[j] + a.decay * w[j])
    train, validation = loss(rows[:80]), loss(rows[80:])
    if a.fault == "NaN" and epoch == 2:
        validation = float("nan")
    if a.form == "json":
        print(json.dumps({"epoch": epoch, "train": {"loss": train}, "validation_loss": validation}), flush=True)
    elif a.form == "text":
        print(f"epoch {epoch}: loss={train:.4f} val_loss={validation:.4f}", flush=True)
    elif a.form == "csv":
        os.makedirs(a.out, exist_ok=True)
        if writer is None:
            file = open(os.path.join(a.out, "log.csv"), "w", newline="")
            writer = csv.writer(file)
            writer.writerow(["epoch", "train loss", "validation loss", "note"])
        writer.writerow([epoch, train, validation, "a, b"])
        file.flush()
    elif a.form == "final":
        pass
    if a.fault == "crash" and epoch == 2:
        raise ValueError("the data are gone")
    time.sleep(a.wait)
if a.form == "final":
    print(json.dumps({"validation loss": validation}))
