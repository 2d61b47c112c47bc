"""How much a SavedModel would compute, found without computing any of it.

Operations that touch nothing but memory can still fill it: thirty that each join a tensor with
itself, a line that stands for a constant of a trillion values, functions that each call the next
one twice, a loop without an end. TensorFlow begins while it loads, since a shape may depend on
constants. So every function is gone through before, calls and all, one operation after another, for
the shapes alone. A loop is gone through once and counts as often as it runs (`flow`), which must be
known; lists of tensors are followed through it (`lists`).
"""

import functools
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from keras_mnist.base.errors import StoreError
from keras_mnist.serving import flow, lists
from keras_mnist.serving.kinds import CALLS, definition
from keras_mnist.serving.operations import entrances, functions_of

OPERATIONS = 1_000_000  # those of a function or a loop count as often as it runs
MADE = 10_000  # in finding that out, which takes some 0.1 ms each
LARGEST_SIDE = 2**14  # of an image
BYTES = 2**32  # of all their results, most of which are not kept


class Example(NamedTuple):
    """What a network's signature takes: its name there, NumPy's name of its kind, its sides."""

    name: str
    dtype: str
    shape: tuple[int, ...]


def require_bounded(part, count: int) -> int:
    """Check how much a network computes for a batch, and return how many bytes of results.

    Args:
        part: from `answering_part`.
        count: examples in the batch.

    Raises:
        StoreError: it is more than `OPERATIONS` or `BYTES`, or cannot be known beforehand.
    """
    from keras_mnist.base.backend import tf

    (meta,) = part.meta_graphs
    objects = meta.object_graph_def
    with tf.Graph().as_default() as graph:
        walk, constants, size = _Walk(graph, functions_of(meta)), {}, 0
        for node in meta.graph_def.node:
            (constants[node.name],), _, more = walk.made(node, [])
            size += more
        _require_within(0, 0, size, "constants")

        @functools.cache
        def bound(place):
            found = objects.nodes[place]
            if found.WhichOneof("kind") == "constant":
                return constants[found.constant.operation]
            shape = tf.TensorShape(found.variable.shape)
            return tf.raw_ops.VarHandleOp(dtype=found.variable.dtype, shape=shape)

        _, dtype, shape = example_of(part)
        examples = tf.compat.v1.placeholder(dtype, (count, *shape))
        for name in sorted(entrances(meta)):
            taken = [examples, *map(bound, objects.concrete_functions[name].bound_inputs)]
            size = max(size, walk.through(name, taken)[2])
    return size


def _require_within(operations: int, made: int, size: int, where: str) -> None:
    if max(operations / OPERATIONS, made / MADE, size / BYTES) > 1:
        raise StoreError(
            f"a network must need at most {OPERATIONS:,} operations, {MADE:,} without those of "
            f"loops, and {BYTES / 2**30:g} GiB of results for a batch",
            f"more with {where}",
        )


def largest_batch(part, count: int) -> int:
    """Return how many of `count` examples a network may be given at once; errors as above."""
    try:
        require_bounded(part, count)
    except StoreError:
        one, two = (require_bounded(part, few) for few in (1, 2))
        fitting = (BYTES - (2 * one - two)) // max(two - one, 1)
        if not 1 <= fitting < count:
            raise
        require_bounded(part, fitting)
        return fitting
    return count


def example_of(part) -> Example:
    """Return what a network's signature takes an example to be: an image of 28 x 28 levels.

    Raises:
        StoreError: not one input of one to three known sides, of levels or numbers.
    """
    from keras_mnist.base.backend import tf

    (meta,) = part.meta_graphs
    inputs = meta.signature_def["serving_default"].inputs
    sides, dtype = [], ""
    for given in inputs.values():
        _, *sides = [side.size for side in given.tensor_shape.dim] or [0]
        dtype = tf.as_dtype(given.dtype).name
    if len(inputs) != 1 or dtype not in ("uint8", "float32", "int32"):
        received = f"{len(inputs)} of {dtype}" if dtype else "none"
        raise StoreError(
            "a network must take one input of bytes, floats or whole numbers", received
        )
    if not 1 <= len(sides) <= 3 or not all(0 < side <= LARGEST_SIDE for side in sides):
        raise StoreError("a network must take images of known sides", sides)
    (name,) = inputs
    return Example(name, dtype, tuple(sides))


class _Walk:
    """Makes the operations of functions in a graph that is never run.

    Args:
        graph: in which.
        functions: by name.
    """

    def __init__(self, graph, functions: dict):
        self._graph, self._functions, self._known = graph, functions, {}
        self._count = 0
        self.lists: dict[Any, lists.Listed] = {}

    def function(self, name: str):
        """Return the function of this name."""
        return self._functions[name]

    def through(self, name: str, arguments: list) -> tuple[list, int, int]:
        """Return a function's results, which have shapes and no values, operations and bytes."""
        key = (name, *(argument.ref() for argument in arguments))
        if key not in self._known:
            self._known[key] = self._gone_through(self._functions[name], arguments)
        return self._known[key]

    def _gone_through(self, function, arguments: list) -> tuple[list, int, int]:
        names = [argument.name for argument in function.signature.input_arg]
        tensors = {name: {"": [tensor]} for name, tensor in zip(names, arguments, strict=True)}
        nodes = {node.name: node for node in function.node_def}
        if len(nodes.keys() | tensors.keys()) < len(function.node_def) + len(names):
            raise StoreError("what is in a function must have names of its own", "one of two")
        needed = {n: {_source(i) for i in node.input} & nodes.keys() for n, node in nodes.items()}
        operations = size = 0
        for name in TopologicalSorter(needed).static_order():
            node = nodes[name]
            given = [_found(tensors, i) for i in node.input if not i.startswith("^")]
            results, more, larger = self.made(node, given)
            tensors[name] = _by_output(node, results)
            operations, size = operations + more, size + larger
            _require_within(operations, self._count, size, f"{node.op} {name}")
        results = [_found(tensors, function.ret[a.name]) for a in function.signature.output_arg]
        return results, operations, size

    def made(self, node, given: list) -> tuple[list, int, int]:
        """Return an operation's results, how many operations it stands for, and their bytes."""
        try:
            if node.op in CALLS:
                results, operations, size = flow.followed(self, node, given)
                return results, operations + 1, size
            self._count += 1
            made = self._graph.create_op(node.op, given, attrs=dict(node.attr))
            results = list(made.outputs)
            lists.followed(self.lists, node, given, results)
            return results, 1, sum(self._size(result) for result in results)
        except lists.Unknown:
            raise StoreError(
                "the size of a network's results must be known before it is asked, and how often "
                "its loops run",
                f"{node.op} {node.name}",
            ) from None

    def _size(self, result) -> int:
        if result.ref() in self.lists:
            return self.lists[result.ref()].room * lists.SLOT
        count = result.shape.num_elements()
        if count is None:
            raise lists.Unknown
        # Texts and handles have no size of their own: they take some 24 bytes and more.
        return count * (result.dtype.size or 32)


def _source(written: str) -> str:
    """Return the name of the node or argument that an input is from: `node:result:0`."""
    return written.removeprefix("^").split(":")[0]


def _found(tensors: dict, written: str):
    """Return the tensor that an input names."""
    name, _, result = written.partition(":")
    output, _, index = result.rpartition(":")
    return tensors[name][output][int(index or 0)]


def _by_output(node, results: list) -> dict[str, list]:
    """Return an operation's results by the names of its outputs, some of which are several."""
    found, left = {}, list(results)
    defined: Any = definition(node.op)  # there is one, since the operation was made
    for output in defined.output_arg:
        count = 1
        if output.number_attr:
            count = node.attr[output.number_attr].i
        elif output.type_list_attr:
            count = len(node.attr[output.type_list_attr].list.type)
        found[output.name], left = left[:count], left[count:]
    return found
