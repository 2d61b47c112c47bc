"""The kinds of pictures, one function each; photograph_kinds.py says what they have in common."""

import io

import numpy as np
from photograph_kinds import (
    drawn,
    grain,
    kind,
    lit,
    on_table,
    put,
    ruled,
    shadow,
    shot,
    somewhere,
    surface,
)
from PIL import Image

BLUE, BLACK, RED, GREEN = (0.1, 0.15, 0.5), (0.1, 0.1, 0.12), (0.7, 0.1, 0.12), (0.1, 0.45, 0.2)
ORANGE, VIOLET, YELLOW = (0.95, 0.5, 0.1), (0.5, 0.2, 0.6), (0.95, 0.8, 0.1)


def _sheet(chance, digits, side=400, share=(0.35, 0.7), width=None, ink=BLACK, **paper):
    """Return paper with a digit on it, and its label."""
    level = chance.uniform(0.8, 0.95)
    scene = surface(chance, int(side * chance.uniform(0.8, 1.25)), side, [level] * 3, **paper)
    mask, label = digits(int(side * 0.8 * chance.uniform(*share)), width)
    put(scene, mask, ink, somewhere(chance, scene, mask, 0.1))
    return scene, label


@kind
def paint(chance, digits):
    """Drawn with a mouse: black on white or the other way about, no noise."""
    dark = chance.random() < 0.5
    scene = np.full((280, 280, 3), float(dark), np.float32)
    mask, label = digits(int(chance.uniform(100, 240)), chance.uniform(0.05, 0.14))
    put(scene, mask, [float(not dark)] * 3, somewhere(chance, scene, mask, 0.03))
    return drawn(scene), label


@kind
def chalk(chance, digits):
    """Crumbling light strokes on a dark board with traces of a sponge."""
    colour = [(0.12, 0.25, 0.18), (0.15, 0.15, 0.16)][chance.integers(2)]
    scene = surface(chance, 360, 480, colour, 0.04)
    scene += np.abs(grain(chance, (360, 480), 25, 0.03))[..., None]
    mask, label = digits(int(chance.uniform(120, 260)), chance.uniform(0.05, 0.1))
    crumbs = (0.8 + grain(chance, mask.shape, 1, 0.25)).clip(0, 1)
    put(scene, mask * crumbs, (0.9, 0.9, 0.85), somewhere(chance, scene, mask))
    return shot(chance, lit(chance, scene)), label


@kind
def board(chance, digits):
    """A dark board on a light wall."""
    wall = surface(chance, 420, 560, [chance.uniform(0.65, 0.9)] * 3)
    slate = surface(chance, 300, 400, (0.14, 0.2, 0.17), 0.03)
    mask, label = digits(int(chance.uniform(130, 230)), chance.uniform(0.06, 0.12))
    put(slate, mask, (0.9, 0.9, 0.85), somewhere(chance, slate, mask, 0.1))
    scene = on_table(chance, slate, wall, chance.uniform(0.2, 0.6), 8)
    return shot(chance, lit(chance, scene)), label


@kind
def pen(chance, digits):
    """A thin pen on paper, close."""
    ink = [BLUE, BLACK][chance.integers(2)]
    scene, label = _sheet(chance, digits, 420, width=chance.uniform(0.02, 0.05), ink=ink)
    return shot(chance, lit(chance, scene)), label


@kind
def shaded(chance, digits):
    """The edge of a shadow across the paper."""
    scene, label = _sheet(chance, digits, 420, width=chance.uniform(0.04, 0.1))
    return shot(chance, lit(chance, scene * shadow(chance, *scene.shape[:2]), 0.8)), label


def _on_lines(chance, digits, squared):
    scene = surface(chance, 400, 440, [chance.uniform(0.85, 0.95)] * 3)
    spacing = chance.uniform(20, 34) if squared else chance.uniform(40, 90)
    colour = [(0.6, 0.7, 0.85), (0.7, 0.7, 0.72), (0.45, 0.55, 0.75)][chance.integers(3)]
    ruled(scene, chance, squared, colour, spacing, chance.uniform(1, 2.2))
    mask, label = digits(int(chance.uniform(110, 260)), chance.uniform(0.03, 0.07))
    put(scene, mask, [BLUE, BLACK][chance.integers(2)], somewhere(chance, scene, mask))
    return shot(chance, lit(chance, scene, 0.8)), label


@kind
def ruled_paper(chance, digits):
    """Paper with lines across, which the digit crosses."""
    return _on_lines(chance, digits, False)


@kind
def squared_paper(chance, digits):
    """Paper with squares."""
    return _on_lines(chance, digits, True)


@kind
def table(chance, digits):
    """A light sheet that covers a fifth to two thirds of a darker table."""
    tone = np.array([(0.45, 0.3, 0.2), (0.25, 0.22, 0.2), (0.5, 0.5, 0.52)][chance.integers(3)])
    wood = surface(chance, 480, 640, tone, 0.05)
    wood *= 1 + grain(chance, (480, 1), 3, 0.06)[..., None]
    sheet, label = _sheet(chance, digits, width=chance.uniform(0.04, 0.1))
    return shot(
        chance, lit(chance, on_table(chance, sheet, wood, chance.uniform(0.2, 0.66)))
    ), label


@kind
def page(chance, digits):
    """A small digit on a large page."""
    scene = surface(chance, 1000, 760, [chance.uniform(0.8, 0.95)] * 3)
    mask, label = digits(int(chance.uniform(50, 110)), chance.uniform(0.05, 0.09))
    put(scene, mask, [BLUE, BLACK][chance.integers(2)], somewhere(chance, scene, mask))
    return shot(chance, lit(chance, scene)), label


@kind
def coloured(chance, digits):
    """Coloured ink on white or coloured paper."""
    papers = [(0.95, 0.95, 0.95), (0.95, 0.93, 0.75), (0.8, 0.9, 0.95), (0.95, 0.82, 0.85)]
    inks = [BLUE, RED, GREEN, ORANGE, VIOLET, YELLOW]
    scene = surface(chance, 360, 400, papers[chance.integers(4)])
    mask, label = digits(int(chance.uniform(120, 260)), chance.uniform(0.05, 0.12))
    put(scene, mask, inks[chance.integers(6)], somewhere(chance, scene, mask))
    return shot(chance, lit(chance, scene, 0.8)), label


@kind
def blurred(chance, digits):
    """Out of focus."""
    scene, label = _sheet(chance, digits, 400, width=chance.uniform(0.06, 0.12))
    return shot(chance, lit(chance, scene), blur=chance.uniform(3, 8)), label


@kind
def transparent(chance, digits):
    """Ink on nothing, as drawing programs export it."""
    mask, label = digits(int(chance.uniform(120, 240)), chance.uniform(0.06, 0.14))
    layer = np.zeros((300, 300, 4), np.uint8)
    layer[..., :3] = (255 * np.array([BLACK, BLUE, RED, (1, 1, 1)][chance.integers(4)])).astype(int)
    top, left = (int(chance.uniform(5, 295 - side)) for side in mask.shape)
    layer[top : top + mask.shape[0], left : left + mask.shape[1], 3] = 255 * mask
    content = io.BytesIO()
    Image.fromarray(layer).save(content, "PNG")
    return content.getvalue(), label


@kind
def tiny(chance, digits):
    """Sixteen to forty pixels high."""
    side = int(chance.integers(16, 41))
    scene = np.ones((side, side, 3), np.float32) * chance.uniform(0.85, 1)
    mask, label = digits(int(side * chance.uniform(0.6, 0.85)), chance.uniform(0.08, 0.14))
    put(scene, mask, BLACK, somewhere(chance, scene, mask, 0.06))
    return drawn(scene), label


@kind
def huge(chance, digits):
    """As large as a telephone's."""
    scene, label = _sheet(chance, digits, 620, width=chance.uniform(0.03, 0.1))
    small = Image.open(io.BytesIO(shot(chance, lit(chance, scene), blur=1, quality=95)))
    large = small.resize([4 * side for side in small.size], Image.Resampling.BICUBIC)
    content = io.BytesIO()
    large.save(content, "JPEG", quality=85)
    return content.getvalue(), label


@kind
def tight(chance, digits):
    """Cropped so that the digit touches the edges, or nearly."""
    mask, label = digits(int(chance.uniform(100, 300)), chance.uniform(0.05, 0.12))
    mask = np.pad(mask, int(chance.integers(0, 5)))
    scene = surface(chance, *mask.shape, [chance.uniform(0.8, 0.95)] * 3)
    put(scene, mask, [BLUE, BLACK][chance.integers(2)], (0, 0))
    return shot(chance, scene), label


@kind
def pencil(chance, digits):
    """A grey, grainy line."""
    scene = surface(chance, 400, 460, [chance.uniform(0.8, 0.95)] * 3, 0.015)
    mask, label = digits(int(chance.uniform(130, 280)), chance.uniform(0.02, 0.05))
    lead = (chance.uniform(0.4, 0.7) + grain(chance, mask.shape, 1, 0.2)).clip(0, 1)
    put(scene, mask * lead, (0.3, 0.3, 0.32), somewhere(chance, scene, mask))
    return shot(chance, lit(chance, scene, 0.8)), label
