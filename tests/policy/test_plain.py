"""Entries with nothing odd about them: told all at once, as each would be by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import integrity, plain
from lockward.model import Lockfile, Package
from tests.support import npm

GOOD = npm.sri("x")
HASHES = (
    *(GOOD, npm.sri("y"), npm.sri("z")),
    *("", "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=", GOOD.replace("sha512", "SHA512")),
    *(GOOD[:-3] + "B==", GOOD[:40] + "é" + GOOD[41:], GOOD[:40] + "-" + GOOD[41:]),
    *(GOOD[:40] + "=" + GOOD[41:], GOOD[:90] + "sha5" + GOOD[94:], GOOD + " " + GOOD),
)


@settings(max_examples=400)
@given(st.lists(st.sampled_from(HASHES), min_size=1, max_size=4))
def test_hashes_are_plain_together_when_each_is(texts: list[str]) -> None:
    assert integrity.are_plain_sha512(texts) is all(map(integrity.is_plain_sha512, texts))


@settings(max_examples=200)
@given(st.integers(0, 94), st.characters(), st.integers(0, 2))
def test_one_odd_letter_is_seen_wherever_it_is(at: int, letter: str, number: int) -> None:
    texts = [npm.sri(str(each)) for each in range(3)]
    texts[number] = texts[number][:at] + letter + texts[number][at + 1 :]
    assert integrity.are_plain_sha512(texts) is integrity.is_plain_sha512(texts[number])


NAMES = ("a", "@s/b", "", ".a", "/a", "a\nb", "a//b", "é", "@s/.b", "@x/node_modules")
VERSIONS = ("1.0.0", "1.0.0-rc.1", "", "1.0.0+x", "1\n", "..")
BASES = ("https://registry.example.org/", "https://r.example.org/@s/", "", "https://x", "/")


@st.composite
def packages(draw: st.DrawFn) -> Package:
    """Mostly plain, and otherwise odd in one way or another."""
    odd = st.sampled_from((False,) * 6 + (True,))
    name = draw(st.sampled_from(NAMES)) if draw(odd) else draw(st.sampled_from(NAMES[:2]))
    version = draw(st.sampled_from(VERSIONS)) if draw(odd) else "1.0.0"
    base = draw(st.sampled_from(BASES)) if draw(odd) else BASES[0]
    tail = f"{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    return Package(
        key=draw(st.sampled_from("klmnop")),
        alias="other" if draw(odd) else name,
        name=name,
        version=version,
        source="git" if draw(odd) else "registry",
        resolved=None if draw(odd) else base + (tail if not draw(odd) else "a/-/a-9.tgz"),
        integrity=draw(st.sampled_from((*HASHES, None))) if draw(odd) else GOOD,
        raw={},
    )


@settings(max_examples=600)
@given(st.lists(packages(), min_size=1, max_size=4))
def test_entries_are_sifted_together_as_one_by_one(entries: list[Package]) -> None:
    every = tuple(entries)
    lockfile = _lockfile(every)
    together, alone = plain._all_at_once(lockfile, every), plain._one_by_one(lockfile, every)
    if together is not None:
        assert (together.odd, together.bases) == (alone.odd, alone.bases)


def _lockfile(every: tuple[Package, ...]) -> Lockfile:
    return Lockfile(
        path="package-lock.json",
        format="npm",
        version="3",
        packages=every,
        importers={},
        raw={},
        locate=dict,
    )


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        pytest.param("https://registry.example.org/", True, id="a registry"),
        pytest.param("https://r.example.org/npm/", True, id="a registry in a folder"),
        pytest.param("https://r.example.org/@s/", False, id="the scope of somebody else"),
        pytest.param(
            "https://registry.example.org", False, id="the name's own beginning is missing"
        ),
        pytest.param("", False, id="nothing"),
    ],
)
def test_what_may_precede_a_package(text: str, sound: bool) -> None:  # noqa: FBT001 - a table
    from lockward.model import is_base

    assert is_base(text) is sound
