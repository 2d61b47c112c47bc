"""Pictures in forms that are not read, and how they become PNG."""

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


def conversion(name: str) -> str:
    """Return what a message adds on how such a file becomes one that is read, if that is known."""
    how = CONVERTED_BY.get(Path(name).suffix.lower())
    return f": {how}" if how else ""
