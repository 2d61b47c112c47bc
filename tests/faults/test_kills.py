"""`kill -9` of driver, worker or fork server at random moments, until every study is done."""

import random
import time

import living
import pytest
import studies
from counts import Counts
from studies import FEW, VARIANTS, Study, Watch

LONGEST = 8.0  # seconds that a study takes alone, about
VICTIMS = {"driver": 5, "worker": 4, "fork server": 1}  # how often each, in tenths
MOMENTS = {"any": 4, "after a record": 3, "in a write": 3}
PHASES = (  # of the command that was started
    "before any worker lives",
    "in training, before its first record",
    "between its records",
    "in the write of a record",
    "after the last record",
)
LEFT = "folders of sockets left in the folder of temporary files"


def test_a_study_killed_at_random_moments(tmp_path):
    """One kill of each kind."""
    harness = Kills(studies.reference(FEW), FEW, random.randrange(10**6))
    harness.victims = ["fork server", "driver", "worker"]
    harness.run(tmp_path, kills=3)
    assert not harness.victims


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_hundreds_of_kills(tmp_path, request):
    option = request.config.getoption
    harness = Kills(
        studies.reference(), tuple(VARIANTS), option("--fault-seed"), option("--counts")
    )
    harness.run(tmp_path, option("--kills"))


class Kills:
    """Starts studies, kills their processes, starts them again, and counts.

    Args:
        reference: records of uninterrupted studies, by path.
        variants: of the studies.
        seed: of moments, victims and studies.
        path: of the file of counts.
    """

    def __init__(self, reference: dict, variants: tuple, seed: int, path: str | None = None):
        self._reference, self._variants = reference, variants
        self._random = random.Random(seed)
        self.victims: list[str] = []  # to be killed first, from the last on
        print(f"seed {seed}")
        self._counts, self._killed = Counts("kill -9 at random moments", path), 0
        names = [f"of a {victim}" for victim in VICTIMS] + list(PHASES)
        for name in ("kills", *names, "finished runs trained again", LEFT):
            self._counts.add(name, 0)

    def run(self, folder, kills: int) -> None:
        """Kill that many processes, over as many studies as it takes, and print the counts."""
        number = 0
        while self._killed < kills:
            number += 1
            until = min(kills, self._killed + self._random.randint(3, 9))
            self._study(folder / str(number), until)
            self._counts.save()
        self._counts.finish()

    def _study(self, folder, until: int) -> None:
        study, command = Study.drawn(self._random, self._variants), studies.in_folder(folder)
        watch, done = Watch(folder / "runs"), False
        while not done:
            completed, stored = watch.look(), studies.records(folder / "runs")
            process = command.start(*study.arguments)
            self._counts.add("commands started")
            family, self._session = {process.pid}, []
            while self._killed < until and process.poll() is None:
                family |= self._strike(process, folder / "runs", stored, study.runs)
            code, said = studies.ended(process)
            assert living.gone(family), "a process outlived its driver"
            watch.look()
            if left := studies.remove_sockets(command):
                told = f"sockets are left after kills of {'; '.join(self._session)}"
                print(told)
                assert "fork server" in told or PHASES[0] in told, told
                self._counts.add(LEFT, left)
            done = code == 0
            if done:
                told = studies.counted(said)
                assert (told["stored"], told["failed"]) == (completed, 0), said
            else:
                assert code in (-9, 1), said  # 1: a run's worker was killed twice, which is told
        self._counts.add("studies")
        studies.conclude(study, command, self._counts, self._reference, watch)

    def _strike(self, process, runs, stored: set, total: int) -> set[int]:
        """Wait for a moment, kill somebody, and return everybody who was alive then."""
        known = studies.partials(runs)
        self._wait(process, runs, known)
        family, lives = set(living.family(process.pid)), living.workers(process.pid)
        victim = self.victims[-1] if self.victims else self._drawn(VICTIMS)
        candidates = {"worker": living.workers, "fork server": living.servers}
        found = candidates[victim](process.pid) if victim in candidates else []
        if self.victims and victim in candidates and not found:
            return family  # there is none yet
        target, victim = (self._random.choice(found), victim) if found else (process.pid, "driver")
        if process.poll() is not None or not living.kill(target):
            return family
        when = phase(runs, known, stored, total, bool(lives))
        self.victims = self.victims[:-1]
        self._killed += 1
        self._session.append(f"a {victim} {when}")
        for name in ("kills", f"of a {victim}", when):
            self._counts.add(name)
        return family

    def _drawn(self, tenths: dict) -> str:
        return self._random.choices(list(tenths), list(tenths.values()))[0]

    def _wait(self, process, runs, known: set) -> None:
        moment = self._drawn(MOMENTS)
        if moment == "any":
            end = time.monotonic() + self._random.uniform(0, LONGEST)
            while process.poll() is None and time.monotonic() < end:
                time.sleep(0.01)
        elif moment == "after a record":
            before = len(studies.records(runs))
            while process.poll() is None and len(studies.records(runs)) == before:
                time.sleep(0.002)
            time.sleep(self._random.uniform(0, 0.5))
        else:
            while process.poll() is None and studies.partials(runs) <= known:
                time.sleep(0.0002)


def phase(runs, known: set, stored: set, total: int, worker_lives: bool) -> str:
    """Return of `PHASES` the one that a command is in.

    Args:
        runs: its store.
        known, stored: what was being written, and was stored, when it was started.
        total: how many records it leaves.
        worker_lives: whether there is a worker.
    """
    now = studies.records(runs)
    if not studies.partials(runs) <= known:
        return PHASES[3]
    if len(now) == total:
        return PHASES[4]
    if now > stored:
        return PHASES[2]
    return PHASES[1] if worker_lives else PHASES[0]
