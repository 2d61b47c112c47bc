"""Changes to sound inputs: of their bytes, and of what stands in them as JSON.

Much faster than a search for inputs, so that a hundred thousand take minutes.
"""

import copy
import json
import random

NESTED = "nested here"  # stands for lists in one another, deeper than can be written as values
DEEPEST = 100_000
MOST = 4  # changes of one input
ODD = (
    *(
        None,
        True,
        False,
        [],
        {},
        [[]],
        [None],
        {"": {}},
        "",
        " ",
        "x",
        "0",
        "nan",
        "None",
        "..",
        "/",
    ),
    *(
        0,
        1,
        -1,
        2,
        255,
        0.5,
        -0.0,
        1e-320,
        1e308,
        -1e308,
        2**31,
        2**53 + 1,
        -(2**63),
        2**64,
        10**400,
    ),
    *(float("nan"), float("inf"), -float("inf")),
    *(
        "\ud800",
        "\udfff x",
        "\x00",
        "\x1b[2J\x1b]0;x\x07",
        "\u202e",
        "\ufeff",
        "\r\n",
        "\U0001f600",
    ),
    *(
        "/dev/zero",
        "../../../etc/passwd",
        "os:system",
        "<script>",
        "__import__('os')",
        "x" * 70_000,
    ),
    *(NESTED, [0] * 5000, {str(i): i for i in range(2000)}),
)


def changed_bytes(numbers: random.Random, base: bytes, words=(), most: int = MOST) -> bytes:
    """Return `base` with bytes flipped, cut, doubled, put in or taken out at random places."""
    data = bytearray(base)
    for _ in range(numbers.randint(1, most)):
        place = numbers.randrange(len(data) + 1)
        size = min(numbers.choice((1, 1, 2, 4, 8, 64, 1024)), max(len(data) - place, 1))
        act = numbers.randrange(7)
        if act == 0 and place < len(data):
            data[place] ^= 1 << numbers.randrange(8)
        elif act == 1:
            data[place : place + size] = numbers.randbytes(size)
        elif act == 2:
            del data[place : place + size]
        elif act == 3:
            data[place:place] = data[place : place + size] * numbers.choice((1, 1, 2, 50))
        elif act == 4:
            other = numbers.randrange(len(data) + 1)
            data[other:other] = data[place : place + size]
        elif act == 5 and words:
            word = numbers.choice(words)
            data[place : place + (len(word) if numbers.random() < 0.5 else 0)] = word
        elif act == 6 and numbers.random() < 0.2:
            del data[place:]
    return bytes(data)


def changed_json(numbers: random.Random, tree, words=(), most: int = MOST) -> bytes:
    """Return JSON of a value in which some parts are others.

    Args:
        numbers: what is drawn from.
        tree: plain data; it is not changed.
        words: texts that mean something to who reads it.
        most: changes.
    """
    top = {"top": copy.deepcopy(tree)}
    for _ in range(numbers.randint(1, most)):
        _change(numbers, top, words)
    text = json.dumps(top["top"], ensure_ascii=numbers.random() < 0.8)
    depth = numbers.choice((50, 500, DEEPEST))
    opened, closed = numbers.choice((("[", "]"), ('{"a":', "}")))
    text = text.replace(json.dumps(NESTED), opened * depth + "0" + closed * depth)
    return text.encode(errors="surrogatepass")


def _place(numbers: random.Random, top) -> tuple:
    """Return a container below `top`, itself included, and one of its keys."""
    found, key = top, "top"
    while isinstance(below := found[key], (dict, list)) and below and numbers.random() < 0.85:
        found, key = (
            below,
            numbers.choice(list(below) if isinstance(below, dict) else range(len(below))),
        )
    return found, key


def _change(numbers: random.Random, top: dict, words) -> None:
    where, key = _place(numbers, top)
    value, act = where[key], numbers.randrange(8)
    if where is top and act > 1 and numbers.random() < 0.9:  # all of it: rarely
        return
    if act == 0:
        where[key] = copy.deepcopy(numbers.choice(ODD))
    elif act == 1:
        other, name = _place(numbers, top)
        where[key] = copy.deepcopy(other[name])
    elif act == 2:
        where[key] = _near(numbers, value, words)
    elif act == 3:
        del where[key]
    elif act == 4 and isinstance(where, dict):
        name = numbers.choice(("", f"{key} ", str(key).upper(), "\ud800", "class_name", *where))
        where[name] = where.pop(key)
    elif act == 4 or act == 5:
        several = numbers.choice((1, 2, 1000 if len(str(value)) < 100 else 3))
        if isinstance(where, list):
            where[key:key] = [value] * several
        else:
            where |= {f"{key}{i}": value for i in range(several)}
    elif act == 6:
        where[key] = numbers.choice(
            ([value], {"a": value}, str(value), [value, value], {str(key): value})
        )
    else:
        where[key] = numbers.choice(words) if words else numbers.choice(ODD[:30])
    top.setdefault("top", None)


def _near(numbers: random.Random, value, words):
    """Return a value of the same type that is another."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, (int, float)):
        part = value // 3 if isinstance(value, int) else value / 3
        return numbers.choice((-value, value + 1, value * 2, part, value * 10**20, value == 0))
    if isinstance(value, str):
        cut = numbers.randrange(len(value) + 1)
        middle = numbers.choice(
            ("", "\ud800", "\x1b[1m", ".", ":", " ", value, *map(str, words[:5]))
        )
        return value[:cut] + middle + value[cut + numbers.randrange(2) :]
    items = list(value.items()) if isinstance(value, dict) else list(value)
    numbers.shuffle(items)
    kept = items[: numbers.randrange(len(items) + 1)]
    return dict(kept) if isinstance(value, dict) else kept
