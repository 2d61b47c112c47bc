"""The clock set back while a study runs, and further back when it goes on."""

import random
import shutil
import subprocess
import time
from datetime import datetime
from pathlib import Path

import living
import pytest
import studies
from counts import Counts
from studies import FEW, Study, Watch

from keras_mnist.runs import Store


def library() -> str:
    """Return the library that tells programs another time."""
    if not shutil.which("faketime"):
        pytest.skip("faketime is not installed (apt-get install faketime)")
    line = ["faketime", "-f", "+0", "env"]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    return next(v.partition("=")[2] for v in said.splitlines() if v.startswith("LD_PRELOAD="))


class Clock:
    """The clock of commands: only the time of day moves, as when an administrator sets it."""

    def __init__(self, path: Path, command):
        self._path = path
        self.set("+0")
        command.environment |= {
            "LD_PRELOAD": library(),
            "FAKETIME_TIMESTAMP_FILE": str(path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, offset: str) -> None:
        partial = self._path.with_suffix(".new")
        partial.write_text(offset + "\n")
        partial.replace(self._path)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_clock_set_back(tmp_path, request):
    option = request.config.getoption
    numbers = random.Random(option("--fault-seed"))
    reference = studies.reference(FEW)
    counts = Counts("the clock set back", option("--counts"))
    for number in range(2):
        folder = tmp_path / str(number)
        study, command = Study.drawn(numbers, FEW), studies.in_folder(folder)
        clock, watch = Clock(tmp_path / f"clock-{number}", command), Watch(folder / "runs")
        process = command.start(*study.arguments)
        for records, offset in ((1, "-40d"), (3, "-400d")):
            while process.poll() is None and len(studies.records(folder / "runs")) < records:
                time.sleep(0.005)
            clock.set(offset)
            counts.add("times set back by days, midway")
        family = living.family(process.pid)
        living.kill(process.pid)
        studies.ended(process)
        assert living.gone(family)
        studies.remove_sockets(command)
        completed = watch.look()
        clock.set("-4000d")
        counts.add("times set back between two commands")
        code, said = studies.ended(command.start(*study.arguments))
        assert (code, studies.counted(said)["stored"]) == (0, completed), said
        code, said = studies.ended(command.start(*study.arguments))
        assert (code, studies.counted(said)["trained"]) == (0, 0), said
        created = [datetime.fromisoformat(r.created) for r in Store(folder / "runs").records()]
        assert (max(created) - min(created)).days > 30, "the clock was not set back"
        studies.conclude(study, command, counts, reference, watch)
        counts.save()
    counts.finish()
