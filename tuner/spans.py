"""What a search goes through of one choice, as a person or the choice itself says it."""

from dataclasses import replace

from keras_mnist.base.choice import Choice
from keras_mnist.base.errors import ExperimentError
from keras_mnist.base.ranges import Range, Values
from keras_mnist.experiment import Experiment
from keras_mnist.experiment.named import choice_named, value_of


def named_span(text: str, baseline: Experiment) -> tuple[str, Range | Values]:
    """Return the choice that `NAME=LOW:HIGH[:log]` or `NAME=A,B,C` names, and its span.

    Raises:
        ExperimentError: it is neither, or the experiment has no such choice.
    """
    name, _, span = text.partition("=")
    name, choice = choice_named(baseline, name, "--search")
    parts = span.split(":")
    try:
        if 2 <= len(parts) <= 3 and parts[2:] in ([], ["log"]):
            return name, _between(choice, *parts[:2], log=len(parts) == 3)
        if len(parts) == 1 and span:
            return name, Values(tuple(value_of(choice, word.strip()) for word in span.split(",")))
    except ValueError:
        pass
    raise ExperimentError(
        f"--search {name} must be {name}=LOW:HIGH, {name}=LOW:HIGH:log or {name}=A,B,C",
        repr(text),
    )


def pair(text: str | None, flag: str, kind) -> tuple | None:
    """Return the ends of a LOW:HIGH range.

    Raises:
        ExperimentError: it is no such range.
    """
    if text is None:
        return None
    try:
        low, high = map(kind, text.split(":"))
    except ValueError:
        raise ExperimentError(f"{flag} must be LOW:HIGH, as in 32:2048", repr(text)) from None
    return low, high


def _between(choice: Choice, low: str, high: str, log: bool) -> Range:
    ends = tuple(value_of(choice, end) for end in (low, high))
    if not all(isinstance(end, (int, float)) for end in ends) or (log and min(ends) <= 0):
        raise ValueError
    return Range(*ends, log=log)


def ranged(baseline: Experiment, name: str, ends: tuple | None = None) -> Range | Values:
    """Return what is searched of a choice, between other ends if any are given."""
    span = baseline.choices[name].search
    assert span is not None, f"{name} has no range to search"  # no width and no `searchable` has
    if ends is None:
        return span
    assert isinstance(span, Range), f"{name} has no ends"
    return replace(span, low=ends[0], high=ends[1])
