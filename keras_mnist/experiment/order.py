"""An order of examples in which every part has its share of each class."""


def stratified_order(labels, seed: int):
    """Return places, int64 (n,): the examples in an order that depends on labels and seed alone.

    Of each class, the examples are spread evenly over the whole, in an order drawn at random; so
    wherever it is cut, both parts hold nearly the same share of each.

    Args:
        labels: (n,), of any kind that can be sorted.
        seed: from 0.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    _, groups = np.unique(labels, return_inverse=True)
    places = np.empty(len(labels))
    for group in range(groups.max() + 1):
        members = random.permutation(np.flatnonzero(groups == group))
        places[members] = (np.arange(len(members)) + 0.5) / len(members)
    return np.lexsort((random.random(len(labels)), places))
