"""Pictures in forms that are not read, and how they become PNG."""

import re
from pathlib import Path

# A program by how the files' names end.
CONVERTED_BY = {
    **dict.fromkeys((".heic", ".heif"), "heif-convert IN.heic OUT.png"),
    ".avif": "avifdec IN.avif OUT.png",
    ".jxl": "djxl IN.jxl OUT.png",
    **dict.fromkeys((".svg", ".svgz"), "rsvg-convert IN.svg -o OUT.png"),
    **dict.fromkeys((".pdf", ".eps"), "pdftoppm -png -singlefile IN.pdf OUT"),
    **dict.fromkeys((".jp2", ".psd", ".ico", ".tga", ".dng", ".cr2", ".nef"), "magick IN OUT.png"),
}
# What such files begin with, whatever they are called: phones send HEIC as IMG_1.jpg.
_BEGINNINGS = {
    rb".{4}ftyp(hei|hev|mif1|msf1)": ".heic",
    rb".{4}ftypavi": ".avif",
    rb"\xff\x0a|.{4}JXL ": ".jxl",
    rb".{4}jP  ": ".jp2",
    rb"8BPS": ".psd",
    rb"%PDF": ".pdf",
    rb"\s*<(svg|\?xml)": ".svg",
}
BEGINNING = 16  # bytes that tell


def conversion(name: str, start: bytes) -> str:
    """Return what a message adds on how such a file becomes one that is read, if that is known.

    Args:
        name: of the file.
        start: the first bytes of it.
    """
    told = (kind for begins, kind in _BEGINNINGS.items() if re.match(begins, start, re.S))
    how = CONVERTED_BY.get(next(told, Path(name).suffix.lower()))
    return f": {how}" if how else ""
