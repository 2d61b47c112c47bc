"""What calls, branches and loops of a network come to, found without running any.

A branch costs what the dearer one costs; what comes of it must be of one shape. A loop must count:
a whole number grows by a fixed step until it reaches a bound that is known, and no shape changes
from one pass to the next. So Keras's recurrent layers count their time steps; what loops until its
numbers please it has no bound, and is refused.
"""

from typing import NamedTuple

from keras_mnist.base.backend import tf
from keras_mnist.serving.kinds import CALLS
from keras_mnist.serving.lists import Unknown, whole_number

_LARGEST = 2**30  # of counters, bounds and steps: their sum cannot overflow


def followed(walk, node, given: list) -> tuple[list, int, int]:
    """Return the results of an operation that calls functions, operations and bytes.

    Args:
        walk: goes `through` a function, and has the `lists` of tensors.
        node: the operation, of `CALLS`.
        given: tensors, its inputs.

    Raises:
        Unknown: that cannot be told beforehand.
    """
    first, *_ = CALLS[node.op]
    if first == "f":
        return walk.through(node.attr["f"].func.name, given)
    return (_looped if first == "cond" else _branched)(walk, node, given)


def _branched(walk, node, given):
    names = [name for attr in CALLS[node.op] for name in _names(node.attr[attr])]
    ways = [walk.through(name, given[1:]) for name in names]
    results = [_either(walk, parts) for parts in zip(*(way[0] for way in ways), strict=True)]
    return results, max(way[1] for way in ways), max(way[2] for way in ways)


def _names(attribute) -> list[str]:
    functions = [attribute.func] if attribute.HasField("func") else attribute.list.func
    return [function.name for function in functions]


def _either(walk, parts: tuple):
    first = parts[0]
    if not all(_alike(walk, first, other) for other in parts[1:]):
        raise Unknown
    return first if all(first is other for other in parts) else _some(walk, first)


def _looped(walk, node, given):
    test, body = (walk.function(node.attr[attr].func.name) for attr in CALLS[node.op])
    kept = {place for place in range(len(given)) if _source(body, place) == place}
    inside = [one if i in kept else _some(walk, one) for i, one in enumerate(given)]
    first = 0, 0
    for _ in range(2):  # in the first pass, a list learns what shape is put into it
        (goes_on,), *asked = walk.through(test.signature.name, inside)
        results, *done = walk.through(body.signature.name, inside)
        if all(_alike(walk, one, other) for one, other in zip(inside, results, strict=True)):
            break
        first = done
        inside = [
            _learnt(walk, one, other) if one.dtype == tf.variant and i not in kept else one
            for i, (one, other) in enumerate(zip(inside, results, strict=True))
        ]
    else:
        raise Unknown
    if goes_on.shape.rank != 0 or goes_on.dtype != tf.bool:  # a row of no matter what is true
        raise Unknown
    times = _most(goes_on, _Passes(given, inside, results))
    if times is None:
        raise Unknown
    operations, size = (
        once + (times + 1) * test_s + times * body_s
        for once, test_s, body_s in zip(first, asked, done, strict=True)
    )
    return inside, operations, size


class _Passes(NamedTuple):
    """What goes into a loop's first pass, what goes into any, and what comes of that."""

    given: list
    inside: list
    results: list


def _most(test, passes: _Passes) -> int | None:
    """Return how often at most a test holds, if it is one that counts."""
    test = _behind(test)
    if test.op.type == "LogicalAnd":
        both = [_most(part, passes) for part in test.op.inputs]
        return min((times for times in both if times is not None), default=None)
    if test.op.type != "Less":
        return None
    counter, bound = test.op.inputs
    # A value that the graph tells is that of every pass: what changes is not told to it.
    limit = whole_number(bound)
    for first, inside, result in zip(*passes, strict=True):
        if inside.name == _behind(counter).name:
            start, step = whole_number(first), _step(_behind(result), inside)
            return _passes(start, limit, step)
    return None


def _passes(start: int | None, limit: int | None, step: int | None) -> int | None:
    """Return how many steps, more than 0, lead from a number to a limit; unless one is unknown."""
    if start is None or limit is None or step is None or step <= 0:
        return None
    if max(abs(start), abs(limit), step) > _LARGEST:
        return None
    return max(0, -(-(limit - start) // step))


def _step(result, before) -> int | None:
    """Return what a pass adds to a number, if it adds something and nothing else."""
    if result.op.type in ("Add", "AddV2"):
        for counter, step in (result.op.inputs, result.op.inputs[::-1]):
            if _behind(counter).name == before.name:
                return whole_number(step)
    return None


def _behind(tensor):
    """Return the tensor that this one is, by way of identities."""
    while tensor.op.type == "Identity":
        (tensor,) = tensor.op.inputs
    return tensor


def _source(function, place: int) -> int | None:
    """Return the place of the argument that a function gives back in a place as it is."""
    nodes = {node.name: node for node in function.node_def}
    names = [argument.name for argument in function.signature.input_arg]
    name = function.ret[function.signature.output_arg[place].name].split(":")[0]
    for _ in range(len(nodes)):
        if name not in nodes or nodes[name].op != "Identity":
            break
        name = nodes[name].input[0].split(":")[0]
    return names.index(name) if name in names else None


def _alike(walk, one, other) -> bool:
    """Return whether two tensors are of one kind and shape; what lives elsewhere must be one."""
    if one is other:
        return True
    if one.dtype != other.dtype or one.dtype == tf.resource:
        return False
    if one.dtype == tf.variant:
        lists = walk.lists
        return one.ref() in lists and _same(lists.get(one.ref()), lists.get(other.ref()))
    return one.shape.is_fully_defined() and one.shape == other.shape


def _same(one, other) -> bool:
    return other is not None and one.room == other.room and str(one.shape) == str(other.shape)


def _learnt(walk, one, other):
    """Return a list of which is known what is known of either of two."""
    if not {one.ref(), other.ref()} <= walk.lists.keys():
        raise Unknown
    (room, shape), after = walk.lists[one.ref()], walk.lists[other.ref()]
    if room != after.room:
        raise Unknown
    found = _some(walk, one)
    walk.lists[found.ref()] = after._replace(shape=shape.merge_with(after.shape))
    return found


def _some(walk, tensor):
    """Return a tensor of the same kind and shape of which nothing more is known."""
    found = tf.compat.v1.placeholder(tensor.dtype, tensor.shape)
    if tensor.ref() in walk.lists:
        walk.lists[found.ref()] = walk.lists[tensor.ref()]
    return found
