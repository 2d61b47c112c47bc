"""The process of one tracker: it hears of runs, a line each, and tells the tracker.

It is started by `keras_mnist/tracking/tracking.py` and answers each line with one of its own. What
the tracker prints is lost, so that nothing stands between the lines of a command.
"""

import json
import os
import sys

from keras_mnist.base.errors import shown
from keras_mnist.base.named import load
from keras_mnist.tracking.told import Entry, Group
from keras_mnist.tracking.tracker import Tracker


def main() -> None:
    """Hear until the other side has no more to say, or the tracker fails."""
    heard, answers = (os.fdopen(os.dup(n), mode) for n, mode in ((0, "r"), (1, "w")))
    nothing = os.open(os.devnull, os.O_RDWR)
    for place in range(3):  # a tracker that asks, or prints, does so of nobody
        os.dup2(nothing, place)
    with heard, answers:
        try:
            for answer in _told(heard):
                print(answer, file=answers, flush=True)
        except BaseException as error:  # whatever it raises, it is told
            reason = _reason(error)
            print(json.dumps({"failed": reason}), file=answers, flush=True)


def _reason(error: BaseException) -> str:
    """Return why a tracker failed: what it says and, where that is long, what it rests on."""
    first = error
    while before := first.__cause__ or first.__context__:
        first = before
    said = shown(f"{type(error).__name__}: {error}")
    return said if first is error else f"{said}; first: {shown(f'{type(first).__name__}: {first}')}"


def _told(lines):
    """Tell a tracker what lines say, and yield an answer to each."""
    first = json.loads(next(lines))
    tracker: Tracker = load(first["home"])(first["where"], Group(**first["group"]))
    known = tracker.known()
    yield json.dumps({"ready": len(known)})
    for line in lines:
        what = json.loads(line)
        if "summary" in what:
            tracker.summary(what["summary"])
        elif (entry := Entry(**what["run"])).id not in known:
            tracker.run(entry)
        yield json.dumps({"told": 1})


if __name__ == "__main__":
    main()
    # Threads that a tracker leaves may wait for servers; what is told is told.
    sys.stdout.flush()
    os._exit(0)
