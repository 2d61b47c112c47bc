"""The axes of a map of a search: of the fields that it searched, those that a plane can have."""

from dataclasses import dataclass

from keras_mnist.experiment import Experiment


@dataclass(frozen=True)
class Axis:
    """A field searched as an axis.

    Attributes:
        name: of the field.
        label: with its unit, if it has one.
        log: whether each doubling is as long as any other.
    """

    name: str
    label: str
    log: bool


def axes_of(space: dict, baseline: Experiment) -> list[Axis]:
    """Return the fields that a map has as axes: the first number and, upward, dropout or the next.

    Those that not all trials have are none.

    Args:
        space: `fields`: by name what is searched of each.
        baseline: says which of them are widths.
    """
    fields = space["fields"].items()
    numbers = [n for n, span in fields if _is_number(span) and not span.get("when")]
    upward = [name for name in numbers[1:] if name == "dropout"] or numbers[1:]
    return [_axis(name, space["fields"][name], baseline) for name in numbers[:1] + upward[:1]]


def _is_number(span: dict) -> bool:
    values = span.get("values", [span.get("low"), span.get("high")])
    return all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values)


def _axis(name: str, span: dict, baseline: Experiment) -> Axis:
    choice = baseline.choices.get(name)
    unit = " (units)" if choice and choice.width else " (share)" if name == "dropout" else ""
    return Axis(name, name.replace("_", " ") + unit, span.get("log") is True)
