"""TOML that anybody may have written: read as Python does, or refused before it takes long."""

import time
import tomllib

import pytest

from keras_mnist.base.toml import LONGEST, parse_toml

MANY = 50_000
DEEP = ".".join("a" * LONGEST)
# What only looks like a key of many parts.
SOUND = f"""
{DEEP} = "{"a." * MANY}a = 1"
one = '{"a." * MANY}a'  # {"a." * MANY}a
"{"a." * MANY}" = 1.5
several = \"""
"" {"a." * MANY}a = 1 \\\""" ''' \\\\
{"a." * MANY}a = 1\"""\""
others = '''
{"a." * MANY}a = 1 \\'''''
"" = ["", '', "\\"{"a." * MANY}a", '\\', 1.5, 1979-05-27T07:32:00.5]
"b" . 'c' . d = {{e.f = 1}}
[{DEEP}.{DEEP}]
""".replace(f"[{DEEP}.{DEEP}]", f"[{DEEP.replace('a', 'c')}]")


def test_a_text_is_read_as_python_reads_it():
    assert parse_toml(SOUND) == tomllib.loads(SOUND)


@pytest.mark.parametrize(
    "key",
    [
        ".".join("a" * MANY),
        "a" + " . \t a" * MANY,
        '"a"' + ".'a'" * MANY,
        '"\\""' + '."\\""' * MANY,
        '""' + '.""' * LONGEST,
        f"{DEEP}.a",
    ],
    ids=len,
)
@pytest.mark.parametrize("form", ["{}=1", "[{}]", "[[{}]]", "x={{{}=1}}", "x=[{{y={{{}=1}}}}]"])
def test_a_key_of_too_many_parts_is_refused_with_its_line(key, form):
    begun = time.monotonic()
    with pytest.raises(ValueError, match=r"more than 16 parts .*\(at line 3, column 1\)"):
        parse_toml('u = """\n"""\n' + form.format(key))
    assert time.monotonic() - begun < 5  # else it took a minute and gigabytes


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2**20,
        "a.b" * 2**18,
        "a . " * 2**18,
        "a." * 14 + " " * 2**20,
        'a."' * 2**18,
        "a.'\n" * 2**18,
        '"a".""""' * 2**17,
        '"\\' * 2**19,
        '"""\\""" \n' * 2**17,
        'x = """' + "\\" * (2**20 + 1),
    ],
    ids=lambda text: text[:9],
)
def test_what_is_none_is_refused_soon(text):
    begun = time.monotonic()
    with pytest.raises(ValueError):
        parse_toml(text)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("number", ["0x" + "f" * 6000, "9" * 5000, f"[[{2**63}]]", -(2**63) - 1])
def test_a_whole_number_has_at_most_64_bits(number):
    with pytest.raises(ValueError):
        parse_toml(f"a = {number}")
    ends = {"a": -(2**63), "b": 2**63 - 1}
    assert parse_toml("a = {a}\nb = {b}".format_map(ends)) == ends
