"""What a verdict means for the document, whatever kind of claim it is on: four words."""

from keras_mnist.analysis.verdicts import (
    AGREE,
    COMPATIBLE,
    EXPLAINED,
    FAILS,
    INCONCLUSIVE,
    NO_VERDICT,
    NOT_EQUAL,
    NOT_REPRODUCED,
)

STANDINGS = {
    "agrees": ("holds up", AGREE),
    "explained": ("holds once explained", (EXPLAINED,)),
    "differs": ("does not hold", (NOT_REPRODUCED, FAILS, NOT_EQUAL)),
    "open": ("open", (COMPATIBLE, INCONCLUSIVE, NO_VERDICT)),
}
# In a sentence about many.
_SHORT = {
    "agrees": "hold up",
    "explained": "hold once explained",
    "differs": "do not hold",
    "open": "open",
}
_OF = {verdict: name for name, (_, verdicts) in STANDINGS.items() for verdict in verdicts}


def standing(verdict: str) -> str:
    """Return which of `STANDINGS` a verdict belongs to."""
    return _OF[verdict]


def counted(verdicts) -> list[dict]:
    """Return each standing's name, words and count, in their order."""
    found = [standing(verdict) for verdict in verdicts]
    return [
        {"name": name, "words": words, "short": _SHORT[name], "n": found.count(name)}
        for name, (words, _) in STANDINGS.items()
    ]
