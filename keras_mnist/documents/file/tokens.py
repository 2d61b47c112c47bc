"""A comparison's text as words, numbers and signs, taken one after another."""

import re
from decimal import Decimal

from keras_mnist.base.errors import DocumentError
from keras_mnist.documents.file.source import Node

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"[^"]*"|\'[^\']*\')|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)'
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign>[-+<>(),:%−]))",
    re.ASCII,
)
MOST_LETTERS = 1000
_REMEDY = 'Such as test_accuracy("A") > test_accuracy("B") + 0.5 pp; see docs/documents.md'


class Tokens:
    """The words of a text.

    Args:
        node: the text's, for messages.
        text: the comparison.
    """

    def __init__(self, node: Node, text: str):
        self.node, self._text = node, text
        self._tokens: list[tuple[str, str]] = []
        self._next = place = 0
        if len(text) > MOST_LETTERS:
            raise node.error(f"a comparison must have at most {MOST_LETTERS} letters", len(text))
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if not found or not found.lastgroup:
                received = repr(text[place:].strip()[:20])
                raise self.error(
                    "be made of metrics, numbers and the signs > < + - ( ) , :", received
                )
            self._tokens.append((found.lastgroup, found[found.lastgroup].replace("−", "-")))
            place = found.end()

    def error(self, must: str, received: object = None) -> DocumentError:
        """Return the error that the comparison does not do what it must."""
        about = self._text if received is None else f"{received} in {self._text}"
        return self.node.error(f"a comparison must {must}", about, _REMEDY)

    @property
    def kind(self) -> str:
        """Of the next one: `text`, `number`, `word`, `sign`; nothing at the end."""
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    @property
    def next(self) -> str:
        """The next one; nothing at the end."""
        return self._tokens[self._next][1] if self._next < len(self._tokens) else ""

    def take(self, kind: str, must: str) -> str:
        """Return the next one, which must be of a kind; `must` says so in words."""
        if self.kind != kind:
            raise self.error(f"have {must}", repr(self.next or "its end"))
        self._next += 1
        return self._tokens[self._next - 1][1]

    def have(self, *these: str) -> str:
        """Take the next one and return it if it is one of these; else return nothing."""
        if not self.kind or self.next not in these or self.kind == "text":
            return ""
        return self.take(self.kind, "")

    def sign(self, sign: str) -> None:
        """Take the next one, which must be this sign."""
        if not self.have(sign):
            raise self.error(f"have {sign!r} there", repr(self.next or "its end"))

    def whole(self) -> int:
        """Take the next one, which must be a whole number."""
        number = self.take("number", "the number of an epoch")
        if not number.isdigit() or len(number) > 9:
            raise self.error("have whole numbers of epochs", number)
        return int(number)

    def number(self) -> Decimal:
        """Take the next one, which must be a number."""
        return Decimal(self.take("number", "a number"))
