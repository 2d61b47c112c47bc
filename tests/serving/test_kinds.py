"""Of all operations that TensorFlow has, those that a network may hold; and networks of Keras's."""

import re

import keras
import numpy as np
import pytest
from acting import NEVER
from keras import layers
from keras_networks import NETWORKS, SERIES, examples
from tensorflow.core.framework.op_def_pb2 import OpList
from tensorflow.python.client import pywrap_tf_session

from keras_mnist.base.errors import StoreError
from keras_mnist.serving.classifier import load_classifier
from keras_mnist.serving.kinds import CALLS, objection
from keras_mnist.serving.write import save


def registered() -> dict:
    """Return by name how TensorFlow defines each operation that it has."""
    content = pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList())
    return {op.name: op for op in OpList.FromString(content).op}


EVERY = registered()
ALLOWED = sorted(name for name in EVERY if not objection(name))


@pytest.mark.parametrize("what", NEVER)
def test_operations_that_do_more_than_compute_are_never_allowed(what):
    found = [name for name in EVERY if re.fullmatch(NEVER[what], name)]
    assert found
    reading = {"ReadVariableOp"}
    assert [name for name in found if not objection(name) and name not in reading] == []


def test_what_is_allowed_gets_numbers_and_gives_numbers():
    """Of the registry itself, told in another way than the module does."""
    import tensorflow as tf

    texts, resources, objects = (
        kind.as_datatype_enum for kind in (tf.string, tf.resource, tf.variant)
    )
    assert 400 < len(ALLOWED) < len(EVERY) / 2
    for name in sorted(set(ALLOWED) - CALLS.keys()):
        op = EVERY[name]
        kinds = [argument.type for argument in (*op.input_arg, *op.output_arg)]
        assert texts not in kinds, name
        assert name.startswith("TensorList") or objects not in kinds, name
        reads = name in ("ReadVariableOp", "ResourceGather", "ResourceGatherNd")
        assert reads or (resources not in kinds and not op.is_stateful), name
        assert not any("func" in attribute.type for attribute in op.attr), name
    free = {
        attribute.name
        for name in set(ALLOWED) - CALLS.keys()
        for attribute in EVERY[name].attr
        if "string" in attribute.type and not attribute.allowed_values.list.s
    }
    assert free <= {"equation", "bad_indices_policy", "interpolation", "fill_mode", "kernel_type",
                    "src_format", "dst_format", "data_format"}  # fmt: skip


@pytest.mark.parametrize("name", ["MatMul", "Einsum", "TensorListStack", "StatelessWhile"])
def test_what_networks_are_made_of_is_allowed(name):
    assert name in ALLOWED


def test_a_name_that_tensorflow_does_not_know_is_not_allowed():
    assert objection("__inference_serve_12") == "unknown to TensorFlow"


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_of_keras_leaves_and_is_asked(name, tmp_path):
    network = NETWORKS[name]()
    save(network, tmp_path, "class")
    given = examples(network, 3)
    classifier = load_classifier(tmp_path, "saved_model")
    assert (classifier.dtype, classifier.shape) == (given.dtype.name, given.shape[1:])
    said = network(given, training=False).numpy()
    np.testing.assert_allclose(classifier(given), said, atol=1e-5)
    np.testing.assert_allclose(classifier(given[:1]), said[:1], atol=1e-5)


def test_a_network_that_remembers_what_it_was_asked_is_refused(tmp_path):
    rnn = layers.GRU(4, stateful=True)
    network = keras.Sequential([keras.Input(batch_shape=(2, *SERIES)), rnn, layers.Dense(3)])
    save(network, tmp_path, "class")
    with pytest.raises(StoreError, match=r"AssignVariableOp \(has state\)"):
        load_classifier(tmp_path, "saved_model")


def test_a_network_that_looks_up_words_is_refused(tmp_path):
    words = layers.IntegerLookup(vocabulary=[3, 4, 5])
    inputs = keras.Input((9,), dtype="int64")
    network = keras.Model(inputs, layers.Dense(3)(keras.ops.cast(words(inputs), "float32")))
    save(network, tmp_path, "class")
    with pytest.raises(StoreError, match="objects for which loading runs nothing"):
        load_classifier(tmp_path, "saved_model")


def test_a_network_whose_results_have_the_size_that_its_inputs_say_is_refused(tmp_path):
    """As many numbers as the largest of the inputs: whoever asks decides how much memory."""
    counted = layers.CategoryEncoding(20, output_mode="count")
    network = keras.Sequential([keras.Input((9,), dtype="int32"), counted, layers.Dense(3)])
    save(network, tmp_path, "class")
    with pytest.raises(StoreError, match=r"must be known before it is asked.*DenseBincount"):
        load_classifier(tmp_path, "saved_model")
