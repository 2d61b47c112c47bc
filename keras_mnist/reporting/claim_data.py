"""Claims and what was found of them as plain data: the content of `--json`."""

from keras_mnist.base.files import finite
from keras_mnist.documents import Number, Statement
from keras_mnist.documents.claims import UNITS, experiments_in
from keras_mnist.documents.judging import ClaimResult, Finding, counted
from keras_mnist.reporting.claim_words import experiment, reason, sampling_noise

_UNITS = {"accuracy": "share", "loss": "nats", "gap": "nats", "seconds": "s", "ratio": ""}


def claims_as_data(results: list[ClaimResult], data: dict) -> dict:
    """Return the content of `--json`; a number that does not exist is `None`.

    Args:
        results: of any documents.
        data: the data set's identity.
    """
    return {"claims": [_claim(r) for r in results], "counts": counted(results), "data": data}


def _claim(result: ClaimResult) -> dict:
    claim, document = result.claim, result.document
    names = [claim.experiment] if hasattr(claim, "experiment") else experiments_in(claim)
    number = isinstance(claim, Number)
    return {
        "id": result.id,
        "source": document.name,
        "document": document.file,
        "where": claim.where,
        "kind": claim.kind,
        "published": _published(claim),
        "unit": claim.unit if number else _UNITS.get(result.described.metric.split("_")[-1], ""),
        "scale": claim.scale if number else 1.0,
        "experiment": document.experiment(names[0]).to_dict(),
        "experiments": {name: document.experiment(name).to_dict() for name in names},
        "compared": experiment(result) if isinstance(claim, Statement) else "",
        "ours": _ours(result, result.described),
        "reading": result.reading and result.reading.name,
        "ours_under_reading": result.read and _ours(result, result.read),
        "verdict_under_reading": result.read and result.read.verdict,
        "verdict": result.verdict,
        "reason": reason(result),
    }


def _published(claim):
    if isinstance(claim, Statement):
        return claim.text
    value = getattr(claim, "value", None)
    return value if value is not None else (claim.seconds or claim.text)


def _ours(result: ClaimResult, found: Finding) -> dict:
    """Return our runs in the unit in which the claim was published."""
    claim, noise = result.claim, sampling_noise(result, found)
    scale = UNITS[claim.unit] * claim.scale if isinstance(claim, Number) else 1.0
    values = {"mean": found.ours.mean, "sd": found.ours.sd, "low": found.low, "high": found.high}
    values = {name: value / scale for name, value in {**values, "noise": noise}.items()}
    return finite({**values, "n": found.ours.n, "p_holm": found.p})
