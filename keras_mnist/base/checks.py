"""Range checks of an experiment's fields; each names what is required and what came."""

import math

from keras_mnist.base.errors import ExperimentError, nearest

LARGEST_SEED = 2**31 - 1


def as_python(value):
    """Return numbers of NumPy's, alone or listed, as Python has them; anything else as it is."""
    if type(value) in (list, tuple):
        return type(value)(map(as_python, value))
    of_numpy = type(value).__module__ == "numpy" and hasattr(value, "tolist")
    return value.tolist() if of_numpy else value


def integer(part: str, value, low: int, high: int) -> None:
    """Raise `ExperimentError` unless `value` is a whole number in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ExperimentError(f"{part} must be a whole number from {low} to {high}", repr(value))


def number(part: str, value, low: float, high: float, bounds: str) -> None:
    """Check a real number; `bounds` is `[)`-style, telling which ends belong to the range."""
    inside = isinstance(value, (int, float)) and not isinstance(value, bool)
    inside = inside and _is_finite(value)
    inside = inside and (value >= low if bounds[0] == "[" else value > low)
    inside = inside and (value <= high if bounds[1] == "]" else value < high)
    if not inside:
        raise ExperimentError(
            f"{part} must be a number in {bounds[0]}{low:g}, {high:g}{bounds[1]}", repr(value)
        )


def _is_finite(value: int | float) -> bool:
    """Return whether it is a number that a float can hold: a whole one may be too large."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def real(part, name: str, low: float, high: float, bounds: str) -> None:
    """Check the real field `name` of a frozen part and keep it as float.

    0 and 0.0 must give one key.
    """
    value = getattr(part, name)
    number(name, value, low, high, bounds)
    object.__setattr__(part, name, float(value))


def one_of(part: str, value, known) -> None:
    """Raise `ExperimentError` unless `value` is one of the words in `known`."""
    if not isinstance(value, str) or value not in known:
        near = nearest(value, known, None) if isinstance(value, str) else ""
        raise ExperimentError(f"{part} must be one of {', '.join(known)}", repr(value), near)


def text(part: str, value, empty: bool = False) -> None:
    """Raise `ExperimentError` unless `value` is a text; with something in it, unless `empty`."""
    if not isinstance(value, str) or not (value or empty):
        raise ExperimentError(f"{part} must be a text", repr(value)[:80])


def listed(part: str, values, length: int | None = None):
    """Return `values`, checked to be a list or tuple, of that length if one is given."""
    if not isinstance(values, (list, tuple)) or length not in (None, len(values)):
        many = "" if length is None else f" of {length}"
        raise ExperimentError(f"{part} must be a list{many}", repr(values)[:80])
    return values


def by_name(part: str, value) -> dict:
    """Return `value`, checked to be values by name."""
    if not isinstance(value, dict):
        raise ExperimentError(f"{part} must be by name", repr(value)[:80])
    return value


def boolean(part: str, value) -> None:
    """Raise `ExperimentError` unless `value` is a boolean."""
    if not isinstance(value, bool):
        raise ExperimentError(f"{part} must be true or false", repr(value))


def distinct_seeds(seeds) -> tuple[int, ...]:
    """Return `seeds` as a tuple, each checked to be a whole number and to occur once."""
    try:
        seeds = as_python(tuple(seeds))
    except TypeError:
        number = as_python(seeds)
        how = f"range({number}) is that many, ({number},) that one" if type(number) is int else ""
        raise ExperimentError("seeds must be listed, as in (0, 1, 2)", number, how) from None
    if not seeds:
        raise ExperimentError("a study must have at least one seed", "none")
    for seed in seeds:
        integer("a seed", seed, 0, LARGEST_SEED)
    if len(set(seeds)) != len(seeds):
        raise ExperimentError("seeds must differ", ",".join(map(str, seeds)))
    return seeds


def no_blank(words: list[str], command: str) -> None:
    """Check that no word of a command's line is blank: a variable of the shell may hold nothing."""
    for before, word in zip(["", *words], words, strict=False):
        flag, sign, value = word.partition("=")
        if not word.strip():
            called = before if before.startswith("--") else "what is asked"
        elif flag.startswith("--") and sign and not value.strip():
            called = flag
        else:
            continue
        raise ExperimentError(f"{called} of {command} must not be blank", repr(word))
