"""Quantities of a run over some of its epochs, all numbers by hand."""

import math

import pytest
from made_up import BASE, document, record, statement

from keras_mnist.documents import Statement, documents
from keras_mnist.documents.judging import judge
from keras_mnist.documents.quantities import At, Excess, Mean, Part, Slope, Spread, values

LOSS = [0.5, 0.3, 0.4, 0.8]
RUN = record(
    BASE, 0, {"test_loss": LOSS, "train_loss": [0.4, 0.1, 0.1, 0.1], "val_loss": [1.0] * 4}
)


@pytest.mark.parametrize(
    "quantity, value",
    [
        (Mean("x", "test_loss", (2, 3)), 0.35),
        (Mean("x", "test_loss", 2), 0.6),
        (Mean("x", "test_loss", (1, 2), "train_loss"), 0.15),
        # By hand: deviations -1, 0, 1 of the epoch; (0.8 - 0.3) / 2.
        (Slope("x", "test_loss", (2, 4)), 0.25),
        (Slope("x", "test_loss", 3, "train_loss"), 0.25),
        (Spread("x", "test_loss", (1, 2)), 0.2 / math.sqrt(2)),
        (Spread("x", "test_loss", 2), 0.4 / math.sqrt(2)),
        (Excess("x", 2, "val_loss", "test_loss"), 0.7),
    ],
)
def test_a_window_of_a_curve_is_a_number(quantity, value):
    assert values(quantity, {0: RUN}) == {0: pytest.approx(value)}


@pytest.mark.parametrize(
    "quantity",
    [
        Mean("x", "test_loss", (3, 5)),
        Mean("x", "test_loss", 5),
        Slope("x", "test_loss", (4, 8)),
        Spread("x", "test_loss", 10),
    ],
)
def test_a_run_that_ended_before_has_none(quantity):
    """Once a spread over the last ten epochs was one over fewer, where there were no ten."""
    assert values(quantity, {0: RUN}) == {}


@pytest.mark.parametrize(
    "part, words",
    [
        (
            Part(Mean("sgd", "test_loss", (6, 10)), Mean("sgd", "test_loss", 3)),
            "test loss: mean of sgd (epochs 6 to 10) − mean of sgd (last 3 epochs) > 0",
        ),
        (
            Part(0.0, Slope("sgd", "test_loss", (6, 10))),
            "test loss: 0 − rise of sgd by epoch (epochs 6 to 10) > 0",
        ),
        (
            Part(Mean("sgd", "val_loss", 3, "train_loss"), 0.0, 0.1),
            "validation loss: mean of excess over training of sgd (last 3 epochs) > 0.1",
        ),
        (
            Part(0.1, Spread("sgd", "test_accuracy", (1, 5))),
            "test accuracy: 10 pp − spread of sgd (epochs 1 to 5) > 0",
        ),
        (
            Part(At("sgd", "val_loss"), At("baseline", "test_loss")),
            "validation loss of sgd − test loss of baseline > 0",
        ),
    ],
)
def test_a_comparison_of_windows_says_what_it_compares(part, words):
    (result,) = judge(document(statement(part)), [])
    assert result.claim.subject(result.described) == words


def test_no_statement_of_the_documents_hangs_on_two_single_epochs_of_one_curve():
    parts = [
        (claim.name, part)
        for one in documents()
        for claim in one.claims
        if isinstance(claim, Statement)
        for part in claim.parts
    ]
    assert len(parts) > 50
    for name, part in parts:
        sides = part.quantities
        if len(sides) == 2 and all(isinstance(side, (At, Excess)) for side in sides):
            assert sides[0].experiment != sides[1].experiment or sides[0].epoch == sides[1].epoch, (
                name
            )
