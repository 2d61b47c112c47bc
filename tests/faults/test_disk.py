"""The disk full, and the store made read-only, while a study runs: on disks of memory."""

import contextlib
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import studies
from counts import Counts
from studies import FEW, Study, Watch


@contextlib.contextmanager
def disk(folder: Path, size: str):
    """Mount a disk of memory on `folder`."""
    if not shutil.which("mount") or not shutil.which("umount"):
        pytest.skip("there is no mount command")
    folder.mkdir(parents=True)
    line = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a disk of memory cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Change a mounted disk; wait if a file there is just being written."""
    deadline = time.monotonic() + 20
    line = ["mount", "-o", f"remount,{options}", str(folder)]
    while subprocess.run(line, capture_output=True).returncode:
        assert time.monotonic() < deadline, "the disk cannot be remounted"
        time.sleep(0.01)


def told(code: int, said: str) -> str:
    """Return the error that a command ended with: one line, for people, with what to do."""
    assert "Traceback" not in said
    assert code in (1, 2), said
    error = said.splitlines()[-1]
    assert error.startswith("error: "), said
    assert "Received: [Errno" in error or "Errno" in error
    return error


def test_a_full_disk_that_is_made_larger(inside, tmp_path):
    """The store's disk has room for a few records only."""
    study = Study(FEW[0], (0, 1, 2))
    with disk(tmp_path / "runs", "16k") as runs:
        watch = Watch(runs)
        done = inside("ablate", *study.arguments)
        error = told(done.returncode, done.stderr)
        assert "No space left on device" in error
        assert "Make room or choose another folder with --runs" in error
        completed = watch.look()
        assert 0 < completed < study.runs
        assert not studies.partials(runs)
        remount(runs, "size=1m")
        done = inside("ablate", *study.arguments)
        assert (done.returncode, studies.counted(done.stderr)["stored"]) == (0, completed)
        assert (watch.look(), watch.trained_again) == (study.runs, 0)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_disks_full_and_read_only_at_random(tmp_path, request):
    """Everything on one disk, results included, and temporary files where it is full."""
    option = request.config.getoption
    numbers = random.Random(option("--fault-seed"))
    reference = studies.reference(FEW)
    counts = Counts("disk full or read-only midway", option("--counts"))
    for number in range(6):
        study = Study.drawn(numbers, FEW)
        kibibytes = round(16 * 2 ** numbers.uniform(0, 5))
        with disk(tmp_path / str(number), f"{kibibytes}k") as folder:
            command = studies.in_folder(folder)
            if not number % 2:  # workers write there: it cannot become read-only
                command.environment["TMPDIR"] = str(folder)
            watch = Watch(folder / "runs")
            process = command.start(*study.arguments)
            if number % 2:
                time.sleep(numbers.uniform(2, 8))
                remount(folder, "ro")
                counts.add("disks made read-only midway")
            else:
                counts.add("disks too small")
            code, said = studies.ended(process)
            if code:
                assert code in (1, 2) and said.splitlines()[-1].startswith("error: "), said
                counts.add("ends with a message that says what to do")
            else:
                counts.add("ends before it mattered")
            completed = watch.look()
            if number % 2 and completed < study.runs:
                error = told(*studies.ended(command.start(*study.arguments)))
                assert "Read-only file system" in error and "Name another" in error
                counts.add("commands on a read-only disk told so before anything is trained")
            remount(folder, "rw,size=4m")
            code, said = studies.ended(command.start(*study.arguments))
            assert (code, studies.counted(said)["stored"]) == (0, completed), said
            studies.conclude(study, command, counts, reference, watch)
            counts.save()
    counts.finish()
