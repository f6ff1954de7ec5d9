"""Recordings: a run that keeps what the web answered, and the same run again without the web.

    record.py    watch list + settings -> the daemon's own lanes over a recording client -> a folder
    replay.py    a folder -> the same lanes over its answers, at its times -> Outcome
    lists.py     a watch list that sends nothing and tells no secret
    outcome.py   what a run came to, and how two runs differ

There is no second pipeline: only the clock, chance and the web are others (bootstrap.Surroundings).
"""

from service.recording.outcome import Difference, Outcome, compare, read_outcome
from service.recording.record import NotEmpty, Recorded, record, stop_signals
from service.recording.replay import Replayed, replay

__all__ = [
    "Difference",
    "NotEmpty",
    "Outcome",
    "Recorded",
    "Replayed",
    "compare",
    "read_outcome",
    "record",
    "replay",
    "stop_signals",
]
