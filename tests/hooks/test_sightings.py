"""What is remembered of a package is what was seen of it, in fewer bytes."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha1, sha512
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from lockward import lockfiles
from lockward.lockdiff.witness import Sighting
from lockward_hooks import memory
from lockward_hooks.memory import Memory
from lockward_hooks.sightings import Packer, head_of, tail_of
from tests.support import npm
from tests.support.npm import sri

if TYPE_CHECKING:
    import pytest

LOCK = "package-lock.json"
HOME = "https://registry.example.org/"


def strong(text: str) -> str:
    return f"sha512-{b64encode(sha512(text.encode()).digest()).decode()}"


def weak(text: str) -> str:
    return f"sha1-{b64encode(sha1(text.encode()).digest()).decode()}"  # noqa: S324 - as npm 5 wrote


def checksum(text: str) -> str:
    return f"10c0/{sha512(text.encode()).hexdigest()}"


TEXTS = st.text(max_size=300)
ODD = st.one_of(
    TEXTS,
    st.sampled_from(["sha512-", "sha1-AAAA", " ", "a/", "sha512", "\ud800", "x" * 70_000]),
    TEXTS.map(checksum).map(str.upper),
    TEXTS.map(strong).map(lambda text: text.rstrip("=")),
)
HASHES = st.one_of(
    ODD,
    st.lists(st.one_of(ODD, TEXTS.map(strong), TEXTS.map(weak), TEXTS.map(checksum))).map(" ".join),
)


@given(
    st.builds(
        Sighting,
        own=st.just(value=True),
        hashes=HASHES,
        kind=st.one_of(st.just("tarball"), ODD),
        where=ODD,
        resolved=st.one_of(st.just(HOME + tail_of("a", "1.0.0")), ODD),
    ),
    st.one_of(st.just(HOME), ODD),
    st.one_of(st.just(("a", "1.0.0")), st.tuples(TEXTS, TEXTS)),
)
def test_any_sighting_comes_back_whole(
    given_: Sighting, base: str, wanted: tuple[str, str]
) -> None:
    packer = Packer()
    tail = tail_of(*wanted)
    head = head_of(7, given_.kind, given_.where)
    record = packer.packed(head, given_.hashes, given_.resolved, base, tail)
    again = packer.unpacked(record, tail, own=7)

    assert again.own
    assert not packer.unpacked(record, tail, own=8).own
    for field in ("hashes", "resolved", "where"):
        assert getattr(again, field) == getattr(given_, field)
    assert again.kind == (given_.kind or "tarball")


def test_what_differs_in_nothing_but_where_is_the_same() -> None:
    packer = Packer()
    tail = tail_of("a", "1.0.0")
    records = [
        packer.packed(head_of(place, "tarball", where), hashes, HOME + tail, HOME, tail)
        for place, hashes, where in (
            (0, strong("a"), "in 1"),
            (0, strong("a"), "in 22"),
            (0, strong("b"), "in 1"),
            (1, strong("a"), "in 1"),
        )
    ]
    assert len({packer.what(record) for record in records}) == 3
    assert max(map(len, records)) < 80


def remembering(names: list[str], base: str = "") -> Memory:
    known = Memory()
    for number, name in enumerate(names):
        entry = npm.locked(name, integrity=sri(name))
        if base:
            entry["resolved"] = f"{base}{name}/-/{name}-1.0.0.tgz"
        text = npm.lockfile({"name": "app"}, {name: entry})
        known.remember(lockfiles.read(LOCK, text.encode()), None, f"in {number}")
    return known


def test_the_longest_unseen_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 10)
    monkeypatch.setattr(memory, "_BATCH", 1)
    names = [*map(str, range(10)), "0", "10"]
    known = remembering(names)
    found = known.sightings(LOCK, [(name, "1.0.0") for name in names], deep=True)

    assert {name for name, _ in found} == {*names} - {"1"}
    assert found["0", "1.0.0"][0].where == "in 10"
    assert found["10", "1.0.0"][0].hashes == sri("10")


def test_long_texts_are_forgotten_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_BYTES", 10_000)
    names = [*map(str, range(30))]
    known = remembering(names, f"{HOME}{'x' * 1_000}/")
    found = known.sightings(LOCK, [(name, "1.0.0") for name in names], deep=True)

    assert 5 <= len(found) <= 9
    assert ("29", "1.0.0") in found
