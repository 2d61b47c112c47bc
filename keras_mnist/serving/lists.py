"""Lists of tensors, as loops read and fill them: how long they are, and what shape is in them.

TensorFlow's graph forgets that where a loop begins, and at its end knows no more than was declared.
Here it is followed: all tensors of a list have one shape, which what is put into it tells.
"""

from typing import Any, NamedTuple

from keras_mnist.base.backend import tf

SLOT = 64  # bytes of an entry, besides its tensor
_SIDES = 254  # of a tensor, at most


class Unknown(Exception):
    """The size of a result cannot be told before it is there."""


class Listed(NamedTuple):
    """How many tensors a list has room for, and what is known of their shape."""

    room: int
    shape: tf.TensorShape


def followed(lists: dict, node, given: list, results: list) -> None:
    """Take in what an operation does with lists; complete the shapes of its results.

    Args:
        lists: by reference of its handle, each `Listed`; what the results are is added.
        node: the operation.
        given: tensors, its inputs.
        results: tensors, its outputs.

    Raises:
        Unknown: a size cannot be told.
        ValueError: tensors of different shapes are put into one list.
    """
    if act := _ACTS.get(node.op):
        act(lists, node, given, results)
    elif node.op == "Identity" and given[0].dtype == tf.variant:
        lists[results[0].ref()] = _of(lists, given[0])
    elif any(result.dtype == tf.variant for result in results):
        raise Unknown


def whole_number(tensor) -> int | None:
    """Return the whole number that a tensor of one is, where its graph can tell without running."""
    if tensor.shape.rank != 0 or tensor.dtype not in (tf.int32, tf.int64):
        return None
    found = tf.get_static_value(tensor)
    if found is None:  # the shapes of others can depend on it, so TensorFlow finds it out
        (found,) = tf.raw_ops.Fill(dims=tf.reshape(tensor, [1]), value=0.0).shape
    return None if found is None else int(found)


def _of(lists: dict, handle) -> Listed:
    if handle.ref() not in lists:
        raise Unknown
    return lists[handle.ref()]


def _declared(tensor) -> tf.TensorShape:
    """Return the shape that a tensor says; -1 stands for any."""
    few = (tensor.shape.num_elements() or 0) <= _SIDES
    found: Any = tf.get_static_value(tensor) if few else None
    if found is None:
        raise Unknown
    sides: Any = [None if n < 0 else int(n) for n in found] if found.ndim else None
    return tf.TensorShape(sides)


def _reserve(lists, node, given, results):
    room = whole_number(given[1])
    if room is None:
        raise Unknown
    lists[results[0].ref()] = Listed(room, _declared(given[0]))


def _from_tensor(lists, node, given, results):
    room, *shape = given[0].shape
    lists[results[0].ref()] = Listed(room, tf.TensorShape(shape))


def _set_item(lists, node, given, results):
    name = "resize_if_index_out_of_bounds"
    if name in node.attr and node.attr[name].b:
        raise Unknown
    room, shape = _of(lists, given[0])
    lists[results[0].ref()] = Listed(room, shape.merge_with(given[2].shape))


def _get_item(lists, node, given, results):
    # What was never set comes as zeros of the shape that is asked for.
    results[0].set_shape(_of(lists, given[0]).shape.merge_with(_declared(given[2])))


def _stack(lists, node, given, results):
    room, shape = _of(lists, given[0])
    results[0].set_shape(tf.TensorShape([room]) + shape.merge_with(_declared(given[1])))


_ACTS = {
    "TensorListReserve": _reserve,
    "TensorListFromTensor": _from_tensor,
    "TensorListSetItem": _set_item,
    "TensorListGetItem": _get_item,
    "TensorListStack": _stack,
}
