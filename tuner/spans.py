"""What a search goes through of one choice, as a person or the choice itself says it."""

from dataclasses import replace

from keras_mnist.base.choice import Choice, Switch
from keras_mnist.base.errors import ExperimentError, nearest
from keras_mnist.base.ranges import Range, Values
from keras_mnist.experiment import Experiment


def named_span(text: str, baseline: Experiment) -> tuple[str, Range | Values]:
    """Return the choice that `NAME=LOW:HIGH[:log]` or `NAME=A,B,C` names, and its span.

    Raises:
        ExperimentError: it is neither, or the experiment has no such choice.
    """
    name, _, span = text.partition("=")
    name = name.strip().replace("-", "_")
    choice = baseline.choices.get(name)
    if choice is None or not choice.flag:
        known = [known for known, one in baseline.choices.items() if one.flag]
        raise ExperimentError(
            f"--search {name} must name a choice of the experiment", None, nearest(name, known)
        )
    parts = span.split(":")
    try:
        if 2 <= len(parts) <= 3 and parts[2:] in ([], ["log"]):
            return name, _between(choice, *parts[:2], log=len(parts) == 3)
        if len(parts) == 1 and span:
            return name, Values(tuple(_value(choice, word.strip()) for word in span.split(",")))
    except (KeyError, ValueError):
        pass
    raise ExperimentError(
        f"--search {name} must be {name}=LOW:HIGH, {name}=LOW:HIGH:log or {name}=A,B,C",
        repr(text),
    )


def _between(choice: Choice, low: str, high: str, log: bool) -> Range:
    ends = tuple(_value(choice, end) for end in (low, high))
    if not all(isinstance(end, (int, float)) for end in ends) or (log and min(ends) <= 0):
        raise ValueError
    return Range(*ends, log=log)


def _value(choice: Choice, word: str):
    """Return a word as the choice takes it; `ValueError` where it is none."""
    if isinstance(choice.check, Switch):
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
            word.lower()
        ]
    parse = getattr(choice.check, "parse", None)
    if parse is None:
        raise ValueError
    return parse(word)


def ranged(baseline: Experiment, name: str, ends: tuple | None = None) -> Range | Values:
    """Return what is searched of a choice, between other ends if any are given."""
    span = baseline.choices[name].search
    assert span is not None, f"{name} has no range to search"  # no width and no `searchable` has
    if ends is None:
        return span
    assert isinstance(span, Range), f"{name} has no ends"
    return replace(span, low=ends[0], high=ends[1])
