"""SIGSTOP, which a terminal and a debugger send, and too little memory: all goes on, or is told."""

import random
import resource
import signal
import subprocess
import time

import living
import pytest
import studies
from counts import Counts
from studies import FEW, Study, Watch

STANDING = 3  # seconds
LONGEST = 90  # seconds that an end by SIGTERM may take, on a busy machine
LIMITS = (192, 384, 768, 1536, 3072, 6144)  # MiB of addresses that a command and its workers have
VICTIMS = ("worker", "driver", "fork server")


def found(victim: str, driver: int, seconds: float = 120.0) -> int | None:
    """Wait until there is somebody of that name, and return his number."""
    look = {"worker": living.workers, "fork server": living.servers, "driver": lambda pid: [pid]}
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if there := look[victim](driver):
            return there[0]
        time.sleep(0.01)
    return None


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("victim", VICTIMS)
def test_whoever_stood_still_goes_on(victim, tmp_path, request):
    option = request.config.getoption
    numbers = random.Random(f"{option('--fault-seed')} {victim}")
    counts = Counts("SIGSTOP at random moments", option("--counts"))
    reference = studies.reference(FEW)
    for number in range(3):
        folder = tmp_path / str(number)
        study, command = Study.drawn(numbers, FEW), studies.in_folder(folder)
        watch, process = Watch(folder / "runs"), command.start(*study.arguments)
        time.sleep(numbers.uniform(0, 8))
        target = found(victim, process.pid)
        if target is not None and living.kill(target, signal.SIGSTOP):
            counts.add(f"a {victim} stopped for {STANDING} s")
            time.sleep(STANDING)
            living.kill(target, signal.SIGCONT)
        code, said = studies.ended(process)
        assert code == 0, said
        watch.look()
        counts.add("commands that went on to their end")
        studies.conclude(study, command, counts, reference, watch)
        counts.save()
    counts.finish()


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("victim", VICTIMS)
def test_sigterm_ends_a_command_of_which_somebody_stands_still(victim, tmp_path, request):
    option = request.config.getoption
    numbers = random.Random(f"{option('--fault-seed')} {victim} ends")
    counts = Counts("SIGTERM while somebody stands still", option("--counts"))
    counts.add("commands that had to be killed", 0)
    for number in range(3):
        command = studies.in_folder(tmp_path / str(number))
        process = command.start(*Study.drawn(numbers, FEW).arguments)
        target = found(victim, process.pid)
        time.sleep(numbers.uniform(0, 6))
        family = {process.pid, *living.family(process.pid)}
        if target is None or not living.kill(target, signal.SIGSTOP):
            process.communicate()
            continue
        counts.add(f"a {victim} stands still")
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        if victim == "driver":
            living.kill(target, signal.SIGCONT)  # until then no signal but one is heard
        try:
            said = process.communicate(timeout=LONGEST)[1]
        except subprocess.TimeoutExpired:
            counts.add("commands that had to be killed")
            for pid in family:
                living.kill(pid)
            process.communicate()
            continue
        assert "Traceback" not in said, said
        counts.add(f"ends with code {process.returncode}")
        living.gone(family, 30)
        stopped = [pid for pid in family if not living.gone([pid], 0)]
        counts.add("processes left that stand still", len(stopped))
        for pid in stopped:
            living.kill(pid)
        counts.save()
    counts.finish()


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_too_little_memory_is_told_and_loses_nothing(tmp_path, request):
    """A study within a limit, then without one: it ends as one that never met any."""
    option = request.config.getoption
    counts = Counts("limits of memory", option("--counts"))
    reference, numbers = studies.reference(FEW), random.Random(option("--fault-seed"))
    for limit in LIMITS:
        folder = tmp_path / str(limit)
        study, command = Study.drawn(numbers, FEW), studies.in_folder(folder)
        watch = Watch(folder / "runs")
        size = limit * 2**20
        how = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))}  # noqa: B023
        process = command.start(*study.arguments, **how)
        _, said = process.communicate(timeout=900)
        watch.look()
        told = said.strip().splitlines()[-1:] or [""]
        print(f"{limit} MiB: code {process.returncode}, {told[0][:200]}", flush=True)
        kind = "in a traceback" if "Traceback" in said else "with a message" if told[0] else "mute"
        counts.add("limits tried")
        counts.add("ends well" if process.returncode == 0 else f"ends {kind}")
        process = command.start(*study.arguments)
        code, said = studies.ended(process)
        assert code == 0, said
        for path in command.temporary.iterdir():
            counts.add("left in the folder of temporary files")
            subprocess.run(["rm", "-r", str(path)], check=True)
        studies.conclude(study, command, counts, reference, watch)
        counts.save()
    counts.finish()
