"""What chance alone would give: how many numbers fall outside, of how many experiments."""

from collections import Counter

from keras_mnist.analysis.intervals import LEVEL
from keras_mnist.documents.judging import ClaimResult
from keras_mnist.reporting import wording


def beside_chance(results: list[ClaimResult]) -> str:
    """Return how many numbers lie outside our runs as described, and how many would by chance.

    And of how many experiments they are: the numbers of one experiment, an epoch each of a curve,
    fall outside together. Nothing where no number has an interval.

    Args:
        results: of any documents and kinds of claims.
    """
    inside = [(r, r.claim.inside(r.described)) for r in results]
    known = [result for result, there in inside if there is not None]
    if not known:
        return ""
    outside = [result for result, there in inside if there is False]
    chance = (1 - LEVEL) * len(known)
    told = (
        f"Of {wording.count(len(known), 'number')}, {len(outside)} "
        f"{'lies' if len(outside) == 1 else 'lie'} outside the interval of one further run as "
        f"described; if all were true, about {chance:.1f} would by chance."
    )
    return f"{told} {_where(known, outside)}" if outside else told


def _where(known: list[ClaimResult], outside: list[ClaimResult]) -> str:
    """Return of how many experiments the numbers outside are, and how many are of one."""
    of = Counter(map(_experiment, outside))
    ((name, document), most), *others = of.most_common()
    asked = wording.count(len({*map(_experiment, known)}), "experiment")
    if not others:
        return f"Of {asked} with numbers, all of that is of one: {document}, {name}."
    return f"They are of {len(of)} of {asked}, {most} of one: {document}, {name}."


def _experiment(result: ClaimResult) -> tuple[str, str]:
    return result.claim.about[0], result.document.short
