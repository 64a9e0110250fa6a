"""Integrity strings: what they say, and what is wrong with them."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import integrity

GOOD = "sha512-" + b64encode(b"g" * 64).decode()
EVIL = "sha512-" + b64encode(b"e" * 64).decode()
SHA1 = "sha1-" + b64encode(b"1" * 20).decode()


@pytest.mark.parametrize(
    ("text", "strongest", "defects"),
    [
        pytest.param(GOOD, "sha512", (), id="one sha512"),
        pytest.param(SHA1, "sha1", (), id="one sha1"),
        pytest.param(f"{GOOD} {GOOD}", "sha512", (), id="one sha512, said twice"),
        pytest.param(f"{GOOD} {EVIL}", "sha512", ("several hashes",), id="doubled"),
        pytest.param(f"{SHA1} {GOOD}", "sha512", ("several hashes",), id="sha1 beside sha512"),
        pytest.param("", "", ("empty",), id="empty"),
        pytest.param(" \t", "", ("empty",), id="blank"),
        pytest.param(GOOD.upper(), "", ("unknown algorithm",), id="an upper-case algorithm"),
        pytest.param("foo-bar", "", ("unknown algorithm",), id="no algorithm at all"),
        pytest.param("sha512", "", ("wrong length",), id="an algorithm alone"),
        pytest.param("sha512-", "", ("wrong length",), id="no digest"),
        pytest.param(GOOD.rstrip("="), "", ("not base64",), id="padding left out"),
        pytest.param(GOOD[:-3] + "x==", "", ("not base64",), id="bits that decoding drops"),
        pytest.param("sha512-" + SHA1[5:], "", ("wrong length",), id="a sha1's length"),
        pytest.param("sha512-é", "", ("not base64",), id="beyond ASCII"),
        pytest.param(f"{GOOD}?foo", "sha512", ("options",), id="an option"),
        pytest.param(
            f"{EVIL} SHA512-x", "sha512", ("unknown algorithm",), id="a good and an ignored"
        ),
    ],
)
def test_defects_are_named(text: str, strongest: str, defects: tuple[str, ...]) -> None:
    found = integrity.parse(text)
    assert (found.strongest, found.defects) == (strongest, defects)


def test_any_hash_of_the_strongest_algorithm_decides() -> None:
    found = integrity.parse(f"{SHA1} {GOOD} {EVIL}")
    assert found.deciding == {b"g" * 64, b"e" * 64}
    assert found.strength > integrity.parse(SHA1).strength > integrity.parse("").strength == 0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_says_something_or_has_a_defect(text: str) -> None:
    found = integrity.parse(text)
    assert found.hashes or found.defects


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=64, max_size=64))
def test_every_digest_comes_back(digest: bytes) -> None:
    found = integrity.parse("sha512-" + b64encode(digest).decode())
    assert (found.hashes, found.defects) == ((("sha512", digest),), ())


@given(digest=st.binary(min_size=64, max_size=64))
def test_every_whole_sha512_is_plain(digest: bytes) -> None:
    assert integrity.is_plain_sha512(f"sha512-{b64encode(digest).decode()}")


@settings(max_examples=500)
@given(
    digest=st.binary(min_size=62, max_size=66),
    at=st.integers(0, 97),
    put=st.sampled_from(["", "=", "x", "A", "+", "/", "-", " ", "é", "\u0661", "\n"]),
    cut=st.integers(0, 1),
)
def test_what_is_plain_has_no_defect(digest: bytes, at: int, put: str, cut: int) -> None:
    text = f"sha512-{b64encode(digest).decode()}"
    text = text[:at] + put + text[at + cut :]
    parsed = integrity.parse(text)

    plain = (parsed.defects, parsed.strongest, len(parsed.deciding)) == ((), "sha512", 1)
    assert integrity.is_plain_sha512(text) == (plain and text == text.strip())
