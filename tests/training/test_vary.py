"""Seeds that decide one source of chance, all others held."""

import numpy as np
import pytest

from keras_mnist import Experiment
from keras_mnist.experiment.fit import CHANCE
from keras_mnist.training.trainer import Trainer

TINY = Experiment().change(width=8, epochs=1, batch_size=64, train_size=192, dropout=0.5)


@pytest.fixture(scope="module")
def first(small):
    """A trainer for each source, and one for all: the bits of its runs by seed."""

    def bits(vary):
        trainer = Trainer(TINY.change(vary=vary).on(small), small)
        return {seed: trainer.run(seed).weights_sha256 for seed in (0, 1)}

    return {vary: bits(vary) for vary in ("all", *CHANCE)}


def test_seed_zero_is_the_same_whatever_varies(first):
    assert len({of[0] for of in first.values()}) == 1


def test_each_source_moves_the_weights_by_itself(first):
    assert len({of[1] for of in first.values()}) == 4
    assert first["all"][0] not in {of[1] for of in first.values()}


@pytest.mark.parametrize("vary", CHANCE)
def test_only_that_source_follows_the_seed(small, vary):
    trainer = Trainer(TINY.change(vary=vary).on(small), small)

    def state(seed):
        trainer._reset(seed)
        order, *_ = trainer._drawn(seed, 1)
        noise = [v for v in trainer.network.variables if "seed_generator" in v.path]
        weights = [v for v in trainer.network.trainable_variables if "kernel" in v.path]
        assert noise and weights
        return {
            "init": np.concatenate([v.numpy().ravel() for v in weights]),
            "order": order.numpy(),
            "dropout": np.concatenate([v.numpy() for v in noise]),
        }

    zero, one = state(0), state(1)
    moved = {name for name in CHANCE if not np.array_equal(zero[name], one[name])}
    assert moved == {vary}


def test_what_varies_is_a_choice_with_a_key_of_its_own():
    assert TINY.change(vary="all").key("x", 1) == TINY.key("x", 1)
    assert TINY.change(vary="init").key("x", 1) != TINY.key("x", 1)
    assert "vary" not in TINY.to_dict()["training"]
