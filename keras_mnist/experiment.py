"""An experiment: everything that decides a run but its seed.

No two parts share a field name, so that `experiment.change(dropout=0.0)` is enough to name
one choice.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field, fields

from keras_mnist.checks import one_of
from keras_mnist.errors import ExperimentError, nearest
from keras_mnist.parts import LEARNING_RATES, MLP, MODELS, Data, Preprocessing, Training


@dataclass(frozen=True)
class Experiment:
    """Data, preprocessing, model and training; with a seed, a run."""

    data: Data = field(default_factory=Data)
    preprocessing: Preprocessing = field(default_factory=Preprocessing)
    model: MLP = field(default_factory=MLP)
    training: Training = field(default_factory=Training)

    def change(self, **changes) -> "Experiment":
        """Return this experiment with the named fields replaced, whichever part holds them.

        Raises:
            ExperimentError: an unknown field, or a value out of range.
        """
        parts = {}
        for name, value in changes.items():
            part = self.part_of(name)
            parts[part] = dataclasses.replace(parts.get(part, getattr(self, part)), **{name: value})
        return dataclasses.replace(self, **parts)

    def part_of(self, name: str) -> str:
        """Return which part (`model`, `training`, ...) holds the field `name`."""
        owners = {f.name: part.name for part in fields(self) for f in fields(self._part(part))}
        if name not in owners:
            raise ExperimentError(
                f"{name} must be a field of this experiment", None, nearest(name, owners)
            )
        return owners[name]

    def value(self, name: str):
        """Return the value of the field `name`, whichever part holds it."""
        return getattr(getattr(self, self.part_of(name)), name)

    def _part(self, part: dataclasses.Field):
        return getattr(self, part.name)

    def to_dict(self) -> dict:
        """Return plain data that `from_dict` reads back."""
        parts = {part.name: dataclasses.asdict(self._part(part)) for part in fields(self)}
        parts["model"] = {"kind": self.kind, **parts["model"]}
        return parts

    @classmethod
    def from_dict(cls, parts: dict) -> "Experiment":
        """Rebuild an experiment from `to_dict`'s data.

        Raises:
            ExperimentError: missing or unknown parts or fields, or values out of range.
        """
        try:
            model = dict(parts["model"])
            kind = model.pop("kind")
            one_of("model kind", kind, MODELS)
            return cls(
                data=Data(**parts["data"]),
                preprocessing=Preprocessing(**parts["preprocessing"]),
                model=MODELS[kind](**model),
                training=Training(**parts["training"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ExperimentError(
                "an experiment must name data, preprocessing, model and training with their fields",
                error,
            ) from error

    def decisive(self) -> dict:
        """Return what enters the key: every choice that decides the result, in one form only.

        The data set counts by its digest, not by its name. A field at its default is left out,
        so that a field added later does not orphan the runs stored before it; a learning rate
        written out is left out where it is the optimizer's default.
        """
        parts = {"model": {"kind": self.kind}}
        for part, name, value in self._departures():
            parts.setdefault(part, {})[name] = value
        return parts

    def _departures(self):
        """Yield (part, field, value) where this experiment differs from its model's default."""
        default = Experiment(model=type(self.model)())
        for part in fields(self):
            ours, standards = self._part(part), default._part(part)
            for f in fields(ours):
                value, standard = getattr(ours, f.name), getattr(standards, f.name)
                if f.name == "learning_rate":
                    value, standard = ours.rate, LEARNING_RATES[ours.optimizer]
                if value != standard and f.name != "dataset":
                    yield part.name, f.name, value

    def key(self, data_digest: str, schema: int) -> str:
        """Return the SHA-256 (64 hexadecimal digits) under which this experiment's runs lie."""
        content = {"experiment": self.decisive(), "data": data_digest, "schema": schema}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def kind(self) -> str:
        """The model's name on the command line and in records: `mlp`."""
        return next(kind for kind, model in MODELS.items() if isinstance(self.model, model))

    @property
    def name(self) -> str:
        """A readable name fit for a folder: the model, then what differs from its default."""
        return "_".join(
            [self.kind, *(_word(name, value) for _, name, value in self._departures())]
        )[:80]


def _word(name: str, value) -> str:
    return f"{name}-{value:g}" if isinstance(value, float) else f"{name}-{value}"
