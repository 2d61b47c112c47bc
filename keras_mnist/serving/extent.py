"""How much a SavedModel would compute, found without computing any of it.

Operations that touch nothing but memory can still fill it: thirty that each join a tensor with
itself, a line that stands for a constant of a trillion values, functions that each call the next
one twice. TensorFlow begins while it loads, since a shape may depend on constants. So every
function is gone through before, calls and all, one operation after another, for the shapes alone.
"""

import functools
from graphlib import TopologicalSorter

from keras_mnist.base.errors import StoreError
from keras_mnist.experiment.split import VALUES
from keras_mnist.serving.operations import entrances, functions_of

OPERATIONS = 10_000  # those of a called function count at each call
LARGEST_SIDE = 2**14  # of an image
BYTES = 2**32  # of all their results, most of which are not kept


def require_bounded(part, count: int) -> None:
    """Check how much a network computes for a batch.

    Args:
        part: from `answering_part`.
        count: images in the batch.

    Raises:
        StoreError: it is more than `OPERATIONS` or `BYTES`, or cannot be known beforehand.
    """
    from keras_mnist.base.backend import tf

    (meta,) = part.meta_graphs
    objects = meta.object_graph_def

    @functools.cache
    def variable(place):
        made = objects.nodes[place].variable
        return tf.raw_ops.VarHandleOp(dtype=made.dtype, shape=tf.TensorShape(made.shape))

    with tf.Graph().as_default() as graph:
        images = tf.compat.v1.placeholder(image_type(part), (count, *image_shape(part)))
        walk = _Walk(graph, functions_of(meta))
        for name in sorted(entrances(meta)):
            bound = objects.concrete_functions[name].bound_inputs
            walk.through(name, [images, *map(variable, bound)])


def image_shape(part) -> tuple[int, ...]:
    """Return the shape of an image that a network's signature takes: (28, 28) of MNIST's.

    Raises:
        StoreError: it takes none of one to three known sides.
    """
    (meta,) = part.meta_graphs
    image = meta.signature_def["serving_default"].inputs["image"].tensor_shape
    _, *sides = [side.size for side in image.dim] or [0]
    if not 1 <= len(sides) <= 3 or not all(0 < side <= LARGEST_SIDE for side in sides):
        raise StoreError("a network must take images of known sides", sides)
    return tuple(sides)


def image_type(part) -> str:
    """Return the NumPy type of the numbers that a network's signature takes: mostly uint8.

    Raises:
        StoreError: it is none that examples have.
    """
    from keras_mnist.base.backend import tf

    (meta,) = part.meta_graphs
    name = tf.as_dtype(meta.signature_def["serving_default"].inputs["image"].dtype).name
    if name not in VALUES.values():
        raise StoreError(f"a network must take {', '.join(VALUES.values())}", name)
    return name


class _Walk:
    """Makes the operations of functions in a graph that is never run.

    Args:
        graph: in which.
        functions: by name.
    """

    def __init__(self, graph, functions: dict):
        self._graph, self._functions, self._known = graph, functions, {}

    def through(self, name: str, arguments: list) -> tuple[list, int, int]:
        """Return a function's results, which have shapes and no values, operations and bytes."""
        key = (name, *(argument.ref() for argument in arguments))
        if key not in self._known:
            self._known[key] = self._gone_through(self._functions[name], arguments)
        return self._known[key]

    def _gone_through(self, function, arguments: list) -> tuple[list, int, int]:
        names = [argument.name for argument in function.signature.input_arg]
        tensors = {name: [tensor] for name, tensor in zip(names, arguments, strict=True)}
        nodes = {node.name: node for node in function.node_def}
        needed = {n: {_source(i) for i in node.input} & nodes.keys() for n, node in nodes.items()}
        operations = size = 0
        for name in TopologicalSorter(needed).static_order():
            node = nodes[name]
            given = [_found(tensors, i) for i in node.input if not i.startswith("^")]
            tensors[name], more, larger = self._made(node, given)
            operations, size = operations + more, size + larger
            if operations > OPERATIONS or size > BYTES:
                raise StoreError(
                    f"a network must need at most {OPERATIONS:,} operations and {BYTES / 2**30:g} "
                    "GiB of results for a batch",
                    f"more with {node.op} {name}",
                )
        results = [_found(tensors, function.ret[a.name]) for a in function.signature.output_arg]
        return results, operations, size

    def _made(self, node, given: list) -> tuple[list, int, int]:
        if "f" in node.attr:
            results, operations, size = self.through(node.attr["f"].func.name, given)
            return results, operations + 1, size
        results = list(self._graph.create_op(node.op, given, attrs=dict(node.attr)).outputs)
        counts = [result.shape.num_elements() for result in results]
        if None in counts:
            raise StoreError(
                "the size of a network's results must be known before it is asked",
                f"{node.op} {node.name}",
            )
        # Texts and handles have no size of their own: they take some 24 bytes and more.
        sizes = (count * (t.dtype.size or 32) for count, t in zip(counts, results, strict=True))
        return results, 1, sum(sizes)


def _source(written: str) -> str:
    """Return the name of the node or argument that an input is from: `node:result:0`."""
    return written.removeprefix("^").split(":")[0]


def _found(tensors: dict, written: str):
    """Return the tensor that an input names."""
    name, _, result = written.partition(":")
    return tensors[name][int(result.rpartition(":")[2] or 0)]
