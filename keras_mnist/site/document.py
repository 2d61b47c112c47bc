"""From content to one HTML file that needs no other, and may load none."""

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from keras_mnist.base.errors import StoreError
from keras_mnist.base.files import write_whole
from keras_mnist.site.content import Content

_HOME = "keras_mnist.site"
# In the order in which they build on each other.
STYLES = ("base", "frame", "tables", "plots", "draw", "print")
SCRIPTS = (
    *("svg", "axes", "curves", "strip", "effects", "map"),
    *("plots", "claims", "studies", "sorting"),
    *("form", "resize", "network", "pen", "draw"),
)


def document(content: Content) -> str:
    """Return the page: everything inlined, every text escaped, all loading forbidden."""
    environment = Environment(
        loader=PackageLoader(_HOME),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = _style(), _script(content.starts)
    return environment.get_template("page.html.jinja").render(
        **content.text,
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        plots=Markup(_inlined(content.plots)),
    )


def write_page(content: Content, path: Path | str) -> Path:
    """Write the page and return its path.

    Raises:
        StoreError: it could not be written.
    """
    if Path(path).is_dir():
        raise StoreError("--out must name a file", f"the folder {path}")
    return write_whole(path, document(content), "Name another file with --out")


def _style() -> str:
    return "\n".join(_read("style", STYLES, "css"))


def _script(starts: list[str]) -> str:
    """Return all scripts in one scope, nothing global, and what sets sections going."""
    texts = [*_read("script", SCRIPTS, "js"), "".join(f"{start}();\n" for start in starts)]
    return '"use strict";\n(() => {\n' + "\n".join(texts) + "})();\n"


def _read(kind: str, names: tuple[str, ...], ending: str) -> list[str]:
    folder = files(_HOME) / kind
    return [(folder / f"{name}.{ending}").read_text(encoding="utf-8") for name in names]


def _policy(style: str, script: str) -> str:
    """Return the content security policy: this style, this script, nothing from anywhere."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _inlined(plots: dict) -> str:
    """Return JSON in which nothing can end the element that holds it."""
    text = json.dumps(plots, allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
