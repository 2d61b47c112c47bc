"""Telling digits apart: which parts of the ink belong to one, and in which order they are read."""

import itertools

import numpy as np

from keras_mnist.base.errors import DataError

LIKE = 0.45  # of the greatest height; parts that are as high are digits of their own
PIECE = 0.3  # of the greatest height; of a digit one part at least is as high
ABOVE = 0.5  # of the narrower one's width; a part so far above or below another is of it
NEAR = 0.07  # of the greatest height; parts with less between them are one that is broken
ASIDE = 0.33  # of the greatest height; a small part that is farther from all digits is none
SOLID = 0.7  # of the box around it; parts that all cover as much may be dashes of a broken line
MOST = 12  # digits that are read in one picture
WIDE = 1.75  # times its height; a digit is less wide


def digits_apart(parts: np.ndarray, ink: np.ndarray, name: str) -> list[np.ndarray]:
    """Return the parts of each digit, from left to right.

    Args:
        parts: whole numbers (h, w), the part to which each pixel belongs.
        ink: whole numbers (n,), the parts that may be of digits.
        name: what messages call the picture.

    Returns:
        For each digit the numbers of its parts.

    Raises:
        DataError: parts of like size do not stand on a line, or are too many or too wide.
    """
    from scipy import ndimage  # slow to import

    found = ndimage.find_objects(parts)
    boxes = np.array([[(side.start, side.stop) for side in found[part - 1]] for part in ink])
    if len(ink) == 1:
        _require_line(boxes, name)
        return [ink]
    solid = np.bincount(parts.ravel())[ink] > SOLID * np.ptp(boxes, 2).prod(1)
    groups = _near(parts, ink, NEAR * (boxes[:, 0, 1] - boxes[:, 0, 0]).max())
    if len(groups) > 5 * MOST:
        raise _not_in_order(len(groups), name)
    groups = _above(groups, boxes, bool(solid.all()))
    spans = np.array([_span(boxes[group]) for group in groups])
    high = np.ptp(spans[:, 0], 1)
    whole = np.array([np.ptp(boxes[group, 0], 1).max() for group in groups])
    tall = high >= LIKE * high.max()
    if (tall & (whole >= PIECE * high.max())).any():  # else it is one line, of dashes
        tall &= whole >= PIECE * high.max()
    digits = {number: [groups[number]] for number in np.flatnonzero(tall)}
    for number in np.flatnonzero(~tall):
        gaps = {other: _gap(spans[number], spans[other]) for other in digits}
        nearest = min(gaps, key=lambda other: gaps[other])
        if gaps[nearest] < ASIDE * high.max():
            digits[nearest].append(groups[number])
    _require_line(spans[tall], name)
    in_order = sorted(digits, key=lambda number: spans[number, 1].sum())
    return [ink[np.concatenate(digits[number])] for number in in_order]


def marked(parts: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return where the chosen of the parts, whole numbers (h, w), are: booleans (h, w)."""
    flags = np.zeros(parts.max() + 1, bool)
    flags[chosen] = True
    return flags[parts]


def _near(parts, ink, distance: float) -> list[np.ndarray]:
    """Return places in `ink` of parts with no more than a distance, in pixels, between them."""
    from scipy import ndimage  # slow to import

    mask = marked(parts, ink)
    reach = 2 * int(distance / 2) + 1
    wide, _ = ndimage.label(ndimage.maximum_filter(mask, reach), np.ones((3, 3)))  # pyright: ignore
    of_part = np.zeros(parts.max() + 1, int)
    of_part[parts[mask]] = wide[mask]
    return [np.flatnonzero(of_part[ink] == one) for one in np.unique(of_part[ink])]


def _above(groups: list[np.ndarray], boxes: np.ndarray, dashes: bool) -> list[np.ndarray]:
    """Join what is drawn above, below or within something, but for parts of like size in a pile."""
    least = LIKE * np.ptp(np.array([_span(boxes[group])[0] for group in groups]), 1).max()
    while True:
        for one, other in itertools.combinations(range(len(groups)), 2):
            first, second = _span(boxes[groups[one]]), _span(boxes[groups[other]])
            down, across = (
                min(a[1], b[1]) - max(a[0], b[0]) for a, b in zip(first, second, strict=True)
            )
            heights, widths = (np.array([first, second]) @ [-1, 1]).T
            pile = not dashes and heights.min() >= least and down < 0.5 * heights.min()
            if across >= ABOVE * widths.min() and not pile:
                joined = np.concatenate([groups[one], groups[other]])
                groups = [g for n, g in enumerate(groups) if n not in (one, other)] + [joined]
                break
        else:
            return groups


def _span(boxes: np.ndarray) -> np.ndarray:
    """Return what boxes (n, 2, 2) span together, (2, 2): top and bottom, left and right."""
    return np.stack([boxes[..., 0].min(0), boxes[..., 1].max(0)], 1)


def _gap(one: np.ndarray, other: np.ndarray) -> float:
    """Return the pixels between two spans, the greater of across and down."""
    return max(0, *(np.maximum(one[:, 0], other[:, 0]) - np.minimum(one[:, 1], other[:, 1])))


def _require_line(spans: np.ndarray, name: str) -> None:
    """Check that digits (n, 2, 2) stand on a line and that each can be one."""
    rows = spans[:, 0]
    common = rows[:, 1].min() - rows[:, 0].max()
    if len(spans) > MOST or (len(spans) > 1 and common < 0.3 * np.ptp(rows, 1).min()):
        raise _not_in_order(len(spans), name)
    high, wide = np.ptp(spans, 2).T
    if (wide > WIDE * high).any():
        times = (wide / high).max()
        raise DataError(
            f"{name} must show a digit, or several that stand apart",
            f"ink that hangs together and is {times:.1f} times as wide as high",
            "Leave room between them, or cut the picture to one",
        )


def _not_in_order(count: int, name: str) -> DataError:
    return DataError(
        f"{name} must show a digit, or at most {MOST} on a line",
        f"{count} parts of like size that are not",
        "Cut the picture to what is meant",
    )
