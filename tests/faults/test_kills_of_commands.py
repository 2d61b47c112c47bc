"""`kill -9` of every kind of command that trains, at random moments, until each has ended."""

import random
import tempfile
import time
from functools import cache
from pathlib import Path

import errands
import living
import pytest
import studies
from counts import Counts
from errands import ERRANDS, Errand
from studies import Watch
from test_kills import PHASES, phase

AGAIN, LEFT = "finished runs trained again", "left in the folder of temporary files"
UNFINISHED = "unfinished folders left beside exported networks"


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("name", ERRANDS)
def test_many_kills_of_commands(name, tmp_path, request):
    option = request.config.getoption
    counts = Counts("kill -9 of commands at random moments", option("--counts"))
    harness = Errands(counts, random.Random(f"{option('--fault-seed')} {name}"))
    share = -(-option("--kills") // len(ERRANDS))
    share = max(share, 20) if name == "search by two workers" and share > 9 else share
    harness.run(name, tmp_path, share)
    counts.finish()


class Errands:
    """Starts commands, kills a process of each start, starts them again, and counts.

    Args:
        counts: to be added to.
        numbers: of moments and victims.
    """

    def __init__(self, counts: Counts, numbers: random.Random):
        self._counts, self._random, self._killed = counts, numbers, 0
        for word in ("kills", *PHASES, AGAIN, "finished trials ended again", "files lost", LEFT):
            counts.add(word, 0)

    def run(self, name: str, folder: Path, kills: int) -> None:
        """Kill that many processes of a command, over as many folders as it takes."""
        number = 0
        while self._killed < kills:
            number += 1
            until = min(kills, self._killed + self._random.randint(2, 5))
            self._once(name, folder / str(number), until)
            self._counts.save()

    def _once(self, name: str, folder: Path, until: int) -> None:
        errand, command = ERRANDS[name], studies.in_folder(folder)
        longest, expected = reference(name)
        watch, networks, done = Watch(folder / "runs"), set(), False
        while not done:
            watch.look()
            stored, process = studies.records(folder / "runs"), errand.start(command)
            self._counts.add("commands started")
            family = {process.pid}
            if self._killed < until:
                family |= self._strike(name, errand, process, folder, stored, longest)
            code, said = studies.ended(process)
            assert living.gone(family), "a process outlived its driver"
            watch.look()
            lost = networks - errands.whole_networks(folder)
            self._counts.add("files lost", len(lost))
            networks = errands.whole_networks(folder)
            assert code in (0, 1, -9), said
            done = code == 0
        self._conclude(name, folder, command, watch, expected)

    def _conclude(self, name: str, folder: Path, command, watch: Watch, expected: dict) -> None:
        trials = errands.ended_trials(folder)
        self._counts.add(AGAIN, watch.trained_again)
        self._counts.add("finished trials ended again", len(trials) - len({*trials}))
        self._counts.add(LEFT, len(list(command.temporary.iterdir())))
        self._counts.add(UNFINISHED, len(list(folder.glob("saved_models/*/.partial-*"))))
        assert watch.trained_again == 0 and len(trials) == len({*trials})
        found = errands.left(folder)
        assert found == expected, name
        assert not [path for path in studies.strays(command) if str(folder / "runs") in path]
        for what in ("records", "trials", "networks"):
            word = f"{what}, each the same as an uninterrupted command's"
            self._counts.add(word, len(found[what]))

    def _strike(self, name, errand: Errand, process, folder, stored, longest) -> set:
        """Wait for a moment, kill somebody, and return everybody who was alive then."""
        runs = folder / "runs"
        known = studies.partials(runs)
        self._wait(process, runs, longest)
        family, lives = {*living.family(process.pid)}, living.workers(process.pid)
        victim = self._random.choice(errand.victims)
        found = {
            "worker": lives,
            "fork server": living.servers(process.pid),
            **{one: [pid] for one, pid in living.tuners(process.pid).items()},
        }.get(victim) or [process.pid]
        target = self._random.choice(found)
        if process.poll() is not None or not living.kill(target):
            return family
        victim = "driver" if target == process.pid else victim.rstrip("01")
        when = phase(runs, known, stored, errand.runs, bool(lives))
        self._killed += 1
        for word in ("kills", f"of {name}", f"of a {victim}", when):
            self._counts.add(word)
        return family

    def _wait(self, process, runs, longest: float) -> None:
        if self._random.random() < 0.6:
            end = time.monotonic() + self._random.uniform(0, longest)
            while process.poll() is None and time.monotonic() < end:
                time.sleep(0.01)
            return
        before = len(studies.records(runs))
        while process.poll() is None and len(studies.records(runs)) == before:
            time.sleep(0.002)


@cache
def reference(name: str) -> tuple[float, dict]:
    """Return how long a command takes that nobody kills, in seconds, and what it leaves."""
    with tempfile.TemporaryDirectory() as folder:
        command = studies.in_folder(Path(folder))
        begin = time.monotonic()
        code, said = studies.ended(ERRANDS[name].start(command))
        assert code == 0, said
        return time.monotonic() - begin, errands.left(Path(folder))
