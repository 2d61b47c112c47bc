"""`python tests/faults/fuzz.py TARGET`: feed a reader bad input and print what came of it.

Inputs are changes of sound files, by chance, drawn by hypothesis, or by atheris, which keeps those
that reach new code. The command ends with the first crash, whose input it prints.
"""

import argparse
import importlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # what tests of other folders use, too

# By the name of a target: the module that has it, and its class there.
TARGETS = {
    "idx": "fuzz_targets:Idx",
    "npz": "fuzz_targets:Npz",
    "record": "fuzz_targets:Record",
    "claim": "fuzz_targets:Claim",
    "document": "fuzz_targets:Paper",
    "card": "fuzz_json:Cards",
    "search": "fuzz_json:Searches",
    "journal": "fuzz_json:Journals",
    "experiment": "fuzz_json:Experiments",
    "network": "fuzz_json:Networks",
    "csv": "fuzz_tables:Tables",
    "parquet": "fuzz_tables:Parquet",
    "results": "fuzz_tables:Results",
    "asked": "fuzz_tables:Asked",
    "defaults": "fuzz_tables:Defaults",
    "statement": "fuzz_tables:Statements",
    "keras": "fuzz_networks:KerasFiles",
    "arrays": "fuzz_networks:Arrays",
    "graph": "fuzz_networks:Graphs",
    "picture": "fuzz_pictures:Pictures",
}
# What reading may never do, as Python tells it: start, connect, unpickle, load, or remove.
FORBIDDEN = (
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"),
    *(
        "socket.connect",
        "socket.getaddrinfo",
        "pickle.find_class",
        "ctypes.dlopen",
        "shutil.rmtree",
    ),
)
ENGINES = ("changes", "hypothesis", "atheris")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
LONGEST = 60  # seconds of processor time, after which an input is taken to have no end
BATCH = 2000  # inputs that one hypothesis search draws: it remembers them all
LONGEST_TAIL = 64


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python tests/faults/fuzz.py", description=__doc__)
    top.add_argument("target", choices=TARGETS)
    top.add_argument("--engine", default="changes", choices=ENGINES)
    top.add_argument("--inputs", type=int, default=300, metavar="N")
    top.add_argument("--seed", type=int, default=0, metavar="N")
    return top


class Trial:
    """Feeds a target and counts.

    Attributes:
        counts: inputs, accepted, refused; the longest processor time of one, which other work
            on the machine hardly lengthens; by how much memory the process has grown over all
            of them, what the fuzzer itself keeps included.
    """

    def __init__(self, target):
        self._target, self._memory = target, _peak_memory()
        self.counts = {"inputs": 0, "accepted": 0, "refused": 0}
        self.counts |= {"largest processor time in s": 0.0, "largest growth of memory in MiB": 0}
        signal.signal(signal.SIGPROF, _endless)
        self._reading, self._own = False, target.folder
        sys.addaudithook(self._told)  # which nobody can take away

    def __call__(self, data: bytes) -> None:
        begin = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, LONGEST)
        self._reading = True
        try:
            accepted = self._target(data)
        except BaseException:
            self._reading = False
            (Path(tempfile.gettempdir()) / "fuzz-crash.bin").write_bytes(data)
            print(f"the input was {data[:2000]!r}", file=sys.stderr)
            raise
        finally:
            self._reading = False
            signal.setitimer(signal.ITIMER_PROF, 0)
        seconds = time.process_time() - begin
        counts = self.counts
        counts["inputs"] += 1
        counts["accepted" if accepted else "refused"] += 1
        longest = max(counts["largest processor time in s"], seconds)
        counts["largest processor time in s"] = round(longest, 2)
        counts["largest growth of memory in MiB"] = (_peak_memory() - self._memory) // 1024

    def _told(self, event: str, about: tuple) -> None:
        """Be told by Python of what is being done."""
        if not self._reading:
            return
        if event in FORBIDDEN:
            raise ForbiddenError(f"{event} {about!r:.300}")
        if event == "open" and isinstance(about[0], (str, bytes)) and about[2] & WRITING:
            path = Path(os.fsdecode(about[0])).resolve()
            if not path.is_relative_to(self._own.resolve()) and path != Path(os.devnull):
                raise ForbiddenError(f"{path} is opened for writing")


class ForbiddenError(BaseException):
    """Something that reading a file may never do."""


def _endless(*_):
    raise TimeoutError(f"an input that takes more than {LONGEST} s")


def _peak_memory() -> int:
    """Return the highest resident memory of this process so far, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def by_changes(trial: Trial, target, inputs: int, seed: int) -> None:
    """Change sound inputs by chance."""
    numbers = random.Random(seed)
    for _ in range(inputs):
        trial(target.changed(numbers))


def by_hypothesis(trial: Trial, target, inputs: int, seed: int) -> None:
    """Draw inputs until there have been enough."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    place = st.integers(0, 2**16)
    some = st.one_of(st.binary(max_size=8), st.sampled_from(target.words))
    change = st.one_of(
        st.tuples(st.just("overwrite"), place, some),
        st.tuples(st.just("insert"), place, some),
        st.tuples(st.just("cut"), place, st.just(b"")),
        st.tuples(st.just("drop"), place, st.binary(max_size=1)),
    )
    form = st.integers(0, target.forms - 1).map(lambda number: bytes((number,)))
    mutated = st.builds(mutate, st.sampled_from(target.bases), st.lists(change, max_size=5))
    anything = st.builds(lambda head, tail: head + tail, form, st.binary(max_size=LONGEST_TAIL))
    value = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=5,
    )
    replaced = st.builds(
        lambda base, new: base[:2] + json.dumps(new).encode(), st.sampled_from(target.bases), value
    )
    drawn = mutated | anything | replaced if target.holds_json else mutated | anything

    def one(data: bytes) -> None:
        trial(data)

    numbers = random.Random(seed)
    while (left := inputs - trial.counts["inputs"]) > 0:
        find = settings(
            max_examples=min(left, BATCH),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        find(seeded(numbers.getrandbits(64))(given(drawn)(one)))()


def mutate(base: bytes, changes: list) -> bytes:
    """Return `base` after a few changes, each at a place counted round its length."""
    data = bytearray(base)
    for kind, place, new in changes:
        place %= max(len(data), 1)
        if kind == "overwrite":
            data[place : place + len(new)] = new
        elif kind == "insert":
            data[place:place] = new
        elif kind == "cut":
            del data[place:]
        else:
            del data[place : place + (new[0] if new else 1)]
    return bytes(data)


def by_atheris(trial: Trial, target, inputs: int, seed: int, folder: Path) -> None:
    """Let atheris find inputs, from the sound ones; does not return."""
    import atheris

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, base in enumerate(target.bases):
        (corpus / str(number)).write_bytes(base)
    dictionary = folder / "words"
    escaped = ("".join(f"\\x{byte:02x}" for byte in word) for word in target.words)
    dictionary.write_text("".join(f'"{word}"\n' for word in escaped))

    def one(data: bytes) -> None:
        trial(data)
        if trial.counts["inputs"] == inputs:
            report(trial, target)
            shutil.rmtree(folder)
            os._exit(0)  # atheris knows no other end

    line = [sys.argv[0], f"-seed={seed + 1}", "-max_len=10000", "-verbosity=0"]
    line += [f"-dict={dictionary}", f"-artifact_prefix={folder}/", str(corpus)]
    atheris.Setup(line, one)
    atheris.Fuzz()


def report(trial: Trial, target) -> None:
    """Print the counts as a line of JSON, what the target itself has counted included."""
    print(json.dumps(trial.counts | target.counts), flush=True)


def target_named(name: str):
    """Return the class of a target."""
    module, _, kind = TARGETS[name].partition(":")
    return getattr(importlib.import_module(module), kind)


def main() -> None:
    options = parser().parse_args()
    if options.engine == "atheris":
        import atheris

        with atheris.instrument_imports(include=["keras_mnist", "zipfile", "gzip", "numpy.lib"]):
            kind = target_named(options.target)
    else:
        kind = target_named(options.target)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        target = kind(Path(folder) / "files")
        trial = Trial(target)
        if options.engine == "atheris":
            by_atheris(trial, target, options.inputs, options.seed, Path(folder))
        draw = by_hypothesis if options.engine == "hypothesis" else by_changes
        draw(trial, target, options.inputs, options.seed)
        report(trial, target)


if __name__ == "__main__":
    main()
