"""The lines that git hands to pre-receive and pre-push."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward_hooks import refs
from lockward_hooks.git import GitError

A, B = "a" * 40, "b" * 64
ZERO, ZERO64 = "0" * 40, "0" * 64


def told(updates: list[refs.RefUpdate]) -> list[tuple[str, str, str]]:
    return [(update.old, update.new, update.ref) for update in updates]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(
            f"{ZERO} {A} refs/heads/x\n{A} {ZERO} refs/heads/y\n".encode(),
            [(ZERO, A, "refs/heads/x"), (A, ZERO, "refs/heads/y")],
            id="two refs, one of them goes",
        ),
        pytest.param(
            f"{ZERO64} {B} refs/heads/x".encode(), [(ZERO64, B, "refs/heads/x")], id="SHA-256"
        ),
        pytest.param(
            f"{A} {A} refs/heads/a  b\r\n".encode() + b"",
            [(A, A, "refs/heads/a  b\r")],
            id="a name is taken as it is",
        ),
        pytest.param(
            f"{A} {A} refs/heads/".encode() + b"\xff\n", [(A, A, "refs/heads/\udcff")], id="bytes"
        ),
    ],
)
def test_received(data: bytes, expected: list[tuple[str, str, str]]) -> None:
    assert told(refs.received(data)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(f"refs/heads/x {A} refs/heads/y {ZERO}", (ZERO, A, "refs/heads/y"), id="new"),
        pytest.param(f"(delete) {ZERO} refs/heads/y {A}", (A, ZERO, "refs/heads/y"), id="deleted"),
        pytest.param(
            f"HEAD@{{1 day ago}} {A} refs/heads/y {ZERO}",
            (ZERO, A, "refs/heads/y"),
            id="the local name may hold spaces",
        ),
    ],
)
def test_pushed(line: str, expected: tuple[str, str, str]) -> None:
    assert told(refs.pushed(f"{line}\n".encode())) == [expected]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"rubbish\n", id="one word"),
        pytest.param(f"{A} {A}\n".encode(), id="no ref"),
        pytest.param(f"{A[:-1]} {A} x\n".encode(), id="39 digits"),
        pytest.param(f"{A} --all x\n".encode(), id="an option"),
        pytest.param(b"\0\n", id="NUL"),
    ],
)
def test_rubbish_is_an_error(data: bytes) -> None:
    for read in (refs.received, refs.pushed):
        with pytest.raises(GitError, match="is no "):
            read(data)


def test_a_zero_id_of_any_length_means_absent() -> None:
    for zero, oid in ((ZERO, A), (ZERO64, B)):
        assert refs.RefUpdate(zero, oid, "r").creates
        assert refs.RefUpdate(oid, zero, "r").deletes
        assert not refs.RefUpdate(oid, oid, "r").creates


@settings(max_examples=200, deadline=None)
@given(st.binary())
def test_any_bytes_give_updates_or_an_error(data: bytes) -> None:
    for read in (refs.received, refs.pushed):
        try:
            updates = read(data)
        except GitError as error:
            updates = []
            message = error.message
        else:
            message = ""
        assert updates or message or not data.strip(b"\n")
