"""An experiment: everything that decides a run but its seed.

No two parts share a field name, so that `experiment.change(dropout=0.0)` is enough to name
one choice. A whole part may be named too: `experiment.change(augmentation=Augmentation())`.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from keras_mnist.base.choice import Choice, choices_of, plain
from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.experiment.augmentation import WHOLE, Augmentation
from keras_mnist.experiment.clashes import require_free_names
from keras_mnist.experiment.departures import departures_from, word
from keras_mnist.experiment.fit import Fit
from keras_mnist.experiment.fits import fitting
from keras_mnist.experiment.pixels import Pixels
from keras_mnist.experiment.split import Data
from keras_mnist.networks import MLP, Network, from_stored
from keras_mnist.networks.layers import Plain, Shape, Size

# What records call these parts: keys are made of them, so they stay.
_STORED = {"pixels": "preprocessing", "network": "model", "fit": "training"}


@dataclass(frozen=True)
class Experiment:
    """Data, pixels, augmentation, network and fit; with a seed, a run.

    Attributes:
        data: the examples' shape and classes; which of them train and which are held out.
        pixels: what happens to them before the network sees them.
        augmentation: how training images are varied, anew in each epoch.
        network: what is trained: its kind and sizes.
        fit: how it is trained: optimizer, loss, batches, epochs, precision.

    Raises:
        ExperimentError: a part is of another kind; patience without validation data.
    """

    data: Data = field(default_factory=Data)
    pixels: Pixels = field(default_factory=Pixels)
    augmentation: Augmentation = field(default_factory=Augmentation, metadata=WHOLE.metadata)
    network: Network = field(default_factory=MLP)
    fit: Fit = field(default_factory=Fit)

    def __post_init__(self):
        for part in fields(self):
            kind: Any = part.type
            if not isinstance(self._part(part), kind):
                raise ExperimentError(f"{part.name} must be a part", repr(self._part(part)))
        require_free_names(self)
        self.fit.require_held_out(self.data.validation_split)

    def change(self, **changes) -> "Experiment":
        """Return this experiment with the named whole parts, then the named fields, replaced.

        Args:
            changes: new values by field, whichever part holds it, or new parts by name.

        Raises:
            ExperimentError: an unknown field, or a value out of range.
        """
        whole = {part.name for part in fields(self)} & changes.keys()
        changed = dataclasses.replace(self, **{name: changes[name] for name in whole})
        of: dict[str, dict] = {}
        for name, value in changes.items():
            if name not in whole:
                of.setdefault(changed.part_of(name), {})[name] = value
        parts = {part: getattr(changed, part).change(**values) for part, values in of.items()}
        return dataclasses.replace(changed, **parts)

    def on(self, dataset) -> "Experiment":
        """Return the same experiment on a `Dataset`'s examples, or raise: it does not suit them."""
        names = ("shape", "classes", "values", "mean", "deviation")
        return fitting(self.change(**{name: getattr(dataset, name) for name in names}), dataset)

    def part_of(self, name: str) -> str:
        """Return which part (`network`, `fit`, ...) holds the field `name`, or is it."""
        owners = self._owners()
        if name not in owners:
            raise ExperimentError(
                f"{name} must be a field of this experiment",
                None,
                nearest(name, owners, "Experiment().choices has them"),
            )
        return owners[name]

    def has(self, name: str) -> bool:
        """Return whether any part has a field `name`, or is called that."""
        return name in self._owners()

    def _owners(self) -> dict[str, str]:
        owners = {f.name: part.name for part in fields(self) for f in fields(self._part(part))}
        return owners | {part.name: part.name for part in fields(self)}

    @property
    def choices(self) -> dict[str, Choice]:
        """What is known of each of its choices, by name."""
        found = choices_of(self)
        for part in fields(self):
            found |= choices_of(self._part(part))
        return found

    def value(self, name: str):
        """Return the value of a field, or the part of that name; errors as in `part_of`."""
        part = self.part_of(name)
        return getattr(self, part) if part == name else getattr(getattr(self, part), name)

    def why_idle(self, name: str) -> str:
        """Return why a choice decides nothing beside the others, if it says; or an empty text."""
        choice, part = self.choices.get(name), self.part_of(name)
        said = choice.idle(getattr(self, part)) if choice and choice.idle else ""
        return said if isinstance(said, str) else ""

    def _part(self, part: dataclasses.Field):
        return getattr(self, part.name)

    def to_dict(self) -> dict:
        """Return plain data, as JSON has it, that `from_dict` reads back."""
        parts = {_stored(part.name): plain(self._part(part)) for part in fields(self)}
        return parts | {"model": self.network.stored(self.shape, self.data.classes)}

    @classmethod
    def from_dict(cls, parts: dict) -> "Experiment":
        """Rebuild an experiment from `to_dict`'s data.

        Raises:
            ExperimentError: missing or unknown parts or fields, or values out of range.
        """
        try:
            unknown = parts.keys() - {_stored(part.name) for part in fields(cls)}
            if unknown:
                raise KeyError(*sorted(unknown))
            # Records of before 0.3 name the data set here, too.
            data = {name: value for name, value in parts["data"].items() if name != "dataset"}
            found = cls(
                data=_read(Data, data),
                pixels=_read(Pixels, parts["preprocessing"]),
                # Records written before there was any have none.
                augmentation=_read(Augmentation, parts.get("augmentation", {})),
                fit=_read(Fit, parts["training"]),
            )
            network = from_stored(parts["model"], found.shape, found.data.classes)
            return dataclasses.replace(found, network=network)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ExperimentError(
                "an experiment must name data, preprocessing, model and training with their fields",
                error,
                "In JSON, `pixels` is preprocessing, `network` model, `fit` training",
            ) from error

    def decisive(self) -> dict:
        """Return what enters the key: every choice that decides the result, in one form only.

        The data set counts by its digest, not by its shape. A field at its default is left out, so
        that a field added later does not orphan the runs stored before it, and so is one that
        decides nothing beside the others, such as the momentum of an optimizer that has none; a
        learning rate written out is left out where it is the optimizer's default.
        """
        parts: dict = {"network": {}}
        for part, name, value in self.departures:
            parts.setdefault(part, {})[name] = value
        network = self.network.decisive(parts["network"], self.shape, self.data.classes)
        return {_stored(part): values for part, values in parts.items()} | {"model": network}

    @cached_property  # a store asks for the same experiment's name and key with every seed
    def departures(self) -> tuple:
        """The (part, field, value) where this experiment differs from its network's default."""
        return departures_from(self, Experiment(network=type(self.network)()))

    def key(self, data_digest: str, schema: int) -> str:
        """Return the SHA-256 (64 hexadecimal digits) under which this experiment's runs lie.

        Args:
            data_digest: `digest` of the data set.
            schema: of the records.
        """
        content = {"experiment": self.decisive(), "data": data_digest, "schema": schema}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def kind(self) -> str:
        """The network's name on the command line and in records: `mlp`."""
        return self.network.kind

    @property
    def layers(self) -> list[Plain]:
        """The network's layers."""
        return self.network.layers(self.data.classes)

    @property
    def shape(self) -> Shape:
        """The shape of one example as the network takes it."""
        side, shape = self.pixels.side, self.data.shape
        return (side, side, *shape[2:]) if side else shape

    @property
    def sizes(self) -> list[Size]:
        """What the layers that have a kernel weigh."""
        return self.network.sizes(self.shape, self.data.classes)

    @property
    def parameters(self) -> int:
        """Trainable parameters: weights, biases, and what batch normalization learns."""
        return sum(layer.weights + layer.offsets for layer in self.sizes)

    @property
    def multiply_adds(self) -> int:
        """Multiplications of one image's forward pass."""
        return sum(layer.multiply_adds for layer in self.sizes)

    @property
    def name(self) -> str:
        """A readable name fit for a folder: the network, then what differs from its default."""
        words = (word(name, value) for _, name, value in self.departures)
        return "_".join([self.kind, *words])[:80]


def _read(kind: type, values: dict):
    """Return a part from its fields, as JSON has them."""
    known = [f.name for f in fields(kind)]
    for name in values:
        if name not in known:
            raise ExperimentError(f"{name} must be a known choice", None, nearest(name, known))
    return kind(**values)


def _stored(part: str) -> str:
    return _STORED.get(part, part)
