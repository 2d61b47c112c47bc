"""The processes below a command, found by /proc."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process below a driver: its number, its parent's, and its command line."""

    pid: int
    parent: int
    line: str


def family(pid: int) -> dict[int, Process]:
    """Return the living descendants of a process, by number."""
    everyone = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path(f"/proc/{name}/stat").read_text().rsplit(")", 1)[1].split()
            words = Path(f"/proc/{name}/cmdline").read_bytes().split(b"\0")
            line = b" ".join(words).decode(errors="replace")
        except OSError:
            continue
        if fields[0] != "Z":
            everyone[int(name)] = Process(int(name), int(fields[1]), line)
    found, new = {}, {pid}
    while new:
        new = {p for p, process in everyone.items() if process.parent in new} - found.keys()
        found |= {p: everyone[p] for p in new}
    return found


def servers(pid: int) -> list[int]:
    """Return the fork server of a driver, if there is one yet."""
    return [p for p, process in family(pid).items() if process.parent == pid and _forks(process)]


def workers(pid: int) -> list[int]:
    """Return the workers of a driver."""
    return [p for p, process in family(pid).items() if process.parent != pid and _forks(process)]


def _forks(process: Process) -> bool:
    return "multiprocessing.forkserver" in process.line


def kill(pid: int, sign=signal.SIGKILL) -> bool:
    """Send a signal; return whether there was still somebody to receive it."""
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return False
    return True


def gone(pids, seconds: float = 120.0) -> bool:
    """Wait until none of the processes is alive; return `False` if one outlives the wait."""
    deadline = time.monotonic() + seconds
    while any(_alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def tuners(pid: int) -> dict[str, int]:
    """Return the processes of a search over several below a driver: `chief`, `tuner0`, ..."""
    found = {}
    for number in family(pid):
        try:
            environment = Path(f"/proc/{number}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        told = [one for one in environment if one.startswith(b"KERASTUNER_TUNER_ID=")]
        if told and os.getpgid(number) == number:  # the tuner itself, not what it has started
            found[told[0].partition(b"=")[2].decode()] = number
    return found
