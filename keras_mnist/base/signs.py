"""Signs that an output stream cannot hold, written in others."""

import codecs
import io
import sys
import unicodedata

_HANDLER = "keras_mnist.signs"
_INSTEAD = {
    "±": "+-",
    "−": "-",
    "–": "-",
    "×": "x",
    "→": "->",
    "…": "...",
    "≤": "<=",
    "≥": ">=",
    "•": "*",
    "━": "-",
}


def in_signs_of(encoding: str, text: str) -> str:
    """Return a text as a stream of that encoding is to show it, before it is laid out."""
    return text.encode(encoding, _HANDLER).decode(encoding)


def write_any_sign() -> None:
    """Let both output streams take any text, whatever their encoding: `±` in ASCII is `+-`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _written(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(map(_other, text)), error.end


def _other(sign: str) -> str:
    """Return a sign in ASCII: what stands for it, its letter without accents, or `?`."""
    plain = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return _INSTEAD.get(sign) or plain or "?"


codecs.register_error(_HANDLER, _written)
