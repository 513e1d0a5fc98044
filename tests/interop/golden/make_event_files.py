"""Makes the event files that the tests read, with TensorBoard itself: pip install tensorboard==2.21.0; python make_event_files.py

simple.tfevents has scalars as PyTorch's SummaryWriter writes them, tensors.tfevents as TensorFlow 2 and
tensorboard.summary do; both a histogram and a text between, which a reader of scalars passes over.
"""

import os
import numpy as np
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.histogram import summary_v2 as histogram
from tensorboard.plugins.scalar import summary_v2 as scalar
from tensorboard.plugins.text import summary_v2 as text
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util

here = os.path.dirname(os.path.abspath(__file__))


def write(name, summaries):
    folder = os.path.join(here, "tmp")
    writer = EventFileWriter(folder)
    for step, summary in summaries:
        writer.add_event(Event(wall_time=1700000000.5 + step, step=step, summary=summary))
    writer.close()
    (file,) = os.listdir(folder)
    os.replace(os.path.join(folder, file), os.path.join(here, name))
    os.rmdir(folder)


values = [(0, 2.302585), (1, float("nan")), (300, -0.125), (2**40, float("inf"))]
write(
    "simple.tfevents",
    [(0, histogram.histogram_pb("weights", np.arange(5.0)))]
    + [(step, Summary(value=[Summary.Value(tag="validation/loss", simple_value=v), Summary.Value(tag="lr", simple_value=0.5)])) for step, v in values],
)
write(
    "tensors.tfevents",
    [(0, text.text_pb("note", "hello"))] + [(step, scalar.scalar_pb("validation/loss", v)) for step, v in values]
    + [(7, Summary(value=[Summary.Value(tag="double", tensor=tensor_util.make_tensor_proto(0.1, dtype=np.float64))]))]
    + [(8, Summary(value=[Summary.Value(tag="int", tensor=tensor_util.make_tensor_proto(-3, dtype=np.int64))]))],
)
