"""Kinds of pictures with more or less than one digit; see photograph_kinds.py."""

import numpy as np
from photograph_kinds import kind, lit, on_table, put, shadow, shot, surface
from scipy import ndimage

BLACK = (0.1, 0.1, 0.12)


def _room(mask, place, side):
    written = np.zeros((side, side, 1), np.float32)
    put(written, mask, 1, place)
    return ndimage.maximum_filter(written[..., 0], 13) > 0.5


@kind
def neighbours(chance, digits):
    """Other digits beside it, cut off by the picture's border."""
    side, width = 360, chance.uniform(0.05, 0.1)
    scene = surface(chance, side, side, [chance.uniform(0.8, 0.95)] * 3)
    extent = int(chance.uniform(140, 190))
    mask, label = digits(extent, width)
    place = [(side - size) / 2 + chance.uniform(-12, 12) for size in mask.shape]
    put(scene, mask, BLACK, place)
    # What is written, with some room around it, into which no other digit is written.
    taken = _room(mask, place, side)
    for edge in chance.permutation(4)[: chance.integers(1, 3)]:
        other, _ = digits(extent, width)
        cut = chance.uniform(0.35, 0.7)
        y, x = ((side - size) / 2 + chance.uniform(-30, 30) for size in other.shape)
        outside = [(-cut * other.shape[0], x), (y, -cut * other.shape[1])]
        outside += [(side - (1 - cut) * other.shape[0], x), (y, side - (1 - cut) * other.shape[1])]
        room = _room(other, outside[edge], side)
        if not (room & taken).any():
            put(scene, other, BLACK, outside[edge])
            taken |= room
    return shot(chance, lit(chance, scene)), label


@kind
def several(chance, digits):
    """Two to four digits on a line."""
    count, extent, width = chance.integers(2, 5), chance.uniform(80, 130), chance.uniform(0.05, 0.1)
    scene = surface(chance, 300, int(count * extent * 1.25) + 60, [chance.uniform(0.8, 0.95)] * 3)
    left, read = chance.uniform(20, 40), ""
    for _ in range(count):
        mask, label = digits(int(extent * chance.uniform(0.85, 1.1)), width)
        put(scene, mask, BLACK, (150 - mask.shape[0] / 2 + chance.uniform(-12, 12), left))
        left, read = left + mask.shape[1] + chance.uniform(0.2, 0.5) * extent, read + label
    return shot(chance, lit(chance, scene)), read


@kind
def nothing(chance, digits):
    """An empty sheet, on a table or with a shadow: refusing is right."""
    scene = surface(chance, 400, 400, [chance.uniform(0.8, 0.95)] * 3)
    if chance.random() < 0.5:
        scene = on_table(chance, scene, surface(chance, 420, 560, (0.4, 0.3, 0.22), 0.05), 0.4)
    else:
        scene = scene * shadow(chance, 400, 400)
    return shot(chance, lit(chance, scene)), ""
