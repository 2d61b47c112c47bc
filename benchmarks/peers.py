"""Who takes part in `throughput.py`: the package, and each peer in several settings."""

from collections.abc import Callable
from dataclasses import dataclass

import gradients
from cases import CASES
from floors import floors
from jax_turns import jax_cpu, train
from processes import Contestant
from tensorflow_turns import fit, ours, tensorflow
from torch_turns import loop, pytorch

from keras_mnist.base.extras import installed

OURS, FLOORS = "keras_mnist", "floors"
# What each peer's package is called; where it is absent the peer is left out.
LIBRARIES = {"fit": "tensorflow", "PyTorch": "torch", "JAX": "jax"}
MISSING = "not installed: pip install '.[bench]'"


@dataclass(frozen=True)
class Setting:
    """One way to run a contestant.

    Attributes:
        name: of peer and setting.
        start, threads, make: as `processes.take_turns` has them.
        processes: how many, at the same time.
        rest: what else `make` takes.
    """

    name: str
    start: Callable
    make: Callable
    threads: int
    processes: int
    rest: tuple = ()

    def started(self, case: str, dataset, epochs: int, patience: float) -> Contestant:
        """Return the contestant, its processes ready for turns of `epochs`, one of them untimed."""
        turns = (self.start, self.threads, self.make, case, dataset, epochs + 1)
        return Contestant(self.processes, *turns, *self.rest, patience=patience)


def own_settings(cores: int) -> dict[str, Setting]:
    """Return what every network is measured with: the package and the floors."""
    makers = {OURS: ours, FLOORS: floors}
    return {name: Setting(name, tensorflow, make, 1, cores) for name, make in makers.items()}


def peer_settings(case: str, images: int, cores: int) -> dict[str, list[Setting]]:
    """Return the settings of each peer: with all threads, and with a process for each core.

    Args:
        case: of `CASES`.
        images: that train.
        cores: that there are.
    """
    steps = -(-images // CASES[case].experiment.value("batch_size"))
    ways = {
        "fit": {
            f"fit, steps_per_execution={count}, jit {word}": (tensorflow, fit, count, jit)
            for count in (1, steps)
            for word, jit in (("off", False), ("on", True))
        },
        "PyTorch": {"PyTorch": (pytorch, loop, False)},
    }
    if CASES[case].convolves:
        ways["PyTorch"]["PyTorch, channels_last"] = (pytorch, loop, True)
    if not CASES[case].ordinary:
        ways["JAX"] = {
            "JAX, an epoch a call": (jax_cpu, train, True),
            "JAX, a step a call": (jax_cpu, train, False),
        }
    spread = (("all threads", cores, 1), ("one thread", 1, cores))
    return {
        peer: [
            Setting(f"{name}, {word}", start, make, threads, processes, tuple(rest))
            for name, (start, make, *rest) in found.items()
            for word, threads, processes in spread
        ]
        for peer, found in ways.items()
    }


def takers(case: str) -> dict[str, Callable]:
    """Return, by contestant, what gives its loss and gradients (equivalence.py)."""
    found = {OURS: gradients.ours, "PyTorch": gradients.pytorch}
    return found if CASES[case].ordinary else {**found, "JAX": gradients.jax}


def absent(peers) -> dict[str, str]:
    """Return which of the peers are not installed, and what to do."""
    return {peer: MISSING for peer in peers if not installed(LIBRARIES[peer])}
