"""A person's own network: a function's arguments as choices, and what it builds as data."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar

from keras_mnist.base.choice import plain
from keras_mnist.base.errors import ExperimentError
from keras_mnist.networks.argument import Signature, as_kept
from keras_mnist.networks.built import Built
from keras_mnist.networks.code import KIND, Code, code_of_function, kind_of
from keras_mnist.networks.layers import Plain, Shape, Size
from keras_mnist.networks.network import NETWORKS, Network
from keras_mnist.networks.signatures import signature_of


@dataclass(frozen=True)
class Origin:
    """Where a network comes from, and what is known by now of what it builds.

    Attributes:
        name: what a person calls it.
        signature: of its function.
        code: that builds it; of a network that is known from a record alone, `None`.
        digest: of what that one built: another record of its name may be of another file.
        known: what was built, by arguments, shape of an example and classes.
    """

    name: str
    signature: Signature
    code: Code | None = None
    digest: str = ""
    known: dict[tuple, Built] = field(default_factory=dict, compare=False)


class Own(Network):
    """Base of the networks of people's own; each function has its class, by `network_of`.

    Two are equal if they are called alike and have the same arguments.
    """

    origin: ClassVar[Origin]

    @property
    def kind(self) -> str:
        """A word for it, fit for a folder."""
        word = kind_of(self.origin.name)
        return f"own-{word}" if word in NETWORKS else word

    @property
    def arguments(self) -> dict:
        """Its function's arguments, but for what the data set gives."""
        return {one.name: getattr(self, one.name) for one in self.origin.signature.arguments}

    def __post_init__(self):
        super().__post_init__()
        for one in self.origin.signature.arguments:
            if not one.counts(self.arguments):  # so that two that build alike are equal
                object.__setattr__(self, one.name, one.default)

    def _place(self, shape: Shape, classes: int) -> tuple:
        return tuple(self.arguments.values()), tuple(shape), classes

    def known(self, shape: Shape, classes: int) -> Built | None:
        """Return what it builds, if that is known."""
        return self.origin.known.get(self._place(shape, classes))

    def is_known(self, shape: Shape, classes: int) -> bool:
        """Return whether its sizes can be told."""
        return self.known(shape, classes) is not None

    def built(self, shape: Shape, classes: int) -> Built:
        """Return what it builds.

        Raises:
            ExperimentError: nobody has built it yet.
        """
        found = self.known(shape, classes)
        if found is None:
            raise ExperimentError(
                f"{self.origin.name} must have been built to know its layers",
                f"shape {tuple(shape)}, {classes} classes",
                "Plan its runs, or name a record of it",
            )
        return found

    def learn(self, shape: Shape, classes: int, built: Built) -> None:
        """Take in what it builds."""
        self.origin.known[self._place(shape, classes)] = built

    @property
    def code(self) -> Code:
        """What builds it.

        Raises:
            ExperimentError: it is known from a record alone, or its file is gone.
        """
        if self.origin.code is None:
            raise ExperimentError(
                f"the code of {self.origin.name} must be at hand to train it",
                "what records tell of it",
                "No record runs code: name the file, as it was then, with --model",
            )
        return self.origin.code

    def layers(self, classes: int) -> list[Plain]:
        """Return no plain layers: what a function builds is Keras's to say."""
        return []

    def sizes(self, shape: Shape, classes: int) -> list[Size]:
        """Return what the layers that have weights weigh."""
        return list(self.built(shape, classes).sizes)

    def outputs(self, shape: Shape, classes: int) -> str:
        """Return whether it ends in `probabilities` or in `logits`."""
        return self.built(shape, classes).outputs

    def compiled(self, shape: Shape, classes: int) -> dict:
        """Return the choices of how to fit that it was compiled with, as far as that is known."""
        found = self.known(shape, classes)
        return dict(found.compiled) if found else {}

    def keeps_state(self, shape: Shape, classes: int) -> bool:
        """Return whether something in it may be carried from one run to the next."""
        return self.built(shape, classes).own_code

    def decisive(self, departures: dict, shape: Shape, classes: int) -> dict:
        """Return what enters a key: what was built, however that came about."""
        found = self.known(shape, classes)
        return {"kind": KIND, **({"built": found.digest} if found else departures)}

    def stored(self, shape: Shape, classes: int) -> dict:
        """Return it as records have it."""
        found = self.known(shape, classes)
        return {
            "kind": KIND,
            "network": self.origin.name,
            "signature": self.origin.signature.bare,
            "arguments": {n: v for n, v in plain(self).items() if n not in self.idle},
            "built": found.to_dict() if found else None,
        }

    def __eq__(self, other) -> bool:
        return isinstance(other, Own) and self._same() == other._same()

    def __hash__(self) -> int:
        return hash(self._same())

    def _same(self) -> tuple:
        return self.origin.name, tuple(self.arguments.items())

    def __reduce__(self):
        values = tuple(self.arguments.values())
        known = {place: built for place, built in self.origin.known.items() if place[0] == values}
        return _again, (dataclasses.replace(self.origin, known=known), values)


@lru_cache(maxsize=1024)
def network_of(origin: Origin) -> type[Own]:
    """Return the class of the networks that a function builds: its fields are the arguments.

    Raises:
        ExperimentError: a default that its own check refuses.
    """
    fields = [
        (one.name, object, one.choice.default(one.default)) for one in origin.signature.arguments
    ]
    made = dataclasses.make_dataclass("OwnNetwork", fields, bases=(Own,), frozen=True, eq=False)
    made.origin = origin
    return made


def own_network(function: Callable) -> Own:
    """Return the network that a function at hand builds, its arguments at their defaults.

    Raises:
        ExperimentError: an argument without a default, or a function that cannot be sent.
    """
    if not callable(function):
        raise ExperimentError(
            "a network must be an experiment or a function that returns a Keras model",
            type(function).__name__,
            "def network(shape, classes, width=64): ...",
        )
    code = code_of_function(function)
    return network_of(Origin(code.name, signature_of(function, code.name), code))()


def _again(origin: Origin, values: tuple) -> Own:
    names = [one.name for one in origin.signature.arguments]
    kind = network_of(origin)
    kind.origin.known.update(origin.known)  # the class may have been here before
    return kind(**dict(zip(names, values, strict=True)))


def recorded(content: dict, shape: Shape, classes: int) -> Own:
    """Return a network as a record tells it: nothing of it is run, nor could be.

    Raises:
        ExperimentError, LookupError, TypeError, ValueError: it is no network's.
    """
    signature = Signature.from_dict(content["signature"])
    if not isinstance(content["network"], str):
        raise TypeError("a network's name must be a text")
    values = {name: as_kept(value) for name, value in content["arguments"].items()}
    found = _recorded(content["network"], signature)(**values)
    if content["built"] is None:
        return found
    built = Built.from_dict(content["built"])
    found = _recorded(content["network"], signature, built.digest)(**values)
    found.learn(shape, classes, built)
    return found


@lru_cache(maxsize=4096)
def _recorded(name: str, signature: Signature, digest: str = "") -> type[Own]:
    return network_of(Origin(name, signature, digest=digest))
