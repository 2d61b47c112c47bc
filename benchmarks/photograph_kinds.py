"""Kinds of pictures that people take of digits, drawn: paint, chalk, paper on a table, shadows.

Each kind is a function of a source of chance and a source of digits (photograph_digits.py); it
returns the picture as the bytes of a file and what a person reads in it, a text.
"""

import io

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

KINDS = {}


def kind(draw):
    """Enter a drawing under the name of its function."""
    KINDS[draw.__name__.replace("_", " ")] = draw
    return draw


def grain(chance, shape, size: float, strength: float) -> np.ndarray:
    """Return what varies over a surface: (h, w), mean 0, in spots of some pixels."""
    rough = ndimage.gaussian_filter(chance.normal(0, 1, shape), size)
    return (strength * rough / max(rough.std(), 1e-9)).astype(np.float32)


def surface(chance, height, width, colour, strength=0.01) -> np.ndarray:
    """Return a plain surface (h, w, 3), 0-1, with a fine and a coarse grain."""
    fine = grain(chance, (height, width), 0.7, strength)
    coarse = grain(chance, (height, width), 12, strength)
    return np.asarray(colour, np.float32) * (1 + (fine + coarse)[..., None])


def put(scene, ink, colour, place) -> None:
    """Lay ink (h, w), 0-1, of a colour on a scene with its top left corner at a place."""
    top, left = (int(at) for at in place)
    first_row, first_column = max(0, -top), max(0, -left)
    part = scene[max(0, top) : top + ink.shape[0], max(0, left) : left + ink.shape[1]]
    cover = ink[first_row:, first_column:][: part.shape[0], : part.shape[1], None]
    part += cover * (np.asarray(colour, np.float32) - part)


def somewhere(chance, scene, ink, margin=0.08):
    """Return a place for ink that lies within a scene."""
    edges = [margin * side for side in scene.shape[:2]]
    return [
        chance.uniform(edge, max(edge + 1, side - edge - extent))
        for edge, side, extent in zip(edges, scene.shape, ink.shape, strict=False)
    ]


def lit(chance, scene, least=0.65) -> np.ndarray:
    """Return a scene under light that falls off to one side and to the corners."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    angle, share = chance.uniform(0, 2 * np.pi), chance.uniform(least, 1)
    falling = (x * np.cos(angle) + y * np.sin(angle)) / 1.5
    light = (1 + share) / 2 + (1 - share) / 2 * falling - 0.06 * (x * x + y * y)
    return scene * light[..., None]


def shot(chance, scene, noise=0.015, blur=0.6, quality=None) -> bytes:
    """Return a scene as a camera stores it: a little blurred, with noise, as a JPEG."""
    soft = ndimage.gaussian_filter(scene, (blur, blur, 0)) if blur else scene
    seen = soft + chance.normal(0, noise * chance.uniform(0.3, 1), scene.shape)
    content = io.BytesIO()
    image = Image.fromarray((255 * seen.clip(0, 1)).astype(np.uint8))
    image.save(content, "JPEG", quality=int(quality or chance.integers(70, 95)))
    return content.getvalue()


def drawn(scene) -> bytes:
    """Return a scene as a program stores it: a PNG."""
    content = io.BytesIO()
    Image.fromarray(np.rint(255 * scene.clip(0, 1)).astype(np.uint8)).save(content, "PNG")
    return content.getvalue()


def on_table(chance, sheet, table, share: float, turn=15) -> np.ndarray:
    """Lay a sheet, turned a little and seen a little from the side, on a table.

    Args:
        chance: that decides where.
        sheet: (h, w, 3), 0-1.
        table: (h, w, 3), 0-1.
        share: of the table's pixels that the sheet covers, about.
        turn: degrees by which it may be turned, either way.
    """
    height, width = table.shape[:2]
    scale = np.sqrt(share * height * width / (sheet.shape[0] * sheet.shape[1]))
    tall, broad = (scale * side / 2 for side in sheet.shape[:2])
    angle = np.radians(chance.uniform(-turn, turn))
    corners = np.array([(-broad, -tall), (-broad, tall), (broad, tall), (broad, -tall)])
    corners = corners * chance.uniform(0.93, 1, (4, 1))
    corners = corners @ [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    free = np.maximum(0, np.array([width, height]) / 2 - np.abs(corners).max(0) - 2)
    corners += np.array([width, height]) / 2 + chance.uniform(-free, free)
    rows, goal = [], []
    source = [(0, 0), (0, sheet.shape[0]), sheet.shape[1::-1], (sheet.shape[1], 0)]
    for (x, y), (u, v) in zip(corners, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        goal += [u, v]
    way = tuple(np.linalg.solve(np.array(rows), np.array(goal, float)))
    image = Image.fromarray((255 * sheet.clip(0, 1)).astype(np.uint8)).convert("RGBA")
    laid = image.transform(
        (width, height), Image.Transform.PERSPECTIVE, way, Image.Resampling.BICUBIC
    )
    pixels = np.asarray(laid, np.float32) / 255
    cover = ndimage.gaussian_filter(pixels[..., 3:], (0.7, 0.7, 0))
    shade = 1 - 0.25 * ndimage.gaussian_filter(np.roll(cover, (5, 4), (0, 1)), (4, 4, 0))
    return table * shade * (1 - cover) + pixels[..., :3] * cover


def shadow(chance, height, width) -> np.ndarray:
    """Return the light (h, w, 1) left by something with an edge that is sharp or soft."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    angle, sharp = chance.uniform(0, 2 * np.pi), chance.uniform(8, 80)
    line = (x * np.cos(angle) + y * np.sin(angle) - chance.uniform(-0.5, 0.5)) * sharp
    left = chance.uniform(0.45, 0.8)
    return (left + (1 - left) / (1 + np.exp(-line.clip(-50, 50))))[..., None]


def ruled(scene, chance, squared: bool, colour, spacing: float, width: float) -> None:
    """Rule a scene, across or in squares, a little slanted, with lines of some pixels' width."""
    height, breadth = scene.shape[:2]
    lines = Image.new("L", (2 * breadth, 2 * height))
    pen, slant = ImageDraw.Draw(lines), chance.uniform(-0.02, 0.02)
    for at in np.arange(chance.uniform(0, spacing), height * 1.1, spacing):
        ends = [(0, 2 * at), (2 * breadth, 2 * (at + slant * breadth))]
        pen.line(ends, fill=255, width=max(1, round(2 * width)))
    if squared:
        for at in np.arange(chance.uniform(0, spacing), breadth * 1.1, spacing):
            ends = [(2 * at, 0), (2 * (at - slant * height), 2 * height)]
            pen.line(ends, fill=255, width=max(1, round(2 * width)))
    put(scene, np.asarray(lines.reduce(2), np.float32) / 255, colour, (0, 0))
